"""What is asked wrongly, or cannot be had, ends in one sentence and never in a traceback."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from boxoffice import language
from boxoffice.cli import main, prepare_streams
from boxoffice.sandbox import SandboxThread
from tests.cli.conftest import Computer
from tests.cli.processes import PROGRAM, surroundings

NOWHERE = "http://127.0.0.1:9"


@pytest.mark.parametrize(
    "arguments",
    [
        "nonsense",
        "--nonsense",
        "events extra",
        "events --url",
        "--event",
        "events --url ftp://x",
        "events --url http://tickets.example.org",
        "scan --event",
        "queue nonsense",
        "queue dismiss",
        "queue dismiss one --reason x",
        "queue retry one",
        "queue retry 1.6",
        "queue dismiss 1.6 --reason x",
        "export --csv --json",
        "report --csv --json",
        "manage orders create --from --json",
        "forget --older-than 0.4",
        "forget --older-than 0x1",
        "demo --tickets 0",
        "demo --url https://test.ticketbutler.io",
        "sandbox --port 70000",
        "sandbox --dialect klingon",
        "sandbox --fault nonsense",
        "login",
        "events",
        "queue",
        "",
    ],
)
def test_asked_wrongly(stranger: Computer, arguments: str) -> None:
    ran = stranger.run(*arguments.split())
    assert ran.status == 2
    assert ran.out == ""
    assert ran.sentence


@pytest.mark.parametrize("command", ["{}", "queue {}", "queue dismiss {}", "queue --config {}"])
def test_what_was_asked_for_is_quoted_without_what_a_terminal_obeys(
    stranger: Computer, command: str
) -> None:
    ran = stranger.run(*command.format("x\x1b]0;y\x07\u202ez\x9b31m").split())
    assert ran.status in (1, 2)
    assert "z" in ran.sentence
    assert ran.sentence.isprintable()


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("nonsense", "Der er ingen kommando “nonsense”"),
        ("manage nonsense", "Der er ingen kommando “manage nonsense”."),
        ("--nonsense", "Der er intet tilvalg --nonsense."),
        ("scan --nubers ask", "Der er intet tilvalg --nubers: mener du --numbers?"),
        ("scan --numbers x", "“x” kan ikke bruges til --numbers; der er ask og admit."),
        ("events --url", "--url skal have en værdi."),
        ("events --url a --url b", "--url er angivet to gange."),
        ("queue dismiss", "LINJE mangler."),
        ("queue dismiss 1", "--reason mangler."),
        ("queue retry 1.6", "1.6: skriv et helt tal."),
        ("sandbox --port 70000", "--port 70000: skriv et tal fra 0 til 65.535."),
        ("hub --port 99999", "--port 99999: skriv et tal fra 1 til 65.535."),
        ("sandbox --latency x", "“x” kan ikke bruges til --latency."),
    ],
)
def test_what_was_asked_wrongly_is_answered_in_the_language_that_is_set(
    asked: str,
    answered: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("BOXOFFICE_LANGUAGE", "da")
    assert main(asked.split()) == 2
    assert capsys.readouterr().err.startswith(answered)


def test_what_is_missing_is_named_with_the_command_whose_help_has_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["queue", "dismiss", "1"]) == 2
    said = "--reason is missing. See boxoffice queue dismiss --help.\n"
    assert capsys.readouterr().err == said


@pytest.mark.parametrize(
    "asked", ["sell --help", "sandbox --help", "queue dismiss --help", "manage"]
)
def test_help_has_nothing_of_the_library_s_english(
    asked: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BOXOFFICE_LANGUAGE", "da")
    assert main(asked.split()) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("Brug: boxoffice")
    for word in ("default:", "choices:", "required", "OPTIONS", "COMMAND", "STR", "Parameters"):
        assert word not in shown


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such status")
@pytest.mark.parametrize("asked", ["--help", "--version", "scan --help"])
def test_help_that_nobody_reads_ends_as_any_output_does(asked: str) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    try:
        ran = subprocess.run(
            [*PROGRAM, *asked.split()],
            stdout=writes,
            stderr=subprocess.PIPE,
            env=surroundings(),
            check=False,
        )
    finally:
        os.close(writes)
    assert (ran.returncode, ran.stderr) == (141, b"")


def test_without_a_key(stranger: Computer) -> None:
    ran = stranger.run("events", "--url", NOWHERE)
    assert ran.status == 1
    assert "boxoffice login" in ran.sentence


@pytest.mark.parametrize(
    ("url", "key", "said"),
    [
        (None, "another-key", "refused the key"),
        (NOWHERE, "a-key", "cannot be reached"),
        (None, "two words", "not a key"),
        (None, "k\x7fy", "not a key"),
    ],
)
def test_a_wrong_site_or_key(
    site: SandboxThread, computer: Computer, url: str | None, key: str, said: str
) -> None:
    computer.environment["BOXOFFICE_URL"] = url or site.url
    computer.environment["BOXOFFICE_TOKEN"] = key
    for command in ("scan", "sync"):
        ran = computer.run(command)
        assert ran.status == 1
        assert said in ran.sentence
        assert key not in ran.err


@pytest.mark.parametrize("fault", ["html", "500", "524", "404", "truncated", "wrong-shape", "drop"])
def test_a_site_that_fails(fault: str, site: SandboxThread, computer: Computer) -> None:
    site.faults.set(fault)
    ran = computer.run("events")
    assert ran.status == 1
    assert ran.sentence


def test_the_events_on_disk_are_shown_where_the_site_is_away(
    site: SandboxThread, computer: Computer
) -> None:
    before = computer.run("events", "--json").json
    site.stop()
    ran = computer.run("events", "--json")
    assert ran.status == 0
    assert ran.json == before
    assert "as last seen" in ran.sentence


def test_unknown_event(site: SandboxThread, computer: Computer) -> None:
    titles = [event.title for event in site.state.events.values()]
    computer.environment.pop("BOXOFFICE_EVENT")
    unknown = computer.run("scan", "--event", "0" * 32)
    assert unknown.status == 2
    assert "0" * 32 in unknown.sentence
    none = computer.run("scan", "--event", "Opera")
    assert none.status == 2
    assert titles[0] in none.err
    several = computer.run("scan", "--event", "a")
    assert several.status == 2
    assert "Several" in several.err
    assert computer.run("sync", "--event", "Opera").status == 2
    first = computer.run("scan", "--json", "--event", "sommerfest pa", text="x\n")
    assert first.status == 0, first.err
    dashed = "-".join(
        [
            (uuid := site.state.tonight.uuid)[:8],
            uuid[8:12],
            uuid[12:16],
            uuid[16:20],
            uuid[20:],
        ]
    )
    assert computer.run("scan", "--event", dashed.upper()).status == 0


def test_no_event_is_asked_for_and_several_are_today(
    site: SandboxThread, computer: Computer
) -> None:
    computer.environment.pop("BOXOFFICE_EVENT")
    first, second, *_ = site.state.events.values()
    second.start, second.end = first.start, first.end
    ran = computer.run("scan")
    assert ran.status == 2
    assert ran.out == ""
    assert first.uuid in ran.err
    assert second.uuid in ran.err


def test_on_windows_pipes_carry_utf_8(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python gives them the old code page there; what PowerShell sends begins with a mark."""
    out, err = io.BytesIO(), io.BytesIO()
    given = io.BytesIO("\ufeffBjørn 李\n".encode())
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(given, "cp1252"))
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(out, "cp850", write_through=True))
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(err, "cp1252", write_through=True))
    prepare_streams()
    print(sys.stdin.readline(), end="")
    print("نور \ud83d", end="", file=sys.stderr)
    assert out.getvalue().decode() == "Bjørn 李\n"
    assert err.getvalue().decode() == "نور ?"


def test_common_options_also_before_the_command(site: SandboxThread, stranger: Computer) -> None:
    stranger.environment["BOXOFFICE_TOKEN"] = site.token
    assert stranger.run("--url", site.url, "--lane=North", "events", "--json").status == 0
    ran = stranger.run("--url", NOWHERE, "--lane=y", "queue", "retry", "1")
    assert (ran.status, ran.out) == (1, "")
    assert "This row cannot be sent again" in ran.sentence


def test_common_options_also_where_they_change_nothing(stranger: Computer) -> None:
    common = ("--data-dir", str(stranger.data), "--lane", "A", "--event", "x")
    ran = stranger.run("sandbox", *common, "--fault", "nonsense")
    assert ran.status == 2
    assert "nonsense" in ran.sentence
    assert not stranger.data.exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_a_full_disk_is_not_reported_in_place_of_the_answer(computer: Computer) -> None:
    computer.data.mkdir()
    (computer.data / "boxoffice.log").symlink_to("/dev/full")
    computer.environment["BOXOFFICE_URL"] = NOWHERE
    assert "cannot be reached" in computer.run("events").sentence


def test_help_and_version_go_to_the_output(stranger: Computer) -> None:
    for arguments in (["--help"], ["scan", "--help"], ["queue", "--help"], ["--version"]):
        ran = stranger.run(*arguments)
        assert (ran.status, ran.err) == (0, "")
        assert ran.out
    assert not stranger.data.exists()


def test_help_brings_along_nothing_that_it_does_not_need() -> None:
    ran = subprocess.run(
        [sys.executable, "-X", "importtime", *PROGRAM[1:], "--help"],
        capture_output=True,
        text=True,
        check=True,
        env=surroundings(),
    )
    loaded = {line.rpartition("|")[2].strip() for line in ran.stderr.splitlines()}
    heavy = {"httpx", "keyring", "pydantic", "sqlite3", "starlette", "textual", "uvicorn"}
    assert "cyclopts" in loaded
    assert loaded.isdisjoint(heavy)


def test_an_output_that_cannot_show_every_letter(computer: Computer) -> None:
    ran = subprocess.run(
        [*PROGRAM, "events"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        env=surroundings() | computer.environment | {"PYTHONIOENCODING": "ascii"},
    )
    assert ran.returncode == 0
    assert ran.stderr == ""
    assert "Sommerfest p? Havnen" in ran.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device")
def test_an_output_that_is_full_is_said(computer: Computer) -> None:
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            [*PROGRAM, "events"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=surroundings() | computer.environment,
            check=False,
        )
    assert ran.returncode == 1
    assert ran.stderr == "The output cannot be written: No space left on device.\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device")
def test_a_sentence_that_cannot_be_written_does_not_change_the_status(computer: Computer) -> None:
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            [*PROGRAM, "scan", "--event", "nosuch"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=full,
            text=True,
            env=surroundings() | computer.environment,
            check=False,
        )
    assert (ran.returncode, ran.stdout) == (2, "")


@pytest.mark.skipif(sys.platform == "win32", reason="no shell to close it")
@pytest.mark.parametrize(
    ("closed", "event", "status"), [(">&-", "", 0), ("2>&-", "", 0), ("2>&-", "nosuch", 2)]
)
def test_with_an_output_closed_the_other_is_as_ever(
    computer: Computer, closed: str, event: str, status: int
) -> None:
    command = ["scan", "--event", event] if event else ["events"]
    ran = subprocess.run(
        ["/bin/sh", "-c", f'exec "$@" {closed}', "sh", *PROGRAM, *command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=surroundings() | computer.environment,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (status, "")
    assert ("Sommerfest" in ran.stdout) == (closed != ">&-" and not event)


def test_what_goes_wrong_is_english_for_programs_but_for_one_that_shows_it(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BOXOFFICE_URL", raising=False)
    asked = ["events", "--json", "--data-dir", str(tmp_path / "data")]
    try:
        assert main(asked) == 2
        assert capsys.readouterr().err.startswith("No site is known")
        assert main(asked, speaks="da") == 2
        assert capsys.readouterr().err.startswith("Intet site kendes")
    finally:
        language.use(language.ENGLISH)
