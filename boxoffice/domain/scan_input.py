"""Whose each key is: a scanner's or a person's. One machine decides it, by time alone.

A scanner is a keyboard that types fast. What it types is a code or nothing: it never searches,
chooses, presses a button or runs a command, whatever is open in front. `ScanInput` is given every
key, every paste and the passing of time, and answers with what to do, in order. It knows no screen.
CONTRIBUTING.md, promise 10.

The keys since the last silence are a `Run`. Most of its gaps being short, a scanner typed it, also
where a busy computer or a radio paused in its midst; a person's fast pair of keys does not make
one. A run is judged whole, at its end: CR, LF or Tab, or a silence for scanners that send none.
Commands wait for `HOLD`, since a printed code may begin with them ("BadBarcode"): what comes beside
a scan, or at a scanner's speed, is dropped.
"""

import re
from dataclasses import dataclass, field
from itertools import groupby, takewhile
from statistics import median

from boxoffice.domain.codes import Code, read_code
from boxoffice.domain.key_decisions import (
    BACKSPACES,
    ENDS,
    MODIFIERS,
    REPEATED,
    TABS,
    Command,
    Decision,
    Dropped,
    Front,
    Key,
    PastedText,
    Text,
    WholeScan,
)
from boxoffice.domain.text import clean

FAST = 0.074
"""Seconds between keys up to which a machine may have typed them. Wedges need 1 to 10 ms, radio
scanners up to 60; of people, the fastest are as fast now and then, never on the whole."""
SURE = 0.008
"""Seconds between keys that no two fingers come to."""
STEADY = 0.035
"""Seconds between most keys, below which a whole run surely is a machine's."""
HOLD = 0.078
"""Seconds that a command waits, so that a scan that begins with it is known."""
UNCERTAIN = 0.15
"""Seconds that a character waits over a form, until a person is known by their pace: a radio or a
busy computer now and then takes as long from one key to the next."""
SILENCE = 0.3
"""Seconds after which a run is over. A stall of the computer or the radio is shorter."""
BESIDE = 0.05
"""Seconds after the end of a scan in which no person presses a key of their own, at the least."""
UNREAD = 0.4
"""Seconds after the end of a scan in which nobody has read its answer: an Enter is no consent."""
BROKEN_OFF = 1.0
"""Seconds for which what was read before a silence may be the beginning of the next scan."""
LONG = 6
"""Characters from which on nobody keeps the pace of a slow scanner."""
SHORTEST = 4
"""Characters of the shortest code that a scanner may leave without an end: `dZy1`."""
MOST_PASTED = 50
"""Codes in one paste; more is a text that someone pasted by mistake."""

NEVER = float("-inf")
NOTHING = ("", NEVER)
OWN = 3
"""A person's gaps from which on the line is theirs, whatever stood on it before."""

_LINES = re.compile(r"[\r\n]+")


@dataclass(slots=True)
class Run:
    """Characters at one pace: a scanner's, with its stalls, or a single one of a person's."""

    front: Front
    text: str
    last: float
    before: str = ""
    """What came before it, without a silence, at another pace."""
    fast_before: int = 0
    slow_before: int = 0
    """How many gaps of either kind there are before it."""
    gaps: list[float] = field(default_factory=list)
    fast: int = 0
    slow: int = 0
    """How many of its gaps a machine may have made, and how many not."""
    least: float = SILENCE
    """The shortest of its gaps."""
    pasted: bool = False
    torn: bool = False
    """A control character took one of its own with it."""

    def add(self, character: str, at: float) -> None:
        gap = at - self.last
        self.text += character
        self.last = at
        self.gaps.append(gap)
        self.fast += gap <= FAST
        self.slow += gap > FAST
        self.least = min(self.least, gap)

    def ends_at(self, at: float) -> bool:
        """Whether a scanner typed it and its end, at that moment.

        An end that keeps nobody's pace is one after a stall, where a machine typed for certain.
        """
        gap, fast = at - self.last, self.fast + 1
        if gap > FAST:
            return self.is_certain
        return fast > self.slow or (fast == self.slow and min(self.least, gap) <= SURE)

    def then(self, character: str, at: float) -> "Run":
        """The run that begins after a pause that was too long for this one."""
        return Run(
            self.front,
            character,
            at,
            before=self.before + self.text,
            fast_before=self.fast_before + self.fast,
            slow_before=self.slow_before + self.slow + 1,
        )

    @property
    def scan(self) -> tuple[str, bool]:
        """What of it is one scan, and whether it is surely whole.

        What came before may be its beginning, before a stall; or a person was typing.
        """
        if not self.before or self._is_joined:
            return self.before + self.text, True
        return self.text, _is_code(read_code(self.text), sure=True)

    @property
    def is_fast(self) -> bool:
        """A scanner types it, by what there is of it."""
        return self.fast > self.slow or (0 < self.fast == self.slow and self.least <= SURE)

    @property
    def is_sure(self) -> bool:
        """No person types like that: a few such keys, or two that no fingers come to."""
        own = self.is_fast and (len(self.gaps) >= SHORTEST - 1 or self.least <= SURE)
        return own or (self._is_joined and self.fast_before + self.fast >= SHORTEST - 1)

    @property
    def is_typed(self) -> bool:
        """What came before it is a person's."""
        return self.slow_before > 1 and self.slow_before > self.fast_before

    @property
    def _is_joined(self) -> bool:
        """What came before it is its beginning."""
        return self.fast_before + self.fast > self.slow_before + self.slow

    @property
    def is_steady(self) -> bool:
        """It is long and fast enough to be a whole scan of a scanner that sends no end.

        A person's bursts of a few keys are not, however many there are of them.
        """
        if not self.is_fast or self.pasted or len(self.text) < SHORTEST:
            return False
        paces = groupby(self.gaps, lambda gap: gap <= FAST)
        longest = max((len([*gaps]) for fast, gaps in paces if fast), default=0)
        return longest >= LONG - 1 or median(self.gaps) <= STEADY

    @property
    def is_certain(self) -> bool:
        """No person typed it, also where it has come to a halt."""
        return self.is_fast and (self.least <= SURE or self.is_steady)

    def goes_on_at(self, at: float) -> bool:
        """Whether what comes then still is in its midst, as far as it is a scanner's."""
        pause = SILENCE if self.is_certain else FAST
        return at - self.last <= pause and (self.is_fast or not self.gaps)

    @property
    def beside(self) -> float:
        """Seconds in which keys after its end still are the scanner's."""
        pace = median(self.gaps) if self.gaps else 0.0
        return max(BESIDE, min(1.5 * pace + SURE, FAST + BESIDE))


class ScanInput:
    """Decides whose each key is. Call `moment` when `due` is past, also if nothing comes."""

    def __init__(self) -> None:
        self.doubtful = False
        """What stands on the door's line may be a scan's: it searches, but chooses nobody."""
        self._run: Run | None = None
        self._held: list[Key] = []
        """Not decided yet, oldest first: over another screen characters too."""
        self._clash = NEVER
        """Commands that come before this are a machine's."""
        self._ended = NEVER
        """When the last scan ended, with all the ends that came with it."""
        self._sends_ends = False
        """The scanner that was used last ends its codes."""
        self._head = NOTHING
        """What was read before a scan broke off, and when."""

    @property
    def due(self) -> float | None:
        """When `moment` has something to decide, if no key comes before; None: nothing waits."""
        waits = [self._run.last + SILENCE] if self._run is not None else []
        if self._held:
            waits.append(self._ready_at(self._held[0]))
        return min(waits, default=None)

    def key(self, key: Key, front: Front, *, line: str = "") -> list[Decision]:
        """Take a key. `line`: what stands on the door's line."""
        if not line:
            self.doubtful = False
        decided = self.moment(key.at)
        if key.name in MODIFIERS:
            if self._run is not None and self._run.goes_on_at(key.at):
                self._run.last = key.at  # reported by itself, it is part of the next character
            return decided
        if front is Front.OPEN and self._run is None:
            return [*decided, *self._release(), Text(key) if key.character else Command(key)]
        if key.character:
            return decided + self._character(key, front)
        if key.name in ENDS:
            return decided + self._end(key, front)
        return decided + self._control(key, front)

    def moment(self, now: float) -> list[Decision]:
        """What is decided by nothing having come until `now`."""
        decided: list[Decision] = []
        if self._run is not None and now >= self._run.last + SILENCE:
            decided += self._silence(self._run)
        ready = takewhile(lambda held: now >= self._ready_at(held), self._held)
        return decided + self._release(len([*ready]))

    def paste(self, text: str, at: float, front: Front) -> list[Decision]:
        """Take a bracketed paste: codes, one a line, or else a person's text."""
        # A scan may begin with commands, also one that is pasted.
        decided = [*self.moment(at), *self._drop_commands(), *self._release()]
        self._let_go()
        lines = [line for line in map(str.strip, _LINES.split(text)) if line]
        ended = text.endswith(("\r", "\n"))
        if front is Front.OPEN or not lines:
            return [*decided, PastedText(text)]
        codes = [read_code(line) for line in lines[: MOST_PASTED + 1]]
        # What a person pastes into a form may be a number, a link or a word of their own.
        sure = front is Front.OTHER and not ended
        self._ended = at  # an Enter that follows at once is a machine's too
        if len(codes) <= MOST_PASTED and all(_is_code(code, sure=sure) for code in codes):
            return [*decided, *map(WholeScan, lines)]
        if ended and (len(lines) == 1 or front is Front.DOOR):
            return [*decided, WholeScan(clean(text), broken=True)]
        if front is Front.OTHER:
            return [*decided, PastedText(text)]
        self._ended = NEVER
        pasted = clean(text)
        self._run = Run(front, pasted, at, fast=1, gaps=[0.0], pasted=True)
        self.doubtful = True
        return [*decided, PastedText(pasted)]

    # Characters

    def _character(self, key: Key, front: Front) -> list[Decision]:
        # A scan may begin with commands; a person is not so quick after one.
        decided = self._drop_commands() if self._held and not self._held[-1].character else []
        run = self._run
        if run is None or (run.front is not front and not run.is_fast):
            decided += self._release()
            run = self._run = Run(front, key.character, key.at)
        elif key.at - run.last > FAST and not run.is_sure:
            run = self._run = run.then(key.character, key.at)
            if run.is_typed:
                decided += self._release()
        else:
            run.add(key.character, key.at)
        if run.front is Front.DOOR:
            if run.is_typed and run.slow_before >= OWN:
                self.doubtful = False
            return [*decided, Text(key, on_line=True)]
        self._held.append(key)
        return decided

    def _end(self, key: Key, front: Front) -> list[Decision]:
        run = self._run
        if run is None and key.at - self._ended <= UNREAD:
            self._ended = key.at
            return [Dropped((key,))]
        if run is not None and run.ends_at(key.at):
            self._ended = key.at
            self._sends_ends = True
            return self._scanned(run, key.at)
        if run is not None and run.is_fast:
            self._let_go()
            soon = key.name not in TABS and key.at - run.last <= UNCERTAIN
            if soon and run.front is Front.OTHER:
                # The text may be a fast typist's; to press a button with, this is too soon.
                return [*self._release(), Dropped((key,))]
        return self._control(key, front)

    def _let_go(self) -> None:
        """What was typed is a person's; on the line of the door it may be a scanner's still."""
        run, self._run = self._run, None
        if run is not None and run.front is Front.DOOR and run.is_fast:
            self.doubtful = True

    def _scanned(self, run: Run, ended: float, *, broken: bool = False) -> list[Decision]:
        """A run is a scan, with its end. `broken`: it names nobody, unless it ends another."""
        self._run = None
        self._clash = ended + run.beside
        decided = self._drop_commands()
        text, whole = run.scan
        decided += map(Text, self._held[: -len(text)])  # a person's, before it, over a form
        self._held = []
        taken = len(text) if run.front is Front.DOOR else 0
        head, self._head = self._head_of(run), NOTHING
        whole = whole and not run.torn
        if head and not _is_code(read_code(text), sure=True):
            if whole and read_code(head + text).uuids:
                return [*decided, WholeScan(head + text, taken)]
            broken = True
        return [*decided, WholeScan(text, taken, broken=broken or not whole)]

    def _head_of(self, run: Run) -> str:
        """What broke off so short before that this may be its rest."""
        head, at = self._head
        return head if run.last - sum(run.gaps) - at <= BROKEN_OFF else ""

    def _silence(self, run: Run) -> list[Decision]:
        """A run is over, without an end: a whole code, one that broke off, or a person's text."""
        over = run.last + SILENCE
        text, whole = run.scan
        code = read_code(text)
        whole = whole and _is_code(code, sure=not run.is_steady)
        if not run.is_fast or run.pasted or not (whole or run.is_steady):
            self._let_go()
            return []
        again = text == self._head[0]
        if again:
            self._head = NOTHING
        read = self._head_of(run) + text
        # Of a scanner that sends ends it is the first half of a longer one, until it comes again.
        broken = not whole or (self._sends_ends and not code.uuids and not again)
        decided = self._scanned(run, over, broken=broken)
        self._ended = over
        if whole:
            self._sends_ends = broken
        if not read_code(read).uuids:
            self._head = (text if whole else read, run.last)
        return decided

    # Commands

    def _control(self, key: Key, front: Front) -> list[Decision]:
        run = self._run
        if run is not None and run.goes_on_at(key.at):
            run.torn = run.torn or key.name.startswith("alt+")
            return [Dropped((key,))]
        if key.at <= self._clash or any(self._clashes(held, key) for held in self._held):
            self._clash = key.at + FAST
            return [Dropped((key,)), *self._drop_commands()]
        self._ended = NEVER
        if key.name in BACKSPACES and front is Front.DOOR:
            self._let_go()
            return [*self._release(), Command(key)]
        if front is Front.OTHER:
            self._let_go()  # what comes next may be for another field
        decided = self._release() if self._held and self._held[-1].character else []
        self._held.append(key)
        return decided

    def _clashes(self, held: Key, key: Key) -> bool:
        """Whether two commands come faster than a person presses them."""
        if held.character or key.at - held.at > FAST:
            return False
        return held.name != key.name or held.name not in REPEATED

    def _drop_commands(self) -> list[Decision]:
        dropped = tuple(held for held in self._held if not held.character)
        self._held = [held for held in self._held if held.character]
        return [Dropped(dropped)] if dropped else []

    # What is held

    def _ready_at(self, held: Key) -> float:
        """When nothing that comes can make it a scan's."""
        run = self._run
        if not held.character or run is None:
            return held.at + HOLD
        return run.last + (SILENCE if run.is_sure else HOLD if run.is_typed else UNCERTAIN)

    def _release(self, count: int | None = None) -> list[Decision]:
        """Let the oldest of what is held, or all, go where a person meant it to."""
        ready = self._held[:count]
        self._held = self._held[len(ready) :]
        return [Text(key) if key.character else Command(key) for key in ready]


def _is_code(code: Code, *, sure: bool) -> bool:
    """Whether a text reads as a code; `sure`: it can be nothing else, as a number can."""
    return bool(code.uuids or code.slug) if sure else code.is_coded
