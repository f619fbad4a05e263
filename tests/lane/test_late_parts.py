"""Parts of a lane that are loaded late, and one that cannot be."""

import sys

import pytest

from boxoffice.domain.models import LinkState
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.sandbox import Sandbox
from tests.lane.conftest import OpenLane, listed, sent
from tests.support import FakeClock, until


@pytest.mark.parametrize("module", ["boxoffice.store.sales", "boxoffice.lane.box_office"])
async def test_one_that_cannot_be_loaded_keeps_no_other_from_its_work(
    module: str,
    open_lane: OpenLane,
    sandbox: Sandbox,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with monkeypatch.context() as damaged:
        damaged.setitem(sys.modules, module, None)
        lane = await open_lane()
        await until(lambda: f"{module} cannot be loaded" in caplog.text)
        await listed(lane)
        await until(lambda: lane.status.link is LinkState.ONLINE)
        assert lane.status.faults == ()
        ticket = sandbox.examples()["plain"]
        assert (await lane.scan(ticket.uuid)).verdict.code is VerdictCode.ADMITTED
        await sent(lane, clock)
        assert ticket.checked_in
