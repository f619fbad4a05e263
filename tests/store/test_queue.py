"""What the sender takes, in which order, and what becomes of it."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from boxoffice.domain.journal import QueueKind, QueueState
from boxoffice.store import Journal, admissions, by_hand, journal_db, queue
from boxoffice.store.queue import LONGEST_WAIT
from tests.store.support import GIVEN, admit, one, said, scan, uuid
from tests.support import EVENING, FakeClock

ANN, BEN, EVE = uuid(1), uuid(2), uuid(3)
MINUTE = timedelta(minutes=1)


async def taken(journal: Journal, clock: FakeClock) -> list[str]:
    return [row.ticket for row in await journal.read(queue.take, 9, clock.now())]


async def test_oldest_first_one_a_ticket_and_none_that_is_skipped(
    journal: Journal, clock: FakeClock
) -> None:
    await admit(journal, BEN, ANN, EVE)
    await journal.write(queue.enqueue_name, said("name", BEN), "Benjamin")
    assert await taken(journal, clock) == [BEN, ANN, EVE]
    assert [row.ticket for row in await journal.read(queue.take, 1, clock.now())] == [BEN]
    assert [row.ticket for row in await journal.read(queue.take, 1, clock.now(), skip={BEN})] == [
        ANN
    ]
    assert await journal.read(queue.take, 9, clock.now(), skip=[ANN, BEN, EVE]) == []


async def test_the_rows_say_what_to_send(journal: Journal, clock: FakeClock) -> None:
    first = await journal.write(queue.enqueue_answers, said("answers", ANN), GIVEN)
    second = await journal.write(queue.enqueue_name, said("name", BEN), "  Ben\udcff \x07 Ø ")
    answers, name = await journal.read(queue.take, 9, clock.now())
    assert (answers.id, answers.kind, answers.given) == (first, QueueKind.ANSWERS, GIVEN)
    assert (name.id, name.kind, name.full_name) == (second, QueueKind.NAME, "  Ben\udcff \x07 Ø ")
    assert (name.at, name.lane, name.operator) == (EVENING, "North", "Bo")
    assert (name.due, name.tries, name.reason) == (None, 0, "")


async def leave_waiting(_journal: Journal, _row: int) -> bool:
    return True


async def leave_sending(journal: Journal, row: int) -> bool:
    return await journal.write(queue.mark_sending, row)


async def postpone(journal: Journal, row: int) -> bool:
    return await journal.write(queue.postpone, row, EVENING + MINUTE, "later", network=False)


async def fail(journal: Journal, row: int) -> bool:
    return await journal.write(queue.set_aside, row, QueueState.FAILED, "refused")


async def conflict(journal: Journal, row: int) -> bool:
    return await journal.write(queue.set_aside, row, QueueState.CONFLICT, "in already")


async def finish(journal: Journal, row: int) -> bool:
    return await journal.write(queue.complete, row, said("outcome", ANN))


@pytest.mark.parametrize(
    ("move", "freed"),
    [
        (leave_waiting, False),
        (leave_sending, False),
        (postpone, False),
        (fail, True),
        (conflict, True),
        (finish, True),
    ],
)
async def test_what_holds_up_the_rows_behind_it(
    journal: Journal,
    clock: FakeClock,
    move: Callable[[Journal, int], Awaitable[bool]],
    freed: bool,
) -> None:
    first = await journal.write(queue.enqueue_answers, said("answers", ANN), GIVEN)
    (second,) = await admit(journal, ANN)
    (other,) = await admit(journal, BEN)
    assert await move(journal, first)
    found = [row.id for row in await journal.read(queue.take, 9, clock.now())]
    assert (second in found) == freed
    assert other in found


async def test_a_postponed_row_is_due_when_its_time_has_come(
    journal: Journal, clock: FakeClock
) -> None:
    (row,) = await admit(journal, ANN)
    assert await journal.write(queue.postpone, row, clock.now() + MINUTE, "busy", network=False)
    assert await taken(journal, clock) == []
    assert await journal.read(queue.next_due, clock.now()) == EVENING + MINUTE
    clock.jump(MINUTE)
    assert await taken(journal, clock) == [ANN]
    found = await one(journal)
    assert (found.tries, found.reason, found.due) == (1, "busy", EVENING + MINUTE)


async def test_older_rows_whose_time_has_come_go_before_new_ones(
    journal: Journal, clock: FakeClock
) -> None:
    (first,) = await admit(journal, ANN)
    await journal.write(queue.postpone, first, clock.now(), "busy", network=False)
    await admit(journal, BEN, EVE)
    assert [row.ticket for row in await journal.read(queue.take, 2, clock.now())] == [
        ANN,
        BEN,
    ]


async def test_when_the_next_row_is_due(journal: Journal, clock: FakeClock) -> None:
    assert await journal.read(queue.next_due, clock.now()) is None
    first, second = await admit(journal, ANN, BEN)
    fresh = await journal.read(queue.next_due, clock.now())
    assert fresh is not None
    assert fresh < clock.now()
    await journal.write(queue.postpone, first, clock.now() + 2 * MINUTE, "busy", network=False)
    await journal.write(queue.postpone, second, clock.now() + 3 * MINUTE, "busy", network=False)
    assert await journal.read(queue.next_due, clock.now()) == EVENING + 2 * MINUTE
    await journal.write(queue.mark_sending, first)
    assert await journal.read(queue.next_due, clock.now()) == EVENING + 3 * MINUTE
    await journal.write(queue.set_aside, second, QueueState.FAILED, "refused")
    assert await journal.read(queue.next_due, clock.now()) is None


async def test_waking_spares_what_the_server_put_off(journal: Journal, clock: FakeClock) -> None:
    network, server = await admit(journal, ANN, BEN)
    await journal.write(
        queue.postpone, network, clock.now() + MINUTE, "no connection", network=True
    )
    await journal.write(queue.postpone, server, clock.now() + MINUTE, "Retry-After", network=False)
    await journal.write(queue.wake)
    assert await taken(journal, clock) == [ANN]


async def test_the_last_reason_to_wait_counts(journal: Journal, clock: FakeClock) -> None:
    (row,) = await admit(journal, ANN)
    await journal.write(queue.postpone, row, clock.now() + MINUTE, "no connection", network=True)
    await journal.write(queue.postpone, row, clock.now() + MINUTE, "Retry-After", network=False)
    await journal.write(queue.wake)
    assert await taken(journal, clock) == []


async def test_waking_many(journal: Journal, clock: FakeClock) -> None:
    for row in await admit(journal, *map(uuid, range(9))):
        await journal.write(
            queue.postpone, row, clock.now() + MINUTE, "no connection", network=True
        )
    await journal.write(queue.wake)
    assert len(await journal.read(queue.take, 20, clock.now())) == 9


@pytest.mark.parametrize("back", [timedelta(minutes=10), timedelta(hours=2), timedelta(days=400)])
async def test_a_clock_set_back_keeps_nothing_waiting_for_long(
    journal: Journal, clock: FakeClock, back: timedelta
) -> None:
    first, second = await admit(journal, ANN, BEN)
    await journal.write(queue.postpone, first, clock.now() + MINUTE, "busy", network=False)
    await journal.write(queue.postpone, second, clock.now() + 2 * MINUTE, "busy", network=False)
    clock.jump(-back)
    if back < LONGEST_WAIT:
        assert await journal.read(queue.next_due, clock.now()) == EVENING + MINUTE
        clock.jump(LONGEST_WAIT)
    assert await taken(journal, clock) == [ANN, BEN]
    due = await journal.read(queue.next_due, clock.now())
    assert due is not None
    assert due <= clock.now()


async def test_the_longest_wait_is_no_clock_set_back(journal: Journal, clock: FakeClock) -> None:
    (row,) = await admit(journal, ANN)
    await journal.write(
        queue.postpone, row, clock.now() + LONGEST_WAIT, "Retry-After", network=False
    )
    assert await taken(journal, clock) == []
    assert await journal.read(queue.next_due, clock.now()) == EVENING + LONGEST_WAIT


# A write and its outcome


async def test_a_row_is_marked_before_a_write_leaves(journal: Journal) -> None:
    (row,) = await admit(journal, ANN)
    assert await journal.write(queue.mark_sending, row)
    assert (await one(journal)).state is QueueState.SENDING
    assert not await journal.write(queue.mark_sending, row)
    assert (await journal.read_all(journal_db.log))[-1].entry.kind == "sent"


@pytest.mark.parametrize(
    ("marked", "maybe_applied", "attempted"),
    [(True, True, True), (True, False, False), (False, True, False)],
)
async def test_only_a_write_whose_outcome_is_unknown_counts_as_attempted(
    journal: Journal, clock: FakeClock, marked: bool, maybe_applied: bool, attempted: bool
) -> None:
    (row,) = await admit(journal, ANN)
    if marked:
        await journal.write(queue.mark_sending, row)
    await journal.write(
        queue.postpone, row, clock.now(), "", network=True, maybe_applied=maybe_applied
    )
    assert (await one(journal)).attempted is attempted
    await journal.write(queue.mark_sending, row)
    await journal.write(queue.set_aside, row, QueueState.FAILED, "refused")
    assert (await one(journal)).attempted is attempted


async def test_a_failure_with_an_unknown_outcome_counts_as_attempted(journal: Journal) -> None:
    (row,) = await admit(journal, ANN)
    await journal.write(queue.mark_sending, row)
    await journal.write(queue.set_aside, row, QueueState.FAILED, "unreadable", maybe_applied=True)
    assert (await one(journal)).attempted


async def test_proof_takes_a_row_off_and_confirms(journal: Journal) -> None:
    (row,) = await admit(journal, ANN)
    await journal.write(queue.mark_sending, row)
    assert await journal.write(queue.complete, row, said("outcome", ANN, "200"))
    assert await journal.read_all(queue.in_states, QueueState) == []
    admission = await journal.read(admissions.get, ANN)
    assert admission is not None
    assert admission.confirmed
    assert (await journal.read_all(journal_db.log))[-1].entry == said("outcome", ANN, "200")


async def test_proof_of_answers_confirms_no_admission(journal: Journal) -> None:
    await journal.write(admissions.admit, scan(ANN), given=GIVEN, read_first=False)
    (answers, _) = await journal.read_all(queue.in_states, QueueState)
    await journal.write(queue.complete, answers.id, said("outcome", ANN))
    admission = await journal.read(admissions.get, ANN)
    assert admission is not None
    assert not admission.confirmed


async def test_an_outcome_of_a_row_that_is_gone_is_journalled_all_the_same(
    journal: Journal,
) -> None:
    assert not await journal.write(queue.complete, 77, said("outcome", ANN))
    assert [row.entry.kind for row in await journal.read_all(journal_db.log)] == ["outcome"]


async def test_nothing_befalls_a_row_that_is_gone(journal: Journal, clock: FakeClock) -> None:
    assert not await journal.write(queue.mark_sending, 77)
    assert not await journal.write(queue.set_aside, 77, QueueState.FAILED, "refused")
    assert not await journal.write(queue.set_aside, 77, QueueState.CONFLICT, "in already")
    assert not await journal.write(queue.postpone, 77, clock.now(), "busy", network=False)
    assert not await journal.write(by_hand.dismiss, 77, "why not")
    assert await journal.read_all(journal_db.log) == []


async def test_a_crash_in_mid_write_is_an_unknown_outcome(
    journal: Journal, clock: FakeClock
) -> None:
    first, second = await admit(journal, ANN, BEN)
    await journal.write(queue.mark_sending, first)
    assert await journal.write(queue.recover) == 1
    rows = {row.id: row for row in await journal.read_all(queue.in_states, QueueState)}
    assert (rows[first].state, rows[first].attempted) == (QueueState.WAITING, True)
    assert not rows[second].attempted
    assert await taken(journal, clock) == [ANN, BEN]
    assert await journal.write(queue.recover) == 0
