"""Who came in, as rows for an organiser: against what the lanes did and what Excel makes of it."""

import csv
import io
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from boxoffice.lane import Lane
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import Ticket
from tests.cli.conftest import Computer
from tests.cli.office import admit, event, north, office, open_lane, people, run
from tests.lane.conftest import sent
from tests.printing.eyes import text_of
from tests.support import FakeClock, both_dialects

__all__ = ["event", "north", "office", "open_lane", "people"]

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
FIELDS = [
    *("ticket", "name", "email", "ticket_type", "order"),
    *("verdict", "at", "lane", "operator", "confirmed"),
]
EXCEL_BEGINS = datetime(1899, 12, 30)


@pytest.fixture
async def evening(
    sandbox: Sandbox, north: Lane, clock: FakeClock, people: list[Ticket]
) -> list[Ticket]:
    """Two who came in, one with a hostile name; a third was undone, a fourth let in elsewhere."""
    first, hostile, undone, elsewhere = people[:4]
    hostile.full_name = "=cmd|' /C calc'!A0;Łukasz"
    sandbox.state.touch(hostile)
    sandbox.state.check_in(elsewhere)
    await north.refresh()
    await admit(north, first)
    clock.jump(timedelta(minutes=1))
    await admit(north, hostile, undone)
    await sent(north, clock)
    assert (await north.undo.last()).done
    await sent(north, clock)
    await north.stop()
    return [first, hostile]


@both_dialects
async def test_a_row_for_each_person_who_came_in(
    evening: list[Ticket], office: Computer, sandbox: Sandbox
) -> None:
    await sandbox.stop()
    ran = await run(office, "export", "--json")
    assert ran.status == 0
    assert [list(row) for row in ran.json] == [FIELDS] * 2
    for row, ticket in zip(ran.json, evening, strict=True):
        assert row["ticket"] == ticket.uuid
        assert (row["name"], row["email"]) == (ticket.full_name, ticket.email)
        assert row["ticket_type"] == "Standard"
        assert (row["verdict"], row["confirmed"]) == ("admitted", True)
        assert datetime.fromisoformat(row["at"]).utcoffset() == timedelta(hours=2)
    assert "2 people came in here; " in ran.err
    assert "let in elsewhere" in ran.err


async def test_what_danish_excel_is_given(
    evening: list[Ticket], office: Computer, tmp_path: Path
) -> None:
    sheet, book = tmp_path / "in.csv", tmp_path / "in.xlsx"
    ran = await run(office, "export", "--csv", str(sheet), "--xlsx", str(book))
    assert (ran.status, ran.out) == (0, "")
    content = sheet.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf" + ";".join(FIELDS).encode() + b"\r\n")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    hostile = rows[1]
    assert hostile["name"] == "'" + evening[1].full_name
    assert hostile["confirmed"] == "yes"
    at = datetime.strptime(hostile["at"], "%Y-%m-%d %H:%M:%S")
    with zipfile.ZipFile(book) as parts:
        written = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in written
    days = (at - EXCEL_BEGINS) / timedelta(days=1)
    assert f"<v>{days:.8f}"[:-2] in written
    (json,) = [
        row
        for row in (await run(office, "export", "--json")).json
        if row["name"] in hostile["name"]
    ]
    assert datetime.fromisoformat(json["at"]).astimezone(COPENHAGEN).replace(tzinfo=None) == at


async def test_printed(evening: list[Ticket], office: Computer) -> None:
    ran = await run(office, "export")
    assert evening[0].full_name in ran.out
    ran = await run(office, "export", "--csv", "-")
    assert ran.out.splitlines()[0] == ";".join(FIELDS)
    ran = await run(office, "export", "--json", "--csv", "-")
    assert (ran.status, ran.out) == (2, "")
    assert "either JSON or CSV" in ran.sentence


async def test_nobody_came(north: Lane, office: Computer) -> None:
    ran = await run(office, "export", "--json")
    assert (ran.status, ran.json) == (0, [])
    assert ran.err.startswith("0 people came in here")


async def test_the_guest_list_on_paper(
    evening: list[Ticket], office: Computer, sandbox: Sandbox, tmp_path: Path
) -> None:
    await sandbox.stop()
    ran = await run(office, "export", "--pdf")
    (paper,) = (tmp_path / "data").rglob("guest-list.pdf")
    assert (ran.status, ran.out) == (0, f"Saved as {paper}\n")
    text = text_of(paper.read_bytes())
    given, _, family = evening[0].full_name.rpartition(" ")
    assert f"{family}, {given}" in text
    named = tmp_path / "doors.pdf"
    ran = await run(office, "export", "--pdf", str(named))
    assert (ran.status, ran.out) == (0, f"Saved as {named}\n")
    assert text_of(named.read_bytes()) == text


@pytest.mark.parametrize("arguments", [("--pdf", "--json"), ("list.pdf",)])
async def test_the_guest_list_stands_alone(
    north: Lane, office: Computer, arguments: tuple[str, ...]
) -> None:
    ran = await run(office, "export", *arguments)
    assert (ran.status, ran.out) == (2, "")
    assert "--pdf" in ran.sentence


async def test_there_is_no_guest_list_yet(office: Computer) -> None:
    ran = await run(office, "export", "--pdf")
    assert ran.status == 1
    assert "no list of this event" in ran.sentence
