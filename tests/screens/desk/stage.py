"""The desk of the sandbox's first event, on a stage of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual.pilot import Pilot

from boxoffice.cli.house import House
from boxoffice.door.models import Event
from boxoffice.screens.desk.home import DeskScreen
from boxoffice.screens.desk.list_base import ListBase
from tests.screens.stage import NARROW, Stage, see, text_of
from tests.support import until

TYPES, QUESTIONS, ORDERS, TICKETS, DISCOUNTS, EVENTS, EXPORTS, WEBHOOKS, GENERIC = range(9)
"""Places in the list of the desk's first screen."""


async def todays(house: House) -> Event:
    """The sandbox's first event."""
    now = house.clock.now()
    return next(each for each in await house.fetch(old=False) if each.start and each.start > now)


@asynccontextmanager
async def desk(house: House, *, size: tuple[int, int] = NARROW) -> AsyncIterator[Pilot[None]]:
    """The first screen of the desk."""
    screen = DeskScreen(await house.desk(), await todays(house), locale="da_DK")
    app = Stage(screen)
    async with app.run_test(size=size) as pilot:
        await see(pilot, "The whole site")
        yield pilot


async def opened(pilot: Pilot[Any], place: int, text: str) -> None:
    """Open the list at `place`, and wait for `text` in it."""
    await pilot.press(*["down"] * place, "enter")
    await see(pilot, text)
    await quiet(pilot)


async def quiet(pilot: Pilot[Any]) -> None:
    """Nothing is being asked of the site."""
    await until(lambda: "Asking the site" not in text_of(pilot.app), "an answer")
    await pilot.pause()


async def took(pilot: Pilot[Any]) -> None:
    """The site took a change, and its list was read again."""
    await until(lambda: isinstance(pilot.app.screen, ListBase), "the list")
    await see(pilot, "The site took it.")
    await quiet(pilot)
