"""A connection to a hub's engine, whose certificate is pinned.

The library waits for ever in places, and keeps a cancellation to itself in others: whatever it is
asked for has a deadline here that does not depend on it.
"""

import asyncio
import contextlib
import json
import logging
import re
import ssl
from collections.abc import Coroutine, Iterable
from typing import Any, NamedTuple, TypeVar

import nats.errors
from nats.aio.client import Client

from boxoffice.domain.invitation import Address
from boxoffice.venue import protocol

CLIENT_ERRORS = (OSError, nats.errors.Error)
"""Whatever the library raises where an engine is away, late, or refuses."""
ANSWERS_WITHIN = 5.0
"""Seconds for what is in no hurry."""
ENDS_WITHIN = 0.25
"""Seconds for what is left to do of a connection that was cut."""
CANCEL_AGAIN = 2.0
"""Seconds until what has not ended is cancelled once more: what has something left to do at its
end, such as to take back what it announces, has done it by then."""

# The library's reader of a TLS connection gives asyncio an answer that it warns of, at every loss.
logging.getLogger("asyncio").addFilter(lambda record: "eof_received()" not in record.getMessage())

_HUBS_NAME = re.compile(r"[0-9a-f]+-([0-9]{1,9})-[0-9]").fullmatch
"""See `boxoffice.venue.spares.engine_name`."""

T = TypeVar("T")
_abandoned: set[asyncio.Task[Any]] = set()
"""What went past its deadline and has not ended yet: the loop alone would forget it."""


async def bounded(
    work: Coroutine[Any, Any, T],
    seconds: float,
    *unless: "asyncio.Future[Any]",
) -> T:
    """What `work` gives. It is cancelled, and not waited for, when time is up. Raises TimeoutError.

    So too as soon as one of `unless` is done.
    """
    task = asyncio.ensure_future(work)
    try:
        await asyncio.wait({task, *unless}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise TimeoutError(f"no answer within {seconds:g} s")
        return task.result()
    finally:
        abandon(task)


def abandon(task: asyncio.Task[Any]) -> None:
    """Cancel it, and let it end whenever and however it does."""
    if not task.done():
        _abandoned.add(task)
        task.add_done_callback(_forget)
        task.cancel()


def _forget(task: asyncio.Task[Any]) -> None:
    _abandoned.discard(task)
    if not task.cancelled():
        task.exception()  # it came too late to be of use to anybody


async def end(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel them until they have ended, however they do.

    Before Python 3.12 `asyncio.wait_for`, by which the library waits, keeps a cancellation to
    itself that comes in the same turn of the loop as the answer.
    """
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _ended, left = await asyncio.wait(left, timeout=CANCEL_AGAIN)


def pinned(certificate: str) -> ssl.SSLContext:
    """Trusts whoever has the key of that one certificate (PEM), and nobody else."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_verify_locations(cadata=certificate)
    return context


class EngineInfo(NamedTuple):
    name: str
    """As it was told to call itself."""
    id: str
    """Its own, another one after each start."""

    @property
    def epoch(self) -> int:
        """The hub's, as it stands in its engine's name; 0: it is no hub's."""
        found = _HUBS_NAME(self.name)
        return int(found[1]) if found else 0


async def read_info(address: Address, certificate: str, within: float = 1) -> EngineInfo | None:
    """Of the engine with that certificate; None: none answers there."""

    async def read() -> EngineInfo:
        reader, writer = await asyncio.open_connection(
            address.host, address.port, ssl=pinned(certificate), server_hostname=protocol.TLS_NAME
        )
        try:
            info = json.loads((await reader.readline()).removeprefix(b"INFO "))
            return EngineInfo(str(info["server_name"]), str(info["server_id"]))
        finally:
            writer.transport.abort()

    try:
        return await bounded(read(), within)
    except (OSError, ValueError, KeyError, TypeError):  # another program, or another certificate
        return None


async def connect(
    address: str, user: str, password: str, certificate: str, within: float = ANSWERS_WITHIN
) -> Client:
    """A connection that is made once and never again. Raises OSError or nats.errors.Error.

    Its answers come to an inbox that nobody else may read.
    """
    return await _open(
        address,
        pinned(certificate),
        within,
        user=user,
        password=password,
        inbox_prefix=protocol.inbox(user),
    )


async def connect_stranger(address: str, within: float = ANSWERS_WITHIN) -> Client:
    """A connection of a computer that is no member yet, and may ask to be paired.

    It trusts whoever answers: what is exchanged there proves and hides itself. Raises OSError or
    nats.errors.Error.
    """
    anybody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
    return await _open(address, anybody, within)


async def _open(address: str, tls: ssl.SSLContext, within: float, **login: Any) -> Client:
    async def ignore(*_: object) -> None:
        """Who uses the connection sees it fail."""

    client = Client()
    connecting = client.connect(
        f"tls://{address}",
        tls=tls,
        tls_hostname=protocol.TLS_NAME,
        tls_handshake_first=True,
        allow_reconnect=False,
        max_reconnect_attempts=1,
        reconnect_time_wait=0,
        connect_timeout=round(within) or 1,
        flush_timeout=within,
        ping_interval=3600,
        error_cb=ignore,
        disconnected_cb=ignore,
        closed_cb=ignore,
        **login,
    )
    try:
        await bounded(connecting, within)
    except BaseException:
        await cut(client)
        raise
    return client


async def close(client: Client) -> None:
    """Close it when what was written is sent, or the other end has said nothing for too long."""
    with contextlib.suppress(*CLIENT_ERRORS):  # it is given up anyway
        await bounded(client.close(), ANSWERS_WITHIN)
    await cut(client)


async def cut(client: Client) -> None:
    """End it at once: the other end is not asked."""
    writer = getattr(client._transport, "_io_writer", None)
    if writer is not None:
        # Python 3.11.2 fails like this where TLS was closed before, and nothing is left to end.
        with contextlib.suppress(AttributeError):
            writer.transport.abort()
    with contextlib.suppress(*CLIENT_ERRORS):  # it is given up anyway
        await bounded(client.close(), ENDS_WITHIN)
