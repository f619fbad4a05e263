"""Which day it is at an event, and how long a day lasts: the one place that says so.

How it is read:

- A day lasts until 06:00 of the next, or until the event's end where that is later. Of an event of
  several days the end is that of its last day alone: day 1 ends at 06:00 of day 2.
- An event of 24 hours or less is one night or one day, whatever its end: its only day is that of
  its start. A longer one ends on the day its end is on; before noon, and earlier in the day than
  it began, it is the last night that ends, and so the day before.
- While the night of a day of the event lasts, the next day has not begun, before 06:00: tomorrow's
  ticket is not good yet. The first day of an event begins at midnight, or `DOORS` before a start
  in the small hours.
- Where the site does not say when it begins, the days are the calendar's, and each lasts until
  06:00 of the next. An end that is not told, or stands before the start, prolongs nothing.
- Where the zone has no name, a ticket's date that has an offset of its own is as it is written.
- Hours are those of the event's clocks, so that a night on which they are changed is as long as it
  is there.
"""

from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import NamedTuple

MORNING = time(6)
"""A day lasts until here of the next one, at least."""
NOON = time(12)
DOORS = timedelta(hours=1)
"""People are let in so long before the start, at the earliest."""
ONE_SESSION = timedelta(hours=24)
DAY = timedelta(days=1)


class EventDays(NamedTuple):
    """The days of one event, by its own clocks."""

    start: datetime | None
    end: datetime | None
    """None: not told."""
    zone: tzinfo

    @property
    def first(self) -> date | None:
        """None: it is not known when it begins."""
        return self._local(self.start).date() if self.start else None

    @property
    def last(self) -> date | None:
        """The day that its end prolongs; None: it is not known when it ends."""
        if self.start is None or self.end is None or self.end <= self.start:
            return None
        start, end = self._local(self.start), self._local(self.end)
        if end - start <= ONE_SESSION:
            return start.date()
        early = end.time() <= NOON and end.time() <= start.time()
        return end.date() - DAY if early else end.date()

    def begins(self, day: date) -> datetime:
        """When people with a ticket of that day may come in, in UTC."""
        midnight = self._moment(day, time())
        if self.first is None or self.start is None:
            return midnight
        if day == self.first:
            return min(midnight, self.start.astimezone(UTC) - DOORS)
        return self._moment(day, MORNING) if self._is_on(day - DAY) else midnight

    def ends(self, day: date) -> datetime:
        """Until when that day lasts, in UTC."""
        morning = self._moment(day + DAY, MORNING)
        if day != self.last or self.end is None:
            return morning
        return max(morning, self.end.astimezone(UTC))

    def is_on(self, day: date, now: datetime) -> bool:
        """Whether a ticket of that day is good at the moment `now`."""
        try:
            return self.begins(day) <= now.astimezone(UTC) < self.ends(day)
        except OverflowError:  # the first or the last day that there is
            return False

    def today(self, now: datetime) -> date:
        """The day it is at the event: after midnight still the day whose night lasts."""
        local = self._local(now).date()
        if local == date.min:
            return local
        day_before = local - DAY
        return day_before if self._is_on(day_before) and now < self.ends(day_before) else local

    def day_of(self, moment: datetime) -> date:
        """The day that a ticket of this moment is for; naive, it is as the event's clocks show it.

        The small hours of an event that has begun belong to its night. Midnight is no hour, but how
        sites write a date. Raises OverflowError for a moment that the event's clocks cannot show.
        """
        local = self._shown(moment)
        day = local.date()
        if time() < local.time() < MORNING and self._is_on(day - DAY):
            return day - DAY
        return day

    def _shown(self, moment: datetime) -> datetime:
        """As the event's clocks show it, by the better of two guesses where its zone is one."""
        guessed = isinstance(self.zone, timezone)
        if moment.tzinfo is None or (guessed and moment.utcoffset()):
            return moment.replace(tzinfo=None)
        return self._local(moment)

    def _is_on(self, day: date) -> bool:
        """Whether that day is one of the event's."""
        first, last = self.first, self.last
        return first is not None and first <= day and (last is None or day <= last)

    def _local(self, moment: datetime) -> datetime:
        """As the event's clocks show it, without the zone: one hour is then the next one's."""
        return moment.astimezone(self.zone).replace(tzinfo=None)

    def _moment(self, day: date, hour: time) -> datetime:
        return datetime.combine(day, hour, self.zone).astimezone(UTC)
