"""`pin`, and what asks for it in commands."""

import os
from pathlib import Path

import pytest

from boxoffice import ProblemError
from boxoffice.cli.app_context import DEMO_STAYS, AppContext
from boxoffice.config import Settings
from boxoffice.domain.secret_text import SecretStr
from boxoffice.sandbox import SandboxThread
from boxoffice.store import pin as pin_file
from tests.cli.conftest import KEY, Computer

PIN = "hemmelig 4711"


@pytest.fixture
def guarded(computer: Computer) -> Computer:
    ran = computer.run("pin", text=f"{PIN}\n")
    assert (ran.status, ran.err) == (0, "")
    assert "is set" in ran.out
    return computer


COMMANDS = {
    "shift": ("shift", "close", "--count", "0"),
    "shift again": ("shift", "reopen"),
    "forget": ("forget",),
    "login": ("login",),
    "logout": ("logout",),
    "manage to read": ("manage", "events", "list"),
    "manage to change": ("manage", "orders", "refund", "0" * 32, "--yes", "it"),
    "pin": ("pin",),
    "pin away": ("pin", "--remove"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_without_a_terminal_needs_the_variable(
    command: str, guarded: Computer, site: SandboxThread
) -> None:
    asked = site.log.count()
    text = f"{site.url}\n{KEY}\n" if command == "login" else ""
    ran = guarded.run(*COMMANDS[command], text=text)
    assert (ran.status, ran.out) == (1, "")
    assert "asks for the" in ran.sentence
    assert "BOXOFFICE_PIN" in ran.sentence
    assert site.log.count() == asked
    guarded.environment["BOXOFFICE_PIN"] = "0000"
    ran = guarded.run(*COMMANDS[command], text=text)
    assert (ran.status, ran.out) == (1, "")
    assert ran.sentence == "That is not the PIN."


def test_with_the_variable_they_do_what_they_do(guarded: Computer, site: SandboxThread) -> None:
    guarded.environment["BOXOFFICE_PIN"] = PIN
    assert guarded.run("manage", "events", "list", "--json").status == 0
    assert guarded.run("shift", "open", "--float", "10").status == 0
    assert guarded.run("shift", "close", "--count", "10").status == 0
    assert guarded.run("shift", "reopen").status == 0
    assert guarded.run("login", text=f"{site.url}\n{KEY}\n").status == 0
    assert guarded.run("logout").status == 0


def test_what_is_no_business_of_it_goes_on(guarded: Computer, site: SandboxThread) -> None:
    assert guarded.scan(site.examples()["plain"].uuid).lines[0]["verdict"] == "admitted"
    for command in (
        ("sync",),
        ("queue",),
        ("events",),
        ("shift",),
        ("shift", "open", "--float", "1"),
    ):
        assert guarded.run(*command).status == 0, command


def test_it_is_changed_and_taken_away_by_who_knows_it(guarded: Computer) -> None:
    assert guarded.run("pin", text="0000\n9876\n").sentence == "That is not the PIN."
    assert guarded.run("pin", text=f"{PIN}\n9876\n").status == 0
    guarded.environment["BOXOFFICE_PIN"] = "9876"
    assert "4 to 64" in guarded.run("pin", text="12\n").sentence
    assert guarded.run("pin", text="another\n").status == 0
    del guarded.environment["BOXOFFICE_PIN"]
    assert guarded.run("pin", "--remove", text="another\n").status == 0
    assert guarded.run("pin", "--remove").sentence == "No PIN is set: nothing was changed."
    assert guarded.run("manage", "events", "list", "--json").status == 0


def test_it_stands_nowhere(guarded: Computer) -> None:
    guarded.environment["BOXOFFICE_PIN"] = PIN
    guarded.run("manage", "events", "list")
    guarded.environment["BOXOFFICE_PIN"] = "wrong 4712"
    guarded.run("logout")
    files = [file for file in guarded.data.rglob("*") if file.is_file()]
    for secrets in (PIN, "wrong 4712"):
        assert [file for file in files if secrets.encode() in file.read_bytes()] == []
    if os.name == "posix":
        assert {oct(file.stat().st_mode & 0o777) for file in files} == {"0o600"}


def test_a_lost_one_is_said(guarded: Computer, site: SandboxThread) -> None:
    (guarded.data / pin_file.FILE).unlink()
    guarded.environment["BOXOFFICE_PIN"] = PIN
    assert "stays shut" in guarded.run("manage", "events", "list").sentence
    assert "stays shut" in guarded.run("pin", text="1234\n").sentence
    assert guarded.scan(site.examples()["plain"].uuid).lines[0]["verdict"] == "admitted"


async def test_the_demo_logs_in_nowhere(site: SandboxThread, tmp_path: Path) -> None:
    context = AppContext(Settings(url=site.url, data_dir=tmp_path), key=SecretStr(KEY))
    context.is_demo = True
    with pytest.raises(ProblemError, match=DEMO_STAYS):
        await context.login(site.url, KEY)
    await context.close()
