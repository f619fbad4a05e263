"""The lists on disk: what a list changes, what a single read teaches, what a code names."""

import asyncio
import gc
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import ParamSpec, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boxoffice.collector import collector_paused
from boxoffice.domain.codes import Code
from boxoffice.domain.models import (
    CheckInWindow,
    Order,
    Ticket,
)
from boxoffice.store import DamagedError, RosterStore, orders, ticket_lists, tickets
from boxoffice.store.database import Work
from boxoffice.store.roster import INDICES
from boxoffice.store.ticket_lists import Pulled
from tests.store.support import (
    EVENT,
    FULL,
    ORDER,
    OTHER_EVENT,
    execute,
    pull,
    ticket,
    uuid,
)
from tests.support import EVENING, FakeClock, until

MINUTE = timedelta(minutes=1)
P = ParamSpec("P")
T = TypeVar("T")
BARE = Ticket(uuid(1), EVENT, checked_in=False, full_name="Åse Øst")


# The list


async def test_a_ticket_comes_back_as_it_was(store: RosterStore) -> None:
    await pull(store, FULL, ticket(2, checked_in=True))
    assert sorted(await store.read_all(tickets.load, EVENT)) == [FULL, ticket(2, checked_in=True)]
    found = await store.read(tickets.get, FULL.uuid)
    assert found == FULL
    assert (found.checked_in, found.refunded) == (False, True)
    assert {type(row.checked_in) for row in await store.read_all(tickets.load, EVENT)} == {bool}
    assert await store.read(tickets.get, uuid(99)) is None
    assert await store.read_all(tickets.load, OTHER_EVENT) == []


def test_no_garbage_is_collected_while_a_list_is_loaded() -> None:
    """Also where something else that paused the collector ends meanwhile."""
    collecting: list[bool] = []
    another = ExitStack()

    def rows() -> Iterator[Ticket]:
        another.close()
        for number in range(3):
            collecting.append(gc.isenabled())
            yield ticket(number)

    class Cursor:
        row_factory = None

        def execute(self, *_: object) -> None:
            """The rows come as they are asked for."""

        def __iter__(self) -> Iterator[Ticket]:
            return rows()

    class Connection:
        def cursor(self) -> Cursor:
            return Cursor()

    assert gc.isenabled()
    another.enter_context(collector_paused)
    loaded = tickets.load(Connection(), EVENT)  # type: ignore[arg-type] # only what a load asks
    assert len(loaded) == 3
    assert collecting == [False] * 3
    assert gc.isenabled()


async def test_a_difference_changes_and_removes_rows(store: RosterStore) -> None:
    await pull(store, *(ticket(number) for number in range(5)))
    assert await store.read(ticket_lists.pulled, EVENT) == Pulled(EVENING, 5)
    changed = ticket(1)._replace(full_name="Another Name")
    await pull(store, changed, ticket(7), removed=[uuid(0)], at=EVENING + MINUTE)
    assert await store.read(ticket_lists.pulled, EVENT) == Pulled(EVENING + MINUTE, 5)
    rows = {row.uuid: row for row in await store.read_all(tickets.load, EVENT)}
    assert rows.keys() == {uuid(number) for number in (1, 2, 3, 4, 7)}
    assert rows[uuid(1)] == changed


async def test_an_unchanged_list_only_grows_younger(store: RosterStore) -> None:
    assert await store.read(ticket_lists.pulled, EVENT) is None
    await pull(store, ticket(1))
    await pull(store, at=EVENING + MINUTE)
    pulled = await store.read(ticket_lists.pulled, EVENT)
    assert pulled is not None
    assert (pulled.at, pulled.tickets) == (EVENING + MINUTE, 1)


async def test_an_event_without_tickets_has_been_read_too(store: RosterStore) -> None:
    await pull(store)
    assert await store.read(ticket_lists.pulled, EVENT) == Pulled(EVENING, 0)


async def test_a_load_in_many_pieces(
    store: RosterStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("boxoffice.store.ticket_lists.CHUNK", 10)
    rows = [ticket(number) for number in range(95)]
    await pull(store, *reversed(rows))
    assert sorted(await store.read_all(tickets.load, EVENT)) == rows
    kept = execute(tmp_path / "data" / "roster.db", "SELECT name FROM sqlite_master WHERE sql > ''")
    assert {name for (name,) in kept} >= INDICES.keys()


async def test_a_load_that_is_broken_off_is_made_up_for(tmp_path: Path, clock: FakeClock) -> None:
    path = tmp_path / "roster.db"
    store = await RosterStore.open(path)
    loading = asyncio.create_task(pull(store, *map(ticket, range(20_000))))
    await until(lambda: execute(path, "SELECT count(*) FROM ticket") != [(0,)])
    loading.cancel()
    await asyncio.gather(loading, return_exceptions=True)
    await store.close()
    store = await RosterStore.open(path)
    assert await store.read(ticket_lists.pulled, EVENT) is None
    kept = execute(path, "SELECT name FROM sqlite_master WHERE type = 'index'")
    assert {name for (name,) in kept} >= INDICES.keys()
    await pull(store, *map(ticket, range(20_000)))
    assert len(await store.read_all(tickets.load, EVENT)) == 20_000
    await store.close()


async def test_what_a_scan_looks_up_does_not_wait_for_a_load(
    store: RosterStore, tmp_path: Path
) -> None:
    await pull(store, FULL)
    writer = sqlite3.connect(tmp_path / "data" / "roster.db", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    loading = asyncio.create_task(pull(store, ticket(5)))
    assert await store.read(tickets.get, FULL.uuid) == FULL
    assert await store.read(tickets.named, Code("", uuids=(FULL.uuid,)), EVENT) == [FULL]
    assert await store.read(ticket_lists.pulled, EVENT) is not None
    assert not loading.done()
    writer.execute("ROLLBACK")
    writer.close()
    await loading
    assert await store.read(tickets.get, uuid(5)) == ticket(5)


async def test_what_sqlite_cannot_hold_does_not_stop_a_list(store: RosterStore) -> None:
    hostile = ticket(1)._replace(seat="Bo\ud800\x00", number=10**30, ticket_type_pk=-(10**30))
    await pull(store, ticket(0), hostile, ticket(2))
    rows = sorted(await store.read_all(tickets.load, EVENT))
    assert rows == [
        ticket(0),
        ticket(1)._replace(seat="Bo?\x00", number=None, ticket_type_pk=None),
        ticket(2),
    ]


async def test_a_list_that_was_asked_for_before_the_newest_is_refused(
    store: RosterStore, clock: FakeClock
) -> None:
    await pull(store, ticket(1), ticket(2))
    clock.jump(3 * MINUTE)
    assert await pull(store, ticket(1, checked_in=True), at=EVENING + 2 * MINUTE, clock=clock)
    assert not await pull(store, ticket(1), removed=[uuid(2)], at=EVENING + MINUTE, clock=clock)
    assert sorted(await store.read_all(tickets.load, EVENT)) == [
        ticket(1, checked_in=True),
        ticket(2),
    ]
    assert await store.read(ticket_lists.pulled, EVENT) == Pulled(EVENING + 2 * MINUTE, 2)


async def test_a_long_list_is_refused_too_and_leaves_the_indices(
    store: RosterStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("boxoffice.store.ticket_lists.CHUNK", 2)
    await pull(store, ticket(1, checked_in=True))
    older = [ticket(number) for number in range(9)]
    assert not await pull(store, *older, at=EVENING - MINUTE)
    assert await store.read_all(tickets.load, EVENT) == [ticket(1, checked_in=True)]
    kept = execute(tmp_path / "data" / "roster.db", "SELECT name FROM sqlite_master WHERE sql > ''")
    assert {name for (name,) in kept} >= INDICES.keys()


@pytest.mark.parametrize("back", [10 * MINUTE, 120 * MINUTE])
@pytest.mark.parametrize("told", [True, False], ids=["the clock", "no clock"])
async def test_a_clock_set_back_does_not_stop_the_lists(
    store: RosterStore, clock: FakeClock, back: timedelta, told: bool
) -> None:
    """A store whose own clock does not show it takes only a large step for what it is."""
    await pull(store, ticket(1))
    if told:
        clock.jump(-back)
    taken = await pull(store, ticket(1, checked_in=True), at=EVENING - back, clock=clock)
    assert taken == (told or back > 60 * MINUTE)


async def test_another_events_list_is_no_newer_one(store: RosterStore) -> None:
    await pull(store, ticket(1, event=OTHER_EVENT), event=OTHER_EVENT)
    assert await pull(store, ticket(2), at=EVENING - MINUTE)


texts = st.text(st.characters(codec=None), max_size=20)
pieces = st.none() | texts
numbers = st.none() | st.integers()
any_ticket = st.builds(
    Ticket,
    uuid=st.just(uuid(1)),
    event=st.just(EVENT),
    checked_in=st.booleans(),
    refunded=st.booleans(),
    full_name=texts,
    email=texts,
    number=numbers,
    ticket_type=texts,
    ticket_type_pk=numbers,
    date=pieces,
    order=pieces,
    external_uuid=pieces,
    url=pieces,
    seat=texts,
)


@given(st.lists(any_ticket, min_size=1, max_size=3))
@settings(max_examples=30, deadline=None)
async def test_any_ticket_can_be_kept(rows: list[Ticket]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = await RosterStore.open(Path(folder) / "roster.db")
        assert await pull(store, *rows)
        (found,) = await store.read_all(tickets.load, EVENT)
        await store.close()
    last = rows[-1]
    assert (found.checked_in, found.refunded) == (last.checked_in, last.refunded)
    for kept, sent in zip(found[4:], last[4:], strict=True):
        if isinstance(sent, str) and kept != sent:
            assert any("\ud800" <= char <= "\udfff" for char in sent)
        if isinstance(sent, int) and kept != sent:
            assert abs(sent) >= 2**63


# What single reads teach


async def test_a_list_does_not_erase_what_a_single_read_taught(store: RosterStore) -> None:
    await pull(store, BARE)
    await store.write(ticket_lists.save, FULL, EVENING)
    await pull(store, BARE._replace(seat="C 1"))
    kept = BARE._replace(
        seat="C 1",
        ticket_type_pk=3,
        date=FULL.date,
        order=ORDER,
        external_uuid="EXT-1",
        url="nz9lb",
    )
    assert await store.read(tickets.get, uuid(1)) == kept
    assert await store.read_all(tickets.load, EVENT) == [kept]


async def test_a_list_brings_what_it_has(store: RosterStore) -> None:
    await store.write(ticket_lists.save, FULL, EVENING)
    newer = FULL._replace(order=uuid(701), url="other", date="2026-05-09T19:00:00+02:00")
    await pull(store, newer)
    assert await store.read(tickets.get, uuid(1)) == newer


async def test_a_single_read_without_its_event_keeps_the_one_known(store: RosterStore) -> None:
    await pull(store, BARE)
    await store.write(ticket_lists.save, FULL._replace(event=""), EVENING)
    assert await store.read(tickets.get, uuid(1)) == FULL
    await store.write(ticket_lists.save, ticket(2, event=""), EVENING)
    await pull(store, ticket(2))
    assert await store.read(tickets.get, uuid(2)) == ticket(2)


async def test_orders(store: RosterStore) -> None:
    order = Order(ORDER, None, "dZy1", "PAID", False, "Åse Ø", "aase@example.com")
    await store.write(orders.save, order)
    assert await store.read(orders.get, ORDER) == order
    assert await store.read(orders.ids, EVENT) == {}
    await pull(store, FULL)
    assert await store.read(orders.ids, EVENT) == {ORDER: "dZy1"}
    refunded = order._replace(event=EVENT, state="REFUND", refunded=True)
    await store.write(orders.save, refunded)
    assert await store.read(orders.get, ORDER) == refunded
    await store.write(orders.save, order)
    assert await store.read(orders.get, ORDER) == order._replace(event=EVENT)
    assert await store.read(orders.get, uuid(701)) is None


# When it was checked in elsewhere


async def seen_in(store: RosterStore, ticket: str) -> CheckInWindow | None:
    return (await store.read(tickets.context, ticket, None, EVENT)).seen_in


async def test_a_ticket_that_turned_in_was_checked_in_between_two_looks(
    store: RosterStore,
) -> None:
    await pull(store, ticket(1))
    assert await seen_in(store, uuid(1)) is None
    later = EVENING + MINUTE
    new = ticket(2, checked_in=True)
    await pull(store, ticket(1, checked_in=True), new, at=later)
    assert await seen_in(store, uuid(1)) == CheckInWindow(EVENING, later)
    assert await seen_in(store, uuid(2)) == CheckInWindow(EVENING, later)
    renamed = ticket(1, checked_in=True)._replace(full_name="Another")
    await pull(store, renamed, at=later + MINUTE)
    assert await seen_in(store, uuid(1)) == CheckInWindow(EVENING, later), "it was in before"


async def test_a_ticket_that_was_in_at_the_first_look(store: RosterStore) -> None:
    await pull(store, ticket(1, checked_in=True), ticket(2))
    await pull(store, at=EVENING + MINUTE)
    assert await seen_in(store, uuid(1)) == CheckInWindow(None, EVENING)
    assert await seen_in(store, uuid(2)) is None


async def test_a_ticket_that_was_taken_back_and_checked_in_again(store: RosterStore) -> None:
    await pull(store, ticket(1, checked_in=True))
    await pull(store, ticket(1), at=EVENING + MINUTE)
    assert await seen_in(store, uuid(1)) is None
    await pull(store, ticket(1, checked_in=True), at=EVENING + 2 * MINUTE)
    assert await seen_in(store, uuid(1)) == CheckInWindow(EVENING + MINUTE, EVENING + 2 * MINUTE)


@pytest.mark.parametrize("event", [EVENT, ""])
async def test_a_single_read_sees_it_first(
    store: RosterStore, clock: FakeClock, event: str
) -> None:
    await pull(store, ticket(1))
    clock.jump(3 * MINUTE)
    await store.write(ticket_lists.save, ticket(1, checked_in=True, event=event), clock.now())
    await pull(store, ticket(1, checked_in=True), at=EVENING + 4 * MINUTE)
    assert await seen_in(store, uuid(1)) == CheckInWindow(EVENING, EVENING + 3 * MINUTE)


class LosesItsBeginning(RosterStore):
    """Made anew after the first write, as where a scan has met a damaged page."""

    async def write(self, change: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        done = await super().write(change, *args, **kwargs)
        if not self.renewals:
            await self._renew(self._writer)
        return done


async def test_a_list_whose_beginning_was_lost_under_way_is_not_called_whole(
    tmp_path: Path,
) -> None:
    store = await LosesItsBeginning.open(tmp_path / "roster.db")
    with pytest.raises(DamagedError, match="made anew"):
        await pull(store, ticket(1), ticket(2))
    assert await store.read(ticket_lists.pulled, EVENT) is None
    assert await pull(store, ticket(1), ticket(2))
    assert len(await store.read_all(tickets.load, EVENT)) == 2
    await store.close()
