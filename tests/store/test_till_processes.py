"""Real processes that sell: killed in mid-sale, and numbering the sales of one lane together."""

import asyncio
import random
from asyncio.subprocess import PIPE
from collections import Counter
from decimal import Decimal
from pathlib import Path

from boxoffice.domain.sale import AFTER, Sale, SaleState, TakingKind
from boxoffice.store import Journal, journal_db, sales, takings
from tests.store.sale_support import BEGINNINGS
from tests.store.support import execute
from tests.store.test_processes import ROOT, child, process
from tests.support import FakeClock

S = SaleState


async def test_no_sale_and_no_money_is_lost_whenever_the_process_is_killed(
    path: Path, clock: FakeClock
) -> None:
    chance = random.Random(8)
    shown: list[tuple[int, SaleState]] = []
    for _ in range(10):
        with process(path, "sell") as lane:
            assert lane.stdout is not None
            shown += [said(lane.stdout.readline()) for _ in range(chance.randint(1, 40))]
            for _ in range(chance.randrange(30_000)):
                continue  # the kill comes somewhere within the next steps
            lane.kill()
            shown += [said(line) for line in lane.stdout if line.endswith("\n")]
    journal = await Journal.open(path, lane="sell", operator="", clock=clock)
    steps = await journal_of_sales(journal)
    assert Counter(shown) <= Counter(steps)
    assert len(steps) - len(shown) <= 10, "a kill cuts off one answer at most"
    begun = await journal.read_all(sales.in_states)
    assert [sale.number for sale in begun] == list(range(1, len(begun) + 1))
    assert {sale.id: sale.state for sale in begun} == dict(steps)
    await check_money(journal, begun, steps)
    left = [sale for sale in begun if sale.state is S.SENDING]
    assert await journal.write(sales.recover) == len(left)
    await check_money(journal, await journal.read_all(sales.in_states), steps)
    await journal.close()
    assert execute(path, "PRAGMA integrity_check") == [("ok",)]


def said(line: str) -> tuple[int, SaleState]:
    sale, state = line.split()
    return int(sale), S(state)


async def journal_of_sales(journal: Journal) -> list[tuple[int, SaleState]]:
    """Every step of every sale, as the journal tells it."""
    steps = []
    for row in await journal.read_all(journal_db.log):
        data = row.entry.data
        assert data is not None
        if row.entry.kind == "sale":
            state = S(str(data["state"]))
            assert state in BEGINNINGS
            steps.append((row.id, state))
        else:
            steps.append((int(str(data["sale"])), S(row.entry.kind.removeprefix("sale_"))))
    assert all(to in AFTER[before] for (before, to) in pairs(steps))
    return steps


def pairs(steps: list[tuple[int, SaleState]]) -> list[tuple[SaleState, SaleState]]:
    last: dict[int, SaleState] = {}
    found = []
    for sale, state in steps:
        if sale in last:
            found.append((last[sale], state))
        last[sale] = state
    return found


async def check_money(
    journal: Journal, begun: list[Sale], steps: list[tuple[int, SaleState]]
) -> None:
    """The account against the steps that were told, and against the sales as they stand."""
    took = {sale for sale, state in steps if state in (S.QUEUED, S.SOLD)}
    gave = {sale for sale, state in steps if state is S.DROPPED} & took
    totals = {sale.id: sale.cart.total for sale in begun}
    expected = [(sale, TakingKind.SALE, totals[sale]) for sale in took]
    expected += [(sale, TakingKind.REVERSAL, -totals[sale]) for sale in gave]
    booked = await journal.read_all(takings.of_event)
    assert sorted((each.sale or 0, each.kind, each.amount) for each in booked) == sorted(expected)
    assert {sale.id for sale in begun if sale.booked} == took - gave
    assert sum((taking.amount for taking in booked), Decimal(0)) == sum(
        totals[sale] for sale in took - gave
    )


async def test_two_processes_never_give_one_number_twice(path: Path) -> None:
    lanes = [
        await asyncio.create_subprocess_exec(
            *child("number", path), cwd=ROOT, stdin=PIPE, stdout=PIPE, stderr=PIPE
        )
        for _ in range(2)
    ]
    for lane in lanes:
        assert lane.stdout is not None
        assert await lane.stdout.readline() in (b"ready\n", b"ready\r\n")
    ends = await asyncio.gather(*(lane.communicate(b"100\n") for lane in lanes))
    assert [(lane.returncode, error) for lane, (_, error) in zip(lanes, ends, strict=True)] == [
        (0, b""),
        (0, b""),
    ]
    answers = [mark.rpartition("-") for out, _ in ends for mark in out.decode().split()]
    assert sorted(int(number) for _, _, number in answers) == list(range(1, 201))
    assert len({name for name, _, _ in answers}) == 1
    assert execute(path, "SELECT count(*), count(DISTINCT sale) FROM taking") == [(200, 200)]
