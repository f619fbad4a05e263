"""What the reads at the door do to a verdict: orders, new types, refused writes, slow answers."""

import asyncio

import pytest

from boxoffice.domain.models import LinkState
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.lane import Lane
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import CANCELLED, NEW, TicketType
from boxoffice.store import ticket_lists
from boxoffice.sync.sender import BESIDE_A_LANE, IN_QUIET, QUIET
from tests.lane.conftest import OpenLane, listed, passes, sent
from tests.lane.test_answers import answer_to
from tests.support import FakeClock, both_dialects, until


@both_dialects
async def test_an_order_cancelled_after_it_was_paid(sandbox: Sandbox, lane: Lane) -> None:
    first, second, *_ = sandbox.examples()["party"].order.tickets
    assert (await lane.scan(first.uuid)).verdict.code is VerdictCode.ADMITTED
    first.order.state = CANCELLED
    assert (await lane.scan(second.uuid)).verdict.code is VerdictCode.REFUNDED


async def test_a_scan_has_the_requests_and_the_queue_most_of_them_once_nobody_came_for_a_while(
    lane: Lane, clock: FakeClock
) -> None:
    sender = lane._sender
    assert sender._width() == IN_QUIET
    async with lane.turn():
        assert sender._width() == 1
    assert sender._width() == BESIDE_A_LANE
    await clock.advance(QUIET)
    assert sender._width() == IN_QUIET


async def test_an_order_that_cannot_be_read_is_said_so(sandbox: Sandbox, lane: Lane) -> None:
    sandbox.faults.set("503", path="orders/*/")
    scan = await lane.scan(sandbox.examples()["plain"].uuid)
    assert scan.verdict.code is VerdictCode.ADMITTED
    assert "payment not checked" in scan.verdict.reason


async def test_a_refund_that_the_list_saw_while_the_read_was_under_way(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    """The read was answered before the refund, and comes in after the list: it proves nothing."""
    ticket = sandbox.examples()["plain"]
    late = sandbox.faults.set("hang-after", path="tickets/*/")
    scanning = asyncio.create_task(lane.scan(ticket.uuid))
    await until(lambda: late.hits, "the read was answered")
    sandbox.state.refund_ticket(ticket)
    await clock.advance(0.5)
    assert await lane._puller.pull()
    sandbox.faults.clear(late)
    assert (await scanning).verdict.code is VerdictCode.REFUNDED


async def test_a_check_in_that_the_read_saw_is_not_unseen_by_a_list(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    """Let in at another door; the list that comes in meanwhile says that it is not in."""
    ticket = sandbox.examples()["plain"]
    sandbox.state.check_in(ticket)
    late = sandbox.faults.set("hang-after", path="tickets/*/")
    scanning = asyncio.create_task(lane.scan(ticket.uuid))
    await until(lambda: late.hits, "the read was answered")
    sandbox.state.check_in(ticket, checked_in=False)
    await clock.advance(0.5)
    assert await lane._puller.pull()
    sandbox.faults.clear(late)
    assert (await scanning).verdict.code is VerdictCode.ALREADY_IN


async def test_a_check_in_that_the_list_saw_after_our_undo_is_not_unseen_by_the_read(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    """Undone here, then let in at another door, while a read from before that is under way."""
    ticket = sandbox.examples()["plain"]
    assert (await lane.scan(ticket.uuid)).verdict.code is VerdictCode.ADMITTED
    await sent(lane, clock)
    assert (await lane.undo.last()).done
    late = sandbox.faults.set("hang-after", path="tickets/*/")
    scanning = asyncio.create_task(lane.scan(ticket.uuid))
    await until(lambda: late.hits, "the read was answered")
    sandbox.state.check_in(ticket)
    await clock.advance(0.5)
    assert await lane._puller.pull()
    sandbox.faults.clear(late)
    assert (await scanning).verdict.code is VerdictCode.ALREADY_IN


async def test_a_type_that_is_new_is_not_another_events(sandbox: Sandbox, lane: Lane) -> None:
    event = sandbox.state.events[lane.event.uuid]
    kind = TicketType(
        uuid="ab" * 16,
        pk=987_654,
        title="Door sale",
        price=event.ticket_types[0].price,
        amount_total=9,
    )
    event.ticket_types.append(kind)
    buyer = {"first_name": "Mads", "last_name": "Holm", "phone": "", "email": "m@example.com"}
    order = sandbox.state.add_order(event, buyer, [(kind, "Mads Holm")])
    assert (await lane.scan(order.tickets[0].uuid)).verdict.code is VerdictCode.ADMITTED
    assert lane.roster.get(order.tickets[0].uuid) is not None, "who came in stands in the list"


@pytest.mark.parametrize(
    ("event", "code"), [(0, VerdictCode.ADMITTED), (1, VerdictCode.WRONG_EVENT)]
)
async def test_a_ticket_is_of_the_event_of_its_type_where_no_order_can_be_read(
    sandbox: Sandbox, lane: Lane, event: int, code: VerdictCode
) -> None:
    """Sold a moment ago; single tickets come without their event. Else a guest is sent away."""
    where = list(sandbox.state.events.values())[event]
    buyer = {"first_name": "Mads", "last_name": "Holm", "phone": "", "email": "m@example.com"}
    order = sandbox.state.add_order(where, buyer, [(where.ticket_types[0], "Mads Holm")])
    sandbox.faults.set("503", path="orders/*/")
    assert (await lane.scan(order.tickets[0].uuid)).verdict.code is code


@both_dialects
async def test_a_type_that_is_of_no_day_any_more(sandbox: Sandbox, open_lane: OpenLane) -> None:
    """By the site's own word: what was known of the day does not stand against that."""
    lane, ticket = await open_lane(event=2), sandbox.examples()["tomorrow"]
    await listed(lane)
    scan = await lane.scan(ticket.uuid)
    assert (scan.verdict.code, scan.verdict.confirmed) == (VerdictCode.WRONG_DAY, True)
    ticket.ticket_type.date = None
    assert (await lane.scan(ticket.uuid)).verdict.code is VerdictCode.ADMITTED


async def test_while_writes_are_refused_the_server_is_still_asked(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    tickets = sandbox.examples()
    sandbox.faults.set("403", method="PATCH")
    await lane.scan(tickets["plain"].uuid)
    await passes(clock, lambda: lane.status.link is LinkState.REFUSED, "refused")
    sandbox.state.check_in(tickets["party"])
    scan = await lane.scan(tickets["party"].uuid)
    assert scan.verdict.code is VerdictCode.ALREADY_IN
    assert scan.verdict.confirmed


@pytest.mark.parametrize("dialect", ["live"])  # its order is read after the ticket
async def test_hanging_orders_make_the_link_slow(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    hang = sandbox.faults.set("hang", path="orders/*/")
    tickets = sandbox.examples()
    for name in ("plain", "party"):
        seen = hang.hits
        scanning = asyncio.create_task(lane.scan(tickets[name].uuid))
        await until(lambda seen=seen: hang.hits > seen, "the order's read")
        await clock.advance(1.6)
        assert (await scanning).verdict.word == "ADMITTED"
    await until(lambda: lane.status.link is LinkState.SLOW, "slow")


async def test_unknown_numbers_do_not_read_the_list_each(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    await sent(lane, clock)
    before = sandbox.log.count("GET", "events/*/tickets/")
    for number in range(900_000, 900_010):
        assert (await lane.scan(str(number))).verdict.code is VerdictCode.UNKNOWN
    assert sandbox.log.count("GET", "events/*/tickets/") <= before + 1


async def test_a_ticket_that_the_site_has_no_longer_is_not_let_in_by_the_list(
    sandbox: Sandbox, lane: Lane
) -> None:
    ticket = sandbox.examples()["plain"]
    sandbox.faults.set("404", path="tickets/*/")
    scan = await lane.scan(ticket.uuid)
    assert scan.verdict.code is VerdictCode.UNKNOWN
    assert scan.verdict.reason.startswith("The site no longer has it; it was in the list of")
    assert not ticket.checked_in


async def test_one_uuid_that_could_not_be_asked_is_not_unknown(
    sandbox: Sandbox, lane: Lane
) -> None:
    unread = "ab" * 16
    sandbox.faults.set("503", path=f"tickets/{unread}/")
    scan = await lane.scan(f"https://example.com/{unread}/{'cd' * 16}/")
    assert scan.verdict.code is VerdictCode.CANNOT_TELL


async def test_a_list_that_comes_while_its_ticket_is_asked_for_in_vain_counts(
    sandbox: Sandbox, open_lane: OpenLane, clock: FakeClock
) -> None:
    listing = sandbox.faults.set("hang", path="events/*/tickets/")
    reading = sandbox.faults.set("hang", path="tickets/*/")
    lane = await open_lane()
    scanning = asyncio.create_task(lane.scan(sandbox.examples()["plain"].uuid))
    await until(lambda: reading.hits and listing.hits, "both reads")
    sandbox.faults.clear(listing)
    # It is shown after the scan alone, but stored at once.
    await until(lambda: lane._store.read(ticket_lists.pulled, lane.event.uuid), "the list on disk")
    await clock.advance(1.6)
    assert (await scanning).verdict.word == "ADMITTED · not confirmed"


async def test_an_override_survives_the_questions(sandbox: Sandbox, open_lane: OpenLane) -> None:
    lane = await open_lane(doors=["A type that nobody has"])
    await listed(lane)
    ticket = sandbox.examples()["answers_needed"]
    door = await lane.scan(ticket.uuid)
    assert door.verdict.code is VerdictCode.WRONG_DOOR
    asked = await lane.override(door, "the organiser says so")
    assert asked.verdict.code is VerdictCode.ANSWERS_NEEDED
    given = [answer_to(question) for question in asked.verdict.questions]
    admitted = await lane.answer(ticket.uuid, given, admit=True)
    assert admitted is not None
    assert admitted.verdict.code is VerdictCode.ADMITTED
    assert "overridden" in admitted.verdict.reason


async def test_a_new_order_is_read_before_its_ticket_is_let_in(
    sandbox: Sandbox, lane: Lane
) -> None:
    ticket = sandbox.examples()["plain"]
    ticket.order.state = NEW
    assert (await lane.scan(ticket.uuid)).verdict.code is VerdictCode.NOT_PAID
