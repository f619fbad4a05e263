"""An engine of its own for each test, which is ended whatever becomes of the test."""

import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from boxoffice.venue.engine import Engine, hash_password, make_certificate

DOORS = {f"door{number}": f"password-{number:04}" for number in range(20)}
"""Users of doors, and their passwords."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def prepare(folder: Path) -> Path:
    """The folder of a hub, with its certificate."""
    folder.mkdir(mode=0o700, parents=True)
    certificate, key = make_certificate()
    (folder / "cert.pem").write_bytes(certificate)
    (folder / "key.pem").write_bytes(key)
    return folder


def hashes(*users: str) -> dict[str, str]:
    return {user: hash_password(DOORS[user]) for user in users or DOORS}


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    """Started, for all `DOORS`."""
    engine = Engine(prepare(tmp_path / "hub"), free_port())
    try:
        await engine.start(hashes())
        yield engine
    finally:
        await engine.stop()
