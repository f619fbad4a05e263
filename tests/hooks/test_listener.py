"""From the site's webhook to the door's list, and what the site is told and forgets."""

import asyncio
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from boxoffice import ProblemError
from boxoffice.cli.app_context import AppContext
from boxoffice.domain.models import LAG
from boxoffice.domain.models import Ticket as Shown
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.hooks.listener import AGAIN, NO_WAY_HERE, secret_path
from boxoffice.hooks.registration import Registration
from boxoffice.lane import Lane
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import Ticket
from boxoffice.sandbox.state import Role
from boxoffice.ticketbutler import TicketbutlerError
from tests.hooks.conftest import Post, body, request
from tests.support import FakeClock, both_dialects, settle, until

ContextOf = Callable[..., AppContext]
URL = "http://127.0.0.1:9/hooks/x"


async def opened(context: AppContext) -> Lane:
    """A lane with its list read, and its webhook at the site."""
    assert context.event is not None
    lane = await context.lane(context.event)
    await until(lambda: lane.status.list_at and len(lane.roster) and lane.status.total, "a list")
    await until(lambda: context.listener is not None and context.listener.registered, "a webhook")
    return lane


def plain(sandbox: Sandbox, count: int) -> list[Ticket]:
    event = sandbox.state.tonight
    some = [ticket for ticket in event.tickets if sandbox.state.may_enter(ticket)]
    return some[:count]


def listed(lane: Lane, ticket: str) -> Shown:
    row = lane.roster.get(ticket)
    assert row is not None
    return row.ticket


def shown_in(lane: Lane, ticket: str) -> bool:
    return listed(lane, ticket).checked_in


def lists(sandbox: Sandbox) -> int:
    return sandbox.log.count("GET", "events/*/tickets/")


@both_dialects
async def test_another_doors_check_in_shows_at_once(
    sandbox: Sandbox, context_of: ContextOf, clock: FakeClock
) -> None:
    north = await opened(context_of())
    south = await opened(context_of("South"))
    (ticket,) = plain(sandbox, 1)
    before, now = lists(sandbox), clock.now()
    assert (await south.scan(ticket.uuid)).verdict.word == "ADMITTED"
    await until(lambda: shown_in(north, ticket.uuid), "the other door's check-in")
    assert clock.now() == now
    assert lists(sandbox) == before
    assert (await north.scan(ticket.uuid)).verdict.code is VerdictCode.ALREADY_IN


@both_dialects
async def test_a_new_name_a_refund_and_a_check_out_show_too(
    sandbox: Sandbox, context_of: ContextOf, clock: FakeClock
) -> None:
    lane = await opened(context_of())
    renamed, refunded, again = plain(sandbox, 3)
    sandbox.state.update_ticket(renamed, full_name="Ada \x1b]0;[b]Berg")
    await until(lambda: "Berg" in listed(lane, renamed.uuid).full_name, "the name")
    assert "\x1b" not in listed(lane, renamed.uuid).full_name
    sandbox.state.refund(refunded.order)
    await until(lambda: listed(lane, refunded.uuid).refunded, "the refund")
    sandbox.state.check_in(again)
    await until(lambda: shown_in(lane, again.uuid), "in")
    await clock.advance((LAG + timedelta(seconds=1)).total_seconds())  # no cache says "out" now
    sandbox.state.check_in(again, checked_in=False)
    await until(lambda: not shown_in(lane, again.uuid), "out")


@both_dialects
async def test_a_sale_elsewhere_shows_at_once(sandbox: Sandbox, context_of: ContextOf) -> None:
    lane = await opened(context_of())
    before = lane.status.total
    event = sandbox.state.tonight
    kind = next(each for each in event.ticket_types if each.title == "Standard")
    ada = {"first_name": "Ada", "last_name": "Berg", "email": "ada@example.com"}
    sandbox.state.sell(event, ada, [(kind, 2)], None)
    await until(lambda: lane.status.total == before + 2, "the tickets that were sold")


@both_dialects
async def test_its_own_check_ins_are_not_read_again(
    sandbox: Sandbox, context_of: ContextOf
) -> None:
    lane = await opened(context_of())
    ours, other = plain(sandbox, 2)
    await lane.scan(ours.uuid)
    await until(lambda: ours.checked_in, "its check-in at the site")
    sandbox.state.update_ticket(other, full_name="Ada Berg")
    await until(lambda: listed(lane, other.uuid).full_name == "Ada Berg", "a later hook")
    reads = sandbox.log.count("GET", f"tickets/{ours.uuid}/")
    assert reads == 1, "the scan's"


@both_dialects
async def test_the_webhook_is_there_as_long_as_the_program(
    sandbox: Sandbox, context_of: ContextOf
) -> None:
    context = context_of()
    await opened(context)
    (hook,) = sandbox.state.webhooks.values()
    assert context.listener is not None
    assert (hook.url, hook.action, hook.active) == (f"{context.listener.url}?run=0", "all", True)
    await context.close()
    assert not sandbox.state.webhooks


async def test_another_event_at_the_same_lane(sandbox: Sandbox, context_of: ContextOf) -> None:
    context = context_of()
    await opened(context)
    live = context.listener
    other = list(sandbox.state.events.values())[1]
    lane = await context.lane(other.uuid)
    await until(lambda: lane.status.total, "the other list")
    assert context.listener is live
    ticket = next(each for each in other.tickets if not each.checked_in)
    sandbox.state.check_in(ticket)
    await until(lambda: shown_in(lane, ticket.uuid), "a check-in of the other event")


async def test_what_a_broken_off_run_left_makes_room(
    sandbox: Sandbox, context_of: ContextOf, tmp_path: Path
) -> None:
    client = (await context_of().sync()).client
    left = Registration(client, URL, tmp_path)
    await left.add()
    await left.close()
    again = Registration(client, URL, tmp_path)
    await again.add()
    await again.add()
    assert list(sandbox.state.webhooks) == [again.uuid] != [left.uuid]
    await again.remove()
    await again.remove()  # gone already
    assert not sandbox.state.webhooks
    await again.close()


async def test_a_lost_answer_makes_no_second_webhook(
    sandbox: Sandbox, context_of: ContextOf, tmp_path: Path
) -> None:
    client = (await context_of().sync()).client
    registration = Registration(client, URL, tmp_path)
    sandbox.faults.set("drop-after", method="POST", times=1)
    await registration.add()
    assert list(sandbox.state.webhooks) == [registration.uuid]
    await registration.close()


async def test_a_key_that_may_not_is_said_and_the_door_opens(
    sandbox: Sandbox, context_of: ContextOf, clock: FakeClock
) -> None:
    sandbox.state.role = Role.ORGANISER
    context = context_of()
    assert context.event is not None
    lane = await context.lane(context.event)
    await until(lambda: context.listener is not None and context.listener.trouble, "the trouble")
    assert context.listener is not None
    live = context.listener
    assert "owner" in live.trouble
    await until(lambda: lane.status.total, "a list")
    (ticket,) = plain(sandbox, 1)
    assert (await lane.scan(ticket.uuid)).verdict.word == "ADMITTED"
    sandbox.state.role = Role.ADMIN
    await clock.advance(AGAIN)
    await until(lambda: live.registered, "it is tried again")


async def test_a_site_elsewhere_needs_an_address_that_leads_here(context_of: ContextOf) -> None:
    context = context_of(url="https://test.ticketbutler.io", hooks_register=False)
    live = context.listen(lambda _: None)
    assert await live.register() == live.trouble == NO_WAY_HERE
    assert not live.registered
    await context.close()
    context = context_of(hooks_public="https://door.example.com", hooks_register=False)
    live = context.listen(lambda _: None)
    await live.open()
    assert live.url.startswith("https://door.example.com/hooks/")
    await live.register()
    assert live.registered
    assert (await live.unregister()).endswith("no more webhooks here.")
    assert not live.registered


async def test_a_port_that_is_taken_is_said_and_the_door_opens(
    post: Post, context_of: ContextOf
) -> None:
    context = context_of(hooks=f"127.0.0.1:{post.port}")
    assert context.event is not None
    lane = await context.lane(context.event)
    await until(lambda: lane.status.total, "a list")
    assert context.listener is not None
    assert str(post.port) in context.listener.trouble == context.listener.sentence
    assert await context.listener.register() == context.listener.trouble


async def test_the_site_that_is_away_at_the_end_holds_nothing_up(
    sandbox: Sandbox, context_of: ContextOf, capsys: pytest.CaptureFixture[str]
) -> None:
    context = context_of()
    await opened(context)
    await sandbox.stop()
    await context.close()
    assert "could not be removed" in capsys.readouterr().err


def test_the_path_is_secret_and_stays(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    first = secret_path(folder)
    assert len(first) == 31
    (file,) = folder.iterdir()
    assert os.name != "posix" or file.stat().st_mode & 0o077 == 0
    assert secret_path(folder) == first
    for damaged in (b"", b"/", b"/hooks/x", b"\xff", b"/hooks/" + b"../" * 8):
        file.write_bytes(damaged)
        assert len(made := secret_path(folder)) == 31
        assert made == secret_path(folder) != first


async def test_who_does_not_know_the_path_changes_nothing(
    sandbox: Sandbox, context_of: ContextOf
) -> None:
    context = context_of()
    await opened(context)
    assert context.listener is not None
    port = int(context.listener.url.split(":")[2].split("/")[0])
    before = len(sandbox.log)
    for path in ("/", "/hooks/", "/hooks/" + "x" * 24):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request(body(), path))
        assert b" 404 " in await reader.readuntil(b"\r\n\r\n")
        writer.close()
    await settle()
    assert len(sandbox.log) == before
    assert "3 were turned away" in context.listener.sentence


async def test_errors_of_the_site_are_raised(
    sandbox: Sandbox, context_of: ContextOf, tmp_path: Path
) -> None:
    client = (await context_of().sync()).client
    registration = Registration(client, URL, tmp_path)
    sandbox.faults.set("500")
    with pytest.raises(TicketbutlerError):
        await registration.add()
    assert registration.uuid == ""
    await registration.close()


async def test_as_many_runs_as_there_are_numbers(
    context_of: ContextOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("boxoffice.paths.MOST_PROCESSES", 1)
    client = (await context_of().sync()).client
    first, second = Registration(client, URL, tmp_path), Registration(client, URL, tmp_path)
    await first.add()
    with pytest.raises(ProblemError, match="Too many programs"):
        await second.add()
    await first.remove()
    await first.close()
    await second.add()
    await second.remove()
    await second.close()


async def test_a_folder_that_cannot_be_written(context_of: ContextOf, tmp_path: Path) -> None:
    (tmp_path / "hooks.0.lock").mkdir()
    client = (await context_of().sync()).client
    registration = Registration(client, URL, tmp_path)
    with pytest.raises(ProblemError, match="cannot be used"):
        await registration.add()
    assert not registration.may_exist
    await registration.close()
