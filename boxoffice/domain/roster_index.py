"""What a ticket is found by: the words of a search, and the codes that name it exactly."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from operator import attrgetter

from boxoffice.domain.code_matching import Name
from boxoffice.domain.code_parts import external_hex
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

_ALL = -1
"""Every row there may be, as bits."""
_MOST_NAMES = 5
"""Words of a person's name; each takes a millisecond to look for mistyped."""
_SHORTEST_ALIKE = 3
"""Letters from which on `ørs` is like `ors`; fewer begin too many other names."""


class RosterIndex:
    """Finds rows of tickets by text. Rows are numbers, what is found by search is bits of them."""

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
        self._named_by = {
            name: Postings(
                ((value,), row)
                for ticket, row in zip(given, memory, strict=True)
                if (value := value_of(ticket))
            )
            for name, value_of in _VALUES.items()
        }
        self._names = Index((chunk_words(chunk), rows) for chunk, rows in chunks.items())
        self._others = Index(
            chain(
                ((mail_words(email), rows) for email, rows in emails.items()),
                ((name_words(company), rows) for company, rows in companies.items()),
                zip(map(_number_words, given), memory, strict=True),
                (
                    (_order_id_words(order_id), self._on_order(order))
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

    def having(self, name: Name, value: str | int) -> Sequence[int]:
        """The rows that are known by a name: `KnownTickets`."""
        match name:
            case Name.UUID:
                row = self._rows.get(str(value))
                return () if row is None else (row,)
            case Name.NUMBER:
                rows = self._others.having(str(value))
                return [row for row in rows if self._tickets[row].number == value]
            case Name.ORDER_ID:
                orders = self._orders_called.get(str(value), ())
                return [row for order in orders for row in self._on_order(order)]
            case _:
                return self._named_by[name].having(str(value))

    def _on_order(self, uuid: str) -> list[int]:
        return self._named_by[Name.ORDER].having(uuid)

    # Changing

    def change(self, row: int, before: Ticket | None, after: Ticket | None) -> None:
        """Find a row by another ticket than before; None: by nothing."""
        if before is not None and after is not None and _texts(before) == _texts(after):
            return
        self._names.replace(row, _name_words(before), _name_words(after))
        self._others.replace(row, self._other_words(before), self._other_words(after))
        for name, value_of in _VALUES.items():
            old, new = (value_of(ticket) if ticket else None for ticket in (before, after))
            self._named_by[name].replace(row, (old,) if old else (), (new,) if new else ())

    def name_order(self, order: str, order_id: str) -> None:
        """Find the rows of an order by what people call it."""
        before = {row: self._other_words(self._tickets[row]) for row in self._on_order(order)}
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


_texts = attrgetter(
    *("full_name", "email", "number", "order", "external_uuid", "url", "company_name")
)
"""All that a ticket is found by."""


def _name_words(ticket: Ticket | None) -> Iterable[str]:
    return () if ticket is None else name_words(ticket.full_name)


def _order_id_words(order_id: str) -> list[str]:
    return index_words(spelled_words(order_id))


def _number_words(ticket: Ticket) -> tuple[str, ...]:
    return () if ticket.number is None else (str(ticket.number),)


def _external_hex(ticket: Ticket) -> str | None:
    return external_hex(ticket.external_uuid) if ticket.external_uuid else None


_VALUES: dict[Name, Callable[[Ticket], str | None]] = {
    Name.URL: attrgetter("url"),
    Name.ORDER: attrgetter("order"),
    Name.EXTERNAL: attrgetter("external_uuid"),
    Name.EXTERNAL_HEX: _external_hex,
}
