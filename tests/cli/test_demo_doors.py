"""Three lanes of one venue in the demonstration: one ticket at two of them, and the hub away."""

import sys
from pathlib import Path

import pytest
from textual.pilot import Pilot

from boxoffice import ProblemError
from boxoffice.cli import demo_doors
from boxoffice.cli.app_context import AppContext
from boxoffice.cli.demo import Demonstration
from boxoffice.config import Settings
from boxoffice.domain.secret_text import SecretStr
from boxoffice.sandbox import SandboxThread
from boxoffice.screens.doors import PAUSED, DoorsApp
from boxoffice.venue import MISSING, door
from tests.screens.stage import see, text_of
from tests.support import until


async def test_one_ticket_at_two_doors_has_one_green(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo_doors, "PAUSE", 0.01)
    monkeypatch.setattr(demo_doors, "SCRIPT", (demo_doors.AT_TWO,))
    monkeypatch.setattr(door, "DEADLINE", 30.0)  # a hub that is late answers for no ticket

    async def look(app: DoorsApp) -> None:
        async with app.run_test(size=(120, 30)) as pilot:
            await _watch(app, pilot)

    monkeypatch.setattr(DoorsApp, "run_async", look)
    with SandboxThread(tickets=30, trials=True) as site:
        trying = Demonstration(site, started_as="boxoffice demo")
        settings = Settings(
            url=site.url,
            event=site.state.tonight.uuid,
            data_dir=tmp_path / "demo",
            ascii=True,
            theme="light",
        )
        key = SecretStr(site.token)
        async with AppContext(settings, key=key) as context:
            guests = [demo_doors.Guest(*guest) for guest in trying.guests]
            played = demo_doors.play(context, 3, guests, trying.switch_network, key=key)
            assert await played == 0


async def test_without_the_extra_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "boxoffice.venue.hub", raising=False)
    monkeypatch.setitem(sys.modules, "nats.aio.msg", None)
    settings, key = Settings(url="http://127.0.0.1:1", data_dir=tmp_path), SecretStr("a key")
    async with AppContext(settings, key=key) as context:
        with pytest.raises(ProblemError, match=MISSING.partition(":")[0]):
            await demo_doors.play(context, 3, [], str, key=key)


async def _watch(app: DoorsApp, pilot: Pilot[None]) -> None:
    lanes = [column.lane for column in app.columns]
    await see(pilot, "in the same moment: one ticket, one green.")
    await see(pilot, "N takes the site away")
    assert text_of(app).isascii(), "what this terminal cannot show is replaced"
    assert app.theme == "boxoffice-light"
    await until(lambda: text_of(app).count("# 3 doors") == 3, "all have joined")
    await until(
        lambda: sum(len(lane.history.recent) for lane in lanes) >= 12, "six tickets at two doors"
    )
    await pilot.press("f1")
    await see(pilot, "Each column is a door")
    await pilot.press("escape", "space", "space")
    await see(pilot, PAUSED)
    greens = [
        scan.verdict.ticket.uuid
        for lane in lanes
        for scan in lane.history.recent
        if scan.verdict.code.is_green and scan.verdict.ticket
    ]
    assert greens
    assert len(greens) == len(set(greens))
    await pilot.press("h")
    await see(pilot, demo_doors.HUB_OFF)
    await until(lambda: text_of(app).count("o alone") == 3, "all say that they are alone")
    await pilot.press("h")
    await see(pilot, demo_doors.HUB_ON)
    await until(lambda: text_of(app).count("# 3 doors") == 3, "all are back")
    await pilot.press("n")
    await until(lambda: text_of(app).count("offline") == 3, "the site is away for all")
    await see(pilot, "N puts it back")
