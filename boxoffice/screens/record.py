"""A screen of one thing at the site: what is known of it as facts, and a form that corrects it.

The facts of a ticket and of an order in words, and what a refund would mean.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import ClassVar

from rich.table import Table
from rich.text import Text
from textual import on
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Label, Static

from boxoffice.domain.cart import PaymentMethod
from boxoffice.domain.humanize import count
from boxoffice.domain.models import Order, OrderStatus
from boxoffice.domain.money import format_amount, format_money
from boxoffice.domain.party import standing
from boxoffice.domain.questions import Checked, Draft, other_answers
from boxoffice.lane import Details, Lane, OrderView
from boxoffice.language import _
from boxoffice.screens.base import ARROWS, PAGES, LaneScreen, Result
from boxoffice.widgets.form import Item, QuestionField, TicketForm, need_a_look

KNOWN = "As this computer knows it"
ASKING = f"{KNOWN} · asking the server…"
FRESH = "As the server has it now"
HINT = "Enter or Tab: next · Space: pick · Ctrl+S: save"
SAVING = "Saving…"
NOTHING_NEW = "Nothing was changed."


class RecordScreen(LaneScreen[Result]):
    """Shows what this computer knows, then what the server has; what is typed stays as it is."""

    BINDINGS = [*ARROWS, *PAGES]
    sheets = "form ticket"
    AUTO_FOCUS = ""  # not a button, before there are fields
    scrolled = "#record-body, TicketForm"
    unnamed: ClassVar[str] = ""
    """Stands in place of the name until that is known."""
    item: ClassVar[Item]
    """What one field of the form is called."""
    _needs_a_look = False
    """The note says how many fields do."""

    def __init__(self, lane: Lane, drafts: Mapping[str, Draft] | None = None) -> None:
        """`drafts`: what was typed before and not saved, by the question's uuid."""
        super().__init__(lane)
        self.form = TicketForm(drafts or {})

    def buttons(self) -> Iterable[Button]:
        """Those below the form, with `Save` first."""
        raise NotImplementedError

    async def load(self) -> None:
        """Show what this computer knows."""
        raise NotImplementedError

    async def refresh_record(self) -> None:
        """Show what the server has."""
        raise NotImplementedError

    def body(self) -> Iterable[Widget]:
        with Vertical(id="record-head"):
            yield Label(self.unnamed, id="record-name", markup=False)
            yield Label("", id="record-state", markup=False)
        with Vertical(id="record-body"):
            yield Static(id="record-facts", markup=False)
            yield self.form
        yield Label(HINT, id="record-note", classes="-calm", markup=False)
        yield Horizontal(*self.buttons(), classes="buttons")

    def on_mount(self) -> None:
        self.work(self._load(), "load what is shown", group="load")

    async def _load(self) -> None:
        await self.load()
        self.form.focus_first()
        self.action_refresh()

    def action_refresh(self) -> None:
        """Ask the server; what is typed stays as it is."""
        if not self.is_working("refresh", "save", "refund"):
            self.work(self._refresh(), "read it from the server", group="refresh")

    async def _refresh(self) -> None:
        first = not self.form.children
        await self.refresh_record()
        if first and self.app.screen is self:
            self.form.focus_first()

    def failed(self, group: str, sentence: str) -> None:
        if group == "refresh":
            self.show_state(f"{KNOWN} · {sentence}" if self.form.children else sentence)
        else:
            self.show_note(sentence)

    def checked(self, *, admit: bool = False) -> Checked | None:
        """What was filled in; None: some of it needs a look, which is shown."""
        checked = self.form.look_through(admit=admit)
        self._needs_a_look = bool(checked.problems)
        if checked.problems:
            self.show_note(need_a_look(checked.problems, self.item))
            return None
        return checked

    @on(QuestionField.Changed)
    def _count_problems(self) -> None:
        """What was wrong and is mended is not called wrong any longer."""
        if self._needs_a_look:
            problems = self.form.problems
            self._needs_a_look = bool(problems)
            self.show_note(need_a_look(problems, self.item) if problems else "")

    def show_facts(self, facts: Iterable[tuple[str, str]]) -> None:
        """Show labels with texts beside them."""
        self.query_one("#record-facts", Static).update(grid(facts))

    def show_note(self, sentence: str) -> None:
        """Show a sentence above the buttons; without one, how to go about it."""
        self.write("#record-note", sentence or HINT).set_class(not sentence, "-calm")

    def show_state(self, sentence: str) -> None:
        """Show how fresh it is."""
        self.write("#record-state", sentence)


LABELS = 12
"""Columns for the labels."""


def grid(rows: Iterable[tuple[str, str]]) -> Table:
    """Labels with texts beside them."""
    table = Table.grid(padding=(0, 1))
    table.add_column(width=LABELS)
    table.add_column(overflow="fold")
    for label, text in rows:
        table.add_row(Text(label, style="dim"), Text(text))
    return table


def facts(details: Details, zone: tzinfo) -> list[tuple[str, str]]:
    """What of a ticket cannot be edited, with times in `zone`; empty fields are left out."""
    ticket = details.ticket
    rows = [
        ("Check-in", check_in(details, zone)),
        ("Look at", details.status.attention),
        ("Order", _order(details.order)),
        ("Buyer", _buyer(details.order)),
        ("E-mail", ticket.email),
        ("Company", ticket.company_name or ""),
        ("Valid", _day(ticket.date, zone)),
        ("Seat", ticket.seat),
        ("Number", "" if ticket.number is None else str(ticket.number)),
        ("Code", ticket.uuid),
        ("Other code", ticket.external_uuid or ""),
        ("Short URL", f"…/t/{ticket.url}/" if ticket.url else ""),
    ]
    rows += other_answers(details.questions, details.answers)
    return [(label, text) for label, text in rows if text]


def check_in(details: Details, zone: tzinfo) -> str:
    """Whether the ticket is in, since when, and who says so."""
    ticket, status, seen = details.ticket, details.status, details.seen_in
    if ticket.refunded:
        return "refunded: not valid"
    if status.admitted_at is not None:
        at = status.admitted_at.astimezone(zone)
        waiting = ", not confirmed yet" if status.waiting else ""
        return f"in since {at:%H:%M}, by this computer{waiting}"
    if status.let_in_at is not None:
        return f"in since {status.let_in_at.astimezone(zone):%H:%M}, by {status.let_in_by}"
    if not ticket.checked_in:
        return "not in"
    if seen is None:
        return "in"
    before = seen.before.astimezone(zone)
    if seen.after is None:
        return f"in, elsewhere, before {before:%H:%M}"
    return f"in, elsewhere, {seen.after.astimezone(zone):%H:%M} to {before:%H:%M}"


def _order(order: Order | None) -> str:
    if order is None:
        return ""
    state = "refunded" if order.refunded else order.state.lower()
    return " · ".join(part for part in (order.order_id, state) if part)


def _buyer(order: Order | None) -> str:
    if order is None:
        return ""
    return ", ".join(part for part in (order.full_name, order.email) if part)


def _day(moment: str | None, zone: tzinfo) -> str:
    if not moment:
        return ""
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return moment
    at = at.astimezone(zone) if at.tzinfo else at
    return f"{at:%A %d %B %Y, %H:%M}"


SHOWN = 30
"""Tickets that are listed; more are counted."""
MORE = "perhaps more: not all could be asked"
ALREADY = "This order is refunded already."
NOT_FRESH = "First let the server say how the order stands: F5."
TO_NOTE = "The site has refunded it. If you give money back here, note it with Refund…"


@dataclass(frozen=True, slots=True)
class OrderTexts:
    """What the screens of an order say of it."""

    view: OrderView
    zone: tzinfo
    """Of the event."""
    locale: str = ""
    """How money is written and read; empty: as the system does."""

    @property
    def title(self) -> Content:
        order = self.view.order
        return Content.assemble(
            f"Order {self.number}",
            Content.styled(f"   {order.full_name or order.email}", "not bold"),
            Content.styled(f"   {self.total}", "not bold"),
        )

    @property
    def number(self) -> str:
        """By which people know it."""
        return self.view.order.order_id or self.view.order.uuid[:8]

    @property
    def state(self) -> str:
        """`paid`, `REFUNDED`, `CANCELLED`, `NOT PAID (NEW)`; empty: not known."""
        order = self.view.order
        match order.status:
            case OrderStatus.UNKNOWN:
                return ""
            case OrderStatus.PAID:
                return "paid"
            case OrderStatus.UNPAID:
                return f"NOT PAID ({order.state})"
            case _:
                return order.status.upper()

    @property
    def void(self) -> bool:
        """It lets nobody in."""
        return self.state.isupper()

    @property
    def total(self) -> str:
        """What it cost, and whether that is certain; empty: not known."""
        view = self.view
        if view.amount is None:
            return ""
        note = " by today's prices" if view.estimated else ""
        return f"{format_money(view.amount, view.currency, self.locale)}{note}"

    def refundable(self, paid: PaymentMethod | None) -> str:
        """What is given back in that way, without the currency, as `read_money` reads it back."""
        return amount_of(self.view.refundable(paid), self.view.currency, self.locale)

    def facts(self) -> list[tuple[str, str]]:
        """All that is known beside the buyer: labels and texts, empty ones left out."""
        view, order = self.view, self.view.order
        bought = order.created.astimezone(self.zone) if order.created else None
        rows = [
            ("State", self.state),
            ("Total", self.total),
            ("Bought", f"{bought:%d.%m.%Y %H:%M}" if bought else ""),
            ("Sold here", self._sold()),
            (_("Paid here"), self._paid_here()),
            ("External id", order.external_order_id or ""),
            ("", ""),
        ]
        for place, row in enumerate(view.tickets[:SHOWN]):
            label = count(len(view.tickets), "ticket") if place == 0 else " "
            name, state = row.ticket.display_name, standing(row, self.zone)
            guess = " · same e-mail?" if view.party.is_guess(row) else ""
            rows.append((label, f"{name} · {row.ticket.ticket_type} · {state}{guess}"))
        if len(view.tickets) > SHOWN:
            rows.append((" ", f"and {len(view.tickets) - SHOWN} more"))
        if not view.party.complete:
            rows.append((" ", MORE))
        return [(label, text) for label, text in rows if text]

    def _sold(self) -> str:
        sale = self.view.sale
        if sale is None:
            return ""
        by = f" by {sale.operator}" if sale.operator else ""
        at = f"{sale.at.astimezone(self.zone):%d.%m. %H:%M}"
        return f"{at}{by}, {sale.cart.paid.label.lower()}, no. {sale.number} of {sale.lane}"

    def _paid_here(self) -> str:
        payment = self.view.payment
        if payment is None:
            return ""
        return _("{amount}, {way}, {time}, at {lane}: the organiser settles it at the site").format(
            amount=self.taken,
            way=payment.paid.label,
            time=f"{payment.at.astimezone(self.zone):%d.%m. %H:%M}",
            lane=payment.lane,
        )

    @property
    def taken(self) -> str:
        """What was paid here for it, as it is written; empty: nothing."""
        payment = self.view.payment
        return format_money(payment.amount, payment.currency, self.locale) if payment else ""

    @property
    def why_no_refund(self) -> str:
        """Why it cannot be refunded now; empty: it can, after asking."""
        view = self.view
        if view.order.refunded and not view.to_note:
            return ALREADY
        return "" if view.confirmed else NOT_FRESH

    @property
    def refund_question(self) -> str:
        """What the person is asked before."""
        order = self.view.order
        who = order.full_name or order.email or "a buyer without a name"
        called = f"order {self.number} of {who}"
        return f"What goes back for {called}?" if self.view.to_note else f"Refund {called}?"

    @property
    def consequence(self) -> str:
        """What a refund does, in sentences."""
        view, tickets = self.view, count(len(self.view.tickets), "ticket")
        inside = sum(row.is_in for row in view.tickets)
        sentences = [
            f"{tickets}, {self.total.removesuffix('.')}."
            if self.total
            else f"{tickets}; what they cost is not known here.",
            "The site has refunded it already: say what you give back, for the night's account."
            if view.to_note
            else "All of them become invalid. This cannot be taken back.",
        ]
        if inside:
            sentences.append(f"{inside} of them {'is' if inside == 1 else 'are'} in already.")
        if not view.party.complete:
            sentences.append("There may be more tickets on the order than are listed.")
        return " ".join(sentences)


def amount_of(amount: Decimal | None, currency: str, locale: str) -> str:
    """An amount without its currency; nothing where it is not known."""
    return "" if amount is None else format_amount(amount, currency, locale)
