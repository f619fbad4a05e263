"""A connection to a hub's engine, whose certificate is pinned."""

import asyncio
import contextlib
import ssl
from typing import Any

import nats.errors
from nats.aio.client import Client

from boxoffice.venue import protocol

ANSWERS_WITHIN = 5.0
"""Seconds for what is in no hurry."""


def pinned(certificate: str) -> ssl.SSLContext:
    """Trusts whoever has the key of that one certificate (PEM), and nobody else."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_verify_locations(cadata=certificate)
    return context


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
    try:
        async with asyncio.timeout(within):
            await client.connect(
                f"tls://{address}",
                tls=tls,
                tls_hostname=protocol.TLS_NAME,
                tls_handshake_first=True,
                allow_reconnect=False,
                max_reconnect_attempts=1,
                reconnect_time_wait=0,
                connect_timeout=round(within) or 1,
                error_cb=ignore,
                disconnected_cb=ignore,
                closed_cb=ignore,
                **login,
            )
    except BaseException:
        await close(client)
        raise
    return client


async def close(client: Client) -> None:
    """Close it, also one whose other end says nothing."""
    with contextlib.suppress(OSError, TimeoutError, nats.errors.Error):  # it is given up anyway
        async with asyncio.timeout(ANSWERS_WITHIN):
            await client.close()
