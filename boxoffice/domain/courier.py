"""Check-ins of a door without a site, sent by one that has it: once, and with proof.

The door that made a check-in posts it at the hub. Another reads the ticket at the site, takes a
turn at the hub, writes, and puts the proof there. Whoever takes the first turn is the first that
may have written: what was found in before that is not the venue's own, and what is found in after
it is. So the door itself can still take back, with the first turn, what nobody has begun to send.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from boxoffice.domain.venue import Finding
from boxoffice.language import N_

LEASE = timedelta(seconds=60)
"""For so long a turn is its door's; then it has ended without a word, and another may go on."""
TURNS = 5
"""After these a check-in waits for its own door's site."""
UNTAKEN = -1
WAITS = N_("Being sent by the door with the internet.")
"""Of a row of the queue that is posted."""
GIVEN_UP = N_("Other doors could not send it: it is sent once this computer reaches the site.")
"""Of one of which all turns were taken."""
POSTED = frozenset({WAITS, GIVEN_UP})


class PostState(StrEnum):
    """How a check-in of ours was given to the other doors, as journal.db keeps it."""

    NONE = ""
    FRESH = "fresh"
    """Posted, and never tried from here: if it is found in, another door's try was first."""
    TRIED = "tried"
    """Posted, and a try from here may have arrived."""
    TAKEN_BACK = "taken_back"
    """No other door has sent it, or will."""


class Delivery(NamedTuple):
    """How a posted check-in stands, by what the hub has of it."""

    event: str
    ticket: str
    round: int
    device: str
    """Of the door that posted it, as its lane is."""
    lane: str
    at: datetime
    """When its holder went in."""
    attempted: bool = False
    """When it was posted, a write of it might have arrived."""
    turn: int = UNTAKEN
    """The last that was taken."""
    courier: str = ""
    """The device that took it: where it is that of the door itself, the post is taken back."""
    courier_at: datetime | None = None
    why: Finding | None = None
    """It cannot be sent."""
    is_sent: bool = False
    sent_by: str = ""
    """The lane that sent it; empty: not known."""

    @property
    def is_settled(self) -> bool:
        """No door writes it from now on."""
        return self.is_sent or self.why is not None or self.courier == self.device


class Settled(StrEnum):
    """What becomes of a check-in of ours that was posted."""

    SENT = "sent"
    """By another door."""
    ARRIVED = "arrived"
    """By a try from here, as another door found."""
    CONFLICT = "conflict"
    FAILED = "failed"


def next_turn(delivery: Delivery, device: str, now: datetime) -> int | None:
    """The turn that `device` may take at it now; None: none. `now`: as the site's clock shows."""
    turn = delivery.turn + 1
    if delivery.device == device or delivery.is_settled or is_under_way(delivery, now):
        return None
    return turn if turn < TURNS else None


def is_under_way(delivery: Delivery, now: datetime) -> bool:
    """Whether another door may be writing it at the site in this moment."""
    if delivery.is_settled or delivery.courier_at is None:
        return False
    return abs(now - delivery.courier_at) < LEASE


def is_given_up(delivery: Delivery, now: datetime) -> bool:
    """Whether no other door will try it any more."""
    has_turn = delivery.turn + 1 < TURNS
    return not (has_turn or delivery.is_settled or is_under_way(delivery, now))


def settle(delivery: Delivery, post: PostState) -> Settled | None:
    """What becomes of the row that waits here for it; None: nothing yet."""
    if delivery.is_sent:
        return Settled.SENT
    if delivery.why is None or post is PostState.TAKEN_BACK:
        return None
    if delivery.why is not Finding.IN:
        return Settled.FAILED
    return Settled.CONFLICT if post is PostState.FRESH else Settled.ARRIVED
