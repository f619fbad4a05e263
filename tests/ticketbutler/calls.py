"""The request that a method of the client makes, without a site to send it to."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from boxoffice.domain.secret_text import SecretStr
from boxoffice.ticketbutler import Ticketbutler
from boxoffice.ticketbutler.wire import Call, Reply

SITE = "https://test.ticketbutler.example"

Ask = Callable[[Ticketbutler], Awaitable[object]]


class _Sent(Exception):
    def __init__(self, call: Call[Any]) -> None:
        super().__init__(str(call))
        self.call = call


class _Unconnected(Ticketbutler):
    async def exchange(
        self, call: Call[Any], read: Callable[[Call[Any], Reply], Awaitable[Any]]
    ) -> Any:
        raise _Sent(call)


def call_of(ask: Ask) -> Call[Any]:
    """The first request of `ask`; whatever is raised before it is raised here."""

    async def run() -> Call[Any]:
        try:
            await ask(_Unconnected(SITE, SecretStr("key")))
        except _Sent as sent:
            return sent.call
        raise AssertionError("nothing was sent")

    return asyncio.run(run())
