"""What is kept of check-ins that other doors are asked to send."""

import pytest

from boxoffice.domain.courier import UNTAKEN, WAITS, Delivery, PostState
from boxoffice.domain.journal import Entry, JournalKind, QueueRow, QueueState
from boxoffice.domain.venue import Attempt, ClaimState, Clash, Finding, Found, Message, Post, Sent
from boxoffice.store import (
    Journal,
    RosterStore,
    admissions,
    by_hand,
    claim_feed,
    posts,
    queue,
    venue,
)
from boxoffice.store.posts import PostedRow
from tests.store.support import EVENT, GIVEN, said
from tests.store.test_claim_feed import feed
from tests.store.test_venue import (
    ANN,
    BEA,
    FIRST_HUB,
    HERE,
    NEXT_HUB,
    THERE,
    admit,
    claim,
    conflicts,
    own,
)
from tests.support import EVENING

ASKED = Post(EVENT, ANN, 0, HERE, "North", EVENING, number=2)
TAKEN = Attempt(EVENT, ANN, 0, THERE, "South", EVENING, 0, 3)
FOUND = Found(EVENT, ANN, 0, THERE, "South", EVENING, Finding.IN, 4)
SENT = Sent(EVENT, ANN, 0, THERE, EVENING, 4, "South")
UNDO = Entry(JournalKind.UNDO, EVENT, ANN)


async def posted(journal: Journal) -> list[PostedRow]:
    return await journal.read_all(posts.waiting, EVENT)


async def post(journal: Journal) -> list[PostedRow]:
    await journal.write(posts.post, EVENT, FIRST_HUB, 64)
    return await posted(journal)


async def rows(journal: Journal) -> list[QueueRow]:
    return await journal.read_all(queue.in_states, list(QueueState))


# At the door that posts


async def test_a_check_in_that_is_posted_counts_as_tried_until_it_is_taken_back(
    journal: Journal,
) -> None:
    admission = await admit(journal)
    assert await journal.read(posts.has_unposted, EVENT, FIRST_HUB)
    (row,) = await post(journal)
    assert (row.round, row.post, row.queued.id) == (0, PostState.FRESH, admission.journal)
    assert (row.queued.attempted, row.queued.reason) == (True, WAITS)
    assert not await journal.read(posts.has_unposted, EVENT, FIRST_HUB)
    assert not await journal.write(admissions.cancel, admission, UNDO)
    await journal.write(posts.take_back, await own(journal, admission))
    (row,) = await posted(journal)
    assert (row.post, row.queued.attempted) == (PostState.TAKEN_BACK, False)
    assert not await journal.read(posts.has_unposted, EVENT, FIRST_HUB)
    assert await journal.write(admissions.cancel, admission, UNDO)


async def test_what_is_to_come_before_it_or_is_no_check_in_is_not_posted(journal: Journal) -> None:
    asked = said("answers", ANN)
    await journal.write(queue.enqueue_answers, asked, GIVEN)
    await admit(journal)
    assert not await journal.read(posts.has_unposted, EVENT, FIRST_HUB)
    assert await post(journal) == []


@pytest.mark.parametrize("state", [ClaimState.PENDING, ClaimState.WON])
async def test_only_what_this_hub_has_is_posted(journal: Journal, state: ClaimState) -> None:
    await admit(journal, state)
    at = NEXT_HUB if state is ClaimState.WON else FIRST_HUB
    await journal.write(posts.post, EVENT, at, 64)
    assert await posted(journal) == []


async def test_a_ticket_that_two_doors_let_in_is_not_posted(journal: Journal) -> None:
    await admit(journal)
    second = Clash(EVENT, ANN, 0, THERE, "South", EVENING)
    assert await journal.write(venue.add_clash, second, "South too")
    assert await post(journal) == []


async def test_a_write_from_here_may_have_arrived_too(journal: Journal) -> None:
    await admit(journal)
    (row,) = await post(journal)
    assert await journal.write(queue.mark_sending, row.queued.id)
    assert await posted(journal) == []
    assert await journal.write(
        queue.postpone, row.queued.id, EVENING, "no answer", network=True, maybe_applied=True
    )
    assert (await posted(journal))[0].post is PostState.TRIED


async def test_another_hub_is_asked_anew_and_finds_it_tried(journal: Journal) -> None:
    admission = await admit(journal)
    await post(journal)
    await journal.write(venue.renew, EVENT, NEXT_HUB)
    assert await posted(journal) == []
    assert await journal.write(venue.win, await own(journal, admission), 0, NEXT_HUB)
    await journal.write(posts.post, EVENT, NEXT_HUB, 64)
    assert (await posted(journal))[0].post is PostState.TRIED


async def test_proof_of_another_door_confirms_the_admission_once(journal: Journal) -> None:
    admission = await admit(journal)
    (row,) = await post(journal)
    assert await journal.write(posts.complete, row, "Sent by South.")
    assert not await journal.write(posts.complete, row, "Sent by South.")
    assert await rows(journal) == []
    confirmed = await journal.read(admissions.get, ANN)
    assert confirmed is not None
    assert confirmed.confirmed
    assert await journal.read(admissions.is_ours, admission)


async def test_what_is_just_being_sent_from_here_is_left_to_that(journal: Journal) -> None:
    await admit(journal)
    (row,) = await post(journal)
    await journal.write(queue.mark_sending, row.queued.id)
    assert not await journal.write(posts.complete, row, "Sent by South.")
    assert not await journal.write(posts.set_aside, row, QueueState.CONFLICT, "in before")
    assert [found.state for found in await rows(journal)] == [QueueState.SENDING]


async def test_a_conflict_that_another_door_found_stays_one_when_it_is_sent_again(
    journal: Journal,
) -> None:
    await admit(journal)
    (row,) = await post(journal)
    assert await journal.write(posts.set_aside, row, QueueState.CONFLICT, "in before")
    assert await conflicts(journal) == [(ANN, "in before")]
    assert await journal.write(by_hand.retry) == 1
    (again,) = await rows(journal)
    assert (again.attempted, again.read_first) == (False, True)
    assert not await journal.read(posts.has_unposted, EVENT, FIRST_HUB)


# At all doors


async def delivery(store: RosterStore) -> Delivery | None:
    found = await store.read(claim_feed.deliveries, EVENT, [ANN])
    return found[0] if found else None


async def is_open(store: RosterStore) -> bool:
    return bool(await store.read(claim_feed.open_deliveries, EVENT))


@pytest.mark.parametrize("turned", [False, True])
async def test_a_post_is_known_with_its_last_turn_in_whatever_order_they_come(
    store: RosterStore, turned: bool
) -> None:
    later = TAKEN._replace(turn=1, device=BEA[:16], number=4)
    messages: list[Message] = [ASKED, TAKEN, later]
    await feed(store, FIRST_HUB, claim(device=HERE), *(messages[::-1] if turned else messages))
    found = await delivery(store)
    assert found is not None
    assert found == Delivery(
        *(EVENT, ANN, 0, HERE, "North", EVENING, False, 1, BEA[:16], EVENING),
    )
    assert await is_open(store)


async def test_a_turn_without_a_post_is_nothing_to_send(store: RosterStore) -> None:
    await feed(store, FIRST_HUB, claim(device=HERE), TAKEN)
    assert await delivery(store) is None
    assert not await is_open(store)


@pytest.mark.parametrize("end", [SENT, FOUND])
async def test_what_is_sent_or_cannot_be_is_open_no_more(store: RosterStore, end: Message) -> None:
    await feed(store, FIRST_HUB, claim(device=HERE), ASKED, TAKEN, end)
    found = await delivery(store)
    assert found is not None
    is_sent = end is SENT
    assert (found.is_sent, found.why) == (is_sent, None if is_sent else Finding.IN)
    assert found.sent_by == ("South" if is_sent else "")
    assert not await is_open(store)


async def test_what_was_sent_before_it_was_posted_or_is_undone_is_not_open(
    store: RosterStore,
) -> None:
    await feed(store, FIRST_HUB, claim(device=HERE), SENT)
    await feed(store, FIRST_HUB, ASKED._replace(number=9))
    assert not await is_open(store)
    other = ASKED._replace(ticket=BEA, number=11)
    await feed(store, FIRST_HUB, claim(0, 10, BEA), other, claim(1, 12, BEA))
    assert not await is_open(store)


async def test_another_hub_knows_of_no_posts(store: RosterStore) -> None:
    await feed(store, FIRST_HUB, claim(device=HERE), ASKED, TAKEN)
    await feed(store, NEXT_HUB, claim(device=HERE))
    assert await delivery(store) is None
    await feed(store, NEXT_HUB, ASKED)
    found = await delivery(store)
    assert found is not None
    assert found.turn == UNTAKEN
    await store.write(claim_feed.forget, EVENT)
    assert await delivery(store) is None
