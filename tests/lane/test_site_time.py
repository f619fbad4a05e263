"""A laptop whose clock is wrong, a zone that comes late: today, the journal and all times shown."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from boxoffice.clock import SiteClock
from boxoffice.domain.humanize import describe_clock_offset
from boxoffice.domain.models import LinkState
from boxoffice.domain.verdicts import Scan, VerdictCode
from boxoffice.lane import Lane
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.faults import Fault, Kind
from boxoffice.sandbox.models import Ticket
from boxoffice.store import RosterStore, journal_db, json_docs
from tests.lane.conftest import OpenLane, Wrong, goes_offline, listed, passes, sent
from tests.support import FakeClock, both_dialects, until

DAY_OFF = timedelta(hours=26)
both_ways = pytest.mark.parametrize("wrong", [DAY_OFF, -DAY_OFF, timedelta(minutes=40)])
SECONDS = timedelta(seconds=5)
COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def days(sandbox: Sandbox) -> dict[str, Ticket]:
    """Tickets of event 3, by the day they are for."""
    examples = sandbox.examples()
    return {name: examples[name] for name in ("yesterday", "today", "tomorrow")}


async def own_times(lane: Lane) -> list[tuple[datetime, datetime | None]]:
    return [
        (row.at, row.own)
        for row in await lane._journal.read_all(journal_db.log)
        if row.entry.kind == "scan"
    ]


@both_dialects
@both_ways
async def test_a_wrong_clock_lets_in_todays_ticket_and_no_other(
    sandbox: Sandbox, open_lane: OpenLane, clock: FakeClock, wrong: timedelta
) -> None:
    laptop = SiteClock(Wrong(clock, wrong))
    lane = await open_lane(event=2, laptop=laptop)
    tickets = days(sandbox)
    scan = await lane.scan(tickets["today"].uuid)
    assert (scan.verdict.code, scan.verdict.confirmed) == (VerdictCode.ADMITTED, True)
    assert abs(scan.at - clock.now()) < SECONDS
    for name in ("yesterday", "tomorrow"):
        assert (await lane.scan(tickets[name].uuid)).verdict.code is VerdictCode.WRONG_DAY
    for at, own in await own_times(lane):
        assert own is not None
        assert abs(at - clock.now()) < SECONDS
        assert abs(own - at - wrong) < SECONDS
    await listed(lane)
    assert lane.status.list_at is not None
    assert abs(laptop.now() - lane.status.list_at) < SECONDS


@both_ways
async def test_it_is_said_as_long_as_it_holds(
    open_lane: OpenLane, clock: FakeClock, wrong: timedelta
) -> None:
    own = Wrong(clock, wrong)
    lane = await open_lane(laptop=SiteClock(own))
    which = "ahead of" if wrong > timedelta() else "behind"
    hours = "26 h" if abs(wrong) == DAY_OFF else "40 min"
    await passes(clock, lambda: lane.status.clock_off, "a wrong clock")
    said = f"This computer's clock is {hours} {which} the site's: times here are the site's."
    assert describe_clock_offset(lane.status.clock_off) == said
    own.by = timedelta()
    await passes(clock, lambda: not lane.status.clock_off, "a clock set right")


async def test_a_right_clock_is_not_spoken_of(open_lane: OpenLane, clock: FakeClock) -> None:
    lane = await open_lane(laptop=SiteClock(Wrong(clock, timedelta(seconds=100))))
    await listed(lane)
    await clock.advance(30)
    assert not lane.status.clock_off


@both_ways
async def test_the_correction_comes_in_mid_evening(
    sandbox: Sandbox, open_lane: OpenLane, clock: FakeClock, wrong: timedelta
) -> None:
    """The list is there, but the site is heard only after somebody was let in."""
    (await listed(await open_lane(event=2)))
    tickets = days(sandbox)
    await sandbox.stop()
    laptop = SiteClock(Wrong(clock, wrong))
    lane = await open_lane(event=2, laptop=laptop)
    await passes(clock, lambda: lane.status.link is LinkState.OFFLINE, "offline")
    any_day = sandbox.examples()["any_day"].uuid
    assert (await lane.scan(any_day)).verdict.word == "ADMITTED · not confirmed"
    await sandbox.start()
    await sent(lane, clock)  # by the first lane, it may be
    await passes(clock, lambda: lane.status.link is LinkState.ONLINE, "online")
    assert sandbox.state.tickets[any_day].checked_in
    assert (await lane.scan(tickets["today"].uuid)).verdict.code is VerdictCode.ADMITTED
    await sent(lane, clock)
    assert lane.status.list_at is not None
    assert timedelta() <= laptop.now() - lane.status.list_at < timedelta(minutes=1)
    assert (await lane.undo.last()).done
    undone = await lane.undo.last()  # of before the correction, and five minutes old at most
    assert undone.done, undone.sentence
    assert not sandbox.state.tickets[any_day].checked_in


@both_ways
async def test_fifteen_minutes_are_fifteen_minutes_all_the_same(
    sandbox: Sandbox, open_lane: OpenLane, clock: FakeClock, wrong: timedelta
) -> None:
    own = Wrong(clock, wrong)
    lane = await open_lane(event=2, laptop=SiteClock(own))
    await lane.scan(days(sandbox)["today"].uuid)
    await sent(lane, clock)
    await clock.pass_idly(14)
    own.by = timedelta()
    assert await lane.undo.preview()
    await clock.pass_idly(2)
    undone = await lane.undo.last()
    assert not undone.done
    assert "15 minutes" in undone.sentence


async def test_setting_the_laptops_clock_does_not_make_it_another_day(
    sandbox: Sandbox, open_lane: OpenLane, clock: FakeClock
) -> None:
    own = Wrong(clock, timedelta())
    lane = await open_lane(event=2, laptop=SiteClock(own))
    await listed(lane)
    await goes_offline(sandbox, lane, clock)
    own.by = DAY_OFF
    tickets = days(sandbox)
    assert (await lane.scan(tickets["today"].uuid)).verdict.code is VerdictCode.ADMITTED
    assert (await lane.scan(tickets["tomorrow"].uuid)).verdict.code is VerdictCode.WRONG_DAY


# The night


@both_dialects
async def test_a_night_that_goes_on_past_midnight(
    sandbox: Sandbox, open_lane: OpenLane, clock: FakeClock
) -> None:
    """Event 1 is tonight until two; event 3 lasts three days, and this is the second."""
    tickets = days(sandbox)
    lane = await open_lane(event=2)
    await listed(lane)
    night = datetime(2026, 5, 9, 0, 50, tzinfo=COPENHAGEN)
    clock.jump(night - clock.now())
    assert (await lane.scan(tickets["yesterday"].uuid)).verdict.code is VerdictCode.WRONG_DAY
    tomorrow = await lane.scan(tickets["tomorrow"].uuid)
    assert tomorrow.verdict.code is VerdictCode.WRONG_DAY
    assert tomorrow.verdict.reason.endswith("the night of Fri 8 May still lasts")
    clock.jump(timedelta(hours=5, minutes=9))
    assert (await lane.scan(tickets["today"].uuid)).verdict.code is VerdictCode.ADMITTED
    clock.jump(timedelta(minutes=1))
    assert (await lane.scan(tickets["tomorrow"].uuid)).verdict.code is VerdictCode.ADMITTED


# What a single event tells, and the list does not


@pytest.mark.parametrize("dialect", ["live"])
async def test_the_zone_that_is_told_later_reaches_an_open_door(
    sandbox: Sandbox, open_lane: OpenLane, clock: FakeClock
) -> None:
    event = list(sandbox.state.events.values())[2]
    event.timezone = ZoneInfo("Asia/Tokyo")
    row = {
        "uuid": event.uuid,
        "title": event.title,
        "start_date": event.start.astimezone(COPENHAGEN).isoformat(),
        "summary": "",
    }
    listed_as = Fault(Kind.WRONG_SHAPE, body=json.dumps([row]).encode())
    sandbox.faults.set(listed_as, path="events/")
    held = sandbox.faults.set("503", path=f"events/{event.uuid}/")
    lane = await open_lane(event=2)
    await listed(lane)
    assert lane.event.timezone is None
    scan = await lane.scan(days(sandbox)["today"].uuid)
    assert scan.at.utcoffset() == timedelta(hours=2)
    await until(lambda: lane.roster.get(days_ticket(scan)) is not None)
    sandbox.faults.clear(held)
    await lane.refresh()
    await passes(clock, lambda: lane.event.timezone == "Asia/Tokyo", "the zone")
    nine = timedelta(hours=9)
    assert lane.event.end is not None
    await passes(clock, lambda: lane.history.recent[0].at.utcoffset() == nine, "times of scans")
    assert (await lane.scan("f" * 32)).at.utcoffset() == nine

    def marked() -> bool:
        row = lane.roster.get(days_ticket(scan))
        at = row.status.admitted_at if row is not None else None
        return at is not None and at.utcoffset() == nine

    def list_read() -> bool:
        at = lane.status.list_at
        return at is not None and at.utcoffset() == nine

    await until(marked, "times in the list")
    await until(list_read, "when the list was read")
    assert (await lane.arrivals()).at.utcoffset() == nine
    # The list of events, read anew, takes nothing of it back.
    stored: RosterStore = lane._event_cache._store
    known = replace(lane.event)
    await stored.write(json_docs.save_events, await lane._puller._client.events.list(old=True))
    await lane.refresh()
    assert [
        each for each in await stored.read(json_docs.get_events) if each.uuid == event.uuid
    ] == [known]
    assert lane.event == known


def days_ticket(scan: Scan) -> str:
    assert scan.verdict.ticket is not None
    return scan.verdict.ticket.uuid
