"""What a ticket is found by: the words of a search, and the codes that name it exactly."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from boxoffice.domain.models import Ticket
from boxoffice.domain.search import Index, Postings, gather
from boxoffice.domain.text_folding import (
    chunk_words,
    fold,
    index_words,
    mail_words,
    name_words,
    spelled_words,
)
from boxoffice.domain.uuids import external_hex

_ALL = -1
"""Every row there may be, as bits."""
_HEX = "\0"
"""Before the hex digits of an external uuid: no external uuid begins with it."""
_MOST_NAMES = 5
"""Words of a person's name; each takes a millisecond to look for mistyped."""
_SHORTEST_ALIKE = 3
"""Letters from which on `ørs` is like `ors`; fewer begin too many other names."""


class RosterIndex:
    """Finds rows of tickets by text. Rows are numbers, what is found by search is bits of them.

    It is the `boxoffice.domain.code_matching.KnownTickets` of the rows.
    """

    def __init__(
        self,
        tickets: Sequence[Ticket],
        rows: Mapping[str, int],
        memory: Sequence[int],
        order_ids: Mapping[str, str],
    ) -> None:
        """Index `tickets`, which are shared with the caller, who changes them.

        `rows`: the row of each uuid, shared too. `memory`: the rows, in the order in which they
        are best read.
        """
        self._tickets = tickets
        self._rows = rows
        self._order_ids = dict(order_ids)
        self._orders_called: dict[str, set[str]] = {}
        for order, order_id in order_ids.items():
            self._orders_called.setdefault(order_id, set()).add(order)
        given = [tickets[row] for row in memory]
        # What many names and addresses have in common is taken apart once.
        chunks = gather(zip((t.full_name.split() for t in given), memory, strict=True))
        emails = gather(zip(((t.email,) for t in given), memory, strict=True))
        companies = gather(
            ((t.company_name,), row) for t, row in zip(given, memory, strict=True) if t.company_name
        )
        self._orders = Postings(zip(map(_order_of, given), memory, strict=True))
        self._urls = Postings(zip(map(_url_of, given), memory, strict=True))
        self._externals = Postings(zip(map(_externals_of, given), memory, strict=True))
        """Rows by external uuid, and by its hex digits behind `_HEX` where it is a uuid."""
        self._names = Index((chunk_words(chunk), rows) for chunk, rows in chunks.items())
        self._others = Index(
            chain(
                ((mail_words(email), rows) for email, rows in emails.items()),
                ((name_words(company), rows) for company, rows in companies.items()),
                zip(map(_number_words, given), memory, strict=True),
                (
                    (_order_id_words(order_id), self._orders.having(order))
                    for order, order_id in self._order_ids.items()
                ),
            )
        )

    def find(self, words: Sequence[str]) -> tuple[int, int, int]:
        """The rows in which all of `words`, as spelled, begin a word, the best apart from the rest.

        First those in whose name all are whole words, then the others in whose name they begin one.
        """
        by_name = found = _ALL
        for word in words:
            named = self._named(word)
            by_name &= named
            found &= named | self._others.starting(word)
        whole = by_name
        for word in words:
            whole &= self._names.being(word) | self._unaccented(word) if whole else 0
        return whole, by_name & ~whole, found & ~by_name

    def _named(self, word: str) -> int:
        """The rows in whose name `word` begins a word.

        Who typed `å` or `aa` means no `a`: that begins other names. Only the whole name may be in
        the list without its accents.
        """
        return self._names.starting(word) | self._unaccented(word)

    def _unaccented(self, word: str) -> int:
        """The rows that have in their name the whole of `word` without the accents it has."""
        folded = fold(word)
        alike = folded != word and len(folded) >= _SHORTEST_ALIKE
        return self._names.being(folded) if alike else 0

    def near(self, words: Sequence[str]) -> int:
        """What would be found but for a typing error in a name, or two where one is too few.

        An accent too many is less than an error.
        """
        if len(words) > _MOST_NAMES:
            return 0
        once = twice = _ALL
        for word in words:
            folded = fold(word)
            right = self._named(word) | self._others.starting(word)
            if len(folded) >= _SHORTEST_ALIKE:
                right |= self._names.starting(folded) | self._others.starting(folded)
            one, two = self._names.near(folded)
            once &= right | one
            twice &= right | two
        return once or twice

    # What a code names

    def with_uuid(self, uuid: str) -> Sequence[int]:
        row = self._rows.get(uuid)
        return () if row is None else (row,)

    def with_url(self, slug: str) -> Sequence[int]:
        return self._urls.having(slug)

    def on_order(self, uuid: str) -> Sequence[int]:
        return self._orders.having(uuid)

    def with_external_hex(self, uuid: str) -> Sequence[int]:
        return self._externals.having(_HEX + uuid)

    def with_external(self, external: str) -> Sequence[int]:
        return self._externals.having(external)

    def with_number(self, number: int) -> Sequence[int]:
        rows = self._others.having(str(number))
        return [row for row in rows if self._tickets[row].number == number]

    def with_order_id(self, order_id: str) -> Sequence[int]:
        orders = self._orders_called.get(order_id, ())
        return [row for order in orders for row in self._orders.having(order)]

    # Changing

    def change(self, row: int, before: Ticket | None, after: Ticket | None) -> None:
        """Find a row by another ticket than before; None: by nothing."""
        if before is not None and after is not None and _texts(before) == _texts(after):
            return
        self._names.replace(row, _name_words(before), _name_words(after))
        self._others.replace(row, self._other_words(before), self._other_words(after))
        self._orders.replace(row, _order_of(before), _order_of(after))
        self._urls.replace(row, _url_of(before), _url_of(after))
        self._externals.replace(row, _externals_of(before), _externals_of(after))

    def name_order(self, order: str, order_id: str) -> None:
        """Find the rows of an order by what people call it."""
        before = {row: self._other_words(self._tickets[row]) for row in self._orders.having(order)}
        if (old := self._order_ids.get(order)) is not None:
            self._orders_called[old].discard(order)
        self._orders_called.setdefault(order_id, set()).add(order)
        self._order_ids[order] = order_id
        for row, words in before.items():
            self._others.replace(row, words, self._other_words(self._tickets[row]))

    def _other_words(self, ticket: Ticket | None) -> list[str]:
        """The words by which a ticket is found beside its holder's name."""
        if ticket is None:
            return []
        words = [*mail_words(ticket.email), *_number_words(ticket)]
        words += name_words(ticket.company_name or "")
        if ticket.order in self._order_ids:
            words += _order_id_words(self._order_ids[ticket.order])
        return words


def _texts(ticket: Ticket) -> tuple[object, ...]:
    """All that a ticket is found by."""
    return (
        *(ticket.full_name, ticket.email, ticket.number),
        *(ticket.order, ticket.external_uuid, ticket.url, ticket.company_name),
    )


def _name_words(ticket: Ticket | None) -> Iterable[str]:
    return () if ticket is None else name_words(ticket.full_name)


def _order_id_words(order_id: str) -> list[str]:
    return index_words(spelled_words(order_id))


def _number_words(ticket: Ticket) -> tuple[str, ...]:
    return () if ticket.number is None else (str(ticket.number),)


def _order_of(ticket: Ticket | None) -> tuple[str, ...]:
    return (ticket.order,) if ticket is not None and ticket.order else ()


def _url_of(ticket: Ticket | None) -> tuple[str, ...]:
    return (ticket.url,) if ticket is not None and ticket.url else ()


def _externals_of(ticket: Ticket | None) -> tuple[str, ...]:
    external = ticket.external_uuid if ticket is not None else None
    if not external:
        return ()
    digits = external_hex(external)
    return (external,) if digits is None else (external, _HEX + digits)
