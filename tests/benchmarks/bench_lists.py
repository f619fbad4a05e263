"""What long lists do to the loop, and to scans: `python -m tests.benchmarks.bench_lists`.

The app with a screen, beside a site in a process of its own. While the first list comes in, and
then others one after the other in each of which one ticket is changed, while a person types, or
while codes are scanned; and while a whole list comes from another door, which is a process too. At
last while all orders come in, as they do once beside a door, and a person types.
"""

import argparse
import asyncio
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from boxoffice.app import BoxofficeApp
from boxoffice.cli.app_context import AppContext
from boxoffice.cli.run_app import tune_interpreter
from boxoffice.config import Settings
from boxoffice.domain.secret_text import SecretStr
from boxoffice.domain.shared_list import (
    LIST,
    KnownList,
    ListChange,
    ListHead,
    Part,
    pack,
    part_fields,
    site_mark,
)
from boxoffice.lane import Lane
from boxoffice.store import RosterStore, tickets
from boxoffice.store.updates import OrdersListed
from boxoffice.sync import SyncContext
from boxoffice.sync.list_share import ListShare
from tests.benchmarks.bench_app import QUERIES, Screen
from tests.benchmarks.bench_replay import Site, site
from tests.benchmarks.stalls import Stalls, reported
from tests.support import until
from tests.venue.model import ModelDoor, ModelHub


async def change_one(lane: Lane, tickets: Iterator[str]) -> None:
    await lane._client.tickets.patch(next(tickets), full_name=f"Somebody {uuid4().hex[:6]}")
    assert await lane._puller.pull()


async def changed_lists(
    lane: Lane, tickets: Iterator[str], lists: int, beside: Callable[[], Awaitable[None]]
) -> None:
    """Read so many while something else is done again and again."""

    async def again() -> None:
        while True:
            await beside()

    busy = asyncio.create_task(again())
    for _ in range(lists):
        await change_one(lane, tickets)
    busy.cancel()


async def measure(served: Site, folder: Path, lists: int) -> None:
    settings = Settings(url=served.url, event=served.event, data_dir=folder, read_codes=False)
    tickets = iter(served.tickets)
    context = AppContext(settings, key=SecretStr(served.token))
    app = BoxofficeApp(context)
    async with context, app.run_test(size=(80, 24)):
        await until(lambda: app.door.lane is not None)
        lane = app.door.lane
        assert lane is not None
        async with reported("first list"):
            await until(lambda: len(lane.roster) >= len(served.tickets), within=120)
            await asyncio.sleep(1)
        screen = Screen(app)
        scans: tuple[list[float], list[float]] = ([], [])

        async def scan(times: list[float]) -> None:
            began = time.perf_counter()
            await lane.scan(next(tickets))
            times.append(time.perf_counter() - began)
            await asyncio.sleep(0.1)

        async with reported("lists of one changed ticket, and typing"):
            await changed_lists(lane, tickets, lists, partial(type_on, screen))
        stalls = Stalls()
        for _ in range(lists):
            for _ in range(8):
                await scan(scans[0])
            async with stalls.seen():
                await changed_lists(lane, tickets, 1, lambda: scan(scans[1]))
        stalls.report("lists of one changed ticket, and scanning")
        for name, times in zip(("alone", "beside a list"), scans, strict=True):
            p50, p95 = statistics.median(times) * 1000, sorted(times)[len(times) * 95 // 100] * 1000
            print(f"  a scan {name:14} p50 {p50:5.1f} ms   p95 {p95:5.1f} ms   ({len(times)})")
        for changed, what in ((1, "one"), (len(served.tickets), "most")):
            stalls = Stalls()
            for _ in range(lists):
                uuids = served.tickets[-changed:]
                whole = await asyncio.to_thread(prepared, context.folder, served.event, uuids)
                async with stalls.seen():
                    await take_whole(lane, served, whole)
            stalls.report(f"another door's whole list, {what} changed")
        async with reported("nothing"):
            await asyncio.sleep(3)


async def all_orders(served: Site, folder: Path) -> None:
    """Type while they come in. Codes are read too: tickets one by one, and then all orders."""
    settings = Settings(url=served.url, event=served.event, data_dir=folder)
    context = AppContext(settings, key=SecretStr(served.token))
    app = BoxofficeApp(context)
    async with context, app.run_test(size=(80, 24)):
        await until(lambda: app.door.lane is not None and len(app.door.lane.roster) > 0, within=60)
        lane, screen, listed = app.door.lane, Screen(app), asyncio.Event()
        assert lane is not None
        lane._updates.wake(listed.set, OrdersListed)
        async with reported("all orders, and typing"):
            while not listed.is_set():
                await type_on(screen)


async def type_on(screen: Screen) -> None:
    for query in QUERIES:
        for key in (*query, *["backspace"] * len(query)):
            screen.press(key, key if len(key) == 1 else "\x7f")
            await asyncio.sleep(0.1)


class Prepared(NamedTuple):
    """The list that another door sends."""

    packed: list[str]
    digest: str
    tickets: int
    name: str
    """Of the tickets that are changed in it."""


async def prepare(folder: Path, event: str, changed: Sequence[str]) -> Prepared:
    store = await RosterStore.open(folder / "roster.db")
    rows = await store.read_all(tickets.by_uuid, event)
    await store.close()
    name = f"Somebody {uuid4().hex[:6]}"
    for number, uuid in enumerate(changed):
        rows[uuid] = rows[uuid]._replace(full_name=f"{name} {number}")
    change = ListChange([*rows.values()], [])
    return Prepared(pack(change), KnownList().changed_by(change).digest, len(rows), name)


def send_prepared(folder: Path, event: str, changed: Sequence[str], pipe: Connection) -> None:
    """The process of the other door."""
    pipe.send(asyncio.run(prepare(folder, event, changed)))


def prepared(folder: Path, event: str, changed: Sequence[str]) -> Prepared:
    """The list that a door in `folder` has, with these tickets changed."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=send_prepared, args=(folder, event, changed, theirs))
    process.start()
    answer: Prepared = ours.recv()
    process.join()
    return answer


async def take_whole(lane: Lane, served: Site, whole: Prepared) -> None:
    """Have the lane take a list from another door."""
    hub = ModelHub()
    here, there = [ModelDoor(hub, device * 16, "Door", lane.clock) for device in "ba"]
    puller = lane._puller
    context = SyncContext(
        *(puller._journal, puller._store, puller._client, puller._link),
        Path(),
        *(puller._clock, puller._updates, puller._jitter),
    )
    share = ListShare(context, here, puller)
    running = asyncio.create_task(share.run())
    for door in (here, there):
        door.connect()
    there.show(served.event, site=site_mark(served.url))  # it reads the list for both

    def is_taken() -> bool:
        ticket = lane._puller.listed(served.tickets[-1])
        return ticket is not None and ticket.full_name.startswith(whole.name)

    parts, like = len(whole.packed), (whole.digest, whole.tickets, 0, True)
    while not is_taken():  # or its own came in between
        head = ListHead(site_mark(served.url), uuid4().hex, parts, 0.0, 7.0, *like)
        for number, part in enumerate(whole.packed):
            there.broadcast(served.event, LIST, part_fields(Part(head, number, part)))
            await asyncio.sleep(0.01)
        with suppress(TimeoutError):
            async with asyncio.timeout(5):
                while not is_taken():  # noqa: ASYNC110 - nothing tells
                    await asyncio.sleep(0.05)
    await asyncio.sleep(3)  # what is let go of after it, too
    running.cancel()


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--lists", type=int, default=3, help="of each kind")
    given = parser.parse_args(arguments)
    tune_interpreter()  # as every command does
    with (
        site(given.tickets * 4 // 5, 0.0) as served,
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
    ):
        print(f"{given.tickets:,} tickets", flush=True)
        asyncio.run(measure(served, Path(folder), given.lists))
        asyncio.run(all_orders(served, Path(folder)))


if __name__ == "__main__":
    main()
