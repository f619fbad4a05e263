"""The program in a terminal, as a person has it."""

import os
import subprocess
import threading
import time

from tests.cli.processes import LONGEST, PROGRAM, surroundings

PERSON = 0.12
"""Seconds between a person's keys: what tells them from a scanner's."""
USUAL = {"TERM": "xterm-256color", "LANG": "C.UTF-8", "BOXOFFICE_SOUND": "off"}
"""Whatever computer runs the tests, and whoever sits beside it."""


class Terminal:
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
            env=surroundings() | USUAL | environment,
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

    def quit(self) -> None:
        """Quit as a person does: Ctrl+Q, then to the button that says so, and Enter."""
        time.sleep(PERSON)
        self.type(b"\x11")
        self.wait_for("Quit?")
        for key in (b"\t", b"\r"):
            time.sleep(PERSON)
            self.type(key)

    def end(self) -> int:
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
