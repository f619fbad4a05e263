"""What the hub holds of all doors, as its feed told it."""

from datetime import timedelta
from pathlib import Path

from boxoffice.domain.venue import Message, Sent
from boxoffice.store import RosterStore, claim_feed, erasure
from boxoffice.store.claim_feed import FeedPosition
from tests.store.support import EVENT, OTHER_EVENT, pull, ticket, uuid
from tests.store.test_venue import ANN, BEA, FIRST_HUB, HERE, NEXT_HUB, THERE, claim
from tests.support import EVENING

EVER = (EVENING - timedelta(days=1), EVENING)


async def feed(store: RosterStore, at: FeedPosition, *messages: Message) -> bool:
    newest = max((message.number for message in messages), default=0)
    return await store.write(claim_feed.take_up, EVENT, at._replace(number=newest), messages)


async def held(store: RosterStore, uuid: str = ANN) -> claim_feed.NewestClaim:
    return await store.read(claim_feed.newest, uuid, EVENT)


async def test_the_newest_round_of_a_ticket_counts_in_whatever_order_they_come(
    store: RosterStore,
) -> None:
    await feed(store, FIRST_HUB, claim(0, 1), claim(2, 7), claim(1, 5))
    assert (await held(store)).claim == claim(2, 7)
    assert (await held(store)).round == 2
    assert await store.read(claim_feed.position, EVENT) == FIRST_HUB._replace(number=7)
    assert (await held(store, BEA)).claim is None
    assert await store.read(claim_feed.position, OTHER_EVENT) == FeedPosition()


async def test_a_feed_read_again_goes_back_behind_nothing(store: RosterStore) -> None:
    await feed(store, FIRST_HUB, claim(0, 1), claim(1, 5))
    await feed(store, FIRST_HUB, claim(0, 1))
    assert (await held(store)).round == 1
    assert (await store.read(claim_feed.position, EVENT)).number == 5


async def test_what_another_hub_held_still_lets_nobody_in_twice_and_names_no_round(
    store: RosterStore,
) -> None:
    await feed(store, FIRST_HUB, claim(2, 9), claim(0, 3, BEA), Sent(EVENT, ANN, 2, THERE, EVENING))
    await feed(store, NEXT_HUB)
    known = await held(store)
    assert known.claim == claim(2, 0)
    assert (known.round, known.sent_at, known.position) == (None, None, NEXT_HUB)
    await feed(store, NEXT_HUB, claim(0, 1, device=HERE))
    assert (await held(store)).claim == claim(0, 1, device=HERE)
    assert (await held(store, BEA)).claim == claim(0, 0, BEA)


async def test_a_process_that_still_follows_the_old_hub_changes_nothing(
    store: RosterStore,
) -> None:
    await feed(store, NEXT_HUB, claim(0, 1))
    assert not await feed(store, FIRST_HUB, claim(2, 9))
    assert (await held(store)).claim == claim(0, 1)


async def test_the_site_has_only_the_round_that_was_sent(store: RosterStore) -> None:
    sent = [Sent(EVENT, ANN, round_, THERE, EVENING, 2 + round_) for round_ in (2, 0)]
    await feed(store, FIRST_HUB, claim(0, 1), *sent)
    assert (await held(store)).sent_at is None
    await feed(store, FIRST_HUB, claim(2, 8))
    assert (await held(store)).sent_at == EVENING


async def test_what_a_lost_claim_taught_moves_no_cursor(store: RosterStore) -> None:
    await feed(store, FIRST_HUB, claim(0, 3))
    await store.write(claim_feed.record_claim, claim(2, 50))
    await store.write(claim_feed.record_claim, claim(0, 3))
    assert (await held(store)).round == 2
    assert (await store.read(claim_feed.position, EVENT)).number == 3


async def test_only_what_is_in_by_a_device_at_this_hub_is_held_by_it(store: RosterStore) -> None:
    ours = [claim(0, 4, ANN, HERE), claim(1, 5, BEA, HERE), claim(0, 6, uuid(3), THERE)]
    await feed(store, FIRST_HUB, *ours)
    assert await store.read(claim_feed.claims_of, EVENT, HERE, *EVER) == [ours[0]]
    await feed(store, NEXT_HUB)
    assert await store.read(claim_feed.claims_of, EVENT, HERE, *EVER) == []


async def test_an_event_that_is_forgotten_leaves_no_claims(store: RosterStore) -> None:
    await pull(store, ticket(1))
    await feed(store, FIRST_HUB, claim(), Sent(EVENT, ANN, 0, THERE, EVENING))
    await store.write(erasure.erase_roster, EVENT)
    assert await held(store) == claim_feed.NewestClaim()


async def test_a_feed_with_holes_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "roster.db"
    store = await RosterStore.open(path)
    await feed(store, FIRST_HUB, claim(0, 3))
    await store.close()
    path.replace(path.with_suffix(".damaged"))
    again = await RosterStore.open(path)
    assert (await held(again)).claim == claim(0, 3)
    assert (await held(again)).position == FeedPosition()
    await again.close()
