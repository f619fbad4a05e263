"""Settings that are changed in the app: what is kept in the config file, and what is not."""

import sys
import tomllib
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from boxoffice import ProblemError
from boxoffice.cli.app_context import AppContext
from boxoffice.cli.settings_control import NOT_IN_DEMO, SettingsControl
from boxoffice.config import read_settings
from boxoffice.config_file import save_setting
from boxoffice.domain.journal import JournalKind
from boxoffice.domain.secret_text import SecretStr
from boxoffice.sandbox import Sandbox
from boxoffice.store import journal_db
from tests.support import FakeClock

WRITTEN = """\
# The laptop at the north door
lane = "North"  # the big one

doors = [
  "Standard",  # all but the crew
]

[sales]
email = "door@example.com"  # the house's
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", 'lane = "Süd"\n'),
        ("# only a word\n", '# only a word\nlane = "Süd"\n'),
        (WRITTEN, WRITTEN.replace('"North"', '"Süd"')),
        ("[sales]\noffline = true\n", 'lane = "Süd"\n\n[sales]\noffline = true\n'),
        ("operator = 'A'\r\nlane = 'B'\r\n", "operator = 'A'\r\nlane = \"Süd\"\r\n"),
        ("\ufefflane = 'B'\n", 'lane = "Süd"\n'),
    ],
    ids=["none", "comment", "replaced", "before tables", "windows", "marked"],
)
def test_all_else_stays_as_it_was(before: str, after: str, tmp_path: Path) -> None:
    file = tmp_path / "folder" / "config.toml"
    if before:
        file.parent.mkdir()
        file.write_bytes(before.encode())
    save_setting(file, "lane", "Süd")
    assert file.read_bytes().decode() == after
    assert read_settings({}, file).lane == "Süd"
    if sys.platform != "win32":
        assert file.stat().st_mode & 0o777 == 0o600


def test_no_value_breaks_the_file(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(WRITTEN)
    for value in ('"', "'''", 'x"\nurl = "https://other.example"', "\\", "é\u2028"):
        save_setting(file, "operator", value)
        told = tomllib.loads(file.read_text(encoding="utf-8"))
        assert told == {**tomllib.loads(WRITTEN), "operator": value}


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_a_link_stays_one(tmp_path: Path) -> None:
    real, link = tmp_path / "real.toml", tmp_path / "config.toml"
    real.write_text(WRITTEN)
    link.symlink_to(real)
    save_setting(link, "lane", "South")
    assert link.is_symlink()
    assert "# the big one" in real.read_text()


def test_a_file_that_was_damaged_meanwhile_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("lane = North")
    with pytest.raises(ProblemError, match="is not TOML"):
        save_setting(file, "lane", "South")
    assert file.read_text() == "lane = North"


@pytest.fixture
async def context(
    sandbox: Sandbox, clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[AppContext]:
    """A computer with a config file, whose lane is named by a variable."""
    file = tmp_path / "config.toml"
    file.write_text(WRITTEN)
    monkeypatch.setenv("BOXOFFICE_LANE", "West")
    event = sandbox.state.tonight.uuid
    options = {"url": sandbox.url, "event": event, "data_dir": tmp_path / "data"}
    settings = read_settings(options, file)
    async with AppContext(settings, key=SecretStr(sandbox.token), clock=clock) as context:
        yield context


async def test_what_was_given_otherwise_is_not_overwritten(context: AppContext) -> None:
    control = SettingsControl(context)
    assert control.given_by("lane") == "BOXOFFICE_LANE"
    assert control.given_by("url") == "--url"
    assert control.given_by("operator") == ""
    assert not control.is_new
    assert await control.change("operator", "  Ida\n") == ""
    assert "BOXOFFICE_LANE goes before" in await control.change("lane", "East")
    assert (control.value("operator"), control.value("lane")) == ("Ida", "East")
    assert control.file is not None
    kept = tomllib.loads(control.file.read_text())
    assert (kept["operator"], kept["lane"]) == ("Ida", "North")


async def test_what_cannot_be_kept_holds_all_the_same(context: AppContext) -> None:
    control = SettingsControl(context)
    assert control.file is not None
    control.file.unlink()
    control.file.mkdir()
    (control.file / "in the way").touch()
    assert "no longer" in await control.change("operator", "Ida")
    assert control.value("operator") == "Ida"


async def test_the_demo_keeps_nothing(context: AppContext) -> None:
    context.is_demo = True
    control = SettingsControl(context)
    assert not control.is_new
    assert await control.change("operator", "Ida") == NOT_IN_DEMO
    assert context.settings.file is not None
    assert context.settings.file.read_text() == WRITTEN


async def test_another_person_at_the_door_is_in_the_journal_from_then_on(
    context: AppContext, sandbox: Sandbox
) -> None:
    control = SettingsControl(context)
    lane = await context.lane(context.settings.event, follow_list=False)
    await control.change("operator", "Ida")
    assert lane.operator == lane.status.operator == "Ida"
    await lane.scan(sandbox.examples()["plain"].uuid)
    await control.change("operator", "")
    assert lane.operator == ""
    rows = await (await context.files()).journal.read(journal_db.log)
    signed = [(row.operator, row.entry.kind) for row in rows]
    changed = [number for number, (_, kind) in enumerate(signed) if kind == JournalKind.OPERATOR]
    assert [signed[number][0] for number in changed] == ["Ida", ""]
    assert ("Ida", JournalKind.SCAN) in signed[changed[0] : changed[1]]


async def test_a_lane_with_an_open_till_keeps_its_name(context: AppContext) -> None:
    control = SettingsControl(context)
    event = context.settings.event
    lane = await context.lane(event, follow_list=False)
    await lane.refresh()  # a till has a currency
    await lane.box_office.open_till(Decimal(100))
    with pytest.raises(ProblemError, match="The till of lane West is open: close it first"):
        await control.change("lane", "East")
    assert control.value("lane") == lane.name == "West"
    await lane.box_office.close_till(Decimal(100))
    await control.change("lane", "East")
    again = await context.lane(event, follow_list=False)
    assert (again.name, again.status.lane) == ("East", "East")
    assert (await context.files()).journal.lane == "East"
