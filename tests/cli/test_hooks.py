"""`hooks`, and `scan --hooks`: the program run beside a site that really sends."""

import json
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable

import pytest

from boxoffice.sandbox import SandboxThread
from tests.cli.conftest import Computer
from tests.cli.processes import LONGEST
from tests.cli.terminal import Terminal
from tests.support import HANG_UP, both_dialects
from tests.ticketbutler.test_hooks import PAID


def said(process: "subprocess.Popen[str]") -> str:
    """The next line that is said beside the output."""
    assert process.stderr is not None
    return process.stderr.readline()


def printed(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def post(url: str, content: bytes) -> int:
    asked = urllib.request.Request(url, data=content, method="POST")
    try:
        with urllib.request.urlopen(asked, timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@both_dialects
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, HANG_UP])
def test_what_arrives_is_printed_and_the_webhook_is_removed(
    site: SandboxThread, computer: Computer, end: signal.Signals
) -> None:
    ticket = site.examples()["plain"]
    with computer.start("hooks", "--hooks", "0", "--register", "--json") as process:
        url = said(process).split()[-1]
        assert url.startswith("http://127.0.0.1:")
        assert "until boxoffice ends" in said(process)
        assert "Ctrl-C" in said(process)
        assert urls(site) == [f"{url}?run=0"]
        site.state.check_in(ticket)
        told = json.loads(printed(process))
        assert told["action"] == "ticket.checkin"
        assert told["tickets"] == [ticket.uuid]
        assert told["data"]["checked_in"] is True
        assert post(f"{url}x", b"{}") == 404
        assert "not the secret path" in said(process)
        assert post(url, b"x") == 422
        assert "no hook" in said(process)
        process.send_signal(end)
        assert process.wait(LONGEST) == 128 + end
        assert process.stderr is not None
        quiet = "" if end is signal.SIGINT else f"boxoffice was told to end ({end.name}).\n"
        assert process.stderr.read() == quiet
    assert not site.state.webhooks
    log = (computer.data / "boxoffice.log").read_text()
    assert url.rsplit("/", 1)[1] not in log
    assert "Traceback" not in log


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_for_people_a_line_each_and_nothing_hostile(
    site: SandboxThread, computer: Computer
) -> None:
    with computer.start("hooks", "--hooks", "127.0.0.1:0") as process:
        url = said(process).split()[-1]
        assert "Ctrl-C" in said(process)
        assert not site.state.webhooks
        many = [{"uuid": f"{number:032x}"} for number in range(9)]
        hostile = {"action": "\x1b]0;x\x07a\nb", "data": {"tickets": many, "event": "e" * 32}}
        assert post(url, json.dumps(hostile).encode()) == 200
        line = printed(process)
        assert "\x1b" not in line
        assert f"event {'e' * 32}" in line
        assert "and 5 more" in line
        assert post(url, json.dumps(PAID).encode()) == 200
        assert "purchase.paid" in printed(process)
        assert printed(process).strip() == ("UWb127908 · PAID · Zapier integration · John Doe")
        assert printed(process).strip() == (
            "Admission · John Doe · Ticketbutler · Job Title: CFO · Menu: Fish"
        )
        process.terminate()
        assert process.wait(LONGEST) == 143
        assert process.stdout is not None
        assert process.stdout.read() == ""


def test_what_cannot_be_is_said(site: SandboxThread, computer: Computer) -> None:
    port = site.url.rsplit(":", 1)[1]
    ran = computer.run("hooks", "--hooks", port)
    assert ran.status == 1
    assert port in ran.sentence
    ran = computer.run("hooks", "--hooks", "here")
    assert ran.status == 2
    assert "127.0.0.1:8801" in ran.sentence
    ran = computer.run("hooks", "--hooks", "0", "--register", "--action", "nothing.such")
    assert ran.status == 1
    assert "The site sends no webhooks" in ran.err
    assert "Example: boxoffice hooks" in " ".join(computer.run("hooks", "--help").out.split())


@both_dialects
def test_what_a_killed_run_has_left_is_removed_by_the_next(
    site: SandboxThread, computer: Computer
) -> None:
    command = ("hooks", "--hooks", "0", "--register")
    with computer.start(*command) as beside:
        kept = f"{url_registered(beside)}?run=0"
        with computer.start(*command) as killed:
            left = f"{url_registered(killed)}?run=1"
            assert urls(site) == sorted([left, kept])
            killed.kill()
            killed.wait(LONGEST)
        with computer.start("scan", "--hooks", "0", "--hooks-register") as again:
            url = next(word for word in said(again).split() if word.startswith("http://"))
            wait_for(lambda: left not in urls(site))
            assert urls(site) == sorted([kept, f"{url}?run=1"])
            again.communicate("")
            assert again.returncode == 0
        assert urls(site) == [kept]
        beside.terminate()
        assert beside.wait(LONGEST) == (143 if sys.platform != "win32" else 1)
    assert sys.platform == "win32" or not urls(site)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@both_dialects
@pytest.mark.parametrize("end", [signal.SIGTERM, HANG_UP])
def test_scan_that_is_told_to_end_takes_its_webhook_back(
    site: SandboxThread, computer: Computer, end: signal.Signals
) -> None:
    with computer.start("scan", "--hooks", "0", "--hooks-register") as process:
        said(process)
        assert urls(site)
        process.send_signal(end)
        assert process.wait(LONGEST) == 128 + end
    assert not urls(site)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminals")
@pytest.mark.parametrize("end", [signal.SIGTERM, HANG_UP])
def test_so_does_the_app(site: SandboxThread, computer: Computer, end: signal.Signals) -> None:
    terminal = Terminal("--hooks", "0", "--hooks-register", environment=computer.environment)
    terminal.wait_for("tickets")
    wait_for(lambda: urls(site))
    terminal.process.send_signal(end)
    status = terminal.end()
    terminal.close()
    assert status == 128 + end
    assert "boxoffice was told to end" in terminal.seen
    assert "\x1b[?1049l" in terminal.seen, "the terminal is as it was"
    assert not urls(site)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_told_to_end_while_the_site_makes_it(site: SandboxThread, computer: Computer) -> None:
    rule = site.faults.set("hang-after", path="/webhooks/v1/**", method="POST")
    with computer.start("hooks", "--hooks", "0", "--register") as process:
        wait_for(lambda: rule.hits and urls(site))
        process.terminate()
        assert process.wait(LONGEST) == 143
        assert process.stderr is not None
        assert "It is not known whether the site makes the webhook" in process.stderr.read()


@both_dialects
def test_killed_while_the_site_makes_it(site: SandboxThread, computer: Computer) -> None:
    rule = site.faults.set("hang-after", path="/webhooks/v1/**", method="POST")
    with computer.start("hooks", "--hooks", "0", "--register") as process:
        wait_for(lambda: rule.hits and urls(site))
        process.kill()
        process.wait(LONGEST)
    site.faults.clear(rule)
    with computer.start("hooks", "--hooks", "0") as process:
        wait_for(lambda: not urls(site))
        process.kill()
        process.wait(LONGEST)


def url_registered(process: "subprocess.Popen[str]") -> str:
    url = said(process).split()[-1]
    assert "until boxoffice ends" in said(process)
    return url


def urls(site: SandboxThread) -> list[str]:
    return sorted(hook.url for hook in site.state.webhooks.values())


def wait_for(condition: Callable[[], object]) -> None:
    """Wait for the other process; only a broken program needs long."""
    for _ in range(2000):
        if condition():
            return
        time.sleep(0.01)
    pytest.fail("it did not come to that")


def test_a_secret_that_cannot_be_kept(site: SandboxThread, computer: Computer) -> None:
    (computer.data / "localhost" / "hooks.path" / "full").mkdir(parents=True)
    ran = computer.run("hooks", "--hooks", "0")
    assert ran.status == 1
    assert "hooks.path" in ran.sentence
    computer.environment["BOXOFFICE_HOOKS"] = "0"
    ran = computer.scan(site.examples()["plain"].uuid)
    assert ran.status == 0
    assert [line["verdict"] for line in ran.lines] == ["admitted"]
    assert "hooks.path" in ran.sentence


@both_dialects
def test_scan_hears_of_another_door(site: SandboxThread, computer: Computer) -> None:
    ticket = site.examples()["plain"]
    with computer.start("scan", "--json", "--hooks", "0", "--hooks-register") as process:
        assert "Webhooks are received at http://127.0.0.1:" in said(process)
        assert process.stdin is not None
        process.stdin.write(f"{site.examples()['refunded_ticket'].uuid}\n")
        process.stdin.flush()
        assert json.loads(printed(process))["verdict"] == "refunded"
        site.state.check_in(ticket)
        process.stdin.write(f"{ticket.uuid}\n")
        process.stdin.close()
        assert json.loads(printed(process))["verdict"] == "already_in"
        assert process.wait(LONGEST) == 0
    assert not site.state.webhooks


def test_other_commands_leave_the_port_alone(site: SandboxThread, computer: Computer) -> None:
    computer.environment["BOXOFFICE_HOOKS"] = site.url.rsplit(":", 1)[1]
    for command in (["events"], ["sync"], ["queue"], ["report"], ["sell", "--type", "x=1"]):
        assert "Webhooks" not in computer.run(*command).err


def test_scan_goes_on_where_the_port_is_taken(site: SandboxThread, computer: Computer) -> None:
    computer.environment["BOXOFFICE_HOOKS"] = site.url.rsplit(":", 1)[1]
    ran = computer.scan(site.examples()["plain"].uuid)
    assert ran.status == 0
    assert [line["verdict"] for line in ran.lines] == ["admitted"]
    assert "cannot be received" in ran.sentence
