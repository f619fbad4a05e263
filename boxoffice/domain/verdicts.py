"""Verdicts: their names and looks, the scan that one answers, and the verdicts on codes.

The verdict on a ticket is made by `boxoffice.domain.admission_rules.decide`; here are those on a
code that names no ticket, or several.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from boxoffice.domain import signs
from boxoffice.domain.codes import Code
from boxoffice.domain.highlights import NOTHING, Highlights
from boxoffice.domain.humanize import format_duration, format_number
from boxoffice.domain.models import Question, Ticket
from boxoffice.domain.text import clean
from boxoffice.language import N_, _, ngettext


class Tone(StrEnum):
    GREEN = "green"
    YELLOW = "yellow"
    BLUE = "blue"
    RED = "red"


class VerdictCode(StrEnum):
    """The kinds of verdict, by their names in `scan --json` and in the journal."""

    ADMITTED = "admitted"
    HANDED_OUT = "handed_out"
    """The green of merchandise, which admits nobody."""
    ALREADY_IN = "already_in"
    ANSWERS_NEEDED = "answers_needed"
    REFUNDED = "refunded"
    NOT_PAID = "not_paid"
    WRONG_EVENT = "wrong_event"
    WRONG_DAY = "wrong_day"
    WRONG_DOOR = "wrong_door"
    CHECK_NAME = "check_name"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"
    CANNOT_TELL = "cannot_tell"
    NOT_A_TICKET = "not_a_ticket"

    @property
    def word(self) -> str:
        """The word on the band."""
        return _(_WORDS[self])

    @property
    def is_green(self) -> bool:
        """The ticket is checked in, which is written to the journal before anyone sees it."""
        return self.tone is Tone.GREEN

    @property
    def tone(self) -> Tone:
        return _TONES.get(self, Tone.RED)

    @property
    def symbol(self) -> str:
        """A sign that is one cell wide, and different for each tone."""
        return _SYMBOLS[self.tone]


_WORDS = {
    VerdictCode.ADMITTED: N_("ADMITTED"),
    VerdictCode.HANDED_OUT: N_("HANDED OUT"),
    VerdictCode.ALREADY_IN: N_("ALREADY IN"),
    VerdictCode.ANSWERS_NEEDED: N_("ANSWERS NEEDED"),
    VerdictCode.REFUNDED: N_("REFUNDED"),
    VerdictCode.NOT_PAID: N_("NOT PAID"),
    VerdictCode.WRONG_EVENT: N_("WRONG EVENT"),
    VerdictCode.WRONG_DAY: N_("WRONG DAY"),
    VerdictCode.WRONG_DOOR: N_("WRONG DOOR"),
    VerdictCode.CHECK_NAME: N_("CHECK THE NAME"),
    VerdictCode.AMBIGUOUS: N_("WHICH ONE?"),
    VerdictCode.UNKNOWN: N_("UNKNOWN"),
    VerdictCode.CANNOT_TELL: N_("CAN'T TELL"),
    VerdictCode.NOT_A_TICKET: N_("NOT A TICKET"),
}
_TONES = {
    VerdictCode.ADMITTED: Tone.GREEN,
    VerdictCode.HANDED_OUT: Tone.GREEN,
    VerdictCode.ALREADY_IN: Tone.YELLOW,
    VerdictCode.ANSWERS_NEEDED: Tone.BLUE,
    VerdictCode.CHECK_NAME: Tone.BLUE,
    VerdictCode.AMBIGUOUS: Tone.BLUE,
    VerdictCode.CANNOT_TELL: Tone.BLUE,
}
_SYMBOLS = {Tone.GREEN: signs.YES, Tone.YELLOW: "!", Tone.BLUE: "?", Tone.RED: signs.NO}

NOT_CONFIRMED = N_("not confirmed")
BY_THE_VENUE = N_("by the venue")
RECENT_LIST = timedelta(minutes=10)
"""While the list is younger than this, the word of all doors is as good as the site's own."""

ALWAYS_OVERRIDABLE = frozenset({VerdictCode.WRONG_DAY, VerdictCode.WRONG_DOOR})
"""The verdicts that a person may set aside, with a reason, whatever the settings say."""

MAY_BE_OVERRIDABLE = frozenset({VerdictCode.NOT_PAID, VerdictCode.ANSWERS_NEEDED})
"""The verdicts that a setting can allow a person to set aside; no setting allows any other."""


class Verdict(NamedTuple):
    code: VerdictCode
    reason: str
    """One line that a steward can act on or say aloud."""
    confirmed: bool = False
    """The server was just asked, and so were the venue's other doors, if there are any."""
    claimed: bool = False
    """For a green: the venue's hub has given the ticket to this door alone."""
    ticket: Ticket | None = None
    candidates: tuple[Ticket, ...] = ()
    """The tickets to choose from, for WHICH ONE?."""
    questions: tuple[Question, ...] = ()
    """The required questions without an answer, for ANSWERS NEEDED."""
    can_override: bool = False
    """A person may set this verdict aside, with a reason, and admit `ticket` all the same."""
    can_pay: bool = False
    """The ticket's order can be paid here, which then admits it."""
    instead_of: int | None = None
    """For a green: the journal's row of our earlier admission that a person has overridden."""
    rests_on: str = ""
    """For a green: the first part of `reason`, which says by whose word it is green."""
    list_age: timedelta | None = None
    """For a green: the age of the list; None: there is no list."""
    highlights: Highlights = NOTHING
    """What the organiser wants the door to see of the guest."""

    @property
    def shows_answers(self) -> bool:
        """Whether the guest's answers are shown: the guest is let in, or may still be."""
        return self.code.tone is not Tone.RED or self.can_override

    @property
    def by_the_venue(self) -> bool:
        """Green by the word of all doors: none has let it in, and the list is new enough."""
        recent = self.list_age is not None and self.list_age < RECENT_LIST
        return self.claimed and not self.confirmed and recent

    @property
    def is_sure(self) -> bool:
        """Everything was asked that may know better: the site, or all doors."""
        return self.confirmed or self.by_the_venue

    @property
    def word(self) -> str:
        """The word on the band; for a green, with what it lacks, as “not confirmed”."""
        if self.code.is_green and not self.confirmed:
            lacks = _(BY_THE_VENUE) if self.by_the_venue else _(NOT_CONFIRMED)
            return f"{self.code.word} · {lacks}"
        return self.code.word


class Scan(NamedTuple):
    """An answered scan, from which the band, the last scans and `scan --json` are made."""

    id: int
    """The id of its row in the journal."""
    code: str
    """What was read, cleaned, at most 200 characters."""
    verdict: Verdict
    at: datetime
    """In the event's time zone."""
    readings: int = 1
    """How often the scanner read the ticket: it may do so twice within a moment."""

    def as_json(self) -> dict[str, object]:
        """One line of `scan --json`."""
        ticket = self.verdict.ticket
        return {
            **error_line(self.code, self.verdict.reason, self.at),
            "verdict": self.verdict.code.value,
            "confirmed": self.verdict.confirmed,
            "claimed": self.verdict.claimed,
            "ticket": ticket.uuid if ticket else None,
            "name": ticket.full_name if ticket else "",
            "ticket_type": ticket.ticket_type if ticket else "",
        }


def error_line(code: str, reason: str, at: datetime) -> dict[str, object]:
    """The line of `scan --json` on a code that could not be judged, or not written down.

    The names in it, and in `Scan.as_json`, are a public interface.
    """
    return {
        "code": clean(code),
        "verdict": "error",
        "confirmed": False,
        "claimed": False,  # no hub was asked to keep the ticket for this door alone
        "ticket": None,
        "name": "",
        "ticket_type": "",
        "reason": reason,
        "at": at.isoformat(timespec="milliseconds"),
    }


def missing(
    code: Code,
    *,
    asked: bool,
    list_age: timedelta | None,
    listed: Ticket | None = None,
    unread: int = 0,
    total: int = 0,
) -> Verdict:
    """The verdict on a code that names no ticket.

    `asked`: the server was asked, and has none. `list_age`: the age of the list that was searched.
    `listed`: the ticket, where the list still has it and the server no longer does. `unread`: how
    many of `total` listed tickets may carry the code, as they were not read one by one yet. A word
    without a digit could be an external uuid, but is taken for no code, as none is known by it.
    """
    if not (code.is_ticket_like and code.is_coded):
        reason = (
            _("This is not a ticket's code: scan again, or search by name")
            if code.text
            else _("The scan was empty: scan again, or search by name")
        )
        return Verdict(VerdictCode.NOT_A_TICKET, _(code.flaw) or reason)
    if asked and not unread:
        knows = (
            _("The site knows no such ticket") if code.uuids else _("No ticket here has this code")
        )
        if listed is not None and list_age is not None:
            gone = _("The site no longer has it; it was in the list of {age} ago")
            knows = gone.format(age=format_duration(list_age))
        return Verdict(VerdictCode.UNKNOWN, knows, confirmed=True, ticket=listed)
    if unread:
        reason = (
            _("No list was read yet; not read yet: {unread} of {total}; search the name")
            if list_age is None
            else _(
                "Not in the list of {age} ago; not read yet: {unread} of {total}; search the name"
            )
        )
    else:
        reason = (
            _("No list was read yet, and the site cannot be asked for it")
            if list_age is None
            else _("Not in the list of {age} ago, and the site cannot be asked for it")
        )
    return Verdict(
        VerdictCode.CANNOT_TELL,
        reason.format(
            age=format_duration(list_age or timedelta()),
            unread=format_number(unread),
            total=format_number(total),
        ),
    )


BROKEN_OFF = Verdict(
    VerdictCode.NOT_A_TICKET, N_("The scan broke off, or it is no ticket's code: scan again")
)
"""The verdict on a scan of which only a part came, or which was no code at all."""

BY_NUMBER = N_(
    "A number alone proves nothing: is this the name on the ticket? Enter admits. All codes "
    "numbers? “Numbers admit” in Ctrl+P"
)
BY_LAYOUT = N_(
    "Read as if typed on another keyboard, and some codes are not read yet: is this the name on "
    "the ticket? Enter admits"
)


def by_number(verdict: Verdict, code: Code) -> Verdict:
    """`verdict`, or CHECK THE NAME where the code is nothing but a number.

    A number proves nothing, as the neighbours' are one more and one less. That holds for the
    ticket's own, for its order's, and for one that the organiser gave.
    """
    return check_name(verdict, _(BY_NUMBER)) if code.number is not None else verdict


def check_name(verdict: Verdict, reason: str) -> Verdict:
    """`verdict`, or CHECK THE NAME where it would admit: a person looks at the name first."""
    if not verdict.code.is_green and verdict.code is not VerdictCode.ANSWERS_NEEDED:
        return verdict
    return verdict._replace(code=VerdictCode.CHECK_NAME, reason=reason, questions=())


def is_repeated(verdict: Verdict, text: str, before: Scan) -> bool:
    """Whether a scan of `text`, a moment after `before`, is the same scan, read twice.

    Not if it would admit: a number, which admits nobody, may be read before the ticket's own code.
    """
    ticket, known = verdict.ticket, before.verdict.ticket
    if ticket is None or known is None:
        return ticket is known and text == before.code and verdict.code is before.verdict.code
    if ticket.uuid != known.uuid or verdict.code.is_green:
        return False
    was_in = before.verdict.code.is_green or before.verdict.code is VerdictCode.ALREADY_IN
    return verdict.code is before.verdict.code or (
        was_in and verdict.code is VerdictCode.ALREADY_IN
    )


FIRST_AT_ALL = N_("First at all doors; the site was not asked")
OTHERS_NOT_ASKED = N_("The site agreed; the other doors were not asked")
ALONE = N_(
    "The hub cannot be reached, and another door may have let it in: admit only with a reason"
)


def with_claim(verdict: Verdict, *, claimed: bool) -> Verdict:
    """A green after the venue's hub was asked. `claimed`: no other door has let the ticket in."""
    found = verdict._replace(claimed=claimed, confirmed=claimed and verdict.confirmed)
    if found.by_the_venue:
        rests_on = _(FIRST_AT_ALL)
    elif verdict.confirmed and not claimed:
        rests_on = _(OTHERS_NOT_ASKED)
    else:
        return found
    notes = verdict.reason.removeprefix(verdict.rests_on)
    return found._replace(reason=rests_on + notes, rests_on=rests_on)


def alone(verdict: Verdict) -> Verdict:
    """CAN'T TELL in place of a green: as other doors cannot be asked, a person gives a reason."""
    return verdict._replace(
        code=VerdictCode.CANNOT_TELL, reason=_(ALONE), confirmed=False, can_override=True
    )


def which(code: Code, candidates: Sequence[Ticket]) -> Verdict:
    """The verdict on a code that names several tickets."""
    orders = {ticket.order for ticket in candidates}
    number = len(candidates)
    if len(orders) == 1 and None not in orders:
        reason = ngettext(
            "{n} ticket on one order: choose in the list",
            "{n} tickets on one order: choose in the list",
            number,
        )
    else:
        reason = ngettext(
            "{n} ticket has “{code}”: choose in the list",
            "{n} tickets have “{code}”: choose in the list",
            number,
        )
    return Verdict(
        VerdictCode.AMBIGUOUS,
        reason.format(n=number, code=code.text),
        candidates=tuple(candidates),
    )
