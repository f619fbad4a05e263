"""The desk at the sandbox, which removes what a client forgets to send."""

from collections.abc import AsyncIterator

import pytest

from boxoffice.domain.secret_text import SecretStr
from boxoffice.manage import Desk
from boxoffice.sandbox import Sandbox
from boxoffice.ticketbutler import Limits, Ticketbutler
from tests.manage.stage import not_here
from tests.support import FakeClock


@pytest.fixture
async def desk(sandbox: Sandbox, clock: FakeClock) -> AsyncIterator[Desk]:
    async with Ticketbutler(
        sandbox.url, SecretStr(sandbox.token), clock=clock, limits=Limits(backoff=0.0)
    ) as client:
        yield Desk(client, not_here)
