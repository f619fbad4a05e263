"""Which order is a sale's, where the answer to placing it was lost, and which ticket is whose.

The site gives an order no number that could be asked for: new tickets lead to their orders, and an
order is the sale's by the mark that was sent with it, or by its buyer and what was bought.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from boxoffice.domain.cart import Buyer, Cart, TicketAnswers
from boxoffice.domain.humanize import format_list
from boxoffice.domain.models import AnswerInput, Order, Ticket, TicketType
from boxoffice.domain.party import by_number
from boxoffice.domain.sale import Sale, SaleState
from boxoffice.domain.text import clean
from boxoffice.language import _


class OrderMatch(NamedTuple):
    """Which order is a sale's: `order`, or `unsure`; with neither, none of those found is."""

    order: Order | None = None
    unsure: str = ""
    """Why it cannot be told, in a sentence."""


def may_be(ticket: Ticket, after_number: int | None) -> bool:
    """Whether a ticket may have been made by an order placed when `after_number` was the highest.

    Tickets are numbered as they are made. None: nothing was known then.
    """
    return after_number is None or ticket.number is None or ticket.number > after_number


def distance(ticket: Ticket, cart: Cart) -> int:
    """How unlike the sale's own a ticket looks: 0: like it in all that the list tells."""
    buyer, titles = cart.buyer, {_folded(line.title) for line in cart.lines}
    name = _folded(buyer.full_name)
    return (
        2 * (_folded(ticket.email) not in ("", _folded(buyer.email)))
        + 2 * (_folded(ticket.full_name) not in ("", name))
        + (_folded(ticket.ticket_type) not in {"", *titles})
    )


ANOTHER_BUYER = 4
"""A distance at which name and e-mail both say that somebody else bought the ticket."""


def unread(sale: Sale, listed: Iterable[Ticket]) -> list[Ticket]:
    """Tickets that may be the sale's and whose order is not known, the likeliest first."""
    ranked = [
        (distance(ticket, sale.cart), -(ticket.number or 0), ticket)
        for ticket in listed
        if ticket.order is None and may_be(ticket, sale.after_number)
    ]
    if sale.after_number is None:
        ranked = [row for row in ranked if row[0] < ANOTHER_BUYER]
    return [ticket for *_, ticket in sorted(ranked, key=lambda row: row[:2])]


def candidates(
    sale: Sale,
    listed: Collection[Ticket],
    taken: Collection[str],
    types: Collection[TicketType],
) -> list[str]:
    """Orders, by uuid, that have new tickets and no others than the sale has; oldest first.

    `taken`: orders that are known to be another sale's.
    """
    tickets: dict[str, list[Ticket]] = {
        ticket.order: []
        for ticket in listed
        if ticket.order is not None
        and ticket.order not in taken
        and may_be(ticket, sale.after_number)
        and (sale.after_number is not None or distance(ticket, sale.cart) < ANOTHER_BUYER)
    }
    for ticket in listed:
        if ticket.order in tickets:
            tickets[ticket.order].append(ticket)
    oldest = {uuid: min(one.number or 0 for one in found) for uuid, found in tickets.items()}
    return sorted(
        (uuid for uuid, found in tickets.items() if same_amounts(sale.cart, found, types)),
        key=lambda uuid: (oldest[uuid], uuid),
    )


def may_be_order(order: Order, sale: Sale) -> bool:
    """Whether an order may be the sale's, by its event, its mark and its buyer."""
    if order.event not in (None, sale.cart.event):
        return False
    return order.external_order_id == sale.external_order_id or same_buyer(order, sale.cart.buyer)


def on_order(tickets: Iterable[Ticket], order: str | None) -> list[Ticket]:
    """Those on an order, by number; None: none."""
    found = [ticket for ticket in tickets if order and ticket.order == order]
    return sorted(found, key=by_number)


def kind_of(ticket: Ticket, types: Iterable[TicketType]) -> str:
    """The uuid of the type of a ticket; empty where it cannot be told."""
    pk, title = ticket.ticket_type_pk, _folded(ticket.ticket_type)
    by_pk = [kind.uuid for kind in types if pk is not None and kind.pk == pk]
    by_title = [kind.uuid for kind in types if title and _folded(kind.title) == title]
    found = by_pk or by_title
    return found[0] if len(found) == 1 else ""


def same_amounts(cart: Cart, tickets: Collection[Ticket], types: Collection[TicketType]) -> bool:
    """Whether these, all the tickets of one order, are what was sold, as far as can be told."""
    wanted = _amounts(cart)
    found = Counter(kind_of(ticket, types) for ticket in tickets)
    unknown = found.pop("", 0)
    return found <= wanted and found.total() + unknown == wanted.total()


def same_buyer(order: Order, buyer: Buyer) -> bool:
    """Whether an order names this buyer; what it leaves out does not speak against it."""
    name, email = _named(order)
    return _same(name, buyer.full_name) and _same(email, buyer.email)


def names_buyer(order: Order) -> bool:
    """Whether an order says both the name and the e-mail address of its buyer."""
    return all(map(_folded, _named(order)))


def _named(order: Order) -> tuple[str, str]:
    address = order.address
    name = address.full_name or order.full_name
    return name, address.email or order.email


def alike(one: Sale, other: Sale) -> bool:
    """Whether the orders of two sales cannot be told apart but by their marks."""
    mine, theirs = one.cart, other.cart
    return (
        mine.event == theirs.event
        and _amounts(mine) == _amounts(theirs)
        and _same(mine.buyer.email, theirs.buyer.email)
        and _same(mine.buyer.full_name, theirs.buyer.full_name)
    )


def match_order(sale: Sale, matches: Sequence[Order], sales: Iterable[Sale]) -> OrderMatch:
    """Which of `matches` is the order of `sale`.

    `matches`: orders, oldest first, that have the sale's buyer and amounts, and belong to no other
    sale. `sales`: all sales of this computer. An order that carries our mark is ours, and one with
    another mark is not. Where the site does not tell the marks, the orders are given to the sales
    that look alike and wait for one, oldest first. It cannot be told where there are more orders
    than such sales, where an order does not name its buyer, or where the buyer is the house, whose
    name the other doors use too.
    """
    marked = [order for order in matches if order.external_order_id == sale.external_order_id]
    if len(marked) > 1:
        twice = _("It was placed {n} times: {orders}. Refund one.")
        return OrderMatch(unsure=twice.format(n=len(marked), orders=_names(marked)))
    if marked and not same_buyer(marked[0], sale.cart.buyer):
        other_buyer = _("It may be {orders}, which has its mark and another buyer.")
        return OrderMatch(unsure=other_buyer.format(orders=_names(marked)))
    if marked:
        return OrderMatch(marked[0])
    unmarked = [order for order in matches if order.external_order_id is None]
    if not unmarked:
        return OrderMatch()
    rivals = [other for other in sales if other.id != sale.id and alike(sale, other)]
    waiting = sorted(
        (sale, *(other for other in rivals if other.state is SaleState.UNKNOWN)),
        key=lambda other: other.id,
    )
    in_doubt = any(other.state is SaleState.UNSURE for other in rivals)
    in_doubt = in_doubt or sale.cart.buyer.house or not all(map(names_buyer, unmarked))
    if in_doubt or len(unmarked) > len(waiting):
        doubt = _("It may be {orders}, or none of these.")
        return OrderMatch(unsure=doubt.format(orders=_names(unmarked)))
    place = waiting.index(sale)
    return OrderMatch(unmarked[place]) if place < len(unmarked) else OrderMatch()


def answers_by_ticket(
    asked: Sequence[TicketAnswers], tickets: Sequence[Ticket], types: Collection[TicketType]
) -> Mapping[str, tuple[AnswerInput, ...]]:
    """The answers that go with each ticket of a sale, by uuid: in the order of their numbers."""
    left = sorted(tickets, key=by_number)
    given: dict[str, tuple[AnswerInput, ...]] = {}
    for answers in asked:
        for ticket in left:
            if kind_of(ticket, types) in ("", answers.ticket_type):
                given[ticket.uuid] = answers.given
                left.remove(ticket)
                break
    return given


def _amounts(cart: Cart) -> Counter[str]:
    amounts = Counter[str]()
    for line in cart.lines:
        amounts[line.ticket_type] += line.amount
    return amounts


def _names(orders: Sequence[Order]) -> str:
    name = _("order {order}")
    return format_list([name.format(order=one.order_id or one.uuid) for one in orders], any_of=True)


def _same(one: str, other: str) -> bool:
    """Equal but for case and spaces, or one of them says nothing."""
    one, other = _folded(one), _folded(other)
    return not one or not other or one == other


def _folded(text: str) -> str:
    return clean(text).casefold()
