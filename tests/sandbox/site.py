"""A small organiser without a socket, for many requests in a short time."""

import json
from decimal import Decimal
from typing import Any, NamedTuple

import httpx

from boxoffice.sandbox import Dialect
from boxoffice.sandbox.data import organiser
from boxoffice.sandbox.endpoint import Service
from boxoffice.sandbox.models import DiscountCode, Event, Order, Ticket, Webhook
from boxoffice.sandbox.server import application
from boxoffice.sandbox.shapes import encode
from boxoffice.sandbox.shapes_hooks import Envelopes
from boxoffice.sandbox.shapes_orders import Shapes, TicketLists
from tests.support import EVENING


class Site:
    """A small organiser, made anew for each example, served without a socket."""

    def __init__(self, dialect: Dialect) -> None:
        self.codes = "discount-codes/" if dialect == "live" else "discount-code/"
        self.state = organiser(lambda: EVENING, tickets=30, seed=1)
        shapes = Shapes(dialect, self.state)
        self._envelopes = Envelopes(shapes)
        self.state.listener = self._tell
        service = Service(shapes, TicketLists(shapes), "key")
        self._application = application(service)
        # What an endpoint raises is raised here too.
        self._transport = httpx.ASGITransport(self._application)
        hook = Webhook("f" * 32, "http://127.0.0.1:1/", "all", EVENING, EVENING)
        self.state.webhooks[hook.uuid] = hook
        self._hook = hook
        self.state.discount_codes[7] = DiscountCode(7, "c", Decimal(1), "PER_TICKET", 1)

    def _tell(self, action: str, what: Event | Order | Ticket) -> None:
        json.loads(encode(self._envelopes.body(self._hook, action, what)).encode())

    def client(self) -> httpx.AsyncClient:
        headers = {"Authorization": "Token key"}
        return httpx.AsyncClient(base_url="http://box", headers=headers, transport=self._transport)

    async def ask(self, method: str, path: str, content: bytes = b"") -> "Answer":
        """What is answered to JSON, without a client, whose work is twice the site's."""
        path, _, query = at(path).partition("?")
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query.encode(),
            "headers": [(b"authorization", b"Token key"), (b"content-type", b"application/json")],
        }
        sent: list[Any] = []

        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": content}

        async def send(message: Any) -> None:
            sent.append(message)

        await self._application(scope, receive, send)
        head, *bodies = sent
        return Answer(head["status"], b"".join(each.get("body", b"") for each in bodies))


class Answer(NamedTuple):
    status: int
    content: bytes


async def sound(box: Site) -> None:
    """Everything can be read, and the rules of the data hold."""
    for event in box.state.events.values():
        assert event.end >= event.start
        for each in event.ticket_types:
            assert each.amount_sold >= 0
            assert each.price >= 0
            assert each.amount_total >= 0
        assert len({each.pk for each in event.ticket_types}) == len(event.ticket_types)
        asked = [each.uuid for each in (*event.questions, *event.purchase_questions)]
        assert len(set(asked)) == len(asked)
    paths = ["events/?old=true", box.codes, "/webhooks/v1/whitelabel/hooks/"]
    paths += ["whitelabel/newsletters/", "whitelabel/orders/"]
    events = [each for each in box.state.events.values() if not each.deleted]
    for event in {events[0], events[-1]}:
        path = f"events/{event.uuid}/"
        paths += [path, f"{path}ticket-types/", f"{path}tickets/", path + box.codes]
        paths += [f"{path}ticket-type-questions/", f"{path}purchase-questions/", f"{path}orders/"]
    for path in paths:
        got = await box.ask("GET", path)
        assert got.status == 200, (path, got.content)
        json.loads(got.content)


def at(path: str) -> str:
    """From the root; most paths are below the API's."""
    return path if path.startswith("/") else f"/api/v3/{path}"
