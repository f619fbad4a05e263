"""`demo --doors 3`: lanes of one venue beside each other, and a rush that comes to all of them.

Each lane is a computer of its own, as far as it knows: a data folder, a membership, a list. One hub
serves them. What is scanned at two of them in the same moment is let in at one.
"""

import asyncio
import itertools
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from boxoffice.cli.app_context import AppContext
from boxoffice.cli.run_app import this_terminal
from boxoffice.clock import Clock
from boxoffice.domain.secret_text import SecretStr
from boxoffice.language import N_, _
from boxoffice.screens.doors import DoorsApp
from boxoffice.venue import extra_needed

if TYPE_CHECKING:
    from pathlib import Path

    from boxoffice.lane import Lane
    from boxoffice.venue.hub import Hub

LANES = (N_("North"), N_("South"), N_("West"), N_("East"), N_("Balcony"), N_("Garden"))
LOOK_EVERY = 0.2
PAUSE = 2.5
"""Seconds between two guests."""
AT_TWO = N_("{} is at {} and {} in the same moment: one ticket, one green.")
LATER = N_("{} was let in a while ago; the same ticket is now at {}.")
ONE = N_("{} comes to {}.")
SCRIPT = (ONE, AT_TWO, ONE, LATER, ONE, ONE, AT_TWO)
"""What happens, in turn."""
REMEMBERED = 5
"""Guests of whom one may come once more."""
HUB_OFF = N_("The hub is off: the doors go on alone, and say so. H puts it back.")
HUB_ON = N_("The hub is back: who came in twice meanwhile needs a person (!) at both doors.")


class Guest(NamedTuple):
    code: str
    name: str


async def play(
    context: AppContext,
    doors: int,
    guests: Sequence[Guest],
    switch_network: Callable[[], str],
    *,
    key: SecretStr,
    speed: float = 1.0,
) -> int:
    """Open so many lanes of one venue, and play until the person quits; the exit status.

    `context`: of the folder that theirs are made in. `switch_network`: cuts all of them off from
    the site, or puts them back; what to say. `speed`: so many times as fast. Raises ProblemError.
    """
    from boxoffice.venue import membership

    folder, settings = context.data, context.settings
    clock = context.clock
    async with AsyncExitStack() as opened:
        hub = _Switch(folder / "hub", clock)
        opened.push_async_callback(hub.off)
        await hub.on()
        lanes = []
        for name in map(_, LANES[:doors]):
            own = replace(settings, lane=name, data_dir=folder / name)
            door = AppContext(own, key=key)
            await opened.enter_async_context(door)
            membership.save(await hub.running.admit(name, own=True), door.data)
            lanes.append(await door.lane(settings.event))

        async def rush(app: DoorsApp) -> None:
            await _rush(app, lanes, guests, clock, PAUSE / speed)

        app = DoorsApp(
            lanes,
            clock,
            rush=rush,
            network=switch_network,
            hub=hub.switch,
            theme=settings.theme,
            terminal=this_terminal(settings),
        )
        await app.run_async()
        return app.return_code or 0


class _Switch:
    """The hub, which the newcomer may take away and put back."""

    def __init__(self, data: "Path", clock: Clock) -> None:
        self._data = data
        self._clock = clock
        self._open = AsyncExitStack()
        self._hub: Hub | None = None

    @property
    def running(self) -> "Hub":
        if self._hub is None:
            raise RuntimeError("the hub is off")
        return self._hub

    async def on(self) -> None:
        """Raises ProblemError."""
        with extra_needed():
            from boxoffice.venue.hub import Hub

        self._hub = await self._open.enter_async_context(Hub(self._data, self._clock, name="Hall"))

    async def off(self) -> None:
        self._hub = None
        await self._open.aclose()

    async def switch(self) -> str:
        """Turn it off, or on; what to say."""
        if self._hub is None:
            await self.on()
            return _(HUB_ON)
        await self.off()
        return _(HUB_OFF)


async def _rush(
    app: DoorsApp, lanes: "Sequence[Lane]", guests: Sequence[Guest], clock: Clock, pause: float
) -> None:
    """Have the guests come one after the other, for ever: to one door, to two, or once more.

    `pause`: seconds between two of them.
    """
    before: deque[tuple[Guest, int]] = deque(maxlen=REMEMBERED)
    turns = zip(itertools.cycle(guests), itertools.cycle(SCRIPT), strict=False)
    for number, (guest, turn) in enumerate(turns):
        while app.paused:
            await clock.sleep(LOOK_EVERY)
        who, first = guest, number % len(lanes)
        if turn is LATER and before:
            who, door = before.popleft()
            first = (door + 1) % len(lanes)
        doors = [first, (first + 1) % len(lanes)] if turn is AT_TWO else [first]
        names = [lanes[door].name for door in doors]
        app.announce(_(turn).format(who.name, *names))
        scans = await asyncio.gather(*(lanes[door].scan(who.code) for door in doors))
        for door, scan in zip(doors, scans, strict=True):
            app.columns[door].show(scan)
        before.append((who, first))
        await clock.sleep(pause)
