"""The site's clock: what answers tell of the time, and what a restart keeps of it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boxoffice.clock import SiteClock, SiteTime, age, off, own_time
from boxoffice.domain.humanize import describe_clock_offset
from tests.support import EVENING, FakeClock

SECOND = timedelta(seconds=1)
DAY_OFF = timedelta(hours=26)
WRONG = [DAY_OFF, -DAY_OFF, timedelta(minutes=30), -timedelta(minutes=30), timedelta(days=4000)]


class Site:
    """A site whose clock is right, and a computer whose clock is off by so much."""

    def __init__(self, wrong: timedelta = timedelta()) -> None:
        self.true = FakeClock()
        self.computer = FakeClock(EVENING + wrong)
        self.clock = SiteClock(self.computer)

    async def passes(self, seconds: float) -> None:
        await self.true.advance(seconds)
        await self.computer.advance(seconds)

    def answers(self, *, took: float = 0.0, old: float = 0.0) -> None:
        """An answer that was under way for so long, and made so long before it left."""
        made = self.true.now() - timedelta(seconds=took / 2 + old)
        self.clock.record(
            made.replace(microsecond=0), seconds=took, ended=self.computer.monotonic()
        )

    @property
    def error(self) -> timedelta:
        return self.clock.now() - self.true.now()


@pytest.mark.parametrize("wrong", WRONG)
async def test_one_answer_corrects_the_clock(wrong: timedelta) -> None:
    site = Site(wrong)
    assert site.error == wrong
    site.answers(took=0.2)
    assert abs(site.error) <= 2 * SECOND
    assert abs(site.clock.off - wrong) <= 2 * SECOND
    assert site.clock.own() == site.computer.now()
    await site.passes(3600)
    assert abs(site.error) <= 2 * SECOND


async def test_a_clock_that_is_right_is_left_as_it_is() -> None:
    site = Site()
    for tenth in range(40):
        await site.passes(0.37 * tenth)
        site.answers(took=0.1 * tenth)
        assert abs(site.error) < timedelta(milliseconds=1)
    assert off(site.clock) == timedelta()
    assert describe_clock_offset(off(site.clock)) == ""


@pytest.mark.parametrize("wrong", [timedelta(), *WRONG])
async def test_an_old_answer_does_not_put_the_clock_back(wrong: timedelta) -> None:
    site = Site(wrong)
    site.answers()
    for _ in range(200):
        await site.passes(1)
        site.answers(old=60)
        assert abs(site.error) <= 2 * SECOND


async def test_of_old_answers_alone_the_newest_counts_and_a_fresh_one_puts_it_right() -> None:
    site = Site(DAY_OFF)
    site.answers(old=60)
    site.answers(old=600)
    assert -62 * SECOND <= site.error <= -58 * SECOND
    site.answers()
    assert abs(site.error) <= 2 * SECOND


async def test_an_answer_from_a_clock_ahead_is_forgotten() -> None:
    site = Site()
    site.answers()
    site.answers(old=-3600)
    assert site.error >= timedelta(minutes=59)
    for _ in range(110):
        await site.passes(3)
        site.answers()
    assert abs(site.error) <= 2 * SECOND


@pytest.mark.parametrize("step", WRONG)
async def test_whoever_sets_the_computers_clock_changes_nothing(step: timedelta) -> None:
    site = Site(DAY_OFF)
    site.answers()
    site.computer.jump(step)
    assert abs(site.error) <= 2 * SECOND
    assert abs(site.clock.off - DAY_OFF - step) <= 2 * SECOND
    await site.passes(60)
    site.answers()
    assert abs(site.error) <= 2 * SECOND


async def test_without_the_site_it_is_the_computers_clock() -> None:
    site = Site(DAY_OFF)
    site.computer.jump(-DAY_OFF)
    assert site.error == timedelta()
    assert site.clock.off == timedelta()


async def test_the_computer_sleeps_and_its_monotonic_clock_with_it() -> None:
    true, computer = FakeClock(), FakeClock(EVENING + DAY_OFF)
    slept = 0.0
    clock = SiteClock(computer, steady=lambda: computer.monotonic() + slept)
    clock.record(EVENING, seconds=0.0, ended=computer.monotonic())
    slept = 7200.0
    for each in (true, computer):
        each.jump(timedelta(hours=2))
    assert abs(clock.now() - true.now()) <= 2 * SECOND
    assert clock.since(EVENING, EVENING + DAY_OFF) == timedelta(hours=2)


@pytest.mark.parametrize("year", [1970, 1999, 2200, 9999])
async def test_a_date_that_cannot_be_is_none(year: int) -> None:
    site = Site()
    site.clock.record(datetime(year, 1, 1, tzinfo=UTC), seconds=0.0, ended=1000.0)
    assert site.error == timedelta()
    assert site.clock.site_time is None


# Over a restart

H = timedelta(hours=1)


def test_an_absurd_year_is_kept_over_no_restart() -> None:
    clock = SiteClock(FakeClock(EVENING))
    clock.recall(SiteTime(datetime.max.replace(tzinfo=UTC), EVENING - H))
    assert clock.now() == EVENING


@pytest.mark.parametrize(
    ("known_off", "own_now", "expected"),
    [
        # The computer's clock was left as it was: off by as much
        (26 * H, 26 * H + 2 * H, 2 * H),
        (-26 * H, -26 * H + 2 * H, 2 * H),
        (timedelta(), 11 * H, 11 * H),
        # Longer ago, or set right since: as it stands
        (26 * H, 26 * H + 13 * H, 39 * H),
        (26 * H, 2 * H, 2 * H),
        (-26 * H, 2 * H, 2 * H),
        # Earlier than it was for certain: a battery that is empty
        (timedelta(), -9000 * H, timedelta()),
        (26 * H, -1 * H, timedelta()),
    ],
)
async def test_what_a_restart_goes_by_without_the_site(
    known_off: timedelta, own_now: timedelta, expected: timedelta
) -> None:
    known = SiteTime(EVENING, EVENING + known_off)
    computer = FakeClock(EVENING + own_now)
    clock = SiteClock(computer)
    clock.recall(known)
    assert clock.now() == EVENING + expected
    await computer.advance(60)
    assert clock.now() == EVENING + expected + timedelta(minutes=1)
    assert clock.site_time is None
    clock.record(EVENING + 5 * H, seconds=0.0, ended=computer.monotonic())
    assert abs(clock.now() - EVENING - 5 * H) <= SECOND
    clock.recall(known)
    assert abs(clock.now() - EVENING - 5 * H) <= SECOND
    clock.forget()
    assert clock.now() == computer.now()


# Ages, and what is said


@pytest.mark.parametrize("wrong", WRONG)
async def test_a_correction_in_mid_evening_makes_nothing_older_or_younger(
    wrong: timedelta,
) -> None:
    site = Site(wrong)
    at, own = site.clock.now(), own_time(site.clock)
    await site.passes(300)
    site.answers()
    assert age(site.clock, at, own) == timedelta(minutes=5)
    later, own_later = site.clock.now(), own_time(site.clock)
    await site.passes(300)
    site.computer.jump(DAY_OFF)
    assert age(site.clock, later, own_later) == timedelta(minutes=5)


def test_a_plain_clock_has_one_time() -> None:
    clock = FakeClock()
    assert own_time(clock) is None
    assert off(clock) == timedelta()
    assert age(clock, EVENING - H, None) == H


@pytest.mark.parametrize(
    ("by", "said"),
    [
        (timedelta(), ""),
        (DAY_OFF, "26 h ahead of the site's"),
        (-DAY_OFF, "26 h behind the site's"),
        (timedelta(minutes=3), "3 min ahead of the site's"),
        (timedelta(days=4000), "4000 days ahead of the site's"),
    ],
)
def test_what_is_said(by: timedelta, said: str) -> None:
    sentence = describe_clock_offset(by)
    whole = f"This computer's clock is {said}: times here are the site's."
    assert sentence == (whole if said else "")


@pytest.mark.parametrize(
    ("seconds", "is_off"), [(-123, True), (-115, False), (115, False), (124, True)]
)
async def test_two_minutes_are_let_pass(seconds: int, is_off: bool) -> None:
    site = Site(timedelta(seconds=seconds))
    site.answers()
    assert bool(off(site.clock)) is is_off


answers = st.tuples(
    st.floats(0, 40), st.floats(0, 5), st.sampled_from([0.0, 0.0, 0.0, 1.0, 60.0, 3000.0])
)


@given(
    st.timedeltas(timedelta(days=-3), timedelta(days=3)),
    st.lists(answers, min_size=1, max_size=30),
    st.lists(st.timedeltas(timedelta(days=-2), timedelta(days=2)), max_size=3),
)
async def test_it_is_never_ahead_and_right_as_soon_as_one_fresh_answer_came(
    wrong: timedelta, heard: list[tuple[float, float, float]], steps: list[timedelta]
) -> None:
    site = Site(wrong)
    fresh_since: float | None = None
    for number, (pause, took, old) in enumerate(heard):
        await site.passes(pause)
        if number < len(steps):
            site.computer.jump(steps[number])
        site.answers(took=took, old=old)
        if not old:
            fresh_since = site.true.monotonic()
        if fresh_since is not None and site.true.monotonic() - fresh_since < 290:
            assert abs(site.error) <= timedelta(seconds=1.01 + 5)
