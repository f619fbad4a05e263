"""Events as an organiser creates, changes and deletes them."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from boxoffice.sandbox import Dialect, Sandbox
from boxoffice.sandbox.models import Event
from tests.support import EVENING, both_dialects

NEW = {
    "title": "Testing event",
    "start_date": "2026-11-06T09:45:00+01:00",
    "end_date": "2026-11-06T18:00:00+01:00",
    "ticket_types": [{"title": "Ticket", "price": 400.00, "amount_total": 100}],
    "is_members_only": False,
    "team": "19ed41947c2c4511a334fa94edd2cbb9",
    "eventsettings": {},
    "address": {
        "first_name": "John",
        "last_name": "Doe",
        "email": "john@example.com",
        "phone": "42424242",
    },
    "description": "This is an event descriptiopn",
}
"""The document's own example."""
CREATED = """uuid title start_date end_date ticket_types eventsettings team address pin
    is_members_only description summary"""


def writable(types: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Ticket types as they were read, to be sent back: with their `pk`."""
    return [dict(each) for each in types]


async def types_of(api: httpx.AsyncClient, event: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = (await api.get(f"events/{event}/ticket-types/")).json()
    return rows


@both_dialects
async def test_the_documents_example(
    api: httpx.AsyncClient, sandbox: Sandbox, dialect: Dialect
) -> None:
    got = await api.post("events/", json=NEW)
    assert got.status_code == (201 if dialect == "live" else 200)
    told = got.json()
    if dialect == "docs":
        assert set(told) == set(CREATED.split())
        assert set(told["ticket_types"][0]) == {
            "uuid", "title", "price", "amount", "amount_total", "is_members_only"
        }  # fmt: skip
        assert told["end_date"] == NEW["end_date"]
        assert told["eventsettings"]["ticket_limit"] == 9
    assert told["team"] == "Default"
    assert told["address"]["phone"] == "42424242"
    assert told["address"]["city"] == ""

    event = sandbox.state.events[told["uuid"].replace("-", "")]
    read = (await api.get(f"events/{event.uuid}/")).json()
    assert read["title"] == "Testing event"
    assert read["has_ticket_sold"] is False
    assert told["title"] in [row["title"] for row in (await api.get("events/")).json()]
    assert (await api.get(f"events/{event.uuid}/tickets/")).json() == []
    assert (await api.get(f"events/{event.uuid}/orders/")).json()["orders"] == []
    order = {
        "event": event.uuid,
        "address": {"first_name": "A", "last_name": "B", "email": "a@example.com"},
        "ticket_types": [{"uuid": event.ticket_types[0].uuid, "amount": 2}],
    }
    assert (await api.post("orders/", json=order)).is_success
    assert len((await api.get(f"events/{event.uuid}/tickets/")).json()) == 2


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"title": None}, "title"),
        ({"title": ""}, "title"),
        ({"start_date": "tomorrow"}, "start_date"),
        ({"start_date": "2026-11-06"}, "start_date"),
        ({"start_date": "0001-01-01T00:00:00+14:00"}, "start_date"),
        ({"end_date": "2026-11-05T18:00:00+01:00"}, "end_date"),
        ({"team": "Somebody else"}, "team"),
        ({"eventsettings": {"ticket_limit": "many"}}, "ticket_limit"),
        ({"eventsettings": []}, "eventsettings"),
        ({"address": {"email": "nowhere"}}, "address"),
        ({"is_members_only": "maybe"}, "is_members_only"),
        ({"ticket_types": {}}, "ticket_types"),
        ({"ticket_types": ["x"]}, "ticket_types"),
        ({"ticket_types": [{"title": "T", "price": 1}]}, "amount_total"),
        ({"ticket_types": [{"title": "T", "price": -1, "amount_total": 1}]}, "price"),
        ({"ticket_types": [{"title": "T", "price": "1.001", "amount_total": 1}]}, "price"),
        ({"ticket_types": [{"title": "T", "price": 1, "amount_total": 1, "pk": 5}]}, "pk"),
    ],
)
async def test_refused_and_nothing_made(
    api: httpx.AsyncClient, sandbox: Sandbox, change: dict[str, object], names: str
) -> None:
    got = await api.post("events/", json=NEW | change)
    assert got.status_code == 400
    assert names in got.text
    assert len(sandbox.state.events) == 4


async def test_what_is_required(api: httpx.AsyncClient) -> None:
    got = await api.post("events/", json={})
    assert (got.status_code, set(got.json())) == (400, {"title", "start_date", "ticket_types"})


async def test_a_mistake_is_told_at_its_place(api: httpx.AsyncClient) -> None:
    types = [{"title": "A", "price": 1, "amount_total": 1}, {"title": "B", "amount_total": 1}]
    got = await api.post("events/", json=NEW | {"ticket_types": types})
    assert got.json() == {"ticket_types": [{}, {"price": ["This field is required."]}]}


@both_dialects
async def test_writing_back_what_was_read_changes_nothing(
    api: httpx.AsyncClient, tonight: Event
) -> None:
    before = await types_of(api, tonight.uuid)
    shown = (await api.get(f"events/{tonight.uuid}/")).json()
    got = await api.post(f"events/{tonight.uuid}/", json={"ticket_types": writable(before)})
    assert got.status_code == 200
    assert await types_of(api, tonight.uuid) == before
    assert (await api.get(f"events/{tonight.uuid}/")).json() == shown


@both_dialects
async def test_types_that_are_forgotten_are_deleted(
    api: httpx.AsyncClient, tonight: Event, ticket_count: int
) -> None:
    """The trap of the document, in its three forms."""
    before = await types_of(api, tonight.uuid)
    one, without_pk = dict(before[0]), dict(before[1])
    del without_pk["pk"]
    without_pk["amount"] = 12
    got = await api.post(f"events/{tonight.uuid}/", json={"ticket_types": [one, without_pk]})
    assert got.status_code == 200
    after = await types_of(api, tonight.uuid)
    assert [each["title"] for each in after] == ["Standard", "Student"]
    assert after[0] == before[0]
    assert after[1]["pk"] != before[1]["pk"]
    assert after[1]["uuid"] != before[1]["uuid"]
    assert after[1]["amount_sold"] == 0
    rows = (await api.get(f"events/{tonight.uuid}/tickets/")).json()
    assert len(rows) == ticket_count
    assert "Dinner & concert" in {row["ticket_type_name"] for row in rows}
    # What was asked of dinner guests alone goes with their type.
    assert {each.ticket_type for each in tonight.questions} == {None}

    assert (await api.post(f"events/{tonight.uuid}/", json={"title": "Only this"})).is_success
    assert await types_of(api, tonight.uuid) == []
    assert tonight.title == "Only this"


async def test_update_changes_what_is_sent(api: httpx.AsyncClient, tonight: Event) -> None:
    types = await types_of(api, tonight.uuid)
    types[0]["title"] = "Standing"
    types[0]["amount"] += 5
    types[0]["amount_total"] = 1
    change = {
        "ticket_types": types,
        "summary": "Short",
        "eventsettings": {"ticket_limit": 3, "reminder_email": False, "fee_type": "none"},
        "address": {"city": "Aarhus"},
        "start_date": "2026-05-08T18:30",
    }
    length = tonight.end - tonight.start
    got = await api.post(f"events/{tonight.uuid}/", json=change)
    assert got.status_code == 200
    shown = (await api.get(f"events/{tonight.uuid}/")).json()
    assert shown["eventsettings"]["ticket_limit"] == 3
    assert shown["eventsettings"]["reminder_email"] is False
    assert shown["eventsettings"]["fee_type"] == "attendee"
    assert (shown["address"]["city"], shown["address"]["venue"]) == ("Aarhus", "Pakhus 11")
    assert shown["start_date"] == "2026-05-08T18:30:00+02:00"
    assert tonight.end - tonight.start == length
    (row,) = [each for each in (await api.get("events/")).json() if each["uuid"] == tonight.uuid]
    assert row["summary"] == "Short"
    after = await types_of(api, tonight.uuid)
    assert after[0]["amount_total"] == types[0]["amount"] + types[0]["amount_sold"]
    listed = (await api.get(f"events/{tonight.uuid}/tickets/")).json()
    names = {each["ticket_type_name"] for each in listed}
    assert "Standing" in names
    assert "Standard" not in names


async def test_of_a_whole_event_only_amount_sets_the_total(
    api: httpx.AsyncClient, tonight: Event
) -> None:
    before = await types_of(api, tonight.uuid)
    sent = [{"pk": each["pk"], "amount_total": 9999} for each in before]
    assert (await api.post(f"events/{tonight.uuid}/", json={"ticket_types": sent})).is_success
    assert await types_of(api, tonight.uuid) == before


async def test_the_price_of_sold_tickets_is_fixed(api: httpx.AsyncClient, tonight: Event) -> None:
    types = await types_of(api, tonight.uuid)
    types[0]["price"] = 1
    got = await api.post(
        f"events/{tonight.uuid}/", json={"ticket_types": types, "title": "Another"}
    )
    assert got.status_code == 400
    assert "have been sold" in got.text
    assert tonight.title != "Another"
    assert tonight.ticket_types[0].price == 295


@both_dialects
async def test_delete(
    api: httpx.AsyncClient, sandbox: Sandbox, tonight: Event, dialect: Dialect
) -> None:
    path = f"events/{tonight.uuid}/"
    for bad in (None, {}, {"delete_reason": "Rain"}, {"delete_reason": 4}, {"delete_reason": " "}):
        got = await api.request("DELETE", path, json=bad)
        assert got.status_code == 400, bad
    assert not tonight.deleted
    got = await api.request("DELETE", path, json={"delete_reason": "The hall has burnt down"})
    assert (got.status_code, got.content) == (200, b"")
    assert tonight.uuid not in [row["uuid"] for row in (await api.get("events/")).json()]
    if dialect == "live":
        assert (await api.get(path)).json()["is_deleted"] is True
    else:
        assert (await api.get(path)).status_code == 410
    codes = "discount-codes/" if dialect == "live" else "discount-code/"
    for gone in ("tickets/", "ticket-types/", "orders/", codes):
        assert (await api.get(path + gone)).status_code == 410
    assert (await api.request("DELETE", path, json={"delete_reason": "Again"})).status_code == 410
    ticket = sandbox.examples()["plain"]
    assert (await api.get(f"tickets/{ticket.uuid}/")).status_code == 200
    order = {
        "event": tonight.uuid,
        "address": {"first_name": "A", "last_name": "B", "email": "a@example.com"},
        "ticket_types": [{"uuid": tonight.ticket_types[0].uuid, "amount": 1}],
    }
    assert (await api.post("orders/", json=order)).status_code == 400


async def test_an_event_without_an_end(api: httpx.AsyncClient) -> None:
    new: dict[str, object] = {name: value for name, value in NEW.items() if name != "end_date"}
    start = EVENING - timedelta(hours=3)
    told = (await api.post("events/", json=new | {"start_date": start.isoformat()})).json()
    assert told["end_date"] is None
    assert told["uuid"] in [row["uuid"] for row in (await api.get("events/")).json()]


async def test_order_numbers_of_new_events_differ(api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    for _ in range(30):
        assert (await api.post("events/", json=NEW)).is_success
    prefixes = [each.order_prefix for each in sandbox.state.events.values()]
    assert len(set(prefixes)) == len(prefixes)
    slugs = {each.slug for each in sandbox.state.events.values()}
    assert len(slugs) == len(prefixes)
