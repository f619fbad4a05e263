"""Ticket types of an event."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from boxoffice.manage.change_helpers import explained, needed
from boxoffice.manage.resource import Resource, Values
from boxoffice.ticketbutler.changes import PendingChange, PreparedChange, pending
from boxoffice.ticketbutler.resources.ticket_types import NewTicketType, TicketTypeDetails


class TicketTypes(Resource):
    name = "ticket-types"
    title = "Ticket types"
    one = "ticket type"
    hint = "price, stock, active, members only"
    model = TicketTypeDetails
    new = NewTicketType
    columns = ("title", "price", "amount", "amount_sold", "amount_total", "active", "members_only")
    begins = ("amount_total", "amount")
    examples: ClassVar[Mapping[str, str]] = {
        "list": "--event jazz",
        "show": "Standard --json",
        "create": "--set title=VIP --set price=450 --set amount_total=20",
        "update": "Standard --set amount_total=250 --dry-run",
        "delete": "VIP --yes VIP",
    }

    async def list(self, event: str | None = None) -> Sequence[TicketTypeDetails]:
        return await self._organiser.ticket_types.list(needed(event))

    def create(self, event: str | None, values: Values) -> PendingChange[TicketTypeDetails]:
        return self._organiser.ticket_types.create(needed(event), NewTicketType(**values))

    @pending
    async def edit(
        self, event: str | None, key: str, values: Values
    ) -> PreparedChange[TicketTypeDetails]:
        change = await self._organiser.ticket_types.update(needed(event), key, **values).prepare()

        async def why() -> str:
            _, after = change.edit or (None, None)
            wanted = {name: getattr(after, name, None) for name in values}
            return _stock_refused(await self.listed(event, key), wanted)

        return explained(change, why)

    @pending
    async def delete(self, event: str | None, key: str, reason: str = "") -> PreparedChange[None]:
        async def why() -> str:
            return _type_kept(await self.listed(event, key))

        change = self._organiser.ticket_types.delete(needed(event), key)
        return explained(await change.prepare(), why)

    @classmethod
    def meant(cls, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """What is left follows from the total: written back, it would undo what is sold since."""
        left, total, sold = (given.get(name) for name in ("amount", "amount_total", "amount_sold"))
        if isinstance(left, int) and isinstance(total, int) and isinstance(sold, int):
            follows = left == max(total - sold, 0)
            return {name: given[name] for name in given if name != "amount" or not follows}
        return given

    def called(self, row: TicketTypeDetails) -> str:
        return row.title


def _stock_refused(kind: TicketTypeDetails | None, values: Values) -> str:
    """Why a ticket type is not changed so. API document: "Update Ticket Type"."""
    if kind is None or not kind.amount_sold:
        return ""
    sold = kind.amount_sold
    total, left = values.get("amount_total"), values.get("amount")
    if (total is not None and total <= sold) or (left is not None and left <= 0):
        return (
            f"{_sold(kind)}, and the site takes only a total above that: give {sold + 1} or more, "
            "or make the type inactive to stop its sale."
        )
    if values.get("price", kind.price) != kind.price:
        return (
            f"{_sold(kind)}, so the site keeps the price: make a new ticket type with the new "
            "price, and this one inactive."
        )
    return ""


def _type_kept(kind: TicketTypeDetails | None) -> str:
    """Why a ticket type is not deleted."""
    if kind is None or not kind.amount_sold:
        return ""
    return (
        f"{_sold(kind)}, so the site keeps the type: make it inactive instead, which stops its "
        "sale."
    )


def _sold(kind: TicketTypeDetails) -> str:
    count = kind.amount_sold or 0
    sold = "1 ticket" if count == 1 else f"{count:,} tickets"
    return f"{sold} of “{kind.title}” {'is' if count == 1 else 'are'} sold"
