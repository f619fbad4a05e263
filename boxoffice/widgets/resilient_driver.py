"""A driver for POSIX terminals, which send odd bytes, are stopped, and are taken away."""

import asyncio
import codecs
import logging
import os
import re
import select
import signal
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from threading import Thread
from typing import Any

from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers import linux_driver
from textual.message import Message

from boxoffice.domain.key_pace import FAST
from boxoffice.widgets.driver import UnhurriedDriver

log = logging.getLogger(__name__)


class ResilientDriver(UnhurriedDriver, linux_driver.LinuxDriver):
    """Textual's driver, for terminals that do what terminals do.

    - Bytes that are not UTF-8, as a scanner set to Latin-1 sends them, are read as replacement
      characters. Decoded strictly, they would end the app. See `TerminalInput` for the others.
    - A terminal that another program has set not to block is waited for, and not taken as gone.
    - What is drawn to a terminal that is gone is discarded. Textual's writing thread would die of
      it, and the app, once the queue is full, would wait for ever and hold its data folder's locks.
    - Signals to stop and to continue are handled in the event loop: a signal handler might wait for
      a lock that its own thread holds. Being continued without having been stopped, as a terminal
      does that goes away, starts no second reading thread and loses no key; after `close` it does
      nothing.
    - The rest of a scan that comes while the app quits is thrown away: the shell must not have it.
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
        self._is_reading = False
        self._posted: Future[bool] | None = None
        self._in_turn(signal.SIGTSTP, self._sigtstp_application)
        self._in_turn(signal.SIGCONT, self._continued)

    def disable_input(self) -> None:
        """Read no more, and throw away what is still typed."""
        super().disable_input()
        until = time.monotonic() + LONGEST_SCAN
        with suppress(OSError, ValueError):  # the terminal is gone, and nobody types
            while time.monotonic() < until and select.select([self.fileno], [], [], PAUSE)[0]:
                if _read(self.fileno) == b"":
                    break

    @property
    def is_unread(self) -> bool:
        """Whether keys have come that are not in the app's queue of messages yet."""
        reader = self._key_thread
        if reader is None or not reader.is_alive():
            return False
        # The terminal first: the reading thread sets `_is_reading` before it takes anything off it.
        unread = bool(select.select([self.fileno], [], [], 0)[0])
        return unread or self._is_reading or (self._posted is not None and not self._posted.done())

    def run_input_thread(self) -> None:
        """Read the terminal until `exit_event` is set, and then once more, or until it is gone."""
        terminal, parser = TerminalInput("utf-8"), TolerantParser(self._debug)
        last = False
        while not last:
            last = self.exit_event.is_set()
            looked = time.monotonic()
            if select.select([self.fileno], [], [], LOOK_EVERY)[0]:
                self._is_reading = True
                late = time.monotonic() - looked - LOOK_EVERY
                data = self._read()
                if data == b"":
                    break
                if text := terminal.decode(data or b"", final=last):
                    for message in parser.feed(text, late if late > LATE else 0.0):
                        self.process_message(message)
            for message in parser.tick():
                self.process_message(message)
            self._is_reading = False
        self._is_reading = False

    def _read(self) -> bytes | None:
        """What was typed; None: nothing now. No bytes: the terminal is gone, and the app ends."""
        try:
            data = _read(self.fileno)
        except OSError as error:
            log.warning("The terminal cannot be read: %s", error)
            data = b""
        if data == b"":
            self.hang_up()
        return data

    def hang_up(self) -> None:
        """End as the system has a process end whose own terminal is gone."""
        os.kill(os.getpid(), signal.SIGHUP)

    def send_message(self, message: Message) -> None:
        """Have the app take a message in its turn. From any thread."""
        post = self._app._post_message(message)
        self._posted = asyncio.run_coroutine_threadsafe(post, self._loop)

    def _in_turn(self, received: signal.Signals, handler: Callable[[], None]) -> None:
        def hand_over(*_: object) -> None:
            if not self._loop.is_closed():
                self._loop.call_soon_threadsafe(handler)

        signal.signal(received, hand_over)

    def _continued(self) -> None:
        reader = self._key_thread
        if reader is not None and reader.is_alive():
            self._begin_anew(reader)  # after a SIGSTOP, of which no program is notified
        elif self._must_signal_resume:
            self.resume_application_mode()
        else:
            return
        self.draw_anew()  # the terminal's other screen came up empty

    def _begin_anew(self, reader: Thread) -> None:
        """Ask the terminal for all that the app needs once more, and read on.

        Nothing is flushed: half of a scan may wait to be read.
        """
        before = self.attrs_before
        self.exit_event.set()
        reader.join()
        self.exit_event.clear()
        self.write("\x1b[<u")  # or the keyboard's protocol would be asked for twice
        self.close()
        self.resume_application_mode()
        # Where nothing has come between, the terminal is as this app has set it.
        self.attrs_before = before


LOOK_EVERY = 0.05
"""Seconds between looks whether to end, and whether a silence has lasted, where no key comes."""
LATE = 0.02
"""Seconds by which such a look may be late. After more, keys read at once may have come singly."""
APART = FAST - 0.001
"""Seconds, at most, put between keys that came during a stall: they may still be a scan."""
PAUSE = 0.3
"""Seconds that a scan may pause."""
LONGEST_SCAN = 3.0
"""Seconds in which a scan that is under way ends."""
UNCLOSED = 0.3
"""Seconds without a byte after which a paste that was begun is over."""
PASTE_BEGINS, PASTE_ENDS = "\x1b[200~", "\x1b[201~"
_UNFINISHED = re.compile(r"\x1b(?:\[[<?]?[0-9:;$]{0,30})?\Z")
_REPORT = re.compile(r"\x1b\[(?:<(?P<button>[0-9]{1,5});|[<?]?)[0-9:;]*\$?[@-~]")
_KEY = re.compile(r"\x1b\[(?:[A-FHPQSZ]|1;[2-9][0-9]?[A-FHPQS]|[0-9]{1,2}(?:;[2-9][0-9]?)?~)")
"""Arrows and function keys, as any terminal sends them."""
_SIZES = re.compile(r"\x1b\[(?:48;[0-9:;]*t|\?2048;[0-9]*\$y)")
"""Offers and reports of the size in band: the system tells it too, and no scanner can."""
_MOVED = 32 | 64
"""In a button's number: the mouse was moved, or its wheel turned."""


class TerminalInput:
    """Decodes what a terminal sends, and lets no scanner speak in its name.

    A scanner that types ESC and the rest of a report, as a printed code may hold it, would click,
    press keys of the kitty protocol, resize the screen or begin a paste that eats all that follows.
    A terminal writes a report at once, a keyboard a character at a time: what comes in pieces and
    is no plain key is made plain text, and a paste that is never closed is over after a silence.
    """

    def __init__(self, encoding: str) -> None:
        self._bytes = codecs.getincrementaldecoder(encoding)("replace")
        self._unfinished = ""

    def decode(self, data: bytes, final: bool = False) -> str:
        """The text of the next bytes."""
        before = self._unfinished
        text = before + self._bytes.decode(data, final)
        report = _REPORT.match(text) if before else None
        if report is not None and not self._may_be_in_pieces(report):
            text = f"{text[: report.end() - 1]}?{text[report.end() :]}"
        unfinished = _UNFINISHED.search(text)
        self._unfinished = unfinished.group() if unfinished else ""
        return _SIZES.sub("", text[len(before) :])

    def _may_be_in_pieces(self, report: re.Match[str]) -> bool:
        """Whether a report that came in pieces, as on a slow line, is taken: it does no harm."""
        if report["button"]:
            return bool(int(report["button"]) & _MOVED)
        own = report.group()
        return _KEY.fullmatch(own) is not None or own == PASTE_ENDS


class TolerantParser(XTermParser):
    """Textual's parser, which survives what it cannot read: the reading thread would die of it.

    Keys that came together get the same time, however long a busy computer takes to pass them on.
    Keys that came while the computer stood still get times as far apart as a scan's may be: a few
    keys of a person's are then not taken for a scan. A paste that is never closed ends after a
    silence: it would eat all that follows.
    """

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._pasting = False
        self._last = ""
        """The end of what was read, in which a paste may begin or end."""
        self._read_at = 0.0

    def feed(self, data: str, late: float = 0.0) -> Iterable[Message]:
        """`late`: seconds in which nobody could read, and `data` came."""
        at = Message().time  # now, on the clock that Textual stamps messages by
        yield from self._end_paste()
        begun, ended = map((self._last + data).rfind, (PASTE_BEGINS, PASTE_ENDS))
        if begun != ended:
            self._pasting = begun > ended
        self._last = (self._last + data)[1 - len(PASTE_ENDS) :]
        self._read_at = time.monotonic()
        messages: list[Message] = []
        try:
            for message in super().feed(data):
                messages.append(message)
        except (ArithmeticError, LookupError, ValueError) as error:
            log.warning("The terminal sent what nobody can read: %s", type(error).__name__)
            # It cannot be fed again once it has failed, and Textual holds on to this very parser.
            self.__init__(self._debug_log_file is not None)  # type: ignore[misc]
        apart = min(late / max(len(messages), 1), APART)
        for before, message in enumerate(reversed(messages)):
            message.time = at - before * apart
        yield from messages

    def tick(self) -> Iterable[Message]:
        yield from self._end_paste()
        yield from super().tick()

    def _end_paste(self) -> Iterable[Message]:
        if self._pasting and time.monotonic() - self._read_at > UNCLOSED:
            self._pasting = False
            yield from super().feed(PASTE_ENDS)


def _read(terminal: int) -> bytes | None:
    """What was typed; None: nothing now, as another program has read it."""
    try:
        return os.read(terminal, 4096)
    except (BlockingIOError, InterruptedError):
        return None
