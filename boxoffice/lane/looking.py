"""What became of a write to an order whose answer was lost: the order is read."""

import logging

from boxoffice.domain.models import Order
from boxoffice.ticketbutler import Ticketbutler, TicketbutlerError

log = logging.getLogger(__name__)


class OrderError(Exception):
    """What was to be done with an order is not done, or it is not known whether it is."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


async def looked_up(client: Ticketbutler, order: str, error: TicketbutlerError, done: str) -> Order:
    """The order as it is after a write that failed with `error`, where that may be applied.

    Raises `error` where it is not, and OrderError where it cannot be told. `done`: what was to be
    done, as in "it is done".
    """
    if not error.maybe_applied:
        raise error
    try:
        return await client.order(order)
    except TicketbutlerError as unread:
        log.info("order %s not read: %s", order, unread)
        raise OrderError(
            f"It is not known whether the order is {done}: {error.sentence} "
            "Press F5 to look before you do anything else."
        ) from unread
