"""How fast the queue is replayed: `python -m tests.benchmarks.bench_replay`.

Check-ins made without the server, so each is read and then written. The floor is a bare httpx loop
that makes the same calls, eight at once. The site is a sandbox in a process of its own. The two
take turns, so that what else the machine does disturbs both alike.
"""

import argparse
import asyncio
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

import httpx

from boxoffice.clock import SystemClock
from boxoffice.domain.journal import Entry, JournalKind
from boxoffice.domain.secret_text import SecretStr
from boxoffice.sandbox import SandboxThread
from boxoffice.store import Journal, RosterStore, admissions
from boxoffice.sync import Drained, Link, Sender, SyncContext
from boxoffice.ticketbutler import Ticketbutler

EVENT = "e" * 32
AT_ONCE = 8
GOAL = 0.8


class Site(NamedTuple):
    url: str
    token: str
    tickets: list[str]
    """That are not in."""
    event: str


def serve(tickets: int, latency: float, pipe: Connection) -> None:
    with SandboxThread(tickets=tickets) as box:
        if latency:
            box.faults.set(f"latency={latency}")
        event = next(iter(box.state.events.values()))
        waiting = [t.uuid for t in event.tickets if not t.checked_in and not t.refunded]
        pipe.send(Site(box.url, box.token, waiting, event.uuid))
        pipe.recv()


@contextmanager
def site(tickets: int, latency: float) -> Iterator[Site]:
    """A site with at least so many tickets to check in."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(tickets * 5 // 4 + 200, latency, theirs))
    process.start()
    try:
        served: Site = ours.recv()
        yield served
    finally:
        ours.send(None)
        process.join()


async def bare(client: httpx.AsyncClient, tickets: Sequence[str]) -> float:
    """Check-ins a second of a bare loop."""
    left = iter(tickets)

    async def work() -> None:
        for uuid in left:
            path = f"tickets/{uuid}/"
            assert not (await client.get(path)).json()["checked_in"]
            assert (await client.patch(path, json={"checked_in": True})).json()["checked_in"]

    began = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    return len(tickets) / (time.perf_counter() - began)


async def replayed(sender: Sender, journal: Journal, tickets: Sequence[str]) -> float:
    """Check-ins a second of the sender, from the journal and back to it."""
    for uuid in tickets:
        entry = Entry(JournalKind.SCAN, event=EVENT, ticket=uuid, verdict="admitted")
        await journal.write(admissions.admit, entry, read_first=True)
    began = time.perf_counter()
    drained = await sender.drain()
    took = time.perf_counter() - began
    assert drained == Drained(sent=len(tickets), waiting=0, attention=0)
    return len(tickets) / took


async def compare(served: Site, each: int, turns: int, folder: Path) -> list[tuple[float, float]]:
    """The rates of the floor and of the sender, turn by turn."""
    clock = SystemClock()
    link = Link(clock=clock)
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
    parser.add_argument("--latency", type=float, default=0.0, help="seconds, of each request")
    given = parser.parse_args(arguments)
    with (
        site(2 * given.tickets, given.latency) as served,
        tempfile.TemporaryDirectory() as folder,
    ):
        each = given.tickets // given.turns
        rates = asyncio.run(compare(served, each, given.turns, Path(folder)))
    floor, figure = (statistics.median(column) for column in zip(*rates, strict=True))
    ratio = statistics.median(figure / floor for floor, figure in rates)
    print(f"replay of {given.tickets} check-ins in {given.turns} turns, check-ins a second")
    print(f"floor {floor:7.0f}   figure {figure:7.0f}   ratio {ratio:.2f} (goal {GOAL})")


if __name__ == "__main__":
    main()
