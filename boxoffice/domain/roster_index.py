"""What a ticket is found by: the words of a search, and the codes that name it exactly."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import reduce
from itertools import chain
from operator import and_, attrgetter, or_
from typing import Any

from boxoffice.domain.code_matching import Name
from boxoffice.domain.code_parts import external_hex
from boxoffice.domain.models import Ticket
from boxoffice.domain.row_index import Index, NameIndex, Postings, gather, without
from boxoffice.domain.search_texts import OrderTexts, SearchTexts, kind_words
from boxoffice.domain.text import chunk_words, fold, name_words

_MOST_NAMES = 5
"""Words of a person's name: each is looked for mistyped."""
_MOST_TOGETHER = 4
"""Names that are written as one word."""
_SHORTEST_FIRST, _SHORTEST_LAST = 2, 3
"""Letters of the first and of the last of them."""
_SHORTEST_ALIKE = 3
"""Letters from which on `ørs` is like `ors`; fewer begin too many other names."""


class RosterIndex:
    """Finds rows of tickets by text. Rows are numbers, what is found by search is bits of them."""

    def __init__(
        self,
        tickets: Sequence[Ticket],
        rows: Mapping[str, int],
        memory: Sequence[int],
        orders: Mapping[str, OrderTexts],
        answers: Mapping[str, tuple[str, ...]],
    ) -> None:
        """Index `tickets`, which are shared with the caller, who changes them.

        `rows`: the row of each uuid, shared too. `memory`: the rows, in the order in which they
        are best read. `orders`: by their uuids. `answers`: by ticket.
        """
        self._tickets = tickets
        self._rows = rows
        self._texts = SearchTexts(orders, answers)
        self._orders_called: dict[str, set[str]] = {}
        for order, texts in orders.items():
            self._orders_called.setdefault(texts.order_id, set()).add(order)
        given = [tickets[row] for row in memory]
        # What many names have in common is taken apart once.
        chunks = gather(zip((t.full_name.split() for t in given), memory, strict=True))
        self._named_by = {
            name: Postings(
                ((value,), row)
                for ticket, row in zip(given, memory, strict=True)
                if (value := value_of(ticket))
            )
            for name, value_of in _VALUES.items()
        }
        self._names = NameIndex((chunk_words(chunk), rows) for chunk, rows in chunks.items())
        self._others = Index(zip(map(self._texts.words, given), memory, strict=True))
        kinds = gather(zip(((t.ticket_type,) for t in given), memory, strict=True))
        answered = ((texts, rows[ticket]) for ticket, texts in answers.items() if ticket in rows)
        worded = chain(kinds.items(), ((text, row) for texts, row in answered for text in texts))
        self._kinds = Index((kind_words(kind), found) for kind, found in worded)

    def containers(self) -> list[dict[Any, Any] | list[Any]]:
        """What it is made of, without what is shared."""
        postings = (self._names, self._others, self._kinds, *self._named_by.values())
        parts = chain.from_iterable(part.containers() for part in postings)
        return [self._orders_called, *self._texts.containers(), *parts]

    def find(self, words: Sequence[str], phones: Sequence[str] = ()) -> tuple[int, int, int, int]:
        """The rows in which all of `words`, as spelled, begin a word, the best apart from the rest.

        First those in whose name all are whole words, then the others in whose name they begin one,
        then those that are found by what is theirs or their order's, also by one of `phones`; at
        last those for which the ticket's type or an answer is needed. These count by whole words,
        by their beginnings only where nothing else was found.
        """
        named = [self._named(word) for word in words]
        theirs = [
            bits | self._others.starting(word) for bits, word in zip(named, words, strict=True)
        ]
        kinds = [self._kinds.starting(word) if self._kinds.having(word) else 0 for word in words]
        by_name, found = reduce(and_, named), reduce(and_, theirs)
        by_kind = reduce(and_, map(or_, theirs, kinds)) if any(kinds) else found
        if len(words) > 1:
            by_name |= self._names.starting("".join(words))
        whole = by_name
        for word in words:
            whole &= self._names.being(word) | self._unaccented(word) if whole else 0
        for phone in phones:
            found |= self._others.starting(phone)
        if not (by_name or found or by_kind):
            by_kind = reduce(and_, map(or_, theirs, map(self._kinds.starting, words)))
        by_kind = without(by_kind, by_name | found)
        return whole, without(by_name, whole), without(found, by_name), by_kind

    def _named(self, word: str) -> int:
        """The rows in whose name `word` begins a word.

        Who typed `å` or `aa` means no `a`: that begins other names. Only the whole name may be in
        the list without its accents.
        """
        return self._names.starting(word) | self._unaccented(word) | self._together(word)

    def _together(self, word: str, parts: int = _MOST_TOGETHER) -> int:
        """The rows with names that `word` writes without the space between them: `delacruz`."""
        found = 0
        for end in range(_SHORTEST_FIRST, len(word) - _SHORTEST_LAST + 1) if parts > 1 else ():
            if self._names.having(word[:end]):
                rest = word[end:]
                behind = self._names.starting(rest) | self._together(rest, parts - 1)
                found |= behind and behind & self._names.being(word[:end])
        return found

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
        once, twice = list[int](), list[int]()
        for word in words:
            folded = fold(word)
            right = self._named(word) | self._others.starting(word)
            if len(folded) >= _SHORTEST_ALIKE:
                right |= self._names.starting(folded) | self._others.starting(folded)
            one, two = self._names.near(folded)
            once.append(right | one)
            twice.append(right | two)
        return reduce(and_, once) or reduce(and_, twice)

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

    def _on_order(self, uuid: str) -> Sequence[int]:
        return self._named_by[Name.ORDER].having(uuid)

    # Changing

    def change(self, row: int, before: Ticket | None, after: Ticket | None) -> None:
        """Find a row by another ticket than before; None: by nothing."""
        if before is not None and after is not None and _indexed(before) == _indexed(after):
            return
        self._names.replace(row, _name_words(before), _name_words(after))
        words, kind_words = self._texts.words, self._texts.kind_words
        self._others.replace(row, words(before), words(after))
        self._kinds.replace(row, kind_words(before), kind_words(after))
        for name, value_of in _VALUES.items():
            old, new = (value_of(ticket) if ticket else None for ticket in (before, after))
            self._named_by[name].replace(row, (old,) if old else (), (new,) if new else ())

    def name_order(self, order: str, texts: OrderTexts) -> None:
        """Find the rows of an order by what it tells, beside what it told before."""
        self._orders_called.get(self._texts.order(order).order_id, set()).discard(order)
        with self._reindexed(self._on_order(order)):
            self._texts.add_order(order, texts)
        self._orders_called.setdefault(self._texts.order(order).order_id, set()).add(order)

    def note_answers(self, ticket: str, texts: tuple[str, ...]) -> None:
        """Find the row of a ticket by what was answered for it, not by what was before."""
        row = self._rows.get(ticket)
        with self._reindexed(() if row is None else (row,)):
            self._texts.set_answers(ticket, texts)

    @contextmanager
    def _reindexed(self, rows: Sequence[int]) -> Iterator[None]:
        """Find `rows` by what is known of them afterwards."""
        texts, tickets = self._texts, [self._tickets[row] for row in rows]
        before = [(texts.words(ticket), texts.kind_words(ticket)) for ticket in tickets]
        yield
        for row, ticket, (words, kinds) in zip(rows, tickets, before, strict=True):
            self._others.replace(row, words, texts.words(ticket))
            self._kinds.replace(row, kinds, texts.kind_words(ticket))

    def why(self, row: int, words: Sequence[str], phones: Sequence[str]) -> str:
        """Why a row was found, where what is seen of it does not tell."""
        return self._texts.why(self._tickets[row], words, phones)


_indexed = attrgetter(
    *("full_name", "email", "number", "order", "external_uuid", "url", "company_name"),
    "ticket_type",
)
"""All that a ticket is found by."""


def _name_words(ticket: Ticket | None) -> Iterable[str]:
    return () if ticket is None else name_words(ticket.full_name)


def _external_hex(ticket: Ticket) -> str | None:
    return external_hex(ticket.external_uuid) if ticket.external_uuid else None


_VALUES: dict[Name, Callable[[Ticket], str | None]] = {
    Name.URL: attrgetter("url"),
    Name.ORDER: attrgetter("order"),
    Name.EXTERNAL: attrgetter("external_uuid"),
    Name.EXTERNAL_HEX: _external_hex,
}
