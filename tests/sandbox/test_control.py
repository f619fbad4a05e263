"""The paths beside the API, as a person with curl uses them."""

from collections.abc import AsyncIterator

import httpx
import pytest

from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.control import Control


@pytest.fixture
async def control(sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    base = f"{sandbox.url}/_sandbox/"
    async with httpx.AsyncClient(base_url=base, trust_env=False, verify=False) as client:
        yield client


@pytest.mark.parametrize("ticket_count", [400])
async def test_state(control: httpx.AsyncClient, sandbox: Sandbox) -> None:
    told = (await control.get("state/")).json()
    assert [each["tickets"] for each in told["events"]] == [400, 60, 120, 12]
    assert set(told["examples"]) == {
        "plain", "already_in", "refunded_order", "refunded_ticket", "not_paid", "cancelled",
        "answers_needed", "answered", "party", "external", "hostile", "wrong_event", "yesterday",
        "today", "tomorrow", "any_day",
    }  # fmt: skip
    plain = sandbox.examples()["plain"]
    assert told["examples"]["plain"]["uuid"] == plain.uuid


async def test_another_door_and_refund(control: httpx.AsyncClient, sandbox: Sandbox) -> None:
    ticket = sandbox.examples()["plain"]
    assert (await control.post(f"check-in/{ticket.uuid}/")).json()["checked_in"] is True
    assert ticket.checked_in
    await control.delete(f"check-in/{ticket.uuid}/")
    assert not ticket.checked_in
    assert (await control.post(f"refund/{ticket.uuid}/")).json()["order_state"] == "REFUND"
    assert all(each.refunded for each in ticket.order.tickets)
    assert (await control.post("refund/nonsense/")).status_code == 404


async def test_faults(control: httpx.AsyncClient, api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    query = {"fault": "429=5", "path": "events/", "method": "GET", "times": "1"}
    assert (await control.post("faults/", params=query)).status_code == 201
    assert (await api.get("events/")).headers["retry-after"] == "5"
    assert (await control.get("faults/")).json()[0]["hits"] == 1
    assert (await control.delete("faults/")).json() == []
    assert list(sandbox.faults) == []
    for bad in ({"fault": "nonsense"}, {"fault": "hang", "times": "x"}, {}):
        got = await control.post("faults/", params=bad)
        assert got.status_code == 400
        assert got.json()["detail"]


async def test_log(control: httpx.AsyncClient, api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    await api.get("events/", params={"old": "true"})
    (entry,) = (await control.get("log/")).json()
    assert (entry["method"], entry["path"], entry["query"], entry["status"]) == (
        "GET", "events/", "old=true", 200
    )  # fmt: skip
    await control.delete("log/")
    assert len(sandbox.log) == 0


@pytest.mark.parametrize(("host", "status"), [("127.0.0.1", 200), ("::1", 200), ("10.0.0.5", 403)])
async def test_only_from_this_computer(sandbox: Sandbox, host: str, status: int) -> None:
    app = Control(sandbox.state, sandbox.faults, sandbox.log).application()
    transport = httpx.ASGITransport(app, client=(host, 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://box") as client:
        assert (await client.get("/_sandbox/state/")).status_code == status
