"""One thread that owns one connection. Everything that touches a database file goes through one."""

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

from boxoffice.store.errors import StoreError, from_sqlite

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

Connect = Callable[[], sqlite3.Connection]


class _Task(NamedTuple):
    """Work, and the one who waits for it."""

    work: Callable[[], Any]
    loop: asyncio.AbstractEventLoop
    waiting: "asyncio.Future[Any]"


class Database:
    """Runs work on a connection in a thread of its own, one piece after the other.

    Errors of the file travel back as StoreError, all others as they are.
    """

    def __init__(self, path: Path, connect: Connect) -> None:
        self.path = path
        self._connect = connect
        self._connection: sqlite3.Connection | None = None
        self._tasks: SimpleQueue[_Task | None] = SimpleQueue()
        # A program that ends without `close` must not hang; what was answered is on disk.
        self._thread = Thread(target=self._serve, name=path.name, daemon=True)
        self._closed = False

    async def open(self) -> None:
        """Connect. Raises StoreError; the thread has ended then."""
        self._thread.start()
        try:
            await self._hand_over(self._open)
        except BaseException:
            await self.close()
            raise

    async def run(
        self,
        work: Callable[Concatenate[sqlite3.Connection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """What `work(connection, *args, **kwargs)` answers.

        Work that was handed over is done, also when the one who waits for it is cancelled.
        """
        return await self._hand_over(lambda: self._do(work, *args, **kwargs))

    async def close(self) -> None:
        """Finish what was handed over, then close the connection and end the thread."""
        if self._closed:
            return
        await self._hand_over(self._close, last=True)

    async def _hand_over(self, work: Callable[[], T], *, last: bool = False) -> T:
        if self._closed:
            raise StoreError(f"{self.path} is closed already.")
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
                log.warning(
                    "%s: the program ended before it heard what became of its work", self.path
                )

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

    def _do(
        self,
        work: Callable[Concatenate[sqlite3.Connection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        if self._connection is None:
            raise StoreError(f"{self.path} is not open.")
        try:
            return work(self._connection, *args, **kwargs)
        except sqlite3.Error as error:
            told = from_sqlite(error, self.path)
            if told is None:
                raise
            raise told from error

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of it or nothing, with the file's write lock from the start: what it reads stays true."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
