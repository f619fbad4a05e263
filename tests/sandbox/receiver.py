"""A receiver of webhooks on this computer, which answers as a test tells it to."""

import asyncio
import json
from typing import Any, Self

import httpx


class Receiver:
    """Takes posts at `url`; `answers` are the next statuses, 200 when there are no more."""

    def __init__(self) -> None:
        self.answers: list[int | None] = []
        """None: no answer at all, the connection stays open."""
        self.heads: list[str] = []
        self.got: list[dict[str, Any]] = []
        self.url = ""
        self._server: asyncio.Server | None = None
        self._writers: list[asyncio.StreamWriter] = []

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/hooks/secret"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        if self._server is None:
            return
        self._server.close()
        for writer in self._writers:
            writer.close()
        await self._server.wait_closed()
        self._server = None

    @property
    def actions(self) -> list[str]:
        return [each["action"] for each in self.got]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(
            int(line.partition(":")[2])
            for line in head.splitlines()
            if line.lower().startswith("content-length:")
        )
        body = await reader.readexactly(length)
        self.heads.append(head)
        self.got.append(json.loads(body))
        status = self.answers.pop(0) if self.answers else 200
        if status is None:
            return
        writer.write(f"HTTP/1.1 {status} Said\r\nContent-Length: 2\r\n\r\nok".encode())
        await writer.drain()
        writer.close()


async def register(hooks: httpx.AsyncClient, url: str, action: str = "all") -> str:
    """Make a webhook that calls `url`; its uuid."""
    got = await hooks.post("whitelabel/hooks/", json={"url": url, "action": action})
    assert got.is_success, got.text
    uuid: str = got.json()["uuid"]
    return uuid
