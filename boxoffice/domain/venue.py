"""Several doors that share one truth: who let a ticket in first, and who is in its stead now.

A ticket goes in and out in rounds: an even round is a claim that it is in, the odd one after it
that it is out again. The hub takes one message a round and refuses every other, so that of all
doors one wins. What a door knows of a ticket is its highest round.
"""

from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from typing import NamedTuple, TypeAlias, TypedDict

from boxoffice.domain import signs
from boxoffice.domain.humanize import format_duration
from boxoffice.language import N_, _, ngettext

LANE_LIMIT = 60
"""Characters of a lane's name, as another door tells it."""
ASK = "ask"
"""What a door says of that kind asks all others for their accounts."""
FIRST = 0
"""The round in which a ticket goes in that was never in before."""
DEADLINE = 0.35
"""Seconds that a scan waits for the hub."""


def read_moment(text: str) -> datetime:
    """A time as another door tells it, in UTC: one that every time zone has.

    However wrong its clock is, its claims count. Raises ValueError or TypeError.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None or not 1 < moment.year < 9999:
        raise ValueError(moment)
    return moment.astimezone(UTC)


class ClaimState(StrEnum):
    """How a claim of this computer's stands, as journal.db keeps it beside the admission."""

    WON = "won"
    PENDING = "pending"
    """The hub was not asked, did not answer, or is another one than that which did."""
    LOST = "lost"
    """Another door had it first: possibly two people."""
    RELEASING = "releasing"
    """Undone here, and the hub does not know yet."""
    RELEASED = "released"


class Claim(NamedTuple):
    """A round of a ticket, as the hub holds it."""

    event: str
    ticket: str
    round: int
    device: str
    """Whose it is: one data folder's."""
    lane: str
    at: datetime
    """By the clock of the door that made it, corrected as all its times are."""
    number: int = 0
    """Of the hub's message, from 1; 0: not known. It grows, and names the order of claims."""

    @property
    def is_in(self) -> bool:
        return self.round % 2 == 0


class Sent(NamedTuple):
    """The site has the check-in of a round: whoever finds it in there has found this one."""

    event: str
    ticket: str
    round: int
    device: str
    """Who sent it."""
    at: datetime
    number: int = 0
    lane: str = ""
    """Of who sent it; empty: not known."""


class Clash(NamedTuple):
    """Another door let a ticket in too, while it could not ask the hub: possibly two people."""

    event: str
    ticket: str
    round: int
    """Of the claim that was first."""
    device: str
    """Of the second door, as its lane and the time are."""
    lane: str
    at: datetime
    number: int = 0


class Post(NamedTuple):
    """A door that does not reach the site asks one that does to send its check-in."""

    event: str
    ticket: str
    round: int
    """Of its claim."""
    device: str
    lane: str
    at: datetime
    """When the ticket's holder went in."""
    attempted: bool = False
    """A write of it may have been carried out before, so that it is ours if it is found in."""
    number: int = 0


class Attempt(NamedTuple):
    """A door is about to send a posted check-in, or its own door has taken it back for good."""

    event: str
    ticket: str
    round: int
    device: str
    lane: str
    at: datetime
    turn: int = 0
    """From 0. The next one may be taken once a door has had its time."""
    number: int = 0


class Finding(StrEnum):
    """Why a posted check-in cannot be sent."""

    IN = "in"
    """It was in before a door of the venue sent anything: possibly two people."""
    REFUNDED = "refunded"
    GONE = "gone"
    """The site has no such ticket any more."""
    REFUSED = "refused"


class Found(NamedTuple):
    """What a door met at the site that was to send a posted check-in."""

    event: str
    ticket: str
    round: int
    device: str
    lane: str
    at: datetime
    why: Finding
    number: int = 0


class LetInTwice(NamedTuple):
    """Two doors let the same ticket in: possibly two people."""

    ticket: str
    first: str
    """The lane that was first by the hub's order; empty: not known here, as `first_at`."""
    first_at: datetime | None
    second: str
    second_at: datetime

    def in_zone(self, zone: tzinfo) -> "LetInTwice":
        """The same, with its times in that zone."""
        first_at = self.first_at.astimezone(zone) if self.first_at else None
        return self._replace(first_at=first_at, second_at=self.second_at.astimezone(zone))


Message: TypeAlias = Claim | Sent | Clash | Post | Attempt | Found
"""What the hub stores, and every door reads."""


class Presence(NamedTuple):
    """That a door is there, and how it stands; it says so every two seconds."""

    event: str
    device: str
    user: str
    """By which the hub knows the computer: several devices may be one's."""
    lane: str
    at: datetime
    """By its own clock, corrected as all its times are."""
    computer: str
    """What tells a computer from one with a copy of its data folder, whose device is the same."""
    waiting: int = 0
    """What it has to send to the site still."""
    conflicts: int = 0
    rate: int = 0
    """Admissions in the last minute."""
    site: str = ""
    """The mark of the site whose list it can read: see `boxoffice.domain.shared_list`."""
    is_hub: bool = False
    """It is on the hub's own computer."""


class Shown(TypedDict, total=False):
    """What a door says of itself in its `Presence`."""

    waiting: int
    conflicts: int
    rate: int
    site: str


class Outcome(StrEnum):
    WON = "won"
    LOST = "lost"
    UNKNOWN = "unknown"
    """No answer in time: it may still arrive there, and is ours then."""


class Taken(NamedTuple):
    outcome: Outcome
    claim: Claim | None = None
    """Ours where it is won, the other door's where it is lost."""
    record: tuple[str, int] = ("", 0)
    """Whose answer it is: the hub's record of the event, and its epoch."""


UNKNOWN = Taken(Outcome.UNKNOWN)


def next_in(last: int | None) -> int:
    """The round in which a ticket goes in, after the highest that is known of it."""
    if last is None:
        return FIRST
    return last if last % 2 == 0 else last + 1


class HubState(StrEnum):
    """How this computer stands to its venue's hub."""

    UNPAIRED = "unpaired"
    JOINING = "joining"
    """It answers, and what the other doors did is being read."""
    JOINED = "joined"
    ALONE = "alone"
    """It cannot be reached: what other doors do from now on is not known."""
    REFUSED = "refused"
    """It refuses this computer, or is not to be trusted; the sentence says why."""


class StoreTrouble(StrEnum):
    """Why a hub that answers can store nothing, by the word that it tells doors."""

    DISK = "disk"
    FULL = "full"
    """It has as much as it may store."""

    def describe(self, venue: str) -> str:
        """What is wrong, and what a person can do about it."""
        return _(_TROUBLES[self]).format(venue=venue)


_TROUBLES = {
    StoreTrouble.DISK: N_(
        "{venue} can store nothing, as its computer's disk is full or cannot be written: make room "
        "there."
    ),
    StoreTrouble.FULL: N_(
        "{venue} can store nothing more: run boxoffice forget on its computer for an event that is "
        "over."
    ),
}


class VenueStatus(NamedTuple):
    state: HubState = HubState.UNPAIRED
    name: str = ""
    """The venue's."""
    doors: int = 0
    """Doors present, this one with them."""
    since: datetime | None = None
    """When the state began."""
    read: int = 0
    total: int = 0
    """Claims read of those there are, while it is joining."""
    sentence: str = ""
    """What a person should know or do; empty: nothing."""
    is_copied: bool = False
    """Another computer is there with a copy of this one's data folder: the same device."""

    def words(self, now: datetime) -> str:
        """`◆ 12 doors`, `◇ alone 2 min`, `◆ joining 340/5000`; empty where never paired."""
        match self.state:
            case HubState.UNPAIRED:
                return ""
            case HubState.JOINED:
                doors = ngettext("{n} door", "{n} doors", self.doors).format(n=self.doors)
                return f"{signs.JOINED} {doors}"
            case HubState.JOINING:
                joining = _("joining {n}/{total}").format(n=self.read, total=self.total)
                return f"{signs.JOINED} {joining}"
            case HubState.ALONE | HubState.REFUSED:
                if self.since is None:
                    return f"{signs.ALONE} {_('alone')}"
                span = format_duration(now - self.since)
                return f"{signs.ALONE} {_('alone {span}').format(span=span)}"

    @property
    def short(self) -> str:
        """`◆12`, `◇!`: the same where there is little room."""
        match self.state:
            case HubState.UNPAIRED:
                return ""
            case HubState.JOINED:
                return f"{signs.JOINED}{self.doors}"
            case HubState.JOINING:
                return f"{signs.JOINED}…"
            case HubState.ALONE | HubState.REFUSED:
                return f"{signs.ALONE}!"


NEVER_JOINED = VenueStatus()
