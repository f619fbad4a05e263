"""The requests about orders, each with how its answer is read. API document: "Orders"."""

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any, TypeAlias, TypeVar
from urllib.parse import urlsplit

from boxoffice.domain import models as domain
from boxoffice.domain.models import Answer, AnswerInput, Order
from boxoffice.domain.text import clean
from boxoffice.ticketbutler.changes import (
    Difference,
    Endpoints,
    PreparedChange,
    apply_edit,
    differences,
    pending,
)
from boxoffice.ticketbutler.errors import NotFound, Refused
from boxoffice.ticketbutler.json_stream import elements_of
from boxoffice.ticketbutler.resources.answers import answers_call
from boxoffice.ticketbutler.resources.events import Address
from boxoffice.ticketbutler.resources.order_models import (
    ADDRESS,
    ORDERS,
    STATES,
    OrderDetails,
    read_event_orders,
    read_order,
    read_refund,
)
from boxoffice.ticketbutler.resources.record import changed_values
from boxoffice.ticketbutler.wire import Call, Reply, WrongShape, hex_of, no_value, result, same

T = TypeVar("T")
Answers: TypeAlias = list[Answer]

_SOME = 100
_NEEDED = ("first_name", "last_name", "email")
_NO_RIGHT = "The key may not refund orders: ask the organiser for a key with more rights."
REFUNDED = "This order has already been refunded."


def order_call(order: str, *, retry: bool = True) -> Call[OrderDetails]:
    """API document: "Get a Specific Order"."""
    uuid = hex_of(order, "order")
    return Call("GET", f"orders/{uuid}/", same(uuid, read_order), "order", retry=retry)


def event_orders_call(event: str, read: Callable[[OrderDetails], T]) -> Call[list[T]]:
    """API document: "Get events orders"; to be read by `in_pieces`."""
    uuid = hex_of(event, "event")

    def read_rows(value: object) -> list[T]:
        return read_event_orders(value, read)

    return Call("GET", f"events/{uuid}/orders/", read_rows, "event", large=True, retry=False)


def in_pieces(call: Call[list[T]], reply: Reply) -> list[T]:
    """Orders of an answer, some at a time: others run between, and what was read is let go."""
    rows, orders = elements_of(reply.chunks, ORDERS), list[T]()
    try:
        while some := list(islice(rows, _SOME)):
            orders += call.read({ORDERS: some})
    except WrongShape:
        return result(call, reply)  # it is of another shape, and may be all right
    return orders


def create_call(
    event: str,
    address: domain.Address | Address,
    amounts: Sequence[tuple[str, int]],
    external_order_id: str,
) -> Call[OrderDetails]:
    """API document: "Create Order"."""
    uuid = hex_of(event, "event")
    given = _fields(address)
    body = {
        "event": uuid,
        "address": {name: text for name, text in given.items() if text or name in _NEEDED},
        "ticket_types": [
            {"uuid": hex_of(ticket_type, "ticket type"), "amount": amount}
            for ticket_type, amount in amounts
        ],
        "external_order_id": external_order_id,
    }

    def read(value: object) -> OrderDetails:
        order = read_order(value)
        if not order.external_order_id:
            if order.event_uuid not in {uuid, None}:
                raise WrongShape(f"an order of event {order.event_uuid} instead")
        elif order.external_order_id != external_order_id:
            raise WrongShape("another order instead")
        return order.replace(event_uuid=order.event_uuid or uuid)

    return Call("POST", "orders/", read, "event", body=body, retry=False, slow=True)


def update_call(
    order: str, address: domain.Address, before: domain.Address | None
) -> Call[OrderDetails]:
    """API document: "Update order". `before`: as it was told; None: it is not known."""
    known = _fields(before) if before is not None else None
    return address_call(
        order,
        {
            name: text
            for name, text in _fields(address).items()
            if text or known is None or known[name]  # what was not told is not emptied
        },
    )


def address_call(order: str, address: Mapping[str, object]) -> Call[OrderDetails]:
    """API document: "Update order"."""
    uuid, body = hex_of(order, "order"), {"address": dict(address)}
    return Call("PATCH", f"orders/{uuid}/", same(uuid, read_order), "order", body=body)


def refund_call(order: str) -> Call[OrderDetails]:
    """API document: "Refund an order"."""
    uuid = hex_of(order, "order")
    says = {400: REFUNDED, 401: _NO_RIGHT, 403: _NO_RIGHT}
    return Call("DELETE", f"orders/{uuid}/", same(uuid, read_refund), "order", slow=True, says=says)


def pdf_call(order: Order, site: str) -> Call[None]:
    """The PDF that an order's answer names. Never asked of any other place than `site`."""
    if not order.pdf_url:
        raise NotFound("no PDF", "The site names no PDF of this order's tickets.")
    try:
        parts = urlsplit(order.pdf_url)
        elsewhere = bool(parts.netloc) and parts.hostname != urlsplit(site).hostname
    except ValueError:
        elsewhere = True
    if elsewhere or parts.scheme not in {"", "http", "https"}:
        raise NotFound(
            "a PDF elsewhere",
            f"This order's tickets are kept at another site: open {clean(order.pdf_url)} in a web "
            "browser.",
        )
    path = "/" + parts.path.lstrip("/")
    return Call(
        "GET",
        path,
        no_value,
        "PDF",
        query=parts.query,
        slow=True,
        paper=True,
        accept="application/pdf",
    )


def _fields(address: domain.Address | Address) -> dict[str, str]:
    return {name: getattr(address, name) for name in ADDRESS}


class Orders(Endpoints):
    """API document: "Orders"."""

    async def list(self, event: str) -> Sequence[OrderDetails]:
        """All orders with their lines and tickets. API document: "Get events orders".

        Heavy, as `Ticketbutler.event_orders`, and holds every answer as it came.
        """
        uuid = hex_of(event, "event")
        call = event_orders_call(uuid, lambda order: order.replace(event_uuid=uuid))
        return await self._session.send(call, in_pieces)

    async def get(self, order: str) -> OrderDetails:
        """One order with all that the site tells of it. API document: "Get a Specific Order".

        The document's answer has neither lines nor amounts.
        """
        return await self._session.send(order_call(order))

    @pending
    async def create(
        self,
        event: str,
        *,
        address: Address,
        amounts: Sequence[tuple[str, int]],
        external_order_id: str,
    ) -> PreparedChange[OrderDetails]:
        """Place an order that is paid, as `Ticketbutler.create_order`.

        API document: "Create Order".
        """
        call = create_call(event, address, amounts, external_order_id)
        return self._prepared(call, differences(None, address))

    @pending
    async def update(self, order: str, **values: Any) -> PreparedChange[OrderDetails]:
        """Change who ordered: values, or edits of what the site tells (`edits`).

        API document: "Update order".

        The site tells an order without most fields of its address: what it does not tell and is
        not given is not sent.

        Raises:
            ValueError: no such field.

        """
        before = await self.get(order)
        known = before.address.raw  # what stays is written back just so
        before = before.replace(email=clean(known.get("email")))  # which the order may tell beside
        after = apply_edit(before, values)
        stays = {name: known[name] for name in ADDRESS if name in known and getattr(before, name)}
        call = address_call(order, stays | changed_values(before, after))
        return self._edited(call, before, after)

    @pending
    async def refund(self, order: str) -> PreparedChange[OrderDetails]:
        """Refund an order with all its tickets, as `Ticketbutler.refund_order`.

        API document: "Refund an order". One that is refunded is Refused, and nothing is sent.
        """
        before = await self.get(order)
        if before.refunded:
            raise Refused("refunded before", REFUNDED)
        total = f"{before.total:.2f}" if before.total is not None else ""

        def whose(state: str) -> str:
            return " · ".join(filter(None, (state, before.buyer, total)))

        now, words = whose(before.state), whose(STATES.get(before.state, before.state))
        different = Difference("state", "State", now, "REFUND", {**STATES, now: words})
        return self._prepared(refund_call(order), (different,))

    @pending
    async def answer(self, order: str, given: Sequence[AnswerInput]) -> PreparedChange[Answers]:
        """Store a buyer's answers; others stay. API document: "Collect Order Data"."""
        return self._prepared(answers_call(order, "order", given))
