"""The main flow as a steward has it: the installed command in a real terminal, by tmux."""

import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from boxoffice.sandbox import SandboxThread
from tests.support import until

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="needs tmux")


class Terminal:
    """A terminal of 80 by 24 in which a command runs."""

    def __init__(self, command: str, environment: dict[str, str]) -> None:
        self._tmux = ("tmux", "-f", os.devnull, "-L", f"boxoffice-{uuid.uuid4().hex}")
        self._run("new-session", "-d", "-x", "80", "-y", "24", command, env=environment)
        self._run("set-option", "-g", "remain-on-exit", "on")

    def _run(self, *arguments: str, env: dict[str, str] | None = None) -> str:
        done = subprocess.run(
            [*self._tmux, *arguments], check=True, capture_output=True, text=True, env=env
        )
        return done.stdout

    @property
    def text(self) -> str:
        """What is on the screen."""
        return self._run("capture-pane", "-p")

    def type(self, text: str) -> None:
        """Write all of `text` at once, as a scanner does."""
        self._run("send-keys", "-l", text)

    def press(self, *keys: str) -> None:
        self._run("send-keys", *keys)

    def paste(self, data: bytes, file: Path) -> None:
        """Write raw bytes."""
        file.write_bytes(data)
        self._run("load-buffer", str(file))
        self._run("paste-buffer")

    async def shows(self, text: str) -> None:
        await until(lambda: text in self.text, text, within=30)

    def close(self) -> None:
        self._run("kill-server")


@pytest.fixture
def server() -> Iterator[SandboxThread]:
    with SandboxThread() as server:
        yield server


@pytest.fixture
def terminal(server: SandboxThread, tmp_path: Path) -> Iterator[Terminal]:
    environment = {
        **os.environ,
        "BOXOFFICE_URL": server.url,
        "BOXOFFICE_TOKEN": server.token,
        "BOXOFFICE_EVENT": next(iter(server.state.events)),
        "BOXOFFICE_LANE": "North",
        "BOXOFFICE_DATA_DIR": str(tmp_path / "data"),
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
    }
    terminal = Terminal(f"{sys.executable} -m boxoffice", environment)
    try:
        yield terminal
    finally:
        terminal.close()


async def test_an_evening(server: SandboxThread, terminal: Terminal, tmp_path: Path) -> None:
    tickets = server.examples()
    await terminal.shows("400 tickets")
    await terminal.shows("online")

    terminal.type(tickets["plain"].uuid)
    terminal.press("Enter")
    await terminal.shows(tickets["plain"].full_name)
    await until(lambda: tickets["plain"].checked_in, "the check-in at the server")

    terminal.type("sorensen")
    await terminal.shows("Sørensen")
    terminal.press("Escape")
    await terminal.shows("400 tickets")

    server.stop()
    await terminal.shows("offline")
    terminal.type(tickets["party"].uuid)
    terminal.press("Enter")
    await terminal.shows(tickets["party"].full_name)
    await terminal.shows("waiting 1")

    server.start()
    await until(lambda: tickets["party"].checked_in, "the replay", within=60)
    await terminal.shows("waiting 0")

    terminal.paste(b"s\xf8ren\x9b\n", tmp_path / "bytes")
    await terminal.shows("NOT A TICKET" if "NOT A TICKET" in terminal.text else "❯ Scan")
    terminal.press("C-q")
    await until(lambda: "dead" in terminal.text or "online" not in terminal.text, "the end")
    assert server.log.count("PATCH", applied=True) == 2
