"""How people come in: by ticket type, by the minute, and when all will be in. Pure.

Our own check-ins have a time, and so have those of the other doors of our venue. Any others are
only known to lie between two looks at the list, and are spread evenly over the time between.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from boxoffice.domain.models import CheckInWindow, Ticket

MINUTE = timedelta(minutes=1)
RATE_OVER = timedelta(minutes=5)
WIDEST = timedelta(hours=1)
"""Two looks further apart say too little of when somebody came."""
LONGEST = timedelta(hours=24)
"""How far back minutes are counted, and how far ahead an end is foretold."""
SIZES = (1, 2, 5, 10, 15, 30, 60)
"""Minutes of one bar."""


class Holder(NamedTuple):
    """A ticket that is not refunded, as far as the arrival of its holder goes."""

    ticket_type: str
    is_in: bool
    admitted_at: datetime | None = None
    """By this computer."""
    seen: CheckInWindow | None = None
    """For check-ins of other doors; None: not known."""
    is_extra: bool = False
    """Merchandise: it is handed out, and nobody arrives."""
    let_in_at: datetime | None = None
    """By another door of the venue."""


class TypeCount(NamedTuple):
    title: str
    inside: int
    expected: int
    """All of them, in or not."""


class Minute(NamedTuple):
    """Who came in within one minute."""

    ours: int = 0
    others: float = 0.0
    """Shares of other doors' check-ins, by the time between the looks that falls into it."""
    timed: int = 0
    """Other doors' whose times are known."""

    @property
    def total(self) -> float:
        return self.ours + self.others + self.timed


@dataclass(frozen=True, slots=True)
class Arrivals:
    """How it stands at the moment `at`. Refunded tickets are left out of all of it."""

    at: datetime
    by_type: tuple[TypeCount, ...]
    start: datetime | None
    """When the first of `minutes` begins; None: nobody came, or nobody knows when."""
    minutes: tuple[Minute, ...]
    rate: float
    """People a minute, over the last five."""
    all_in_at: datetime | None
    """When all will be in at that rate; None: all are, or it cannot be told."""
    ours: int
    others: int
    others_unplaced: int
    """Those of `others` who are in no minute: they were in at the first look at the list, or two
    looks were too far apart."""
    handed_out: tuple[TypeCount, ...] = ()
    """Merchandise, which is in none of the other figures."""

    @property
    def inside(self) -> int:
        return self.ours + self.others

    @property
    def expected(self) -> int:
        return sum(row.expected for row in self.by_type)

    @property
    def missing(self) -> int:
        """How many are still to come."""
        return self.expected - self.inside


class Bar(NamedTuple):
    start: datetime
    per_minute: float
    elsewhere: bool
    """Some of it rests on other doors' check-ins, whose times are not known exactly."""


class Span(NamedTuple):
    """A time in which so many came in, each as likely at any moment of it."""

    after: datetime
    before: datetime
    people: int

    def within(self, start: datetime, end: datetime) -> float:
        """How many of them fall between `start` and `end`, `end` not included."""
        whole = self.before - self.after
        if not whole:
            return float(self.people) if start <= self.before < end else 0.0
        part = min(end, self.before) - max(start, self.after)
        return self.people * max(0.0, part / whole)


def holders(
    tickets: Mapping[str, Ticket],
    admitted: Mapping[str, datetime],
    seen: Mapping[str, CheckInWindow],
    extras: frozenset[str],
    let_in: Mapping[str, datetime] | None = None,
) -> Iterator[Holder]:
    """All who may come, from the list. Mappings are by ticket; `extras`: case-folded titles.

    `let_in`: by other doors of the venue, and when.
    """
    let_in = let_in or {}
    for uuid, ticket in tickets.items():
        if not ticket.refunded:
            yield Holder(
                ticket.ticket_type,
                ticket.checked_in or uuid in admitted or uuid in let_in,
                admitted.get(uuid),
                seen.get(uuid),
                ticket.ticket_type.casefold() in extras,
                let_in.get(uuid),
            )


def count(holders: Iterable[Holder], now: datetime) -> Arrivals:
    """Count those who are in. `now`: in the time zone of what is answered."""
    zone, now = now.tzinfo, now.astimezone(UTC)  # an hour that comes twice is two
    inside: Counter[str] = Counter()
    expected: Counter[str] = Counter()
    ours: list[datetime] = []
    timed: list[datetime] = []
    bounds: Counter[CheckInWindow] = Counter()
    others = 0
    handed_out: Counter[str] = Counter()
    extras: Counter[str] = Counter()
    for holder in holders:
        if holder.is_extra:
            extras[holder.ticket_type] += 1
            handed_out[holder.ticket_type] += holder.is_in
            continue
        expected[holder.ticket_type] += 1
        if not holder.is_in:
            continue
        inside[holder.ticket_type] += 1
        if holder.admitted_at is not None:
            ours.append(min(holder.admitted_at, now))  # the clock may have been set back since
            continue
        others += 1
        if holder.let_in_at is not None:
            timed.append(min(holder.let_in_at, now))
        elif holder.seen is not None:
            bounds[holder.seen] += 1
    spans = list(_spans(bounds, now))
    start, minutes = _minutes(ours, timed, spans, now)
    lately = sum(now - RATE_OVER < at <= now for at in (*ours, *timed)) + sum(
        span.within(now - RATE_OVER, now + timedelta.resolution) for span in spans
    )
    rate = lately / (RATE_OVER / MINUTE)
    end = _end(now, expected.total() - inside.total(), rate)
    return Arrivals(
        at=now.astimezone(zone),
        by_type=_by_type(inside, expected),
        start=start.astimezone(zone) if start else None,
        minutes=minutes,
        rate=rate,
        all_in_at=end.astimezone(zone) if end else None,
        ours=len(ours),
        others=others,
        others_unplaced=others - len(timed) - sum(span.people for span in spans),
        handed_out=_by_type(handed_out, extras),
    )


def _by_type(inside: Counter[str], expected: Counter[str]) -> tuple[TypeCount, ...]:
    return tuple(TypeCount(title, inside[title], expected[title]) for title in sorted(expected))


def _spans(bounds: Counter[CheckInWindow], now: datetime) -> Iterator[Span]:
    for seen, people in bounds.items():
        if seen.after is None or seen.before - seen.after > WIDEST:
            continue
        before = min(seen.before, now)
        yield Span(min(seen.after, before), before, people)


def _minutes(
    ours: list[datetime], timed: list[datetime], spans: list[Span], now: datetime
) -> tuple[datetime | None, tuple[Minute, ...]]:
    """From the first that is known to this minute, but not more than LONGEST. `now`: in UTC."""
    known = [*ours, *timed, *(span.after for span in spans)]
    if not known:
        return None, ()
    first = max(min(known), now - LONGEST).astimezone(UTC).replace(second=0, microsecond=0)
    by_us, by_others = (Counter((at - first) // MINUTE for at in times) for times in (ours, timed))
    others: dict[int, float] = {}
    for span in spans:
        for number in range((span.after - first) // MINUTE, (span.before - first) // MINUTE + 1):
            start = first + number * MINUTE
            if part := span.within(start, start + MINUTE):
                others[number] = others.get(number, 0.0) + part
    last = (now - first) // MINUTE
    minutes = tuple(Minute(by_us[at], others.get(at, 0.0), by_others[at]) for at in range(last + 1))
    return first, minutes


def _end(now: datetime, missing: int, rate: float) -> datetime | None:
    if missing <= 0 or missing > rate * (LONGEST / MINUTE):
        return None
    return now + MINUTE * (missing / rate)


def bars(arrivals: Arrivals, most: int) -> tuple[int, tuple[Bar, ...]]:
    """At most `most` bars for a plot, and how many minutes each stands for.

    They begin at full multiples of that, by the clock. What is too long even for bars of an hour
    loses its beginning.
    """
    if arrivals.start is None or most <= 0:
        return SIZES[0], ()
    for size in SIZES:
        offset = arrivals.start.minute % size
        needed = -(-(offset + len(arrivals.minutes)) // size)
        if needed <= most:
            break
    zone, start = arrivals.start.tzinfo, arrivals.start.astimezone(UTC) - offset * MINUTE
    made = []
    for number in range(needed):
        slots = range(max(0, number * size - offset), (number + 1) * size - offset)
        within = arrivals.minutes[slots.start : slots.stop]
        made.append(
            Bar(
                (start + number * size * MINUTE).astimezone(zone),
                sum(minute.total for minute in within) / len(within),
                any(minute.others for minute in within),
            )
        )
    return size, tuple(made[-most:])
