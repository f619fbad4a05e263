"""A server with an answer of its own for each path, and a memory for what it was asked."""

import asyncio
import json
from typing import NamedTuple

from tests.ticketbutler.raw import RawServer

EVENT = "887d9eb1bd1d400490deead624269c13"
TYPE = "5025811e9d8346379d1db8a527909d0b"
OTHER = "6a547b3c0bde434aa595bfb37b4f2851"


class Request(NamedTuple):
    line: str
    """Method and path under `/api/v3/`, with the query."""
    body: object


class ScriptedServer(RawServer):
    """Answers by `answers`, of what method and path it may be; 404 to everything else.

    An answer is JSON, or a whole reply as bytes. Of a list in a tuple each element is said once,
    the last one for ever.
    """

    def __init__(self) -> None:
        super().__init__()
        self.answers: dict[str, object] = {}
        self.asked: list[Request] = []

    @property
    def writes(self) -> list[Request]:
        return [each for each in self.asked if not each.line.startswith("GET ")]

    async def _request(self, reader: asyncio.StreamReader) -> bytes:
        request = await super()._request(reader)
        if request:
            head, _, body = request.partition(b"\r\n\r\n")
            method, target, _ = head.split(b"\r\n")[0].decode().split(" ")
            line = f"{method} {target.removeprefix('/api/v3/')}"
            self.asked.append(Request(line, json.loads(body) if body else None))
            self._reply_to(line)
        return request

    def _reply_to(self, line: str) -> None:
        if line not in self.answers:
            self.reply(b'{"detail": "Not found."}', "404 Not Found")
            return
        answer = self.answers[line]
        if isinstance(answer, tuple):
            answer, *rest = answer
            if rest:
                self.answers[line] = tuple(rest)
        if isinstance(answer, bytes):
            self.answer = answer
        else:
            self.reply(json.dumps(answer).encode())


def reply(body: bytes, status: str = "200 OK", kind: str = "application/json") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


PAGE = reply(b"<html><title>Not Found</title></html>", "404 Not Found", "text/html; charset=utf-8")
PORTAL = reply(b"<!DOCTYPE html><title>Log in</title>", kind="text/html")
