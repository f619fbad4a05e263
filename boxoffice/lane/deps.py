"""What backs a lane: an event, the files, the site, and those who go between the two."""

from dataclasses import dataclass
from pathlib import Path

from boxoffice.clock import Clock
from boxoffice.domain.models import Event
from boxoffice.store import Journal, RosterStore
from boxoffice.store.updates import StoreUpdates
from boxoffice.sync import CodeReader, Link, Puller, Seller, Sender
from boxoffice.ticketbutler import Ticketbutler


@dataclass(frozen=True, slots=True)
class LaneDeps:
    """What the parts of one lane share. Opened and closed by who opens the lane."""

    event: Event
    journal: Journal
    store: RosterStore
    client: Ticketbutler
    link: Link
    puller: Puller
    sender: Sender
    seller: Seller
    updates: StoreUpdates
    """What all of these publish."""
    clock: Clock
    exports: Path
    """The folder of what is written for people: papers, and copies of the queue."""
    codes: CodeReader | None = None
    """Who learns what the list does not hold; None: it is learnt only of those who are scanned."""
