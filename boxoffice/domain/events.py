"""The order in which events are offered, and when none need be picked at all."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from functools import lru_cache

from boxoffice.domain.event_day import MORNING
from boxoffice.domain.humanize import format_date, format_moment
from boxoffice.domain.models import Event
from boxoffice.domain.text import fold
from boxoffice.language import current

AFTER_THE_END = timedelta(hours=3)
"""A night that ran past midnight is still today's, for as long as people may be let in again."""
WITHOUT_AN_END = timedelta(hours=6)
"""How long an event is taken to last when the site does not say."""
MAY_STILL_BE_ON = timedelta(days=10)
"""How long it is offered without an end, unless the site calls it expired: it may be a festival."""


class When(IntEnum):
    """Where an event stands, in the order in which it is offered."""

    TODAY = 0
    BEGUN = 1
    """Before today; perhaps still on, as it is not told when it ends."""
    UPCOMING = 2
    PAST = 3


def when(event: Event, now: datetime) -> When:
    """Where `event` stands at the moment `now`, by its own time zone."""
    if event.start is None:
        return When.PAST if event.expired else When.UPCOMING
    days, today = event.days, event.today(now)
    first = event.start.astimezone(event.zone).date()
    if first > today and now < days.begins(first):
        return When.UPCOMING
    end = event.end if event.end and event.end > event.start else event.start + WITHOUT_AN_END
    lasts = days.ends(days.last if days.last is not None else days.day_of(end))
    if first >= today or now <= end + AFTER_THE_END or now < lasts:
        return When.TODAY
    if event.end is None and not event.expired and now <= event.start + MAY_STILL_BE_ON:
        return When.BEGUN
    return When.PAST


def ended_at(event: Event) -> datetime | None:
    """When it was over at the latest; None: it is not known when it began."""
    if event.start is None:
        return None
    end = event.end if event.end and event.end > event.start else event.start + MAY_STILL_BE_ON
    return end + AFTER_THE_END


def days_before(now: datetime, days: int) -> datetime:
    """So many days before `now`; where there were not as many, the first moment that there is."""
    try:
        return now - timedelta(days=days)
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)


def arrange(
    events: Iterable[Event], now: datetime, *, query: str = "", expired: bool = False
) -> list[tuple[When, Event]]:
    """The events to offer: today's first, then those that may still be on or are to come.

    `expired`: also those that are over, latest first. `query`: only those in whose title, place or
    date every word occurs.
    """
    words = fold(query).split()
    offered = [
        (moment, event)
        for event in events
        if ((moment := when(event, now)) is not When.PAST or expired)
        and all(word in _searched(event) for word in words)
    ]
    return sorted(offered, key=_order)


def opens_straight(events: Iterable[Event], now: datetime) -> Event | None:
    """The event to open without asking: the only one of today.

    While a night lasts, what begins after it counts as tomorrow's.
    """
    today = [event for event in events if when(event, now) is When.TODAY]
    nights = [event for event in today if event.today(now) < now.astimezone(event.zone).date()]
    today = [event for event in today if not nights or event in nights or not _after_a_night(event)]
    return today[0] if len(today) == 1 else None


def _after_a_night(event: Event) -> bool:
    """Whether people who are out at night would call its day tomorrow."""
    return event.start is not None and event.start.astimezone(event.zone).time() >= MORNING


def _order(row: tuple[When, Event]) -> tuple[When, bool, float, str]:
    moment, event = row
    start = event.start.astimezone(UTC).timestamp() if event.start else 0.0
    past = moment is When.PAST
    return moment, event.start is None, -start if past else start, fold(event.title)


def _searched(event: Event) -> str:
    date = _date_searched(event.start.astimezone(event.zone), current()) if event.start else ""
    return fold(f"{event.title} {event.venue} {date}")


@lru_cache(maxsize=4096)
def _date_searched(local: datetime, _language: str) -> str:
    return f"{local:%Y-%m-%d %d} {format_date(local)} {format_moment(local)}"
