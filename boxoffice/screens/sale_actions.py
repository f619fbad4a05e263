"""What a person may do about a sale, on its own screen and in the queue: asked first, then done."""

from typing import Any

from textual.app import App

from boxoffice.domain.cart import PaymentMethod
from boxoffice.domain.money import format_money
from boxoffice.domain.sale import Sale, SaleAction, SaleState
from boxoffice.screens.dialogs import ConfirmDialog, ReasonDialog

_A, _S = SaleAction, SaleState
BACK = "back"
LABELS = {
    _A.NEXT_SALE: "Next sale",
    _A.PAPER: "Show and print",
    _A.LOOK: "Look again",
    _A.NAME_ORDER: "I found the order",
    _A.SELL_AGAIN: "Sell again",
    _A.GIVE_UP: "Give up",
    BACK: "Leave it",
}
"""By the command they give, which is also the button's id."""
HARMLESS = frozenset({_A.NEXT_SALE, _A.PAPER, BACK})
"""What may be done while something is being done about the sale."""
UNDER_WAY = {
    _A.LOOK: "Looking for it…",
    _A.NAME_ORDER: "Asking…",
    _A.SELL_AGAIN: "Sending it again…",
    _A.GIVE_UP: "Giving it up…",
}
DONE = {_A.SELL_AGAIN: "The sale is sent again.", _A.GIVE_UP: "The sale is given up."}
REASONS = (
    "The buyer left",
    "Sold in another way",
    "Money handed back",
    "The organiser said so",
)
TWICE = (
    "It is not known whether its order is already placed. If it is, there will be two orders, and "
    "two sets of tickets, for one payment. Look at the site's list of orders first."
)


def offered(sale: Sale, *, selling: bool) -> dict[str, str]:
    """The commands for a sale as it stands, the first the most likely, with their labels.

    `selling`: it was made just now, and another may follow it.
    """
    labels = {action: LABELS[action] for action in (*sale.offers, BACK)}
    labels[BACK] = "To the door" if selling else "Close"
    if sale.state is _S.QUEUED:
        labels[_A.PAPER] = "Print the slip"
    if not selling:
        labels.pop(_A.NEXT_SALE, None)
    elif sale.state is _S.REFUSED:
        return {_A.NEXT_SALE: "Back to the form"}
    return labels


def dialog_of(action: SaleAction, sale: Sale, locale: str) -> ConfirmDialog | ReasonDialog | None:
    """What asks before it; None: nothing does. `locale`: how money is written."""
    match action:
        case _A.SELL_AGAIN if sale.state is _S.UNSURE:
            return ConfirmDialog("Sell it again?", TWICE, "Sell again")
        case _A.NAME_ORDER:
            buyer = sale.cart.buyer
            return ReasonDialog(
                "Which order is it?",
                f"Its external id at the site is {sale.external_order_id}; the buyer is "
                f"{buyer.full_name}, {buyer.email}.",
                "It is this one",
                field="Order number, such as dZy1, or its uuid",
                empty="Type the order's number as the site shows it.",
            )
        case _A.GIVE_UP:
            total = format_money(sale.cart.total, sale.cart.currency, locale)
            text = f"{sale.external_order_id} is taken off the list."
            if sale.state is _S.UNSURE:
                text = (
                    "Its order may be placed all the same: then its tickets stay valid at the site "
                    "until somebody refunds it there."
                )
            if sale.cart.total:
                cash = sale.cart.paid is PaymentMethod.CASH
                text += f" Pay {total} back{'' if cash else f' ({sale.cart.paid})'}."
            return ReasonDialog(f"Give up this sale of {total}?", text, "Give up", REASONS)
    return None


async def ask(app: App[Any], action: SaleAction, sale: Sale, locale: str) -> str | None:
    """Ask what is to be asked; answers what was written, and None where the person went back."""
    match dialog_of(action, sale, locale):
        case None:
            return ""
        case ConfirmDialog() as dialog:
            return "" if await app.push_screen_wait(dialog) else None
        case dialog:
            return await app.push_screen_wait(dialog)
