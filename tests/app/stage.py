"""The whole app on a real lane at the sandbox, and a terminal that writes to it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from textual._xterm_parser import XTermParser
from textual.pilot import Pilot

from boxoffice.app import BoxofficeApp
from boxoffice.cli.app_context import AppContext
from boxoffice.domain.verdicts import Scan
from boxoffice.lane import Lane
from boxoffice.screens.base import Demo
from boxoffice.widgets.line_widget import LineWidget
from boxoffice.widgets.terminal import ANY, Terminal
from boxoffice.widgets.ticket_list import TicketList
from tests.person import HAND, SILENCE, eventually
from tests.support import FakeClock, until

NARROW, WIDE = (80, 24), (120, 40)
App = Pilot[None]


@asynccontextmanager
async def open_app(
    context: AppContext,
    *,
    size: tuple[int, int] = NARROW,
    theme: str = "",
    terminal: Terminal = ANY,
    online: bool = True,
    demo: Demo | None = None,
) -> AsyncIterator[App]:
    """The app, at the door of the house's event, with its list read from the server.

    Not `online`: with the list that was read before.
    """
    app = BoxofficeApp(context, theme=theme, terminal=terminal, demo=demo)
    async with app.run_test(size=size) as pilot:
        await eventually(pilot, lambda: app.door.lane is not None, "an open door")

        def is_listed() -> bool:
            read = not online or lane_of(pilot).status.list_at is not None
            return read and len(door_list(pilot).uuids) > 0

        await eventually(pilot, is_listed, "a list on the screen")
        yield pilot


def app_of(pilot: App) -> BoxofficeApp:
    app = pilot.app
    assert isinstance(app, BoxofficeApp)
    return app


def lane_of(pilot: App) -> Lane:
    lane = app_of(pilot).door.lane
    assert lane is not None
    return lane


def door_list(pilot: App) -> TicketList:
    return app_of(pilot).door.query_one(TicketList)


def line_of(pilot: App) -> str:
    return app_of(pilot).door.search.text


def text_of(widget: LineWidget) -> str:
    return "\n".join(widget.render_line(y).text.rstrip() for y in range(widget.size.height))


def write(pilot: App, data: str, *, gap: float = 0.0, at: float | None = None) -> None:
    """Have a terminal write `data` at once, its keys `gap` seconds apart by their times.

    `at`: the time of the first, where it came before now and was not read; None: now.
    """
    driver = pilot.app._driver
    assert driver is not None
    at = HAND.time() if at is None else at
    events = list(XTermParser().feed(data))
    for number, event in enumerate(events):
        event.time = at + number * gap
        event.set_sender(pilot.app)
        driver.send_message(event)
    HAND.skip(len(events) * gap)


async def scan(pilot: App, *codes: str) -> list[Scan]:
    """Scan codes one after another, and wait for the answers: oldest first."""
    lane = lane_of(pilot)
    before = list(lane.history.recent)
    HAND.skip(SILENCE)
    write(pilot, "".join(f"{code}\r" for code in codes))
    await answered(pilot, len(before) + len(codes))
    HAND.skip(SILENCE)
    return list(reversed(list(lane.history.recent)[: len(codes)]))


async def answered(pilot: App, count: int) -> None:
    """Wait until so many scans were answered in all, and the last of them is drawn."""
    app = app_of(pilot)
    await until(
        lambda: len(lane_of(pilot).history.recent) == count and not app.door.controller.waiting,
        f"{count} answers",
    )
    await pilot.pause()


async def all_sent(pilot: App) -> None:
    """Wait until nothing waits to be sent, by the file: the counts shown may not know of it yet."""
    lane = lane_of(pilot)

    async def empty() -> bool:
        return not (await lane.queue.view()).waiting and lane.status.counts.unsent == 0

    await until(empty, "all sent")


async def opened(pilot: App, screen: type) -> None:
    """Wait until a screen of this class is in front."""
    await eventually(
        pilot, lambda: isinstance(pilot.app.screen, screen), f"{screen.__name__} in front"
    )


async def passes(clock: FakeClock, condition: Callable[[], object], what: str) -> None:
    """Let time pass, a second at a time, until `condition`."""

    async def met() -> object:
        await clock.advance(1)
        return condition()

    await until(met, what)
