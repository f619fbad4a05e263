"""`doctor`: go or no-go before doors."""

import json
import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from boxoffice.cli import checks as measured
from boxoffice.cli.app_context import AppContext
from boxoffice.config import Settings
from boxoffice.domain.readiness import Check
from boxoffice.sandbox import Fault, Kind, SandboxThread
from tests.cli.conftest import KEY, Computer, Ran
from tests.cli.terminal import Terminal
from tests.support import both_dialects


def states(ran: Ran) -> dict[str, str]:
    return {row["check"]: row["state"] for row in ran.json}


@both_dialects
def test_before_doors_and_without_a_network(site: SandboxThread, computer: Computer) -> None:
    computer.run("sync")
    ran = computer.run("doctor", "--json", "--lane", "North")
    assert ran.status == 0, ran.out
    assert {"site", "key", "rights", "latency", "list", "codes", "disk"} <= set(states(ran))
    assert {"versions", "lane", "queue", "till", "event"} <= set(states(ran))
    assert set(states(ran).values()) <= {"ok", "warn"}
    assert all(row["sentence"].strip() for row in ran.json)
    site.stop()
    ran = computer.run("doctor", "--json")
    assert ran.status == 1
    assert (states(ran)["site"], states(ran)["list"]) == ("fail", "ok")


def test_what_the_settings_name_and_the_event_does_not_have_is_said(
    computer: Computer, tmp_path: Path
) -> None:
    computer.run("sync")
    config = tmp_path / "names.toml"
    config.write_text(
        'show = ["Allergies", "Alergies"]\nattention = ["VIP Balcony", "Royal box"]\n'
        'doors = ["standard"]\nextras = ["Hat"]\n'
    )
    ran = computer.run("doctor", "--json", "--config", str(config))
    (said,) = [row for row in ran.json if row["check"] == "settings"]
    assert said["state"] == "warn"
    assert "(show: Alergies; attention: Royal box; extras: Hat)" in said["sentence"]


@pytest.mark.parametrize("named", ["Nope", "a"])
def test_an_event_that_was_named_and_is_not_one_is_a_fail(computer: Computer, named: str) -> None:
    ran = computer.run("doctor", "--json", "--event", named)
    assert ran.status == 1
    (said,) = [row for row in ran.json if row["check"] == "event"]
    assert (said["state"], f"“{named}”" in said["sentence"]) == ("fail", True)


def test_a_refused_key_and_no_list_fail(site: SandboxThread, computer: Computer) -> None:
    site.faults.set("401")
    ran = computer.run("doctor", "--json")
    assert (ran.status, states(ran)["rights"]) == (1, "fail")


def test_a_computer_that_knows_nothing_yet(stranger: Computer) -> None:
    ran = stranger.run("doctor")
    assert ran.status == 1
    assert ran.out.startswith("NO-GO")
    assert "boxoffice login" in ran.out


def test_a_report_holds_no_name_and_no_key(
    site: SandboxThread, computer: Computer, tmp_path: Path
) -> None:
    report = tmp_path / "report.txt"
    computer.environment["HOME"] = str(tmp_path)
    computer.run("sync")
    plain = site.examples()["plain"]
    computer.scan(plain.uuid)
    ran = computer.run("doctor", "--report", str(report), "--operator", "Birgitte")
    assert ran.status == 0, ran.out
    text = report.read_text(encoding="utf-8")
    assert "folder" in text
    for hidden in (KEY, "Birgitte", plain.full_name, str(tmp_path)):
        assert hidden not in text


def test_what_the_site_says_of_a_guest_is_in_no_log_and_no_report(
    site: SandboxThread, computer: Computer, tmp_path: Path
) -> None:
    plain = site.examples()["plain"]
    words = json.dumps({"full_name": [f"{plain.full_name} is no name"]}).encode()
    site.faults.set(Fault(Kind.STATUS, status=400, body=words), method="PATCH")
    assert computer.scan(plain.uuid).lines[0]["verdict"] == "admitted"
    (failed,) = computer.run("queue", "--json").json["failed"]
    assert plain.full_name in failed["reason"]
    report = tmp_path / "report.txt"
    computer.run("doctor", "--report", str(report))
    log = (computer.data / "boxoffice.log").read_text(encoding="utf-8")
    for text in (log, report.read_text(encoding="utf-8")):
        assert f"check_in of ticket {plain.uuid}: failed" in text
        assert plain.full_name not in text


@pytest.mark.parametrize(
    ("spoil", "check"),
    [("document SET data = '{'", "event"), ("pulled SET at = 'never'", "list")],
)
def test_what_makes_no_sense_on_this_disk_is_a_check_that_failed(
    computer: Computer, spoil: str, check: str
) -> None:
    assert computer.run("sync").status == 0
    (roster,) = computer.data.rglob("roster.db")
    with closing(sqlite3.connect(roster)) as connection, connection:
        connection.execute(f"UPDATE {spoil}")
    ran = computer.run("doctor", "--json")
    assert (ran.status, ran.err) == (1, "")
    assert states(ran)["site"] == "ok"
    assert states(ran)[check] == "fail"
    failed = [row["sentence"] for row in ran.json if row["state"] == "fail"]
    assert all("see the log" in sentence for sentence in failed)


async def test_a_check_that_hangs_or_breaks_is_one_that_failed(tmp_path: Path) -> None:
    async with AppContext(Settings(data_dir=tmp_path)) as context:

        async def breaks() -> Check:
            raise OSError(5, "Input/output error")

        broken = await measured._bounded("disk", breaks(), context)
        assert (broken.state, "Input/output error" in broken.sentence) == ("fail", True)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no pseudo-terminal")
def test_a_scanner_is_tried_on_a_terminal(computer: Computer) -> None:
    terminal = Terminal("doctor", environment=computer.environment)
    terminal.wait_for("Scan any code")
    terminal.type(b"0123456789abcdef0123456789abcdef\r")
    terminal.wait_for("read as a ticket")
    terminal.end()


@pytest.mark.skipif(os.name != "posix", reason="other systems have no modes")
def test_nothing_is_left_behind(computer: Computer) -> None:
    computer.run("doctor")
    assert not list(computer.data.glob(".doctor*"))
