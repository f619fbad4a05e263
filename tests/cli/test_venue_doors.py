"""Doors of a venue as processes: two that scan the same tickets in the same moment."""

import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal

from boxoffice.sandbox import SandboxThread
from tests.cli.conftest import Computer
from tests.cli.dying_door import POINTS
from tests.cli.hubs import RunningHub, laptop, running
from tests.cli.processes import surroundings
from tests.cli.test_scan import some, writes
from tests.venue.doors import Cable

BEFORE, AFTER, ENOUGH = 6, 6, 40
"""Tickets."""
TRIES = 20
"""Of a command, until the other door was fast enough."""
Line = dict[str, Any]


class ScanningDoor:
    """`boxoffice scan --json`, which answers a code a line."""

    def __init__(self, computer: Computer) -> None:
        self.computer = computer
        self.process = computer.start("scan", "--json")

    def send(self, code: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{code}\n")
        self.process.stdin.flush()

    def answer(self) -> Line:
        assert self.process.stdout is not None
        line: Line = json.loads(self.process.stdout.readline())
        return line

    def end(self) -> str:
        """What it says to people."""
        _, errors = self.process.communicate()
        assert self.process.returncode == 0
        return str(errors)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[RunningHub]:
    with running(laptop(tmp_path / "hall", "Hall")) as hub:
        yield hub


@pytest.fixture
def doors(hub: RunningHub, computer: Computer, tmp_path: Path) -> list[Computer]:
    """North and South, joined, and with a list."""
    return [joined(hub, computer, tmp_path / lane) for lane in ("North", "South")]


def joined(hub: RunningHub, computer: Computer, data: Path, **environment: str) -> Computer:
    own = {"BOXOFFICE_LANE": data.name, "BOXOFFICE_DATA_DIR": str(data)}
    door = Computer(data, computer.environment | own | environment)
    assert door.run("join", hub.address, hub.code).status == 0
    hub.wait_paired()
    assert door.run("sync").status == 0
    return door


@contextmanager
def scanning(doors: Sequence[Computer]) -> Iterator[list[ScanningDoor]]:
    """All of them; each has answered once, so that it waits for codes."""
    with ExitStack() as stack:
        at_work = [ScanningDoor(door) for door in doors]
        for door in at_work:
            stack.callback(door.process.kill)
        for door in at_work:
            door.send("no code")
            assert door.answer()["verdict"] == "not_a_ticket"
        yield at_work


def scan_at_once(doors: Sequence[ScanningDoor], codes: Sequence[str]) -> list[list[Line]]:
    """The answers to each code, which all of them read in the same moment."""
    answers = []
    for code in codes:
        for door in doors:
            door.send(code)
        answers.append([door.answer() for door in doors])
    return answers


def greens(answers: Sequence[Line]) -> int:
    return sum(answer["verdict"] == "admitted" for answer in answers)


def claimed_in_time(
    doors: Sequence[ScanningDoor], codes: Iterator[str]
) -> tuple[list[list[Line]], set[str]]:
    """The answers where the hub's came in time; and tickets that came in twice where it did not.

    On a busy computer it may take longer than a scan waits: then others are scanned.
    """
    answers, twice = list[list[Line]](), set[str]()
    while len(answers) < BEFORE:
        (pair,) = scan_at_once(doors, [next(codes)])
        if all(answer["claimed"] for answer in pair if answer["verdict"] == "admitted"):
            answers.append(pair)
        elif greens(pair) == 2:
            twice.add(pair[0]["ticket"])
    return answers, twice


def named_at_both(doors: Sequence[Computer], twice: set[str]) -> list[dict[str, str]]:
    """The conflicts of each, once both name these tickets."""
    for _round in range(TRIES):
        for door in (*doors, doors[0]):  # the first learns of the second once that one has told
            door.run("sync")
        named = [conflicts(door) for door in doors]
        if all(names.keys() == twice for names in named):
            return named
    pytest.fail(f"{twice} came in twice, and named are {named}")


def conflicts(door: Computer) -> dict[str, str]:
    """Reasons by ticket; none is there twice."""
    rows = door.run("queue", "--json").json["conflicts"]
    assert len({row["ticket"] for row in rows}) == len(rows)
    return {row["ticket"]: row["reason"] for row in rows}


@pytest.mark.parametrize("site_is_up", [True, False])
def test_of_two_doors_that_scan_a_ticket_at_once_one_admits(
    doors: list[Computer], site: SandboxThread, site_is_up: bool
) -> None:
    codes = iter(some(site, ENOUGH))
    if not site_is_up:
        site.stop()
    with scanning(doors) as both:
        answers, twice = claimed_in_time(both, codes)
        for lane in both:
            lane.end()
    assert [greens(pair) for pair in answers] == [1] * BEFORE
    for pair in answers:
        first, second = sorted(pair, key=lambda answer: str(answer["verdict"]))
        assert (first["confirmed"], first["claimed"]) == (site_is_up, True)
        assert second["verdict"] == "already_in"
        assert second["reason"].startswith("Checked in at ")
    if not site_is_up:
        site.start()
    named_at_both(doors, twice)
    for door in doors:
        assert twice or door.run("report", "--json").json["balanced"]
    assert [writes(site, pair[0]["ticket"]) for pair in answers] == [1] * BEFORE


@pytest.mark.skipif(sys.platform == "win32", reason="Windows halts no process")
def test_claims_go_on_while_the_hubs_own_program_stands_still(
    hub: RunningHub, doors: list[Computer], site: SandboxThread
) -> None:
    codes = iter(some(site, ENOUGH))
    with scanning(doors) as both:
        claimed_in_time(both, codes)
        hub.process.send_signal(signal.SIGSTOP)
        try:
            answers, _ = claimed_in_time(both, codes)
        finally:
            hub.process.send_signal(signal.SIGCONT)
    assert [greens(pair) for pair in answers] == [1] * BEFORE


@pytest.mark.parametrize("site_is_up", [True, False])
def test_with_the_hub_stopped_in_the_middle_each_second_person_is_named_at_both_doors(
    hub: RunningHub, doors: list[Computer], site: SandboxThread, site_is_up: bool
) -> None:
    codes = iter(some(site, ENOUGH))
    if not site_is_up:
        site.stop()
    with scanning(doors) as both:
        answers, late = claimed_in_time(both, codes)
        assert [greens(pair) for pair in answers] == [1] * BEFORE
        hub.process.terminate()
        hub.process.wait()
        alone = scan_at_once(both, [*islice(codes, AFTER)])
        assert not any(answer["claimed"] for pair in alone for answer in pair)
        cut_off = {pair[0]["ticket"] for pair in alone if greens(pair) == 2}
        assert site_is_up or len(cut_off) == AFTER  # the site may tell the second of the first
        twice = late | cut_off
        for lane in both:
            assert "not known to the other doors" in lane.end()
    if not site_is_up:
        site.start()
    port = hub.address.rpartition(":")[2]
    with again(hub, port):
        named = named_at_both(doors, twice)
        for here, there in ((0, "South"), (1, "North")):
            assert all(there in reason for reason in named[here].values())
            assert all("possibly two people" in reason for reason in named[here].values())
        reports = [door.run("report", "--json") for door in doors]
        assert [report.json["conflicts"] for report in reports] == [len(twice)] * 2
    if not site_is_up:  # a lost one is not sent
        assert [writes(site, pair[0]["ticket"]) for pair in (*answers, *alone)] == [1] * (
            BEFORE + AFTER
        )


def test_a_door_without_a_site_has_its_check_ins_sent_once_by_one_that_has(
    hub: RunningHub, computer: Computer, site: SandboxThread, tmp_path: Path
) -> None:
    codes = some(site, 3)
    port = int(site.url.rpartition(":")[2])
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(Cable(port)) as way,
    ):
        north = joined(hub, computer, tmp_path / "North", BOXOFFICE_URL=f"http://{way.address}")
        south = joined(hub, computer, tmp_path / "South")
        portal.call(way.unplug)
        with scanning([north, south]) as (at_north, _):
            for code in codes:
                at_north.send(code)
            answers = [at_north.answer() for _ in codes]
            assert greens(answers) == len(codes)
            assert not any(line["confirmed"] for line in answers)
            while north.run("queue", "--json").json["waiting"]:  # until it has proof
                assert at_north.process.poll() is None
        assert site.log.count("PATCH", applied=True) == len(codes)
        admitted = north.run("export", "--json").json
        assert {(one["ticket"], one["confirmed"]) for one in admitted} == {
            (line["ticket"], True) for line in answers
        }
        assert south.run("export", "--json").json == []
        portal.call(way.plug)
        assert north.run("sync").status == 0
        assert conflicts(north) == conflicts(south) == {}
    assert site.log.count("PATCH", applied=True) == len(codes)


def test_a_till_that_is_closed_holds_no_seats_any_more(
    hub: RunningHub, computer: Computer, site: SandboxThread, tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    config.write_text("[sales]\noffline = true\nreserve = 3\n")
    north = joined(hub, computer, tmp_path / "North", BOXOFFICE_CONFIG=str(config))
    buyer = ("--first", "Anna", "--last", "Berg", "--email", "anna@example.com")
    assert north.run("shift", "open", "--float", "0").status == 0
    sold = north.run("sell", "--type", "Standard", *buyer, "--paid", "card")
    assert sold.status == 0, sold.err
    assert held(north) > 0
    assert north.run("shift", "close", "--count", "0").status == 0
    assert held(north) == 0


def held(till: Computer) -> int:
    """Seats that a computer may sell without the site."""
    (file,) = till.data.rglob("journal.db")
    with closing(sqlite3.connect(file)) as journal:
        (number,) = journal.execute("SELECT sum(seats + max(pending, 0)) FROM seats").fetchone()
    return int(number or 0)


@contextmanager
def again(hub: RunningHub, port: str) -> Iterator[RunningHub]:
    """The same hub, started anew."""
    process = hub.computer.start("hub", "--port", port, "--json")
    try:
        assert process.stdout is not None
        yield replace(hub, process=process, ready=json.loads(process.stdout.readline()))
    finally:
        process.terminate()
        process.communicate()


@pytest.mark.parametrize("point", POINTS)
def test_a_door_that_is_killed_in_a_scan_keeps_no_ticket_for_nobody(
    doors: list[Computer], site: SandboxThread, later: list[timedelta], point: str
) -> None:
    north, south = doors
    (ticket,) = some(site, 1)
    program = [sys.executable, "-m", "tests.cli.dying_door", point, ticket]
    killed = subprocess.run(program, env=surroundings() | north.environment, check=False)
    assert killed.returncode == -signal.SIGKILL
    later.append(timedelta(minutes=5))
    assert north.run("sync").status == 0
    wanted = "already_in" if point == "written" else "admitted"
    assert [line["verdict"] for line in south.scan(ticket).lines] == [wanted]
    assert [line["verdict"] for line in north.scan(ticket).lines] == ["already_in"]
    assert site.log.count("PATCH", applied=True) == 1
    for door in doors:
        assert conflicts(door) == {}


def test_a_computer_that_never_joined_loads_nothing_of_a_venue(computer: Computer) -> None:
    names = "boxoffice.venue", "nats", "zeroconf", "cryptography"
    program = (
        "import sys, boxoffice.cli.app_context, boxoffice.cli.headless, boxoffice.lane;"
        f"print([name for name in {names!r} if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"


def venue_report(door: Computer, answered: set[str]) -> Line:
    """The venue's account, once just these have answered: a busy machine may be slow to."""
    for _ in range(TRIES):
        ran = door.run("report", "--venue", "--json")
        account: Line = ran.json
        by = {one["door"] for one in account["doors"] if one["answered"]}
        if by == answered and account["admissions"] == 3:
            assert ran.status == (1 if account["causes"] else 0)
            assert ran.err.splitlines() == account["causes"]
            return account
    pytest.fail(f"no account of just {answered}")


def test_the_venues_account_is_asked_of_the_doors_that_are_there(
    doors: list[Computer], site: SandboxThread
) -> None:
    north, south = doors
    first, second, third = some(site, 3)
    assert north.scan(first).lines[0]["verdict"] == "admitted"
    with scanning([south]) as (at_work,):
        for code in (second, third):
            at_work.send(code)
            assert at_work.answer()["verdict"] == "admitted"
        account = venue_report(north, {"North", "South"})
        assert account["complete"]
        assert {one["door"]: one["admissions"] for one in account["doors"]} == {
            "North": 1,
            "South": 2,
        }
        assert account["let_in_twice"] == []
        text = north.run("report", "--venue").out
        assert "Admissions by lane" not in text
        assert "Doors" in text
        at_work.end()
    account = venue_report(north, {"North"})
    assert not account["complete"]
    assert {"door": "South", "answered": False, "admissions": 2} in account["doors"]
    assert any(
        cause.startswith("South did not answer: 2 admissions") for cause in account["causes"]
    )


def test_a_computer_that_never_joined_has_no_account_of_a_venue(computer: Computer) -> None:
    assert computer.run("sync").status == 0
    ran = computer.run("report", "--venue")
    assert (ran.status, ran.out) == (1, "")
    assert ran.sentence.startswith("This computer has joined no venue")


def hub_checks(door: Computer, **expected: str) -> dict[str, Line]:
    """What `doctor` says, once it says that: a busy machine may be too slow for it."""
    for _ in range(TRIES):
        checks = {check["check"]: check for check in door.run("doctor", "--json").json}
        states = {name: check["state"] for name, check in checks.items()}
        if expected.items() <= states.items():
            return checks
    pytest.fail(f"{expected} is not what doctor says")


def test_doctor_times_the_hub_and_sees_that_it_is_away(
    doors: list[Computer], hub: RunningHub, computer: Computer
) -> None:
    north, south = doors
    south.environment["BOXOFFICE_LANE"] = "North"
    with scanning([south]):
        checks = hub_checks(north, hub="ok", doors="warn")
    assert checks["doors"]["sentence"] == "Another computer is called North: choose another lane."
    assert checks["hub's clock"]["state"] == "ok"
    hub.process.terminate()
    hub.process.wait()
    away = hub_checks(north, hub="fail")
    assert "Hall" in away["hub"]["sentence"]  # another program may have taken its port
    assert "doors" not in away
    assert "hub" not in {check["check"] for check in computer.run("doctor", "--json").json}
