"""The app beside a bare Textual app in the same run: start, memory, scan, search, one row.

`python -m tests.benchmarks.bench_app [--tickets 100 1000 10000 100000]`

Of several sizes it prints at the end how the figures grow.
"""

import argparse
import asyncio
import compileall
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from textual import events
from textual.app import App, ComposeResult
from textual.widgets import DataTable, Input, Static

import boxoffice
from boxoffice.app import BoxofficeApp
from boxoffice.cli.app_context import AppContext
from boxoffice.cli.run_app import tune_interpreter
from boxoffice.config import Settings
from boxoffice.domain.models import LinkState
from boxoffice.domain.secret_text import SecretStr
from boxoffice.domain.verdicts import Scan
from boxoffice.sandbox import SandboxThread
from boxoffice.screens.door_state import DoorState
from boxoffice.widgets.ticket_list import TicketList
from tests.support import until

PACKAGE = Path(boxoffice.__file__).parent
QUERIES = ("sorensen", "a", "e", "i", "xqzxqz", "aagaard", "maria jen", "104", "sorensne")
FINDS_NOBODY = ("xq", "sorensn")
"""What begins so has the nearest names looked for, if there are any."""
SCANS = 30
SILENCE = 0.4
"""Seconds after which what was typed is a person's."""
TYPED, BETWEEN = 0.25, (0.1, 0.2)
"""Seconds until what was typed is drawn, and between scans: off the beat of the frames. The bare
app waits as long: after a pause a processor, and what it has at hand, is slow for both.
"""
STARTS = 5
SAYS = """
import resource, sys, time
from pathlib import Path
def memory():
    status = Path("/proc/self/status")
    if status.exists():  # what getrusage says there may be of the process that started this one
        (peak,) = (line.split()[1] for line in status.open() if line.startswith("VmHWM"))
        return int(peak) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024**2 if sys.platform == "darwin" else 1024)
def say():
    print(time.monotonic(), memory(), flush=True, file=sys.__stdout__)
"""
"""When a program is as far as it is measured, and the most memory that it had until then, in MB."""
BARE = f"""{SAYS}
from textual.app import App
class Bare(App):
    def on_ready(self):
        say()
        self.exit()
Bare().run(headless=True)
"""
OPENS_DOOR = f"""{SAYS}
import gc
gc.disable()  # as main does first of all
from boxoffice.screens.door import DoorScreen
opens = DoorScreen.open
def opens_once(self, lane):
    opens(self, lane)
    done(self, lane)
DoorScreen.open = opens_once
from boxoffice.cli import main, run_app
run_app.needs_terminal = lambda: None
"""
START_DOOR = f"""{OPENS_DOOR}
def done(door, lane):
    door.call_after_refresh(lambda: (say(), door.app.exit()))
sys.exit(main([]))
"""
HOLD_LIST = f"""{OPENS_DOOR}
def done(door, lane):
    def look():
        if not lane.status.loading and lane.status.list_at is not None:
            looking.stop()
            door.set_timer({{settle}}, lambda: (say(), door.app.exit()))
    looking = door.set_interval(0.1, look)
sys.exit(main([]))
"""
KINDS: dict[str, Callable[[str], bool]] = {
    "one letter": lambda text: len(text) == 1,
    "that finds nobody": lambda text: text.startswith(FINDS_NOBODY),
}
"""Of the keys, by what then stands on the line."""
SETTLE = 2.0
"""Seconds after a list was read, in which what is made of it is made."""
SIZE = {"COLUMNS": "80", "LINES": "24"}
"""As every terminal has one: without, Textual takes two different sizes, one after the other."""
HEADLESS = "textual.drivers.headless_driver:HeadlessDriver"


def is_shown_after(state: DoorState, before: Scan | None) -> bool:
    return state.last is not None and state.last is not before


class BareInput(App[None]):
    def compose(self) -> ComposeResult:
        yield Input()


class BareBand(App[None]):
    """Draws a band at Enter, once `commit` has returned."""

    scans = 0

    def __init__(self, commit: Callable[[], object] = lambda: None) -> None:
        super().__init__()
        self._commit = commit

    def compose(self) -> ComposeResult:
        yield Static("", id="band")

    def on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            self._commit()
            self.scans += 1
            self.query_one(Static).update(f"ADMITTED {self.scans} " * 30, layout=False)


class Screen:
    """Tells when an app has drawn."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._drawn = asyncio.Event()
        self.drawn_at = 0.0
        """When the last frame had been written."""
        self.frames = 0
        display = app._display

        def displayed(screen: Any, renderable: Any) -> None:
            display(screen, renderable)
            self.drawn_at = time.perf_counter()
            self.frames += 1
            self._drawn.set()

        app._display = displayed  # type: ignore[method-assign] # the one place that sees a frame

    def press(self, key: str, character: str) -> None:
        event = events.Key(key, character)
        event.set_sender(self._app)
        assert self._app._driver is not None
        self._app._driver.send_message(event)

    async def until_drawn(self, shown: Callable[[], bool] = lambda: True) -> float:
        """Wait for a frame; answers when it was written, whatever the loop did after it."""
        while True:
            self._drawn.clear()
            await asyncio.wait_for(self._drawn.wait(), 5)
            if shown():
                return self.drawn_at


Figures = dict[str, float]
"""Medians in milliseconds, or MB, by what was measured."""


def report(what: str, found: list[float], floor: list[float]) -> Figures:
    """Median and 99th percentile of both, in milliseconds, and their ratios."""
    line = f"  {what:34}"
    for name, value in (("p50", statistics.median), ("p99", _p99)):
        ours, bare = value(found) * 1000, value(floor) * 1000
        line += f"  {name} {ours:8.2f} ms  floor {bare:8.2f} ms  {ours / bare:5.2f}x"
    print(line, flush=True)
    return {f"{what}, ms": statistics.median(found) * 1000}


def print_growth(by_size: dict[int, Figures]) -> None:
    """How each figure grows with the list, from the smallest to the largest."""
    sizes = sorted(by_size)
    print(f"\n{'growth':38}" + "".join(f"{size:>11,}" for size in sizes) + "     growth")
    for what in by_size[sizes[0]]:
        row = [by_size[size][what] for size in sizes]
        cells = "".join(f"{value:11.2f}" for value in row)
        print(f"  {what:36}{cells}  {row[-1] / row[0]:8.2f}x", flush=True)


def _p99(samples: list[float]) -> float:
    return sorted(samples)[max(0, int(len(samples) * 0.99) - 1)]


async def type_queries(screen: Screen, typed: Callable[[str], object] = str) -> list[float]:
    """Seconds from each key of the queries to its frame. `typed` takes what stands there then."""
    times = []
    for query in QUERIES:
        for end, character in enumerate(query, 1):
            began = time.perf_counter()
            screen.press(character, character)
            drawn = await screen.until_drawn()
            times.append(drawn - began)
            typed(query[:end])
            await asyncio.sleep(0.04)  # between a person's keys, so that frames do not merge
        await asyncio.sleep(SILENCE)  # else they are a scanner's
        for _ in query:
            screen.press("backspace", "\x7f")
        await asyncio.sleep(SILENCE)
    return times


async def bare_queries() -> list[float]:
    app = BareInput()
    async with app.run_test(size=(80, 24)):
        return await type_queries(Screen(app))


async def bare_bands(commit: Callable[[], object] = lambda: None) -> list[float]:
    app = BareBand(commit)
    async with app.run_test(size=(80, 24)):
        screen, times = Screen(app), []
        for _ in range(SCANS):
            began = time.perf_counter()
            screen.press("enter", "\r")
            drawn = await screen.until_drawn()
            times.append(drawn - began)
            await asyncio.sleep(TYPED + random.uniform(*BETWEEN))
        return times


async def bare_durable_bands(folder: Path) -> list[float]:
    """The same for an app that first commits a row, as durably as the journal does."""
    with closing(sqlite3.connect(folder / "bare.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE scan (at REAL, band TEXT)")
        insert = "INSERT INTO scan VALUES (?, ?)"
        return await bare_bands(lambda: connection.execute(insert, (time.time(), "ADMITTED")))


async def bare_cells(count: int) -> list[float]:
    """Seconds to change one cell of a DataTable with `count` rows, and draw it."""
    app: App[None] = App()
    async with app.run_test(size=(80, 24)):
        table: DataTable[str] = DataTable()
        await app.mount(table)
        column = table.add_column("name")
        keys = [table.add_row(f"Person {number}") for number in range(count)]
        await asyncio.sleep(1)
        screen, times = Screen(app), []
        for number in range(10):
            began = time.perf_counter()
            table.update_cell(keys[number], column, f"Changed {number}")
            drawn = await screen.until_drawn()
            times.append(drawn - began)
        return times


@asynccontextmanager
async def open_app(settings: Settings, token: str, count: int) -> AsyncIterator[BoxofficeApp]:
    """The app in this process, with a list of `count` tickets that was just read."""
    context = AppContext(settings, key=SecretStr(token))
    app = BoxofficeApp(context)
    async with context, app.run_test(size=(80, 24)):
        await until(
            lambda: app.door.lane is not None and len(app.door.lane.roster) >= count, within=120
        )
        lane = app.door.lane
        assert lane is not None
        await until(lambda: lane.status.list_at is not None, within=120)
        yield app


async def fill(settings: Settings, token: str, count: int) -> None:
    async with open_app(settings, token, count):
        pass


async def door(settings: Settings, server: SandboxThread, count: int) -> Figures:
    """The figures of one size of list."""
    async with open_app(settings, server.token, count) as app:
        lane = app.door.lane
        assert lane is not None
        await asyncio.sleep(SETTLE)
        screen = Screen(app)
        typed: list[str] = []
        keys, bare = await type_queries(screen, typed.append), await bare_queries()
        figures = report("a key in the search", keys, bare)
        for kind, is_meant in KINDS.items():
            # The floor's same keys: the first after a pause is slow for both.
            both = zip(keys, bare, typed, strict=True)
            some = [times[:2] for times in both if is_meant(times[2])]
            figures |= report(f"  {kind}", *map(list, zip(*some, strict=True)))
        rows = app.door.query_one(TicketList)
        await until(lambda: not app.door.search.text and len(rows.uuids) > len(QUERIES))
        uuids, times = list(rows.uuids[:10]), []
        for uuid in uuids * 6:
            await asyncio.sleep(0.03)
            began = time.perf_counter()
            rows.touch({uuid})
            drawn = await screen.until_drawn()
            times.append(drawn - began)
        figures |= report("one row, against DataTable", times, await bare_cells(count))
        await asyncio.to_thread(server.stop)
        await until(lambda: lane.status.link is LinkState.OFFLINE, within=60)
        scans = []
        free = [uuid for uuid in lane.roster.rows() if not lane.roster.get(uuid)[0].checked_in]  # type: ignore[index]
        for uuid in free[:SCANS]:
            for character in uuid:
                screen.press(character, character)
            await asyncio.sleep(TYPED)
            before = app.door.state.last
            began = time.perf_counter()
            screen.press("enter", "\r")
            shown = partial(is_shown_after, app.door.state, before)
            drawn = await screen.until_drawn(shown)
            scans.append(drawn - began)
            await asyncio.sleep(random.uniform(*BETWEEN))
        figures |= report("Enter of a scan → verdict drawn", scans, await bare_bands())
        durable = await bare_durable_bands(settings.data_dir)
        report("the same, and the bare app commits", scans, durable)
    return figures


def start(settings: Settings, token: str) -> Figures:
    """From process start to a door that takes scans, the list being on disk; and its memory."""
    environment = os.environ | {
        "BOXOFFICE_URL": settings.url,
        "BOXOFFICE_TOKEN": token,
        "BOXOFFICE_EVENT": settings.event,
        "BOXOFFICE_DATA_DIR": str(settings.data_dir),
        "TEXTUAL_DRIVER": HEADLESS,
        **SIZE,
    }
    compileall.compile_dir(PACKAGE, quiet=1)  # else each start compiles what was changed
    ours, bare = [], []
    for _ in range(STARTS):
        bare.append(_run(BARE, environment)[0])
        ours.append(_run(START_DOOR, environment)[0])
    figures = report("process start → door", ours, bare)
    held = _run(HOLD_LIST.format(settle=SETTLE), environment)[1]
    floor = _run(BARE, environment)[1]
    print(f"  {'most memory, list read':34}      {held:8.0f} MB  floor {floor:8.0f} MB", flush=True)
    return figures | {"most memory, list read, MB": held}


def _run(program: str, environment: dict[str, str]) -> tuple[float, float]:
    """Seconds until `program` said that it was ready, and the MB that it had needed by then.

    The clock is the same for all processes.
    """
    command = [sys.executable, "-c", program]
    began = time.monotonic()
    ended = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    ready, memory = map(float, ended.stdout.split()[:2])
    return ready - began, memory


@contextmanager
def site(count: int) -> Iterator[tuple[Settings, SandboxThread]]:
    with (
        SandboxThread(tickets=count) as server,
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
    ):
        event = server.state.tonight.uuid
        yield Settings(url=server.url, event=event, data_dir=Path(folder)), server


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, nargs="+", default=[100, 1_000, 10_000, 100_000])
    by_size = {}
    tune_interpreter()  # as every command does
    for count in parser.parse_args().tickets:
        print(f"{count:,} tickets", flush=True)
        with site(count) as (settings, server):
            asyncio.run(fill(settings, server.token, count * 9 // 10))
            figures = start(settings, server.token)
            by_size[count] = figures | asyncio.run(door(settings, server, count * 9 // 10))
    print_growth(by_size)


if __name__ == "__main__":
    main()
