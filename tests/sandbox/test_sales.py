"""Selling: stock, limits, vouchers, what is on sale, refunds, and the PDF of an order's tickets."""

import asyncio
import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from boxoffice.sandbox import Dialect, Sandbox, data
from boxoffice.sandbox.api_door import tickets_pdf
from boxoffice.sandbox.models import Event
from tests.support import FakeClock, both_dialects


def order(event: Event, *amounts: int) -> dict[str, Any]:
    types = zip(event.ticket_types, amounts, strict=False)
    return {
        "event": event.uuid,
        "address": {"first_name": "Anna", "last_name": "Kjær", "email": "anna@example.com"},
        "ticket_types": [{"uuid": each.uuid, "amount": amount} for each, amount in types if amount],
    }


@both_dialects
async def test_two_orders_for_the_last_tickets(api: httpx.AsyncClient, tonight: Event) -> None:
    standard = tonight.ticket_types[0]
    standard.amount_total = standard.amount_sold + 5
    before = len(tonight.tickets)
    got = await asyncio.gather(*(api.post("orders/", json=order(tonight, 3)) for _ in range(4)))
    refused = [each.json()["detail"] for each in got if each.status_code == 400]
    assert refused == ["Insufficient tickets available"] * 3
    assert standard.amount_left == 2
    assert len(tonight.tickets) == before + 3


@both_dialects
async def test_the_limit_counts_all_types_together(api: httpx.AsyncClient, tonight: Event) -> None:
    shown = (await api.get(f"events/{tonight.uuid}/")).json()["eventsettings"]["ticket_limit"]
    assert shown == tonight.ticket_limit == 9
    got = await api.post("orders/", json=order(tonight, 6, 4))
    assert got.status_code == 400
    assert "at most 9" in got.text
    assert (await api.post("orders/", json=order(tonight, 5, 4))).is_success
    tonight.ticket_limit = 0
    assert (await api.post("orders/", json=order(tonight, 12))).is_success


@both_dialects
@pytest.mark.parametrize("why", ["active", "members_only", "paused", "sales_start", "sales_end"])
async def test_a_type_that_is_not_on_sale(
    api: httpx.AsyncClient, tonight: Event, clock: FakeClock, dialect: Dialect, why: str
) -> None:
    standard = tonight.ticket_types[0]
    hour = timedelta(hours=1)
    match why:
        case "active":
            standard.active = False
        case "members_only":
            standard.members_only = True
        case "paused":
            standard.paused = True
        case "sales_start":
            standard.sales_start = clock.now() + hour
        case _:
            standard.sales_end = clock.now() - hour
    got = await api.post("orders/", json=order(tonight, 1))
    assert (got.status_code, "Standard is not on sale" in got.text) == (400, True)
    assert (await api.post("orders/", json=order(tonight, 0, 1))).is_success
    row, other, *_ = (await api.get(f"events/{tonight.uuid}/ticket-types/")).json()
    assert (row["active"], row["is_members_only"]) == (why != "active", why == "members_only")
    if dialect == "live":
        assert (row["is_on_sale"], other["is_on_sale"]) == (False, True)
        assert row["is_temporarily_sold_out"] is (why == "paused")
    await clock.advance(2 * hour.total_seconds())
    assert (await api.post("orders/", json=order(tonight, 1))).is_success is (why == "sales_start")


async def test_vouchers_pay_for_what_costs(api: httpx.AsyncClient, tonight: Event) -> None:
    tonight.vouchers = 3
    assert (await api.post("orders/", json=order(tonight, 2, 0, 0, 0, 5))).is_success
    got = await api.post("orders/", json=order(tonight, 2))
    assert (got.status_code, got.json()) == (400, {"detail": "Insufficient vouchers available"})
    assert tonight.vouchers == 1
    assert tonight.ticket_types[0].amount_left == 61


async def test_a_required_question_of_the_buyer_stays_open(
    api: httpx.AsyncClient, sandbox: Sandbox, tonight: Event
) -> None:
    needed = data.question(sandbox.state, "Which table?", "TEXT", required=True)
    tonight.purchase_questions.append(needed)
    told = (await api.post("orders/", json=order(tonight, 1))).json()
    placed = sandbox.state.orders[told["uuid"].replace("-", "")]
    assert sandbox.state.unanswered(placed) == tonight.purchase_questions
    await api.post(f"orders/{placed.uuid}/questions/", json=[{"uuid": needed.uuid, "value": "7"}])
    assert needed not in sandbox.state.unanswered(placed)


async def test_a_key_that_may_not_refund(api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    sandbox.state.may_refund = False
    placed = sandbox.examples()["plain"].order
    got = await api.delete(f"orders/{placed.uuid}/")
    assert got.status_code == 401
    assert not placed.refunded
    assert (await api.get(f"orders/{placed.uuid}/")).status_code == 200
    sandbox.state.may_refund = True
    assert (await api.delete(f"orders/{placed.uuid}/")).is_success


@both_dialects
async def test_the_pdf_lies_at_the_server_that_answers(
    api: httpx.AsyncClient, sandbox: Sandbox
) -> None:
    placed = sandbox.examples()["party"].order
    url = (await api.get(f"orders/{placed.uuid}/")).json()["ticket_pdf_absolute_url"]
    assert url == f"{sandbox.url}/da/purchase/{placed.uuid}/tickets-as-pdf/"
    got = await api.get(url, headers={"Accept": "application/pdf"})
    assert got.headers["content-type"] == "application/pdf"
    assert got.content == tickets_pdf(placed)
    assert all(each.uuid.encode() in got.content for each in placed.tickets)
    async with httpx.AsyncClient(trust_env=False, verify=False) as stranger:
        assert (await stranger.get(url)).status_code == 401
    sandbox.faults.set("503", path="/da/purchase/**")
    assert (await api.get(url, headers={"Accept": "*/*"})).status_code == 503
    assert sandbox.log.count("GET", f"/da/purchase/{placed.uuid}/tickets-as-pdf/") == 3
    assert (await api.get(f"{sandbox.url}/da/purchase/x/")).status_code == 503


async def test_a_pdf_can_be_read_from_its_end(sandbox: Sandbox) -> None:
    for example in sandbox.examples().values():
        content = tickets_pdf(example.order)
        start = int(content.rstrip().split()[-2])
        lines = content[start:].split(b"\n")
        assert lines[0] == b"xref"
        for number, line in enumerate(lines[3 : 2 + int(lines[1].split()[1])], 1):
            assert content[int(line[:10]) :].startswith(b"%d 0 obj" % number)
        for size, body in re.findall(rb"/Length (\d+) >>\nstream\n(.*?)\nendstream", content, re.S):
            assert int(size) == len(body)
            assert not re.search(rb"[\x00-\x1f]", body)


async def test_a_list_says_the_same_at_any_port() -> None:
    bodies = []
    for _ in range(2):
        async with Sandbox(tickets=40, now=FakeClock().now) as box:
            event = box.state.tonight.uuid
            headers = {"Authorization": f"Token {box.token}"}
            async with httpx.AsyncClient(headers=headers, trust_env=False, verify=False) as client:
                got = await client.get(f"{box.url}/api/v3/events/{event}/tickets/")
                bodies.append(got.content)
    assert bodies[0] == bodies[1]


@both_dialects
@pytest.mark.parametrize("fault", ["524", "524-after", "drop-after", "hang-after"])
async def test_faults_of_placing_an_order(
    api: httpx.AsyncClient, sandbox: Sandbox, tonight: Event, fault: str
) -> None:
    before = len(tonight.orders)
    rule = sandbox.faults.set(fault, path="orders/", method="POST")
    if fault == "hang-after":
        with pytest.raises(httpx.ReadTimeout):
            await api.post("orders/", json=order(tonight, 1), timeout=0.05)
    elif fault == "drop-after":
        with pytest.raises(httpx.TransportError):
            await api.post("orders/", json=order(tonight, 1))
    else:
        assert (await api.post("orders/", json=order(tonight, 1))).status_code == 524
    sandbox.faults.clear(rule)
    assert len(tonight.orders) == before + (fault != "524")
