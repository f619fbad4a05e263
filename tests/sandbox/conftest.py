"""A bare HTTP client of the sandbox: nothing of boxoffice's own client is used here.

There is no TLS to it, and `verify=False` reads no certificates for nothing.
"""

from collections.abc import AsyncIterator

import httpx
import pytest

from boxoffice.sandbox import Sandbox
from tests.sandbox.receiver import Receiver


@pytest.fixture
async def api(sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"Authorization": f"Token {sandbox.token}"}
    async with httpx.AsyncClient(
        base_url=f"{sandbox.url}/api/v3/",
        headers=headers,
        timeout=30,
        trust_env=False,
        verify=False,
    ) as client:
        yield client


@pytest.fixture
async def hooks(sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    """Knows the address of the webhooks and the key."""
    headers = {"Authorization": f"Token {sandbox.token}"}
    async with httpx.AsyncClient(
        base_url=f"{sandbox.url}/webhooks/v1/", headers=headers, trust_env=False, verify=False
    ) as client:
        yield client


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with Receiver() as each:
        yield each
