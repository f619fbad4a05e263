"""What the site's refusals at the desk come from, and what to do: in one sentence.

The document names the rules, but not the words: they are found by looking at what the site has.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

from boxoffice.desk.resources import Values
from boxoffice.ticketbutler.changes import PendingChange, PreparedChange
from boxoffice.ticketbutler.errors import Refused, TicketbutlerError
from boxoffice.ticketbutler.resources.discounts import DiscountCode
from boxoffice.ticketbutler.resources.ticket_types import TicketTypeDetails

log = logging.getLogger(__name__)

A = TypeVar("A")

REFUSED = "The site refused this: "
"""What the client says before a site's own words."""


def explained(
    change: PendingChange[A],
    why: Callable[[], Awaitable[str]],
    of: tuple[type[TicketbutlerError], ...] = (Refused,),
) -> PendingChange[A]:
    """The same change, with what a refusal seems to come from before the site's own words.

    `why` looks for that; empty: nothing is known.
    """

    async def prepare() -> PreparedChange[A]:
        inner = await change.prepare()

        async def send() -> A:
            try:
                return await inner.send()
            except of as error:
                try:
                    sentence = await why()
                except TicketbutlerError:
                    log.info("not known why: %s", error)
                    sentence = ""
                if not sentence:
                    raise
                if isinstance(error, Refused) and error.sentence != error.default:
                    words = error.sentence.removeprefix(REFUSED)
                    sentence += f" In the site's words: {words}"
                raise Refused(str(error), sentence) from error

        return replace(inner, send=send)

    return PendingChange(prepare)


def of_stock(kind: TicketTypeDetails | None, values: Values) -> str:
    """Why a ticket type is not changed so. API document: "Update Ticket Type"."""
    if kind is None or not kind.amount_sold:
        return ""
    sold = kind.amount_sold
    total, left = values.get("amount_total"), values.get("amount")
    if (total is not None and total <= sold) or (left is not None and left <= 0):
        return (
            f"{_sold(kind)}, and the site takes only a total above that: give {sold + 1} or more, "
            "or make the type inactive to stop its sale."
        )
    if values.get("price", kind.price) != kind.price:
        return (
            f"{_sold(kind)}, so the site keeps the price: make a new ticket type with the new "
            "price, and this one inactive."
        )
    return ""


def of_type(kind: TicketTypeDetails | None) -> str:
    """Why a ticket type is not deleted."""
    if kind is None or not kind.amount_sold:
        return ""
    return (
        f"{_sold(kind)}, so the site keeps the type: make it inactive instead, which stops its "
        "sale."
    )


def of_code(code: DiscountCode | None) -> str:
    """Why a discount code is not deleted. API document: "Delete discount codes"."""
    if code is None:
        return "The site has this discount code no more: it was deleted before."
    if not code.amount_times_applied:
        return ""
    times = code.amount_times_applied
    used = "once" if times == 1 else f"{times} times"
    return f"“{code.code}” has been used {used}, so the site keeps it: switch it off instead."


def _sold(kind: TicketTypeDetails) -> str:
    count = kind.amount_sold or 0
    sold = "1 ticket" if count == 1 else f"{count:,} tickets"
    return f"{sold} of “{kind.title}” {'is' if count == 1 else 'are'} sold"
