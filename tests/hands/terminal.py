"""A pseudo-terminal in which a command runs, and the hands at its keyboard."""

import os
import random
import re
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self

from tests.hands.keys import Keyboard, strokes
from tests.hands.screen import Screen

if sys.platform != "win32":
    import fcntl
    import pty
    import termios

PATIENCE = 60.0
"""Seconds after which something is taken to never come; only what is broken needs them."""
LOOK = 0.02
"""Seconds between two looks at what nobody is told of."""
PERSON = (0.12, 0.25)
"""Seconds between two keys of a person."""


class NeverCameError(AssertionError):
    """What was waited for did not come."""


def until(
    condition: Callable[[], object], what: Callable[[], str] | str, within: float = PATIENCE
) -> None:
    """Return when `condition` is true. Raises NeverCameError with `what`."""
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            raise NeverCameError(what if isinstance(what, str) else what())
        threading.Event().wait(LOOK)


class Terminal:
    """A terminal with a command in it. Use it as a context manager: the command ends with it."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        *,
        size: tuple[int, int] = (80, 24),
        keyboard: Keyboard = Keyboard.PLAIN,
        seed: int = 0,
    ) -> None:
        """`size`: columns and rows. `seed`: of a hand's jitter and a person's pauses."""
        self.keyboard = keyboard
        self._rnd = random.Random(seed)
        self._screen = Screen(*size)
        self._lock = threading.Lock()
        self._undrawn: list[bytes] = []
        self.written = b""
        """The last of what the command wrote."""
        self._replies = {b"\x1b[?2026$p": b"\x1b[?2026;2$y"}  # frames may be kept together
        self._master, slave = pty.openpty()
        self._size(size)
        self.process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=dict(environment),
            preexec_fn=_own_terminal,  # noqa: PLW1509 - no thread of this process is in it
        )
        os.close(slave)
        self._reader = threading.Thread(target=self._read, name="terminal", daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._reader.join()
        os.close(self._master)

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._master, 65536)
            except OSError:  # the last program in it has ended
                return
            if not data:
                return
            for told in [told for told in self._replies if told in data]:
                self.write(self._replies.pop(told))
            with self._lock:
                self._undrawn.append(data)
                self.written = (self.written + data)[-100_000:]

    # What is seen

    @property
    def text(self) -> str:
        with self._lock:
            # Not in the thread that reads: drawing would take time from the hand.
            self._screen.feed(b"".join(self._undrawn))
            self._undrawn.clear()
            return self._screen.text

    @property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    def shows(self, *texts: str, within: float = PATIENCE) -> None:
        """Wait until all `texts` are on the screen."""
        self._seen(lambda: all(text in self.text for text in texts), f"{texts} is not on", within)

    def shows_line(self, pattern: str, within: float = PATIENCE) -> None:
        """Wait until a whole line, without the blanks around it, is as `pattern`."""
        self._seen(
            lambda: any(re.fullmatch(pattern, line.strip()) for line in self.lines),
            f"no line is {pattern!r} on",
            within,
        )

    def shows_not(self, text: str, within: float = PATIENCE) -> None:
        self._seen(lambda: text not in self.text, f"{text!r} stays on", within)

    def _seen(self, condition: Callable[[], bool], what: str, within: float) -> None:
        until(lambda: self.ended or condition(), lambda: f"{what} the screen:\n{self.text}", within)
        if not condition():
            raise NeverCameError(f"{what} the screen, and the command is over:\n{self.text}")

    @property
    def ended(self) -> bool:
        return self.process.poll() is not None

    def resize(self, columns: int, rows: int) -> None:
        with self._lock:
            self._screen.resize(columns, rows)
            self._undrawn.clear()
        self._size((columns, rows))

    def _size(self, size: tuple[int, int]) -> None:
        columns, rows = size
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    # The hands

    def send(
        self,
        keys: Iterable[str],
        gap: float = 0.001,
        *,
        jitter: float = 0.0,
        stall: tuple[int, float] | None = None,
    ) -> list[float]:
        """Type as a scanner does, and answer the pauses that there were, in seconds.

        `gap`: seconds between two presses, 0 for all in one write; `jitter`: what part of it they
        differ by. `stall`: (before which press, seconds) a pause once.
        """
        presses = strokes(keys, self.keyboard)
        if not gap:
            self.write(b"".join(presses))
            return []
        pauses, last = [], time.monotonic()
        for at, press in enumerate(presses):
            if at:
                pause = gap * (1 + jitter * self._rnd.uniform(-1, 1))
                time.sleep(stall[1] if stall and stall[0] == at else pause)
            self.write(press)
            now = time.monotonic()
            if at:
                pauses.append(now - last)
            last = now
        return pauses

    def person(self, text: str) -> None:
        self.press(*text)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.rest(self._rnd.uniform(*PERSON))
            self.write(b"".join(strokes((key,), self.keyboard)))

    def when(self, written: bytes, data: bytes) -> None:
        """Type all of `data` in the moment that the command writes something."""
        self._replies[written] = data

    def rest(self, seconds: float) -> None:
        """Do nothing for a while: the hand's own pause."""
        time.sleep(seconds)

    def paste(self, text: str) -> None:
        self.send((f"paste:{text}",), 0)

    def click(self, column: int, row: int) -> None:
        """Press and let go the left button at a place, counted from 0."""
        for state in "Mm":
            self.rest(self._rnd.uniform(*PERSON))
            self.write(f"\x1b[<0;{column + 1};{row + 1}{state}".encode())

    def write(self, data: bytes) -> None:
        """Bytes as they are, at once."""
        while data:
            data = data[os.write(self._master, data) :]


def _own_terminal() -> None:
    """In the child: a session of its own, of which the terminal is the controlling one."""
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
