"""Loads what the first of each thing would wait for, while nobody does anything at the door.

A scan whose ticket has open questions, a name that nobody has, a key that opens a screen: each
needs modules that no start does. On the event loop they would hold the verdict up.
"""

from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from textual.app import App

import boxoffice.lane
import boxoffice.screens
from boxoffice.clock import Clock, in_detached_thread
from boxoffice.collector import collector_paused
from boxoffice.screens.base import BaseScreen

FIRST = ("boxoffice.screens.ticket", "rapidfuzz.process", "rapidfuzz.distance")
"""What a scan may open, and a search may need."""
LOOK_EVERY = 0.5
"""Seconds between looks whether the door is left alone."""


async def preload(app: App[Any], clock: Clock, is_idle: Callable[[], bool]) -> None:
    """Load modules one by one, in a thread, and then the stylesheets that they name.

    Textual reads all styles anew for a screen that brings a sheet which it has not read.
    """

    async def wait() -> None:
        while not is_idle():
            await clock.sleep(LOOK_EVERY)

    for name in (*FIRST, *_modules()):
        await wait()
        await in_detached_thread(partial(_load, name))
    paths = (path for screen in _kinds(BaseScreen) for path in screen.CSS_PATH)
    for path in dict.fromkeys(paths):
        await wait()
        if not app.stylesheet.has_source(str(path)):
            app.stylesheet.read(path)
            app.stylesheet.parse()


def _load(module: str) -> None:
    with collector_paused:  # it stays
        import_module(module)


def _modules() -> Iterator[str]:
    """All of screens and lane, but for the organiser's desk."""
    for package in (boxoffice.screens, boxoffice.lane):
        for module in iter_modules(package.__path__, f"{package.__name__}."):
            if not module.ispkg:
                yield module.name


def _kinds(screen: type[BaseScreen[Any]]) -> Iterator[type[BaseScreen[Any]]]:
    for kind in screen.__subclasses__():
        yield kind
        yield from _kinds(kind)
