"""What every screen and dialog has: its place among the commands, a footer, a banner, and a band.

The band shows the verdict of a scan that is made while the screen is open. And what the app is
given by the command line.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Button, Static
from textual.worker import Worker, WorkerState

from boxoffice.clock import Clock
from boxoffice.commands import Command, Place, bindings
from boxoffice.domain.models import Event
from boxoffice.domain.verdicts import Scan
from boxoffice.language import N_, _
from boxoffice.widgets.footer import Banner, CommandFooter
from boxoffice.widgets.line_widget import CommandClicked
from boxoffice.widgets.scan_band import ScanBand
from boxoffice.widgets.themes import stylesheet

if TYPE_CHECKING:  # the door is drawn before the lane's parts are loaded
    from boxoffice.lane import Change, Lane
    from boxoffice.lane.pin_lock import PinLock
    from boxoffice.manage import Desk
    from boxoffice.printing.papers import Sheet

log = logging.getLogger(__name__)

Result = TypeVar("Result")
Value = TypeVar("Value")


class EventSource(Protocol):
    """Where the organiser's events come from, before there is a lane."""

    async def stored(self) -> list[Event]:
        """The events as they are on this disk, at once."""

    async def fetch(self, *, old: bool) -> list[Event]:
        """The events from the server; with `old` also those that are over.

        Raises an error with a `sentence`.
        """


class Demo(Protocol):
    """What a demonstration has to try its door with."""

    @property
    def sheet(self) -> "Sheet":
        """A code for each verdict."""

    @property
    def number(self) -> str:
        """Of a ticket that may enter: to be typed."""

    def unplug(self) -> bool:
        """Cut the door off from its site, or put it back; answers whether it is connected now."""


class Backend(EventSource, Protocol):
    """What the app is given: a site to log in at, its events, and lanes. Made by the command line.

    Whatever goes wrong with site, key or disk is raised as an error that has a `sentence`.
    """

    clock: Clock
    pin: "PinLock"
    """Asks for the PIN by its `ask`, where one is set."""
    site: str
    """The site as it is known so far; empty before the first log-in."""
    event: str | None
    """uuid of the event asked for on the command line; None: the person picks one."""
    drawn: asyncio.Event
    """Set while what was opened last is on the screen: what can wait begins then."""

    @property
    def ready(self) -> bool:
        """Site and key are known, or may be; else the app asks for them first."""

    async def login(self, site: str, key: str) -> None:
        """Check site and key with the server, and keep them."""

    async def lane(self, event: str) -> "Lane":
        """Open the lane at an event, and start it; its background work begins once `drawn`."""

    @property
    def has_desk(self) -> bool:
        """The organiser's desk may be opened."""

    @property
    def locale(self) -> str:
        """How money is written; empty: as the system does."""

    async def desk(self) -> "Desk":
        """What an organiser lists and changes at the site."""


ARROWS = (
    Binding("down", "app.focus_next", show=False),
    Binding("up", "app.focus_previous", show=False),
)
"""From field to field."""
MOVES = tuple(
    Binding(key, f"move('{key}')", show=False, priority=True)
    for key in ("down", "up", "pagedown", "pageup")
)
"""In a list, while the cursor is in a field."""
PAGES = (
    Binding("pagedown", "page(1)", show=False),
    Binding("pageup", "page(-1)", show=False),
)
"""Scroll what `BaseScreen.scrolled` names."""
ONE_AT_A_TIME = N_("One moment: the last one is still on its way.")


class BaseScreen(Screen[Result]):
    """A whole screen.

    A subclass sets `place`, whose commands it is bound to, and yields its own widgets in `body`.
    """

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    place: ClassVar[Place]
    CSS_PATH: ClassVar[list[str | PurePath]]
    sheets: ClassVar[str] = ""
    """Its stylesheets, with a space between, beside those of the app and of all screens."""
    scrolled: ClassVar[str] = ""
    """Selector of what PgUp and PgDn scroll, wherever the cursor is."""
    can_translate: ClassVar[bool] = False
    """`translate` leaves nothing of what a person did here behind."""
    _stale = _was_shown = False
    _reader: Worker[None] | None = None

    def __init_subclass__(cls, **options: Any) -> None:
        if "place" in vars(cls):
            cls.BINDINGS = [*bindings(cls.place), *vars(cls).get("BINDINGS", ())]
        cls.CSS_PATH = [stylesheet(name) for name in ("screens", *cls.sheets.split())]
        super().__init_subclass__(**options)

    def body(self) -> Iterable[Widget]:
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        self.fit(self.app.size)
        yield ScanBand(classes="-over")
        yield from self.body()
        yield Banner()
        yield CommandFooter(self.place)

    def fit(self, size: Size) -> None:
        """Have the classes for `size` before it is laid out for that: Textual sets them behind it.

        What is for a wide screen has no room on a narrow one, and Textual fails at that.
        """
        classes: dict[str, bool] = {}
        breakpoints = (self.HORIZONTAL_BREAKPOINTS, self.VERTICAL_BREAKPOINTS)
        for extent, names in zip(size, breakpoints, strict=True):
            fitting = [name for least, name in names or () if extent >= least]
            classes |= {name: name in fitting[-1:] for _, name in names or ()}
        self.update_classes(classes, animate=False)

    def _screen_resized(self, size: Size) -> None:
        self.fit(size)  # also where it lies behind a dialog
        super()._screen_resized(size)

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        event.refresh_styles &= self._was_shown  # each widget had its styles as it was mounted
        self._was_shown = True
        self.fit(self.app.size)

    def once_there(self, show: Callable[[], object]) -> None:
        """Do it now, or where the screen comes only just, as soon as there is something on it."""
        if self.is_mounted:
            show()
        else:
            self.call_later(show)

    def show_scan(self, scan: Scan) -> None:
        """Show the verdict of a scan that was made over this screen; what is typed here stays."""
        self.query_one(ScanBand).show(scan)

    def lets_pass(self, scanned: str) -> bool:
        """Whether a scan that was made over this screen is one."""
        return True

    def announce(self, sentence: str) -> None:
        """Show a sentence in the banner, for a while."""
        self.once_there(lambda: self.query_one(Banner).announce(sentence))

    def write(self, selector: str, text: Content | str) -> Static:
        """Have a label of this screen hold `text`, as it is and without markup."""
        label = self.query_one(selector, Static)
        content = Content(text) if isinstance(text, str) else text
        if not (isinstance(label.visual, Content) and content.is_same(label.visual)):
            label.update(content, layout=not _has_room(label, content))
        return label

    async def translate(self) -> None:
        """Draw all in the language that is in use now."""
        for widget in self.walk_children(Widget):
            widget.refresh(layout=True)

    def action_page(self, by: int) -> None:
        """Scroll without leaving the field."""
        for part in self.query(self.scrolled):
            part.scroll_relative(y=by * part.size.height, animate=False)

    def refusal(self, command: str) -> str | None:
        """Why the command of this id cannot be given now, in a sentence; None: it can be."""
        return None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self.refusal(action) is None

    def lacks(self, command: str) -> bool:
        """It is none of this screen's at all: what cannot be given just now has a `refusal`."""
        return self.check_action(command, ()) is False and not self.refusal(command)

    def label_of(self, command: Command) -> str:
        """What the footer calls a command here."""
        return _(command.label)

    def work(
        self, work: Coroutine[Any, Any, Value], description: str, *, group: str = "work"
    ) -> Worker[Value]:
        """Run `work` beside the screen. A failure becomes a sentence in the banner."""
        return self.run_worker(work, group=group, description=description, exit_on_error=False)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            log.error("%s failed", event.worker.description, exc_info=event.worker.error)
            self.failed(event.worker.group, sentence_of(event.worker.error))

    def is_working(self, *groups: str) -> bool:
        """Whether work of one of these groups is under way."""
        return any(
            worker.node is self and worker.group in groups and not worker.is_finished
            for worker in self.workers
        )

    def failed(self, group: str, sentence: str) -> None:
        """Say that background work of `group` failed; a screen may have a better place for it."""
        self.announce(sentence)

    # Reading anew

    def reread(
        self, read: Callable[[], Coroutine[Any, Any, None]], description: str, *, group: str
    ) -> None:
        """Read now, or once more after the reading under way: never twice side by side."""
        self._stale = True
        if self._reader is None or self._reader.is_finished:
            self._reader = self.work(self._reread(read), description, group=group)

    async def _reread(self, read: Callable[[], Coroutine[Any, Any, None]]) -> None:
        while self._stale:
            self._stale = False
            await read()

    # Closing, and commands given by the mouse

    @on(Button.Pressed)
    async def _press_button(self, event: Button.Pressed) -> None:
        """A button whose id is that of a command gives it."""
        command = event.button.id or ""
        if hasattr(self, f"action_{command}"):
            event.stop()
            await self.run_action(command)

    async def on_command_clicked(self, event: CommandClicked) -> None:
        event.stop()
        await self.run_action(event.action)

    def action_back(self) -> None:
        self.dismiss(None)


class LaneScreen(BaseScreen[Result]):
    """A screen about what is at a lane, which it follows while it is open."""

    _unsubscribe: Callable[[], None] | None = None

    def __init__(self, lane: "Lane") -> None:
        super().__init__()
        self.lane = lane
        self.clock = lane.clock
        self.locale = lane.sales_policy.locale
        """How money is written; empty: as the system does."""
        self.debounce = Debounce(self.clock)

    def changed(self, change: "Change") -> None:
        """Something changed at the lane."""

    def on_mount(self) -> None:
        self._unsubscribe = self.lane.watch(self._deliver)

    def on_unmount(self) -> None:
        if self._unsubscribe is not None:
            self._unsubscribe()

    def _deliver(self, change: "Change") -> None:
        if self.is_attached and self in self.app.screen_stack:  # and not half taken down
            self.changed(change)


def _has_room(label: Static, content: Content) -> bool:
    """`content` is as large as what stands there: the screen need not be laid out anew for it."""
    styles, width = label.styles, label.content_size.width
    if styles.is_auto_width or not width:
        return False
    rules = styles.get_rules()
    heights = (shown.get_height(rules, width) for shown in (label.visual, content))
    return not styles.is_auto_height or len({*heights}) == 1


LONG_ENOUGH = 0.6
"""Seconds that what is shown must stand to be read; a held key repeats after 0.2 to 0.5."""


class Debounce:
    """Whether what a screen shows has stood long enough to be read.

    A key that bounces, is held down or is pressed twice was meant for what stood there before.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._shown: object = None
        self._since = float("-inf")

    def show(self, shown: object) -> None:
        """The screen shows `shown` now; the same as before changes nothing."""
        if shown != self._shown:
            self._shown, self._since = shown, self._clock.monotonic()

    @property
    def settled(self) -> bool:
        """A key is meant for what is shown."""
        return self._clock.monotonic() - self._since >= LONG_ENOUGH


def sentence_of(error: BaseException) -> str:
    """What a steward reads of an error."""
    sentence = getattr(error, "sentence", "")
    return sentence or _("That did not work: boxoffice has written the reason to its log.")
