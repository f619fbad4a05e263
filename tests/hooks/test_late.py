"""A webhook that the site makes only after the program that asked for it has ended."""

import asyncio
from collections.abc import Callable

import pytest

from boxoffice.cli.app_context import AppContext
from boxoffice.hooks.listener import LEAVE, MAY_COME, HookListener
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.faults import Rule
from boxoffice.sandbox.models import Webhook
from tests.hooks.test_left_behind import sent_to, stale_of, started, urls
from tests.support import EVENING, FakeClock, both_dialects, settle, until

ContextOf = Callable[..., AppContext]


def arrives(sandbox: Sandbox, url: str, *, action: str = "all") -> str:
    """The site makes a webhook that it was asked for long ago."""
    made = Webhook(sandbox.state.new_uuid(), f"{url}?run=0", action, EVENING, EVENING)
    sandbox.state.webhooks[made.uuid] = made
    return made.uuid


async def posting(
    sandbox: Sandbox, context: AppContext, fault: str = "hang"
) -> tuple[HookListener, Rule]:
    """A program whose webhook the site is making."""
    rule = sandbox.faults.set(fault, path="/webhooks/v1/**", method="POST")
    live = context.listen(lambda _: None)
    live.start(register=True)
    await until(lambda: rule.hits, "the webhook asked for")
    return live, rule


@both_dialects
@pytest.mark.parametrize("fault", ["hang", "hang-after"])
async def test_the_end_waits_for_the_site_that_makes_it(
    sandbox: Sandbox, context_of: ContextOf, fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    context = context_of()
    _, rule = await posting(sandbox, context, fault)
    closing = asyncio.create_task(context.close())
    await settle()
    assert not closing.done()
    sandbox.faults.clear(rule)
    await closing
    assert urls(sandbox) == []
    assert capsys.readouterr().err == ""


async def test_what_the_site_makes_after_the_end_is_removed_by_a_later_start(
    sandbox: Sandbox, context_of: ContextOf, clock: FakeClock, capsys: pytest.CaptureFixture[str]
) -> None:
    context = context_of()
    live, rule = await posting(sandbox, context)
    closing = asyncio.create_task(context.close())
    await settle()
    await clock.advance(LEAVE)
    await until(closing.done, "the end")
    await closing
    assert MAY_COME in capsys.readouterr().err
    early = context_of()
    await started(early, register=False)
    await early.close()
    sandbox.faults.clear(rule)
    arrives(sandbox, live.url)
    await started(context_of(), register=False)
    assert urls(sandbox) == []


@pytest.mark.parametrize("register", [True, False])
async def test_what_comes_after_a_quick_restart_is_removed(
    sandbox: Sandbox, context_of: ContextOf, register: bool
) -> None:
    context = context_of()
    stale = stale_of(context)
    for _ in range(2):
        context = context_of()
        await started(context, register=register)
        await context.close()
    arrives(sandbox, stale)
    live = await started(context_of(), register=register)
    await until(lambda: urls(sandbox) == (sent_to(live) if register else []), "it is removed")


async def test_what_comes_beside_that_of_the_restart_is_removed_at_its_end(
    sandbox: Sandbox, context_of: ContextOf
) -> None:
    public = "https://door.example.com"
    context = context_of(hooks_public=public)
    live = context.listen(lambda _: None)
    await live.open()
    await live.register()
    (ours,) = sandbox.state.webhooks
    late = arrives(sandbox, live.url)
    assert live.registered
    assert list(sandbox.state.webhooks) == [ours, late]
    await context.close()
    assert urls(sandbox) == []
