"""Words and numbers in large letters of half blocks.

Six dots high, so three rows, or six when doubled.
"""

from functools import lru_cache

_GLYPHS = {
    "A": ".##. #..# #..# #### #..# #..#",
    "C": ".### #... #... #... #... .###",
    "D": "###. #..# #..# #..# #..# ###.",
    "E": "#### #... ###. #... #... ####",
    "F": "#### #... ###. #... #... #...",
    "G": ".### #... #... #.## #..# .###",
    "H": "#..# #..# #### #..# #..# #..#",
    "I": "# # # # # #",
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
    "Y": "#...# .#.#. ..#.. ..#.. ..#.. ..#..",
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
    ".": ". . . . . #",
    "-": "... ... ### ... ... ...",
    "…": "..... ..... ..... ..... ..... #.#.#",
    "'": "# # . . . .",
    "?": "###. ...# .##. .#.. .... .#..",
    "!": "# # # # . #",
    " ": ".. .. .. .. .. ..",
    "\u2009": ". . . . . .",
    "✓": ".....# ....## #..##. ####.. .##... ......",
    "✗": "#...# .#.#. ..#.. ..#.. .#.#. #...#",
}

_BLOCKS = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}

HIGH = 3
"""Rows of a word that is not doubled."""


@lru_cache(maxsize=64)
def large(word: str, width: int, rows: int) -> tuple[str, ...]:
    """`word` as lines of equal length that fit into `width` cells and `rows` rows.

    As large and as bold as there is room for. Empty where there is none, or where a character has
    no large form: then it has to be written plainly.
    """
    if not word or any(letter not in _GLYPHS for letter in word):
        return ()
    for scale, bold in ((2, True), (2, False), (1, True), (1, False)):
        if rows >= HIGH * scale:
            dots = _scaled(_dots(word, bold=bold), scale)
            if len(dots[0]) <= width:
                return tuple(_halves(dots))
    return ()


def _dots(word: str, *, bold: bool) -> list[list[bool]]:
    rows: list[list[bool]] = [[] for _ in range(HIGH * 2)]
    for letter in word:
        for row, line in zip(rows, _GLYPHS[letter].split(), strict=True):
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
