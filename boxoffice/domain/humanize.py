"""Moments, spans and counts as people say them: English, whatever the computer's language."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from boxoffice.domain.models import Event

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def format_duration(span: timedelta) -> str:
    """`12 s`, `3 min`, `2 h`, `4 days`. A clock that was set back makes it `0 s`."""
    seconds = max(int(span.total_seconds()), 0)
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min"
    if seconds < 2 * 86400:
        return f"{seconds // 3600} h"
    return f"{seconds // 86400} days"


def format_day(day: date, today: date) -> str:
    """`Sat 28 Nov`, with the year when it is another one than today's."""
    text = f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"
    return text if day.year == today.year else f"{text} {day.year}"


def format_time(moment: datetime, event: Event, now: datetime) -> str:
    """The time at the event: `19:02`, with the date when it was on another day than today."""
    local, today = moment.astimezone(event.zone), event.today(now)
    time = f"{local:%H:%M}"
    if event.today(moment) == today:
        return time
    return f"{time} on {format_day(local.date(), today)}"


def describe_clock_offset(by: timedelta) -> str:
    """What is wrong with a computer's clock that is ahead `by` so much; empty: nothing is."""
    if not by:
        return ""
    which = "ahead of" if by > timedelta() else "behind"
    by = timedelta(minutes=round(by / timedelta(minutes=1)))  # the site tells whole seconds only
    return (
        f"This computer's clock is {format_duration(abs(by))} {which} the site's: "
        "times here are the site's."
    )


def count(number: int, thing: str) -> str:
    """`1 ticket`, `2 tickets`."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def describe_difference(difference: Decimal) -> str:
    """How a count of money differs, without the amount: `exact`, `too much`, `too little`."""
    if not difference:
        return "exact"
    return "too much" if difference > 0 else "too little"


def describe_unreckoned(sales: int) -> str:
    """What a count of the till has to reckon with, where so many cash sales are not settled."""
    return f"{count(sales, 'cash sale')} not settled: its cash is not reckoned yet."


def lane_name(name: str) -> str:
    """As a sentence calls it."""
    return f"lane {name}" if name else "a lane without a name"
