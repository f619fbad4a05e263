"""Decides what becomes of a row of the queue, by the site's responses to it. No I/O.

CONTRIBUTING.md, promises 2 and 5.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from boxoffice.clock import Clock
from boxoffice.domain.journal import QueueKind, QueueRow
from boxoffice.domain.models import Answer, Ticket, may_lag
from boxoffice.domain.venue import Finding
from boxoffice.language import N_, _
from boxoffice.sync.context import FAULT, REFUSED, UNKNOWN, Pace
from boxoffice.sync.link import Link
from boxoffice.ticketbutler import (
    CaptivePortal,
    Forbidden,
    KeyRefused,
    NoAnswer,
    NotFound,
    Refused,
    ServerFault,
    TicketbutlerError,
    TooMany,
    Unreachable,
    Unreadable,
)

FRESH = timedelta(seconds=5)
"""For so long after it was made, a check-in that the server confirmed is written without a read."""
FAULTS = {QueueKind.CHECK_IN: 10, QueueKind.ANSWERS: 5, QueueKind.NAME: 5}
"""After so many faults of the site over one row, the row needs a person."""

Response: TypeAlias = Ticket | Sequence[Answer] | TicketbutlerError
"""The answer to a request, or its error: see `response_of`."""


class Step(StrEnum):
    READ = "read"
    WRITE = "write"
    DONE = "done"
    FAIL = "fail"
    CONFLICT = "conflict"
    LATER = "later"


class Decision(NamedTuple):
    step: Step
    reason: str = ""
    """A sentence for the journal, and for the person who has to look at it."""
    pace: Pace = FAULT
    """How slowly to try again, for `Step.LATER`."""
    after: float | None = None
    """Seconds that the site asks to wait, in place of the pace."""
    network: bool = False
    """The row waits for the link or the key, and is due as soon as that is back."""
    everyone: bool = False
    """The whole queue waits with this row."""
    fault: bool = False
    """The site says that it failed over this row, or its answer proves nothing."""
    finding: Finding | None = None
    """Why no door of the venue could send this check-in."""
    maybe_applied: bool = False
    """The site may have carried out one of our writes, so a check-in found there may be ours."""


ALREADY_IN = N_(
    "It was in already when our check-in was sent: possibly two people came in on this ticket. "
    "Look for both, then dismiss it with what you found."
)
REFUNDED = N_(
    "It is refunded, but its holder was let in here: tell the organiser, then dismiss it with a "
    "reason."
)
NO_SUCH_TICKET = N_(
    "The site no longer has this ticket, but its holder was let in here: tell the organiser, then "
    "dismiss it with a reason."
)
UNDONE = N_(
    "It was undone from here just before, and the site may only lag behind that: asked again."
)
NOT_PROVEN = N_("The site took the check-in, but does not say that the ticket is in.")
NOT_THIS_ONE = N_("The site refuses this ticket with this key, but takes others.")
AGAIN_AND_AGAIN = {
    QueueKind.CHECK_IN: N_(
        "The holder was let in here, but the site fails over the check-in again and again: retry "
        "it later, or tell the organiser."
    ),
    QueueKind.ANSWERS: N_(
        "The site fails over the answers again and again: retry it later, or open the ticket and "
        "answer again."
    ),
    QueueKind.NAME: N_(
        "The site fails over the name again and again: retry it later, or open the ticket and "
        "change it again."
    ),
}
WHAT_TO_DO = {
    QueueKind.CHECK_IN: N_(
        "The holder was let in here, but the check-in is refused: tell the organiser."
    ),
    QueueKind.ANSWERS: N_("The answers are refused: open the ticket and answer again."),
    QueueKind.NAME: N_("The name is refused: open the ticket and change it again."),
}


def decide(
    row: QueueRow,
    read: Response | None = None,
    write: Response | None = None,
    *,
    now: datetime,
    faults: int = 0,
    others_may: bool = False,
    undone_at: datetime | None = None,
    by_venue: bool = False,
) -> Decision:
    """The next step for `row`, as the queue holds it.

    `read`, `write`: the responses to the read and the write of this turn; None: not tried yet.
    `faults`: how often the site failed over this row before (`Decision.fault`). `others_may`: since
    the site forbade this row, it took another one that was sent later. `undone_at`: when an earlier
    check-in of the ticket was undone at the site from here. `by_venue`: a door of the venue sent
    it, and if somebody else was let in as well, that is already known.

    A check-in is done only on proof: the site has answered that the ticket is in. If a read finds
    it in, that was us if one of our writes may have been carried out. Else another door was first,
    and perhaps two people came in. Soon after our own undo, such a read may be from before it, and
    proves nothing. A check-in is written without a read before only if it was just made with the
    server's word and never tried. Names and answers may be sent any number of times, so that for
    them any acceptance is proof.
    """
    if write is None and read is None:
        return Decision(Step.READ if _must_read(row, now) else Step.WRITE)
    if write is not None:
        step = _after_write(row, write)
    elif isinstance(read, TicketbutlerError):
        step = _after_error(row, read, maybe_applied=row.attempted)
    elif isinstance(read, Ticket):
        undone = undone_at is not None and may_lag(undone_at, now)
        step = _after_read(row, read, undone, by_venue)
    else:
        step = Decision(Step.WRITE)
    response = read if write is None else write
    if isinstance(response, Forbidden) and others_may:
        reason = f"{_(WHAT_TO_DO[row.kind])} {_(NOT_THIS_ONE)}"
        return Decision(Step.FAIL, reason, maybe_applied=step.maybe_applied)
    if step.fault and faults + 1 >= FAULTS[row.kind]:
        return step._replace(step=Step.FAIL, reason=_(AGAIN_AND_AGAIN[row.kind]))
    return step


def _must_read(row: QueueRow, now: datetime) -> bool:
    if row.kind is not QueueKind.CHECK_IN:
        return False
    just_made = timedelta(0) <= now - row.at <= FRESH  # a clock set back proves nothing
    return row.read_first or row.attempted or row.tries > 0 or not just_made


def _after_read(row: QueueRow, ticket: Ticket, undone: bool, by_venue: bool) -> Decision:
    """`undone`: what `ticket` says may be from before our own undo."""
    if ticket.checked_in and undone:
        return Decision(Step.WRITE) if row.attempted else Decision(Step.LATER, _(UNDONE))
    if ticket.checked_in:
        if row.attempted:
            return Decision(Step.DONE, _("Found in: an earlier try had arrived."))
        if by_venue:
            return Decision(Step.DONE, _("Found in: another door of the venue had sent it."))
        return Decision(Step.CONFLICT, _(ALREADY_IN), finding=Finding.IN)
    if ticket.refunded:
        return Decision(
            Step.FAIL, _(REFUNDED), finding=Finding.REFUNDED, maybe_applied=row.attempted
        )
    return Decision(Step.WRITE)


def _after_write(row: QueueRow, write: Response) -> Decision:
    if isinstance(write, TicketbutlerError):
        return _after_error(row, write, maybe_applied=row.attempted or write.maybe_applied)
    if row.kind is QueueKind.CHECK_IN and not (isinstance(write, Ticket) and write.checked_in):
        return Decision(Step.LATER, _(NOT_PROVEN), fault=True, maybe_applied=True)
    return Decision(Step.DONE)


def _after_error(row: QueueRow, error: TicketbutlerError, *, maybe_applied: bool) -> Decision:
    later = Decision(Step.LATER, error.sentence, maybe_applied=maybe_applied)
    match error:
        case Unreachable() | CaptivePortal():
            return later._replace(network=True)
        case KeyRefused():
            return later._replace(network=True, everyone=True, pace=REFUSED)
        case TooMany():
            return later._replace(everyone=True, after=error.retry_after)
        case ServerFault():
            return later._replace(fault=True, after=error.retry_after)
        case Unreadable():
            return later._replace(fault=True)
        case NoAnswer():
            return later._replace(pace=UNKNOWN)
        case NotFound() if row.kind is QueueKind.CHECK_IN:
            return Decision(
                Step.FAIL, _(NO_SUCH_TICKET), finding=Finding.GONE, maybe_applied=maybe_applied
            )
        case NotFound() | Refused():
            reason = f"{_(WHAT_TO_DO[row.kind])} {error.sentence}"
            return Decision(Step.FAIL, reason, maybe_applied=maybe_applied)
    return later


class ErrorHistory:
    """Remembers errors, to tell those of one row from those of the key or of the whole site.

    A row that is forbidden while others, sent later, are taken is forbidden by itself. A fault of
    the site over a row counts only if a request has worked since the last one: while the whole
    site is ill, no row is to blame.
    """

    def __init__(self, link: Link, clock: Clock) -> None:
        self._link = link
        self._clock = clock
        self._turns = 0
        self._last_taken = 0
        self._forbidden: dict[int, tuple[str, int]] = {}
        self._faults: dict[int, tuple[int, float]] = {}

    @property
    def forbidden(self) -> AbstractSet[str]:
        """The tickets that the site forbade, and that are not settled yet."""
        return {ticket for ticket, _turns in self._forbidden.values()}

    def begin(self) -> int:
        """Note that a row is about to be sent; returns the number of its turn."""
        self._turns += 1
        return self._turns

    def decide(
        self,
        row: QueueRow,
        read: Response | None = None,
        write: Response | None = None,
        *,
        undone_at: datetime | None = None,
        by_venue: bool = False,
    ) -> Decision:
        """The next step for `row`, given its earlier errors. As the function `decide`."""
        _ticket, turns = self._forbidden.get(row.id, ("", self._turns))
        return decide(
            row,
            read,
            write,
            now=self._clock.now(),
            faults=self._faults.get(row.id, (0, 0.0))[0],
            others_may=self._last_taken > turns,
            undone_at=undone_at,
            by_venue=by_venue,
        )

    def record(
        self,
        row: QueueRow,
        turn: int,
        step: Decision,
        read: Response | None,
        write: Response | None,
    ) -> None:
        if write is not None and not isinstance(write, TicketbutlerError):
            self._last_taken = max(self._last_taken, turn)
        if step.step is not Step.LATER:
            self._forbidden.pop(row.id, None)
            self._faults.pop(row.id, None)
            if isinstance(write, Forbidden):
                self._link.note_single_refusal()
        elif isinstance(read if write is None else write, Forbidden):
            self._forbidden.setdefault(row.id, (row.ticket, self._turns))
        elif step.fault:
            count, last = self._faults.get(row.id, (0, 0.0))
            if not count or self._link.worked_at > last:
                self._faults[row.id] = (count + 1, self._clock.monotonic())
