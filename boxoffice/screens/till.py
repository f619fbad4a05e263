"""The till of this lane: opened with a float, closed with a count, the difference shown."""

import asyncio
from collections.abc import Iterable
from decimal import Decimal

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input, Label

from boxoffice.domain.humanize import describe_difference, format_time
from boxoffice.domain.models import Event
from boxoffice.domain.money import format_money, read_money
from boxoffice.domain.sale import Shift
from boxoffice.lane import Lane
from boxoffice.screens.dialogs import Dialog

LONGEST = 20
"""Characters of an amount."""
LABELS, AMOUNTS = 16, 18
"""Cells."""
CLOSED = "The till is closed. Count what is in it, and open it with that as its float."
COUNT = "To close the till, count what is in it."
NOT_MONEY = "Write an amount of money, such as 500 or 1234.50."


class TillDialog(Dialog[None]):
    """Shows the till, and opens or closes it."""

    def __init__(self, lane: Lane, *, locale: str = "") -> None:
        """`locale`: how money is written; empty: the system's."""
        go = Button("", id="go", variant="primary", compact=True, disabled=True)
        back = Button("Back", id="back", compact=True)
        super().__init__(f"Till of lane {lane.name}", "", go, back)
        self._lane = lane
        self._locale = locale
        self._shift: Shift | None = None

    def fields(self) -> Iterable[Widget]:
        yield Input(compact=True, max_length=LONGEST)
        yield Label("", classes="dialog-problem", markup=False)

    def on_mount(self) -> None:
        self.work(self._load(), "look at the till", group="shift")

    async def _load(self) -> None:
        await self._show(await self._lane.box_office.till())

    async def _show(self, shift: Shift | None) -> None:
        """The till as it stands: closed, open, or just closed with a count."""
        self._shift = shift
        # The rules of the locale are read from disk: not on the loop that draws.
        text = await asyncio.to_thread(lines, shift, self._lane.event, self._locale)
        field, go = self.query_one(Input), self.query_one("#go", Button)
        over = shift is not None and shift.closed_at is not None
        self.write(".dialog-text", text)
        field.value = ""
        field.placeholder = "Counted" if shift else "Float"
        field.display = go.display = not over
        go.label = Content("Close the till" if shift else "Open the till")
        go.disabled = False
        (self.query_one("#back", Button) if over else field).focus()

    @on(Input.Submitted)
    def action_go(self) -> None:
        money, go = read_money(self.query_one(Input).value, self._locale), self.query_one("#go")
        if money is None:
            self.show_problem(NOT_MONEY)
        elif not go.disabled:
            go.disabled = True
            self.work(self._step(money), "open or close the till", group="shift")

    async def _step(self, money: Decimal) -> None:
        office = self._lane.box_office
        self.show_problem("")
        await self._show(await (office.close_till if self._shift else office.open_till)(money))

    def failed(self, group: str, sentence: str) -> None:
        self.query_one("#go").disabled = False
        self.show_problem(sentence)


def lines(shift: Shift | None, event: Event, locale: str) -> Content:
    """What is known of the till, a line each."""
    if shift is None:
        return Content(CLOSED)

    def money(amount: Decimal) -> str:
        return format_money(amount, shift.currency, locale)

    rows = [("Float", shift.opening), ("Cash taken", shift.taken)]
    taken = Content("\n").join([_line(label, money(amount)) for label, amount in rows])
    due = _line("Should be in it", money(shift.expected)).stylize("bold $foreground")
    if shift.counted is None or shift.difference is None:
        opened = format_time(shift.opened_at, event, shift.opened_at)
        by = f" by {shift.operator}" if shift.operator else ""
        return Content("\n").join([Content(f"Open since {opened}{by}"), taken, due, Content(COUNT)])
    wrong = f"{money(abs(shift.difference))} " if shift.difference else ""
    style = "bold $warn" if shift.difference else "bold $good"
    closed = Content.styled(f"Closed: {wrong}{describe_difference(shift.difference)}", style)
    return Content("\n").join([taken, due, _line("Counted", money(shift.counted)), closed])


def _line(label: str, amount: str) -> Content:
    return Content(f"{label:<{LABELS}}{amount:>{AMOUNTS}}")
