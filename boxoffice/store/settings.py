"""Small things that are remembered for all lanes of this computer, such as the house's address."""

import sqlite3

from boxoffice.domain.text import clean
from boxoffice.store.journal_rows import Stamp

LIMIT = 2_000
"""Characters."""


def remember(connection: sqlite3.Connection, _: Stamp, key: str, value: str) -> None:
    """Keep `value` for all lanes of this computer, cleaned, in the place of the one before."""
    connection.execute(
        "INSERT OR REPLACE INTO memo (key, value) VALUES (?, ?)", (key, clean(value, LIMIT))
    )


def recall(connection: sqlite3.Connection, key: str) -> str:
    """What was remembered last; empty: nothing."""
    row = connection.execute("SELECT value FROM memo WHERE key = ?", (key,)).fetchone()
    return str(row["value"]) if row else ""
