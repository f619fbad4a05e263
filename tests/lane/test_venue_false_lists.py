"""What another door sends and is not to be believed: garbage, false lists, and older ones."""

import pytest

from boxoffice.domain.shared_list import (
    KnownList,
    ListChange,
    ListHead,
    Part,
    pack,
    part_fields,
    site_mark,
)
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.lane import Lane
from boxoffice.sandbox import Sandbox
from boxoffice.store import tickets
from boxoffice.sync import list_share
from boxoffice.sync.list_pace import SHORTEST
from tests.lane.conftest import Network, OpenDoor, passes
from tests.lane.test_venue_list import (
    Onlooker,
    check_in,
    cut_off,
    is_in,
    lists_read,
    north,
    onlooker,
    packed,
    reads_site,
    unpacked,
    whole,
)
from tests.lane.venue_support import others
from tests.support import FakeClock, until
from tests.venue.model import ModelHub

__all__ = ["north", "onlooker"]


async def test_garbage_changes_nothing_and_the_list_comes_all_the_same(
    sandbox: Sandbox, open_door: OpenDoor, hub: ModelHub, clock: FakeClock
) -> None:
    network = Network()
    north, at_north = await open_door("North", network=network)
    south, at_south = await open_door("South")
    onlooker = Onlooker(hub, north.event.uuid, clock, "f" * 16)
    await reads_site(south, at_south, clock)
    await passes(clock, lambda: onlooker.came, "a list")
    good = await whole(onlooker, clock)
    await cut_off(north, network, at_north, clock)
    before = await north._store.read_all(tickets.load, north.event.uuid)
    entries = unpacked(good)
    turned = [[uuid, True, *rest] for uuid, _, *rest in entries]
    for fields in (
        {},
        {"site": good["site"]},
        good | {"packed": "€"},
        good | {"parts": 2},  # the other one never comes
        good | {"age": 0, "packed": packed(turned)},  # not what the digest says
        good | {"age": 0, "packed": packed(entries[:1])},
        good | {"age": 3600},  # older than what is known
        good | {"age": 0, "site": site_mark("https://other.example")},
        good | {"age": 0, "is_whole": False, "packed": packed([entry[0] for entry in entries])},
    ):
        onlooker.send(fields)
    (ticket,) = others(sandbox, 1)
    check_in(sandbox, ticket)
    await passes(clock, lambda: is_in(north, ticket), "the next good one")
    after = await north._store.read_all(tickets.load, north.event.uuid)
    assert {one for one in after if one.uuid != ticket} == {
        one for one in before if one.uuid != ticket
    }
    await onlooker.door.close()


async def test_a_false_list_lives_for_minutes_where_the_site_can_be_asked(
    sandbox: Sandbox,
    open_door: OpenDoor,
    hub: ModelHub,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(list_share, "OWN_EVERY", 25.0)
    north, at_north = await open_door("North")
    await reads_site(north, at_north, clock)
    liar = Onlooker(hub, north.event.uuid, clock, "0" * 15)
    mark = site_mark(sandbox.url)
    liar.door.show(north.event.uuid, site=mark)
    (ticket,) = others(sandbox, 1)
    rows = dict(await north._puller.load())
    rows[ticket] = rows[ticket]._replace(checked_in=True)
    known = KnownList().changed_by(ListChange([*rows.values()], []))
    (packed,) = pack(ListChange([*rows.values()], []))
    head = ListHead(mark, "1" * 32, 1, 0.0, 60.0, known.digest, len(rows), 0, is_whole=True)
    await clock.advance(SHORTEST)  # what was under way is over
    before = lists_read(sandbox)
    liar.send(part_fields(Part(head, 0, packed)))
    await until(lambda: is_in(north, ticket), "North believes it")
    assert lists_read(sandbox) == before
    await passes(clock, lambda: lists_read(sandbox) > before, "North reads the site itself")
    await until(lambda: not is_in(north, ticket), "the site has the last word")
    await liar.door.close()


async def test_a_list_without_most_of_the_tickets_has_the_site_asked_first(
    sandbox: Sandbox, north: Lane, onlooker: Onlooker, clock: FakeClock
) -> None:
    known, before = dict(await north._puller.load()), lists_read(sandbox)
    gone = [entry[0] for entry in unpacked(onlooker.good)]
    await clock.advance(1)
    empty = {"digest": "0" * 32, "tickets": 0, "is_whole": False, "age": 0, "packed": packed(gone)}
    onlooker.send(onlooker.good | empty)
    await until(lambda: lists_read(sandbox) > before, "the site is asked at once")
    await clock.advance(1)
    assert await north._puller.load() == known


async def test_a_word_that_no_person_gave_lives_until_the_site_is_read(
    sandbox: Sandbox, north: Lane, onlooker: Onlooker, clock: FakeClock
) -> None:
    everybody = len(north.roster)
    gone = [entry[0] for entry in unpacked(onlooker.good)]
    await clock.advance(1)
    empty = {"digest": "0" * 32, "tickets": 0, "is_whole": False, "age": 0, "packed": packed(gone)}
    onlooker.send(onlooker.good | empty | {"taken": 0})
    await until(lambda: len(north.roster) == 0, "North believes it")
    await passes(clock, lambda: len(north.roster) == everybody, "the site has the last word")
    assert north.status.doubted is None


async def test_no_list_of_another_door_takes_an_admission_of_ours_back(
    sandbox: Sandbox, north: Lane, onlooker: Onlooker, clock: FakeClock
) -> None:
    (ticket,) = others(sandbox, 1)
    assert (await north.scan(ticket)).verdict.code is VerdictCode.ADMITTED
    await passes(clock, lambda: is_in(north, ticket), "in by the list")
    await clock.advance(1)
    onlooker.send(onlooker.good | {"age": 0})  # as it was before, said to be as of now
    lane_before = north.status.list_at
    await until(lambda: north.status.list_at != lane_before, "it is taken")
    row = north.roster.get(ticket)
    assert row is not None
    assert row.is_in
    assert (await north.scan(ticket)).verdict.code is VerdictCode.ALREADY_IN


async def test_what_a_single_read_has_just_said_stays(
    sandbox: Sandbox, north: Lane, onlooker: Onlooker, clock: FakeClock
) -> None:
    (ticket,) = others(sandbox, 1)
    check_in(sandbox, ticket)
    assert (await north.scan(ticket)).verdict.code is VerdictCode.ALREADY_IN
    await clock.advance(1)
    listed_at = north.status.list_at
    onlooker.send(onlooker.good | {"age": 0})  # it may have been on its way for a moment
    await until(lambda: north.status.list_at != listed_at, "it is taken")
    assert is_in(north, ticket)


async def test_a_refund_is_undone_by_no_other_door(
    sandbox: Sandbox, north: Lane, onlooker: Onlooker, clock: FakeClock
) -> None:
    (ticket,) = others(sandbox, 1)
    sandbox.state.refund_ticket(sandbox.state.tickets[ticket])
    assert (await north.scan(ticket)).verdict.code is VerdictCode.REFUNDED
    await clock.advance(60)  # what a single read has just said would stay in any case
    listed_at = north.status.list_at
    onlooker.send(onlooker.good | {"age": 0})  # where it is good
    await until(lambda: north.status.list_at != listed_at, "it is taken")
    row = north.roster.get(ticket)
    assert row is not None
    assert row.ticket.refunded


async def test_an_older_list_is_not_taken(
    sandbox: Sandbox, north: Lane, onlooker: Onlooker, clock: FakeClock
) -> None:
    (ticket,) = others(sandbox, 1)
    check_in(sandbox, ticket)
    await passes(clock, lambda: is_in(north, ticket), "in by the list")
    for age in (10, 7200):
        onlooker.send(onlooker.good | {"age": age})
        await clock.advance(2)
        assert is_in(north, ticket)
