"""A thread that owns a connection to a database file, through which every use of the file goes.

Also here: how values are written in rows, and how a row is read into a dataclass or a NamedTuple,
each column by the type of the field of the same name.
"""

import asyncio
import json
import logging
import sqlite3
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from inspect import isclass
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeAlias, TypeVar, get_type_hints

from boxoffice.domain.models import Choice
from boxoffice.language import _
from boxoffice.store.db_file import SQLITE_ERRORS, StoreError, from_sqlite, transaction

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

Connect = Callable[[], sqlite3.Connection]

Work: TypeAlias = Callable[Concatenate[sqlite3.Connection, P], T]
"""A plain function that is given the connection, and the other arguments of the call."""

INT64 = 2**63


class _Task(NamedTuple):
    work: Callable[[], Any]
    loop: asyncio.AbstractEventLoop
    waiting: "asyncio.Future[Any]"


class Database:
    """Runs functions on a connection, in a thread of its own, one after the other.

    Errors of the file are raised as StoreError, all others as they are.
    """

    def __init__(self, path: Path, connect: Connect) -> None:
        self.path = path
        self._connect = connect
        self._connection: sqlite3.Connection | None = None
        self._tasks: SimpleQueue[_Task | None] = SimpleQueue()
        # A program that ends without `close` must not hang. What `write` has returned is on disk.
        self._thread = Thread(target=self._serve, name=path.name, daemon=True)
        self._closed = False

    async def open(self) -> None:
        """Start the thread and connect. Raises StoreError; then the thread has ended."""
        self._thread.start()
        try:
            await self._hand_over(self._open)
        except BaseException:
            await self.close()
            raise

    async def run(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of `work(connection, *args, **kwargs)`, run in the thread.

        If the caller is cancelled while it waits, the work is done all the same.
        """
        return await self._hand_over(lambda: self._do(work, *args, **kwargs))

    async def write(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The same in one transaction, which is committed when this returns."""
        return await self.run(_in_transaction, lambda it: work(it, *args, **kwargs))

    async def close(self) -> None:
        """Finish the work that was handed over, then close the connection and end the thread."""
        if self._closed:
            return
        await self._hand_over(self._close, last=True)

    async def _hand_over(self, work: Callable[[], T], *, last: bool = False) -> T:
        if self._closed:
            raise StoreError(_("{path} is closed already.").format(path=self.path))
        loop = asyncio.get_running_loop()
        waiting: asyncio.Future[T] = loop.create_future()
        self._tasks.put(_Task(work, loop, waiting))
        if last:
            self._closed = True
            self._tasks.put(None)
        return await waiting

    # In the thread

    def _serve(self) -> None:
        while (task := self._tasks.get()) is not None:
            result, failure = None, None
            try:
                result = task.work()
            except BaseException as error:  # noqa: BLE001 - it travels to the one who waits
                failure = error
            try:
                task.loop.call_soon_threadsafe(self._settle, task.waiting, result, failure)
            except RuntimeError:
                log.warning("%s: the program ended before the answer to its work came", self.path)

    def _settle(
        self, waiting: "asyncio.Future[Any]", result: object, failure: BaseException | None
    ) -> None:
        """On the event loop."""
        if waiting.cancelled():
            if failure is not None:
                log.error("%s: work that nobody waits for failed", self.path, exc_info=failure)
        elif failure is not None:
            waiting.set_exception(failure)
        else:
            waiting.set_result(result)

    def _open(self) -> None:
        self._connection = self._connect()

    def _do(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        if self._connection is None:
            raise StoreError(_("{path} is not open.").format(path=self.path))
        try:
            return work(self._connection, *args, **kwargs)
        except SQLITE_ERRORS as error:
            fault = from_sqlite(error, self.path)
            if fault is None:
                raise
            raise fault from error

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _in_transaction(connection: sqlite3.Connection, work: Callable[[sqlite3.Connection], T]) -> T:
    with transaction(connection):
        return work(connection)


# How values are written


def utc_text(moment: datetime) -> str:
    """ISO 8601 in UTC, always of the same length, so that such texts sort by time."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def moment_or_none(text: str | None) -> datetime | None:
    """The moment of a text by `utc_text`; None: there is no text, or an empty one."""
    return datetime.fromisoformat(text) if text else None


def int64_or_none(number: int | None) -> int | None:
    """`number`, or None, which stands for “not known”, where SQLite cannot hold it."""
    return number if number is not None and abs(number) < INT64 else None


# How rows are read


def from_row(
    kind: Callable[..., T], row: sqlite3.Row | Mapping[str, object], **others: object
) -> T:
    """Make a `kind`, a dataclass or a NamedTuple, from the columns that are named as its fields.

    `others`: values for fields that have no such column. Documents of `json_docs` are read this
    way too.
    """
    readers = _readers(kind)
    fields = {name: readers[name](value) for name, value in dict(row).items() if name in readers}
    return kind(**fields | others)


def _decimal_or_none(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None


def _texts(texts: str | Collection[str]) -> tuple[str, ...]:
    """The texts of a column that is JSON, or of a list in a document."""
    return tuple(json.loads(texts) if isinstance(texts, str) else texts)


_READERS: dict[Any, Callable[[Any], Any]] = {
    bool: bool,
    bool | None: lambda value: None if value is None else bool(value),
    datetime: datetime.fromisoformat,
    datetime | None: moment_or_none,
    Decimal: Decimal,
    Decimal | None: _decimal_or_none,
    tuple[str, ...]: _texts,
    tuple[Choice, ...]: lambda choices: tuple(Choice(**choice) for choice in choices),
}


@cache
def _readers(kind: Callable[..., object]) -> dict[str, Callable[[Any], Any]]:
    return {name: _reader(hint) for name, hint in get_type_hints(kind).items()}


def _reader(hint: Any) -> Callable[[Any], Any]:
    if isclass(hint) and issubclass(hint, Enum):
        return hint
    return _READERS.get(hint, lambda value: value)
