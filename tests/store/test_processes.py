"""Real processes on one journal: killed in mid-scan, and racing for the same tickets."""

import asyncio
import contextlib
import random
import subprocess
import sys
from asyncio.subprocess import PIPE
from collections.abc import Iterator
from pathlib import Path

from boxoffice.domain.journal import QueueKind, QueueState
from boxoffice.store import Journal, admissions, journal_db, queue
from tests.store.support import EVENT, execute, uuid
from tests.support import FakeClock

ROOT = Path(__file__).parents[2]


def child(what: str, path: Path) -> list[str]:
    return [sys.executable, "-m", "tests.store.child", what, str(path)]


@contextlib.contextmanager
def process(path: Path, what: str = "forever") -> Iterator["subprocess.Popen[str]"]:
    """One that admits, or sells, for ever; killed at the end."""
    started = subprocess.Popen(
        child(what, path), cwd=ROOT, stdout=subprocess.PIPE, text=True, encoding="ascii"
    )
    with started:
        try:
            yield started
        finally:
            started.kill()


async def test_no_green_is_lost_whenever_the_process_is_killed(
    path: Path, clock: FakeClock
) -> None:
    chance = random.Random(8)
    shown: set[str] = set()
    for _ in range(10):
        with process(path) as lane:
            assert lane.stdout is not None
            shown.update(said(lane.stdout.readline()) for _ in range(chance.randint(1, 40)))
            for _ in range(chance.randrange(30_000)):
                continue  # the kill comes somewhere within the next admissions
            lane.kill()
            shown.update(said(line) for line in lane.stdout if line.endswith("\n"))
    journal = await Journal.open(path, lane="North", operator="", clock=clock)
    admitted = {
        admission.ticket: admission
        for admission in await journal.read_all(admissions.of_event, EVENT)
    }
    assert shown <= admitted.keys()
    rows = await journal.read_all(queue.in_states, [QueueState.WAITING])
    check_ins = {row.id: row.ticket for row in rows if row.kind is QueueKind.CHECK_IN}
    assert check_ins == {one.journal: one.ticket for one in admitted.values()}
    journalled = {row.id for row in await journal.read_all(journal_db.log, EVENT)}
    assert {row.id for row in rows} == journalled
    await journal.close()
    assert execute(path, "PRAGMA integrity_check") == [("ok",)]


def said(line: str) -> str:
    word, ticket = line.split()
    assert word == "admitted"
    return ticket


async def test_two_processes_never_admit_one_ticket_twice(path: Path) -> None:
    tickets = [uuid(number) for number in range(200)]
    lanes = [
        await asyncio.create_subprocess_exec(
            *child("race", path), cwd=ROOT, stdin=PIPE, stdout=PIPE, stderr=PIPE
        )
        for _ in range(2)
    ]
    for lane in lanes:
        assert lane.stdout is not None
        assert await lane.stdout.readline() in (b"ready\n", b"ready\r\n")
    ends = await asyncio.gather(*(lane.communicate("\n".join(tickets).encode()) for lane in lanes))
    assert [(lane.returncode, error) for lane, (_, error) in zip(lanes, ends, strict=True)] == [
        (0, b""),
        (0, b""),
    ]
    answers = [line for out, _ in ends for line in out.decode().splitlines()]
    assert len(answers) == 2 * len(tickets)
    assert sorted(line for line in answers if line.startswith("new")) == sorted(
        f"new {ticket}" for ticket in tickets
    )
    assert execute(path, "SELECT count(*) FROM queue") == [(0,)]
    assert execute(path, "SELECT count(*) FROM admission WHERE confirmed") == [(len(tickets),)]
