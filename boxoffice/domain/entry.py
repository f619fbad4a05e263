"""What the one input means: a scanner or a person, a code or a search.

A scanner is a keyboard that types fast and ends with Enter. Nothing here knows of screens: keys are
one printable character, or `enter`, `lf`, `tab`; any other name is a key that ends a burst.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from boxoffice.domain.codes import read_code
from boxoffice.domain.roster import Filter, Roster

GAP = 0.035
"""Seconds between keys up to which they are one burst. Scanners need 1 to 10 ms a key, the fastest
of people 65, a key held down 33 at the least."""
PAIR = 0.05
"""Seconds after the Enter of a scan in which a second one belongs to it (CR LF)."""
BOUNCE = 0.5
SHORTEST = 4
"""Characters of the shortest code that is told from typing: `dZy1`."""
MOST_PASTED = 50
"""Codes in one paste; more is a text that someone pasted by mistake."""

_ENDS = ("enter", "lf", "tab")
_LINES = re.compile(r"[\r\n]+")


class Heard(NamedTuple):
    """What to do with a key."""

    scan: str | None = None
    """The keys held, with this one, were this scan: none of them goes anywhere."""
    back: int = 0
    """So many of the keys held, oldest first, go where they were meant for."""
    burst: str = ""
    """At the door, on Enter: what came right before it at a scanner's speed. On Tab, which is a
    command there: only if that was a code."""
    swallow: bool = False
    """This key is the second half of a scan's Enter: it goes nowhere."""


class Burst:
    """Tells scanners from people by the times of their keys.

    At the door every key goes to the line at once, and `door` only tells what came fast. Over a
    form fast keys are held by the caller, until `form` says that they were a scan, or gives them
    back. Times are in seconds, of one clock.
    """

    def __init__(self) -> None:
        self._text = ""
        self._last = float("-inf")
        self._held = 0
        self._entered = float("-inf")

    def door(self, key: str, at: float) -> Heard:
        """Take a key meant for the door. What is still held for a form is given back first."""
        back = self.give_back()
        if len(key) == 1:
            self._take(key, at)
            return Heard(back=back)
        if self._is_second(key, at):
            return Heard(back=back, swallow=True)
        burst = self._text if key in _ENDS and at - self._last <= GAP else ""
        if key == "tab" and not _is_scan(burst):
            burst = ""
        self._end(key, at, scan=bool(burst))
        return Heard(back=back, burst=burst)

    def form(self, key: str, at: float) -> Heard:
        """Take a key meant for a form: the caller holds it, unless it is `back` or `swallow`."""
        if len(key) == 1:
            back = self.give_back() if at - self._last > GAP else 0
            self._take(key, at)
            self._held += 1
            return Heard(back=back)
        if self._is_second(key, at):
            return Heard(swallow=True)
        code = self._text if self._held and key in _ENDS and at - self._last <= GAP else ""
        if _is_scan(code):
            self._held = 0
            self._end(key, at, scan=True)
            return Heard(scan=code)
        back = self.give_back() + 1
        self._end(key, at, scan=False)
        return Heard(back=back)

    def left(self, now: float) -> float:
        """Seconds until what is held must be given back, if no other key comes."""
        return self._last + GAP - now

    def give_back(self) -> int:
        """How many keys are held; they are the caller's again."""
        held, self._held = self._held, 0
        if held:
            self._text = ""
        return held

    def paste(self, text: str, *, form: bool) -> list[str]:
        """The codes in a bracketed paste, one a line; none: it is a text of a person's."""
        lines = [line for line in map(str.strip, _LINES.split(text)) if line]
        codes = [read_code(line) for line in lines[: MOST_PASTED + 1]]
        ended = text.endswith(("\r", "\n"))
        # What a person pastes into a form may be a number, a link or a word of their own.
        if len(codes) > MOST_PASTED or not all(
            code.is_coded if ended or not form else code.uuids or code.slug for code in codes
        ):
            return []
        return lines

    def _take(self, char: str, at: float) -> None:
        self._text = self._text + char if at - self._last <= GAP else char
        self._last = at
        self._entered = float("-inf")

    def _is_second(self, key: str, at: float) -> bool:
        """Whether a key is the other half of the Enter that ended a scan."""
        if key in ("enter", "lf") and at - self._entered <= PAIR:
            self._entered = float("-inf")
            return True
        return False

    def _end(self, key: str, at: float, *, scan: bool) -> None:
        self._text = ""
        self._entered = at if scan and key != "tab" else float("-inf")


def _is_scan(burst: str) -> bool:
    """Whether fast keys were a scanner's: a person's words can come fast too, all in one read."""
    return len(burst) >= SHORTEST and read_code(burst).is_coded


@dataclass(frozen=True, slots=True)
class Scanned:
    """A code, to be answered."""

    text: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """A ticket of the list, to be answered."""

    ticket: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing is to be done."""


Meaning: TypeAlias = Scanned | Chosen | Nothing


def meaning(
    text: str,
    *,
    burst: str = "",
    roster: Roster | None,
    highlighted: str | None = None,
    chosen: bool = False,
    only: Filter = Filter.ALL,
) -> Meaning:
    """What Enter means with `text` on the line.

    `burst`: the end of it that came at a scanner's speed, as `Heard` tells. `highlighted`: the
    list's row, put there by a person where `chosen`. A code that is not known must never admit the
    row that happens to be highlighted, so what has the look of a code is never a search when it
    came fast, and a near miss is never meant by a scanner.
    """
    line, scanned = text.strip(), burst.strip()
    if not line:
        return Chosen(highlighted) if chosen and highlighted else Nothing()
    fast = scanned == line
    if not fast and line.endswith(scanned) and _is_scan(scanned):
        return Scanned(scanned)  # behind what someone began to type
    code = read_code(line)
    if code.certain or roster is None:
        return Scanned(line)
    named = roster.names(line)
    if code.is_coded and (fast or named):
        return Scanned(line)
    found = roster.find(line, only)
    hits = len(found.uuids) + found.hidden
    if not hits or (found.near and (fast or named)):
        return Scanned(line)
    if hits <= len(named) and set(named).issuperset(roster.find(line).uuids):
        return Scanned(line)  # the search says the same, and the code may ask WHICH ONE?
    if highlighted is not None and highlighted in found.uuids:
        return Chosen(highlighted)
    if found.near or not found.uuids or (chosen and highlighted):
        return Nothing()  # who was chosen is no longer there: nobody else is meant
    return Chosen(found.uuids[0])


class Bounce:
    """Takes a code that a scanner reads twice in a moment for one scan."""

    def __init__(self) -> None:
        self._code = ""
        self._at = float("-inf")

    def again(self, code: str, at: float) -> bool:
        """Whether `code` is the one before, read again within half a second of it."""
        code = code.strip()
        same = code == self._code and at - self._at <= BOUNCE
        self._code, self._at = code, at
        return same
