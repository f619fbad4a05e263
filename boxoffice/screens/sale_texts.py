"""What the screens of a sale say: the lines around its form, and how it stands afterwards."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from textual.content import Content

from boxoffice.domain import signs
from boxoffice.domain.cart import Cart, Line, PaymentMethod, list_lines
from boxoffice.domain.highlights import Highlights
from boxoffice.domain.humanize import format_duration
from boxoffice.domain.models import Ticket, TicketType
from boxoffice.domain.money import format_money
from boxoffice.domain.offer import Offer
from boxoffice.domain.sale import Sale, SaleAction, SaleState
from boxoffice.domain.verdicts import Tone
from boxoffice.language import N_, _, ngettext
from boxoffice.screens.dialogs import ConfirmDialog, EmailDialog, ReasonDialog
from boxoffice.widgets.big_text import Figure
from boxoffice.widgets.sale_inputs import amount_figure, format_rounding, payable
from boxoffice.widgets.verdict import Face

_S = SaleState
UNDER_WAY = frozenset({_S.SENDING, _S.UNKNOWN})
HOUSE = N_("HOUSE E-MAIL")
NO_EMAIL = N_("! NO E-MAIL YET")
HINTS = {
    "types": N_("Digits: how many · Enter: go on · ← →: paid by"),
    "given": N_("Enter: sell · F3: paid in another way"),
    "sell": N_("Enter: sell · Shift+Tab: back"),
}
"""What the keys do, by where the cursor is."""
HINT = N_("Enter or Tab: next · Space: pick · Ctrl+S: sell")
QUEUED = N_("Paid here; the order is placed when the site can be reached.")

# Around the form


def title(event: str, offer: Offer) -> Content:
    """The event, and how old the stock is that is shown."""
    stock = _("stock as last known")
    if offer.at:
        stock = _("stock of {time}").format(time=f"{offer.at:%H:%M}")
    return Content.assemble(
        _("Sale · {event}").format(event=event),
        Content.styled(f"   {stock}", "$label"),
        "" if offer.online else Content.styled(f"   {_('OFFLINE')}", "$warn"),
    )


def buyer_line(cart: Cart, locale: str) -> Content:
    """Who buys, and what is taken off: to be seen also where the form is scrolled.

    There is room for both where the house's address is not written out.
    """
    buyer, discount = cart.buyer, discount_line(cart, locale)
    email = "" if buyer.house and discount else buyer.email
    return Content.assemble(
        Content.styled(f"{discount} · ", "bold") if discount else "",
        Content.styled(f"{_('Buyer')}  ", "$label"),
        Content.styled(buyer.full_name, "bold"),
        " · ",
        email if buyer.email else Content.styled(_(NO_EMAIL), "$warn bold"),
        Content.styled(f"{'  ' if email else ''}{_house()}", "$warn bold") if buyer.house else "",
    )


def _house() -> str:
    return f"{signs.JOINED} {_(HOUSE)}"


def price(kind: TicketType, currency: str, locale: str) -> str:
    if kind.price is None:
        return "–"
    return format_money(kind.price, currency, locale) if kind.price else _("free")


def before(open_sales: Sequence[Sale], last: Sale | None, locale: str) -> Content:
    """What was sold before, and that sales need a person; empty: neither."""
    parts = []
    if count := sum(sale.needs_person for sale in open_sales):
        text = ngettext(
            "! {n} sale needs a person: F6 at the door",
            "! {n} sales need a person: F6 at the door",
            count,
        )
        parts.append(Content.styled(text.format(n=count), "$warn bold"))
    if last is not None:
        parts.append(_last_line(last, locale))
    return Content("   ").join(parts)


def _last_line(sale: Sale, locale: str) -> Content:
    """The sale before this one: its change can still be read when the next has begun."""
    cart = sale.cart
    change = format_money(cart.change, cart.currency, locale) if cart.change else ""
    match sale.state:
        case SaleState.SOLD | SaleState.DONE:
            word = f"{signs.YES} {_('sold')}"
        case SaleState.QUEUED:
            word = _("… not yet issued")
        case _:
            word, change = _("? not settled: F6 shows it from the door"), ""
    sold = _("Before: {sale}").format(sale=sale.external_order_id)
    return Content.assemble(
        Content.styled(f"{sold} {word}", "$label"),
        Content.styled(f" · {_('CHANGE')} {change}", "bold") if change else "",
    )


# How it stands


BLUE, YELLOW, RED, GREEN = Tone.BLUE, Tone.YELLOW, Tone.RED, Tone.GREEN
_STATES = (
    (_S.SENDING, BLUE, "…", N_("PLACING"), N_("The order is on its way to the site.")),
    (
        _S.UNKNOWN,
        BLUE,
        "?",
        N_("NOT KNOWN YET"),
        N_("The site did not say whether the order is placed."),
    ),
    (
        _S.NOT_PLACED,
        YELLOW,
        "!",
        N_("NOT PLACED"),
        N_("Looked for: there is no such order at the site."),
    ),
    (
        _S.UNSURE,
        YELLOW,
        "!",
        N_("CANNOT TELL"),
        N_("It cannot be found out whether the order is placed."),
    ),
    (_S.FAILED, RED, signs.NO, N_("REFUSED"), N_("The site refused it after the money was taken.")),
    (
        _S.SOLD,
        GREEN,
        signs.YES,
        N_("SOLD"),
        N_("The order is placed; its tickets are being found."),
    ),
    (_S.DONE, GREEN, signs.YES, N_("SOLD"), ""),
    (_S.REFUSED, RED, signs.NO, N_("REFUSED"), N_("The site refused the order.")),
    (_S.QUEUED, YELLOW, "!", N_("NOT YET ISSUED"), QUEUED),
    (_S.DROPPED, RED, signs.NO, N_("GIVEN UP"), N_("This sale was given up.")),
)
_FACES = {
    state: Face(word, reason=reason, tone=tone, symbol=symbol)
    for state, tone, symbol, word, reason in _STATES
}
_ADVICE = {
    _S.SENDING: N_("Keep the buyer here."),
    _S.UNKNOWN: N_("It is being looked for: do not sell it again, and give no change yet."),
    _S.NOT_PLACED: N_("Sell it again, or give it up and hand the money back."),
    _S.UNSURE: N_(
        "Look at the site's own list of orders for this buyer and time. Found: say "
        "which. Not there: sell it again, or give it up and hand the money back."
    ),
    _S.FAILED: N_("Sell it again once the reason is mended, or give it up and pay the money back."),
    _S.REFUSED: N_(
        "Nothing is sold and nothing is in the account. The form is as you filled it in."
    ),
    _S.QUEUED: N_("F8 prints the slip: its number stands for the tickets until they are issued."),
}
"""What to do."""


def face_of(sale: Sale, now: datetime, time: str, extras: Sequence[Line] = ()) -> Face:
    """What the band shows.

    `time`: when the sale began, as it is written. `extras`: what of it is merchandise.
    """
    face = _FACES[sale.state]
    why = _(sale.reason if sale.reason and not _is_no_news(sale) else face.reason)
    if sale.state in UNDER_WAY:
        why = f"{why} {format_duration(now - (sale.posted_at or sale.at))}."
    if sale.state is _S.DONE:
        why = _checked_in(sale, extras)
    name, sold = sale.cart.buyer.full_name, list_lines(sale.cart.lines)
    return face._replace(name=name, kind=sold, reason=why, time=time)


def _checked_in(sale: Sale, extras: Sequence[Line]) -> str:
    if sale.checked_in:
        if len(extras) == len(sale.cart.lines):
            return _("Handed out: give them {extras}.").format(extras=list_lines(extras))
        alone = sale.cart.amount == 1
        if not extras:
            return _("Checked in: let them in.") if alone else _("All checked in: let them in.")
        sentence = (
            _("Checked in: let them in, and hand over {extras}.")
            if alone
            else _("All checked in: let them in, and hand over {extras}.")
        )
        return sentence.format(extras=list_lines(extras))
    if not sale.cart.check_in:
        return _("Not checked in, as was asked for: the tickets are for later.")
    return _(sale.reason) or _("Not checked in: scan the tickets.")


def figures_of(sale: Sale, locale: str, *, was_booked: bool = False) -> list[Figure]:
    """What is to be handed over, in large: never any change before the sale is certain.

    `was_booked`: of a sale that is given up, its money was in the account, and its change given.
    """
    cart = sale.cart
    total = payable(cart, locale)
    change = amount_figure(_("CHANGE"), cart.change, cart, locale, strong=True)
    shown = change if cart.change else total
    match sale.state:
        case _S.SOLD | _S.DONE:
            return [shown]
        case _S.QUEUED:
            return [Figure(_("SALE NUMBER"), str(sale.number), strong=True), shown]
        case _S.DROPPED if sale.cart.payable:
            label = _("GIVE BACK") if cart.paid is PaymentMethod.CASH else _("TO BE PAID BACK")
            owed = sale._replace(booked=was_booked or sale.booked).to_give_back
            return [amount_figure(label, owed, cart, locale, strong=True)]
        case _:
            return [total]


def advice(sale: Sale) -> str:
    """What to do now, in a sentence or two."""
    if sale.state is _S.UNKNOWN and sale.unattended:
        return _("It is being looked for, and placed again by itself once it is known not to be.")
    if sale.state is _S.SOLD and sale.reason and sale.cart.check_in:
        return _("Let them in: they are checked in by themselves once their tickets are found.")
    return _(_ADVICE.get(sale.state, ""))


GIFT_REASONS = (
    N_("On the guest list"),
    N_("Press"),
    N_("Works here tonight"),
    N_("The organiser said so"),
)
"""To pick from."""


def house_email_dialog(value: str) -> EmailDialog:
    """Asks for the house's own; `value`: the one of now."""
    text = _(
        "The site takes no order without an e-mail address. Which one stands in for buyers who "
        "give none? Their tickets are mailed there. It is asked once, and kept on this computer."
    )
    return EmailDialog(_("The house's own e-mail"), text, value)


def gift_dialog(cart: Cart, locale: str) -> ReasonDialog:
    """Asks why tickets are given away."""
    text = _(
        "{tickets}, at {value}, and nothing is paid. The order at the site keeps its price; the "
        "report names it."
    ).format(tickets=list_lines(cart.lines), value=format_money(cart.total, cart.currency, locale))
    return ReasonDialog(_("Give these tickets away?"), text, _("Give"), [*map(_, GIFT_REASONS)])


def discard_dialog(lines: Sequence[Line]) -> ConfirmDialog:
    """Asks before a sale that is not made yet is emptied."""
    sold = _("Nothing is sold: {tickets}.").format(tickets=list_lines(lines)) if lines else ""
    emptied = _("What is filled in is emptied.")
    return ConfirmDialog(_("Discard this sale?"), f"{sold} {emptied}".strip(), _("Discard"))


def labels(cart: Cart, offer: Offer, locale: str, *, optional: int, more: bool) -> dict[str, str]:
    """What the buttons say, by their ids. `optional`: questions that `more` shows."""
    hidden = ngettext("{n} more question", "{n} more questions", optional).format(n=optional)
    return {
        "sell": _("Give them away…")
        if cart.is_complimentary
        else _("Sell for {amount}").format(
            amount=format_money(cart.payable, offer.currency, locale)
        ),
        "check_in_now": _("Check in now: yes") if cart.check_in else _("Check in now: no"),
        "more": _("Fewer questions") if more else hidden,
    }


def paid_line(cart: Cart, locale: str) -> str:
    """How it is paid: `Cash · total 295,00 kr. · given 500,00 kr. · change 205,00 kr.`."""

    def money(amount: Decimal) -> str:
        return format_money(amount, cart.currency, locale)

    parts = [cart.paid.label, _("total {amount}").format(amount=money(cart.due))]
    if cart.paid is PaymentMethod.CASH and cart.given is not None:
        parts.append(_("given {amount}").format(amount=money(cart.given)))
        parts.append(_("change {amount}").format(amount=money(cart.change)))
    return " · ".join(parts)


def discount_line(cart: Cart, locale: str) -> str:
    """`VIP20 −60,00 kr.`, or that it is complimentary; empty: nothing is taken off."""
    if cart.discount is None or not cart.discounted:
        return ""
    off = format_money(-cart.discounted, cart.currency, locale)
    return f"{cart.discount.code or _('Complimentary')} {off}"


def rounding_line(cart: Cart, locale: str) -> str:
    """`+0,10 · 299,00 kr. in coins`; empty: there is none."""
    if not cart.rounding:
        return ""
    payable = format_money(cart.payable, cart.currency, locale)
    coins = _("{amount} in coins").format(amount=payable)
    return f"{format_rounding(cart, locale)} · {coins}"


def money_line(cart: Cart, locale: str) -> str:
    """What was bought, what is off it, and how it is paid, in one line."""
    rounding = rounding_line(cart, locale)
    parts = [list_lines(cart.lines), discount_line(cart, locale), paid_line(cart, locale)]
    parts.append(_("rounding {amount}").format(amount=rounding) if rounding else "")
    return " · ".join(part for part in parts if part)


def facts_of(sale: Sale, time: str, locale: str) -> list[tuple[str, str]]:
    """What is known of it, as label and text; empty ones left out."""
    buyer = sale.cart.buyer
    contact = " · ".join(part for part in (buyer.email, buyer.phone) if part)
    account = _("in the account") if sale.booked else _("not in the account")
    rows = [
        (_("Tickets"), list_lines(sale.cart.lines)),
        (_("Buyer"), buyer.full_name),
        (_("E-mail"), f"{contact}  {_house()}" if buyer.house else contact),
        (_("Paid"), paid_line(sale.cart, locale)),
        (_("Discount"), discount_line(sale.cart, locale)),
        (_("Rounding"), rounding_line(sale.cart, locale)),
        (_("Money"), account if sale.cart.payable else ""),
        (_("Sale number"), f"{sale.external_order_id} · {time}"),
        (_("Order"), sale.order_id or sale.order or ""),
        (_("Trouble"), trouble(sale) if _is_no_news(sale) else ""),
    ]
    return [(label, text) for label, text in rows if text]


def _is_no_news(sale: Sale) -> bool:
    """What went wrong was a request: it says nothing of the order, nor what a person may do."""
    return SaleAction.LOOK in sale.offers or sale.state is _S.SOLD


def trouble(sale: Sale) -> str:
    """What went wrong, without what to do about it where that is for scans: `try again`, `go on`.

    It stands below the advice, which must be the only one.
    """
    if sale.state is _S.NOT_PLACED:
        return ""
    return _(sale.reason.partition(": ")[0] if sale.state is _S.UNKNOWN else sale.reason)


def short(sale: Sale) -> str:
    """Where it stands, in a word or two, for a list."""
    if sale.state is _S.FAILED:
        return _("refused, money taken")
    if sale.state is _S.SOLD:
        return _("tickets being found")
    return _(_FACES[sale.state].word).lower()


def ticket_line(ticket: Ticket, highlights: Highlights, *, is_in: bool) -> str:
    """One ticket of a sale, whether its holder is in, and what is to be seen of them."""
    mark = f"{signs.YES} {_('in'):<6}" if is_in else _("· not in")
    about = " · ".join((ticket.display_name, ticket.ticket_type, *highlights.lines))
    return f"{mark}  {about}"
