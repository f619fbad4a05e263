"""Who was admitted: once a ticket, undone with care, and taken back by nothing that is read."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from boxoffice.domain.models import KEPT_SAYING, LAG, Admission, Given
from boxoffice.domain.queue import Kind, State
from boxoffice.store import Entry, Journal
from tests.store.support import EVENT, GIVEN, OTHER_EVENT, execute, said, scan, uuid
from tests.support import EVENING, FakeClock

ANN = uuid(1)


async def confirmed(journal: Journal, ticket: str = ANN) -> Admission:
    """Admit, send, and hear that the server has it."""
    admission, new = await journal.admit(scan(ticket), read_first=False)
    assert new
    await journal.mark_sending(admission.journal)
    assert await journal.done(admission.journal, said("outcome", ticket))
    return admission


async def taken_back(journal: Journal, clock: FakeClock, ticket: str = ANN) -> None:
    """Time passes, and the site says that it is in no longer, and says so again."""
    await clock.advance(LAG.total_seconds() + 1)
    for _ in range(KEPT_SAYING):
        await journal.site_says(ticket, False, clock.now())
    found = await journal.admission(ticket)
    assert found is not None
    assert found.taken_back


async def test_an_admission_is_journalled_and_queued(journal: Journal) -> None:
    admission, new = await journal.admit(scan(ANN), read_first=True)
    assert new
    assert admission == Admission(ANN, EVENT, EVENING, "North", "Bo", False, 1)
    assert await journal.admission(ANN) == admission
    assert await journal.admissions(EVENT) == [admission]
    (row,) = await journal.entries(State)
    assert (row.id, row.kind, row.ticket, row.event) == (1, Kind.CHECK_IN, ANN, EVENT)
    assert (row.state, row.read_first, row.attempted) == (State.WAITING, True, False)
    (line,) = await journal.log()
    assert line.entry == scan(ANN)


async def test_a_second_admission_of_a_ticket_is_only_journalled(journal: Journal) -> None:
    first, _ = await journal.admit(scan(ANN), read_first=False)
    again, new = await journal.admit(scan(ANN), read_first=False)
    assert (again, new) == (first, False)
    assert len(await journal.entries(State)) == 1
    assert [row.entry.verdict for row in await journal.log()] == ["admitted", "already_in"]


async def test_answers_are_sent_before_their_check_in(journal: Journal, clock: FakeClock) -> None:
    await journal.admit(scan(ANN), given=GIVEN, read_first=False)
    answers, check_in = await journal.entries(State)
    assert (answers.kind, answers.given) == (Kind.ANSWERS, GIVEN)
    assert check_in.kind == Kind.CHECK_IN
    assert [row.kind for row in await journal.take(9, clock.now())] == [Kind.ANSWERS]
    await journal.done(answers.id, said("outcome", ANN))
    assert [row.kind for row in await journal.take(9, clock.now())] == [Kind.CHECK_IN]


async def test_answers_given_with_a_late_admission_are_not_lost(
    journal: Journal, south: Journal
) -> None:
    await south.admit(scan(ANN), read_first=False)
    _, new = await journal.admit(scan(ANN), given=GIVEN, read_first=False)
    assert not new
    assert (await journal.of(ANN)).on_the_way == [*GIVEN]


async def test_an_admission_names_its_ticket_and_event(journal: Journal) -> None:
    with pytest.raises(ValueError, match="must name"):
        await journal.admit(Entry("scan", event=EVENT), read_first=False)
    assert await journal.log() == []


async def test_two_lanes_race_for_a_ticket(journal: Journal, south: Journal) -> None:
    tickets = [uuid(number) for number in range(50)]
    results = await asyncio.gather(
        *(
            lane.admit(scan(ticket), read_first=False)
            for ticket in tickets
            for lane in (journal, south)
        )
    )
    won = [admission.ticket for admission, new in results if new]
    assert sorted(won) == sorted(tickets)
    assert {admission.ticket: admission for admission, _ in results} == {
        admission.ticket: admission for admission in await journal.admissions(EVENT)
    }
    assert len(await journal.entries(State)) == len(tickets)


async def test_the_last_admission_is_the_lanes_own(
    journal: Journal, south: Journal, clock: FakeClock
) -> None:
    assert await journal.last_admission(EVENT) is None
    await journal.admit(scan(ANN), read_first=False)
    clock.jump(timedelta(hours=-1))
    await journal.admit(scan(uuid(2)), read_first=False)
    await journal.admit(scan(uuid(3), event=OTHER_EVENT), read_first=False)
    await south.admit(scan(uuid(4)), read_first=False)
    last = await journal.last_admission(EVENT)
    assert last is not None
    assert last.ticket == uuid(2)
    await journal.cancel(last, said("undo", uuid(2)))
    last = await journal.last_admission(EVENT)
    assert last is not None
    assert last.ticket == ANN


async def test_admissions_in_several_pieces(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("boxoffice.store.admissions.CHUNK", 3)
    for number in range(10):
        await journal.admit(scan(uuid(number)), read_first=False)
        await journal.admit(scan(uuid(100 + number), event=OTHER_EVENT), read_first=False)
    found = await journal.admissions(EVENT)
    assert sorted(admission.ticket for admission in found) == [uuid(n) for n in range(10)]


# Undo


async def test_an_unsent_check_in_is_cancelled_here(journal: Journal) -> None:
    admission, _ = await journal.admit(scan(ANN), given=GIVEN, read_first=False)
    assert await journal.cancel(admission, said("undo", ANN))
    assert await journal.admission(ANN) is None
    assert [row.kind for row in await journal.entries(State)] == [Kind.ANSWERS]
    assert (await journal.log())[-1].entry == said("undo", ANN)
    _, new = await journal.admit(scan(ANN), read_first=False)
    assert new


async def test_what_may_have_left_is_not_cancelled(journal: Journal, clock: FakeClock) -> None:
    admission, _ = await journal.admit(scan(ANN), read_first=False)
    await journal.mark_sending(admission.journal)
    assert not await journal.cancel(admission, said("undo", ANN)), "it is just being sent"
    await journal.postpone(admission.journal, clock.now(), "no answer", network=True)
    assert not await journal.cancel(admission, said("undo", ANN)), "it may have arrived"
    await journal.done(admission.journal, said("outcome", ANN))
    assert not await journal.cancel(admission, said("undo", ANN)), "it has arrived"
    assert await journal.admission(ANN) is not None
    assert "undo" not in [row.entry.kind for row in await journal.log()]


async def test_a_write_that_surely_never_arrived_can_be_cancelled(
    journal: Journal, clock: FakeClock
) -> None:
    admission, _ = await journal.admit(scan(ANN), read_first=False)
    await journal.mark_sending(admission.journal)
    await journal.postpone(
        admission.journal, clock.now(), "no connection", network=True, maybe_applied=False
    )
    assert await journal.cancel(admission, said("undo", ANN))


@pytest.mark.parametrize("turn", range(20))
async def test_undo_and_sender_never_both_have_it(
    journal: Journal, south: Journal, turn: int
) -> None:
    admission, _ = await journal.admit(scan(ANN), read_first=False)
    moves = [journal.cancel(admission, said("undo", ANN)), south.mark_sending(admission.journal)]
    first, second = await asyncio.gather(*(moves if turn % 2 else reversed(moves)))
    assert first != second


async def test_an_admission_undone_at_the_server_leaves_nothing_to_send(journal: Journal) -> None:
    admission, _ = await journal.admit(scan(ANN), read_first=False)
    await journal.fail(admission.journal, "refused")
    assert await journal.forget_admission(admission, said("undo", ANN))
    assert await journal.admission(ANN) is None
    assert await journal.entries(State) == []
    assert not await journal.forget_admission(admission, said("undo", ANN))


async def test_a_check_in_that_is_just_leaving_is_left_to_its_outcome(journal: Journal) -> None:
    admission, _ = await journal.admit(scan(ANN), read_first=False)
    await journal.mark_sending(admission.journal)
    assert await journal.forget_admission(admission, said("undo", ANN))
    assert await journal.admission(ANN) is None
    assert [row.state for row in await journal.entries(State)] == [State.SENDING]
    assert await journal.done(admission.journal, said("outcome", ANN))
    assert await journal.admission(ANN) is None


async def test_an_undo_leaves_an_admission_made_since(journal: Journal, clock: FakeClock) -> None:
    older = await confirmed(journal)
    await taken_back(journal, clock)
    newer, new = await journal.admit(scan(ANN), read_first=False, instead_of=older.journal)
    assert new
    assert not await journal.cancel(older, said("undo", ANN))
    assert not await journal.forget_admission(older, said("undo", ANN))
    assert await journal.admission(ANN) == newer
    assert [row.id for row in await journal.entries(State)] == [newer.journal]
    assert (await journal.log())[-1].entry.kind == "undo", "the server was told all the same"


async def test_a_late_proof_confirms_no_admission_made_since(journal: Journal) -> None:
    older, _ = await journal.admit(scan(ANN), read_first=False)
    await journal.mark_sending(older.journal)
    await journal.forget_admission(older, said("undo", ANN))
    newer, _ = await journal.admit(scan(ANN), read_first=False)
    await journal.done(older.journal, said("outcome", ANN))
    assert await journal.admission(ANN) == newer
    assert not newer.confirmed


async def test_a_check_in_is_ours_by_the_servers_word_for_it(
    journal: Journal, clock: FakeClock
) -> None:
    ours = await confirmed(journal)
    assert await journal.is_ours(ours)
    others, _ = await journal.admit(scan(uuid(2)), read_first=True)
    await journal.conflict(others.journal, "in already")
    assert not await journal.is_ours(others)
    await journal.dismiss(others.journal, "twins")
    assert not await journal.is_ours(others), "the server had it from another door"
    await taken_back(journal, clock)
    await journal.site_says(ANN, True, clock.now())
    assert not await journal.is_ours(ours), "it was taken back, and may be another door's now"


async def test_when_it_was_undone_at_the_server(journal: Journal, clock: FakeClock) -> None:
    assert await journal.undone_at(ANN) is None
    unsent, _ = await journal.admit(scan(ANN), read_first=False)
    await journal.cancel(unsent, said("undo", ANN))
    assert await journal.undone_at(ANN) is None, "the server never had it"
    for _ in range(2):
        await clock.advance(60)
        undo = replace(said("undo", ANN), confirmed=True)
        await journal.forget_admission(await confirmed(journal), undo)
        assert await journal.undone_at(ANN) == clock.now()
    assert (await journal.of(ANN)).undone_at == clock.now()
    assert await journal.undone_at(uuid(2)) is None
    await confirmed(journal)
    assert (await journal.of(ANN)).undone_at is None, "it was made again"


# What reads say


async def test_a_read_that_may_lag_behind_our_write_says_nothing(
    journal: Journal, clock: FakeClock
) -> None:
    admission, _ = await journal.admit(scan(ANN), read_first=False)
    late = clock.now() + timedelta(days=1)
    assert await journal.site_says(ANN, False, late) == (0, 0), "not confirmed"
    await journal.mark_sending(admission.journal)
    assert await journal.site_says(ANN, False, late) == (0, 0), "not confirmed"
    await clock.advance(600)
    await journal.done(admission.journal, said("outcome", ANN))
    for _ in range(5):
        assert await journal.site_says(ANN, False, clock.now()) == (0, 0)
        assert await journal.site_says(ANN, False, clock.now() - timedelta(hours=1)) == (0, 0)
        assert await journal.site_says(ANN, False, clock.now() + LAG) == (0, 0)
    found = await journal.admission(ANN)
    assert found is not None
    assert (found.confirmed_at, found.taken_back) == (clock.now(), False)


async def test_what_the_site_keeps_saying_is_noted_and_takes_nothing_back(
    journal: Journal, south: Journal, clock: FakeClock
) -> None:
    admission = await confirmed(journal)
    await clock.advance(LAG.total_seconds() + 1)
    assert await journal.site_says(ANN, False, clock.now()) == (0, 1)
    found = await journal.admission(ANN)
    assert found is not None
    assert not found.taken_back
    assert await south.site_says(ANN, False, clock.now()) == (1, 2)
    assert await south.site_says(ANN, False, clock.now()) == (2, 2)
    found = await journal.admission(ANN)
    assert found is not None
    assert (found.journal, found.taken_back) == (admission.journal, True)
    assert await journal.admissions(EVENT) == [found]
    assert await journal.last_admission(EVENT) == found
    assert await journal.together(found) == [found]
    kinds = [row.entry.kind for row in await journal.log()]
    assert kinds.count("taken_back") == 1
    assert "undo" not in kinds
    _, new = await journal.admit(scan(ANN), read_first=False)
    assert not new


async def test_a_read_that_says_in_ends_it(journal: Journal, clock: FakeClock) -> None:
    await confirmed(journal)
    await clock.advance(LAG.total_seconds() + 1)
    for _ in range(3):
        assert await journal.site_says(ANN, False, clock.now()) == (0, 1)
        assert await journal.site_says(ANN, True, clock.now()) == (1, 0)
    await taken_back(journal, clock)
    assert await journal.site_says(ANN, True, clock.now()) == (2, 0)
    found = await journal.admission(ANN)
    assert found is not None
    assert (found.taken_back, found.confirmed_at) == (False, clock.now())
    assert [row.entry.kind for row in await journal.log()][-2:] == ["taken_back", "in_again"]
    assert await journal.site_says(ANN, False, clock.now()) == (0, 0), "that may lag behind this"


async def test_a_person_lets_in_again_what_the_site_took_back(
    journal: Journal, south: Journal, clock: FakeClock
) -> None:
    older = await confirmed(journal)
    _, new = await journal.admit(scan(ANN), read_first=False, instead_of=older.journal)
    assert not new, "the site has it in"
    await taken_back(journal, clock)
    _, new = await journal.admit(scan(ANN), read_first=False, instead_of=older.journal + 1)
    assert not new, "another one was overridden"
    newer, new = await journal.admit(scan(ANN), read_first=False, instead_of=older.journal)
    assert new
    assert await south.admission(ANN) == newer
    assert not newer.taken_back
    assert [row.id for row in await journal.entries(State)] == [newer.journal]
    rows = {row.id: row.entry for row in await journal.log()}
    assert rows[older.journal] == scan(ANN)
    assert rows[newer.journal] == replace(scan(ANN), data={"instead_of": older.journal})
    _, new = await south.admit(scan(ANN), read_first=False, instead_of=older.journal)
    assert not new, "two who override at once let in once"


async def test_a_conflict_stays_admitted_until_a_person_has_looked(
    journal: Journal, clock: FakeClock
) -> None:
    admission, _ = await journal.admit(scan(ANN), read_first=True)
    await journal.conflict(admission.journal, "in already")
    assert await journal.admission(ANN) == admission
    assert await journal.dismiss(admission.journal, "twins")
    found = await journal.admission(ANN)
    assert found is not None
    assert found.confirmed, "the server has it in: that was the conflict"
    await taken_back(journal, clock)


async def test_the_file_holds_one_row_a_ticket(journal: Journal, path: Path) -> None:
    await journal.admit(scan(ANN), read_first=False)
    assert execute(path, "SELECT ticket FROM admission") == [(ANN,)]
    given = [Given(uuid(3), "x")]
    await journal.admit(scan(ANN), given=given, read_first=False)
    assert execute(path, "SELECT count(*) FROM admission") == [(1,)]
