"""A venue of many doors on hosts of their own, whose network and hub fail while people come in.

The doors are processes of the real program, with clocks that are off by up to a day. None of them
reaches the site, so that the list and the hub decide. What must hold: no ticket has two greens that
the hub stood by, every second person is a conflict, and no claim is left open at the end.
"""

import itertools
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from tests.soak.computers import Computer, site_of
from tests.venue.network import Network, network

PHASES = ("together", "cut", "joined again", "hub killed", "hub back", "hub emptied")
AWAY = ("cut", "hub killed")
"""Phases in which some doors do not reach the hub."""
START = "start"
"""Before them: doors that have answered once have loaded all that they need."""
PATIENCE = 180.0
"""Seconds for what is only waited for."""
AGAIN = 4
"""One ticket in so many is scanned at another door too."""
PROGRAM = (sys.executable, "-m", "boxoffice")
MOST_SKEW = 20 * 3600.0
"""Seconds by which a door's clock is off."""
SKEWED = """
import sys
from datetime import timedelta
from boxoffice.clock import SystemClock
now = SystemClock.now
SystemClock.now = lambda self: now(self) + timedelta(seconds={})
from boxoffice.cli import main
sys.exit(main())
"""
"""The program on a computer whose clock is off by so many seconds."""


class Answer(NamedTuple):
    """What a door answered, and how long it took."""

    phase: str
    door: int
    line: dict[str, Any]
    seconds: float

    @property
    def is_green(self) -> bool:
        return bool(self.line["verdict"] == "admitted")


@dataclass
class Door:
    """A process that scans on a host, one code after the other."""

    number: int
    process: "subprocess.Popen[str]"
    answers: list[Answer] = field(default_factory=list)
    sent: list[tuple[str, float]] = field(default_factory=list)
    """Phase and time of each code."""

    def __post_init__(self) -> None:
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def scan(self, code: str, phase: str) -> None:
        assert self.process.stdin is not None
        self.sent.append((phase, time.monotonic()))
        self.process.stdin.write(f"{code}\n")
        self.process.stdin.flush()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            phase, at = self.sent[len(self.answers)]
            took = time.monotonic() - at
            self.answers.append(Answer(phase, self.number, json.loads(line), took))

    def end(self) -> None:
        """Answer what was scanned, and end as at the end of an evening."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        self.process.stdout.close()


class Figures(NamedTuple):
    """What an evening came to."""

    answers: Sequence[Answer]
    claimed_doubles: Sequence[str]
    """Tickets with two greens that the hub stood by."""
    second_persons: int
    conflicts: int
    """Claims that another door had first, in all journals."""
    pending: int

    def check(self) -> None:
        """Raises AssertionError where something does not hold."""
        assert not self.claimed_doubles, f"claimed twice: {self.claimed_doubles}"
        assert self.second_persons == self.conflicts
        assert self.pending == 0

    def lines(self) -> Iterator[str]:
        """A line for each phase: what was answered, and how fast. One of what must hold."""
        for phase in PHASES:
            of = [answer for answer in self.answers if answer.phase == phase]
            words = Counter(
                ("claimed " if answer.line["claimed"] else "") + answer.line["verdict"]
                for answer in of
            )
            if of:
                p50 = median(answer.seconds for answer in of) * 1000
                yield f"{phase:14} {dict(sorted(words.items()))}, p50 {p50:.0f} ms"
        yield (
            f"{len(self.claimed_doubles)} claimed twice, {self.second_persons} second persons, "
            f"{self.conflicts} conflicts, {self.pending} claims left open"
        )


def evening(doors: int, cut: int, tickets: int, seed: int, say: Callable[[str], object]) -> Figures:
    """So many doors of which `cut` lose the network, then the hub is killed, then emptied."""
    chance = random.Random(seed)
    with ExitStack() as open_, site_of(tickets * 2) as (site, guests, folder):
        net = open_.enter_context(network(doors + 1))
        computers = [Computer(folder / f"door{n}", site, guests) for n in range(doors)]
        for computer in computers:
            assert computer.sync() == 0
        hub = open_.enter_context(_Hub(net, folder / "hub").running())
        for number, computer in enumerate(computers):
            hub.pair(number, computer)
        skews = [chance.uniform(-MOST_SKEW, MOST_SKEW) for _ in computers]
        running = [_open_door(net, n, computers[n], skews[n]) for n in range(doors)]
        for door in running:
            open_.callback(door.process.kill)
        codes = iter(chance.sample([ticket.uuid for ticket in guests], tickets))

        def cut_off() -> None:
            for host in range(1, cut + 1):
                net.cut(host)

        def mend() -> None:
            for host in range(1, cut + 1):
                net.mend(host)

        steps: dict[str, Callable[[], None]] = {
            "cut": cut_off,
            "joined again": mend,
            "hub killed": hub.kill,
            "hub back": hub.start,
            "hub emptied": hub.empty,
        }
        for door in running:
            door.scan("NOBODY00", START)
        _until_answered(running, START)
        for phase in PHASES:
            if phase in steps:
                steps[phase]()
            say(f"{phase}: {tickets // len(PHASES)} tickets")
            _rush(running, codes, tickets // len(PHASES) // 2, phase, chance)
            if phase not in AWAY:
                _until(lambda: _count(computers, "pending") == 0, f"{phase}: claims are left open")
            _rush(running, codes, tickets // len(PHASES) // 2, phase, chance)
        _until(lambda: _count(computers, "pending") == 0, "claims are left open")
        for door in running:
            door.end()
        answers = [answer for door in running for answer in door.answers]
        return _figures(answers, computers)


def _rush(
    doors: Sequence[Door], codes: Iterator[str], number: int, phase: str, chance: random.Random
) -> None:
    """Scan `number` tickets, some of them at two doors in the same moment; wait for the answers."""
    for code in itertools.islice(codes, number):
        for door in chance.sample(doors, 2 if chance.randrange(AGAIN) == 0 else 1):
            door.scan(code, phase)
    _until_answered(doors, phase)


def _until_answered(doors: Sequence[Door], phase: str) -> None:
    _until(lambda: all(len(d.answers) == len(d.sent) for d in doors), f"{phase}: no answer")


def _open_door(net: Network, number: int, computer: Computer, skew: float) -> Door:
    lane = f"Door {number + 1}"
    process = subprocess.Popen(
        net.command(number + 1, [sys.executable, "-c", SKEWED.format(skew), "scan", "--json"]),
        env=computer.environment(lane),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    )
    return Door(number, process)


def _count(computers: Sequence[Computer], state: str) -> int:
    """Claims that stand in `state`, in all journals."""
    found = 0
    for computer in computers:
        (file,) = computer.folder.rglob("journal.db")
        with closing(sqlite3.connect(file)) as connection:
            query = "SELECT count(*) FROM venue WHERE state = ?"
            found += connection.execute(query, (state,)).fetchone()[0]
    return found


def _figures(answers: Sequence[Answer], computers: Sequence[Computer]) -> Figures:
    greens: dict[str, list[Answer]] = defaultdict(list)
    for answer in answers:
        if answer.is_green:
            greens[answer.line["ticket"]].append(answer)
    sure = [t for t, of in greens.items() if sum(a.line["claimed"] for a in of) > 1]
    second = sum(len(of) - 1 for of in greens.values())
    return Figures(answers, sure, second, _count(computers, "lost"), _count(computers, "pending"))


def _until(holds: Callable[[], bool], otherwise: str) -> None:
    give_up = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < give_up, otherwise
        time.sleep(0.05)


class _Hub:
    """`boxoffice hub` on the first host."""

    def __init__(self, net: Network, folder: Path) -> None:
        self._net = net
        self._folder = folder
        self._process: subprocess.Popen[str] | None = None
        self._ready: dict[str, str] = {}

    @contextmanager
    def running(self) -> Iterator["_Hub"]:
        self.start()
        try:
            yield self
        finally:
            self.kill()

    def start(self) -> None:
        environment = {n: v for n, v in os.environ.items() if not n.startswith("BOXOFFICE_")}
        environment |= {"BOXOFFICE_DATA_DIR": str(self._folder), "HOME": str(self._folder.parent)}
        self._process = subprocess.Popen(
            self._net.command(0, [*PROGRAM, "hub", "--json"]),
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self._next_ready()

    def _next_ready(self) -> None:
        assert self._process is not None and self._process.stdout is not None
        for line in self._process.stdout:
            said = json.loads(line)
            if said["state"] == "ready":
                self._ready = said
                return
        raise AssertionError("the hub ended")

    def pair(self, number: int, computer: Computer) -> None:
        words = [*PROGRAM, "join", self._ready["address"], self._ready["code"]]
        environment = computer.environment(f"Door {number + 1}")
        subprocess.run(self._net.command(number + 1, words), env=environment, check=True)
        self._next_ready()

    def kill(self) -> None:
        """As a laptop dies: the hub and its engine at once."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.communicate()
            self._process = None

    def empty(self) -> None:
        """Come back with nothing that was stored."""
        self.kill()
        (store,) = self._folder.glob("hub/*store*")
        shutil.rmtree(store)
        self.start()
