"""Small things that the box office remembers from one sale to the next."""

import sqlite3


def remember(connection: sqlite3.Connection, key: str, value: str) -> None:
    connection.execute("INSERT OR REPLACE INTO memo VALUES (?, ?)", (key, value))


def recall(connection: sqlite3.Connection, key: str) -> str:
    row = connection.execute("SELECT value FROM memo WHERE key = ?", (key,)).fetchone()
    return "" if row is None else str(row[0])
