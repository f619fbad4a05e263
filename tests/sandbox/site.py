"""A small organiser without a socket, for many requests in a short time."""

import json
from decimal import Decimal

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
        # What an endpoint raises is raised here too.
        self._transport = httpx.ASGITransport(application(service))
        hook = Webhook("f" * 32, "http://127.0.0.1:1/", "all", EVENING, EVENING)
        self.state.webhooks[hook.uuid] = hook
        self._hook = hook
        self.state.discount_codes[7] = DiscountCode(7, "c", Decimal(1), "PER_TICKET", 1)

    def _tell(self, action: str, what: Event | Order | Ticket) -> None:
        json.loads(encode(self._envelopes.body(self._hook, action, what)).encode())

    def client(self) -> httpx.AsyncClient:
        headers = {"Authorization": "Token key"}
        return httpx.AsyncClient(
            base_url="http://box/api/v3/", headers=headers, transport=self._transport
        )


async def sound(client: httpx.AsyncClient, box: Site) -> None:
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
        got = await client.get(at(path))
        assert got.status_code == 200, (path, got.text)
        got.json()


def at(path: str) -> str:
    return f"http://box{path}" if path.startswith("/") else path
