"""What asks for the PIN, where a data folder has one, and how long who guesses has to wait.

This table alone decides it, for screens and commands alike. `PinLock`, in
`boxoffice/lane/pin_lock.py`, asks where the act itself is done.
`boxoffice help pin`: what that is worth.
"""

import unicodedata
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from boxoffice.language import N_, _, ngettext


class Act(StrEnum):
    """What not everybody at a door may do, as the journal calls it."""

    REFUND = "refund"
    GIVE_UP = "give_up"
    COMPLIMENTARY = "complimentary"
    OVERRIDE = "override"
    LATE_UNDO = "late_undo"
    CLOSE_TILL = "close_till"
    REOPEN_TILL = "reopen_till"
    FORGET = "forget"
    DESK = "desk"
    LOGIN = "login"
    LOGOUT = "logout"
    PIN = "pin"


ASKS: Mapping[Act, str] = MappingProxyType(
    {
        Act.REFUND: N_("A refund asks for the PIN"),
        Act.GIVE_UP: N_("Giving a sale up asks for the PIN"),
        Act.COMPLIMENTARY: N_("Giving tickets away asks for the PIN"),
        Act.OVERRIDE: N_("An override asks for the PIN"),
        Act.LATE_UNDO: N_("An undo after more than a minute asks for the PIN"),
        Act.CLOSE_TILL: N_("Closing the till asks for the PIN"),
        Act.REOPEN_TILL: N_("Opening a closed till again asks for the PIN"),
        Act.FORGET: N_("Forgetting an event asks for the PIN"),
        Act.DESK: N_("The organiser's desk asks for the PIN"),
        Act.LOGIN: N_("Logging in asks for the PIN"),
        Act.LOGOUT: N_("Logging out asks for the PIN"),
        Act.PIN: N_("Changing the PIN asks for the one that is set"),
    }
)
"""For people, without its full stop. An act that is missing here cannot be done at all."""

UNDO_WITHOUT = timedelta(minutes=1)
"""A check-in that is no older is undone without the PIN."""
SHORTEST, LONGEST = 4, 64
"""Characters of a PIN."""
UNREADABLE = "\ufffd"
"""What stands for what was piped in and is no UTF-8: nobody could type it."""
FREE_TRIES = 5
"""Wrong ones in a row, before there is a wait."""
FIRST_WAIT, LONGEST_WAIT = 30, 3600
"""Seconds; each wrong try doubles it."""


class Permit(NamedTuple):
    """An act may be done: its PIN was given, or none is asked for."""

    act: Act


def normalized(pin: str) -> str:
    """A PIN as it is compared, however a keyboard composes its letters."""
    return unicodedata.normalize("NFKC", pin.strip())


def problem_of(pin: str) -> str:
    """Why it cannot be one, in a sentence; empty: it can."""
    if SHORTEST <= len(pin) <= LONGEST and pin.isprintable() and UNREADABLE not in pin:
        return ""
    return _(
        "A PIN has {shortest} to {longest} letters, digits and signs: nothing was changed."
    ).format(shortest=SHORTEST, longest=LONGEST)


def wait_after(wrong: int) -> int:
    """Seconds that so many wrong tries in a row have to wait before the next counts."""
    over = min(wrong - FREE_TRIES, 12)
    return min(FIRST_WAIT << over, LONGEST_WAIT) if over >= 0 else 0


def waited(since: float, now: float) -> float:
    """Seconds that have passed for certain, on a clock that begins anew with the computer."""
    return now - since if now >= since else now


def describe_wait(seconds: float) -> str:
    """`30 seconds`, `4 minutes`: never less than it is."""
    whole = -int(-seconds // 1)
    if whole <= 90:
        return ngettext("{n} second", "{n} seconds", whole).format(n=whole)
    minutes = -(-whole // 60)
    return ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes)
