"""Pairs of doors that let the same ticket in: each once, and none that was out between."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from boxoffice.domain.venue import Claim, Clash, LetInTwice, Message
from boxoffice.store import RosterStore, claim_feed
from boxoffice.store.claim_feed import FeedPosition

EVENT, TICKET = "e" * 32, "a" * 32
NORTH, SOUTH = "1" * 16, "2" * 16
AT = datetime(2026, 5, 8, 18, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

IN = Claim(EVENT, TICKET, 0, NORTH, "North", AT, 1)
OUT = Claim(EVENT, TICKET, 1, NORTH, "North", AT + 2 * MINUTE, 3)


def clash(minutes: int, number: int = 2) -> Clash:
    return Clash(EVENT, TICKET, 0, SOUTH, "South", AT + minutes * MINUTE, number)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[RosterStore]:
    store = await RosterStore.open(tmp_path / "roster.db")
    yield store
    await store.close()


async def pairs(store: RosterStore, *messages: Message) -> list[LetInTwice]:
    """Those that are stored once these came, each in a batch of its own."""
    for message in messages:
        at = FeedPosition("a record", 1, message.number)
        assert await store.write(claim_feed.take_up, EVENT, at, [message])
    return await store.read_all(claim_feed.let_in_twice, EVENT)


async def test_a_pair_is_there_once(store: RosterStore) -> None:
    pair = LetInTwice(TICKET, "North", AT, "South", AT + MINUTE)
    assert await pairs(store, IN, clash(1), clash(1)) == [pair]


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ((IN, clash(1), OUT), 1),
        ((IN, OUT, clash(1, 4)), 1),
        ((IN, clash(2), OUT), 0),
        ((IN, OUT, clash(3, 4)), 0),
    ],
    ids=["in, out later", "told late", "out at that time", "out before, told late"],
)
async def test_who_was_out_by_then_is_no_pair(
    store: RosterStore, order: tuple[Message, ...], found: int
) -> None:
    assert len(await pairs(store, *order)) == found


async def test_whoever_was_first_at_a_hub_that_was_emptied_is_not_known(store: RosterStore) -> None:
    ((_, first, first_at, second, _),) = await pairs(store, clash(1))
    assert (first, first_at, second) == ("", None, "South")


async def test_what_is_forgotten(store: RosterStore) -> None:
    assert await pairs(store, IN, clash(1))
    await store.write(claim_feed.forget, EVENT)
    assert await pairs(store) == []
