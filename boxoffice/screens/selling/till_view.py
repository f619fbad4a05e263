"""What the sale screen shows of a cart: the lines around the form, and the large figures."""

from collections.abc import Sequence
from decimal import Decimal

from textual.content import Content
from textual.widget import Widget

from boxoffice.domain.cart import Buyer, Cart, Paid
from boxoffice.domain.models import TicketType
from boxoffice.domain.money import format_money
from boxoffice.domain.sale import Sale, SaleState
from boxoffice.lane.box_office import Offer
from boxoffice.widgets.figures import Figure
from boxoffice.widgets.type_list import TypeList

HOUSE = "◆ HOUSE E-MAIL"
NO_EMAIL = "! NO E-MAIL YET"


def title(event: str, offer: Offer | None) -> Content:
    """The event, and how old the stock is that is shown."""
    if offer is None:
        return Content.assemble("Sale · ", event)
    stock = f"stock of {offer.at:%H:%M}" if offer.at else "stock as last known"
    return Content.assemble(
        "Sale · ",
        event,
        Content.styled(f"   {stock}", "$label"),
        "" if offer.online else Content.styled("   OFFLINE", "$warn"),
    )


def buyer_line(buyer: Buyer) -> Content:
    """Who buys: to be seen also where the form is scrolled."""
    return Content.assemble(
        Content.styled("Buyer  ", "$label"),
        Content.styled(buyer.full_name, "bold"),
        " · ",
        buyer.email or Content.styled(NO_EMAIL, "$warn bold"),
        Content.styled(f"  {HOUSE}", "$warn bold") if buyer.house else "",
    )


def price(kind: TicketType, currency: str, locale: str) -> str:
    """What one ticket costs."""
    if kind.price is None:
        return "–"
    return format_money(kind.price, currency, locale) if kind.price else "free"


def figures(cart: Cart, locale: str, *, bad: bool) -> list[Figure]:
    """The total, and with cash the change. `bad`: what is typed as given is no amount."""
    total, given = amount("TOTAL", cart.total, cart.currency, locale), cart.given
    if cart.paid is not Paid.CASH or not cart.total:
        return [total]
    if bad:
        return [total, Figure("CHANGE", "?")]
    if given is None:
        return [total, Figure("CHANGE", format_money(Decimal(0), "", locale), "exact amount")]
    if given < cart.total:
        return [total, amount("MISSING", cart.total - given, cart.currency, locale, strong=True)]
    return [total, amount("CHANGE", cart.change, cart.currency, locale, strong=True)]


def amount(
    label: str, value: Decimal, currency: str, locale: str, *, strong: bool = False
) -> Figure:
    """An amount of money in large figures."""
    return Figure(label, format_money(value, "", locale), currency, strong)


def last_line(sale: Sale, locale: str) -> Content:
    """The sale before this one: its change can still be read when the next has begun."""
    cart = sale.cart
    change = format_money(cart.change, cart.currency, locale) if cart.change else ""
    match sale.state:
        case SaleState.SOLD | SaleState.DONE:
            said = "✓ sold"
        case SaleState.QUEUED:
            said = "… not yet issued"
        case _:
            said, change = "? not settled: F6 shows it from the door", ""
    return Content.assemble(
        Content.styled(f"Before: {sale.external_order_id} {said}", "$label"),
        Content.styled(f" · CHANGE {change}", "bold") if change else "",
    )


def before(open_sales: Sequence[Sale], last: Sale | None, locale: str) -> Content:
    """What was sold before, and that sales need a person; empty: neither."""
    parts = []
    if count := sum(sale.needs_person for sale in open_sales):
        text = f"! {count} sale{'s need' if count > 1 else ' needs'} a person: F6 at the door"
        parts.append(Content.styled(text, "$warn bold"))
    if last is not None:
        parts.append(last_line(last, locale))
    return Content("   ").join(parts)


def hint(focused: Widget | None) -> str:
    """What the keys do where the cursor is."""
    match focused.id if focused else None:
        case "given":
            return "Enter: sell · F3: paid in another way"
        case "sell":
            return "Enter: sell · Shift+Tab: back"
        case None if isinstance(focused, TypeList):
            return "Digits: how many · Enter: go on · ← →: paid by"
        case _:
            return "Enter or Tab: next · Space: pick · Ctrl+S: sell"


def at_most(kind: TicketType, limit: int, offer: Offer) -> str:
    """Why no more than `limit` tickets of a type can be in the cart."""
    reserve = offer.reserve if offer.offline_sales else None
    if reserve is not None and limit == reserve.get(kind.uuid, 0):
        return f"Without the site, only {limit} more of {kind.title} may be sold here."
    if kind.left is not None and limit == kind.left:
        return f"Only {limit} of {kind.title} {'is' if limit == 1 else 'are'} left."
    return f"One order takes at most {offer.ticket_limit} tickets: {limit} of {kind.title}."
