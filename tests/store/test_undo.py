"""An undo takes back what surely did not arrive, and what the server says is out again."""

import asyncio

import pytest

from boxoffice.domain.journal import QueueKind, QueueState
from boxoffice.store import Journal, admissions, by_hand, journal_db, queue
from tests.store.support import GIVEN, said, scan, uuid
from tests.store.test_admissions import ANN, confirmed, taken_back
from tests.support import FakeClock


async def test_an_unsent_check_in_is_cancelled_here(journal: Journal) -> None:
    admission, *_ = await journal.write(admissions.admit, scan(ANN), given=GIVEN, read_first=False)
    assert await journal.write(admissions.cancel, admission, said("undo", ANN))
    assert await journal.read(admissions.get, ANN) is None
    assert [row.kind for row in await journal.read_all(queue.in_states, QueueState)] == [
        QueueKind.ANSWERS
    ]
    assert (await journal.read_all(journal_db.log))[-1].entry == said("undo", ANN)
    _, new, _ = await journal.write(admissions.admit, scan(ANN), read_first=False)
    assert new


async def test_what_may_have_left_is_not_cancelled(journal: Journal, clock: FakeClock) -> None:
    admission, *_ = await journal.write(admissions.admit, scan(ANN), read_first=False)
    await journal.write(queue.mark_sending, admission.journal)
    assert not await journal.write(admissions.cancel, admission, said("undo", ANN)), (
        "it is just being sent"
    )
    await journal.write(queue.postpone, admission.journal, clock.now(), "no answer", network=True)
    assert not await journal.write(admissions.cancel, admission, said("undo", ANN)), (
        "it may have arrived"
    )
    await journal.write(queue.complete, admission.journal, said("outcome", ANN))
    assert not await journal.write(admissions.cancel, admission, said("undo", ANN)), (
        "it has arrived"
    )
    assert await journal.read(admissions.get, ANN) is not None
    assert "undo" not in [row.entry.kind for row in await journal.read_all(journal_db.log)]


async def test_a_write_that_surely_never_arrived_can_be_cancelled(
    journal: Journal, clock: FakeClock
) -> None:
    admission, *_ = await journal.write(admissions.admit, scan(ANN), read_first=False)
    await journal.write(queue.mark_sending, admission.journal)
    await journal.write(
        queue.postpone,
        admission.journal,
        clock.now(),
        "no connection",
        network=True,
        maybe_applied=False,
    )
    assert await journal.write(admissions.cancel, admission, said("undo", ANN))


@pytest.mark.parametrize("turn", range(20))
async def test_undo_and_sender_never_both_have_it(
    journal: Journal, south: Journal, turn: int
) -> None:
    admission, *_ = await journal.write(admissions.admit, scan(ANN), read_first=False)
    moves = [
        journal.write(admissions.cancel, admission, said("undo", ANN)),
        south.write(queue.mark_sending, admission.journal),
    ]
    first, second = await asyncio.gather(*(moves if turn % 2 else reversed(moves)))
    assert first != second


async def test_an_admission_undone_at_the_server_leaves_nothing_to_send(journal: Journal) -> None:
    admission, *_ = await journal.write(admissions.admit, scan(ANN), read_first=False)
    await journal.write(queue.set_aside, admission.journal, QueueState.FAILED, "refused")
    assert await journal.write(admissions.drop, admission, said("undo", ANN))
    assert await journal.read(admissions.get, ANN) is None
    assert await journal.read_all(queue.in_states, QueueState) == []
    assert not await journal.write(admissions.drop, admission, said("undo", ANN))


async def test_a_check_in_that_is_just_leaving_is_left_to_its_outcome(journal: Journal) -> None:
    admission, *_ = await journal.write(admissions.admit, scan(ANN), read_first=False)
    await journal.write(queue.mark_sending, admission.journal)
    assert await journal.write(admissions.drop, admission, said("undo", ANN))
    assert await journal.read(admissions.get, ANN) is None
    assert [row.state for row in await journal.read_all(queue.in_states, QueueState)] == [
        QueueState.SENDING
    ]
    assert await journal.write(queue.complete, admission.journal, said("outcome", ANN))
    assert await journal.read(admissions.get, ANN) is None


async def test_an_undo_leaves_an_admission_made_since(journal: Journal, clock: FakeClock) -> None:
    older = await confirmed(journal)
    await taken_back(journal, clock)
    newer, new, _ = await journal.write(
        admissions.admit, scan(ANN), read_first=False, instead_of=older.journal
    )
    assert new
    assert not await journal.write(admissions.cancel, older, said("undo", ANN))
    assert not await journal.write(admissions.drop, older, said("undo", ANN))
    assert await journal.read(admissions.get, ANN) == newer
    assert [row.id for row in await journal.read_all(queue.in_states, QueueState)] == [
        newer.journal
    ]
    assert (await journal.read_all(journal_db.log))[-1].entry.kind == "undo", (
        "the server was told all the same"
    )


async def test_a_late_proof_confirms_no_admission_made_since(journal: Journal) -> None:
    older, *_ = await journal.write(admissions.admit, scan(ANN), read_first=False)
    await journal.write(queue.mark_sending, older.journal)
    await journal.write(admissions.drop, older, said("undo", ANN))
    newer, *_ = await journal.write(admissions.admit, scan(ANN), read_first=False)
    await journal.write(queue.complete, older.journal, said("outcome", ANN))
    assert await journal.read(admissions.get, ANN) == newer
    assert not newer.confirmed


async def test_a_check_in_is_ours_by_the_servers_word_for_it(
    journal: Journal, clock: FakeClock
) -> None:
    ours = await confirmed(journal)
    assert await journal.read(admissions.is_ours, ours)
    others, *_ = await journal.write(admissions.admit, scan(uuid(2)), read_first=True)
    await journal.write(queue.set_aside, others.journal, QueueState.CONFLICT, "in already")
    assert not await journal.read(admissions.is_ours, others)
    await journal.write(by_hand.dismiss, others.journal, "twins")
    assert not await journal.read(admissions.is_ours, others), "the server had it from another door"
    await taken_back(journal, clock)
    await journal.write(admissions.note_read, ANN, True, clock.now())
    assert not await journal.read(admissions.is_ours, ours), (
        "it was taken back, and may be another door's now"
    )


async def test_when_it_was_undone_at_the_server(journal: Journal, clock: FakeClock) -> None:
    assert await journal.read(admissions.undone_at, ANN) is None
    unsent, *_ = await journal.write(admissions.admit, scan(ANN), read_first=False)
    await journal.write(admissions.cancel, unsent, said("undo", ANN))
    assert await journal.read(admissions.undone_at, ANN) is None, "the server never had it"
    for _ in range(2):
        await clock.advance(60)
        undo = said("undo", ANN)._replace(confirmed=True)
        await journal.write(admissions.drop, await confirmed(journal), undo)
        assert await journal.read(admissions.undone_at, ANN) == clock.now()
    assert (await journal.read(admissions.local_context, ANN)).undone_at == clock.now()
    assert await journal.read(admissions.undone_at, uuid(2)) is None
    await confirmed(journal)
    assert (await journal.read(admissions.local_context, ANN)).undone_at is None, (
        "it was made again"
    )
