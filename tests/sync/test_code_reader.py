"""What the list does not hold is learnt in the background: how fast, in which order, when not."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise

import pytest

from boxoffice.domain.codes import read_code
from boxoffice.domain.highlights import HighlightPolicy
from boxoffice.domain.models import Answer, Event
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import Event as SiteEvent
from boxoffice.store import json_docs, orders, tickets
from boxoffice.sync import CodeReader, code_reader
from boxoffice.sync.code_reader import ALL_ORDERS_AFTER, EVERY, LATE, LOOK_AGAIN
from boxoffice.sync.puller import Puller
from tests.support import FakeClock, both_dialects, until
from tests.sync.conftest import Laptop, moments, pass_by, pass_until, running

TICKETS, ORDERS, ALL_ORDERS = "tickets/*/", "orders/*/", "events/*/orders/"


@pytest.fixture
async def sandbox(dialect: str, clock: FakeClock) -> AsyncIterator[Sandbox]:
    """Small: every read of it takes time, though the clock stands still."""
    async with Sandbox(dialect=dialect, now=clock.now, sleep=clock.sleep, tickets=40) as box:  # type: ignore[arg-type]
        yield box


@pytest.fixture
def event(sandbox: Sandbox) -> SiteEvent:
    return sandbox.state.tonight


def reader_of(
    laptop: Laptop, puller: Puller, uuid: str = "", show: tuple[str, ...] = ()
) -> CodeReader:
    site = laptop.site.state.events[uuid or laptop.event]
    event = Event(site.uuid, site.title, site.start, site.end, site.timezone.key)
    return CodeReader(event, puller, laptop.context, HighlightPolicy(show))


@pytest.fixture
def reader(laptop: Laptop) -> CodeReader:
    return reader_of(laptop, laptop.puller())


@pytest.fixture
async def listed(laptop: Laptop) -> None:
    """The list was read, and nothing else."""
    await laptop.puller().pull()
    laptop.site.log.clear()


async def named(laptop: Laptop, text: str) -> set[str]:
    return {
        each.uuid for each in await laptop.store.read(tickets.named, read_code(text), laptop.event)
    }


@both_dialects
@pytest.mark.usefixtures("listed")
async def test_all_of_a_small_event_is_known_within_a_minute_at_four_a_second(
    laptop: Laptop, reader: CodeReader, event: SiteEvent, clock: FakeClock
) -> None:
    laptop.site.faults.set("524", path=ALL_ORDERS)
    began = clock.monotonic()
    async with running(reader.run()):
        await pass_until(clock, lambda: reader.known.total and reader.known.complete)
    assert clock.monotonic() - began < 60
    came = sorted(moments(laptop.site, "GET"))
    assert all(later - at >= 1 for at, later in zip(came, came[4:], strict=False))
    for ticket in event.tickets:
        assert await named(laptop, f"https://x.example/t/{ticket.slug}/") == {ticket.uuid}
        if ticket.external_uuid:
            assert await named(laptop, ticket.external_uuid) == {ticket.uuid}
    for order in event.orders:
        party = {ticket.uuid for ticket in order.tickets}
        assert await named(laptop, order.order_id) == party
        assert await named(laptop, order.uuid) == party
    assert laptop.site.log.count("GET", TICKETS) == len(event.tickets)
    assert laptop.site.log.count("GET", ORDERS) == len(event.orders)


ANSWERS = "tickets/*/questions/"


@both_dialects
@pytest.mark.usefixtures("listed")
async def test_answers_that_are_shown_at_the_door_are_read_when_the_rest_is(
    laptop: Laptop, event: SiteEvent, dialect: str
) -> None:
    laptop.site.faults.set("524", path=ALL_ORDERS)
    puller = laptop.puller()
    await puller.metadata.pull()
    reader = reader_of(laptop, puller, show=("Allergies",))
    gone = next(ticket for ticket in event.tickets if ticket.answers)
    missing = laptop.site.faults.set("404", path=f"tickets/{gone.uuid}/questions/")
    assert await reader.read_all() == ""
    laptop.site.faults.clear(missing)
    # Only the live dialect tells of whom a question is asked.
    asked = {
        ticket.uuid
        for ticket in event.tickets
        if not ticket.refunded and (dialect == "docs" or ticket.ticket_type is gone.ticket_type)
    }
    assert {entry.path.split("/")[1] for entry in laptop.site.log.find("GET", ANSWERS)} == asked
    for uuid in asked:
        known = await laptop.store.read(json_docs.get, json_docs.ANSWERS, uuid)
        assert known is not None
        held = set() if uuid == gone.uuid else set(laptop.site.state.tickets[uuid].answers)
        assert {answer.question for answer in known} == held
    before = laptop.site.log.count("GET", ANSWERS)
    assert await reader.read_all() == ""
    assert laptop.site.log.count("GET", ANSWERS) == before


@pytest.mark.parametrize("dialect", ["live"])  # the other tells no answers there
@pytest.mark.usefixtures("listed")
async def test_the_list_of_all_orders_tells_all_answers_but_newer_ones_stay(
    laptop: Laptop, event: SiteEvent
) -> None:
    first, *rest = (ticket for ticket in event.tickets if ticket.answers)
    newer = [Answer("q", value="by itself")]
    await laptop.store.write(json_docs.save, json_docs.ANSWERS, first.uuid, newer)
    reader = reader_of(laptop, laptop.puller(), show=("Allergies",))
    assert await reader.read_all() == ""
    assert laptop.site.log.count("GET", ANSWERS) == 0
    assert await laptop.store.read(json_docs.get_list, json_docs.ANSWERS, first.uuid) == newer
    for ticket in rest:
        known = await laptop.store.read(json_docs.get_list, json_docs.ANSWERS, ticket.uuid)
        assert {answer.question for answer in known} == set(ticket.answers)
    known_at = await laptop.store.read_all(json_docs.answers_at, laptop.event)
    assert known_at.keys() == {first.uuid, *(ticket.uuid for ticket in rest)}


@pytest.mark.usefixtures("listed")
async def test_those_who_may_come_first_and_those_who_are_in_last(
    laptop: Laptop, reader: CodeReader, event: SiteEvent, clock: FakeClock
) -> None:
    async with running(reader.run()):
        await pass_until(clock, lambda: reader.known.total and reader.known.read == 40)
    came = [entry.path.split("/")[1] for entry in laptop.site.log.find("GET", TICKETS)]
    states = {ticket.uuid: (ticket.refunded, ticket.checked_in) for ticket in event.tickets}
    ranks = [states[uuid] for uuid in came]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) > 2


async def test_another_day_comes_after_today(laptop: Laptop, clock: FakeClock) -> None:
    days = list(laptop.site.state.events.values())[2]
    puller = Puller(days.uuid, laptop.context)
    await puller.pull()
    today = clock.now().astimezone(days.timezone).date()
    ranks = []
    unread, _ = await reader_of(laptop, puller, days.uuid).unread(1000)
    for uuid in unread:
        ticket = laptop.site.state.tickets[uuid]
        date = ticket.ticket_type.date
        ranks.append((ticket.checked_in, date is not None and date.date() != today))
    assert ranks == sorted(ranks)


@pytest.mark.usefixtures("listed")
async def test_nothing_begins_while_a_scan_waits_and_no_burst_follows(
    laptop: Laptop, reader: CodeReader, clock: FakeClock
) -> None:
    async with running(reader.run()):
        await pass_until(clock, lambda: laptop.site.log.count("GET", TICKETS) > 5)
        with reader.paused():
            await pass_by(clock, 1)  # one under way may end
            before = len(laptop.site.log)
            await pass_by(clock, 30)
            assert len(laptop.site.log) == before
        await pass_by(clock, 1)
        assert len(laptop.site.log) - before in range(1, 5)
        await pass_until(clock, lambda: reader.known.read == 40)
    came = moments(laptop.site, "GET", TICKETS)
    assert all(later - at >= EVERY - LATE - 0.001 for at, later in pairwise(came))


@pytest.mark.usefixtures("listed")
async def test_nothing_is_read_over_a_slow_link(
    laptop: Laptop, reader: CodeReader, clock: FakeClock
) -> None:
    laptop.link.record_read(in_time=False)
    laptop.link.record_read(in_time=False)
    async with running(reader.run()):
        await pass_by(clock, 30)
        assert len(laptop.site.log) == 0
        for _ in range(5):
            laptop.link.record_read(in_time=True)
        await pass_until(clock, lambda: len(laptop.site.log) > 3)


@both_dialects
@pytest.mark.usefixtures("listed")
async def test_what_was_read_is_not_read_again_after_a_restart(
    laptop: Laptop, reader: CodeReader, clock: FakeClock
) -> None:
    async with running(reader.run()):
        await pass_until(clock, lambda: reader.known.total and reader.known.complete)
    laptop.site.log.clear()
    again = reader_of(laptop, laptop.puller())
    async with running(again.run()):
        await pass_by(clock, 2 * LOOK_AGAIN)
    assert again.known.complete
    assert len(laptop.site.log) == 0


@both_dialects
@pytest.mark.usefixtures("listed")
async def test_what_changed_and_what_is_new_is_learnt_again(
    laptop: Laptop, reader: CodeReader, event: SiteEvent, clock: FakeClock
) -> None:
    state, puller = laptop.site.state, laptop.puller()
    async with running(reader.run()):
        await pass_until(clock, lambda: reader.known.total and reader.known.complete)
        renamed, checked_in, hooked = event.tickets[0], event.tickets[12], event.tickets[3]
        state.update_ticket(renamed, full_name="Ada Berg", external_uuid="NEW-1")
        state.check_in(checked_in, not checked_in.checked_in)
        state.update_ticket(hooked, external_uuid="NEW-2")
        await laptop.store.write(orders.mark_unread, [hooked.uuid])
        buyer = {"first_name": "Mads", "last_name": "Holm", "phone": "", "email": "m@example.com"}
        new = state.add_order(event, buyer, [(event.ticket_types[0], "Mads Holm")])
        laptop.site.log.clear()
        await puller.pull()
        assert not (await reader.count()).complete

        async def known() -> bool:
            await clock.advance(1)
            return (await reader.count()).complete

        await until(known)
    assert await named(laptop, "NEW-1") == {renamed.uuid}
    assert await named(laptop, "NEW-2") == {hooked.uuid}
    assert await named(laptop, new.order_id) == {new.tickets[0].uuid}
    read = {entry.path.split("/")[1] for entry in laptop.site.log.find("GET", TICKETS)}
    assert read == {renamed.uuid, hooked.uuid, new.tickets[0].uuid}


@pytest.mark.usefixtures("listed")
async def test_a_ticket_and_an_order_that_are_gone_are_asked_for_once(
    laptop: Laptop, reader: CodeReader, event: SiteEvent, clock: FakeClock
) -> None:
    ticket, order = event.tickets[0], event.orders[1]
    ours = laptop.site.faults.set("404", path=f"tickets/{ticket.uuid}/")
    theirs = laptop.site.faults.set("404", path=f"orders/{order.uuid}/")
    laptop.site.faults.set("524", path=ALL_ORDERS)
    async with running(reader.run()):
        await pass_until(clock, lambda: reader.known.total and reader.known.complete)
        await pass_by(clock, 3 * LOOK_AGAIN)
    assert (ours.hits, theirs.hits) == (1, 1)


@pytest.mark.usefixtures("listed")
async def test_one_that_fails_holds_nothing_up_and_is_tried_seldom(
    laptop: Laptop, reader: CodeReader, event: SiteEvent, clock: FakeClock
) -> None:
    rule = laptop.site.faults.set("500", path=f"tickets/{event.tickets[0].uuid}/")
    async with running(reader.run()):
        await pass_until(clock, lambda: reader.known.read == 39)
        await pass_by(clock, 120)
        assert rule.hits <= 4
        laptop.site.faults.clear(rule)
        await pass_until(clock, lambda: reader.known.complete)


@pytest.mark.usefixtures("listed")
async def test_a_site_that_asks_for_fewer_requests_gets_none(
    laptop: Laptop, reader: CodeReader, clock: FakeClock
) -> None:
    rule = laptop.site.faults.set("429=40", path=TICKETS)
    async with running(reader.run()):
        await pass_until(clock, lambda: rule.hits)
        await pass_by(clock, 1)
        before = len(laptop.site.log)
        assert before <= 2
        await pass_by(clock, 35)
        assert laptop.site.log.count("GET", TICKETS) == before
        laptop.site.faults.clear(rule)
        await pass_until(clock, lambda: reader.known.complete)


@both_dialects
@pytest.mark.usefixtures("listed")
async def test_all_orders_are_asked_for_once_and_not_again_soon(
    laptop: Laptop,
    reader: CodeReader,
    event: SiteEvent,
    clock: FakeClock,
    dialect: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # So few tickets would nearly all be read one by one before.
    monkeypatch.setattr(code_reader, "ALL_ORDERS_AFTER", 1.0)
    laptop.site.faults.set("500", path=ORDERS)
    event.orders[0].address["business_name"] = "Acme ApS"
    async with running(reader.run()):
        await pass_until(clock, lambda: reader.known.total and reader.known.complete)
    assert laptop.site.log.count("GET", ALL_ORDERS) == 1
    first = await laptop.store.read(tickets.of_order, event.orders[0].uuid)
    told = "Acme ApS" if dialect == "live" else None
    assert {each.company_name for each in first} == {told}, "the document shows no company there"
    for order in event.orders:
        assert await named(laptop, order.order_id) == {ticket.uuid for ticket in order.tickets}
        known = await laptop.store.read(orders.get, order.uuid)
        assert known is not None
        assert {each.uuid for each in known.party or ()} == {each.uuid for each in order.tickets}


@pytest.mark.usefixtures("listed")
async def test_a_list_of_orders_that_never_comes_holds_nothing_up(
    laptop: Laptop, reader: CodeReader, clock: FakeClock
) -> None:
    laptop.site.faults.set("hang", path=ALL_ORDERS)
    laptop.site.faults.set("500", path=ORDERS)
    async with running(reader.run()):
        await pass_until(clock, lambda: reader.known.read == 40)
        await pass_by(clock, 60)
    again = reader_of(laptop, laptop.puller())
    async with running(again.run()):
        await pass_by(clock, 3 * ALL_ORDERS_AFTER)
        assert laptop.site.log.count("GET", ALL_ORDERS) == 1
        clock.jump(timedelta(hours=3))
        await pass_until(clock, lambda: laptop.site.log.count("GET", ALL_ORDERS) == 2)


@pytest.mark.usefixtures("listed")
async def test_an_old_answer_of_a_background_read_checks_nobody_out(
    laptop: Laptop, reader: CodeReader, event: SiteEvent
) -> None:
    puller = laptop.puller()
    ticket = next(ticket for ticket in event.tickets if not ticket.checked_in)
    laptop.site.state.check_in(ticket)
    await puller.pull()
    laptop.site.state.check_in(ticket, False)  # as a cache before the site would have it
    await reader_of(laptop, puller).ticket(ticket.uuid)
    known = await laptop.store.read(tickets.get, ticket.uuid)
    assert known is not None
    assert (known.checked_in, known.url) == (True, ticket.slug)
    assert (await puller.load())[ticket.uuid].checked_in


@pytest.mark.usefixtures("listed")
async def test_one_process_reads_and_the_other_sees_how_far_it_is(
    laptop: Laptop, reader: CodeReader, clock: FakeClock
) -> None:
    other = reader_of(laptop, laptop.puller())
    async with running(reader.run()):
        await pass_until(clock, lambda: reader.known.read > 2)
        async with running(other.run()):
            await pass_until(clock, lambda: reader.known.complete)
            await pass_until(clock, lambda: other.known.complete)
    assert laptop.site.log.count("GET", TICKETS) == 40


@both_dialects
@pytest.mark.usefixtures("listed")
async def test_with_no_door_open_all_is_read_at_once(
    laptop: Laptop, reader: CodeReader, event: SiteEvent
) -> None:
    assert await reader.read_all() == ""
    assert reader.known.complete
    assert laptop.site.log.count("GET", TICKETS) == len(event.tickets)


@pytest.mark.usefixtures("listed")
async def test_it_gives_up_where_the_site_is_ill(
    laptop: Laptop, reader: CodeReader, clock: FakeClock
) -> None:
    laptop.site.faults.set("429", path=TICKETS)
    reading = asyncio.create_task(reader.read_all())
    await pass_until(clock, reading.done)
    assert "fewer requests" in await reading
    assert laptop.site.log.count("GET", TICKETS) <= 5 * 8
