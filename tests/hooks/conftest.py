"""A receiver on a port of its own, and a computer that listens for webhooks."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from boxoffice.cli.app_context import AppContext
from boxoffice.config import Settings
from boxoffice.domain.secret_text import SecretStr
from boxoffice.hooks import NOWHERE_ELSE
from boxoffice.hooks.receiver import Receiver
from boxoffice.sandbox import Sandbox
from boxoffice.ticketbutler.resources.webhooks import Hook
from tests.support import FakeClock

PATH = "/hooks/secret"
TICKET = "9f2425082918442ca7e473121eaf153d"


def body(action: str = "ticket.checkin", **data: object) -> bytes:
    told = {"uuid": TICKET, "checked_in": True} | data
    return json.dumps({"uuid": TICKET, "action": action, "live": True, "data": told}).encode()


def request(content: bytes, path: str = PATH, *, method: str = "POST", head: str = "") -> bytes:
    """As it goes over the wire."""
    lines = f"{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(content)}\r\n{head}\r\n"
    return lines.encode() + content


async def bounded(reading: Awaitable[bytes]) -> bytes:
    """What is read; only a broken program needs longer."""
    async with asyncio.timeout(20):
        return await reading


@dataclass
class Post:
    port: int
    receiver: Receiver
    hooks: list[Hook] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def send(self, *pieces: bytes) -> int:
        """Send a request, piece by piece; the status, 0 where none came."""
        reader, writer = await self.connect()
        try:
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
            said = await bounded(reader.read())
        finally:
            writer.close()
        return int(said.split()[1]) if said else 0


@pytest.fixture
async def post(clock: FakeClock) -> AsyncIterator[Post]:
    hooks: list[Hook] = []
    refused: list[str] = []
    receiver = Receiver(PATH, hooks.append, clock=clock, refused=refused.append)
    found = await receiver.open(NOWHERE_ELSE._replace(port=0))
    yield Post(found.port, receiver, hooks, refused)
    await receiver.close()


@pytest.fixture
async def context_of(
    sandbox: Sandbox, clock: FakeClock, tmp_path: Path
) -> AsyncIterator[Callable[..., AppContext]]:
    """Makes computers at the sandbox; they listen at any port that is free."""
    contexts: list[AppContext] = []

    def make(name: str = "North", **settings: object) -> AppContext:
        known = {
            "url": sandbox.url,
            "event": sandbox.state.tonight.uuid,
            "lane": name,
            "data_dir": tmp_path / name,
            "hooks": "127.0.0.1:0",
            "hooks_register": True,
            "read_codes": False,
        }
        context = AppContext(
            Settings.of(known | settings), key=SecretStr(sandbox.token), clock=clock
        )
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        await context.close()
