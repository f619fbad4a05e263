"""What the client tells beside the door's own values, and what it is bounded by."""

from dataclasses import dataclass
from typing import NamedTuple

from boxoffice.domain.models import Ticket
from boxoffice.ticketbutler.errors import TicketbutlerError


@dataclass(frozen=True, slots=True)
class Limits:
    """How long, how large and how many. Times in seconds, sizes in bytes after decompression."""

    connect: float = 3.0
    read: float = 10.0
    """Between two pieces of an answer."""
    total: float = 30.0
    list_read: float = 60.0
    list_total: float = 180.0
    order_read: float = 30.0
    """While an order is placed, or a PDF is made."""
    order_total: float = 45.0
    size: int = 8_000_000
    list_size: int = 256_000_000
    pdf_size: int = 20_000_000
    at_once: int = 8
    """Requests under way; more of them only make each other slow."""
    keepalive: float = 60.0
    """How long a connection is kept: a quiet spell at the door shall not cost a new handshake."""
    retries: int = 2
    """Of reads, where the connection failed or a proxy could not pass the request on."""
    backoff: float = 0.2


class Exchange(NamedTuple):
    """A request that is over, for those who judge the link by it."""

    method: str
    path: str
    seconds: float
    """From the request to the last byte of its answer."""
    ended: float
    """When that byte came, or it was given up, on the monotonic clock. A long answer is decoded
    after this, and the exchange told later still."""
    error: TicketbutlerError | None


@dataclass(frozen=True, slots=True)
class TicketList:
    """The tickets of an event, as one answer held them."""

    fingerprint: str
    """Names the exact bytes: to be given as `unless` the next time."""
    tickets: list[Ticket]
    unread: int
    """Rows that could not be read. With any, a ticket that is missing may still be there."""
