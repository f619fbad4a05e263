"""What a lane reads for a hint, and what it does not: forged and many hints are rationed."""

import secrets

import pytest

from boxoffice.lane import Lane
from boxoffice.lane.webhook_refresh import MOST_NAMED, READ_EVERY, READS
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import Event
from boxoffice.sync import RateLimit
from boxoffice.sync.list_pace import SHORTEST
from boxoffice.ticketbutler.resources.webhooks import Hook
from tests.lane.conftest import goes_offline
from tests.support import FakeClock, settle, until


@pytest.fixture
def ticket_count() -> int:
    """More than can wait."""
    return 400


@pytest.fixture
def event(sandbox: Sandbox) -> Event:
    return sandbox.state.tonight


def hint(action: str = "ticket.updated", *tickets: str, event: str = "", order: str = "") -> Hook:
    return Hook("x", action=action, tickets=tickets, event=event, order=order)


def reads(sandbox: Sandbox) -> int:
    return sandbox.log.count("GET", "tickets/*/")


def lists(sandbox: Sandbox) -> int:
    return sandbox.log.count("GET", "events/*/tickets/")


async def quiet(sandbox: Sandbox) -> None:
    """Wait until nothing is asked any more."""
    before = -1
    while before != len(sandbox.log):
        before = len(sandbox.log)
        for _ in range(20):
            await settle()


def standing(lane: Lane, event: Event) -> list[tuple[str, bool, bool]]:
    """What admits or does not, of all that are listed."""
    rows = (lane.roster.get(ticket.uuid) for ticket in event.tickets)
    known = [row.ticket for row in rows if row is not None]
    assert known
    return [(each.full_name, each.checked_in, each.refunded) for each in known]


async def test_a_flood_of_named_tickets_ends_in_one_list(
    sandbox: Sandbox, lane: Lane, event: Event, clock: FakeClock
) -> None:
    await quiet(sandbox)
    before, listed = reads(sandbox), lists(sandbox)
    for _ in range(20):
        for ticket in event.tickets[:90]:
            lane.webhooks.receive(hint("ticket.updated", ticket.uuid))
    await until(lambda: lists(sandbox) == listed + 1, "a list")
    await quiet(sandbox)
    assert reads(sandbox) - before == READS
    assert lists(sandbox) == listed + 1
    await clock.advance(READ_EVERY * 2)
    lane.webhooks.receive(hint("ticket.updated", event.tickets[0].uuid))
    await until(lambda: reads(sandbox) - before == READS + 1, "one more, after a while")


async def test_more_than_can_wait_are_not_even_kept(
    sandbox: Sandbox, lane: Lane, event: Event
) -> None:
    await quiet(sandbox)
    before, listed = reads(sandbox), lists(sandbox)
    named = [ticket.uuid for ticket in event.tickets[: MOST_NAMED + 1]]
    lane.webhooks.receive(hint("purchase.refunded", *named))
    await until(lambda: lists(sandbox) == listed + 1, "a list")
    await quiet(sandbox)
    assert reads(sandbox) == before


async def test_lists_are_read_no_more_often_than_by_itself(
    sandbox: Sandbox, lane: Lane, event: Event, clock: FakeClock
) -> None:
    await quiet(sandbox)
    listed = lists(sandbox)
    for _ in range(50):
        lane.webhooks.receive(hint("purchase.newsletter"))
        await settle()
    await until(lambda: lists(sandbox) == listed + 1, "the first, at once")
    for _ in range(50):
        lane.webhooks.receive(hint("something.new", event=event.uuid))
        await settle()
    await quiet(sandbox)
    assert lists(sandbox) == listed + 1
    await clock.advance(SHORTEST * 0.85)  # before the lane's own turn
    await quiet(sandbox)
    assert lists(sandbox) == listed + 1
    await clock.advance(SHORTEST * 0.15)
    await quiet(sandbox)
    assert lists(sandbox) <= listed + 3  # the hint's second, and the lane's own


async def test_what_is_not_of_this_event_is_not_read(
    sandbox: Sandbox, lane: Lane, event: Event
) -> None:
    other = list(sandbox.state.events.values())[1]
    await quiet(sandbox)
    before = len(sandbox.log)
    lane.webhooks.receive(hint("ticket.checkin", other.tickets[0].uuid))
    lane.webhooks.receive(hint("ticket.updated", secrets.token_hex(16)))
    lane.webhooks.receive(hint("ticket.paid", other.tickets[0].uuid, event=other.uuid))
    lane.webhooks.receive(hint("event.updated", event=other.uuid))
    lane.webhooks.receive(hint("ticket.refund", event.tickets[0].uuid, event=other.uuid))
    await quiet(sandbox)
    assert len(sandbox.log) == before


async def test_a_forged_hint_changes_nothing(sandbox: Sandbox, lane: Lane, event: Event) -> None:
    ticket = sandbox.examples()["plain"]
    await quiet(sandbox)
    before = reads(sandbox)
    shown = standing(lane, event)
    forged = secrets.token_hex(16)
    lane.webhooks.receive(hint("ticket.checkin", ticket.uuid))
    lane.webhooks.receive(hint("ticket.refund", ticket.uuid))
    lane.webhooks.receive(hint("ticket.paid", forged, event=event.uuid))
    await until(lambda: reads(sandbox) >= before + 2, "they are looked at")
    await quiet(sandbox)
    assert standing(lane, event) == shown
    assert lane.roster.get(forged) is None
    assert (await lane.scan(ticket.uuid)).verdict.word == "ADMITTED"


async def test_a_change_of_the_event_brings_its_ticket_types(
    sandbox: Sandbox, lane: Lane, event: Event
) -> None:
    await quiet(sandbox)
    before = sandbox.log.count("GET", f"events/{event.uuid}/ticket-types/")
    assert before
    lane.webhooks.receive(hint("event.updated", event=event.uuid))
    await until(
        lambda: sandbox.log.count("GET", f"events/{event.uuid}/ticket-types/") == before + 1,
        "the ticket types",
    )


async def test_an_order_that_was_looked_at_is_read_again(
    sandbox: Sandbox, lane: Lane, event: Event
) -> None:
    order, other = event.orders[0], event.orders[1]
    await lane.orders.refresh(order.tickets[0].uuid)
    await quiet(sandbox)
    before = sandbox.log.count("GET", f"orders/{order.uuid}/")
    lane.webhooks.receive(hint("purchase.refunded", order.tickets[0].uuid, order=order.uuid))
    lane.webhooks.receive(hint("purchase.refunded", other.tickets[0].uuid, order=other.uuid))
    await until(
        lambda: sandbox.log.count("GET", f"orders/{order.uuid}/") == before + 1, "the order"
    )
    await quiet(sandbox)
    assert sandbox.log.count("GET", f"orders/{other.uuid}/") == 0


async def test_offline_nothing_is_asked(
    sandbox: Sandbox, lane: Lane, event: Event, clock: FakeClock
) -> None:
    await goes_offline(sandbox, lane, clock)
    before = len(sandbox.log)
    for ticket in event.tickets:
        lane.webhooks.receive(hint("ticket.refund", ticket.uuid))
    lane.webhooks.receive(hint("event.updated", event=event.uuid))
    await quiet(sandbox)
    assert len(sandbox.log) == before
    ticket = sandbox.examples()["plain"]
    assert (await lane.scan(ticket.uuid)).verdict.word == "ADMITTED · not confirmed"


async def test_a_site_that_is_ill_does_not_stop_the_webhooks(
    sandbox: Sandbox, lane: Lane, event: Event
) -> None:
    ticket = event.tickets[0]
    rule = sandbox.faults.set("500", path="tickets/*/")
    before = reads(sandbox)
    lane.webhooks.receive(hint("ticket.updated", ticket.uuid))
    await until(lambda: reads(sandbox) > before, "it is asked")
    await quiet(sandbox)
    sandbox.faults.clear(rule)
    sandbox.state.update_ticket(ticket, full_name="Ada Berg")
    lane.webhooks.receive(hint("ticket.updated", ticket.uuid))
    await until(
        lambda: (row := lane.roster.get(ticket.uuid)) and row.ticket.full_name == "Ada Berg",
        "the name",
    )


async def test_an_allowance_fills_up_again(clock: FakeClock) -> None:
    allowance = RateLimit(2, 10.0, clock)
    assert [allowance.take() for _ in range(3)] == [True, True, False]
    await clock.advance(9)
    assert not allowance.take()
    await clock.advance(1)
    assert [allowance.take() for _ in range(2)] == [True, False]
    await clock.advance(1000)
    assert [allowance.take() for _ in range(3)] == [True, True, False]
