"""What is kept of one person: the rows of both databases, and the files, that name them."""

import json
import re
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from boxoffice.domain.text import fold
from boxoffice.paths import EXPORTS

Rows: TypeAlias = dict[str, list[dict[str, Any]]]
"""By what they are rows of; what is JSON in a column is read."""

DATABASES = ("journal.db", "roster.db")
_TICKETS = {"tickets": "SELECT * FROM ticket"}
_ORDERS = {"orders": "SELECT * FROM orders"}
_ANSWERS = {"answers": "SELECT subject, data FROM document WHERE topic = 'answers'"}
_JOURNAL = {
    "journal": "SELECT * FROM journal_log ORDER BY id",
    "queue": "SELECT * FROM queue ORDER BY id",
    "sales": "SELECT * FROM sale ORDER BY id",
    "codes": "SELECT * FROM code_tie",
}
_WORD = re.compile(r"\w+")


def names(who: str) -> Callable[[str], bool]:
    """Whether a text names `who`: an e-mail address as it is, else all words in any order."""
    if "@" in who:
        address = re.compile(rf"(?<![\w.+-]){re.escape(who.strip())}(?![\w-])", re.IGNORECASE)
        return lambda text: address.search(text) is not None
    wanted = set(_WORD.findall(fold(who)))
    return lambda text: bool(wanted) and wanted <= set(_WORD.findall(fold(text)))


def in_roster(connection: sqlite3.Connection, who: Callable[[str], bool]) -> Rows:
    """Their tickets, the orders that they placed or are on, and the answers to both."""
    found = _rows(connection, _TICKETS, who, ())
    found |= _rows(connection, _ORDERS, who, {row["uuid"] for row in found["tickets"]})
    return found | _rows(connection, _ANSWERS, who, uuids(found))


def in_journal(
    connection: sqlite3.Connection, who: Callable[[str], bool], about: Collection[str]
) -> Rows:
    """What happened with them, as guest, buyer or operator; `about`: uuids that stand for them."""
    return _rows(connection, _JOURNAL, who, about)


def uuids(found: Rows) -> set[str]:
    """Of tickets and orders."""
    rows = [*found.get("tickets", ()), *found.get("orders", ())]
    return {row["uuid"] for row in rows} | {row["order"] for row in rows if row.get("order")}


def in_files(folder: Path, logs: Path, who: Callable[[str], bool], about: Rows) -> list[str]:
    """Paths of papers and exports called by what is `about` them, and of files that name them.

    Or hold one of their uuids. The text of a PDF is not read: its name tells.
    """
    known = uuids(about)
    marks = {uuid[:8] for uuid in known}
    marks |= {row["order_id"] for row in (*about["orders"], *about["sales"]) if row["order_id"]}
    marks |= {f"BX-{row['mark']}-{row['number']}" for row in about["sales"]}
    papers = [path for path in folder.rglob("*") if path.is_file()]
    files = dict.fromkeys([*papers, *(path for path in logs.glob("*") if path.is_file())])
    return [
        str(path)
        for path in files
        if not path.name.startswith(DATABASES)
        and (
            (EXPORTS in path.parts and any(mark in path.stem for mark in marks))
            or _holds(path.read_text(encoding="utf-8", errors="replace"), who, known)
        )
    ]


def _holds(content: str, who: Callable[[str], bool], known: Collection[str]) -> bool:
    return any(uuid in content for uuid in known) or any(map(who, content.splitlines()))


def _rows(
    connection: sqlite3.Connection,
    queries: Mapping[str, str],
    who: Callable[[str], bool],
    about: Collection[str],
) -> Rows:
    """Those of each query in which a text names the person, or is one of `about`."""
    return {
        title: [
            row
            for row in map(_read, connection.execute(query))
            if any(text in about or who(text) for text in _texts(row))
        ]
        for title, query in queries.items()
    }


def _read(row: sqlite3.Row) -> dict[str, Any]:
    return {name: _value(row[name]) for name in row.keys()}  # noqa: SIM118 - not its values


def _value(value: object) -> object:
    """A column's; our own JSON begins like this, and a text may do so too."""
    if isinstance(value, str) and value[:1] in ("[", "{", '"'):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for inner in value.values():
                yield from _texts(inner)
        case list():
            for inner in value:
                yield from _texts(inner)
            yield " ".join(inner for inner in value if isinstance(inner, str))
