"""What became of a sale, for as long as it takes, and what a person can do about it."""

from collections.abc import Iterable
from enum import Enum, auto
from functools import partialmethod

from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Label, Static

from boxoffice.commands import Place
from boxoffice.domain.sale import Sale, SaleAction, SaleState
from boxoffice.lane import Change, Lane, RosterChanged, SaleUpdated
from boxoffice.screens import sale_actions, sale_texts
from boxoffice.screens.base import PAGES, LaneScreen
from boxoffice.widgets.big_text import Figures
from boxoffice.widgets.facts import grid
from boxoffice.widgets.footer import CommandButtons, CommandFooter
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


class OutcomeScreen(LaneScreen[Next]):
    """Follows one sale until it is settled, or left to go on by itself.

    Enter does nothing but go on where all is settled: a key that repeats must not decide anything.
    """

    place = Place.OUTCOME
    BINDINGS = [
        Binding("right,down", "app.focus_next", show=False),
        Binding("left,up", "app.focus_previous", show=False),
        *PAGES,
    ]
    sheets = "form outcome"
    AUTO_FOCUS = ""
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (24, "-low"), (36, "-tall")]
    scrolled = "#outcome-body"

    def __init__(self, lane: Lane, sale: Sale, *, selling: bool = False) -> None:
        """`selling`: it was made just now, and another may follow it."""
        super().__init__(lane)
        self.sale = sale
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
        self.set_interval(TICK, self._tick)
        self._show()
        self._load()

    # The truth

    def changed(self, change: Change) -> None:
        match change:
            case SaleUpdated(sale) if sale.id == self.sale.id:
                self._load()
            case RosterChanged(uuids) if uuids is None or not uuids.isdisjoint(self.sale.tickets):
                self._load()

    def _load(self) -> None:
        self.reread(self._read, "read the sale", group="read")

    async def _read(self) -> None:
        """Show it as it stands on the disk: what is told may be older than what is there."""
        sale = await self.lane.box_office.sale(self.sale.id)
        for ticket in sale.tickets if sale else ():
            details = await self.lane.details.known(ticket)
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
        return f"{self.sale.at.astimezone(self.lane.event.zone):%H:%M:%S}"

    def _show_band(self) -> None:
        extras = self.lane.box_office.handed_out(self.sale.cart)
        face = sale_texts.face_of(self.sale, self.clock.now(), self._time(), extras)
        self.debounce.show(face.word)
        self.query_one(OutcomeBand).put(face)

    def _show(self) -> None:
        sale = self.sale
        self._show_band()
        self.query_one(Figures).show(sale_texts.figures_of(sale, self.locale))
        advice = sale_texts.advice(sale)
        self.write("#outcome-advice", advice).display = bool(advice)
        facts = sale_texts.facts_of(sale, self._time(), self.locale)
        self.query_one("#outcome-facts", Static).update(grid(facts))
        names = "\n".join(self._names.get(uuid, uuid[:8]) for uuid in sale.tickets)
        self.write("#outcome-tickets", names).display = bool(names)
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
        if self.debounce.settled:  # the Enter that sold must not take the change away
            refused = self.sale.state is SaleState.REFUSED
            self.dismiss(Next.FORM if refused else Next.SALE)

    def action_back(self) -> None:
        refused = self._selling and self.sale.state is SaleState.REFUSED
        self.dismiss(Next.FORM if refused else Next.DOOR)

    def action_paper(self) -> None:
        from boxoffice.screens.paper import PaperScreen  # noqa: PLC0415  # seldom needed

        self.app.push_screen(PaperScreen(self.lane, self.sale.tickets, self.sale))

    def _act(self, action: SaleAction) -> None:
        """Have one thing done about it, after asking, and show what came of it."""
        if action in self.sale.offers and not self.is_working("settle"):
            self.work(self._perform(action), f"{action} a sale", group="settle")

    action_refresh = partialmethod(_act, SaleAction.LOOK)
    action_sell_again = partialmethod(_act, SaleAction.SELL_AGAIN)
    action_found_order = partialmethod(_act, SaleAction.NAME_ORDER)
    action_give_up = partialmethod(_act, SaleAction.GIVE_UP)

    async def _perform(self, action: SaleAction) -> None:
        text = await sale_actions.ask(self.app, action, self.sale, self.locale)
        if text is None:
            return
        self._busy = True
        self.announce(sale_actions.UNDER_WAY[action])
        self._show_buttons()
        self.sale = await self.lane.box_office.settle(self.sale.id, action, text)
        self._busy = False
        self.announce("")
        await self._read()

    def failed(self, group: str, sentence: str) -> None:
        self._busy = False
        self.announce(sentence)
        self._show()
        if group == "settle":
            self.work(self._read(), "read the sale", group="read")
