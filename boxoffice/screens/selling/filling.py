"""The form of a sale: what is filled in, and what is shown of it."""

from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any

from textual import events, on
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input, Label

from boxoffice.clock import Clock, SystemClock
from boxoffice.domain.cart import Cart, Paid, most, put
from boxoffice.domain.models import TicketType
from boxoffice.domain.money import format_money, read_money
from boxoffice.domain.sale import Sale
from boxoffice.lane import Lane
from boxoffice.lane.box_office import Offer
from boxoffice.screens.base import BaseScreen
from boxoffice.screens.selling import asking, till_view
from boxoffice.widgets.buttons import put_label
from boxoffice.widgets.figures import Figures
from boxoffice.widgets.paid_by import PaidBy
from boxoffice.widgets.questions import QuestionField
from boxoffice.widgets.sale_form import SaleForm
from boxoffice.widgets.type_list import TypeList, type_rows

HOW_MANY = "Type how many tickets first: a digit, or + and -."
GIVEN = r"[0-9., ]*"


class SaleFilling(BaseScreen[None]):
    """A screen with a cart that is filled in. What to do with it is its subclass's."""

    def __init__(
        self,
        lane: Lane,
        *,
        clock: Clock | None = None,
        kept: MutableMapping[str, dict[str, Any]] | None = None,
    ) -> None:
        """`kept`: where a half-filled sale is kept between two openings."""
        super().__init__()
        self.lane = lane
        self.box_office = lane.box_office
        self.locale = lane.box_office.policy.locale
        self.clock = clock or SystemClock()
        self.kept = {} if kept is None else kept
        self.half = asking.kept_half(self.kept, lane.event.uuid)
        self.offer: Offer | None = None
        self.last: Sale | None = None
        """The sale made before this one."""
        self.open_sales: list[Sale] = []
        self.said = ""

    def body(self) -> Iterable[Widget]:
        yield Label(Content(f"Sale · {self.lane.event.title}"), id="sale-title", markup=False)
        yield Label("", id="sale-before", markup=False)
        with Vertical(id="sale-body"):
            yield TypeList(self._want, self._go_on)
            yield SaleForm(self.half.drafts)
        yield Label("", id="sale-buyer", markup=False)
        yield PaidBy()
        with Horizontal(id="sale-given"):
            yield Label("  Given    ", markup=False)
            yield Input(self.half.given, restrict=GIVEN, max_length=14, compact=True, id="given")
            yield Label("", id="sale-given-note", markup=False)
        yield Figures()
        yield Label("", id="sale-note", markup=False)
        with Horizontal(classes="buttons"):
            yield Button("Sell", id="sell", variant="primary", compact=True)
            yield Button("Check in now: yes", id="check-in", compact=True)
            yield Button("", id="more", compact=True)
            yield Button("Close", id="close", compact=True)

    # What is filled in

    def _want(self, kind: TicketType, amount: int, digit: int | None) -> None:
        """Have so many tickets of a type, or say why not; `digit`: of those typed, the last."""
        if self.offer is None:
            return
        limit = most(kind, self.half.lines, self.offer.ticket_limit)
        if (reserve := self._reserve) is not None:
            limit = min(limit, reserve.get(kind.uuid, 0))
        self.say("")
        if amount > limit:
            self.say(till_view.at_most(kind, limit, self.offer))
            if digit is None or digit > limit:
                return
            amount = digit
        self.half.lines = put(self.half.lines, kind, amount)
        self.draw()
        self.work(self.show_form(), "ask the questions of the tickets", group="form")

    def _go_on(self) -> None:
        """From the tickets to what is still to be filled in: answers, cash, or the sale itself."""
        if not self.half.lines:
            self.say(HOW_MANY)
        elif not self.query_one(SaleForm).first_open():
            cash = self._paid is Paid.CASH and self.cart().total
            self.set_focus(self.query_one("#given" if cash else "#sell"))

    def action_turn_paid(self, by: int) -> None:
        self.query_one(PaidBy).action_turn(by)

    def action_paid(self) -> None:
        self.action_turn_paid(1)

    @property
    def _paid(self) -> Paid:
        known = self.half.paid or (self.offer.last_paid if self.offer else Paid.CASH)
        return Paid.CASH if known is Paid.FREE else known

    @property
    def _reserve(self) -> Mapping[str, int] | None:
        """What may be sold while offline; None: that is not what limits a sale."""
        offer = self.offer
        return offer.reserve if offer is not None and offer.offline_sales else None

    @property
    def _check_in(self) -> bool:
        policy = self.box_office.policy.check_in
        return policy if self.half.check_in is None else self.half.check_in

    @on(PaidBy.Changed)
    def _pay_by(self, event: PaidBy.Changed) -> None:
        self.half.paid = event.paid
        self.draw()

    @on(Input.Changed, "#given")
    def _give(self, event: Input.Changed) -> None:
        self.half.given = event.value
        self.draw()

    @on(QuestionField.Changed)
    def _typed(self) -> None:
        self.half.drafts = self.query_one(SaleForm).drafts
        self.draw()

    @on(Button.Pressed, "#check-in")
    def action_check_in_now(self) -> None:
        self.half.check_in = not self._check_in
        self.draw()

    @on(Button.Pressed, "#more")
    def action_more(self) -> None:
        self.half.more = not self.half.more
        self.draw()
        self.work(self.show_form(), "show the optional questions", group="form")

    def cart(self) -> Cart:
        """What is filled in so far, without the answers."""
        given = read_money(self.query_one("#given", Input).value, self.locale)
        return self.box_office.cart(
            self.half.lines,
            asking.buyer_of(
                self.query_one(SaleForm).drafts,
                self.offer.house_email if self.offer else "",
                self.lane.name,
            ),
            self._paid,
            given=given if self._paid is Paid.CASH else None,
            check_in=self._check_in,
            currency=self.offer.currency if self.offer else "",
        )

    # What is shown

    async def show_offer(self, offer: Offer) -> None:
        """Show what can be sold now; what is filled in stays, at the prices of now."""
        before, lacked = self.half.lines, self.offer.sentence if self.offer else ""
        self.offer = offer
        lines = self.half.lines = asking.repriced(before, offer)
        changed = [
            new.title for new, old in zip(lines, before, strict=True) if new.price != old.price
        ]
        if changed:
            self.say(f"The price of {', '.join(changed)} has changed: look at the total.")
        elif offer.sentence != lacked or self.said == lacked:
            self.say("")  # what keeps a sale from being made stands there by itself
        self.draw()
        await self.show_form()
        self.draw()

    async def show_form(self) -> None:
        """Ask what is to be asked for the tickets that are chosen."""
        if self.offer is not None:
            fields = asking.fields_of(self.offer, self.half.lines, more=self.half.more)
            await self.query_one(SaleForm).show(fields)

    def draw(self) -> None:
        """Draw all but the fields."""
        offer, cart, locale = self.offer, self.cart(), self.locale
        if offer is None:
            return
        title = till_view.title(self.lane.event.title, offer)
        self.query_one("#sale-title", Label).update(title)
        prices = {kind.uuid: till_view.price(kind, offer.currency, locale) for kind in offer.types}
        self.query_one(TypeList).show(
            type_rows(offer.types, self.half.lines, prices, self.clock.now(), self._reserve)
        )
        self.query_one("#sale-buyer", Label).update(till_view.buyer_line(cart.buyer))
        self.query_one(PaidBy).show(self._paid, free=cart.paid is Paid.FREE)
        self.query_one("#sale-given").display = cart.paid is Paid.CASH
        typed = self.query_one("#given", Input).value.strip()
        note = "" if typed else "nothing typed: the exact amount"
        self.query_one("#sale-given-note", Label).update(note)
        bad = bool(typed) and cart.given is None
        self.query_one(Figures).show(till_view.figures(cart, locale, bad=bad))
        before = till_view.before(self.open_sales, self.last, locale)
        line = self.query_one("#sale-before", Label)
        line.update(before)
        line.display = bool(before.plain)
        self._draw_buttons(cart, offer)

    def _draw_buttons(self, cart: Cart, offer: Offer) -> None:
        count = asking.optional(offer, cart.lines)
        labels = {
            "#sell": f"Sell for {format_money(cart.total, offer.currency, self.locale)}",
            "#check-in": f"Check in now: {'yes' if cart.check_in else 'no'}",
            "#more": "Fewer questions" if self.half.more else f"{count} more questions",
        }
        for button, label in labels.items():
            put_label(self.query_one(button, Button), label)
        self.query_one("#more").display = bool(count)

    def say(self, sentence: str) -> None:
        """Say something above the buttons; else why no sale can be made, else what Enter does."""
        self.said = sentence
        said = sentence or (self.offer.sentence if self.offer else "")
        note = self.query_one("#sale-note", Label)
        note.update(Content(said or till_view.hint(self.focused)))
        note.set_class(not said, "-calm")

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        self.say(self.said)
