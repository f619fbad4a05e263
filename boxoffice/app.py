"""The app: what is typed goes to `InputRouter` first, and screens are put before the door."""

import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from functools import partialmethod
from typing import TYPE_CHECKING, Any

from rich.text import Text
from textual import events
from textual.command import Provider
from textual.driver import Driver
from textual.screen import Screen
from textual.worker import Worker, WorkerState

from boxoffice.commands import COMMANDS, TAKEN, commands, key_names, keys_of
from boxoffice.domain.events import opens_straight
from boxoffice.domain.journal import Counts, left_undone
from boxoffice.domain.models import Event
from boxoffice.domain.pin import Act
from boxoffice.domain.venue import HubState
from boxoffice.language import N_, _, available, use
from boxoffice.screens.base import Backend, BaseScreen, Demo
from boxoffice.screens.door import DoorScreen
from boxoffice.screens.input_router import InputRouter
from boxoffice.widgets.driver import console_driver
from boxoffice.widgets.terminal import ANY, Terminal, TerminalApp
from boxoffice.widgets.themes import CONTRAST, NORMAL, stylesheet, theme_name

if TYPE_CHECKING:  # not needed to start
    from boxoffice.domain.readiness import Check
    from boxoffice.lane.pin_lock import Attempt
    from boxoffice.screens.settings import SettingsControl
    from boxoffice.screens.venue import VenueControl

log = logging.getLogger(__name__)

ALL_DONE = N_("Everything that was done here is at the site.")
UNPLUGGED = N_("The network is off: scan on. Ctrl+P, “Network” puts it back.")
PLUGGED_IN = N_("The network is back; what waits is sent now.")
HUB_HERE = N_("A hub is here: {}. Ctrl+P, “Venue” joins it with the code that it shows.")
OF_THE_KEYBOARD = (events.Key, events.Paste, events.MouseDown)
"""What comes only to the window that has the keyboard, or gets it by that."""
LOOK_FOR_HUB = 30.0
"""Seconds between two looks for hubs, and from the start, which has other things to do."""
HOOKS_OFF = N_("Webhooks are off: start boxoffice with --hooks 8801 to receive them.")
NOT_NOW = N_("“{}” cannot be done here just now.")
NOT_HERE = N_("{} does nothing on this screen. F1 shows what can be done here; Esc goes back.")


def _palette() -> type[Provider]:
    from boxoffice.screens.help import CommandProvider  # noqa: PLC0415  # not needed to start

    return CommandProvider


class BoxofficeApp(TerminalApp, inherit_bindings=False):
    """The door of one event at a time, with the other screens in front of it."""

    TITLE = "boxoffice"
    CSS_PATH = [stylesheet("theme"), stylesheet("door")]
    COMMANDS = {_palette}
    BINDINGS = [("ctrl+c", "hint_quit", "")]

    def __init__(
        self,
        source: Backend,
        *,
        theme: str = "",
        terminal: Terminal = ANY,
        keys: Mapping[str, str] | None = None,
        demo: Demo | None = None,
        examine: Callable[[], Awaitable["list[Check]"]] | None = None,
        venue: "VenueControl | None" = None,
        settings: "SettingsControl | None" = None,
    ) -> None:
        """`theme`: its name, or as `BY_SETTING` calls it. `keys`: other keys, by the command's id.

        `examine`: looks whether this computer is ready for the doors. `venue`: what there is to do
        about other doors. `settings`: what a person may set. Raises ProblemError: no such theme.
        """
        super().__init__(terminal)
        self._source = source
        self._keys = dict(keys or {})
        self.door = DoorScreen(source.clock)
        self._demo = demo
        self._examine = examine
        self._venue = venue
        self._offered_hubs: set[str] = set()
        self._settings = settings
        self.input = InputRouter(self, self.door, super().on_event, self._is_unread)
        self.theme = theme_name(theme, self)
        self.set_keymap(self._keys)
        source.pin.ask = self._ask_pin
        for command in COMMANDS:
            if command.bound and not command.keys and command.id in self._keys:
                self.bind(self._keys[command.id], command.id, show=False)

    def get_driver_class(self) -> type[Driver]:
        driver = super().get_driver_class()
        if driver.__module__ == "textual.drivers.windows_driver":
            return console_driver(driver)
        if driver.__module__ == "textual.drivers.linux_driver":
            from boxoffice.widgets.resilient_driver import ResilientDriver  # noqa: PLC0415 - not there on Windows

            return ResilientDriver
        return driver  # it has no terminal

    def get_default_screen(self) -> Screen[None]:
        return self.door

    def _is_unread(self) -> bool:
        """Whether the terminal has keys that the app does not have yet."""
        return bool(getattr(self._driver, "is_unread", False))

    async def on_event(self, event: events.Event) -> None:
        if not self.app_focus and isinstance(event, OF_THE_KEYBOARD):
            self.app_focus = True  # whatever the terminal said of it
        if not await self.input.take(event):
            await super().on_event(event)

    def on_key(self, event: events.Key) -> None:
        """Say why, where a command's key does nothing on the screen in front."""
        screen, key = self.screen, event.key
        if not isinstance(screen, BaseScreen) or key in screen.active_bindings:
            return
        of_key = [one for one in COMMANDS if key in keys_of(one, self._keys)]
        here = [one for one in of_key if one in commands(screen.place)]
        why = _(NOT_HERE).format(key_names([key])[0]) if of_key and key not in TAKEN else ""
        if here:
            why = screen.refusal(here[0].id) or _(NOT_NOW).format(_(here[0].title))
        self.input.refuse(screen, why)

    # The first screens

    def on_mount(self) -> None:
        self._work(self._begin(), "open the door")
        if self._demo is not None:
            self.call_after_refresh(self.action_guide)
        self.set_interval(LOOK_FOR_HUB, lambda: self._work(self._look_for_hub(), "look for a hub"))

    async def _look_for_hub(self) -> None:
        """Offer each venue, once, to a computer that never joined one."""
        venue = self._venue
        if (
            venue is not None
            and self._demo is None  # a real hub has no use for made-up guests
            and venue.status.state is HubState.UNPAIRED
            and (new := set(await venue.find()) - self._offered_hubs)
        ):
            self._offered_hubs |= new
            self._announce(_(HUB_HERE).format(", ".join(sorted(new))))

    async def _begin(self) -> None:
        """Log in where that is needed, and open the door of today's event or of one picked."""
        source = self._source
        logged_in = not source.ready
        if logged_in and await self.push_screen_wait(self._login()) is None:
            self.exit()
            return
        if self._settings is not None and self._settings.is_new and logged_in:
            from boxoffice.screens.first_start import ask_at_first  # noqa: PLC0415  # once in a lifetime

            await self.door.in_front()
            await ask_at_first(self, self._settings)
        event = source.event
        if event is None:
            picked = opens_straight(await source.stored(), source.clock.now())
            if picked is None:
                await self.door.in_front()
                self.call_after_refresh(source.drawn.set)
                picked = await self.push_screen_wait(self._events(automatic=True))
            event = picked.uuid if picked else None
        if event is not None:
            await self._open(event)

    def _login(self, *, may_leave: bool = False) -> Screen[str | None]:
        from boxoffice.screens.first_start import LoginScreen  # noqa: PLC0415  # once in a lifetime

        return LoginScreen(self._source.login, site=self._source.site, may_leave=may_leave)

    def _events(self, *, automatic: bool) -> Screen[Event | None]:
        from boxoffice.screens.events import EventsScreen  # noqa: PLC0415  # seldom needed to start

        source = self._source
        desk = self._open_desk if source.has_desk else None
        return EventsScreen(source, source.clock, automatic=automatic, desk=desk)

    def _open_desk(self, event: Event | None) -> None:
        self._work(self._show_desk(event), "open the organiser's desk")

    async def _show_desk(self, event: Event | None) -> None:
        from boxoffice.screens.desk.home import DeskScreen  # noqa: PLC0415  # no part of a start

        below = self.screen
        desk = await self._source.desk()
        if self.screen is below:  # nothing else was opened meanwhile
            self.push_screen(DeskScreen(desk, event, locale=self._source.locale))

    async def _open(self, event: str) -> None:
        self._source.drawn.clear()
        try:
            self.door.open(await self._source.lane(event))
        finally:
            self.call_after_refresh(self._source.drawn.set)
        self._work(self._name_trouble(), "webhooks")

    async def _name_trouble(self) -> None:
        """Have the door name what does not work with webhooks, once that is known."""
        listener = self.door.lane.listener if self.door.lane else None
        if listener is not None:
            await listener.ready()
            self.door.show_notices()

    def _open_in_turn(self, event: str) -> None:
        """Open the door of an event; what was scanned before is answered before."""
        if self.door.lane is None:
            self._work(self._open(event), "open the door")
        else:
            self.door.controller.request(lambda: self._open(event))

    def _open_anew(self) -> None:
        if lane := self.door.lane:
            self._open_in_turn(lane.event.uuid)

    # Commands

    def action_help(self) -> None:
        from boxoffice.screens.help import HelpScreen  # noqa: PLC0415  # not needed to start

        screen = self.screen if isinstance(self.screen, BaseScreen) else self.door
        self.push_screen(HelpScreen(screen.place, self._keys, screen.lacks))

    def action_events(self) -> None:
        self.push_screen(
            self._events(automatic=False),
            lambda event: self._open_in_turn(event.uuid) if event else None,
        )

    def action_login(self) -> None:
        """Ask for site and key again, and open the same event with them."""
        lane, site = self.door.lane, self._source.site

        def go_on(now: str | None) -> None:
            if now is not None and lane is not None and self._source.site == site:
                self._open_in_turn(lane.event.uuid)
            elif now is not None:
                self._source.event = None
                self._work(self._begin(), "open the door")

        self.push_screen(self._login(may_leave=True), go_on)

    def action_hooks(self) -> None:
        """Say where webhooks are received, and have the site send them or send no more."""
        live = self.door.lane.listener if self.door.lane else None
        if live is None:
            self._announce(_(HOOKS_OFF))
            return

        async def turn() -> None:
            self._announce(await (live.unregister() if live.registered else live.register()))
            self.door.show_notices()

        offer = _("Try again") if live.trouble else _("Have them sent")
        yes = _("Send no more") if live.registered else offer
        self.door.confirm(
            _("Live by webhook"), live.sentence, yes, lambda: self._work(turn(), "webhooks")
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "organiser_desk":
            return self._source.has_desk
        needed = {
            **dict.fromkeys(("sheet", "unplug", "guide"), self._demo),
            **dict.fromkeys(("settings", "operator", "sound"), self._settings),
            "readiness": self._examine,
            "venue": self._venue,
        }
        if action in needed:
            return needed[action] is not None and self.door.lane is not None
        if action == "login":
            return self._demo is None  # it stays at its own site
        return super().check_action(action, parameters)

    def action_organiser_desk(self) -> None:
        self._open_desk(self.door.lane.event if self.door.lane else None)

    def action_readiness(self) -> None:
        from boxoffice.screens.readiness import ReadinessScreen  # noqa: PLC0415  # seldom asked for

        examine, lane, clock = self._examine, self.door.lane, self._source.clock
        if examine is not None and lane is not None:
            card = ReadinessScreen(examine, lane=lane.name, clock=clock, folder=lane.exports)
            self.push_screen(card)

    def action_venue(self) -> None:
        from boxoffice.screens.venue import VenueScreen  # noqa: PLC0415  # seldom asked for

        if self._venue is not None:
            self.push_screen(VenueScreen(self._venue, self._open_anew))

    def action_settings(self) -> None:
        from boxoffice.screens.settings import SettingsScreen  # noqa: PLC0415  # seldom asked for

        if self._settings is not None:
            self.push_screen(SettingsScreen(self._settings, self._open_anew))

    def _ask_setting(self, key: str) -> None:
        from boxoffice.screens.settings import BY_KEY, SettingQuestions  # noqa: PLC0415

        if self._settings is not None:
            questions = SettingQuestions(self._settings, self._open_anew)
            self._work(questions.ask(BY_KEY[key], self.door), f"ask for the {key}")

    action_operator = partialmethod(_ask_setting, "operator")
    action_sound = partialmethod(_ask_setting, "sound")

    def action_sheet(self) -> None:
        from boxoffice.screens.sheet import SheetScreen  # noqa: PLC0415  # not needed to start

        demo, lane, scan = self._demo, self.door.lane, self.door.controller.scan
        if demo is not None and lane is not None:
            clock, folder = self._source.clock, lane.exports
            self.push_screen(SheetScreen(demo.sheet, scan, clock=clock, folder=folder))

    def action_unplug(self) -> None:
        demo, lane = self._demo, self.door.lane
        if demo is not None and lane is not None:
            self._announce(_(PLUGGED_IN) if demo.unplug() else _(UNPLUGGED))
            # The lane learns of it now, and not at its next look.
            self.door.work(lane.refresh(), "try the network", group="refresh")

    async def action_language(self, code: str) -> None:
        """Have the screens in another language from here on."""
        use(code)
        for screen in self.screen_stack:
            if isinstance(screen, BaseScreen):
                await screen.translate()
        self._announce(_("Language: {language}").format(language=available()[code]))

    def action_guide(self) -> None:
        from boxoffice.screens.guide import toggle_guide  # noqa: PLC0415  # only in the demo

        if self._demo is not None:
            toggle_guide(self.door, self._demo.number)

    def action_command_palette(self) -> None:
        from boxoffice.screens.help import open_palette  # noqa: PLC0415  # not needed to start

        open_palette(self)

    def action_contrast(self) -> None:
        self.theme = NORMAL.name if self.theme == CONTRAST.name else CONTRAST.name

    def action_hint_quit(self) -> None:
        self._announce(_("Ctrl+Q quits."))

    async def action_quit(self) -> None:
        counts = self.door.lane.status.counts if self.door.lane else Counts()
        left = left_undone(
            self.door.controller.waiting,
            counts,
            sale=self.door.has_half_done_sale,
            hub=self._venue is not None and self._venue.hosting is not None,
        )
        self.door.confirm(_("Quit?"), left or _(ALL_DONE), _("Quit"), self.exit)

    async def _ask_pin(self, act: Act, attempt: "Attempt") -> bool:
        """A `PinPrompt`: a dialog in front of what asks."""
        from boxoffice.screens.dialogs import ask_pin  # noqa: PLC0415  # not needed to start

        return await ask_pin(self, act, attempt)

    # What goes wrong

    def _work(self, work: Coroutine[Any, Any, None], description: str) -> None:
        self.run_worker(work, group="app", description=description, exit_on_error=False)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            self.door.controller.fail(event.worker.error)

    def _announce(self, sentence: str) -> None:
        if isinstance(self.screen, BaseScreen):
            self.screen.announce(sentence)

    def _fatal_error(self) -> None:
        """Stop with a sentence. Textual's own would print local variables: names, and the key."""
        error = self._exception
        log.critical("the app stopped", exc_info=error)
        files = [h.baseFilename for h in log.root.handlers if isinstance(h, logging.FileHandler)]
        sentence = _(
            "boxoffice stopped on a fault of its own ({fault}). No admission that was shown is "
            "lost: start it again."
        )
        if files:
            sentence = _(
                "boxoffice stopped on a fault of its own ({fault}). The reason is in {file}. No "
                "admission that was shown is lost: start it again."
            )
        self.panic(Text(sentence.format(fault=type(error).__name__, file=next(iter(files), ""))))
