"""`sell` killed or cut off in the middle: the order is found, and never placed twice."""

import asyncio
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from boxoffice.sandbox import SandboxThread
from boxoffice.store import Journal, sales
from boxoffice.sync.sales.rules import NOT_THERE
from tests.cli.conftest import Computer
from tests.cli.processes import LONGEST
from tests.cli.test_sell import BUYER, ORDERS, all_in, ours, sell
from tests.support import HANG_UP, FakeClock, both_dialects


def until_true(condition: Callable[[], object], what: str) -> None:
    """Wait for what another process does."""
    give_up = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < give_up, what
        time.sleep(0.01)


def posted(site: SandboxThread, *, applied: bool) -> None:
    """Wait until an order has arrived at the site."""
    until_true(lambda: site.log.count("POST", ORDERS, applied=applied or None), "an order arrives")


def found_cut_off(computer: Computer, *, ago: timedelta) -> None:
    """Have another process find the sale, so long ago that the list of now tells for sure."""

    async def find() -> None:
        (file,) = computer.data.rglob("journal.db")
        clock = FakeClock(datetime.now(UTC) - ago)
        journal = await Journal.open(file, lane="2", operator="", clock=clock)
        assert await journal.write(sales.recover) == 1
        await journal.close()

    asyncio.run(find())


@both_dialects
@pytest.mark.parametrize("fault", ["drop-after", "524-after", "500-after", "truncated"])
def test_an_order_whose_answer_is_lost_is_found(
    fault: str, site: SandboxThread, computer: Computer
) -> None:
    site.faults.set(fault, method="POST", path=ORDERS)
    ran = sell(computer, "Standard=2")
    assert ran.status == 0, ran.err
    (order,) = ours(site)
    assert ran.json["order"] == order.uuid
    assert set(ran.json["tickets"]) == {ticket.uuid for ticket in order.tickets}
    assert all_in(order)
    assert site.log.count("POST", ORDERS) == 1


@both_dialects
def test_killed_between_the_post_and_its_answer(site: SandboxThread, computer: Computer) -> None:
    rule = site.faults.set("hang-after", method="POST", path=ORDERS)
    for number in (1, 2):
        process = computer.start("sell", "--type", "Standard", *BUYER, "--paid", "card")
        posted(site, applied=True)
        process.kill()
        assert process.wait(LONGEST) == -signal.SIGKILL
        process.communicate()
        site.log.clear()
        assert len(ours(site)) == number
    site.faults.clear(rule)
    assert computer.run("queue", "--json").json["failed"] == []
    ran = computer.run("sync", "--json")
    assert (ran.status, ran.json["waiting"], ran.json["attention"]) == (0, 0, 0), ran.err
    assert site.log.count("POST", ORDERS) == 0
    assert len(ours(site)) == 2
    assert all(map(all_in, ours(site)))
    again = sell(computer)
    assert again.json["external_order_id"].endswith("-3")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, HANG_UP])
@pytest.mark.parametrize(
    ("method", "path", "stands"),
    [("POST", ORDERS, "may be placed"), ("PATCH", "tickets/*/", "is placed as order")],
)
def test_told_to_end_it_says_how_the_sale_stands(
    site: SandboxThread,
    computer: Computer,
    end: signal.Signals,
    method: str,
    path: str,
    stands: str,
) -> None:
    rule = site.faults.set("hang-after", method=method, path=path)
    process = computer.start("sell", "--type", "Standard", *BUYER, "--paid", "card")
    until_true(lambda: rule.hits, "the request")
    process.send_signal(end)
    _, said = process.communicate()
    assert process.returncode == 128 + end
    assert f"The sale {stands}" in said
    assert "run boxoffice sync before you sell it again." in said
    site.faults.clear(rule)
    assert computer.run("sync", "--json").status == 0
    (order,) = ours(site)
    assert all_in(order)
    assert site.log.count("POST", ORDERS) == 1


def test_killed_before_the_order_was_carried_out(
    site: SandboxThread, computer: Computer, later: list[timedelta]
) -> None:
    rule = site.faults.set("hang", method="POST", path=ORDERS)
    process = computer.start("sell", "--type", "Standard", *BUYER, "--paid", "card")
    posted(site, applied=False)
    process.kill()
    process.communicate()
    until_true(lambda: any(entry.gone for entry in site.log), "its connection is gone")
    site.faults.clear(rule)
    assert ours(site) == []
    found_cut_off(computer, ago=timedelta(minutes=1))
    ran = computer.run("sync", "--json")
    assert (ran.status, ran.json["attention"]) == (4, 1), ran.out + ran.err
    assert ours(site) == []  # a seller who was shown nothing may have sold it again
    (asked,) = computer.run("queue", "--json").json["failed"]
    assert (asked["state"], asked["reason"]) == ("not_placed", NOT_THERE)
    assert computer.run("queue", "retry", str(asked["id"])).status == 0
    later.append(timedelta(minutes=1))  # what the list does not hold by then was never placed
    ran = computer.run("sync", "--json")
    assert ran.status == 0, ran.out + ran.err
    (order,) = ours(site)
    assert all_in(order)
    assert site.log.count("POST", ORDERS) == 2
