"""What the journal holds of the scans that were answered, and what became of their check-ins."""

from boxoffice.domain.history import Since
from boxoffice.domain.journal import Entry, JournalKind, QueueState
from boxoffice.domain.models import KEPT_SAYING, LAG
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.store import Journal, admissions, by_hand, history, journal_db, queue
from tests.store.support import EVENT, OTHER_EVENT, admit, said, scan, uuid
from tests.support import EVENING, FakeClock


async def confirm(journal: Journal, row: int, ticket: str) -> None:
    await journal.write(queue.mark_sending, row)
    assert await journal.write(queue.complete, row, said("outcome", ticket))


async def test_what_became_of_each(journal: Journal, clock: FakeClock) -> None:
    tickets = [uuid(number) for number in range(1, 10)]
    rows = await admit(journal, *tickets)
    sent, sending, failed, conflict, dropped, shared, back, again, _waits = rows
    for row in (sent, back, again):
        await confirm(journal, row, tickets[row - 1])
    await journal.write(queue.mark_sending, sending)
    for row, state in (
        (failed, QueueState.FAILED),
        (conflict, QueueState.CONFLICT),
        (dropped, QueueState.FAILED),
        (shared, QueueState.CONFLICT),
    ):
        assert await journal.write(queue.set_aside, row, state, "why")
    for row in (dropped, shared):
        assert await journal.write(by_hand.dismiss, row, "looked for both")
    await clock.advance(LAG.total_seconds() + 1)
    for ticket in (tickets[back - 1], tickets[again - 1]):
        for _ in range(KEPT_SAYING):
            await journal.write(admissions.note_read, ticket, False, clock.now())
    once_more = scan(tickets[again - 1])
    _, new, newest = await journal.write(
        admissions.admit, once_more, read_first=False, instead_of=again
    )
    assert new
    found = {row.id: row.since for row in await journal.read_all(history.scans, EVENT, 100)}
    assert found == {
        newest: Since.WAITING,
        rows[-1]: Since.WAITING,
        again: Since.TAKEN_BACK,
        back: Since.TAKEN_BACK,
        shared: Since.DISMISSED,
        dropped: Since.DISMISSED,
        conflict: Since.CONFLICT,
        failed: Since.FAILED,
        sending: Since.WAITING,
        sent: Since.CONFIRMED,
    }
    assert list(found) == sorted(found, reverse=True)


async def test_what_is_undone_and_what_let_nobody_in(journal: Journal, south: Journal) -> None:
    ann = uuid(1)
    admission, _, first = await journal.write(admissions.admit, scan(ann), read_first=False)
    _, _, second = await south.write(admissions.admit, scan(ann), read_first=False)
    assert await journal.write(admissions.cancel, admission, said("undo", ann))
    unknown = Entry(JournalKind.SCAN, EVENT, code="x", verdict="unknown", reason="No such ticket")
    third = await journal.write(journal_db.record, unknown)
    await journal.write(admissions.admit, scan(uuid(2), event=OTHER_EVENT), read_first=False)
    found = await journal.read_all(history.scans, EVENT, 100)
    assert [(row.id, row.verdict, row.lane, row.since) for row in found] == [
        (third, VerdictCode.UNKNOWN, "North", None),
        (second, VerdictCode.ALREADY_IN, "South", None),
        (first, VerdictCode.ADMITTED, "North", Since.UNDONE),
    ]
    assert found[0]._replace(id=0) == history.ScanRow(
        0, EVENING, "North", "Bo", None, VerdictCode.UNKNOWN, False, "x", "No such ticket", None
    )
    own = await journal.read_all(history.scans, EVENT, 1, lane="North", before=third)
    assert [row.id for row in own] == [first]
    newest = await journal.read_all(history.scans, EVENT, 100, among=2)
    assert [row.id for row in newest] == [third], "the other event's is one of them"
