"""Several lanes of one venue beside each other, for the demonstration: what each answers."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Label

from boxoffice.clock import Clock
from boxoffice.domain import signs
from boxoffice.language import N_, _
from boxoffice.screens.guide import DOORS, Guide
from boxoffice.widgets.last_scans import LastScans
from boxoffice.widgets.terminal import ANY, Terminal, TerminalApp
from boxoffice.widgets.themes import stylesheet, theme_name
from boxoffice.widgets.verdict import Face, VerdictBand

if TYPE_CHECKING:  # the lanes come with the rush
    from boxoffice.domain.verdicts import Scan
    from boxoffice.lane import Lane

WAITING = Face(N_("Nobody yet"), reason=N_("The rush is about to begin"))
GUIDE = N_("{step}  · G closes this")
KEYS = N_("Space: pause · N: network of the site off, or on · H: hub off, or on · Q: quit")
PAUSED = N_("Paused: Space goes on.")
HELP = N_(
    "Each column is a door: its last answer, and those before. A ticket that comes to two is let "
    "in at one. Space goes on; the keys stand below."
)


class LaneColumn(Vertical):
    """One lane: its name, how it stands to the hub, its last verdict and those before."""

    def __init__(self, lane: "Lane", clock: Clock) -> None:
        super().__init__()
        self.lane = lane
        self._clock = clock

    def compose(self) -> ComposeResult:
        yield Label("", markup=False)
        yield VerdictBand()
        yield LastScans()

    def on_mount(self) -> None:
        self.query_one(VerdictBand).put(WAITING)
        self._show_status()
        self.set_interval(0.5, self._show_status)

    def show(self, scan: "Scan") -> None:
        self.query_one(VerdictBand).show(scan)
        self.query_one(LastScans).show(self.lane.history.recent)

    def _show_status(self) -> None:
        status = self.lane.status
        venue = status.venue.words(self._clock.now())
        left = status.counts
        counts = _("waiting {n}  ! {stuck}").format(n=left.unsent, stuck=left.attention)
        text = f" {self.lane.name}  {venue}\n {status.link.label}  {counts}"
        self.query_one(Label).update(text)


class DoorsApp(TerminalApp, inherit_bindings=False):
    """Plays a rush at several lanes, and lets the newcomer take network and hub away."""

    TITLE = "boxoffice"
    CSS_PATH = [stylesheet("theme"), stylesheet("doors")]
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = [
        ("space", "pause", ""),
        ("n", "network", ""),
        ("h", "hub", ""),
        ("g", "guide", ""),
        ("f1,ctrl+g,question_mark", "help", ""),
        ("q,ctrl+q,ctrl+c", "quit", ""),
    ]

    def __init__(
        self,
        lanes: "Sequence[Lane]",
        clock: Clock,
        *,
        rush: "Callable[[DoorsApp], Awaitable[None]]",
        network: Callable[[], str],
        hub: Callable[[], Awaitable[str]],
        theme: str = "",
        terminal: Terminal = ANY,
    ) -> None:
        """`rush` scans until it is cancelled. `network`, `hub`: turn it off, or on; what to say.

        Raises ProblemError: there is no such theme.
        """
        super().__init__(terminal)
        self.theme = theme_name(theme, self)
        self._rush = rush
        self._network = network
        self._hub = hub
        self.columns = [LaneColumn(lane, clock) for lane in lanes]
        self.paused = False
        self._guide = Guide(DOORS)

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield from self.columns
        yield Label("", id="caption", markup=False)
        yield Label(self._proposal(), id="guide", markup=False)
        yield Label(_(KEYS), id="keys", markup=False)

    def on_mount(self) -> None:
        self.run_worker(self._rush(self), exit_on_error=True)

    def announce(self, sentence: str) -> None:
        self.query_one("#caption", Label).update(sentence)

    def _proposal(self) -> str:
        return f" {signs.CHOSEN} {_(GUIDE).format(step=_(self._guide.text))}"

    def _tried(self, what: str) -> None:
        if self._guide.see([what]):
            self.query_one("#guide", Label).update(self._proposal())

    def action_guide(self) -> None:
        """Close the line that proposes what to try next, or open it."""
        line = self.query_one("#guide")
        line.display = not line.display

    def action_pause(self) -> None:
        self._tried("pause")
        self.paused = not self.paused
        if self.paused:
            self.announce(_(PAUSED))

    def action_help(self) -> None:
        """Say what is seen here, and have the rush wait: it would write over that."""
        self.paused = True
        self.announce(_(HELP))

    def action_network(self) -> None:
        self._tried("network")
        self.announce(self._network())
        for column in self.columns:  # they learn of it now, and not at their next look
            self.run_worker(column.lane.refresh(), exit_on_error=False)

    def action_hub(self) -> None:
        self._tried("hub")

        async def turn() -> None:
            self.announce(await self._hub())

        self.run_worker(turn(), exclusive=True, group="hub")
