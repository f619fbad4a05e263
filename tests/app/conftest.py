"""A computer that knows the sandbox and its event."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pytest_textual_snapshot import SVGImageExtension

from boxoffice.cli.app_context import AppContext
from boxoffice.config import Settings
from boxoffice.domain.secret_text import SecretStr
from boxoffice.sandbox import Sandbox
from tests.screens.conftest import parsed_once, picture, steady_hands
from tests.support import FakeClock

__all__ = ["parsed_once", "picture", "steady_hands"]

# The plugin names it as syrupy did before its fifth release; without, pictures are called `.raw`.
SVGImageExtension.file_extension = "svg"


@pytest.fixture
async def context(sandbox: Sandbox, clock: FakeClock, tmp_path: Path) -> AsyncIterator[AppContext]:
    event = sandbox.state.tonight.uuid
    settings = Settings(
        url=sandbox.url,
        event=event,
        lane="North",
        operator="Anna",
        data_dir=tmp_path / "data",
        read_codes=False,  # it has tests of its own, and what is asked is counted here
    )
    async with AppContext(settings, key=SecretStr(sandbox.token), clock=clock) as context:
        yield context
