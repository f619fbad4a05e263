"""What webhooks bring, read from whoever sent it. API document: "Webhook structure", "Zapier".

The document shows neither the data of a ticket's webhook nor a secret that would prove who sent
it: what a hook names is looked for in all shapes that the API has for it, and is a hint at most.
"""

from typing import Annotated

from pydantic import AliasChoices, BaseModel, BeforeValidator, Field

from boxoffice.domain.text import clean, hex_uuid
from boxoffice.organiser import (
    Hook,
    ZapierAddress,
    ZapierAnswer,
    ZapierEvent,
    ZapierPurchase,
    ZapierTicket,
    ZapierTicketType,
)
from boxoffice.ticketbutler.errors import Unreadable
from boxoffice.ticketbutler.organiser_shapes import EventAddressShape, Fields, Lines
from boxoffice.ticketbutler.parsers import (
    BoolDefaultFalse,
    BoolDefaultTrue,
    Count,
    Elements,
    Email,
    Line,
    Moment,
    Number,
    OptionalUuid,
    Price,
    Refunded,
    Url,
    Uuid,
    as_fields,
    aware,
    read_one,
    whole,
)
from boxoffice.ticketbutler.wire import DECODER, WrongShape

LARGEST = 1_000_000
"""Bytes of a hook; more is not even decoded."""
_MOST = 100
"""Tickets named by one hook; more of them are as good as the whole list."""


class HookShape(BaseModel):
    uuid: Line = Field(default="", validation_alias=AliasChoices("uuid", "id"))
    scope: Line = ""
    action: Line
    live: BoolDefaultFalse = False
    whitelabel: Line = ""
    team: Line = ""
    data: Fields = {}


class ChoiceShape(BaseModel):
    label: Line = Field(default="", validation_alias=AliasChoices("choice_heading", "label"))


class AnswerShape(BaseModel):
    question: Number = None
    variation: Line = "TEXT"
    question_heading: Line = ""
    answer_value: Lines = ""
    answered_choices: Elements = []

    def value(self) -> ZapierAnswer:
        labels = (read_one(ChoiceShape, as_fields(each)).label for each in self.answered_choices)
        return ZapierAnswer(
            heading=self.question_heading,
            variation=self.variation,
            value=self.answer_value,
            choices=tuple(label for label in labels if label),
            question_pk=self.question,
        )


class AnswersShape(BaseModel):
    answers: Elements = []


class TicketTypeShape(BaseModel):
    uuid: OptionalUuid = None
    title: Line = ""
    active: BoolDefaultTrue = True
    amount_total: Count = None
    description: Lines = ""
    price: Price = None
    sales_start: Moment = Field(default=None, validation_alias="sales_start_date")
    sales_end: Moment = Field(default=None, validation_alias="sales_end_date")
    start: Moment = Field(default=None, validation_alias="start_date")

    def value(self) -> ZapierTicketType:
        moments = {
            name: aware(getattr(self, name), None) for name in ("sales_start", "sales_end", "start")
        }
        return ZapierTicketType(**self.model_dump() | moments | {"uuid": self.uuid or ""})


class TicketShape(BaseModel):
    uuid: Uuid
    full_name: Line = ""
    email: Email = ""
    company_name: Line = ""
    checked_in: BoolDefaultFalse = False
    paid: BoolDefaultFalse = Field(default=False, validation_alias="ticket_paid")
    refunded: Refunded = Field(default=False, validation_alias="ticket_refund")
    external_uuid: Line = ""
    order: OptionalUuid = Field(default=None, validation_alias="purchase_uuid")
    download_url: Url = Field(default="", validation_alias="ticket_download_absolute_url")
    attribute: Line = Field(default="", validation_alias="attribute_selected")
    ticket_type: Fields = {}
    custom_questions: Fields = {}

    def value(self) -> ZapierTicket:
        plain = self.model_dump(exclude={"ticket_type", "custom_questions", "order"})
        return ZapierTicket(
            **plain,
            order=self.order or "",
            ticket_type=read_one(TicketTypeShape, self.ticket_type).value(),
            answers=_answers(self.custom_questions),
        )


class AddressShape(EventAddressShape):
    additional_info: Line = ""

    def value(self) -> ZapierAddress:
        return ZapierAddress(**self.model_dump())


class NamedShape(BaseModel):
    """A team, a tag, an image: whatever has a name."""

    uuid: OptionalUuid = None
    name: Line = ""
    slug: Line = ""
    main: Url = ""


class EventShape(BaseModel):
    uuid: OptionalUuid = None
    title: Line = ""
    start_date: Moment = None
    end_date: Moment = None
    description: Lines = ""
    summary: Lines = ""
    url: Url = Field(default="", validation_alias="event_full_url")
    image: Fields = {}
    address: Annotated[AddressShape, BeforeValidator(as_fields)] = AddressShape()
    tags: Elements = []
    team: Fields = {}

    def value(self) -> ZapierEvent:
        team = read_one(NamedShape, self.team)
        tags = (read_one(NamedShape, as_fields(each)).name for each in self.tags)
        return ZapierEvent(
            uuid=self.uuid or "",
            title=self.title,
            start=aware(self.start_date, None),
            end=aware(self.end_date, None),
            description=self.description,
            summary=self.summary,
            url=self.url,
            image=read_one(NamedShape, self.image).main,
            address=self.address.value(),
            tags=tuple(tag for tag in tags if tag),
            team=team.name,
            team_uuid=team.uuid or "",
            team_slug=team.slug,
        )


class PurchaseShape(BaseModel):
    uuid: Uuid
    order_id: Line = ""
    state: Line = ""
    address: Annotated[AddressShape, BeforeValidator(as_fields)] = AddressShape()
    event: Fields = {}
    external_order_id: Line = ""
    is_tickets_send: BoolDefaultFalse = False
    is_cancelled: BoolDefaultFalse = False
    ticket_count: Count = None
    tickets: Elements = []
    custom_questions: Fields = {}


def read_hook(content: bytes) -> Hook:
    """The hook in the body of a request, of at most a million bytes.

    Raises:
        Unreadable: it is none, in whatever way.

    """
    if len(content) > LARGEST:
        raise Unreadable("a hook too large")
    try:
        shape = read_one(HookShape, DECODER.decode(str(content, "utf-8-sig")))
    except (ValueError, RecursionError) as error:
        problem = type(error).__name__
    else:
        return _hook(shape)
    raise Unreadable(f"no hook: {problem}", "What came is no webhook of Ticketbutler's.")


def read_purchase(hook: Hook) -> ZapierPurchase:
    """The purchase in a hook. API document: "Zapier", "Purchases".

    Tickets that cannot be read are left out.

    Raises:
        Unreadable: it holds none.

    """
    try:
        shape = read_one(PurchaseShape, hook.data)
        event = read_one(EventShape, shape.event).value()
    except WrongShape as error:
        problem = str(error)
    else:
        return ZapierPurchase(
            uuid=shape.uuid,
            order_id=shape.order_id,
            state=shape.state.upper(),
            address=shape.address.value(),
            event=event,
            external_order_id=shape.external_order_id,
            tickets_sent=shape.is_tickets_send,
            cancelled=shape.is_cancelled,
            ticket_count=shape.ticket_count,
            tickets=_tickets(shape.tickets),
            answers=_answers(shape.custom_questions),
        )
    raise Unreadable(f"no purchase: {problem}", "This webhook tells of no purchase.")


def _tickets(rows: list[object]) -> tuple[ZapierTicket, ...]:
    found: list[ZapierTicket] = []
    for row in rows:
        if isinstance(row, dict) and hex_uuid(row.get("uuid")):
            found.append(read_one(TicketShape, row).value())
    return tuple(found)


def _answers(collection: dict[str, object]) -> tuple[ZapierAnswer, ...]:
    rows = read_one(AnswersShape, collection).answers
    return tuple(read_one(AnswerShape, as_fields(row)).value() for row in rows)


def _hook(shape: HookShape) -> Hook:
    data = shape.data
    model = shape.action.partition(".")[0]
    own = hex_uuid(data.get("uuid")) or ""
    rows = data.get("tickets", data.get("Tickets"))
    tickets = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    ticket = data.get("ticket")
    if isinstance(ticket, dict):
        tickets.append(ticket)
    if model == "ticket" or "checked_in" in data:
        tickets.append(data)
    uuids = [uuid for row in tickets if (uuid := hex_uuid(row.get("uuid")))]
    if uuid := hex_uuid(ticket):
        uuids.append(uuid)
    numbers = [number for row in tickets if (number := whole(row.get("Billet ID")))]
    order = _named(data, "purchase", "order") or hex_uuid(data.get("purchase_uuid"))
    return Hook(
        uuid=hex_uuid(shape.uuid) or shape.uuid,
        scope=shape.scope,
        action=clean(shape.action, 100),
        live=shape.live,
        whitelabel=shape.whitelabel,
        team=shape.team,
        event=_named(data, "event") or (own if model == "event" else ""),
        order=order or (own if model == "purchase" else ""),
        tickets=tuple(dict.fromkeys(uuids))[:_MOST],
        numbers=tuple(dict.fromkeys(numbers))[:_MOST],
        data=data,
    )


def _named(data: dict[str, object], *names: str) -> str:
    """The uuid of the first thing of these names: as an object, or as the uuid itself."""
    for name in names:
        value = data.get(name)
        uuid = hex_uuid(value.get("uuid") if isinstance(value, dict) else value)
        if uuid:
            return uuid
    return ""
