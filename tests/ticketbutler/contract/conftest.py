"""A client of the sandbox."""

from collections.abc import AsyncIterator

import pytest

from boxoffice.domain.secret_text import SecretStr
from boxoffice.sandbox import Sandbox
from boxoffice.ticketbutler import Exchange, Limits, Ticketbutler
from tests.support import FakeClock


@pytest.fixture
async def client(
    sandbox: Sandbox, clock: FakeClock, exchanges: list[Exchange]
) -> AsyncIterator[Ticketbutler]:
    async with Ticketbutler(
        sandbox.url,
        SecretStr(sandbox.token),
        clock=clock,
        observe=exchanges.append,
        limits=Limits(backoff=0.0),
    ) as client:
        yield client
