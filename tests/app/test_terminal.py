"""The main flow as a steward has it: the installed command in a real terminal, by tmux."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from boxoffice.sandbox import SandboxThread
from tests.support import until

if sys.platform != "win32":
    import pty

PERSON = 0.12
"""Seconds between a person's keys: what tells them from a scanner's."""
pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="needs tmux")
needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs Linux's /proc")


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
        return self._run("capture-pane", "-p")

    def type(self, text: str) -> None:
        """Write all of `text` at once, as a scanner does."""
        self._run("send-keys", "-l", text)

    def person(self, text: str) -> None:
        """Type `text` as a person does: a process of tmux for each key is slower than a scanner."""
        for character in text:
            self._run("send-keys", "-l", character)
            time.sleep(PERSON)

    def press(self, *keys: str) -> None:
        self._run("send-keys", *keys)

    def paste(self, data: bytes, file: Path) -> None:
        """Write raw bytes."""
        file.write_bytes(data)
        self._run("load-buffer", str(file))
        self._run("paste-buffer")

    async def shows(self, text: str) -> None:
        await until(lambda: text in self.text, text, within=30)

    async def quit(self) -> None:
        await self.shows("F6 Queue")
        await asyncio.sleep(PERSON)
        self.press("C-q")
        await self.shows("Quit?")
        for key in ("Tab", "Enter"):
            await asyncio.sleep(PERSON)
            self.press(key)
        await until(lambda: "dead" in self.text or "online" not in self.text, "the end")

    @property
    def process(self) -> int:
        """The command's."""
        return int(self._run("list-panes", "-F", "#{pane_pid}"))

    def close(self) -> None:
        self._run("kill-server")


@pytest.fixture
def server() -> Iterator[SandboxThread]:
    with SandboxThread() as server:
        yield server


@pytest.fixture
def environment(server: SandboxThread, tmp_path: Path) -> dict[str, str]:
    return {
        **os.environ,
        "BOXOFFICE_URL": server.url,
        "BOXOFFICE_TOKEN": server.token,
        "BOXOFFICE_EVENT": server.state.tonight.uuid,
        "BOXOFFICE_LANE": "North",
        "BOXOFFICE_DATA_DIR": str(tmp_path / "data"),
        "BOXOFFICE_SOUND": "off",
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
    }


@pytest.fixture
def terminal(environment: dict[str, str]) -> Iterator[Terminal]:
    terminal = Terminal(f"exec {sys.executable} -m boxoffice", environment)
    process = terminal.process
    try:
        yield terminal
    finally:
        with suppress(subprocess.CalledProcessError):  # the test has closed it
            terminal.close()
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def state(process: int) -> str:
    """The letter by which Linux tells what a process does; Z: ended, and nobody asked how."""
    try:
        told = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return "Z"
    return told.rpartition(")")[2].split()[0]


async def test_an_evening(server: SandboxThread, terminal: Terminal, tmp_path: Path) -> None:
    tickets = server.examples()
    await terminal.shows("400 tickets")
    await terminal.shows("online")

    terminal.type(tickets["plain"].uuid)
    terminal.press("Enter")
    await terminal.shows(tickets["plain"].full_name)
    await until(lambda: tickets["plain"].checked_in, "the check-in at the server")

    terminal.person("sorensen")
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
    await terminal.shows("s\ufffdren")
    await terminal.quit()
    assert server.log.count("PATCH", applied=True) == 2


@needs_proc
@pytest.mark.parametrize("keys", [("sorensen", "Escape", "agard", "F1"), ("C-q",), ()])
async def test_a_terminal_that_goes_away_leaves_nothing_behind(
    terminal: Terminal, keys: tuple[str, ...]
) -> None:
    await terminal.shows("400 tickets")
    process = terminal.process
    terminal.press(*keys)
    terminal.close()
    await until(lambda: state(process) == "Z", "its end")


def test_a_terminal_that_nobody_says_is_gone_ends_the_app_too(
    server: SandboxThread, environment: dict[str, str]
) -> None:
    master, slave = pty.openpty()
    # Not its controlling terminal: the system does not tell the process that it is gone.
    app = subprocess.Popen(
        [sys.executable, "-m", "boxoffice"],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env=environment,
        start_new_session=True,
    )
    os.close(slave)
    drawn = b""
    while b"400 tickets" not in drawn:
        drawn += os.read(master, 65536)
    os.close(master)
    server.stop()  # the status line changes
    try:
        assert app.wait(timeout=60) == 128 + signal.SIGHUP
    finally:
        app.kill()


@pytest.mark.parametrize("stop", ["SIGSTOP", "SIGTSTP"])
async def test_stopped_and_continued_it_goes_on_as_before(
    server: SandboxThread, terminal: Terminal, stop: str
) -> None:
    ticket = server.examples()["plain"]
    await terminal.shows("400 tickets")
    os.kill(terminal.process, signal.Signals[stop])  # tmux continues what is stopped

    def heard() -> bool:
        terminal.press("Escape")
        terminal.person("sorensen")
        return "Sørensen" in terminal.text

    # What is typed while it is stopped is not kept.
    await until(heard, "what is typed", every=1.0)
    for _ in range(3):
        terminal.press("Escape")
        await terminal.shows("400 tickets")
        terminal.person("sorensen")
        await terminal.shows("Sørensen")
    terminal.press("Escape")
    await terminal.shows("400 tickets")
    terminal.type(ticket.uuid)
    terminal.press("Enter")
    await terminal.shows(ticket.full_name)
    await until(lambda: ticket.checked_in, "the check-in at the server")
    assert server.log.count("PATCH", applied=True) == 1
    await terminal.shows("waiting 0")
    await terminal.quit()
