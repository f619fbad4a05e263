"""Every fault as a client sees it, and what has become of the request."""

import asyncio
import json

import httpx
import pytest

from boxoffice.sandbox import Fault, Kind, Sandbox
from boxoffice.sandbox.faults import path_matches
from tests.support import FakeClock, both_dialects, settle, until


async def check_in(api: httpx.AsyncClient, sandbox: Sandbox) -> httpx.Response:
    ticket = sandbox.examples()["plain"]
    return await api.patch(f"tickets/{ticket.uuid}/", json={"checked_in": True})


@pytest.mark.parametrize(
    ("fault", "error", "applied"),
    [
        ("drop", httpx.RemoteProtocolError, False),
        ("drop-after", httpx.RemoteProtocolError, True),
        ("cut", httpx.RemoteProtocolError, True),
    ],
)
async def test_lost_connections(
    api: httpx.AsyncClient,
    sandbox: Sandbox,
    fault: str,
    error: type[Exception],
    applied: bool,
) -> None:
    ticket = sandbox.examples()["plain"]
    sandbox.faults.set(fault, method="PATCH", times=1)
    with pytest.raises((error, httpx.ReadError)):
        await check_in(api, sandbox)
    assert ticket.checked_in is applied
    (entry,) = sandbox.log.find("PATCH")
    assert (entry.fault, entry.status, entry.applied) == (fault, None, applied)
    assert (await api.get("ping/")).status_code == 200


@pytest.mark.parametrize("status", [401, 403, 404, 410, 429, 500, 502, 503, 520, 524])
@pytest.mark.parametrize("after", [False, True])
async def test_statuses(api: httpx.AsyncClient, sandbox: Sandbox, status: int, after: bool) -> None:
    ticket = sandbox.examples()["plain"]
    sandbox.faults.set(f"{status}-after" if after else f"{status}", path="tickets/*/")
    got = await check_in(api, sandbox)
    assert got.status_code == status
    assert "retry-after" not in got.headers
    assert ("json" in got.headers["content-type"]) is (status < 500 or status == 503)
    assert ticket.checked_in is after


async def test_retry_after_and_own_words(api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    sandbox.faults.set("429=7", times=1)
    assert (await api.get("ping/")).headers["retry-after"] == "7"
    sandbox.faults.set(Fault(Kind.STATUS, status=409, body=b'["No."]'), times=1)
    assert (await api.get("ping/")).json() == ["No."]
    sandbox.faults.set(Fault(Kind.STATUS, status=400, body=b"Bad"), times=1)
    assert (await api.get("ping/")).text == "Bad"


async def test_captive_portal(api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    sandbox.faults.set("html")
    got = await check_in(api, sandbox)
    assert (got.status_code, got.headers["content-type"]) == (200, "text/html; charset=utf-8")
    sandbox.faults.set("redirect")
    got = await check_in(api, sandbox)
    assert got.status_code == 302
    assert sandbox.url not in got.headers["location"]
    assert not sandbox.examples()["plain"].checked_in


async def test_unreadable_bodies(api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    path = f"events/{sandbox.state.tonight.uuid}/tickets/"
    whole = (await api.get(path)).content
    sandbox.faults.set("truncated", times=1)
    assert (await api.get(path)).content == whole[: len(whole) // 2]
    sandbox.faults.set("wrong-shape", times=2)
    assert isinstance((await api.get(path)).json(), dict)
    assert isinstance((await check_in(api, sandbox)).json(), list)
    sandbox.faults.set("deep=5000", times=1)
    deep = await api.get(path)
    with pytest.raises(RecursionError):
        deep.json()
    sandbox.faults.set("huge=3", times=1)
    huge = await api.get(path)
    assert 2_900_000 < len(huge.content) < 3_100_000
    assert "content-length" not in huge.headers
    assert json.loads(huge.content)


async def test_stale_list(api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    path = f"events/{sandbox.state.tonight.uuid}/tickets/"
    before = (await api.get(path)).content
    rule = sandbox.faults.set("stale")
    assert (await check_in(api, sandbox)).json()["checked_in"] is True
    assert (await api.get(path)).content == before
    assert rule.hits == 1, "only lists are met"
    sandbox.faults.clear(rule)
    assert (await api.get(path)).content != before


async def test_a_cache_before_single_tickets(
    api: httpx.AsyncClient, sandbox: Sandbox, clock: FakeClock
) -> None:
    ticket, other = sandbox.examples()["plain"], sandbox.examples()["party"]
    sandbox.faults.set("stale=60", path="tickets/*/")

    async def said(uuid: str) -> bool:
        return bool((await api.get(f"tickets/{uuid}/")).json()["checked_in"])

    assert not await said(ticket.uuid)
    assert (await check_in(api, sandbox)).json()["checked_in"] is True, "writes are not held back"
    sandbox.state.check_in(other)
    assert await said(other.uuid), "it was never asked before"
    for seconds, is_in in [(0, False), (59, False), (1, True)]:
        await clock.advance(seconds)
        assert await said(ticket.uuid) is is_in
    sandbox.state.check_in(ticket, False)
    assert await said(ticket.uuid), "that was kept anew"
    sandbox.faults.clear()
    assert not await said(ticket.uuid)


async def test_what_a_cache_keeps(api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    ticket = sandbox.examples()["plain"]
    event = sandbox.state.tonight.uuid
    paths = [f"events/{event}/tickets/", f"tickets/{ticket.uuid}/", f"orders/{ticket.order.uuid}/"]
    rule = sandbox.faults.switch("stale=60")
    before = [(await api.get(path)).content for path in paths]
    sandbox.state.check_in(ticket)
    sandbox.state.refund(ticket.order)
    assert [(await api.get(path)).content for path in paths] == before
    hits = rule.hits
    assert (await api.get("tickets/" + "0" * 32 + "/")).status_code == 404
    assert (await api.get(f"tickets/{ticket.uuid}/questions/")).status_code == 200
    assert (await api.get("ping/")).status_code == 200
    assert rule.hits == hits + 1, "and nothing else"
    sandbox.faults.clear(rule)
    for path, body in zip(paths, before, strict=True):
        assert (await api.get(path)).content != body


async def test_an_error_is_not_kept(api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    path = f"tickets/{sandbox.examples()['plain'].uuid}/"
    sandbox.faults.set("stale=60", path=path)
    token = api.headers.pop("authorization")
    assert (await api.get(path)).status_code == 401
    api.headers["authorization"] = token
    assert (await api.get(path)).status_code == 200


async def test_single_reads_held_back_for_good(
    api: httpx.AsyncClient, sandbox: Sandbox, clock: FakeClock
) -> None:
    ticket = sandbox.examples()["plain"]
    rule = sandbox.faults.set("stale", path="tickets/*/")
    for _ in range(3):
        assert (await api.get(f"tickets/{ticket.uuid}/")).json()["checked_in"] is False
        await check_in(api, sandbox)
        await clock.advance(3600)
    sandbox.faults.clear(rule)
    assert (await api.get(f"tickets/{ticket.uuid}/")).json()["checked_in"] is True


@both_dialects
async def test_a_ticket_lags_behind_a_write_as_its_list_does(
    api: httpx.AsyncClient, sandbox: Sandbox
) -> None:
    ticket, event = sandbox.examples()["plain"], sandbox.state.tonight
    single, listed = f"tickets/{ticket.uuid}/", f"events/{event.uuid}/tickets/"
    before = [(await api.get(path)).content for path in (single, listed)]
    rule = sandbox.faults.set("stale")
    assert (await check_in(api, sandbox)).json()["checked_in"] is True
    assert [(await api.get(path)).content for path in (single, listed)] == before
    address = {"first_name": "A", "last_name": "B", "email": "a@example.com"}
    sold = sandbox.state.sell(event, address, [(event.ticket_types[0], 1)], None).tickets[0]
    assert (await api.get(f"tickets/{sold.uuid}/")).json()["full_name"] == "A B"
    sandbox.faults.clear(rule)
    assert (await api.get(single)).json()["checked_in"] is True
    rows = {row["id"]: row["checked_in"] for row in (await api.get(listed)).json()}
    assert rows[ticket.number] is True


async def test_a_lag_of_the_list_alone(api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    ticket = sandbox.examples()["plain"]
    sandbox.faults.set("stale", path="events/*/tickets/")
    await check_in(api, sandbox)
    assert (await api.get(f"tickets/{ticket.uuid}/")).json()["checked_in"] is True


async def test_hang_before_and_after(api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    ticket = sandbox.examples()["plain"]
    rule = sandbox.faults.set("hang", method="PATCH", times=1)
    asked = asyncio.create_task(check_in(api, sandbox))
    await until(lambda: rule.hits)
    await settle()
    assert not ticket.checked_in
    sandbox.faults.clear()
    assert (await asked).status_code == 200
    assert ticket.checked_in

    sandbox.state.check_in(ticket, False)
    rule = sandbox.faults.set("hang-after", method="PATCH", times=1)
    asked = asyncio.create_task(api.patch(f"tickets/{ticket.uuid}/", json={"checked_in": True}))
    await until(lambda: ticket.checked_in)
    assert not asked.done()
    rule.release()
    assert (await asked).json()["checked_in"] is True


async def test_a_client_that_leaves_is_not_served(api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    ticket = sandbox.examples()["plain"]
    rule = sandbox.faults.set("hang", method="PATCH")
    asked = asyncio.create_task(check_in(api, sandbox))
    await until(lambda: rule.hits)
    asked.cancel()
    await until(lambda: sandbox.log.find("PATCH")[0].gone)
    sandbox.faults.clear()
    assert (await api.get("ping/")).status_code == 200
    assert not ticket.checked_in


async def test_latencies_add_up_on_the_tests_clock(
    api: httpx.AsyncClient, sandbox: Sandbox, clock: FakeClock
) -> None:
    sandbox.faults.set("latency=2")
    sandbox.faults.set("latency-after=3", method="PATCH")
    asked = asyncio.create_task(check_in(api, sandbox))
    await until(lambda: clock.sleeping)
    await clock.advance(2)
    await until(lambda: clock.next_in == 3)
    assert sandbox.log.find("PATCH", applied=True)
    await clock.advance(3)
    assert (await asked).status_code == 200


async def test_which_requests_a_rule_meets(api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    ticket = sandbox.examples()["plain"].uuid
    older = sandbox.faults.set("503")
    newer = sandbox.faults.set("404", path="/api/v3/tickets/*/", method="get", times=1)
    assert (await api.get(f"tickets/{ticket}/questions/")).status_code == 503
    assert (await api.get(f"tickets/{ticket}/")).status_code == 404
    assert (await api.get(f"tickets/{ticket}/")).status_code == 503
    assert [(rule.hits, rule.times) for rule in sandbox.faults] == [(1, 0), (2, None)]
    sandbox.faults.clear(older)
    assert list(sandbox.faults) == [newer]
    assert (await api.get(f"tickets/{ticket}/")).status_code == 200


@pytest.mark.parametrize(
    ("pattern", "path", "meets"),
    [
        ("**", "events/x/", True),
        ("tickets/*/", "tickets/x/", True),
        ("tickets/*/", "tickets/x/questions/", False),
        ("tickets/**", "tickets/x/questions/", True),
        ("events/*/tickets/", "events/x/tickets/", True),
        ("events/", "events/x/", False),
        ("tickets/x.", "tickets/xy", False),
    ],
)
def test_patterns(pattern: str, path: str, meets: bool) -> None:
    assert path_matches(pattern, path) is meets


@pytest.mark.parametrize(
    "text",
    [
        *("", "nonsense", "200", "600", "html-after", "status", "drop=1", "latency=soon"),
        *("latency=nan", "stale=0", "stale=old", "stale-after"),
    ],
)
def test_no_fault(text: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        Fault.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        *("latency=0.3", "hang-after", "429=5", "524-after", "wrong-shape", "huge=1", "cut"),
        *("stale", "stale=60", "latency=0"),
    ],
)
def test_written_and_read(text: str) -> None:
    assert str(Fault.parse(text)) == text


async def test_switched_in_words(sandbox: Sandbox) -> None:
    rule = sandbox.faults.switch("drop-after PATCH tickets/*/ x2")
    assert rule.as_json() == {
        "fault": "drop-after",
        "path": "tickets/*/",
        "method": "PATCH",
        "times": 2,
        "hits": 0,
    }
    with pytest.raises(ValueError, match="no fault"):
        sandbox.faults.switch("")


async def test_log_counts_what_was_applied(api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    sandbox.faults.set("503", method="PATCH", times=1)
    await check_in(api, sandbox)
    await check_in(api, sandbox)
    assert sandbox.log.count("PATCH", "tickets/*/") == 2
    assert sandbox.log.count("PATCH", "tickets/*/", applied=True) == 1
    entry = sandbox.log.find("PATCH")[-1]
    assert entry.data == {"checked_in": True}
    assert entry.status == 200
    sandbox.log.clear()
    assert len(sandbox.log) == 0
