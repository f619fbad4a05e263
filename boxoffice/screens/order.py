"""One order: its buyer, its tickets, what the buyer answered; corrected, or refunded."""

import asyncio
from collections.abc import Iterable
from decimal import Decimal

from textual import on
from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import Button, Input, Label

from boxoffice.commands import Place
from boxoffice.domain.cart import PaymentMethod
from boxoffice.domain.models import AnswerInput, Order
from boxoffice.domain.money import read_money
from boxoffice.domain.questions import ADDRESS_FIRST, address_fields, corrected, fields, others
from boxoffice.domain.sale import Refund
from boxoffice.domain.text import clean
from boxoffice.lane import Lane
from boxoffice.lane.orders import OrderView
from boxoffice.language import N_, _
from boxoffice.screens.dialogs import LONGEST_REASON, Dialog, ReasonDialog
from boxoffice.screens.order_texts import NOT_FRESH, TO_NOTE, OrderTexts, amount_of
from boxoffice.screens.record import ASKING, FRESH, NOTHING_NEW, SAVING, RecordScreen
from boxoffice.widgets.footer import CommandFooter
from boxoffice.widgets.form import Item, QuestionField, propose
from boxoffice.widgets.option_lists import Choices

ELSEWHERE = "elsewhere"
WAYS = (
    (ELSEWHERE, N_("not at this door: the organiser gives it back")),
    (PaymentMethod.CASH.value, N_("cash, out of this till")),
    (PaymentMethod.CARD.value, N_("card, on this terminal")),
    (PaymentMethod.MOBILEPAY.value, N_("MobilePay")),
)
NO_TILL = N_("cash, out of no till: none is open here")
NO_AMOUNT = N_("Write how much is given back, such as 590 or 590,00.")
HOW_MUCH = N_("How much is given back here")
WHY = N_("Reason, for the journal (may be left out)")


class RefundDialog(Dialog[Refund]):
    """Names the person and the amount. Enter goes from field to field, and ends at Back."""

    BINDINGS = [
        Binding("down,right", "app.focus_next", show=False),
        Binding("up,left", "app.focus_previous", show=False),
    ]
    sheets = "form dialog refund"
    AUTO_FOCUS = "#back"

    def __init__(self, order: OrderTexts) -> None:
        label = _("Write down") if order.view.to_note else _("Refund")
        go = Button(label, id="yes", variant="warning", compact=True)
        back = Button(_("Back"), id="back", compact=True)
        super().__init__(order.refund_question, order.consequence, back, go)
        self._order = order
        self._suggested = ""

    def fields(self) -> Iterable[Widget]:
        sale = self._order.view.sale
        paid = sale.cart.paid.value if sale else ELSEWHERE
        first = paid if paid in dict(WAYS) else ELSEWHERE
        yield Label(_("The money is given back"), classes="dialog-heading")
        labels = {way: _(label) for way, label in WAYS}
        if not self._order.view.till_open:
            labels[PaymentMethod.CASH.value] = _(NO_TILL)
        yield Choices(tuple(labels.items()), taken=[first], several=False, follows=True)
        yield Input(placeholder=_(HOW_MUCH), compact=True, id="amount")
        yield Input(placeholder=_(WHY), compact=True, id="why", max_length=LONGEST_REASON)

    def on_mount(self) -> None:
        self._show_amount()

    @property
    def _paid(self) -> PaymentMethod | None:
        (taken, *_) = self.query_one(Choices).taken or (ELSEWHERE,)
        return None if taken == ELSEWHERE else PaymentMethod(taken)

    @on(Choices.Changed)
    def _show_amount(self) -> None:
        """How much is asked only where money leaves this till."""
        amount = self.query_one("#amount", Input)
        amount.display = self._paid is not None
        if amount.display and amount.value in ("", self._suggested):
            self._suggested = self._order.refundable(self._paid)
            propose(amount, self._suggested)

    @on(Input.Submitted)
    def _on(self) -> None:
        self.focus_next()

    def action_yes(self) -> None:
        paid, amount = self._paid, Decimal(0)
        if paid is not None:
            text, currency = self.query_one("#amount", Input).value, self._order.view.currency
            typed = read_money(text, self._order.locale, currency)
            if typed is None:
                self.show_problem(_(NO_AMOUNT))
                return
            amount = typed
        reason = clean(self.query_one("#why", Input).value, LONGEST_REASON)
        self.dismiss(Refund(paid, amount, reason))


LOADING = N_("Looking for the order…")
NOT_KNOWN = N_("It is not known here which order this ticket is on · asking the site…")
SAVED = N_("Saved: the site has it.")
NOT_SAVED = N_("What you typed is not saved. Ctrl+S saves it, Esc once more leaves it.")
REFUNDING = N_("Refunding at the site… Do not hand back money yet.")
REFUNDED = N_("Refunded. Its tickets let nobody in any more.")
NOTHING_PAID = N_("Nothing was paid here for this order.")
NO_TICKETS = N_("No ticket of this order is known here yet: F5 asks the site.")


class OrderScreen(RecordScreen[None]):
    """Shows an order and edits its buyer; nothing of it works without the server."""

    place = Place.ORDER
    unnamed = LOADING
    item = Item.FIELD

    def __init__(self, lane: Lane, ticket_or_order: str) -> None:
        """`ticket_or_order`: uuid of the order, or of one of its tickets."""
        super().__init__(lane)
        self._uuid = ticket_or_order
        self._texts: OrderTexts | None = None
        self._warned = False

    def buttons(self) -> Iterable[Button]:
        yield Button(_("Save"), id="save", variant="primary", compact=True)
        yield Button(_("Close"), id="back", compact=True)
        yield Button(_("Refund…"), id="refund", compact=True)
        yield Button(_("Give back…"), id="give_back", compact=True)

    async def load(self) -> None:
        # The rules of the locale are read from disk: not on the loop that draws.
        await asyncio.to_thread(amount_of, Decimal(0), "DKK", self.locale)
        view = await self.lane.orders.of(self._uuid)
        if view is None:
            self.show_state(_(NOT_KNOWN))
        else:
            await self._show(view, _(ASKING))

    async def refresh_record(self) -> None:
        await self._show(await self.lane.orders.refresh(self._uuid), _(FRESH))

    async def _show(self, view: OrderView, state: str) -> None:
        texts = self._texts = OrderTexts(view, self.lane.event.zone, self.locale)
        self.write("#record-name", texts.title)
        self.set_class(texts.void, "-void")
        self.show_state(f"{texts.state} · {state}" if texts.void else state)
        if view.to_note and view.confirmed:
            self.show_note(_(TO_NOTE))
        self.show_facts(texts.facts())
        for command in ("refund", "give_back"):
            self.query_one(f"#{command}").display = self.refusal(command) is None
        self.query_one(CommandFooter).refresh()
        buyer = address_fields(view.order.address)
        questions = fields(view.questions, view.answers)
        await self.form.show([*buyer[:ADDRESS_FIRST], *questions, *buyer[ADDRESS_FIRST:]])

    @property
    def _busy(self) -> bool:
        """Something is being written that must not be cut off."""
        return self.is_working("save", "refund")

    def action_save(self) -> None:
        if self._texts is None or self._busy or (checked := self.checked()) is None:
            return
        if not checked.given:
            self.show_note(_(NOTHING_NEW))
        else:
            self.show_note(_(SAVING))
            order = self._texts.view.order
            self.work(self._save(order, checked.given), "save the order", group="save")

    async def _save(self, order: Order, given: tuple[AnswerInput, ...]) -> None:
        address = corrected(order.address, given)
        if address != order.address:
            await self.lane.orders.correct(order.uuid, address, before=order.address)
        if answers := others(given):
            await self.lane.orders.answer(order.uuid, answers)
        self.notify(_(SAVED), markup=False)
        self.dismiss(None)

    def refusal(self, command: str) -> str | None:
        """What cannot come any more, by what is known of the order."""
        texts = self._texts
        if command == "refund" and texts is not None and texts.is_settled:
            return texts.why_no_refund
        if command == "give_back" and (texts is None or texts.view.payment is None):
            return _(NOTHING_PAID)
        return None

    def action_refund(self) -> None:
        texts = self._texts
        if self._busy:
            return
        if texts is None or texts.why_no_refund:
            self.show_note(texts.why_no_refund if texts else _(NOT_FRESH))
            return
        order = texts.view.order.uuid

        def decided(refund: Refund | None) -> None:
            if refund is not None and not self._busy:
                self.show_note(_(REFUNDING))
                self.work(self._refund(order, refund), "refund the order", group="refund")

        self.app.push_screen(RefundDialog(texts), decided)

    async def _refund(self, order: str, refund: Refund) -> None:
        await self.lane.orders.refund(order, refund)
        view = await self.lane.orders.of(order)
        if view is not None:
            await self._show(view, _(FRESH))
        self.show_note(_(REFUNDED))

    def action_give_back(self) -> None:
        """Hand back what was paid here, after asking."""
        texts = self._texts
        if texts is None or texts.view.payment is None or self._busy:
            return
        way, amount = texts.view.payment.paid, texts.taken
        text = _("{amount} goes back ({way}); its tickets are NOT PAID again.").format(
            amount=amount, way=way.label
        )

        def decided(reason: str | None) -> None:
            if reason is not None and not self._busy:
                work = self._give_back(texts.view.order.uuid, reason)
                self.work(work, "give a payment back", group="refund")

        title = _("Give back {amount}?").format(amount=amount)
        self.app.push_screen(ReasonDialog(title, text, _("Give back")), decided)

    async def _give_back(self, order: str, reason: str) -> None:
        await self.lane.payments.give_back(order, reason)
        view = await self.lane.orders.of(order)
        if view is not None:
            await self._show(view, "")
        self.show_note(_("It is noted: hand the money back."))

    def action_paper(self) -> None:
        from boxoffice.screens.paper import PaperScreen  # noqa: PLC0415  # seldom needed

        if self._texts is not None and (rows := self._texts.view.tickets):
            tickets = tuple(row.ticket.uuid for row in rows)
            self.app.push_screen(PaperScreen(self.lane, tickets, self._texts.view.sale))
        else:
            self.show_note(_(NO_TICKETS))

    def action_back(self) -> None:
        if self._busy:
            return
        if self.form.drafts and not self._warned:
            self._warned = True
            self.show_note(_(NOT_SAVED))
            return
        self.dismiss(None)

    @on(QuestionField.Changed)
    def _typed(self) -> None:
        self._warned = False
