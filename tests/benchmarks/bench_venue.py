"""What a hub costs a scan, and the loop: `python -m tests.benchmarks.bench_venue`.

Two lanes of one site that is away, so that each scan is decided here: one that never joined a venue
is the floor of one that did. They scan by turns: what else the machine does disturbs both alike.
Then a lane that joins reads all claims there are, and its loop is looked at. At last the hub ends.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from subprocess import PIPE, Popen, run

from pydantic import SecretStr

from boxoffice.cli.app_context import AppContext
from boxoffice.config import Settings
from boxoffice.domain.models import LinkState
from boxoffice.domain.venue import FIRST, Claim, HubState
from boxoffice.lane import Lane
from boxoffice.paths import environment_for_programs
from boxoffice.sandbox import SandboxThread
from boxoffice.venue import membership, protocol
from boxoffice.venue.client import close, connect
from tests.support import until

GOAL = 3.0
"""Milliseconds that a hub adds at the most."""
STALL = 50.0
"""Milliseconds that the loop stands still at the most."""
AT_ONCE = 64
"""Claims under way together, of those that are there before a lane joins."""


@contextmanager
def hub(folder: Path) -> Iterator[tuple["Popen[str]", dict[str, str]]]:
    """`boxoffice hub`, and what it said first."""
    command = [sys.executable, "-m", "boxoffice", "hub", "--json", "--data-dir", str(folder)]
    with Popen(command, stdout=PIPE, text=True, env=environment_for_programs()) as process:
        assert process.stdout is not None
        try:
            yield process, json.loads(process.stdout.readline())
        finally:
            process.terminate()


async def measure(given: argparse.Namespace, folder: Path) -> None:
    async with AsyncExitStack() as opened:
        site = opened.enter_context(SandboxThread(tickets=given.tickets))
        event = next(iter(site.state.events))
        guests = iter([t.uuid for t in site.state.events[event].tickets if site.state.may_enter(t)])
        process, ready = opened.enter_context(hub(folder / "hub"))
        _join(folder / "joined", ready)
        alone, joined = [
            await _lane(opened, site, event, folder / name) for name in ("alone", "joined")
        ]
        away = site.faults.set("drop")
        for lane in (alone, joined):
            await lane.refresh()
            await until(lambda lane=lane: lane.status.link is LinkState.OFFLINE)
        _print("the hub is there", *await _by_turns(alone, joined, guests, given.scans))
        await _claim(folder / "joined", event, given.claims)
        _join(folder / "late", _next_ready(process))
        site.faults.clear(away)
        late = AppContext(_settings(site, event, folder / "late"), key=SecretStr(site.token))
        longest, seconds = await _stall(opened, late, event)
        print(
            f"reading {given.claims} claims: {seconds:.1f} s, longest stall of the loop "
            f"{longest * 1000:.0f} ms (goal {STALL:.0f})"
        )
        site.faults.set("drop")
        await joined.refresh()
        process.terminate()
        await until(lambda: joined.status.venue.state is HubState.ALONE)
        _print("its loss is noticed", *await _by_turns(alone, joined, guests, given.scans))


def _settings(site: SandboxThread, event: str, folder: Path) -> Settings:
    lane = folder.name.title()
    return Settings(url=site.url, event=event, data_dir=folder, lane=lane, read_codes=False)


async def _lane(opened: AsyncExitStack, site: SandboxThread, event: str, folder: Path) -> Lane:
    context = AppContext(_settings(site, event, folder), key=SecretStr(site.token))
    await opened.enter_async_context(context)
    lane = await context.lane(event)
    await until(lambda: lane.status.list_at is not None)
    if lane.venue is not None:
        await until(lambda: lane.status.venue.state is HubState.JOINED)
    return lane


def _join(folder: Path, ready: dict[str, str]) -> None:
    words = [sys.executable, "-m", "boxoffice", "join", ready["address"], ready["code"]]
    run(
        [*words, "--data-dir", str(folder)], check=True, stdout=PIPE, env=environment_for_programs()
    )


def _next_ready(process: "Popen[str]") -> dict[str, str]:
    """Of the last line that says so: a code is good for one computer."""
    assert process.stdout is not None
    while (said := json.loads(process.stdout.readline()))["state"] != "ready":
        continue
    return dict(said)


async def _by_turns(
    alone: Lane, joined: Lane, guests: Iterator[str], scans: int
) -> tuple[list[float], list[float]]:
    """Seconds of the scans of each."""
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(2 * scans):
        lane, code = (alone, joined)[turn % 2], next(guests)
        began = time.perf_counter()
        scan = await lane.scan(code)
        times[turn % 2].append(time.perf_counter() - began)
        assert scan.verdict.code.is_green, scan
        await asyncio.sleep(0.02)
    return times


async def _claim(folder: Path, event: str, claims: int) -> None:
    """Have so many tickets be in by another device."""
    own = membership.load(folder)
    assert own is not None
    client = await connect(
        str(own.addresses[0]), own.user, own.password.get_secret_value(), own.certificate
    )
    js = client.jetstream(timeout=60)
    at = datetime.now(UTC)
    slots = asyncio.Semaphore(AT_ONCE)

    async def claim(ticket: str) -> None:
        message = Claim(event, ticket, FIRST, "d" * 16, "Elsewhere", at)
        async with slots:
            await js.publish(protocol.subject(message), protocol.body(message))

    await asyncio.gather(*(claim(uuid.uuid4().hex) for _ in range(claims)))
    await close(client)


async def _stall(opened: AsyncExitStack, context: AppContext, event: str) -> tuple[float, float]:
    """Seconds: the longest that the loop stood still while a lane read all claims; all of it."""
    await opened.enter_async_context(context)
    longest = 0.0

    async def look() -> None:
        nonlocal longest
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.001)
            longest = max(longest, time.perf_counter() - before - 0.001)

    looking, began = asyncio.create_task(look()), time.perf_counter()
    lane = await context.lane(event)
    await until(lambda: lane.status.venue.state is HubState.JOINED, every=0.05)
    seconds = time.perf_counter() - began
    looking.cancel()
    return longest, seconds


def _print(when: str, floor: Sequence[float], found: Sequence[float]) -> None:
    low, high = (statistics.median(times) * 1000 for times in (floor, found))
    print(
        f"a scan, {when}: p50 never joined {low:.2f} ms, joined {high:.2f} ms, "
        f"{high - low:+.2f} ms (goal {GOAL:g}), ratio {high / low:.2f}"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=2_000)
    parser.add_argument("--scans", type=int, default=200, help="of each kind")
    parser.add_argument("--claims", type=int, default=50_000)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        asyncio.run(measure(given, Path(folder)))


if __name__ == "__main__":
    main()
