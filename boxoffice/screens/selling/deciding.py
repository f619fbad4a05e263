"""What a person may decide about a sale as it stands, and what they are asked before."""

from boxoffice.domain.cart import Paid
from boxoffice.domain.money import format_money
from boxoffice.domain.sale import Sale, SaleState

_S = SaleState
BUTTONS = {
    "next_sale": "Next sale",
    "paper": "Show and print",
    "refresh": "Look again",
    "found_order": "I found the order",
    "sell_again": "Sell again",
    "give_up": "Give up",
    "back": "Leave it",
}
"""Labels by the command they give, which is also the button's id."""
HARMLESS = frozenset({"next_sale", "paper", "back"})

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
    labels = {action: BUTTONS[action] for action in (*sale.offers, "back")}
    if sale.state is _S.REFUSED:
        labels["next_sale"] = "Back to the form"
    elif sale.state is _S.QUEUED:
        labels["paper"] = "Print the slip"
    labels["back"] = "To the door" if selling else "Close"
    if not selling:
        labels.pop("next_sale", None)
    elif sale.state is _S.REFUSED:
        del labels["back"]
    return labels


def which(sale: Sale) -> str:
    """What is asked of a person who found the order by hand."""
    buyer = sale.cart.buyer
    return (
        f"Its external id at the site is {sale.external_order_id}; the buyer is "
        f"{buyer.full_name}, {buyer.email}."
    )


def give_up(sale: Sale, locale: str) -> tuple[str, str]:
    """The title and the question before a sale is given up."""
    total = format_money(sale.cart.total, sale.cart.currency, locale)
    text = f"{sale.external_order_id} is taken off the list."
    if sale.state is _S.UNSURE:
        text = (
            "Its order may be placed all the same: then its tickets stay valid at the site until "
            "somebody refunds it there."
        )
    if sale.cart.total:
        cash = sale.cart.paid is Paid.CASH
        text += f" Pay {total} back{'' if cash else f' ({sale.cart.paid})'}."
    return f"Give up this sale of {total}?", text
