"""What a ticket is found by: the words of a search, and the codes that name it exactly."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from boxoffice.domain.codes import Code
from boxoffice.domain.fold import chunk_words, fold, mail_words, name_words, plain_words
from boxoffice.domain.models import Ticket
from boxoffice.domain.search import Index, Postings, gather
from boxoffice.domain.text import hex_uuid

_ALL = -1
"""Every row there may be, as bits."""
_MOST_NAMES = 5
"""Words of a person's name; each takes a millisecond to look for mistyped."""


class Lookup:
    """Finds rows of tickets by text. Rows are numbers, what is found by search is bits of them."""

    def __init__(
        self, tickets: Sequence[Ticket], memory: Sequence[int], order_ids: Mapping[str, str]
    ) -> None:
        """Index `tickets`, which are shared with the caller, who changes them.

        `memory`: their rows, in the order in which they are best read.
        """
        self._tickets = tickets
        self._order_ids = dict(order_ids)
        given = [tickets[row] for row in memory]
        # What many names and addresses have in common is taken apart once.
        chunks = gather(zip((t.full_name.split() for t in given), memory, strict=True))
        emails = gather(zip(((t.email,) for t in given), memory, strict=True))
        self._exact = Postings(zip(map(_exact_names, given), memory, strict=True))
        """Rows by external uuid and by the uuid of their order."""
        self._names = Index((chunk_words(chunk), rows) for chunk, rows in chunks.items())
        self._others = Index(
            chain(
                ((mail_words(email), rows) for email, rows in emails.items()),
                zip(map(_number_words, given), memory, strict=True),
                (
                    (plain_words(order_id), self._exact.having(order))
                    for order, order_id in self._order_ids.items()
                ),
            )
        )

    def find(self, words: Sequence[str]) -> tuple[int, int, int]:
        """The rows in which all of `words` begin a word, the best apart from the rest.

        First those in whose name all are whole words, then the others in whose name they begin one.
        """
        by_name = found = _ALL
        for word in words:
            named = self._names.starting(word)
            by_name &= named
            found &= named | self._others.starting(word)
        whole = by_name
        for word in words:
            whole &= self._names.being(word) if whole else 0
        return whole, by_name & ~whole, found & ~by_name

    def near(self, words: Sequence[str]) -> int:
        """What would be found but for a typing error in a name, or two where one is too few."""
        if len(words) > _MOST_NAMES:
            return 0
        once = twice = _ALL
        for word in words:
            right = self._names.starting(word) | self._others.starting(word)
            one, two = self._names.near(word)
            once &= right | one
            twice &= right | two
        return once or twice

    def exact(self, code: Code) -> set[int]:
        """The rows that `code` names."""
        rows: set[int] = set()
        for name in (code.exact or "", *code.uuids):
            rows.update(self._exact.having(name))
        if code.number is not None:
            rows.update(
                row
                for row in self._others.having(str(code.number))
                if self._tickets[row].number == code.number
            )
        if code.order_id is not None:
            rows.update(self._on_order(code.order_id))
        return rows

    def _on_order(self, order_id: str) -> set[int]:
        """The rows of an order as it is written, else as someone might type it."""
        rows = {
            row: self._order_ids.get(self._tickets[row].order or "", "")
            for row in self._others.having(fold(order_id))
        }
        exact = {row for row, known in rows.items() if known == order_id}
        return exact or {row for row, known in rows.items() if known.lower() == order_id.lower()}

    def change(self, row: int, before: Ticket | None, after: Ticket | None) -> None:
        """Find a row by another ticket than before; None: by nothing."""
        if before is not None and after is not None and _texts(before) == _texts(after):
            return
        self._names.replace(row, _name_words(before), _name_words(after))
        self._others.replace(row, self._other_words(before), self._other_words(after))
        self._exact.replace(row, _exact_names(before), _exact_names(after))

    def name_order(self, order: str, order_id: str) -> None:
        """Find the rows of an order by what people call it."""
        before = {row: self._other_words(self._tickets[row]) for row in self._exact.having(order)}
        self._order_ids[order] = order_id
        for row, words in before.items():
            self._others.replace(row, words, self._other_words(self._tickets[row]))

    def _other_words(self, ticket: Ticket | None) -> list[str]:
        """The words by which a ticket is found beside its holder's name."""
        if ticket is None:
            return []
        words = [*mail_words(ticket.email), *_number_words(ticket)]
        if ticket.order in self._order_ids:
            words += plain_words(self._order_ids[ticket.order])
        return words


def _texts(ticket: Ticket) -> tuple[object, ...]:
    """All that a ticket is found by."""
    return ticket.full_name, ticket.email, ticket.number, ticket.order, ticket.external_uuid


def _name_words(ticket: Ticket | None) -> Iterable[str]:
    return () if ticket is None else name_words(ticket.full_name)


def _number_words(ticket: Ticket) -> tuple[str, ...]:
    return () if ticket.number is None else (str(ticket.number),)


def _exact_names(ticket: Ticket | None) -> list[str]:
    if ticket is None:
        return []
    names = [ticket.order] if ticket.order else []
    if external := ticket.external_uuid:
        names += {external, hex_uuid(external) or external}
    return names
