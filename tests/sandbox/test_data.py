"""The made-up organiser: the same for the same seed, with everything a door has to meet."""

from datetime import UTC, datetime, timedelta

import pytest

from boxoffice.sandbox.data import COPENHAGEN, organiser
from boxoffice.sandbox.models import CANCELLED, NEW, PAID, REFUND
from boxoffice.sandbox.names import HOSTILE
from boxoffice.sandbox.state import State, short_slug
from tests.support import EVENING


def made(*, tickets: int = 400, seed: int = 1, at: datetime = EVENING) -> State:
    return organiser(lambda: at, tickets=tickets, seed=seed)


def test_repeatable_by_seed() -> None:
    assert list(made().tickets) == list(made().tickets)
    assert list(made().tickets) != list(made(seed=2).tickets)
    names = [each.full_name for each in made().tickets.values()]
    assert names == [each.full_name for each in made().tickets.values()]


@pytest.mark.parametrize("hours", range(0, 48, 5))
def test_tonight_is_today_at_any_hour(hours: int) -> None:
    at = datetime(2026, 3, 28, tzinfo=UTC) + timedelta(hours=hours)  # summer time begins
    tonight, jazz, days, past = made(at=at).events.values()
    local = at.astimezone(COPENHAGEN)
    today, night = local.date(), timedelta(days=local.hour < 6)  # as a door counts days
    assert tonight.start.date() == today
    assert jazz.start.date() == today + timedelta(days=1)
    assert days.start < at < days.end
    assert [each.expired(at) for each in (tonight, jazz, days, past)] == [False] * 3 + [True]
    dates = {each.date.date() - (today - night) for each in days.ticket_types if each.date}
    assert dates == {timedelta(days=-1), timedelta(), timedelta(days=1)}


def test_everything_a_door_has_to_meet() -> None:
    state = made()
    tonight = state.tonight
    orders, tickets = tonight.orders, tonight.tickets
    assert len(tickets) == 400
    assert {each.state for each in orders} == {PAID, NEW, REFUND, CANCELLED}
    assert max(len(each.tickets) for each in orders) >= 5
    assert 20 < sum(each.checked_in for each in tickets) < 100
    assert not any(each.checked_in for each in tickets if each.refunded)
    names = {each.full_name for each in tickets}
    assert {"Søren Sørensen", "Åse Ågård", *HOSTILE} <= names
    assert sum(each.external_uuid is not None for each in tickets) > 20
    assert sum(each.seat is not None for each in tickets) > 10
    assert len({each.number for each in tickets}) == 400
    assert len({each.slug for each in state.tickets.values()}) == len(state.tickets)
    for each in tonight.ticket_types:
        sold = [t for t in tickets if t.ticket_type is each and not t.refunded]
        assert each.amount_sold == len(sold) <= each.amount_total


def test_questions_of_every_variation() -> None:
    tonight = next(iter(made().events.values()))
    assert {each.variation for each in tonight.questions} == {
        "TEXT", "TEXTAREA", "NUMBER", "NAME", "NAME_FIRST_LAST", "COMPANY", "EMAIL", "PHONE",
        "SELECT", "SELECT_MULTIPLE", "TIME",
    }  # fmt: skip
    required = [each for each in tonight.questions if each.required]
    assert {each.ticket_type.title for each in required if each.ticket_type} == {"Dinner & concert"}
    assert all(each.ticket_type for each in required)


def test_many() -> None:
    """As many as one likes; that slugs differ up to 100,000 is tried below."""
    state = made(tickets=10_000)
    tonight = state.tonight
    assert len(tonight.tickets) == 10_000
    assert len({each.slug for each in tonight.tickets}) == 10_000


@pytest.mark.parametrize("tickets", [0, 1, 40])
def test_few(tickets: int) -> None:
    tonight = next(iter(made(tickets=tickets).events.values()))
    assert len(tonight.tickets) >= tickets


def test_slugs_differ() -> None:
    assert len({short_slug(number) for number in range(100_000)}) == 100_000
    assert all(len(short_slug(number)) == 5 for number in (0, 1, 36**5 - 1))
