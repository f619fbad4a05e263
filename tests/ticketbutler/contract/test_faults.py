"""The client against the sandbox's faults: each ends in one error of the tree."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import cycle

import pytest

from boxoffice.domain.models import Ticket
from boxoffice.domain.secret_text import SecretStr
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.faults import Fault, Kind
from boxoffice.sandbox.models import Event as SandboxEvent
from boxoffice.ticketbutler import (
    CaptivePortal,
    Exchange,
    Forbidden,
    Gone,
    KeyRefused,
    Limits,
    NoAnswer,
    NotFound,
    Refused,
    ServerFault,
    Ticketbutler,
    TicketbutlerError,
    TooMany,
    Unreachable,
    Unreadable,
)
from boxoffice.ticketbutler.errors import NotAllowed
from tests.support import FakeClock, both_dialects, until


@both_dialects
async def test_what_there_is_not(client: Ticketbutler, exchanges: list[Exchange]) -> None:
    nobody = "0" * 32
    for ask in reads(client, nobody, nobody)[2:]:
        with pytest.raises(NotFound) as caught:
            await ask()
        assert caught.value.sentence.startswith("The site has no such ")
    with pytest.raises(NotFound):
        await client.tickets.patch(nobody, checked_in=True)
    with pytest.raises(NotFound):
        await client.orders.get(nobody)
    assert all(isinstance(each.error, NotFound) for each in exchanges)


def reads(client: Ticketbutler, event: str, ticket: str) -> list[Callable[[], Awaitable[object]]]:
    return [
        client.ping,
        client.events.list,
        lambda: client.events.get(event),
        lambda: client.ticket_types.list(event),
        lambda: client.tickets.list(event),
        lambda: client.questions.list(event),
        lambda: client.questions.list_for_buyers(event),
        lambda: client.tickets.get(ticket),
        lambda: client.tickets.answers(ticket),
        lambda: client.tickets.questions(ticket),
        lambda: client.tickets.unanswered(ticket),
    ]


def writes(client: Ticketbutler, ticket: str) -> list[Callable[[], Awaitable[object]]]:
    return [
        lambda: client.tickets.patch(ticket, checked_in=True),
        lambda: client.tickets.answer(ticket, []),
    ]


FAULTS: list[tuple[str, type[TicketbutlerError], bool]] = [
    ("drop", NoAnswer, True),
    ("drop-after", NoAnswer, True),
    ("cut", NoAnswer, True),
    ("400", Refused, False),
    ("401", KeyRefused, False),
    ("403", Forbidden, False),
    ("404", NotFound, False),
    ("405", NotAllowed, False),
    ("410", Gone, False),
    ("429", TooMany, False),
    ("429=5", TooMany, False),
    ("500", ServerFault, True),
    ("502", ServerFault, True),
    ("503=30", ServerFault, True),
    ("504-after", ServerFault, True),
    ("520", NoAnswer, True),
    ("524", NoAnswer, True),
    ("524-after", NoAnswer, True),
    ("html", CaptivePortal, True),
    ("redirect", CaptivePortal, False),
    ("truncated", Unreadable, True),
    ("wrong-shape", Unreadable, True),
    ("huge=9", Unreadable, True),
    ("deep", Unreadable, True),
]


@pytest.mark.parametrize(
    ("fault", "kind", "maybe_applied", "dialect"),
    [(*each, dialect) for each, dialect in zip(FAULTS, cycle(("docs", "live")))],
)
async def test_faults(
    client: Ticketbutler,
    sandbox: Sandbox,
    tonight: SandboxEvent,
    exchanges: list[Exchange],
    fault: str,
    kind: type[TicketbutlerError],
    maybe_applied: bool,
) -> None:
    plain = sandbox.examples()["plain"]
    rule = sandbox.faults.set(fault)
    asked = [*reads(client, tonight.uuid, plain.uuid), *writes(client, plain.uuid)]
    if fault == "wrong-shape":
        asked = asked[1:]  # nobody knows the shape of a ping's answer
    for ask in asked:
        with pytest.raises(TicketbutlerError) as caught:
            await ask()
        assert type(caught.value) is kind
        assert caught.value.maybe_applied is maybe_applied
        assert caught.value.sentence.endswith(".")
        assert exchanges[-1].error is caught.value
    assert len(exchanges) == len(asked)
    assert sandbox.log.count("PATCH") == sandbox.log.count("POST") == 1
    sandbox.faults.clear(rule)
    await client.ping()
    assert exchanges[-1].error is None


@pytest.mark.parametrize(("fault", "seconds"), [("429=5", 5.0), ("503=30", 30.0), ("429", None)])
async def test_when_to_come_back(
    client: Ticketbutler, sandbox: Sandbox, fault: str, seconds: float | None
) -> None:
    sandbox.faults.set(fault)
    with pytest.raises(TicketbutlerError) as caught:
        await client.ping()
    assert caught.value.retry_after == seconds


@pytest.mark.parametrize("fault", ["hang", "hang-after"])
async def test_a_server_that_hangs(sandbox: Sandbox, tonight: SandboxEvent, fault: str) -> None:
    plain = sandbox.examples()["plain"]
    sandbox.faults.set(fault)
    limits = Limits(read=0.02, list_read=0.02, retries=0)
    async with Ticketbutler(sandbox.url, SecretStr(sandbox.token), limits=limits) as client:
        for ask in (*reads(client, tonight.uuid, plain.uuid), *writes(client, plain.uuid)):
            with pytest.raises(NoAnswer):
                await ask()
    sandbox.faults.clear()


async def test_how_long_it_took_is_told(
    client: Ticketbutler, sandbox: Sandbox, clock: FakeClock, exchanges: list[Exchange]
) -> None:
    sandbox.faults.set("latency=3")
    began = clock.monotonic()
    asking = asyncio.create_task(client.ping())
    await until(lambda: clock.sleeping)
    await clock.advance(3)
    await asking
    assert exchanges == [Exchange("GET", "ping/", 3.0, began + 3.0, None)]


async def test_a_stale_list_is_a_list(
    client: Ticketbutler, sandbox: Sandbox, tonight: SandboxEvent
) -> None:
    sandbox.faults.set("stale")
    before = await client.tickets.list(tonight.uuid)
    sandbox.state.check_in(sandbox.examples()["plain"])
    again = await client.tickets.list(tonight.uuid)
    assert before is not None
    assert again is not None
    assert (again.fingerprint, again.tickets) == (before.fingerprint, before.tickets)


async def test_the_server_goes_and_comes_back(client: Ticketbutler, sandbox: Sandbox) -> None:
    await client.ping()
    await sandbox.stop()
    with pytest.raises(Unreachable):
        await client.ping()
    with pytest.raises(Unreachable):
        await client.events.list()
    await sandbox.start()
    await client.ping()


async def test_a_read_survives_one_lost_connection(
    client: Ticketbutler, sandbox: Sandbox, exchanges: list[Exchange]
) -> None:
    sandbox.faults.set("drop", times=1)
    await client.events.list()
    assert [each.error for each in exchanges] == [None]


async def test_rows_that_cannot_be_read_are_counted_and_logged(
    client: Ticketbutler,
    sandbox: Sandbox,
    tonight: SandboxEvent,
    caplog: pytest.LogCaptureFixture,
) -> None:
    plain = sandbox.examples()["plain"].uuid
    body = f'[{{"uuid": "{plain}", "checked_in": true}}, {{"uuid": "Ada"}}, null]'
    sandbox.faults.set(Fault(Kind.WRONG_SHAPE, body=body.encode()))
    tickets = await client.tickets.list(tonight.uuid)
    assert tickets is not None
    assert tickets.unread == 2
    assert tickets.tickets == [Ticket(plain, tonight.uuid, checked_in=True)]
    assert "2 of 3 tickets could not be read" in caplog.text
