"""The signs that are drawn, by what they mean, and what stands for each where a font lacks it.

A screen draws what is named here; `boxoffice.widgets.terminal` replaces it on its way to a terminal
that cannot show it, cell for cell.
"""

from enum import Enum, auto

YES, NO = "✓", "✗"
WAITING = "↑"
"""Still to be sent."""
UNDONE = "↶"
CHOSEN = "▸"
"""In front of the row that a command would act on."""
PROMPT = "❯"
SEARCH = "»"
"""In front of what is searched for among the commands."""
REQUIRED = "●"
JOINED, ALONE = "◆", "◇"
"""How a computer stands to its venue's hub."""
ASKING, ONLINE, SLOW, OFFLINE, CAPTIVE = "◌", "●", "◐", "○", "▲"
"""How it stands to its site; a refused key is `NO`."""
TICKED = "•"
TRACK, THUMB = "│", "█"
"""Of a scrollbar."""
EDGE = "▌"
GAUGE, REST = "▆", "·"
"""Of a bar: lower than a row, so that each is told from the one below it."""
ELSEWHERE = "░"
"""Below a bar of what other doors did."""
ELLIPSIS = "…"
STRIPES, PLAIN_STRIPES = "▄██▀    ", "////    "
"""One of the stripes of a green that is not confirmed."""


class Signs(Enum):
    """What a terminal's font holds."""

    ALL = auto()
    COMMON = auto()
    """Microsoft's list of 652 signs (WGL4), which the fonts of its old console hold."""
    LATIN = auto()
    """Latin-1's letters and no signs: the console of Linux, and terminals of before Unicode."""
    ASCII = auto()


def _all(signs: str, instead: str) -> dict[str, str]:
    return dict.fromkeys(signs, instead)


COMMON = {
    YES: "√",
    NO: "×",
    UNDONE: "←",
    CHOSEN: "►",
    PROMPT: "►",
    JOINED: "♦",
    ALONE: "◊",
    ASKING: "·",
    SLOW: "≈",
    **_all("▁▂▃", "_"),
    **_all("▅▆", "▄"),
    "▇": "█",
    "▔": "¯",
    **_all("▏▎▍▊▉", "▌"),
    "▋": "▌",
    "▕": "▐",
    **_all("╭┏", "┌"),
    **_all("╮┓", "┐"),
    **_all("╰┗", "└"),
    **_all("╯┛", "┘"),
    **_all("━╴╶╸╺╼╾", "─"),
    **_all("┃╵╷╹╻", "│"),
    "▶": "►",
    "◀": "◄",
}
"""By the sign, what stands for it in `Signs.COMMON`, as wide as it."""

_HORIZONTAL, _VERTICAL = "─━┄┅┈┉╌╍╴╶╸╺╼╾", "│┃┆┇┊┋╎╏║╵╷╹╻╽╿"

ASCII = {
    **_all("".join(map(chr, range(0x2500, 0x2580))), "+"),
    **_all(_HORIZONTAL, "-"),
    **_all(_VERTICAL, "|"),
    "═": "=",
    YES: "+",
    **_all("✗×", "x"),
    UNDONE: "<",
    **_all("▸❯→▶►›»", ">"),
    **_all("←◀◄‹«", "<"),
    **_all("↑▲", "^"),
    **_all("↓▼", "v"),
    "↵": "\\",
    JOINED: "#",
    **_all("●•■", "*"),
    **_all("◇○□", "o"),
    ASKING: ".",
    SLOW: "~",
    # As `toilet` writes large letters: what is full, what is so above, and what is so below.
    "█": "#",
    "▀": '"',
    "▄": "m",
    **_all("▁▂", "_"),
    "▃": "=",
    "▅": "m",
    **_all("▆▇", "#"),
    "▔": "-",
    **_all("▏▎▍▌▋▊▉▐▕", "|"),
    "░": ":",
    "▒": "%",
    "▓": "#",
    "…": ".",
    **_all("·–—‐‑−", "-"),
    **_all("“”„", '"'),
    **_all("‘’‚", "'"),
}
"""By the sign, what stands for it in `Signs.LATIN` and `Signs.ASCII`, as wide as it."""
