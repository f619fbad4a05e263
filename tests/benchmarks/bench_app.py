"""How fast the app is beside a bare Textual app in the same run: start, scan, search, one row.

`python -m tests.benchmarks.bench_app [--tickets 1000 10000 100000]`
"""

import argparse
import asyncio
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from textual import events
from textual.app import App, ComposeResult
from textual.widgets import DataTable, Input, Static

from boxoffice.app import BoxofficeApp
from boxoffice.cli.app_context import AppContext
from boxoffice.config import Settings
from boxoffice.domain.models import LinkState
from boxoffice.domain.secret_text import SecretStr
from boxoffice.domain.verdicts import Scan
from boxoffice.sandbox import SandboxThread
from boxoffice.screens.door_state import DoorState
from boxoffice.widgets.ticket_list import TicketList
from tests.support import until

QUERIES = ("sorensen", "a", "e", "xqzxqz", "aagaard", "maria jen", "104", "sorensne")
SCANS = 60
STARTS = 9
SAYS_WHEN = (
    "import sys, time\ndef now(): print(time.monotonic(), flush=True, file=sys.__stdout__)\n"
)
START_BARE = f"""{SAYS_WHEN}
from textual.app import App
class Bare(App):
    def on_ready(self):
        now()
        self.exit()
Bare().run(headless=True)
"""
START_DOOR = f"""{SAYS_WHEN}
import gc
gc.disable()  # as main does first of all
from boxoffice.screens.door import DoorScreen
opens = DoorScreen.open
def opens_once(self, lane):
    opens(self, lane)
    self.call_after_refresh(lambda: (now(), self.app.exit()))
DoorScreen.open = opens_once
from boxoffice.cli import main, run_app
run_app.needs_terminal = lambda: None
sys.exit(main([]))
"""
HEADLESS = "textual.drivers.headless_driver:HeadlessDriver"


def is_shown_after(state: DoorState, before: Scan | None) -> bool:
    return state.last is not before


class BareInput(App[None]):
    def compose(self) -> ComposeResult:
        yield Input()


class BareBand(App[None]):
    """Draws a band at Enter."""

    scans = 0

    def compose(self) -> ComposeResult:
        yield Static("", id="band")

    def on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            self.scans += 1
            self.query_one(Static).update(f"ADMITTED {self.scans} " * 30, layout=False)


class Screen:
    """Tells when an app has drawn."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._drawn = asyncio.Event()
        self.drawn_at = 0.0
        """When the last frame had been written."""
        display = app._display

        def displayed(screen: Any, renderable: Any) -> None:
            display(screen, renderable)
            self.drawn_at = time.perf_counter()
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


def report(what: str, found: list[float], floor: list[float]) -> None:
    """Median and 99th percentile of both, in milliseconds, and their ratios."""
    line = f"  {what:34}"
    for name, value in (("p50", statistics.median), ("p99", _p99)):
        ours, bare = value(found) * 1000, value(floor) * 1000
        line += f"  {name} {ours:8.2f} ms  floor {bare:8.2f} ms  {ours / bare:5.2f}x"
    print(line, flush=True)


def _p99(samples: list[float]) -> float:
    return sorted(samples)[max(0, int(len(samples) * 0.99) - 1)]


async def type_queries(screen: Screen) -> list[float]:
    """Seconds from each key of the queries to its frame."""
    times = []
    for query in QUERIES:
        for character in query:
            began = time.perf_counter()
            screen.press(character, character)
            drawn = await screen.until_drawn()
            times.append(drawn - began)
            await asyncio.sleep(0.04)  # between a person's keys, so that frames do not merge
        for _ in query:
            screen.press("backspace", "\x7f")
        await asyncio.sleep(0.1)
    return times


async def bare_queries() -> list[float]:
    app = BareInput()
    async with app.run_test(size=(80, 24)):
        return await type_queries(Screen(app))


async def bare_bands() -> list[float]:
    app = BareBand()
    async with app.run_test(size=(80, 24)):
        screen, times = Screen(app), []
        for _ in range(SCANS):
            began = time.perf_counter()
            screen.press("enter", "\r")
            drawn = await screen.until_drawn()
            times.append(drawn - began)
            await asyncio.sleep(random.uniform(0.03, 0.06))  # off the frames' beat
        return times


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


async def door(settings: Settings, server: SandboxThread, count: int) -> None:
    """The figures of one size of list."""
    context = AppContext(settings, key=SecretStr(server.token))
    app = BoxofficeApp(context)
    async with context, app.run_test(size=(80, 24)):
        await until(
            lambda: app.door.lane is not None and len(app.door.lane.roster) >= count, within=120
        )
        lane = app.door.lane
        assert lane is not None
        await until(lambda: lane.status.list_at is not None, within=120)
        await asyncio.sleep(2)  # the start's own drawing is over
        screen = Screen(app)
        report("a key in the search", await type_queries(screen), await bare_queries())
        rows = app.door.query_one(TicketList)
        uuids, times = list(rows.uuids[:10]), []
        for uuid in uuids * 6:
            await asyncio.sleep(0.03)
            began = time.perf_counter()
            rows.touch({uuid})
            drawn = await screen.until_drawn()
            times.append(drawn - began)
        report("one row, against DataTable", times, await bare_cells(count))
        await asyncio.to_thread(server.stop)
        await until(lambda: lane.status.link is LinkState.OFFLINE, within=60)
        scans = []
        free = [uuid for uuid in lane.roster.rows() if not lane.roster.get(uuid)[0].checked_in]  # type: ignore[index]
        for uuid in free[:SCANS]:
            for character in uuid:
                screen.press(character, character)
            await asyncio.sleep(0.1)
            before = app.door.state.last
            began = time.perf_counter()
            screen.press("enter", "\r")
            shown = partial(is_shown_after, app.door.state, before)
            drawn = await screen.until_drawn(shown)
            scans.append(drawn - began)
            await asyncio.sleep(random.uniform(0.1, 0.2))  # off the frames' beat
        report("Enter of a scan → verdict drawn", scans, await bare_bands())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  peak memory, sandbox and floors included: {peak:.0f} MB")


def start(settings: Settings, token: str) -> None:
    """From process start to a door that takes scans, the list being on disk."""
    environment = os.environ | {
        "BOXOFFICE_URL": settings.url,
        "BOXOFFICE_TOKEN": token,
        "BOXOFFICE_EVENT": settings.event,
        "BOXOFFICE_DATA_DIR": str(settings.data_dir),
        "TEXTUAL_DRIVER": HEADLESS,
    }
    ours, bare = [], []
    for _ in range(STARTS):
        bare.append(_seconds(START_BARE, environment))
        ours.append(_seconds(START_DOOR, environment))
    report("process start → door", ours, bare)


def _seconds(program: str, environment: dict[str, str]) -> float:
    """Until `program` says when it was ready; the clock is the same for all processes."""
    command = [sys.executable, "-c", program]
    began = time.monotonic()
    ended = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return float(ended.stdout.split()[0]) - began


@contextmanager
def site(count: int) -> Iterator[tuple[Settings, SandboxThread]]:
    with (
        SandboxThread(tickets=count) as server,
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
    ):
        event = next(iter(server.state.events))
        yield Settings(url=server.url, event=event, data_dir=Path(folder)), server


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    for count in parser.parse_args().tickets:
        print(f"{count:,} tickets", flush=True)
        with site(count) as (settings, server):
            asyncio.run(door(settings, server, count * 9 // 10))
            start(settings, server.token)


if __name__ == "__main__":
    main()
