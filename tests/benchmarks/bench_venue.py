"""What a hub costs a scan, and the loop: `python -m tests.benchmarks.bench_venue`.

Two lanes of one site that is away, so that each scan is decided here: one that never joined a venue
is the floor of one that did. They scan by turns: what else the machine does disturbs both alike.
Then the hub ends.

How long the loop stands still is looked at in processes of their own, the one that never joined
beside the one that did: while they start, and while all tickets of a list that is in memory are
claimed elsewhere. Then in those of two doors: while one reads a whole list from the site, and while
the other, which does not reach it, has that from the first.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from subprocess import PIPE, Popen, run

from boxoffice.cli.app_context import AppContext
from boxoffice.cli.headless import lines
from boxoffice.cli.run_app import tune_interpreter
from boxoffice.config import Settings
from boxoffice.domain.models import LinkState
from boxoffice.domain.secret_text import SecretStr
from boxoffice.domain.venue import FIRST, Claim, HubState
from boxoffice.lane import Lane
from boxoffice.paths import environment_for_programs
from boxoffice.sandbox import SandboxThread
from boxoffice.store import claim_feed
from boxoffice.sync.list_share import YOUNGER
from boxoffice.venue import membership, protocol
from boxoffice.venue.client import close, connect
from tests.benchmarks.stalls import Stalls, report_stall
from tests.support import until

GOAL = 3.0
"""Milliseconds that a hub adds at the most."""
AT_ONCE = 64
"""Claims under way together, by another door."""
SETTLES = 0.5
"""Seconds in which a lane shows what it has taken up."""


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
        event = site.state.tonight.uuid
        guests = iter([t.uuid for t in site.state.events[event].tickets if site.state.may_enter(t)])
        process, ready = opened.enter_context(hub(folder / "hub"))
        join(folder / "joined", ready)
        alone, joined = [
            await _lane(opened, site, event, folder / name) for name in ("alone", "joined")
        ]
        site.faults.set("drop")
        for lane in (alone, joined):
            await lane.refresh()
            await until(lambda lane=lane: lane.status.link is LinkState.OFFLINE)
        _print("the hub is there", *await _by_turns(alone, joined, guests, given.scans))
        process.terminate()
        await until(lambda: joined.status.venue.state is HubState.ALONE)
        _print("its loss is noticed", *await _by_turns(alone, joined, guests, given.scans))


def measure_stalls(given: argparse.Namespace, folder: Path) -> None:
    names = ("never-joined", "joined")
    with SandboxThread(tickets=given.claims) as site, hub(folder / "hub") as (_, ready):
        event = site.state.tonight.uuid
        join(folder / "joined", ready)

        def watched(name: str) -> Watched:
            return Watched(site, event, folder / name)

        for name in names:  # the list is on disk from then on
            watched(name).end()
        starts: dict[str, list[float]] = {name: [] for name in names}
        for _ in range(given.starts):
            for name in names:
                lane = watched(name)
                starts[name].append(lane.started)
                lane.end()
        _print_stalls("starts", *(statistics.median(starts[name]) for name in names))
        lanes = [watched(name) for name in names]
        for lane in lanes:
            lane.send("begin")
        began = time.perf_counter()
        tickets = [ticket.uuid for ticket in site.state.events[event].tickets]
        asyncio.run(_claim(folder / "joined", event, tickets))
        stalls = [lane.ask(f"end {len(tickets)}") for lane in lanes[::-1]][::-1]
        print(f"{len(tickets):,} claims in {time.perf_counter() - began:.0f} s")
        _print_stalls(f"takes up {len(tickets):,} claims", *stalls)
        for lane in lanes:
            lane.end()


def measure_lists(given: argparse.Namespace, folder: Path) -> None:
    near, far = folder / "near", folder / "far"
    with SandboxThread(tickets=given.listed) as site, hub(folder / "hub") as (process, ready):
        event = site.state.tonight
        join(near, ready)
        join(far, next_code(process))
        empty = site.faults.set("wrong-shape", path="events/*/tickets/")
        empty.fault = replace(empty.fault, body=b"[]")
        Watched(site, event.uuid, far).end()  # it knows the event now, and nobody on its list
        site.faults.clear()
        time.sleep(YOUNGER)  # or the door that has the list would not send it
        reader = Watched(site, event.uuid, near)
        last = event.tickets[-1]

        def take() -> float:
            """By the door that does not reach the site."""
            site.faults.set("drop")
            door = Watched(site, event.uuid, far)
            door.send("begin")
            longest = door.ask(f"list {last.uuid} {last.full_name}")
            door.end()
            site.faults.clear()
            return longest

        new = take()
        for number, ticket in enumerate(event.tickets):
            site.state.update_ticket(ticket, full_name=f"Somebody {number}")
        reader.send("begin")
        read = reader.ask(f"list {last.uuid} {last.full_name}")
        changed = take()
        reader.end()
    for how, longest in (
        ("new, from another door", new),
        ("all changed, from another door", changed),
        ("all changed, from the site", read),
    ):
        report_stall(f"a list of {given.listed:,}, {how}", longest)


class Watched:
    """A lane with its list in memory, in a process that says how long its loop stands still."""

    def __init__(self, site: SandboxThread, event: str, folder: Path) -> None:
        command = [sys.executable, "-m", "tests.benchmarks.bench_venue", "--lane", str(folder)]
        where = ["--url", site.url, "--token", site.token, "--event", event]
        environment = environment_for_programs()
        self._process = Popen(
            [*command, *where], stdin=PIPE, stdout=PIPE, text=True, env=environment
        )
        self.started = self._answer()
        """Milliseconds, until it is joined and has its list."""

    def send(self, line: str) -> None:
        assert self._process.stdin is not None
        print(line, file=self._process.stdin, flush=True)

    def ask(self, line: str) -> float:
        self.send(line)
        return self._answer()

    def end(self) -> None:
        self._process.communicate()

    def _answer(self) -> float:
        assert self._process.stdout is not None
        return float(self._process.stdout.readline())


async def watch_lane(given: argparse.Namespace) -> None:
    """The process of a `Watched`.

    It answers `end NUMBER` once so many claims are taken up, and `list TICKET NAME` once the ticket
    is listed with that name.
    """
    stalls = Stalls()
    settings = Settings(
        url=given.url,
        event=given.event,
        data_dir=Path(given.lane),
        lane=Path(given.lane).name.title(),
        read_codes=False,
    )
    async with AppContext(settings, key=SecretStr(given.token)) as context, stalls.seen():
        lane = await context.lane(given.event)
        venue = context.venue
        await until(lambda: lane.status.list_at is not None and not lane.status.loading, within=600)
        await until(lambda: venue is None or lane.status.venue.state is HubState.JOINED)
        store = (await context.files()).store
        await asyncio.sleep(SETTLES)
        print(stalls.longest, flush=True)
        async for line in lines(sys.stdin):
            word, *rest = line.split(maxsplit=2)

            async def has_all(rest: list[str] = rest) -> bool:
                return (await store.read(claim_feed.position, given.event)).number >= int(rest[0])

            def is_listed(rest: list[str] = rest) -> bool:
                row = lane.roster.get(rest[0])
                return row is not None and row.ticket.full_name == rest[1]

            if word == "begin":
                stalls.found.clear()
                continue
            if word == "list":
                await until(is_listed, within=600, every=0.05)
            elif venue is not None:
                await until(has_all, within=600, every=0.05)
            await asyncio.sleep(SETTLES)
            print(stalls.longest, flush=True)


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


def next_code(process: "Popen[str]") -> dict[str, str]:
    """What the hub says once a code was used."""
    assert process.stdout is not None
    said: Iterator[dict[str, str]] = map(json.loads, process.stdout)
    return next(line for line in said if line["state"] == "ready")


def join(folder: Path, ready: dict[str, str]) -> None:
    words = [sys.executable, "-m", "boxoffice", "join", ready["address"], ready["code"]]
    run(
        [*words, "--data-dir", str(folder)], check=True, stdout=PIPE, env=environment_for_programs()
    )


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


async def _claim(folder: Path, event: str, tickets: Sequence[str]) -> None:
    """Have them be in by another device."""
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

    await asyncio.gather(*map(claim, tickets))
    await close(client)


def _print(when: str, floor: Sequence[float], found: Sequence[float]) -> None:
    low, high = (statistics.median(times) * 1000 for times in (floor, found))
    print(
        f"a scan, {when}: p50 never joined {low:.2f} ms, joined {high:.2f} ms, "
        f"{high - low:+.2f} ms (goal {GOAL:g}), ratio {high / low:.2f}"
    )


def _print_stalls(when: str, floor: float, found: float) -> None:
    for whose, longest in (("that never joined", floor), ("that joined", found)):
        report_stall(f"a lane {whose} {when}", longest)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=2_000)
    parser.add_argument("--scans", type=int, default=200, help="of each kind; 0: none")
    parser.add_argument("--claims", type=int, default=50_000, help="and tickets in the list")
    parser.add_argument("--starts", type=int, default=5, help="of each kind")
    parser.add_argument("--listed", type=int, default=100_000, help="in a whole list; 0: none")
    for name in ("--lane", "--url", "--token", "--event"):
        parser.add_argument(name, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    tune_interpreter()  # as every command does
    if given.lane:
        asyncio.run(watch_lane(given))
        return
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        if given.scans:
            asyncio.run(measure(given, Path(folder) / "scans"))
        if given.claims:
            measure_stalls(given, Path(folder) / "stalls")
        if given.listed:
            measure_lists(given, Path(folder) / "lists")


if __name__ == "__main__":
    main()
