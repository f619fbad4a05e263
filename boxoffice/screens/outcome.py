"""What became of a sale, for as long as it takes, and what a person can do about it."""

from collections.abc import Iterable
from enum import Enum, auto

from rich.text import Text
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Label, Static

from boxoffice.clock import Clock, SystemClock
from boxoffice.commands import Place, bindings
from boxoffice.domain.sale import Sale, SaleAction, SaleState
from boxoffice.lane import Change, Lane, RosterChanged, SaleChanged
from boxoffice.screens import sale_actions, sale_texts
from boxoffice.screens.base import BaseScreen
from boxoffice.screens.debounce import Debounce
from boxoffice.widgets.buttons import CommandButtons
from boxoffice.widgets.facts import grid
from boxoffice.widgets.figures import Figures
from boxoffice.widgets.footer import CommandFooter
from boxoffice.widgets.themes import stylesheet
from boxoffice.widgets.verdict import VerdictBand

TICK = 1.0
"""Seconds between two looks at the clock, while the seconds are shown."""
NOT_FOR_IT = "This is not for a sale that is “{}”. The buttons are what can be done."


class Next(Enum):
    """What a person goes on with after an outcome."""

    SALE = auto()
    """The next sale, with an empty form."""
    FORM = auto()
    """The same form, as it was filled in: nothing was sold."""
    DOOR = auto()


class OutcomeBand(VerdictBand):
    """The word and the reason of a sale. Scans are answered in the small band above."""


class OutcomeScreen(BaseScreen[Next]):
    """Follows one sale until it is settled, or left to go on by itself.

    Enter does nothing but go on where all is settled: a key that repeats must not decide anything.
    """

    place = Place.OUTCOME
    BINDINGS = [
        *bindings(place),
        Binding("right,down", "app.focus_next", show=False),
        Binding("left,up", "app.focus_previous", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
    ]
    CSS_PATH = [stylesheet("form"), stylesheet("outcome")]
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (24, "-low"), (36, "-tall")]

    def __init__(
        self, lane: Lane, sale: Sale, *, clock: Clock | None = None, selling: bool = False
    ) -> None:
        """`selling`: it was made just now, and another may follow it."""
        super().__init__()
        self._lane = lane
        self._box_office = lane.box_office
        self._locale = lane.box_office.policy.locale
        self.sale = sale
        self._clock = clock or SystemClock()
        self._debounce = Debounce(self._clock)
        self._selling = selling
        self._busy = False
        self._names: dict[str, str] = {}

    def body(self) -> Iterable[Widget]:
        yield OutcomeBand()
        yield Figures()
        with VerticalScroll(id="outcome-body", can_focus=False):
            yield Label("", id="outcome-advice", markup=False)
            yield Static("", id="outcome-facts", markup=False)
            yield Static("", id="outcome-tickets", markup=False)
        yield CommandButtons(sale_actions.LABELS, classes="buttons")

    def on_mount(self) -> None:
        self.follow(self._lane, self._changed)
        self.set_interval(TICK, self._tick)
        self._show()
        self._load()

    # The truth

    def _changed(self, change: Change) -> None:
        match change:
            case SaleChanged(sale) if sale.id == self.sale.id:
                self._load()
            case RosterChanged(uuids) if uuids is None or not uuids.isdisjoint(self.sale.tickets):
                self._load()

    def _load(self) -> None:
        self.reread(self._read, "read the sale", group="read")

    async def _read(self) -> None:
        """Show it as it stands on the disk: what is told may be older than what is there."""
        sale = await self._box_office.sale(self.sale.id)
        for ticket in sale.tickets if sale else ():
            details = await self._lane.details.known(ticket)
            if details is not None:
                is_in = details.ticket.checked_in or details.status.admitted_at is not None
                self._names[ticket] = sale_texts.ticket_line(details.ticket, is_in=is_in)
        if sale is not None and self.is_attached:
            self.sale = sale
            self._show()

    def _tick(self) -> None:
        if self.sale.state in sale_texts.UNDER_WAY:
            self._show_band()

    def _time(self) -> str:
        return f"{self.sale.at.astimezone(self._lane.event.zone):%H:%M:%S}"

    def _show_band(self) -> None:
        extras = self._box_office.handed_out(self.sale.cart)
        face = sale_texts.face_of(self.sale, self._clock.now(), self._time(), extras)
        self._debounce.show(face.word)
        self.query_one(OutcomeBand).put(face)

    def _show(self) -> None:
        self._show_band()
        self.query_one(Figures).show(sale_texts.figures_of(self.sale, self._locale))
        advice = self.query_one("#outcome-advice", Label)
        advice.update(Content(text := sale_texts.advice(self.sale)))
        advice.display = bool(text)
        facts = sale_texts.facts_of(self.sale, self._time(), self._locale)
        self.query_one("#outcome-facts", Static).update(grid(facts))
        tickets = self.query_one("#outcome-tickets", Static)
        tickets.update(
            Text("\n".join(self._names.get(uuid, uuid[:8]) for uuid in self.sale.tickets))
        )
        tickets.display = bool(self.sale.tickets)
        self._show_buttons()

    def _show_buttons(self) -> None:
        offered = self._offered()
        disabled = offered.keys() - sale_actions.HARMLESS if self._busy else set[str]()
        self.query_one(CommandButtons).offer(offered, disabled=disabled)
        focused = self.focused
        if focused is not None and not focused.display:
            self.set_focus(None)
        if self.focused is None and SaleAction.NEXT_SALE in self.sale.offers:
            self.set_focus(self.query_one(f"#{next(iter(offered))}"))
        self.query_one(CommandFooter).refresh()

    # What a person does

    def _offered(self) -> dict[str, str]:
        return sale_actions.offered(self.sale, selling=self._selling)

    def refusal(self, command: str) -> str | None:
        """Only what the sale allows as it stands is offered."""
        of_sale = command in sale_actions.LABELS and command != sale_actions.BACK
        if not of_sale or command in self._offered():
            return None
        return NOT_FOR_IT.format(sale_texts.short(self.sale))

    def action_next_sale(self) -> None:
        if self._debounce.settled:  # the Enter that sold must not take the change away
            refused = self.sale.state is SaleState.REFUSED
            self.dismiss(Next.FORM if refused else Next.SALE)

    def action_back(self) -> None:
        refused = self._selling and self.sale.state is SaleState.REFUSED
        self.dismiss(Next.FORM if refused else Next.DOOR)

    def action_page(self, by: int) -> None:
        facts = self.query_one("#outcome-body")
        facts.scroll_relative(y=by * facts.size.height, animate=False)

    def action_paper(self) -> None:
        from boxoffice.screens.paper import PaperScreen  # noqa: PLC0415  # loaded when it is asked for

        sale = self.sale
        self.app.push_screen(PaperScreen(self._lane, sale.tickets, sale, clock=self._clock))

    def action_refresh(self) -> None:
        self._act(SaleAction.LOOK)

    def action_sell_again(self) -> None:
        self._act(SaleAction.SELL_AGAIN)

    def action_found_order(self) -> None:
        self._act(SaleAction.NAME_ORDER)

    def action_give_up(self) -> None:
        self._act(SaleAction.GIVE_UP)

    def _act(self, action: SaleAction) -> None:
        """Have one thing done about it, after asking, and show what came of it."""

        def go_on(text: str) -> None:
            if self._busy:
                return
            self._busy = True
            self.announce(sale_actions.UNDER_WAY[action])
            self._show_buttons()
            self.work(self._perform(action, text), f"{action} a sale", group="settle")

        if action in self.sale.offers:
            sale_actions.ask(self, action, self.sale, self._locale, go_on)

    async def _perform(self, action: SaleAction, text: str) -> None:
        self.sale = await sale_actions.perform(action, self._box_office, self.sale.id, text)
        self._busy = False
        self.announce("")
        await self._read()

    def failed(self, group: str, sentence: str) -> None:
        self._busy = False
        self.announce(sentence)
        self._show()
        if group == "settle":
            self.work(self._read(), "read the sale", group="read")
