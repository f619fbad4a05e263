"""How fast the queue is replayed: `python -m tests.benchmarks.bench_replay`.

Check-ins made without the server, so each is read and then written. The floor is a bare httpx loop
that makes the same calls, eight at once. The site is a sandbox in a process of its own. The two
take turns, so that what else the machine does disturbs both alike; of the processor, what this
process uses is shown too.

Then what the replay costs a scan: at a lane that sends as many, and at the same one once they are
sent.
"""

import argparse
import asyncio
import multiprocessing
import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

import httpx

from boxoffice.cli.app_context import AppContext
from boxoffice.cli.run_app import tune_interpreter
from boxoffice.clock import SystemClock
from boxoffice.config import Settings
from boxoffice.domain.journal import Entry, JournalKind
from boxoffice.domain.secret_text import SecretStr
from boxoffice.lane import Lane
from boxoffice.sandbox import SandboxThread
from boxoffice.store import Journal, RosterStore, admissions
from boxoffice.store.journal_db import Transaction
from boxoffice.sync import Drained, Link, Sender, SyncContext
from boxoffice.ticketbutler import Ticketbutler
from tests.support import until

EVENT = "e" * 32
AT_ONCE = 8
GOAL = 0.8
BETWEEN = (0.1, 0.3)
"""Seconds between two scans."""


class Site(NamedTuple):
    url: str
    token: str
    tickets: list[str]
    """That are not in."""
    event: str


class Figures(NamedTuple):
    """Of one turn."""

    rate: float
    """Check-ins a second."""
    cpu: float
    """Milliseconds of the processor, a check-in."""


def serve(tickets: int, latency: float, pipe: Connection) -> None:
    with SandboxThread(tickets=tickets) as box:
        if latency:
            box.faults.set(f"latency={latency}")
        event = box.state.tonight
        waiting = [t.uuid for t in event.tickets if not t.checked_in and not t.refunded]
        pipe.send(Site(box.url, box.token, waiting, event.uuid))
        pipe.recv()


@contextmanager
def site(tickets: int, latency: float) -> Iterator[Site]:
    """A site with at least so many tickets to check in."""
    with sandbox(tickets * 5 // 4 + 200, latency) as served:
        yield served


@contextmanager
def sandbox(tickets: int, latency: float = 0.0) -> Iterator[Site]:
    """A site with so many tickets."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(tickets, latency, theirs))
    process.start()
    try:
        served: Site = ours.recv()
        yield served
    finally:
        ours.send(None)
        process.join()


def since(began: tuple[float, float], count: int) -> Figures:
    wall, cpu = (now - then for now, then in zip(clocks(), began, strict=True))
    return Figures(count / wall, cpu / count * 1000)


def clocks() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


async def bare(client: httpx.AsyncClient, tickets: Sequence[str]) -> Figures:
    """A bare loop."""
    left = iter(tickets)

    async def work() -> None:
        for uuid in left:
            path = f"tickets/{uuid}/"
            assert not (await client.get(path)).json()["checked_in"]
            assert (await client.patch(path, json={"checked_in": True})).json()["checked_in"]

    began = clocks()
    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    return since(began, len(tickets))


def admit_all(tx: Transaction, event: str, tickets: Sequence[str]) -> None:
    for uuid in tickets:
        entry = Entry(JournalKind.SCAN, event=event, ticket=uuid, verdict="admitted")
        admissions.admit(tx, entry, read_first=True)


async def replayed(sender: Sender, journal: Journal, tickets: Sequence[str]) -> Figures:
    await journal.write(admit_all, EVENT, tickets)
    began = clocks()
    drained = await sender.drain()
    figures = since(began, len(tickets))
    assert drained == Drained(sent=len(tickets), waiting=0, attention=0)
    return figures


async def scan_beside(served: Site, count: int, folder: Path) -> tuple[list[float], list[float]]:
    """Seconds of scans while so many are replayed, and of as many once they are sent."""
    settings = Settings(url=served.url, event=served.event, data_dir=folder, read_codes=False)
    queued, codes = served.tickets[:count], iter(served.tickets[count:])
    during: list[float] = []
    async with AppContext(settings, key=SecretStr(served.token)) as context:
        first = await context.lane(served.event)  # the list is on disk from then on
        await until(lambda: first.status.list_at is not None)
        await first.stop()
        journal = (await context.files()).journal
        await journal.write(admit_all, served.event, queued)
        lane = await context.lane(served.event)
        await until(lambda: lane.status.checked_in >= count)
        while lane.status.counts.waiting > AT_ONCE:
            during.append(await timed_scan(lane, next(codes)))
        await until(lambda: lane.status.counts.unsent == 0)
        after = [await timed_scan(lane, next(codes)) for _ in during]
    return during, after


async def timed_scan(lane: Lane, code: str) -> float:
    await asyncio.sleep(random.uniform(*BETWEEN))
    began = time.perf_counter()
    scan = await lane.scan(code)
    took = time.perf_counter() - began
    assert scan.verdict.ticket is not None, scan
    return took


async def compare(
    served: Site, each: int, turns: int, folder: Path
) -> list[tuple[Figures, Figures]]:
    clock = SystemClock()
    link = Link()
    journal = await Journal.open(folder / "journal.db", lane="1", operator="", clock=clock)
    store = await RosterStore.open(folder / "roster.db")
    limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
    headers = {"Authorization": f"Token {served.token}"}
    base = f"{served.url}/api/v3/"
    try:
        async with (
            httpx.AsyncClient(base_url=base, headers=headers, limits=limits) as plain,
            Ticketbutler(
                served.url, SecretStr(served.token), clock=clock, observe=link.observe
            ) as client,
        ):
            sender = Sender(SyncContext(journal, store, client, link, folder, clock))
            await client.ping()
            await plain.get("ping/")
            tickets = iter(served.tickets)
            return [
                (
                    await bare(plain, [next(tickets) for _ in range(each)]),
                    await replayed(sender, journal, [next(tickets) for _ in range(each)]),
                )
                for _ in range(turns)
            ]
    finally:
        await journal.close()
        await store.close()


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=5_000)
    parser.add_argument("--turns", type=int, default=10, help="to replay them in")
    parser.add_argument("--beside", type=int, default=1_000, help="replayed beside scans")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds, of each request")
    given = parser.parse_args(arguments)
    tune_interpreter()  # as every command does
    with (
        site(2 * given.tickets, given.latency) as served,
        tempfile.TemporaryDirectory() as folder,
    ):
        each = given.tickets // given.turns
        turns = asyncio.run(compare(served, each, given.turns, Path(folder)))
    print(f"replay of {given.tickets} check-ins in {given.turns} turns")
    for what, place in (("check-ins a second", 0), ("ms of processor each", 1)):
        floor, ours = (
            statistics.median(turn[place] for turn in side) for side in zip(*turns, strict=True)
        )
        print(f"  {what:22} floor {floor:8.2f}   figure {ours:8.2f}")
    ratio = statistics.median(ours.rate / floor.rate for floor, ours in turns)
    print(f"  ratio of the rates {ratio:.2f} (goal {GOAL})")
    with (
        site(2 * given.beside, given.latency) as served,
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
    ):
        during, after = asyncio.run(scan_beside(served, given.beside, Path(folder)))
    print(f"{len(during)} scans beside the replay of {given.beside}")
    for name, found in (("meanwhile", during), ("once it is over", after)):
        quick, slow = statistics.median(found) * 1000, sorted(found)[len(found) * 19 // 20] * 1000
        print(f"  {name:16} p50 {quick:7.2f} ms   p95 {slow:7.2f} ms")


if __name__ == "__main__":
    main()
