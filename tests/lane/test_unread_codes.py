"""Codes that the list does not hold: looked for at once, learnt beside the door, and kept."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from boxoffice.domain.keyboard_layouts import LAYOUTS, KeyboardLayout
from boxoffice.domain.models import LinkState
from boxoffice.domain.verdicts import Verdict, VerdictCode
from boxoffice.lane import Lane
from boxoffice.lane.server_check import SEARCHES
from boxoffice.lane.webhook_refresh import MOST_NAMED
from boxoffice.sandbox import Dialect, Sandbox
from boxoffice.sandbox.models import Event, Order, Ticket
from boxoffice.ticketbutler.resources.webhooks import Hook
from tests.keyboards import typed
from tests.lane.conftest import OpenLane, goes_offline, listed, passes
from tests.support import UNDERWAY, FakeClock, both_dialects, until

READ = "tickets/*/"
WHICH = VerdictCode.AMBIGUOUS
(DANISH,) = (layout for layout in LAYOUTS if layout.name == "Danish")


@pytest.fixture
async def sandbox(dialect: Dialect, clock: FakeClock) -> AsyncIterator[Sandbox]:
    sleep = UNDERWAY.held_back(clock.sleep)
    async with Sandbox(dialect=dialect, now=clock.now, sleep=sleep, tickets=50) as box:
        yield box


@pytest.fixture
def event(sandbox: Sandbox) -> Event:
    return sandbox.state.tonight


@pytest.fixture
def family(event: Event, sandbox: Sandbox) -> Order:
    """Five of different names and addresses, far apart by number: nothing makes them a guess."""
    order = next(each for each in event.orders if len(each.tickets) == 5)
    for at, ticket in enumerate(order.tickets):
        ticket.full_name, ticket.email = f"Guest {at} Own{at}", f"own{at}@example.net"
        ticket.number += 1000 * at
        sandbox.state.check_in(ticket, checked_in=False)
        sandbox.state.touch(ticket)
    return order


@pytest.fixture
async def door(open_lane: OpenLane, family: Order) -> Lane:
    """A door that reads beside its scans; the clock stands still, and so does the reader."""
    lane = await open_lane(codes=True)
    await listed(lane)
    return lane


def link(ticket: Ticket) -> str:
    return f"https://test.ticketbutler.example/t/{ticket.slug}/"


async def verdict(lane: Lane, code: str) -> Verdict:
    return (await lane.scan(code)).verdict


def offered(verdict: Verdict) -> set[str]:
    return {ticket.uuid for ticket in verdict.candidates}


def uuids(order: Order) -> set[str]:
    return {ticket.uuid for ticket in order.tickets}


async def all_read(lane: Lane, clock: FakeClock) -> None:
    await passes(clock, lambda: lane.status.codes.total and lane.status.codes.complete, "all read")


# On a fresh laptop, online


@both_dialects
async def test_a_short_link_and_an_external_id_are_found_at_once(
    door: Lane, sandbox: Sandbox
) -> None:
    plain, external = sandbox.examples()["plain"], sandbox.examples()["external"]
    assert external.external_uuid is not None
    for code, ticket in ((link(plain), plain), (external.external_uuid, external)):
        found = await verdict(door, code)
        assert (found.code, found.confirmed) == (VerdictCode.ADMITTED, True)
        assert found.ticket is not None
        assert found.ticket.uuid == ticket.uuid


@both_dialects
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
async def test_what_another_layout_made_of_a_link_is_found_too(
    door: Lane, sandbox: Sandbox, layout: KeyboardLayout
) -> None:
    plain = sandbox.examples()["plain"]
    found = await verdict(door, typed(link(plain), layout))
    assert (found.code, found.confirmed) == (VerdictCode.ADMITTED, True)
    assert found.ticket is not None
    assert found.ticket.uuid == plain.uuid


@both_dialects
async def test_what_caps_lock_made_of_a_link_is_found_too(door: Lane, sandbox: Sandbox) -> None:
    plain = sandbox.examples()["plain"]
    found = await verdict(door, link(plain).swapcase())
    assert found.ticket is not None
    assert found.ticket.uuid == plain.uuid


@both_dialects
async def test_what_another_layout_made_of_an_external_id_is_found_too(
    door: Lane, sandbox: Sandbox
) -> None:
    external = sandbox.examples()["external"]
    assert external.external_uuid is not None
    found = await verdict(door, typed(external.external_uuid, DANISH))
    assert found.ticket is not None
    assert found.ticket.uuid == external.uuid


@both_dialects
async def test_through_a_layout_only_what_may_be_another_s_code_is_doubted(
    door: Lane, sandbox: Sandbox
) -> None:
    plain, external = sandbox.examples()["plain"], sandbox.examples()["external"]
    for ticket in (plain, external):
        await door.details.refresh(ticket.uuid)
    assert external.external_uuid is not None
    no_code, a_code = typed(link(plain), DANISH), external.external_uuid.swapcase()
    assert (await verdict(door, no_code)).code is VerdictCode.ADMITTED
    assert (await verdict(door, a_code)).code is VerdictCode.CHECK_NAME


@both_dialects
async def test_before_the_first_list_it_is_waited_for(
    open_lane: OpenLane, sandbox: Sandbox
) -> None:
    plain = sandbox.examples()["plain"]
    lane = await open_lane(codes=True)
    assert (await verdict(lane, link(plain))).code is VerdictCode.ADMITTED


@both_dialects
@pytest.mark.parametrize("by", ["uuid", "link", "id"])
async def test_an_order_is_its_exact_party(door: Lane, family: Order, by: str) -> None:
    code = {
        "uuid": family.uuid,
        "link": f"https://test.ticketbutler.example/purchase/{family.uuid}/",
        "id": family.order_id,
    }[by]
    found = await verdict(door, code)
    assert found.code is WHICH
    assert offered(found) == uuids(family)


@both_dialects
async def test_an_order_of_which_one_ticket_was_read_is_still_its_exact_party(
    door: Lane, family: Order, sandbox: Sandbox
) -> None:
    orders = sandbox.faults.set("503", path="orders/*/")
    await door.scan(family.tickets[0].uuid)
    sandbox.faults.clear(orders)
    assert offered(await verdict(door, family.uuid)) == uuids(family)


@pytest.mark.parametrize("dialect", ["live"])
async def test_offline_one_who_is_known_of_an_order_is_not_let_in_for_it(
    open_lane: OpenLane, family: Order, sandbox: Sandbox, clock: FakeClock
) -> None:
    """The others may be on it too, as far as is known here."""
    lane = await open_lane()
    await listed(lane)
    sandbox.faults.set("503", path="orders/*/")
    await lane.scan(family.tickets[0].uuid)
    await goes_offline(sandbox, lane, clock)
    found = await verdict(lane, family.uuid)
    assert (found.code, len(found.candidates)) == (WHICH, 1)


@both_dialects
async def test_a_party_with_one_sold_since_the_list_was_read(
    door: Lane, sandbox: Sandbox, event: Event
) -> None:
    buyer = {"first_name": "Mads", "last_name": "Holm", "phone": "", "email": "m@example.com"}
    kind = event.ticket_types[0]
    order = sandbox.state.add_order(event, buyer, [(kind, "Mads Holm"), (kind, "Mie Holm")])
    found = await verdict(door, order.uuid)
    assert found.code is WHICH
    assert offered(found) == uuids(order)


# What there is not


@both_dialects
async def test_a_code_that_nobody_has_is_unknown_once_all_is_read(
    door: Lane, sandbox: Sandbox, clock: FakeClock
) -> None:
    await all_read(door, clock)
    before = sandbox.log.count("GET", READ)
    for code in ("https://test.ticketbutler.example/t/zzzzz/", "MEM-999999", "dZy99999"):
        found = await verdict(door, code)
        assert (found.code, found.confirmed) == (VerdictCode.UNKNOWN, True)
        assert found.reason == "No ticket here has this code"
    assert sandbox.log.count("GET", READ) == before


async def test_while_something_is_not_read_nobody_is_called_unknown(
    door: Lane, sandbox: Sandbox, event: Event
) -> None:
    hidden = event.tickets[20]
    sandbox.faults.set("500", path=f"tickets/{hidden.uuid}/")
    found = await verdict(door, "MEM-999999")
    assert found.code is VerdictCode.CANNOT_TELL
    assert found.reason.endswith("; not read yet: 1 of 50; search the name")


async def test_offline_it_says_how_much_is_not_read(
    open_lane: OpenLane, family: Order, sandbox: Sandbox, clock: FakeClock
) -> None:
    lane = await open_lane(codes=True)
    await listed(lane)
    sandbox.faults.set("404", path="events/*/orders/")
    await goes_offline(sandbox, lane, clock)
    left = 50 - lane.status.codes.read
    found = await verdict(lane, "https://test.ticketbutler.example/t/zzzzz/")
    assert found.code is VerdictCode.CANNOT_TELL
    assert f"not read yet: {left} of 50; search the name" in found.reason


async def test_what_can_be_no_code_is_not_looked_for(door: Lane, sandbox: Sandbox) -> None:
    before = len(sandbox.log)
    for text in ("jensen", "https://example.com/menu", "", "WIFI:S:x;;"):
        assert (await verdict(door, text)).code is VerdictCode.NOT_A_TICKET
    assert len(sandbox.log) == before


# No way to slow the door


async def test_the_same_unknown_code_is_not_looked_for_again(
    door: Lane, sandbox: Sandbox, event: Event
) -> None:
    rule = sandbox.faults.set("500", path=f"tickets/{event.tickets[20].uuid}/")
    await verdict(door, "MEM-999999")
    assert rule.hits == 1
    for _ in range(5):
        assert (await verdict(door, "MEM-999999")).code is VerdictCode.CANNOT_TELL
    assert rule.hits == 1


async def test_a_flood_of_unknown_codes_starts_few_searches(
    door: Lane, sandbox: Sandbox, event: Event
) -> None:
    rule = sandbox.faults.set("500", path=f"tickets/{event.tickets[20].uuid}/")
    for number in range(30):
        await verdict(door, f"MEM-99{number:04d}")
    assert rule.hits == SEARCHES


async def test_a_search_ends_at_the_deadline_and_leaves_nothing_behind(
    door: Lane, sandbox: Sandbox, clock: FakeClock
) -> None:
    await passes(clock, lambda: door.status.link is LinkState.ONLINE, "online")
    hang = sandbox.faults.set("hang", path=READ)
    scanning = asyncio.create_task(door.scan("MEM-999999"))
    await until(lambda: hang.hits >= 3, "the search")
    await clock.advance(1.6)
    assert (await scanning).verdict.code is VerdictCode.CANNOT_TELL
    hits = hang.hits
    sandbox.faults.clear(hang)
    plain = sandbox.examples()["plain"]
    assert (await verdict(door, plain.uuid)).code is VerdictCode.ADMITTED
    assert hits <= 8


# Beside the door, and afterwards


@both_dialects
async def test_offline_afterwards_every_code_works_from_disk(
    open_lane: OpenLane, sandbox: Sandbox, family: Order, clock: FakeClock
) -> None:
    lane = await open_lane(codes=True)
    await listed(lane)
    await all_read(lane, clock)
    await lane.stop()
    again = await open_lane(name="South")
    await goes_offline(sandbox, again, clock)
    plain, external = sandbox.examples()["plain"], sandbox.examples()["external"]
    assert external.external_uuid is not None
    for code in (link(plain), external.external_uuid):
        found = await verdict(again, code)
        assert (found.code, found.confirmed) == (VerdictCode.ADMITTED, False)
    for code in (family.uuid, family.order_id):
        assert offered(await verdict(again, code)) == uuids(family)


@both_dialects
async def test_the_status_says_how_far_it_is(door: Lane, family: Order, clock: FakeClock) -> None:
    await passes(clock, lambda: 0 < door.status.codes.read < 50, "some")
    assert door.status.codes.total == 50
    await all_read(door, clock)
    found = door.roster.find(family.order_id).uuids  # though nobody asked for the order
    assert set(found) >= uuids(family)


async def test_a_hook_s_word_that_is_not_read_at_once_is_learnt_later(
    door: Lane, sandbox: Sandbox, event: Event, clock: FakeClock
) -> None:
    plain = sandbox.examples()["plain"]
    await all_read(door, clock)
    for ticket in event.tickets:
        sandbox.state.update_ticket(ticket, external_uuid=f"HOOK-{ticket.number}")
    # More than are read one by one, however fast the clock runs beside the answers.
    named = (*(ticket.uuid for ticket in event.tickets), *(f"{n:032x}" for n in range(MOST_NAMED)))
    door.webhooks.receive(Hook("x", action="ticket.updated", tickets=named))
    await passes(clock, lambda: not door.status.codes.complete, "unread")
    await all_read(door, clock)
    await goes_offline(sandbox, door, clock)
    assert (await verdict(door, f"HOOK-{plain.number}")).code is VerdictCode.ADMITTED
