"""What this computer keeps: the precious journal.db, and roster.db, a copy of lists.

A module holds one concept, its functions are given the connection, or a transaction, and hold the
SQL. They are run by
`Journal` or `RosterStore`, which own the threads: `await journal.write(admissions.admit, entry,
read_first=False)`, `await store.read(tickets.get, uuid)`.
"""

from boxoffice.domain.journal import Entry, JournalKind, LogRow
from boxoffice.store import (
    admissions,
    code_ties,
    journal_rows,
    json_docs,
    orders,
    queue,
    queue_sending,
    sales,
    takings,
    ticket_lists,
    tickets,
)
from boxoffice.store.errors import ClaimedError, DamagedError, ShiftError, StoreError
from boxoffice.store.journal import Journal
from boxoffice.store.roster import RosterStore
from boxoffice.store.ticket_lists import Pulled

__all__ = [
    "ClaimedError",
    "DamagedError",
    "Entry",
    "Journal",
    "JournalKind",
    "LogRow",
    "Pulled",
    "RosterStore",
    "ShiftError",
    "StoreError",
    "admissions",
    "code_ties",
    "journal_rows",
    "json_docs",
    "orders",
    "queue",
    "queue_sending",
    "sales",
    "takings",
    "ticket_lists",
    "tickets",
]
