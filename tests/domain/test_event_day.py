"""Which day it is at an event, and on which days a ticket is good."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from boxoffice.domain.admission_rules import Facts, decide
from boxoffice.domain.event_day import EventDays
from boxoffice.domain.events import opens_straight
from boxoffice.domain.humanize import format_time
from boxoffice.domain.models import Event, Ticket
from tests.support import table

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def local(text: str, zone: str = "Europe/Copenhagen") -> datetime:
    """`27 22:00` of November 2026, as the event's clocks show it: a Friday; 28 a Saturday."""
    day, _, hour = text.partition(" ")
    whole = text if text[:2] == "20" else f"2026-11-{day} {hour}"
    return datetime.fromisoformat(whole).replace(tzinfo=ZoneInfo(zone))


def event(
    start: str | None, end: str | None = None, zone: str | None = "Europe/Copenhagen"
) -> Event:
    begins, ends = local(start) if start else None, local(end) if end else None
    return Event("e" * 32, "Ball", begins, ends, zone)


def verdict(of: Event, valid: str, now: str) -> str:
    ticket = Ticket("a" * 32, of.uuid, checked_in=False, date=valid)
    facts = Facts(ticket, of, local(now).astimezone(UTC), confirmed=True)
    return decide(facts).code.value


NIGHT = ("27 22:00", "28 05:00")
LONG_NIGHT = ("27 22:00", "28 08:00")
OVERNIGHT = ("27 18:00", "28 17:00")
FESTIVAL = ("27 16:00", "29 14:00")
CLUB_NIGHTS = ("27 22:00", "29 08:00")
CONFERENCE = ("27 09:00", "29 11:30")
AFTER_MIDNIGHT = ("28 00:30", "28 06:30")


@table(
    ("times", "valid", "now", "is_on"),
    [
        # A night: good until 06:00, or as long as it goes on
        (NIGHT, "2026-11-27", "27 00:00", True),
        (NIGHT, "2026-11-27", "27 22:10", True),
        (NIGHT, "2026-11-27", "28 00:50", True),
        (NIGHT, "2026-11-27", "28 05:59", True),
        (NIGHT, "2026-11-27", "28 06:00", False),
        (NIGHT, "2026-11-27", "26 23:59", False),
        (LONG_NIGHT, "2026-11-27", "28 07:59", True),
        (LONG_NIGHT, "2026-11-27", "28 08:00", False),
        (OVERNIGHT, "2026-11-27", "28 16:59", True),
        (OVERNIGHT, "2026-11-27", "28 17:00", False),
        # Tomorrow's ticket while the night lasts
        (NIGHT, "2026-11-28", "28 00:50", False),
        (NIGHT, "2026-11-28", "28 05:59", False),
        (NIGHT, "2026-11-28", "28 06:00", True),
        (NIGHT, "2026-11-28", "28 23:00", True),
        # Several days: the end of all of them is the last day's alone
        (FESTIVAL, "2026-11-27", "28 02:00", True),
        (FESTIVAL, "2026-11-27", "28 11:00", False),
        (FESTIVAL, "2026-11-27", "29 13:00", False),
        (FESTIVAL, "2026-11-28", "28 00:50", False),
        (FESTIVAL, "2026-11-28", "28 11:00", True),
        (FESTIVAL, "2026-11-28", "29 05:00", True),
        (FESTIVAL, "2026-11-28", "29 11:00", False),
        (FESTIVAL, "2026-11-29", "29 11:00", True),
        (FESTIVAL, "2026-11-29", "29 05:00", False),
        (CLUB_NIGHTS, "2026-11-28", "29 07:59", True),
        (CLUB_NIGHTS, "2026-11-28", "29 08:00", False),
        (CLUB_NIGHTS, "2026-11-27", "28 07:00", False),
        (CLUB_NIGHTS, "2026-11-27", "29 07:00", False),
        (CONFERENCE, "2026-11-28", "29 09:30", False),
        (CONFERENCE, "2026-11-29", "29 09:30", True),
        # It begins after midnight, or at it
        (AFTER_MIDNIGHT, "2026-11-28", "28 00:10", True),
        (AFTER_MIDNIGHT, "2026-11-28", "27 23:40", True),
        (AFTER_MIDNIGHT, "2026-11-28", "27 20:00", False),
        (AFTER_MIDNIGHT, "2026-11-28", "28 06:20", True),
        (AFTER_MIDNIGHT, "2026-11-27", "28 00:40", True),
        (("28 00:00", "28 05:00"), "2026-11-28", "27 23:30", True),
        # Moments: the small hours are the night's, midnight is a date
        (NIGHT, "2026-11-27T22:00", "28 00:50", True),
        (NIGHT, "2026-11-28T00:30:00+01:00", "28 00:50", True),
        (NIGHT, "2026-11-27T23:30:00Z", "28 00:50", True),
        (NIGHT, "2026-11-28T00:00:00+01:00", "28 00:50", False),
        (NIGHT, "2026-11-28T00:30:00+01:00", "28 12:00", False),
        # Without an end, with one that cannot be, without a start
        (("27 22:00", None), "2026-11-27", "28 05:59", True),
        (("27 22:00", None), "2026-11-27", "28 06:00", False),
        (("27 22:00", None), "2026-11-28", "28 00:50", False),
        (("27 22:00", "27 20:00"), "2026-11-27", "28 05:59", True),
        (("27 22:00", "27 20:00"), "2026-11-27", "28 06:00", False),
        ((None, None), "2026-11-27", "28 00:50", True),
        ((None, None), "2026-11-28", "28 00:50", True),
        ((None, None), "2026-11-27", "28 06:00", False),
    ],
)
def test_the_day_of_a_ticket(
    times: tuple[str | None, str | None], valid: str, now: str, is_on: bool
) -> None:
    assert verdict(event(*times), valid, now) == ("admitted" if is_on else "wrong_day")


@table(
    ("start", "end", "valid", "good", "over"),
    [
        # An hour less: 02:00 is 03:00 on Sunday 29 March
        (
            "2026-03-28 22:00",
            "2026-03-29 05:00",
            "2026-03-28",
            "2026-03-29T03:59:59+00:00",
            "2026-03-29T04:00:00+00:00",
        ),
        # An hour more: 02:00 to 03:00 twice on Sunday 25 October
        (
            "2026-10-24 22:00",
            "2026-10-25 05:00",
            "2026-10-24",
            "2026-10-25T04:59:59+00:00",
            "2026-10-25T05:00:00+00:00",
        ),
        (
            "2026-10-24 22:00",
            "2026-10-25 08:00",
            "2026-10-24T22:00:00+02:00",
            "2026-10-25T06:59:59+00:00",
            "2026-10-25T07:00:00+00:00",
        ),
    ],
)
def test_nights_on_which_the_clocks_are_changed(
    start: str, end: str, valid: str, good: str, over: str
) -> None:
    ball = event(start, end)
    days = ball.days
    day = date.fromisoformat(valid[:10])
    assert days.is_on(day, datetime.fromisoformat(good))
    assert not days.is_on(day, datetime.fromisoformat(over))
    assert not days.is_on(
        day + timedelta(days=1), datetime.fromisoformat(good) - timedelta(hours=3)
    )
    for hours in range(7):  # 22:30 to 04:30 in real hours, the doubled one among them
        now = local(start).astimezone(UTC) + timedelta(hours=hours, minutes=30)
        assert ball.today(now) == day


def test_a_festival_over_the_change_of_clocks_without_a_named_zone() -> None:
    summer = datetime.fromisoformat("2026-10-24T10:00:00+02:00")
    days = EventDays(summer, None, summer.tzinfo or UTC)
    monday = datetime.fromisoformat("2026-10-26T00:00:00+01:00")
    assert days.day_of(monday) == date(2026, 10, 26)
    assert days.day_of(datetime.fromisoformat("2026-10-25T22:00:00Z")) == date(2026, 10, 26)


def test_an_event_without_zone_and_start_takes_the_tickets_own_date() -> None:
    nowhere = Event("e" * 32, "Ball")
    ticket = Ticket("a" * 32, nowhere.uuid, checked_in=False, date="2026-11-28T00:00:00+01:00")
    facts = Facts(ticket, nowhere, datetime(2026, 11, 28, 18, tzinfo=UTC), confirmed=True)
    assert decide(facts).code == "admitted"


def test_the_zone_is_the_events_and_not_the_computers() -> None:
    island = Event(
        "e" * 32, "Ball", local("27 20:00", "Pacific/Kiritimati"), None, "Pacific/Kiritimati"
    )
    ticket = Ticket("a" * 32, island.uuid, checked_in=False, date="2026-11-27T20:00:00+14:00")
    good = Facts(ticket, island, datetime(2026, 11, 27, 15, 59, tzinfo=UTC), confirmed=True)
    assert decide(good).code == "admitted"
    assert decide(good._replace(now=good.now + timedelta(minutes=1))).code == "wrong_day"


def test_what_is_said_of_tomorrows_ticket_in_the_night() -> None:
    ball = event(*NIGHT)
    ticket = Ticket("a" * 32, ball.uuid, checked_in=False, date="2026-11-28T22:00:00+01:00")
    night = decide(Facts(ticket, ball, local("28 00:50"), confirmed=True))
    assert night.reason == "Valid on Sat 28 Nov: the night of Fri 27 Nov still lasts"
    before = decide(Facts(ticket, ball, local("27 22:50"), confirmed=True))
    assert before.reason == "Valid on Sat 28 Nov, today is Fri 27 Nov"


@table(
    ("moment", "now", "said"),
    [
        ("27 23:10", "28 00:50", "23:10"),
        ("28 00:40", "28 00:50", "00:40"),
        ("27 23:10", "28 06:10", "23:10 on Fri 27 Nov"),
        ("28 00:40", "28 12:00", "00:40 on Sat 28 Nov"),
        ("28 12:00", "28 12:30", "12:00"),
    ],
)
def test_a_time_of_the_same_night_has_no_date(moment: str, now: str, said: str) -> None:
    assert format_time(local(moment), event(*NIGHT), local(now)) == said


def test_while_a_night_lasts_its_event_opens_straight() -> None:
    tonight = replace(event(*NIGHT), uuid="1" * 32)
    tomorrow = replace(event("28 19:00", "28 23:00"), uuid="2" * 32)
    at_two = replace(event("28 02:00", "28 05:00"), uuid="3" * 32)
    assert opens_straight([tonight, tomorrow], local("28 00:50")) == tonight
    assert opens_straight([tonight, tomorrow], local("28 12:00")) == tomorrow
    assert opens_straight([tonight, tomorrow, at_two], local("28 00:50")) is None
    assert opens_straight([tomorrow], local("28 00:50")) == tomorrow


moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(COPENHAGEN))


@given(
    moments,
    st.none() | st.timedeltas(timedelta(minutes=1), timedelta(days=5)),
    st.timedeltas(timedelta(days=-2), timedelta(days=8)),
)
def test_there_is_always_a_day_that_is_on_and_it_is_today(
    start: datetime, lasts: timedelta | None, after: timedelta
) -> None:
    begun = start.astimezone(UTC)
    days = EventDays(begun, begun + lasts if lasts else None, COPENHAGEN)
    now = begun + after
    today = days.today(now)
    assert days.is_on(today, now)
    others = {today + timedelta(days=by) for by in (-3, -2, -1, 1, 2, 3)}
    on = {day for day in others if days.is_on(day, now)}
    # Two days at once only in the small hours, before the doors of a start, and in a long session.
    assert len(on) <= 1
    for day in on:
        assert abs(day - today) == timedelta(days=1)


@given(moments, st.timedeltas(timedelta(hours=25), timedelta(days=6)), moments)
def test_of_several_days_none_but_the_last_outlasts_the_morning(
    start: datetime, lasts: timedelta, now: datetime
) -> None:
    days = EventDays(start, start.astimezone(UTC) + lasts, COPENHAGEN)
    assert days.first is not None
    last = days.last
    for by in range(8):
        day = days.first + timedelta(days=by)
        local_morning = datetime.combine(
            day + timedelta(days=1), datetime.min.time().replace(hour=6), COPENHAGEN
        )
        if day != last:
            assert days.ends(day) == local_morning.astimezone(UTC)
        assert days.begins(day) < days.ends(day)
