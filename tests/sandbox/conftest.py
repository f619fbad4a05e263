"""A bare HTTP client of the sandbox: nothing of boxoffice's own client is used here."""

from collections.abc import AsyncIterator

import httpx
import pytest

from boxoffice.sandbox import Sandbox
from tests.sandbox.receiver import Receiver


@pytest.fixture
def ticket_count() -> int:
    """As many as the sandbox has by itself."""
    return 400


@pytest.fixture
async def api(sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    """Knows the address and the key."""
    headers = {"Authorization": f"Token {sandbox.token}"}
    async with httpx.AsyncClient(
        base_url=f"{sandbox.url}/api/v3/", headers=headers, timeout=30, trust_env=False
    ) as client:
        yield client


@pytest.fixture
async def hooks(sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    """Knows the address of the webhooks and the key."""
    headers = {"Authorization": f"Token {sandbox.token}"}
    async with httpx.AsyncClient(
        base_url=f"{sandbox.url}/webhooks/v1/", headers=headers, trust_env=False
    ) as client:
        yield client


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with Receiver() as each:
        yield each
