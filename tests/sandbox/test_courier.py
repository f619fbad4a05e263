"""Webhooks that do not arrive: tried again, given up, and never sent outside; their log."""

import asyncio

import httpx
import pytest

from boxoffice.sandbox import Sandbox, SandboxThread
from boxoffice.sandbox.courier import RETRIES, Stage
from tests.sandbox.receiver import Receiver, register
from tests.support import FakeClock, until

OUTSIDE = "https://example.com/webhooks/b38406bf-22c0-4225-854f-r2u88qae7f42"


async def test_tried_again_with_growing_pauses(
    hooks: httpx.AsyncClient, sandbox: Sandbox, clock: FakeClock, receiver: Receiver
) -> None:
    await register(hooks, receiver.url, "ticket.checkin")
    receiver.answers = [503, 302, 500]
    sandbox.state.check_in(sandbox.examples()["plain"])
    for tried, pause in enumerate(RETRIES[:3], 1):
        await until(lambda: clock.sleeping)
        assert clock.next_in == pause
        assert len(receiver.got) == tried
        await clock.advance(pause)
    await until(lambda: len(receiver.got) == 4)
    (delivery,) = sandbox.courier
    await until(lambda: delivery.stage is Stage.DELIVERED)
    assert delivery.tries == 4
    assert receiver.got[0] == receiver.got[3]


async def test_given_up_in_the_end(
    hooks: httpx.AsyncClient, sandbox: Sandbox, clock: FakeClock, receiver: Receiver
) -> None:
    await register(hooks, receiver.url)
    await receiver.close()
    sandbox.state.check_in(sandbox.examples()["plain"])
    (delivery,) = sandbox.courier
    for pause in RETRIES:
        await until(lambda: clock.sleeping)
        await clock.advance(pause)
    await until(lambda: delivery.stage is Stage.FAILED)
    assert delivery.tries == len(RETRIES) + 1
    assert delivery.reason == "No answer: ConnectionRefusedError."


async def test_a_silent_receiver_holds_nobody_up(
    hooks: httpx.AsyncClient, sandbox: Sandbox, receiver: Receiver
) -> None:
    async with Receiver() as silent:
        silent.answers = [None]
        await register(hooks, silent.url)
        await register(hooks, receiver.url)
        sandbox.state.check_in(sandbox.examples()["plain"])
        await until(lambda: receiver.got)
        first, _ = sandbox.courier
        assert first.reason == ""
        assert first.stage is Stage.WAITING


async def test_a_silent_receiver_is_given_up(hooks: httpx.AsyncClient, sandbox: Sandbox) -> None:
    async with Receiver() as silent:
        silent.answers = [None]
        sandbox.courier.timeout = 0.05
        await register(hooks, silent.url)
        sandbox.state.check_in(sandbox.examples()["plain"])
        (delivery,) = sandbox.courier
        await until(lambda: delivery.reason)
        assert delivery.reason == "No answer within 0.05 s."
        assert delivery.stage is Stage.WAITING


@pytest.mark.parametrize("answer", [b"nonsense\r\n\r\n", b"", b"HTTP/1.1 abc\r\n\r\n"])
async def test_a_receiver_that_speaks_no_http(
    hooks: httpx.AsyncClient, sandbox: Sandbox, answer: bytes
) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    await register(hooks, f"http://localhost:{port}/")
    sandbox.state.check_in(sandbox.examples()["plain"])
    (delivery,) = sandbox.courier
    await until(lambda: delivery.reason)
    assert delivery.reason.startswith("No answer")
    server.close()
    await server.wait_closed()


@pytest.mark.parametrize("url", [OUTSIDE, "http://192.0.2.1/", "https://127.0.0.1:9/x"])
async def test_nobody_outside_is_called(
    hooks: httpx.AsyncClient, sandbox: Sandbox, url: str
) -> None:
    await register(hooks, url)
    sandbox.state.check_in(sandbox.examples()["plain"])
    (delivery,) = sandbox.courier
    await until(lambda: delivery.stage is Stage.FAILED)
    assert delivery.tries == 0
    assert delivery.reason.startswith("Not sent: only receivers")


async def test_switched_off_and_deleted_hooks_are_silent(
    hooks: httpx.AsyncClient, sandbox: Sandbox, clock: FakeClock, receiver: Receiver
) -> None:
    uuid = await register(hooks, receiver.url)
    examples = sandbox.examples()
    await hooks.patch(f"whitelabel/hooks/{uuid}/", json={"active": False})
    sandbox.state.check_in(examples["plain"])
    assert list(sandbox.courier) == []
    await hooks.patch(f"whitelabel/hooks/{uuid}/", json={"active": True})
    receiver.answers = [500]
    sandbox.state.check_in(examples["party"])
    await until(lambda: clock.sleeping)
    await hooks.delete(f"whitelabel/hooks/{uuid}/")
    await clock.advance(RETRIES[0])
    (delivery,) = sandbox.courier
    await until(lambda: delivery.stage is Stage.FAILED)
    assert delivery.reason == "The webhook was removed or switched off."
    assert len(receiver.got) == 1


async def test_a_stop_gives_up_what_waits(
    hooks: httpx.AsyncClient, sandbox: Sandbox, clock: FakeClock, receiver: Receiver
) -> None:
    await register(hooks, receiver.url)
    receiver.answers = [500]
    sandbox.state.check_in(sandbox.examples()["plain"])
    await until(lambda: clock.sleeping)
    await sandbox.stop()
    assert clock.sleeping == 0
    sandbox.state.check_in(sandbox.examples()["party"])
    reasons = {each.reason for each in sandbox.courier}
    assert reasons == {"The server was stopped."}
    await sandbox.start()
    sandbox.state.check_in(sandbox.examples()["external"])
    await until(lambda: len(receiver.got) == 2)


async def test_the_log_beside_the_api(
    hooks: httpx.AsyncClient, sandbox: Sandbox, receiver: Receiver
) -> None:
    await register(hooks, receiver.url)
    sandbox.state.check_in(sandbox.examples()["plain"])
    await until(lambda: all(each.stage is Stage.DELIVERED for each in sandbox.courier))
    path = f"{sandbox.url}/_sandbox/hooks/"
    (row,) = (await hooks.get(path)).json()
    assert (row["action"], row["stage"], row["tries"], row["status"]) == (
        "ticket.checkin", "delivered", 1, 200
    )  # fmt: skip
    assert row["url"] == receiver.url
    assert (await hooks.delete(path)).json() == []
    assert list(sandbox.courier) == []


async def test_told_from_another_thread(receiver: Receiver) -> None:
    box = SandboxThread(tickets=40)
    await asyncio.to_thread(box.start)
    try:
        headers = {"Authorization": f"Token {box.token}"}
        async with httpx.AsyncClient(
            base_url=box.url, headers=headers, trust_env=False, verify=False
        ) as client:
            made = {"url": receiver.url, "action": "ticket.checkin"}
            await client.post("/webhooks/v1/whitelabel/hooks/", json=made)
        box.state.check_in(box.examples()["plain"])
        await until(lambda: receiver.got)
    finally:
        await asyncio.to_thread(box.stop)


async def test_faults_meet_the_webhooks_paths_too(
    hooks: httpx.AsyncClient, sandbox: Sandbox
) -> None:
    sandbox.faults.set("503", path="/webhooks/v1/actions/", times=1)
    assert (await hooks.get("actions/")).status_code == 503
    assert (await hooks.get("actions/")).status_code == 200
    assert sandbox.log.count("GET", "/webhooks/v1/actions/") == 2
