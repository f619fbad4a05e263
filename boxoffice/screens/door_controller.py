"""What a door decides and asks of its lane, without a terminal; `DoorScreen` shows it.

`DoorState`: whom the band is about, what a command acts on, whose form comes next.
`DoorController`: requests to the lane, answered one after another in the order they were made in.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from boxoffice.clock import Clock
from boxoffice.domain import signs
from boxoffice.domain.code_ties import can_be_tied
from boxoffice.domain.models import Ticket
from boxoffice.domain.pin import Act, Permit
from boxoffice.domain.text import clean
from boxoffice.domain.verdicts import Scan, VerdictCode
from boxoffice.language import N_, _
from boxoffice.screens.base import sentence_of
from boxoffice.widgets.verdict import Face

if TYPE_CHECKING:  # the door is drawn before the lane's parts are loaded
    from boxoffice.lane import Lane, Undone

log = logging.getLogger(__name__)

SLOW = 0.15
"""Seconds after which a scan that is not answered yet takes the last verdict off the band."""
NOT_LAST = N_("It is this lane's last check-in, and not what the band shows.")
NUMBERS_ADMIT = N_(
    "A scanned number admits at once, until this door is closed. For good: numbers "
    '= "admit" in the config file.'
)
NUMBERS_ASK = N_("A scanned number asks for the name again.")

OF_A_LANE = frozenset(
    {
        *("refresh", "queue", "ticket", "party", "sale", "arrivals", "paper", "shift"),
        *("override", "tie", "untie", "code_rule"),
    }
)
"""Commands for which the door of an event must be open."""
NO_LANE = N_("The door of no event is open yet. F10 chooses one.")
NO_OVERRIDE = N_("There is nothing to override: scan the ticket first.")
CANNOT_OVERRIDE = N_("{} cannot be overridden.")
NOTHING_TO_TIE = N_(
    "There is no code to tie to a guest: scan it first. After UNKNOWN or CAN'T "
    "TELL a person may say whose it is."
)


class PartyOf(NamedTuple):
    """Whose party a person asks for."""

    ticket: str
    ticked: bool
    """Who is surely with it is ticked from the start: the ticket proved itself, or was chosen."""


class DoorState:
    """What has been answered at a door, and what is still to be asked."""

    def __init__(self) -> None:
        self.last: Scan | None = None
        """The scan that the band answers; None: it says something else."""
        self.shown: Ticket | None = None
        """The ticket that the band is about."""
        self.offers_changed = False
        """What can be done about the band may be something else than before."""
        self.form: str | None = None
        """The ticket whose form is open to admit it."""
        self._forms: dict[str, Scan] = {}
        """Scans whose questions are still to be asked, by ticket, oldest first."""

    # The band

    def answer(self, scan: Scan) -> bool:
        """Have the band answer `scan`. False: it answers a later one, as a party may come after."""
        last = self.last
        if last is not None and (last.id, last.readings) >= (scan.id, scan.readings):
            return False
        self._put(scan, scan.verdict.ticket)
        return True

    def complete(self, scan: Scan) -> None:
        """Have what more is known of the guest, where the band answers `scan`."""
        if self.last is not None and self.last.id == scan.id:
            self.last = replace(self.last, verdict=scan.verdict)

    def notice(self, ticket: Ticket | None = None) -> None:
        """Have the band say something that is no verdict; `ticket`: the one it is about."""
        self._put(None, ticket)

    def _put(self, scan: Scan | None, ticket: Ticket | None) -> None:
        before = self.can_override
        self.last, self.shown = scan, ticket
        self.offers_changed = before or self.can_override

    @property
    def to_confirm(self) -> str | None:
        """The ticket whose holder's name is to be checked: a bare Enter admits it."""
        return self.shown.uuid if self.shown and self._is(VerdictCode.CHECK_NAME) else None

    @property
    def candidates(self) -> tuple[Ticket, ...]:
        """The tickets that the code on the band left open."""
        last = self.last if self.shown is None and self._is(VerdictCode.AMBIGUOUS) else None
        return last.verdict.candidates if last else ()

    @property
    def can_override(self) -> bool:
        return self.last is not None and self.last.verdict.can_override and self.shown is not None

    def _is(self, code: VerdictCode) -> bool:
        return self.last is not None and self.last.verdict.code is code

    # What a command is about

    def ticket(self, highlighted: str | None) -> str | None:
        """The highlighted ticket, else the one on the band."""
        return highlighted or (self.shown.uuid if self.shown else None)

    def subject(self, highlighted: str | None) -> str | None:
        """The same, else the first of those that the band asks about."""
        return self.ticket(highlighted) or next((one.uuid for one in self.candidates), None)

    def party(self, highlighted: str | None) -> PartyOf | None:
        """Whose party is asked for. A code that names a whole order proves nobody to be here."""
        ticket = self.subject(highlighted)
        ticked = highlighted is not None or not self._is(VerdictCode.AMBIGUOUS)
        return PartyOf(ticket, ticked) if ticket is not None else None

    @property
    def candidates_party(self) -> PartyOf | None:
        """The party that the code on the band left open, of which a person ticks who is here.

        Those whose order is not known may be on the same. None: they are of several orders.
        """
        by_order = {one.order: one.uuid for one in self.candidates if one.order is not None}
        ticket = next(iter(by_order.values()), "")
        return PartyOf(ticket, ticked=False) if len(by_order) == 1 else None

    def scan_to_admit(self, ticket: str) -> Scan | None:
        """The scan on the band, where the answers to its questions admit `ticket`."""
        asked = self.shown if self._is(VerdictCode.ANSWERS_NEEDED) else None
        return self.last if asked is not None and asked.uuid == ticket else None

    def refusal(self, command: str, *, is_open: bool) -> str | None:
        """Why a command cannot be given now; None: it can. `is_open`: there is a lane."""
        if command in OF_A_LANE and not is_open:
            return _(NO_LANE)
        if command == "override" and not self.can_override:
            return (
                _(CANNOT_OVERRIDE).format(self.last.verdict.word) if self.last else _(NO_OVERRIDE)
            )
        if command == "tie" and not (self.last and can_be_tied(self.last.code, self.last.verdict)):
            return _(NOTHING_TO_TIE)
        return None

    # Forms

    def queue_form(self, scan: Scan) -> None:
        """Ask its questions in turn; once, however often its ticket is scanned meanwhile."""
        ticket = scan.verdict.ticket
        if ticket is not None and ticket.uuid != self.form:
            self._forms.setdefault(ticket.uuid, scan)

    def next_form(self) -> tuple[str, Scan] | None:
        """Take the ticket that is due next, and the scan whose questions are to be asked."""
        ticket = next(iter(self._forms), None)
        return (ticket, self._forms.pop(ticket)) if ticket is not None else None


class DoorView(Protocol):
    """What shows a door's answers."""

    @property
    def is_idle(self) -> bool:
        """The person is busy with nothing else."""

    def show_answer(self, scan: Scan) -> None:
        """The lane has answered a scan."""

    def show_notice(self, face: Face, ticket: Ticket | None = None) -> None:
        """Show on the band what is no verdict; `ticket`: the one it is about."""

    def confirm(self, title: str, text: str, yes: str, go_on: Callable[[], None]) -> None:
        """Ask a person; `go_on` is called where the answer is `yes`."""

    def announce(self, sentence: str) -> None:
        """Show a sentence that is about nobody."""

    def work(self, work: Coroutine[Any, Any, None], description: str) -> object:
        """Run `work` beside the requests, which do not wait for it."""

    def count_waiting(self, requests: int) -> None:
        """So many requests are not answered yet, with the one under way."""


class DoorController:
    """Has the lane answer requests. Those made before there is a lane wait for it.

    What fails is shown, and the next one is answered.
    """

    def __init__(self, view: DoorView, clock: Clock) -> None:
        self.lane: Lane | None = None
        self.state = DoorState()
        self.waiting = 0
        """Requests that are not answered yet, with the one under way."""
        self.view = view
        self._clock = clock
        self._opened = asyncio.Event()
        self._requests: asyncio.Queue[Callable[[], Awaitable[None]]] = asyncio.Queue()

    def open(self, lane: "Lane") -> None:
        """Admit at this lane from now on."""
        self.lane = lane
        self.state = DoorState()
        self._opened.set()

    async def run(self) -> None:
        """Answer what is requested. Never ends."""
        while True:
            request = await self._requests.get()
            (ended,) = await asyncio.gather(request(), return_exceptions=True)
            self._count(-1)
            if isinstance(ended, BaseException):
                self.fail(ended)

    def fail(self, error: BaseException) -> None:
        """Something could not be done at all; an older verdict must not stand for it."""
        log.error("not done", exc_info=error)
        self.view.show_notice(Face(_("NOT DONE"), symbol="!", reason=sentence_of(error)))

    def request(self, work: Callable[[], Awaitable[None]]) -> None:
        """Have `work` done in its turn."""
        self._requests.put_nowait(work)
        self._count(1)

    def _count(self, by: int) -> None:
        self.waiting += by
        self.view.count_waiting(self.waiting)

    @property
    def open_lane(self) -> "Lane":
        """The lane, for what is offered only where there is one."""
        if self.lane is None:
            raise RuntimeError("the door of no event is open")
        return self.lane

    async def _at(self) -> "Lane":
        """The lane, once it is open."""
        await self._opened.wait()
        return self.open_lane

    # Answers

    def scan(self, code: str, *, broken: bool = False) -> None:
        """Have a scan answered; `broken`: it did not come whole."""
        at = self._clock.monotonic()
        self.ask(code, lambda lane: lane.scan(code, broken=broken, read_at=at))

    def ask(self, what: str, ask: "Callable[[Lane], Awaitable[Scan]]") -> None:
        """Have the lane answer for a code or a name in its turn, and say so where that is slow."""

        async def request() -> None:
            face = Face("…", name=clean(what), reason=_("Not answered yet"))
            slow = asyncio.get_running_loop().call_later(SLOW, self.view.show_notice, face)
            try:
                scan = await ask(await self._at())
            finally:
                slow.cancel()
            self.view.show_answer(scan)

        self.request(request)

    def typed(self, code: str) -> None:
        """Have a code that a person typed answered."""
        self.ask(code, lambda lane: lane.scan(code, typed=True))

    def admit(self, ticket: str, name: str) -> None:
        """Have a ticket of the list answered; `name`: whose it is."""
        self.ask(name, lambda lane: lane.admit(ticket))

    def override(self, scan: Scan, name: str, reason: str) -> None:
        """Admit all the same."""
        self._unlock(
            Act.OVERRIDE,
            lambda permit: self.ask(name, lambda lane: lane.override(scan, reason, permit)),
        )

    def _unlock(self, act: Act, go_on: Callable[[Permit], None]) -> None:
        """Have the PIN given for `act`, where it needs one. Scans are answered meanwhile."""

        async def unlock() -> None:
            go_on(await self.open_lane.pin.permit(act))

        self.view.work(unlock(), "ask for the PIN")

    def undo(self) -> None:
        """Undo the last check-in: at once where the band shows it, else after asking."""
        shown = self.state.ticket(None)

        async def undo(of: frozenset[str], permit: Permit | None) -> None:
            self.show_undo(await self.open_lane.undo.last(permit, of=of))

        async def undo_or_ask(confirmed: frozenset[str] = frozenset()) -> None:
            target = await (await self._at()).undo.preview()
            of = confirmed or target.tickets
            if of and not confirmed and shown not in of:
                title = _("Undo {who}?").format(who=target.who)
                go_on = partial(self.request, partial(undo_or_ask, of))
                self.view.confirm(title, _(NOT_LAST), _("Undo"), go_on)
            elif target.tickets and target.permit is None:
                self._unlock(Act.LATE_UNDO, lambda permit: self.request(partial(undo, of, permit)))
            else:
                await undo(of, target.permit)  # before what was scanned since

        self.request(undo_or_ask)

    def show_undo(self, undone: "Undone") -> None:
        """Show what became of an undo, here or on a screen in front: it is the last thing done."""
        symbol = signs.UNDONE if undone.done else "!"
        face = Face(undone.word, symbol=symbol, name=undone.who, reason=undone.sentence)
        self.view.show_notice(face, undone.ticket)

    def toggle_numbers(self) -> None:
        """Let bare numbers admit when they are scanned, or ask for the name again."""

        async def toggle() -> None:
            lane = await self._at()
            await lane.let_numbers_admit(not lane.numbers_admit)
            self.view.announce(_(NUMBERS_ADMIT) if lane.numbers_admit else _(NUMBERS_ASK))

        self.request(toggle)
