"""Ticket types: what an event sells. API document: "Ticket types".

A part of them is changed one by one, the rest with their event, which is written with all of them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pydantic import AliasChoices, Field

from boxoffice.domain.models import TicketType
from boxoffice.domain.text import clean
from boxoffice.language import N_, _
from boxoffice.ticketbutler import fields
from boxoffice.ticketbutler.changes import Endpoints, PendingChange, PreparedChange, done, pending
from boxoffice.ticketbutler.edits import ListEdit, apply_edit, differences, what_differs
from boxoffice.ticketbutler.errors import NotFound, Refused
from boxoffice.ticketbutler.record import (
    Record,
    changed,
    changed_values,
    field_info,
    jsonable,
    raw_of,
    read_one,
    read_some,
)
from boxoffice.ticketbutler.wire import Call, WrongShape, hex_of, no_value, same

if TYPE_CHECKING:
    from boxoffice.ticketbutler.session import Session

STOCK = frozenset({"amount", "amount_total"})
PATCHED = STOCK | {"title", "price", "members_only"}
"""The fields that one ticket type's own update takes; the others need an update of the event."""

LEFT = ("amount", "amount_left")
"""Names under which an answer tells what is left."""

_NUMBERS = STOCK | {"price"}
_LEFT_OR_NONE = {*LEFT, "sold_out", "is_temporarily_sold_out"}

NO_SUCH_TYPE = N_("The event has no such ticket type: refresh the list.")


class TicketTypeDetails(Record):
    """A kind of ticket. Without a pk it is new, or the answer did not tell it.

    The document has what is left as `amount`, the live service as `amount_left`.
    """

    pk: fields.Number = Field(None, title="Number", validation_alias=AliasChoices("pk", "id"))
    uuid: fields.UuidOrEmpty = Field("", title="Id")
    """Empty: it is new, or the answer to its making did not tell it."""
    title: fields.Text = fields.editable("", title="Title", required=True)
    price: fields.Price = fields.editable(
        None, title="Price", description="Fixed once a ticket is sold."
    )
    amount: fields.Count = fields.editable(
        None,
        title="Left",
        description="Tickets that can still be sold. Give this or the total, not both.",
        validation_alias=AliasChoices("amount_left", "amount"),
        serialization_alias="amount",
    )
    amount_sold: fields.Count = Field(None, title="Sold")
    amount_total: fields.Count = fields.editable(
        None,
        title="Total",
        description="Tickets sold and still to be sold. Give this or what is left, not both.",
    )
    active: fields.BoolDefaultTrue = fields.editable(True, title="Active")
    members_only: fields.BoolDefaultFalse = fields.editable(
        False, title="Members only", validation_alias="is_members_only"
    )
    description: fields.Lines = fields.editable("", title="Description")
    start: fields.Moment = fields.editable(
        None,
        title="Valid on",
        description="The one day its tickets are for; empty: the event's.",
        validation_alias="start_date",
    )
    sort_id: fields.Number = fields.editable(
        None, title="Order of ticket types", description="The lowest number comes first."
    )
    sold_out: fields.BoolDefaultFalse = Field(False, title="Sold out")
    paused: fields.BoolDefaultFalse = Field(
        False, title="Sold out now", validation_alias="is_temporarily_sold_out"
    )
    on_sale: fields.OptionalBool = Field(None, title="On sale", validation_alias="is_on_sale")
    sales_start: fields.Moment = Field(
        None, title="Sale begins", validation_alias="sales_start_date"
    )
    sales_end: fields.Moment = Field(None, title="Sale ends", validation_alias="sales_end_date")
    fee: fields.Price = Field(None, title="Fee")

    @property
    def sold(self) -> int | None:
        """How many are sold, told or reckoned; None: not known."""
        if self.amount_sold is not None or self.amount_total is None or self.amount is None:
            return self.amount_sold
        return max(0, self.amount_total - self.amount)

    @property
    def in_baskets(self) -> int | None:
        """How many lie in baskets that are not paid yet; None: not known."""
        if self.amount_total is None or self.amount_sold is None or self.amount is None:
            return None
        return max(0, self.amount_total - self.amount_sold - self.amount)

    def refuse_impossible(self, after: "TicketTypeDetails") -> None:
        """Refuse to take a price or a stock away, which sites pass over as if it were done.

        And to give what is left beside the total.
        """
        names = set(changed(self, after))
        for info in field_info(TicketTypeDetails):
            if info.name in names & _NUMBERS and getattr(after, info.name) is None:
                sentence = _(
                    "Give a number for “{label}”: to sell no more, make the ticket type inactive."
                )
                raise Refused(f"no {info.name}", sentence.format(label=info.label))
        if names >= STOCK:
            raise Refused("amount and amount_total", _("Give the total or what is left, not both."))

    def stock_change(self, after: "TicketTypeDetails") -> dict[str, object]:
        """What its own update says of its stock; empty: that is the same.

        It is not written with the event: what is left of a type that is sold meanwhile would be
        written back as it was, and sites differ in how they read that. Raises Refused where the
        total is smaller than what is sold.
        """
        different = {name: getattr(after, name) for name in STOCK & set(changed(self, after))}
        if (total := different.get("amount_total")) is not None and total < (self.sold or 0):
            sentence = _("{sold} tickets are sold: the total cannot be smaller than that.")
            raise Refused("fewer than sold", sentence.format(sold=self.sold))
        return different

    def as_ticket_type(self) -> TicketType:
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
    title: fields.Text = fields.editable(title="Title", required=True)
    price: fields.NeededMoney = fields.editable(
        Decimal(0), title="Price", description="0: it is free."
    )
    amount_total: fields.NeededCount = fields.editable(0, title="Total", required=True)
    members_only: fields.BoolDefaultFalse = fields.editable(
        False, title="Members only", validation_alias="is_members_only"
    )

    def payload(self) -> dict[str, object]:
        """What makes it. Raises Refused where it has no title."""
        if not self.title.strip():
            raise Refused("no title", _("The ticket type needs a title."))
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


def read_some_types(value: object) -> list[TicketTypeDetails]:
    """API document: "Get event ticket types". Those that can be read."""
    return read_some(value, read_known_type, "ticket types")


def read_types(value: object) -> list[TicketTypeDetails]:
    """API document: "Get event ticket types". All of them, since they are written back."""
    if not isinstance(value, list):
        raise WrongShape("no list of ticket types")
    return [read_known_type(row) for row in value]


class TicketTypes(Endpoints):
    """API document: "Ticket types"."""

    def __init__(self, session: "Session", update_event: Callable[..., PendingChange[Any]]) -> None:
        super().__init__(session)
        self._update_event = update_event

    async def list(self, event: str) -> Sequence[TicketType]:
        """What an event sells, as far as it can be read. API document: "Get event ticket types"."""
        found = await self._session.send(types_call(event, read_some_types))
        return [kind.as_ticket_type() for kind in found]

    async def list_details(self, event: str) -> Sequence[TicketTypeDetails]:
        """All of them, inactive ones too. API document: "Get event ticket types"."""
        return await self._session.send(types_call(event))

    async def get_details(self, event: str, ticket_type: str) -> TicketTypeDetails:
        """One ticket type. The document's answer lacks its pk, and whether it is active.

        API document: "Get Specific Ticket Type".
        """
        read = same(hex_of(ticket_type, "ticket type"), read_type)
        return await self._session.send(Call("GET", _one(event, ticket_type), read, "ticket type"))

    @pending
    async def create(self, event: str, new: NewTicketType) -> PreparedChange[TicketTypeDetails]:
        """Make a ticket type. API document: "Create Ticket Type".

        The answer need not tell its uuid.
        """
        call = Call("POST", _path(event), read_type, "event", body=new.payload())
        return self._prepared(call, differences(None, new))

    @pending
    async def update(
        self, event: str, ticket_type: str, **values: Any
    ) -> PreparedChange[TicketTypeDetails]:
        """Change fields of one ticket type: values, or edits of what the site has (`apply_edit`).

        API document: "Update Ticket Type"; what that does not take (active, description, day,
        place) goes by "Update event", with all the other ticket types.

        Stock is given as `amount` (what is left) or `amount_total` (with those sold), not both.
        The total is the safer: it stays right when a ticket is sold meanwhile.

        Raises ValueError for a field that may not be changed, and Refused where both are given, or
        by the site: the price of what is sold, fewer than sold.
        """
        uuid = hex_of(ticket_type, "ticket type")
        before = _by_uuid(await self.list_details(event), uuid)
        after = apply_edit(before, values)
        what_differs(before, after)
        before.refuse_impossible(after)
        if set(changed(before, after)) <= PATCHED:

            def read(value: object) -> TicketTypeDetails:
                # The document's answer has not all that the list has.
                return read_type(newest(before.raw, raw_of(value)))

            path = _one(event, uuid)
            body = changed_values(before, after)
            call = Call("PATCH", path, same(uuid, read), "ticket type", body=body)
            return self._edited(call, before, after)
        change = self._update_event(event, ticket_types=ListEdit({uuid: values}))
        inner: PreparedChange[Any] = await change.prepare()
        changed_type = inner.giving(lambda event: _by_uuid(event.ticket_types, uuid))
        return replace(changed_type, edit=(before, after))

    @pending
    async def delete(self, event: str, ticket_type: str) -> PreparedChange[None]:
        """Delete a ticket type; the site refuses, and says why, once tickets are sold.

        API document: "Delete Ticket type".
        """
        call = Call("DELETE", _one(event, ticket_type), no_value, "ticket type")
        return self._prepared(call, read=done)


def _path(event: str) -> str:
    return f"events/{hex_of(event, 'event')}/ticket-types/"


def _one(event: str, ticket_type: str) -> str:
    return f"{_path(event)}{hex_of(ticket_type, 'ticket type')}/"


def types_call(
    event: str, read: Callable[[object], list[TicketTypeDetails]] = read_types
) -> Call[list[TicketTypeDetails]]:
    """API document: "Get event ticket types"."""
    return Call("GET", _path(event), read, "event")


def newest(before: Mapping[str, object], answer: Mapping[str, object]) -> dict[str, object]:
    """All that is known of a ticket type: what is left is told under either of two names."""
    old = _LEFT_OR_NONE if answer.keys() & LEFT else ()
    return {**{name: before[name] for name in before if name not in old}, **answer}


def _by_uuid(ticket_types: Iterable[TicketTypeDetails], uuid: str) -> TicketTypeDetails:
    for kind in ticket_types:
        if kind.uuid == uuid:
            return kind
    raise NotFound(f"no ticket type {uuid}", _(NO_SUCH_TYPE))
