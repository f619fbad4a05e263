"""An order in words: its facts, whether it can be refunded, and what a refund would mean."""

from dataclasses import dataclass
from datetime import tzinfo
from decimal import Decimal

from textual.content import Content

from boxoffice.domain.cart import PaymentMethod
from boxoffice.domain.models import OrderStatus
from boxoffice.domain.money import format_amount, format_money
from boxoffice.domain.party import describe_status, void_word
from boxoffice.lane.orders import OrderView
from boxoffice.language import N_, _, ngettext

SHOWN = 30
"""Tickets that are listed; more are counted."""
MORE = N_("perhaps more: not all could be asked")
ALREADY = N_("This order is refunded already.")
NOT_FRESH = N_("First let the site say how the order stands: F5.")
TO_NOTE = N_("The site has refunded it. If you give money back here, note it with Refund…")


@dataclass(frozen=True, slots=True)
class OrderTexts:
    view: OrderView
    zone: tzinfo
    """Of the event."""
    locale: str = ""
    """How money is written and read; empty: as the system does."""

    @property
    def title(self) -> Content:
        order = self.view.order
        return Content.assemble(
            _("Order {number}").format(number=self.number),
            Content.styled(f"   {order.full_name or order.email}", "not bold"),
            Content.styled(f"   {self.total}", "not bold"),
        )

    @property
    def number(self) -> str:
        """By which people know it."""
        return self.view.order.order_id or self.view.order.uuid[:8]

    @property
    def state(self) -> str:
        """`paid`, `REFUNDED`, `CANCELLED`, `NOT PAID`, `NOT PAID (PENDING)`; empty: not known."""
        order = self.view.order
        match order.status:
            case OrderStatus.UNKNOWN:
                return ""
            case OrderStatus.PAID:
                return _("paid")
            case OrderStatus.UNPAID if not order.is_new:
                return _("NOT PAID ({state})").format(state=order.state)
            case _:
                return void_word(order)

    @property
    def void(self) -> bool:
        """It lets nobody in."""
        return self.view.order.status not in (OrderStatus.UNKNOWN, OrderStatus.PAID)

    @property
    def total(self) -> str:
        """What it cost, and whether that is certain; empty: not known."""
        view = self.view
        if view.amount is None:
            return ""
        total = format_money(view.amount, view.currency, self.locale)
        return _("{total} by today's prices").format(total=total) if view.estimated else total

    def refundable(self, paid: PaymentMethod | None) -> str:
        """What is given back in that way, without the currency, as `read_money` reads it back."""
        return amount_of(self.view.refundable(paid), self.view.currency, self.locale)

    def facts(self) -> list[tuple[str, str]]:
        """All that is known beside the buyer: labels and texts, empty ones left out."""
        view, order = self.view, self.view.order
        bought = order.created.astimezone(self.zone) if order.created else None
        rows = [
            (_("State"), self.state),
            (_("Total"), self.total),
            (_("Bought"), f"{bought:%d.%m.%Y %H:%M}" if bought else ""),
            (_("Sold here"), self._sold()),
            (_("Paid here"), self._paid_here()),
            (_("External id"), order.external_order_id or ""),
            ("", ""),
        ]
        for place, row in enumerate(view.tickets[:SHOWN]):
            label = self._tickets if place == 0 else " "
            name, state = row.ticket.display_name, describe_status(row, self.zone)
            guess = (_("same e-mail?"),) if view.party.is_guess(row) else ()
            rows.append((label, " · ".join((name, row.ticket.ticket_type, state, *guess))))
        if len(view.tickets) > SHOWN:
            rows.append((" ", _("and {n} more").format(n=len(view.tickets) - SHOWN)))
        if not view.party.complete:
            rows.append((" ", _(MORE)))
        return [(label, text) for label, text in rows if text]

    def _sold(self) -> str:
        sale = self.view.sale
        if sale is None:
            return ""
        sentence = (
            _("{time} by {operator}, {paid}, no. {number} of {lane}")
            if sale.operator
            else _("{time}, {paid}, no. {number} of {lane}")
        )
        return sentence.format(
            time=f"{sale.at.astimezone(self.zone):%d.%m. %H:%M}",
            operator=sale.operator,
            paid=sale.cart.paid.label.lower(),
            number=sale.number,
            lane=sale.lane,
        )

    @property
    def _tickets(self) -> str:
        number = len(self.view.tickets)
        return ngettext("{n} ticket", "{n} tickets", number).format(n=number)

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
    def is_settled(self) -> bool:
        """Nothing of it can be refunded any more, nor noted."""
        return self.view.order.refunded and not self.view.to_note

    @property
    def why_no_refund(self) -> str:
        """Why it cannot be refunded now; empty: it can, after asking."""
        if self.is_settled:
            return _(ALREADY)
        return "" if self.view.confirmed else _(NOT_FRESH)

    @property
    def refund_question(self) -> str:
        order = self.view.order
        who = order.full_name or order.email or _("a buyer without a name")
        called = _("order {number} of {who}").format(number=self.number, who=who)
        return (
            _("What goes back for {called}?").format(called=called)
            if self.view.to_note
            else _("Refund {called}?").format(called=called)
        )

    @property
    def consequence(self) -> str:
        view, tickets = self.view, self._tickets
        inside = sum(row.is_in for row in view.tickets)
        sentences = [
            f"{tickets}, {self.total.removesuffix('.')}."
            if self.total
            else _("{tickets}; what they cost is not known here.").format(tickets=tickets),
            _("The site has refunded it already: say what you give back, for the night's account.")
            if view.to_note
            else _("All of them become invalid. This cannot be taken back."),
        ]
        if inside:
            already = ngettext("{n} of them is in already.", "{n} of them are in already.", inside)
            sentences.append(already.format(n=inside))
        if not view.party.complete:
            sentences.append(_("There may be more tickets on the order than are listed."))
        return " ".join(sentences)


def amount_of(amount: Decimal | None, currency: str, locale: str) -> str:
    """An amount without its currency; nothing where it is not known."""
    return "" if amount is None else format_amount(amount, currency, locale)
