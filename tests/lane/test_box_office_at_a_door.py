"""What a lane decides when it sells: the prices of now, and who is let in at this door."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from boxoffice import ProblemError
from boxoffice.domain.cart import Line, PaymentMethod
from boxoffice.domain.models import AnswerInput
from boxoffice.domain.pin import Act, Permit
from boxoffice.domain.sale import SaleAction, SaleState
from boxoffice.lane import Change, Lane, SalesPolicy, StatusChanged
from boxoffice.lane.box_office import FRESH
from boxoffice.sandbox import Sandbox
from boxoffice.store import admissions, journal_db, seats
from boxoffice.store.updates import EventMetadataStored
from boxoffice.sync.sales.rules import NotForSale
from tests.lane.conftest import OpenDoor, OpenLane, goes_offline, join, listed
from tests.lane.test_box_office import ANNA, cart_of, settled
from tests.support import FakeClock, both_dialects, until
from tests.sync.conftest import running
from tests.venue.model import ModelHub

TYPES = "events/*/ticket-types/"


def dearer(sandbox: Sandbox, lane: Lane) -> None:
    sandbox.state.events[lane.event.uuid].ticket_types[0].price += Decimal(50)


async def test_a_price_that_has_changed_is_said_before_anything_is_sold(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    changes: list[Change] = []
    old = await cart_of(lane, 2)
    dearer(sandbox, lane)
    await clock.advance(FRESH)
    lane.watch(changes.append)
    with pytest.raises(NotForSale, match=r"Standard costs \d+\.00 now"):
        await lane.box_office.sell(old)
    assert sandbox.log.count("POST", "orders/") == 0
    assert await lane.box_office.open_sales() == []
    assert any(isinstance(change, StatusChanged) for change in changes), "the form looks again"
    new = await cart_of(lane, 2)
    assert new.total == old.total + 100
    done = await settled(lane, clock, await lane.box_office.sell(new))
    assert sandbox.state.orders[done.order or ""].total == new.total


async def test_a_cart_with_an_old_price_is_not_sold(sandbox: Sandbox, lane: Lane) -> None:
    old = await cart_of(lane)
    dearer(sandbox, lane)
    await lane.box_office.refresh()
    with pytest.raises(NotForSale, match="now, not"):
        await lane.box_office.sell(old)
    assert sandbox.log.count("POST", "orders/") == 0


async def test_sales_in_a_row_do_not_wait_for_the_prices(sandbox: Sandbox, lane: Lane) -> None:
    await lane.box_office.refresh()
    sandbox.log.clear()
    cart = await cart_of(lane)
    await lane.box_office.sell(cart)
    assert sandbox.log.count("GET", TYPES) == 0


@pytest.mark.parametrize("fault", ["hang", "500", "drop", "403"])
async def test_prices_that_cannot_be_read_do_not_hold_up_a_sale(
    fault: str, sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    cart = await cart_of(lane)
    await clock.advance(FRESH)
    rule = sandbox.faults.set(fault, method="GET", path=TYPES)
    begun: list[int] = []

    async def there() -> bool:
        if not begun and not await lane.box_office.open_sales():
            await clock.advance(0.5)
        return bool(begun)

    async def sell() -> None:
        begun.append((await lane.box_office.sell(cart)).id)

    before = clock.monotonic()
    async with running(sell()):
        await until(lambda: rule.hits, "the prices are asked for")
        await until(there, "sold")
    assert clock.monotonic() - before < 5
    sandbox.faults.clear()
    (sale,) = begun
    known = await lane.box_office.sale(sale)
    assert known is not None
    assert (await settled(lane, clock, known)).order


@both_dialects
async def test_what_is_let_in_is_settled_by_the_lane_that_sells(
    sandbox: Sandbox, open_lane: OpenLane, clock: FakeClock
) -> None:
    """Another lane on the same folder, which admits other types, finishes the sale."""
    lane = await open_lane(doors=("standard",))
    await listed(lane)
    event = sandbox.state.events[lane.event.uuid]
    offer = await lane.box_office.offer()
    assert offer.elsewhere == {kind.uuid for kind in event.ticket_types[1:]}
    rule = sandbox.faults.set("hang-after", method="POST", path="orders/")
    kinds = {kind.title: kind for kind in offer.types}
    student = next(kind for kind in event.ticket_types[1:] if kind.amount_left)
    lines = [
        Line(kinds[title].uuid, title, kinds[title].price or Decimal(0), 1)
        for title in (event.ticket_types[0].title, student.title)
    ]
    cart = offer.cart(lines, ANNA, PaymentMethod.CARD)
    assert cart.elsewhere == (student.uuid,)
    begun = await lane.box_office.sell(cart)
    await until(lambda: sandbox.log.count("POST", "orders/", applied=True), "an order")
    await lane.stop()
    sandbox.faults.clear(rule)
    other = await open_lane(name="South", doors=("VIP balcony",))
    done = await settled(other, clock, begun)
    first, second = sandbox.state.orders[done.order or ""].tickets
    await until(lambda: first.checked_in, "the one that is admitted where it was sold")
    assert not second.checked_in
    assert not done.checked_in
    assert done.reason.count("WRONG DOOR") == 1
    assert student.title in done.reason
    # It is the selling lane's check-in, for the account and for its undo.
    admission = await other._journal.read(admissions.get, first.uuid)
    assert admission is not None
    assert admission.lane == "North"
    assert (await other.undo.preview()).who == ""


async def test_a_lane_for_some_types_finishes_a_sale_of_one_for_all(
    sandbox: Sandbox, open_lane: OpenLane, clock: FakeClock
) -> None:
    lane = await open_lane()
    await listed(lane)
    rule = sandbox.faults.set("hang-after", method="POST", path="orders/")
    begun = await lane.box_office.sell(await cart_of(lane))
    await until(lambda: sandbox.log.count("POST", "orders/", applied=True), "an order")
    await lane.stop()
    sandbox.faults.clear(rule)
    other = await open_lane(doors=("VIP balcony",))
    assert (await settled(other, clock, begun)).checked_in


@both_dialects
async def test_one_undo_takes_the_whole_sale_back(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    first = await settled(lane, clock, await lane.box_office.sell(await cart_of(lane)))
    done = await settled(lane, clock, await lane.box_office.sell(await cart_of(lane, 3)))
    tickets = [sandbox.state.tickets[uuid] for uuid in done.tickets]
    await until(lambda: all(ticket.checked_in for ticket in tickets), "in")
    assert (await lane.undo.preview()).who.endswith("and 2 others")
    undone = await lane.undo.last()
    assert undone.done, undone.sentence
    await until(lambda: not any(ticket.checked_in for ticket in tickets), "out")
    assert sandbox.state.tickets[first.tickets[0]].checked_in


async def test_nobody_is_let_in_before_all_of_a_sale_can_be_judged(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    """Else one who was let in, and taken back, would be let in again with the others."""
    rule = sandbox.faults.set("hang-after", method="POST", path="orders/")
    begun = await lane.box_office.sell(await cart_of(lane, 2))
    await until(lambda: sandbox.log.count("POST", "orders/", applied=True), "an order")
    order = next(o for o in sandbox.state.orders.values() if o.external_order_id == "BX-North-1")
    first, last = sorted(order.tickets, key=lambda ticket: ticket.number)
    ill = sandbox.faults.set("500", method="GET", path=f"tickets/{last.uuid}/")
    sandbox.faults.clear(rule)

    async def tried() -> bool:
        await clock.advance(1)
        return ill.hits > 2

    await until(tried, "the second ticket cannot be read")
    assert await lane._journal.read(admissions.get, first.uuid) is None
    sandbox.faults.clear(ill)
    done = await settled(lane, clock, begun)
    assert done.checked_in
    assert (await lane.undo.preview()).who == f"{first.full_name} and 1 other"


async def test_the_journal_counts_the_check_in_for_who_sold(lane: Lane, clock: FakeClock) -> None:
    done = await settled(lane, clock, await lane.box_office.sell(await cart_of(lane)))
    rows = [row for row in await lane._journal.read_all(journal_db.log) if row.entry.kind == "scan"]
    assert [row.entry.ticket for row in rows] == list(done.tickets)
    assert [row.lane for row in rows] == ["North"]
    assert rows[0].entry.data == {"party": "BX-North-1", "sale": done.id}


@pytest.mark.parametrize("fault", ["500", "524"])
async def test_answers_that_fail_for_long_do_not_keep_people_out(
    fault: str, sandbox: Sandbox, open_lane: OpenLane, clock: FakeClock
) -> None:
    lane = await open_lane()
    await listed(lane)
    sandbox.faults.set(fault, method="POST", path="orders/*/questions/")
    question = (await lane.box_office.offer()).questions[0]
    cart = replace(await cart_of(lane), answers=(AnswerInput(question.uuid, "x"),))
    done = await settled(lane, clock, await lane.box_office.sell(cart))
    assert done.checked_in


async def test_answers_that_are_refused_leave_the_check_in_as_it_is(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    sandbox.faults.set("400", method="POST", path="orders/*/questions/")
    question = (await lane.box_office.offer()).questions[0]
    cart = replace(await cart_of(lane), answers=(AnswerInput(question.uuid, "x"),))
    done = await settled(lane, clock, await lane.box_office.sell(cart))
    assert "answers were not taken" in done.reason
    assert done.checked_in


async def test_the_stock_is_as_old_as_its_own_event_s_was_read(
    lane: Lane, clock: FakeClock
) -> None:
    """By another event's, a price of an hour ago would be sold by."""
    await lane.stop()  # which reads it by itself
    await lane._event_cache.on_update(EventMetadataStored(lane.event.uuid))
    read = (await lane.box_office.offer()).at
    assert read is not None
    clock.jump(timedelta(hours=1))
    await lane._event_cache.on_update(EventMetadataStored("f" * 32))
    assert (await lane.box_office.offer()).at == read
    await lane._event_cache.on_update(EventMetadataStored(lane.event.uuid))
    assert (await lane.box_office.offer()).at == read + timedelta(hours=1)


async def test_without_the_site_no_more_is_sold_than_is_left_and_than_is_reserved(
    sandbox: Sandbox, open_lane: OpenLane, clock: FakeClock
) -> None:
    lane = await open_lane(sales=SalesPolicy(offline=True, reserve=3))
    await listed(lane)
    plenty, few = sandbox.state.events[lane.event.uuid].ticket_types[:2]
    few.amount_total = few.amount_sold + 2
    await lane.box_office.refresh()
    cart = await cart_of(lane, 2)
    assert (await lane.box_office.offer()).reserve is None, "the site itself says what is left"
    await goes_offline(sandbox, lane, clock)
    reserve = (await lane.box_office.offer()).reserve or {}
    assert (reserve[plenty.uuid], reserve[few.uuid]) == (3, 2)
    await lane.box_office.sell(cart)
    lane.box_office.policy = SalesPolicy(offline=True, reserve=1)
    reserve = (await lane.box_office.offer()).reserve or {}
    assert (reserve[plenty.uuid], reserve[few.uuid]) == (0, 1)


async def test_a_guest_s_own_address_is_not_offered_to_the_next(
    lane: Lane, clock: FakeClock
) -> None:
    """Only the house's is remembered (CONTRIBUTING.md, promise 13)."""
    await settled(lane, clock, await lane.box_office.sell(await cart_of(lane)))
    assert (await lane.box_office.offer()).house_email == ""


async def test_a_sale_that_is_not_known_here_is_said_to_be_none(lane: Lane) -> None:
    with pytest.raises(NotForSale, match="no such sale"):
        await lane.box_office.settle(4711, SaleAction.LOOK)


async def test_the_till_that_was_opened_last_is_known_when_it_is_closed(lane: Lane) -> None:
    """To be opened again where it was closed by mistake."""
    assert await lane.box_office.last_till() is None
    opened = await lane.box_office.open_till(Decimal(500))
    closed = await lane.box_office.close_till(Decimal(490), Decimal(500))
    assert (closed.id, closed.difference) == (opened.id, Decimal(-10))
    assert await lane.box_office.till() is None
    assert await lane.box_office.last_till() == closed
    again = await lane.box_office.reopen_till()
    assert (again.id, again.counted) == (opened.id, None)
    assert await lane.box_office.till() == again


async def test_a_sale_is_given_up_only_with_the_pin_where_one_is_set(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    """Who gives one up takes its money out of the till; to look for its order is anybody's."""
    sandbox.faults.set("524", method="POST", path="orders/", times=1)
    begun = await lane.box_office.sell(await cart_of(lane))
    lost = await settled(lane, clock, begun, SaleState.NOT_PLACED)
    await lane.pin.change("4711", Permit(Act.PIN))
    with pytest.raises(ProblemError, match="PIN: nothing was done"):
        await lane.box_office.settle(lost.id, SaleAction.GIVE_UP, "Money given back")
    looked = await lane.box_office.settle(lost.id, SaleAction.LOOK)
    assert looked.state is SaleState.NOT_PLACED


async def test_a_sale_is_placed_again_by_itself_only_where_nobody_watches_it(lane: Lane) -> None:
    """A seller who saw "not placed" and sold anew would have sold twice."""
    watched = await lane.box_office.sell(await cart_of(lane))
    unattended = await lane.box_office.sell(await cart_of(lane), patience=0.0)
    assert (watched.unattended, unattended.unattended) == (False, True)


async def test_another_hub_is_told_what_the_tills_that_are_away_hold(
    sandbox: Sandbox, hub: ModelHub, open_door: OpenDoor
) -> None:
    policy = SalesPolicy(offline=True, reserve=10)
    north, door = await open_door("North", sales=policy)
    south, away = await open_door("South", sales=policy)
    kind = sandbox.state.events[north.event.uuid].ticket_types[0]
    kind.amount_total = kind.amount_sold + 8
    offices = north.box_office, south.box_office
    await offices[0].refresh()
    for office in offices * 3:
        assert office.seats is not None
        await until(office.seats.settle)
    away.cut()
    hub.empty()
    door.cut()
    await join(door)
    assert offices[0].seats is not None
    await until(offices[0].seats.settle)
    read = await door.read_pool(north.event.uuid, kind.uuid)
    assert read is not None
    assert {till: escrow.seats for till, escrow in read[1].tills.items()} == {
        door.device: 4,
        away.device: 4,
    }
    assert await north._journal.read(
        seats.in_escrow, north.event.uuid
    ) == await south._journal.read(seats.in_escrow, south.event.uuid)
