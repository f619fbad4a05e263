"""What is measured of a laptop, and what is said of it."""

from datetime import timedelta
from typing import Any

from boxoffice.domain import hub_readiness, readiness
from boxoffice.domain.hub_readiness import PortState
from boxoffice.domain.journal import Counts
from boxoffice.domain.models import CodesKnown
from boxoffice.domain.readiness import FAIL, OK, WARN, Check, CheckState, headline, is_go
from tests.support import table

GB, MB = 1_000_000_000, 1_000_000
UUID = "0123456789abcdef" * 2
MINE: dict[str, Any] = {"owned": True, "mode": 0o700, "system": "ext4"}


@table(
    ("check", "state", "said"),
    [
        (readiness.of_latency([0.1, 0.08, 2.0], 1.5), OK, "in 100 ms"),
        (readiness.of_latency([0.9], 1.5), WARN, "scans wait for"),
        (readiness.of_latency([1.6], 1.5), WARN, "this computer's list"),
        (readiness.of_disk(50 * GB, 0.004), OK, "50.0 GB are free, and a write takes 4 ms"),
        (readiness.of_disk(50 * GB, 0.2), WARN, "memory card"),
        (readiness.of_disk(500 * MB, 0.004), WARN, "Only 500 MB"),
        (readiness.of_disk(5 * MB, 0.004), FAIL, "nobody can be admitted"),
        (readiness.of_folder("/home/a/data", **MINE), OK, "yours alone"),
        (readiness.of_folder("/home/a/data", **MINE | {"owned": False}), FAIL, "another user"),
        (readiness.of_folder("/home/a/data", **MINE | {"mode": 0o777}), FAIL, "chmod"),
        (readiness.of_folder("/home/a/data", **MINE | {"mode": 0o755}), WARN, "chmod"),
        (readiness.of_folder("/mnt/share/data", **MINE | {"system": "cifs"}), FAIL, "own disk"),
        (readiness.of_folder("C:\\Users\\a\\OneDrive - Firm\\x", **MINE), FAIL, "cloud"),
        (
            readiness.of_folder(
                "C:\\Users\\a\\Packages\\PythonSoftwareFoundation.Python.3.12\\x",
                **MINE | {"mode": None, "system": ""},
            ),
            WARN,
            "Store's Python",
        ),
        (readiness.of_clock(timedelta()), OK, "agrees"),
        (readiness.of_clock(timedelta(minutes=7)), WARN, "ahead"),
        (readiness.of_clock(None), WARN, "not reached"),
        (readiness.of_zone(timedelta(hours=1), timedelta(hours=1), "CET"), OK, "CET"),
        (readiness.of_zone(timedelta(), timedelta(hours=1), "CET"), WARN, "CET"),
        (readiness.of_zone(timedelta(), None, ""), WARN, "No event"),
        (readiness.of_list(None), FAIL, "boxoffice sync"),
        (readiness.of_list(0, timedelta(minutes=3)), WARN, "no tickets"),
        (readiness.of_list(400, timedelta(minutes=3)), OK, "400 tickets, 3 min old"),
        (readiness.of_list(400, timedelta(hours=3)), WARN, "3 h old"),
        (readiness.of_codes(CodesKnown(4, 4, 4, 4)), OK, "All codes"),
        (readiness.of_codes(CodesKnown(4, 2, 2, 2)), WARN, "order ids of 2"),
        (readiness.of_queue(Counts()), OK, "Nothing"),
        (readiness.of_queue(Counts(waiting=3)), WARN, "3 still"),
        (readiness.of_queue(Counts(waiting=3, failed=1)), WARN, "person"),
        (readiness.of_guests(0, 30), OK, "30 days after"),
        (readiness.of_guests(2, 30), WARN, "of 2 events is still here"),
        (hub_readiness.of_hub("Hall", [0.002, 0.001, 0.5], (2, 15)), OK, "Hall answers in 2 ms."),
        (hub_readiness.of_hub("Hall", [0.0004], (2, 15)), OK, "Hall answers in 1 ms."),
        (hub_readiness.of_hub("Hall", [0.2], (2, 12)), WARN, "which scans wait for"),
        (hub_readiness.of_hub("Hall", [0.5], (2, 12)), WARN, "not confirmed"),
        (hub_readiness.of_hub("Hall", [0.002], (2, 9)), FAIL, "version 2.9, which loses claims"),
        (
            hub_readiness.of_hub_away("Hall", "a:1", PortState.REFUSES),
            FAIL,
            "is boxoffice hub running",
        ),
        (hub_readiness.of_hub_away("Hall", "a:1", PortState.SILENT), FAIL, "guest Wi-Fi often"),
        (
            hub_readiness.of_hub_away("Hall", "a:1", PortState.SILENT, announced=True),
            FAIL,
            "at a:1, but its port is blocked",
        ),
        (
            hub_readiness.of_hub_away("Hall", "a:1", PortState.REFUSES, announced=True),
            FAIL,
            "at a:1, but its port is blocked",
        ),
        (
            hub_readiness.of_hub_away("Hall", "a:1", PortState.ACCEPTS, announced=True),
            FAIL,
            "takes connections at a:1",
        ),
        (hub_readiness.of_hub_clock(timedelta(seconds=-90)), OK, "agrees"),
        (hub_readiness.of_hub_clock(timedelta(hours=-26)), WARN, "is 26 h off the hub's."),
        (hub_readiness.of_doors("North", ["South", "East"]), OK, "2 other doors at the event"),
        (hub_readiness.of_doors("North", ["north"]), WARN, "Another computer is called North"),
        (readiness.of_names({"show": [], "doors": []}), OK, "All questions and ticket types"),
        (readiness.of_names({"show": ["Alergies"], "doors": ["A", "B"]}), WARN, "doors: A, B"),
        (readiness.of_lane("North", busy=False), OK, "North"),
        (readiness.of_lane("North", busy=True), WARN, "Another boxoffice"),
        (readiness.of_lane("North", busy=False, others=2), WARN, "sold as “North” (2 orders)"),
        (readiness.of_lane("raspberrypi", busy=False), WARN, "--lane"),
        (readiness.of_terminal((80, 24), "utf-8", "xterm-256color", "truecolor"), OK, "80x24"),
        (readiness.of_terminal((70, 24), "utf-8", "xterm", ""), WARN, "make it 80x24"),
        (readiness.of_terminal((0, 0), "utf-8", "xterm", ""), WARN, "how large"),
        (readiness.of_terminal((40, 24), "utf-8", "xterm", ""), FAIL, "too small"),
        (readiness.of_terminal((80, 24), "cp1252", "xterm", ""), WARN, "Unicode"),
        (readiness.of_terminal((80, 24), "utf-8", "linux", ""), WARN, "mouse"),
        (
            readiness.of_scanner(f"{UUID}\r", 0.16),
            OK,
            "5.0 ms apart, ended by CR, read as a ticket",
        ),
        (readiness.of_scanner(UUID, 0.16), OK, "ended by nothing"),
        (readiness.of_scanner(f"{UUID}\r\n", 16.0), WARN, "a person's pace"),
        (readiness.of_scanner("hello\r", 0.02), WARN, "no code"),
        (readiness.of_scanner("\r", 0.0), WARN, "No code was scanned"),
        (readiness.of_scanner("", 0.0), WARN, "No code was scanned"),
    ],
)
def test_what_is_said(check: Check, state: CheckState, said: str) -> None:
    assert (check.state, said in check.sentence) == (state, True), check


def test_a_scanner_of_another_layout_is_told_which() -> None:
    """A US scanner on a French computer: its digits are signs there, and A is Q."""
    typed = UUID.translate(str.maketrans("0123456789a", "à&é\"'(-è_çq"))
    check = readiness.of_scanner(f"{typed}\r", 0.2)
    assert check.state is WARN
    assert "as if on a US keyboard: set it to French" in check.sentence


def test_what_failed_comes_first() -> None:
    states = (OK, WARN, FAIL, OK, FAIL)
    checks = [Check(str(number), state, "") for number, state in enumerate(states)]
    assert [check.check for check in readiness.by_urgency(checks)] == ["2", "4", "1", "0", "3"]


@table(
    ("states", "line", "go"),
    [
        ([OK, OK], "GO", True),
        ([OK, WARN], "GO, 1 thing to look at", True),
        ([FAIL, OK], "NO-GO: 1 of 2 checks failed", False),
        ([FAIL, WARN], "NO-GO: 1 of 2 checks failed, 1 thing to look at", False),
    ],
)
def test_go_or_no_go(states: list[CheckState], line: str, go: bool) -> None:
    checks = [Check("x", state, "") for state in states]
    assert (headline(checks), is_go(checks)) == (line, go)
