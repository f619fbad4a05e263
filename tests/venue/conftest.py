"""An engine of its own for each test, which is ended whatever becomes of the test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from boxoffice.venue.engine import Engine
from tests.venue.engines import free_port, hashes, prepare


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    """Started, for all doors that have `PASSWORDS`."""
    engine = Engine(prepare(tmp_path / "hub"), free_port())
    try:
        await engine.start(hashes())
        yield engine
    finally:
        await engine.stop()
