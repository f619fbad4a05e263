"""The walk-up sale: how many of what, who buys, how it is paid, and what to hand back."""

import asyncio
from collections.abc import Awaitable, Iterable, MutableMapping
from decimal import Decimal

from textual import events, on
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Button, Input, Label

from boxoffice.commands import Place
from boxoffice.domain.cart import Cart, PaymentMethod
from boxoffice.domain.models import TicketType
from boxoffice.domain.money import format_money
from boxoffice.domain.offer import Offer
from boxoffice.domain.sale import Sale
from boxoffice.lane import Change, Lane, SaleUpdated, StatusChanged
from boxoffice.language import N_, _
from boxoffice.screens import sale_form, sale_texts
from boxoffice.screens.base import ARROWS, PAGES, LaneScreen
from boxoffice.screens.outcome import Next, OutcomeScreen
from boxoffice.screens.sale_form import SaleDraft
from boxoffice.widgets.big_text import Figures
from boxoffice.widgets.footer import key_of, put_label
from boxoffice.widgets.form import Item, QuestionField, SaleForm, need_a_look
from boxoffice.widgets.sale_inputs import CashGiven, PaidBy, TypeList, type_rows
from boxoffice.widgets.verdict import VerdictBand

HOW_MANY = N_("Type how many tickets first: a digit, or + and -.")
WRITING = N_("Writing it down…")
HALF_DONE = N_("This sale was left half-done: {} discards it.")
NOT_BEGUN = N_("Nothing is filled in yet.")


class SaleScreen(LaneScreen[None]):
    """Makes sales, one after another. A half-filled one is kept for when it is opened again."""

    place = Place.SALE
    BINDINGS = [*ARROWS, *PAGES]
    sheets = "form ticket sale"
    AUTO_FOCUS = ""
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (24, "-low"), (36, "-tall")]
    scrolled = "SaleForm"

    def __init__(self, lane: Lane, drafts: MutableMapping[str, SaleDraft] | None = None) -> None:
        """`drafts`: half-filled sales by their events; this one is left there."""
        super().__init__(lane)
        self._drafts = {} if drafts is None else drafts
        self.draft = self._drafts.setdefault(lane.event.uuid, SaleDraft())
        self.last: Sale | None = None
        """The sale made before this one."""
        self._box_office = lane.box_office
        self._offer: Offer | None = None
        self._open_sales: list[Sale] = []
        self._reads_codes = False
        """The discount codes were asked for: once, as they are looked at again when it is sold."""
        self._note = ""
        self._noted: object = None
        """What is filled in that the note is about, until it is another; None: nothing."""
        self._early: list[events.Key] | None = []
        """Keys typed before the form was ready for them; None: it is."""

    def body(self) -> Iterable[Widget]:
        title = _("Sale · {event}").format(event=self.lane.event.title)
        yield Label(title, id="sale-title", classes="screen-title", markup=False)
        yield Label("", id="sale-before", markup=False)
        with Vertical(id="sale-body"):
            yield TypeList(self._want, self._go_on, self.action_paid)
            yield SaleForm(self.draft.drafts)
        yield Label("", id="sale-buyer", markup=False)
        yield PaidBy(self._pay_by)
        yield CashGiven(self.draft.given)
        yield Figures()
        yield Label("", id="sale-note", markup=False)
        with Horizontal(classes="buttons"):
            yield Button(_("Sell"), id="sell", variant="primary", compact=True, disabled=True)
            yield Button(_("Check in now: yes"), id="check_in_now", compact=True)
            yield Button("", id="more", compact=True)
            yield Button(_("Close"), id="back", compact=True)

    # What can be sold

    def on_mount(self) -> None:
        self.work(self._load(), "show what can be sold", group="offer")

    def changed(self, change: Change) -> None:
        if isinstance(change, SaleUpdated) and self.last and change.sale.id == self.last.id:
            self.last = change.sale
        if isinstance(change, StatusChanged | SaleUpdated) and self._offer is not None:
            self.reread(self._read, "show what can be sold", group="offer")

    async def _load(self) -> None:
        # The rules of the locale are read from disk: not on the loop that draws.
        await asyncio.to_thread(format_money, Decimal(0), "DKK", self.locale)
        if self.draft.last_id is not None:
            self.last = await self._box_office.sale(self.draft.last_id)
        await self._read()
        if self._offer and not (self._offer.house_email or self.draft.asked_house_email):
            await self._ask_house_email()
        if self.draft.is_begun:
            self.note(_(HALF_DONE).format(key_of(self, "discard_sale")), amiss=True)
        self._begin()
        self.action_refresh()

    async def _ask_house_email(self, value: str = "") -> None:
        email = await self.app.push_screen_wait(sale_texts.house_email_dialog(value))
        self.draft.asked_house_email = True
        if email is not None:
            await self._box_office.set_house_email(email)
            await self._show_offer(self._box_office.offer())

    async def _read(self) -> None:
        self._open_sales = await self._box_office.open_sales()
        await self._show_offer(self._box_office.offer())

    def action_refresh(self) -> None:
        """Ask the server what is left; what is filled in stays."""
        self.work(self._show_offer(self._box_office.refresh()), "read the stock", group="refresh")

    async def _show_offer(self, read: Awaitable[Offer]) -> None:
        """Show what can be sold now; what is filled in stays, at the prices of now."""
        offer = await read
        lacked = self._offer.sentence if self._offer else ""
        self._offer = offer
        if changed := self.draft.reprice(offer):
            self.note(
                _("The price of {titles} has changed: look at the total.").format(
                    titles=", ".join(changed)
                )
            )
        elif offer.sentence != lacked or self._note == lacked:
            self.note("")  # what keeps a sale from being made stands there by itself
        self._draw()
        await self._show_form()
        self._draw()

    def failed(self, group: str, sentence: str) -> None:
        if group == "afresh":
            self._begin()
        lacks = self._offer.sentence if self._offer and group == "refresh" else ""
        self.note("" if lacks else sentence)  # what it means for a sale is what matters here

    # Keys that come early

    def _hold(self) -> None:
        """Keep what is typed until the form of the next sale is there."""
        self._early = self._early or []
        self.set_focus(None)

    def _begin(self) -> None:
        """Put the cursor where a sale begins, and type there what was typed too early."""
        types = self.query_one(TypeList)
        self.set_focus(types)
        early, self._early = self._early or [], None
        for key in early:
            key.stop(False)  # else a field would not see its Enter, which bubbles up to be bound
            types._forward_event(key)

    def on_key(self, event: events.Key) -> None:
        if self._early is not None and event.key != "escape":
            self._early.append(event)
            event.stop()

    # Filling it in

    def _want(self, kind: TicketType, amount: int, digit: int | None) -> None:
        """Have so many tickets of a type, or say why not; `digit`: of those typed, the last."""
        if self._offer is None:
            return
        before = self.draft.lines
        self.note(self.draft.want(self._offer, kind, amount, digit))
        if self.draft.lines != before:
            self._draw()
            self.work(self._show_form(), "ask the questions of the tickets", group="form")

    def _go_on(self) -> None:
        """From the tickets to what is still to be filled in: answers, cash, or the sale itself."""
        if not self.draft.lines:
            self.note(_(HOW_MANY))
        elif self._offer and not self.query_one(SaleForm).first_open():
            cash = self.cart(self._offer).paid is PaymentMethod.CASH
            self.set_focus(self.query_one("#given" if cash else "#sell"))

    def action_paid(self, by: int = 1) -> None:
        """Have it paid in the way that comes so many behind."""
        self.query_one(PaidBy).action_turn(by)

    def _pay_by(self, paid: PaymentMethod) -> None:
        self.draft.paid, focused = paid, self.focused
        self._edited()
        if focused is not None and focused.id in ("given", "sell"):
            self._go_on()  # a way without cash has no field for it

    @on(Input.Changed, "#given")
    @on(QuestionField.Changed)
    def _edited(self) -> None:
        """What was wrong is being mended: it is looked at anew when it is sold."""
        if self._noted not in (None, self._filled_in):
            self.note("")
        self._draw()
        if self.draft.code and not self._reads_codes:
            self._reads_codes = True
            codes = self._box_office.read_codes()
            self.work(self._show_offer(codes), "read the codes", group="codes")

    @property
    def _filled_in(self) -> object:
        self._take_in()
        return self.draft.paid, self.draft.given, self.draft.drafts

    def action_check_in_now(self) -> None:
        if self._offer is not None:
            self.draft.check_in = not self.draft.checks_in(self._offer)
            self._draw()

    def action_more(self) -> None:
        self.draft.more = not self.draft.more
        self._draw()
        self.work(self._show_form(), "show the optional questions", group="form")

    def cart(self, offer: Offer) -> Cart:
        """What is filled in so far, without the answers."""
        self._take_in()
        return self.draft.cart(offer, self.lane.name, self.locale)

    def _take_in(self) -> None:
        self.draft.drafts = self.query_one(SaleForm).drafts
        self.draft.given = self.query_one("#given", Input).value

    # What is shown

    async def _show_form(self) -> None:
        """Ask what is to be asked for the tickets that are chosen."""
        if self._offer is not None:
            await self.query_one(SaleForm).show(self.draft.fields(self._offer))

    def _draw(self) -> None:
        """Draw all but the fields."""
        offer, locale = self._offer, self.locale
        if offer is None:
            return
        cart, cash = self.cart(offer), self.query_one(CashGiven)
        prices = {kind.uuid: sale_texts.price(kind, offer.currency, locale) for kind in offer.types}
        self.query_one(TypeList).show(type_rows(offer, self.draft.lines, prices, self.clock.now()))
        before = sale_texts.before(self._open_sales, self.last, locale)
        self.write("#sale-title", sale_texts.title(self.lane.event.title, offer))
        self.write("#sale-buyer", sale_texts.buyer_line(cart, locale))
        problem = offer.discount_problem(cart, self.clock.now()) if self.draft.code else ""
        self.query_one(SaleForm).show_problem(sale_form.CODE, problem)
        self.write("#sale-before", before).display = bool(before.plain)
        self.query_one(PaidBy).show(
            self.draft.payment_method(offer),
            free=cart.paid is PaymentMethod.FREE and not cart.is_complimentary,
        )
        asked = cart.paid is PaymentMethod.CASH
        cash.show(cart, locale, asked=asked, till_open=offer.till_open)
        self.query_one(Figures).show(cash.figures(cart, locale))
        optional, more = self.draft.optional(offer), self.draft.more
        labels = sale_texts.labels(cart, offer, locale, optional=optional, more=more)
        for button, label in labels.items():
            put_label(self.query_one(f"#{button}", Button), label)
        self.query_one("#sell", Button).disabled = not cart.lines
        self.query_one("#more").display = bool(optional)

    def note(self, sentence: str, *, amiss: bool = False) -> None:
        """Say something above the buttons; else why no sale can be made, else what Enter does.

        `amiss`: it goes once something else is filled in.
        """
        self._note, self._noted = sentence, self._filled_in if amiss else None
        sentence = sentence or (self._offer.sentence if self._offer else "")
        place = (self.focused.id if self.focused else None) or ""
        hint = _(sale_texts.HINTS.get(place, sale_texts.HINT))
        label = self.write("#sale-note", sentence or hint)
        label.set_class(not sentence, "-calm")

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        self.note(self._note, amiss=self._noted is not None)
        self._draw()  # what is wrong with a field is shown once it is left

    # Selling

    @on(Input.Submitted, "#given")
    def action_sell(self) -> None:
        if not self.is_working("sell") and self._early is None:
            self.note(_(WRITING))
            self.work(self._sell(), "sell", group="sell")

    async def _sell(self) -> None:
        await self._show_form()  # fields may just be on their way in
        cart = self._checked()
        if cart is not None and cart.is_complimentary:
            cart = await self._give_away(cart)
        if cart is None:
            return
        if problems := await self._box_office.problems(cart):
            await self._show_offer(self._box_office.offer())  # it may be another one by now
            self.note(" ".join(problems), amiss=True)
            if not (cart.buyer.email and cart.buyer.first_name and cart.buyer.last_name):
                wrong = sale_form.NAME if cart.buyer.email else sale_form.EMAIL
                self.query_one(SaleForm).focus_on(wrong)
            return
        sale = await self._box_office.sell(cart)
        self.last, self.draft.last_id = sale, sale.id
        self._hold()  # what comes behind the Enter that leaves the outcome is the next sale's
        self.app.push_screen(OutcomeScreen(self.lane, sale, selling=True), self._ended)
        self.note("")

    async def _give_away(self, cart: Cart) -> Cart | None:
        """The cart with the reason why nothing is paid for it; None: the person went back."""
        self.note("")
        reason = await self.app.push_screen_wait(sale_texts.gift_dialog(cart, self.locale))
        if reason is None:
            return None
        self.note(_(WRITING))
        return sale_form.given_away(cart, reason)

    def _checked(self) -> Cart | None:
        """The cart with its answers; None: something is amiss, and has been said."""
        if self._offer is None:
            return None
        cart = self.cart(self._offer)
        if not cart.lines:
            self.note(_(HOW_MANY))
            self.set_focus(self.query_one(TypeList))
            return None
        if problem := self.query_one(CashGiven).problem(cart):
            self.note(problem, amiss=True)
            self.set_focus(self.query_one("#given"))
            return None
        checked = self.query_one(SaleForm).look_through(admit=True)
        if checked.problems:
            self.note(need_a_look(checked.problems, Item.ANSWER), amiss=True)
            return None
        return sale_form.with_answers(cart, checked.given)

    def _ended(self, what: Next | None) -> None:
        """The outcome was read: sell the next, mend this one, or go back to the door."""
        if what is Next.FORM:
            self.last = self.draft.last_id = None
            self._begin()
            self.action_refresh()
            return
        self._put_away()
        if what is Next.DOOR:
            self.dismiss(None)
        else:
            self.work(self._afresh(), "begin the next sale", group="afresh")

    def _put_away(self) -> None:
        """What is filled in is no longer wanted."""
        self.draft = self._drafts[self.lane.event.uuid] = self.draft.next()

    async def _afresh(self) -> None:
        self.query_one(VerdictBand).clear()  # it answered somebody who came meanwhile
        self.query_one("#given", Input).value = ""
        await self.query_one(SaleForm).clear()
        self.note("")
        await self._read()
        self._begin()
        self.action_refresh()

    # Beside it

    def action_house_email(self) -> None:
        email = self._offer.house_email if self._offer else ""
        self.work(self._ask_house_email(email), "ask for the house's e-mail", group="house")

    def action_discount(self) -> None:
        self.query_one(SaleForm).focus_on(sale_form.CODE)

    def action_discard_sale(self) -> None:
        """Empty the form, after asking."""
        self._take_in()
        if not self.draft.is_begun:
            self.note(_(NOT_BEGUN))
        elif not self.is_working("sell"):
            self.app.push_screen(sale_texts.discard_dialog(self.draft.lines), self._discard)

    def _discard(self, confirmed: bool | None) -> None:
        if confirmed:
            self._put_away()
            self._hold()
            self.work(self._afresh(), "empty the form", group="afresh")
            self.announce(_("The half-done sale is discarded."))

    def action_paper(self) -> None:
        """Show or print the tickets of the sale before."""
        from boxoffice.screens.paper import PaperScreen  # noqa: PLC0415  # seldom needed

        if self.last is None:
            self.note(_("Nothing was sold here yet."))
        else:
            self.app.push_screen(PaperScreen(self.lane, self.last.tickets, self.last))

    def action_back(self) -> None:
        if not self.is_working("sell"):  # what is being written must not be cut off
            self._take_in()
            self.dismiss(None)
