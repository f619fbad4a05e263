"""A connection: whatever is asked through it ends, also where the other end says nothing."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from boxoffice.domain.invitation import Address
from boxoffice.domain.secret_text import SecretStr
from boxoffice.domain.venue import Claim
from boxoffice.venue import HubAwayError
from boxoffice.venue import client as client_module
from boxoffice.venue import feed as feed_module
from boxoffice.venue.client import end
from boxoffice.venue.connection import Connection, HubRefusedError
from boxoffice.venue.engine import Engine
from boxoffice.venue.engine_config import make_certificate
from boxoffice.venue.feed import Feed
from boxoffice.venue.membership import Membership
from boxoffice.venue.record import Record
from tests.support import until
from tests.venue.doors import (
    AT,
    EVENT,
    Cable,
    author,
    connected,
    membership,
    open_stream,
    recorded,
    ticket,
)
from tests.venue.engines import free_port
from tests.venue.support import MEMBERSHIP


def member_of(certificate: bytes) -> Membership:
    """Of a hub with that certificate."""
    return replace(MEMBERSHIP, certificate=certificate.decode())


CALLS: dict[str, Callable[[Record], Awaitable[object]]] = {
    "open": lambda record: Record.open(record.connection, EVENT),
    "take": lambda record: record.take(ticket(1), 0, author(0), AT),
    "take again": lambda record: record.take(ticket(1), 2, author(0), AT),
    "release": lambda record: record.release(ticket(1), 0, author(0), AT),
    "put out": lambda record: record.put_out(Claim(EVENT, ticket(1), 1, *author(0), AT)),
    "last": lambda record: record.last(f"bo.claim.{EVENT}.{ticket(1)}.*"),
    "add": lambda record: record.add(f"bo.seats.{EVENT}.{ticket(1)}.1", b"{}"),
    "feed": lambda record: Feed.open(record, [f"bo.claim.{EVENT}.*.*"], 0),
}
"""What waits for an answer."""


async def test_every_call_ends_where_the_hub_says_nothing(
    engine: Engine, impatient: Callable[[], None]
) -> None:
    await open_stream(engine)
    async with Cable(engine.port) as cable, recorded(engine, 0, cable.address) as record:
        impatient()
        cable.hold()
        calls = (call(record) for call in CALLS.values())
        ends = dict(zip(CALLS, await asyncio.gather(*calls, return_exceptions=True), strict=True))
    assert {name: type(end) for name, end in ends.items()} == dict.fromkeys(CALLS, HubAwayError)


async def test_a_silent_hub_is_lost(engine: Engine, impatient: Callable[[], None]) -> None:
    async with Cable(engine.port) as cable, connected(engine, 0, cable.address) as connection:
        impatient()
        cable.hold()
        with pytest.raises(HubAwayError, match="sign of life"):
            await connection.watch()
        assert connection.lost_by is not None


async def test_a_sign_of_life_that_comes_too_late_is_no_fault(
    engine: Engine, impatient: Callable[[], None], caplog: pytest.LogCaptureFixture
) -> None:
    async with Cable(engine.port) as cable, connected(engine, 0, cable.address) as connection:
        impatient()
        cable.hold()
        with pytest.raises(HubAwayError, match="sign of life"):
            await connection.watch()
        assert connection._pinging is not None
        cable.restore()
        await connection._pinging
    assert caplog.record_tuples == []


async def test_a_feed_that_brings_nothing_more_ends(engine: Engine) -> None:
    await open_stream(engine)
    async with Cable(engine.port) as cable, recorded(engine, 0, cable.address) as record:
        feed = await Feed.open(record, [f"bo.claim.{EVENT}.*.*"], 0)
        cable.hold()
        with pytest.raises(HubAwayError):
            await feed.read()


async def test_what_comes_soon_after_the_first_is_read_with_it(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_module, "TOGETHER", 3600)
    monkeypatch.setattr(feed_module, "SILENT", 60)
    monkeypatch.setattr(feed_module, "BATCH", 2)  # which is not waited with, once it is whole
    await open_stream(engine)
    async with recorded(engine) as record:
        feed = await Feed.open(record, [f"bo.claim.{EVENT}.*.*"], 0)
        reading = asyncio.create_task(feed.read())
        for number in (1, 2):
            await record.take(ticket(number), 0, author(0), AT)
        assert len((await reading).messages) == 2


async def test_what_waits_ends_as_soon_as_the_connection_is_lost(engine: Engine) -> None:
    async with Cable(engine.port) as cable, connected(engine, 0, cable.address) as connection:
        cable.hold()
        asking = asyncio.create_task(connection.ask(f"bo.open.{EVENT}"))
        waiting = asyncio.create_task(connection.within(3600, asyncio.Event().wait()))
        watching = asyncio.create_task(connection.watch())
        await until(lambda: cable.arrived)
        cable.cut()
        for task in (asking, waiting, watching):
            with pytest.raises(HubAwayError):
                await task
        assert connection.lost_by is not None


async def test_a_peer_that_says_nothing_is_away(impatient: Callable[[], None]) -> None:
    async def accept(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)

    impatient()
    writers: list[asyncio.StreamWriter] = []
    async with await asyncio.start_server(accept, "127.0.0.1") as silent:
        certificate, _ = make_certificate()
        address = Address("127.0.0.1", silent.sockets[0].getsockname()[1])
        with pytest.raises(HubAwayError):
            await Connection.open(address, member_of(certificate))
        for writer in writers:
            writer.transport.abort()


async def test_nobody_there_is_away() -> None:
    certificate, _ = make_certificate()
    with pytest.raises(HubAwayError):
        await Connection.open(Address("127.0.0.1", free_port()), member_of(certificate))


async def test_another_hub_is_not_joined(engine: Engine) -> None:
    certificate, _ = make_certificate()
    member = replace(membership(engine), certificate=certificate.decode())
    with pytest.raises(HubRefusedError, match="is not Hall"):
        await Connection.open(member.addresses[0], member)


async def test_a_door_that_was_removed_is_not_let_in(engine: Engine) -> None:
    member = replace(membership(engine), password=SecretStr("another"))
    with pytest.raises(HubRefusedError, match="join it again"):
        await Connection.open(member.addresses[0], member)


async def test_a_task_ends_that_has_kept_a_cancellation_to_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As one does that the answer has just come to, before Python 3.12."""
    monkeypatch.setattr(client_module, "CANCEL_AGAIN", 0.01)
    answers: list[asyncio.Future[None]] = []

    async def ask_for_ever() -> None:
        while True:
            answers.append(asyncio.get_running_loop().create_future())
            await asyncio.wait_for(answers[-1], 60)

    asking = asyncio.create_task(ask_for_ever())
    await until(lambda: answers)
    answers[-1].set_result(None)
    await end([asking])
    assert asking.cancelled()
