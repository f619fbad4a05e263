"""Connections to a hub's engine, whose certificate is pinned.

In places nats-py waits for ever, and in others it swallows a cancellation. So whatever it is asked
for has a deadline here, which does not depend on the library.
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
"""What the library raises if an engine is away, late, or refuses."""
ANSWERS_WITHIN = 5.0
"""Seconds that the engine has to answer what is in no hurry."""
ENDS_WITHIN = 0.25
"""Seconds to clean up after a connection that was cut."""
CANCEL_AGAIN = 2.0
"""Seconds until a task that was cancelled and has not ended is cancelled again. By then it has done
what it does at its end, such as withdrawing an announcement."""

# The library's reader of a TLS connection gives asyncio an answer that it warns of, at every loss.
logging.getLogger("asyncio").addFilter(lambda record: "eof_received()" not in record.getMessage())

_HUBS_NAME = re.compile(r"[0-9a-f]+-([0-9]{1,9})-[0-9]").fullmatch
"""See `boxoffice.venue.spares.engine_name`."""

T = TypeVar("T")
_abandoned: set[asyncio.Task[Any]] = set()
"""Tasks past their deadline that have not ended yet. The event loop alone would forget them."""


async def bounded(
    work: Coroutine[Any, Any, T],
    seconds: float,
    *unless: "asyncio.Future[Any]",
) -> T:
    """The result of `work`. Raises TimeoutError after `seconds`, or once one of `unless` is done.

    Then `work` is cancelled, but not waited for.
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
    """Cancel a task, and do not care when and how it ends."""
    if not task.done():
        _abandoned.add(task)
        task.add_done_callback(_forget)
        task.cancel()


def _forget(task: asyncio.Task[Any]) -> None:
    _abandoned.discard(task)
    if not task.cancelled():
        task.exception()  # so that asyncio does not report it: it came too late for anybody


async def end(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel tasks until they have ended, however they do.

    Once may not be enough: before Python 3.12 `asyncio.wait_for`, which the library uses, swallows
    a cancellation that comes in the same turn of the loop as the answer.
    """
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _ended, left = await asyncio.wait(left, timeout=CANCEL_AGAIN)


def pinned(certificate: str) -> ssl.SSLContext:
    """A TLS context that trusts whoever has the key of this certificate (PEM), and nobody else."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_verify_locations(cadata=certificate)
    return context


class EngineInfo(NamedTuple):
    name: str
    """As it was told to call itself."""
    id: str
    """The engine's id, which is another one after each start."""

    @property
    def epoch(self) -> int:
        """The hub's epoch, which is part of its engine's name; 0: it is no hub's engine."""
        found = _HUBS_NAME(self.name)
        return int(found[1]) if found else 0


async def read_info(address: Address, certificate: str, within: float = 1) -> EngineInfo | None:
    """The info of the engine with that certificate; None: there is none at this address."""

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
    """A connection that does not reconnect by itself. Raises OSError or nats.errors.Error.

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
    """A connection for a computer that is no member yet, and can only ask to be paired.

    It trusts whoever answers: the pairing itself proves who that is, and is encrypted. Raises
    OSError or nats.errors.Error.
    """
    anybody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
    return await _open(address, anybody, within)


async def _open(address: str, tls: ssl.SSLContext, within: float, **login: Any) -> Client:
    async def ignore(*_: object) -> None:
        """Do nothing: whoever uses the connection gets an error."""

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
    """Close it once all that was written is sent, or the other end is silent for too long."""
    with contextlib.suppress(*CLIENT_ERRORS):  # it is given up anyway
        await bounded(client.close(), ANSWERS_WITHIN)
    await cut(client)


async def cut(client: Client) -> None:
    """Close it at once, without waiting for the other end."""
    writer = getattr(client._transport, "_io_writer", None)
    if writer is not None:
        # Python 3.11.2 fails like this where TLS was closed before, and nothing is left to end.
        with contextlib.suppress(AttributeError):
            writer.transport.abort()
    with contextlib.suppress(*CLIENT_ERRORS):  # it is given up anyway
        await bounded(client.close(), ENDS_WITHIN)
