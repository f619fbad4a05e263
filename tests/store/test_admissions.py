"""Who was admitted: once a ticket, and taken back by nothing that is read."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from boxoffice.domain.journal import Entry, JournalKind, QueueKind, QueueState
from boxoffice.domain.models import KEPT_SAYING, LAG, Admission, AnswerInput
from boxoffice.store import Journal, admissions, by_hand, journal_db, queue
from tests.store.support import EVENT, GIVEN, OTHER_EVENT, execute, said, scan, uuid
from tests.support import EVENING, FakeClock

ANN = uuid(1)


async def confirmed(journal: Journal, ticket: str = ANN) -> Admission:
    """Admit, send, and hear that the server has it."""
    admission, new, _ = await journal.write(admissions.admit, scan(ticket), read_first=False)
    assert new
    await journal.write(queue.mark_sending, admission.journal)
    assert await journal.write(queue.complete, admission.journal, said("outcome", ticket))
    return admission


async def taken_back(journal: Journal, clock: FakeClock, ticket: str = ANN) -> None:
    """Time passes, and the site says that it is in no longer, and says so again."""
    await clock.advance(LAG.total_seconds() + 1)
    for _ in range(KEPT_SAYING):
        await journal.write(admissions.note_read, ticket, False, clock.now())
    found = await journal.read(admissions.get, ticket)
    assert found is not None
    assert found.taken_back


async def test_an_admission_is_journalled_and_queued(journal: Journal) -> None:
    admission, new, _ = await journal.write(admissions.admit, scan(ANN), read_first=True)
    assert new
    assert admission == Admission(ANN, EVENT, EVENING, "North", "Bo", False, 1)
    assert await journal.read(admissions.get, ANN) == admission
    assert await journal.read_all(admissions.of_event, EVENT) == [admission]
    (row,) = await journal.read_all(queue.in_states, QueueState)
    assert (row.id, row.kind, row.ticket, row.event) == (1, QueueKind.CHECK_IN, ANN, EVENT)
    assert (row.state, row.read_first, row.attempted) == (QueueState.WAITING, True, False)
    (line,) = await journal.read_all(journal_db.log)
    assert line.entry == scan(ANN)


async def test_a_second_admission_of_a_ticket_is_only_journalled(journal: Journal) -> None:
    first, *_ = await journal.write(admissions.admit, scan(ANN), read_first=False)
    again, new, _ = await journal.write(admissions.admit, scan(ANN), read_first=False)
    assert (again, new) == (first, False)
    assert len(await journal.read_all(queue.in_states, QueueState)) == 1
    assert [row.entry.verdict for row in await journal.read_all(journal_db.log)] == [
        "admitted",
        "already_in",
    ]


async def test_answers_are_sent_before_their_check_in(journal: Journal, clock: FakeClock) -> None:
    await journal.write(admissions.admit, scan(ANN), given=GIVEN, read_first=False)
    answers, check_in = await journal.read_all(queue.in_states, QueueState)
    assert (answers.kind, answers.given) == (QueueKind.ANSWERS, GIVEN)
    assert check_in.kind == QueueKind.CHECK_IN
    assert [row.kind for row in await journal.read(queue.take, 9, clock.now())] == [
        QueueKind.ANSWERS
    ]
    await journal.write(queue.complete, answers.id, said("outcome", ANN))
    assert [row.kind for row in await journal.read(queue.take, 9, clock.now())] == [
        QueueKind.CHECK_IN
    ]


async def test_answers_given_with_a_late_admission_are_not_lost(
    journal: Journal, south: Journal
) -> None:
    await south.write(admissions.admit, scan(ANN), read_first=False)
    _, new, _ = await journal.write(admissions.admit, scan(ANN), given=GIVEN, read_first=False)
    assert not new
    assert (await journal.read(admissions.local_context, ANN)).pending_answers == [*GIVEN]


async def test_an_admission_names_its_ticket_and_event(journal: Journal) -> None:
    with pytest.raises(ValueError, match="must name"):
        await journal.write(
            admissions.admit, Entry(JournalKind.SCAN, event=EVENT), read_first=False
        )
    assert await journal.read_all(journal_db.log) == []


async def test_two_lanes_race_for_a_ticket(journal: Journal, south: Journal) -> None:
    tickets = [uuid(number) for number in range(50)]
    results = await asyncio.gather(
        *(
            lane.write(admissions.admit, scan(ticket), read_first=False)
            for ticket in tickets
            for lane in (journal, south)
        )
    )
    won = [admission.ticket for admission, new, _ in results if new]
    assert sorted(won) == sorted(tickets)
    assert {admission.ticket: admission for admission, *_ in results} == {
        admission.ticket: admission
        for admission in await journal.read_all(admissions.of_event, EVENT)
    }
    assert len(await journal.read_all(queue.in_states, QueueState)) == len(tickets)


async def test_the_last_admission_is_the_lanes_own(
    journal: Journal, south: Journal, clock: FakeClock
) -> None:
    assert await journal.read(admissions.last, EVENT, journal.lane) is None
    await journal.write(admissions.admit, scan(ANN), read_first=False)
    clock.jump(timedelta(hours=-1))
    await journal.write(admissions.admit, scan(uuid(2)), read_first=False)
    await journal.write(admissions.admit, scan(uuid(3), event=OTHER_EVENT), read_first=False)
    await south.write(admissions.admit, scan(uuid(4)), read_first=False)
    last = await journal.read(admissions.last, EVENT, journal.lane)
    assert last is not None
    assert last.ticket == uuid(2)
    await journal.write(admissions.cancel, last, said("undo", uuid(2)))
    last = await journal.read(admissions.last, EVENT, journal.lane)
    assert last is not None
    assert last.ticket == ANN


async def test_admissions_of_one_event(journal: Journal) -> None:
    for number in range(10):
        await journal.write(admissions.admit, scan(uuid(number)), read_first=False)
        await journal.write(
            admissions.admit, scan(uuid(100 + number), event=OTHER_EVENT), read_first=False
        )
    found = await journal.read_all(admissions.of_event, EVENT)
    assert sorted(admission.ticket for admission in found) == [uuid(n) for n in range(10)]


# What reads say


async def test_a_read_that_may_lag_behind_our_write_says_nothing(
    journal: Journal, clock: FakeClock
) -> None:
    admission, *_ = await journal.write(admissions.admit, scan(ANN), read_first=False)
    late = clock.now() + timedelta(days=1)
    assert await journal.write(admissions.note_read, ANN, False, late) == (0, 0), "not confirmed"
    await journal.write(queue.mark_sending, admission.journal)
    assert await journal.write(admissions.note_read, ANN, False, late) == (0, 0), "not confirmed"
    await clock.advance(600)
    await journal.write(queue.complete, admission.journal, said("outcome", ANN))
    for _ in range(5):
        assert await journal.write(admissions.note_read, ANN, False, clock.now()) == (0, 0)
        assert await journal.write(
            admissions.note_read, ANN, False, clock.now() - timedelta(hours=1)
        ) == (0, 0)
        assert await journal.write(admissions.note_read, ANN, False, clock.now() + LAG) == (0, 0)
    found = await journal.read(admissions.get, ANN)
    assert found is not None
    assert (found.confirmed_at, found.taken_back) == (clock.now(), False)


async def test_what_the_site_keeps_saying_is_noted_and_takes_nothing_back(
    journal: Journal, south: Journal, clock: FakeClock
) -> None:
    admission = await confirmed(journal)
    await clock.advance(LAG.total_seconds() + 1)
    assert await journal.write(admissions.note_read, ANN, False, clock.now()) == (0, 1)
    found = await journal.read(admissions.get, ANN)
    assert found is not None
    assert not found.taken_back
    assert await south.write(admissions.note_read, ANN, False, clock.now()) == (1, 2)
    assert await south.write(admissions.note_read, ANN, False, clock.now()) == (2, 2)
    found = await journal.read(admissions.get, ANN)
    assert found is not None
    assert (found.journal, found.taken_back) == (admission.journal, True)
    assert await journal.read_all(admissions.of_event, EVENT) == [found]
    assert await journal.read(admissions.last, EVENT, journal.lane) == found
    assert await journal.read(admissions.together, found) == [found]
    kinds = [row.entry.kind for row in await journal.read_all(journal_db.log)]
    assert kinds.count(JournalKind.TAKEN_BACK) == 1
    assert JournalKind.UNDO not in kinds
    _, new, _ = await journal.write(admissions.admit, scan(ANN), read_first=False)
    assert not new


async def test_a_read_that_says_in_ends_it(journal: Journal, clock: FakeClock) -> None:
    await confirmed(journal)
    await clock.advance(LAG.total_seconds() + 1)
    for _ in range(3):
        assert await journal.write(admissions.note_read, ANN, False, clock.now()) == (0, 1)
        assert await journal.write(admissions.note_read, ANN, True, clock.now()) == (1, 0)
    await taken_back(journal, clock)
    assert await journal.write(admissions.note_read, ANN, True, clock.now()) == (2, 0)
    found = await journal.read(admissions.get, ANN)
    assert found is not None
    assert (found.taken_back, found.confirmed_at) == (False, clock.now())
    assert [row.entry.kind for row in await journal.read_all(journal_db.log)][-2:] == [
        "taken_back",
        "in_again",
    ]
    assert await journal.write(admissions.note_read, ANN, False, clock.now()) == (0, 0), (
        "that may lag behind this"
    )


async def test_a_person_lets_in_again_what_the_site_took_back(
    journal: Journal, south: Journal, clock: FakeClock
) -> None:
    older = await confirmed(journal)
    _, new, _ = await journal.write(
        admissions.admit, scan(ANN), read_first=False, instead_of=older.journal
    )
    assert not new, "the site has it in"
    await taken_back(journal, clock)
    _, new, _ = await journal.write(
        admissions.admit, scan(ANN), read_first=False, instead_of=older.journal + 1
    )
    assert not new, "another one was overridden"
    newer, new, _ = await journal.write(
        admissions.admit, scan(ANN), read_first=False, instead_of=older.journal
    )
    assert new
    assert await south.read(admissions.get, ANN) == newer
    assert not newer.taken_back
    assert [row.id for row in await journal.read_all(queue.in_states, QueueState)] == [
        newer.journal
    ]
    rows = {row.id: row.entry for row in await journal.read_all(journal_db.log)}
    assert rows[older.journal] == scan(ANN)
    assert rows[newer.journal] == scan(ANN)._replace(data={"instead_of": older.journal})
    _, new, _ = await south.write(
        admissions.admit, scan(ANN), read_first=False, instead_of=older.journal
    )
    assert not new, "two who override at once let in once"


async def test_a_conflict_stays_admitted_until_a_person_has_looked(
    journal: Journal, clock: FakeClock
) -> None:
    admission, *_ = await journal.write(admissions.admit, scan(ANN), read_first=True)
    await journal.write(queue.set_aside, admission.journal, QueueState.CONFLICT, "in already")
    assert await journal.read(admissions.get, ANN) == admission
    assert await journal.write(by_hand.dismiss, admission.journal, "twins")
    found = await journal.read(admissions.get, ANN)
    assert found is not None
    assert found.confirmed, "the server has it in: that was the conflict"
    await taken_back(journal, clock)


async def test_the_file_holds_one_row_a_ticket(journal: Journal, path: Path) -> None:
    await journal.write(admissions.admit, scan(ANN), read_first=False)
    assert execute(path, "SELECT ticket FROM admission") == [(ANN,)]
    given = [AnswerInput(uuid(3), "x")]
    await journal.write(admissions.admit, scan(ANN), given=given, read_first=False)
    assert execute(path, "SELECT count(*) FROM admission") == [(1,)]
