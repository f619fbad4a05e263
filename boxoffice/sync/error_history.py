"""What the sender remembers of the rows that the site did not take, until each is settled."""

from collections.abc import Set as AbstractSet
from datetime import datetime

from boxoffice.clock import Clock
from boxoffice.domain.queue import QueueRow
from boxoffice.sync.check_in_policy import Decision, Response, Step, decide
from boxoffice.sync.link import Link
from boxoffice.ticketbutler import Forbidden, TicketbutlerError


class ErrorHistory:
    """Tells what is about one row from what is about the key or the whole site.

    A row that is forbidden while others that begin later are taken is forbidden for itself. A fault
    of the site's over a row counts only if the site did something right since the last one: while
    all of the site is ill, its rows are not to blame.
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
        """The tickets that were forbidden, and are not settled yet."""
        return {ticket for ticket, _ in self._forbidden.values()}

    def begin(self) -> int:
        """A row is about to be sent; answers the number of its turn."""
        self._turns += 1
        return self._turns

    def decide(
        self,
        row: QueueRow,
        read: Response | None = None,
        write: Response | None = None,
        *,
        undone_at: datetime | None = None,
    ) -> Decision:
        """The next step for `row`, in the light of its past."""
        _, turns = self._forbidden.get(row.id, ("", self._turns))
        return decide(
            row,
            read,
            write,
            now=self._clock.now(),
            faults=self._faults.get(row.id, (0, 0.0))[0],
            others_may=self._last_taken > turns,
            undone_at=undone_at,
        )

    def record(
        self,
        row: QueueRow,
        turn: int,
        step: Decision,
        read: Response | None,
        write: Response | None,
    ) -> None:
        """Take up what a turn came to."""
        if write is not None and not isinstance(write, TicketbutlerError):
            self._last_taken = max(self._last_taken, turn)
        if step.step is not Step.LATER:
            self._forbidden.pop(row.id, None)
            self._faults.pop(row.id, None)
            if isinstance(write, Forbidden):
                self._link.forbade_one_only()
        elif isinstance(read if write is None else write, Forbidden):
            self._forbidden.setdefault(row.id, (row.ticket, self._turns))
        elif step.fault:
            count, last = self._faults.get(row.id, (0, 0.0))
            if not count or self._link.worked_at > last:
                self._faults[row.id] = (count + 1, self._clock.monotonic())
