"""Events and what they sell, between the client and the sandbox, in both dialects."""

from datetime import timedelta
from decimal import Decimal

import pytest

from boxoffice.domain.models import Event, TicketType
from boxoffice.domain.offer import why_not
from boxoffice.domain.text import clean
from boxoffice.sandbox import Dialect, Sandbox
from boxoffice.sandbox.models import Event as SandboxEvent
from boxoffice.ticketbutler import Ticketbutler
from tests.support import FakeClock, both_dialects


@both_dialects
async def test_events(client: Ticketbutler, sandbox: Sandbox, clock: FakeClock) -> None:
    everything = list(sandbox.state.events.values())
    expired = [each for each in everything if each.expired(clock.now())]
    assert expired
    upcoming = await client.events.list()
    assert [each.uuid for each in upcoming] == [
        each.uuid for each in everything if each not in expired
    ]
    assert {each.uuid for each in await client.events.list(old=True)} == set(sandbox.state.events)
    assert {(each.currency, each.ticket_limit) for each in upcoming} == {("DKK", None)}


@both_dialects
async def test_event(
    client: Ticketbutler, tonight: SandboxEvent, dialect: Dialect, clock: FakeClock
) -> None:
    expected = Event(
        tonight.uuid,
        clean(tonight.title),
        start=tonight.start,
        venue=clean(tonight.venue),
        ticket_limit=tonight.ticket_limit,
        fees_on_buyer=False,
    )
    event = await client.events.get(tonight.uuid)
    if dialect == "docs":
        assert event == expected
        assert event.zone.utcoffset(event.start) == tonight.start.utcoffset()
    else:
        assert (event.title, event.start, event.end) == (
            expected.title,
            tonight.start,
            tonight.end,
        )
        assert event.timezone == tonight.timezone.key
        assert (event.fees_on_buyer, event.limit_reached) == (False, False)
        assert event.ticket_limit == tonight.ticket_limit
    assert event.today(clock.now()) == tonight.start.date()


@both_dialects
async def test_ticket_types(
    client: Ticketbutler, tonight: SandboxEvent, dialect: Dialect, clock: FakeClock
) -> None:
    standard, student, balcony, dinner, volunteer = tonight.ticket_types
    standard.active = False
    student.members_only = True
    dinner.sales_start = clock.now() + timedelta(hours=1)
    volunteer.sales_end = clock.now() + timedelta(hours=1)
    told = await client.ticket_types.list(tonight.uuid)
    live = dialect == "live"
    assert told == [
        TicketType(
            each.uuid,
            clean(each.title),
            each.pk,
            price=each.price,
            left=each.amount_left,
            active=each is not standard,
            members_only=each is student,
            sold_out=each is balcony,
            in_baskets=0,
            fee=Decimal("3.90"),
            on_sale=each is volunteer if live else None,
            sales_start=each.sales_start if live else None,
            sales_end=(each.sales_end or tonight.end) if live else None,
        )
        for each in tonight.ticket_types
    ]
    assert [str(each.price) for each in told] == ["295.00", "195.00", "595.00", "845.00", "0.00"]
    wanting = ["not active", "members only", "sold out", "not yet on sale" if live else "", ""]
    assert [why_not(each, clock.now()) for each in told] == wanting


@pytest.mark.parametrize("dialect", ["live"])
async def test_a_type_that_is_sold_out_for_now(client: Ticketbutler, tonight: SandboxEvent) -> None:
    tonight.ticket_types[0].paused = True
    first, second, *_ = await client.ticket_types.list(tonight.uuid)
    assert (first.sold_out, second.sold_out) == (True, False)
