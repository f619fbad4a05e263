"""What the files are: private, of a known version, whole; and what is said where they are not."""

import asyncio
import os
import sqlite3
import stat
from collections.abc import Callable, Collection
from pathlib import Path

import pytest

from boxoffice.domain.journal import QueueState
from boxoffice.store import (
    DamagedError,
    Journal,
    RosterStore,
    StoreError,
    admissions,
    journal_db,
    queue,
    ticket_lists,
    tickets,
)
from boxoffice.store.db_file import migrations, open_file
from tests.store.support import EVENT, execute, scan, ticket, uuid
from tests.support import EVENING, FakeClock

posix = pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")


async def open_journal(path: Path) -> Journal:
    return await Journal.open(path, lane="North", operator="Bo", clock=FakeClock())


async def make_journal(path: Path, number: int = 60) -> None:
    journal = await open_journal(path)
    for ticket_number in range(number):
        await journal.write(admissions.admit, scan(uuid(ticket_number)), read_first=False)
    await journal.close()


async def make_roster(path: Path) -> None:
    store = await RosterStore.open(path)
    await fill(store)
    await store.close()


async def fill(store: RosterStore) -> None:
    rows = [ticket(number) for number in range(2_000)]
    await ticket_lists.apply(
        store,
        EVENT,
        rows,
        (),
        at=EVENING,
        clock=FakeClock(),
    )


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# Private


@posix
async def test_folder_and_files_are_the_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    journal = await open_journal(folder / "journal.db")
    store = await RosterStore.open(folder / "roster.db")
    await journal.write(admissions.admit, scan(uuid(1)), read_first=False)
    await store.write(ticket_lists.save, ticket(1), EVENING)
    assert mode(folder) == 0o700
    names = {file.name for file in folder.iterdir()}
    assert names >= {"journal.db", "journal.db-wal", "roster.db", "roster.db-wal"}
    assert {mode(file) for file in folder.iterdir()} == {0o600}
    await store.close()
    await journal.close()


def show_to_others(path: Path) -> None:
    path.chmod(0o644)
    path.parent.chmod(0o755)


@posix
async def test_files_that_others_could_read_are_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    await make_journal(path, 1)
    show_to_others(path)
    journal = await open_journal(path)
    assert mode(path) == mode(Path(f"{path}-wal")) == 0o600
    assert mode(tmp_path) == 0o755, "a folder with other things in it is left as it is"
    await journal.close()


# Versions


def test_steps_are_taken_in_their_order_once(tmp_path: Path) -> None:
    path = tmp_path / "some.db"
    steps = ["CREATE TABLE line (text TEXT);\nINSERT INTO line VALUES ('one')"]

    def bring_up() -> None:
        open_file(path, steps=steps, application=7, synchronous="FULL").close()

    bring_up()
    bring_up()
    steps.append("ALTER TABLE line ADD COLUMN number;\nUPDATE line SET number = 2;\n")
    bring_up()
    assert execute(path, "SELECT * FROM line") == [("one", 2)]
    assert execute(path, "PRAGMA user_version") == [(2,)]


def test_a_step_that_fails_leaves_the_version_before(tmp_path: Path) -> None:
    path = tmp_path / "some.db"
    steps = ["CREATE TABLE line (text TEXT);", "CREATE TABLE other (text TEXT);\nNONSENSE;"]
    open_file(path, steps=steps[:1], application=7, synchronous="FULL").close()
    with pytest.raises(StoreError, match="syntax"):
        open_file(path, steps=steps, application=7, synchronous="FULL")
    assert execute(path, "PRAGMA user_version") == [(1,)]
    assert execute(path, "SELECT name FROM sqlite_master") == [("line",)]


@pytest.mark.parametrize("name", ["journal", "roster", "pin"])
def test_files_are_made_by_sqlite_3_34_too(name: str) -> None:
    """That of Red Hat Enterprise Linux 9; these are of 3.35 and 3.37."""
    script = " ".join(migrations(name)).upper()
    assert [word for word in ("DROP COLUMN", "RETURNING", "STRICT") if word in script] == []


async def test_a_commit_of_the_journal_outlives_a_power_cut(tmp_path: Path) -> None:
    await make_journal(tmp_path / "journal.db", 0)
    journal = await open_journal(tmp_path / "journal.db")

    def settings(connection: sqlite3.Connection) -> tuple[str, int]:
        (kept,) = connection.execute("PRAGMA journal_mode").fetchone()
        (level,) = connection.execute("PRAGMA synchronous").fetchone()
        return kept, level

    assert await journal._database.run(settings) == ("wal", 2)
    await journal.close()


# What cannot be used


def newer(path: Path) -> None:
    execute(path, "PRAGMA user_version = 99")


def of_another_program(path: Path) -> None:
    execute(path, "PRAGMA application_id = 1")


def no_database(path: Path) -> None:
    path.write_bytes(b"Dear diary, " * 500)


def cut_short(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def broken_pages(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(3 * 4096))


def broken_schema(path: Path) -> None:
    replace_in(path, b"CREATE TABLE", b"CREATE \xf5ABLE")


def replace_in(path: Path, old: bytes, new: bytes) -> None:
    path.write_bytes(path.read_bytes().replace(old, new))


UNUSABLE = [newer, of_another_program, no_database, cut_short, broken_pages, broken_schema]


@pytest.mark.parametrize("spoil", UNUSABLE)
async def test_a_journal_that_cannot_be_used_is_left_untouched(
    tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    path = tmp_path / "journal.db"
    await make_journal(path)
    spoil(path)
    before = path.read_bytes()
    with pytest.raises(StoreError) as caught:
        await open_journal(path)
    assert path.read_bytes() == before
    assert str(path) in caught.value.sentence
    assert ("newer boxoffice" in caught.value.sentence) == (spoil is newer)
    assert isinstance(caught.value, DamagedError) == (spoil is not newer)


@pytest.mark.parametrize("killed", [False, True])
async def test_a_journal_is_looked_through_unless_it_is_as_it_was_closed(
    tmp_path: Path, killed: bool
) -> None:
    path, left = tmp_path / "journal.db", tmp_path / "journal.db-wal"
    await make_journal(path)
    if killed:
        journal = await open_journal(path)
        await journal.write(admissions.admit, scan(uuid(99)), read_first=False)
        kept = left.read_bytes()
        await journal.close()
        left.write_bytes(kept)
    found = path.stat()
    broken_pages(path)
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))  # what nobody could have written
    if killed:
        with pytest.raises(DamagedError):
            await open_journal(path)
    else:
        await (await open_journal(path)).close()


LEFT: dict[object, Collection[int]] = {
    newer: {2_000},
    of_another_program: {0},
    no_database: {0},
    cut_short: range(500, 1_999),
    broken_pages: {0},  # the first of its table was among them
    broken_schema: {0},
}
"""Tickets that can be read all the same."""


@pytest.mark.parametrize("spoil", UNUSABLE)
async def test_a_roster_that_cannot_be_used_is_made_anew(
    tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    path = tmp_path / "roster.db"
    await make_roster(path)
    spoil(path)
    store = await RosterStore.open(path)
    if spoil is broken_pages:  # those are met when they are read
        with pytest.raises(DamagedError, match="made anew"):
            await store.read_all(tickets.load, EVENT)
        assert store.renewals == 1
    left = await store.read_all(tickets.load, EVENT)
    assert len(left) in LEFT[spoil]
    assert all(known == ticket(int(known.uuid, 16)) for known in left)
    assert not path.with_suffix(".damaged").exists()
    await fill(store)
    assert len(await store.read_all(tickets.load, EVENT)) == 2_000
    await store.close()


async def test_a_roster_that_is_damaged_under_way_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "roster.db"
    await make_roster(path)
    store = await RosterStore.open(path)
    broken_pages(path)
    looks = [store.read(tickets.get, uuid(number)) for number in range(9)]
    ends = await asyncio.gather(*looks, return_exceptions=True)
    assert any(isinstance(end, DamagedError) for end in ends)
    assert all(end is None or isinstance(end, StoreError) for end in ends)
    await fill(store)
    assert await store.read(tickets.get, uuid(7)) == ticket(7)
    await store.close()


async def test_a_text_that_is_broken_is_damage_too(tmp_path: Path) -> None:
    path = tmp_path / "roster.db"
    await make_roster(path)
    replace_in(path, b"Person 1999", b"\xf5erson 1999")
    store = await RosterStore.open(path)
    with pytest.raises(DamagedError, match="made anew") as caught:
        await store.read(tickets.get, uuid(1999))
    assert "erson" not in str(caught.value), "the log has it"
    assert await store.read(tickets.get, uuid(1999)) is None
    assert len(await store.read_all(tickets.load, EVENT)) == 1_999
    await store.close()
    path = tmp_path / "journal.db"
    await make_journal(path)
    replace_in(path, b"North", b"\xf5orth")
    journal = await open_journal(path)
    with pytest.raises(DamagedError, match="queue export"):
        await journal.read_all(queue.in_states, QueueState)
    await journal.close()


@pytest.mark.parametrize("open_store", [open_journal, RosterStore.open])
async def test_a_folder_that_cannot_be_made(
    tmp_path: Path, open_store: Callable[[Path], object]
) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StoreError, match="cannot be written to") as caught:
        await asyncio.ensure_future(opening(open_store, tmp_path / "file" / "data" / "some.db"))
    assert "--data-dir" in caught.value.sentence


async def opening(open_store: Callable[[Path], object], path: Path) -> None:
    opened = open_store(path)
    assert asyncio.iscoroutine(opened)
    await opened


@pytest.mark.parametrize("open_store", [open_journal, RosterStore.open])
@pytest.mark.parametrize("make", ["mkdir", pytest.param("mkfifo", marks=posix)])
async def test_what_is_no_file_is_not_opened(
    tmp_path: Path, make: str, open_store: Callable[[Path], object]
) -> None:
    path = tmp_path / "some.db"
    getattr(os, make)(path)
    with pytest.raises(StoreError, match="is no file") as caught:
        await opening(open_store, path)
    assert str(path) in caught.value.sentence


@posix
@pytest.mark.parametrize(
    ("folder_mode", "file_mode"), [(0o500, None), (0o500, 0o600), (0o700, 0o400)]
)
async def test_what_may_not_be_written_to(
    tmp_path: Path, folder_mode: int, file_mode: int | None
) -> None:
    folder = tmp_path / "data"
    path = folder / "journal.db"
    folder.mkdir()
    if file_mode is not None:
        await make_journal(path, 1)
        path.chmod(file_mode)
    folder.chmod(folder_mode)
    if os.access(path if path.exists() and folder_mode == 0o700 else folder, os.W_OK):
        pytest.skip("this user may write everywhere")
    with pytest.raises(StoreError, match="cannot be written to"):
        await open_journal(path)
    folder.chmod(0o700)


async def test_a_full_disk_is_a_sentence_and_admits_nobody(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    await make_journal(path, 5)
    journal = await open_journal(path)
    await journal._database.run(lambda connection: connection.execute("PRAGMA max_page_count = 1"))
    admitted = 5
    with pytest.raises(StoreError, match="disk is full") as caught:
        for number in range(5, 500):
            await journal.write(admissions.admit, scan(uuid(number)), read_first=False)
            admitted = number + 1
    assert "free some space" in caught.value.sentence
    assert await journal.read(admissions.get, uuid(admitted)) is None
    assert (
        len(await journal.read_all(queue.in_states, QueueState))
        == len(await journal.read_all(journal_db.log))
        == admitted
    )
    await journal._database.run(
        lambda connection: connection.execute("PRAGMA max_page_count = 9999")
    )
    _, new, _ = await journal.write(admissions.admit, scan(uuid(admitted)), read_first=False)
    assert new
    await journal.close()


async def test_another_process_that_holds_the_file_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    await make_journal(path, 1)
    journal = await open_journal(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waiting = asyncio.create_task(journal.write(admissions.admit, scan(uuid(7)), read_first=False))
    reading = asyncio.create_task(RosterStore.open(tmp_path / "roster.db"))
    await (await reading).close()
    assert not waiting.done()
    other.execute("COMMIT")
    other.close()
    _, new, _ = await waiting
    assert new
    await journal.close()


async def test_a_file_that_stays_held_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    await make_journal(path, 1)
    journal = await open_journal(path)
    await journal._database.run(lambda connection: connection.execute("PRAGMA busy_timeout = 0"))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="held by another program"):
        await journal.write(admissions.admit, scan(uuid(7)), read_first=False)
    other.close()
    await journal.close()
