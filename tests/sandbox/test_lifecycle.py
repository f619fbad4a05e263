"""Starting, stopping, starting again; the thread; the command's loop; another door."""

import asyncio
import io
import logging
import random
import socket
import subprocess
import sys
import threading

import httpx
import pytest

from boxoffice.sandbox import PortTakenError, Sandbox, SandboxThread
from boxoffice.sandbox.server import serve
from tests.support import FakeClock, until


def refused(url: str) -> bool:
    """Whether nothing listens there."""
    host, _, port = url.removeprefix("http://").partition(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) != 0


async def test_same_port_and_state_after_a_stop(api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    ticket = sandbox.examples()["plain"]
    url = sandbox.url
    await api.patch(f"tickets/{ticket.uuid}/", json={"checked_in": True})
    await sandbox.stop()
    assert not sandbox.running
    assert refused(url)
    with pytest.raises(httpx.TransportError):
        await api.get("ping/")
    await sandbox.start()
    assert sandbox.url == url
    assert (await api.get(f"tickets/{ticket.uuid}/")).json()["checked_in"] is True


def test_the_start_imports_nothing_of_an_organisers() -> None:
    """A door's demonstration starts as fast as it did without them."""
    program = """
import asyncio, sys
from boxoffice.sandbox import Sandbox
async def start():
    async with Sandbox(tickets=40) as box:
        box.state.check_in(box.examples()["plain"])
asyncio.run(start())
late = "xlsxwriter api_questions api_events api_platform shapes_hooks".split()
print([name for name in sys.modules if name.rpartition(".")[2] in late])
"""
    got = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert got.stdout.strip() == "[]"


async def test_stop_loses_what_hangs(api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    rule = sandbox.faults.set("hang")
    asked = [asyncio.create_task(api.get("ping/")) for _ in range(3)]
    await until(lambda: rule.hits == 3)
    await sandbox.stop()
    for each in await asyncio.gather(*asked, return_exceptions=True):
        assert isinstance(each, httpx.TransportError)
    await sandbox.stop()  # once more is harmless


async def test_port_taken(sandbox: Sandbox) -> None:
    port = int(sandbox.url.rpartition(":")[2])
    for wrong in (port, 70_000):
        with pytest.raises(PortTakenError, match=f"Port {wrong} cannot be used"):
            await Sandbox(tickets=1, port=wrong).start()


async def test_rubbish_is_answered_without_a_word_on_the_screen(
    sandbox: Sandbox, capfd: pytest.CaptureFixture[str]
) -> None:
    port = int(sandbox.url.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"\x16\x03\x01 rubbish\r\n\r\n")
    assert b"400" in await reader.readline()
    writer.close()
    await writer.wait_closed()
    assert capfd.readouterr() == ("", "")
    assert logging.getLogger("uvicorn").handlers


async def test_too_large_a_request(api: httpx.AsyncClient) -> None:
    got = await api.post("orders/", content=b" " * 9_000_000)
    assert got.status_code == 413


def test_thread() -> None:
    with SandboxThread(tickets=40) as box:
        headers = {"Authorization": f"Token {box.token}"}
        with httpx.Client(
            base_url=box.url, headers=headers, trust_env=False, verify=False
        ) as client:
            assert client.get("/api/v3/ping/").status_code == 200
            url = box.url
            box.stop()
            assert not box.running
            assert refused(url)
            with pytest.raises(httpx.TransportError):
                client.get("/api/v3/ping/")
            box.start()
            box.start()
            assert box.url == url
            rule = box.faults.set("hang")
            threading.Timer(0, box.faults.clear).start()
            assert client.get("/api/v3/ping/").status_code == 200
            assert rule.hits <= 1
    assert refused(url)


def test_thread_on_a_taken_port() -> None:
    with SandboxThread(tickets=1) as box:
        port = int(box.url.rpartition(":")[2])
        other = SandboxThread(tickets=1, port=port)
        with pytest.raises(PortTakenError):
            other.start()
        assert not other.running


def test_serve_until_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def interrupt(self: SandboxThread, seconds: float) -> None:
        headers = {"Authorization": "Token mine"}
        asked.append(
            httpx.get(f"{self.url}/api/v3/ping/", headers=headers, verify=False).status_code
        )
        raise KeyboardInterrupt

    monkeypatch.setattr(SandboxThread, "join", interrupt)
    out = io.StringIO()
    server = SandboxThread(port=0, token="mine", tickets=1)
    server.faults.set("latency=0.001")
    server.faults.switch("503 GET")
    serve(server, out)
    assert asked == [503]
    first, second, *_, last = out.getvalue().splitlines()
    assert first.startswith("url:   http://127.0.0.1:")
    assert second == "token: mine"
    assert last == "Stopped."
    assert refused(first.split()[-1])


async def test_another_door(clock: FakeClock) -> None:
    async with Sandbox(tickets=60, now=clock.now, sleep=clock.sleep, another_door_every=4) as box:
        tonight = box.state.tonight
        before = sum(each.checked_in for each in tonight.tickets)
        await clock.advance(60)
        assert sum(each.checked_in for each in tonight.tickets) >= before + 10
    assert clock.sleeping == 0


async def test_another_door_admits_only_who_may_enter(sandbox: Sandbox) -> None:
    tonight = sandbox.state.tonight
    rnd = random.Random(3)
    waiting = {each for each in tonight.tickets if sandbox.state.may_enter(each)}
    admitted = {sandbox.state.admit_somebody(tonight, rnd) for _ in waiting}
    assert admitted == waiting
    assert sandbox.state.admit_somebody(tonight, rnd) is None
