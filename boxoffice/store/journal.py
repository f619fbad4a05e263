"""journal.db: what happened at the door, who was admitted, what the server has still to be told.

Precious: it is never deleted or overwritten, and what it answers is on disk before it answers.
Two processes may use one file at the same time.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from boxoffice.clock import Clock
from boxoffice.domain.models import Admission, Given
from boxoffice.domain.queue import Counts, Kind, QueueRow, State
from boxoffice.domain.text import clean
from boxoffice.site_clock import age
from boxoffice.store import admissions, entries, knowledge, queue, queue_rows
from boxoffice.store.code_ties import CodeTies
from boxoffice.store.entries import REASON_LIMIT, Entry, LogRow, written
from boxoffice.store.journal_schema import connect
from boxoffice.store.knowledge import Done
from boxoffice.store.stamped import Stamped
from boxoffice.store.till import Till
from boxoffice.store.writer import Database


class Journal(Stamped):
    """The journal, the admissions and the queue of this computer.

    `till`: its sales. `code_ties`: the codes of which people said whose they are.

    All methods raise StoreError where the file cannot be read or written. Those that answer a bool
    answer False where the row or admission in question has gone meanwhile, and change nothing then.
    """

    def __init__(self, database: Database, *, lane: str, operator: str, clock: Clock) -> None:
        super().__init__(database, lane=lane, operator=operator, clock=clock)
        self.till = Till(database, lane=lane, operator=operator, clock=clock)
        self.code_ties = CodeTies(database, lane=lane, operator=operator, clock=clock)
        self._version = 0

    @classmethod
    async def open(cls, path: Path, *, lane: str, operator: str, clock: Clock) -> "Journal":
        """Open the file at `path`, made where there is none. `lane` and `operator` go on every row.

        Raises StoreError, with the file untouched, where it is damaged, from a newer boxoffice, or
        cannot be written to.
        """
        database = Database(path, lambda: connect(path))
        await database.open()
        journal = cls(database, lane=lane, operator=operator, clock=clock)
        await journal.changed()
        return journal

    async def close(self) -> None:
        """Finish what is under way and close the file."""
        await self._database.close()

    async def changed(self) -> bool:
        """Whether another process wrote to the file since this was last asked."""
        version = await self._database.run(entries.data_version)
        version, self._version = self._version, version
        return version != self._version

    # The journal

    async def record(self, entry: Entry) -> int:
        """Append to the journal; answers the row's id."""
        return await self._write(entries.record, entry)

    async def position(self) -> int:
        """The newest row's id; 0: none. Tells what began before what, whatever the clock does."""
        return await self._database.run(entries.position)

    async def log(self, event: str | None = None) -> list[LogRow]:
        """The journal of `event`, or all of it, oldest first."""
        rows: list[LogRow] = []
        newest = await self.position()
        for after in range(0, newest, entries.CHUNK):
            rows += await self._database.run(entries.read, event, after)
        return rows

    # Admissions

    async def admission(self, ticket: str) -> Admission | None:
        """The check-in of `ticket` on this computer, unless it was undone."""
        return await self._database.run(admissions.one, ticket)

    async def of(self, ticket: str) -> Done:
        """What was done with `ticket` here, as of one moment."""
        return await self._database.run(knowledge.done, ticket)

    async def admissions(self, event: str) -> list[Admission]:
        """All of them at `event`, in no order."""
        found: list[Admission] = []
        more = await self._database.run(admissions.of_event, event, "")
        while more:
            found += more
            more = await self._database.run(admissions.of_event, event, found[-1].ticket)
        return found

    async def last_admission(self, event: str) -> Admission | None:
        """The newest at `event` of the lane that this journal was opened for."""
        return await self._database.run(admissions.last, event, self._lane)

    async def age(self, admission: Admission) -> timedelta:
        """How long ago it was made, whatever was learnt since of what time it is.

        Below 0 where the computer's clock was set back since.
        """
        own = await self._database.run(entries.own_time, admission.journal)
        return age(self._clock, admission.at, own)

    async def together(self, admission: Admission) -> list[Admission]:
        """Those admitted in one go with `admission`, itself among them, newest first.

        They are the ones whose journal rows carry the same `party`, less those undone since.
        """
        return await self._database.run(admissions.together, admission)

    async def admit(
        self,
        entry: Entry,
        *,
        given: Sequence[Given] = (),
        read_first: bool,
        by: tuple[str, str] | None = None,
        instead_of: int | None = None,
    ) -> tuple[Admission, bool]:
        """Admit `entry.ticket`; on disk when this returns.

        New: the admission, the journal's row and the rows of the queue (answers before the
        check-in) are one transaction: (admission, True). Admitted before, on this computer: that
        admission and False; the journal says `already_in`, and only the answers are queued.
        `read_first`: it was decided without the server, so the sender reads before it writes. `by`:
        the lane and the operator who admit, where they are not those of this journal.
        `instead_of`: the journal's row of an admission that a person has overridden: where that one
        still stands and is taken back at the site, the new one takes its place, and names it in the
        journal as `instead_of`.
        """
        return await self._write(admissions.admit, entry, given, read_first, by, instead_of)

    async def cancel(self, admission: Admission, entry: Entry) -> bool:
        """Undo a check-in that has never left for the server: admission and queue row go.

        False: it has gone, or the sender has it or had it. Answers stay queued, and a newer
        admission of the ticket stays.
        """
        return await self._write(admissions.cancel, admission, entry)

    async def forget_admission(self, admission: Admission, entry: Entry) -> bool:
        """Drop an admission that is undone at the server, with what the queue holds of it.

        `entry` is journalled in any case; `confirmed` where it was the server that undid it. A
        newer admission of the ticket stays.
        """
        return await self._write(admissions.forget, admission, entry)

    async def is_ours(self, admission: Admission) -> bool:
        """Whether it is this very check-in that the server has, as far as is known.

        False where another door's was found in its place, where it was taken back at the site and
        is in again, and where the server has not confirmed.
        """
        return await self._database.run(admissions.is_ours, admission)

    async def site_says(self, ticket: str, checked_in: bool, began: datetime) -> tuple[int, int]:
        """Note what a read of `ticket` says that began at `began`; the admission stays in any case.

        Answers how many such reads in a row had said that it is no longer in, and how many have
        now: `Admission.said_out`. What may lag behind the server's own confirmation does not count.
        """
        return await self._write(admissions.site_says, ticket, checked_in, began)

    async def undone_at(self, ticket: str) -> datetime | None:
        """When a check-in of `ticket` was last undone at the server from here; None: never."""
        return await self._database.run(admissions.undone_at, ticket)

    # The queue: adding

    async def enqueue_answers(self, entry: Entry, given: Sequence[Given]) -> int:
        """Queue answers for `entry.ticket`; answers the row's id."""
        return await self._write(queue.enqueue, entry, Kind.ANSWERS, queue_rows.packed(given))

    async def enqueue_name(self, entry: Entry, full_name: str) -> int:
        """Queue another name for `entry.ticket`, as typed; answers the row's id."""
        return await self._write(queue.enqueue, entry, Kind.NAME, queue_rows.packed_name(full_name))

    async def unsent(self, event: str, tickets: Collection[str] | None = None) -> set[str]:
        """Those of `tickets`, or of all at `event`, whose check-in waits or is being sent."""
        return await self._database.run(queue_rows.unsent, event, tickets)

    # The queue: sending

    async def take(
        self, limit: int, now: datetime, *, skip: Collection[str] = ()
    ) -> list[QueueRow]:
        """Rows to be sent now, oldest first: at most one a ticket, none of the tickets in `skip`.

        A row that waits or is being sent holds up those behind it of the same ticket; one that
        failed or is in conflict does not. One postponed for longer than LONGEST_WAIT is due: the
        clock was set back since.
        """
        return await self._database.run(queue.take, limit, now, skip)

    async def next_due(self, *, skip: Collection[str] = ()) -> datetime | None:
        """When `take` will next have a row; in the past: it has one; None: nothing waits."""
        return await self._database.run(queue.next_due, self._clock.now(), skip)

    async def mark_sending(self, row: int) -> bool:
        """A write is about to leave. False: the row was cancelled, so it must not leave."""
        return await self._write(queue.mark_sending, row)

    async def done(self, row: int, entry: Entry) -> bool:
        """The server has it, on proof: the row goes, and a check-in's admission is confirmed."""
        return await self._write(queue.done, row, entry)

    async def fail(self, row: int, reason: str, *, maybe_applied: bool = False) -> bool:
        """The server refuses it: a person has to look. It no longer holds up the rows behind it."""
        return await self._write(
            queue.set_aside, row, State.FAILED, clean(reason, REASON_LIMIT), maybe_applied
        )

    async def conflict(self, row: int, reason: str) -> bool:
        """The ticket was in already when it came to be sent: a person has to look."""
        return await self._write(
            queue.set_aside, row, State.CONFLICT, clean(reason, REASON_LIMIT), False
        )

    async def postpone(
        self,
        row: int,
        until: datetime,
        reason: str,
        *,
        network: bool,
        maybe_applied: bool = True,
    ) -> bool:
        """Try again at `until`. `network`: because of the link, so `wake` makes it due at once.

        After `mark_sending` the row counts as attempted, unless the write is known not to have
        been applied (`maybe_applied` False).
        """
        return await self._write(
            queue.postpone, row, written(until), clean(reason, REASON_LIMIT), network, maybe_applied
        )

    async def wake(self) -> None:
        """The link is back: what was postponed because of it is due now."""
        while await self._database.run(queue.wake) == queue.CHUNK:
            continue

    async def recover(self) -> int:
        """Rows left `sending` by a process that died wait again, as attempted; answers how many.

        Only for the one who holds the sender's lock.
        """
        return await self._write(queue.recover)

    # The queue: people

    async def counts(self, event: str | None = None) -> Counts:
        """How many rows of `event`, or of all, stand where."""
        return await self._database.run(queue_rows.counts, event)

    async def entries(self, states: Iterable[State]) -> list[QueueRow]:
        """The rows in these states, oldest first."""
        wanted = frozenset(states)
        found = await self._database.run(queue_rows.find, wanted)
        rows: list[QueueRow] = []
        for start in range(0, len(found), queue_rows.CHUNK):
            rows += await self._database.run(
                queue_rows.read, found[start : start + queue_rows.CHUNK]
            )
        return [row for row in rows if row.state in wanted]

    async def retry(self, rows: Collection[int] | None = None) -> int:
        """Send failed and conflicting rows again, after a read; None: all. Answers how many.

        A name or an answer that was given anew since is not sent again, but goes.
        """
        return await self._write(queue_rows.retry, rows)

    async def dismiss(self, row: int, reason: str) -> bool:
        """Take a failed or conflicting row off the queue by a person's word; an admission stays.

        False: there is no such row, or it is still to be sent. Raises ValueError without a reason.
        """
        if not clean(reason):
            raise ValueError("a row of the queue is not dismissed without a reason")
        return await self._write(queue_rows.dismiss, row, reason)
