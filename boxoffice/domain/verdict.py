"""The verdict on a ticket: what it is called, how it looks, and the scan that it answers.

`boxoffice.domain.rule` alone makes one.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from boxoffice.domain.models import Question, Ticket


class Tone(StrEnum):
    """The colour class of a verdict."""

    GREEN = "green"
    YELLOW = "yellow"
    BLUE = "blue"
    RED = "red"


class VerdictCode(StrEnum):
    """What a verdict is called in `scan --json` and in the journal."""

    ADMITTED = "admitted"
    HANDED_OUT = "handed_out"
    """The green of what admits nobody: merchandise."""
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
        return _WORDS.get(self, self.value.replace("_", " ").upper())

    @property
    def is_green(self) -> bool:
        """It is checked in, and stands in the journal before anyone sees it."""
        return self.tone is Tone.GREEN

    @property
    def tone(self) -> Tone:
        return _TONES.get(self, Tone.RED)

    @property
    def symbol(self) -> str:
        """A sign one cell wide, another one for each tone."""
        return _SYMBOLS[self.tone]


_WORDS = {
    VerdictCode.CHECK_NAME: "CHECK THE NAME",
    VerdictCode.AMBIGUOUS: "WHICH ONE?",
    VerdictCode.CANNOT_TELL: "CAN'T TELL",
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
_SYMBOLS = {Tone.GREEN: "✓", Tone.YELLOW: "!", Tone.BLUE: "?", Tone.RED: "✗"}

NOT_CONFIRMED = "not confirmed"

ALWAYS_OVERRIDABLE = frozenset({VerdictCode.WRONG_DAY, VerdictCode.WRONG_DOOR})
"""What a person at the door may set aside, with a reason, wherever no setting says more."""

MAY_BE_OVERRIDABLE = frozenset({VerdictCode.NOT_PAID, VerdictCode.ANSWERS_NEEDED})
"""What may be set aside where a setting says so. Nothing else ever can be."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to a scan."""

    code: VerdictCode
    reason: str
    """One line that a steward can act on or say aloud."""
    confirmed: bool = False
    """The server was read just before, and this rests on what it said."""
    ticket: Ticket | None = None
    candidates: tuple[Ticket, ...] = ()
    """The tickets to choose from, for WHICH ONE?."""
    questions: tuple[Question, ...] = ()
    """Required and unanswered, for ANSWERS NEEDED."""
    can_override: bool = False
    """A person may set this verdict aside, with a reason, and admit `ticket` all the same."""
    instead_of: int | None = None
    """The journal's row of our own admission that a person has set aside, for a green."""

    @property
    def word(self) -> str:
        """The word on the band, with what it lacks."""
        if self.code.is_green and not self.confirmed:
            return f"{self.code.word} · {NOT_CONFIRMED}"
        return self.code.word


@dataclass(frozen=True, slots=True)
class Scan:
    """One answered scan: what the band, the strip and `scan --json` are made from."""

    id: int
    code: str
    """What was read, cleaned, at most 200 characters."""
    verdict: Verdict
    at: datetime
    """Aware, in the event's time zone."""
    readings: int = 1
    """How often the ticket was read for it: a scanner reads twice in a moment."""

    def as_json(self) -> dict[str, object]:
        """One line of `scan --json`. These names are a public interface."""
        ticket = self.verdict.ticket
        return {
            "code": self.code,
            "verdict": self.verdict.code.value,
            "confirmed": self.verdict.confirmed,
            "claimed": False,  # no hub was asked to keep the ticket for this door alone
            "ticket": ticket.uuid if ticket else None,
            "name": ticket.full_name if ticket else "",
            "ticket_type": ticket.ticket_type if ticket else "",
            "reason": self.verdict.reason,
            "at": self.at.isoformat(timespec="milliseconds"),
        }
