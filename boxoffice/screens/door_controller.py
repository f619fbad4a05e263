"""What a door asks of its lane, without a terminal; `DoorScreen` shows what comes of it.

Requests are answered one after another in the order they were made in.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from boxoffice.clock import Clock
from boxoffice.domain import signs
from boxoffice.domain.models import Ticket
from boxoffice.domain.pin import Act, Permit
from boxoffice.domain.text import clean
from boxoffice.domain.verdicts import Scan
from boxoffice.language import N_, _
from boxoffice.screens.base import sentence_of
from boxoffice.screens.door_state import DoorState
from boxoffice.widgets.verdict import Face

if TYPE_CHECKING:  # the door is drawn before the lane's parts are loaded
    from boxoffice.domain.sale import OrderPayment
    from boxoffice.lane import Lane
    from boxoffice.lane.undo import Undone

log = logging.getLogger(__name__)

SLOW = 0.15
"""Seconds after which a scan that is not answered yet takes the last verdict off the band."""
NOT_LAST = N_("It is this lane's last check-in, and not what the band shows.")
NUMBERS_ADMIT = N_(
    "A scanned number admits at once, until this door is closed. For good: numbers "
    '= "admit" in the config file.'
)
NUMBERS_ASK = N_("A scanned number asks for the name again.")
NONE_BEFORE = N_("Nobody was scanned before this one here.")


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

    def show_past(self) -> None:
        """Show the earlier answer that a person went back to, or the latest again."""

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

    async def _when_open(self) -> "Lane":
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
                scan = await ask(await self._when_open())
            finally:
                slow.cancel()
            self.view.show_answer(scan)

        self.request(request)

    def typed(self, code: str) -> None:
        self.ask(code, lambda lane: lane.scan(code, typed=True))

    def admit(self, ticket: str, name: str) -> None:
        """Have a ticket of the list answered; `name`: whose it is."""
        self.ask(name, lambda lane: lane.admit(ticket))

    def override(self, scan: Scan, name: str, reason: str) -> None:
        self._unlock(
            Act.OVERRIDE,
            lambda permit: self.ask(name, lambda lane: lane.override(scan, reason, permit)),
        )

    def take_payment(self, scan: Scan, name: str, payment: "OrderPayment") -> None:
        """Note that the order of a NOT PAID ticket was paid, and answer for it once more."""
        self.ask(name, lambda lane: lane.payments.take(scan, payment))

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
            target = await (await self._when_open()).undo.preview()
            of = confirmed or target.tickets
            if target.refused is not None:
                self.show_undo(target.refused)
            elif of and not confirmed and shown not in of:
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

    def look_back(self) -> None:
        """Show the answer before the one on the band."""

        async def look() -> None:
            past = await (await self._when_open()).history.before(self.state.scan_shown)
            if past is None:
                self.view.announce(_(NONE_BEFORE))
            else:
                self.state.look_back(past)
                self.view.show_past()

        self.request(look)

    def look_ahead(self, steps: int = 1) -> None:
        """Go so many steps back to the latest answer."""

        async def look() -> None:
            self.state.look_ahead(steps)
            self.view.show_past()

        self.request(look)

    def toggle_numbers(self) -> None:
        """Let bare numbers admit when they are scanned, or ask for the name again."""

        async def toggle() -> None:
            lane = await self._when_open()
            await lane.let_numbers_admit(not lane.numbers_admit)
            self.view.announce(_(NUMBERS_ADMIT) if lane.numbers_admit else _(NUMBERS_ASK))

        self.request(toggle)
