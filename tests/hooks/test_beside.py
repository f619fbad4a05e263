"""Webhooks are opened beside the lane: whatever becomes of them, the door opens, and closes."""

import asyncio
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from boxoffice.cli.app_context import AppContext
from boxoffice.domain.invitation import Address
from boxoffice.hooks.receiver import Receiver
from boxoffice.sandbox import Sandbox
from tests.hooks.conftest import Post
from tests.support import settle, until

ContextOf = Callable[..., AppContext]
SLOW_NAME = "slow.example"


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Does not answer for one name until this is set."""
    answers, real = threading.Event(), socket.getaddrinfo

    def ask(host: str | None, *arguments: Any, **named: Any) -> list[Any]:
        if host == SLOW_NAME:
            answers.wait(60)
            host = "127.0.0.1"
        return real(host, *arguments, **named)

    monkeypatch.setattr(socket, "getaddrinfo", ask)
    yield answers
    answers.set()


async def admits(context: AppContext, sandbox: Sandbox) -> None:
    """The door opens and lets somebody in."""
    assert context.event is not None
    lane = await context.lane(context.event)
    await until(lambda: lane.status.list_at, "a list")
    assert (await lane.scan(sandbox.examples()["plain"].uuid)).verdict.word == "ADMITTED"


async def test_a_slow_look_up_holds_up_neither_door_nor_end(
    sandbox: Sandbox, context_of: ContextOf, resolver: threading.Event
) -> None:
    context = context_of(hooks=f"{SLOW_NAME}:0")
    await admits(context, sandbox)
    live = context.listener
    assert live is not None
    assert live.sentence == f"Webhooks are not received yet: {SLOW_NAME}:0 is being opened."
    assert live.trouble == ""
    await context.close()
    assert not resolver.is_set()
    await live.ready()


async def test_a_slow_look_up_that_ends_well(
    sandbox: Sandbox, context_of: ContextOf, resolver: threading.Event
) -> None:
    context = context_of(hooks=f"{SLOW_NAME}:0")
    await admits(context, sandbox)
    resolver.set()
    await until(lambda: context.listener is not None and context.listener.registered, "a webhook")


async def test_a_secret_that_cannot_be_kept(
    sandbox: Sandbox, context_of: ContextOf, tmp_path: Path
) -> None:
    context = context_of()
    folder = tmp_path / "North" / "localhost" / "hooks.path"
    folder.mkdir(parents=True)
    (folder / "full").touch()
    await admits(context, sandbox)
    assert context.listener is not None
    await context.listener.ready()
    assert context.listener.trouble.startswith("No webhooks are received: ")
    assert str(folder) in context.listener.trouble == context.listener.sentence
    assert not sandbox.state.webhooks


async def test_a_fault_of_the_program_itself(
    sandbox: Sandbox,
    context_of: ContextOf,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fail(*_: object) -> Address:
        raise RuntimeError("odd")

    monkeypatch.setattr(Receiver, "open", fail)
    context = context_of()
    with caplog.at_level(logging.ERROR):
        await admits(context, sandbox)
        assert context.listener is not None
        await context.listener.ready()
    assert "log" in context.listener.trouble
    assert [record.exc_info is not None for record in caplog.records] == [True]


async def test_a_port_that_becomes_free_is_opened_from_the_palette(
    sandbox: Sandbox, post: Post, context_of: ContextOf
) -> None:
    context = context_of(hooks=f"127.0.0.1:{post.port}")
    await admits(context, sandbox)
    assert context.listener is not None
    await context.listener.ready()
    assert str(post.port) in context.listener.trouble
    await post.receiver.close()
    assert "until boxoffice ends" in await context.listener.register()
    assert context.listener.trouble == ""
    assert [hook.url for hook in sandbox.state.webhooks.values()] == [
        f"{context.listener.url}?run=0"
    ]


@pytest.mark.parametrize("steps", [*range(16), 40])
async def test_closed_while_it_is_opened(
    sandbox: Sandbox, context_of: ContextOf, steps: int
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    before = asyncio.all_tasks()
    context = context_of(hooks=f"127.0.0.1:{port}")
    await context.sync()
    context.listen(lambda _: None).start(register=True)
    await settle(steps)
    await context.close()
    with pytest.raises(ConnectionError):
        await asyncio.open_connection("127.0.0.1", port)
    await settle()
    assert {task for task in asyncio.all_tasks() - before if "sandbox" not in repr(task)} == set()
    assert not sandbox.state.webhooks
