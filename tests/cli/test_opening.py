"""The app as the command line starts it, in a terminal of its own."""

import os
import subprocess
import sys
import tempfile
import threading
import tomllib
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from boxoffice.cli import door
from boxoffice.cli.opening import _check_keys, open_door
from boxoffice.config import Settings
from boxoffice.problem import ProblemError
from boxoffice.sandbox import SandboxThread
from tests.cli.conftest import LONGEST, PROGRAM, Computer, surroundings

QUIT = b"\x11"
UP_TO_THE_FIRST_REQUEST = """
import sys
import boxoffice.cli, boxoffice.cli.house, boxoffice.cli.opening, boxoffice.app, boxoffice.config
print(*sorted({"httpx", "keyring", "starlette", "uvicorn", "cyclopts"} & set(sys.modules)))
"""


def test_the_app_starts_without_what_only_later_steps_need() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", UP_TO_THE_FIRST_REQUEST], capture_output=True, text=True, check=True
    )
    assert ran.stdout.split() == []


class Terminal:
    """A program in a terminal of 80x24."""

    def __init__(self, *arguments: str, environment: dict[str, str]) -> None:
        import fcntl
        import pty
        import struct
        import termios

        self._here, there = pty.openpty()
        fcntl.ioctl(there, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.process = subprocess.Popen(
            [*PROGRAM, *arguments],
            stdin=there,
            stdout=there,
            stderr=there,
            start_new_session=True,
            env=surroundings() | {"TERM": "xterm-256color"} | environment,
        )
        os.close(there)
        self.seen = ""
        self._guard = threading.Timer(LONGEST, self.process.kill)
        self._guard.start()

    def wait_for(self, text: str) -> None:
        """Read what is drawn until `text` was; fails where the program ends before."""
        while text not in self.seen:
            self.seen += self._read()

    def type(self, keys: bytes) -> None:
        os.write(self._here, keys)

    def end(self) -> int:
        """The status that the program ends with."""
        try:
            while True:
                self.seen += self._read()
        except OSError:  # the other side was closed
            return self.process.wait()

    def close(self) -> None:
        self._guard.cancel()
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._here)

    def _read(self) -> str:
        data = os.read(self._here, 65_536)
        if not data:
            raise OSError("the terminal was closed")
        return data.decode("utf-8", "replace")


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Terminal]:
    (tmp_path / "temporary").mkdir()
    terminal = Terminal("demo", environment={"TMPDIR": str(tmp_path / "temporary")})
    yield terminal
    terminal.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminals")
def test_the_demo_opens_its_door_and_leaves_nothing_behind(demo: Terminal, tmp_path: Path) -> None:
    demo.wait_for("Sommerfest")
    demo.wait_for("400 tickets")
    assert not (tmp_path / "data").exists()
    demo.type(QUIT)
    assert demo.end() == 0
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.parametrize("fault", [None, ProblemError("a sentence"), RuntimeError("a fault"), 1])
def test_the_demo_keeps_its_log_after_a_fault_of_its_own(
    fault: Exception | int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()

    def open_door(settings: Settings, **_: object) -> int:
        (settings.data_dir / "boxoffice.log").write_text("why")
        if isinstance(fault, Exception):
            raise fault
        return fault or 0

    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setattr(door, "needs_terminal", lambda: None)
    monkeypatch.setattr(door, "open_door", open_door)
    with pytest.raises(type(fault)) if isinstance(fault, Exception) else nullcontext():
        assert door.demo(tickets=1) == (fault or 0)
    kept = [file.read_text() for file in temporary.rglob("boxoffice.log")]
    assert kept == (["why"] if isinstance(fault, RuntimeError | int) else [])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminals")
def test_a_key_for_an_unknown_command(
    site: SandboxThread, computer: Computer, tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    config.write_text('keys = { dance = "f12" }\n')
    terminal = Terminal("--config", str(config), environment=computer.environment)
    status = terminal.end()
    terminal.close()
    assert status == 1
    assert "dance" in terminal.seen


@pytest.mark.parametrize("key", ["ctrl+u", "f9, enter", "a", "upper_a", "space", "comma", "å"])
def test_a_key_that_the_door_hears_itself_is_refused(key: str) -> None:
    with pytest.raises(ProblemError, match=r"undo the key .*, which the door hears itself"):
        open_door(Settings(keys={"undo": key}))


def test_the_keys_of_the_readme_are_taken() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    (example,) = (line.strip() for line in readme.splitlines() if line.startswith("    keys = "))
    _check_keys(tomllib.loads(example)["keys"])
    _check_keys({"contrast": "f8", "back": "escape,f3"})
