"""What the door says where something is not as it should be: no site, no hub, a fault."""

import asyncio
import logging
from dataclasses import replace
from typing import Any

import pytest

from boxoffice.cli.app_context import AppContext
from boxoffice.domain.journal import QueueState
from boxoffice.domain.models import LinkState
from boxoffice.domain.notices import Notice
from boxoffice.domain.venue import HubState, VenueStatus
from boxoffice.domain.verdicts import Scan, VerdictCode
from boxoffice.sandbox import Sandbox
from boxoffice.screens import door_controller
from boxoffice.screens.dialogs import ConfirmDialog
from boxoffice.screens.queue import QueueScreen
from boxoffice.store import queue
from boxoffice.store.updates import JournalWritten
from boxoffice.widgets.footer import Banner
from tests.app.stage import (
    app_of,
    door_list,
    lane_of,
    open_app,
    opened,
    passes,
    scan,
    text_of,
    write,
)
from tests.app.test_door import band, status
from tests.screens.stage import text_of as screen_of
from tests.support import FakeClock, until
from tests.sync.conftest import LIST


async def test_offline_the_green_is_hatched_and_the_queue_counts_up(
    context: AppContext, sandbox: Sandbox, clock: FakeClock
) -> None:
    async with open_app(context) as pilot:
        plain = sandbox.examples()["plain"]
        await sandbox.stop()
        await passes(clock, lambda: lane_of(pilot).status.link is LinkState.OFFLINE, "offline")
        (first,) = await scan(pilot, plain.uuid)
        assert first.verdict.word == "ADMITTED \u00b7 not confirmed"
        assert band(pilot).face.hatched
        assert "not confirmed" in text_of(band(pilot))
        await until(lambda: "waiting 1" in status(pilot), "one that waits")
        assert "offline" in status(pilot)
        assert text_of(app_of(pilot).door.query_one(Banner)).strip(" \u258c")
        (unknown,) = await scan(pilot, "0" * 32)
        assert unknown.verdict.code is VerdictCode.CANNOT_TELL
        await sandbox.start()
        await passes(clock, lambda: "waiting 0" in status(pilot), "an empty queue")
        assert "online" in status(pilot)
        assert plain.checked_in


async def test_a_site_that_lists_nobody_is_believed_when_a_person_has_read_that(
    context: AppContext, sandbox: Sandbox, clock: FakeClock
) -> None:
    async with open_app(context) as pilot:
        everyone, banner = len(door_list(pilot).uuids), app_of(pilot).door.query_one(Banner)
        rule = sandbox.faults.set("wrong-shape", path=LIST)
        rule.fault = replace(rule.fault, body=b"[]")
        await passes(clock, lambda: "lists only 0 tickets" in text_of(banner), "the sentence")
        assert "F5" in text_of(banner)
        assert len(door_list(pilot).uuids) == everyone
        await pilot.press("f5")
        await until(lambda: not door_list(pilot).uuids, "the list as the site has it")
        await until(lambda: "lists only" not in text_of(banner), "nothing to do")


async def test_a_request_that_fails_is_said_and_the_next_one_is_answered(
    context: AppContext, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_app(context) as pilot:
        lane, plain = lane_of(pilot), sandbox.examples()["plain"]
        whole = lane.scan

        async def broken(code: str) -> None:
            raise OSError("disk full")

        monkeypatch.setattr(lane, "scan", broken)
        write(pilot, plain.uuid + "\r")
        await until(lambda: band(pilot).face.word == "NOT DONE", "that it failed")
        monkeypatch.setattr(lane, "scan", whole)
        (only,) = await scan(pilot, sandbox.examples()["external"].uuid)
        assert only.verdict.code is VerdictCode.ADMITTED


async def test_a_scan_that_takes_long_is_named_until_its_answer_is_there(
    context: AppContext, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the screen had no turn to name it before the answer was there."""
    monkeypatch.setattr(door_controller, "SLOW", 0.0)
    async with open_app(context) as pilot:
        lane, door = lane_of(pilot), app_of(pilot).door
        asked, answerable, drawable = lane.scan, asyncio.Event(), asyncio.Event()

        async def held(code: str, **how: Any) -> Scan:
            loop = asyncio.get_running_loop()
            overdue = asyncio.Event()
            loop.call_later(door_controller.SLOW, overdue.set)  # behind the screen's own timer
            await overdue.wait()
            await answerable.wait()
            return await asked(code, **how)

        monkeypatch.setattr(lane, "scan", held)
        door.controller.scan(sandbox.examples()["plain"].uuid)
        await until(lambda: band(pilot).face.reason == "Not answered yet", "that it takes long")
        answerable.set()
        await until(lambda: band(pilot).face.word == "ADMITTED", "the answer")

        door.call_later(drawable.wait)
        door.controller.scan(sandbox.examples()["external"].uuid)
        await until(
            lambda: len(lane.history.recent) == 2 and not door.controller.waiting, "the next one"
        )
        drawable.set()
        await pilot.pause()
        assert band(pilot).face.word == "ADMITTED"
        assert door.state.last is lane.history.recent[0]


async def test_quitting_asks_only_when_something_is_unsent(
    context: AppContext, sandbox: Sandbox
) -> None:
    async with open_app(context) as pilot:
        sandbox.faults.set("503", method="PATCH")
        await scan(pilot, sandbox.examples()["plain"].uuid)
        await until(lambda: lane_of(pilot).status.counts.unsent == 1, "something unsent")
        await pilot.press("ctrl+q")
        await opened(pilot, ConfirmDialog)
        await pilot.press("escape")
        await until(lambda: pilot.app.screen is app_of(pilot).door, "the door")
        assert not pilot.app._exit
    async with open_app(context) as pilot:
        sandbox.faults.clear()
        await pilot.press("ctrl+q")
        await until(lambda: isinstance(pilot.app.screen, ConfirmDialog) or pilot.app._exit)


async def test_a_fault_of_the_program_prints_no_locals(
    context: AppContext, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    class Fault(Exception):
        pass

    with pytest.raises(Fault):
        async with open_app(context) as pilot:
            secret = "a-secret-in-a-local"

            def fail() -> None:
                raise Fault(secret[:1])

            pilot.app.call_later(fail)
            await pilot.pause()
    error = capsys.readouterr().err
    assert "boxoffice stopped on a fault of its own (Fault)" in " ".join(error.split())
    assert "secret" not in error
    assert any(record.levelno == logging.CRITICAL for record in caplog.records)


async def test_why_it_is_alone_stands_on_the_door_until_it_is_no_more(
    context: AppContext,
) -> None:
    alone = "The hub cannot be reached: go on; the other doors cannot see who comes in here."
    async with open_app(context) as pilot:
        banner = app_of(pilot).door.query_one(Banner)
        show = lane_of(pilot)._list_state.show_venue
        show(VenueStatus(HubState.ALONE, "Hall", sentence=alone))
        await until(lambda: banner.notices == (Notice(alone, "venue"),))
        show(VenueStatus(HubState.JOINED, "Hall", doors=2))
        await until(lambda: not banner.notices)


async def test_a_conflict_is_named_until_it_is_settled_with_the_key_that_leads_there(
    context: AppContext, sandbox: Sandbox
) -> None:
    async with open_app(context) as pilot:
        lane, banner = lane_of(pilot), app_of(pilot).door.query_one(Banner)
        sandbox.faults.set("503", method="PATCH")
        await scan(pilot, sandbox.examples()["plain"].uuid)
        (admitted,) = lane.history.recent
        await until(lambda: lane.status.counts.unsent == 1, "something unsent")
        await lane._journal.write(queue.set_aside, admitted.id, QueueState.CONFLICT, "In before")
        await lane._updates.publish(JournalWritten([sandbox.examples()["plain"].uuid]))
        await until(lambda: "look for both" in text_of(banner) and "F6: Queue" in text_of(banner))
        await until(lambda: banner.size.height == 1, "the line of the notice before to be gone")
        await pilot.click(banner, offset=(banner.size.width - 5, 0))
        await opened(pilot, QueueScreen)
        await until(lambda: "Possibly two people" in screen_of(pilot.app), "the conflict")
        await lane.queue.dismiss(admitted.id, "Looked for both")
        await pilot.press("escape")
        await until(
            lambda: "queue" not in [notice.command for notice in banner.notices], "none to settle"
        )
