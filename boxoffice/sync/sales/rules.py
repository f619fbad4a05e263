"""What becomes of a sale that was posted, from what the site answered. No I/O."""

from datetime import datetime, timedelta
from typing import NamedTuple

from boxoffice.domain.models import Order
from boxoffice.domain.order_matching import OrderMatch
from boxoffice.domain.sale import Sale, SaleState
from boxoffice.language import N_, _
from boxoffice.sync.context import FAULT, REFUSED, Jitter, Pace, wait_before, with_rest
from boxoffice.ticketbutler import KeyRefused, NotFound, Refused, TicketbutlerError

SURE_AFTER = timedelta(seconds=30)
"""A list asked for so long after a post had ended holds its tickets, if it was carried out."""
POSTS = 3
"""Posts of one sale that may end without an answer; then a person decides."""
LOOKS = Pace(base=2, cap=30)
"""Between two looks for an order, or for its tickets."""
LOOK_IN_VAIN = 600.0
"""Seconds that looks may fail before a person is asked, or the tickets that are known are enough.
"""
CLOCK_STEP = timedelta(minutes=2)
"""How far the clock may be set back without it being in doubt what came after what."""
CLOCK = N_("This computer's clock was set back.")
NOT_THERE = N_("Looked for, and not placed: sell it again, or give it up.")
CANNOT_TELL = N_("It cannot be found out whether the order is placed.")
AGAIN = N_("Its order was lost: it is being looked for.")


class NotForSale(Exception):
    """A sale cannot be made, or not be moved on, as things are."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        """For a person; says what to do."""


class Searched(NamedTuple):
    """What a search for the order of a sale came to."""

    begun: datetime
    """When the list was asked for that it rests on."""
    matches: tuple[Order, ...] = ()
    """Orders that may be the sale's, oldest first."""
    trouble: str = ""
    """Why not all of what may be the sale's could be looked at; empty: all was."""


class Step(NamedTuple):
    to: SaleState
    reason: str = ""
    wait: float | None = None
    """Seconds until it is tried again."""


def next_look(sale: Sale, now: datetime) -> datetime:
    """When its order, or its tickets, are looked for once more: as soon as a look is sure, too."""
    due = now + timedelta(seconds=wait_before(sale.tries + 1, LOOKS, lambda: 1.0))
    sure = (sale.since or sale.at) + SURE_AFTER
    return min(due, sure) if now < sure else due


def after_refusal(
    sale: Sale, error: TicketbutlerError, before: SaleState | None, jitter: Jitter
) -> Step:
    """Where a sale goes whose post did not place an order, or may not have.

    `before`: where it stood before it was posted; None: it is new, and somebody waits for it.
    """
    if error.maybe_applied:
        return Step(SaleState.UNKNOWN, error.sentence)
    if before is SaleState.UNSURE:  # an earlier post may still have placed one
        return Step(SaleState.UNKNOWN, error.sentence)
    final = isinstance(error, Refused | NotFound)
    if sale.booked:
        if final:
            return Step(SaleState.FAILED, error.sentence)
        pace = REFUSED if isinstance(error, KeyRefused) else FAULT
        wait = with_rest(wait_before(sale.tries + 1, pace, jitter), error.retry_after)
        return Step(SaleState.QUEUED, error.sentence, wait)
    if before is None:
        return Step(SaleState.REFUSED, error.sentence)
    if final:  # by itself, nobody heard of it; by a person's word, somebody waits
        to = SaleState.FAILED if before is SaleState.UNKNOWN else SaleState.REFUSED
        return Step(to, error.sentence)
    to = SaleState.UNKNOWN if before is SaleState.UNKNOWN else SaleState.NOT_PLACED
    return Step(to, error.sentence)


def after_search(
    sale: Sale, match: OrderMatch, searched: Searched, *, waited: float | None, failing: float
) -> Step | None:
    """Where an UNKNOWN sale goes after a look for its order; None: it is looked for again.

    SENDING: it is to be posted once more. `waited`: seconds from the end of its post to when the
    list was asked for, on a clock that nobody sets; None: another process posted it. `failing`:
    seconds for which looks have failed.
    """
    begun = searched.begun
    if match.order is not None:
        return Step(SaleState.SOLD)
    if match.unsure:
        return Step(SaleState.UNSURE, f"{_(CANNOT_TELL)} {match.unsure}")
    if searched.trouble:
        if failing >= LOOK_IN_VAIN:
            return Step(SaleState.UNSURE, f"{_(CANNOT_TELL)} {searched.trouble}")
        return None
    ended = sale.since or sale.posted_at or sale.at
    if begun < ended - CLOCK_STEP:
        return Step(SaleState.UNSURE, f"{_(CANNOT_TELL)} {_(CLOCK)}")
    if begun < ended + SURE_AFTER or (waited is not None and waited < SURE_AFTER.total_seconds()):
        return None
    if sale.unattended and sale.lost < POSTS:
        return Step(SaleState.SENDING)
    return Step(SaleState.NOT_PLACED, _(NOT_THERE))
