"""What became of a sale, for as long as it takes, and what a person can do about it."""

from collections.abc import Iterable
from enum import Enum, auto
from functools import partialmethod
from typing import Any

from textual.app import App
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Label, Static

from boxoffice.commands import Place
from boxoffice.domain.money import format_money
from boxoffice.domain.sale import Sale, SaleAction, SaleState, describe_give_back
from boxoffice.lane import Change, Lane, RosterChanged, SaleUpdated
from boxoffice.language import N_, _
from boxoffice.screens import sale_texts
from boxoffice.screens.base import PAGES, LaneScreen
from boxoffice.screens.dialogs import ConfirmDialog, ReasonDialog
from boxoffice.screens.record import grid
from boxoffice.widgets.big_text import Figures
from boxoffice.widgets.footer import CommandButtons, CommandFooter
from boxoffice.widgets.verdict import VerdictBand

GOES_ON = N_("Esc leaves: it goes on by itself, and F6 at the door shows it.")
_A, _S = SaleAction, SaleState
BACK = "back"
LABELS = {
    _A.NEXT_SALE: N_("Next sale"),
    _A.PAPER: N_("Show and print"),
    _A.LOOK: N_("Look again"),
    _A.NAME_ORDER: N_("I found the order"),
    _A.SELL_AGAIN: N_("Sell again"),
    _A.GIVE_UP: N_("Give up"),
    BACK: N_("Leave it"),
}
"""By the command they give, which is also the button's id."""
HARMLESS = frozenset({_A.NEXT_SALE, _A.PAPER, BACK})
"""What may be done while something is being done about the sale."""
UNDER_WAY = {
    _A.LOOK: N_("Looking for it…"),
    _A.NAME_ORDER: N_("Asking…"),
    _A.SELL_AGAIN: N_("Sending it again…"),
    _A.GIVE_UP: N_("Giving it up…"),
}
DONE = {_A.SELL_AGAIN: N_("The sale is sent again."), _A.GIVE_UP: N_("The sale is given up.")}
REASONS = (
    N_("The buyer left"),
    N_("Sold in another way"),
    N_("Money handed back"),
    N_("The organiser said so"),
)
TWICE = N_(
    "It is not known whether its order is already placed. If it is, there will be "
    "two orders, and two sets of tickets, for one payment. Look at the site's list "
    "of orders first."
)


def offered(sale: Sale, *, selling: bool) -> dict[str, str]:
    """The commands for a sale as it stands, the first the most likely, with their labels.

    `selling`: it was made just now, and another may follow it.
    """
    labels = {action: _(LABELS[action]) for action in (*sale.offers, BACK)}
    labels[BACK] = _("To the door") if selling else _("Close")
    if sale.state is _S.QUEUED:
        labels[_A.PAPER] = _("Print the slip")
    if not selling:
        labels.pop(_A.NEXT_SALE, None)
    elif sale.state is _S.REFUSED:
        return {_A.NEXT_SALE: _("Back to the form")}
    return labels


def dialog_of(action: SaleAction, sale: Sale, locale: str) -> ConfirmDialog | ReasonDialog | None:
    """What asks before it; None: nothing does. `locale`: how money is written."""
    match action:
        case _A.SELL_AGAIN if sale.state is _S.UNSURE:
            return ConfirmDialog(_("Sell it again?"), _(TWICE), _("Sell again"))
        case _A.NAME_ORDER:
            buyer = sale.cart.buyer
            return ReasonDialog(
                _("Which order is it?"),
                _(
                    "Its external id at the site is {external_order_id}; the buyer is {full_name}, "
                    "{email}."
                ).format(
                    external_order_id=sale.external_order_id,
                    full_name=buyer.full_name,
                    email=buyer.email,
                ),
                _("It is this one"),
                field=_("Order number, such as dZy1, or its uuid"),
                check=lambda named: "" if named else _(NO_ORDER),
            )
        case _A.GIVE_UP:
            total = format_money(sale.cart.payable, sale.cart.currency, locale)
            text = _("{external_order_id} is taken off the list.").format(
                external_order_id=sale.external_order_id
            )
            if sale.state is _S.UNSURE:
                text = _(
                    "Its order may be placed all the same: then its tickets stay valid at the site "
                    "until somebody refunds it there."
                )
            if sale.cart.payable:
                back = format_money(sale.to_give_back, sale.cart.currency, locale)
                text += f" {describe_give_back(sale, back)}"
            return ReasonDialog(
                _("Give up this sale of {total}?").format(total=total),
                text,
                _("Give up"),
                [*map(_, REASONS)],
            )
    return None


async def ask_before(app: App[Any], action: SaleAction, sale: Sale, locale: str) -> str | None:
    """Ask what is to be asked; answers what was written, and None where the person went back."""
    match dialog_of(action, sale, locale):
        case None:
            return ""
        case ConfirmDialog() as dialog:
            return "" if await app.push_screen_wait(dialog) else None
        case dialog:
            return await app.push_screen_wait(dialog)


NO_ORDER = N_("Type the order's number as the site shows it.")
TICK = 1.0
"""Seconds between two looks at the clock, while the seconds are shown."""
NOT_FOR_IT = N_("This is not for a sale that is “{}”. The buttons are what can be done.")


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
        self._was_booked = sale.booked
        self._busy = False
        self._names: dict[str, str] = {}

    def body(self) -> Iterable[Widget]:
        yield OutcomeBand()
        yield Figures()
        with VerticalScroll(id="outcome-body", can_focus=False):
            yield Label("", id="outcome-advice", markup=False)
            yield Static("", id="outcome-facts", markup=False)
            yield Static("", id="outcome-tickets", markup=False)
        yield CommandButtons(LABELS, classes="buttons")

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
                is_in = details.ticket.checked_in or details.status.in_since is not None
                line = sale_texts.ticket_line(details.ticket, details.highlights, is_in=is_in)
                self._names[ticket] = line
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
        self._was_booked |= sale.booked
        figures = sale_texts.figures_of(sale, self.locale, was_booked=self._was_booked)
        self.query_one(Figures).show(figures)
        advice = sale_texts.advice(sale)
        if sale.state in (SaleState.SENDING, SaleState.UNKNOWN) and not sale.unattended:
            advice = f"{advice} {_(GOES_ON)}"
        self.write("#outcome-advice", advice).display = bool(advice)
        facts = sale_texts.facts_of(sale, self._time(), self.locale)
        self.query_one("#outcome-facts", Static).update(grid(facts))
        names = "\n".join(self._names.get(uuid, uuid[:8]) for uuid in sale.tickets)
        self.write("#outcome-tickets", names).display = bool(names)
        self._show_buttons()

    def _show_buttons(self) -> None:
        labels = self._offered()
        disabled = labels.keys() - HARMLESS if self._busy else set[str]()
        self.query_one(CommandButtons).offer(labels, disabled=disabled)
        focused = self.focused
        if focused is not None and not focused.display:
            self.set_focus(None)
        if self.focused is None and SaleAction.NEXT_SALE in self.sale.offers:
            self.set_focus(self.query_one(f"#{next(iter(labels))}"))
        self.query_one(CommandFooter).refresh()

    # What a person does

    def _offered(self) -> dict[str, str]:
        return offered(self.sale, selling=self._selling)

    def refusal(self, command: str) -> str | None:
        """Only what the sale allows as it stands is offered."""
        of_sale = command in LABELS and command != BACK
        if not of_sale or command in self._offered():
            return None
        return _(NOT_FOR_IT).format(sale_texts.short(self.sale))

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
        text = await ask_before(self.app, action, self.sale, self.locale)
        if text is None:
            return
        self._busy = True
        self.announce(_(UNDER_WAY[action]))
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
