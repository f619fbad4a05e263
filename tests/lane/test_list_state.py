"""The status line tells the truth whatever happens at once."""

import asyncio
import gc
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from boxoffice.collector import collector_paused
from boxoffice.domain.models import LinkState, Order
from boxoffice.domain.roster import Roster
from boxoffice.lane import Change, Lane
from boxoffice.lane import list_state as list_state_module
from boxoffice.sandbox import Sandbox
from boxoffice.store import RosterStore, sales
from boxoffice.store.updates import EventMetadataStored, OrdersListed
from tests.lane.conftest import OpenLane, listed
from tests.support import UNDERWAY, FakeClock, until


async def test_a_link_that_changes_during_a_count_is_not_overwritten(
    lane: Lane, monkeypatch: pytest.MonkeyPatch
) -> None:
    await until(lambda: lane.status.link is LinkState.ONLINE and not lane.status.loading)
    await UNDERWAY.over()
    board, read = lane._list_state, lane._journal.read

    async def losing(query: Callable[..., object], *given: object) -> object:
        if query is sales.queue_counts:
            board.link(LinkState.OFFLINE, "gone", ())
        return await read(query, *given)

    monkeypatch.setattr(lane._journal, "read", losing)
    await board.recount()
    assert lane.status.link is LinkState.OFFLINE


async def test_no_garbage_is_collected_while_the_list_is_built(
    open_lane: OpenLane, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor in what else paused the collector, where the list is built before that ends."""
    lane = await open_lane()
    await listed(lane)
    collecting: list[bool] = []

    def built(*given: object) -> Roster:
        collecting.append(gc.isenabled())
        return Roster(*given)  # type: ignore[arg-type] # what the board gives it

    monkeypatch.setattr(list_state_module, "Roster", built)
    await until(gc.isenabled, "nothing else being read")
    build = asyncio.create_task(lane._list_state.load())
    await until(lambda: not gc.isenabled() or collecting, every=0)
    with collector_paused:
        await build
        collecting.append(gc.isenabled())
    assert collecting == [False, False]
    await until(gc.isenabled, "all reads to end")


async def test_the_first_list_is_built_as_a_whole(lane: Lane) -> None:
    """Rows that come one by one are found slower."""
    await until(lambda: len(lane.roster) > 0)
    assert lane.roster.late == 0


async def test_a_list_of_orders_is_taken_up_as_a_whole(lane: Lane) -> None:
    """One by one, those of a long list would keep the loop from what is typed."""
    await until(lambda: len(lane.roster) > 0)
    placed = await lane._client.orders.list(lane.event.uuid)
    one, *others = [each.order for each in placed if each.order.party]
    before = lane.roster

    def found(order: Order) -> set[str]:
        return {*lane.roster.names(order.order_id)}

    await lane._puller.save_order(one)
    assert found(one) == {each.uuid for each in one.party or ()}
    assert lane.roster is before, "one alone changes the list that there is"
    await lane._puller.save_orders(others)
    assert lane.roster is before
    await lane._updates.publish(OrdersListed(lane.event.uuid))
    assert lane.roster is not before
    for order in (one, *others):
        assert found(order) == {each.uuid for each in order.party or ()}


async def test_a_list_of_orders_that_could_not_be_taken_up_is_so_with_the_next_change(
    lane: Lane,
) -> None:
    await until(lambda: len(lane.roster) > 0)
    placed = await lane._client.orders.list(lane.event.uuid)
    one, *others = [each.order for each in placed if each.order.party]
    await lane._puller.save_orders(others)
    await lane._store.write(lambda file: file.execute("ALTER TABLE orders RENAME TO away"))
    with pytest.raises(sqlite3.OperationalError):
        await lane._updates.publish(OrdersListed(lane.event.uuid))
    await lane._store.write(lambda file: file.execute("ALTER TABLE away RENAME TO orders"))
    await lane._puller.save_order(one)
    for order in (one, *others):
        assert {*lane.roster.names(order.order_id)} == {each.uuid for each in order.party or ()}


async def test_a_lane_that_is_stopped_follows_what_is_stored_no_longer(lane: Lane) -> None:
    changes: list[Change] = []
    lane.watch(changes.append)
    await lane._updates.publish(EventMetadataStored(lane.event.uuid))
    assert changes
    await lane.stop()
    changes.clear()
    await lane._updates.publish(EventMetadataStored(lane.event.uuid))
    assert not changes


async def test_a_lane_that_is_closed_has_no_list_in_memory(lane: Lane) -> None:
    known = dict(await lane._puller.load())
    await lane.close()
    assert len(lane.roster) == 0
    assert not any(map(lane._puller.listed, known))
    assert await lane._puller.load() == known  # it is on disk


async def test_a_row_changes_behind_the_scan_and_a_new_one_comes_before_it(
    sandbox: Sandbox, lane: Lane
) -> None:
    """Nothing that a person does not wait for stands between a scan and its band."""
    ticket = sandbox.examples()["plain"]
    async with lane.turn():
        read = lane._puller.listed(ticket.uuid)
        assert read is not None
        await lane._puller.save(read._replace(full_name="Åse Øst"))
        row = lane.roster.get(ticket.uuid)
        assert row is not None
        assert row.ticket.full_name == read.full_name
        new = read._replace(uuid="f" * 32, number=None, full_name="Mads Holm")
        await lane._puller.save(new)
        assert lane.roster.get(new.uuid) is not None

    def changed() -> bool:
        row = lane.roster.get(ticket.uuid)
        return row is not None and row.ticket.full_name == "Åse Øst"

    await until(changed, "the row to follow")


async def test_a_journal_that_was_lost_is_said_at_the_door_for_that_night(
    open_lane: OpenLane, clock: FakeClock, tmp_path: Path
) -> None:
    left = await RosterStore.open(tmp_path / "data" / "roster.db")
    await left.close()
    for _ in range(2):  # also by what is started later
        lane = await open_lane()
        await until(lambda lane=lane: "gone or empty on" in " ".join(lane.status.faults), "it")
        await lane.stop()
    await clock.advance(13 * 3600)
    lane = await open_lane()
    await listed(lane)
    assert lane.status.faults == ()
