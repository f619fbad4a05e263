"""The thread that owns a connection: order, errors, cancelled waiting, an orderly end."""

import asyncio
import logging
import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from boxoffice.store import StoreError
from boxoffice.store.database import Database
from boxoffice.store.db_file import transaction
from tests.store.support import execute


def connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("CREATE TABLE line (text TEXT)")
    return connection


def add(connection: sqlite3.Connection, text: str) -> None:
    with transaction(connection):
        connection.execute("INSERT INTO line VALUES (?)", (text,))


def lines(connection: sqlite3.Connection) -> list[str]:
    return [text for (text,) in connection.execute("SELECT text FROM line ORDER BY rowid")]


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    path = tmp_path / "some.db"
    database = Database(path, lambda: connect(path))
    await database.open()
    yield database
    await database.close()


async def test_work_is_done_in_the_order_in_which_it_is_handed_over(database: Database) -> None:
    await asyncio.gather(*(database.run(add, str(number)) for number in range(20)))
    assert await database.run(lines) == [str(number) for number in range(20)]


async def test_all_work_is_done_by_one_thread_that_is_not_the_callers(database: Database) -> None:
    threads = {await database.run(lambda _: threading.get_ident()) for _ in range(5)}
    assert len(threads) == 1
    assert threading.get_ident() not in threads


async def test_errors_travel_and_the_next_piece_is_done(database: Database) -> None:
    def fail(_connection: sqlite3.Connection) -> None:
        raise LookupError("as it is")

    with pytest.raises(LookupError, match="as it is"):
        await database.run(fail)
    await database.run(add, "after")
    assert await database.run(lines) == ["after"]


async def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    def half(connection: sqlite3.Connection) -> None:
        with transaction(connection):
            connection.execute("INSERT INTO line VALUES ('half')")
            raise LookupError

    with pytest.raises(LookupError):
        await database.run(half)
    await database.run(add, "whole")
    assert await database.run(lines) == ["whole"]


async def test_a_fault_in_a_statement_is_no_fault_of_the_file(database: Database) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await database.run(lambda connection: connection.execute("SELECT * FROM missing"))


async def test_work_is_done_though_nobody_waits_any_more(database: Database) -> None:
    begun, go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def slow(connection: sqlite3.Connection) -> None:
        with transaction(connection):
            connection.execute("INSERT INTO line VALUES ('slow')")
            loop.call_soon_threadsafe(begun.set)
            assert go_on.wait(60)

    waiting = [asyncio.create_task(database.run(slow))]
    await begun.wait()
    waiting.append(asyncio.create_task(database.run(add, "behind it")))
    await asyncio.sleep(0)
    for task in waiting:
        task.cancel()
    ended = await asyncio.gather(*waiting, return_exceptions=True)
    assert all(isinstance(one, asyncio.CancelledError) for one in ended)
    go_on.set()
    assert await database.run(lines) == ["slow", "behind it"]


async def test_an_error_that_nobody_waits_for_is_logged(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    go_on = threading.Event()

    def fail(_connection: sqlite3.Connection) -> None:
        assert go_on.wait(60)
        raise LookupError("lost")

    task = asyncio.create_task(database.run(fail))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    with caplog.at_level(logging.ERROR):
        go_on.set()
        await database.run(lines)
    assert "nobody waits" in caplog.text
    assert "LookupError: lost" in caplog.text


async def test_closing_finishes_what_was_handed_over(tmp_path: Path) -> None:
    path = tmp_path / "some.db"
    database = Database(path, lambda: connect(path))
    await database.open()
    adding = [asyncio.create_task(database.run(add, str(number))) for number in range(9)]
    await asyncio.sleep(0)
    await database.close()
    await asyncio.gather(*adding)
    assert execute(path, "SELECT count(*) FROM line") == [(9,)]


async def test_after_closing_there_is_a_sentence(database: Database) -> None:
    await database.close()
    await database.close()
    with pytest.raises(StoreError, match="closed already"):
        await database.run(lines)


async def test_the_thread_ends_with_the_file(database: Database) -> None:
    threads = await database.run(lambda _: threading.current_thread())
    await database.close()
    await asyncio.to_thread(threads.join, 10)
    assert not threads.is_alive()


async def test_a_file_that_cannot_be_opened_ends_the_thread(tmp_path: Path) -> None:
    threads: list[threading.Thread] = []

    def refuse() -> sqlite3.Connection:
        threads.append(threading.current_thread())
        raise StoreError("Not this one.")

    database = Database(tmp_path / "some.db", refuse)
    with pytest.raises(StoreError, match="Not this one"):
        await database.open()
    await asyncio.to_thread(threads[0].join, 10)
    assert not threads[0].is_alive()
    with pytest.raises(StoreError, match="closed already"):
        await database.run(lines)
