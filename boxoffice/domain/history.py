"""Scans that were answered before, as the journal holds them, and what became of each since."""

from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from boxoffice.domain.text import fold, index_words, name_words, query_words, spelled_words
from boxoffice.domain.verdicts import Scan
from boxoffice.language import N_, _

_BEFORE = "\n"
"""Stands before each word, and in none."""


class Since(StrEnum):
    """What became of the check-in that a green stands for."""

    CONFIRMED = N_("confirmed")
    WAITING = N_("not confirmed yet")
    CONFLICT = N_("conflict")
    FAILED = N_("refused by the site")
    DISMISSED = N_("dealt with")
    """A person has taken its failure or conflict off the queue."""
    TAKEN_BACK = N_("taken back")
    """The site says so, though it had confirmed."""
    UNDONE = N_("undone")

    @property
    def word(self) -> str:
        return _(self.value)

    @property
    def needs_person(self) -> bool:
        return self in (Since.CONFLICT, Since.FAILED, Since.TAKEN_BACK)


class PastScan(NamedTuple):
    """A scan, with what only the journal knows of it."""

    scan: Scan
    """Its verdict as far as the journal has it: it can no longer be set aside, nor chosen from."""
    ticket: str | None
    """Uuid, also where nothing else is known of the ticket; None: the code named none."""
    lane: str
    operator: str
    since: Since | None
    """None: it let nobody in."""

    @property
    def words(self) -> set[str]:
        """What it is found by: who, what kind, the verdict, what became of it, the code."""
        ticket, verdict = self.scan.verdict.ticket, self.scan.verdict
        since = self.since.word if self.since else ""
        texts = [self.scan.code, verdict.word, since, self.lane, self.operator]
        words = set[str]()
        if ticket is not None:
            texts += [ticket.company_name or "", ticket.ticket_type, ticket.email]
            words.update(name_words(ticket.full_name))
        return words.union(*map(_words_of, texts))


@lru_cache(maxsize=1 << 14)
def _words_of(text: str) -> tuple[str, ...]:
    return tuple(index_words(spelled_words(text)))


class PastScans:
    """Scans in some order, to be searched key by key; many are to be made ready in a thread."""

    def __init__(self, scans: Iterable[PastScan] = ()) -> None:
        self._scans = list(scans)
        self._texts = [_BEFORE + _BEFORE.join(scan.words) for scan in self._scans]

    def find(self, query: str) -> list[PastScan]:
        """Those in which each word of `query` begins one of their words, in their order."""
        found = [*zip(self._scans, self._texts, strict=True)]
        for word in query_words(query):
            spelled, folded = _BEFORE + word, _BEFORE + fold(word)
            found = [one for one in found if folded in one[1] or spelled in one[1]]
        return [scan for scan, _text in found]
