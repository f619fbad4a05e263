"""Words, numbers and amounts in large letters of half blocks, or of whole ones.

Six dots high, so three rows of half blocks, or six when doubled; six rows of whole ones.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len

from boxoffice.domain import signs
from boxoffice.widgets.line_widget import LineWidget, Piece, fit, shorten, width_of
from boxoffice.widgets.terminal import draws_halves

_GLYPHS = {
    "A": ".##. #..# #..# #### #..# #..#",
    "B": "###. #..# ###. #..# #..# ###.",
    "C": ".### #... #... #... #... .###",
    "D": "###. #..# #..# #..# #..# ###.",
    "E": "#### #... ###. #... #... ####",
    "F": "#### #... ###. #... #... #...",
    "G": ".### #... #... #.## #..# .###",
    "H": "#..# #..# #### #..# #..# #..#",
    "I": "# # # # # #",
    "J": "...# ...# ...# ...# #..# .##.",
    "K": "#..# #.#. ##.. ##.. #.#. #..#",
    "L": "#... #... #... #... #... ####",
    "M": "#....# ##..## #.##.# #....# #....# #....#",
    "N": "#...# ##..# #.#.# #.#.# #..## #...#",
    "O": ".##. #..# #..# #..# #..# .##.",
    "P": "###. #..# #..# ###. #... #...",
    "Q": ".##. #..# #..# #..# #.#. .#.#",
    "R": "###. #..# #..# ###. #.#. #..#",
    "S": ".### #... .##. ...# ...# ###.",
    "T": "##### ..#.. ..#.. ..#.. ..#.. ..#..",
    "U": "#..# #..# #..# #..# #..# .##.",
    "V": "#...# #...# #...# .#.#. .#.#. ..#..",
    "W": "#....# #....# #....# #.##.# ##..## #....#",
    "X": "#...# .#.#. ..#.. ..#.. .#.#. #...#",
    "Y": "#...# .#.#. ..#.. ..#.. ..#.. ..#..",
    "Z": "#### ...# ..#. .#.. #... ####",
    "Æ": ".###### #..#... #..###. ####... #..#... #..####",
    "Ø": ".###. #..## #.#.# #.#.# ##..# .###.",
    "Œ": ".###### #..#... #..###. #..#... #..#... .######",
    "Þ": "#... ###. #..# #..# ###. #...",
    "Ð": ".###. .#..# ###.# .#..# .#..# .###.",
    "Đ": ".###. .#..# ###.# .#..# .#..# .###.",
    "Ł": ".#... .#.#. .##.. ##... .#... .####",
    "Ħ": "#..# #### #..# #### #..# #..#",
    "Ŧ": "##### ..#.. ..#.. .###. ..#.. ..#..",
    "Ŋ": "#...# ##..# #.#.# #..## #...# ...#.",
    "0": ".##. #..# #..# #..# #..# .##.",
    "1": ".#. ##. .#. .#. .#. ###",
    "2": "###. ...# .##. #... #... ####",
    "3": "###. ...# .##. ...# ...# ###.",
    "4": "#..# #..# #..# #### ...# ...#",
    "5": "#### #... ###. ...# ...# ###.",
    "6": ".##. #... ###. #..# #..# .##.",
    "7": "#### ...# ..#. ..#. .#.. .#..",
    "8": ".##. #..# .##. #..# #..# .##.",
    "9": ".##. #..# .### ...# ...# .##.",
    ",": ".. .. .. .. .# #.",
    ".": ". . . . # #",
    "-": "... ... ### ... ... ...",
    "…": "..... ..... ..... ..... ..... #.#.#",
    "'": "# # . . . .",
    "?": "###. ...# .##. .#.. .... .#..",
    "!": "# # # # . #",
    " ": ".. .. .. .. .. ..",
    "\u2009": ". . . . . .",
    signs.YES: ".....# ....## #..##. ####.. .##... ......",
    signs.NO: "#...# .#.#. ..#.. ..#.. .#.#. #...#",
}

_ABOVE = {
    "\u0300": "#.. .#.",  # grave
    "\u0301": "..# .#.",  # acute
    "\u0302": ".#. #.#",  # circumflex
    "\u0303": ".#.# #.#.",  # tilde
    "\u0304": "### ...",  # macron
    "\u0306": "#.# .#.",  # breve
    "\u0307": "# .",  # dot
    "\u0308": "#.# ...",  # diaeresis
    "\u030a": "## ..",  # ring
    "\u030b": ".#.# #.#.",  # double acute
    "\u030c": "#.# .#.",  # caron
}
"""Marks, two dots high; the letter below them has the four that are left."""
_BELOW = {"\u0327": ".#", "\u0328": "#."}
"""Cedilla and ogonek, one dot high."""
_LOW = {"A": (0, 1, 3, 4), "E": (0, 2, 3, 5), "H": (0, 1, 2, 3), "Z": (0, 2, 3, 5)} | dict.fromkeys(
    "GRS", (0, 1, 3, 5)
)
"""What is left of a letter that is four dots high; of others the first two and the last two."""

_BLOCKS = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}

HIGH = 3
"""Rows of a word of half blocks that is not doubled."""


@lru_cache(maxsize=64)
def large(
    word: str, width: int, rows: int, *, halves: bool = True, low: bool = False
) -> tuple[str, ...]:
    """`word` as lines of equal length that fit into `width` cells and `rows` rows.

    As large and as bold as there is room for. Empty where there is none, or where a character has
    no large form: then it has to be written plainly. `halves`: the terminal draws half blocks.
    `low`: a dot is left above the letters, which are five high then.
    """
    if not word or any(glyph(letter) is None for letter in word):
        return ()
    for scale, bold in ((2, True), (2, False), (1, True), (1, False)):
        if rows >= HIGH * scale * (1 if halves else 2):
            dots = _scaled(_dots(word, bold=bold, low=low), scale)
            if len(dots[0]) <= width:
                return tuple(_halves(dots) if halves else _wholes(dots))
    return ()


@lru_cache
def glyph(letter: str) -> tuple[str, ...] | None:
    """The six rows of a character, its mark composed with its letter; None: it has none."""
    if letter in _GLYPHS:
        return tuple(_GLYPHS[letter].split())
    base, *marks = list(unicodedata.normalize("NFD", letter))
    if base not in _GLYPHS or len(marks) != 1:
        return None
    rows, mark = _GLYPHS[base].split(), marks[0]
    if mark in _ABOVE:
        low = [rows[number] for number in _LOW.get(base, (0, 1, 4, 5))]
        composed = [*_ABOVE[mark].split(), *low]
    elif mark in _BELOW:
        composed = [*rows[:1], *rows[2:], _BELOW[mark]]
    else:
        return None
    width = max(map(len, composed))
    return tuple(row.center(width, ".") for row in composed)


def _lowered(rows: Sequence[str]) -> list[str]:
    """A character a dot lower: without an empty row at its end, else without one that repeats."""
    repeats = (at for at in range(1, len(rows)) if rows[at] == rows[at - 1])
    at = next(repeats, len(rows) // 2) if "#" in rows[-1] else len(rows) - 1
    return ["." * len(rows[0]), *rows[:at], *rows[at + 1 :]]


def _dots(word: str, *, bold: bool, low: bool) -> list[list[bool]]:
    rows: list[list[bool]] = [[] for _ in range(HIGH * 2)]
    for letter in word:
        form = glyph(letter) or ()
        for row, line in zip(rows, _lowered(form) if low else form, strict=True):
            dots = [dot == "#" for dot in line]
            if bold:
                dots = [a or b for a, b in zip([*dots, False], [False, *dots], strict=True)]
            if row:
                row.append(False)
            row.extend(dots)
    return rows


def _scaled(dots: list[list[bool]], scale: int) -> list[list[bool]]:
    return [[dot for dot in row for _ in range(scale)] for row in dots for _ in range(scale)]


def _halves(dots: list[list[bool]]) -> list[str]:
    return [
        "".join(
            _BLOCKS[upper, lower] for upper, lower in zip(dots[row], dots[row + 1], strict=True)
        )
        for row in range(0, len(dots), 2)
    ]


def _wholes(dots: list[list[bool]]) -> list[str]:
    return ["".join(_BLOCKS[dot, dot] for dot in row) for row in dots]


MARGIN = 2
GAP = 3
"""Cells between two figures."""


class Figure(NamedTuple):
    """A number with what it is."""

    label: str
    number: str
    unit: str = ""
    """Beside it in small letters: the currency."""
    strong: bool = False
    """What has to be acted on: it stands out."""

    @property
    def plain(self) -> str:
        return " ".join(part for part in (self.label, self.number, self.unit) if part)


class Figures(LineWidget):
    """Shows figures as large as they fit; in plain letters where there is no room.

    It has the class `-whole` where they are twice as high, of whole blocks.
    """

    COMPONENT_CLASSES = {"figures--label", "figures--number", "figures--strong"}

    figures: tuple[Figure, ...] = ()

    def on_mount(self) -> None:
        self.set_class(not draws_halves(self), "-whole")

    def show(self, figures: Sequence[Figure]) -> None:
        """Each of `figures` is another one."""
        if tuple(figures) != self.figures:
            self.figures = tuple(figures)
            self.refresh()

    def line(self, y: int, width: int) -> Iterable[Piece]:
        yield Piece(" " * MARGIN)
        for block in self._blocks(width - MARGIN):
            at = y - (self.size.height - len(block)) // 2
            empty = Piece(" " * width_of(block[0]))
            yield from block[at] if 0 <= at < len(block) else [empty]
            yield Piece(" " * GAP)

    def _blocks(self, width: int) -> list[list[list[Piece]]]:
        """The lines of each figure, one beside the other; what stands out is the largest."""
        left = width - GAP * (len(self.figures) - 1)
        others = sum(cell_len(figure.plain) for figure in self.figures)
        blocks, halves = {}, draws_halves(self)
        for figure in sorted(self.figures, key=lambda figure: not figure.strong):
            others -= cell_len(figure.plain)
            blocks[figure] = _block(figure, left - others, self.size.height, halves=halves)
            left -= width_of(blocks[figure][0])
        return [blocks[figure] for figure in self.figures]


def _block(figure: Figure, width: int, rows: int, *, halves: bool) -> list[list[Piece]]:
    """The lines of one figure, as large as there is room for."""
    beside = sum(cell_len(text) + 1 for text in (figure.label, figure.unit) if text)
    lines = large(figure.number, width - beside, rows, halves=halves)
    if not lines:
        return [[Piece(shorten(figure.plain, max(width, 1)), _style(figure))]]
    middle = (len(lines) - 1) // 2
    return [
        [
            Piece(fit(figure.label if at == middle else "", cell_len(figure.label)), _LABEL),
            Piece(" "),
            Piece(line, _style(figure)),
            Piece(" " * bool(figure.unit)),
            Piece(fit(figure.unit if at == middle else "", cell_len(figure.unit)), _LABEL),
        ]
        for at, line in enumerate(lines)
    ]


_LABEL = "figures--label"


def _style(figure: Figure) -> str:
    return "figures--strong" if figure.strong else "figures--number"
