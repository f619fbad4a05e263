"""Discount codes of an event, and of all events.

API document: "Discount codes", "Generic Discount codes". The document writes their paths in two
ways, and the live service has been seen to use a third: where nothing is at the first, the next is
asked, and what answered is remembered for as long as the client lives.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from boxoffice.organiser import DiscountCode, NewDiscountCode, differences
from boxoffice.ticketbutler.calls import hex_of
from boxoffice.ticketbutler.changes import PendingChange, PreparedChange, done, refuse
from boxoffice.ticketbutler.errors import NoPage, NotFound
from boxoffice.ticketbutler.organiser_base import Calls
from boxoffice.ticketbutler.organiser_shapes import read_code, read_codes
from boxoffice.ticketbutler.wire import Call, Reply, WrongShape, result

if TYPE_CHECKING:
    from boxoffice.ticketbutler.session import Session

T = TypeVar("T")

_OF_EVENT = (
    "events/{event}/discount-code/",
    "{event}/discount-code/",
    "events/{event}/discount-codes/",
    "{event}/discount-codes/",
)
_GENERIC = ("discount-code/", "discount-codes/")
_NO_CODE = (
    "The site has no such discount code, or it has been used: a used one cannot be deleted, but it "
    "can be switched off."
)


class _Use(StrEnum):
    LIST = "list"
    CREATE = "create"
    ONE = "one"


class DiscountCalls(Calls):
    """API document: "Discount codes", "Generic Discount codes"; `event` None: the generic ones."""

    def __init__(self, client: "Session") -> None:
        super().__init__(client)
        self._answered: dict[tuple[bool, _Use], str] = {}

    async def discount_codes(self, event: str | None = None) -> list[DiscountCode]:
        """The codes of an event, or those for all events.

        API document: "Get event discount codes", "Get discount codes".
        """
        paths = self._paths(event, _Use.LIST)
        return await self._ask(
            event, _Use.LIST, [Call("GET", path, read_codes, "event") for path in paths], result
        )

    def create_discount_codes(
        self, event: str | None, codes: Sequence[NewDiscountCode]
    ) -> PendingChange[list[DiscountCode]]:
        """Make codes for an event, or for all events. API document: "Create a discount code".

        Raises:
            Refused: none is given, one has no code, or more than two decimals. Nothing was sent.

        """

        async def prepare() -> PreparedChange[list[DiscountCode]]:
            if not codes or not all(each.code.strip() for each in codes):
                raise refuse("no code", "Give each discount a code that buyers can enter.")
            if any(each.amount != round(each.amount, 2) for each in codes):
                raise refuse("a part of a cent", "A discount has two decimals at most.")
            body = [_row(each) for each in codes]
            calls: list[Call[list[DiscountCode]]] = [
                Call("POST", path, read_codes, "event", body=body)
                for path in self._paths(event, _Use.CREATE)
            ]

            async def send() -> list[DiscountCode]:
                return await self._ask(event, _Use.CREATE, calls, result)

            made = tuple(each for code in codes for each in differences(None, code))
            return PreparedChange(calls[0], send, made)

        return PendingChange(prepare)

    def toggle_discount_code(self, event: str | None, code: int) -> PendingChange[DiscountCode]:
        """Switch a code off, or on again. API document: "Toggle discount code"."""

        def read(value: object) -> DiscountCode:
            told = read_code(value)
            # The document's own example answers with another number than was asked for.
            return replace(told, id=code)

        async def prepare() -> PreparedChange[DiscountCode]:
            calls = [
                Call("POST", path, read, "discount code")
                for path in self._paths(event, _Use.ONE, code)
            ]

            async def send() -> DiscountCode:
                return await self._ask(event, _Use.ONE, calls, result)

            return PreparedChange(calls[0], send)

        return PendingChange(prepare)

    def delete_discount_code(self, event: str | None, code: int) -> PendingChange[None]:
        """Delete a code that nobody has used. API document: "Delete discount codes".

        Raises:
            NotFound: there is none, or it has been used: its sentence says both.

        """

        async def prepare() -> PreparedChange[None]:
            calls: list[Call[None]] = [
                Call("DELETE", path, _nothing, "discount code", says={404: _NO_CODE})
                for path in self._paths(event, _Use.ONE, code)
            ]

            async def send() -> None:
                await self._ask(event, _Use.ONE, calls, done)

            return PreparedChange(calls[0], send)

        return PendingChange(prepare)

    def _paths(self, event: str | None, use: _Use, code: int | None = None) -> list[str]:
        """Where it may be, most likely first: one place once it is known."""
        uuid = hex_of(event, "event") if event is not None else ""
        known = self._answered.get((event is None, use))
        forms = [known] if known else list(_OF_EVENT if event is not None else _GENERIC)
        one = f"{code:d}/" if code is not None else ""
        return [form.format(event=uuid) + one for form in forms]

    async def _ask(
        self,
        event: str | None,
        use: _Use,
        calls: Sequence[Call[Any]],
        read: Callable[[Call[Any], Reply], T],
    ) -> T:
        """The answer of the first place where there is something; else the first one's error."""
        missing: NotFound | NoPage | None = None
        for at, call in enumerate(calls):
            try:
                told: T = await self._client.send(call, read)
            except (NotFound, NoPage) as error:
                if missing is None or isinstance(missing, NoPage) > isinstance(error, NoPage):
                    missing = error  # the API's own word counts for more than a page
                continue
            if len(calls) > 1:
                forms = _GENERIC if event is None else _OF_EVENT
                self._answered[event is None, use] = forms[at]
            return told
        if missing is None:
            raise WrongShape("nowhere to ask")
        raise missing


def _row(code: NewDiscountCode) -> dict[str, object]:
    row: dict[str, object] = {
        "amount": f"{code.amount:.2f}",
        "code": code.code.strip(),
        "usage_tickets_limit": code.usage_tickets_limit,
        "discount_type": code.discount_type,
    }
    if code.ticket_type_uuid:
        row["ticket_type_uuid"] = hex_of(code.ticket_type_uuid, "ticket type")
    return row


def _nothing(_value: object) -> None:
    return None
