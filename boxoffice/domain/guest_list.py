"""The guest list as it is printed, for the hour in which no computer works any more."""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from boxoffice.domain.account import order_payments
from boxoffice.domain.admission_rules import DoorPolicy, Facts, decide
from boxoffice.domain.models import Event, Order, Ticket
from boxoffice.domain.roster_view import sort_key
from boxoffice.domain.sale import Taking, TakingKind
from boxoffice.domain.text import alphabet
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.language import current

NEVER_ADMITTED = frozenset({VerdictCode.REFUNDED, VerdictCode.NOT_PAID})
_NO_NAME = frozenset("()[]{}<>@,;/&+=|0123456789")
"""What holds one of these is a name with a remark, or none: its last word is no family name."""
_FAMILY_FIRST = ("CJK", "HANGUL", "HIRAGANA", "KATAKANA")


class Guest(NamedTuple):
    ticket: Ticket
    name: str
    """The family name first; empty: none is known."""
    company: str = ""
    is_in: bool = False
    in_at: datetime | None = None
    """In the event's time zone; None: not in, or not known since when."""
    is_vip: bool = False
    is_extra: bool = False
    """Merchandise, to be handed out."""
    refused: VerdictCode | None = None
    """Why this one is not to be let in."""


class GuestList(NamedTuple):
    """Everybody on the list, from A to Z."""

    event: Event
    read_at: datetime | None
    """When the site was last asked for its list, in the event's time zone; None: never."""
    guests: tuple[Guest, ...]

    @property
    def expected(self) -> int:
        """How many people may come, or are in."""
        return sum(not guest.is_extra and guest.refused is None for guest in self.guests)

    @property
    def arrived(self) -> int:
        return sum(
            guest.is_in and not guest.is_extra and guest.refused is None for guest in self.guests
        )


def family_first(name: str) -> str:
    """`Hansen, Anna` of `Anna Hansen`. What is written the other way, or is no name, stays."""
    given, _, family = name.rpartition(" ")
    if not given or not _NO_NAME.isdisjoint(name):
        return name
    if any(unicodedata.name(char, "").startswith(_FAMILY_FIRST) for char in name):
        return name
    return f"{family}, {given}"


def list_guests(
    event: Event,
    tickets: Iterable[Ticket],
    *,
    now: datetime,
    read_at: datetime | None,
    let_in: Mapping[str, datetime],
    orders: Mapping[str, Order],
    takings: Iterable[Taking] = (),
    sold: Iterable[str] = (),
    policy: DoorPolicy,
) -> GuestList:
    """The list of an event.

    `let_in`: by doors of the venue, by ticket, and when. `orders`: those known, by uuid.
    `takings`: oldest first. `sold`: the orders, by uuid, of what was sold here: the site may have
    them as not paid for a while.
    """
    paid = set(sold)
    for taking in order_payments(takings):
        change = paid.add if taking.kind is TakingKind.PAYMENT else paid.discard
        change(taking.order or "")

    def guest(ticket: Ticket) -> Guest:
        order, at = orders.get(ticket.order or ""), let_in.get(ticket.uuid)
        paid_here = "paid" if ticket.order in paid else ""
        facts = Facts(ticket, event, now, False, order=order, policy=policy, paid_here=paid_here)
        code = decide(facts).code
        return Guest(
            ticket,
            family_first(ticket.full_name),
            ticket.company_name or (order.address.business_name if order else ""),
            is_in=ticket.checked_in or at is not None,
            in_at=at and at.astimezone(event.zone),
            is_vip=policy.highlights.is_vip(ticket),
            is_extra=facts.is_extra,
            refused=code if code in NEVER_ADMITTED else None,
        )

    letters = alphabet(current())
    guests = sorted(
        map(guest, tickets),
        key=lambda one: sort_key(one.ticket._replace(full_name=one.name), letters),
    )
    return GuestList(event, read_at and read_at.astimezone(event.zone), tuple(guests))
