"""Codes that a person tied to a guest: which can be, and what is said of it.

A tie holds for one text, exactly. The rules that several ties show: `code_rules`.
"""

import re
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from boxoffice.domain.code_parts import TWO_CODES
from boxoffice.domain.codes import read_code
from boxoffice.domain.humanize import format_time
from boxoffice.domain.models import Event
from boxoffice.domain.text import clean
from boxoffice.domain.verdicts import BROKEN_OFF, Verdict, VerdictCode

LONGEST = 200
"""Characters of a code that can be tied; a longer one would be known by its beginning alone."""
SHORTEST = 4
"""Characters; anything shorter may be the end of a scan that broke off."""

UNREAD = frozenset({VerdictCode.UNKNOWN, VerdictCode.CANNOT_TELL})
"""What is said of a code that may be a ticket's, and names none."""

_OTHERS = re.compile(r"(?:wifi|mailto|tel|sms(?:to)?|geo|mecard|begin|matmsg):", re.IGNORECASE)
"""How the codes of others begin, that are on no ticket."""


class CodeTie(NamedTuple):
    """A person's word that a code is a guest's."""

    code: str
    """As `tied_text` writes it."""
    event: str
    ticket: str
    at: datetime
    lane: str
    operator: str
    journal: int
    """Its row in the journal."""


def tied_text(text: str) -> str | None:
    """What a code is tied and found by: its text, cleaned; None: too short or too long for it."""
    key = clean(text, LONGEST)
    was_cut = len(key) == LONGEST and key.endswith("…")
    return key if len(key) >= SHORTEST and not was_cut else None


def can_be_tied(code: str, verdict: Verdict) -> bool:
    """Whether a person may say whose `code` is, after this verdict on it.

    Of what is no code of the site's, only that which may be the organiser's own: no word and no
    name, since these can be typed, and nothing of another trade. Never half a code.
    """
    if tied_text(code) is None or verdict == BROKEN_OFF:
        return False
    if verdict.code in UNREAD:  # with a ticket: one that is gone, by its own code or by a tie
        return verdict.ticket is None or not read_code(code).names(verdict.ticket)
    return (
        verdict.code is VerdictCode.NOT_A_TICKET
        and verdict.ticket is None
        and any(map(str.isdecimal, code))
        and read_code(code).flaw != TWO_CODES
        and _OTHERS.match(code) is None
    )


def tied_by(tie: CodeTie, event: Event, now: datetime) -> str:
    """Who tied it, and when: `tied here by Anna at 19:02`."""
    by = f" by {tie.operator}" if tie.operator else ""
    return f"tied here{by} at {format_time(tie.at, event, now)}"


def noted(verdict: Verdict, tie: CodeTie, event: Event, now: datetime) -> Verdict:
    """The verdict on the ticket of a tie, with a note of whose word that rests on."""
    return replace(verdict, reason=f"{verdict.reason}; {tied_by(tie, event, now)}")
