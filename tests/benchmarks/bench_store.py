"""How fast the store is, against floors measured in the same run.

`python tests/benchmarks/bench_store.py [--tickets 100000]`
"""

import argparse
import asyncio
import gc
import itertools
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from boxoffice.cli.run_app import tune_interpreter
from boxoffice.clock import SystemClock
from boxoffice.domain.journal import Entry, JournalKind
from boxoffice.domain.models import Ticket
from boxoffice.store import Journal, RosterStore, admissions, queue, ticket_lists, tickets
from tests.store.support import position

EVENT = "e" * 32
NOW = datetime(2026, 5, 8, 17, tzinfo=UTC)
random_uuid = random.Random(2).getrandbits


@dataclass(frozen=True)
class Times:
    """Milliseconds."""

    samples: list[float]

    @property
    def p50(self) -> float:
        return statistics.median(self.samples)

    @property
    def p99(self) -> float:
        return statistics.quantiles(self.samples, n=100)[98]


def uuid() -> str:
    return f"{random_uuid(128):032x}"


def guests(count: int) -> list[Ticket]:
    return [
        Ticket(
            uuid=uuid(),
            event=EVENT,
            checked_in=number % 5 == 0,
            full_name=f"Given{number % 977} Family{number % 7919}",
            email=f"person{number}@example.com",
            number=100_000 + number,
            ticket_type="Standard" if number % 3 else "Student",
            ticket_type_pk=7,
            order=uuid(),
            url=f"{number:06x}",
        )
        for number in range(count)
    ]


def report(what: str, found: float, base: float | None = None, floor: str = "") -> None:
    """A line: the figure, and how it stands to its floor."""
    line = f"{what:38}{found:10.3f} ms"
    if base is not None:
        line += f"   floor{base:9.3f} ms   {found / base:5.2f}x   {floor}"
    print(line)


def bare_commits(folder: Path, count: int) -> Iterator[float]:
    """One row a commit, WAL and FULL, on this thread."""
    with closing(sqlite3.connect(folder / "bare.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE line (id INTEGER PRIMARY KEY, text TEXT)")
        for _ in range(count):
            began = time.perf_counter()
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO line (text) VALUES (?)", (uuid() * 5,))
            connection.execute("COMMIT")
            yield (time.perf_counter() - began) * 1000


async def admit(folder: Path, count: int) -> None:
    """Admissions and bare commits in turn, so that both meet the same disk."""
    journal = await Journal.open(
        folder / "journal.db", lane="1", operator="Bo", clock=SystemClock()
    )
    floor, found = [], []
    for base in bare_commits(folder, count):
        ticket = uuid()
        entry = Entry(
            JournalKind.SCAN, EVENT, ticket, code=ticket, verdict="admitted", confirmed=True
        )
        began = time.perf_counter()
        await journal.write(admissions.admit, entry, read_first=False)
        found.append((time.perf_counter() - began) * 1000)
        floor.append(base)
    await journal.close()
    bare, ours = Times(floor), Times(found)
    report("durable admit, p50", ours.p50, bare.p50, "bare commit, WAL, FULL")
    report("durable admit, p99", ours.p99, bare.p99)


async def bulk_load(folder: Path, count: int) -> None:
    rows = guests(count)
    with closing(sqlite3.connect(folder / "bare.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        columns = ", ".join(f'"{field}"' for field in Ticket._fields)
        connection.execute(f"CREATE TABLE bare ({columns})")
        marks = ", ".join("?" * len(Ticket._fields))
        floor = timed(lambda: fill(connection, f"INSERT INTO bare VALUES ({marks})", rows))
        read = "SELECT * FROM bare"
        gc.disable()
        read_floor = timed(lambda: connection.execute(read).fetchall())
        gc.enable()
    store = await RosterStore.open(folder / "roster.db")
    began = time.perf_counter()
    await ticket_lists.apply(
        store,
        EVENT,
        rows,
        (),
        at=NOW,
        clock=SystemClock(),
    )
    took = (time.perf_counter() - began) * 1000
    report(f"bulk load of {count}", took, floor, "INSERT without an index")
    began = time.perf_counter()
    loaded = await store.read_all(tickets.load, EVENT)
    took = (time.perf_counter() - began) * 1000
    if len(loaded) != count:
        raise SystemExit("not all tickets were loaded")
    report(f"load() of {count}", took, read_floor, "fetchall()")
    small = [ticket._replace(checked_in=True) for ticket in rows[:20]]
    began = time.perf_counter()
    await ticket_lists.apply(
        store,
        EVENT,
        small,
        (),
        at=NOW,
        clock=SystemClock(),
    )
    report("difference of 20 rows", (time.perf_counter() - began) * 1000)
    await look_up_during_load(store, count)
    await store.close()


async def look_up_during_load(store: RosterStore, count: int) -> None:
    """How long a scan's look-up takes alone, and while another list comes in."""
    known = await store.read_all(tickets.load, EVENT)
    alone = [await look_up(store, known[number].uuid) for number in range(300)]
    other = [ticket._replace(event="f" * 32) for ticket in guests(count)]
    loading = asyncio.create_task(
        ticket_lists.apply(
            store,
            "f" * 32,
            other,
            (),
            at=NOW,
            clock=SystemClock(),
        )
    )
    during = []
    for number in itertools.cycle(range(300)):
        during.append(await look_up(store, known[number].uuid))
        await asyncio.sleep(0.002)
        if loading.done():
            break
    await loading
    base, found = Times(alone), Times(during)
    report("look-up during a load, p50", found.p50, base.p50, "look-up alone")
    report("look-up during a load, p99", found.p99, base.p99)


async def look_up(store: RosterStore, ticket: str) -> float:
    began = time.perf_counter()
    await store.read(tickets.get, ticket)
    return (time.perf_counter() - began) * 1000


async def take(folder: Path, count: int) -> None:
    """Rows to be sent, out of `count` that are queued, half of them postponed."""
    path = folder / f"take{count}.db"
    journal = await Journal.open(path, lane="1", operator="Bo", clock=SystemClock())
    await journal.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.executemany(
            "INSERT INTO queue"
            " (id, kind, state, ticket, event, at, lane, operator, read_first, due)"
            " VALUES (?, 'check_in', 'waiting', ?, ?, ?, '1', 'Bo', 1, ?)",
            (
                (number, uuid(), EVENT, stamp(NOW), stamp(NOW + timedelta(1)) if number % 2 else "")
                for number in range(count)
            ),
        )
        connection.commit()
    journal = await Journal.open(path, lane="1", operator="Bo", clock=SystemClock())
    work: dict[str, Callable[[], Awaitable[object]]] = {
        "take(16)": lambda: journal.read(queue.take, 16, NOW),
        "next_due()": lambda: journal.read(queue.next_due, NOW),
        "counts(event)": lambda: journal.read(queue.counts, EVENT),
        "position()": lambda: journal.read(position),
    }
    for what, ask in work.items():
        samples = []
        for _ in range(50):
            began = time.perf_counter()
            await ask()
            samples.append((time.perf_counter() - began) * 1000)
        report(f"{what} of {count} queued, p50", Times(samples).p50)
    await journal.close()


def stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")


def fill(connection: sqlite3.Connection, statement: str, rows: list[Ticket]) -> None:
    connection.execute("BEGIN")
    connection.executemany(statement, rows)
    connection.execute("COMMIT")


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


async def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        await admit(folder, 3_000)
        await bulk_load(folder, count)
        for queued in (50, 5_000, 100_000):
            await take(folder, queued)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=100_000)
    given = parser.parse_args()
    tune_interpreter()  # as every command does
    asyncio.run(main(given.tickets))
