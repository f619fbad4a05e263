"""What this computer keeps: the precious journal.db, and roster.db, a copy of lists."""

from boxoffice.store.entries import Entry, LogRow
from boxoffice.store.errors import ClaimedError, DamagedError, ShiftError, StoreError
from boxoffice.store.journal import Journal
from boxoffice.store.roster import RosterStore
from boxoffice.store.tickets import Pulled
from boxoffice.store.till import Till

__all__ = [
    "ClaimedError",
    "DamagedError",
    "Entry",
    "Journal",
    "LogRow",
    "Pulled",
    "RosterStore",
    "ShiftError",
    "StoreError",
    "Till",
]
