"""What all share who work between this computer's files and the site."""

import random
from dataclasses import dataclass, field
from pathlib import Path

from boxoffice.clock import Clock
from boxoffice.store import Journal, RosterStore
from boxoffice.store.updates import StoreUpdates
from boxoffice.sync.link import Link
from boxoffice.sync.wakeup import Jitter
from boxoffice.ticketbutler import Ticketbutler


@dataclass(frozen=True, slots=True)
class SyncContext:
    """The files of one data folder, the site, and what goes on between them."""

    journal: Journal
    store: RosterStore
    client: Ticketbutler
    link: Link
    """Observes the requests of `client`."""
    folder: Path
    """The data folder that both files are in."""
    clock: Clock
    updates: StoreUpdates = field(default_factory=StoreUpdates)
    """Where it is published what is stored and written."""
    jitter: Jitter = random.random


class SyncPart:
    """A part of it, which has what all share at hand."""

    def __init__(self, context: SyncContext) -> None:
        self._journal = context.journal
        self._store = context.store
        self._client = context.client
        self._link = context.link
        self._clock = context.clock
        self._updates = context.updates
        self._jitter = context.jitter
