"""The till of this lane: opened with a float, closed with a count, the difference shown before."""

import asyncio
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from textual import on
from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input

from boxoffice.domain.humanize import describe_difference, describe_unreckoned, format_time
from boxoffice.domain.models import Event
from boxoffice.domain.money import format_money, read_money
from boxoffice.domain.sale import Shift
from boxoffice.lane import Lane
from boxoffice.language import N_, _
from boxoffice.screens.dialogs import ConfirmDialog, Dialog
from boxoffice.widgets.footer import put_label

LONGEST = 20
"""Characters of an amount."""
LABELS, AMOUNTS = 16, 18
"""Cells."""
CLOSED = N_("The till is closed. Count what is in it, and open it with that as its float.")
COUNT = N_("To close the till, count what is in it.")
NOT_MONEY = N_("Write an amount of money, such as 500 or 1234.50.")


class TillDialog(Dialog[None]):
    """Shows the till, and opens it, or closes it after a count and a question.

    What changed it takes the cursor away: a key that is pressed twice or held down does no more.
    """

    BINDINGS = [
        Binding("down,right", "app.focus_next", show=False),
        Binding("up,left", "app.focus_previous", show=False),
    ]
    AUTO_FOCUS = ""

    def __init__(self, lane: Lane, *, locale: str = "") -> None:
        """`locale`: how money is written; empty: the system's."""
        go = Button("", id="go", variant="primary", compact=True, disabled=True)
        reopen = Button(_("Reopen it"), id="reopen", compact=True)
        back = Button(_("Back"), id="back", compact=True)
        super().__init__(_("Till of lane {name}").format(name=lane.name), "", go, reopen, back)
        self._lane = lane
        self._locale = locale
        self._shift: Shift | None = None
        self._counting = False

    def fields(self) -> Iterable[Widget]:
        yield Input(compact=True, max_length=LONGEST)

    def on_mount(self) -> None:
        self.query_one("#reopen").display = False
        self.work(self._load(), "look at the till", group="shift")

    async def _load(self) -> None:
        await self._show(await self._lane.box_office.last_till())
        is_closed = self._open is None
        self.set_focus(self.query_one(Input) if is_closed else self.query_one("#back"))

    @property
    def _open(self) -> Shift | None:
        return self._shift if self._shift and self._shift.closed_at is None else None

    @property
    def _currency(self) -> str:
        shift = self._open
        return shift.currency if shift else self._lane.event.currency

    async def _show(self, shift: Shift | None, *, counting: bool = False) -> None:
        """The till as it stands; `counting`: it is open, and is being counted."""
        self._shift, self._counting = shift, counting
        # The rules of the locale are read from disk: not on the loop that draws.
        text = await asyncio.to_thread(lines, shift, self._lane.event, self._locale)
        field, go = self.query_one(Input), self.query_one("#go", Button)
        if counting:
            text = Content("\n").join([text, Content(_(COUNT))])
        self.write(".dialog-text", text)
        self.write(".dialog-problem", "")
        field.value = ""
        field.placeholder = _("Counted") if counting else _("Float")
        field.display = counting or self._open is None
        put_label(go, _("Close the till…") if self._open else _("Open the till"))
        go.disabled = False
        mine = shift is not None and shift.closed_by == self._lane.operator
        self.query_one("#reopen").display = self._open is None and mine
        self.set_focus(field if counting else None)

    @on(Input.Submitted)
    def action_go(self) -> None:
        """Go on from what is shown: open the till, or count it, or ask whether to close it."""
        if self._open and not self._counting:
            self.work(self._show(self._open, counting=True), "count the till", group="shift")
            return
        go, text = self.query_one("#go"), self.query_one(Input).value
        money = read_money(text, self._locale, self._currency)
        if money is None:
            self.show_problem(_(NOT_MONEY))
        elif not go.disabled:
            go.disabled = True
            step = self._close(money) if self._counting else self._begin(money)
            self.work(step, "open or close the till", group="shift")

    def action_reopen(self) -> None:
        self.work(self._reopen(), "reopen the till", group="shift")

    async def _begin(self, opening: Decimal) -> None:
        await self._show(await self._lane.box_office.open_till(opening))

    async def _reopen(self) -> None:
        await self._show(await self._lane.box_office.reopen_till())

    async def _close(self, counted: Decimal) -> None:
        """Show what it comes to, and close it where the person says so."""
        office = self._lane.box_office
        shift = await office.till()
        if shift is not None:
            counting = shift._replace(counted=counted)
            text = await asyncio.to_thread(lines, counting, self._lane.event, self._locale)
            if sales := await office.cash_under_way():
                text += Content(f"\n{describe_unreckoned(len(sales))}")
            question = ConfirmDialog(_("Close the till?"), text, _("Close the till"))
            if not await self.app.push_screen_wait(question):
                self.query_one("#go").disabled = False
                self.query_one(Input).focus()
                return
        await self._show(await office.close_till(counted, shift and shift.expected))

    def failed(self, group: str, sentence: str) -> None:
        if group == "shift":
            self.work(self._retake(sentence), "look at the till", group="retake")
        else:
            self.query_one("#go").disabled = False
            self.show_problem(sentence)

    async def _retake(self, sentence: str) -> None:
        """Show the till as it stands after what was refused; what is typed stays."""
        typed = self.query_one(Input).value
        shift = await self._lane.box_office.last_till()
        is_open = shift is not None and shift.closed_at is None
        await self._show(shift, counting=self._counting and is_open)
        self.query_one(Input).value = typed
        self.show_problem(sentence)


def lines(shift: Shift | None, event: Event, locale: str) -> Content:
    """What is known of the till, a line each: open, counted, or closed."""
    if shift is None:
        return Content(_(CLOSED))

    def money(amount: Decimal) -> str:
        return format_money(amount, shift.currency, locale)

    since = (
        _("Open since {time} by {operator}") if shift.operator else _("Open since {time}")
    ).format(time=_time(shift.opened_at, event), operator=shift.operator)
    rows = [(_("Float"), shift.opening), (_("Cash taken"), shift.taken)]
    amounts = [_line(label, money(amount)) for label, amount in rows]
    amounts.append(_line(_("Should be in it"), money(shift.expected)).stylize("bold $foreground"))
    if shift.counted is None or shift.difference is None:
        return Content("\n").join([Content(since), *amounts])
    amounts.append(_line(_("Counted"), money(shift.counted)))
    wrong = f"{money(abs(shift.difference))} " if shift.difference else ""
    style = "bold $warn" if shift.difference else "bold $good"
    result = f"{wrong}{describe_difference(shift.difference)}"
    if shift.closed_at is None:
        difference = Content.styled(_("Difference: {result}").format(result=result), style)
        return Content("\n").join([Content(since), *amounts, difference])
    closed = (
        _("Closed at {time} by {operator}") if shift.closed_by else _("Closed at {time}")
    ).format(time=_time(shift.closed_at, event), operator=shift.closed_by)
    difference = Content.styled(_("Closed: {result}").format(result=result), style)
    return Content("\n").join([Content(closed), *amounts, difference, Content(_(CLOSED))])


def _time(moment: datetime, event: Event) -> str:
    return format_time(moment, event, moment)


def _line(label: str, amount: str) -> Content:
    return Content(f"{label:<{LABELS}}{amount:>{AMOUNTS}}")
