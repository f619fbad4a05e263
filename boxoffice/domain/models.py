"""The values that a door works with: events, tickets, orders, questions, admissions.

They do no I/O. Every text in them has passed `boxoffice.domain.text.clean`, every uuid is 32
lower-case hex digits, and every moment has a time zone. The API's own shapes are in
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
"""Stands for the name of a ticket that has none."""


class Ticket(NamedTuple):
    """A ticket as the server last had it. A named tuple, as a hundred thousand are made at once."""

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
    """The one moment that the ticket is valid for, in ISO 8601; empty: any day.

    None: not known, as the live list lacks it; then any day will do as well. Without an offset it
    is in the event's own time. If the site writes it in another way, it is kept as it is, cleaned,
    and the verdict admits with a note.
    """
    order: str | None = None
    """uuid of its order (`purchase_uuid`). The live list lacks it, so it is read later."""
    external_uuid: str | None = None
    url: str | None = None
    """The last part of its short URL: `nz9lb` of `…/t/nz9lb/`."""
    seat: str = ""
    company_name: str | None = None
    """The holder's company; None: not known, as the live list lacks it."""

    @property
    def display_name(self) -> str:
        return self.full_name or _(NO_NAME)

    def completed(self, known: "Ticket") -> "Ticket":
        """The ticket, with those fields of READ_SINGLY from `known` that this one lacks."""
        lacking = [field for field in READ_SINGLY if getattr(self, field) is None]
        return self._with(known, lacking)

    def with_codes(self, read: "Ticket") -> "Ticket":
        """The ticket, with the fields of READ_SINGLY as `read` has them."""
        return self._with(read, READ_SINGLY)

    def _with(self, other: "Ticket", fields: Iterable[str]) -> "Ticket":
        """The ticket, with those of `fields` that `other` has."""
        known = {field: value for field in fields if (value := getattr(other, field)) is not None}
        return self._replace(**known) if known else self


READ_SINGLY = ("ticket_type_pk", "date", "order", "external_uuid", "url", "company_name")
"""Fields that the live service's list lacks: only a read of the single ticket has them."""


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
    """The site says that it is sold out, for now or for good, whatever `left` is."""
    on_sale: bool | None = None
    """`is_on_sale`; None: the site does not say."""
    sales_start: datetime | None = None
    sales_end: datetime | None = None
    in_baskets: int | None = None
    """Tickets held by buyers at the web shop who have not paid yet; None: not known."""
    fee: Decimal | None = None
    """The site's own fee for one ticket; None: not known."""


@dataclass(frozen=True, slots=True)
class Event:
    uuid: str
    title: str
    start: datetime | None = None
    end: datetime | None = None
    timezone: str | None = None
    """IANA name; None: the site does not say."""
    venue: str = ""
    expired: bool = False
    currency: str = ""
    """ISO 4217; empty: not known. The list of events has it, a single event does not."""
    ticket_limit: int | None = None
    """How many tickets an order may have; None: not known. Only a single event has it."""
    limit_reached: bool | None = None
    """The event has sold all the tickets that it may sell; None: not known."""
    fees_on_buyer: bool | None = None
    """Buyers pay the fees on top of the price; None: not known."""
    has_extras: bool | None = None
    """It sells merchandise too; None: not known. Only a single event has it."""

    @property
    def zone(self) -> tzinfo:
        """The time zone that the event names, else the offset of its start, else UTC."""
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
        """The date at the event. After midnight it stays the same, until the night ends."""
        return self.days.today(now)

    def completed(self, known: "Event") -> "Event":
        """The event, with the fields from `known` that this one lacks.

        No answer of the site has all: the list has the currency, a single event the time zone.
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
    """Its state was not read, or is empty."""
    PAID = "paid"
    UNPAID = "unpaid"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"


class OrderTicket(NamedTuple):
    uuid: str
    external_uuid: str | None = None
    url: str | None = None
    """As in `Ticket`; few answers of the site have it here."""
    company_name: str | None = None


PAID_WORDS = frozenset({"PAID", "PREPAID", "FREE", "COMPLETED", "INVOICED"})
_NOT_PAID = re.compile(
    r"NOT?|NON|NEVER|UN|PART(LY|IAL|IALLY)?|HALF|PENDING|A?WAITING|TO|BE|LATER|FAILED|EXPIRED"
    r"|VOID(ED)?|DISPUTED|CHARGEBACK|CHARGED|REVERSED|DECLINED|REJECTED"
)
"""A word that, next to one of PAID_WORDS, says that not all is paid, or not any more."""


def _says_paid(state: str) -> bool:
    """Whether a state says that all is paid, or that nothing has to be paid before the event."""
    words = re.findall(r"[^\W\d_]+", state)
    return not PAID_WORDS.isdisjoint(words) and not any(map(_NOT_PAID.fullmatch, words))


class Order(NamedTuple):
    uuid: str
    event: str | None = None
    order_id: str = ""
    """The number that people know it by, such as `dZy1`."""
    state: str = ""
    """`PAID`, `NEW`, `REFUND` or another word of the site, in upper case."""
    refunded: bool = False
    full_name: str = ""
    email: str = ""
    external_order_id: str | None = None
    """The mark that was given when it was placed; not every answer of the site has it."""
    address: Address = Address()
    created: datetime | None = None
    pdf_url: str = ""
    """Where the site has its tickets as PDF."""
    total: Decimal | None = None
    """None: the answer does not have it."""
    party: tuple[OrderTicket, ...] | None = None
    """All its tickets; None: the answer does not name them, or not all of them."""
    partly: bool = False
    """Only some of its tickets were refunded: each ticket says whether it was."""
    taken_as_paid: bool = False
    """By this organiser's settings, its state counts as paid."""

    @property
    def status(self) -> OrderStatus:
        """What its state means. The API document has REFUND and REFUNDED; CANCELED is seen too."""
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
        """Whether its state says only that nothing was paid."""
        return self.state in ("NEW", "UNPAID")

    def by(self, paid_states: Collection[str]) -> "Order":
        """The order, where `paid_states` (in upper case) count as paid too."""
        return self._replace(taken_as_paid=self.state in paid_states)


class EventOrder(NamedTuple):
    """An order with its tickets, as the list of an event's orders has it."""

    order: Order
    tickets: tuple[Ticket, ...]
    currency: str = ""
    """ISO 4217; empty: not known."""
    answers: "Mapping[str, Sequence[Answer]]" = MappingProxyType({})
    """The answers for its tickets, by their uuids, as far as the list has them."""


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
    SELECT_MULTIPLE; any other one is treated as TEXT."""
    required: bool = False
    active: bool = True
    choices: tuple[Choice, ...] = ()
    ticket_type: str | None = None
    """Title of the ticket type whose holders are asked; None: all are."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that was given before: a text, or the uuids of the choices."""

    question: str
    heading: str = ""
    value: str = ""
    choices: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    """The labels of these choices, some of which may no longer be offered; empty: not known."""


class AnswerInput(NamedTuple):
    """An answer to be stored: a text, the uuid of one choice, or the uuids of several."""

    question: str
    value: str | tuple[str, ...]


KEPT_SAYING = 2
"""A check-in of ours counts as taken back at the site once so many reads in a row say so."""

LAG = timedelta(minutes=3)
"""For so long after our write, the site or a cache may still answer what was true before it."""


def may_lag(written: datetime, read: datetime) -> bool:
    """Whether a read that began at `read` may show what was before our write at `written`."""
    return read - written <= LAG


class Admission(NamedTuple):
    """A check-in that was made on this computer. Only an undo or an override takes it back."""

    ticket: str
    event: str
    at: datetime
    lane: str
    operator: str
    confirmed: bool
    """The server has it, by its answer to our write or by a read."""
    journal: int = 0
    """The id of its row in the journal, and in the queue."""
    confirmed_at: datetime | None = None
    """When the server confirmed it; None: it has not."""
    said_out: int = 0
    """How many reads in a row said that the ticket is not in, all of them past LAG."""
    ticket_type: str = ""
    """Set only for a forgotten event, whose tickets are no longer known."""

    @property
    def taken_back(self) -> bool:
        """Whether somebody took it back at the site, which keeps saying that it is not in."""
        return self.said_out >= KEPT_SAYING


class CheckInWindow(NamedTuple):
    """The time between two readings of the list in which a check-in happened elsewhere."""

    after: datetime | None
    """The last reading that had the ticket not in; None: the first one had it in."""
    before: datetime
    """The first reading that had it in."""


class LinkState(StrEnum):
    ASKING = "asking"
    """The site was asked, and has not answered anything yet."""
    ONLINE = "online"
    SLOW = "slow"
    OFFLINE = "offline"
    REFUSED = "refused"
    """The site rejects the key."""
    CAPTIVE = "captive"
    """A log-in page answers in the server's place."""

    @property
    def label(self) -> str:
        """The state as people read it."""
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
    """How many tickets of an event were read one by one, for what the list lacks."""

    total: int = 0
    read: int = 0
    """Tickets that were read: their short link, external uuid and order are known."""
    ordered: int = 0
    """Tickets whose order was read: its number and all its tickets are known."""
    whole: int = 0
    """Tickets for which both holds, as far as the site has it."""

    @property
    def complete(self) -> bool:
        return self.whole == self.total
