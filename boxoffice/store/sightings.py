"""When check-ins of other doors were seen: between which two looks at the list."""

import sqlite3
from datetime import datetime

from boxoffice.domain.models import SeenIn

CHUNK = 5_000
"""Rows read between two other pieces of work."""


def behind(connection: sqlite3.Connection, ticket: str) -> list[tuple[str, SeenIn]]:
    """The next CHUNK, of all events, behind the uuid `ticket`."""
    rows = connection.execute(
        "SELECT ticket, after, before FROM seen_in WHERE ticket > ? ORDER BY ticket LIMIT ?",
        (ticket, CHUNK),
    )
    return [
        (uuid, SeenIn(_moment(after) if after else None, _moment(before)))
        for uuid, after, before in rows
    ]


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
