"""The list of tickets as a door shows and searches it, in memory.

Built in a thread for a hundred thousand tickets, then changed in place on the event loop. What it
hands out stays as it was when the list changes.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple
from weakref import finalize

from boxoffice.domain.code_matching import match
from boxoffice.domain.codes import NO_FRAMING, Framing
from boxoffice.domain.highlights import NO_HIGHLIGHTS, HighlightPolicy
from boxoffice.domain.models import Ticket
from boxoffice.domain.roster_index import RosterIndex
from boxoffice.domain.roster_view import RosterView, RowOrder, sort_key
from boxoffice.domain.row_index import bits_of, sort_in_steps, without
from boxoffice.domain.search_texts import OrderTexts, query_phones
from boxoffice.domain.text import Alphabet, alphabet, query_words
from boxoffice.language import N_, _, current


class Filter(StrEnum):
    """Which tickets are listed. `NOT_IN` and `IN` together are `ALL`.

    `ATTENTION`: those that a person must look at, then the VIPs who are still to come.
    """

    ALL = "all"
    NOT_IN = "not in"
    IN = "in"
    ATTENTION = "attention"

    @property
    def label(self) -> str:
        """As people read it."""
        return _(_FILTERS[self])


_FILTERS = {
    Filter.ALL: N_("all"),
    Filter.NOT_IN: N_("not in"),
    Filter.IN: N_("in"),
    Filter.ATTENTION: N_("attention"),
}


class LocalStatus(NamedTuple):
    """What this computer knows of a ticket beside the server's row."""

    admitted_at: datetime | None = None
    """Our own admission."""
    waiting: bool = False
    """It is not confirmed by the server yet."""
    attention: str = ""
    """Why a person must look: failed, in conflict, a question unanswered, not paid."""
    let_in_at: datetime | None = None
    """By another door of the venue, where we did not admit it."""
    let_in_by: str = ""
    """That door's lane."""

    @property
    def in_since(self) -> datetime | None:
        """When a door of the venue let it in; None: none is known to have."""
        return self.admitted_at or self.let_in_at


_NOTHING_KNOWN = LocalStatus()


class Row(NamedTuple):
    ticket: Ticket
    status: LocalStatus
    is_vip: bool = False
    """It is of a type that stands out at the door."""

    @property
    def is_in(self) -> bool:
        """Checked in, by the server's word, by our own, or by another door's of the venue."""
        return self.ticket.checked_in or self.status.in_since is not None


class SearchResult(NamedTuple):
    uuids: Sequence[str]
    """The best first: by whole words of a name, by the beginnings of words, by anything else. Those
    that are equally good stand in the order of the list."""
    near: bool = False
    """Nothing matched as it was typed: these match with one or two typing errors."""
    hidden: int = 0
    """How many more matched that the filter hides."""
    by_kind: bool = False
    """They matched by their ticket type or by an answer alone, so nobody was found by name."""


class Roster:
    """The tickets of one event, sorted by name, with what this computer knows of each.

    The alphabet is that of the language in use when it is built.

    Rows are numbered in list order when it is built, and a ticket that comes later or changes its
    name gets a new row: what was found before stays true, and nothing is moved.
    """

    def __init__(
        self,
        tickets: Iterable[Ticket] = (),
        statuses: Mapping[str, LocalStatus] | None = None,
        orders: Mapping[str, OrderTexts] | None = None,
        extras: frozenset[str] = frozenset(),
        highlights: HighlightPolicy = NO_HIGHLIGHTS,
        answers: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        """Sort and index `tickets`.

        `statuses`: by ticket, also of such as are not listed yet. `orders`: what orders tell, by
        their uuids. `extras`: case-folded titles of the ticket types that admit nobody.
        `highlights`: says who is a VIP. `answers`: what was answered, by ticket.
        """
        self._extras = extras
        self._highlights = highlights
        self._statuses = {
            uuid: status for uuid, status in (statuses or {}).items() if status != _NOTHING_KNOWN
        }
        given = list(tickets)
        if len({ticket.uuid for ticket in given}) < len(given):
            given = list({ticket.uuid: ticket for ticket in given}.values())
        letters = alphabet(current())
        self._tickets = _in_order(given, letters)
        self._rows = {ticket.uuid: row for row, ticket in enumerate(self._tickets)}
        self._row_order = RowOrder(self._tickets, letters)
        # Read in the order given, which is that of the memory: a third faster than by name.
        memory = [self._rows[ticket.uuid] for ticket in given]
        self._index = RosterIndex(self._tickets, self._rows, memory, orders or {}, answers or {})
        marked = [
            (self._rows[uuid], status)
            for uuid, status in self._statuses.items()
            if uuid in self._rows
        ]
        is_in = [row for row, ticket in enumerate(self._tickets) if ticket.checked_in]
        is_in += [row for row, status in marked if status.in_since is not None]
        # One bit for each row, as all that is found.
        self._all = (1 << len(self._tickets)) - 1
        self._in = bits_of(is_in)
        self._uncounted = bits_of(
            [row for row, ticket in enumerate(self._tickets) if self._is_uncounted(ticket)]
        )
        self._trouble = bits_of([row for row, status in marked if status.attention])
        """A person must look at these."""
        self._vip = bits_of(
            [row for row, ticket in enumerate(self._tickets) if highlights.is_vip(ticket)]
            if highlights.attention
            else ()
        )

    def free_by(self, free: Callable[..., object]) -> None:
        """Have `free` empty the containers that nobody has once it, or the last view of it, goes.

        Each time it is called with several, which are lists and dictionaries.
        """
        owned = (
            (self._row_order, [self._tickets, self._rows]),
            (self._index, self._index.containers()),
        )
        for owner, containers in owned:
            finalize(owner, free, *containers).atexit = False

    # Reading

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def total(self) -> int:
        """How many tickets there are, without refunded ones and such as admit nobody."""
        return without(self._all, self._uncounted).bit_count()

    @property
    def checked_in(self) -> int:
        """How many of `total` are in."""
        return without(self._in, self._uncounted).bit_count()

    @property
    def is_sorted(self) -> bool:
        """By the alphabet of the language in use, which another one may be by now."""
        return self._row_order.alphabet is alphabet(current())

    @property
    def late(self) -> int:
        """Tickets that came since it was built; with thousands of them, build it anew."""
        return len(self._row_order.places)

    def get(self, uuid: str) -> Row | None:
        row = self._rows.get(uuid)
        if row is None:
            return None
        is_vip = bool(self._vip >> row & 1)
        return Row(self._tickets[row], self._statuses.get(uuid, _NOTHING_KNOWN), is_vip)

    def rows(self, only: Filter = Filter.ALL) -> RosterView:
        shown = self._shown(only)
        if only is Filter.ATTENTION:
            return self._view(self._trouble, without(shown, self._trouble))
        return self._view(shown)

    def _shown(self, only: Filter) -> int:
        match only:
            case Filter.ALL:
                return self._all
            case Filter.IN:
                return self._in
            case Filter.NOT_IN:
                return without(self._all, self._in)
            case Filter.ATTENTION:
                return self._trouble | without(self._vip, self._in)

    def find(self, query: str, only: Filter = Filter.ALL) -> SearchResult:
        """The tickets in which every word of `query` begins some word.

        Looked at are name, company, e-mail address, number, type and answers, and who bought it,
        with their phone, and the order's ids. Whose name has the very words stands first, then what
        is found by the name alone, since a family shares the address of the one who bought.
        """
        words, phones = _parts_of(query)
        if not words:
            return SearchResult(self._view(0) if query.strip() else self.rows(only))
        found, near = self._index.find(words, phones), 0
        if not any(found):
            found = (near := self._index.near(words), 0, 0, 0)
        by_kind, hidden = not any(found[:-1]), 0
        if only is not Filter.ALL:
            every, shown = sum(map(int.bit_count, found)), self._shown(only)
            whole, begun, theirs, kinds = (bits & shown for bits in found)
            found = (whole, begun, theirs, kinds)
            hidden = every - sum(map(int.bit_count, found))
        return SearchResult(self._view(*found), near=bool(near), hidden=hidden, by_kind=by_kind)

    def why(self, uuid: str, query: str) -> str:
        """Why `query` finds a ticket, where what is listed of it does not tell."""
        row = self._rows.get(uuid)
        return self._index.why(row, *_parts_of(query)) if row is not None else ""

    def names(self, text: str, framing: Framing = NO_FRAMING) -> list[str]:
        """The tickets that `text` names as a code, in list order: what a scan of it would find."""
        return list(self._view(bits_of(match(text, self._index.having, framing).tickets)))

    def _view(self, *tiers: int) -> RosterView:
        return RosterView(self._row_order, self._rows, tiers)

    # Changing

    def update(self, tickets: Iterable[Ticket], removed: Iterable[str] = ()) -> None:
        """Take up tickets that are new or changed, and drop those that are gone.

        For small changes: of many thousands, build it anew in a thread.
        """
        for uuid in removed:
            if (row := self._rows.pop(uuid, None)) is not None:
                self._leave(row)
        for ticket in tickets:
            row = self._rows.get(ticket.uuid)
            if row is None:
                self._enter(ticket)
                continue
            before = self._tickets[row]
            if self._row_order.key(before) != self._row_order.key(ticket):
                self._leave(row)
                self._enter(ticket)
                continue
            self._index.change(row, before, ticket)
            self._tickets[row] = ticket
            self._count(row)

    def set_status(self, uuid: str, status: LocalStatus) -> None:
        """Replace what this computer knows of a ticket; `LocalStatus()`: nothing."""
        if status == _NOTHING_KNOWN:
            self._statuses.pop(uuid, None)
        else:
            self._statuses[uuid] = status
        if uuid in self._rows:
            self._count(self._rows[uuid])

    def name_order(self, order: str, texts: OrderTexts) -> None:
        """Find the tickets of an order by what it tells, from now on."""
        self._index.name_order(order, texts)

    def note_answers(self, ticket: str, texts: tuple[str, ...]) -> None:
        self._index.note_answers(ticket, texts)

    def _enter(self, ticket: Ticket) -> None:
        row = len(self._tickets)
        self._tickets.append(ticket)
        self._rows[ticket.uuid] = row
        self._row_order.add(row)
        self._index.change(row, None, ticket)
        self._count(row)

    def _leave(self, row: int) -> None:
        """Forget a row but for its ticket, which tells its place to those who still show it."""
        ticket = self._tickets[row]
        bit = 1 << row
        self._all = without(self._all, bit)
        self._in = without(self._in, bit)
        self._uncounted = without(self._uncounted, bit)
        self._trouble = without(self._trouble, bit)
        self._vip = without(self._vip, bit)
        self._index.change(row, ticket, None)

    def _count(self, row: int) -> None:
        """Put a row into the counts and filters, as its ticket and status are now."""
        ticket = self._tickets[row]
        status = self._statuses.get(ticket.uuid, _NOTHING_KNOWN)
        bit = 1 << row
        self._all |= bit
        self._in = _put(self._in, bit, ticket.checked_in or status.in_since is not None)
        self._uncounted = _put(self._uncounted, bit, self._is_uncounted(ticket))
        self._trouble = _put(self._trouble, bit, bool(status.attention))
        self._vip = _put(self._vip, bit, self._highlights.is_vip(ticket))

    def _is_uncounted(self, ticket: Ticket) -> bool:
        return ticket.refunded or (
            bool(self._extras) and ticket.ticket_type.casefold() in self._extras
        )


@lru_cache(maxsize=1)  # each row that is drawn asks for the same
def _parts_of(query: str) -> tuple[Sequence[str], Sequence[str]]:
    """The words of `query`, and the beginnings of phones that it may be."""
    return query_words(query), query_phones(query)


def _put(bits: int, bit: int, there: bool) -> int:
    return bits | bit if there else without(bits, bit)


def _in_order(tickets: Iterable[Ticket], letters: Alphabet) -> list[Ticket]:
    keyed = {sort_key(ticket, letters): ticket for ticket in tickets}
    return [keyed[key] for key in sort_in_steps(keyed)]
