"""The requests about orders, each with how its answer is read. API document: "Orders"."""

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias, TypeVar
from urllib.parse import urlsplit

from boxoffice.domain import models as domain
from boxoffice.domain.models import Answer, AnswerInput, Order
from boxoffice.domain.text import clean
from boxoffice.ticketbutler.changes import (
    NOTHING,
    Difference,
    PendingChange,
    PreparedChange,
    change_of,
    differences,
    refuse,
)
from boxoffice.ticketbutler.errors import NotFound
from boxoffice.ticketbutler.json_stream import elements_of
from boxoffice.ticketbutler.resources.answers import answers_call
from boxoffice.ticketbutler.resources.events import Address
from boxoffice.ticketbutler.resources.order_models import (
    ORDERS,
    STATES,
    FullOrder,
    read_event_orders,
    read_order,
    read_refund,
)
from boxoffice.ticketbutler.resources.record import with_fields
from boxoffice.ticketbutler.wire import Call, Reply, WrongShape, hex_of, no_value, result, same

if TYPE_CHECKING:
    from boxoffice.ticketbutler.session import Session

T = TypeVar("T")
Answers: TypeAlias = list[Answer]

_SOME = 100
_NEEDED = ("first_name", "last_name", "email")
_NO_RIGHT = "The key may not refund orders: ask the organiser for a key with more rights."
REFUNDED = "This order has already been refunded."


def order_call(order: str, *, retry: bool = True) -> Call[FullOrder]:
    """API document: "Get a Specific Order"."""
    uuid = hex_of(order, "order")
    return Call("GET", f"orders/{uuid}/", same(uuid, read_order), "order", retry=retry)


def event_orders_call(event: str, read: Callable[[FullOrder], T]) -> Call[list[T]]:
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
    address: "domain.Address | Address",
    amounts: Sequence[tuple[str, int]],
    external_order_id: str,
) -> Call[FullOrder]:
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

    def read(value: object) -> FullOrder:
        order = read_order(value)
        if order.external_order_id is None:
            if order.event not in {uuid, None}:
                raise WrongShape(f"an order of event {order.event} instead")
        elif order.external_order_id != external_order_id:
            raise WrongShape("another order instead")
        return order.replace(event=order.event or uuid)

    return Call("POST", "orders/", read, "event", body=body, retry=False, slow=True)


def update_call(
    order: str,
    address: "domain.Address | Address",
    before: "domain.Address | Address | None",
    said: Mapping[str, object] = MappingProxyType({}),
) -> Call[FullOrder]:
    """API document: "Update order".

    `said`: the address as the site said it; what stays is written back just so.
    """
    uuid = hex_of(order, "order")
    known = _fields(before) if before is not None else None
    fields: dict[str, object] = {
        name: text
        for name, text in _fields(address).items()
        if text or known is None or known[name]  # what was not told is not emptied
    }
    stays = {
        name: said[name]
        for name in fields
        if name in said and known is not None and fields[name] == known[name]
    }
    body = {"address": fields | stays}
    return Call("PATCH", f"orders/{uuid}/", same(uuid, read_order), "order", body=body)


def refund_call(order: str) -> Call[FullOrder]:
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


def _fields(address: "domain.Address | Address") -> dict[str, str]:
    return {name: getattr(address, name) for name in Address.model_fields}


class Orders:
    """API document: "Orders"."""

    def __init__(self, session: "Session") -> None:
        self._session = session

    async def list(self, event: str) -> Sequence[FullOrder]:
        """All orders with their lines and tickets. API document: "Get events orders".

        Heavy, as `Ticketbutler.event_orders`, and holds every answer as it came.
        """
        uuid = hex_of(event, "event")
        call = event_orders_call(uuid, lambda order: order.replace(event=uuid))
        return await self._session.send(call, in_pieces)

    async def get(self, order: str) -> FullOrder:
        """One order with all that the site tells of it. API document: "Get a Specific Order".

        The document's answer has neither lines nor amounts.
        """
        return await self._session.send(order_call(order))

    def create(
        self,
        event: str,
        *,
        address: Address,
        amounts: Sequence[tuple[str, int]],
        external_order_id: str,
    ) -> PendingChange[FullOrder]:
        """Place an order that is paid, as `Ticketbutler.create_order`.

        API document: "Create Order".
        """

        def make() -> Call[FullOrder]:
            return create_call(event, address, amounts, external_order_id)

        return change_of(self._session, make, differences(None, address))

    def update(
        self, order: str, change: Callable[[Address], Address] | None = None, /, **fields: str
    ) -> PendingChange[FullOrder]:
        """Change who ordered, by fields of `Address`, or by a function of what the site tells.

        API document: "Update order".

        The site tells an order without most fields of its address: what it does not tell and is
        not given is not sent.

        Raises:
            ValueError: no such field.

        """

        async def prepare() -> PreparedChange[FullOrder]:
            before = (await self.get(order)).address
            after = with_fields(change(before) if change is not None else before, fields)
            different = differences(before, after)
            if not different:
                raise refuse("nothing to change", NOTHING)
            call = update_call(order, after, before, before.raw)
            return PreparedChange(call, lambda: self._session.send(call), different)

        return PendingChange(prepare)

    def refund(self, order: str) -> PendingChange[FullOrder]:
        """Refund an order with all its tickets, as `Ticketbutler.refund_order`.

        API document: "Refund an order". One that is refunded is Refused, and nothing is sent.
        """

        async def prepare() -> PreparedChange[FullOrder]:
            call = refund_call(order)
            before = await self.get(order)
            if before.refunded:
                raise refuse("refunded before", REFUNDED)
            total = f"{before.total:.2f}" if before.total is not None else ""

            def whose(state: str) -> str:
                return " · ".join(filter(None, (state, before.full_name, total)))

            now, words = whose(before.state), whose(STATES.get(before.state, before.state))
            different = Difference("state", "State", now, "REFUND", {**STATES, now: words})
            return PreparedChange(call, lambda: self._session.send(call), (different,))

        return PendingChange(prepare)

    def answer(self, order: str, given: Sequence[AnswerInput]) -> "PendingChange[Answers]":
        """Store a buyer's answers; others stay. API document: "Collect Order Data"."""
        return change_of(self._session, lambda: answers_call(order, "order", given))
