"""Screens are driven on a real lane that talks to the sandbox."""

from collections.abc import AsyncIterator, Hashable, Iterator
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

from boxoffice.cli.app_context import AppContext
from boxoffice.config import Settings
from boxoffice.domain.secret_text import SecretStr
from boxoffice.sandbox import Sandbox
from tests import person
from tests.conftest import Homes
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
async def context(sandbox: Sandbox, clock: FakeClock, tmp_path: Path) -> AsyncIterator[AppContext]:
    settings = Settings(url=sandbox.url, data_dir=tmp_path / "data", read_codes=False)
    async with AppContext(settings, key=SecretStr(sandbox.token), clock=clock) as context:
        yield context


@pytest.fixture(autouse=True)
def steady_hands(monkeypatch: pytest.MonkeyPatch) -> None:
    """`tests.person.steady_hands`, for every test."""
    person.steady_hands(monkeypatch)


@pytest.fixture(autouse=True, scope="session")
def parsed_once() -> Iterator[None]:
    """Keep what Textual made of a style sheet for all apps with the same sheet and variables.

    As it does itself within one app, where nothing writes to what was parsed.
    """
    parse, known = Stylesheet._parse_rules, dict[Hashable, list[RuleSet]]()

    def remembered(sheet: Stylesheet, css: str, **how: Any) -> list[RuleSet]:
        key = (css, *how.items(), *sheet._variables.items())
        if key not in known:
            known[key] = parse(sheet, css, **how)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", remembered)
        # The same number, which each styled node asks each of some hundred rules for.
        patch.setattr(RuleSet, "__hash__", object.__hash__)
        yield


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """Where files go."""
    return tmp_path / "paper"


@pytest.fixture(autouse=True)
def no_printer(monkeypatch: pytest.MonkeyPatch, homes: Homes) -> None:
    """Keep the machine's own printers out of the tests."""
    monkeypatch.setenv("PATH", str(homes.empty()))
