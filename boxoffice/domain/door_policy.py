"""What the organiser has settled for a door: who is let in, and what is asked and shown there."""

from typing import NamedTuple

from boxoffice.domain.badges import NO_BADGES, BadgePolicy
from boxoffice.domain.codes import NO_FRAMING, Framing
from boxoffice.domain.highlights import NO_HIGHLIGHTS, HighlightPolicy
from boxoffice.domain.verdicts import ALWAYS_OVERRIDABLE, VerdictCode


class DoorPolicy(NamedTuple):
    """What the organiser has settled for a door. Titles of ticket types are case-folded."""

    doors: frozenset[str] = frozenset()
    """Titles of the ticket types that are admitted; empty: all."""
    extras: frozenset[str] = frozenset()
    """Titles of the ticket types that are merchandise: handed out, and no admission."""
    may_override: frozenset[VerdictCode] = ALWAYS_OVERRIDABLE
    """What a person may set aside."""
    paid_states: frozenset[str] = frozenset()
    """States of an order, in upper case, that admit beside those that always do."""
    numbers_admit: bool = False
    """A ticket's bare number admits when it is scanned, without CHECK THE NAME."""
    framing: Framing = NO_FRAMING
    """What the scanners are set to put around a code."""
    highlights: HighlightPolicy = NO_HIGHLIGHTS
    """What is to be seen of a guest beside the verdict."""
    badges: BadgePolicy = NO_BADGES
    """What is printed for a guest to wear."""
    pay_at_door: bool = False
    """An order that is not paid can be paid here."""
    alone_asks: bool = False
    """While the venue's hub cannot be reached, a person has to say why somebody is let in."""

    @property
    def answers_used(self) -> HighlightPolicy:
        """All answers that are needed here, on the band or on badges."""
        return self.highlights._replace(show=self.highlights.show + self.badges.show)
