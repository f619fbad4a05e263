"""What became of this computer's own claims, and who else let somebody in on the same ticket."""

from datetime import timedelta
from pathlib import Path

import pytest

from boxoffice.domain.journal import Entry, JournalKind, QueueKind, QueueState
from boxoffice.domain.models import Admission
from boxoffice.domain.venue import Claim, ClaimState, Clash
from boxoffice.store import Journal, admissions, by_hand, queue, venue
from boxoffice.store.claim_feed import FeedPosition
from boxoffice.store.venue import ClaimMade, OwnClaim
from tests.store.support import EVENT, execute, one, said, scan, uuid
from tests.support import EVENING, FakeClock

ANN, BEA = uuid(1), uuid(2)
HERE, THERE = "0" * 16, "f" * 16
FIRST_HUB, NEXT_HUB = FeedPosition("one", 1), FeedPosition("two", 2)
UNDO = Entry(JournalKind.UNDO, EVENT, ANN)
SECOND = timedelta(seconds=1)


def claim(round_: int = 0, number: int = 1, ticket: str = ANN, device: str = THERE) -> Claim:
    return Claim(EVENT, ticket, round_, device, "South", EVENING, number)


async def admit(
    journal: Journal, state: ClaimState = ClaimState.WON, round_: int = 0, ticket: str = ANN
) -> Admission:
    made = ClaimMade(round_, state, FIRST_HUB)
    admission, new, _ = await journal.write(
        admissions.admit, scan(ticket), read_first=False, claim=made
    )
    assert new
    return admission


async def own(journal: Journal, admission: Admission) -> OwnClaim:
    found = await journal.read(venue.of_admission, admission.journal)
    assert found is not None
    return found


async def conflicts(journal: Journal) -> list[tuple[str, str]]:
    rows = await journal.read_all(queue.in_states, [QueueState.CONFLICT])
    return [(row.ticket, row.reason) for row in rows]


# Ours


async def test_a_computer_has_a_name_for_its_claims_once_and_for_good(
    journal: Journal, south: Journal
) -> None:
    name = await journal.write(venue.device)
    assert len(name) == 16
    assert int(name, 16) >= 0
    assert await south.write(venue.device) == name


async def test_a_claim_is_written_with_its_admission_or_not_at_all(
    journal: Journal, path: Path
) -> None:
    admission = await admit(journal)
    made = await own(journal, admission)
    assert (made.round, made.state, made.at) == (0, ClaimState.WON, admission.at)
    execute(path, "CREATE TRIGGER no BEFORE INSERT ON venue BEGIN SELECT RAISE(ABORT, 'no'); END")
    with pytest.raises(Exception, match="no"):
        await admit(journal, ticket=BEA)
    assert await journal.read(admissions.get, BEA) is None
    assert (await journal.read(queue.counts)).waiting == 1


async def test_one_that_is_let_in_without_a_venue_has_none(journal: Journal) -> None:
    admission, *_ = await journal.write(admissions.admit, scan(ANN), read_first=False)
    assert await journal.read(venue.of_admission, admission.journal) is None
    assert await journal.write(admissions.cancel, admission, UNDO)
    assert await journal.read(venue.open_claims, EVENT) == []


async def test_the_second_of_two_processes_claims_nothing(journal: Journal, south: Journal) -> None:
    admission = await admit(journal)
    made = ClaimMade(0, ClaimState.WON, FIRST_HUB)
    _, new, _ = await south.write(admissions.admit, scan(ANN), read_first=False, claim=made)
    assert not new
    assert execute_rows(await own(south, admission)) == (0, ClaimState.WON)


def execute_rows(own: OwnClaim) -> tuple[int, ClaimState]:
    return own.round, own.state


@pytest.mark.parametrize("state", [ClaimState.WON, ClaimState.PENDING])
@pytest.mark.parametrize("sent", [False, True])
async def test_an_undo_has_the_claim_given_back_in_its_own_transaction(
    journal: Journal, clock: FakeClock, state: ClaimState, sent: bool
) -> None:
    admission = await admit(journal, state)
    await clock.advance(5)
    if sent:
        await journal.write(queue.complete, admission.journal, said("outcome", ANN))
        assert await journal.write(admissions.drop, admission, UNDO)
    else:
        assert await journal.write(admissions.cancel, admission, UNDO)
    (given_back,) = await journal.read(venue.open_claims, EVENT)
    assert given_back.state is ClaimState.RELEASING
    assert given_back.out_at == EVENING + 5 * SECOND
    assert await journal.read(venue.releasing, ANN) == [given_back]
    await journal.write(venue.release, given_back, FIRST_HUB)
    assert await journal.read(venue.open_claims, EVENT) == []


async def test_a_round_that_is_given_back_is_not_held_again(journal: Journal) -> None:
    first = await admit(journal)
    await journal.write(admissions.cancel, first, UNDO)
    again = await own(journal, await admit(journal))  # as the hub said before it knew
    assert (again.round, again.state) == (2, ClaimState.PENDING)
    states = [row.state for row in await journal.read(venue.open_claims, EVENT)]
    assert states == [ClaimState.RELEASING, ClaimState.PENDING]


async def test_a_new_hub_is_told_all_of_it_again(journal: Journal) -> None:
    won = await admit(journal)
    gone = await admit(journal, ticket=BEA)
    await journal.write(admissions.cancel, gone, Entry(JournalKind.UNDO, EVENT, BEA))
    (given_back,) = await journal.read(venue.open_claims, EVENT)
    await journal.write(venue.release, given_back, FIRST_HUB)
    before, *_ = await journal.write(admissions.admit, scan(uuid(3)), read_first=False)
    await journal.write(queue.complete, won.journal, said("outcome", ANN))
    (sent,) = await journal.read(venue.unannounced, EVENT)
    await journal.write(venue.announce, sent)
    assert await journal.read(venue.unannounced, EVENT) == []

    await journal.write(venue.renew, EVENT, FIRST_HUB)
    assert [row.ticket for row in await journal.read(venue.open_claims, EVENT)] == [uuid(3)]
    await journal.write(venue.renew, EVENT, NEXT_HUB)
    await journal.write(venue.renew, EVENT, NEXT_HUB)
    rows = await journal.read(venue.open_claims, EVENT)
    assert [(row.ticket, row.admission) for row in rows] == [
        (ANN, won.journal),
        (uuid(3), before.journal),
    ]
    for row in rows:
        assert await journal.write(venue.win, row, 0, NEXT_HUB)
    await journal.write(venue.renew, EVENT, NEXT_HUB)
    assert await journal.read(venue.open_claims, EVENT) == []
    assert [row.ticket for row in await journal.read(venue.unannounced, EVENT)] == [ANN]
    again = await own(journal, await admit(journal, ticket=BEA))
    assert (again.round, again.state) == (0, ClaimState.WON)


async def test_a_claim_is_won_in_the_round_that_the_hub_says(journal: Journal) -> None:
    admission = await admit(journal, ClaimState.PENDING)
    assert await journal.write(venue.win, await own(journal, admission), 4, FIRST_HUB)
    assert execute_rows(await own(journal, admission)) == (4, ClaimState.WON)


async def test_what_was_undone_meanwhile_is_neither_won_nor_lost(journal: Journal) -> None:
    admission = await admit(journal, ClaimState.PENDING)
    pending = await own(journal, admission)
    await journal.write(admissions.cancel, admission, UNDO)
    assert not await journal.write(venue.win, pending, 0, FIRST_HUB)
    assert not await journal.write(venue.lose, pending, claim(), "South")
    assert await conflicts(journal) == []
    (left,) = await journal.read(venue.open_claims, EVENT)
    assert left.state is ClaimState.RELEASING


async def test_a_claim_by_which_nobody_was_let_in_is_given_back_once(journal: Journal) -> None:
    await admit(journal)
    held = [claim(0, 1, device=HERE), claim(2, 2, BEA, HERE)]
    assert await journal.write(venue.give_back_unused, held) == 1
    assert await journal.write(venue.give_back_unused, held) == 0
    (unused,) = await journal.read(venue.open_claims, EVENT)
    assert (unused.ticket, unused.round, unused.admission) == (BEA, 2, 0)
    again = await own(journal, await admit(journal, round_=2, ticket=BEA))
    assert (again.round, again.state) == (4, ClaimState.PENDING)


# Lost


async def test_a_lost_claim_is_in_front_of_a_person_and_is_not_sent(journal: Journal) -> None:
    admission = await admit(journal, ClaimState.PENDING)
    assert await journal.write(venue.lose, await own(journal, admission), claim(), "South too")
    row = await one(journal)
    assert (row.id, row.state, row.reason) == (admission.journal, QueueState.CONFLICT, "South too")
    assert not await journal.write(queue.mark_sending, row.id)
    assert not await journal.write(queue.complete, row.id, said("outcome", ANN))
    assert await journal.write(by_hand.retry) == 0
    lost = await own(journal, admission)
    assert (lost.state, lost.owner, lost.owner_at) == (ClaimState.LOST, "South", EVENING)
    assert await journal.read(venue.unannounced, EVENT) == [lost]
    await journal.write(venue.announce, lost)
    assert await journal.read(venue.unannounced, EVENT) == []
    assert await journal.write(by_hand.dismiss, row.id, "one of them left")
    assert await journal.read(admissions.get, ANN) is not None
    await journal.write(venue.renew, EVENT, NEXT_HUB)
    assert await journal.read(venue.open_claims, EVENT) == []


async def test_one_that_was_sent_already_is_in_front_of_a_person_too(journal: Journal) -> None:
    admission = await admit(journal, ClaimState.PENDING)
    await journal.write(queue.mark_sending, admission.journal)
    pending = await own(journal, admission)
    assert not await journal.write(venue.lose, pending, claim(), "South too")  # it is on its way
    await journal.write(queue.complete, admission.journal, said("outcome", ANN))
    assert await journal.write(venue.lose, pending, claim(), "South too")
    row = await one(journal)
    assert (row.ticket, row.kind, row.state) == (ANN, QueueKind.CHECK_IN, QueueState.CONFLICT)
    assert (row.at, row.lane, row.operator) == (admission.at, "North", "Bo")
    assert row.id != admission.journal
    kept = await journal.read(admissions.get, ANN)
    assert kept is not None
    assert kept.confirmed
    assert await journal.write(by_hand.retry) == 0
    assert await journal.write(by_hand.dismiss, row.id, "seen")
    assert await conflicts(journal) == []


async def test_a_failed_check_in_stays_beside_its_conflict(journal: Journal) -> None:
    admission = await admit(journal, ClaimState.PENDING)
    await journal.write(queue.set_aside, admission.journal, QueueState.FAILED, "refunded")
    await journal.write(venue.lose, await own(journal, admission), claim(), "South too")
    rows = await journal.read_all(queue.in_states, QueueState)
    assert [(row.state, row.reason) for row in rows] == [
        (QueueState.FAILED, "refunded"),
        (QueueState.CONFLICT, "South too"),
    ]


async def test_what_the_site_showed_first_becomes_the_pair_and_stays_one(journal: Journal) -> None:
    admission = await admit(journal, ClaimState.PENDING)
    await journal.write(queue.set_aside, admission.journal, QueueState.CONFLICT, "in already")
    await journal.write(venue.lose, await own(journal, admission), claim(), "South too")
    assert await conflicts(journal) == [(ANN, "South too")]


# The other door's side


def clash(round_: int = 0, after: timedelta = SECOND) -> Clash:
    return Clash(EVENT, ANN, round_, THERE, "South", EVENING + after, 9)


@pytest.mark.parametrize("sent", [False, True])
async def test_who_was_first_sees_the_pair_once_and_is_sent(journal: Journal, sent: bool) -> None:
    admission = await admit(journal)
    if sent:
        await journal.write(queue.complete, admission.journal, said("outcome", ANN))
    assert not await journal.read(venue.is_disputed, ANN)
    assert await journal.write(venue.add_clash, clash(), "South too")
    assert await journal.read(venue.is_disputed, ANN)
    assert await conflicts(journal) == [(ANN, "South too")]
    assert (await journal.read(queue.counts)).waiting == (not sent)
    assert not await journal.write(venue.add_clash, clash(), "South too")
    (row,) = await journal.read_all(queue.in_states, [QueueState.CONFLICT])
    assert await journal.write(by_hand.dismiss, row.id, "seen")
    assert not await journal.write(venue.add_clash, clash(), "South too")
    assert await conflicts(journal) == []


async def test_a_pair_that_was_none_is_named_to_the_other_processes_of_its_folder(
    journal: Journal, south: Journal
) -> None:
    admission = await admit(south, ClaimState.PENDING)
    await south.write(venue.lose, await own(south, admission), claim(), "South too")
    assert await journal.changed_tickets(EVENT) == [ANN]
    assert await south.write(venue.reopen, claim(1))
    assert await conflicts(south) == []
    assert await journal.changed_tickets(EVENT) == [ANN]


async def test_a_pair_that_the_site_showed_to_the_first_is_one(journal: Journal) -> None:
    admission = await admit(journal)
    await journal.write(queue.set_aside, admission.journal, QueueState.CONFLICT, "in already")
    assert await journal.write(venue.add_clash, clash(), "South too")
    assert await conflicts(journal) == [(ANN, "South too")]


async def test_two_other_doors_are_two_pairs(journal: Journal) -> None:
    await admit(journal)
    assert await journal.write(venue.add_clash, clash(), "South too")
    assert await journal.write(venue.add_clash, clash()._replace(device="1" * 16), "West too")
    assert await conflicts(journal) == [(ANN, "South too"), (ANN, "West too")]


async def test_a_pair_of_others_is_none_of_ours(journal: Journal) -> None:
    assert not await journal.write(venue.add_clash, clash(), "South too")
    lost = await admit(journal, ClaimState.PENDING)
    await journal.write(venue.lose, await own(journal, lost), claim(), "first")
    assert not await journal.write(venue.add_clash, clash()._replace(device="1" * 16), "West too")
    assert await conflicts(journal) == [(ANN, "first")]


@pytest.mark.parametrize("is_ours", [False, True])
async def test_a_claim_that_is_pending_was_first_only_where_the_hub_has_it(
    journal: Journal, is_ours: bool
) -> None:
    await admit(journal, ClaimState.PENDING)
    added = await journal.write(venue.add_clash, clash(), "South too", is_ours=is_ours)
    assert added is is_ours


async def test_who_was_undone_before_the_second_came_is_no_pair(
    journal: Journal, clock: FakeClock
) -> None:
    admission = await admit(journal)
    await clock.advance(5)
    await journal.write(admissions.cancel, admission, UNDO)
    assert not await journal.write(venue.add_clash, clash(after=6 * SECOND), "South too")
    assert await journal.write(venue.add_clash, clash(after=4 * SECOND), "South too")


@pytest.mark.parametrize("sent", [False, True])
@pytest.mark.parametrize("out_after", [-1, 0, 30, 90])
async def test_who_was_out_before_the_second_came_is_a_pair_no_more(
    journal: Journal, clock: FakeClock, sent: bool, out_after: int
) -> None:
    """`out_after`: seconds; the second came after a minute. Before it was in: it never was."""
    await clock.advance(60)
    admission = await admit(journal, ClaimState.PENDING)
    if sent:
        await journal.write(queue.complete, admission.journal, said("outcome", ANN))
    await journal.write(venue.lose, await own(journal, admission), claim(), "South too")
    out = claim(1, 2)._replace(at=EVENING + out_after * SECOND)
    no_pair = out_after < 60
    assert await journal.write(venue.reopen, out) is no_pair
    assert not await journal.write(venue.reopen, out)
    assert len(await conflicts(journal)) == (not no_pair)
    wanted = ClaimState.PENDING if no_pair else ClaimState.LOST
    assert (await own(journal, admission)).state is wanted
    assert (await journal.read(queue.counts)).waiting == (no_pair and not sent)


async def test_who_came_before_one_that_was_never_in_is_a_pair_no_more(journal: Journal) -> None:
    admission = await admit(journal, ClaimState.PENDING)
    unused = claim()._replace(at=EVENING + 60 * SECOND)
    await journal.write(venue.lose, await own(journal, admission), unused, "South too")
    assert await journal.write(venue.reopen, unused._replace(round=1))
    assert await conflicts(journal) == []
