"""What the machine of doors plays with: data folders, by lane, and what the network does."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from tests.lane.conftest import Wrong

FOLDERS = {"North": "data", "South": "data", "West": "other"}
"""By lane."""
LOST_ANSWERS = [
    "drop-after PATCH tickets/*/ x1",
    "500-after PATCH tickets/*/ x3",
    "truncated PATCH tickets/*/ x1",
    "drop PATCH tickets/*/ x1",
]
FAULTS = [
    *LOST_ANSWERS,
    "524-after PATCH tickets/*/ x2",
    "hang-after PATCH tickets/*/ x1",
    "cut PATCH tickets/*/ x1",
    "wrong-shape PATCH tickets/*/ x1",
    "400 PATCH tickets/*/ x1",
    "403 PATCH tickets/*/ x1",
    "404 tickets/*/ x1",
    "hang tickets/*/ x1",
    "drop GET tickets/*/ x2",
    "latency-after=3 GET tickets/*/ x4",
    "503 x3",
    "429=5 x1",
    "401 x2",
    "html x2",
    "stale GET tickets/*/",
    "stale=60 GET tickets/*/",
    "stale GET events/*/tickets/",
    "stale=60 GET events/*/tickets/",
]


@dataclass
class Folder:
    """What a data folder must hold, by what its lanes were seen to do."""

    path: Path
    clock: Wrong
    inside: dict[str, str] = field(default_factory=dict)
    """The lane that let a ticket's holder in, less those undone: by ticket."""
    ever: set[str] = field(default_factory=set)
    """Tickets that were ever admitted here, or may have been when a lane was ended."""
    dismissed: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)
    """Tickets that another door was first with, by a person's word on a conflict."""
    undone: set[str] = field(default_factory=set)
    """Tickets of which an undo has written to the site, or may have."""
    journal: list[tuple[object, ...]] = field(default_factory=list)

    def query(self, sql: str, *args: object) -> list[tuple[object, ...]]:
        """As another process finds it on the disk."""
        with closing(sqlite3.connect(self.path / "journal.db")) as connection:
            return connection.execute(sql, args).fetchall()

    def admitted(self) -> dict[str, tuple[str, bool, int]]:
        """Lane, whether the site has it, and the journal's row: by ticket."""
        rows = self.query("SELECT ticket, lane, confirmed IS NOT NULL, journal FROM admission")
        return {str(t): (str(lane), bool(has), int(str(row))) for t, lane, has, row in rows}

    def queued(self) -> list[tuple[int, str, str, str]]:
        """Id, kind, state and ticket of each row."""
        rows = self.query("SELECT id, kind, state, ticket FROM queue ORDER BY id")
        return [(int(str(row)), str(kind), str(s), str(t)) for row, kind, s, t in rows]
