"""Tills of one venue on a real engine: what they sell without the site is what each holds."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from boxoffice.clock import SystemClock
from boxoffice.domain.cart import Cart
from boxoffice.domain.seats import Pool
from boxoffice.domain.venue import HubState
from boxoffice.lane import Lane, SalesPolicy
from boxoffice.sandbox import Sandbox
from boxoffice.store import seats
from boxoffice.sync.sales.rules import NotForSale
from boxoffice.venue import connection
from boxoffice.venue import door as door_module
from boxoffice.venue.door import Door
from boxoffice.venue.engine import Engine
from tests.lane.conftest import lane_in, listed
from tests.lane.test_box_office import cart_of, settled
from tests.lane.venue_support import offline
from tests.support import FakeClock, until
from tests.venue.doors import Cable, author, membership, open_stream

TILL = SalesPolicy(offline=True, reserve=10)

OpenTill: TypeAlias = Callable[..., Awaitable[tuple[Lane, Cable]]]


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked for in no hurry is waited for on any machine."""
    monkeypatch.setattr(connection, "ANSWERS_WITHIN", 60.0)
    monkeypatch.setattr(door_module, "UNHURRIED", 60.0)


@pytest.fixture
async def open_till(
    engine: Engine, sandbox: Sandbox, clock: FakeClock, tmp_path: Path
) -> AsyncIterator[OpenTill]:
    """Opens a lane that sells, with a data folder of its own, over a cable of its own to the hub.

    Of the event's first type `left` are left. `number`: the computer's.
    """
    for event in list(sandbox.state.events)[:2]:
        await open_stream(engine, event)
    async with AsyncExitStack() as stack:
        cables: dict[int, Cable] = {}

        async def open_one(number: int, **options: Any) -> tuple[Lane, Cable]:
            if number not in cables:
                cables[number] = await stack.enter_async_context(Cable(engine.port))
            device, name = author(number)
            door = await stack.enter_async_context(
                Door(
                    membership(engine, number, cables[number].address),
                    device=device,
                    lane=name,
                    clock=SystemClock(),
                )
            )
            folder = tmp_path / f"data{number}"
            given: dict[str, Any] = {"name": name, "sales": TILL, "venue": door} | options
            lane = await lane_in(stack, sandbox, folder, clock, **given)
            await listed(lane)
            await until(lambda: door.status.state is HubState.JOINED, f"{name} joined")
            return lane, cables[number]

        yield open_one


def has_left(sandbox: Sandbox, left: int, event: int = 0) -> None:
    """So many of the first type, from now on."""
    kind = list(sandbox.state.events.values())[event].ticket_types[0]
    kind.amount_total = kind.amount_sold + left


def first_type(sandbox: Sandbox, event: int = 0) -> str:
    return list(sandbox.state.events.values())[event].ticket_types[0].uuid


async def pool_of(lane: Lane, kind: str) -> Pool:
    assert lane.venue is not None
    read = await lane.venue.read_pool(lane.event.uuid, kind)
    assert read is not None
    return read[1]


async def held(lane: Lane, kind: str) -> int:
    """What the lane may sell of a type without the site."""
    return (await lane._journal.read(seats.in_escrow, lane.event.uuid)).get(kind, 0)


async def settle(*lanes: Lane) -> None:
    """Have them come to what is due to each."""
    for _ in range(3):
        for lane in lanes:
            assert lane.box_office.seats is not None
            await until(lane.box_office.seats.settle, f"{lane.name} has its seats")


async def lost(lane: Lane, cable: Cable) -> None:
    """Take the hub away from a lane, and wait until it knows."""
    cable.hold()
    cable.cut()
    await until(lambda: lane.status.venue.state is HubState.ALONE, f"{lane.name} alone")


async def sold(lane: Lane, cart: Cart) -> int:
    """How many times the cart can be sold."""
    number = 0
    while True:
        try:
            await lane.box_office.sell(cart)
        except NotForSale as error:
            assert "site" in error.sentence
            return number
        number += 1


@pytest.mark.parametrize("alone", [False, True])
async def test_two_tills_do_not_sell_the_same_last_seats(
    sandbox: Sandbox, open_till: OpenTill, clock: FakeClock, *, alone: bool
) -> None:
    has_left(sandbox, 5)
    north, at_north = await open_till(1)
    south, at_south = await open_till(2)
    await settle(north, south)
    kind = first_type(sandbox)
    assert sorted([await held(north, kind), await held(south, kind)]) == [2, 3]
    cart = await cart_of(north)
    await offline(sandbox, clock, north, south)
    if alone:
        await lost(north, at_north)
        await lost(south, at_south)
    offer = await north.box_office.offer()
    limit, reason = offer.most(offer.types[0], [])
    assert limit == await held(north, kind)
    assert (
        reason == f"Without the site, only {limit} more of {offer.types[0].title} may be sold here."
    )
    numbers = await asyncio.gather(sold(north, cart), sold(south, cart))
    assert sum(numbers) == 5
    assert min(numbers) >= 2
    reserve = (await north.box_office.offer()).reserve
    assert reserve is not None
    assert reserve[kind] == 0


async def test_what_a_till_sells_is_topped_up_while_the_hub_is_reached(
    sandbox: Sandbox, open_till: OpenTill, clock: FakeClock
) -> None:
    has_left(sandbox, 30)
    north, cable = await open_till(1)
    await settle(north)
    kind, cart = first_type(sandbox), await cart_of(north, 4)
    assert await held(north, kind) == 10
    await offline(sandbox, clock, north)
    for _ in range(5):
        await north.box_office.sell(cart)
        await settle(north)
    assert await held(north, kind) == 10
    await lost(north, cable)
    assert await sold(north, cart) == 2
    assert await held(north, kind) == 2


async def test_what_was_sold_is_no_longer_in_escrow_once_it_is_placed(
    sandbox: Sandbox, open_till: OpenTill, clock: FakeClock
) -> None:
    has_left(sandbox, 12)
    north, _ = await open_till(1)
    await settle(north)
    kind, cart = first_type(sandbox), await cart_of(north, 4)
    await offline(sandbox, clock, north)
    sale = await north.box_office.sell(cart)
    await settle(north)
    assert (await pool_of(north, kind)).in_escrow == 12
    await sandbox.start()
    await settled(north, clock, sale)
    await settle(north)
    pool = await pool_of(north, kind)
    assert (pool.left, pool.in_escrow, await held(north, kind)) == (8, 8, 8)


@pytest.mark.parametrize("what", ["lane", "till"])
async def test_what_is_not_sold_is_given_back_at_close(
    sandbox: Sandbox, open_till: OpenTill, what: str
) -> None:
    has_left(sandbox, 8)
    north, _ = await open_till(1)
    south, _ = await open_till(2)
    await settle(north, south)
    kind = first_type(sandbox)
    assert (await held(north, kind), await held(south, kind)) == (4, 4)
    if what == "lane":
        await north.stop()
    else:
        await north.box_office.open_till(Decimal(500))
        await north.box_office.close_till(Decimal(500))
    assert await held(north, kind) == 0
    await settle(south)
    assert await held(south, kind) == 8
    if what == "till":
        await settle(north)
        assert await held(north, kind) == 0
        await north.box_office.reopen_till()
        await settle(north, south)
        assert await held(north, kind) == 4


@pytest.mark.parametrize("event", [0, 1])
async def test_after_a_crash_it_is_used_or_given_back(
    sandbox: Sandbox, open_till: OpenTill, clock: FakeClock, event: int
) -> None:
    """Used at the same event, given back where the next lane is opened at another one."""
    has_left(sandbox, 8)
    north, _ = await open_till(1)
    south, _ = await open_till(2)
    await settle(north, south)
    kind, cart = first_type(sandbox), await cart_of(north)
    await north._supervisor.stop()
    north.box_office.seats = None  # it does no more, nor gives back
    await settle(south)
    assert (await pool_of(south, kind)).in_escrow == 8
    assert await held(south, kind) == 4
    again, cable = await open_till(1, event=event)
    await settle(again, south)
    assert await held(south, kind) == (8 if event else 4)
    if event:
        assert (await pool_of(south, kind)).in_escrow == 8
        return
    await offline(sandbox, clock, again)
    await lost(again, cable)
    assert await sold(again, cart) == 4


async def test_what_another_process_of_the_folder_holds_for_its_event_stays(
    sandbox: Sandbox, open_till: OpenTill
) -> None:
    has_left(sandbox, 8)
    north, _ = await open_till(1)
    await settle(north)
    beside, _ = await open_till(1, event=1, is_alone=False)
    await settle(beside)
    assert await held(north, first_type(sandbox)) == 8


@pytest.mark.parametrize("arrives", [True, False])
async def test_seats_whose_message_has_no_answer_are_used_once(
    sandbox: Sandbox,
    open_till: OpenTill,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
    *,
    arrives: bool,
) -> None:
    """It has arrived and its answer is lost, or it arrives later, if at all."""
    has_left(sandbox, 30)
    north, cable = await open_till(1)
    await settle(north)
    kind, cart = first_type(sandbox), await cart_of(north, 4)
    await offline(sandbox, clock, north)
    hub = north.venue
    assert hub is not None
    write = hub.write_pool

    async def unanswered(*args: Any) -> bool:
        cable.lose_answers() if arrives else cable.hold()
        return await write(*args)

    monkeypatch.setattr(hub, "write_pool", unanswered)
    await north.box_office.sell(cart)  # and so it wants four more
    await until(lambda: hub.status.state is HubState.ALONE, "the hub is away")
    assert await held(north, kind) == 6
    monkeypatch.setattr(hub, "write_pool", write)
    cable.restore()
    await until(lambda: hub.status.state is HubState.JOINED, "the hub is back")
    await settle(north)
    assert (await held(north, kind), (await pool_of(north, kind)).in_escrow) == (10, 14)


async def test_where_less_is_left_no_more_is_given_out_and_what_is_away_stays(
    sandbox: Sandbox, open_till: OpenTill
) -> None:
    has_left(sandbox, 8)
    north, cable = await open_till(1)
    south, _ = await open_till(2)
    await settle(north, south)
    kind = first_type(sandbox)
    await lost(north, cable)
    has_left(sandbox, 3)  # the web shop has sold five
    await south.box_office.refresh()
    await settle(south)
    pool = await pool_of(south, kind)
    assert (pool.left, await held(north, kind), await held(south, kind)) == (3, 4, 0)
    has_left(sandbox, 5)
    await south.box_office.refresh()
    await settle(south)
    assert (await held(north, kind), await held(south, kind)) == (4, 1)
    cable.restore()
    await until(lambda: north.status.venue.state is HubState.JOINED, "North is back")
    has_left(sandbox, 3)
    await south.box_office.refresh()
    await settle(south, north)
    assert sorted([await held(north, kind), await held(south, kind)]) == [1, 2]
