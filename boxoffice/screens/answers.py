"""What the door asks of its lane, and how the answers are shown. The line and the list: `door`."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from boxoffice.clock import Clock
from boxoffice.domain.models import Ticket
from boxoffice.domain.text import clean
from boxoffice.domain.verdict import Scan, VerdictCode
from boxoffice.screens.answering import Answering
from boxoffice.screens.base import BaseScreen, Shell, sentence_of
from boxoffice.widgets.footer import CommandFooter
from boxoffice.widgets.scans import LastScans, name_of
from boxoffice.widgets.verdict import Face, VerdictBand

if TYPE_CHECKING:  # the door is drawn before the lane's parts are loaded
    from boxoffice.lane import Lane, Undone

log = logging.getLogger(__name__)

SLOW = 0.15
"""Seconds after which a scan that is not answered yet takes the last verdict off the band."""

NUMBERS_ADMIT = (
    'A scanned number admits at once, until this door is closed. For good: numbers = "admit" in '
    "the config file."
)
NUMBERS_ASK = "A scanned number asks for the name again."

OF_A_LANE = frozenset(
    {
        *("refresh", "queue", "ticket", "party", "sale", "arrivals", "paper", "shift"),
        *("tie", "untie", "code_rule", "sheet", "unplug"),
    }
)
"""Commands for which the door of an event must be open."""
NO_LANE = "The door of no event is open yet. F10 chooses one."
NO_OVERRIDE = "There is nothing to override: scan the ticket first."
CANNOT_OVERRIDE = "{} cannot be overridden."
REASONS = ("The organiser said so", "Sold as the wrong type", "Exchanged at the door")
"""Reasons for an override, to pick from."""


class AnswerScreen(BaseScreen[None]):
    """Asks the lane, one request after another, and shows what it answers."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.lane: Lane | None = None
        self.answering = Answering(failed=self.not_done, counted=self.count_waiting)
        self.last: Scan | None = None
        """The scan that the band answers."""
        self._opened = asyncio.Event()
        self._clock = clock
        self._owed: deque[Scan] = deque()
        """Scans whose questions are still to be asked."""
        self._asking: str | None = None
        """The ticket whose form is open to admit it."""
        self._unsaved: dict[str, dict[str, Any]] = {}
        """What was typed into forms and not saved, by ticket."""

    # What the line and the list have to say

    @property
    def busy(self) -> bool:
        """Something is typed that must not be taken away."""
        raise NotImplementedError

    @property
    def highlighted(self) -> str | None:
        """The ticket of the highlighted row."""
        raise NotImplementedError

    def whose(self, ticket: str) -> str:
        """Whose ticket it is."""
        raise NotImplementedError

    def offer(self, tickets: tuple[Ticket, ...]) -> None:
        """Let the person choose one of several."""
        raise NotImplementedError

    def reveal(self, ticket: str | None) -> None:
        """Mark a ticket's row and bring it into view; None: mark none."""
        raise NotImplementedError

    def count_waiting(self, requests: int) -> None:
        """So many requests are not answered yet."""
        raise NotImplementedError

    # Asking

    def scan(self, code: str, *, broken: bool = False) -> None:
        """Have a scan answered in its turn; `broken`: it did not come whole."""
        at = self._clock.monotonic()
        self._ask(code, lambda lane: lane.scan(code, broken=broken, read_at=at))

    def typed(self, code: str) -> None:
        """Have a code that a person typed answered in its turn."""
        self._ask(code, lambda lane: lane.scan(code, typed=True))

    def admit(self, ticket: str) -> None:
        """Have a ticket of the list answered in its turn."""
        self._ask(self.whose(ticket), lambda lane: lane.admit(ticket))

    def _ask(self, what: str, ask: "Callable[[Lane], Awaitable[Scan]]") -> None:
        async def request() -> None:
            waiting = True

            def say() -> None:
                if waiting:  # the answer may have come before the screen's turn to say this
                    self._say("…", clean(what), "Not answered yet")

            slow = asyncio.get_running_loop().call_later(SLOW, self.call_later, say)
            try:
                self.answered(await ask(await self._at()))
            finally:
                waiting = False
                slow.cancel()

        self.answering.ask(request)

    async def _at(self) -> "Lane":
        """The lane, once it is open: what is scanned before is answered then."""
        await self._opened.wait()
        if self.lane is None:
            raise RuntimeError("opened without a lane")
        return self.lane

    def not_done(self, error: BaseException) -> None:
        """Something could not be done at all; an older verdict must not stand for it."""
        log.error("not done", exc_info=error)
        self._say("NOT DONE", "", sentence_of(error))

    def _say(self, word: str, name: str, sentence: str) -> None:
        """Say something on the band that is no verdict."""
        self._answers(None)
        self.query_one(VerdictBand).put(Face(word, name=name, reason=sentence))

    # Showing

    def _answers(self, scan: Scan | None) -> None:
        """The band answers this scan now; some can be overridden."""
        before, self.last = self.last, scan
        if _can_override(before) or _can_override(scan):
            self.query_one(CommandFooter).refresh()

    def answered(self, scan: Scan) -> None:
        """Show the answer to a scan, here and over whatever is open in front."""
        # A party's may come after later ones.
        if self.last is None or (self.last.id, self.last.readings) < (scan.id, scan.readings):
            self._answers(scan)
            self.query_one(VerdictBand).show(scan)
            front = self.app.screen
            if front is not self and isinstance(front, Shell):
                front.show_scan(scan)
        verdict = scan.verdict
        if _asks(scan):
            self._owe(scan)
            self.pay()
        elif verdict.code is VerdictCode.AMBIGUOUS:
            self.offer(verdict.candidates)
        self.call_after_refresh(self._follow)  # the band has its frame first

    def _follow(self) -> None:
        """Let strip and list follow the band."""
        self.show_scans()
        if self.last is not None and self.last.verdict.code is not VerdictCode.AMBIGUOUS:
            ticket = self.last.verdict.ticket
            self.reveal(ticket.uuid if ticket else None)

    def show_scans(self) -> None:
        for scans in self.query(LastScans):
            if self.lane is not None:
                scans.show(self.lane.recent, self.lane.undone)

    # Commands

    def action_refresh(self) -> None:
        if self.lane is not None:
            self.work(self._refresh(self.lane), "refresh the list", group="refresh")

    async def _refresh(self, lane: "Lane") -> None:
        self.tell("Asking the server for the list…")
        fresh = await lane.refresh()
        self.tell(f"The list is read anew: {len(lane.roster):,} tickets." if fresh else "")

    def action_undo(self) -> None:
        """Undo the last check-in: at once where the band shows it, else after asking."""
        scan = self.last
        shown = scan.verdict.ticket.uuid if scan and scan.verdict.ticket else None

        async def undo() -> None:
            self.undone(await (await self._at()).undo.last())

        async def ask_or_undo() -> None:
            target = await (await self._at()).undo.preview()
            if not target.tickets or shown in target.tickets:
                await undo()
                return
            from boxoffice.screens.confirm import ConfirmDialog  # noqa: PLC0415  # not needed to start

            def go_on(yes: bool | None) -> None:
                if yes:
                    self.answering.ask(undo)

            if not isinstance(self.app.screen, ConfirmDialog):
                text = "It is this lane's last check-in, and not what the band shows."
                self.app.push_screen(ConfirmDialog(f"Undo {target.who}?", text, "Undo"), go_on)

        self.answering.ask(ask_or_undo)

    def undone(self, undone: "Undone") -> None:
        """Show what became of an undo, here or on a screen in front: it is the last thing done."""
        self._say(undone.word, undone.who, undone.sentence)
        self.show_scans()

    def action_override(self) -> None:
        scan = self.last
        if scan is None or not _can_override(scan):
            return
        from boxoffice.screens.reason import ReasonDialog  # noqa: PLC0415  # not needed to start

        def go_on(reason: str | None) -> None:
            if reason:
                self._ask(name_of(scan), lambda lane: lane.override(scan, reason))

        title = f"Admit {name_of(scan)} all the same?"
        why = f"{scan.verdict.word}: {scan.verdict.reason}"
        self.app.push_screen(ReasonDialog(title, why, "Admit", REASONS), go_on)

    def action_ticket(self) -> None:
        """Open the highlighted ticket, or the one last scanned."""
        last = self.last
        scanned = last.verdict.ticket.uuid if last and last.verdict.ticket else None
        ticket = self.highlighted or scanned
        if ticket is None:
            self.tell("Highlight a row with ↓, or scan a ticket, to see its details.")
        else:
            asks = last is not None and _asks(last) and ticket == scanned
            self._open_ticket(ticket, last if asks else None)

    def _open_ticket(self, ticket: str, scan: Scan | None) -> None:
        """`scan`: whose questions are asked, and who is admitted when they are answered."""
        if self.lane is None:
            return
        from boxoffice.screens.ticket import TicketScreen  # noqa: PLC0415  # not needed to start

        def admitted(scan: Scan | None) -> None:
            self._asking = None
            if scan is not None:
                self.answered(scan)

        if scan is not None:
            self._asking = ticket

        screen = TicketScreen(
            self.lane,
            ticket,
            asked=scan.verdict.questions if scan else (),
            admit=scan is not None,
            kept=self._unsaved,
            answered=self.answered,
            undone=self.undone,
        )
        self.app.push_screen(screen, admitted)

    def _owe(self, scan: Scan) -> None:
        """Ask its questions in turn; once, however often its ticket is scanned meanwhile."""
        tickets = [owed.verdict.ticket for owed in self._owed]
        ticket = scan.verdict.ticket
        if ticket is not None and ticket.uuid != self._asking and ticket not in tickets:
            self._owed.append(scan)

    def pay(self) -> None:
        """Open the form that is owed, unless the person is busy with something else."""
        if self._owed and self.app.screen is self and not self.busy:
            scan = self._owed.popleft()
            if scan.verdict.ticket is not None:
                self._open_ticket(scan.verdict.ticket.uuid, scan)

    def on_screen_resume(self) -> None:
        self.pay()

    def action_numbers(self) -> None:
        """Let bare numbers admit when they are scanned, or ask for the name again."""

        async def turn() -> None:
            lane = await self._at()
            await lane.let_numbers_admit(not lane.numbers_admit)
            self.tell(NUMBERS_ADMIT if lane.numbers_admit else NUMBERS_ASK)

        self.answering.ask(turn)

    def action_queue(self) -> None:
        if self.lane is not None:
            from boxoffice.screens.queue import QueueScreen  # noqa: PLC0415  # not needed to start

            self.app.push_screen(QueueScreen(self.lane))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only a verdict that can be overridden offers it, and only an open door what it is for."""
        if action in OF_A_LANE and self.lane is None:
            return False
        if action == "override":
            return _can_override(self.last)
        return True

    def unavailable(self, command: str) -> str:
        if self.lane is None:
            return NO_LANE
        if command == "override":
            verdict = self.last.verdict if self.last else None
            return NO_OVERRIDE if verdict is None else CANNOT_OVERRIDE.format(verdict.word)
        return super().unavailable(command)


def _can_override(scan: Scan | None) -> bool:
    return scan is not None and scan.verdict.can_override and scan.verdict.ticket is not None


def _asks(scan: Scan) -> bool:
    return scan.verdict.code is VerdictCode.ANSWERS_NEEDED
