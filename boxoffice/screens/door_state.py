"""Whom the band of a door is about, what a command acts on, and whose form comes next."""

from typing import NamedTuple

from boxoffice.domain.code_ties import can_be_tied
from boxoffice.domain.history import PastScan
from boxoffice.domain.models import Ticket
from boxoffice.domain.verdicts import Scan, VerdictCode
from boxoffice.language import N_, _

OF_A_LANE = frozenset(
    {
        *("refresh", "queue", "ticket", "party", "sale", "arrivals", "paper", "shift"),
        *("override", "take_payment", "tie", "untie", "code_rule", "history", "before"),
    }
)
"""Commands for which the door of an event must be open."""
NO_LANE = N_("The door of no event is open yet. F10 chooses one.")
NOTHING_TO_PAY = N_("A payment is taken after NOT PAID, where the setting pay_at_door allows it.")
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
    def __init__(self) -> None:
        self.trail: list[PastScan] = []
        """The earlier answers that a person went back to, step by step; none: the band shows the
        latest."""
        self._latest: Scan | None = None
        """The latest answer; None: something else was said since."""
        self._latest_ticket: Ticket | None = None
        """The ticket that it, or what was said since, is about."""
        self.offers_changed = False
        """What can be done about the band may be something else than before."""
        self.form: str | None = None
        """The ticket whose form is open to admit it."""
        self._forms: dict[str, Scan] = {}
        """Scans whose questions are still to be asked, by ticket, oldest first."""

    # The band

    @property
    def last(self) -> Scan | None:
        """The scan that the band answers; None: it says something else, or shows an earlier one."""
        return None if self.trail else self._latest

    @property
    def shown(self) -> Ticket | None:
        """The ticket that the band is about."""
        return self.trail[-1].scan.verdict.ticket if self.trail else self._latest_ticket

    def answer(self, scan: Scan) -> bool:
        """Have the band answer `scan`. False: it answers a later one, as a party may come after."""
        last = self._latest
        if last is not None and (last.id, last.readings) >= (scan.id, scan.readings):
            return False
        self._put(scan, scan.verdict.ticket)
        return True

    def complete(self, scan: Scan) -> None:
        """Take up what more is known of the guest, where `scan` is the latest answer."""
        if self._latest is not None and self._latest.id == scan.id:
            self._latest = self._latest._replace(verdict=scan.verdict)

    def notice(self, ticket: Ticket | None = None) -> None:
        """Have the band say something that is no verdict; `ticket`: the one it is about."""
        self._put(None, ticket)

    def _put(self, scan: Scan | None, ticket: Ticket | None) -> None:
        before = self._offers
        self.trail = []
        self._latest, self._latest_ticket = scan, ticket
        self.offers_changed = before or self._offers

    # Looking back

    @property
    def scan_shown(self) -> int | None:
        """The id of the scan that the band is about, be it an earlier one; None: of none."""
        if self.trail:
            return self.trail[-1].scan.id
        return self.last.id if self.last else None

    def look_back(self, past: PastScan) -> None:
        """Have the band show `past`: commands are about its ticket, but it cannot be overridden."""
        self.offers_changed = self._offers  # nothing is offered about an earlier answer
        self.trail.append(past)

    def look_ahead(self, steps: int = 1) -> None:
        """Go so many steps back to the latest."""
        if self.trail:
            del self.trail[-steps:]
            self.offers_changed = self._offers  # nothing was

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
    def can_pay(self) -> bool:
        return self.last is not None and self.last.verdict.can_pay and self.shown is not None

    @property
    def can_override(self) -> bool:
        return self.last is not None and self.last.verdict.can_override and self.shown is not None

    @property
    def _offers(self) -> bool:
        return self.can_override or self.can_pay

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
        known = [one for one in self.candidates if one.order is not None]
        alone = len({one.order for one in known}) == 1
        return PartyOf(known[0].uuid, ticked=False) if alone else None

    def scan_to_admit(self, ticket: str) -> Scan | None:
        """The scan on the band, where the answers to its questions admit `ticket`."""
        asked = self.shown if self._is(VerdictCode.ANSWERS_NEEDED) else None
        return self.last if asked is not None and asked.uuid == ticket else None

    def refusal(self, command: str, *, is_open: bool) -> str | None:
        """Why a command cannot be given now; None: it can. `is_open`: there is a lane."""
        if command in OF_A_LANE and not is_open:
            return _(NO_LANE)
        if command == "take_payment" and not self.can_pay:
            return _(NOTHING_TO_PAY)
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
