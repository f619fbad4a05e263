"""A server that says what a test tells it to, and a client of it."""

from collections.abc import AsyncIterator

import pytest

from boxoffice.domain.secret_text import SecretStr
from boxoffice.ticketbutler import Exchange, Limits, Ticketbutler
from tests.support import FakeClock
from tests.ticketbutler.raw import KEY, RawServer, listening
from tests.ticketbutler.scripted import ScriptedServer


@pytest.fixture
async def server() -> AsyncIterator[RawServer]:
    async with listening(RawServer()) as server:
        yield server


@pytest.fixture
async def script(clock: FakeClock) -> AsyncIterator[ScriptedServer]:
    async with listening(ScriptedServer()) as server:
        yield server


@pytest.fixture
async def organiser(script: ScriptedServer, clock: FakeClock) -> AsyncIterator[Ticketbutler]:
    """An organiser's client of `script`."""
    async with Ticketbutler(
        script.url, SecretStr(KEY), clock=clock, limits=Limits(backoff=0.0)
    ) as client:
        yield client


@pytest.fixture
def exchanges() -> list[Exchange]:
    """What the observer of `client` was told."""
    return []


@pytest.fixture
async def client(
    server: RawServer, clock: FakeClock, exchanges: list[Exchange]
) -> AsyncIterator[Ticketbutler]:
    """A client of `server` that does not pause between its tries."""
    limits = Limits(backoff=0.0)
    async with Ticketbutler(
        server.url, SecretStr(KEY), clock=clock, observe=exchanges.append, limits=limits
    ) as client:
        yield client
