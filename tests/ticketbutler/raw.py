"""A server that says exactly what a test tells it to, and what a client makes of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar

import pytest

from boxoffice.ticketbutler import Ticketbutler, TicketbutlerError

KEY = "0123456789abcdefKEY"
UUID = "957e996e16d94aff959800a03bf8c726"
TICKET = b'{"uuid": "957e996e-16d9-4aff-9598-00a03bf8c726", "checked_in": true}'


class RawServer:
    """Answers a request with `answer`, and then closes the connection.

    `seen` holds the requests. Without an `answer` it takes the request and says nothing.
    """

    def __init__(self) -> None:
        self.answer: bytes | None = None
        self.abort = False
        self.seen: list[bytes] = []
        self.arrived = asyncio.Event()
        self.closed = asyncio.Event()
        self.url = ""
        self._left = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if request := await self._request(reader):
                self.seen.append(request)
                self.arrived.set()
                if self.answer is None and not self.abort:
                    await self._left.wait()
                if self.abort:
                    writer.transport.abort()
                    return
                writer.write(self.answer or b"")
                await writer.drain()
        except ConnectionError:
            return  # the client has seen enough
        finally:
            writer.close()
            await asyncio.gather(writer.wait_closed(), return_exceptions=True)
            self.closed.set()

    async def _request(self, reader: asyncio.StreamReader) -> bytes:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            return b""
        length = next(
            (
                int(line[15:])
                for line in head.lower().split(b"\r\n")
                if line[:15] == b"content-length:"
            ),
            0,
        )
        return head + await reader.readexactly(length)

    def reply(
        self,
        body: bytes = b"",
        status: str = "200 OK",
        *headers: str,
        kind: str = "application/json",
        length: int | None = None,
    ) -> None:
        """Answer from now on with this status, these headers and this body."""
        lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", *headers]
        lines.append(f"Content-Length: {len(body) if length is None else length}")
        self.answer = "\r\n".join([*lines, "", ""]).encode() + body

    def release(self) -> None:
        """Let go of the requests that were not answered."""
        self._left.set()


async def read_error(client: Ticketbutler) -> TicketbutlerError:
    with pytest.raises(TicketbutlerError) as caught:
        await client.tickets.get(UUID)
    return caught.value


async def list_error(client: Ticketbutler) -> TicketbutlerError:
    with pytest.raises(TicketbutlerError) as caught:
        await client.tickets.list(UUID)
    return caught.value


async def write_error(client: Ticketbutler) -> TicketbutlerError:
    with pytest.raises(TicketbutlerError) as caught:
        await client.tickets.patch(UUID, checked_in=True)
    return caught.value


Server = TypeVar("Server", bound=RawServer)


@asynccontextmanager
async def listening(server: Server) -> AsyncIterator[Server]:
    """The server, at a port of its own."""
    listener = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    yield server
    server.release()
    listener.close()
    await listener.wait_closed()
