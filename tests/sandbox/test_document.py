"""Every endpoint of the API document is there, in both dialects, with the documented errors."""

import re
from typing import Any

import httpx
import pytest

from boxoffice.sandbox import Dialect, Sandbox
from tests.support import both_dialects

TYPE = {"title": "T", "price": 5, "amount_total": 5}
CODE = {"amount": 5, "code": "c", "usage_tickets_limit": 1}
HOOK = {"url": "http://192.0.2.1/", "action": "all"}
ASK = {"questions": [{"new": True, "variation": "TEXT", "heading": "H", "ticket_type": "all"}]}
START = "2026-11-06T09:45:00+01:00"

# Section, method, path (`/…` beside /api/v3/), a body that is taken, the status in docs and live.
ENDPOINTS: list[tuple[str, str, str, Any, int, int]] = [
    ("Authentication", "GET", "ping/", None, 200, 200),
    ("Get All Events", "GET", "events/?old=true", None, 200, 200),
    ("Create an event", "POST", "events/",
     {"title": "T", "start_date": START, "ticket_types": [TYPE]}, 200, 201),
    ("Get Specific Event", "GET", "events/{event}/", None, 200, 200),
    ("Update event", "POST", "events/{event}/", {"ticket_types": []}, 200, 200),
    ("Delete event", "DELETE", "events/{event}/", {"delete_reason": "Because"}, 200, 200),
    ("Get event ticket types", "GET", "events/{event}/ticket-types/", None, 200, 200),
    ("Create Ticket Type", "POST", "events/{event}/ticket-types/", TYPE, 200, 201),
    ("Get Specific Ticket Type", "GET", "events/{event}/ticket-types/{free}/", None, 200, 200),
    ("Update Ticket Type", "PATCH", "events/{event}/ticket-types/{free}/", {"amount": 9}, 200, 200),
    ("Delete Ticket type", "DELETE", "events/{event}/ticket-types/{free}/", None, 200, 200),
    ("Get Ticket Type Questions", "GET", "events/{event}/ticket-type-questions/", None, 200, 200),
    ("Get Purchase Questions", "GET", "events/{event}/purchase-questions/", None, 200, 200),
    ("Create/Update Ticket Type Questions", "POST", "events/{event}/ticket-type-questions/", ASK,
     200, 201),
    ("Create/Update Ticket Type Questions", "POST", "events/{event}/purchase-questions/", ASK,
     200, 201),
    ("Get Specific Question", "GET", "events/{event}/questions/{question}/", None, 200, 200),
    ("Update Specific Question", "PATCH", "events/{event}/questions/{question}/",
     {"heading": "H"}, 200, 200),
    ("Delete specific question", "DELETE", "events/{event}/questions/{question}/", None, 200, 200),
    ("Create Order", "POST", "orders/", "order", 200, 201),
    ("Get a Specific Order", "GET", "orders/{order}/", None, 200, 200),
    ("Get events orders", "GET", "events/{event}/orders/", None, 200, 200),
    ("Update order", "PATCH", "orders/{order}/", {"address": {"postcode": 2000}}, 200, 200),
    ("Refund an order", "DELETE", "orders/{order}/", None, 200, 200),
    ("Collect Order Data", "POST", "orders/{order}/questions/", [], 200, 201),
    ("Get Collected Data from order", "GET", "orders/{order}/questions/", None, 200, 200),
    ("Create a discount code", "POST", "events/{event}/discount-code/", [CODE], 200, 201),
    ("Create a discount code", "POST", "{event}/discount-code/", [CODE], 200, 201),
    ("Get event discount codes", "GET", "events/{event}/discount-code/", None, 200, 200),
    ("Get event discount codes", "GET", "{event}/discount-code/", None, 200, 200),
    ("Toggle discount code", "POST", "{event}/discount-code/{code}/", None, 200, 200),
    ("Delete discount codes", "DELETE", "{event}/discount-code/{code}/", None, 200, 200),
    ("Generic: Create", "POST", "discount-code/", [CODE], 200, 201),
    ("Generic: Get", "GET", "discount-code/", None, 200, 200),
    ("Generic: Toggle", "POST", "discount-code/{generic}/", None, 200, 200),
    ("Generic: Delete", "DELETE", "discount-code/{generic}/", None, 200, 200),
    ("Get event tickets", "GET", "events/{event}/tickets/", None, 200, 200),
    ("Get specific ticket", "GET", "tickets/{ticket}/", None, 200, 200),
    ("Update ticket details", "PATCH", "tickets/{ticket}/",
     {"full_name": "F", "checked_in": True, "external_uuid": "e", "lead_tracking_reference": "l"},
     200, 200),
    ("Collect Ticket Data", "POST", "tickets/{ticket}/questions/", [], 200, 201),
    ("Get Collected Ticket Data", "GET", "tickets/{ticket}/questions/", None, 200, 200),
    ("Get Ticket Specific Questions", "GET", "tickets/{ticket}/questions/all/", None, 200, 200),
    ("Get Unanswered Questions", "GET", "tickets/{ticket}/questions/unanswered/", None, 200, 200),
    ("Get all newsletter signups", "GET", "whitelabel/newsletters/?format=json", None, 200, 200),
    ("Get all newsletter signups", "GET", "whitelabel/newsletters/?format=xlsx", None, 200, 200),
    ("Get Order by Month", "GET", "whitelabel/orders/?year=2026&month=4", None, 200, 200),
    ("Test access to the webhooks", "GET", "/webhooks/v1/", None, 200, 200),
    ("Actions", "GET", "/webhooks/v1/actions/", None, 200, 200),
    ("Whitelabel Create Webhook", "POST", "/webhooks/v1/whitelabel/hooks/", HOOK, 200, 201),
    ("Whitelabel List Webhooks", "GET", "/webhooks/v1/whitelabel/hooks/", None, 200, 200),
    ("Whitelabel Get Webhook", "GET", "/webhooks/v1/whitelabel/hooks/{hook}/", None, 200, 200),
    ("Whitelabel Delete Webhook", "DELETE", "/webhooks/v1/whitelabel/hooks/{hook}/", None,
     202, 202),
    ("Whitelabel Update Webhook", "PATCH", "/webhooks/v1/whitelabel/hooks/{hook}/",
     {"active": False}, 200, 200),
]  # fmt: skip
LIVE_PATHS = {
    ("GET", "events/{event}/discount-code/"): "events/{event}/discount-codes/",
    ("GET", "{event}/discount-code/"): "events/{event}/discount-codes/",
    ("GET", "discount-code/"): "discount-codes/",
    ("POST", "{event}/discount-code/"): "events/{event}/discount-code/",
    ("POST", "{event}/discount-code/{code}/"): "events/{event}/discount-code/{code}/",
    ("DELETE", "{event}/discount-code/{code}/"): "events/{event}/discount-code/{code}/",
}
"""Where the live service has what the document shows elsewhere."""
INJECTED = (400, 401, 403, 404, 405, 406, 410, 429, 500, 503)
NAMES = [f"{method} {path}" for _, method, path, *_ in ENDPOINTS]


async def things(api: httpx.AsyncClient, sandbox: Sandbox) -> dict[str, str]:
    ticket = sandbox.examples()["plain"]
    event = ticket.event
    free = (await api.post(f"events/{event.uuid}/ticket-types/", json=TYPE)).json()["uuid"]
    made = [
        (await api.post(path, json=[CODE])).json()
        for path in (f"events/{event.uuid}/discount-code/", "discount-code/")
    ]
    code, generic = [each[0] if isinstance(each, list) else each for each in made]
    hooks = f"{sandbox.url}/webhooks/v1/whitelabel/hooks/"
    return {
        "event": event.uuid,
        "free": free,
        "question": event.questions[1].uuid,
        "order": ticket.order.uuid,
        "ticket": ticket.uuid,
        "code": str(code["id"]),
        "generic": str(generic["id"]),
        "hook": (await api.post(hooks, json=HOOK)).json()["uuid"],
    }


def address(sandbox: Sandbox, path: str) -> str:
    return f"{sandbox.url}{path}" if path.startswith("/") else path


def order(sandbox: Sandbox) -> dict[str, Any]:
    event = sandbox.state.tonight
    return {
        "event": event.uuid,
        "address": {"first_name": "A", "last_name": "B", "email": "a@example.com"},
        "ticket_types": [{"uuid": event.ticket_types[0].uuid, "amount": 1}],
    }


@both_dialects
@pytest.mark.parametrize(
    ("section", "method", "path", "body", "docs", "live"), ENDPOINTS, ids=NAMES
)
async def test_endpoint(
    api: httpx.AsyncClient,
    sandbox: Sandbox,
    dialect: Dialect,
    section: str,
    method: str,
    path: str,
    body: Any,
    docs: int,
    live: int,
) -> None:
    if dialect == "live":
        path = LIVE_PATHS.get((method, path), path)
    written = address(sandbox, path).format(**await things(api, sandbox))
    sent = order(sandbox) if body == "order" else body
    got = await api.request(method, written, json=sent)
    assert got.status_code == (live if dialect == "live" else docs), (section, got.text)
    if "json" in got.headers["content-type"] and got.content:
        assert got.json() is not None

    # The documented errors that every endpoint has.
    wrong = await api.request(method, written, json=sent, headers={"Authorization": "Token x"})
    assert wrong.status_code == 401
    picky = await api.request(method, written, json=sent, headers={"Accept": "image/png"})
    assert picky.status_code == 406
    assert (await api.request("TRACE", written)).status_code in (404, 405)
    # Of the injected ones, which no endpoint has a say in, each is met by some endpoint.
    status = INJECTED[len(section + path) % len(INJECTED)]
    below = httpx.URL(written).path.removeprefix("/api/v3/")
    sandbox.faults.set(str(status), path=below, method=method, times=1)
    assert (await api.request(method, written, json=sent)).status_code == status


@both_dialects
async def test_what_is_not_there(
    api: httpx.AsyncClient, sandbox: Sandbox, dialect: Dialect
) -> None:
    """A 404 wherever a path names something, and a 405 for a method that is not known."""
    nothing = dict.fromkeys(
        ("event", "free", "question", "order", "ticket", "code", "generic", "hook"), "0" * 32
    )
    for _, method, path, body, *_ in ENDPOINTS:
        if dialect == "live":
            path = LIVE_PATHS.get((method, path), path)  # noqa: PLW2901
        written = address(sandbox, path).format(**nothing)
        if "{" in path:
            got = await api.request(method, written, json=body)
            assert (got.status_code, "detail" in got.json()) == (404, True), path
        got = await api.put(written, json={})
        assert got.status_code == 405, path
        assert method in re.split(", ", got.headers["allow"]), path
        moved = await api.request(method, written.partition("?")[0].rstrip("/"))
        assert moved.status_code == 301, path
