"""Orders: their calls. API document: "Orders"."""

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar
from urllib.parse import urlsplit

from boxoffice.domain import models as domain
from boxoffice.domain.models import Answer, AnswerInput, EventOrder, Order
from boxoffice.domain.text import clean
from boxoffice.language import N_, _
from boxoffice.ticketbutler.changes import Endpoints, PreparedChange, pending
from boxoffice.ticketbutler.edits import apply_edit
from boxoffice.ticketbutler.errors import NotFound
from boxoffice.ticketbutler.json_stream import elements_of
from boxoffice.ticketbutler.record import changed_values
from boxoffice.ticketbutler.resources.answers import answers_call
from boxoffice.ticketbutler.resources.event_models import Address
from boxoffice.ticketbutler.resources.order_models import (
    ADDRESS,
    ORDERS,
    OrderDetails,
    read_event_orders,
    read_order,
    read_refund,
)
from boxoffice.ticketbutler.wire import (
    Call,
    Reply,
    WrongShape,
    hex_of,
    no_value,
    not_json,
    result,
    same,
)

T = TypeVar("T")

_SOME = 100
_NEEDED = ("first_name", "last_name", "email")
_NO_RIGHT = N_("The key may not refund orders: ask the organiser for a key with more rights.")
REFUNDED = N_("This order has already been refunded.")


def in_pieces(call: Call[Sequence[T]], reply: Reply) -> Sequence[T]:
    """Orders of an answer, some at a time: others run between, and what was read is let go."""
    rows, orders = elements_of(reply.chunks, ORDERS), list[T]()
    try:
        while some := list(islice(rows, _SOME)):
            orders += call.read({ORDERS: some})
    except WrongShape:
        return result(call, reply)  # it is of another shape, and may be all right
    return orders


class Orders(Endpoints):
    """API document: "Orders"."""

    async def list(self, event: str) -> Sequence[EventOrder]:
        """All orders with their tickets. API document: "Get events orders".

        Heavy: a live site takes minutes, or gives up with 524. For what a person asks for and
        nobody waits for.
        """
        uuid = hex_of(event, "event")
        return await self._list(uuid, lambda order: order.as_event_order(uuid))

    async def list_details(self, event: str) -> Sequence[OrderDetails]:
        """The same with their lines, and every answer as it came: as heavy, and larger.

        API document: "Get events orders".
        """
        uuid = hex_of(event, "event")
        return await self._list(uuid, lambda order: order.replace(event_uuid=uuid))

    async def _list(self, uuid: str, convert: Callable[[OrderDetails], T]) -> Sequence[T]:
        def read(value: object) -> Sequence[T]:
            return read_event_orders(value, convert)

        path = f"events/{uuid}/orders/"
        call = Call("GET", path, read, "event", large=True, retry=False)
        return await self._session.send(call, in_pieces)

    async def get(self, order: str, *, retry: bool = True) -> Order:
        """One order. API document: "Get a Specific Order"."""
        return (await self.get_details(order, retry=retry)).as_order()

    async def get_details(self, order: str, *, retry: bool = True) -> OrderDetails:
        """One order with all that the site tells of it. API document: "Get a Specific Order".

        The document's answer has neither lines nor amounts.
        """
        uuid = hex_of(order, "order")
        call = Call("GET", f"orders/{uuid}/", same(uuid, read_order), "order", retry=retry)
        return await self._session.send(call)

    @pending
    async def create(
        self,
        event: str,
        *,
        address: domain.Address | Address,
        amounts: Sequence[tuple[str, int]],
        external_order_id: str,
    ) -> PreparedChange[OrderDetails]:
        """Place an order that is paid. API document: "Create Order".

        `amounts`: how many of which ticket type, by its uuid. Where an error says `maybe_applied`,
        the order may be placed: asking again may place a second one.
        """
        uuid, given = hex_of(event, "event"), _fields(address)
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

        call = Call("POST", "orders/", read, "event", body=body, retry=False, slow=True)
        return self._prepared(call)

    async def patch(
        self, order: str, address: domain.Address, *, before: domain.Address | None = None
    ) -> Order:
        """Change who ordered, without a look at it. API document: "Update order".

        An order is told without most fields of its address. With `before`, the address as it was
        shown, a field that is empty in both is not sent, so that it stays as the site has it.
        """
        known = _fields(before) if before is not None else None
        given = {
            name: text
            for name, text in _fields(address).items()
            if text or known is None or known[name]
        }
        return (await self._session.send(_address_call(order, given))).as_order()

    @pending
    async def update(self, order: str, **values: Any) -> PreparedChange[OrderDetails]:
        """Change who ordered: values, or edits of what the site tells (`apply_edit`).

        API document: "Update order".

        The site tells an order without most fields of its address: what it does not tell and is
        not given is not sent.

        Raises ValueError for a field that may not be changed.
        """
        before = await self.get_details(order)
        known = before.address.raw  # what stays is written back just so
        before = before.replace(email=clean(known.get("email")))  # which the order may tell beside
        after = apply_edit(before, values)
        stays = {name: known[name] for name in ADDRESS if name in known and getattr(before, name)}
        call = _address_call(order, stays | changed_values(before, after))
        return self._edited(call, before, after)

    @pending
    async def refund(self, order: str) -> PreparedChange[OrderDetails]:
        """Refund an order with all its tickets. API document: "Refund an order".

        It is refunded only where the order that comes back says so.

        Raises Forbidden where the key may not refund, and Refused where it is refunded already.
        """
        uuid, read = hex_of(order, "order"), read_refund
        sentences = {400: REFUNDED, 401: _NO_RIGHT, 403: _NO_RIGHT}
        call = Call(
            "DELETE", f"orders/{uuid}/", same(uuid, read), "order", slow=True, sentences=sentences
        )
        return self._prepared(call)

    async def answers(self, order: str) -> Sequence[Answer]:
        """What the buyer answered. API document: "Get Collected Data from order"."""
        return await self._session.send(answers_call(order, "order"))

    @pending
    async def answer(
        self, order: str, given: Sequence[AnswerInput]
    ) -> PreparedChange[Sequence[Answer]]:
        """Store a buyer's answers; others stay. API document: "Collect Order Data"."""
        return self._prepared(answers_call(order, "order", given))

    async def pdf(self, order: Order) -> bytes:
        """The site's own PDF of an order's tickets, of `Order.pdf_url`.

        Never asked of any other place than the site. Raises NotFound, with the address in its
        sentence, where it is at another.
        """
        if not order.pdf_url:
            raise NotFound("no PDF", _("The site names no PDF of this order's tickets."))
        try:
            parts = urlsplit(order.pdf_url)
            elsewhere = parts.netloc and parts.hostname != urlsplit(self._session.site).hostname
        except ValueError:
            elsewhere = True
        if elsewhere or parts.scheme not in {"", "http", "https"}:
            raise NotFound(
                "a PDF elsewhere",
                _(
                    "This order's tickets are kept at another site: open {pdf_url} in a web "
                    "browser."
                ).format(pdf_url=clean(order.pdf_url)),
            )

        async def read(call: Call[None], reply: Reply) -> bytes:
            content = reply.body
            if not content.startswith(b"%PDF") or b"%%EOF" not in content[-1024:]:
                raise not_json(reply, f"{call}: {reply.status}: no whole PDF")
            return content

        call = Call(
            "GET",
            "/" + parts.path.lstrip("/"),
            no_value,
            "PDF",
            query=parts.query,
            slow=True,
            paper=True,
            accept="application/pdf",
        )
        return await self._session.exchange(call, read)


def _address_call(order: str, address: Mapping[str, object]) -> Call[OrderDetails]:
    uuid, body = hex_of(order, "order"), {"address": dict(address)}
    return Call("PATCH", f"orders/{uuid}/", same(uuid, read_order), "order", body=body)


def _fields(address: domain.Address | Address) -> dict[str, str]:
    return {name: getattr(address, name) for name in ADDRESS}
