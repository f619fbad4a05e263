"""What this computer keeps: the precious journal.db, and roster.db, a copy of lists.

A module holds one concept, its functions are given the connection and hold the SQL. They are run by
`Journal` or `RosterStore`, which own the threads: `await journal.write(admissions.admit, entry,
read_first=False)`, `await store.read(tickets.get, uuid)`.
"""

from boxoffice.store.db_file import ClaimedError, DamagedError, SeatsError, ShiftError, StoreError
from boxoffice.store.journal_db import Journal
from boxoffice.store.roster import RosterStore

__all__ = [
    "ClaimedError",
    "DamagedError",
    "Journal",
    "RosterStore",
    "SeatsError",
    "ShiftError",
    "StoreError",
]
