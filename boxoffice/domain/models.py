"""What a door knows: events, tickets and their orders, questions, admissions.

Plain values without I/O. Every text in them has passed `boxoffice.domain.text.clean`, every uuid is
32 lower-case hex digits, every moment is aware. The API's own shapes are in
`boxoffice.ticketbutler`.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from boxoffice.domain.event_day import EventDays
from boxoffice.language import N_, _

NO_NAME = N_("Without a name")
"""What a ticket without one is called."""


class Ticket(NamedTuple):
    """As the server last told it. A named tuple, since a hundred thousand are made at once."""

    uuid: str
    event: str
    checked_in: bool
    refunded: bool = False
    full_name: str = ""
    email: str = ""
    number: int | None = None
    """The ticket's `id`, printed on some tickets."""
    ticket_type: str = ""
    ticket_type_pk: int | None = None
    date: str | None = None
    """The one moment the ticket is valid for, in ISO 8601; empty where any day will do.

    None: not told, as by the live list; then any day will do as well, unless one was told before.
    Without an offset it is the event's own time. What the site says in another way is here as it
    says it, cleaned: the verdict admits with a note.
    """
    order: str | None = None
    """uuid of its order (`purchase_uuid`), read lazily: the live list does not hold it."""
    external_uuid: str | None = None
    url: str | None = None
    """Last part of its short URL: `nz9lb` of `…/t/nz9lb/`."""
    seat: str = ""
    company_name: str | None = None
    """Whom its holder comes for; None: not told. The live list does not hold it."""

    @property
    def display_name(self) -> str:
        return self.full_name or _(NO_NAME)

    def completed(self, known: "Ticket") -> "Ticket":
        """The ticket, with what only single reads tell from `known`, where this one lacks it."""
        lacking = [field for field in READ_SINGLY if getattr(self, field) is None]
        return self._with(known, lacking)

    def with_codes(self, read: "Ticket") -> "Ticket":
        """The ticket, with what only single reads tell as `read` tells it."""
        return self._with(read, READ_SINGLY)

    def _with(self, other: "Ticket", fields: Iterable[str]) -> "Ticket":
        """The ticket, with those of `fields` that `other` tells."""
        known = {field: value for field in fields if (value := getattr(other, field)) is not None}
        return self._replace(**known) if known else self


READ_SINGLY = ("ticket_type_pk", "date", "order", "external_uuid", "url", "company_name")
"""What the live service's list lacks of a ticket."""


@dataclass(frozen=True, slots=True)
class TicketType:
    """A kind of ticket. An order names it by uuid, a ticket by pk."""

    uuid: str
    title: str
    pk: int | None = None
    price: Decimal | None = None
    """In the event's currency; None: the site does not say."""
    left: int | None = None
    """How many can still be sold; None: the site does not say."""
    active: bool = True
    members_only: bool = False
    sold_out: bool = False
    """The site says so, for good or for now, whatever `left` is."""
    on_sale: bool | None = None
    """`is_on_sale`, where the site gives it."""
    sales_start: datetime | None = None
    sales_end: datetime | None = None
    in_baskets: int | None = None
    """Held by buyers at the web shop who have not paid yet; None: not known."""
    fee: Decimal | None = None
    """The site's own, of one ticket; None: not known."""


@dataclass(frozen=True, slots=True)
class Event:
    uuid: str
    title: str
    start: datetime | None = None
    end: datetime | None = None
    timezone: str | None = None
    """IANA name, where the site gives it."""
    venue: str = ""
    expired: bool = False
    currency: str = ""
    """ISO 4217; empty: not known. The list of events has it, a single event does not."""
    ticket_limit: int | None = None
    """Tickets of one order, at most; None: not known. Only a single event has it."""
    limit_reached: bool | None = None
    """As many tickets are sold as the whole event may sell; None: not known."""
    fees_on_buyer: bool | None = None
    """Buyers pay the fees on top of the price; None: not known."""
    has_extras: bool | None = None
    """Merchandise is among what it sells; None: not known. Only a single event has it."""

    @property
    def zone(self) -> tzinfo:
        """The event's time zone: its own name for it, else the offset of its start, else UTC."""
        if self.timezone:
            try:
                return ZoneInfo(self.timezone)
            except (ZoneInfoNotFoundError, ValueError, OSError):
                return self._offset
        return self._offset

    @property
    def _offset(self) -> tzinfo:
        offset = self.start.utcoffset() if self.start else None
        return timezone(offset if offset is not None else timedelta())

    def today(self, now: datetime) -> date:
        """The day it is at the event: after midnight still the day whose night lasts."""
        return self.days.today(now)

    def completed(self, known: "Event") -> "Event":
        """The event, with what `known` tells of it where this one says nothing.

        No single answer of the site tells all: the list has the currency, a single event the zone.
        """
        missing = [field.name for field in fields(self) if getattr(self, field.name) in (None, "")]
        return replace(self, **{name: getattr(known, name) for name in missing})

    @property
    def days(self) -> EventDays:
        return EventDays(self.start, self.end, self.zone)


@dataclass(frozen=True, slots=True)
class Address:
    """The buyer of an order. API document: "Update order"."""

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""
    title: str = ""
    venue: str = ""
    business_name: str = ""
    cvr: str = ""
    """Danish company number."""
    street: str = ""
    street_2: str = ""
    city: str = ""
    postcode: str = ""
    country: str = ""

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class OrderStatus(StrEnum):
    UNKNOWN = "unknown"
    """Its state was not read, or says nothing."""
    PAID = "paid"
    UNPAID = "unpaid"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"


class OrderTicket(NamedTuple):
    uuid: str
    external_uuid: str | None = None
    url: str | None = None
    """As in `Ticket`; few answers tell it here."""
    company_name: str | None = None


PAID_WORDS = frozenset({"PAID", "PREPAID", "FREE", "COMPLETED", "INVOICED"})
_NOT_PAID = re.compile(
    r"NOT?|NON|NEVER|UN|PART(LY|IAL|IALLY)?|HALF|PENDING|A?WAITING|TO|BE|LATER|FAILED|EXPIRED"
    r"|VOID(ED)?|DISPUTED|CHARGEBACK|CHARGED|REVERSED|DECLINED|REJECTED"
)
"""A word which says, beside one of those, that there is not all of the money, or no longer."""


def _says_paid(state: str) -> bool:
    """Whether a state says that all is paid, or that nothing is to be paid before the event."""
    words = re.findall(r"[^\W\d_]+", state)
    return not PAID_WORDS.isdisjoint(words) and not any(map(_NOT_PAID.fullmatch, words))


class Order(NamedTuple):
    uuid: str
    event: str | None = None
    order_id: str = ""
    """What people call it: `dZy1`."""
    state: str = ""
    """`PAID`, `NEW`, `REFUND` or another word of the site's, in upper case."""
    refunded: bool = False
    full_name: str = ""
    email: str = ""
    external_order_id: str | None = None
    """The mark of whoever placed it; not every answer tells it."""
    address: Address = Address()
    created: datetime | None = None
    pdf_url: str = ""
    """Where the site keeps its tickets as PDF."""
    total: Decimal | None = None
    """None: the answer does not tell it."""
    party: tuple[OrderTicket, ...] | None = None
    """Everyone on it; None: the answer does not name them, or not all of them."""
    partly: bool = False
    """Where it was refunded: only some of its tickets were, and each says so itself."""
    taken_as_paid: bool = False
    """Its state admits at this organiser's doors, by their own word."""

    @property
    def status(self) -> OrderStatus:
        """What its state comes to: the document knows REFUND and REFUNDED, CANCELED is seen too."""
        if self.refunded or "REFUND" in self.state:
            return OrderStatus.REFUNDED
        if "CANCEL" in self.state:
            return OrderStatus.CANCELLED
        if not self.state:
            return OrderStatus.UNKNOWN
        paid = self.taken_as_paid or _says_paid(self.state)
        return OrderStatus.PAID if paid else OrderStatus.UNPAID

    @property
    def is_new(self) -> bool:
        """Its state says that nothing was paid, and no more than that."""
        return self.state in ("NEW", "UNPAID")

    def by(self, paid_states: Collection[str]) -> "Order":
        """The same, with `paid_states` (in upper case) taken as paid too."""
        return self._replace(taken_as_paid=self.state in paid_states)


class EventOrder(NamedTuple):
    """An order as the list of an event's orders holds it, with its tickets."""

    order: Order
    tickets: tuple[Ticket, ...]
    currency: str = ""
    """ISO 4217; empty: not told."""
    answers: "Mapping[str, Sequence[Answer]]" = MappingProxyType({})
    """What was answered for tickets, by their uuids, as far as it is told."""


@dataclass(frozen=True, slots=True)
class Choice:
    uuid: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    uuid: str
    heading: str
    variation: str = "TEXT"
    """TEXT, TEXTAREA, NUMBER, NAME, NAME_FIRST_LAST, COMPANY, EMAIL, PHONE, SELECT or
    SELECT_MULTIPLE; any other is treated as TEXT."""
    required: bool = False
    active: bool = True
    choices: tuple[Choice, ...] = ()
    ticket_type: str | None = None
    """Title of the ticket type it is asked of; None: of all."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered before: a text, or the uuids of the choices taken."""

    question: str
    heading: str = ""
    value: str = ""
    choices: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    """What each of these choices was called; empty: not told. Some are no longer offered."""


class AnswerInput(NamedTuple):
    """An answer to be stored: a text, the uuid of one choice, or the uuids of several."""

    question: str
    value: str | tuple[str, ...]


KEPT_SAYING = 2
"""Reads that must say so before a check-in of ours is told to be taken back at the site."""

LAG = timedelta(minutes=3)
"""For so long a site, or a cache before it, may go on saying what was true before our write."""


def may_lag(written: datetime, read: datetime) -> bool:
    """Whether what a read says that began at `read` may be from before our write at `written`."""
    return read - written <= LAG


class Admission(NamedTuple):
    """A check-in made on this computer. Only an undo or a person's override takes it back."""

    ticket: str
    event: str
    at: datetime
    lane: str
    operator: str
    confirmed: bool
    """The server has it: by its own answer to our write, or by a read."""
    journal: int = 0
    """Its row in the journal, which has the same id in the queue."""
    confirmed_at: datetime | None = None
    """When the server's word for it came; None: not confirmed."""
    said_out: int = 0
    """How many reads in a row said that it is not in, all too late to lag behind our write."""
    ticket_type: str = ""
    """Of a forgotten event, whose tickets are not known any more; else empty."""

    @property
    def taken_back(self) -> bool:
        """The site keeps saying that it is no longer in: somebody took it back there."""
        return self.said_out >= KEPT_SAYING


class CheckInWindow(NamedTuple):
    """Between which two looks at the list a check-in made elsewhere happened."""

    after: datetime | None
    """The last look at which the ticket was not in; None: it was in at the first."""
    before: datetime


class LinkState(StrEnum):
    ASKING = "asking"
    """It was asked, and has not answered anything yet."""
    ONLINE = "online"
    SLOW = "slow"
    OFFLINE = "offline"
    REFUSED = "refused"
    """The key is rejected."""
    CAPTIVE = "captive"
    """A log-in page answers in the server's place."""

    @property
    def label(self) -> str:
        """As people read it."""
        return _(_LINKS[self])


_LINKS = {
    LinkState.ASKING: N_("asking"),
    LinkState.ONLINE: N_("online"),
    LinkState.SLOW: N_("slow"),
    LinkState.OFFLINE: N_("offline"),
    LinkState.REFUSED: N_("refused"),
    LinkState.CAPTIVE: N_("captive"),
}


class CodesKnown(NamedTuple):
    """How far this computer has read what an event's list does not tell. Counts tickets."""

    total: int = 0
    read: int = 0
    """Read by themselves: short link, external uuid and order are known."""
    ordered: int = 0
    """Their order is read: its id and everyone on it are known."""
    whole: int = 0
    """Both, as far as the site tells."""

    @property
    def complete(self) -> bool:
        return self.whole == self.total
