"""What a terminal shows as SVG that needs nothing else: no font of its own, no address, no script.

Blocks and lines are drawn as shapes, so that they meet whatever font the letters are drawn with.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from html import escape
from itertools import accumulate, groupby

from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import TerminalTheme
from textual._ansi_theme import MONOKAI
from textual.strip import Strip

WIDE, HIGH = 10, 20
"""Of a cell. A font size of 16 is a little less than a cell is wide for most fonts."""
MARGIN = 14
SEAM = 0.5
"""By so much one shape reaches over the next: else the edge between two is seen."""
THEME: TerminalTheme = MONOKAI
"""For colours that are the terminal's own; the app has none but those of its themes."""
WORDS = re.compile(r"\S+(?: \S+)*")
BLOCKS = {
    "▀": (0, 0, 8, 4),
    "▐": (4, 0, 4, 8),
    "▔": (0, 0, 8, 1),
    "▕": (7, 0, 1, 8),
    **{chr(0x2580 + n): (0, 8 - n, 8, n) for n in range(1, 9)},  # ▁ to █
    **{chr(0x2590 - n): (0, 0, n, 8) for n in range(1, 8)},  # ▏ to ▉
}
"""Left, top, width and height in eighths of a cell."""
ARMS = {
    "LEFT": ((-1, 0),),
    "RIGHT": ((1, 0),),
    "UP": ((0, -1),),
    "DOWN": ((0, 1),),
    "HORIZONTAL": ((-1, 0), (1, 0)),
    "VERTICAL": ((0, -1), (0, 1)),
}
"""Where a line of box drawing goes from the middle, in halves of a cell."""


def still(rows: Sequence[Strip], title: str) -> str:
    """A picture of one screen."""
    return _document(rows, title, "", _screen(rows))


def moving(screens: Sequence[tuple[Sequence[Strip], float]], title: str) -> str:
    """Screens one after another, each for its seconds, over and over; the first where none move."""
    total = sum(seconds for _, seconds in screens)
    rules, groups, at = [], [], 0.0
    for number, (rows, seconds) in enumerate(screens):
        start, at = at, at + seconds
        name = f"s{number}"
        rules.append(
            f"@keyframes {name}{{0%{{visibility:{'hidden' if start else 'visible'}}}"
            f"{100 * start / total:.2f}%{{visibility:visible}}"
            f"{100 * at / total:.2f}%,100%{{visibility:{'hidden' if at < total else 'visible'}}}}}"
            f"#{name}{{animation:{name} {total:.2f}s step-end infinite}}"
        )
        hidden = ' visibility="hidden"' if number else ""
        groups.append(f'<g id="{name}"{hidden}>{_screen(rows)}</g>')
    rules.append("@media (prefers-reduced-motion:reduce){g{animation:none!important}}")
    style = f"<style>{''.join(rules)}</style>"
    return _document(screens[0][0], title, style, "\n".join(groups))


def _document(rows: Sequence[Strip], title: str, style: str, body: str) -> str:
    width = max(row.cell_length for row in rows) * WIDE + 2 * MARGIN
    height = len(rows) * HIGH + 2 * MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'role="img" font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'
        f'\'DejaVu Sans Mono\',monospace" font-size="16">\n'
        f"<title>{escape(title)}</title>{style}\n"
        f'<rect width="{width}" height="{height}" rx="10" fill="#101418"/>\n'
        f'<g transform="translate({MARGIN} {MARGIN})">\n{body}\n</g></svg>\n'
    )


def _screen(rows: Sequence[Strip]) -> str:
    return "\n".join("".join(_row(row, number * HIGH)) for number, row in enumerate(rows))


def _row(row: Strip, top: int) -> Iterator[str]:
    starts = accumulate((segment.cell_length for segment in row), initial=0)
    placed = [(column * WIDE, segment) for column, segment in zip(starts, row, strict=False)]
    for back, run in groupby(placed, lambda at: _colours(at[1].style)[1]):
        parts = list(run)
        width = sum(segment.cell_length for _, segment in parts) * WIDE
        yield (
            f'<rect x="{parts[0][0]}" y="{top}" width="{width + SEAM}" height="{HIGH + SEAM}" '
            f'fill="{back}"/>'
        )
    for left, segment in placed:
        yield from _letters(left, top, segment)
        yield from _shapes(left, top, segment)


def _letters(left: int, top: int, segment: Segment) -> Iterator[str]:
    style = segment.style or Style()
    look = f'fill="{_colours(style)[0]}"'
    look += ' font-weight="bold"' if style.bold else ""
    look += ' font-style="italic"' if style.italic else ""
    look += ' text-decoration="underline"' if style.underline else ""
    text = "".join(" " if _is_shape(letter) else letter for letter in segment.text)
    for words in WORDS.finditer(text):
        x = left + Segment(text[: words.start()]).cell_length * WIDE
        length = Segment(words[0]).cell_length * WIDE
        yield (
            f'<text x="{x}" y="{top + 15}" textLength="{length}" '
            f'lengthAdjust="spacingAndGlyphs" {look}>{escape(words[0], quote=False)}</text>'
        )


def _shapes(left: int, top: int, segment: Segment) -> Iterator[str]:
    """Blocks as one path, lines as others."""
    front = _colours(segment.style)[0]
    blocks = []
    for number, letter in enumerate(segment.text):
        x = left + Segment(segment.text[:number]).cell_length * WIDE
        if letter in BLOCKS:
            right, down, width, height = (eighths / 8 for eighths in BLOCKS[letter])
            over = SEAM if down + height == 1 else 0
            blocks.append(
                f"M{x + right * WIDE:g} {top + down * HIGH:g}"
                f"h{width * WIDE:g}v{height * HIGH + over:g}h{-width * WIDE:g}z"
            )
        elif _is_shape(letter):
            words = unicodedata.name(letter).split()
            middle = f"M{x + WIDE / 2:g} {top + HIGH / 2:g}"
            ends = [end for word in words for end in ARMS.get(word, ())]
            path = "".join(f"{middle}l{to * WIDE / 2:g} {at * HIGH / 2:g}" for to, at in ends)
            thick = 4 if "HEAVY" in words else 1.5
            yield f'<path stroke="{front}" stroke-width="{thick}" d="{path}"/>'
    if blocks:
        yield f'<path fill="{front}" d="{"".join(blocks)}"/>'


def _is_shape(letter: str) -> bool:
    """Of `BLOCKS`, or a line. Raises ValueError for a block that is not drawn yet."""
    if "\u2580" <= letter <= "\u259f" and letter not in BLOCKS:
        raise ValueError(f"{letter!r} is no block that can be drawn: add it to BLOCKS")
    return letter in BLOCKS or "\u2500" <= letter <= "\u257f"


def _colours(style: Style | None) -> tuple[str, str]:
    """Of the letters and behind them, such as `#1a2b3c`."""
    style = style or Style()
    front = style.color.get_truecolor(THEME).hex if style.color else THEME.foreground_color.hex
    back = (
        style.bgcolor.get_truecolor(THEME, foreground=False).hex
        if style.bgcolor
        else THEME.background_color.hex
    )
    return (back, front) if style.reverse else (front, back)
