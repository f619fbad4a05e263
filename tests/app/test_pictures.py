"""Pictures of the door, each looked at by a person before it was taken for right."""

from datetime import timedelta

import pytest
from syrupy.assertion import SnapshotAssertion

from boxoffice.cli.app_context import AppContext
from boxoffice.domain.models import LinkState
from boxoffice.domain.signs import Signs
from boxoffice.sandbox import Sandbox
from boxoffice.widgets.status import StatusLine
from boxoffice.widgets.terminal import Terminal
from tests.app.stage import (
    App,
    all_sent,
    app_of,
    door_list,
    lane_of,
    open_app,
    passes,
    scan,
)
from tests.screens.stage import NARROW, WIDE, both_sizes, resized, see
from tests.screens.stage import shot as picture_of
from tests.support import EVENING, FakeClock, until

SEVERAL = ("plain", "already_in", "refunded_ticket", "external", "wrong_event", "not_paid")


@pytest.fixture
def ticket_count() -> int:
    """As many as the pictures show."""
    return 400


async def several(pilot: App, sandbox: Sandbox) -> None:
    examples = sandbox.examples()
    await scan(pilot, *(examples[name].uuid for name in SEVERAL), examples["party"].uuid)
    await all_sent(pilot)  # what is plain, and what is shown of it, is then so at the site too


async def goes_offline(pilot: App, sandbox: Sandbox, clock: FakeClock) -> None:
    """Take the server away; a few minutes later the list is old."""
    await sandbox.stop()
    await passes(clock, lambda: lane_of(pilot).status.link is LinkState.OFFLINE, "offline")
    clock.jump(EVENING + timedelta(minutes=14) - clock.now())


async def shot(pilot: App) -> str:
    """A picture, with the clock in it as it stands."""
    app_of(pilot).door.query_one(StatusLine).refresh()
    return await picture_of(pilot)


async def pictured(pilot: App, picture: SnapshotAssertion) -> None:
    """Compare the door with its picture at each size."""
    async for columns, rows in resized(pilot, NARROW, WIDE):
        assert await shot(pilot) == picture(name=f"{columns}x{rows}")


async def test_before_the_first_scan(context: AppContext, picture: SnapshotAssertion) -> None:
    async with open_app(context) as pilot:
        await pictured(pilot, picture)


@both_sizes
async def test_in_full_swing(
    context: AppContext, sandbox: Sandbox, picture: SnapshotAssertion, size: tuple[int, int]
) -> None:
    async with open_app(context, size=size) as pilot:
        await several(pilot, sandbox)
        assert await shot(pilot) == picture


@both_sizes
async def test_offline_with_a_queue(
    context: AppContext,
    sandbox: Sandbox,
    clock: FakeClock,
    picture: SnapshotAssertion,
    size: tuple[int, int],
) -> None:
    async with open_app(context, size=size) as pilot:
        await several(pilot, sandbox)
        await goes_offline(pilot, sandbox, clock)
        await scan(pilot, "0" * 32, sandbox.examples()["plain"].uuid)
        await until(lambda: lane_of(pilot).status.counts.unsent == 1, "one that waits")
        assert await shot(pilot) == picture


@pytest.mark.parametrize(
    "example",
    ["already_in", "refunded_ticket", "not_paid", "wrong_event"],
)
async def test_each_verdict(
    context: AppContext, sandbox: Sandbox, picture: SnapshotAssertion, example: str
) -> None:
    async with open_app(context) as pilot:
        await scan(pilot, sandbox.examples()[example].uuid)
        assert await shot(pilot) == picture


@pytest.mark.parametrize("code", ["0" * 32, "#!;;#"], ids=["unknown", "not_a_ticket"])
async def test_codes_that_name_nobody(
    context: AppContext, picture: SnapshotAssertion, code: str
) -> None:
    async with open_app(context) as pilot:
        await scan(pilot, code)
        assert await shot(pilot) == picture


async def test_cannot_tell(
    context: AppContext, sandbox: Sandbox, clock: FakeClock, picture: SnapshotAssertion
) -> None:
    async with open_app(context) as pilot:
        await goes_offline(pilot, sandbox, clock)
        await scan(pilot, "0" * 32)
        assert await shot(pilot) == picture


async def test_which_one(context: AppContext, sandbox: Sandbox, picture: SnapshotAssertion) -> None:
    tickets = [sandbox.examples()[name] for name in ("plain", "party", "answered")]
    for ticket in tickets:
        ticket.number = 99_999
        sandbox.state.touch(ticket)
    async with open_app(context) as pilot:
        await scan(pilot, "99999")
        await until(lambda: len(door_list(pilot).uuids) == len(tickets), "its tickets")
        await pilot.press("down")
        assert await shot(pilot) == picture


async def test_wrong_day(context: AppContext, sandbox: Sandbox, picture: SnapshotAssertion) -> None:
    context.event = list(sandbox.state.events)[2]
    async with open_app(context) as pilot:
        await scan(pilot, sandbox.examples()["yesterday"].uuid)
        assert await shot(pilot) == picture


async def test_a_verdict_over_a_form(
    context: AppContext, sandbox: Sandbox, picture: SnapshotAssertion
) -> None:
    async with open_app(context) as pilot:
        await scan(pilot, sandbox.examples()["answers_needed"].uuid)
        await until(lambda: pilot.app.screen is not app_of(pilot).door, "the form")
        await until(lambda: pilot.app.focused is not None, "its first field")
        await scan(pilot, sandbox.examples()["plain"].uuid)
        await see(pilot, "Name on the place card")
        assert await shot(pilot) == picture


async def test_searching(context: AppContext, picture: SnapshotAssertion) -> None:
    async with open_app(context) as pilot:
        await pilot.press(*"sorensen", "down")
        assert await shot(pilot) == picture


async def test_nearest_names(context: AppContext, picture: SnapshotAssertion) -> None:
    async with open_app(context) as pilot:
        await pilot.press(*"sorensne")
        assert await shot(pilot) == picture


async def test_hostile_names(
    context: AppContext, sandbox: Sandbox, picture: SnapshotAssertion
) -> None:
    async with open_app(context) as pilot:
        tickets = sandbox.state.tickets.values()
        hostile = [ticket.uuid for ticket in tickets if ticket.full_name[:1] in "[<=\x1b"]
        await scan(pilot, *hostile[:10])
        await pilot.press("home")
        await pictured(pilot, picture)


async def test_a_narrow_terminal(
    context: AppContext, sandbox: Sandbox, picture: SnapshotAssertion
) -> None:
    async with open_app(context, size=(50, 18)) as pilot:
        await several(pilot, sandbox)
        assert await shot(pilot) == picture


@pytest.mark.parametrize("confirmed", [True, False])
async def test_without_colours(
    context: AppContext,
    sandbox: Sandbox,
    clock: FakeClock,
    picture: SnapshotAssertion,
    monkeypatch: pytest.MonkeyPatch,
    confirmed: bool,
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with open_app(context) as pilot:
        await several(pilot, sandbox)
        if not confirmed:
            await goes_offline(pilot, sandbox, clock)
            await scan(pilot, sandbox.examples()["plain"].uuid)
            await until(lambda: lane_of(pilot).status.counts.unsent == 1, "one that waits")
        await pilot.press("down")
        assert await shot(pilot) == picture


async def test_light(context: AppContext, sandbox: Sandbox, picture: SnapshotAssertion) -> None:
    async with open_app(context, theme="light") as pilot:
        await several(pilot, sandbox)
        await pilot.press("down")
        assert await shot(pilot) == picture


async def test_ascii(
    context: AppContext, sandbox: Sandbox, clock: FakeClock, picture: SnapshotAssertion
) -> None:
    async with open_app(context, terminal=Terminal(Signs.ASCII)) as pilot:
        await several(pilot, sandbox)
        await goes_offline(pilot, sandbox, clock)
        await scan(pilot, sandbox.examples()["plain"].uuid)
        await until(lambda: lane_of(pilot).status.counts.unsent == 1, "one that waits")
        await pilot.press("down")
        assert await shot(pilot) == picture


async def test_high_contrast(
    context: AppContext, sandbox: Sandbox, picture: SnapshotAssertion
) -> None:
    async with open_app(context, theme="contrast") as pilot:
        await several(pilot, sandbox)
        await pilot.press("down")
        assert await shot(pilot) == picture
