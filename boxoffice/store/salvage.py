"""What can still be read of a journal.db that is damaged, or was moved away: unsent rows and sales.

The file is opened for reading only, whatever is wrong with it.
"""

import logging
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple, TypeVar

from boxoffice.domain.journal import QueueRow
from boxoffice.domain.sale import OPEN, Sale
from boxoffice.language import _
from boxoffice.store import journal_db
from boxoffice.store.db_file import SQLITE_ERRORS, StoreError
from boxoffice.store.queue import row_to_queue_row
from boxoffice.store.sales import row_to_sale

log = logging.getLogger(__name__)

T = TypeVar("T")

_SENSELESS = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError)
"""What comes of a row in which anything may stand."""


class Salvage(NamedTuple):
    rows: list[QueueRow]
    """The whole queue, whatever its state, oldest first."""
    sales: list[Sale]
    """Those that are not settled."""
    names: dict[str, str]
    """Of the rows' tickets, by uuid, as far as a roster.db beside the file knows them."""
    is_whole: bool
    """False: there may have been more."""


def salvage(path: Path) -> Salvage:
    """Raises StoreError where nothing can be read, or it is no journal."""
    try:
        with closing(_open(path)) as connection:
            (owner,) = connection.execute("PRAGMA application_id").fetchone()
            if owner != journal_db.APPLICATION:
                raise StoreError(_("{path} is no journal of boxoffice.").format(path=path))
            rows, rows_whole = _readable(connection, "queue", row_to_queue_row)
            sales, sales_whole = _readable(connection, "sale", row_to_sale)
    except SQLITE_ERRORS as error:
        raise StoreError(
            _("Nothing of {path} can be read.").format(path=path), str(error)
        ) from error
    names = _names(path.with_name(journal_db.ROSTER), {row.ticket for row in rows})
    unsettled = [sale for sale in sales if sale.state in OPEN]
    return Salvage(rows, unsettled, names, rows_whole and sales_whole)


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    connection.text_factory = lambda text: text.decode("utf-8", "replace")
    connection.execute("PRAGMA writable_schema = 1")  # or nothing of one cut short could be read
    return connection


def _readable(
    connection: sqlite3.Connection, table: str, read: Callable[[sqlite3.Row], T]
) -> tuple[list[T], bool]:
    """From the table's beginning and from its end up to the damage; and whether there was none."""
    found: dict[int, T] = {}
    is_whole = True
    for direction in ("ASC", "DESC"):
        try:
            for row in connection.execute(
                f"SELECT * FROM {table} NOT INDEXED ORDER BY rowid {direction}"  # noqa: S608
            ):
                try:
                    found[row["id"]] = read(row)
                except _SENSELESS as error:
                    log.info("a row of %s makes no sense: %s", table, error)
                    is_whole = False
        except SQLITE_ERRORS as error:
            log.info("%s is damaged: %s", table, error)
            is_whole = False
        else:
            break
    return [found[number] for number in sorted(found)], is_whole


def _names(roster: Path, tickets: Iterable[str]) -> dict[str, str]:
    names = {}
    try:
        with closing(_open(roster)) as connection:
            for uuid in tickets:
                row = connection.execute(
                    "SELECT full_name FROM ticket WHERE uuid = ?", (uuid,)
                ).fetchone()
                if row is not None:
                    names[uuid] = row["full_name"]
    except SQLITE_ERRORS as error:
        log.info("names cannot be read: %s", error)
    return names
