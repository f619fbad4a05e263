"""Printers and files: a stand-in for CUPS on the PATH, and what is done where there is none."""

import os
import stat
import sys
from pathlib import Path

import pytest

from boxoffice import ProblemError
from boxoffice.printing.printer import WHOLE_DOTS, print_pdf, printers, save_pdf, shown

PDF = b"%PDF-1.4 a ticket"
on_unix = pytest.mark.skipif(sys.platform == "win32", reason="there is no CUPS")


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder that commands are found in."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("LPDEST", raising=False)
    return folder


def command(path: Path, name: str, script: str) -> None:
    file = path / name
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


@pytest.fixture
def cups(path: Path, tmp_path: Path) -> Path:
    """Two printers, of which the second is the usual one; what `lp` is given is kept."""
    lpstat = 'case "$1" in -e) echo Office; echo Roll;; -d) echo "system default: Roll";; esac'
    command(path, "lpstat", lpstat)
    got = tmp_path / "got"
    command(path, "lp", f'echo "$@" > {got}.args; for f; do :; done; /bin/cat "$f" > {got}')
    return got


@on_unix
def test_the_usual_printer_comes_first(cups: Path) -> None:
    assert printers() == ["Roll", "Office"]


@on_unix
def test_what_is_printed_arrives_and_is_not_left_behind(cups: Path, tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    told = print_pdf(PDF, "ticket-1", folder=folder, options=WHOLE_DOTS)
    assert told == "Sent to the printer Roll."
    assert cups.read_bytes() == PDF
    args = cups.with_suffix(".args").read_text().split()
    assert args[:-1] == ["-s", "-d", "Roll", *WHOLE_DOTS]
    assert args[-1].endswith("ticket-1.pdf")
    assert Path(args[-1]).parent == folder
    assert not any(folder.iterdir())


@on_unix
def test_another_printer(cups: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (
        print_pdf(PDF, "ticket-1", folder=tmp_path, printer="Office")
        == "Sent to the printer Office."
    )
    assert "-d Office" in cups.with_suffix(".args").read_text()
    monkeypatch.setenv("LPDEST", "Cellar")
    assert print_pdf(PDF, "ticket-1", folder=tmp_path) == "Sent to the printer Cellar."


@on_unix
def test_what_the_printer_refuses_is_kept(cups: Path, path: Path, tmp_path: Path) -> None:
    command(path, "lp", "echo 'lp: out of \033[31mpaper' >&2; exit 1")
    told = print_pdf(PDF, "ticket-1", folder=tmp_path)
    assert told.startswith("The printer Roll did not take it (lp: out of [31mpaper): saved as ")
    assert (tmp_path / "ticket-1.pdf").read_bytes() == PDF


@on_unix
def test_without_a_printer_it_is_kept(path: Path, tmp_path: Path) -> None:
    assert printers() == []
    command(path, "lp", "exit 1")
    command(path, "lpstat", "echo 'lpstat: no destinations added' >&2; exit 1")
    assert printers() == []
    told = print_pdf(PDF, "ticket-1", folder=tmp_path / "papers")
    assert told.startswith("No printer here: saved as ")
    assert (tmp_path / "papers" / "ticket-1.pdf").read_bytes() == PDF


def test_elsewhere_it_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("boxoffice.printing.printer.sys.platform", "win32")
    told = print_pdf(PDF, "ticket-1", folder=tmp_path)
    assert told == f"No printer here: saved as {tmp_path / 'ticket-1.pdf'}"


def test_a_file_is_for_its_person_alone_and_replaces_the_one_before(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    file = save_pdf(b"old", "ticket-1", folder=folder)
    assert save_pdf(PDF, "ticket-1", folder=folder) == file
    assert file.read_bytes() == PDF
    assert [each.name for each in folder.iterdir()] == ["ticket-1.pdf"]
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b\\c:d", "", "  ", "n" * 500])
def test_no_name_leads_elsewhere(tmp_path: Path, name: str) -> None:
    assert save_pdf(PDF, name, folder=tmp_path).parent == tmp_path


def test_a_folder_that_cannot_be_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ProblemError) as raised:
        save_pdf(PDF, "ticket-1", folder=tmp_path / "file")
    assert "cannot be written" in raised.value.sentence


@on_unix
def test_a_path_at_home_is_short() -> None:
    assert shown(Path.home() / "papers" / "a.pdf") == "~/papers/a.pdf"
    assert shown(Path("/tmp/a.pdf")) == "/tmp/a.pdf"
