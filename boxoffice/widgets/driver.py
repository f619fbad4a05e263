"""What Textual's drivers lack: output that nobody waits for, and a keyboard that is read on.

What is drawn is written to the terminal by a thread of its own, so that drawing never blocks. A
terminal may take nothing for minutes: the other end of an ssh is frozen, or somebody selects text
in the console. Textual's own queue is full after 30 frames, and then the event loop stands still:
nothing is sent, no signal ends the app, and the locks of its data folder stay held.

The console of Windows hands a character beyond U+FFFF over in two halves. Where only the first has
come, and the second is still to be typed, Textual's reading thread dies of it: here it reads on.
"""

import io
import logging
import os
import select
import sys
import threading
from collections import deque
from collections.abc import Callable
from typing import Any, TextIO, cast

from textual.app import App
from textual.driver import Driver

log = logging.getLogger(__name__)

MOST = 256 * 1024
"""Characters that may wait for the terminal. A frame beyond that drops those before it."""
LAST = 1.0
"""Seconds that a terminal has to take the last output, which puts it back as it was."""
PAUSE = 0.05
"""Seconds until keys are read again; a console that is gone fails each time."""


class TerminalOutput(io.TextIOBase):
    """A file whose writers never wait. Once writing has failed, it discards everything."""

    def __init__(
        self, file: TextIO, *, gone: Callable[[], None], outdated: Callable[[], None]
    ) -> None:
        """`gone` is called once, by the writing thread, when the terminal is gone.

        `outdated` is called when it takes output again, and frames were dropped meanwhile.
        """
        self._file = file
        self._gone, self._outdated = gone, outdated
        self._waiting: deque[str] = deque()
        self._size = 0
        self._is_writing = self._has_dropped = self._is_gone = False
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def write(self, text: str) -> int:
        with self._changed:
            if self._is_gone:
                return len(text)
            if self._size + len(text) > MOST:
                self._waiting.clear()
                self._size, self._has_dropped = 0, True
            self._waiting.append(text)
            self._size += len(text)
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._write_loop, name="terminal-output", daemon=True
                )
                self._thread.start()
            self._changed.notify_all()
        return len(text)

    def flush(self) -> None:
        """Nothing to do: what was written is on its way."""

    def finish(self, seconds: float) -> bool:
        """Wait until the terminal has taken everything; False: it has not in these seconds."""
        with self._changed:
            return self._changed.wait_for(
                lambda: not (self._waiting or self._is_writing), timeout=seconds
            )

    def fileno(self) -> int:
        return self._file.fileno()

    def isatty(self) -> bool:
        return self._file.isatty()

    def _write_loop(self) -> None:
        while not self._is_gone:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting)
                text = "".join(self._waiting)
                self._waiting.clear()
                self._size, self._is_writing = 0, True
            try:
                self._emit(text)
            except (OSError, ValueError) as error:
                log.warning("The terminal is gone: %s", error)
                self._is_gone = True
                self._gone()
            with self._changed:
                self._is_writing = False
                outdated = self._has_dropped and not self._waiting
                self._has_dropped = self._has_dropped and not outdated
                self._changed.notify_all()
            if outdated:
                self._outdated()

    def _emit(self, text: str) -> None:
        """Write to the terminal, however long that takes.

        Not through the file's own buffer: its lock would be held meanwhile, and the interpreter
        waits for that lock when it ends. A Windows console takes no bytes, and so needs the file.
        """
        if sys.platform == "win32":
            self._file.write(text)
            self._file.flush()
            return
        file = self._file.fileno()
        data = memoryview(text.encode(self._file.encoding, "replace"))
        while data:
            try:
                data = data[os.write(file, data) :]
            except BlockingIOError:  # another program has set the terminal not to block
                select.select([], [file], [])


class UnhurriedDriver(Driver):
    """To be mixed into a driver of Textual's, as the first base: its output holds nobody up."""

    def __init__(self, app: App[Any], **options: Any) -> None:
        super().__init__(app, **options)
        drivers = cast(Any, self)
        self._output = TerminalOutput(
            drivers._file, gone=self.hang_up, outdated=self._draw_anew_from_thread
        )
        drivers._file = self._output

    def hang_up(self) -> None:
        """Called once the terminal is gone. From any thread."""

    def draw_anew(self) -> None:
        """Have the whole screen drawn again, whatever the terminal shows."""
        self._app.call_later(self._app.refresh, layout=True)

    def close(self) -> None:
        super().close()
        if not self._output.finish(LAST):
            log.warning("The terminal takes nothing: it is left as it is.")

    def _draw_anew_from_thread(self) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.draw_anew)


def console_driver(driver: type[Driver]) -> type[Driver]:
    """Textual's driver of the Windows console, whose output holds nobody up, and which reads on."""
    win32 = sys.modules["textual.drivers.win32"]
    vars(win32)["EventMonitor"] = restarting(vars(win32)["EventMonitor"])
    return type(driver.__name__, (UnhurriedDriver, driver), {})


def restarting(monitor: Any) -> Any:
    """A subclass of `monitor`, `textual.drivers.win32.EventMonitor`, that reads until it is ended.

    Textual's `run` also returns when it meets what it cannot read. Only the keys that came together
    with that are lost.
    """

    class RestartingMonitor(monitor):  # type: ignore[misc]  # only Windows has it
        def run(self) -> None:
            super().run()
            while not self.exit_event.wait(PAUSE):
                log.warning("the keyboard was not read: reading it anew")
                super().run()

    return RestartingMonitor
