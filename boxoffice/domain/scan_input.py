"""Decides whether a key comes from a scanner or from a person: a state machine that goes by time.

A scanner is a keyboard that types fast. What it types is a code or nothing: it never searches,
chooses, presses a button or runs a command, whatever screen is open. `ScanInput` is told of every
key, every paste and the passing of time, and returns what to do, in order. It knows no screen.
CONTRIBUTING.md, promise 10.

The keys since the last silence are a `Run`. It is judged as a whole, at its end, which is CR, LF or
Tab, or a silence for scanners that send none of these. If most of its gaps are short, a scanner
typed it, even if a busy computer or a radio made a pause in the middle. As a busy computer also
stretches a radio's gaps, a few slow ones prove nothing. So keys that may be a scanner's are held in
one queue, in order, until a person's pace or a silence shows whose they are. At the door, the line
shows characters in the meantime, and they are taken off again; and keys that do no harm are held
only for `HOLD`.
"""

import re
from itertools import takewhile

from boxoffice.domain.codes import read_code
from boxoffice.domain.key_decisions import (
    BACKSPACES,
    ENDS,
    HARMLESS,
    MODIFIERS,
    MOUSE,
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
    took_a_character,
)
from boxoffice.domain.key_pace import FAST, SILENCE, Run
from boxoffice.domain.text import clean

HOLD = FAST
"""Seconds that a person's command is held, in case a scan begins with it."""
UNREAD = 0.4
"""Seconds after a scan in which nobody can have read the answer yet: an Enter is no consent."""
BROKEN_OFF = 1.0
"""Seconds for which the text before a silence may be the beginning of the next scan."""
MOST_PASTED = 50
"""Codes in one paste; if there are more, someone pasted a text by mistake."""

NEVER = float("-inf")
NOTHING = ("", NEVER)

_LINES = re.compile(r"[\r\n]+")


class ScanInput:
    """Decides about each key. Call `moment` when `due` has come, even if no key does."""

    def __init__(self) -> None:
        self.doubtful = False
        """The text on the door's line may be a scanner's: it searches, but Enter admits nobody."""
        self._run: Run | None = None
        self._pending: list[tuple[Key, float]] = []
        """Keys that are held, oldest first, each with the moment at which it becomes a person's.
        At the door these are commands and what is typed after them; elsewhere, all keys."""
        self._pressed = NEVER
        """When the last command came that may be a person's."""
        self._clash = NEVER
        """Commands up to this moment are a machine's."""
        self._ended = NEVER
        """When the last scan ended, counting every Enter that came with it."""
        self._sends_ends = False
        """The last scanner sends an end after its codes."""
        self._head = NOTHING
        """The text of a scan that broke off, and when it did."""

    def follows_command(self, key: str) -> bool:
        """Whether another command is held, so that a key of this name would come after it."""
        return any(not one.character and one.name != key for one, _ in self._pending)

    @property
    def due(self) -> float | None:
        """When to call `moment`, if no key comes before; None: nothing is held."""
        waits = [self._run.last + SILENCE] if self._run is not None else []
        if self._pending:
            waits.append(self._ready_at(self._pending[0][1]))
        return min(waits, default=None)

    def key(self, key: Key, front: Front, *, line: str = "") -> list[Decision]:
        """Take a key. `line`: what stands on the door's line."""
        if not line:
            self.doubtful = False
        decided = self.moment(key.at)
        if key.name in MODIFIERS:
            if self._run is not None and self._run.goes_on_at(key.at):
                self._run.step(key.at)
            return decided
        if front is Front.OPEN and self._run is None:
            return [*decided, *self._release(), Text(key) if key.character else Command(key)]
        if key.character:
            return decided + self._character(key, front)
        if key.name in ENDS:
            return decided + self._end(key, front)
        return decided + self._control(key, front)

    def moment(self, now: float) -> list[Decision]:
        """What is decided by no key having come until `now`."""
        decided: list[Decision] = []
        if self._run is not None and now >= self._run.last + SILENCE:
            decided += self._silence(self._run)
        ready = takewhile(lambda pending: now >= self._ready_at(pending[1]), self._pending)
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
        # A person may paste a number, a link or a word into a form, which only looks like a code.
        sure = front is Front.OTHER and not ended
        self._ended = at  # an Enter that follows at once is a machine's too
        if len(codes) <= MOST_PASTED and all(
            code.is_certain if sure else code.is_coded for code in codes
        ):
            return [*decided, *map(WholeScan, lines)]
        if ended and (len(lines) == 1 or front is Front.DOOR):
            return [*decided, WholeScan(clean(text), broken=True)]
        if front is Front.OTHER:
            return [*decided, PastedText(text)]
        self._ended = NEVER
        pasted = clean(text)
        self._run = Run(front, at, pasted, len(pasted), gaps=1, steady=1, fast=1, pasted=True)
        self.doubtful = True
        return [*decided, PastedText(pasted)]

    # Characters

    def _character(self, key: Key, front: Front) -> list[Decision]:
        decided: list[Decision] = []
        last = self._pending[-1][0] if self._pending else None
        torn = False
        if last is not None and not last.character and key.at - last.at <= FAST:
            # A scan may begin with commands; a person is not so quick after one.
            torn = self._lost_a_character
            decided += self._drop_commands()
        run = self._run
        if run is None or (run.front is not front and not run.is_fast):
            if run is not None:
                decided += self._release()
            run = self._run = Run(front, key.at)
        elif key.at - run.last > FAST and run.is_typed:
            decided += self._release()
            run = self._run = Run(run.front, key.at, follows=True)
        else:
            run.step(key.at)
        run.torn = run.torn or torn
        run.text += key.character
        if run.front is Front.DOOR:
            self.doubtful = self.doubtful and not run.is_typed
            if not self._pending:
                run.shown += 1
                return [*decided, Text(key, True, run.is_certain and 2 * run.steady >= run.gaps)]
        self._pending.append((key, key.at))
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
        if run is None or run.is_own_at(key.at):
            return self._control(key, front)
        if run.front is Front.OTHER and key.name not in TABS:
            # The text may be a fast typist's; to press a button with, this is too soon.
            self._ended = key.at
            self._let_go()
            return [*self._drop_commands(), *self._release(), Dropped((key,))]
        self._let_go()
        return self._control(key, front)

    def _let_go(self) -> None:
        """End the run as a person's. On the door's line it may be a scanner's even so."""
        run, self._run = self._run, None
        if run is not None and run.front is Front.DOOR and run.is_fast:
            self.doubtful = True

    def _scanned(self, run: Run, ended: float, *, broken: bool = False) -> list[Decision]:
        """End the run as a scan. `broken`: it names nobody, unless it completes a scan before."""
        self._run = None
        self._clash = ended + run.beside
        torn = run.torn or self._lost_a_character
        decided = self._drop_commands()
        text, whole = run.text, run.is_whole and not torn
        before = len(self._pending) - (len(text) - run.shown)
        decided += self._release(max(0, before))
        self._pending = []
        head, self._head = self._head_of(run), NOTHING
        if head and not read_code(text).is_certain:
            if whole and read_code(head + text).uuids:
                return [*decided, WholeScan(head + text, run.shown)]
            broken = True
        return [*decided, WholeScan(text, run.shown, broken=broken or not whole)]

    def _head_of(self, run: Run) -> str:
        """The text that broke off shortly before a run, if the run may be its rest; else empty."""
        head, at = self._head
        return head if run.last - run.lasted - at <= BROKEN_OFF else ""

    def _silence(self, run: Run) -> list[Decision]:
        """Judge a run that is over without an end: a whole code, a broken one, or a person's."""
        over = run.last + SILENCE
        text, code = run.text, read_code(run.text)
        whole = run.is_whole and (code.is_coded if run.is_steady else code.is_certain)
        if not run.is_fast or run.pasted or not (whole or run.is_steady):
            self._let_go()
            return []
        again = text == self._head[0]
        if again:
            self._head = NOTHING
        read = self._head_of(run) + text
        # The scanner sends ends, so this is half of a longer code, unless the same comes again.
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
            run.torn = run.torn or took_a_character(key.name)
            return [Dropped((key,))]
        if key.at <= self._clash or any(
            self._clashes(pending, key) for pending, _ in self._pending
        ):
            self._clash = key.at + SILENCE
            return [Dropped((key,)), *self._drop_commands()]
        self._ended = NEVER
        before, self._pressed = self._pressed, key.at
        if key.name in BACKSPACES and front is Front.DOOR:
            self._let_go()
            return [*self._release(), Command(key)]
        decided, wait = list[Decision](), SILENCE
        if run is not None and not run.is_own_at(key.at):
            run.step(key.at)
        elif run is not None or FAST < key.at - before <= SILENCE:
            self._let_go()
            decided, wait = self._release(), HOLD
        elif key.name == MOUSE or (front is Front.DOOR and key.name in HARMLESS):
            wait = HOLD
        self._pending.append((key, key.at + wait))
        return decided

    def _clashes(self, pending: Key, key: Key) -> bool:
        """Whether two commands come faster than a person presses them."""
        fast = not pending.character and key.at - pending.at <= FAST
        return fast and (pending.name != key.name or pending.name not in REPEATED)

    @property
    def _lost_a_character(self) -> bool:
        """Whether a command that waits may have taken the first character of a scan with it."""
        return any(took_a_character(key.name) for key, _ in self._pending)

    def _drop_commands(self) -> list[Decision]:
        dropped = tuple(key for key, _ in self._pending if not key.character)
        self._pending = [pending for pending in self._pending if pending[0].character]
        return [Dropped(dropped)] if dropped else []

    # What is held

    def _ready_at(self, alone: float) -> float:
        """When a held key is surely a person's. `alone`: when it would be without a run."""
        run = self._run
        return alone if run is None else run.last + (HOLD if run.is_typed else SILENCE)

    def _release(self, count: int | None = None) -> list[Decision]:
        """Hand on the oldest held keys, `count` of them or all, as a person's."""
        ready = self._pending[:count]
        self._pending = self._pending[len(ready) :]
        return [Text(key) if key.character else Command(key) for key, _ in ready]
