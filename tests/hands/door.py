"""The app at a door, the sandbox behind it, and what became of each burst."""

import itertools
import os
import re
import sqlite3
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

from boxoffice.domain.key_pace import FAST
from boxoffice.sandbox import SandboxThread
from boxoffice.sandbox.gate import Logged
from boxoffice.sandbox.models import Event, Ticket
from boxoffice.sandbox.names import HOSTILE
from tests.hands.burst import STALL, Burst, Person
from tests.hands.bursts import Bursts
from tests.hands.keys import Keyboard
from tests.hands.outcome import Outcome, check_in_of
from tests.hands.terminal import NeverCameError, Terminal, until

COMMAND = (sys.executable, "-m", "boxoffice")
AFTER_END = 0.15
"""Seconds of rest behind a burst that had an end."""
AFTER_NONE = 0.45
"""Seconds of rest behind one that had none: with them it is over."""
SOON = 15.0
"""Seconds in which a door answers, or is deaf."""
BROKEN = re.compile(r"broke(n)? off", re.IGNORECASE)
"""Said of a scan that a pause has torn apart."""
MOST_TRIES = 3
AT_THE_DOOR = "F6 Queue"
"""Stands in the footer of the door alone."""
PALETTE = "»"
CHOSEN = "▸"
"""Before the row that was chosen."""
HINT = "Scan a ticket, or type a name"


def person_of(ticket: Ticket) -> Person:
    return Person(
        ticket.uuid,
        ticket.full_name,
        ticket.email,
        ticket.number,
        ticket.slug,
        ticket.order.order_id,
        ticket.external_uuid,
    )


class Door:
    """The app at one event's door. Use it as a context manager."""

    def __init__(
        self,
        folder: Path,
        *,
        event: int = 0,
        tickets: int = 400,
        size: tuple[int, int] = (80, 24),
        seed: int = 1,
        reads_codes: bool = False,
    ) -> None:
        """`folder`: for all that the app keeps. `event`: which of the sandbox's, from 0.

        `reads_codes`: what the list does not hold, ticket by ticket.
        """
        self.folder = folder
        self.server = SandboxThread(tickets=tickets)
        self.event: Event = list(self.server.state.events.values())[event]
        self._size, self._seed, self._reads_codes = size, seed, reads_codes
        self._fences = itertools.count(1)
        self._judged = 0
        self._terminal: Terminal | None = None

    def __enter__(self) -> "Door":
        config = self.folder / ".config" / "boxoffice" / "config.toml"
        config.parent.mkdir(parents=True, exist_ok=True)
        config.write_text('[sales]\nemail = "house@example.com"\n', encoding="utf-8")
        self.server.start()
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self.server.stop()

    @property
    def environment(self) -> dict[str, str]:
        kept = {
            name: os.environ[name]
            for name in ("PATH", "COVERAGE_PROCESS_START")
            if name in os.environ
        }
        return {
            **kept,
            "HOME": str(self.folder),
            "XDG_CONFIG_HOME": str(self.folder / ".config"),
            "BOXOFFICE_URL": self.server.url,
            "BOXOFFICE_TOKEN": self.server.token,
            "BOXOFFICE_EVENT": self.event.uuid,
            "BOXOFFICE_LANE": "North",
            "BOXOFFICE_DATA_DIR": str(self.folder / "data"),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
            "BOXOFFICE_SOUND": "off",
            "BOXOFFICE_READ_CODES": str(self._reads_codes).lower(),
            "TERM": "xterm-256color",
            "LANG": "C.UTF-8",
        }

    def start(self, command: Sequence[str] = COMMAND) -> None:
        self._terminal = Terminal(command, self.environment, size=self._size, seed=self._seed)
        self._terminal.shows("● online", self.count)

    def stop(self) -> None:
        if self._terminal is not None:
            self._terminal.__exit__(None, None, None)
            self._terminal = None

    @property
    def terminal(self) -> Terminal:
        if self._terminal is None:
            raise RuntimeError("the door is not open")
        return self._terminal

    @property
    def count(self) -> str:
        """What the line says of the list while nothing is looked for."""
        return f"{len(self.event.tickets)} tickets"

    # People

    @property
    def _today(self) -> date:
        """Which lasts until six in the morning."""
        return (datetime.now(self.event.timezone) - timedelta(hours=6)).date()

    def people(self) -> list[Person]:
        """Who is on the list and has a name that people have."""
        return [
            person_of(each)
            for each in self.event.tickets
            if each.full_name not in HOSTILE
            and not any(asked.required for asked in self.server.state.unanswered(each))
        ]

    def fresh(self) -> list[Person]:
        """Who would be let in now; the last first."""
        return [
            person_of(each)
            for each in self.event.tickets
            if self.server.state.may_enter(each)
            and each.full_name not in HOSTILE
            and (each.ticket_type.date is None or each.ticket_type.date.date() == self._today)
        ]

    def bursts(self, seed: int) -> Bursts:
        return Bursts(seed, self.people(), self.fresh(), self.is_in)

    def is_in(self, ticket: str) -> bool:
        return self.server.state.tickets[ticket].checked_in

    # What was written

    def changes(self) -> list[Logged]:
        return [each for each in self.server.log.find(applied=True) if each.method != "GET"]

    def writes(self) -> list[tuple[str, bool]]:
        """The check-ins that the site was told of: ticket, and whether it is in.

        In the order that they came in: what waits is sent side by side.
        """
        return [check_in for change in self.changes() if (check_in := check_in_of(change))]

    def _new_changes(self) -> list[Logged]:
        changes = self.changes()
        new, self._judged = changes[self._judged :], len(changes)
        return new

    def _journal(self, query: str, *values: str) -> int:
        """The one number that a query of the app's own journal answers."""
        (file,) = (self.folder / "data").glob("*/journal.db")
        journal = sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=30)
        try:
            return int(journal.execute(query, values).fetchone()[0])
        finally:
            journal.close()

    def answered(self, codes: Sequence[str]) -> list[str]:
        """Those of `codes` that were answered, in the order of their answers."""
        (file,) = (self.folder / "data").glob("*/journal.db")
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=30)) as journal:
            rows = journal.execute("SELECT code FROM journal_log ORDER BY id").fetchall()
        return [code for (code,) in rows if code in codes]

    def fence(self) -> None:
        """Return when all that was sent before is answered, and known to the site.

        A fence is a scan too, of a code that nobody has; codes are answered in their turn.
        Raises NeverCameError where the door is deaf.
        """
        mark = f"fence-{next(self._fences)}-"
        self.scan(f"https://fence.example/{mark}")
        until(
            lambda: (
                self.terminal.ended
                or self._journal("SELECT count(*) FROM journal_log WHERE code LIKE ?", f"%{mark}%")
            ),
            lambda: f"a scan is not answered:\n{self.terminal.text}",
            SOON,
        )
        if not self.terminal.ended:
            self.sent()

    # What is in front

    @property
    def in_front(self) -> str:
        """What lies over the door; empty: nothing."""
        lines = [line for line in self.terminal.lines if line.strip()]
        if not lines:
            return "nothing is drawn"
        if PALETTE in self.terminal.text:
            return "the palette"
        if AT_THE_DOOR in lines[-1]:
            return ""
        boxed = [match[1] for line in lines if (match := re.search(r"┃ +(\S.*?) +┃", line))]
        return f"{boxed[0] if boxed else ' '.join(lines[-1].split())!r}"

    def clear(self) -> None:
        """Close what is in front, empty the line, list all: as a person does. Else begin anew."""
        for _ in range(8):
            if self.terminal.ended:
                break
            try:
                self.terminal.shows(HINT, self.count, within=0.5)
            except NeverCameError:
                self.terminal.press(
                    "esc" if self.in_front or HINT not in self.terminal.text else "tab"
                )
                self.terminal.rest(AFTER_NONE)
                continue
            if not self.in_front:
                return
            self.terminal.press("esc")
            self.terminal.rest(AFTER_NONE)
        self.restart()

    def begin_anew(self) -> None:
        """Make a door that was left in any way as one that was just opened; nothing was written."""
        if self._terminal is None:
            self.start()
        else:
            self.clear()
            self.fence()
            if any(line.startswith(CHOSEN) for line in self.terminal.lines):
                self.restart()
        self.server.log.clear()
        self._judged = 0

    def restart(self) -> None:
        """End the app and open the same door anew."""
        self.stop()
        self.start()

    # Bursts

    def send(self, burst: Burst) -> Outcome:
        """Send it and rest; what came of it is not looked at yet."""
        if burst.upon is not None:
            self.admit(burst.upon)
            self.terminal.rest(AFTER_NONE)
        self._new_changes()
        self.terminal.keyboard = burst.keyboard
        pauses = self.terminal.send(burst.all_keys, burst.gap, jitter=0.2, stall=burst.stall)
        self.terminal.keyboard = Keyboard.PLAIN
        self.terminal.rest(AFTER_NONE if burst.end == "none" else AFTER_END)
        broken = BROKEN.search(self.terminal.text) is not None
        late = sum(pause > FAST for pause in pauses) - (burst.stall is not None)
        slow = late > 0 or max(pauses, default=0.0) > STALL
        return Outcome(burst, slow=slow, broken=broken)

    def admit(self, ticket: str) -> None:
        """Scan somebody who is let in, again where the app was busy."""
        for _ in range(3):
            self.scan(ticket)
            try:
                until(lambda: self.is_in(ticket), "", SOON / 3)
            except NeverCameError:
                self.clear()
            else:
                self.sent()
                return
        raise NeverCameError(f"nobody is let in any more:\n{self.terminal.text}")

    def scan(self, code: str) -> None:
        """Scan at once, as no hand is too slow for."""
        before, self.terminal.keyboard = self.terminal.keyboard, Keyboard.PLAIN
        self.terminal.send((*code, "enter"), 0)
        self.terminal.keyboard = before

    def sent(self) -> None:
        """Return when nothing waits to be sent, or is on its way."""
        unsent = "SELECT count(*) FROM queue WHERE state IN ('waiting', 'sending')"
        until(
            lambda: not self._journal(unsent),
            lambda: f"a check-in is not sent:\n{self.terminal.text}",
            SOON,
        )

    def judge(self, outcome: Outcome, intact: Callable[[], str] | None = None) -> Outcome:
        """Say what came of a burst that was sent, and make the door as it was.

        `intact` says what is not on the screen as before; else nothing may be in front.
        """
        look = intact or self._as_before
        try:
            if not self.terminal.ended:
                self.fence()
            if self.terminal.ended:
                outcome.effects.append("the app is over")
            else:
                try:
                    until(lambda: not look(), "", 2)
                except NeverCameError:
                    over = "" if self.terminal.process.poll() is None else "the app is over, "
                    outcome.effects.append(over + (look() or "something was open for a moment"))
        except NeverCameError:
            outcome.effects.append(f"the door is deaf, with {self.in_front or 'nothing'} in front")
            self._undeafen()
        for change in self._new_changes():
            check_in = check_in_of(change)
            if check_in is None:
                outcome.effects.append(f"{change.method} {change.path} {change.body!r:.100}")
            elif check_in[1]:
                outcome.admitted.append(check_in[0])
            else:
                outcome.effects.append(f"undid {check_in[0]}")
        return outcome

    def _as_before(self) -> str:
        if self.in_front:
            return f"{self.in_front} is open"
        shown = self.terminal.text
        if HINT in shown and self.count not in shown:
            return "the list is filtered or searched"
        return ""

    def _undeafen(self) -> None:
        self.terminal.send(("esc", *"[201~"), 0)
        self.terminal.rest(AFTER_NONE)
        self.clear()

    def try_one(self, burst: Burst) -> Outcome:
        """Send a burst at the door, judge it, and tidy up after it.

        One that a busy machine has torn apart is no scan, and is sent again.
        """
        for tries in range(1, MOST_TRIES + 1):
            outcome = self.judge(self.send(burst))
            outcome.tries = tries
            if outcome.effects or HINT not in self.terminal.text:
                self.clear()
            torn = outcome.slow or (outcome.broken and not outcome.effects)
            if not outcome.wrong or (outcome.strangers and burst.admits) or not torn:
                break
        return outcome
