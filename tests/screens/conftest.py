"""Screens are driven on a real lane that talks to the sandbox."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from boxoffice.cli.house import House
from boxoffice.config import Settings
from boxoffice.sandbox import Sandbox
from boxoffice.screens import reading
from tests.lane.conftest import lane, open_lane
from tests.support import FakeClock

__all__ = ["lane", "open_lane"]


class Picture(SingleFileSnapshotExtension):
    """A picture in a file of its own, which a browser opens."""

    file_extension = "svg"
    _write_mode = WriteMode.TEXT


@pytest.fixture
def picture(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """What `tests.screens.stage.shot` is compared with: a picture that a person looked at."""
    return snapshot.use_extension(Picture)


@pytest.fixture
async def house(sandbox: Sandbox, clock: FakeClock, tmp_path: Path) -> AsyncIterator[House]:
    """A computer that knows the sandbox and its key."""
    settings = Settings(url=sandbox.url, data_dir=tmp_path / "data")
    async with House(settings, key=SecretStr(sandbox.token), clock=clock) as house:
        yield house


@pytest.fixture(autouse=True)
def steady_hands(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test's keys are meant for what it saw, however fast it is."""
    monkeypatch.setattr(reading, "LONG_ENOUGH", 0.0)


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """Where files go."""
    return tmp_path / "paper"


@pytest.fixture(autouse=True)
def no_printer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep the machine's own printers out of the tests."""
    monkeypatch.setenv("PATH", str(tmp_path))
