"""What people see of the queue, and what they decide: to send again, or to dismiss."""

from datetime import timedelta

import pytest

from boxoffice.domain.journal import Counts, QueueState
from boxoffice.domain.models import AnswerInput
from boxoffice.store import Journal, admissions, by_hand, journal_db, queue
from tests.store.support import EVENT, OTHER_EVENT, admit, one, said, scan, uuid
from tests.support import FakeClock

ANN, BEN, EVE = uuid(1), uuid(2), uuid(3)
MINUTE = timedelta(minutes=1)


async def test_the_counts(journal: Journal) -> None:
    rows = await admit(journal, *map(uuid, range(5)))
    await journal.write(admissions.admit, scan(uuid(9), event=OTHER_EVENT), read_first=False)
    await journal.write(queue.mark_sending, rows[0])
    await journal.write(queue.set_aside, rows[1], QueueState.FAILED, "refused")
    await journal.write(queue.set_aside, rows[2], QueueState.CONFLICT, "in already")
    assert await journal.read(queue.counts, EVENT) == Counts(
        waiting=2, sending=1, failed=1, conflicts=1
    )
    assert await journal.read(queue.counts) == Counts(waiting=3, sending=1, failed=1, conflicts=1)
    assert await journal.read(queue.counts, "a" * 32) == Counts()


async def test_entries_by_state(journal: Journal) -> None:
    rows = await admit(journal, *map(uuid, range(7)))
    for row in rows[::2]:
        await journal.write(queue.set_aside, row, QueueState.FAILED, "refused")
    assert [row.id for row in await journal.read_all(queue.in_states, [QueueState.FAILED])] == rows[
        ::2
    ]
    assert [row.id for row in await journal.read_all(queue.in_states, QueueState)] == rows
    assert await journal.read_all(queue.in_states, []) == []


async def test_retry_reads_first_and_starts_afresh(journal: Journal, clock: FakeClock) -> None:
    failed, conflict, other = await admit(journal, ANN, BEN, EVE)
    await journal.write(queue.postpone, failed, clock.now() + MINUTE, "busy", network=False)
    await journal.write(queue.set_aside, failed, QueueState.FAILED, "refused")
    await journal.write(queue.set_aside, conflict, QueueState.CONFLICT, "in already")
    assert await journal.write(by_hand.retry, [failed, other, 77]) == 1
    rows = {row.id: row for row in await journal.read_all(queue.in_states, QueueState)}
    assert rows[failed].read_first
    assert (rows[failed].state, rows[failed].tries, rows[failed].due) == (
        QueueState.WAITING,
        0,
        None,
    )
    assert not rows[other].read_first
    assert rows[conflict].state is QueueState.CONFLICT
    assert await journal.write(by_hand.retry) == 1
    assert await journal.read(queue.counts) == Counts(waiting=3)
    assert await journal.write(by_hand.retry) == 0


async def sends(journal: Journal, row: int) -> None:
    await journal.write(queue.mark_sending, row)
    await journal.write(queue.complete, row, said("outcome", ANN))


@pytest.mark.parametrize("is_sent", [True, False])
async def test_retry_sends_no_name_over_a_newer_one(journal: Journal, is_sent: bool) -> None:
    older = await journal.write(queue.enqueue_name, said("name", ANN), "First Wrong")
    await journal.write(queue.set_aside, older, QueueState.FAILED, "refused")
    newer = await journal.write(queue.enqueue_name, said("name", ANN), "Second Right")
    await journal.write(queue.enqueue_name, said("name", BEN), "Benjamin")
    if is_sent:
        await sends(journal, newer)
    assert await journal.write(by_hand.retry) == 0
    assert older not in [row.id for row in await journal.read_all(queue.in_states, QueueState)]
    last = (await journal.read_all(journal_db.log))[-1].entry
    assert (last.kind, last.ticket, last.reason) == ("retired", ANN, "a newer name was given")
    assert last.data is not None
    assert last.data["row"] == older


async def test_of_two_failed_names_the_newer_is_sent_again(journal: Journal) -> None:
    older = await journal.write(queue.enqueue_name, said("name", ANN), "First")
    await journal.write(queue.set_aside, older, QueueState.FAILED, "refused")
    newer = await journal.write(queue.enqueue_name, said("name", ANN), "Second")
    await journal.write(queue.set_aside, newer, QueueState.FAILED, "refused")
    assert await journal.write(by_hand.retry) == 1
    assert (await one(journal)).full_name == "Second"


async def test_a_dismissed_name_is_no_newer_one(journal: Journal) -> None:
    older = await journal.write(queue.enqueue_name, said("name", ANN), "First")
    await journal.write(queue.set_aside, older, QueueState.FAILED, "refused")
    newer = await journal.write(queue.enqueue_name, said("name", ANN), "Second")
    await journal.write(queue.set_aside, newer, QueueState.FAILED, "refused")
    await journal.write(by_hand.dismiss, newer, "the first was right")
    assert await journal.write(by_hand.retry) == 1
    assert (await one(journal)).full_name == "First"


async def test_retry_sends_only_answers_not_given_anew(journal: Journal) -> None:
    diet, size, age = uuid(901), uuid(902), uuid(903)
    older = await journal.write(
        queue.enqueue_answers,
        said("answers", ANN),
        [AnswerInput(diet, "a"), AnswerInput(size, ("s",)), AnswerInput(age, "7")],
    )
    await journal.write(queue.set_aside, older, QueueState.FAILED, "refused")
    await sends(
        journal,
        await journal.write(queue.enqueue_answers, said("answers", ANN), [AnswerInput(diet, "b")]),
    )
    await journal.write(queue.enqueue_answers, said("answers", BEN), [AnswerInput(size, ("m",))])
    assert await journal.write(by_hand.retry, [older]) == 1
    row = (await journal.read_all(queue.in_states, QueueState))[0]
    assert (row.id, row.given) == (older, (AnswerInput(size, ("s",)), AnswerInput(age, "7")))
    await journal.write(queue.set_aside, older, QueueState.FAILED, "refused")
    last = [AnswerInput(size, ("l",)), AnswerInput(age, "8")]
    await journal.write(admissions.admit, scan(ANN), given=last, read_first=False)
    assert await journal.write(by_hand.retry, [older]) == 0
    assert (await journal.read(admissions.local_context, ANN)).pending_answers == last
    assert (await journal.read_all(journal_db.log))[-1].entry.kind == "retired"


async def test_the_check_ins_still_to_be_sent(journal: Journal) -> None:
    _, sending, failed, *_ = await admit(journal, ANN, BEN, EVE, uuid(4), uuid(5))
    await journal.write(queue.mark_sending, sending)
    await journal.write(queue.set_aside, failed, QueueState.FAILED, "refused")
    await journal.write(
        admissions.cancel,
        (await journal.read_all(admissions.of_event, EVENT))[-1],
        said("undo", uuid(5)),
    )
    await journal.write(queue.enqueue_name, said("name", uuid(6)), "A Name")
    await journal.write(admissions.admit, scan(uuid(7), event=OTHER_EVENT), read_first=False)
    assert await journal.read(queue.unsent, EVENT) == {ANN, BEN, uuid(4)}
    assert await journal.read(queue.unsent, EVENT, [ANN, EVE, uuid(99)]) == {ANN}
    assert await journal.read(queue.unsent, EVENT, []) == set()


async def test_dismissing_needs_a_reason_and_is_journalled(journal: Journal) -> None:
    (row,) = await admit(journal, ANN)
    await journal.write(queue.set_aside, row, QueueState.FAILED, "no such ticket")
    for empty in ("", " \t\u200b"):
        with pytest.raises(ValueError, match="reason"):
            await journal.write(by_hand.dismiss, row, empty)
    assert await journal.write(by_hand.dismiss, row, "sold at the door")
    assert await journal.read_all(queue.in_states, QueueState) == []
    last = (await journal.read_all(journal_db.log))[-1].entry
    assert (last.kind, last.ticket, last.reason) == ("dismissed", ANN, "sold at the door")
    admission = await journal.read(admissions.get, ANN)
    assert admission is not None, "the person is in"
    assert not admission.confirmed, "the server never had it"


async def test_what_is_still_to_be_sent_is_not_dismissed(journal: Journal) -> None:
    first, second = await admit(journal, ANN, BEN)
    await journal.write(queue.mark_sending, second)
    assert not await journal.write(by_hand.dismiss, first, "why not")
    assert not await journal.write(by_hand.dismiss, second, "why not")
    assert (await journal.read(queue.counts)).unsent == 2


async def test_answers_on_their_way_the_newest_to_each_question(journal: Journal) -> None:
    assert (await journal.read(admissions.local_context, ANN)).pending_answers == []
    diet, size = uuid(901), uuid(902)
    refused = await journal.write(
        queue.enqueue_answers, said("answers", ANN), [AnswerInput(uuid(903), "?")]
    )
    await journal.write(queue.set_aside, refused, QueueState.FAILED, "no such question")
    await journal.write(
        queue.enqueue_answers,
        said("answers", ANN),
        [AnswerInput(diet, "a"), AnswerInput(size, ("s",))],
    )
    await journal.write(queue.enqueue_answers, said("answers", ANN), [AnswerInput(diet, "b")])
    await journal.write(queue.enqueue_answers, said("answers", BEN), [AnswerInput(diet, "c")])
    assert (await journal.read(admissions.local_context, ANN)).pending_answers == [
        AnswerInput(diet, "b"),
        AnswerInput(size, ("s",)),
    ]


@pytest.mark.parametrize(
    ("state", "confirmed"), [(QueueState.CONFLICT, True), (QueueState.FAILED, False)]
)
async def test_a_dismissed_conflict_is_in_at_the_site_and_what_failed_is_not(
    journal: Journal, state: QueueState, confirmed: bool
) -> None:
    """Else a guest who is in at the site waits for ever to be, or one who is not seems to be."""
    (row,) = await admit(journal, ANN)
    await journal.write(queue.set_aside, row, state, "in already")
    assert await journal.write(by_hand.dismiss, row, "two people, both found")
    admission = await journal.read(admissions.get, ANN)
    assert admission is not None
    assert admission.confirmed is confirmed


async def test_the_newest_leave_out_the_tickets_that_are_in_hand(journal: Journal) -> None:
    """Two rows of one ticket at once would reach the site in any order."""
    _, second = await admit(journal, ANN, BEN)
    found = await journal.read(queue.take_newest, skip={ANN})
    assert [row.id for row in found] == [second]
