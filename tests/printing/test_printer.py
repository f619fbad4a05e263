"""Printers and files: a stand-in for CUPS on the PATH, and what is done where there is none."""

import os
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from boxoffice import ProblemError
from boxoffice.paths import REPLACE_WAITS, shown
from boxoffice.printing.printer import WHOLE_DOTS, print_pdf, printers, save_pdf

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
    told = print_pdf(PDF, "ticket-1", folder=folder, options=WHOLE_DOTS).sentence
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
        print_pdf(PDF, "ticket-1", folder=tmp_path, printer="Office").sentence
        == "Sent to the printer Office."
    )
    assert "-d Office" in cups.with_suffix(".args").read_text()
    monkeypatch.setenv("LPDEST", "Cellar")
    assert print_pdf(PDF, "ticket-1", folder=tmp_path).sentence == "Sent to the printer Cellar."


@on_unix
def test_what_the_printer_refuses_is_kept(cups: Path, path: Path, tmp_path: Path) -> None:
    command(path, "lp", "echo 'lp: out of \033[31mpaper' >&2; exit 1")
    told = print_pdf(PDF, "ticket-1", folder=tmp_path).sentence
    assert told.startswith("The printer Roll did not take it (lp: out of [31mpaper): saved as ")
    assert (tmp_path / "ticket-1.pdf").read_bytes() == PDF


@on_unix
def test_without_a_printer_it_is_kept(path: Path, tmp_path: Path) -> None:
    assert printers() == []
    command(path, "lp", "exit 1")
    command(path, "lpstat", "echo 'lpstat: no destinations added' >&2; exit 1")
    assert printers() == []
    told = print_pdf(PDF, "ticket-1", folder=tmp_path / "papers").sentence
    assert told.startswith("No printer here: saved as ")
    assert (tmp_path / "papers" / "ticket-1.pdf").read_bytes() == PDF


def test_elsewhere_it_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("boxoffice.printing.printer.sys.platform", "win32")
    told = print_pdf(PDF, "ticket-1", folder=tmp_path).sentence
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


HELD = "ticket-1.pdf"


@pytest.fixture
def held_open(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Windows, where another program has `HELD` open the given number of times."""
    replace, left = Path.replace, [0]

    def refuse(draft: Path, file: Path) -> Path:
        if file.name == HELD and left[0]:
            left[0] -= 1
            raise PermissionError(13, "The process cannot access the file")
        return replace(draft, file)

    def hold(times: int) -> None:
        left[0] = times

    monkeypatch.setattr(Path, "replace", refuse)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(time, "sleep", lambda _: None)
    return hold


@on_unix
def test_a_file_that_a_virus_scanner_has_for_a_moment_is_replaced(
    held_open: Callable[[int], None], tmp_path: Path
) -> None:
    folder = tmp_path / "papers"
    save_pdf(b"old", "ticket-1", folder=folder)
    held_open(len(REPLACE_WAITS))
    assert save_pdf(PDF, "ticket-1", folder=folder).name == HELD
    assert [(file.name, file.read_bytes()) for file in folder.iterdir()] == [(HELD, PDF)]


@on_unix
def test_a_paper_that_a_reader_has_open_gets_a_second_name(
    held_open: Callable[[int], None], tmp_path: Path
) -> None:
    folder = tmp_path / "papers"
    save_pdf(b"old", "ticket-1", folder=folder)
    held_open(100)
    second = save_pdf(PDF, "ticket-1", folder=folder)
    assert second.name == "ticket-1-2.pdf"
    assert second.read_bytes() == PDF
    assert (folder / HELD).read_bytes() == b"old"
    assert len([*folder.iterdir()]) == 2


@pytest.fixture
def windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Windows, as far as `os.startfile` goes: what it is asked is kept in the file answered."""
    asked, folder = tmp_path / "asked", tmp_path / "stand-in"
    folder.mkdir()
    stand_in = f"""
import os

def startfile(file, how="open"):
    with open({str(asked)!r}, "a") as asked:
        print(how, file, os.environ.get("BOXOFFICE_TOKEN"), file=asked)
    if how in os.environ.get("REFUSED", ""):
        raise OSError("no program for that")

os.startfile = startfile
"""
    (folder / "sitecustomize.py").write_text(stand_in)
    monkeypatch.setenv("PYTHONPATH", str(folder))
    monkeypatch.setenv("BOXOFFICE_TOKEN", "secret")
    monkeypatch.setattr(sys, "platform", "win32")
    return asked


@on_unix
@pytest.mark.parametrize(
    ("refused", "asked", "sentence"),
    [
        ("", ["print"], "Opened to be printed: saved as "),
        ("print", ["print", "open"], "Opened to be printed: saved as "),
        ("print open", ["print", "open"], "No printer here: saved as "),
    ],
)
def test_on_windows_a_paper_is_opened_in_what_prints_it(
    windows: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    refused: str,
    asked: list[str],
    sentence: str,
) -> None:
    monkeypatch.setenv("REFUSED", refused)
    file = tmp_path / "papers" / HELD
    assert print_pdf(PDF, "ticket-1", folder=file.parent).sentence == f"{sentence}{file}"
    assert file.read_bytes() == PDF
    assert windows.read_text().splitlines() == [f"{how} {file} None" for how in asked]


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
