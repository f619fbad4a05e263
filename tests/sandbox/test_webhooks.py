"""Webhooks: managing them, and what really arrives at a receiver."""

import re
from datetime import timedelta

import httpx
import pytest

from boxoffice.sandbox import Dialect, Sandbox
from boxoffice.sandbox.courier import Stage
from boxoffice.sandbox.models import NEW, Event
from boxoffice.sandbox.state import Role
from tests.sandbox.receiver import Receiver, register
from tests.support import FakeClock, both_dialects, until

DASHED = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
HOOK = {"uuid", "action", "active", "created", "updated", "scope", "url"}
LISTED = [
    "all", "event.all", "event.added", "event.updated", "event.removed", "purchase.all",
    "purchase.cancelled", "purchase.newsletter", "purchase.paid", "purchase.refunded",
    "ticket.checkin",
]  # fmt: skip
OUTSIDE = "https://example.com/webhooks/b38406bf-22c0-4225-854f-r2u88qae7f42"


@both_dialects
async def test_managing(hooks: httpx.AsyncClient, clock: FakeClock, dialect: Dialect) -> None:
    assert (await hooks.get("")).status_code == 200
    actions = (await hooks.get("actions/")).json()
    assert actions[: len(LISTED)] == LISTED
    assert (actions == LISTED) is (dialect == "docs")
    assert (await hooks.get("whitelabel/hooks/")).json() == []

    got = await hooks.post("whitelabel/hooks/", json={"url": OUTSIDE, "action": "all"})
    assert got.status_code == (201 if dialect == "live" else 200)
    made = got.json()
    assert set(made) == HOOK
    assert made["scope"] == "whitelabel"
    assert made["active"] is True
    assert made["created"] == "2026-05-08T18:30:00.000000+02:00"
    assert (await hooks.get("whitelabel/hooks/")).json() == [made]
    one = f"whitelabel/hooks/{made['uuid']}/"
    assert (await hooks.get(one)).json() == made

    clock.jump(timedelta(seconds=1))
    got = await hooks.patch(one, json={"active": "false", "action": "ticket.updated"})
    assert got.status_code == 200
    assert got.json()["active"] is False
    assert got.json()["updated"] > made["updated"]
    assert got.json()["url"] == OUTSIDE
    assert (await hooks.post(one, json={"active": True})).status_code == 405
    got = await hooks.delete(one)
    assert (got.status_code, got.json()) == (202, {"detail": "Webhook deleted"})
    for method in ("GET", "PATCH", "DELETE"):
        assert (await hooks.request(method, one)).status_code == 404


@pytest.mark.parametrize(
    "bad",
    [
        None,
        [],
        {},
        {"url": OUTSIDE},
        {"action": "all"},
        {"url": OUTSIDE, "action": "event.create"},
        {"url": OUTSIDE, "action": None},
        {"url": OUTSIDE, "action": ["all"]},
        {"url": "here", "action": "all"},
        {"url": "ftp://example.com/", "action": "all"},
        {"url": "http://[::1/", "action": "all"},
        {"url": "http://x:99999/", "action": "all"},
        {"url": "http://127.0.0.1/\r\nHost: x", "action": "all"},
        {"url": "http://a:b@127.0.0.1/", "action": "all"},
        {"url": OUTSIDE, "action": "all", "active": "maybe"},
    ],
)
async def test_refused(hooks: httpx.AsyncClient, bad: object) -> None:
    assert (await hooks.post("whitelabel/hooks/", json=bad)).status_code == 400
    assert (await hooks.get("whitelabel/hooks/")).json() == []


async def test_a_key_and_an_owner_are_needed(hooks: httpx.AsyncClient, sandbox: Sandbox) -> None:
    without = {"Authorization": "Token wrong"}
    for path in ("", "actions/", "whitelabel/hooks/"):
        assert (await hooks.get(path, headers=without)).status_code == 401
    sandbox.state.role = Role.ORGANISER
    assert (await hooks.get("")).status_code == 200
    assert (await hooks.get("whitelabel/hooks/")).status_code == 403


@both_dialects
async def test_a_check_in_arrives(
    api: httpx.AsyncClient,
    hooks: httpx.AsyncClient,
    sandbox: Sandbox,
    receiver: Receiver,
    dialect: Dialect,
) -> None:
    uuid = await register(hooks, receiver.url, "ticket.checkin")
    ticket = sandbox.examples()["answered"]
    for _ in range(2):  # the second one changes nothing
        await api.patch(f"tickets/{ticket.uuid}/", json={"checked_in": True})
    await api.patch(f"tickets/{ticket.uuid}/", json={"full_name": "Other"})
    await until(lambda: all(each.stage is Stage.DELIVERED for each in sandbox.courier))
    (told,) = receiver.got
    assert set(told) == {"id", "uuid", "scope", "action", "live", "whitelabel", "data"}
    assert (told["action"], told["scope"], told["live"]) == ("ticket.checkin", "whitelabel", True)
    assert DASHED.fullmatch(told["uuid"])
    assert told["uuid"].replace("-", "") == told["id"].replace("-", "") == uuid.replace("-", "")
    assert told["data"]["uuid"].replace("-", "") == ticket.uuid
    assert told["data"]["checked_in"] is True
    assert ("ticket_type_pk" in told["data"]) is (dialect == "live")
    head = receiver.heads[0]
    assert head.startswith("POST /hooks/secret HTTP/1.1\r\n")
    assert "application/json" in head
    (delivery,) = sandbox.courier
    assert (delivery.tries, delivery.status, delivery.reason) == (1, 200, "")


def _sell(event: Event) -> dict[str, object]:
    return {
        "event": event.uuid,
        "address": {"first_name": "Anna", "last_name": "Kjær", "email": "anna@example.com"},
        "ticket_types": [{"uuid": event.ticket_types[0].uuid, "amount": 2}],
        "external_order_id": "BX-1",
    }


async def test_a_purchase_arrives_as_the_document_outlines_it(
    api: httpx.AsyncClient, hooks: httpx.AsyncClient, tonight: Event, receiver: Receiver
) -> None:
    await register(hooks, receiver.url)
    order = (await api.post("orders/", json=_sell(tonight))).json()
    await until(lambda: len(receiver.got) == 3)
    assert sorted(receiver.actions) == ["purchase.paid", "ticket.paid", "ticket.paid"]
    told = next(each for each in receiver.got if each["action"] == "purchase.paid")
    assert set(told) == {"uuid", "scope", "action", "live", "team", "data"}
    assert told["team"] == "havnens-venner"
    data = told["data"]
    assert set(data) == {
        "address", "custom_questions", "event", "external_order_id", "is_tickets_send",
        "is_cancelled", "order_id", "state", "ticket_count", "tickets", "uuid",
    }  # fmt: skip
    assert set(data["address"]) == {
        "first_name", "full_name", "last_name", "title", "venue", "business_name", "cvr",
        "additional_info", "street", "street_2", "city", "postcode", "country", "phone", "email",
        "language",
    }  # fmt: skip
    assert set(data["event"]) == {
        "address", "description", "end_date", "event_full_url", "image", "start_date", "summary",
        "tags", "team", "title", "uuid",
    }  # fmt: skip
    assert set(data["tickets"][0]) == {
        "attribute_selected", "checked_in", "company_name", "custom_questions", "email",
        "external_uuid", "full_name", "purchase_uuid", "ticket_download_absolute_url",
        "ticket_paid", "ticket_refund", "ticket_type", "uuid",
    }  # fmt: skip
    assert set(data["tickets"][0]["ticket_type"]) == {
        "active", "amount_total", "description", "price", "sales_end_date", "sales_start_date",
        "start_date", "title", "uuid",
    }  # fmt: skip
    assert data["uuid"].replace("-", "") == order["uuid"]
    assert (data["order_id"], data["external_order_id"]) == (order["order_id"], "BX-1")
    assert (data["ticket_count"], len(data["tickets"])) == (2, 2)
    assert data["tickets"][0]["ticket_type"]["price"] == "295.00"
    assert data["address"]["full_name"] == "Anna Kjær"

    receiver.got.clear()
    await api.delete(f"orders/{order['uuid']}/")
    await until(lambda: len(receiver.got) == 3)
    assert sorted(receiver.actions) == ["purchase.refunded", "ticket.refund", "ticket.refund"]


async def test_answers_are_told_too(
    hooks: httpx.AsyncClient, sandbox: Sandbox, receiver: Receiver
) -> None:
    await register(hooks, receiver.url, "purchase.all")
    ticket = sandbox.examples()["answered"]
    sandbox.state.refund(ticket.order)
    await until(lambda: receiver.got)
    tickets = {each["uuid"].replace("-", ""): each for each in receiver.got[0]["data"]["tickets"]}
    given = tickets[ticket.uuid]["custom_questions"]
    assert set(given) == {"uuid", "answers"}
    assert {each["question_heading"] for each in given["answers"]} >= {"Which menu?"}
    assert receiver.got[0]["data"]["state"] == "REFUND"


async def test_the_newsletter_arrives(
    hooks: httpx.AsyncClient, sandbox: Sandbox, receiver: Receiver, api: httpx.AsyncClient
) -> None:
    await register(hooks, receiver.url, "purchase.newsletter")
    ticket = sandbox.examples()["answered"]
    got = await hooks.post(f"{sandbox.url}/_sandbox/newsletter/{ticket.uuid}/")
    assert got.is_success
    await until(lambda: receiver.got)
    (told,) = receiver.got
    assert set(told) == {"uuid", "scope", "action", "live", "whitelabel", "data"}
    row = next(r for r in told["data"]["Tickets"] if r["Billet ID"] == ticket.number)
    assert row["Nyhedsbrev"] is True
    assert row["Type"] == "TICKET"
    assert row["Which menu?"]
    # Who has signed up is told of again at the next purchase.
    order = _sell(ticket.event) | {"address": ticket.order.address}
    assert (await api.post("orders/", json=order)).is_success
    await until(lambda: len(receiver.got) == 2)


async def test_events_arrive(
    api: httpx.AsyncClient, hooks: httpx.AsyncClient, tonight: Event, receiver: Receiver
) -> None:
    await register(hooks, receiver.url, "event.all")
    new = {"title": "New", "start_date": "2026-11-06T09:45:00+01:00", "ticket_types": []}
    uuid = (await api.post("events/", json=new)).json()["uuid"]
    await until(lambda: len(receiver.got) == 1)
    await api.post(f"events/{uuid}/", json={"title": "Newer", "ticket_types": []})
    await until(lambda: len(receiver.got) == 2)
    types = f"events/{tonight.uuid}/ticket-types/"
    await api.patch(f"{types}{tonight.ticket_types[0].uuid}/", json={"amount": 70})
    await until(lambda: len(receiver.got) == 3)
    await api.request("DELETE", f"events/{uuid}/", json={"delete_reason": "No more"})
    await until(lambda: len(receiver.got) == 4)
    assert receiver.actions == ["event.added", "event.updated", "event.updated", "event.removed"]
    assert set(receiver.got[0]["data"]) == {"uuid", "title", "summary", "description"}
    assert receiver.got[1]["data"]["title"] == "Newer"


async def test_paid_later_or_cancelled(
    hooks: httpx.AsyncClient, sandbox: Sandbox, tonight: Event, receiver: Receiver
) -> None:
    await register(hooks, receiver.url, "purchase.all")
    first = next(order for order in tonight.orders if order.state == NEW)
    control = f"{sandbox.url}/_sandbox"
    await hooks.post(f"{control}/cancel/{first.tickets[0].uuid}/")
    await until(lambda: receiver.actions == ["purchase.cancelled"])
    await hooks.post(f"{control}/pay/{first.tickets[0].uuid}/")
    assert first.state == "CANCELLED"
    first.state = NEW
    await hooks.post(f"{control}/pay/{first.tickets[0].uuid}/")
    await until(lambda: receiver.actions[1:] == ["purchase.paid"])
    assert receiver.got[0]["data"]["is_cancelled"] is True
