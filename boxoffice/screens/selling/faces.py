"""How a sale stands, as a person is told it: the word, the reason, the figures, what to do now."""

from datetime import datetime
from typing import NamedTuple

from boxoffice.domain.cart import Cart, Paid
from boxoffice.domain.money import format_money
from boxoffice.domain.sale import Sale, SaleState
from boxoffice.domain.verdict import Tone
from boxoffice.screens.selling.till_view import HOUSE, amount
from boxoffice.widgets.figures import Figure
from boxoffice.widgets.paid_by import NAMES
from boxoffice.widgets.verdict import Face

_S = SaleState
FINAL = frozenset({_S.SOLD, _S.DONE, _S.REFUSED, _S.QUEUED, _S.DROPPED})
"""Nothing has to be decided or awaited any more before the next buyer."""
LOOKED_FOR = frozenset({_S.UNKNOWN, _S.UNSURE, _S.NOT_PLACED})
UNDER_WAY = frozenset({_S.SENDING, _S.UNKNOWN})


class _Said(NamedTuple):
    word: str
    tone: Tone
    symbol: str
    why: str
    now: str
    """What to do."""


_SAID = {
    _S.SENDING: _Said(
        "PLACING",
        Tone.BLUE,
        "…",
        "The order is on its way to the site.",
        "Keep the buyer here. Esc leaves: it goes on by itself, and F6 at the door shows it.",
    ),
    _S.UNKNOWN: _Said(
        "NOT KNOWN YET",
        Tone.BLUE,
        "?",
        "The site did not say whether the order is placed.",
        "It is being looked for: do not sell it again, and give no change yet. "
        "Esc leaves: it goes on by itself, and F6 at the door shows it.",
    ),
    _S.NOT_PLACED: _Said(
        "NOT PLACED",
        Tone.YELLOW,
        "!",
        "Looked for: there is no such order at the site.",
        "Sell it again, or give it up and hand the money back.",
    ),
    _S.UNSURE: _Said(
        "CANNOT TELL",
        Tone.YELLOW,
        "!",
        "It cannot be found out whether the order is placed.",
        "Look at the site's own list of orders for this buyer and time. Found: say which. "
        "Not there: sell it again, or give it up and hand the money back.",
    ),
    _S.FAILED: _Said(
        "REFUSED",
        Tone.RED,
        "✗",
        "The site refused it after the money was taken.",
        "Sell it again once the reason is mended, or give it up and pay the money back.",
    ),
    _S.SOLD: _Said(
        "SOLD", Tone.GREEN, "✓", "The order is placed; its tickets are being found.", ""
    ),
    _S.DONE: _Said("SOLD", Tone.GREEN, "✓", "", ""),
    _S.REFUSED: _Said(
        "REFUSED",
        Tone.RED,
        "✗",
        "The site refused the order.",
        "Nothing is sold and nothing is in the account. The form is as you filled it in.",
    ),
    _S.QUEUED: _Said(
        "NOT YET ISSUED",
        Tone.YELLOW,
        "!",
        "Paid here; the order is placed when the site can be reached.",
        "F8 prints the slip: its number stands for the tickets until they are issued.",
    ),
    _S.DROPPED: _Said("GIVEN UP", Tone.RED, "✗", "This sale was given up.", ""),
}


def face_of(sale: Sale, now: datetime, time: str) -> Face:
    """What the band shows. `time`: when the sale began, as it is written."""
    said = _SAID[sale.state]
    # What went wrong with a request is no news of the order; "try again" is not for a person then.
    why = said.why if sale.state in LOOKED_FOR else sale.reason or said.why
    if sale.state in UNDER_WAY:
        seconds = max(0, int((now - (sale.posted_at or sale.at)).total_seconds()))
        why = f"{why} {seconds} s."
    if sale.state is _S.DONE:
        why = _checked_in(sale)
    return Face(
        word=said.word,
        name=sale.cart.buyer.full_name,
        kind=what(sale.cart),
        reason=why,
        tone=said.tone,
        symbol=said.symbol,
        time=time,
    )


def _checked_in(sale: Sale) -> str:
    if sale.checked_in:
        return (
            "Checked in: let them in." if sale.cart.amount == 1 else "All checked in: let them in."
        )
    if not sale.cart.check_in:
        return "Not checked in, as was asked for: the tickets are for later."
    return sale.reason or "Not checked in: scan the tickets."


def figures_of(sale: Sale, locale: str) -> list[Figure]:
    """What is to be handed over, in large: never any change before the sale is certain."""
    cart = sale.cart
    total = amount("TOTAL", cart.total, cart.currency, locale)
    change = amount("CHANGE", cart.change, cart.currency, locale, strong=True)
    shown = change if cart.change else total
    match sale.state:
        case _S.SOLD | _S.DONE:
            return [shown]
        case _S.QUEUED:
            return [Figure("SALE NUMBER", str(sale.number), strong=True), shown]
        case _S.DROPPED if sale.cart.total:
            back = cart.given if cart.paid is Paid.CASH and cart.given else cart.total
            label = "GIVE BACK" if cart.paid is Paid.CASH else "TO BE PAID BACK"
            # Cash that was never taken as sold lies where the buyer put it down: all of it.
            owed = cart.total if sale.booked or cart.paid is not Paid.CASH else back
            return [amount(label, owed, cart.currency, locale, strong=True)]
        case _:
            return [total]


def advice(sale: Sale) -> str:
    """What to do now, in a sentence or two."""
    if sale.state is _S.UNKNOWN and sale.unattended:
        return "It is being looked for, and placed again by itself once it is known not to be."
    return _SAID[sale.state].now


def what(cart: Cart) -> str:
    """`2 × Standard, 1 × Student`."""
    return ", ".join(f"{line.amount} × {line.title}" for line in cart.lines)


def paid_line(cart: Cart, locale: str) -> str:
    """How it is paid: `Cash · total 295,00 kr. · given 500,00 kr. · change 205,00 kr.`."""
    parts = [NAMES[cart.paid], f"total {format_money(cart.total, cart.currency, locale)}"]
    if cart.paid is Paid.CASH and cart.given is not None:
        parts.append(f"given {format_money(cart.given, cart.currency, locale)}")
        parts.append(f"change {format_money(cart.change, cart.currency, locale)}")
    return " · ".join(parts)


def facts_of(sale: Sale, time: str, locale: str) -> list[tuple[str, str]]:
    """What is known of it, as label and text; empty ones left out."""
    buyer = sale.cart.buyer
    contact = " · ".join(part for part in (buyer.email, buyer.phone) if part)
    account = "in the account" if sale.booked else "not in the account"
    rows = [
        ("Tickets", what(sale.cart)),
        ("Buyer", buyer.full_name),
        ("E-mail", f"{contact}  {HOUSE}" if buyer.house else contact),
        ("Paid", paid_line(sale.cart, locale)),
        ("Money", account if sale.cart.total else ""),
        ("Sale number", f"{sale.external_order_id} · {time}"),
        ("Order", sale.order_id or sale.order or ""),
        ("Trouble", trouble(sale) if sale.state in LOOKED_FOR else ""),
    ]
    return [(label, text) for label, text in rows if text]


def trouble(sale: Sale) -> str:
    """What went wrong, without what to do about it where that is for scans: `try again`, `go on`.

    It stands below the advice, which must be the only one.
    """
    if sale.state is _S.NOT_PLACED:
        return ""
    return sale.reason.partition(": ")[0] if sale.state is _S.UNKNOWN else sale.reason


def short(sale: Sale) -> str:
    """Where it stands, in a word or two, for a list."""
    if sale.state is _S.FAILED:
        return "refused, money taken"
    return _SAID[sale.state].word.lower() if sale.state is not _S.SOLD else "tickets being found"
