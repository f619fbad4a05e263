"""One order: its buyer, its tickets, what the buyer answered; corrected, or refunded."""

import asyncio
from collections.abc import Iterable
from decimal import Decimal

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Label, Static
from textual.worker import Worker

from boxoffice.commands import Place, bindings
from boxoffice.domain.address import FIRST, address_fields, corrected, others
from boxoffice.domain.models import AnswerInput, Order
from boxoffice.domain.questions import fields
from boxoffice.lane import Lane, OrderView
from boxoffice.screens.base import BaseScreen
from boxoffice.screens.order_texts import NOT_FRESH, TO_NOTE, OrderTexts, amount_of
from boxoffice.screens.refund import Refund, RefundDialog
from boxoffice.widgets.facts import grid
from boxoffice.widgets.questions import QuestionField
from boxoffice.widgets.themes import stylesheet
from boxoffice.widgets.ticket_form import TicketForm

LOADING = "Looking for the order…"
ASKING = "As this computer knows it · asking the server…"
FRESH = "As the server has it now"
NOT_KNOWN = "It is not known here which order this ticket is on · asking the server…"
HINT = "Enter or Tab: next · Space: pick · Ctrl+S: save"
SAVING = "Saving…"
SAVED = "Saved: the site has it."
NOTHING_NEW = "Nothing was changed."
NOT_SAVED = "What you typed is not saved. Ctrl+S saves it, Esc once more leaves it."
REFUNDING = "Refunding at the site… Do not hand back money yet."
REFUNDED = "Refunded. Its tickets let nobody in any more."
NO_TICKETS = "No ticket of this order is known here yet: F5 asks the server."


class OrderScreen(BaseScreen[None]):
    """Shows an order and edits its buyer; nothing of it works without the server."""

    place = Place.ORDER
    BINDINGS = [
        *bindings(place),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
    ]
    CSS_PATH = [stylesheet("form"), stylesheet("ticket"), stylesheet("order")]
    AUTO_FOCUS = ""  # not a button, before there are fields
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]

    def __init__(self, lane: Lane, ticket_or_order: str) -> None:
        """`ticket_or_order`: uuid of the order, or of one of its tickets."""
        super().__init__()
        self._lane = lane
        self._locale = lane.box_office.policy.locale
        self._uuid = ticket_or_order
        self._texts: OrderTexts | None = None
        self._busy = False
        """Something is being written that must not be cut off."""
        self._warned = False
        self._refreshing: Worker[None] | None = None

    def body(self) -> Iterable[Widget]:
        with Vertical(id="order-head"):
            yield Label(LOADING, id="order-name", markup=False)
            yield Label("", id="order-state", markup=False)
        with Vertical(id="order-body"):
            yield Static(id="order-facts", markup=False)
            yield TicketForm({})
        yield Label(HINT, id="order-note", classes="-calm", markup=False)
        with Horizontal(classes="buttons"):
            yield Button("Save", id="save", variant="primary", compact=True)
            yield Button("Close", id="close", compact=True)
            yield Button("Refund…", id="refund", compact=True)

    def on_mount(self) -> None:
        self.work(self._load(), "load the order", group="order")

    async def _load(self) -> None:
        # The rules of the locale are read from disk: not on the loop that draws.
        await asyncio.to_thread(amount_of, Decimal(0), self._locale)
        view = await self._lane.orders.of(self._uuid)
        if view is None:
            self._show_state(NOT_KNOWN)
        else:
            await self._show(view, ASKING)
            self.query_one(TicketForm).focus_first()
        self.action_refresh()

    def action_refresh(self) -> None:
        """Ask the server; what is typed stays as it is."""
        if not self._busy and (self._refreshing is None or self._refreshing.is_finished):
            self._refreshing = self.work(self._refresh(), "read the order", group="refresh")

    async def _refresh(self) -> None:
        first = self._texts is None
        await self._show(await self._lane.orders.refresh(self._uuid), FRESH)
        if first and self.app.screen is self:
            self.query_one(TicketForm).focus_first()

    async def _show(self, view: OrderView, state: str) -> None:
        texts = self._texts = OrderTexts(view, self._lane.event.zone, self._locale)
        self.query_one("#order-name", Label).update(texts.title)
        self.set_class(texts.void, "-void")
        self._show_state(f"{texts.state} · {state}" if texts.void else state)
        if view.to_note and view.confirmed:
            self._show_note(TO_NOTE)
        self.query_one("#order-facts", Static).update(grid(texts.facts()))
        form = self.query_one(TicketForm)
        buyer = address_fields(view.order.address)
        questions = fields(view.questions, view.answers)
        await form.show([*buyer[:FIRST], *questions, *buyer[FIRST:]])

    def failed(self, group: str, sentence: str) -> None:
        self._busy = False
        if group == "refresh":
            known = "As this computer knows it · " if self._texts else ""
            self._show_state(f"{known}{sentence}")
        else:
            self._show_note(sentence)

    # The buyer

    @on(Button.Pressed, "#save")
    def action_save(self) -> None:
        if self._texts is None or self._busy:
            return
        order = self._texts.view.order
        checked = self.query_one(TicketForm).look_through(admit=False)
        if checked.problems:
            count = len(checked.problems)
            self._show_note(
                "One field needs a look." if count == 1 else f"{count} fields need a look."
            )
        elif not checked.given:
            self._show_note(NOTHING_NEW)
        else:
            self._busy = True
            self._show_note(SAVING)
            self.work(self._save(order, checked.given), "save the order", group="save")

    async def _save(self, order: Order, given: tuple[AnswerInput, ...]) -> None:
        address = corrected(order.address, given)
        if address != order.address:
            await self._lane.orders.correct(order.uuid, address, before=order.address)
        if answers := others(given):
            await self._lane.orders.answer(order.uuid, answers)
        self._busy = False
        self.notify(SAVED, markup=False)
        self.dismiss(None)

    # Refund

    @on(Button.Pressed, "#refund")
    def action_refund(self) -> None:
        texts = self._texts
        if self._busy:
            return
        if texts is None or texts.why_no_refund:
            self._show_note(texts.why_no_refund if texts else NOT_FRESH)
            return
        order = texts.view.order.uuid

        def decided(refund: Refund | None) -> None:
            if refund is not None and not self._busy:
                self._busy = True
                self._show_note(REFUNDING)
                self.work(self._refund(order, refund), "refund the order", group="refund")

        self.app.push_screen(RefundDialog(texts), decided)

    async def _refund(self, order: str, refund: Refund) -> None:
        await self._lane.orders.refund(
            order, paid=refund.paid, amount=refund.amount, reason=refund.reason
        )
        self._busy = False
        self._show_note(REFUNDED)
        view = await self._lane.orders.of(order)
        if view is not None:
            await self._show(view, FRESH)

    # The rest

    def action_paper(self) -> None:
        from boxoffice.screens.paper import PaperScreen  # noqa: PLC0415  # seldom needed

        if self._texts is not None and (rows := self._texts.view.tickets):
            tickets = tuple(row.ticket.uuid for row in rows)
            self.app.push_screen(PaperScreen(self._lane, tickets, self._texts.view.sale))
        else:
            self._show_note(NO_TICKETS)

    @on(Button.Pressed, "#close")
    def action_back(self) -> None:
        if self._busy:
            return
        if self.query_one(TicketForm).drafts and not self._warned:
            self._warned = True
            self._show_note(NOT_SAVED)
            return
        self.dismiss(None)

    @on(QuestionField.Changed)
    def _typed(self) -> None:
        self._warned = False

    def action_page(self, by: int) -> None:
        """Scroll without leaving the field."""
        for part in (self.query_one("#order-body"), self.query_one(TicketForm)):
            part.scroll_relative(y=by * part.size.height, animate=False)

    def _show_note(self, sentence: str) -> None:
        """Show a sentence above the buttons; without one, how to go about it."""
        note = self.query_one("#order-note", Label)
        note.update(Content(sentence or HINT))
        note.set_class(not sentence, "-calm")

    def _show_state(self, sentence: str) -> None:
        self.query_one("#order-state", Label).update(Content(sentence))
