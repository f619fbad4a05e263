"""Events, and what is sold for them: ticket types and discount codes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from boxoffice.domain.humanize import format_number
from boxoffice.domain.models import Event
from boxoffice.language import N_, _, ngettext
from boxoffice.manage.change_helpers import created_row, explained, named, needed
from boxoffice.manage.resource import Action, Resource, Values, Verb
from boxoffice.ticketbutler.changes import PendingChange, PreparedChange, pending
from boxoffice.ticketbutler.edits import Difference
from boxoffice.ticketbutler.errors import NotFound, Refused
from boxoffice.ticketbutler.resources.discounts import DiscountCode, NewDiscountCode
from boxoffice.ticketbutler.resources.event_models import EventDetails, NewEvent
from boxoffice.ticketbutler.resources.ticket_types import NewTicketType, TicketTypeDetails


class Events(Resource):
    name = "events"
    title = N_("Events")
    one = N_("event")
    hint = N_("make, change, delete, go to another")
    model = EventDetails
    new = NewEvent
    columns = ("title", "start", "expired", "currency", "members_only")
    apart = frozenset({"ticket_types"})
    of_event = False
    needs_reason = True
    examples: ClassVar[Mapping[str, str]] = {
        "list": "--find jazz",
        "show": "“Summer concert”",
        "create": "--set title=Jazz --set start=2030-06-01T19:00+02:00",
        "update": "“Summer concert” --set settings.ticket_limit=6 --dry-run",
        "delete": "Jazz --reason “Cancelled by the band” --yes Jazz",
    }

    async def list(self, event: str | None = None) -> Sequence[EventDetails]:
        """Those that are over come too, and say so; deleted ones do not."""
        return await self._client.events.list_details(old=True)

    async def get(self, event: str | None, key: str) -> EventDetails:
        return await self._client.events.get_details(key)

    def create(self, event: str | None, values: Values) -> PendingChange[EventDetails]:
        return self._client.events.create(NewEvent(**values))

    def edit(self, event: str | None, key: str, values: Values) -> PendingChange[EventDetails]:
        return self._client.events.update(key, **values)

    @pending
    async def delete(self, event: str | None, key: str, reason: str = "") -> PreparedChange[None]:
        change = await self._client.events.delete(key, reason).prepare()
        types = await self._client.ticket_types.list_details(key)
        sold = sum(kind.sold or 0 for kind in types)
        return replace(change, differences=(Difference("sold", _("Tickets sold"), f"{sold}", "0"),))

    def may_change(self, row: EventDetails) -> bool:
        return row.team_organiser is not False

    def event_of(self, row: EventDetails) -> Event:
        return Event(row.uuid, row.title, row.start, row.end, row.timezone or None)


class TicketTypes(Resource):
    name = "ticket-types"
    title = N_("Ticket types")
    one = N_("ticket type")
    hint = N_("price, stock, active, members only")
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
        return await self._client.ticket_types.list_details(needed(event))

    def create(self, event: str | None, values: Values) -> PendingChange[TicketTypeDetails]:
        return self._client.ticket_types.create(needed(event), NewTicketType(**values))

    @pending
    async def edit(
        self, event: str | None, key: str, values: Values
    ) -> PreparedChange[TicketTypeDetails]:
        change = await self._client.ticket_types.update(needed(event), key, **values).prepare()

        async def why() -> str:
            _, after = change.edit or (None, None)
            wanted = {name: getattr(after, name, None) for name in values}
            return _stock_refused(await self.listed(event, key), wanted)

        return explained(change, why)

    @pending
    async def delete(self, event: str | None, key: str, reason: str = "") -> PreparedChange[None]:
        async def why() -> str:
            return _why_type_stays(await self.listed(event, key))

        change = self._client.ticket_types.delete(needed(event), key)
        return explained(await change.prepare(), why)

    @classmethod
    def meant(cls, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """What is left follows from the total: written back, it would undo what is sold since."""
        left, total, sold = (given.get(name) for name in ("amount", "amount_total", "amount_sold"))
        if isinstance(left, int) and isinstance(total, int) and isinstance(sold, int):
            follows = left == max(total - sold, 0)
            return {name: given[name] for name in given if name != "amount" or not follows}
        return given


def _stock_refused(kind: TicketTypeDetails | None, values: Values) -> str:
    """Why a ticket type is not changed so. API document: "Update Ticket Type"."""
    if kind is None or not kind.amount_sold:
        return ""
    sold = kind.amount_sold
    total, left = values.get("amount_total"), values.get("amount")
    if (total is not None and total <= sold) or (left is not None and left <= 0):
        return _(
            "{kind}, and the site takes only a total above that: give {sold} or more, or "
            "make the type inactive to stop its sale."
        ).format(kind=_sold(kind), sold=sold + 1)
    if values.get("price", kind.price) != kind.price:
        return _(
            "{kind}, so the site keeps the price: make a new ticket type with the new "
            "price, and this one inactive."
        ).format(kind=_sold(kind))
    return ""


def _why_type_stays(kind: TicketTypeDetails | None) -> str:
    if kind is None or not kind.amount_sold:
        return ""
    return _(
        "{kind}, so the site keeps the type: make it inactive instead, which stops its sale."
    ).format(kind=_sold(kind))


def _sold(kind: TicketTypeDetails) -> str:
    count = kind.amount_sold or 0
    sold = ngettext("1 ticket of “{title}” is sold", "{n} tickets of “{title}” are sold", count)
    return sold.format(n=format_number(count), title=kind.title)


class Discounts(Resource):
    name = "discounts"
    title = N_("Discount codes")
    one = N_("discount code")
    name_field = "code"
    hint = N_("codes that buyers enter")
    model = DiscountCode
    new = NewDiscountCode
    columns = (
        *("code", "amount", "discount_type", "usage_tickets_limit", "amount_times_applied"),
        "active",
    )
    generic = True
    verbs = frozenset({Verb.LIST, Verb.SHOW, Verb.CREATE, Verb.DELETE})
    examples: ClassVar[Mapping[str, str]] = {
        "list": "--generic",
        "show": "SUMMER",
        "create": "--set code=SUMMER --set amount=50 --set usage_tickets_limit=100",
        "delete": "SUMMER --yes SUMMER",
        "toggle": "SUMMER --dry-run",
    }

    async def list(self, event: str | None = None) -> Sequence[DiscountCode]:
        return await self._client.discounts.list(event)

    @pending
    async def create(self, event: str | None, values: Values) -> PreparedChange[DiscountCode]:
        new = NewDiscountCode(**values)
        for known in named(await self.list(event), new.code, lambda row: row.code):
            raise Refused(
                "a code of that name",
                _("There is a code “{code}” already.").format(code=known.code),
            )
        change = self._client.discounts.create(event, [new])

        def made(codes: Sequence[DiscountCode]) -> DiscountCode:
            return created_row(named(codes, new.code, lambda row: row.code))

        return (await change.prepare()).giving(made)

    @pending
    async def delete(self, event: str | None, key: str, reason: str = "") -> PreparedChange[None]:
        async def why() -> str:
            return _why_code_stays(await self.listed(event, key))

        change = self._client.discounts.delete(event, int(key))
        return explained(await change.prepare(), why, (Refused, NotFound))

    @pending
    async def toggle(
        self, event: str | None, key: str, values: Values
    ) -> PreparedChange[DiscountCode]:
        before: DiscountCode = await self.get(event, key)
        change = await self._client.discounts.toggle(event, int(key)).prepare()
        words = {"yes": _("yes"), "no": _("no")}
        now, then = words if before.active else reversed(words)
        # An answer need not tell all that the list does.
        toggled = change.giving(lambda answer: before.replace(active=answer.active))
        different = Difference("active", _("Active"), now, then, words)
        return replace(toggled, differences=(different,))

    actions: ClassVar[Mapping[str, Action]] = {
        "toggle": Action(N_("Switch it off, or on again"), toggle),
    }

    def key(self, row: DiscountCode) -> str:
        return str(row.id)

    def as_key(self, wanted: str) -> str | None:
        return None  # a code may be made of digits, as its number is


def _why_code_stays(code: DiscountCode | None) -> str:
    """Why a discount code is not deleted. API document: "Delete discount codes"."""
    if code is None:
        return _("The site has this discount code no more: it was deleted before.")
    if not code.amount_times_applied:
        return ""
    used = ngettext(
        "“{code}” has been used once, so the site keeps it: switch it off instead.",
        "“{code}” has been used {n} times, so the site keeps it: switch it off instead.",
        code.amount_times_applied,
    )
    return used.format(code=code.code, n=code.amount_times_applied)
