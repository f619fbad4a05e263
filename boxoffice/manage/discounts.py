"""Discount codes of an event, and of all events."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from boxoffice.manage.change_helpers import explained, named, shown_as_made
from boxoffice.manage.resource import Action, Resource, Values, Verb
from boxoffice.ticketbutler.changes import Difference, PreparedChange, pending
from boxoffice.ticketbutler.errors import NotFound, Refused
from boxoffice.ticketbutler.resources.discounts import DiscountCode, NewDiscountCode


class Discounts(Resource):
    name = "discounts"
    title = "Discount codes"
    one = "discount code"
    hint = "codes that buyers enter"
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
        return await self._organiser.discounts.list(event)

    @pending
    async def create(self, event: str | None, values: Values) -> PreparedChange[DiscountCode]:
        new = NewDiscountCode(**values)
        for known in named(await self.list(event), new.code, lambda row: row.code):
            raise Refused("a code of that name", f"There is a code “{known.code}” already.")
        change = self._organiser.discounts.create(event, [new])

        def made(codes: Sequence[DiscountCode]) -> DiscountCode:
            return shown_as_made(named(codes, new.code, lambda row: row.code))

        return (await change.prepare()).giving(made)

    @pending
    async def delete(self, event: str | None, key: str, reason: str = "") -> PreparedChange[None]:
        async def why() -> str:
            return _code_kept(await self.listed(event, key))

        change = self._organiser.discounts.delete(event, int(key))
        return explained(await change.prepare(), why, (Refused, NotFound))

    @pending
    async def toggle(
        self, event: str | None, key: str, values: Values
    ) -> PreparedChange[DiscountCode]:
        before: DiscountCode = await self.get(event, key)
        change = await self._organiser.discounts.toggle(event, int(key)).prepare()
        words = ("yes", "no") if before.active else ("no", "yes")
        # An answer need not tell all that the list does.
        toggled = change.giving(lambda answer: before.replace(active=answer.active))
        return replace(toggled, differences=(Difference("active", "Active", *words),))

    actions: ClassVar[Mapping[str, Action]] = {
        "toggle": Action("Switch it off, or on again", toggle),
    }

    def key(self, row: DiscountCode) -> str:
        return str(row.id)

    def called(self, row: DiscountCode) -> str:
        return row.code

    def as_key(self, wanted: str) -> str | None:
        return None  # a code may be made of digits, as its number is


def _code_kept(code: DiscountCode | None) -> str:
    """Why a discount code is not deleted. API document: "Delete discount codes"."""
    if code is None:
        return "The site has this discount code no more: it was deleted before."
    if not code.amount_times_applied:
        return ""
    times = code.amount_times_applied
    used = "once" if times == 1 else f"{times} times"
    return f"“{code.code}” has been used {used}, so the site keeps it: switch it off instead."
