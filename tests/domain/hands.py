"""What drives the machine of the keys in the tests: hands, a line, a form and a door."""

from collections.abc import Iterable

from boxoffice.domain.key_decisions import Command, Dropped, Front, Key, PastedText, Text, WholeScan
from boxoffice.domain.scan_input import ScanInput

CODE = "957e996e16d94aff959800a03bf8c726"
DASHED = "957e996e-16d9-4aff-9598-00a03bf8c726"
PERSON = 0.11
"""Seconds between the keys of a quick typist."""
WEDGE, RADIO = 0.001, 0.06
STALL = 0.25
TERMINATORS = {"CR": ["enter"], "LF": ["ctrl+j"], "CRLF": ["enter", "ctrl+j"], "Tab": ["tab"]}
TERMINATORS["Tab CR"] = ["tab", "enter"]


class Hands:
    """Drives the machine, and carries out what it decides on a line, a form and a door."""

    def __init__(self, front: Front = Front.DOOR) -> None:
        self.input = ScanInput()
        self.front = front
        self.now = 100.0
        self.line = ""
        self.scanned = 0
        """Characters on the line that are known for a scanner's as they come."""
        self.form: list[str] = []
        self.commands: list[str] = []
        self.scans: list[str] = []
        self.broken: list[str] = []
        self.dropped: list[str] = []

    def press(self, name: str, after: float) -> None:
        """Press a key some time after what was pressed before."""
        self.wait(after)
        character = name if len(name) == 1 else " " if name == "space" else ""
        key = Key(name, character, self.now, source=self.front)
        self._carry_out(self.input.key(key, self.front, line=self.line))

    def wait(self, seconds: float) -> None:
        """Let time pass, with a look at every moment that is due."""
        end = self.now + seconds
        while (due := self.input.due) is not None and due < end:
            self.now = max(due, self.now)
            self._carry_out(self.input.moment(self.now))
        self.now = end

    def type(self, text: Iterable[str], gap: float = PERSON, first: float = 1.0) -> None:
        """Press keys with the same time between them."""
        for at, name in enumerate(text):
            self.press(name, gap if at else first)

    def scan(
        self,
        text: Iterable[str],
        gap: float = WEDGE,
        end: Iterable[str] = ("enter",),
        stall_at: int | None = None,
        first: float = 1.0,
    ) -> None:
        """Press keys as a scanner does. `stall_at`: the computer stands still before this one."""
        for at, name in enumerate([*text, *end]):
            self.press(name, first if not at else STALL if at == stall_at else gap)

    def paste(self, text: str) -> None:
        self.wait(1.0)
        self._carry_out(self.input.paste(text, self.now, self.front))

    def input_paste_after(self, seconds: float, text: str) -> None:
        self.wait(seconds)
        self._carry_out(self.input.paste(text, self.now, self.front))
        self.settle()

    def settle(self) -> None:
        self.wait(2.0)

    def _carry_out(self, decisions: Iterable[object]) -> None:
        for decision in decisions:
            match decision:
                case Text(key, on_line=True, scanned=scanned):
                    self.scanned += scanned
                    self.line += key.character
                case Text(key) | Command(key) if key.source is not self.front:
                    continue  # the screen for which it was pressed is gone
                case Text(key) if self.front is Front.DOOR:
                    self.line += key.character
                case Text(key):
                    self.form.append(key.name)
                case PastedText(text) if self.front is Front.DOOR:
                    self.line += text
                case PastedText(text):
                    self.form.append(text)
                case Command(key):
                    self.command(key.name)
                case WholeScan(text, on_line, broken):
                    assert not on_line or self.line.endswith(text[-on_line:])
                    self.line = self.line[: len(self.line) - on_line]
                    (self.broken if broken else self.scans).append(text)
                case Dropped(keys):
                    self.dropped += [key.name for key in keys]

    def command(self, name: str) -> None:
        self.commands.append(name)
        if name == "backspace":
            self.line = self.line[:-1]


FRONTS = (Front.DOOR, Front.OTHER)
