"""Discount codes of an event, and of all events.

API document: "Discount codes", "Generic Discount codes". The document writes their paths in two
ways, and the live service has been seen to use a third: where nothing is at the first, the next is
asked, and what answered is remembered for as long as the client lives.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, TypeVar
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field

from boxoffice.domain import discount as domain
from boxoffice.domain.discount import PER_TICKET, PERCENTAGE
from boxoffice.domain.text import clean
from boxoffice.language import N_, _
from boxoffice.ticketbutler import fields
from boxoffice.ticketbutler.changes import Endpoints, PreparedChange, done, pending
from boxoffice.ticketbutler.edits import differences
from boxoffice.ticketbutler.errors import (
    Forbidden,
    NoPage,
    NotAllowed,
    NotFound,
    Refused,
    TicketbutlerError,
)
from boxoffice.ticketbutler.fields import ChoiceLabels
from boxoffice.ticketbutler.record import Record, raw_of, read_one, read_some
from boxoffice.ticketbutler.wire import Call, Reply, WrongShape, hex_of, no_value, result

if TYPE_CHECKING:
    from boxoffice.ticketbutler.session import Session

log = logging.getLogger(__name__)

T = TypeVar("T")

TYPES: ChoiceLabels = MappingProxyType(
    {PER_TICKET: N_("for each ticket"), PERCENTAGE: N_("per cent of the price")}
)
"""The one of the document and the one of the live service; what others there are, a site knows."""
MOST_PAGES = 100

_LIMIT = N_("How many tickets it can be applied to.")
_TYPE = N_("The ticket type it is for; empty: all of them.")
_OF_EVENT = (
    "events/{event}/discount-code/",
    "{event}/discount-code/",
    "events/{event}/discount-codes/",
    "{event}/discount-codes/",
)
_GENERIC = ("discount-code/", "discount-codes/")
_NO_CODE = N_(
    "The site has no such discount code, or it has been used: a used one cannot be "
    "deleted, but it can be switched off."
)


class DiscountCode(Record):
    id: fields.NeededCount = Field(title="Number")
    code: fields.Line = Field("", title="Code")
    amount: fields.Money = Field(
        None, title="Discount", description="An amount, or per cent, as its type says."
    )
    discount_type: Annotated[fields.Line, fields.Choices(TYPES, others=True)] = Field(
        "", title="Type"
    )
    usage_tickets_limit: fields.Count = Field(None, title="Tickets", description=_LIMIT)
    amount_times_applied: fields.Count = Field(
        None,
        title="Used",
        validation_alias=AliasChoices("amount_times_applied", "amount_tickets_applied"),
    )
    active: fields.BoolDefaultTrue = Field(True, title="Active")
    ticket_type_uuid: fields.OptionalUuid = Field(None, title="Ticket type", description=_TYPE)
    start: fields.Moment = Field(None, title="From", validation_alias="start_date")
    end: fields.Moment = Field(None, title="Until", validation_alias="end_date")
    usage_limit_per_event: fields.Count = Field(None, title="Tickets of one event, at most")
    total_revenue: fields.Money = Field(None, title="Sold with it")
    group_name: fields.Line = Field("", title="Group")

    def as_code(self) -> domain.DiscountCode:
        limits = (self.usage_tickets_limit, self.usage_limit_per_event or None)
        known = [limit for limit in limits if limit is not None]
        return domain.DiscountCode(
            code=self.code,
            amount=self.amount,
            kind=self.discount_type,
            left=max(0, min(known) - (self.amount_times_applied or 0)) if known else None,
            active=self.active,
            ticket_type=self.ticket_type_uuid,
            start=self.start,
            end=self.end,
        )


class NewDiscountCode(Record):
    code: fields.Line = fields.editable(title="Code", required=True)
    amount: fields.NeededMoney = fields.editable(
        title="Discount", description="An amount, or per cent, as its type says.", required=True
    )
    usage_tickets_limit: fields.NeededCount = fields.editable(
        1, title="Tickets", description=_LIMIT, required=True
    )
    discount_type: Annotated[fields.Line, fields.Choices(TYPES, others=True)] = fields.editable(
        PER_TICKET, title="Type"
    )
    ticket_type_uuid: fields.OptionalUuid = fields.editable(
        None, title="Ticket type", description=_TYPE
    )

    def payload(self) -> dict[str, object]:
        """What makes it. Raises Refused where it has no code, or more than two decimals."""
        if not self.code.strip():
            raise Refused("no code", _("Give each discount a code that buyers can enter."))
        if self.amount != round(self.amount, 2):
            raise Refused("a part of a cent", _("A discount has two decimals at most."))
        row: dict[str, object] = {
            "amount": f"{self.amount:.2f}",
            "code": self.code.strip(),
            "usage_tickets_limit": self.usage_tickets_limit,
            "discount_type": self.discount_type,
        }
        if self.ticket_type_uuid:
            row["ticket_type_uuid"] = hex_of(self.ticket_type_uuid, "ticket type")
        return row


def read_code(value: object) -> DiscountCode:
    """API document: "Toggle discount code"."""
    return read_one(DiscountCode, value)


def read_codes(value: object) -> list[DiscountCode]:
    """API document: "Create a discount code": a list of them, or one alone."""
    rows = [value] if isinstance(value, dict) else value
    return read_some(rows, read_code, "discount codes")


def read_page(value: object) -> tuple[list[DiscountCode], str]:
    """Codes, and the query of the next page; empty: there is none.

    API document: "Get discount codes", where all of them are one list.
    """
    if isinstance(value, list):
        return read_codes(value), ""
    page = raw_of(value)
    try:
        after = urlsplit(clean(page.get("next"), 1000)).query
    except ValueError:
        raise WrongShape("a next page at no address") from None
    return read_codes(page.get("results")), after


class _Use(StrEnum):
    LIST = "list"
    CREATE = "create"
    ONE = "one"


class Discounts(Endpoints):
    """API document: "Discount codes", "Generic Discount codes"; `event` None: the generic ones."""

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._answered: dict[tuple[bool, _Use], str] = {}

    async def good_at(self, event: str) -> Sequence[domain.DiscountCode]:
        """The codes that are good at an event: its own, and those for all events.

        A site that has none of either says that there is no such list.
        """
        found: dict[str, domain.DiscountCode] = {}
        for whose in (None, event):
            try:
                found |= {code.code: code.as_code() for code in await self.list(whose)}
            except (NotFound, NoPage, NotAllowed) as error:
                log.info("no discount codes of %s: %s", whose or "all events", error)
            except Forbidden:
                if whose is not None:
                    raise
        return tuple(found.values())

    async def list(self, event: str | None = None) -> Sequence[DiscountCode]:
        """The codes of an event, or those for all events, of all pages.

        API document: "Get event discount codes", "Get discount codes".
        """
        found: dict[int, DiscountCode] = {}
        query, asked = "", {""}
        while True:
            call = Call("GET", "", read_page, "event", query=query)
            codes, query = await self._send(event, _Use.LIST, call)
            found |= {code.id: code for code in codes}
            if not query or query in asked or len(asked) >= MOST_PAGES:
                return tuple(found.values())
            asked.add(query)

    @pending
    async def create(
        self, event: str | None, codes: Sequence[NewDiscountCode]
    ) -> PreparedChange[Sequence[DiscountCode]]:
        """Make codes for an event, or for all events. API document: "Create a discount code".

        Raises Refused, and sends nothing, where none is given, or one has no code or more than two
        decimals.
        """
        if not codes:
            raise Refused("no code", _("Give each discount a code that buyers can enter."))
        body = [item.payload() for item in codes]
        call: Call[Sequence[DiscountCode]] = Call("POST", "", read_codes, "event", body=body)
        made = tuple(difference for code in codes for difference in differences(None, code))
        return replace(self._change(event, _Use.CREATE, call), differences=made)

    @pending
    async def toggle(self, event: str | None, code: int) -> PreparedChange[DiscountCode]:
        """Switch a code off, or on again. API document: "Toggle discount code"."""

        def read(value: object) -> DiscountCode:
            # The document's own example answers with another number than was asked for.
            return read_code(value).replace(id=code)

        call = Call("POST", f"{code:d}/", read, "discount code")
        return self._change(event, _Use.ONE, call)

    @pending
    async def delete(self, event: str | None, code: int) -> PreparedChange[None]:
        """Delete a code that nobody has used. API document: "Delete discount codes".

        Raises NotFound where there is none, or it has been used: its sentence says both.
        """
        sentences = {404: _NO_CODE}
        call: Call[None] = Call(
            "DELETE", f"{code:d}/", no_value, "discount code", sentences=sentences
        )
        return self._change(event, _Use.ONE, call, done)

    def _change(
        self,
        event: str | None,
        use: _Use,
        call: Call[T],
        read: Callable[[Call[T], Reply], T] = result,
    ) -> PreparedChange[T]:
        """A change that is one call; its path is below the place where `use` is made of codes."""
        likely = next(iter(self._places(event, use).values()))
        below = call._replace(path=likely + call.path)
        return PreparedChange(below, lambda: self._send(event, use, call, read))

    def _places(self, event: str | None, use: _Use) -> Mapping[str, str]:
        """By its form, where it may be, most likely first: one place once it is known."""
        uuid = hex_of(event, "event") if event is not None else ""
        known = self._answered.get((event is None, use))
        forms = (known,) if known else _GENERIC if event is None else _OF_EVENT
        return {form: form.format(event=uuid) for form in forms}

    async def _send(
        self,
        event: str | None,
        use: _Use,
        call: Call[T],
        read: Callable[[Call[T], Reply], T] = result,
    ) -> T:
        """The answer of the first place where there is something; else the first one's error."""
        missing: list[TicketbutlerError] = []
        for form, path in self._places(event, use).items():
            try:
                answer = await self._session.send(call._replace(path=path + call.path), read)
            except (NotFound, NoPage, NotAllowed) as error:
                missing.append(error)
            else:
                self._answered[event is None, use] = form
                return answer
        raise max(missing, key=_weight)


def _weight(error: Exception) -> int:
    """The API's own word counts for more than a page."""
    return isinstance(error, NotFound) * 2 + isinstance(error, NotAllowed)
