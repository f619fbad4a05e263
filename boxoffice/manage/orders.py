"""Orders of an event."""

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from boxoffice.domain.models import Order
from boxoffice.domain.sale import Sale
from boxoffice.manage import answers
from boxoffice.manage.answers import AnswerRow, NewAnswer
from boxoffice.manage.change_helpers import mapped, needed, only, rows_of
from boxoffice.manage.editing import RowEdit
from boxoffice.manage.resource import Action, Outcome, Resource, Row, SaleOf, Values, Verb
from boxoffice.ticketbutler.changes import (
    Difference,
    PendingChange,
    PreparedChange,
    differences,
    refuse,
)
from boxoffice.ticketbutler.errors import TicketbutlerError
from boxoffice.ticketbutler.resources.events import Address
from boxoffice.ticketbutler.resources.field_types import (
    BoolDefaultFalse,
    Choices,
    Count,
    Edit,
    Email,
    Line,
    Moment,
    Money,
    NeededCount,
    Uuid,
)
from boxoffice.ticketbutler.resources.order_models import (
    STATES,
    FullOrder,
    OrderLine,
    TicketOnOrder,
)
from boxoffice.ticketbutler.resources.record import Record

if TYPE_CHECKING:
    from boxoffice.ticketbutler import Ticketbutler

ADDRESS = tuple(Address.model_fields)
"""The fields of an order that say who ordered."""
A_DAY = timedelta(days=1)
STAYS_BOOKED = (
    "still in the account of the till. Refund the order at the door instead: that books it out too."
)
"""What becomes of money that was taken here, where an order is refunded at the desk."""


class OrderDetails(Record):
    """An order with who ordered. Most of that is told by no list, and stays where not changed."""

    uuid: Uuid = Field(title="Id")
    order_id: Line = Field("", title="Order")
    state: Annotated[Line, Choices(STATES)] = Field("", title="State")
    refunded: BoolDefaultFalse = Field(False, title="Refunded")
    buyer: Line = Field("", title="Buyer")
    first_name: Annotated[Line, Edit(required=True)] = Field("", title="First name")
    last_name: Annotated[Line, Edit(required=True)] = Field("", title="Last name")
    email: Annotated[Email, Edit(required=True)] = Field("", title="E-mail")
    phone: Annotated[Line, Edit()] = Field("", title="Phone")
    title: Annotated[Line, Edit()] = Field("", title="Title")
    venue: Annotated[Line, Edit()] = Field("", title="Venue")
    business_name: Annotated[Line, Edit()] = Field("", title="Company")
    cvr: Annotated[Line, Edit()] = Field("", title="CVR", description="Danish company number.")
    street: Annotated[Line, Edit()] = Field("", title="Street")
    street_2: Annotated[Line, Edit()] = Field("", title="Street, second line")
    city: Annotated[Line, Edit()] = Field("", title="City")
    postcode: Annotated[Line, Edit()] = Field("", title="Postcode")
    country: Annotated[Line, Edit()] = Field("", title="Country")
    tickets: Count = Field(None, title="Tickets")
    """How many; None: not told, as when one order is read."""
    event: Line = Field("", title="Event")
    total: Money = Field(None, title="Total", description="What was paid, with all fees.")
    discount_code: Line = Field("", title="Discount code")
    payment_method: Line = Field("", title="Paid by")
    refunded_total: Money = Field(None, title="Refunded of that")
    fees: Money = Field(None, title="Fees in that")
    currency: Line = Field("", title="Currency")
    created: Moment = Field(None, title="Created")
    external_order_id: Line = Field("", title="External id")
    pdf: Line = Field("", title="PDF")
    people: tuple[TicketOnOrder, ...] = Field((), title="Ticket")
    """By name; empty: not told."""
    lines: tuple[OrderLine, ...] = Field((), title="Line")
    """Empty: not told, as in most answers about one order."""


class OrderLineInput(Record):
    """How many tickets of a type."""

    ticket_type: Annotated[Line, Edit(required=True)] = Field(
        title="Ticket type", description="Its title or its id."
    )
    amount: Annotated[NeededCount, Edit(required=True)] = Field(1, title="Tickets")


_made_here: set[str] = set()


def new_external_id() -> str:
    """What an order can be known by, whatever becomes of the try to place it."""
    made = f"desk-{secrets.token_hex(6)}"
    _made_here.add(made)
    return made


def made_here(external_id: str) -> bool:
    """It is of this process: no order had it before."""
    return external_id in _made_here


class NewOrder(Record):
    """An order to be placed; it is paid."""

    first_name: Annotated[Line, Edit(required=True)] = Field(title="First name")
    last_name: Annotated[Line, Edit(required=True)] = Field(title="Last name")
    email: Annotated[Email, Edit(required=True)] = Field(title="E-mail")
    phone: Annotated[Line, Edit()] = Field("", title="Phone")
    amounts: Annotated[tuple[OrderLineInput, ...], Edit(required=True)] = Field((), title="Tickets")
    external_order_id: Annotated[Line, Edit(required=True)] = Field(
        default_factory=new_external_id,
        title="External id",
        description="By it a second try is told.",
    )


class Orders(Resource):
    name = "orders"
    title = "Orders"
    one = "order"
    hint = "find, view, correct, refund"
    model = OrderDetails
    new = NewOrder
    columns = ("order_id", "buyer", "tickets", "total", "state", "email", "created", "currency")
    heavy = True
    alone = True
    untold = frozenset(ADDRESS)
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
        told = [*await self._organiser.orders.list(needed(event))]
        return await rows_of(told, _row, lambda row: row.created)

    async def get(self, event: str | None, key: str) -> OrderDetails:
        return _row(await self._organiser.orders.get(key))

    def create(self, event: str | None, values: Values) -> PendingChange[OrderDetails]:
        """Place an order that is paid.

        Raises:
            Refused: a try before, with this external id, placed it after all, or may have.

        """
        uuid, new = needed(event), NewOrder(**values)
        mark = new.external_order_id

        async def prepare() -> PreparedChange[OrderDetails]:
            if not new.amounts or not all(each.amount for each in new.amounts):
                raise refuse("no tickets", "Say which ticket types, and how many of each.")
            if mark in self._doubtful or not made_here(mark):
                await self._look_for(uuid, new)
            address = Address(
                first_name=new.first_name,
                last_name=new.last_name,
                email=new.email,
                phone=new.phone,
            )
            amounts = await self._amounts(uuid, new.amounts)
            change = self._organiser.orders.create(
                uuid, address=address, amounts=amounts, external_order_id=mark
            )
            inner = await change.prepare()

            async def send() -> OrderDetails:
                try:
                    return _row(await inner.send())
                except TicketbutlerError as error:
                    if error.maybe_applied:
                        self._doubtful.add(mark)
                        error.sentence += f" If it was placed, its external id is {mark}."
                    raise

            return PreparedChange(inner.call, send, differences(None, new))

        return PendingChange(prepare)

    async def _look_for(self, event: str, new: NewOrder) -> None:
        """Raise Refused where an order has the external id of `new`, or may have it.

        A list need not tell that: the orders of as many tickets for the same buyer are asked for
        it one by one. Where that does not tell it either, one of the last day on which there are
        any may be the one.
        """
        count = sum(each.amount for each in new.amounts)
        email = new.email.strip().lower()
        another = "To place another, begin anew without that external id."
        maybe: Order | None = None
        orders = await self._client.event_orders(event)
        newest = max((each.order.created for each in orders if each.order.created), default=None)
        for each in orders:
            order = each.order
            alike = order.email.strip().lower() == email and len(each.tickets) == count
            is_old = newest and order.created and newest - order.created > A_DAY
            if order.external_order_id is None and alike:
                order = await self._client.order(order.uuid)  # tells more than a list does
                if order.external_order_id is None and not order.refunded and not is_old:
                    maybe = order
            if order.external_order_id == new.external_order_id:
                raise refuse("placed", f"It was placed: order {_called(order)}. {another}")
        if maybe is not None:
            like = f"It may be order {_called(maybe)}, which is just like it."
            raise refuse("placed perhaps", f"{like} {another}")

    def update(
        self, event: str | None, key: str, values: Values, opened: "Row | None" = None
    ) -> PendingChange[OrderDetails]:
        edit = RowEdit[Address](values, opened, self.untold)
        return edit.noted(mapped(self._organiser.orders.update(key, edit), _row))

    def refund(self, event: str | None, key: str, values: Values) -> PendingChange[OrderDetails]:
        """The money of what was sold here is booked out at the door alone; it says so."""

        def read(order: FullOrder) -> OrderDetails:
            if not order.refunded:
                raise refuse("not refunded", "The site does not say that the order is refunded.")
            return _row(order)

        change = mapped(self._organiser.orders.refund(key), read)

        async def prepare() -> PreparedChange[OrderDetails]:
            inner = await change.prepare()
            sale = await self._sale_of(key)
            if sale is None or not sale.booked or not sale.cart.total:
                return inner
            return replace(inner, differences=(*inner.differences, _money(sale)))

        return PendingChange(prepare)

    async def pdf(self, event: str | None, key: str, values: Values) -> Outcome:
        order = await self._client.order(key)
        content = await self._client.order_pdf(order)
        return Outcome(file=content, suggested=f"tickets-{_plain(order.order_id) or key}.pdf")

    async def answered(self, event: str | None, key: str, values: Values) -> Outcome:
        return Outcome(rows=answers.rows(*await self._answered(event, key)))

    def answer(
        self, event: str | None, key: str, values: Values
    ) -> PendingChange[tuple[AnswerRow, ...]]:
        return answers.answering(
            NewAnswer(**values),
            lambda: self._answered(event, key),
            lambda given: self._organiser.orders.answer(key, [given]),
        )

    async def _answered(self, event: str | None, key: str) -> answers.Answered:
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

    async def _amounts(
        self, event: str, wanted: Sequence[OrderLineInput]
    ) -> Sequence[tuple[str, int]]:
        types = await self._organiser.ticket_types.list(event)
        amounts: dict[str, int] = {}
        for each in wanted:
            one = only(
                types,
                each.ticket_type,
                lambda kind: kind.title,
                none=f"The event has no ticket type “{each.ticket_type}”.",
                several=f"Several ticket types are called “{each.ticket_type}”: say which by its "
                "id.",
            ).uuid
            amounts[one] = amounts.get(one, 0) + each.amount
        return tuple(amounts.items())


def _row(order: FullOrder) -> OrderDetails:
    known = {name: getattr(order.address, name) for name in ADDRESS}
    count = len(order.tickets) if order.ticket_count is None else order.ticket_count
    return OrderDetails(
        uuid=order.uuid,
        order_id=order.order_id,
        state=order.state,
        refunded=order.refunded,
        buyer=order.full_name,
        event=order.event_title,
        tickets=count or None,
        total=order.total,
        discount_code=order.discount_code,
        payment_method=order.payment_method,
        refunded_total=order.refunded_total,
        fees=order.fee_total,
        currency=order.currency,
        created=order.created,
        external_order_id=order.external_order_id or "",
        pdf=order.pdf_url,
        people=order.tickets,
        lines=order.lines,
        **known | {"email": order.address.email or order.email},
    )


def _money(sale: Sale) -> Difference:
    """What a person is told of the money of a sale."""
    cart = sale.cart
    taken = f"{cart.total:.2f} {cart.currency}, {cart.paid}, at {sale.lane}"
    return Difference("till", "Sold here", taken, STAYS_BOOKED)


def _called(order: Order) -> str:
    return order.order_id or order.uuid


def _plain(text: str) -> str:
    """What any system takes as a part of a file's name."""
    return "".join(letter for letter in text if letter.isascii() and letter.isalnum())
