from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from boxoffice.store import Journal, RosterStore
from tests.support import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "journal.db"


@pytest.fixture
async def journal(path: Path, clock: FakeClock) -> AsyncIterator[Journal]:
    journal = await Journal.open(path, lane="North", operator="Bo", clock=clock)
    yield journal
    await journal.close()


@pytest.fixture
async def south(journal: Journal, path: Path, clock: FakeClock) -> AsyncIterator[Journal]:
    """A second lane on the same file, as another process would have it."""
    south = await Journal.open(path, lane="South", operator="Ada", clock=clock)
    yield south
    await south.close()


@pytest.fixture
async def store(tmp_path: Path, clock: FakeClock) -> AsyncIterator[RosterStore]:
    store = await RosterStore.open(tmp_path / "data" / "roster.db")
    yield store
    await store.close()
