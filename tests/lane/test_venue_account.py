"""The account of all doors of a venue: each tells its own, and who does not is named."""

import asyncio
import json
from dataclasses import replace
from decimal import Decimal

import pytest

from boxoffice.domain.cart import PaymentMethod
from boxoffice.domain.venue_account import (
    ANSWER,
    NO_HUB,
    DoorAccount,
    VenueAccount,
    as_message,
    read_account,
)
from boxoffice.lane import Lane
from boxoffice.sandbox import Sandbox
from boxoffice.sync import venue_account
from boxoffice.sync.venue_account import read_venue_account
from tests.lane.conftest import Doors, OpenDoor, join, passes
from tests.lane.venue_support import claimed_at, has_conflict, offline, others
from tests.support import FakeClock, until
from tests.venue.model import ModelDoor, ModelHub

MINE = DoorAccount(
    *("South", 4, 1, 0, 2, 3),
    *(Decimal(200), Decimal("0.25"), Decimal(50), Decimal("650.25"), "DKK"),
    {PaymentMethod.CASH.value: Decimal("150.25"), PaymentMethod.CARD.value: Decimal("-0.5")},
)


async def account_at(lane: Lane, door: ModelDoor, clock: FakeClock) -> VenueAccount:
    context = lane.overview._context if lane.overview is not None else None
    assert context is not None
    reading = asyncio.create_task(read_venue_account(context, door, lane.event, frozenset()))
    await passes(clock, reading.done, "an account")
    return await reading


async def test_every_door_that_is_there_tells_its_own(
    sandbox: Sandbox,
    hub: ModelHub,
    doors: Doors,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(venue_account, "ANSWERS_WITHIN", float("inf"))
    north, door, south, _ = doors
    await offline(sandbox, clock, north, south)
    first, second, third = others(sandbox, 3)
    scan = await north.scan(first)
    await south.scan(second)
    await south.scan(third)

    async def is_told() -> bool:
        return await claimed_at(north, second) and await claimed_at(north, third)

    await until(is_told, "South's claims at North")
    account = await account_at(north, door, clock)
    assert [(one.lane, one.admissions, one.waiting) for one in account.doors] == [
        ("North", 1, 1),
        ("South", 2, 2),
    ]
    assert (account.admissions, account.silent, account.reached) == (3, (), True)
    assert account.causes == [
        "1 row of North still to be sent.",
        "2 rows of South still to be sent.",
    ]
    assert scan.verdict.ticket is not None
    said = json.dumps(hub.said)
    assert '\\"admissions\\": 2' in said
    assert not any(word in said for word in scan.verdict.ticket.full_name.split())
    assert "@" not in said


async def test_who_does_not_answer_is_named_with_what_it_claimed(
    sandbox: Sandbox, doors: Doors, clock: FakeClock
) -> None:
    north, door, south, other = doors
    ticket = others(sandbox, 1)[0]
    await south.scan(ticket)

    async def is_told() -> bool:
        return await claimed_at(north, ticket)

    await until(is_told, "South's claim at North")
    other.cut()
    await south.stop()
    account = await account_at(north, door, clock)
    assert account.silent == (("South", 1),)
    assert account.admissions == 1
    assert "South did not answer: 1 admission by its claims, its takings not known." in (
        account.causes
    )


async def test_where_the_hub_is_away_the_account_says_so(
    sandbox: Sandbox, doors: Doors, clock: FakeClock
) -> None:
    north, door, _, _ = doors
    door.cut()
    account = await account_at(north, door, clock)
    assert not account.reached
    assert account.causes[0] == NO_HUB
    assert [one.lane for one in account.doors] == ["North"]


async def test_a_conflict_of_two_doors_counts_once(
    sandbox: Sandbox,
    doors: Doors,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(venue_account, "ANSWERS_WITHIN", float("inf"))
    north, door, south, cut_off = doors
    await offline(sandbox, clock, north, south)
    cut_off.cut()
    ticket = sandbox.examples()["plain"].uuid
    await north.scan(ticket)
    await south.scan(ticket)
    await join(cut_off)
    await has_conflict(south)
    await has_conflict(north)
    account = await account_at(north, door, clock)
    assert account.conflicts == 1
    assert [(pair.first, pair.second) for pair in account.let_in_twice] == [("North", "South")]
    assert [one.conflicts for one in account.doors] == [0, 0]
    assert "1 ticket let in at two doors: possibly two people each." in account.causes


async def test_what_is_no_account_is_passed_over(
    doors: Doors, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(venue_account, "ANSWERS_WITHIN", float("inf"))
    north, door, south, other = doors
    other.broadcast(north.event.uuid, ANSWER, {"lane": "South"})
    account = await account_at(north, door, clock)
    assert [one.lane for one in account.doors] == ["North", south.name]


def test_an_account_comes_back_as_it_was_sent() -> None:
    assert read_account(json.loads(json.dumps(as_message(MINE)))) == MINE


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("admissions", -1),
        ("admissions", "4"),
        ("admissions", None),
        ("turnover", "much"),
        ("turnover", "NaN"),
        ("turnover", "1e99"),
        ("takings", {"gold": "1"}),
        ("takings", ["cash"]),
        ("takings", {"cash": "Infinity"}),
    ],
)
def test_what_is_no_account(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=r"^(no |'gold')"):
        read_account(as_message(MINE) | {name: value})


async def test_money_is_added_up_in_one_currency(open_door: OpenDoor, clock: FakeClock) -> None:
    north, door = await open_door("North")
    alone = await account_at(north, door, clock)
    abroad = MINE._replace(lane="Malmö", currency="SEK")
    account = replace(alone, doors=(MINE, MINE._replace(lane="East"), abroad), currency="DKK")
    assert account.takings == {"cash": Decimal("300.50"), "card": Decimal("-1.0")}
    assert account.total("turnover") == 400
    assert "Malmö takes SEK: its money is not added up here." in account.causes
    assert account.conflicts == 3
