"""Doors of an engine that a test has started, and the cable between them and it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Self

from boxoffice.domain.invitation import Address
from boxoffice.domain.secret_text import SecretStr
from boxoffice.domain.venue import Claim
from boxoffice.venue import protocol
from boxoffice.venue.connection import Connection
from boxoffice.venue.engine import Engine
from boxoffice.venue.engine_config import stream_config
from boxoffice.venue.feed import BATCH, Feed
from boxoffice.venue.membership import Membership
from boxoffice.venue.record import Author, Record
from tests.venue.engines import PASSWORDS

EVENT = "e" * 32
HUB = "0123456789abcdef"
AT = datetime(2026, 5, 8, 18, 30, tzinfo=UTC)


def ticket(number: int) -> str:
    return f"{number:032x}"


def author(number: int) -> Author:
    """Of the door with that number: its device and its lane."""
    return Author(f"{number:016x}", f"Lane {number}")


def membership(engine: Engine, number: int = 0, *addresses: Address, epoch: int = 1) -> Membership:
    """Of the door with that number; `addresses`: other ones than the engine's."""
    user = f"door{number}"
    return Membership(
        "Hall",
        HUB,
        epoch,
        addresses or (Address("127.0.0.1", engine.port),),
        user,
        SecretStr(PASSWORDS[user]),
        (engine.folder / "cert.pem").read_text(encoding="ascii"),
    )


async def open_stream(engine: Engine, event: str = EVENT, epoch: int = 1, hub: str = HUB) -> None:
    """Make an event's stream, as a hub does when a door asks for it."""
    metadata = {protocol.HUB: hub, protocol.EPOCH: str(epoch)}
    subjects = protocol.stored_subjects(event)
    config = stream_config(protocol.stream(event), subjects, metadata=metadata)
    await engine.client.jetstream().add_stream(config)


@asynccontextmanager
async def connected(
    engine: Engine, number: int = 0, *addresses: Address
) -> AsyncIterator[Connection]:
    """One connection of the door with that number."""
    member = membership(engine, number, *addresses)
    connection = await Connection.open(member.addresses[0], member)
    try:
        yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def recorded(
    engine: Engine, number: int = 0, *addresses: Address, event: str = EVENT
) -> AsyncIterator[Record]:
    """The record of an event, whose stream is there, on a connection of that door's."""
    async with connected(engine, number, *addresses) as connection:
        yield await Record.open(connection, event)


async def read_all(record: Record, after: int = 0) -> list[Claim]:
    feed = await Feed.open(record, [protocol.claim_subject(record.event, "*", "*")], after)
    claims: list[Claim] = []
    while feed.left:
        batch = await feed.read()
        assert len(batch.messages) <= BATCH
        for stored in batch.messages:
            claim = protocol.read_message(*stored)
            assert isinstance(claim, Claim)
            claims.append(claim)
    await feed.close()
    return claims


class Cable:
    """A way to the engine that can be cut, and that can hold back or lose what goes over it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._passes = asyncio.Event()
        self._passes.set()
        self._answers_pass = True
        self.arrived = 0
        """How often something came that was held back or lost."""
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self._at = Address("127.0.0.1", 0)

    async def __aenter__(self) -> Self:
        await self.plug()
        self._at = self.address
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.cut()

    @property
    def address(self) -> Address:
        if self._at.port:
            return self._at
        assert self._server is not None
        return Address("127.0.0.1", self._server.sockets[0].getsockname()[1])

    async def unplug(self) -> None:
        """End what is connected over it, and refuse whoever connects."""
        assert self._server is not None
        self._server.close()
        self.cut()

    async def plug(self) -> None:
        """Let doors connect again, where they did."""
        self._server = await asyncio.start_server(self._serve, *self._at)

    def hold(self) -> None:
        """Let nothing pass, and lose nothing."""
        self._passes.clear()

    def lose_answers(self) -> None:
        """Let pass what the door sends, and nothing of what the engine does."""
        self._answers_pass = False

    def restore(self) -> None:
        """Let everything pass, and what was held back before it."""
        self._answers_pass = True
        self._passes.set()

    def cut(self) -> None:
        """End what is connected over it; what was held back is lost."""
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self._writers.add(writer)
        with contextlib.suppress(OSError):  # the engine is away: so is this end
            there, to_engine = await asyncio.open_connection("127.0.0.1", self._port)
            self._writers.add(to_engine)
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(self._pass_on(reader, to_engine, answers=False))
                    group.create_task(self._pass_on(there, writer, answers=True))
            except* OSError:
                to_engine.transport.abort()
        writer.transport.abort()

    async def _pass_on(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, answers: bool
    ) -> None:
        while passing := await source.read(1 << 16):
            is_lost = answers and not self._answers_pass
            self.arrived += is_lost or not self._passes.is_set()
            await self._passes.wait()
            if not is_lost:
                target.write(passing)
                await target.drain()
        raise ConnectionResetError
