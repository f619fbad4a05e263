"""What goes on beside a lane costs it: `python -m tests.benchmarks.bench_reader`.

The background reader: one lane, whose scans by turns find it at work and held back, so that what
else the machine does disturbs both alike. The site is a sandbox in a process of its own.

Another process: a lane of `--admitted` check-ins and without a site, whose loop is watched by turns
while `boxoffice scan` admits a ticket a second in the same data folder, and while it does not.
"""

import argparse
import asyncio
import os
import random
import statistics
import sys
import tempfile
import time
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from boxoffice.cli.app_context import AppContext
from boxoffice.cli.run_app import tune_interpreter
from boxoffice.config import Settings
from boxoffice.domain.journal import Entry, JournalKind
from boxoffice.domain.models import Event
from boxoffice.domain.secret_text import SecretStr
from boxoffice.store import admissions, json_docs, queue, ticket_lists
from boxoffice.store.journal_db import Transaction
from tests.benchmarks.bench_replay import Site, site
from tests.benchmarks.bench_store import EVENT, NOW, guests
from tests.benchmarks.stalls import Stalls
from tests.support import until

GOAL = 1.05
TURN = 10
"""Scans in one turn."""
NOWHERE = "http://127.0.0.1:9"
SPELL = 5
"""Seconds in one turn of the other process."""


async def measure(served: Site, scans: int, folder: Path) -> tuple[list[float], list[float], int]:
    """Seconds of scans without the reader and with it, and how many tickets it read."""
    settings = Settings(url=served.url, event=served.event, data_dir=folder)
    times: tuple[list[float], list[float]] = ([], [])
    async with AppContext(settings, key=SecretStr(served.token)) as context:
        lane = await context.lane(served.event)
        reader = lane.code_reader
        assert reader is not None
        await until(lambda: lane.status.codes.read > 3)
        tickets = iter(served.tickets[::-1])  # the reader begins at the other end
        before = lane.status.codes.read
        for turn in range(2 * scans // TURN):
            works = turn % 2
            with nullcontext() if works else reader.paused():
                await asyncio.sleep(0.3)
                for _ in range(TURN):
                    code = next(tickets)
                    began = time.perf_counter()
                    await lane.scan(code)
                    times[works].append(time.perf_counter() - began)
                    await asyncio.sleep(random.uniform(0.1, 0.3))
        return *times, lane.status.codes.read - before


def admit_all(tx: Transaction, tickets: Sequence[str]) -> None:
    for ticket in tickets:
        entry = Entry(JournalKind.SCAN, EVENT, ticket, code=ticket, verdict="admitted")
        row = admissions.admit(tx, entry, read_first=False).admission.journal
        queue.complete(tx, row, Entry(JournalKind.OUTCOME, EVENT, ticket))


async def beside_another(admitted: int, turns: int, folder: Path) -> tuple[Stalls, Stalls]:
    """How long the loop stands still: left alone, and with the other process."""
    settings = Settings(url=NOWHERE, event=EVENT, data_dir=folder, read_codes=False)
    people = guests(admitted + SPELL * turns + 1)
    codes = iter([ticket.uuid for ticket in people[admitted:]])
    seen = Stalls(), Stalls()
    async with AppContext(settings, key=SecretStr("none")) as context:
        files = await context.files()
        await files.store.write(json_docs.save_events, [Event(EVENT, "A long night")])
        await ticket_lists.apply(
            *(files.store, EVENT, [ticket._replace(checked_in=False) for ticket in people], ()),
            at=NOW,
            clock=context.clock,
        )
        await files.journal.write(admit_all, [ticket.uuid for ticket in people[:admitted]])
        lane = await context.lane(EVENT)
        await until(lambda: lane.status.checked_in == admitted)
        words = ("-m", "boxoffice", "scan", "--json", "--data-dir", folder, "--event", EVENT)
        other = await asyncio.create_subprocess_exec(
            *(sys.executable, *words, "--url", NOWHERE),
            env=os.environ | {"BOXOFFICE_TOKEN": "none"},
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
        )
        assert other.stdin is not None
        assert other.stdout is not None
        other.stdin.write(next(codes).encode() + b"\n")
        await other.stdout.readline()  # it has started
        scanned = 1
        for turn in range(2 * turns):
            await until(lambda all_in=admitted + scanned: lane.status.checked_in == all_in)
            async with seen[turn % 2].seen():
                for _ in range(SPELL):
                    if turn % 2:
                        other.stdin.write(next(codes).encode() + b"\n")
                        await other.stdout.readline()
                        scanned += 1
                    await asyncio.sleep(1)
        other.stdin.close()
        await other.wait()
    return seen


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--admitted", type=int, default=50_000)
    parser.add_argument("--turns", type=int, default=3, help="of the other process")
    parser.add_argument("--tickets", type=int, default=5_000)
    parser.add_argument("--scans", type=int, default=100, help="of each kind")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds, of each request")
    given = parser.parse_args(arguments)
    tune_interpreter()  # as every command does
    with (
        site(given.tickets, given.latency) as served,
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
    ):
        without, beside, read = asyncio.run(measure(served, given.scans, Path(folder)))
    ratio = statistics.median(beside) / statistics.median(without)
    print(f"{given.scans} scans beside a reader that read {read} tickets meanwhile")
    for name, found in (("without", without), ("beside it", beside)):
        quick, slow = statistics.median(found) * 1000, sorted(found)[len(found) * 19 // 20] * 1000
        print(f"  {name:10}  p50 {quick:7.2f} ms   p95 {slow:7.2f} ms")
    print(f"  ratio of p50 {ratio:.3f} (goal {GOAL})")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        alone, busy = asyncio.run(beside_another(given.admitted, given.turns, Path(folder)))
    for name, stalls in (("left alone", alone), ("another process scans", busy)):
        stalls.report(f"{name}, {given.admitted:,} being in")


if __name__ == "__main__":
    main()
