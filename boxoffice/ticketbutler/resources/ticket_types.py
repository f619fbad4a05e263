"""Ticket types: what an event sells. API document: "Ticket types"."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AliasChoices, Field

from boxoffice.domain.models import TicketType
from boxoffice.domain.text import clean
from boxoffice.ticketbutler.changes import (
    NOTHING,
    PendingChange,
    PreparedChange,
    change_of,
    differences,
    jsonable,
    refuse,
    removal_of,
)
from boxoffice.ticketbutler.errors import NotFound
from boxoffice.ticketbutler.resources.field_types import (
    BoolDefaultFalse,
    BoolDefaultTrue,
    Count,
    Edit,
    Lines,
    Moment,
    NeededCount,
    NeededMoney,
    Number,
    OptionalBool,
    Price,
    Text,
    UuidOrEmpty,
)
from boxoffice.ticketbutler.resources.record import (
    Record,
    changed,
    field_info,
    raw_of,
    read_all,
    read_one,
    read_some,
    with_fields,
)
from boxoffice.ticketbutler.wire import Call, WrongShape, hex_of, no_value, same

if TYPE_CHECKING:
    from boxoffice.ticketbutler.resources.events import EventDetails, Events
    from boxoffice.ticketbutler.session import Session

PATCHED = frozenset({"title", "price", "amount", "amount_total", "members_only"})
"""The fields that one ticket type's own update takes; the others need an update of the event."""

_NUMBERS = frozenset({"amount", "amount_total", "price"})
_STOCK = ("amount", "amount_left")
_SOLD_OUT = ("sold_out", "is_temporarily_sold_out")


class TicketTypeDetails(Record):
    """A kind of ticket. Without a pk it is new, or the answer did not tell it.

    The document has what is left as `amount`, the live service as `amount_left`.
    """

    pk: Number = Field(None, title="Number", validation_alias=AliasChoices("pk", "id"))
    uuid: UuidOrEmpty = Field("", title="Id")
    """Empty: it is new, or the answer to its making did not tell it."""
    title: Annotated[Text, Edit(required=True)] = Field("", title="Title")
    price: Annotated[Price, Edit()] = Field(
        None, title="Price", description="Fixed once a ticket is sold."
    )
    amount: Annotated[Count, Edit()] = Field(
        None,
        title="Left",
        description="Tickets that can still be sold. Give this or the total, not both.",
        validation_alias=AliasChoices("amount_left", "amount"),
        serialization_alias="amount",
    )
    amount_sold: Count = Field(None, title="Sold")
    amount_total: Annotated[Count, Edit()] = Field(
        None,
        title="Total",
        description="Tickets sold and still to be sold. Give this or what is left, not both.",
    )
    active: Annotated[BoolDefaultTrue, Edit()] = Field(True, title="Active")
    members_only: Annotated[BoolDefaultFalse, Edit()] = Field(
        False, title="Members only", validation_alias="is_members_only"
    )
    description: Annotated[Lines, Edit()] = Field("", title="Description")
    start: Annotated[Moment, Edit()] = Field(
        None,
        title="Valid on",
        description="The one day its tickets are for; empty: the event's.",
        validation_alias="start_date",
    )
    sort_id: Annotated[Number, Edit()] = Field(
        None, title="Order of ticket types", description="The lowest number comes first."
    )
    sold_out: BoolDefaultFalse = Field(False, title="Sold out")
    paused: BoolDefaultFalse = Field(
        False, title="Sold out for now", validation_alias="is_temporarily_sold_out"
    )
    on_sale: OptionalBool = Field(None, title="On sale", validation_alias="is_on_sale")
    sales_start: Moment = Field(None, title="Sale begins", validation_alias="sales_start_date")
    sales_end: Moment = Field(None, title="Sale ends", validation_alias="sales_end_date")
    fee: Price = Field(None, title="Fee")

    @property
    def sold(self) -> int | None:
        """How many are sold, told or reckoned; None: not known."""
        if self.amount_sold is not None or self.amount_total is None or self.amount is None:
            return self.amount_sold
        return max(0, self.amount_total - self.amount)

    @property
    def total(self) -> int | None:
        """How many there are, sold or not, told or reckoned; None: not known."""
        if self.amount_total is not None or self.amount is None or self.amount_sold is None:
            return self.amount_total
        return self.amount + self.amount_sold

    @property
    def in_baskets(self) -> int | None:
        """How many lie in baskets that are not paid yet; None: not known."""
        if self.amount_total is None or self.amount_sold is None or self.amount is None:
            return None
        return max(0, self.amount_total - self.amount_sold - self.amount)

    def refuse_emptied(self, after: "TicketTypeDetails") -> None:
        """Refuse to take a price or a stock away: sites pass over that, as if it were done."""
        for each in field_info(TicketTypeDetails):
            was, now = getattr(self, each.name), getattr(after, each.name)
            if each.name in _NUMBERS and was is not None and now is None:
                raise refuse(
                    f"no {each.name}",
                    f"Give a number for “{each.label}”: to sell no more, make the ticket type "
                    "inactive.",
                )

    def as_ticket_type(self) -> TicketType:
        """What a door needs of it."""
        return TicketType(
            uuid=self.uuid,
            title=clean(self.title),
            pk=self.pk,
            price=self.price,
            left=self.amount,
            active=self.active,
            members_only=self.members_only,
            sold_out=self.sold_out or self.paused,
            on_sale=self.on_sale,
            sales_start=self.sales_start,
            sales_end=self.sales_end,
            in_baskets=self.in_baskets,
            fee=self.fee,
        )


class NewTicketType(Record):
    """A kind of ticket to be made."""

    title: Annotated[Text, Edit(required=True)] = Field(title="Title")
    price: Annotated[NeededMoney, Edit()] = Field(
        Decimal(0), title="Price", description="0: it is free."
    )
    amount_total: Annotated[NeededCount, Edit(required=True)] = Field(0, title="Total")
    members_only: Annotated[BoolDefaultFalse, Edit()] = Field(
        False, title="Members only", validation_alias="is_members_only"
    )

    def payload(self) -> dict[str, object]:
        """What makes it. Raises Refused where it has no title."""
        if not self.title.strip():
            raise refuse("no title", "The ticket type needs a title.")
        return {
            "title": self.title,
            "price": jsonable(self.price),
            "amount_total": self.amount_total,
            "is_members_only": self.members_only,
        }


def read_type(value: object) -> TicketTypeDetails:
    """API document: "Get Specific Ticket Type", "Create Ticket Type", "Update Ticket Type"."""
    return read_one(TicketTypeDetails, value)


def read_known_type(value: object) -> TicketTypeDetails:
    """One that can be asked for: with a uuid."""
    made = read_type(value)
    if not made.uuid:
        raise WrongShape("a ticket type without a uuid")
    return made


def read_types(value: object) -> list[TicketTypeDetails]:
    """API document: "Get event ticket types". All of them, since they are written back."""
    return read_all(value, read_known_type, "ticket types")


def types_path(event: str) -> str:
    return f"events/{hex_of(event, 'event')}/ticket-types/"


def types_for_door(event: str) -> Call[list[TicketType]]:
    """API document: "Get event ticket types". Those that can be read, as a door needs them."""

    def read(value: object) -> list[TicketType]:
        found = read_some(value, read_known_type, "ticket types")
        return [each.as_ticket_type() for each in found]

    return Call("GET", types_path(event), read, "event")


class TicketTypes:
    """API document: "Ticket types"."""

    def __init__(self, session: "Session", events: "Events") -> None:
        self._session = session
        self._events = events

    async def list(self, event: str) -> Sequence[TicketTypeDetails]:
        """What an event sells, inactive ones too. API document: "Get event ticket types"."""
        return await self._session.send(Call("GET", types_path(event), read_types, "event"))

    async def get(self, event: str, ticket_type: str) -> TicketTypeDetails:
        """One ticket type. The document's answer lacks its pk, and whether it is active.

        API document: "Get Specific Ticket Type".
        """
        uuid = hex_of(ticket_type, "ticket type")
        call = Call("GET", f"{types_path(event)}{uuid}/", same(uuid, read_type), "ticket type")
        return await self._session.send(call)

    def create(self, event: str, ticket_type: NewTicketType) -> PendingChange[TicketTypeDetails]:
        """Make a ticket type. API document: "Create Ticket Type".

        The answer need not tell its uuid.
        """

        def make() -> Call[TicketTypeDetails]:
            body = ticket_type.payload()
            return Call("POST", types_path(event), read_type, "event", body=body)

        return change_of(self._session, make, differences(None, ticket_type))

    def update(
        self,
        event: str,
        ticket_type: str,
        change: Callable[[TicketTypeDetails], TicketTypeDetails] | None = None,
        /,
        **fields: Any,
    ) -> PendingChange[TicketTypeDetails]:
        """Change one ticket type: by its fields, or by a function of what the site has now.

        API document: "Update Ticket Type"; what that does not take (active, description, day,
        place) goes by "Update event", with all the other ticket types.

        Stock is given as `amount` (what is left) or `amount_total` (with those sold), not both.
        The total is the safer: it stays right when a ticket is sold meanwhile.

        Raises:
            ValueError: no such field, or none that may be changed.
            Refused: both are given; or by the site: the price of what is sold, fewer than sold.

        """
        uuid = hex_of(ticket_type, "ticket type")

        def changed_type(before: TicketTypeDetails) -> TicketTypeDetails:
            after = change(before) if change is not None else before
            return with_fields(after, fields)

        async def prepare() -> PreparedChange[TicketTypeDetails]:
            before = _by_uuid(await self.list(event), uuid)
            after = changed_type(before)
            names = set(changed(before, after))
            if not names:
                raise refuse("nothing to change", NOTHING)
            before.refuse_emptied(after)
            if {"amount", "amount_total"} <= names:
                raise refuse("amount and amount_total", "Give the total or what is left, not both.")
            if names <= PATCHED:
                return self._patch(event, before, after)
            return await self._through_event(event, uuid, changed_type)

        return PendingChange(prepare)

    def delete(self, event: str, ticket_type: str) -> PendingChange[None]:
        """Delete a ticket type; the site refuses, and says why, once tickets are sold.

        API document: "Delete Ticket type".
        """

        def make() -> Call[None]:
            path = f"{types_path(event)}{hex_of(ticket_type, 'ticket type')}/"
            return Call("DELETE", path, no_value, "ticket type")

        return removal_of(self._session, make)

    def _patch(
        self, event: str, before: TicketTypeDetails, after: TicketTypeDetails
    ) -> PreparedChange[TicketTypeDetails]:
        names = {each.name: each.api for each in field_info(TicketTypeDetails)}
        body = {names[name]: jsonable(getattr(after, name)) for name in changed(before, after)}

        def read(value: object) -> TicketTypeDetails:
            # The document's answer has not all that the list has.
            return read_type(_newest(before.raw, raw_of(value)))

        path, uuid = f"{types_path(event)}{before.uuid}/", before.uuid
        call = Call("PATCH", path, same(uuid, read), "ticket type", body=body)
        different = differences(before, after)
        return PreparedChange(call, lambda: self._session.send(call), different)

    async def _through_event(
        self,
        event: str,
        uuid: str,
        changed_type: Callable[[TicketTypeDetails], TicketTypeDetails],
    ) -> PreparedChange[TicketTypeDetails]:
        def changed_event(before: "EventDetails") -> "EventDetails":
            after = changed_type(_by_uuid(before.ticket_types, uuid))
            return before.replace(ticket_types=(after,))

        inner = await self._events.update(event, changed_event).prepare()

        async def send() -> TicketTypeDetails:
            return _by_uuid((await inner.send()).ticket_types, uuid)

        return PreparedChange(inner.call, send, inner.differences)


def _newest(before: Mapping[str, object], answer: Mapping[str, object]) -> dict[str, object]:
    """All that is known of a ticket type: what is left is told under either of two names."""
    if not any(name in answer for name in _STOCK):
        return {**before, **answer}
    old = {*_STOCK, *_SOLD_OUT}
    kept = {name: value for name, value in before.items() if name not in old}
    return {**kept, **answer}


def _by_uuid(ticket_types: Iterable[TicketTypeDetails], uuid: str) -> TicketTypeDetails:
    for each in ticket_types:
        if each.uuid == uuid:
            return each
    raise NotFound(f"no ticket type {uuid}", "The event has no such ticket type: refresh the list.")
