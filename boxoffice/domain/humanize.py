"""Moments, spans, numbers and lists as people say them, in the language that is in use.

Babel knows how; English, which most starts are in, is written without loading it.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from boxoffice.domain.models import Event
from boxoffice.language import ENGLISH, _, current, ngettext

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def format_duration(span: timedelta) -> str:
    """`12 s`, `3 min`, `2 h`, `4 days`. A clock that was set back makes it `0 s`."""
    seconds = max(int(span.total_seconds()), 0)
    if seconds < 60:
        return _("{n} s").format(n=seconds)
    if seconds < 3600:
        return _("{n} min").format(n=seconds // 60)
    if seconds < 2 * 86400:
        return _("{n} h").format(n=seconds // 3600)
    days = seconds // 86400
    return ngettext("{n} day", "{n} days", days).format(n=days)


def format_day(day: date, today: date) -> str:
    """`Sat 28 Nov`, with the year when it is another one than today's."""
    with_year = day.year != today.year
    if current() == ENGLISH:
        text = f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"
        return f"{text} {day.year}" if with_year else text
    from babel.dates import format_skeleton  # noqa: PLC0415  # not to start

    return format_skeleton("yMMMEd" if with_year else "MMMEd", day, locale=current())


def format_moment(local: datetime) -> str:
    """`Sat 28 Nov 2026 19:02`."""
    if current() == ENGLISH:
        return f"{local:%a %d %b %Y %H:%M}"
    from babel.dates import format_skeleton  # noqa: PLC0415  # not to start

    day = format_skeleton("yMMMEd", local.date(), locale=current())
    return f"{day} {local:%H:%M}"


def format_date(local: datetime) -> str:
    """`Saturday 28 November 2026, 19:02`, for paper."""
    if current() == ENGLISH:
        return f"{local:%A} {local.day} {local:%B %Y}, {local:%H:%M}"
    from babel import dates  # noqa: PLC0415  # not to start

    day = dates.format_date(local.date(), "full", locale=current())
    return _("{day}, {time}").format(day=day, time=f"{local:%H:%M}")


def format_number(number: int) -> str:
    """`12,345`, grouped as the language does."""
    if current() == ENGLISH:
        return f"{number:,}"
    from babel.numbers import format_decimal  # noqa: PLC0415  # not to start

    return format_decimal(number, locale=current())


def format_decimal(number: float) -> str:
    """`1.5`, with one decimal."""
    if current() == ENGLISH:
        return f"{number:.1f}"
    from babel.numbers import format_decimal as written  # noqa: PLC0415  # not to start

    return written(number, format="0.0", locale=current())


def format_list(things: Sequence[str], *, any_of: bool = False) -> str:
    """`Ann, Bo and Cy`; `any_of`: `Ann, Bo or Cy`."""
    if current() == ENGLISH:
        *others, last = things or ("",)
        return f"{', '.join(others)} {'or' if any_of else 'and'} {last}" if others else last
    from babel.lists import format_list as babel_list  # noqa: PLC0415  # not to start

    return babel_list(things, style="or" if any_of else "standard", locale=current())


def format_time(moment: datetime, event: Event, now: datetime) -> str:
    """The time at the event: `19:02`, with the date when it was on another day than today."""
    local, today = moment.astimezone(event.zone), event.today(now)
    time = f"{local:%H:%M}"
    if event.today(moment) == today:
        return time
    day = format_day(local.date(), today)
    return _("{time} on {day}").format(time=time, day=day)


def describe_clock_offset(by: timedelta) -> str:
    """What is wrong with a computer's clock that is ahead `by` so much; empty: nothing is."""
    if not by:
        return ""
    sentence = (
        _("This computer's clock is {span} ahead of the site's: times here are the site's.")
        if by > timedelta()
        else _("This computer's clock is {span} behind the site's: times here are the site's.")
    )
    by = timedelta(minutes=round(by / timedelta(minutes=1)))  # the site tells whole seconds only
    return sentence.format(span=format_duration(abs(by)))


def describe_difference(difference: Decimal) -> str:
    """How a count of money differs, without the amount: `exact`, `too much`, `too little`."""
    if not difference:
        return _("exact")
    return _("too much") if difference > 0 else _("too little")


def describe_unreckoned(sales: int) -> str:
    """What a count of the till has to reckon with, where so many cash sales are not settled."""
    return ngettext(
        "{n} cash sale not settled: its cash is not reckoned yet.",
        "{n} cash sales not settled: its cash is not reckoned yet.",
        sales,
    ).format(n=sales)


def lane_name(name: str) -> str:
    """As a sentence calls it."""
    return _("lane {name}").format(name=name) if name else _("a lane without a name")
