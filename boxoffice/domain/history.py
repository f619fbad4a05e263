"""Scans that were answered before, as the journal holds them, and what became of each since."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from boxoffice.domain.row_index import Index, rows_of
from boxoffice.domain.text import fold, index_words, name_words, query_words, spelled_words
from boxoffice.domain.verdicts import Scan
from boxoffice.language import N_, _


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
        self.by_id = {past.scan.id: past for past in scans}
        self._ids = [*self.by_id]
        self._index = Index((past.words, row) for row, past in enumerate(self.by_id.values()))

    def find(self, query: str) -> Sequence[int]:
        """Ids of those in which each word of `query` begins one of their words, in their order."""
        words = query_words(query)
        if not words:
            return self._ids
        found = (1 << len(self._ids)) - 1
        for word in words:
            found &= self._index.starting(word) | self._index.starting(fold(word))
        return [self._ids[row] for row in rows_of(found)]
