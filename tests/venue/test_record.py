"""Claims: one wins, the outcome is never guessed, and rounds follow each other."""

import asyncio
import random
from collections import Counter
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest
from hypothesis import settings

from boxoffice.domain.venue import Claim, Outcome, Taken
from boxoffice.venue import HubAwayError, protocol
from boxoffice.venue.engine import Engine
from boxoffice.venue.record import Record
from tests.support import until
from tests.venue.doors import AT, EVENT, Cable, author, open_stream, read_all, recorded, ticket


async def test_the_second_door_learns_who_was_first(engine: Engine) -> None:
    await open_stream(engine)
    async with recorded(engine, 0) as north, recorded(engine, 1) as south:
        won = await north.take(ticket(1), 0, author(0), AT)
        assert won == Taken(Outcome.WON, Claim(EVENT, ticket(1), 0, *author(0), AT, 1))
        assert await south.take(ticket(1), 0, author(1), AT) == Taken(Outcome.LOST, won.claim)
        assert await north.take(ticket(1), 0, author(0), AT) == won


async def test_a_door_with_an_old_round_goes_on_from_the_last_one(engine: Engine) -> None:
    await open_stream(engine)
    async with recorded(engine, 0) as north, recorded(engine, 1) as south:
        await north.take(ticket(1), 0, author(0), AT)
        out = await north.release(ticket(1), 0, author(0), AT)
        assert out.outcome is Outcome.WON
        assert out.claim is not None and out.claim.round == 1
        again = await south.take(ticket(1), 0, author(1), AT)
        assert again.outcome is Outcome.WON
        assert again.claim is not None and again.claim.round == 2
        assert await north.take(ticket(1), 0, author(0), AT) == Taken(Outcome.LOST, again.claim)


async def test_a_round_that_the_hub_does_not_lead_up_to_is_the_first_there(engine: Engine) -> None:
    """Another hub's: else two doors would have it in, each in a round of its own."""
    await open_stream(engine)
    async with recorded(engine, 0) as north, recorded(engine, 1) as south:
        won = await north.take(ticket(1), 2, author(0), AT)
        assert won.claim is not None and won.claim.round == 0
        assert await south.take(ticket(1), 0, author(1), AT) == Taken(Outcome.LOST, won.claim)


async def test_only_the_owner_releases(engine: Engine) -> None:
    await open_stream(engine)
    async with recorded(engine, 0) as north, recorded(engine, 1) as south:
        won = await north.take(ticket(1), 0, author(0), AT)
        assert await south.release(ticket(1), 0, author(1), AT) == Taken(Outcome.LOST, won.claim)
        out = await north.release(ticket(1), 0, author(0), AT)
        assert await north.release(ticket(1), 0, author(0), AT) == out
        await south.take(ticket(1), 0, author(1), AT)
        assert (await north.release(ticket(1), 0, author(0), AT)).outcome is Outcome.WON


async def test_a_release_of_what_the_hub_does_not_have_leaves_no_gap(engine: Engine) -> None:
    await open_stream(engine)
    async with recorded(engine, 0) as north, recorded(engine, 1) as south:
        for undone in (0, 2):
            out = await north.release(ticket(1), undone, author(0), AT)
            assert out.claim is not None and out.claim.round == undone + 1
        again = await south.take(ticket(1), 0, author(1), AT)
        assert again.claim is not None and again.claim.round == 4


async def test_a_release_is_of_whatever_round_is_ours(engine: Engine) -> None:
    """The one of a claim whose answer was lost is not in the journal, and may be a later one."""
    await open_stream(engine)
    async with recorded(engine, 0) as north, recorded(engine, 1) as south:
        for _ in range(2):
            await north.take(ticket(1), 0, author(0), AT)
            out = await north.release(ticket(1), 0, author(0), AT)
        assert out.claim is not None and out.claim.round == 3
        assert (await south.take(ticket(1), 2, author(1), AT)).outcome is Outcome.WON


async def test_a_release_that_comes_late_is_not_of_who_was_let_in_since(engine: Engine) -> None:
    """Another process of the folder has told of it already, and let somebody in."""
    await open_stream(engine)
    second = timedelta(seconds=1)
    async with recorded(engine, 0) as north, recorded(engine, 1) as south:
        await north.take(ticket(1), 0, author(0), AT)
        await north.release(ticket(1), 0, author(0), AT + second)
        again = await north.take(ticket(1), 2, author(0), AT + 2 * second)
        assert await north.release(ticket(1), 0, author(0), AT + second) == again
        assert await south.take(ticket(1), 0, author(1), AT) == Taken(Outcome.LOST, again.claim)
        out = await north.release(ticket(1), 2, author(0), AT)
        assert out.claim is not None and out.claim.round == 3


async def test_the_site_has_it_out_whoever_has_it_in(engine: Engine) -> None:
    await open_stream(engine)
    async with recorded(engine, 0) as north, recorded(engine, 1) as south:
        out = Claim(EVENT, ticket(1), 1, *author(1), AT)
        assert not await south.put_out(out)
        assert await south.last(protocol.claim_subject(EVENT, ticket(1), "*")) is None
        await north.take(ticket(1), 0, author(0), AT)
        assert await south.put_out(out)
        assert await south.put_out(out)
        again = await south.take(ticket(1), 0, author(1), AT)
        assert again.claim is not None and again.claim.round == 2
        assert await north.put_out(out)
        assert await north.take(ticket(1), 0, author(0), AT) == Taken(Outcome.LOST, again.claim)


async def test_the_claim_whose_answer_was_lost_is_ours(engine: Engine) -> None:
    await open_stream(engine)
    async with Cable(engine.port) as cable:
        async with recorded(engine, 0, cable.address) as north:
            cable.lose_answers()
            with pytest.raises(HubAwayError):
                await north.connection.within(0.35, north.take(ticket(1), 0, author(0), AT))
        cable.restore()
        async with recorded(engine, 0, cable.address) as north, recorded(engine, 1) as south:
            assert (await south.take(ticket(1), 0, author(1), AT)).outcome is Outcome.LOST
            won = await north.take(ticket(1), 0, author(0), AT)
            assert won.outcome is Outcome.WON
            assert won.claim is not None and won.claim.number == 1


async def test_a_claim_that_lands_late_is_ours(engine: Engine) -> None:
    await open_stream(engine)
    async with (
        Cable(engine.port) as cable,
        recorded(engine, 0, cable.address) as north,
        recorded(engine, 1) as south,
    ):
        cable.hold()
        with pytest.raises(HubAwayError):
            await north.connection.within(0.35, north.take(ticket(1), 0, author(0), AT))
        subject = protocol.claim_subject(EVENT, ticket(1), 0)
        assert await south.last(subject) is None
        cable.restore()
        await until(lambda: _is_there(south, subject))
        assert (await south.take(ticket(1), 0, author(1), AT)).outcome is Outcome.LOST
        assert (await north.take(ticket(1), 0, author(0), AT)).outcome is Outcome.WON


async def _is_there(record: Record, subject: str) -> bool:
    return await record.last(subject) is not None


async def test_twenty_doors_race_for_each_ticket_and_one_wins(engine: Engine) -> None:
    await open_stream(engine)
    is_long = settings.get_current_profile_name() == "long"
    won: Counter[str] = Counter()
    all_tickets = list(map(ticket, range(5_000 if is_long else 100)))

    async def scan_all(number: int) -> None:
        tickets = all_tickets.copy()
        random.Random(number).shuffle(tickets)
        for wanted in tickets:
            taken = await records[number].take(wanted, 0, author(number), AT)
            won[wanted] += taken.outcome is Outcome.WON

    async with AsyncExitStack() as doors:
        records = [await doors.enter_async_context(recorded(engine, n)) for n in range(20)]
        await asyncio.gather(*map(scan_all, range(20)))
        feeds = [await read_all(record) for record in records]
    assert won == Counter(all_tickets)
    assert all(feed == feeds[0] for feed in feeds)
    assert sorted(claim.ticket for claim in feeds[0]) == all_tickets
    assert [claim.number for claim in feeds[0]] == list(range(1, len(all_tickets) + 1))


@pytest.mark.parametrize("body", [b"[]", b"x" * 30_000, b"{}"])
async def test_what_no_door_of_ours_wrote_keeps_nobody_from_being_first(
    engine: Engine, body: bytes
) -> None:
    await open_stream(engine)
    async with recorded(engine, 1) as north, recorded(engine, 2) as south:
        for number, rounds in enumerate((["0"], ["0", "1"], ["0", "00"], ["-1"], ["00", "-1"])):
            claimed = ticket(number)

            async def add(round_: str, claimed: str = claimed) -> None:
                await south.add(f"bo.claim.{EVENT}.{claimed}.{round_}", body)

            for round_ in rounds:
                await add(round_)
            first = await north.take(claimed, 0, author(1), AT)
            assert first.outcome is Outcome.WON, rounds
            assert first.claim is not None
            for round_ in ("000", str(first.claim.round + 1), str(first.claim.round + 2)):
                await add(round_)
            second = await south.take(claimed, 0, author(2), AT)
            assert second.outcome is Outcome.LOST, rounds
            assert second.claim is not None
            assert (second.claim.device, second.claim.lane) == author(1)
            out = await north.release(claimed, first.claim.round, author(1), AT)
            assert out.outcome is Outcome.WON, rounds
            again = await south.take(claimed, 0, author(2), AT)
            assert again.outcome is Outcome.WON, rounds
            assert again.claim is not None
            assert again.claim.device == author(2).device
