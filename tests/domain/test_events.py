"""Which events are offered, in which order, and when none need be picked."""

from datetime import UTC, datetime, timedelta

import pytest

from boxoffice.domain.events import When, arrange, days_before, opens_straight, when
from boxoffice.domain.models import Event
from boxoffice.language import use

COPENHAGEN = "Europe/Copenhagen"
NOW = datetime(2026, 6, 26, 17, 0, tzinfo=UTC)  # 19:00 in Copenhagen


def event(
    uuid: str,
    start: datetime | None,
    *,
    hours: float | None = 5,
    title: str = "",
    venue: str = "",
    zone: str | None = COPENHAGEN,
    expired: bool = False,
) -> Event:
    end = start + timedelta(hours=hours) if start and hours is not None else None
    return Event(uuid, title or uuid, start, end, zone, venue, expired)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment in June 2026, in UTC: two hours behind Copenhagen."""
    return datetime(2026, 6, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "hours", "now", "is_"),
    [
        (at(26, 18), 5, NOW, When.TODAY),
        (at(26, 5), 2, NOW, When.TODAY),  # over since the morning, but today
        (at(26, 22, 30), 5, NOW, When.UPCOMING),  # 00:30 tomorrow in Copenhagen
        (at(25, 22, 30), 5, NOW, When.TODAY),  # 00:30 today in Copenhagen
        (at(27, 10), 5, NOW, When.UPCOMING),
        (at(25, 10), 5, NOW, When.PAST),
        (at(25, 18), 8, at(26, 4), When.TODAY),  # a night that ended at 04:00
        (at(25, 18), 8, at(26, 6), When.PAST),
        (at(25, 18), None, at(26, 2), When.TODAY),  # without an end
        (at(25, 18), None, at(26, 6), When.BEGUN),  # may still be on
        (at(10, 18), None, NOW, When.PAST),
        (at(24, 8), 72, NOW, When.TODAY),  # a festival
        (at(25, 18), -3, at(25, 23), When.TODAY),  # ends before it starts: as without an end
    ],
)
def test_when(start: datetime, hours: float | None, now: datetime, is_: When) -> None:
    assert when(event("a", start, hours=hours), now) is is_


def test_today_is_the_events_day_and_not_the_laptops() -> None:
    late = event("a", at(26, 22, 30))
    assert when(late, at(26, 21)) is When.UPCOMING
    assert when(late, at(26, 22, 10)) is When.TODAY
    assert when(event("a", at(26, 22, 30), zone=None), at(26, 21)) is When.TODAY


def test_an_event_without_an_end_is_over_when_the_site_says_so() -> None:
    assert when(event("a", at(25, 10), hours=None, expired=True), NOW) is When.PAST


def test_an_event_without_a_date_is_to_come_unless_it_expired() -> None:
    assert when(event("a", None), NOW) is When.UPCOMING
    assert when(event("a", None, expired=True), NOW) is When.PAST


EVENTS = [
    event("undated", None),
    event("next week", at(30, 18), title="Jazz på Ågården", venue="Ågården"),
    event("last month", at(1, 18), title="Old"),
    event("tonight", at(26, 19), title="Summer night"),
    event("last week", at(19, 18), title="Less old"),
    event("matinee", at(26, 12)),
    event("tomorrow", at(27, 18)),
]


def names(rows: list[tuple[When, Event]]) -> list[str]:
    return [event.uuid for _, event in rows]


def test_todays_are_on_top_then_those_to_come() -> None:
    assert names(arrange(EVENTS, NOW)) == [
        "matinee",
        "tonight",
        "tomorrow",
        "next week",
        "undated",
    ]


def test_those_that_are_over_come_last_and_on_request() -> None:
    assert names(arrange(EVENTS, NOW, expired=True))[-2:] == ["last week", "last month"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("summer", ["tonight"]),
        ("NIGHT summer", ["tonight"]),
        ("agarden jazz", ["next week"]),
        ("30 june", ["next week"]),
        ("2026-06-27", ["tomorrow"]),
        ("nothing such", []),
        ("  ", ["matinee", "tonight", "tomorrow", "next week", "undated"]),
    ],
)
def test_search_looks_in_title_place_and_date(query: str, found: list[str]) -> None:
    assert names(arrange(EVENTS, NOW, query=query)) == found


def test_search_knows_the_days_as_they_are_written_in_the_language_in_use() -> None:
    for query in ("30. juni", "tirsdag jazz", "tirs."):
        assert names(arrange(EVENTS, NOW, query=query)) == []
        use("da")
        assert names(arrange(EVENTS, NOW, query=query)) == ["next week"]
        use("en")


def test_one_event_today_opens_straight() -> None:
    only = event("tonight", at(26, 19))
    assert opens_straight([event("tomorrow", at(27, 18)), only], NOW) == only


@pytest.mark.parametrize(
    "events", [[], [event("tomorrow", at(27, 18))], [event("a", at(26, 12)), event("b", NOW)]]
)
def test_none_or_several_today_have_to_be_picked(events: list[Event]) -> None:
    assert opens_straight(events, NOW) is None


def test_more_days_than_there_were_are_all_of_them() -> None:
    assert days_before(NOW, 30) == NOW - timedelta(days=30)
    for days in (1_000_000, 10**30):
        assert days_before(NOW, days) == datetime.min.replace(tzinfo=UTC)
