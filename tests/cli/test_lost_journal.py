"""A journal that is gone: what each command says, and how unsent rows come out of the old file."""

import csv
from pathlib import Path

from boxoffice.sandbox import SandboxThread
from tests.cli.conftest import Computer
from tests.cli.test_scan import some


def test_a_lost_journal_is_said_and_its_rows_come_out(
    site: SandboxThread, computer: Computer, tmp_path: Path
) -> None:
    first, second = some(site, 2)
    site.faults.set("503", method="PATCH")
    assert computer.scan(first).lines[0]["verdict"] == "admitted"
    folder = computer.data / "localhost"
    gone = tmp_path / "gone"
    gone.mkdir()
    for file in folder.glob("journal.db*"):
        file.rename(gone / file.name)

    ran = computer.scan(second)
    assert (ran.status, ran.lines[0]["verdict"]) == (0, "admitted")
    assert "The journal of this computer was gone or empty on" in ran.err
    ran = computer.run("report", "--json")
    assert ran.status == 1
    assert not ran.json["balanced"]
    assert [cause for cause in ran.json["causes"] if "was gone or empty on" in cause]

    ran = computer.run("queue", "export", "--from", str(gone / "journal.db"))
    assert (ran.status, ran.err) == (0, "")
    (row,) = csv.DictReader(ran.out.splitlines())
    assert (row["state"], row["kind"], row["ticket"]) == ("waiting", "check_in", first)
    assert computer.run("queue", "export").status == 2
    assert computer.run("queue", "export", "--from", str(gone / "none.db")).status == 1
