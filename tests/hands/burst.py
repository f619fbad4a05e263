"""One burst of keys: what a scanner sends, how fast, and whom it may let in."""

from dataclasses import dataclass

from tests.hands.keys import Keyboard, shown
from tests.hands.layouts import LAYOUTS

GAPS = (0.001, 0.005, 0.010, 0.030, 0.050, 0.060)
"""Seconds between two keys: a wedge to Bluetooth."""
STALL = 0.25
"""Seconds that a laptop may hold a scan up, at most."""
ENDS: dict[str, tuple[str, ...]] = {
    "CR": ("enter",),
    "LF": ("lf",),
    "CRLF": ("enter", "lf"),
    "Tab": ("tab",),
    "none": (),
}
CONTROL = (
    *("ctrl+q", "ctrl+z", "ctrl+p", "ctrl+n", "ctrl+o", "ctrl+c", "ctrl+k", "ctrl+e", "ctrl+t"),
    *(f"f{number}" for number in range(1, 11)),
    *("up", "down", "left", "right", "home", "end", "pageup", "pagedown", "tab", "backspace"),
    *("esc", "nul", "stx", "etx", "eot", "gs", "ctrl+u", "ctrl+l", "ctrl+s", "delete"),
)
"""Keys that a printed code may hold, or that a hand hits beside it."""
PALETTE = ("undo", "quit", "override", "log in", "sale", "queue", "organiser", "contrast", "till")
SEQUENCES = (
    "[Z",
    "[1;5C",
    "[A",
    "OP",
    "OS",
    "[20~",
    "[201~",
    "[113;5u",
    "[24;80R",
    "[I",
    "[48;9;20;9;20t",
)
"""Escape sequences without their Esc: a code of ASCII's control characters may spell them."""
ALONE = ("palette", "Tab and Enter", "keys alone")
ESCAPED = ("escape sequence", "clicks in escapes", "unclosed paste")
"""Told of by a terminal of the old kind alone; by kitty's protocol Esc is no sequence's begin."""
QUICK = (*ALONE, *ESCAPED, "keys beside a code", "keys in text")
"""Slower, or held up, these are what a person's fingers may do."""
SITE = "https://test.ticketbutler.example"


PREFIXES = ("]Q1", "]C1", "]d2", "]A0", "\\000026", "#")
FORMS = (
    *("hex", "dashed", "upper case", "link", "encoded link", "twice encoded", "prefix"),
    *("Code 39", "STX and ETX", "GS inside", "pasted code"),
    *(form.format(layout) for layout in LAYOUTS for form in ("layout {}", "link, layout {}")),
)
"""In which a list of tickets is enough to know a code."""
LEARNT = ("short link", "external uuid")
"""In which the ticket itself must have been read."""
MADE_UP = {
    "text": ("word", "name", "e-mail", "letter", "pasted"),
    "digits": ("digits", "number", "part of a number"),
    "codes": ("part of a uuid", "changed uuid", "two codes", "glued codes"),
    "keys": ("keys in text", "keys in a code", "keys beside a code", "keys alone"),
    "escapes": ("escape sequence", "clicks in escapes", "unclosed paste"),
    "commands": ("palette", "Tab and Enter"),
}
"""The kinds of hostile bursts, and what they are about."""
HOSTILE = tuple(kind for kinds in MADE_UP.values() for kind in kinds)


@dataclass(frozen=True)
class Person:
    uuid: str
    """32 hex digits."""
    name: str
    email: str
    number: int
    slug: str
    order_id: str
    external: str | None


@dataclass(frozen=True)
class Burst:
    kind: str
    keys: tuple[str, ...]
    end: str = "none"
    """One of `ENDS`."""
    gap: float = 0.001
    stall: tuple[int, float] | None = None
    keyboard: Keyboard = Keyboard.PLAIN
    names: frozenset[str] = frozenset()
    """Tickets that it names: nobody else may be let in by it."""
    admits: bool = False
    """All whom it names are to be let in by it."""
    upon: str | None = None
    """A ticket that is to be let in just before, by its uuid, so that there is what to undo."""

    @property
    def all_keys(self) -> tuple[str, ...]:
        return self.keys + ENDS[self.end]

    def __str__(self) -> str:
        stall = f", {self.stall[1] * 1000:.0f} ms before key {self.stall[0]}" if self.stall else ""
        upon = f", right after {self.upon} was admitted" if self.upon else ""
        return (
            f"{self.kind}: {shown(self.all_keys)!r} at {self.gap * 1000:.0f} ms{stall},"
            f" {self.keyboard} keyboard{upon}"
        )
