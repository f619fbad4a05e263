"""A webhook whose making was cut off does not stay at the site."""

import asyncio
from pathlib import Path

from boxoffice.domain.secret_text import SecretStr
from boxoffice.hooks.registration import Registration
from boxoffice.sandbox import Sandbox
from boxoffice.ticketbutler import Ticketbutler
from tests.support import both_dialects, until

ADDRESS = "http://127.0.0.1:9/hooks/secret"


@both_dialects
async def test_cut_off_before_its_answer(sandbox: Sandbox, tmp_path: Path) -> None:
    rule = sandbox.faults.set("hang-after", path="/webhooks/v1/**", method="POST")
    async with Ticketbutler(sandbox.url, SecretStr(sandbox.token)) as client:
        registration = Registration(client, ADDRESS, tmp_path)
        making = asyncio.create_task(registration.add())
        await until(lambda: rule.hits, "the webhook at the site")
        making.cancel()
        await asyncio.gather(making, return_exceptions=True)
        sandbox.faults.clear(rule)
        assert registration.may_exist
        assert [each.url for each in await client.webhooks.list()] == [f"{ADDRESS}?run=0"]
        await registration.remove()
        assert await client.webhooks.list() == []
        assert not registration.may_exist
        await registration.close()
