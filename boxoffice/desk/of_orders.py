"""Orders of an event."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from boxoffice.desk import answers
from boxoffice.desk.models import ADDRESS, AnswerRow, NewAnswer, NewOrder, OrderDetails, Wanted
from boxoffice.desk.naming import named
from boxoffice.desk.resources import (
    Action,
    Outcome,
    Resource,
    Values,
    Verb,
    mapped,
    needed,
    rows_of,
)
from boxoffice.door.models import Address, EventOrder, Order
from boxoffice.organiser import (
    differences,
)
from boxoffice.ticketbutler.changing import Change, Plan, refuse
from boxoffice.ticketbutler.errors import TicketbutlerError

if TYPE_CHECKING:
    from boxoffice.ticketbutler import Ticketbutler


class Orders(Resource):
    name = "orders"
    title = "Orders"
    one = "order"
    model = OrderDetails
    new = NewOrder
    columns = ("order_id", "buyer", "tickets", "total", "state", "email", "created", "currency")
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

    def __init__(self, client: "Ticketbutler") -> None:
        super().__init__(client)
        self._doubtful: set[str] = set()
        """External ids of orders that may have been placed although an error came back."""

    async def list(self, event: str | None = None) -> Sequence[OrderDetails]:
        """Heavy: a live site takes minutes, or gives up."""
        return await rows_of(await self._client.event_orders(needed(event)), _row)

    async def get(self, event: str | None, key: str) -> OrderDetails:
        return _order(await self._client.order(key))

    def create(self, event: str | None, values: Values) -> Change[OrderDetails]:
        """Place an order that is paid.

        Raises:
            Refused: a try before, with this external id, seems to have placed it after all.

        """
        uuid, new = needed(event), NewOrder(**values)
        mark = new.external_order_id

        async def plan() -> Plan[OrderDetails]:
            if not new.amounts or not all(each.amount for each in new.amounts):
                raise refuse("no tickets", "Say which ticket types, and how many of each.")
            if mark in self._doubtful and (order := await self._placed(uuid, new)):
                raise refuse(
                    "placed before",
                    f"It was placed: order {order.order_id or order.uuid}. To place another, give "
                    "it another external id.",
                )
            address = Address(new.first_name, new.last_name, new.email, new.phone)
            amounts = await self._amounts(uuid, new.amounts)
            change = self._organiser.create_order(
                uuid, address=address, amounts=amounts, external_order_id=mark
            )
            inner = await change.plan()

            async def send() -> OrderDetails:
                try:
                    return _order(await inner.send())
                except TicketbutlerError as error:
                    if error.maybe_applied:
                        self._doubtful.add(mark)
                        error.sentence += f" If it was placed, its external id is {mark}."
                    raise

            return Plan(inner.call, send, differences(None, new))

        return Change(plan)

    async def _placed(self, event: str, new: NewOrder) -> Order | None:
        """The order with the external id of `new`; where the site tells none, one just like it."""
        count = sum(each.amount for each in new.amounts)
        for each in await self._client.event_orders(event):
            order = each.order
            alike = order.email.lower() == new.email.lower() and len(each.tickets) == count
            if order.external_order_id is None and alike:
                order = await self._client.order(order.uuid)  # tells more than a list does
            if order.external_order_id == new.external_order_id:
                return order
            if order.external_order_id is None and alike and not order.refunded:
                return order
        return None

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
                problem = f"The event has no ticket type “{each.ticket_type}”."
                if found:
                    problem = (
                        f"Several ticket types are called “{each.ticket_type}”: say which by its "
                        "uuid."
                    )
                raise refuse("no one ticket type", problem)
            one = found[0].uuid
            amounts[one] = amounts.get(one, 0) + each.amount
        return tuple(amounts.items())


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


def _plain(text: str) -> str:
    """What any system takes as a part of a file's name."""
    return "".join(letter for letter in text if letter.isascii() and letter.isalnum())
