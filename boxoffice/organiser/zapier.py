"""A purchase as it is sent to Zapier and by `purchase.*` webhooks. API document: "Zapier"."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from boxoffice.organiser.addresses import ZapierAddress


@dataclass(frozen=True, slots=True)
class ZapierAnswer:
    """What was answered to a question."""

    heading: str
    variation: str = "TEXT"
    value: str = ""
    choices: tuple[str, ...] = ()
    """Labels of the choices taken."""
    question_pk: int | None = None


@dataclass(frozen=True, slots=True)
class ZapierTicketType:
    uuid: str = ""
    title: str = ""
    active: bool = True
    amount_total: int | None = None
    description: str = ""
    price: Decimal | None = None
    sales_start: datetime | None = None
    sales_end: datetime | None = None
    start: datetime | None = None


@dataclass(frozen=True, slots=True)
class ZapierTicket:
    uuid: str
    full_name: str = ""
    email: str = ""
    company_name: str = ""
    checked_in: bool = False
    paid: bool = False
    refunded: bool = False
    external_uuid: str = ""
    order: str = ""
    """uuid of its purchase."""
    download_url: str = ""
    attribute: str = ""
    ticket_type: ZapierTicketType = ZapierTicketType()
    answers: tuple[ZapierAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class ZapierEvent:
    uuid: str = ""
    title: str = ""
    start: datetime | None = None
    end: datetime | None = None
    description: str = ""
    summary: str = ""
    url: str = ""
    image: str = ""
    address: ZapierAddress = field(default_factory=ZapierAddress)
    tags: tuple[str, ...] = ()
    team: str = ""
    """Its name."""
    team_uuid: str = ""
    team_slug: str = ""


@dataclass(frozen=True, slots=True)
class ZapierPurchase:
    uuid: str
    order_id: str = ""
    state: str = ""
    """In upper case."""
    address: ZapierAddress = field(default_factory=ZapierAddress)
    event: ZapierEvent = ZapierEvent()
    external_order_id: str = ""
    tickets_sent: bool = False
    cancelled: bool = False
    ticket_count: int | None = None
    tickets: tuple[ZapierTicket, ...] = ()
    answers: tuple[ZapierAnswer, ...] = ()
    """The buyer's."""
