"""Every word of the verdict, decided by a lane that asks a real server, and by one that cannot."""

import asyncio

from boxoffice.domain.models import LinkState
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.lane import Lane
from boxoffice.sandbox import Sandbox
from tests.lane.conftest import OpenLane, goes_offline, listed, sent
from tests.support import FakeClock, both_dialects, until


@both_dialects
async def test_each_ticket_gets_its_word(sandbox: Sandbox, lane: Lane) -> None:
    tickets = sandbox.examples()
    words = {
        name: (await lane.scan(tickets[name].uuid)).verdict.code
        for name in (
            "plain",
            "already_in",
            "refunded_order",
            "refunded_ticket",
            "not_paid",
            "cancelled",
            "answers_needed",
            "wrong_event",
        )
    }
    assert words == {
        "plain": VerdictCode.ADMITTED,
        "already_in": VerdictCode.ALREADY_IN,
        "refunded_order": VerdictCode.REFUNDED,
        "refunded_ticket": VerdictCode.REFUNDED,
        "not_paid": VerdictCode.NOT_PAID,
        "cancelled": VerdictCode.REFUNDED,
        "answers_needed": VerdictCode.ANSWERS_NEEDED,
        "wrong_event": VerdictCode.WRONG_EVENT,
    }
    assert (await lane.scan("f" * 32)).verdict.code is VerdictCode.UNKNOWN
    for text in ("a shopping list", "rubbish", "https://example.com/menu", "x" * 10_000, "\x1b"):
        assert (await lane.scan(text)).verdict.code is VerdictCode.NOT_A_TICKET
    assert (await lane.scan("Zyx999")).verdict.code is VerdictCode.CANNOT_TELL


@both_dialects
async def test_a_green_is_confirmed_and_reaches_the_server(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    ticket = sandbox.examples()["plain"]
    scan = await lane.scan(ticket.uuid)
    assert scan.verdict.word == "ADMITTED"
    assert scan.verdict.ticket is not None
    assert scan.verdict.ticket.full_name
    await until(lambda: ticket.checked_in, "the check-in at the server")
    await sent(lane, clock)
    assert sandbox.log.count("PATCH") == 1
    again = await lane.scan(ticket.uuid)
    assert again.verdict.code is VerdictCode.ALREADY_IN
    assert "North" in again.verdict.reason or "here" in again.verdict.reason


@both_dialects
async def test_offline_the_list_decides_and_says_so(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    tickets = sandbox.examples()
    await goes_offline(sandbox, lane, clock)
    green = await lane.scan(tickets["plain"].uuid)
    assert green.verdict.word == "ADMITTED · not confirmed"
    assert not green.verdict.confirmed
    assert (await lane.scan(tickets["plain"].uuid)).verdict.code is VerdictCode.ALREADY_IN
    assert (await lane.scan(tickets["refunded_ticket"].uuid)).verdict.code is VerdictCode.REFUNDED
    assert (await lane.scan("f" * 32)).verdict.code is VerdictCode.CANNOT_TELL
    await until(lambda: lane.status.counts.waiting == 1, "one waiting")

    await sandbox.start()
    await sent(lane, clock)
    assert tickets["plain"].checked_in
    assert sandbox.log.count("PATCH") == 1


async def test_what_the_site_says_counts_also_where_its_copy_cannot_be_stored(
    sandbox: Sandbox, lane: Lane
) -> None:
    may_enter = filter(sandbox.state.may_enter, sandbox.state.tonight.tickets)
    guests = {each.order.uuid: each for each in may_enter}
    plain, refunded, elsewhere, *_ = guests.values()
    sandbox.state.refund(refunded.order)
    sandbox.state.check_in(elsewhere)
    read_only = "PRAGMA query_only = 1"
    await lane._store.read_all(lambda connection: connection.execute(read_only).fetchall())
    words = [(await lane.scan(each.uuid)).verdict for each in (plain, refunded, elsewhere)]
    assert [(word.code, word.confirmed) for word in words] == [
        (VerdictCode.ADMITTED, True),
        (VerdictCode.REFUNDED, True),
        (VerdictCode.ALREADY_IN, True),
    ]


@both_dialects
async def test_wrong_day_and_wrong_door_can_be_overridden(
    sandbox: Sandbox, open_lane: OpenLane
) -> None:
    days = await open_lane(event=2, doors=["A type that nobody has"])
    await listed(days)
    tickets = sandbox.examples()
    assert (await days.scan(tickets["today"].uuid)).verdict.code is VerdictCode.WRONG_DOOR
    tomorrow = await days.scan(tickets["tomorrow"].uuid)
    assert tomorrow.verdict.code is VerdictCode.WRONG_DAY
    door = await days.override(tomorrow, "the organiser says so")
    assert door.verdict.code is VerdictCode.WRONG_DOOR
    assert (await days.override(door, "and so")).verdict.code is VerdictCode.ADMITTED


@both_dialects
async def test_the_very_first_scan_asks_for_answers_too(
    sandbox: Sandbox, open_lane: OpenLane
) -> None:
    hang = sandbox.faults.set("hang", path="events/*/*/")  # neither list nor questions arrive
    lane = await open_lane()
    await until(lambda: hang.hits)
    scan = await lane.scan(sandbox.examples()["answers_needed"].uuid)
    assert scan.verdict.code is not VerdictCode.ADMITTED
    assert (await lane.scan(sandbox.examples()["plain"].uuid)).verdict.ticket is not None


async def test_codes_of_every_kind_name_the_ticket(sandbox: Sandbox, lane: Lane) -> None:
    tickets = sandbox.examples()
    party = tickets["party"]
    plain = tickets["plain"].uuid
    url = f"https://test.ticketbutler.io/da/purchase/{party.order.uuid}/tickets-download/{plain}/"
    assert (await lane.scan(url)).verdict.code is VerdictCode.ADMITTED
    number = await lane.scan(str(tickets["already_in"].number))
    assert number.verdict.code is VerdictCode.ALREADY_IN
    assert (await lane.scan("999999999")).verdict.code is VerdictCode.UNKNOWN
    await lane.scan(party.uuid)  # by reading one of its tickets the order becomes known
    order = await lane.scan(party.order.order_id)
    assert order.verdict.code is VerdictCode.AMBIGUOUS
    assert {ticket.uuid for ticket in order.verdict.candidates} == {
        ticket.uuid for ticket in party.order.tickets
    }


async def test_a_ticket_sold_a_moment_ago_is_admitted(sandbox: Sandbox, lane: Lane) -> None:
    tonight = sandbox.state.tonight
    kind = tonight.ticket_types[0]
    buyer = {"first_name": "Mads", "last_name": "Holm", "email": "mads@example.com"}
    order = sandbox.state.sell(tonight, buyer, [(kind, 1)], None)
    scan = await lane.scan(order.tickets[0].uuid)
    assert scan.verdict.code is VerdictCode.ADMITTED
    assert lane.roster.get(order.tickets[0].uuid) is not None


async def test_a_refund_at_the_server_turns_the_next_scan_red(sandbox: Sandbox, lane: Lane) -> None:
    ticket = sandbox.examples()["plain"]
    sandbox.state.refund(ticket.order)
    assert (await lane.scan(ticket.uuid)).verdict.code is VerdictCode.REFUNDED


async def test_a_scan_waits_for_the_server_no_longer_than_its_deadline(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    hang = sandbox.faults.set("hang", path="tickets/*/")
    tickets = sandbox.examples()
    for name in ("plain", "party"):
        seen = hang.hits
        scanning = asyncio.create_task(lane.scan(tickets[name].uuid))
        await until(lambda seen=seen: hang.hits > seen, "the read")
        assert not scanning.done()
        await clock.advance(1.6)
        assert (await scanning).verdict.word == "ADMITTED · not confirmed"
    await until(lambda: lane.status.link is LinkState.SLOW, "slow")
    at_once = await lane.scan(tickets["external"].uuid)
    assert at_once.verdict.word == "ADMITTED · not confirmed"
