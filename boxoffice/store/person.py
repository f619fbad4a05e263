"""What is kept of one person: the rows of both databases, and the files, that name them."""

import json
import logging
import re
import sqlite3
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import unquote

from boxoffice.domain.text import fold
from boxoffice.language import _
from boxoffice.paths import EXPORTS, NOT_READ, reason_of
from boxoffice.store.db_file import StoreError

log = logging.getLogger(__name__)

Rows: TypeAlias = dict[str, list[dict[str, Any]]]
"""By what they are rows of; what is JSON in a column is read."""

DATABASES = {f"{name}{end}" for name in ("journal.db", "roster.db") for end in ("", "-wal", "-shm")}
"""Whose rows are read; a copy of one that lies beside them is a file as any other."""
_TICKETS = {"tickets": "SELECT * FROM ticket"}
_ORDERS = {"orders": "SELECT * FROM orders"}
_ANSWERS = {"answers": "SELECT subject, data FROM document WHERE topic = 'answers'"}
_JOURNAL = {
    "journal": "SELECT * FROM journal_log ORDER BY id",
    "queue": "SELECT * FROM queue ORDER BY id",
    "sales": "SELECT * FROM sale ORDER BY id",
    "codes": "SELECT * FROM code_tie",
    "settings": "SELECT * FROM memo",
}
_WORD = re.compile(r"\w+")
_TAG = re.compile(r"<[^>]*>")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
MOST_OF_A_PART = 100_000_000
"""Bytes of a workbook's part that are looked through."""
_PHONE = re.compile(r"(?<!\w)[+(]*\d[\d\s()./-]*\d(?!\w)")
_SHORTEST_PHONE = 6
"""Digits."""


def names(who: str) -> Callable[[str], bool]:
    """Whether a text names `who`: an e-mail address as it is, else all words in any order.

    A phone number is found however it is written, with the country's own or without.
    """
    who = unicodedata.normalize("NFC", who.strip())
    if "@" in who:
        address = re.compile(rf"(?<![\w.+-]){re.escape(who)}(?![\w-])", re.IGNORECASE)
        return lambda text: address.search(unicodedata.normalize("NFC", text)) is not None
    if _PHONE.fullmatch(who) and len(phone := _digits(who)) >= _SHORTEST_PHONE:
        return lambda text: any(
            len(number) >= _SHORTEST_PHONE and (number.endswith(phone) or phone.endswith(number))
            for number in map(_digits, _PHONE.findall(text))
        )
    wanted = set(_WORD.findall(fold(who)))
    return lambda text: bool(wanted) and wanted <= set(_WORD.findall(fold(text)))


def _digits(phone: str) -> str:
    """The digits of a phone number, without the zeros that stand for “abroad”."""
    return re.sub(r"\D", "", phone).lstrip("0")


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
    """The uuids of tickets and orders among rows."""
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
        if not (path.parent == folder and path.name in DATABASES)
        and path.suffix != ".lock"  # always empty, and Windows lets nobody read it
        and (
            (EXPORTS in path.parts and any(mark in path.stem for mark in marks))
            or any(who(text) or any(uuid in text for uuid in known) for text in _texts_in(path))
        )
    ]


def _texts_in(path: Path) -> Iterator[str]:
    """The lines of a file; the cells of a workbook, alone and with the next. Raises StoreError."""
    try:
        if zipfile.is_zipfile(path):
            cells = [*_cells(path)]
            yield from cells
            yield from map(" ".join, pairwise(cells))
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            yield from _texts(line)
    except OSError as error:
        raise StoreError(_(NOT_READ).format(file=path, reason=reason_of(error))) from error


def _cells(path: Path) -> Iterator[str]:
    try:
        with zipfile.ZipFile(path) as book:
            for part in book.infolist():
                with book.open(part) as file:
                    content = file.read(MOST_OF_A_PART).decode("utf-8", "replace")
                yield from filter(None, map(unescape, _TAG.split(content)))
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError) as error:
        log.info("%s is no workbook that can be read: %s", path.name, type(error).__name__)


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
    """The value of a column. Our own JSON begins like this, and a text may do so too."""
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
            if "%" in value:
                yield unquote(value)
            if "\\u" in value:  # as JSON writes what is not ASCII
                yield _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
        case dict():
            for inner in value.values():
                yield from _texts(inner)
        case list():
            for inner in value:
                yield from _texts(inner)
            yield " ".join(inner for inner in value if isinstance(inner, str))
