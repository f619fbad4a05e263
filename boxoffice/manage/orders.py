"""Orders of an event, and tickets."""

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from math import inf
from typing import TYPE_CHECKING, ClassVar

from boxoffice.domain.models import Order
from boxoffice.domain.money import local_amount
from boxoffice.domain.sale import Sale
from boxoffice.language import N_, _
from boxoffice.manage.change_helpers import needed, only_type, rows_of
from boxoffice.manage.questions import Answered, AnswerRow, NewAnswer, answer_change, answer_rows
from boxoffice.manage.resource import Action, Outcome, Resource, SaleOf, Values, Verb
from boxoffice.ticketbutler import fields
from boxoffice.ticketbutler.changes import PendingChange, PreparedChange, pending
from boxoffice.ticketbutler.edits import Difference, differences
from boxoffice.ticketbutler.errors import Refused, TicketbutlerError
from boxoffice.ticketbutler.record import Record
from boxoffice.ticketbutler.resources.event_models import Address
from boxoffice.ticketbutler.resources.order_models import ADDRESS, STATES, OrderDetails
from boxoffice.ticketbutler.resources.orders import REFUNDED
from boxoffice.ticketbutler.resources.tickets import TicketDetails

if TYPE_CHECKING:
    from boxoffice.ticketbutler import Ticketbutler

A_DAY = timedelta(days=1)
STAYS_BOOKED = N_(
    "still in the account of the till. Refund the order at the door instead: that books it out too."
)
"""What becomes of money that was taken here, where an order is refunded at the desk."""


class OrderLineInput(Record):
    """How many tickets of a type."""

    ticket_type: fields.Line = fields.editable(
        title="Ticket type", description="Its title or its id.", required=True
    )
    amount: fields.NeededCount = fields.editable(1, title="Tickets", required=True)


_made_here: set[str] = set()
"""In this process: no order had one of them before."""


def new_external_id() -> str:
    """What an order can be known by, whatever becomes of the try to place it."""
    made = f"desk-{secrets.token_hex(6)}"
    _made_here.add(made)
    return made


class NewOrder(Record):
    first_name: fields.Line = fields.editable(title="First name", required=True)
    last_name: fields.Line = fields.editable(title="Last name", required=True)
    email: fields.Email = fields.editable(title="E-mail", required=True)
    phone: fields.Line = fields.editable("", title="Phone")
    amounts: tuple[OrderLineInput, ...] = fields.editable((), title="Tickets", required=True)
    external_order_id: fields.Line = fields.editable(
        default_factory=new_external_id,
        title="External id",
        description="By it a second try is told.",
        required=True,
    )


class Orders(Resource):
    name = "orders"
    title = N_("Orders")
    one = N_("order")
    name_field = "order_id"
    hint = N_("find, view, correct, refund")
    model = OrderDetails
    new = NewOrder
    columns = ("order_id", "buyer", "tickets", "total", "state", "email", "created", "currency")
    heavy = True
    needs_no_event = True
    write_only = frozenset(ADDRESS)
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

    def __init__(self, client: "Ticketbutler", sale_of: SaleOf) -> None:
        super().__init__(client, sale_of)
        self._doubtful: set[str] = set()
        """External ids of orders that may have been placed although an error came back."""

    async def list(self, event: str | None = None) -> Sequence[OrderDetails]:
        """The newest first. Heavy: a live site takes minutes, or gives up."""
        orders = await self._client.orders.list_details(needed(event))
        return await asyncio.to_thread(sorted, orders, key=newest_first)

    async def get(self, event: str | None, key: str) -> OrderDetails:
        return await self._client.orders.get_details(key)

    def create(self, event: str | None, values: Values) -> PendingChange[OrderDetails]:
        """Place an order that is paid.

        Raises Refused where a try before, with this external id, placed it after all, or may have.
        """
        return self._place(needed(event), NewOrder(**values))  # one, however often it is prepared

    @pending
    async def _place(self, event: str, new: NewOrder) -> PreparedChange[OrderDetails]:
        mark = new.external_order_id
        if not new.amounts or not all(item.amount for item in new.amounts):
            raise Refused("no tickets", _("Say which ticket types, and how many of each."))
        if mark in self._doubtful or mark not in _made_here:
            await self._look_for(event, new)
        address = Address(
            first_name=new.first_name, last_name=new.last_name, email=new.email, phone=new.phone
        )
        amounts = await self._amounts(event, new.amounts)
        place = self._client.orders.create
        change = place(event, address=address, amounts=amounts, external_order_id=mark)
        inner = await change.prepare()

        async def send() -> OrderDetails:
            try:
                return await inner.send()
            except TicketbutlerError as error:
                if error.maybe_applied:
                    self._doubtful.add(mark)
                    placed = _("If it was placed, its external id is {mark}.").format(mark=mark)
                    error.append(placed)
                raise

        return PreparedChange(inner.call, send, differences(None, new))

    async def _look_for(self, event: str, new: NewOrder) -> None:
        """Raise Refused where an order has the external id of `new`, or may have it.

        A list need not tell that: the orders of as many tickets for the same buyer are asked for
        it one by one. Where that does not tell it either, one of the last day on which there are
        any may be the one.
        """
        count = sum(item.amount for item in new.amounts)
        email = new.email.strip().lower()
        another = _("To place another, begin anew without that external id.")
        maybe: Order | None = None
        orders = await self._client.orders.list(event)
        newest = max((row.order.created for row in orders if row.order.created), default=None)
        for listed in orders:
            order = listed.order
            alike = order.email.strip().lower() == email and len(listed.tickets) == count
            is_old = newest and order.created and newest - order.created > A_DAY
            if order.external_order_id is None and alike:
                order = await self._client.orders.get(order.uuid)  # tells more than a list does
                if order.external_order_id is None and not order.refunded and not is_old:
                    maybe = order
            if order.external_order_id == new.external_order_id:
                placed = _("It was placed: order {order}.").format(order=_called(order))
                raise Refused("placed", f"{placed} {another}")
        if maybe is not None:
            like = _("It may be order {order}, which is just like it.").format(order=_called(maybe))
            raise Refused("placed perhaps", f"{like} {another}")

    def edit(self, event: str | None, key: str, values: Values) -> PendingChange[OrderDetails]:
        return self._client.orders.update(key, **values)

    @pending
    async def refund(
        self, event: str | None, key: str, values: Values
    ) -> PreparedChange[OrderDetails]:
        """The money of what was sold here is booked out at the door alone; it says so."""

        def refunded(order: OrderDetails) -> OrderDetails:
            if not order.refunded:
                raise Refused(
                    "not refunded", _("The site does not say that the order is refunded.")
                )
            return order

        before = await self.get(event, key)
        if before.refunded:
            raise Refused("refunded before", _(REFUNDED))
        change = (await self._client.orders.refund(key).prepare()).giving(refunded)
        different = [_state(before)]
        sale = await self._sale_of(key)
        if sale is not None and sale.booked and sale.cart.payable:
            different.append(_money(sale))
        return replace(change, differences=tuple(different))

    async def pdf(self, event: str | None, key: str, values: Values) -> Outcome:
        order = await self._client.orders.get(key)
        content = await self._client.orders.pdf(order)
        return Outcome(file=content, suggested=f"tickets-{_plain(order.order_id) or key}.pdf")

    async def answered(self, event: str | None, key: str, values: Values) -> Outcome:
        return Outcome(rows=answer_rows(*await self._answered(event, key)))

    def answer(
        self, event: str | None, key: str, values: Values
    ) -> PendingChange[tuple[AnswerRow, ...]]:
        return answer_change(
            NewAnswer(**values),
            lambda: self._answered(event, key),
            lambda given: self._client.orders.answer(key, [given]),
        )

    async def _answered(self, event: str | None, key: str) -> Answered:
        """What the buyer answered, and what is asked of buyers."""
        order, given = await asyncio.gather(
            self._client.orders.get(key), self._client.orders.answers(key)
        )
        of = event or order.event
        return given, await self._client.questions.list_for_buyers(of) if of else []

    actions: ClassVar[Mapping[str, Action]] = {
        "refund": Action(
            N_("Refund it with all its tickets"),
            refund,
            destructive=True,
            doing=N_("refund the order"),
        ),
        "pdf": Action(N_("Its tickets as PDF"), pdf, changes=False),
        "answers": Action(N_("What the buyer answered"), answered, changes=False),
        "answer": Action(N_("Store an answer of the buyer's"), answer, model=NewAnswer),
    }

    async def _amounts(
        self, event: str, wanted: Sequence[OrderLineInput]
    ) -> Sequence[tuple[str, int]]:
        types = await self._client.ticket_types.list_details(event)
        amounts: dict[str, int] = {}
        for item in wanted:
            one = only_type(types, item.ticket_type).uuid
            amounts[one] = amounts.get(one, 0) + item.amount
        return tuple(amounts.items())


def newest_first(order: OrderDetails) -> float:
    """Those of no known time come last."""
    return -order.created.timestamp() if order.created else inf


def _state(order: OrderDetails) -> Difference:
    """What becomes of the state of an order that is refunded, with whose it is."""
    total = f"{order.total:.2f}" if order.total is not None else ""
    labels = fields.translated(STATES)
    label = labels.get(order.state, order.state)
    now, words = (
        " · ".join(filter(None, (state, order.buyer, total))) for state in (order.state, label)
    )
    return Difference("state", _("State"), now, "REFUND", {**labels, now: words})


def _money(sale: Sale) -> Difference:
    """What a person is told of the money of a sale."""
    cart = sale.cart
    amount = local_amount(cart.payable, cart.currency)
    taken = _("{amount} {currency}, {paid}, at {lane}").format(
        amount=amount, currency=cart.currency, paid=cart.paid, lane=sale.lane
    )
    return Difference("till", _("Sold here"), taken, _(STAYS_BOOKED))


def _called(order: Order) -> str:
    return order.order_id or order.uuid


def _plain(text: str) -> str:
    """What any system takes as a part of a file's name."""
    return "".join(letter for letter in text if letter.isascii() and letter.isalnum())


class Tickets(Resource):
    name = "tickets"
    title = N_("Tickets")
    one = N_("ticket")
    name_field = "full_name"
    hint = N_("names and answers")
    model = TicketDetails
    columns = ("full_name", "ticket_type", "checked_in", "refunded", "email", "number")
    heavy = True
    needs_no_event = True
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
        listed = await self._client.tickets.list(needed(event))
        return await rows_of(listed.tickets if listed is not None else [], TicketDetails.of)

    async def get(self, event: str | None, key: str) -> TicketDetails:
        return await self._client.tickets.get_details(key)

    def edit(self, event: str | None, key: str, values: Values) -> PendingChange[TicketDetails]:
        return self._client.tickets.update(key, **values)

    async def answered(self, event: str | None, key: str, values: Values) -> Outcome:
        return Outcome(rows=answer_rows(*await self._answered(key)))

    def answer(
        self, event: str | None, key: str, values: Values
    ) -> PendingChange[tuple[AnswerRow, ...]]:
        return answer_change(
            NewAnswer(**values),
            lambda: self._answered(key),
            lambda given: self._client.tickets.answer(key, [given]),
        )

    async def _answered(self, key: str) -> Answered:
        """What the attendee answered, and every question of the ticket."""
        return await asyncio.gather(
            self._client.tickets.answers(key), self._client.tickets.questions(key)
        )

    actions: ClassVar[Mapping[str, Action]] = {
        "answers": Action(N_("What the attendee answered"), answered, changes=False),
        "answer": Action(N_("Store an answer of the attendee's"), answer, model=NewAnswer),
    }
