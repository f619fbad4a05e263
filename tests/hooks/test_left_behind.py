"""Webhooks that a program which was killed has left at the site, and those that are not its own."""

import asyncio
from collections.abc import Callable

import pytest

from boxoffice.cli.house import House
from boxoffice.cli.live import NO_WAY_HERE, Live
from boxoffice.hooks.traces import Trace, Traces
from boxoffice.organiser import NewWebhook
from boxoffice.paths import TRACES
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.state import Role
from tests.support import EVENING, both_dialects, settle, until

HouseOf = Callable[..., House]


async def started(house: House, *, register: bool = True) -> Live:
    live = house.listen(lambda _: None)
    live.start(register=register)
    await live.ready()
    await until(lambda: live.registered is register, "a webhook")
    if not register:
        assert live._beside is not None
        await live._beside  # which removes what was left
    return live


async def leave(house: House, url: str, *, action: str = "all", known: bool = True) -> str:
    """Leave a webhook as a program does that is killed; `known`: after the site answered."""
    made = await (await house.parts.server()).client.organiser.create_webhook(
        NewWebhook(url, action)
    )
    held = traces_of(house).claim(Trace(url, action))
    held.write(Trace(url, action, made.uuid) if known else asked_for(url, action))
    held.let_go()
    return made.uuid


def asked_for(url: str, action: str = "all") -> Trace:
    """What a program leaves that is killed before the site answers."""
    return Trace(url, action, asked=(EVENING.timestamp(),))


def traces_of(house: House) -> Traces:
    return Traces(house.parts.folder / TRACES)


def urls(sandbox: Sandbox) -> list[str]:
    return sorted(hook.url for hook in sandbox.state.webhooks.values())


def old(live: Live) -> str:
    """The address of an earlier run, at another port."""
    return f"http://127.0.0.1:9{live.url[live.url.index('/hooks/') :]}"


@both_dialects
@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("register", [True, False])
async def test_the_next_start_removes_it(
    sandbox: Sandbox, house_of: HouseOf, known: bool, register: bool
) -> None:
    house = house_of()
    stale = "http://127.0.0.1:9/hooks/x"
    await leave(house, stale, known=known)
    assert urls(sandbox) == [stale]
    live = await started(house, register=register)
    await until(lambda: urls(sandbox) == ([live.url] if register else []), "it is removed")
    assert traces_of(house).left() == []
    await house.close()
    assert urls(sandbox) == []


async def test_how_it_stands_is_known_while_it_is_being_removed(
    sandbox: Sandbox, house_of: HouseOf
) -> None:
    house = house_of()
    await leave(house, "http://127.0.0.1:9/hooks/x")
    rule = sandbox.faults.set("hang", path="/webhooks/v1/**")
    live = house.listen(lambda _: None)
    live.start(register=False)
    await until(lambda: rule.hits, "its removal under way")
    ready = asyncio.create_task(live.ready())
    await settle()
    assert ready.done()
    sandbox.faults.clear(rule)
    await until(lambda: urls(sandbox) == [], "it is removed")


async def test_not_that_of_another_lane_that_runs(sandbox: Sandbox, house_of: HouseOf) -> None:
    first, second = house_of(), house_of(data_dir=house_of("South").data, lane="South")
    beside = house_of("Side", data_dir=first.data)
    live = await started(first)
    other = await started(beside)
    assert live.url.split("/hooks/")[1] == other.url.split("/hooks/")[1]
    elsewhere = await started(second)
    assert urls(sandbox) == sorted([live.url, other.url, elsewhere.url])
    await beside.close()
    assert urls(sandbox) == sorted([live.url, elsewhere.url])


async def test_not_somebody_elses(sandbox: Sandbox, house_of: HouseOf) -> None:
    house = house_of(hooks_public="https://door.example.com")
    live = house.listen(lambda _: None)
    await live.open()
    client = (await house.parts.server()).client
    theirs = [
        (await client.organiser.create_webhook(NewWebhook(url, action))).uuid
        for url, action in (
            (live.url, "all"),
            (live.url, "ticket.checkin"),
            (old(live), "all"),
            ("https://shop.example.com/hooks", "all"),
        )
    ]
    sandbox.state.webhooks[theirs[0]].active = False
    await live.register()
    assert live.registered
    assert len(sandbox.state.webhooks) == len(theirs) + 1
    await house.close()
    assert list(sandbox.state.webhooks) == theirs
    assert not sandbox.state.webhooks[theirs[0]].active


async def test_the_one_to_the_same_address_serves_again(
    sandbox: Sandbox, house_of: HouseOf
) -> None:
    house = house_of(hooks_public="https://door.example.com")
    live = house.listen(lambda _: None)
    await live.open()
    uuid = await leave(house, live.url)
    sandbox.state.webhooks[uuid].active = False
    await live.register()
    assert list(sandbox.state.webhooks) == [uuid]
    assert sandbox.state.webhooks[uuid].active
    await house.close()
    assert not sandbox.state.webhooks


async def test_two_that_run_do_not_share_one(sandbox: Sandbox, house_of: HouseOf) -> None:
    public = "https://door.example.com"
    first = house_of(hooks_public=public)
    live = await started(first)
    second = house_of("Side", data_dir=first.data, hooks_public=public)
    other = second.listen(lambda _: None)
    other.start(register=True)
    await other.ready()
    assert "--hooks-public" in other.trouble
    await second.close()
    assert urls(sandbox) == [live.url]


async def test_a_site_that_says_no_leaves_it_for_later(sandbox: Sandbox, house_of: HouseOf) -> None:
    house = house_of()
    await leave(house, "http://127.0.0.1:9/hooks/x")
    sandbox.state.role = Role.ORGANISER
    live = await started(house, register=False)
    assert live.trouble == ""
    assert len(urls(sandbox)) == 1
    sandbox.state.role = Role.ADMIN
    assert "until boxoffice ends" in await live.register()
    assert urls(sandbox) == [live.url]


async def test_no_request_where_nothing_was_left(sandbox: Sandbox, house_of: HouseOf) -> None:
    house = house_of()
    await started(house, register=False)
    assert len(sandbox.log) == 0


async def test_gone_already(sandbox: Sandbox, house_of: HouseOf) -> None:
    house = house_of()
    uuid = await leave(house, "http://127.0.0.1:9/hooks/x")
    del sandbox.state.webhooks[uuid]
    live = await started(house)
    assert urls(sandbox) == [live.url]
    assert traces_of(house).left() == []


async def test_cut_off_at_the_end_it_is_left_to_the_next(
    sandbox: Sandbox, house_of: HouseOf, capsys: pytest.CaptureFixture[str]
) -> None:
    house = house_of()
    live = await started(house)
    sandbox.faults.set("500", path="/webhooks/v1/**")
    await house.close()
    assert "the next start" in capsys.readouterr().err
    sandbox.faults.clear()
    assert urls(sandbox) == [live.url]
    again = await started(house_of())
    assert urls(sandbox) == [again.url] != [live.url]


@pytest.mark.parametrize("changed", [{"url": "https://x.example.com/"}, {"action": "event.all"}])
async def test_what_was_changed_at_the_site_is_removed(
    sandbox: Sandbox, house_of: HouseOf, changed: dict[str, str]
) -> None:
    house = house_of()
    uuid = await leave(house, "http://127.0.0.1:9/hooks/x")
    for name, value in changed.items():
        setattr(sandbox.state.webhooks[uuid], name, value)
    await started(house, register=False)
    assert urls(sandbox) == []


async def test_what_was_sent_elsewhere_is_not_taken_for_it(
    sandbox: Sandbox, house_of: HouseOf
) -> None:
    house = house_of(hooks_public="https://door.example.com")
    live = house.listen(lambda _: None)
    await live.open()
    uuid = await leave(house, live.url)
    sandbox.state.webhooks[uuid].url = "https://x.example.com/"
    await live.register()
    assert urls(sandbox) == [live.url]
    assert live.registered


async def test_a_site_that_cannot_reach_here_is_tidied_too(
    sandbox: Sandbox, house_of: HouseOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Live, "_reachable", False)
    house = house_of()
    await leave(house, "http://127.0.0.1:9/hooks/x")
    live = house.listen(lambda _: None)
    live.start(register=True)
    await until(lambda: not sandbox.state.webhooks, "it is removed")
    assert live.trouble == NO_WAY_HERE
