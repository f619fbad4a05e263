"""Webhooks that a program which was killed has left at the site, and those that are not its own."""

import asyncio
from collections.abc import Callable

import pytest

from boxoffice.cli.app_context import AppContext
from boxoffice.hooks.listener import NO_WAY_HERE, HookListener, secret_path
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.state import Role
from boxoffice.ticketbutler.resources.webhooks import NewWebhook
from tests.support import both_dialects, settle, until

ContextOf = Callable[..., AppContext]


async def started(context: AppContext, *, register: bool = True) -> HookListener:
    live = context.listen(lambda _: None)
    live.start(register=register)
    await live.ready()
    await until(lambda: live.registered is register, "a webhook")
    if not register:
        assert live._beside is not None
        await live._beside  # which removes what was left
    return live


async def leave(context: AppContext, url: str, *, run: int = 0) -> str:
    """Leave a webhook as a program does that is killed; its uuid."""
    client = (await context.sync()).client
    made = await client.webhooks.create(NewWebhook(url=f"{url}?run={run}", action="all"))
    return made.uuid


def stale_of(context: AppContext) -> str:
    """Where an earlier run received webhooks, at another port."""
    return f"http://127.0.0.1:9{secret_path(context.folder)}"


def urls(sandbox: Sandbox) -> list[str]:
    return sorted(hook.url for hook in sandbox.state.webhooks.values())


def sent_to(*lives: HookListener) -> list[str]:
    """What the site has while only these have it send; each is a run of its own."""
    return sorted(f"{live.url}?run={run}" for run, live in enumerate(lives))


@both_dialects
@pytest.mark.parametrize("run", [0, 1, 63])
@pytest.mark.parametrize("register", [True, False])
async def test_the_next_start_removes_it(
    sandbox: Sandbox, context_of: ContextOf, run: int, register: bool
) -> None:
    context = context_of()
    stale = stale_of(context)
    await leave(context, stale, run=run)
    assert urls(sandbox) == [f"{stale}?run={run}"]
    live = await started(context, register=register)
    await until(lambda: urls(sandbox) == (sent_to(live) if register else []), "it is removed")
    await context.close()
    assert urls(sandbox) == []


async def test_how_it_stands_is_known_while_it_is_being_removed(
    sandbox: Sandbox, context_of: ContextOf
) -> None:
    context = context_of()
    await leave(context, stale_of(context))
    rule = sandbox.faults.set("hang", path="/webhooks/v1/**")
    live = context.listen(lambda _: None)
    live.start(register=False)
    await until(lambda: rule.hits, "its removal under way")
    ready = asyncio.create_task(live.ready())
    await settle()
    assert ready.done()
    sandbox.faults.clear(rule)
    await until(lambda: urls(sandbox) == [], "it is removed")


async def test_not_that_of_another_lane_that_runs(sandbox: Sandbox, context_of: ContextOf) -> None:
    first, second = context_of(), context_of(data_dir=context_of("South").data, lane="South")
    beside = context_of("Side", data_dir=first.data)
    live = await started(first)
    other = await started(beside)
    assert live.url.split("/hooks/")[1] == other.url.split("/hooks/")[1]
    elsewhere = await started(second)
    assert urls(sandbox) == sorted([*sent_to(live, other), *sent_to(elsewhere)])
    await beside.close()
    assert urls(sandbox) == sorted([*sent_to(live), *sent_to(elsewhere)])


async def test_not_somebody_elses(sandbox: Sandbox, context_of: ContextOf) -> None:
    context = context_of(hooks_public="https://door.example.com")
    live = context.listen(lambda _: None)
    await live.open()
    client = (await context.sync()).client
    theirs = [
        (await client.webhooks.create(NewWebhook(url=url, action=action))).uuid
        for url, action in (
            (live.url, "all"),  # as a person has it sent here for good
            (live.url, "ticket.checkin"),
            (stale_of(context), "all"),
            (f"{live.url}x?run=0", "all"),
            (f"{live.url}/x?run=0", "all"),
            (f"{live.url}?run=", "all"),
            (f"{live.url}?run=0&x=1", "all"),
            ("https://shop.example.com/hooks?run=0", "all"),
        )
    ]
    sandbox.state.webhooks[theirs[0]].active = False
    await live.register()
    assert live.registered
    assert len(sandbox.state.webhooks) == len(theirs) + 1
    await context.close()
    assert list(sandbox.state.webhooks) == theirs
    assert not sandbox.state.webhooks[theirs[0]].active


@pytest.mark.parametrize("written", ["{}?run=0", "{}/?run=0", "{}?run=0/"])
async def test_the_one_to_the_same_address_is_made_anew(
    sandbox: Sandbox, context_of: ContextOf, written: str
) -> None:
    """However a site writes its address, and whether it is switched on."""
    context = context_of(hooks_public="https://door.example.com")
    live = context.listen(lambda _: None)
    await live.open()
    left = await leave(context, live.url)
    sandbox.state.webhooks[left].url = written.format(live.url)
    sandbox.state.webhooks[left].active = False
    await live.register()
    assert left not in sandbox.state.webhooks
    assert urls(sandbox) == sent_to(live)
    assert all(hook.active for hook in sandbox.state.webhooks.values())
    await context.close()
    assert not sandbox.state.webhooks


async def test_two_that_run_do_not_share_one(sandbox: Sandbox, context_of: ContextOf) -> None:
    public = "https://door.example.com"
    first = context_of(hooks_public=public)
    live = await started(first)
    second = context_of("Side", data_dir=first.data, hooks_public=public)
    other = second.listen(lambda _: None)
    other.start(register=True)
    await other.ready()
    assert "--hooks-public" in other.trouble
    await second.close()
    assert urls(sandbox) == sent_to(live)


async def test_a_site_that_says_no_leaves_it_for_later(
    sandbox: Sandbox, context_of: ContextOf
) -> None:
    context = context_of()
    await leave(context, stale_of(context))
    sandbox.state.role = Role.ORGANISER
    live = await started(context, register=False)
    assert live.trouble == ""
    assert len(urls(sandbox)) == 1
    sandbox.state.role = Role.ADMIN
    assert "until boxoffice ends" in await live.register()
    assert urls(sandbox) == sent_to(live)


async def test_one_look_where_nothing_was_left(sandbox: Sandbox, context_of: ContextOf) -> None:
    context = context_of()
    await started(context, register=False)
    assert sandbox.log.count("GET", "/webhooks/v1/**") == len(sandbox.log) == 1


async def test_gone_already(
    sandbox: Sandbox, context_of: ContextOf, capsys: pytest.CaptureFixture[str]
) -> None:
    context = context_of()
    live = await started(context)
    sandbox.state.webhooks.clear()
    await context.close()
    assert not live.registered
    assert capsys.readouterr().err == ""


async def test_cut_off_at_the_end_it_is_left_to_the_next(
    sandbox: Sandbox, context_of: ContextOf, capsys: pytest.CaptureFixture[str]
) -> None:
    context = context_of()
    live = await started(context)
    sandbox.faults.set("500", path="/webhooks/v1/**")
    await context.close()
    assert "the next start" in capsys.readouterr().err
    sandbox.faults.clear()
    assert urls(sandbox) == sent_to(live)
    again = await started(context_of())
    assert urls(sandbox) == sent_to(again) != sent_to(live)


@pytest.mark.parametrize("changed", [{"url": "https://x.example.com/"}, {"action": "event.all"}])
async def test_what_was_changed_at_the_site_is_removed_at_the_end(
    sandbox: Sandbox, context_of: ContextOf, changed: dict[str, str]
) -> None:
    context = context_of()
    await started(context)
    (ours,) = sandbox.state.webhooks.values()
    for name, value in changed.items():
        setattr(ours, name, value)
    await context.close()
    assert urls(sandbox) == []


async def test_a_site_that_cannot_reach_here_is_tidied_too(
    sandbox: Sandbox, context_of: ContextOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = context_of()
    await leave(context, stale_of(context))
    live = context.listen(lambda _: None)
    monkeypatch.setattr(live, "_reachable", False)
    live.start(register=True)
    await until(lambda: not sandbox.state.webhooks, "it is removed")
    assert live.trouble == NO_WAY_HERE
