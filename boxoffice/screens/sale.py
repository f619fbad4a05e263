"""The walk-up sale: how many of what, who buys, how it is paid, and what to hand back."""

import asyncio
from collections.abc import MutableMapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from textual import events, on
from textual.binding import Binding
from textual.widgets import Button, Input

from boxoffice.clock import Clock
from boxoffice.commands import Place, bindings
from boxoffice.domain.cart import Cart, Paid
from boxoffice.domain.money import format_money
from boxoffice.lane import Change, Lane, SaleChanged, StatusChanged
from boxoffice.screens.following import Following
from boxoffice.screens.outcome import Next, OutcomeScreen
from boxoffice.screens.selling import asking
from boxoffice.screens.selling.filling import HOW_MANY, SaleFilling
from boxoffice.widgets.sale_form import SaleForm
from boxoffice.widgets.styles import stylesheet
from boxoffice.widgets.type_list import TypeList

NO_AMOUNT = "That is no amount of money: type it such as 500 or 12,50."
WRITING = "Writing it down…"
NOTHING_SOLD = "Nothing was sold here yet."


class SaleScreen(Following, SaleFilling):
    """Makes sales, one after another. A half-filled one is kept for when it is opened again."""

    place = Place.SALE
    BINDINGS = [
        *bindings(place),
        Binding("pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
    ]
    CSS_PATH = [stylesheet("form"), stylesheet("ticket"), stylesheet("sale")]
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (24, "-low"), (36, "-tall")]

    def __init__(
        self,
        lane: Lane,
        *,
        clock: Clock | None = None,
        kept: MutableMapping[str, dict[str, Any]] | None = None,
    ) -> None:
        super().__init__(lane, clock=clock, kept=kept)
        self._selling = False
        self._early: list[events.Key] | None = []
        """Keys typed before the form was ready for them; None: it is."""

    # What can be sold

    def on_mount(self) -> None:
        self.follow(self.lane, self._changed)
        self.work(self._load(), "show what can be sold", group="offer")

    def _changed(self, change: Change) -> None:
        if isinstance(change, SaleChanged) and self.last and change.sale.id == self.last.id:
            self.last = change.sale
        if isinstance(change, StatusChanged | SaleChanged) and self.offer is not None:
            self.reread(self._read, "show what can be sold", group="offer")

    async def _load(self) -> None:
        # The rules of the locale are read from disk: not on the loop that draws.
        await asyncio.to_thread(format_money, Decimal(0), "DKK", self.locale)
        if self.half.last is not None:
            self.last = await self.box_office.sale(self.half.last)
        await self._read()
        self._begin()
        self.action_refresh()

    def _hold(self) -> None:
        """Keep what is typed until the form of the next sale is there."""
        if self._early is None:
            self._early = []
        self.set_focus(None)

    def _begin(self) -> None:
        """Put the cursor where a sale begins, and type there what was typed too early."""
        types = self.query_one(TypeList)
        self.set_focus(types)
        early, self._early = self._early or [], None
        for key in early:
            types._forward_event(key)

    def on_key(self, event: events.Key) -> None:
        if self._early is not None and event.key != "escape":
            self._early.append(event)
            event.stop()

    async def _read(self) -> None:
        self.open_sales = await self.box_office.open_sales()
        await self.show_offer(await self.box_office.offer())

    def action_refresh(self) -> None:
        """Ask the server what is left; what is filled in stays."""
        self.work(self._refresh(), "read the stock", group="refresh")

    async def _refresh(self) -> None:
        await self.show_offer(await self.box_office.refresh())

    def failed(self, group: str, sentence: str) -> None:
        if group == "sell":
            self._busy(False)
        elif group == "afresh":
            self._begin()
        lacks = self.offer.sentence if self.offer and group == "refresh" else ""
        self.say("" if lacks else sentence)  # what it means for a sale is what matters here

    def action_page(self, by: int) -> None:
        form = self.query_one(SaleForm)
        form.scroll_relative(y=by * form.size.height, animate=False)

    # Selling

    @on(Input.Submitted, "#given")
    @on(Button.Pressed, "#sell")
    def action_sell(self) -> None:
        if not self._selling and self._early is None:
            self._busy(True)
            self.work(self._sell(), "sell", group="sell")

    async def _sell(self) -> None:
        await self.show_form()  # fields may just be on their way in
        cart = self._checked()
        if cart is not None and (problems := await self.box_office.problems(cart)):
            self.say(" ".join(problems))
            if not (cart.buyer.email and cart.buyer.first_name and cart.buyer.last_name):
                wrong = asking.NAME if cart.buyer.email else asking.EMAIL
                self.query_one(SaleForm).focus_on(wrong)
            cart = None
        if cart is None:
            self._busy(False)
            return
        sale = await self.box_office.sell(cart)
        self.last, self.half.last = sale, sale.id
        self._hold()  # what comes behind the Enter that leaves the outcome is the next sale's
        self.app.push_screen(
            OutcomeScreen(self.lane, sale, clock=self.clock, selling=True), self._ended
        )
        self._busy(False)

    def _checked(self) -> Cart | None:
        """The cart with its answers; None: something is amiss, and has been said."""
        cart, given = self.cart(), self.query_one("#given", Input)
        if not cart.lines:
            self.say(HOW_MANY)
            self.set_focus(self.query_one(TypeList))
            return None
        if cart.paid is Paid.CASH and given.value.strip() and cart.given is None:
            self.say(NO_AMOUNT)
            self.set_focus(given)
            return None
        checked = self.query_one(SaleForm).look_through(admit=True)
        if count := len(checked.problems):
            self.say("One answer needs a look." if count == 1 else f"{count} answers need a look.")
            return None
        answers, asked = asking.answers_of(checked.given, cart.lines)
        return replace(cart, answers=tuple(answers), asked=tuple(asked))

    def _ended(self, what: Next | None) -> None:
        """The outcome was read: sell the next, mend this one, or go back to the door."""
        if what is Next.FORM:
            self.last = self.half.last = None
            self._begin()
            self.action_refresh()
            return
        self.half = asking.Half(last=self.half.last)
        if what is Next.DOOR:
            self._leave()
        else:
            self.work(self._afresh(), "begin the next sale", group="afresh")

    async def _afresh(self) -> None:
        self.query_one("#given", Input).value = ""
        await self.query_one(SaleForm).clear()
        self.say("")
        await self._read()
        self._begin()
        self.action_refresh()

    def action_paper(self) -> None:
        """Show or print the tickets of the sale before."""
        if self.last is None:
            self.say(NOTHING_SOLD)
            return
        from boxoffice.screens.paper import PaperScreen  # noqa: PLC0415  # loaded when asked for

        self.app.push_screen(PaperScreen(self.lane, self.last.tickets, self.last, clock=self.clock))

    @on(Button.Pressed, "#close")
    def action_back(self) -> None:
        if not self._selling:  # what is being written must not be cut off
            self.half.drafts = self.query_one(SaleForm).drafts
            self._leave()

    def _leave(self) -> None:
        self.kept[asking.key(self.lane.event.uuid)] = {"half": self.half}
        self.dismiss(None)

    def _busy(self, selling: bool) -> None:
        self._selling = selling
        self.query_one("#sell", Button).disabled = selling
        if selling or self.said == WRITING:
            self.say(WRITING if selling else "")
