"""Arrivals: counts, minutes, other doors' by their bounds, the rate and the end. Pure."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boxoffice.domain.arrivals import (
    LONGEST,
    MINUTE,
    WIDEST,
    Arrivals,
    Holder,
    Minute,
    TypeCount,
    bars,
    count,
)
from boxoffice.domain.models import CheckInWindow

NOW = datetime(2026, 5, 8, 20, 0, 30, tzinfo=UTC)


def ago(minutes: float) -> datetime:
    return NOW - MINUTE * minutes


def ours(*minutes: float, kind: str = "Standard") -> list[Holder]:
    return [Holder(kind, True, ago(each)) for each in minutes]


def elsewhere(after: float | None, before: float, people: int = 1) -> list[Holder]:
    seen = CheckInWindow(None if after is None else ago(after), ago(before))
    return [Holder("Standard", True, seen=seen)] * people


def coming(people: int, kind: str = "Standard") -> list[Holder]:
    return [Holder(kind, False)] * people


def test_nobody_is_in() -> None:
    arrivals = count(coming(3), NOW)
    assert (arrivals.inside, arrivals.expected, arrivals.missing) == (0, 3, 3)
    assert (arrivals.start, arrivals.minutes, arrivals.rate) == (None, (), 0)
    assert arrivals.all_in_at is None
    assert bars(arrivals, 70) == (1, ())


def test_by_type() -> None:
    arrivals = count([*ours(1, 2), *coming(2, "VIP"), *ours(3, kind="VIP")], NOW)
    assert arrivals.by_type == (TypeCount("Standard", 2, 2), TypeCount("VIP", 1, 3))


def test_ours_stand_in_the_minute_they_came_in() -> None:
    arrivals = count(ours(0, 0.4, 0.6, 3), NOW)
    assert arrivals.start == datetime(2026, 5, 8, 19, 57, tzinfo=UTC)
    assert [minute.ours for minute in arrivals.minutes] == [1, 0, 1, 2]
    assert not any(minute.others for minute in arrivals.minutes)


def test_others_are_spread_over_the_time_between_two_looks() -> None:
    arrivals = count(elsewhere(3.5, 0.5, people=6), NOW)
    assert [minute.others for minute in arrivals.minutes] == [2, 2, 2, 0]
    assert (arrivals.ours, arrivals.others, arrivals.others_unplaced) == (0, 6, 0)


def test_other_doors_of_the_venue_have_times() -> None:
    timed = [Holder("Standard", True, let_in_at=NOW - minutes * MINUTE) for minutes in (0.5, 2, 9)]
    arrivals = count([*timed, *ours(1), *elsewhere(None, 5, people=2)], NOW)
    assert (arrivals.ours, arrivals.others, arrivals.others_unplaced) == (1, 5, 2)
    assert sum(minute.timed for minute in arrivals.minutes) == 3
    assert sum(minute.total for minute in arrivals.minutes) == 4
    assert arrivals.rate == pytest.approx(3 / 5)
    assert not any(bar.elsewhere for bar in bars(arrivals, 60)[1])


def test_who_was_let_in_at_both_counts_as_ours() -> None:
    both = Holder("Standard", True, NOW - MINUTE, let_in_at=NOW - 2 * MINUTE)
    arrivals = count([both], NOW)
    assert (arrivals.ours, arrivals.others) == (1, 0)


def test_looks_at_one_and_the_same_moment() -> None:
    arrivals = count(elsewhere(2, 2, people=3), NOW)
    assert sum(minute.others for minute in arrivals.minutes) == 3


@pytest.mark.parametrize(
    "holders",
    [
        elsewhere(None, 5, people=4),
        elsewhere(WIDEST / MINUTE + 5.1, 5, people=4),
        [Holder("Standard", True)] * 4,
    ],
    ids=["in at the first look", "two looks too far apart", "nothing is known"],
)
def test_others_of_whom_nobody_knows_when(holders: list[Holder]) -> None:
    arrivals = count([*holders, *ours(1)], NOW)
    assert (arrivals.others, arrivals.others_unplaced) == (4, 4)
    assert sum(minute.total for minute in arrivals.minutes) == 1


@pytest.mark.parametrize(
    ("holders", "rate"),
    [
        (ours(0, 1, 2, 4.9, 5, 6), 4 / 5),
        (elsewhere(10, 0, people=10), 1),
        (elsewhere(7, 3, people=4) + ours(1), 3 / 5),
        (elsewhere(20, 6, people=4), 0),
        (elsewhere(None, 0, people=4), 0),
    ],
)
def test_rate_over_the_last_five_minutes(holders: list[Holder], rate: float) -> None:
    assert count(holders, NOW).rate == pytest.approx(rate)


def test_when_all_will_be_in() -> None:
    assert count([*ours(1, 2, 3, 4, 4), *coming(30)], NOW).all_in_at == NOW + 30 * MINUTE
    assert count(ours(1, 2), NOW).all_in_at is None
    assert count([*ours(10), *coming(3)], NOW).all_in_at is None
    assert count([*ours(1), *coming(10_000)], NOW).all_in_at is None


def test_a_clock_that_was_set_back() -> None:
    arrivals = count([*ours(-600, -1, 1), *elsewhere(-60, -90), *elsewhere(1, -5)], NOW)
    assert sum(minute.total for minute in arrivals.minutes) == pytest.approx(5)
    assert len(arrivals.minutes) == 2


def test_a_day_is_the_most_that_is_counted() -> None:
    arrivals = count(ours(60 * 24 * 400, 1), NOW)
    assert len(arrivals.minutes) == LONGEST / MINUTE + 1
    assert sum(minute.ours for minute in arrivals.minutes) == 1
    assert arrivals.ours == 2


def spell(minutes: Sequence[Minute], start: datetime) -> Arrivals:
    return Arrivals(NOW, (), start, tuple(minutes), 0, None, 0, 0, 0)


START = datetime(2026, 5, 8, 18, 58, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "most", "size"),
    [(60, 70, 1), (70, 70, 1), (71, 70, 2), (300, 70, 5), (24 * 60, 70, 30), (24 * 60, 10, 60)],
)
def test_bars_fit(minutes: int, most: int, size: int) -> None:
    found, drawn = bars(spell([Minute(1)] * minutes, START), most)
    assert found == size
    assert 0 < len(drawn) <= most
    assert all(bar.start.minute % size == 0 for bar in drawn)
    assert all(bar.per_minute == 1 for bar in drawn)
    assert not any(bar.elsewhere for bar in drawn)


def test_a_bar_is_the_mean_of_its_minutes_and_says_what_it_rests_on() -> None:
    size, drawn = bars(spell([Minute(4), Minute(2), Minute(0, 1.0), Minute(3)], START), 2)
    assert size == 2
    assert [bar.start for bar in drawn] == [START, START + 2 * MINUTE]
    assert [bar.per_minute for bar in drawn] == [3, 2]  # 0 of ours and 1 of others', then 3
    assert [bar.elsewhere for bar in drawn] == [False, True]


minutes_ago = st.floats(0, 600)
bounds = st.tuples(minutes_ago, st.floats(0, 59)).map(lambda each: (each[0] + each[1], each[0]))


@given(st.lists(minutes_ago, max_size=30), st.lists(bounds, max_size=30), st.integers(1, 100))
def test_nobody_is_lost_and_nobody_is_counted_twice(
    here: list[float], there: list[tuple[float, float]], most: int
) -> None:
    holders = [*ours(*here), *(holder for each in there for holder in elsewhere(*each))]
    arrivals = count(holders, NOW)
    assert arrivals.inside == len(holders)
    assert sum(minute.ours for minute in arrivals.minutes) == len(here)
    assert sum(minute.others for minute in arrivals.minutes) == pytest.approx(len(there))
    size, drawn = bars(arrivals, most)
    assert len(drawn) <= most
    if size < 60:
        marked = [bar.elsewhere for bar in drawn]
        assert any(marked) == bool(there)


def test_minutes_are_in_the_zone_asked_for() -> None:
    from zoneinfo import ZoneInfo

    arrivals = count(ours(1), NOW.astimezone(ZoneInfo("Europe/Copenhagen")))
    assert arrivals.start is not None
    assert arrivals.start.hour == 21
    assert arrivals.start.utcoffset() == timedelta(hours=2)


COPENHAGEN = ZoneInfo("Europe/Copenhagen")
TWICE = datetime(2026, 10, 25, 1, 10, 30, tzinfo=UTC).astimezone(COPENHAGEN)  # 02:10 again


def test_an_hour_that_comes_twice() -> None:
    """An hour ago it was 02:10 too."""
    before = [TWICE.astimezone(UTC) - MINUTE * each for each in (1, 61, 62, 63)]
    arrivals = count([*(Holder("Standard", True, at) for at in before), *coming(1)], TWICE)
    assert arrivals.rate == pytest.approx(1 / 5)
    assert len(arrivals.minutes) == 64
    assert [at for at, minute in enumerate(arrivals.minutes) if minute.ours] == [0, 1, 2, 62]
    assert arrivals.all_in_at is not None
    assert arrivals.all_in_at.astimezone(UTC) - TWICE.astimezone(UTC) == 5 * MINUTE
    assert arrivals.all_in_at.utcoffset() == timedelta(hours=1)


def test_bars_of_an_hour_that_comes_twice_or_not_at_all() -> None:
    spring = datetime(2026, 3, 29, 1, 30, tzinfo=UTC).astimezone(COPENHAGEN)
    for now, hours in ((TWICE, ["02", "02"]), (spring, ["01", "03"])):
        first = now.astimezone(UTC) - MINUTE * 60
        arrivals = count([Holder("Standard", True, first)], now)
        _, drawn = bars(arrivals, 200)
        assert len(drawn) == 61
        assert [f"{drawn[at].start:%H}" for at in (0, 60)] == hours


def test_what_is_handed_out_is_nobody() -> None:
    shirts = [
        Holder("T-shirt", True, ago(1), is_extra=True),
        Holder("T-shirt", False, is_extra=True),
    ]
    arrivals = count([*ours(2), *coming(1), *shirts], NOW)
    assert (arrivals.inside, arrivals.expected, arrivals.ours) == (1, 2, 1)
    assert [each.title for each in arrivals.by_type] == ["Standard"]
    assert arrivals.handed_out == (TypeCount("T-shirt", 1, 2),)
