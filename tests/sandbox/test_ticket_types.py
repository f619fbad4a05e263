"""One ticket type: reading, making, changing and deleting it."""

from typing import Any

import httpx
import pytest

from boxoffice.sandbox import Dialect, Sandbox
from boxoffice.sandbox.models import Event, TicketType
from tests.support import both_dialects

SHORT = {
    "uuid", "title", "price", "amount", "amount_total", "is_members_only", "is_free", "amount_sold"
}  # fmt: skip


@pytest.fixture
def path(tonight: Event) -> str:
    return f"events/{tonight.uuid}/ticket-types/"


@pytest.fixture
def standard(tonight: Event) -> TicketType:
    return tonight.ticket_types[0]


@both_dialects
async def test_create_read_change_delete(
    api: httpx.AsyncClient, path: str, tonight: Event, dialect: Dialect
) -> None:
    new = {"title": "Sample ticket", "price": 0, "amount_total": 100, "is_members_only": False}
    got = await api.post(path, json=new)
    assert got.status_code == (201 if dialect == "live" else 200)
    told = got.json()
    if dialect == "docs":
        assert set(told) == SHORT
        assert told.items() >= (new | {"amount": 100, "is_free": True, "amount_sold": 0}).items()
    one = f"{path}{told['uuid'].replace('-', '')}/"
    assert (await api.get(one)).json() == told
    assert len((await api.get(path)).json()) == 6
    got = await api.patch(one, json={"title": "Best ticket", "price": "12.50", "amount": 50})
    assert got.status_code == 200
    changed = tonight.ticket_types[-1]
    assert (changed.title, str(changed.price), changed.amount_total) == ("Best ticket", "12.50", 50)
    assert got.json()["price"] == (12.5 if dialect == "docs" else "12.50")
    got = await api.delete(one)
    assert (got.status_code, got.content) == (200, b"")
    assert (await api.get(one)).status_code == 404
    assert len((await api.get(path)).json()) == 5


async def test_amount_counts_what_is_left(
    api: httpx.AsyncClient, path: str, standard: TicketType
) -> None:
    one, sold = f"{path}{standard.uuid}/", standard.amount_sold
    told = (await api.patch(one, json={"amount": 50, "amount_total": 7})).json()
    assert (told["amount"], told["amount_total"], told["amount_sold"]) == (50, 50 + sold, sold)
    told = (await api.patch(one, json={"amount_total": sold + 8})).json()
    assert (told["amount"], told["amount_total"]) == (8, sold + 8)


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"price": 1}, "price"),
        ({"price": "free"}, "price"),
        ({"price": None}, "price"),
        ({"price": 1e300}, "price"),
        ({"amount": 0}, "amount"),
        ({"amount_total": "{sold}"}, "amount_total"),
        ({"amount_total": 1}, "amount_total"),
        ({"amount": -1}, "amount"),
        ({"amount": 2.5}, "amount"),
        ({"amount": True}, "amount"),
        ({"title": " "}, "title"),
        ({"start_date": "soon"}, "start_date"),
        ({"sort_id": "first"}, "sort_id"),
        ({"active": None}, "active"),
    ],
)
async def test_refused(
    api: httpx.AsyncClient,
    path: str,
    standard: TicketType,
    change: dict[str, Any],
    names: str,
) -> None:
    before = (await api.get(path)).json()
    change = {
        name: value.format(sold=standard.amount_sold) if isinstance(value, str) else value
        for name, value in change.items()
    }
    got = await api.patch(f"{path}{standard.uuid}/", json={"title": "X"} | change)
    assert got.status_code == 400
    assert set(got.json()) == {names}
    assert (await api.get(path)).json() == before


async def test_a_sold_type_stays(api: httpx.AsyncClient, path: str, standard: TicketType) -> None:
    got = await api.delete(f"{path}{standard.uuid}/")
    assert got.status_code == 400
    assert got.json() == {
        "detail": "The ticket type Standard cannot be deleted: tickets have been sold."
    }
    assert len((await api.get(path)).json()) == 5


async def test_what_a_seller_sees(api: httpx.AsyncClient, path: str, tonight: Event) -> None:
    """A sold-out type is for sale again, and then not any more."""
    balcony = tonight.ticket_types[2]
    order = {
        "event": tonight.uuid,
        "address": {"first_name": "A", "last_name": "B", "email": "a@example.com"},
        "ticket_types": [{"uuid": balcony.uuid, "amount": 1}],
    }
    assert (await api.post("orders/", json=order)).status_code == 400
    assert (await api.patch(f"{path}{balcony.uuid}/", json={"amount": 2})).is_success
    assert (await api.post("orders/", json=order)).is_success
    assert (await api.patch(f"{path}{balcony.uuid}/", json={"active": False})).is_success
    assert (await api.post("orders/", json=order)).status_code == 400


async def test_details_are_kept_and_sorted(
    api: httpx.AsyncClient, path: str, tonight: Event
) -> None:
    """The list answers what was set, in the order that was set."""
    last = tonight.ticket_types[-1]
    details = {"description": "With a view", "sort_id": 1, "start_date": "2026-05-09T10:00:00Z"}
    assert (await api.patch(f"{path}{last.uuid}/", json=details)).is_success
    first = (await api.get(path)).json()[0]
    assert (first["title"], first["description"], first["sort_id"]) == (
        "Volunteer", "With a view", 1
    )  # fmt: skip
    assert first["start_date"] == "2026-05-09T12:00:00+02:00"
    listed = (await api.get(f"events/{tonight.uuid}/tickets/")).json()
    days = {each["has_ticket_type_date"]: each["ticket_type_name"] for each in listed}
    assert days[True] == "Volunteer"


async def test_a_type_of_another_event(
    api: httpx.AsyncClient, sandbox: Sandbox, standard: TicketType
) -> None:
    other = list(sandbox.state.events)[1]
    assert (await api.get(f"events/{other}/ticket-types/{standard.uuid}/")).status_code == 404
