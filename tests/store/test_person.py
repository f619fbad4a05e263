"""How a person is found in what is kept, however their name or number is written there."""

import json
import sqlite3
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from boxoffice.printing.spreadsheet import Table, parts_as_xlsx
from boxoffice.store import Journal, StoreError, person
from boxoffice.store.journal_db import HOUSE_EMAIL, record, remember
from tests.store.support import EVENT, scan, uuid

NOBODY: dict[str, list[dict[str, Any]]] = {"tickets": [], "orders": [], "sales": []}


@pytest.mark.parametrize(
    ("who", "text", "named"),
    [
        ("Åse Quistgård", "QUISTGAARD, Aase", True),
        (unicodedata.normalize("NFD", "Åse Quistgård"), "Åse Quistgård", True),
        ("Åse Quistgård", "Åse Quist", False),
        ("ase@example.org", "to ASE@example.org, today", True),
        ("ase@example.org", "ase@example.org.uk", True),
        ("ase@example.org", "lase@example.org", False),
        (unicodedata.normalize("NFD", "åse@example.org"), "åse@example.org", True),
        ("40123456", "+45 40 12 34 56", True),
        ("+45 4012 3456", "40-12-34-56", True),
        ("0045 40123456", "call +45(40)123456 now", True),
        ("40123456", "40123457", False),
        ("40123456", "a40123456b", False),
        ("123456", "12 and 3456", False),
        ("  ", "anything", False),
    ],
)
def test_who_is_named(who: str, text: str, named: bool) -> None:
    assert person.names(who)(text) is named


async def test_a_code_in_a_link_and_what_is_remembered_of_a_buyer(journal: Journal) -> None:
    entry = scan(uuid(1))
    link = "https://x.example/?to=%C3%85se%20Quistg%C3%A5rd"
    await journal.write(record, entry.__class__(entry.kind, EVENT, code=link))
    await journal.write(remember, HOUSE_EMAIL, "ase@example.org")
    found = await journal.read(person.in_journal, person.names("aase quistgaard"), ())
    assert [row["code"] for row in found["journal"]] == [link]
    found = await journal.read(person.in_journal, person.names("ase@example.org"), ())
    assert [row["value"] for row in found["settings"]] == ["ase@example.org"]


def found_in(folder: Path, who: str) -> set[str]:
    paths = person.in_files(folder, folder.parent, person.names(who), NOBODY)
    return {Path(path).name for path in paths}


def test_files_that_name_them_are_found_however_they_do(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    (exports := folder / "exports" / "e1").mkdir(parents=True)
    rows = [("Åse", "Quistgård", "ase@example.org"), ("Bo", "Berg", "bo@example.org")]
    book = parts_as_xlsx([Table("people", "People", ("first", "last", "mail"), rows)])
    (exports / "people.xlsx").write_bytes(book)
    (exports / "broken.xlsx").write_bytes(book[:100] + bytes(200) + book[300:])
    moved = sqlite3.connect(folder / "journal.db.damaged")
    moved.execute("CREATE TABLE sale (cart)")
    moved.execute("INSERT INTO sale VALUES (?)", (json.dumps({"buyer": ["Åse", "Quistgård"]}),))
    moved.commit()
    moved.close()
    (folder / "journal.db").write_text("Åse Quistgård")  # whose rows are read
    (folder / "run.0.lock").write_text("Åse Quistgård")
    (tmp_path / "boxoffice.log.1").write_text("for Åse Quistgård")
    named = {"people.xlsx", "journal.db.damaged", "boxoffice.log.1"}
    assert named <= found_in(folder, "Åse Quistgård") <= named | {"broken.xlsx"}
    assert found_in(folder, "ase@example.org") - {"broken.xlsx"} == {"people.xlsx"}
    assert found_in(folder, "Åse Berg") - {"broken.xlsx"} == set()


def test_a_file_that_cannot_be_read_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, **_: object) -> str:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "notes.txt").write_text("x")
    monkeypatch.setattr(Path, "read_text", refuse)
    with pytest.raises(StoreError, match=r"notes\.txt cannot be read: Permission denied"):
        found_in(tmp_path, "Åse")
