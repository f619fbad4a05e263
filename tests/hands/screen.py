"""What a terminal shows, from what a program writes to it.

The one terminal emulator in Python that is at hand has had no release for years; what Textual
writes is little: places, colours, text, and the marks that keep a frame together.
"""

import codecs
import re

from rich.cells import cell_len

_TOKEN = re.compile(
    r"\x1b\[([0-?]*)([ -/]*)([@-~])"  # a control sequence
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # a title, a colour
    r"|\x1b[^\[\]]"
    r"|[^\x1b]",
    re.DOTALL,
)
_BEGUN = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]*\x1b?)?\Z")
_FRAME = "?2026"


class Screen:
    """A grid of characters. A frame is seen once it is whole."""

    def __init__(self, columns: int, rows: int) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""
        self._in_frame = False
        self.resize(columns, rows)

    def resize(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self._grid = [[" "] * columns for _ in range(rows)]
        self._x = self._y = 0
        self.text = ""

    def feed(self, data: bytes) -> None:
        """Draw what a program wrote; a sequence that is cut off goes on in the next part."""
        text = self._rest + self._decoder.decode(data)
        begun = _BEGUN.search(text)
        at = begun.start() if begun else len(text)
        text, self._rest = text[:at], text[at:]
        for token in _TOKEN.finditer(text):
            if token[3]:
                self._sequence(token[1], token[3])
            elif len(token[0]) == 1:
                self._put(token[0])
        if not self._in_frame:
            self._show()

    def _show(self) -> None:
        self.text = "\n".join("".join(line).rstrip() for line in self._grid)

    def _sequence(self, parameters: str, final: str) -> None:
        if parameters == _FRAME and final in "hl":
            self._in_frame = final == "h"
            if not self._in_frame:
                self._show()
        elif parameters == "?1049" and final in "hl":
            self._grid = [[" "] * self.columns for _ in range(self.rows)]
        elif final == "H":
            row, _, column = parameters.partition(";")
            self._y = min(int(row or 1), self.rows) - 1
            self._x = min(int(column or 1), self.columns) - 1
        elif final in "JK":
            self._erase(parameters, final)

    def _erase(self, parameters: str, final: str) -> None:
        whole, line = parameters in ("2", "3"), self._grid[self._y]
        line[0 if whole else self._x :] = [" "] * (self.columns - (0 if whole else self._x))
        if final == "J":
            for y in range(0 if whole else self._y + 1, self.rows):
                self._grid[y] = [" "] * self.columns

    def _put(self, character: str) -> None:
        if character == "\r":
            self._x = 0
        elif character == "\n":
            if self._y + 1 < self.rows:
                self._y += 1
            else:
                self._grid = [*self._grid[1:], [" "] * self.columns]
        elif character >= " ":
            width = cell_len(character)
            if not width:
                self._grid[self._y][max(0, self._x - 1)] += character
            elif self._x + width <= self.columns:
                self._grid[self._y][self._x] = character
                self._grid[self._y][self._x + 1 : self._x + width] = [""] * (width - 1)
                self._x += width
