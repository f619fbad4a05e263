"""A terminal that is not read, as a frozen ssh or a console in which somebody selects a text."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from boxoffice.sandbox import SandboxThread
from boxoffice.widgets.driver import MOST, TerminalOutput
from tests.support import HANG_UP, until

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has no such terminals")

LONGEST = 60
"""Seconds; longer than a busy machine needs."""
FRAMES = 40
"""More than the 30 that Textual keeps for a terminal."""


class PseudoTerminal:
    """The app in a terminal whose other side the test reads, or does not."""

    def __init__(self, environment: dict[str, str]) -> None:
        import pty

        self._here, there = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "boxoffice"],
            stdin=there,
            stdout=there,
            stderr=there,
            env=environment,
            start_new_session=True,
        )
        os.close(there)

    def read_until(self, text: str) -> None:
        """Read what is drawn until `text` was, however it is cut into pieces."""
        drawn = ""
        while text not in re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", drawn):
            drawn += os.read(self._here, 65_536).decode("utf-8", "replace")

    def scan(self, code: str) -> None:
        os.write(self._here, f"{code}\r".encode())

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._here)


@pytest.fixture
def server() -> Iterator[SandboxThread]:
    with SandboxThread() as server:
        yield server


@pytest.fixture
def terminal(server: SandboxThread, tmp_path: Path) -> Iterator[PseudoTerminal]:
    terminal = PseudoTerminal(
        {
            **os.environ,
            "BOXOFFICE_URL": server.url,
            "BOXOFFICE_TOKEN": server.token,
            "BOXOFFICE_EVENT": server.state.tonight.uuid,
            "BOXOFFICE_DATA_DIR": str(tmp_path / "data"),
            "TERM": "xterm-256color",
            "LANG": "C.UTF-8",
        }
    )
    guard = threading.Timer(LONGEST * 3, terminal.process.kill)
    guard.start()
    yield terminal
    guard.cancel()
    terminal.close()


async def admit_unseen(server: SandboxThread, terminal: PseudoTerminal) -> str:
    """Scan more people than frames are kept for, reading nothing; answers the last one's name."""
    event = server.state.tonight
    guests = [ticket for ticket in event.tickets if server.state.may_enter(ticket)][:FRAMES]
    assert len(guests) == FRAMES
    for guest in guests:
        terminal.scan(guest.uuid)
        await until(lambda guest=guest: guest.checked_in, "the check-in", within=LONGEST)
    return guests[-1].full_name


async def test_what_is_scanned_is_sent_though_nothing_is_drawn(
    server: SandboxThread, terminal: PseudoTerminal
) -> None:
    terminal.read_until("400 tickets")
    last = await admit_unseen(server, terminal)
    terminal.read_until(last)  # what it shows then is what it is now


@pytest.mark.parametrize("told", [signal.SIGTERM, HANG_UP])
async def test_it_ends_when_told_though_its_terminal_takes_nothing(
    server: SandboxThread, terminal: PseudoTerminal, told: signal.Signals
) -> None:
    terminal.read_until("400 tickets")
    await admit_unseen(server, terminal)
    terminal.process.send_signal(told)
    assert terminal.process.wait(LONGEST) == 128 + told


def test_frames_that_are_too_many_go_and_the_newest_is_kept() -> None:
    here, there = os.pipe()
    outdated = threading.Event()
    with os.fdopen(there, "w", encoding="utf-8") as file:
        output = TerminalOutput(file, gone=lambda: None, outdated=outdated.set)
        for number in range(20):
            output.write(f"<{number}>" + "x" * (MOST // 4))
        assert not output.finish(0)
        drawn = b""
        while b"<19>" not in drawn:
            drawn += os.read(here, 1 << 20)
        reader = threading.Thread(target=_read_all, args=(here,), daemon=True)
        reader.start()
        assert output.finish(LONGEST)
        assert outdated.wait(LONGEST)
    reader.join(LONGEST)
    assert b"<10>" not in drawn  # dropped, while nobody read
    os.close(here)


def test_a_terminal_that_does_not_block_is_drawn_to_when_it_has_room() -> None:
    import pty
    import tty

    gone = threading.Event()
    text = "".join(f"{number:07}" for number in range(20_000))  # more than it holds
    here, there = pty.openpty()
    tty.setraw(there)
    os.set_blocking(there, False)
    with os.fdopen(there, "w", encoding="utf-8") as file:
        output = TerminalOutput(file, gone=gone.set, outdated=lambda: None)
        output.write(text)
        seen = b""
        while len(seen) < len(text) and not gone.is_set():
            seen += os.read(here, 4096)
        assert output.finish(LONGEST)
    os.close(here)
    assert not gone.is_set()
    assert seen.decode() == text


def _read_all(file: int) -> None:
    while os.read(file, 1 << 20):
        continue
