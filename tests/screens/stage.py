"""A bare app that shows one screen, or a few widgets, and keeps what the screen answers."""

import re
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from textual import events
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, TextArea

from boxoffice.commands import commands
from boxoffice.screens.base import BaseScreen
from boxoffice.widgets.form import QuestionField
from boxoffice.widgets.terminal import ANY
from boxoffice.widgets.themes import THEMES, stylesheet, without_colours
from tests.person import eventually

UNANSWERED = object()
HOSTILE = "[@click=app.quit]x[/] [/] [b]Bobby[/b] [red"
"""A text that Textual's markup would run, fail at, or make bold."""

_USED = re.compile(r'class="terminal-[0-9]+-(r[0-9]+)"')
_STYLES = re.compile(r"\.terminal-[0-9]+-(r[0-9]+) { ([^}]*) }")
_IDENTITY = re.compile("terminal-[0-9]+")

NARROW, WIDE = (80, 24), (120, 40)
both_sizes = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])


class Stage(App[None]):
    """Shows `screen`; `answer` is what it was dismissed with."""

    CSS_PATH = [stylesheet(name) for name in ("theme", "screens", "form", "ticket")]
    NOTIFICATION_TIMEOUT = 3600.0  # none goes before it was looked at
    terminal = ANY

    def __init__(self, screen: Screen[Any] | None = None, widgets: Sequence[Widget] = ()) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name
        self._first = screen
        self._widgets = widgets
        self.answer: object = UNANSWERED

    def get_css_variables(self) -> dict[str, str]:
        return without_colours(self, super().get_css_variables())

    def compose(self) -> ComposeResult:
        yield from self._widgets

    def on_mount(self) -> None:
        if self._first is not None:
            self.push_screen(self._first, self._answered)

    @property
    def answered(self) -> bool:
        return self.answer is not UNANSWERED

    def _answered(self, answer: object) -> None:
        self.answer = answer

    def on_key(self, event: events.Key) -> None:
        """Say why a command is refused, as `BoxofficeApp` does."""
        screen = self.screen
        if isinstance(screen, BaseScreen) and event.key not in screen.active_bindings:
            for command in commands(screen.place):
                if event.key in command.keys and (sentence := screen.refusal(command.id)):
                    screen.announce(sentence)


def text_of(app: App[Any]) -> str:
    """All that stands on the screen, line by line, without what is beyond its edges."""
    size = app.screen.size
    strips = app.screen._compositor.render_strips(size)
    return "\n".join(strip.text for strip in strips)


def field(pilot: Pilot[Any], heading: str) -> QuestionField:
    for widget in pilot.app.screen.query(QuestionField):
        if widget.field.question.heading == heading:
            return widget
    raise AssertionError(f"no field for {heading!r}")


async def see(pilot: Pilot[Any], text: str) -> None:
    """Wait until `text` stands on the screen."""
    await eventually(pilot, lambda: text in text_of(pilot.app), f"{text!r} on the screen")


async def shot(pilot: Pilot[Any]) -> str:
    """A picture of the screen once it is at rest, with cursors that do not blink."""
    for field in (*pilot.app.screen.query(Input), *pilot.app.screen.query(TextArea)):
        field.cursor_blink = False
    await pilot.pause()
    return _seen(pilot.app.export_screenshot(title="boxoffice", simplify=True))


async def resized(pilot: Pilot[Any], *sizes: tuple[int, int]) -> AsyncIterator[tuple[int, int]]:
    """Give the terminal one size after another, and have all laid out and painted for each."""
    for size in sizes:
        await pilot.resize_terminal(*size)
        pilot.app._check_resize()  # or a timer does in a while
        for _ in range(2):  # a new width may be another layout, and that other lines
            await pilot.pause()
        yield size


async def pictured(pilot: Pilot[Any], picture: SnapshotAssertion, what: str = "") -> None:
    """Compare the screen, `what` of a test with several, with its picture at each size."""
    async for columns, rows in resized(pilot, NARROW, WIDE):
        assert await shot(pilot) == picture(name=f"{what}{columns}x{rows}")


def _seen(svg: str) -> str:
    """A picture by what is to be seen in it: styles are numbered as letters first have them.

    What lies behind a dialog may have been drawn or not, and its blanks have other styles then.
    """
    order = {name: f"r{at}" for at, name in enumerate(dict.fromkeys(_USED.findall(svg)), 1)}
    styles = {name: style for name, style in _STYLES.findall(svg) if name in order}
    first, *others = _STYLES.finditer(svg)
    written = [f".terminal-{order[name]} {{ {styles[name]} }}" for name in order]
    end = others[-1].end() if others else first.end()
    svg = f"{svg[: first.start()]}{chr(10).join(written)}{svg[end:]}"
    svg = _USED.sub(lambda used: f'class="terminal-{order[used[1]]}"', svg)
    return _IDENTITY.sub("terminal", svg)
