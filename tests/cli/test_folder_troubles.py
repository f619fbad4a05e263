"""Folders and files that cannot be used end in one sentence, and lose nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from boxoffice import ProblemError, paths
from tests.cli.conftest import Computer
from tests.cli.processes import PROGRAM, surroundings


def test_a_data_folder_that_cannot_be_written(computer: Computer, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    ran = computer.run("scan", "--data-dir", str(file / "folder"))
    assert ran.status == 1
    assert str(file) in ran.sentence


@pytest.mark.skipif(sys.platform == "win32", reason="other systems have no modes")
def test_a_data_folder_that_others_may_write_to(computer: Computer) -> None:
    assert computer.run("queue").status == 0
    computer.data.chmod(0o770)
    ran = computer.run("queue")
    assert ran.status == 1
    assert ran.sentence.startswith(f"Others may write to the data folder {computer.data}: ")
    computer.data.chmod(0o755)
    assert computer.run("queue").status == 0


posix = pytest.mark.skipif(sys.platform == "win32", reason="other systems have none of these")


@posix
@pytest.mark.parametrize("name", ["lane", "boxoffice.log", "keys.json", "localhost/clock"])
def test_a_named_pipe_among_the_files_holds_nobody_up(computer: Computer, name: str) -> None:
    assert computer.run("queue").status == 0
    (computer.data / name).unlink(missing_ok=True)
    os.mkfifo(computer.data / name)
    ran = computer.run("queue")
    assert ran.status == 1
    assert f"{name} is no file" in ran.sentence


@posix
def test_a_disk_that_is_full_at_the_start_is_named(computer: Computer) -> None:
    assert computer.run("queue").status == 0
    ran = subprocess.run(
        ["/bin/sh", "-c", 'ulimit -f 1; exec "$@"', "sh", *PROGRAM, "queue"],
        capture_output=True,
        text=True,
        env=surroundings() | computer.environment,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "The disk is full" in ran.stderr


def test_a_file_is_on_the_disk_before_it_takes_the_place_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, synced, sync = tmp_path / "venue.json", [], os.fsync
    file.write_bytes(b"old")

    def noted(handle: int) -> None:
        sync(handle)
        synced.append((os.fstat(handle).st_size, file.read_bytes()))

    monkeypatch.setattr(os, "fsync", noted)
    paths.write_whole(file, b"newer")
    assert synced == [(5, b"old")]
    assert file.read_bytes() == b"newer"


@posix
def test_no_core_is_left_with_the_key_in_it(computer: Computer) -> None:
    look = "import resource; print(resource.getrlimit(resource.RLIMIT_CORE)[0])"
    program = f"from boxoffice.cli import main; main(['--version']); {look}"
    most = 'ulimit -S -c "$(ulimit -H -c)"; exec "$@"'
    ran = subprocess.run(
        ["/bin/sh", "-c", most, "sh", sys.executable, "-c", program],
        capture_output=True,
        text=True,
        env=surroundings() | computer.environment,
        check=True,
    )
    assert ran.stdout.splitlines()[-1] == "0"


@pytest.mark.skipif(sys.platform == "win32", reason="other systems have no owners of this kind")
def test_a_data_folder_of_another_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    another = os.getuid() + 1
    monkeypatch.setattr(os, "getuid", lambda: another)
    with pytest.raises(ProblemError, match="belongs to another user") as raised:
        paths.prepare(tmp_path)
    assert str(tmp_path) in raised.value.sentence


def test_a_log_that_cannot_be_written(computer: Computer) -> None:
    (computer.data / "boxoffice.log").mkdir(parents=True)
    ran = computer.run("queue")
    assert ran.status == 1
    assert "boxoffice.log" in ran.sentence


def test_a_damaged_journal_is_left_as_it_is(computer: Computer) -> None:
    assert computer.run("queue").status == 0
    (journal,) = computer.data.rglob("journal.db")
    journal.write_bytes(b"rubbish" * 1000)
    ran = computer.run("queue")
    assert ran.status == 1
    assert str(journal) in ran.sentence
    assert journal.read_bytes() == b"rubbish" * 1000


def test_a_broken_config_file(computer: Computer, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("lane = \n")
    ran = computer.run("events", "--config", str(config))
    assert ran.status == 1
    assert str(config) in ran.sentence
