"""A party: the tickets of one order, and how to find them if the site does not list its orders.

A ticket names its order only when it is read by itself. So the tickets are read that are likely to
be on the same order: first those with the same e-mail address, then the neighbours by number, as an
order's tickets are numbered one after the other, then those with the same surname.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import tzinfo
from typing import NamedTuple

from boxoffice.domain.models import Order, OrderStatus, Ticket
from boxoffice.domain.roster import Row
from boxoffice.domain.text import fold
from boxoffice.language import N_, _, ngettext

SPAN = 60
"""How far apart the numbers of neighbours may be."""
MANY = 12
"""If more people than this have one e-mail address, it is not a party's, but the seller's."""
NAMESAKES = 8
"""How many people with the same surname are read at most."""
STRANGERS = 2
"""After so many neighbours on other orders, the order is taken to end."""
SIDE = 2
"""How many neighbours on one side are read at once."""


class Party(NamedTuple):
    """Everyone on one order, as far as is known."""

    ticket: str
    """The uuid of the ticket whose party it is."""
    order: Order | None
    """The order, which has only its uuid if it was not read yet; None: not known."""
    tickets: tuple[Row, ...]
    """By number."""
    complete: bool
    """Nobody else is likely to be on the order."""
    sentence: str = ""
    """What is wrong, and what to do about it; empty: nothing."""

    @property
    def guess(self) -> bool:
        """Whether some tickets are here only because of their e-mail address."""
        return any(self.is_guess(row) for row in self.tickets)

    def is_guess(self, row: Row) -> bool:
        """Whether a row is here only because it has the same e-mail address."""
        if row.ticket.uuid == self.ticket:
            return False
        return self.order is None or row.ticket.order != self.order.uuid

    @property
    def wanted(self) -> frozenset[str]:
        """The tickets that are ticked from the start: those that are not just a guess."""
        return frozenset(
            row.ticket.uuid for row in self.tickets if may_enter(row) and not self.is_guess(row)
        )


class PartyTicks:
    """Which tickets of a party are ticked, to be admitted together."""

    def __init__(self, *, from_start: bool) -> None:
        """`from_start`: those that surely belong to the party are ticked from the start."""
        self.party: Party | None = None
        self._from_start = from_start
        self._by_hand: dict[str, bool] = {}

    @property
    def _rows(self) -> tuple[Row, ...]:
        return self.party.tickets if self.party else ()

    @property
    def able(self) -> list[str]:
        """The tickets that can be ticked."""
        return [row.ticket.uuid for row in self._rows if may_enter(row)]

    @property
    def ticked(self) -> list[str]:
        """The tickets that are ticked, in the order of the list."""
        wanted = self.party.wanted if self.party and self._from_start else frozenset[str]()
        return [uuid for uuid in self.able if self._by_hand.get(uuid, uuid in wanted)]

    def toggle(self, ticket: str) -> bool:
        """Tick a ticket, or take the tick away. False: it cannot be ticked."""
        if ticket not in self.able:
            return False
        self._by_hand[ticket] = ticket not in self.ticked
        return True

    def toggle_all(self) -> bool:
        """Tick all tickets, or take all ticks away. False: none can be ticked."""
        able = self.able
        self._by_hand.update(dict.fromkeys(able, len(self.ticked) < len(able)))
        return bool(able)

    def untick(self, tickets: Iterable[str]) -> None:
        """Drop what a person ticked, and take the ticks of these away."""
        self._by_hand = dict.fromkeys(tickets, False)

    def update(self, get: Callable[[str], Row | None], changed: Collection[str] | None) -> bool:
        """Replace the rows by what they are now. False: nothing changed.

        `get` returns a row by its uuid. `changed`: the uuids of rows that changed; None: any may.
        """
        if self.party is None or (
            changed is not None and not any(row.ticket.uuid in changed for row in self._rows)
        ):
            return False
        rows = tuple(get(row.ticket.uuid) or row for row in self._rows)
        self.party = self.party._replace(tickets=rows)
        return True


def may_enter(row: Row) -> bool:
    """Whether it makes sense to tick the row. The verdict is made later."""
    return not row.is_in and not row.ticket.refunded


def describe_status(row: Row, zone: tzinfo) -> str:
    """The state of the ticket in a few words; times are in `zone`."""
    if row.ticket.refunded:
        return _("refunded")
    if row.status.admitted_at is not None:
        at = f"{row.status.admitted_at.astimezone(zone):%H:%M}"
        since = _("in since {time}, to be sent") if row.status.waiting else _("in since {time}")
        return since.format(time=at)
    if row.status.let_in_at is not None:
        at = f"{row.status.let_in_at.astimezone(zone):%H:%M}"
        return _("in since {time} at {lane}").format(time=at, lane=row.status.let_in_by)
    if row.ticket.checked_in:
        return _("in")
    return row.status.attention or _("not in")


_VOID = {
    OrderStatus.UNPAID: N_("NOT PAID"),
    OrderStatus.REFUNDED: N_("REFUNDED"),
    OrderStatus.CANCELLED: N_("CANCELLED"),
}


def void_word(order: Order | None) -> str:
    """Why the tickets of an order admit nobody; empty: they do, or it is not known."""
    return _(_VOID.get(order.status, "")) if order else ""


def title(party: Party) -> str:
    """The title of a party: `Order dZy8 · 5 tickets`."""
    n = len(party.tickets)
    people = ngettext("{n} ticket", "{n} tickets", n).format(n=n)
    if party.order is None:
        return _("Order not known · {tickets}").format(tickets=people)
    order_id = party.order.order_id or party.order.uuid[:8]
    return _("Order {order} · {tickets}").format(order=order_id, tickets=people)


def members(ticket: Ticket, candidates: Iterable[Ticket]) -> list[Ticket]:
    """`ticket` and those of `candidates` that are on its order, or have its e-mail address."""
    found = [
        other
        for other in candidates
        if other.uuid != ticket.uuid
        and (
            (ticket.order is not None and other.order == ticket.order)
            or (_same_address(ticket, other) and None in (ticket.order, other.order))
        )
    ]
    return sorted([ticket, *found], key=by_number)


def lacking(order: Order | None, found: Iterable[Ticket]) -> list[str]:
    """The tickets that an order names, without those in `found`, which are known to be on it."""
    known = {ticket.uuid for ticket in found}
    return [named.uuid for named in (order and order.party) or () if named.uuid not in known]


def to_ask(ticket: Ticket, candidates: Mapping[str, Ticket], asked: Collection[str]) -> list[str]:
    """Which of `candidates` (by uuid) to read next, to find more tickets on the same order.

    Empty: no more are likely. `asked`: those that were read before.
    """
    if ticket.order is None:
        return []
    open_ = [
        other for other in candidates.values() if other.order is None and other.uuid not in asked
    ]
    mates = [other for other in open_ if _same_address(ticket, other)]
    if mates:
        return [other.uuid for other in _nearest(ticket, mates)]
    if beside := _neighbours(ticket, candidates, asked):
        return beside
    namesakes = [
        other
        for other in candidates.values()
        if surname(other.full_name) == surname(ticket.full_name)
    ]
    known = {other.uuid for other in open_}
    return [other.uuid for other in _nearest(ticket, namesakes)[:NAMESAKES] if other.uuid in known]


def surname(name: str) -> str:
    """The last word of a name, folded."""
    return fold(name.rpartition(" ")[2])


def _neighbours(
    ticket: Ticket, candidates: Mapping[str, Ticket], asked: Collection[str]
) -> list[str]:
    """The tickets next to the order's by number, on both sides, up to where other orders begin."""
    if ticket.number is None:
        return []
    numbered = sorted(
        (other for other in candidates.values() if other.number is not None), key=by_number
    )
    before = [other for other in numbered if (other.number or 0) < ticket.number]
    after = [other for other in numbered if (other.number or 0) > ticket.number]
    return [
        *_along(ticket.order, ticket.number, before[::-1], asked),
        *_along(ticket.order, ticket.number, after, asked),
    ]


def _along(
    order: str | None, number: int, row: Sequence[Ticket], asked: Collection[str]
) -> list[str]:
    """The next tickets to read on one side."""
    found: list[str] = []
    strangers = 0
    for other in row:
        if strangers == STRANGERS or len(found) == SIDE:
            break
        if abs((other.number or 0) - number) > SPAN:
            break
        if other.order == order:
            strangers, number = 0, other.number or 0
        elif other.order is None and other.uuid not in asked:
            found.append(other.uuid)
        else:
            strangers += 1
    return found


def _same_address(one: Ticket, other: Ticket) -> bool:
    return bool(one.email) and one.email.casefold() == other.email.casefold()


def _nearest(ticket: Ticket, others: Iterable[Ticket]) -> list[Ticket]:
    number = ticket.number or 0
    return sorted(others, key=lambda other: (abs((other.number or 0) - number), other.uuid))


def by_number(ticket: Ticket) -> tuple[int, str]:
    """A key to sort tickets by, in the order in which they were made."""
    return ticket.number or 0, ticket.uuid
