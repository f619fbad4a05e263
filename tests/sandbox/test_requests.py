"""Keys, paths, methods, tickets, answers and orders: what is taken and what is refused."""

from typing import Any

import httpx
import pytest

from boxoffice.sandbox import Dialect, Sandbox
from tests.support import both_dialects


@pytest.mark.parametrize(
    ("header", "detail"),
    [
        (None, "Authentication credentials were not provided."),
        ("Bearer {token}", "Authentication credentials were not provided."),
        ("Token", "Invalid token header. No credentials provided."),
        ("Token wrong", "Invalid token."),
    ],
)
async def test_key_refused(sandbox: Sandbox, header: str | None, detail: str) -> None:
    headers = {"Authorization": header.format(token=sandbox.token)} if header else {}
    async with httpx.AsyncClient(base_url=sandbox.url, headers=headers, verify=False) as client:
        got = await client.get("/api/v3/ping/")
    assert got.status_code == 401
    assert got.json() == {"detail": detail}
    assert got.headers["www-authenticate"] == "Token"


async def test_paths(api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    ticket = sandbox.examples()["plain"]
    dashed = f"{ticket.uuid[:8]}-{ticket.uuid[8:12]}-{ticket.uuid[12:16]}-{ticket.uuid[16:20]}-"
    dashed = (dashed + ticket.uuid[20:]).upper()
    assert (await api.get("ping/")).status_code == 200
    assert (await api.get(f"tickets/{dashed}/")).json()["id"] == ticket.number

    for path in ("tickets/nonsense/", "events/" + "0" * 32 + "/tickets/", f"orders/{ticket.uuid}/"):
        got = await api.get(path)
        assert (got.status_code, got.json()) == (404, {"detail": "Not found."})

    moved = await api.patch(f"tickets/{ticket.uuid}", json={"checked_in": True})
    assert moved.status_code == 301
    assert moved.headers["location"] == f"/api/v3/tickets/{ticket.uuid}/"
    assert not ticket.checked_in
    nowhere = await api.get("nowhere/")
    assert nowhere.status_code == 404
    assert nowhere.headers["content-type"].startswith("text/html")

    wrong = await api.put(f"tickets/{ticket.uuid}/", json={})
    assert wrong.status_code == 405
    assert wrong.json() == {"detail": 'Method "PUT" not allowed.'}
    assert wrong.headers["allow"] == "GET, PATCH"
    assert (await api.get("events/", headers={"Accept": "text/html"})).status_code == 406


@pytest.mark.parametrize(
    ("content", "kind", "status", "says"),
    [
        (b"{", "application/json", 400, "JSON parse error"),
        (b"[" * 5000, "application/json", 400, "JSON parse error"),
        (b"checked_in=true", "application/x-www-form-urlencoded", 415, "Unsupported media type"),
        (b"[1]", "application/json", 400, "Expected a dictionary"),
        (b'{"checked_in": "maybe"}', "application/json", 400, "Must be a valid boolean."),
        (b'{"checked_in": null}', "application/json", 400, "This field may not be null."),
        (b'{"full_name": ""}', "application/json", 400, "This field may not be blank."),
        (b'{"full_name": ["x"]}', "application/json", 400, "Not a valid string."),
        (b'{"full_name": "a\\u0000"}', "application/json", 400, "Null characters"),
        (b'{"full_name": "a\\ud800"}', "application/json", 400, "Surrogate characters"),
        (b'{"full_name": "%s"}' % (b"x" * 256), "application/json", 400, "no more than 255"),
    ],
)
async def test_bad_updates_change_nothing(
    api: httpx.AsyncClient, sandbox: Sandbox, content: bytes, kind: str, status: int, says: str
) -> None:
    ticket = sandbox.examples()["plain"]
    before = (await api.get(f"tickets/{ticket.uuid}/")).json()
    got = await api.patch(
        f"tickets/{ticket.uuid}/", content=content, headers={"Content-Type": kind}
    )
    assert got.status_code == status
    assert says in got.text
    assert (await api.get(f"tickets/{ticket.uuid}/")).json() == before


async def test_update_answers_with_the_ticket(api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    ticket = sandbox.examples()["plain"]
    change = {
        "full_name": "Ændret Navn",
        "checked_in": True,
        "external_uuid": "ext",
        "lead_tracking_reference": "127812kjg1278",
    }
    for _ in range(2):  # a ticket that is in is checked in all the same
        got = await api.patch(f"tickets/{ticket.uuid}/", json=change)
        assert got.status_code == 200
        assert got.json().items() >= change.items()
    got = await api.patch(f"tickets/{ticket.uuid}/", json={"checked_in": False})
    assert got.json()["checked_in"] is False
    assert got.json()["full_name"] == "Ændret Navn"


async def test_expired_events_on_request(api: httpx.AsyncClient) -> None:
    shown = (await api.get("events/")).json()
    every = (await api.get("events/", params={"old": "true"})).json()
    assert [each["is_expired"] for each in shown] == [False, False, False]
    assert [each["is_expired"] for each in every] == [False, False, False, True]


# Questions


async def _questions(api: httpx.AsyncClient, ticket: str, which: str) -> dict[str, Any]:
    rows = (await api.get(f"tickets/{ticket}/questions/{which}/")).json()
    return {row["heading"]: row for row in rows}


@both_dialects
async def test_answering(api: httpx.AsyncClient, sandbox: Sandbox, dialect: Dialect) -> None:
    ticket = sandbox.examples()["answers_needed"].uuid
    path = f"tickets/{ticket}/questions/"
    asked = await _questions(api, ticket, "all")
    menu, card = asked["Which menu?"], asked["Name on the place card"]
    courses, wish = asked["Which courses will you join?"], asked["A wish for the band"]
    given = [
        {"uuid": menu["uuid"], "value": menu["choices"][1]["uuid"]},
        {"uuid": card["uuid"], "value": "Dan"},
        {"uuid": courses["uuid"], "value": [each["uuid"] for each in courses["choices"][:2]]},
    ]
    got = await api.post(path, json=given)
    assert got.status_code == (201 if dialect == "live" else 200)
    assert (await api.get(path)).json() == got.json()
    said = {each["question_heading"]: each for each in got.json()["answers"]}
    assert said["Name on the place card"]["answer_value"] == "Dan"
    heads = [each["choice_heading"] for each in said[courses["heading"]]["answered_choices"]]
    assert heads == ["Starter", "Main course"]

    still = await _questions(api, ticket, "unanswered")
    assert "Which menu?" not in still
    assert "Coat check number" in asked
    assert "Coat check number" not in still, "it is not active"

    # What is not sent stays; a choice replaces the old selection; an empty text takes it away.
    again = [
        {"uuid": courses["uuid"], "value": [courses["choices"][3]["uuid"]]},
        {"uuid": wish["uuid"], "value": "Jazz"},
    ]
    answers = (await api.post(path, json=again)).json()["answers"]
    said = {each["question_heading"]: each for each in answers}
    heads = [each["choice_heading"] for each in said[courses["heading"]]["answered_choices"]]
    assert heads == ["Dessert"]
    assert said["Name on the place card"]["answer_value"] == "Dan"
    await api.post(path, json=[{"uuid": wish["uuid"], "value": ""}])
    assert wish["heading"] in await _questions(api, ticket, "unanswered")


async def test_refused_answers_store_nothing(api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    ticket = sandbox.examples()["answers_needed"].uuid
    path = f"tickets/{ticket}/questions/"
    asked = await _questions(api, ticket, "all")
    uuid = {heading: row["uuid"] for heading, row in asked.items()}
    menu, courses = "Which menu?", "Which courses will you join?"
    other = asked[courses]["choices"][0]["uuid"]
    fine = {"uuid": uuid["A wish for the band"], "value": "Jazz"}
    bad: list[object] = [
        {},
        {"answers": []},
        ["text"],
        [fine, {"uuid": uuid[menu]}],
        [fine, {"uuid": "nonsense", "value": "x"}],
        [fine, {"uuid": "0" * 32, "value": "x"}],
        [fine, {"uuid": uuid[menu], "value": "Fish"}],
        [fine, {"uuid": uuid[menu], "value": other}],
        [fine, {"uuid": uuid[menu], "value": ""}],
        [fine, {"uuid": uuid[courses], "value": other}],
        [fine, {"uuid": uuid[courses], "value": []}],
        [fine, {"uuid": uuid["Name on the place card"], "value": " "}],
        [fine, {"uuid": uuid["Company"], "value": ["x"]}],
        [fine, {"uuid": uuid["Company"], "value": None}],
        [fine, {"uuid": uuid["How old are the children with you?"], "value": "young"}],
        [fine, {"uuid": uuid["Where shall we send the recipe?"], "value": "home"}],
    ]
    for payload in bad:
        got = await api.post(path, json=payload)
        assert got.status_code == 400, payload
    assert (await api.get(path)).json()["answers"] == []


async def test_most_tickets_need_no_answer(api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    plain = await _questions(api, sandbox.examples()["plain"].uuid, "all")
    assert plain
    assert not any(each["required"] for each in plain.values())


# Orders


def _order(sandbox: Sandbox, **change: Any) -> dict[str, Any]:
    event = sandbox.state.tonight
    return {
        "event": event.uuid,
        "address": {"first_name": "Anna", "last_name": "Kjær", "email": "anna@example.com"},
        "ticket_types": [{"uuid": event.ticket_types[0].uuid, "amount": 2}],
        "external_order_id": "lane-1/7",
    } | change


@both_dialects
async def test_order(api: httpx.AsyncClient, sandbox: Sandbox, dialect: Dialect) -> None:
    got = await api.post("orders/", json=_order(sandbox))
    assert got.status_code == (201 if dialect == "live" else 200)
    told = got.json()
    assert told["external_order_id"] == "lane-1/7"
    assert told["state"] == "PAID"
    assert ("external_order_id" in (await api.get(f"orders/{told['uuid']}/")).json()) is (
        dialect == "live"
    )
    event = told["event"]["uuid"]
    newest = (await api.get(f"events/{event}/tickets/")).json()[:2]
    assert [row["full_name"] for row in newest] == ["Anna Kjær"] * 2
    one = (await api.get(f"tickets/{newest[0]['uuid']}/")).json()
    assert one["purchase_uuid"] == told["uuid"].replace("-", "")
    orders = (await api.get(f"events/{event}/orders/")).json()["orders"]
    assert orders[-1]["order_id"] == told["order_id"]
    assert orders[-1]["order_lines"][0]["quantity"] == 2


async def test_orders_refused(api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    *_, past = sandbox.state.events.values()
    event = sandbox.state.tonight
    sold_out = event.ticket_types[2]
    before = len(event.tickets)
    lacking = "Order details insufficient"
    cases: list[tuple[dict[str, Any], str]] = [
        ({"ticket_types": [{"uuid": sold_out.uuid, "amount": 1}]}, "Insufficient tickets"),
        ({"event": past.uuid}, "Event expired"),
        ({"event": "0" * 32}, lacking),
        ({"address": {"first_name": "A", "last_name": "B"}}, lacking),
        ({"address": {"first_name": "A", "last_name": "B", "email": "nowhere"}}, lacking),
        ({"address": "A"}, lacking),
        ({"ticket_types": []}, lacking),
        ({"ticket_types": [{"uuid": sold_out.uuid, "amount": 0}]}, lacking),
        ({"ticket_types": [{"uuid": "x", "amount": 1}]}, lacking),
        ({"ticket_types": "x"}, lacking),
    ]
    for change, says in cases:
        got = await api.post("orders/", json=_order(sandbox, **change))
        assert got.status_code == 400, change
        assert says in got.json()["detail"], change
    assert len(event.tickets) == before


async def test_refund(api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    ticket = sandbox.examples()["party"]
    left = ticket.ticket_type.amount_left
    path = f"orders/{ticket.order.uuid}/"
    assert (await api.delete(path)).json()["is_refunded"] is True
    assert (await api.get(path)).json()["state"] == "REFUND"
    assert (await api.get(path)).json()["refunded"] is True
    assert (await api.get(f"tickets/{ticket.uuid}/")).json()["ticket_refund"] is True
    assert ticket.ticket_type.amount_left == left + 5
    assert (await api.delete(path)).status_code == 400


async def test_buyer_answers(api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    order = sandbox.examples()["plain"].order
    asked = (await api.get(f"events/{order.event.uuid}/purchase-questions/")).json()["questions"]
    given = [{"uuid": asked[1]["uuid"], "value": "42"}]
    got = await api.post(f"orders/{order.uuid}/questions/", json=given)
    assert got.json()["purchase"] == order.uuid
    assert got.json()["answers"][0]["answer_value"] == "42"
    assert (await api.get(f"orders/{order.uuid}/questions/")).json() == got.json()
