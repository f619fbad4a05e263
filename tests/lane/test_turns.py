"""How often a scan waits for the threads of the files: each time costs more than what it reads."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from boxoffice.domain.verdict import VerdictCode
from boxoffice.lane import Lane
from boxoffice.sandbox import Sandbox
from boxoffice.store.database import Database
from tests.lane.conftest import goes_offline
from tests.support import FakeClock


async def test_a_scan_waits_twice_for_each_file(
    sandbox: Sandbox, lane: Lane, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await goes_offline(sandbox, lane, clock)
    waited: Counter[str] = Counter()
    run, here = Database.run, asyncio.current_task()

    async def counted(self: Database, *args: Any, **kwargs: Any) -> Any:
        if asyncio.current_task() is here:
            waited[self.path.name] += 1
        return await run(self, *args, **kwargs)

    monkeypatch.setattr(Database, "run", counted)
    scan = await lane.scan(sandbox.examples()["plain"].uuid)
    assert scan.verdict.code is VerdictCode.ADMITTED
    assert waited == {"roster.db": 2, "journal.db": 2}
