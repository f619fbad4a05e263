"""Engines and hubs on ports of their own, and doors that connect to them by hand."""

import os
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from nats.aio.client import Client

from boxoffice.domain.venue import Presence
from boxoffice.venue import protocol
from boxoffice.venue.client import close, connect
from boxoffice.venue.engine import Engine
from boxoffice.venue.engine_config import hash_password, make_certificate
from boxoffice.venue.local_network import is_free
from boxoffice.venue.membership import Membership

PASSWORDS = {f"door{number}": f"password-{number:04}" for number in range(20)}
"""Of doors, by their users."""
AT = datetime(2026, 5, 8, 18, 0, tzinfo=UTC)
EVENT = "e0" * 16


_given: set[int] = set()


def free_port() -> int:
    """One that no outgoing connection is ever given, and no other worker of the tests takes.

    The next one is free too. It is never the same one twice.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 20
    while True:
        port = 10_000 + worker * 1000 + random.randrange(0, 1000, 2)
        if port not in _given and is_free(port) and is_free(port + 1):
            _given.add(port)
            return port


def prepare(folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True)
    certificate, key = make_certificate()
    (folder / "cert.pem").write_bytes(certificate)
    (folder / "key.pem").write_bytes(key)
    return folder


hashed = cache(hash_password)
"""One for all engines: twenty of them take as long as an engine's start."""


def hashes(*users: str) -> dict[str, str]:
    """Of these doors' passwords, or of all."""
    return {user: hashed(PASSWORDS[user]) for user in users or PASSWORDS}


@asynccontextmanager
async def joined(engine: Engine, user: str) -> AsyncIterator[Client]:
    certificate = (engine.folder / "cert.pem").read_text()
    client = await connect(f"127.0.0.1:{engine.port}", user, PASSWORDS[user], certificate)
    try:
        yield client
    finally:
        await close(client)


@asynccontextmanager
async def member(membership: Membership) -> AsyncIterator[Client]:
    """The connection of a door that was paired."""
    address = f"127.0.0.1:{membership.addresses[0].port}"
    password = membership.password.get_secret_value()
    client = await connect(address, membership.user, password, membership.certificate)
    try:
        yield client
    finally:
        await close(client)


def is_alive(pid: int) -> bool:
    """A killed one that nobody has waited for yet counts as dead."""
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2]
    except ProcessLookupError:
        return False
    except FileNotFoundError:  # gone just now, or not Linux
        return not Path("/proc/self").exists()
    return not state.startswith(" Z")


def claim(device: str, ticket: str, round_: int = 0) -> tuple[str, bytes]:
    """Subject and body."""
    body = f'{{"device": "{device}", "lane": "{device}", "at": "{AT.isoformat()}"}}'
    return protocol.claim_subject(EVENT, ticket, round_), body.encode()


def presence(device: str, user: str = "d0") -> tuple[str, bytes]:
    said = Presence(EVENT, device, user, f"Lane {device}", AT, "")
    return protocol.presence_subject(EVENT, device), protocol.presence_body(said)
