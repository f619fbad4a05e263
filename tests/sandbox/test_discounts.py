"""Discount codes of an event and of the whole platform."""

from typing import Any

import httpx
import pytest

from boxoffice.sandbox import Dialect, Sandbox
from boxoffice.sandbox.models import Event
from boxoffice.sandbox.state import Role
from tests.support import both_dialects

NEW = {
    "amount": "1000.00",
    "code": "hello_world",
    "usage_tickets_limit": 2,
    "discount_type": "PER_TICKET",
}
FIELDS = {
    "id", "active", "amount", "code", "toggle_url", "usage_tickets_limit", "amount_times_applied",
    "discount_type",
}  # fmt: skip


@pytest.fixture(
    params=["events/{event}/discount-code/", "{event}/discount-code/", "discount-code/"]
)
def path(request: pytest.FixtureRequest, tonight: Event) -> str:
    """Each path that the document has for codes."""
    written: str = request.param
    return written.format(event=tonight.uuid)


async def listed(api: httpx.AsyncClient, path: str, dialect: Dialect) -> list[dict[str, Any]]:
    """The codes, where the dialect lists them."""
    if dialect == "docs":
        rows: list[dict[str, Any]] = (await api.get(path)).json()
        return rows
    assert (await api.get(path)).status_code == 405
    page = (await api.get(path.replace("code/", "codes/"))).json()
    assert (page["count"], page["next"], page["previous"]) == (len(page["results"]), None, None)
    return list(page["results"])


@both_dialects
async def test_create_list_toggle_use_delete(
    api: httpx.AsyncClient, sandbox: Sandbox, tonight: Event, path: str, dialect: Dialect
) -> None:
    if dialect == "live" and path.startswith(tonight.uuid):
        assert (await api.get(path)).status_code == 404
        path = f"events/{path}"
    tied = tonight.ticket_types[1].uuid
    got = await api.post(path, json=[NEW, NEW | {"code": "tied", "ticket_type_uuid": tied}])
    assert got.status_code == (201 if dialect == "live" else 200)
    first, second = got.json()
    applied = "amount_times_applied"
    if dialect == "docs":
        assert set(first) == FIELDS
        assert set(second) == FIELDS | {"ticket_type_uuid"}
    else:
        applied = "amount_tickets_applied"
        assert "amount_times_applied" not in first
    assert first.items() >= (NEW | {"active": True, applied: 0}).items()
    assert second["ticket_type_uuid"].replace("-", "") == tied
    assert (tonight.uuid in first["toggle_url"]) is (path != "discount-code/")
    assert await listed(api, path, dialect) == [second, first]
    shown = (await api.get(f"events/{tonight.uuid}/")).json()
    assert shown.get("has_discount_code", True) is (path != "discount-code/" or dialect == "live")

    one = f"{path}{first['id']}/"
    for active in (False, True, False):
        assert (await api.post(one)).json() == first | {"active": active}
    with pytest.raises(LookupError, match="hello_world"):
        sandbox.state.use_discount("hello_world")
    await api.post(one)
    sandbox.state.use_discount("hello_world", 2)
    assert (await listed(api, path, dialect))[1][applied] == 2
    with pytest.raises(LookupError):
        sandbox.state.use_discount("hello_world")

    refused = await api.delete(one)
    assert refused.status_code == 404
    assert refused.json() == {"detail": "The discount code was not found or already used."}
    got = await api.delete(f"{path}{second['id']}/")
    assert (got.status_code, got.content) == (200, b"")
    assert (await api.delete(f"{path}{second['id']}/")).status_code == 404
    assert [each["id"] for each in await listed(api, path, dialect)] == [first["id"]]


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"amount": None}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"amount": "NaN"}, "amount"),
        ({"amount": "1_0"}, "amount"),
        ({"code": ""}, "code"),
        ({"code": 5.5}, ""),
        ({"usage_tickets_limit": 0}, "usage_tickets_limit"),
        ({"usage_tickets_limit": "x"}, "usage_tickets_limit"),
        ({"discount_type": 3}, "discount_type"),
        ({"ticket_type_uuid": "x"}, "ticket_type_uuid"),
    ],
)
async def test_refused(
    api: httpx.AsyncClient, path: str, change: dict[str, object], names: str
) -> None:
    got = await api.post(path, json=[NEW, NEW | change])
    if not names:
        assert got.is_success
        return
    assert got.status_code == 400
    assert got.json()[0] == {}
    assert set(got.json()[1]) == {names}
    assert (await api.get(path)).json() == []


async def test_only_a_list_is_taken(api: httpx.AsyncClient, path: str) -> None:
    for bad in (NEW, None, [[NEW]], "x"):
        assert (await api.post(path, json=bad)).status_code == 400
    assert (await api.post(path, json=[])).json() == []


async def test_codes_of_another_event_are_not_there(
    api: httpx.AsyncClient, sandbox: Sandbox, tonight: Event
) -> None:
    (made,) = (await api.post(f"events/{tonight.uuid}/discount-code/", json=[NEW])).json()
    other = list(sandbox.state.events.values())[1]
    for where in (f"events/{other.uuid}/", ""):
        assert (await api.get(f"{where}discount-code/")).json() == []
        for method in ("POST", "DELETE"):
            got = await api.request(method, f"{where}discount-code/{made['id']}/")
            assert got.status_code == 404
    foreign = NEW | {"ticket_type_uuid": other.ticket_types[0].uuid}
    got = await api.post(f"events/{tonight.uuid}/discount-code/", json=[foreign])
    assert got.status_code == 400
    assert (await api.post("discount-code/", json=[foreign])).is_success


@pytest.mark.parametrize("number", ["0", "x", "9" * 30, "٣", "-1"])
async def test_odd_numbers(api: httpx.AsyncClient, path: str, number: str) -> None:
    assert (await api.post(f"{path}{number}/")).status_code == 404


async def test_codes_go_with_their_ticket_type(api: httpx.AsyncClient, tonight: Event) -> None:
    types = f"events/{tonight.uuid}/ticket-types/"
    new = {"title": "T", "price": 10, "amount_total": 5}
    uuid = (await api.post(types, json=new)).json()["uuid"]
    codes = f"events/{tonight.uuid}/discount-code/"
    await api.post(codes, json=[NEW | {"ticket_type_uuid": uuid}, NEW])
    assert (await api.delete(f"{types}{uuid}/")).is_success
    assert len((await api.get(codes)).json()) == 1


async def test_codes_of_the_platform_are_an_admins(
    api: httpx.AsyncClient, sandbox: Sandbox, tonight: Event
) -> None:
    sandbox.state.role = Role.ORGANISER
    assert (await api.get("discount-code/")).status_code == 403
    assert (await api.post(f"events/{tonight.uuid}/discount-code/", json=[NEW])).is_success


async def test_used_by_hand(api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    await api.post("discount-code/", json=[NEW])
    path = f"{sandbox.url}/_sandbox/use-discount/"
    got = await api.post(path, params={"code": "hello_world", "tickets": "2"})
    assert got.json() == {"code": "hello_world", "amount_times_applied": 2}
    for bad in ({"code": "hello_world"}, {"code": "x"}, {"code": "hello_world", "tickets": "x"}):
        got = await api.post(path, params=bad)
        assert got.status_code == 400
        assert got.json()["detail"]
