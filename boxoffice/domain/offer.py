"""What a door sells: its ticket types, how many of each, and why no more or none. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from boxoffice.domain.cart import Buyer, Cart, Discount, Line, PaymentMethod
from boxoffice.domain.discount import (
    DiscountCode,
    applied,
    find_code,
    folded,
    why_no_discount,
)
from boxoffice.domain.humanize import format_number
from boxoffice.domain.models import Event, Question, TicketType
from boxoffice.domain.money import cash_rounding, local_amount
from boxoffice.domain.questions import NOT_AN_EMAIL, is_email
from boxoffice.language import N_, _, ngettext

NOT_FREE = N_(
    "This is not free: choose how it was paid, or give a reason why the tickets are complimentary."
)
NO_LIMIT = 999
"""Tickets of one order, where the site names no limit."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be sold now, by what is known on this computer."""

    event: str
    """uuid."""
    types: tuple[TicketType, ...]
    questions: tuple[Question, ...]
    """Asked of the buyer."""
    ticket_questions: tuple[Question, ...]
    """Asked of each ticket."""
    currency: str
    """ISO 4217; empty: not known."""
    ticket_limit: int | None
    """Tickets of one order, at most; None or 0: no limit."""
    house_email: str
    """Of the settings, else the one that a person gave; empty: none."""
    last_paid: PaymentMethod
    online: bool
    offline_sales: bool
    """Sales are queued while the site cannot be reached."""
    reserve: Mapping[str, int] | None
    """What may be sold without the site, by ticket type's uuid; None: that limits nothing now."""
    at: datetime | None
    """When the stock was last read, in the event's time zone; None: not since the start."""
    cash_step: Decimal = Decimal("0.01")
    """What cash is a multiple of."""
    till_open: bool = True
    """Cash goes into the lane's open till."""
    check_in: bool = True
    """Whether what is sold is checked in at once, by default."""
    codes: tuple[DiscountCode, ...] | None = None
    """None: they were never read."""
    codes_used: Mapping[str, int] = field(default_factory=dict)
    """By the folded code: tickets it was applied to at this computer, of which the site knows
    nothing."""
    elsewhere: Collection[str] = frozenset()
    """uuids of the ticket types that this door does not admit: sold here, and not checked in."""

    @property
    def sentence(self) -> str:
        """Why no sale can be made now, and what to do; empty: one can."""
        if not self.types:
            return (
                _("The ticket types are not known yet: wait a moment, or press F5.")
                if self.online
                else _("The ticket types are not known yet: press F5 once the site can be reached.")
            )
        if self.online:
            return ""
        if not self.offline_sales:
            return _(
                "The site cannot be reached, and sales without it are switched off: wait for it, "
                "or send the buyer to the web shop."
            )
        if self.reserve is not None and not any(self.reserve.values()):
            return _("What may be sold without the site is sold: wait until it can be reached.")
        return ""

    def cart(
        self,
        lines: Iterable[Line],
        buyer: Buyer,
        paid: PaymentMethod,
        *,
        given: Decimal | None = None,
        check_in: bool | None = None,
        code: str = "",
        reason: str = "",
    ) -> Cart:
        """A sale as it is to be made; what costs nothing is free, and cash is rounded.

        What is `FREE` and has a price is complimentary, for that `reason`. `code`: a discount code.
        `given`: cash handed over. `check_in`: None: as is the default. Which of its types are let
        in here is settled by this: another lane may be the one who finishes the sale.
        """
        cart = Cart(
            event=self.event,
            currency=self.currency,
            lines=tuple(lines),
            buyer=buyer,
            paid=paid,
            given=given,
            check_in=self.check_in if check_in is None else check_in,
        )
        if cart.total and paid is PaymentMethod.FREE:
            cart = replace(cart, discount=Discount("", cart.amount, cart.total, reason))
        elif code:
            cart = replace(cart, discount=self.discount(code, cart.lines))
        if cart.lines and not cart.payable:
            cart = replace(cart, paid=PaymentMethod.FREE, given=None)
        elif cart.paid is PaymentMethod.CASH:
            cart = replace(cart, rounding=cash_rounding(cart.payable, self.cash_step))
        sold = (line.ticket_type for line in cart.lines)
        return replace(cart, elsewhere=tuple(kind for kind in sold if kind in self.elsewhere))

    def discount(self, code: str, lines: Sequence[Line]) -> Discount:
        """What a discount code takes off, whatever the time is; nothing where there is no such."""
        known = find_code(self.codes or (), code)
        if known is None:
            return Discount(code, 0, Decimal(0))
        return applied(known, lines, self.codes_used.get(folded(code), 0), self.currency)

    def discount_problem(self, cart: Cart, now: datetime) -> str:
        """What is amiss with the cart's discount, in a sentence; empty: nothing."""
        given = cart.discount
        if given is None:
            return ""
        if cart.is_complimentary:
            return "" if given.reason else _(NOT_FREE)
        if why := why_no_discount(self.codes, self.codes_used, given.code, cart.lines, now):
            return why
        if self.discount(given.code, cart.lines) != given:
            return _("The discount of {code} is another one now: look at the new total.").format(
                code=given.code
            )
        return ""

    def most(self, kind: TicketType, cart: Sequence[Line]) -> tuple[int, str]:
        """How many of a type the cart may hold, beside what it holds of the others.

        And why no more, in a sentence.
        """
        others = sum(line.amount for line in cart if line.ticket_type != kind.uuid)
        left = NO_LIMIT if kind.left is None else kind.left
        limit = max(0, min(left, (self.ticket_limit or NO_LIMIT) - others))
        if self.reserve is not None and (reserve := self.reserve.get(kind.uuid, 0)) <= limit:
            return reserve, self._beyond(kind.uuid, kind.title)
        if limit == kind.left:
            why = (
                ngettext(
                    "Only {n} of {title} is left, and {baskets} lie in baskets.",
                    "Only {n} of {title} are left, and {baskets} lie in baskets.",
                    limit,
                )
                if kind.in_baskets
                else ngettext(
                    "Only {n} of {title} is left.", "Only {n} of {title} are left.", limit
                )
            )
            return limit, why.format(n=limit, title=kind.title, baskets=kind.in_baskets)
        of_one = _("One order takes at most {most} tickets: {n} of {title}.")
        return limit, of_one.format(most=self.ticket_limit, n=limit, title=kind.title)

    def problems(self, cart: Cart, now: datetime) -> list[str]:
        """What keeps the cart from being sold, a sentence each."""
        types = {kind.uuid: kind for kind in self.types}
        found = []
        if not cart.lines:
            found.append(_("Choose at least one ticket."))
        if self.ticket_limit and cart.amount > self.ticket_limit:
            most = _("One order takes at most {most} tickets.")
            found.append(most.format(most=self.ticket_limit))
        for line in cart.lines:
            kind = types.get(line.ticket_type)
            if kind is None:
                unknown = _("{title} is no ticket type of this event.")
                found.append(unknown.format(title=line.title))
            elif reason := why_not(kind, now):
                not_sold = _("{title} cannot be sold: {reason}.")
                found.append(not_sold.format(title=line.title, reason=reason))
            elif kind.left is not None and line.amount > kind.left:
                few = _("Only {n} of {title} are left.")
                found.append(few.format(n=kind.left, title=line.title))
            elif kind.price is not None and line.price != kind.price:
                other = _(
                    "{title} costs {price} now, not {before}: look at the new total, and sell it "
                    "then."
                )
                price, before = (
                    local_amount(one, self.currency) for one in (kind.price, line.price)
                )
                found.append(other.format(title=line.title, price=price, before=before))
        if not cart.buyer.first_name or not cart.buyer.last_name:
            found.append(_("The order needs a first and a last name."))
        if not cart.buyer.email:
            found.append(_("The order needs an e-mail address: the buyer's, or the house's own."))
        elif not is_email(cart.buyer.email):
            no_email = _("{email} is no e-mail address: {why}")
            found.append(no_email.format(email=cart.buyer.email, why=_(NOT_AN_EMAIL)))
        if discount := self.discount_problem(cart, now):
            found.append(discount)
        elif cart.paid is PaymentMethod.FREE and cart.payable:
            found.append(_(NOT_FREE))
        if cart.paid is PaymentMethod.CASH and cart.given is not None and cart.given < cart.payable:
            payable = local_amount(cart.payable, self.currency)
            less = (
                _("The cash given is less than the total, which is {payable} in coins.")
                if cart.rounding
                else _("The cash given is less than the total.")
            )
            found.append(less.format(payable=payable))
        if self.reserve is not None:
            found += [
                self._beyond(line.ticket_type, line.title)
                for line in cart.lines
                if line.amount > self.reserve.get(line.ticket_type, 0)
            ]
        return found

    def _beyond(self, kind: str, title: str) -> str:
        return beyond_reserve((self.reserve or {}).get(kind, 0), title)


def beyond_reserve(left: int, title: str) -> str:
    """Why no more of a ticket type than `left` can be sold while the site cannot be reached."""
    return _("Without the site, only {n} more of {title} may be sold here.").format(
        n=left, title=title
    )


def at_the_door(kind: TicketType, event: Event) -> TicketType:
    """The type as a door sells it: with the fee where the buyer bears it, by the event's limit."""
    price = kind.price
    if price and kind.fee and event.fees_on_buyer:
        price += kind.fee
    return replace(kind, price=price, sold_out=kind.sold_out or bool(event.limit_reached))


def stock(kind: TicketType) -> str:
    """`4 left · 3 in baskets`; empty: not known how many are left."""
    if kind.left is None:
        return ""
    left = _("{n} left").format(n=format_number(kind.left))
    if not kind.in_baskets:
        return left
    return left + " · " + _("{n} in baskets").format(n=format_number(kind.in_baskets))


def why_not(kind: TicketType, now: datetime) -> str:
    """Why no ticket of this type can be sold now, in a word or two; empty: it can."""
    if not kind.active:
        return _("not active")
    if kind.members_only:
        return _("members only")
    if kind.left == 0 or kind.sold_out:
        return _("sold out")
    if kind.sales_start is not None and now < kind.sales_start:
        return _("not yet on sale")
    if kind.sales_end is not None and now > kind.sales_end:
        return _("no longer on sale")
    if kind.on_sale is False:
        return _("not on sale")
    if kind.price is None:
        return _("no price known")
    return ""
