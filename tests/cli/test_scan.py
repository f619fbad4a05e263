"""`scan`, `sync` and `queue`: the lane without a screen, and what it leaves behind."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from boxoffice.cli.app_context import AppContext
from boxoffice.cli.headless import lines, sync
from boxoffice.config import Settings
from boxoffice.domain.secret_text import SecretStr
from boxoffice.sandbox import Sandbox, SandboxThread
from boxoffice.store import Journal, code_ties
from boxoffice.sync.link import KEY as KEY_REFUSED
from boxoffice.ticketbutler.session import Session
from tests.cli.conftest import Computer
from tests.cli.processes import LONGEST
from tests.lane.conftest import passes
from tests.support import FakeClock, both_dialects

FIELDS = {"code", "verdict", "confirmed", "claimed", "ticket"} | {
    "name",
    "ticket_type",
    "reason",
    "at",
}


def some(site: SandboxThread, count: int) -> list[str]:
    """Tickets of event 1 that may enter at once."""
    event = site.state.tonight
    plain = [ticket.uuid for ticket in event.tickets if site.state.may_enter(ticket)]
    assert len(plain) >= count
    return plain[:count]


def writes(site: SandboxThread, ticket: str) -> int:
    return site.log.count("PATCH", f"tickets/{ticket}/", applied=True)


@both_dialects
def test_one_verdict_a_code(site: SandboxThread, computer: Computer) -> None:
    examples = site.examples()
    wanted = {
        "plain": "admitted",
        "already_in": "already_in",
        "answers_needed": "answers_needed",
        "refunded_ticket": "refunded",
        "not_paid": "not_paid",
        "wrong_event": "wrong_event",
    }
    padded = examples["party"].uuid + " " * 20_000 + examples["external"].uuid
    ran = computer.scan(
        *(examples[name].uuid for name in wanted), "f" * 32, "\x1b]0;x\x07!", padded
    )
    assert ran.status == 0
    assert ran.err == ""
    assert all(set(line) == FIELDS for line in ran.lines)
    verdicts = [line["verdict"] for line in ran.lines]
    assert verdicts[:7] == [*wanted.values(), "unknown"]
    assert verdicts[8] == "not_a_ticket"
    admitted = ran.lines[0]
    assert admitted["confirmed"] is True
    assert admitted["claimed"] is False
    assert admitted["ticket"] == examples["plain"].uuid
    assert admitted["name"] == examples["plain"].full_name
    assert datetime.fromisoformat(admitted["at"]).utcoffset() is not None
    assert ran.lines[6]["ticket"] is None
    assert "\x1b" not in ran.out
    assert examples["plain"].checked_in
    assert writes(site, examples["plain"].uuid) == 1


@both_dialects
def test_a_code_that_was_tied_at_a_door_is_known(
    site: SandboxThread, computer: Computer, clock: FakeClock
) -> None:
    guest, code = some(site, 1)[0], "GUEST-0815-X"
    (unknown,) = computer.scan(code).lines
    assert unknown["verdict"] in ("cannot_tell", "unknown")  # as far as codes were read
    (file,) = computer.data.rglob("journal.db")
    event = site.state.tonight.uuid

    async def tie() -> None:
        journal = await Journal.open(file, lane="North", operator="Anna", clock=clock)
        await journal.write(code_ties.tie, code, event, guest)
        await journal.close()

    asyncio.run(tie())
    first, again = computer.scan(code, code).lines
    assert (first["verdict"], first["ticket"], first["code"]) == ("admitted", guest, code)
    assert "tied here by Anna" in first["reason"]
    assert again["verdict"] == "already_in"


def test_for_people_each_line_starts_with_the_verdict_s_word(
    site: SandboxThread, computer: Computer
) -> None:
    ticket = site.examples()["hostile"]
    ran = computer.run("scan", text=f"{ticket.uuid}\n")
    assert ran.status == 0
    assert "ADMITTED" in ran.out
    assert len(ran.out.splitlines()) == 1


def test_a_verdict_comes_out_before_the_next_code_goes_in(
    site: SandboxThread, computer: Computer
) -> None:
    with computer.start("scan", "--json") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for ticket in some(site, 3):
            process.stdin.write(f"{ticket}\r\n\r\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["ticket"] == ticket
        process.stdin.close()
        assert process.wait(LONGEST) == 0


def test_an_input_without_codes_and_one_of_rubbish(computer: Computer) -> None:
    assert computer.scan().out == ""
    ran = computer.run("scan", "--json", text="x" * 100_000 + "\n\n \r\n\ufeff\x00\x07\n")
    assert ran.status == 0
    assert {line["verdict"] for line in ran.lines} == {"not_a_ticket"}
    assert all(len(line["code"]) <= 200 for line in ran.lines)


def test_two_lanes_on_one_data_folder(site: SandboxThread, computer: Computer) -> None:
    tickets = some(site, 12)
    codes = "".join(f"{ticket}\n" for ticket in tickets)
    lanes = [computer.start("scan", "--json", "--lane", lane) for lane in ("North", "South")]
    for lane in lanes:  # both before either is waited for
        assert lane.stdin is not None
        lane.stdin.write(codes)
        lane.stdin.flush()
    answers = [lane.communicate() for lane in lanes]
    assert [(lane.returncode, err) for lane, (_, err) in zip(lanes, answers, strict=True)] == [
        (0, ""),
        (0, ""),
    ]
    verdicts: dict[str, list[str]] = {ticket: [] for ticket in tickets}
    for out, _ in answers:
        for line in map(json.loads, out.splitlines()):
            verdicts[line["ticket"]].append(line["verdict"])
    assert all(sorted(each) == ["admitted", "already_in"] for each in verdicts.values())
    assert computer.run("sync").status == 0
    assert [site.log.count("PATCH", f"tickets/{ticket}/") for ticket in tickets] == [1] * 12


@pytest.mark.parametrize("fault", ["hang", "hang-after", "latency=0.2"])
def test_killed_in_mid_run_nothing_that_was_shown_is_lost(
    fault: str, site: SandboxThread, computer: Computer
) -> None:
    rule = site.faults.set(fault, method="PATCH")
    tickets = some(site, 20)
    process = computer.start("scan", "--json")
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("".join(f"{ticket}\n" for ticket in tickets))
    process.stdin.flush()
    shown = [json.loads(process.stdout.readline()) for _ in range(10)]
    process.kill()
    shown += map(json.loads, process.communicate()[0].splitlines())
    site.faults.clear(rule)

    assert computer.run("sync").status == 0
    admitted = [line["ticket"] for line in shown if line["verdict"] == "admitted"]
    assert admitted == tickets[: len(shown)]
    assert all(site.state.tickets[ticket].checked_in for ticket in admitted)
    assert all(writes(site, ticket) == 1 for ticket in admitted)
    again = computer.scan(*admitted)
    assert {line["verdict"] for line in again.lines} == {"already_in"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes that answer at once")
async def test_an_input_that_has_nothing_yet_has_not_ended() -> None:
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    with os.fdopen(reading) as stream, os.fdopen(writing, "w") as scanner:
        line = asyncio.ensure_future(anext(lines(stream), "ended"))
        assert await asyncio.wait({line}, timeout=0.05) == (set(), {line})
        print("abc", file=scanner, flush=True)
        assert await line == "abc"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send")
def test_ctrl_c_is_quiet(site: SandboxThread, computer: Computer) -> None:
    with computer.start("scan", "--json") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(f"{some(site, 1)[0]}\n")
        process.stdin.flush()
        assert process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(LONGEST) == 130
        assert process.stderr.read() == ""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such status")
def test_nobody_reads_on(site: SandboxThread, computer: Computer) -> None:
    tickets = some(site, 20)
    with computer.start("scan", "--json") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write("".join(f"{ticket}\n" for ticket in tickets))
        process.stdin.flush()
        first = json.loads(process.stdout.readline())
        process.stdout.close()
        assert process.wait(LONGEST) == 141
        assert process.stderr.read() == ""
    assert first["verdict"] == "admitted"


@both_dialects
def test_a_fresh_laptop_reads_every_form_of_code_online(
    site: SandboxThread, computer: Computer
) -> None:
    plain, external = site.examples()["plain"], site.examples()["external"]
    family = site.examples()["party"].order
    ran = computer.scan(
        f"https://test.ticketbutler.example/t/{plain.slug}/",
        external.external_uuid or "",
        family.order_id,
        family.uuid,
    )
    assert [line["verdict"] for line in ran.lines] == ["admitted"] * 2 + ["ambiguous"] * 2
    assert [line["confirmed"] for line in ran.lines[:2]] == [True, True]


async def test_a_scan_waits_for_the_site_alone_and_not_for_what_has_to_be_loaded(
    sandbox: Sandbox, clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded, load = [], Session.load

    async def loading(session: Session) -> None:
        await load(session)
        loaded.append(session)

    monkeypatch.setattr(Session, "load", loading)
    event = sandbox.state.tonight.uuid
    settings = Settings(url=sandbox.url, event=event, data_dir=tmp_path / "data")
    async with AppContext(settings, key=SecretStr(sandbox.token), clock=clock) as context:
        await context.find(event)
        loaded.clear()
        await context.lane(event, follow_list=False)
        assert loaded


async def test_details_that_the_site_does_not_give_are_said(
    sandbox: Sandbox, clock: FakeClock, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sandbox.faults.set("403", path="tickets/*/")
    event = sandbox.state.tonight.uuid
    settings = Settings(url=sandbox.url, event=event, data_dir=tmp_path / "data")
    async with AppContext(settings, key=SecretStr(sandbox.token), clock=clock) as context:
        ended = asyncio.create_task(sync(json=True, details=True, context=context))
        await passes(clock, ended.done, "it is tried no more")
        assert await ended == 1
    out, err = capsys.readouterr()
    assert json.loads(out)["codes"]["read"] == 0
    assert err.splitlines()[-1].startswith("60 of 60 not read: ")


@pytest.mark.skipif(sys.platform != "linux", reason="needs prlimit")
def test_what_cannot_be_written_down_admits_nobody_and_ends_nothing(
    site: SandboxThread, computer: Computer
) -> None:
    first, second = some(site, 2)
    with computer.start("scan", "--json") as process:
        assert process.stdin is not None

        def scan(code: str) -> str:
            return str(json.loads(answer_to(process, code))["verdict"])

        assert scan(first) == "admitted"
        fill_disk(process)
        assert scan(second) == "error"
        assert scan(second) == "error"
        fill_disk(process, room=True)
        assert scan(second) == "admitted"
        assert scan(second) == "already_in"
        process.stdin.close()
        assert process.wait(LONGEST) == 0
    assert writes(site, second) == 1
    report = computer.run("queue", "--json")
    assert report.json["waiting"] == 0


@pytest.mark.skipif(sys.platform != "linux", reason="needs prlimit")
def test_to_a_person_too_it_says_that_nothing_was_written(
    site: SandboxThread, computer: Computer
) -> None:
    first, second = some(site, 2)
    with computer.start("scan") as process:
        assert "ADMITTED" in answer_to(process, first)
        fill_disk(process)
        assert answer_to(process, second).split()[1] == "ERROR"
        process.kill()


def answer_to(process: "subprocess.Popen[str]", code: str) -> str:
    assert process.stdin is not None
    assert process.stdout is not None
    print(code, file=process.stdin, flush=True)
    return process.stdout.readline()


def fill_disk(process: "subprocess.Popen[str]", *, room: bool = False) -> None:
    """No file of the process can grow any more, as on a full disk; `room`: there is room again."""
    import resource

    _, most = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
    size = resource.RLIM_INFINITY if room else 0
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (size, most))


def test_a_key_that_is_refused_is_said_and_codes_are_answered(
    site: SandboxThread, computer: Computer
) -> None:
    (guest,) = some(site, 1)
    assert computer.run("sync").status == 0
    site.faults.set("401")
    ran = computer.scan(guest)
    assert (ran.status, ran.lines[0]["verdict"], ran.lines[0]["confirmed"]) == (
        0,
        "admitted",
        False,
    )
    assert ran.err.count(KEY_REFUSED) == 1
