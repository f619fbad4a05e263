"""The desk of the sandbox's first event, on a stage of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual.pilot import Pilot
from textual.widgets import Input

from boxoffice.cli.app_context import AppContext
from boxoffice.domain.models import Event
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import Event as SandboxEvent
from boxoffice.screens.desk.form import FormScreen
from boxoffice.screens.desk.home import DeskScreen
from boxoffice.screens.desk.lists import ListBase
from tests.screens.stage import NARROW, Stage, see, text_of
from tests.support import until

TYPES, QUESTIONS, ORDERS, TICKETS, DISCOUNTS, EVENTS, EXPORTS, WEBHOOKS, GENERIC = range(9)
"""Places in the list of the desk's first screen."""


def first(sandbox: Sandbox) -> SandboxEvent:
    """The event whose desk it is, at the site."""
    return sandbox.state.tonight


async def todays(context: AppContext) -> Event:
    now = context.clock.now()
    return next(each for each in await context.fetch(old=False) if each.start and each.start > now)


@asynccontextmanager
async def desk(
    context: AppContext, *, size: tuple[int, int] = NARROW
) -> AsyncIterator[Pilot[None]]:
    screen = DeskScreen(await context.desk(), await todays(context), locale="da_DK")
    app = Stage(screen)
    async with app.run_test(size=size) as pilot:
        await see(pilot, "The whole site")
        await until(lambda: not any(each.group == "rights" for each in app.workers), "the rights")
        yield pilot


async def opened(pilot: Pilot[Any], place: int, text: str) -> None:
    """Open the list at `place`, and wait for `text` in it."""
    await pilot.press(*["down"] * place, "enter")
    await see(pilot, text)
    await quiet(pilot)


async def form(pilot: Pilot[Any], *keys: str) -> None:
    """Open the form of the highlighted row, or the one that other keys lead to."""
    await pilot.press(*(keys or ("enter",)))
    await until(
        lambda: isinstance(pilot.app.screen, FormScreen) and isinstance(pilot.app.focused, Input),
        "the form",
    )


async def looked(pilot: Pilot[Any], *keys: str) -> None:
    """Fill in a form, and look at what will be different."""
    await pilot.press(*keys, "ctrl+s")
    await see(pilot, "Enter sends it")


async def quiet(pilot: Pilot[Any]) -> None:
    """Nothing is being asked of the site."""
    await until(lambda: "Asking the site" not in text_of(pilot.app), "an answer")
    await pilot.pause()


async def took(pilot: Pilot[Any]) -> None:
    """The site took a change, and its list was read again."""
    await until(lambda: isinstance(pilot.app.screen, ListBase), "the list")
    await see(pilot, "The site took it.")
    await quiet(pilot)
