"""An engine of its own for each test, which is ended whatever becomes of the test."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from boxoffice.venue import connection, door
from boxoffice.venue import engine as engine_module
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


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hub that answers slowly, as on a busy machine, is none that is away."""
    monkeypatch.setattr(connection, "CONNECTS_WITHIN", 60.0)
    monkeypatch.setattr(connection, "ANSWERS_WITHIN", 60.0)
    monkeypatch.setattr(connection, "SLICES", 240)
    monkeypatch.setattr(door, "UNHURRIED", 60.0)
    monkeypatch.setattr(engine_module, "ANSWERS_WITHIN", 60.0)
    monkeypatch.setattr(engine_module, "HEALTHY_WITHIN", 60.0)


@pytest.fixture
def impatient(patient: None, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Call it before the hub is to be silent."""

    def lose_patience() -> None:
        monkeypatch.setattr(connection, "CONNECTS_WITHIN", 0.2)
        monkeypatch.setattr(connection, "ANSWERS_WITHIN", 0.2)
        monkeypatch.setattr(connection, "SLICES", 1)

    return lose_patience
