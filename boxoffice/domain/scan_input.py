"""Whose each key is: a scanner's or a person's. One machine decides it, by time alone.

A scanner is a keyboard that types fast. What it types is a code or nothing: it never searches,
chooses, presses a button or runs a command, whatever is open in front. `ScanInput` is given every
key, every paste and the passing of time, and answers with what to do, in order. It knows no screen.
CONTRIBUTING.md, promise 10.

The keys since the last silence are a `Run`. It is judged whole, at its end: CR, LF or Tab, or a
silence for scanners that send none. Most of its gaps being short, a scanner typed it, also where a
busy computer or a radio paused in its midst. A busy computer stretches a radio's gaps too, so that
a few slow ones prove nothing: what may be a scanner's waits in one queue, in its order, until a
person's own pace or a silence shows whose it is. On the door's line characters are shown meanwhile,
and taken off again; there, what does no harm waits only for `HOLD`.
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
"""Seconds that a person's command waits, so that a scan that begins with it is known."""
UNREAD = 0.4
"""Seconds after the end of a scan in which nobody has read its answer: an Enter is no consent."""
BROKEN_OFF = 1.0
"""Seconds for which what was read before a silence may be the beginning of the next scan."""
MOST_PASTED = 50
"""Codes in one paste; more is a text that someone pasted by mistake."""

NEVER = float("-inf")
NOTHING = ("", NEVER)

_LINES = re.compile(r"[\r\n]+")


class ScanInput:
    """Decides whose each key is. Call `moment` when `due` is past, also if nothing comes."""

    def __init__(self) -> None:
        self.doubtful = False
        """What stands on the door's line may be a scan's: it searches, but chooses nobody."""
        self._run: Run | None = None
        self._pending: list[tuple[Key, float]] = []
        """Keys that are held, oldest first, each with the moment from which on it is a person's:
        commands and what was typed after them; over a screen other than the door's all keys."""
        self._pressed = NEVER
        """When the last command came that may be a person's."""
        self._clash = NEVER
        """Commands that come before this are a machine's."""
        self._ended = NEVER
        """When the last scan ended, with all the ends that came with it."""
        self._sends_ends = False
        """The scanner that was used last ends its codes."""
        self._head = NOTHING
        """What was read before a scan broke off, and when."""

    def follows_command(self, key: str) -> bool:
        """Whether a key of this name, pressed now, comes behind a command that is pending."""
        return any(not one.character and one.name != key for one, _ in self._pending)

    @property
    def due(self) -> float | None:
        """When `moment` has something to decide, if no key comes before; None: nothing waits."""
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
        """What is decided now that nothing has come until `now`."""
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
        # What a person pastes into a form may be a number, a link or a word of their own.
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
        """What was typed is a person's; on the line of the door it may be a scanner's still."""
        run, self._run = self._run, None
        if run is not None and run.front is Front.DOOR and run.is_fast:
            self.doubtful = True

    def _scanned(self, run: Run, ended: float, *, broken: bool = False) -> list[Decision]:
        """A run was a scan. `broken`: it names nobody, unless it is the rest of another."""
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
        """What broke off so shortly before a run that this may be the rest of it."""
        head, at = self._head
        return head if run.last - run.lasted - at <= BROKEN_OFF else ""

    def _silence(self, run: Run) -> list[Decision]:
        """A run is over, without an end: a whole code, one that broke off, or a person's text."""
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
        """When no key that may still come makes this one a scan's. `alone`: when, without a run."""
        run = self._run
        return alone if run is None else run.last + (HOLD if run.is_typed else SILENCE)

    def _release(self, count: int | None = None) -> list[Decision]:
        """Hand on the oldest of what is held, or all of it, as a person's."""
        ready = self._pending[:count]
        self._pending = self._pending[len(ready) :]
        return [Text(key) if key.character else Command(key) for key, _ in ready]
