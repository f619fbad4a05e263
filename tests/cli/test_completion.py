"""What helps at the shell's prompt: completion, and the man page."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from boxoffice.cli import main
from boxoffice.cli.commands import COMMANDS
from tests import manual

COMPLETE = (
    'source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _boxoffice; echo "${COMPREPLY[@]}"'
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    return tmp_path


@pytest.mark.skipif(sys.platform == "win32", reason="bash is none of Windows'")
def test_bash_completes_commands_and_options(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--install-completion", "--shell", "bash"]) == 0
    script = home / ".local/share/bash-completion/completions/boxoffice"
    assert str(script) in capsys.readouterr().out
    assert str(script) in (home / ".bashrc").read_text()
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("there is no bash here to try it in")

    def completed(*words: str) -> set[str]:
        command = [bash, "--norc", "-c", COMPLETE, str(script), "boxoffice", *words]
        ran = subprocess.run(command, capture_output=True, text=True, check=True)
        return set(ran.stdout.split())

    assert completed("do") == {"doctor"}
    assert completed("manage", "ticket") == {"ticket-types", "tickets"}
    assert completed("scan", "--numbers", "") == {"ask", "admit"}
    assert {"--json", "--lane", "--venue"} <= completed("report", "--")


def test_where_it_cannot_be_written_is_a_sentence(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / ".config").write_text("in the way")
    assert main(["--install-completion", "--shell", "fish"]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_the_man_page_is_not_stale() -> None:
    assert manual.FILE.read_text(encoding="utf-8") == manual.manual(), "python -m tests.manual"


def test_the_man_page_has_every_command_and_no_markup() -> None:
    page = manual.manual()
    for command in COMMANDS:
        if not command.startswith("-"):
            assert f"\n.SS boxoffice {manual.roff(command)}\n" in page, command
    assert "*[" not in page
    assert not [line for line in page.splitlines() if line.startswith(("**", "```", "* "))]
