"""A short evening at the door of the demo's event, and what its screen shows."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from textual.strip import Strip
from textual.widgets import Input

from boxoffice.cli.app_context import AppContext
from boxoffice.cli.demo import Demonstration
from boxoffice.config import Sales, Settings
from boxoffice.domain.models import LinkState
from boxoffice.domain.sale import SaleState
from boxoffice.domain.secret_text import SecretStr
from boxoffice.sandbox import Sandbox
from boxoffice.screens.sale import SaleScreen
from boxoffice.widgets.status import StatusLine
from tests.app.stage import App, all_sent, app_of, lane_of, open_app, opened, passes, scan
from tests.screens.sales_support import outcome, ready
from tests.screens.stage import see
from tests.support import UNDERWAY, FakeClock, until

SIZE = (68, 20)
"""Columns and rows that can be read where the picture is as wide as a phone."""
BRIEF = 0.45
"""Seconds; of what passes by as a person types."""
STILLS = {
    "already in": "Scanned again: ALREADY IN, 9 seconds ago",
    "search": "A name is typed, and the list shows who may be meant",
    "sold": "Two tickets sold for cash: the change is 10 kroner",
    "offline": "Without a network: ADMITTED, not confirmed, and one check-in waits to be sent",
}
"""Frames that are pictures of their own, and what is to be seen on them."""


@dataclass(frozen=True)
class Frame:
    """What the screen shows at one point of the story."""

    name: str
    rows: tuple[Strip, ...]
    seconds: float
    """How long it is shown in the moving picture."""


class Evening:
    """The door, whose screen is kept frame by frame."""

    def __init__(self, pilot: App, box: Sandbox, demo: Demonstration, clock: FakeClock) -> None:
        self.frames: list[Frame] = []
        self._pilot = pilot
        self._box = box
        self._demo = demo
        self._clock = clock

    async def pass_by(self) -> None:
        """Everything that the pictures show, in its order."""
        await self._scans()
        await self._search()
        await self._sale()
        await self._outage()

    async def _scans(self) -> None:
        await self._scan("Asta Godaften", "admitted")
        await self._scan("Asta Godaften", "already in")
        await self._scan("Rikke Returneret", "refunded")

    async def _search(self) -> None:
        """A name, until one is left; Enter lets that one in."""
        for typed in ("j", "e", "n"):
            await self._pilot.press(typed)
            await self._see(typed, BRIEF)
        await self._pilot.press("s")
        await self._see("search", 1.2, "Jens Lund")
        await self._pilot.press("space", "l")
        await self._see("found", 1.2, "1 found")
        await self._clock.advance(11)
        await self._pilot.press("enter")
        await self._see("by name", 2.2, "ADMITTED")

    async def _sale(self) -> None:
        await lane_of(self._pilot).box_office.open_till(Decimal(500))
        await self._pilot.press("f4")
        await opened(self._pilot, SaleScreen)
        await ready(self._pilot)
        await self._pilot.press("2", "enter", *"600")
        await self._see("sale", 2.5, "CHANGE 10,00")
        await self._pilot.press("enter")
        await outcome(self._pilot, self._clock, SaleState.DONE)
        await self._see("sold", 2.5)
        await self._pilot.press("escape")
        door = app_of(self._pilot).door
        await until(lambda: self._pilot.app.screen is door, "the door")

    async def _outage(self) -> None:
        lane = lane_of(self._pilot)
        await all_sent(self._pilot)
        self._demo.unplug()
        await passes(self._clock, lambda: lane.status.link is LinkState.OFFLINE, "offline")
        await self._scan("Nete Netløs", "offline", 3.0, "waiting 1")
        self._demo.unplug()
        await passes(self._clock, lambda: lane.status.link is LinkState.ONLINE, "online")
        await passes(self._clock, lambda: not lane.status.counts.unsent, "all sent")
        await self._see("sent", 2.5, "waiting 0")

    async def _scan(self, guest: str, name: str, seconds: float = 2.2, word: str = "") -> None:
        code = next(trial.code for trial in self._box.state.trials if trial.name == guest)
        await self._clock.advance(9)
        await scan(self._pilot, code)
        await self._see(name, seconds, word)

    async def _see(self, name: str, seconds: float, word: str = "") -> None:
        """Take up what the screen shows when `word` stands on it and it is at rest."""
        screen = self._pilot.app.screen
        for field in screen.query(Input):
            field.cursor_blink = False
        for line in screen.query(StatusLine):
            line.refresh()
        await see(self._pilot, word)
        await self._pilot.pause()
        rows = tuple(screen._compositor.render_strips(screen.size))
        self.frames.append(Frame(name, rows, seconds))


async def frames(folder: Path) -> list[Frame]:
    """The evening at the demo's event, from half an hour before it, with its files in `folder`."""
    clock = FakeClock()
    sleep = UNDERWAY.held_back(clock.sleep)
    async with Sandbox(tickets=400, now=clock.now, sleep=sleep, trials=True) as box:
        settings = Settings(
            url=box.url,
            event=box.state.tonight.uuid,
            lane="North",
            operator="Anna",
            data_dir=folder,
            read_codes=False,
            locale="da_DK",
            sound="off",
            sales=Sales(email="door@example.com"),
        )
        demo = Demonstration(box, started_as="boxoffice demo")
        async with (
            AppContext(settings, key=SecretStr(box.token), clock=clock) as context,
            open_app(context, size=SIZE) as pilot,
        ):
            evening = Evening(pilot, box, demo, clock)
            await evening.pass_by()
            return evening.frames
