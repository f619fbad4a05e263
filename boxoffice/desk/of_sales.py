"""Orders, tickets and discount codes."""

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from boxoffice.desk import answers
from boxoffice.desk.models import ADDRESS, AnswerRow, NewAnswer, NewOrder, OrderDetails, Wanted
from boxoffice.desk.naming import named
from boxoffice.desk.resources import (
    Action,
    Outcome,
    Resource,
    Values,
    Verb,
    later,
    mapped,
    needed,
)
from boxoffice.door.models import Address, EventOrder, Order, Ticket
from boxoffice.organiser import Difference, DiscountCode, NewDiscountCode, TicketDetails
from boxoffice.ticketbutler.changing import Change, Plan, refuse


class Orders(Resource):
    name = "orders"
    title = "Orders"
    one = "order"
    model = OrderDetails
    new = NewOrder
    columns = ("order_id", "buyer", "email", "state", "tickets", "total", "currency", "created")
    alone = True
    any_case = False  # `dZy1` and `DZy1` are two orders
    verbs = frozenset({Verb.LIST, Verb.SHOW, Verb.CREATE, Verb.UPDATE})
    examples: ClassVar[Mapping[str, str]] = {
        "list": "--event jazz --find anna@example.com",
        "show": "dZy1",
        "create": "--set first_name=Anna --set last_name=Berg --set email=anna@example.com "
        '--set amounts=\'[{"ticket_type": "Standard", "amount": 2}]\'',
        "update": "dZy1 --set email=anna@example.com --dry-run",
        "refund": "dZy1 --yes dZy1",
        "pdf": "dZy1 --to tickets.pdf",
        "answers": "dZy1 --json",
        "answer": "dZy1 --set question=“How did you hear of us?” --set value=Friends",
    }

    async def list(self, event: str | None = None) -> Sequence[OrderDetails]:
        """Heavy: a live site takes minutes, or gives up."""
        return [_row(each) for each in await self._client.event_orders(needed(event))]

    async def get(self, event: str | None, key: str) -> OrderDetails:
        return _order(await self._client.order(key))

    def create(self, event: str | None, values: Values) -> Change[OrderDetails]:
        uuid, new = needed(event), NewOrder(**values)
        # The same in a look and in what is sent after it: a second try can be told by it.
        mark = new.external_order_id or f"desk-{secrets.token_hex(6)}"

        async def make() -> Change[OrderDetails]:
            if not new.amounts or not all(each.amount for each in new.amounts):
                raise refuse("no tickets", "Say which ticket types, and how many of each.")
            address = Address(new.first_name, new.last_name, new.email, new.phone)
            amounts = await self._amounts(uuid, new.amounts)
            change = self._organiser.create_order(
                uuid, address=address, amounts=amounts, external_order_id=mark
            )
            return mapped(change, _order)

        return later(make)

    def update(self, event: str | None, key: str, values: Values) -> Change[OrderDetails]:
        return mapped(self._organiser.update_order(key, **values), _order)

    def refund(self, event: str | None, key: str, values: Values) -> Change[OrderDetails]:
        def read(order: Order) -> OrderDetails:
            if not order.refunded:
                raise refuse("not refunded", "The site does not say that the order is refunded.")
            return _order(order)

        return mapped(self._organiser.refund_order(key), read)

    async def pdf(self, event: str | None, key: str, values: Values) -> Outcome:
        order = await self._client.order(key)
        content = await self._client.order_pdf(order)
        return Outcome(file=content, suggested=f"tickets-{_plain(order.order_id) or key}.pdf")

    async def answered(self, event: str | None, key: str, values: Values) -> Outcome:
        return Outcome(rows=answers.rows(*await self._told(event, key)))

    def answer(self, event: str | None, key: str, values: Values) -> Change[tuple[AnswerRow, ...]]:
        return answers.answering(
            NewAnswer(**values),
            lambda: self._told(event, key),
            lambda given: self._organiser.answer_order(key, [given]),
        )

    async def _told(self, event: str | None, key: str) -> answers.Told:
        """What the buyer answered, and what is asked of buyers."""
        order, given = await asyncio.gather(
            self._client.order(key), self._client.order_answers(key)
        )
        of = event or order.event
        return given, await self._client.purchase_questions(of) if of else []

    actions: ClassVar[Mapping[str, Action]] = {
        "refund": Action(
            "Refund it with all its tickets", refund, destructive=True, doing="refund the order"
        ),
        "pdf": Action("Its tickets as PDF", pdf, changes=False),
        "answers": Action("What the buyer answered", answered, changes=False),
        "answer": Action("Store an answer of the buyer's", answer, model=NewAnswer),
    }

    def called(self, row: OrderDetails) -> str:
        return row.order_id

    async def _amounts(self, event: str, wanted: Sequence[Wanted]) -> Sequence[tuple[str, int]]:
        types = await self._organiser.ticket_types(event)
        amounts: dict[str, int] = {}
        for each in wanted:
            found = named(types, each.ticket_type, lambda kind: kind.title)
            if len(found) != 1:
                raise refuse(
                    "no one ticket type",
                    f"The event has no one ticket type “{each.ticket_type}”.",
                )
            one = found[0].uuid
            amounts[one] = amounts.get(one, 0) + each.amount
        return tuple(amounts.items())


class Tickets(Resource):
    name = "tickets"
    title = "Tickets"
    one = "ticket"
    model = TicketDetails
    columns = ("full_name", "ticket_type", "checked_in", "refunded", "email", "number")
    alone = True
    verbs = frozenset({Verb.LIST, Verb.SHOW, Verb.UPDATE})
    examples: ClassVar[Mapping[str, str]] = {
        "list": "--event jazz --find vip",
        "show": "“Anna Berg”",
        "update": "“Anna Berg” --set full_name=“Anna Bergh” --dry-run",
        "answers": "“Anna Berg” --json",
        "answer": "“Anna Berg” --set question=Company --set value=“Berg ApS” --dry-run",
    }

    async def list(self, event: str | None = None) -> Sequence[TicketDetails]:
        """May take minutes, and has less of each ticket than `get`."""
        told = await self._client.ticket_list(needed(event))
        return [_ticket(each) for each in told.tickets] if told is not None else []

    async def get(self, event: str | None, key: str) -> TicketDetails:
        return await self._organiser.ticket(key)

    def update(self, event: str | None, key: str, values: Values) -> Change[TicketDetails]:
        return self._organiser.update_ticket(key, **values)

    async def answered(self, event: str | None, key: str, values: Values) -> Outcome:
        return Outcome(rows=answers.rows(*await self._told(key)))

    def answer(self, event: str | None, key: str, values: Values) -> Change[tuple[AnswerRow, ...]]:
        return answers.answering(
            NewAnswer(**values),
            lambda: self._told(key),
            lambda given: self._organiser.answer_ticket(key, [given]),
        )

    async def _told(self, key: str) -> answers.Told:
        """What the attendee answered, and every question of the ticket."""
        return await asyncio.gather(self._client.answers(key), self._client.questions(key))

    actions: ClassVar[Mapping[str, Action]] = {
        "answers": Action("What the attendee answered", answered, changes=False),
        "answer": Action("Store an answer of the attendee's", answer, model=NewAnswer),
    }

    def called(self, row: TicketDetails) -> str:
        return row.full_name


class Discounts(Resource):
    name = "discounts"
    title = "Discount codes"
    one = "discount code"
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
        return await self._organiser.discount_codes(event)

    def create(self, event: str | None, values: Values) -> Change[DiscountCode]:
        change = self._organiser.create_discount_codes(event, [NewDiscountCode(**values)])

        def made(codes: Sequence[DiscountCode]) -> DiscountCode:
            named = [each for each in codes if each.code == values["code"]]
            return (named or [*codes] or [DiscountCode(0, values["code"])])[0]

        return mapped(change, made)

    def delete(self, event: str | None, key: str, reason: str = "") -> Change[None]:
        return self._organiser.delete_discount_code(event, int(key))

    def toggle(self, event: str | None, key: str, values: Values) -> Change[DiscountCode]:
        async def plan() -> Plan[DiscountCode]:
            before = await self.get(event, key)
            inner = await self._organiser.toggle_discount_code(event, int(key)).plan()
            words = ("yes", "no") if before.active else ("no", "yes")

            async def send() -> DiscountCode:
                # An answer need not tell all that the list does.
                return replace(before, active=(await inner.send()).active)

            return Plan(inner.call, send, (Difference("active", "Active", *words),))

        return Change(plan)

    actions: ClassVar[Mapping[str, Action]] = {
        "toggle": Action("Switch it off, or on again", toggle),
    }

    async def get(self, event: str | None, key: str) -> DiscountCode:
        for row in await self.list(event):
            if self.key(row) == key:
                return row
        raise self._none(key)

    def key(self, row: DiscountCode) -> str:
        return str(row.id)

    def called(self, row: DiscountCode) -> str:
        return row.code

    def as_key(self, wanted: str) -> str | None:
        return None  # a code may be made of digits, as its number is


def _order(order: Order) -> OrderDetails:
    known = {name: getattr(order.address, name) for name in ADDRESS}
    return OrderDetails(
        uuid=order.uuid,
        order_id=order.order_id,
        state=order.state,
        refunded=order.refunded,
        buyer=order.full_name,
        total=order.total,
        created=order.created,
        external_order_id=order.external_order_id or "",
        **known | {"email": order.address.email or order.email},
    )


def _row(told: EventOrder) -> OrderDetails:
    return replace(_order(told.order), tickets=len(told.tickets), currency=told.currency)


def _ticket(ticket: Ticket) -> TicketDetails:
    return TicketDetails(
        uuid=ticket.uuid,
        number=ticket.number,
        full_name=ticket.full_name,
        email=ticket.email,
        ticket_type=ticket.ticket_type,
        checked_in=ticket.checked_in,
        refunded=ticket.refunded,
        external_uuid=ticket.external_uuid or "",
        order=ticket.order or "",
        seat=ticket.seat,
    )


def _plain(text: str) -> str:
    """What any system takes as a part of a file's name."""
    return "".join(letter for letter in text if letter.isascii() and letter.isalnum())


SALES: tuple[type[Resource], ...] = (Orders, Tickets, Discounts)
