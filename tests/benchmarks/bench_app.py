"""The app beside a bare Textual app in the same run: scan, search, one row.

`python -m tests.benchmarks.bench_app [--tickets 100 1000 10000 100000]`

The site is a sandbox in a process of its own: it writes long lists in one go, and in this process
that would be a stall of ours. No codes are read meanwhile; what all orders that come in cost is in
bench_lists. Of several sizes it prints at the end how the figures grow.
"""

import argparse
import asyncio
import random
import sqlite3
import statistics
import time
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager, closing
from dataclasses import replace
from functools import partial
from itertools import compress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from textual import events
from textual.app import App, ComposeResult
from textual.widgets import DataTable, Input, Static

import boxoffice
from boxoffice.app import BoxofficeApp
from boxoffice.cli.app_context import AppContext
from boxoffice.cli.run_app import tune_interpreter
from boxoffice.clock import SystemClock
from boxoffice.config import Settings
from boxoffice.domain.models import LinkState
from boxoffice.domain.secret_text import SecretStr
from boxoffice.domain.verdicts import Scan
from boxoffice.screens.door_state import DoorState
from boxoffice.screens.preload import preload
from boxoffice.widgets.ticket_list import EntryLine, TicketList
from tests.benchmarks.bench_replay import sandbox
from tests.support import until

PACKAGE = Path(boxoffice.__file__).parent
QUERIES = ("sorensen", "a", "e", "i", "xqzxqz", "aagaard", "maria jen", "104", "sorensne")
FINDS_NOBODY = ("xq", "sorensn")
"""What begins so has the nearest names looked for, if there are any."""
ROUNDS = 3
"""Times that the queries are typed: 132 keys, so that p99 is not the slowest of them."""
BETWEEN_KEYS = (0.1, 0.16)
"""Seconds, as people type: faster is a scanner's."""
SCANS = 30
SILENCE = 0.4
"""Seconds after which what was typed is a person's."""
TYPED, BETWEEN = 0.25, (0.1, 0.2)
"""Seconds until what was typed is drawn, and between scans: off the beat of the frames. The bare
app waits as long: after a pause a processor, and what it has at hand, is slow for both.
"""
KINDS: dict[str, Callable[[str], bool]] = {
    "one letter": lambda text: len(text) == 1,
    "that finds nobody": lambda text: text.startswith(FINDS_NOBODY),
}
"""Of the keys, by what then stands on the line."""
SETTLE = 2.0
"""Seconds after a list was read, in which what is made of it is made."""


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


class Drawn(NamedTuple):
    """What a key took until it was drawn."""

    after: float
    """Seconds."""
    used: float
    """Seconds of the processor, of the loop's thread: what else the machine does counts less."""


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

    async def draw(self, key: str, character: str, shown: Callable[[], bool]) -> Drawn:
        """Press a key, and wait until `shown` is drawn."""
        began, used = time.perf_counter(), time.thread_time()
        self.press(key, character)
        drawn = await self.until_drawn(shown)
        return Drawn(drawn - began, time.thread_time() - used)


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


def report_drawn(what: str, found: list[Drawn], floor: list[Drawn]) -> Figures:
    """The same, and of the processor that it used."""
    both = found, floor
    figures = report(what, *([one.after for one in some] for some in both))
    used = report("  processor used", *([one.used for one in some] for some in both))
    return figures | {f"{what}: {name.strip()}": value for name, value in used.items()}


def sizes(what: str | None) -> list[int]:
    """Of the lists to measure, by the command's arguments."""
    parser = argparse.ArgumentParser(description=what)
    parser.add_argument("--tickets", type=int, nargs="+", default=[100, 1_000, 10_000, 100_000])
    chosen: list[int] = parser.parse_args().tickets
    return chosen


def print_growth(by_size: dict[int, Figures]) -> None:
    """How each figure grows with the list, from the smallest to the largest."""
    sizes = sorted(by_size)
    print(f"\n{'growth':54}" + "".join(f"{size:>11,}" for size in sizes) + "     growth")
    for what in by_size[sizes[0]]:
        row = [by_size[size][what] for size in sizes]
        cells = "".join(f"{value:11.2f}" for value in row)
        print(f"  {what:52}{cells}  {row[-1] / row[0]:8.2f}x", flush=True)


def _p99(samples: list[float]) -> float:
    return sorted(samples)[max(0, int(len(samples) * 0.99) - 1)]


async def type_query(screen: Screen, query: str, shown: Callable[[], str]) -> list[Drawn]:
    """Type it, then take it away again. `shown`: what the line shows."""
    keys = []
    for end, character in enumerate(query, 1):
        await asyncio.sleep(random.uniform(*BETWEEN_KEYS))
        keys.append(await screen.draw(character, character, partial(is_same, shown, query[:end])))
    await asyncio.sleep(SILENCE)
    for _ in query:
        screen.press("backspace", "\x7f")
    await asyncio.sleep(SILENCE)
    return keys


def is_same(shown: Callable[[], str], text: str) -> bool:
    return shown() == text


async def bare_queries() -> list[float]:
    """Seconds from each key of the queries to its echo."""
    app = BareInput()
    async with app.run_test(size=(80, 24)):
        screen, field = Screen(app), app.query_one(Input)
        typed = [await type_query(screen, query, lambda: field.value) for query in QUERIES]
        return [key.after for keys in typed for key in keys]


async def search(app: BoxofficeApp) -> Figures:
    """Keys in the search and their echo in a bare `Input`, in turn, query by query."""
    # As the door does where it is left alone; else the first name that nobody has waits for it.
    await preload(app, SystemClock(), lambda: True)
    line, bare_app = app.door.query_one(EntryLine), BareInput()
    screen, texts, keys, echoes = Screen(app), list[str](), list[Drawn](), list[Drawn]()
    async with bare_app.run_test(size=(80, 24)):
        bare_screen, field = Screen(bare_app), bare_app.query_one(Input)
        for query in QUERIES * ROUNDS:
            texts += [query[:end] for end in range(1, len(query) + 1)]
            keys += await type_query(screen, query, lambda: line.text)
            echoes += await type_query(bare_screen, query, lambda: field.value)
    figures = report_drawn("a key in the search", keys, echoes)
    for kind, is_meant in KINDS.items():
        chosen = [is_meant(text) for text in texts]
        some = ([key.after for key in compress(each, chosen)] for each in (keys, echoes))
        figures |= report(f"  {kind}", *some)
    return figures


async def bare_bands(commit: Callable[[], object] = lambda: None) -> list[Drawn]:
    app = BareBand(commit)
    async with app.run_test(size=(80, 24)):
        screen, times = Screen(app), []
        for _ in range(SCANS):
            times.append(await screen.draw("enter", "\r", lambda: True))
            await asyncio.sleep(TYPED + random.uniform(*BETWEEN))
        return times


async def bare_durable_bands(folder: Path) -> list[Drawn]:
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


async def door(settings: Settings, token: str, count: int, end_site: Callable[[], None]) -> Figures:
    """The figures of one size of list."""
    async with open_app(replace(settings, read_codes=False), token, count) as app:
        lane = app.door.lane
        assert lane is not None
        await asyncio.sleep(SETTLE)
        figures = await search(app)
        screen = Screen(app)
        await asyncio.to_thread(end_site)
        await until(lambda: lane.status.link is LinkState.OFFLINE, within=60)
        scans = []
        free = [uuid for uuid in lane.roster.rows() if not lane.roster.get(uuid)[0].checked_in]  # type: ignore[index]
        for uuid in free[:SCANS]:
            for character in uuid:
                screen.press(character, character)
            await asyncio.sleep(TYPED)
            shown = partial(is_shown_after, app.door.state, app.door.state.last)
            scans.append(await screen.draw("enter", "\r", shown))
            await asyncio.sleep(random.uniform(*BETWEEN))
        figures |= report_drawn("Enter of a scan → verdict drawn", scans, await bare_bands())
        durable = await bare_durable_bands(settings.data_dir)
        report_drawn("the same, and the bare app commits", scans, durable)
        rows = app.door.query_one(TicketList)
        await until(lambda: not app.door.search.text and len(rows.uuids) > len(QUERIES))
        uuids, times = list(rows.uuids[rows.top : rows.top + 10]), []  # which are seen
        for uuid in uuids * 6:
            await asyncio.sleep(0.03)
            began = time.perf_counter()
            rows.touch({uuid})
            drawn = await screen.until_drawn()
            times.append(drawn - began)
        # At last: what so long a table leaves behind slows all that comes after it.
        figures |= report("one row, against DataTable", times, await bare_cells(count))
    return figures


def main() -> None:
    tune_interpreter()  # as every command does
    by_size = {}
    for count in sizes(__doc__):
        print(f"{count:,} tickets", flush=True)
        with TemporaryDirectory(ignore_cleanup_errors=True) as folder, ExitStack() as stack:
            site = stack.enter_context(sandbox(count))
            settings = Settings(url=site.url, event=site.event, data_dir=Path(folder))
            by_size[count] = asyncio.run(door(settings, site.token, count * 9 // 10, stack.close))
    print_growth(by_size)


if __name__ == "__main__":
    main()
