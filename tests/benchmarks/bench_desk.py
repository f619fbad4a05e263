"""How fast long lists are, and how long they keep the screen from being drawn.

`python -m tests.benchmarks.bench_desk [--sizes 1000 100000]`

Tickets and orders of one event at the desk, of a sandbox in a process of its own, and the history
of so many scans as are searched. The floors are what the client takes for the same list without a
screen, and a key in an app with nothing but an `Input`.
"""

import argparse
import asyncio
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from weakref import ref

from textual.app import App
from textual.widgets import Input

from boxoffice.cli.app_context import AppContext
from boxoffice.cli.run_app import tune_interpreter
from boxoffice.config import Settings
from boxoffice.domain.journal import Entry, JournalKind
from boxoffice.domain.secret_text import SecretStr
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.lane.history import MOST
from boxoffice.screens.desk.home import DeskScreen
from boxoffice.screens.desk.resource_list import ListScreen
from boxoffice.screens.history import HistoryScreen
from boxoffice.store import journal_db
from tests.benchmarks.bench_app import QUERIES, Screen, bare_queries
from tests.benchmarks.bench_app import report as report_spread
from tests.benchmarks.bench_search import report
from tests.benchmarks.stalls import reported
from tests.screens.desk.stage import ORDERS, TICKETS
from tests.screens.stage import Stage, text_of
from tests.support import until

SCANNED = 1_000
"""Tickets whose scans are in the history."""
MOVES = ("pagedown",) * 30 + ("down",) * 30
ASKING = "Asking the site"
WITHIN = 600.0
"""Seconds for a list of orders: the sandbox needs longer to write it than anybody to read it."""


async def listed(context: AppContext, place: int, name: str, size: int) -> None:
    desk = await context.desk()
    event = next(
        each for each in await context.fetch(old=False) if each.uuid == context.settings.event
    )
    kind = desk.resources[name]
    began = time.perf_counter()
    count = len(await kind.list(event.uuid))
    floor = time.perf_counter() - began
    print(f" {count:,} {name}", flush=True)
    app = Stage(DeskScreen(desk, event, locale="da_DK"))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(lambda: "The whole site" in text_of(app))
        await pilot.press(*["down"] * place)
        async with reported(f"the desk's list of {count:,} {name}"):
            began = time.perf_counter()
            await pilot.press("enter")
            await until(lambda: shown(app), "the list", within=WITHIN)
            taken = time.perf_counter() - began
        report("from Enter to the list; floor: the client alone", floor, taken, "s")
        await asyncio.sleep(1)
        screen = Screen(app)
        bare = await bare_queries()
        async with reported(f"the desk's search in {count:,} {name}"):
            desk_list = app.screen
            assert isinstance(desk_list, ListScreen)
            typed = await type_words(app, screen, desk_list.shows)
        report_spread("a key in the search → its rows drawn", typed, bare)
        moved = []
        async with reported(f"the desk's keys in {count:,} {name}"):
            for key in MOVES:
                began = time.perf_counter()
                screen.press(key, "")
                await screen.until_drawn()
                moved.append(time.perf_counter() - began)
                await asyncio.sleep(0.03)
        report_spread("a page, or a row, drawn", moved, bare)
        assert desk_list.table is not None
        before = ref(desk_list.table)  # which is let go meanwhile
        async with reported(f"the desk's list of {count:,} {name} read again"):
            await pilot.press("f5")
            await until(lambda: desk_list.table is not before(), "the list", within=WITHIN)
            await asyncio.sleep(1)


async def history(context: AppContext) -> None:
    event = context.settings.event
    lane, journal = await context.lane(event), (await context.files()).journal
    await until(lambda: lane.status.list_at is not None and not lane.status.loading, within=WITHIN)
    for _, uuid in zip(range(MOST), cycle(lane.roster.rows()), strict=False):
        entry = Entry(JournalKind.SCAN, event, uuid, uuid, VerdictCode.ALREADY_IN, confirmed=True)
        await journal.write(journal_db.record, entry)
    await asyncio.sleep(2)  # the start's own work is over
    print(f" {MOST:,} scans", flush=True)
    listed = HistoryScreen(lane, lambda _ticket: None)
    app, bare = Stage(listed), await bare_queries()
    async with app.run_test(size=(80, 24)):
        await until(lambda: f"{MOST} scans" in text_of(app))
        async with reported(f"the search in {MOST:,} past scans"):
            typed = await type_words(app, Screen(app), lambda query: listed._query == query)
        report_spread("a key in the history → its rows drawn", typed, bare)


async def type_words(app: App[Any], screen: Screen, shows: Callable[[str], bool]) -> list[float]:
    """Seconds from each key of the queries to the frame with the rows that were found."""
    field, times = app.screen.query_one(Input), []
    for query in QUERIES:
        for character in query:
            began, wanted = time.perf_counter(), field.value + character
            screen.press(character, character)
            await screen.until_drawn(partial(shows, wanted))
            times.append(time.perf_counter() - began)
            await asyncio.sleep(0.04)  # between a person's keys
        field.value = ""
        await until(partial(shows, ""))
    return times


def shown(app: App[Any]) -> bool:
    text = text_of(app)
    return ASKING not in text and "Type to search" in text and len(text.split()) > 40


@contextmanager
def site(count: int) -> Iterator[Settings]:
    """A sandbox that shares neither loop nor lock with what is measured."""
    command = [sys.executable, "-m", "boxoffice", "sandbox", "--port", "0", "--tickets", str(count)]
    key = "bench"
    with (
        TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        subprocess.Popen(
            [*command, "--token", key], stdout=subprocess.PIPE, text=True, env=os.environ.copy()
        ) as server,
    ):
        assert server.stdout is not None
        try:
            url = next(
                found[0]
                for line in server.stdout
                if (found := re.search(r"http://127\.0\.0\.1:\d+", line))
            )
            yield Settings(url=url, data_dir=Path(folder))
        finally:
            server.terminate()


async def measured(settings: Settings, size: int) -> None:
    """`size`: of the list; 0: the history is looked at."""
    async with AppContext(settings, key=SecretStr("bench")) as context:
        events = await context.fetch(old=False)
        client = await context.desk()
        counts = {
            each.uuid: len(await client.resources["tickets"].list(each.uuid)) for each in events
        }
        most = max(counts, key=lambda uuid: counts[uuid])
    settings = replace(settings, event=most, read_codes=False)
    async with AppContext(settings, key=SecretStr("bench")) as context:
        if not size:
            await history(context)
            return
        await listed(context, TICKETS, "tickets", size)
        await listed(context, ORDERS, "orders", size)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=(1_000, 100_000))
    sizes = parser.parse_args().sizes
    tune_interpreter()  # as every command does
    for size in sizes:
        print(f"{size:,} tickets", flush=True)
        with site(size) as settings:
            asyncio.run(measured(settings, size))
    with site(SCANNED) as settings:
        asyncio.run(measured(settings, 0))


if __name__ == "__main__":
    main()
