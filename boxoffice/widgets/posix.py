"""The terminal of a POSIX system as it may turn out: with other bytes, stopped, taken away."""

import codecs
import io
import logging
import os
import signal
from collections.abc import Callable
from functools import partial
from typing import Any, TextIO, cast

from textual.app import App
from textual.drivers import linux_driver

log = logging.getLogger(__name__)


class LastingDriver(linux_driver.LinuxDriver):
    """Textual's driver, for terminals that do what terminals do.

    - Bytes that are not UTF-8, as a scanner set to Latin-1 sends them, are read as replacement
      characters. Decoded strictly, they would end the app.
    - A terminal that is gone is drawn to in vain. The thread that draws would die of it, and with
      its queue full the app would wait for it for ever, with the locks of its data folder.
    - Being stopped and continued waits for its turn in the event loop. A signal handler might wait
      for a lock that the same thread holds. Who is only continued, as by a terminal that goes away,
      is not read by two threads; who is closed already is not begun anew.
    """

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        vars(linux_driver)["getincrementaldecoder"] = _tolerant
        self._file = cast(Any, LastingOutput(cast(TextIO, self._file), _hang_up))
        self._in_turn(signal.SIGTSTP, self._sigtstp_application)
        self._in_turn(signal.SIGCONT, self._continued)

    def _in_turn(self, told: signal.Signals, handler: Callable[[], None]) -> None:
        def hand_over(*_: object) -> None:
            if not self._loop.is_closed():
                self._loop.call_soon_threadsafe(handler)

        signal.signal(told, hand_over)

    def _continued(self) -> None:
        if self._key_thread is not None and self._key_thread.is_alive():
            self.suspend_application_mode()  # after a SIGSTOP, of which no program is told
        elif not self._must_signal_resume:
            return
        self.resume_application_mode()


class LastingOutput(io.TextIOBase):
    """What is drawn on; nothing is, once writing has failed."""

    def __init__(self, file: TextIO, gone: Callable[[], None]) -> None:
        """`gone` is told of the first failure, in the thread that wrote."""
        self._file = file
        self._gone: Callable[[], None] | None = gone

    def write(self, text: str) -> int:
        if self._gone is not None:
            self._unless_gone(partial(self._file.write, text))
        return len(text)

    def flush(self) -> None:
        if self._gone is not None:
            self._unless_gone(self._file.flush)

    def fileno(self) -> int:
        return self._file.fileno()

    def isatty(self) -> bool:
        return self._file.isatty()

    def _unless_gone(self, act: Callable[[], object]) -> None:
        try:
            act()
        except OSError as error:
            log.warning("The terminal is gone: %s", error)
            gone, self._gone = self._gone, None
            if gone is not None:
                gone()


def _tolerant(encoding: str) -> partial[codecs.IncrementalDecoder]:
    return partial(codecs.getincrementaldecoder(encoding), "replace")


def _hang_up() -> None:
    """End as where the terminal is this process's own, and the system says that it is gone."""
    os.kill(os.getpid(), signal.SIGHUP)
