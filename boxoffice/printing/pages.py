"""Pages of texts and codes in one PDF, in a unit of one's own.

Texts come from outside: what no font of this computer has is spelt in letters there are, and
nothing in a text is taken for an instruction.
"""

import logging
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from anyascii import anyascii
from fpdf import FPDF
from fpdf.bidi import BidiParagraph
from fpdf.enums import XPos, YPos
from fpdf.errors import FPDFException
from fpdf.fonts import TTFFont

from boxoffice.printing.papers import runs
from boxoffice.printing.typefaces import UNREADABLE, Typeface, of_system

log = logging.getLogger(__name__)

FONTS = Path(__file__).parent / "fonts"
FAMILY = "paper"
_FILES = {"": "DejaVuSans.ttf", "B": "DejaVuSans-Bold.ttf"}
MISSING = "?"
BLACK, GREY = 0, 95
"""Shades from 0 to 255; a thermal printer turns grey into dots, so receipts are black."""
INCH = 72
"""Points."""
_SHAPED = (("\u0590", "\u10ff"), ("\u1780", "\u18af"), ("\u1900", "\u1cff"), ("\ua800", "\uabff"))
"""Scripts, from and to, whose letters join or stack: Arabic, Devanagari, Thai and more."""
Align = Literal["L", "C", "R"]


class Pages:
    """Writes one PDF, page after page. x and y count from the upper left corner of the page."""

    def __init__(self, per_inch: float, title: str, at: datetime | None = None) -> None:
        """`per_inch`: units of all lengths, 25.4 for millimetres. `at`: when it is made."""
        self._pdf = FPDF(unit=INCH / per_inch)
        self._pdf.set_auto_page_break(False)
        self._pdf.set_margin(0)
        self._pdf.c_margin = 0
        self._pdf.alias_nb_pages("\0")  # a name may be `{nb}`, which would be the number of pages
        for style, file in _FILES.items():
            self._pdf.add_font(FAMILY, style, FONTS / file)
        self._known = {style: _characters(self._pdf, style) for style in _FILES}
        self._others: dict[Typeface, str] = {}
        """Fonts of this computer that are in the PDF too, and their families."""
        self._shapes = find_spec("uharfbuzz") is not None
        self._pdf.set_title(title)
        self._pdf.set_creator("boxoffice")
        if at is not None:
            self._pdf.set_creation_date(at)

    def page(self, width: float, height: float) -> None:
        self._pdf.add_page(format=(width, height))

    def pdf(self) -> bytes:
        return bytes(self._pdf.output())

    def spelt(self, text: str, style: str = "") -> str:
        """`text` in characters that some font has; what cannot be spelt either is `MISSING`."""
        known = self._known[style]
        if all(ord(char) in known for char in text):
            return text
        return "".join(
            char if ord(char) in known or self._other(char) else _spelt(char) for char in text
        ).strip()

    def _other(self, char: str) -> str:
        """The family of another font for a letter, taken into the PDF; empty: there is none."""
        if ord(char) in self._known[""]:
            return FAMILY
        if unicodedata.category(char)[0] not in "LMN" or (_is_shaped(char) and not self._shapes):
            return ""
        while (typeface := of_system().having(ord(char))) is not None:
            if typeface not in self._others and not self._take(typeface):
                of_system().drop(typeface)
                continue
            return self._others[typeface]
        return ""

    def _take(self, typeface: Typeface) -> bool:
        """Take a font into the PDF; False: fpdf2 does not read it."""
        family = f"other{len(self._others)}"
        try:
            self._pdf.add_font(family, "", typeface.file)
        except (*UNREADABLE, FPDFException, AttributeError, TypeError) as error:
            log.info("the font %s is passed over: %s", typeface.file.name, error)
            return False
        self._others[typeface] = family
        return True

    def _use(self, text: str, size: float, style: str) -> None:
        """Have `text`, which is spelt, measured and drawn by the fonts that it needs."""
        self._pdf.set_font(FAMILY, style, size)
        known = self._known[style]
        lacking = {char for char in text if ord(char) not in known}
        others = dict.fromkeys(filter(None, map(self._other, sorted(lacking))))
        self._pdf.set_fallback_fonts(list(others), exact_match=False)
        self._pdf.set_text_shaping(self._shapes and any(map(_is_shaped, text)))

    def width(self, text: str, size: float, style: str = "") -> float:
        """Of `text` in one line."""
        text = self.spelt(text, style)
        self._use(text, size, style)
        return self._pdf.get_string_width(text)

    def leading(self, size: float) -> float:
        """From line to line of letters of `size` points."""
        return size * 1.25 / self._pdf.k

    def fitted(self, text: str, size: float, width: float, most: int, style: str = "") -> list[str]:
        """`text` in at most `most` lines of `width`; what is too long ends in `…`."""
        words = self.spelt(text, style).split()
        whole = " ".join(words)
        self._use(whole, size, style)
        if self._fits(whole, width):
            return [whole] if whole else []
        lines: list[str] = []
        line = ""
        for word in words:
            if len(lines) > most:  # nobody sees the rest
                break
            longer = f"{line} {word}" if line else word
            if self._fits(longer, width):
                line = longer
                continue
            if line:
                lines.append(line)
            while len(lines) <= most and not self._fits(word, width):  # longer than a line
                cut = self._cut(word, width)
                lines.append(word[:cut])
                word = word[cut:]  # noqa: PLW2901  # what is left of it
            line = word
        if line:
            lines.append(line)
        if len(lines) > most:
            last = lines[most - 1]
            while last and not self._fits(f"{last}…", width):
                last = last[:-1]
            lines[most - 1 :] = [f"{last.rstrip()}…"]
        return lines

    def _fits(self, text: str, width: float) -> bool:
        return self._pdf.get_string_width(text) <= width

    def _cut(self, word: str, width: float) -> int:
        """How many characters of `word` fit, at least one."""
        fitting = bisect_right(
            range(1, len(word)), 0, key=lambda cut: not self._fits(word[:cut], width)
        )
        return max(1, fitting)

    def text(
        self,
        text: str,
        x: float,
        y: float,
        width: float,
        size: float,
        most: int = 1,
        *,
        style: str = "",
        align: Align = "L",
        shade: int = BLACK,
    ) -> float:
        """Write what fits of `text` into `most` lines, and answer the y below them."""
        lines = self.fitted(text, size, width, most, style)
        return self.write(lines, x, y, width, size, style=style, align=align, shade=shade)

    def write(
        self,
        lines: Sequence[str],
        x: float,
        y: float,
        width: float,
        size: float,
        *,
        style: str = "",
        align: Align = "L",
        shade: int = BLACK,
    ) -> float:
        """Write lines, each of which fits, and answer the y below them."""
        self._pdf.set_text_color(shade)
        leading = self.leading(size)
        for line in lines:
            spelt = self.spelt(line, style)
            self._use(spelt, size, style)
            self._pdf.set_xy(x, y)
            self._pdf.cell(
                width,
                leading,
                spelt if self._pdf.text_shaping else _as_drawn(spelt),
                align=align,
                new_x=XPos.LEFT,
                new_y=YPos.NEXT,
            )
            y += leading
        return y

    def rule(self, x: float, y: float, width: float, thick: float, shade: int = BLACK) -> None:
        """A horizontal line whose upper edge is at `y`."""
        self._pdf.set_fill_color(shade)
        self._pdf.rect(x, y, width, thick, style="F")

    def box(self, x: float, y: float, side: float, thick: float) -> None:
        """A square to be ticked, its line `thick`."""
        self._pdf.set_draw_color(BLACK)
        self._pdf.set_line_width(thick)
        self._pdf.rect(x, y, side, side)

    def modules(
        self, rows: Sequence[Sequence[bool]], x: float, y: float, wide: float, high: float
    ) -> None:
        """Draw a code, each module `wide` and `high`, black on the white of the paper."""
        with self._pdf.new_path() as path:  # one path: no seams between its parts
            path.style.fill_color = "#000000"
            path.style.stroke_color = None
            for run in runs(rows):
                path.rectangle(x + run.start * wide, y + run.row * high, run.length * wide, high)


def _characters(pdf: FPDF, style: str) -> frozenset[int]:
    pdf.set_font(FAMILY, style)
    font = pdf.current_font
    if not isinstance(font, TTFFont):
        raise TypeError(f"{FAMILY} {style} is no TrueType font")
    return frozenset(font.cmap)


def _spelt(char: str) -> str:
    """In letters of ASCII; a mark that none stands for is left out."""
    return anyascii(char) or ("" if unicodedata.category(char)[0] in "MC" else MISSING)


def _is_shaped(char: str) -> bool:
    return char > "\u0590" and any(first <= char <= last for first, last in _SHAPED)


def _as_drawn(line: str) -> str:
    """`line` from left to right, also what of it is read the other way."""
    if all(unicodedata.bidirectional(char) not in ("R", "AL") for char in line):
        return line
    return BidiParagraph(line).get_reordered_string()
