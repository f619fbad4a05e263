"""The requests about orders, each with how its answer is read. Nothing is sent here."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import islice
from types import MappingProxyType
from typing import TypeVar
from urllib.parse import urlsplit

from boxoffice.domain.models import Address, Answer, EventOrder, Given, Order
from boxoffice.domain.text import clean
from boxoffice.ticketbutler.calls import answers_body, answers_of, hex_of, same
from boxoffice.ticketbutler.errors import NotFound
from boxoffice.ticketbutler.json_stream import elements_of
from boxoffice.ticketbutler.order_shapes import read_event_orders, read_order, read_refund
from boxoffice.ticketbutler.wire import Call, Reply, WrongShape, result

T = TypeVar("T")

_ORDERS = "orders"
_SOME = 100
_NEEDED = ("first_name", "last_name", "email")
_NO_RIGHT = "The key may not refund orders: ask the organiser for a key with more rights."
REFUNDED = "This order has already been refunded."


def create_order(
    event: str, address: Address, amounts: Sequence[tuple[str, int]], external_order_id: str
) -> Call[Order]:
    """API document: "Create Order"."""
    uuid = hex_of(event, "event")
    given = asdict(address)
    body = {
        "event": uuid,
        "address": {name: text for name, text in given.items() if text or name in _NEEDED},
        "ticket_types": [
            {"uuid": hex_of(ticket_type, "ticket type"), "amount": amount}
            for ticket_type, amount in amounts
        ],
        "external_order_id": external_order_id,
    }

    def read(value: object) -> Order:
        order = read_order(value)
        if order.external_order_id is None:
            if order.event not in {uuid, None}:
                raise WrongShape(f"an order of event {order.event} instead")
        elif order.external_order_id != external_order_id:
            raise WrongShape("another order instead")
        return order._replace(event=order.event or uuid)

    return Call("POST", "orders/", read, "order", body=body, retry=False, slow=True)


def update_order(
    order: str,
    address: Address,
    before: Address | None,
    said: Mapping[str, object] = MappingProxyType({}),
) -> Call[Order]:
    """API document: "Update order".

    `said`: the address as the site said it; what stays is written back just so.
    """
    uuid = hex_of(order, "order")
    known = asdict(before) if before is not None else None
    fields = {
        name: text
        for name, text in asdict(address).items()
        if text or known is None or known[name]  # what was not told is not emptied
    }
    stays = {
        name: said[name]
        for name in fields
        if name in said and known is not None and fields[name] == known[name]
    }
    body = {"address": fields | stays}
    return Call("PATCH", f"orders/{uuid}/", same(uuid, read_order), "order", body=body)


def refund_order(order: str) -> Call[Order]:
    """API document: "Refund an order"."""
    uuid = hex_of(order, "order")
    says = {400: REFUNDED, 401: _NO_RIGHT, 403: _NO_RIGHT}
    return Call("DELETE", f"orders/{uuid}/", same(uuid, read_refund), "order", slow=True, says=says)


def order_answers(order: str) -> Call[list[Answer]]:
    """API document: "Get Collected Data from order"."""
    uuid = hex_of(order, "order")
    return Call("GET", f"orders/{uuid}/questions/", answers_of(uuid, "order"), "order")


def answer_order(order: str, given: Sequence[Given]) -> Call[list[Answer]]:
    """API document: "Collect Order Data"."""
    uuid = hex_of(order, "order")
    path, body = f"orders/{uuid}/questions/", answers_body(given)
    return Call("POST", path, answers_of(uuid, "order"), "order", body=body)


def in_pieces(call: Call[list[T]], reply: Reply) -> list[T]:
    """Orders of an answer, some at a time: others run between, and what was read is let go."""
    rows, orders = elements_of(reply.chunks, _ORDERS), list[T]()
    try:
        while some := list(islice(rows, _SOME)):
            orders += call.read({_ORDERS: some})
    except WrongShape:
        return result(call, reply)  # it is of another shape, and may be all right
    return orders


def event_orders(event: str) -> Call[list[EventOrder]]:
    """API document: "Get events orders"."""
    uuid = hex_of(event, "event")

    def read(value: object) -> list[EventOrder]:
        return read_event_orders(value, uuid)

    return Call("GET", f"events/{uuid}/orders/", read, "event", large=True, retry=False)


def order_pdf(order: Order, site: str) -> Call[None]:
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
        _nothing,
        "PDF",
        query=parts.query,
        slow=True,
        paper=True,
        accept="application/pdf",
    )


def _nothing(_value: object) -> None:
    return None
