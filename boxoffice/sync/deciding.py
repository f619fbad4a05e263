"""What becomes of a row of the queue, from what the site last said to it. The rule; no I/O."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from boxoffice.door.models import Answer, Kind, QueueRow, Ticket
from boxoffice.sync.backoff import FAULT, REFUSED, UNKNOWN, Pace
from boxoffice.ticketbutler import (
    CaptivePortal,
    KeyRefused,
    NoAnswer,
    NotFound,
    Refused,
    ServerFault,
    TicketbutlerError,
    TooMany,
    Unreachable,
)

Said: TypeAlias = Ticket | Sequence[Answer] | TicketbutlerError
"""What a request came to."""


class Step(StrEnum):
    READ = "read"
    WRITE = "write"
    DONE = "done"
    FAIL = "fail"
    CONFLICT = "conflict"
    LATER = "later"


class Next(NamedTuple):
    """What to do with a row now."""

    step: Step
    reason: str = ""
    """For the journal, and for a person where one has to look."""
    pace: Pace = FAULT
    """How slowly to try again, for `Step.LATER`."""
    after: float | None = None
    """Seconds that the site asks to wait, in place of the pace."""
    network: bool = False
    """It waits for the link or the key, and is due as soon as that is back."""
    everyone: bool = False
    """All of the queue waits with it."""
    maybe_applied: bool = False
    """A write to this ticket may have been carried out, so that a check-in found there is ours."""


ALREADY_IN = (
    "It was in already when our check-in was sent: possibly two people came in on this ticket. "
    "Look for both, then dismiss it with what you found."
)
REFUNDED = (
    "It is refunded, but its holder was let in here: tell the organiser, then dismiss it with a "
    "reason."
)
NO_SUCH_TICKET = (
    "The site no longer has this ticket, but its holder was let in here: tell the organiser, then "
    "dismiss it with a reason."
)
NOT_PROVEN = "The site took the check-in, but does not say that the ticket is in."
WHAT_TO_DO = {
    Kind.CHECK_IN: "The holder was let in here, but the check-in is refused: tell the organiser.",
    Kind.ANSWERS: "The answers are refused: open the ticket and answer again.",
    Kind.NAME: "The name is refused: open the ticket and change it again.",
}


def decide(row: QueueRow, read: Said | None = None, write: Said | None = None) -> Next:
    """The next step for `row`, as the queue holds it.

    `read`, `write`: what the read and the write of this turn came to; None: not tried yet.

    A check-in is done only on proof: an answer, or a read, that says the ticket is in. Found in by
    a read, it was us where one of our writes may have been carried out; else another door was first
    and perhaps two people came in. Answers and names are the same however often they are sent, so
    any acceptance is proof.
    """
    if write is not None:
        return _after_write(row, write)
    if isinstance(read, TicketbutlerError):
        return _after_error(row, read, maybe_applied=row.attempted)
    if row.kind is not Kind.CHECK_IN:
        return Next(Step.WRITE)
    if isinstance(read, Ticket):
        return _after_read(row, read)
    return Next(Step.READ if row.read_first or row.attempted else Step.WRITE)


def _after_read(row: QueueRow, ticket: Ticket) -> Next:
    if ticket.checked_in:
        if row.attempted:
            return Next(Step.DONE, "Found in: an earlier try had arrived.")
        return Next(Step.CONFLICT, ALREADY_IN)
    if ticket.refunded:
        return Next(Step.FAIL, REFUNDED, maybe_applied=row.attempted)
    return Next(Step.WRITE)


def _after_write(row: QueueRow, write: Said) -> Next:
    if isinstance(write, TicketbutlerError):
        return _after_error(row, write, maybe_applied=row.attempted or write.maybe_applied)
    if row.kind is Kind.CHECK_IN and not (isinstance(write, Ticket) and write.checked_in):
        return Next(Step.LATER, NOT_PROVEN, maybe_applied=True)
    return Next(Step.DONE)


def _after_error(row: QueueRow, error: TicketbutlerError, *, maybe_applied: bool) -> Next:
    later = Next(Step.LATER, error.sentence, maybe_applied=maybe_applied)
    match error:
        case Unreachable() | CaptivePortal():
            return later._replace(network=True)
        case KeyRefused():
            return later._replace(network=True, everyone=True, pace=REFUSED)
        case TooMany():
            return later._replace(everyone=True, after=error.retry_after)
        case ServerFault():
            return later._replace(after=error.retry_after)
        case NoAnswer():
            return later._replace(pace=UNKNOWN)
        case NotFound() if row.kind is Kind.CHECK_IN:
            return Next(Step.FAIL, NO_SUCH_TICKET, maybe_applied=maybe_applied)
        case NotFound() | Refused():
            reason = f"{WHAT_TO_DO[row.kind]} {error.sentence}"
            return Next(Step.FAIL, reason, maybe_applied=maybe_applied)
    return later
