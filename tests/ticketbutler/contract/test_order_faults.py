"""Orders and faults: what is known of an order that was asked for, and that it is asked once."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from boxoffice.domain.models import Address, Order
from boxoffice.domain.secret_text import SecretStr
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.faults import Fault, Kind
from boxoffice.sandbox.models import Event as SandboxEvent
from boxoffice.sandbox.models import Order as SandboxOrder
from boxoffice.ticketbutler import (
    CaptivePortal,
    KeyRefused,
    Limits,
    NoAnswer,
    Refused,
    ServerFault,
    Ticketbutler,
    TicketbutlerError,
    TooMany,
    Unreachable,
    Unreadable,
)
from boxoffice.ticketbutler.resources.order_models import OrderDetails
from tests.support import both_dialects, until

ANNA = Address("Anna", "Kjær", "anna@example.com")


def writes(
    client: Ticketbutler, event: SandboxEvent, order: SandboxOrder
) -> dict[str, Callable[[], Awaitable[object]]]:
    """Every write about orders, by its method and path."""
    amounts = [(event.ticket_types[0].uuid, 1)]
    return {
        "POST orders/": lambda: client.orders.create(
            event.uuid, address=ANNA, amounts=amounts, external_order_id="BX-door-1"
        ),
        "PATCH orders/*/": lambda: client.orders.patch(order.uuid, ANNA),
        "POST orders/*/questions/": lambda: client.orders.answer(order.uuid, []),
        "DELETE orders/*/": lambda: client.orders.refund(order.uuid),
    }


@both_dialects
@pytest.mark.parametrize(
    ("fault", "kind", "maybe", "placed"),
    [
        ("drop", NoAnswer, True, 0),
        ("drop-after", NoAnswer, True, 1),
        ("cut", NoAnswer, True, 1),
        ("400", Refused, False, 0),
        ("401", KeyRefused, False, 0),
        ("429=5", TooMany, False, 0),
        ("500", ServerFault, True, 0),
        ("502", ServerFault, True, 0),
        ("524", NoAnswer, True, 0),
        ("524-after", NoAnswer, True, 1),
        ("html", CaptivePortal, True, 0),
        ("redirect", CaptivePortal, False, 0),
        ("truncated", Unreadable, True, 1),
        ("wrong-shape", Unreadable, True, 1),
    ],
)
async def test_writes(
    client: Ticketbutler,
    sandbox: Sandbox,
    tonight: SandboxEvent,
    fault: str,
    kind: type[TicketbutlerError],
    maybe: bool,
    placed: int,
) -> None:
    order = sandbox.examples()["plain"].order
    before = len(tonight.orders)
    for written, ask in writes(client, tonight, order).items():
        method, path = written.split()
        sandbox.log.clear()
        rule = sandbox.faults.set(fault, path=path, method=method)
        with pytest.raises(kind) as caught:
            await ask()
        sandbox.faults.clear(rule)
        assert caught.value.maybe_applied is maybe
        assert sandbox.log.count() == 1, "a write is asked once"
        if method == "DELETE":
            assert order.refunded is bool(placed)
    assert len(tonight.orders) == before + placed


@both_dialects
async def test_an_answer_without_a_uuid_may_still_be_an_order(
    client: Ticketbutler, sandbox: Sandbox, tonight: SandboxEvent
) -> None:
    body = b'{"order_id": "dZy1", "external_order_id": "BX-door-1"}'
    sandbox.faults.set(Fault(Kind.WRONG_SHAPE, body=body))
    order = sandbox.examples()["plain"].order
    with pytest.raises(Unreadable) as caught:
        await writes(client, tonight, order)["POST orders/"]()
    assert caught.value.maybe_applied


@pytest.mark.parametrize("fault", ["hang", "hang-after"])
async def test_a_site_that_hangs(sandbox: Sandbox, tonight: SandboxEvent, fault: str) -> None:
    order = sandbox.examples()["plain"].order
    sandbox.faults.set(fault)
    limits = Limits(read=0.02, order_read=0.02, list_read=0.02)
    async with Ticketbutler(sandbox.url, SecretStr(sandbox.token), limits=limits) as client:
        for ask in writes(client, tonight, order).values():
            with pytest.raises(NoAnswer) as caught:
                await ask()
            assert caught.value.maybe_applied
        with pytest.raises(NoAnswer):
            await client.orders.list(tonight.uuid)
    assert sandbox.log.count() == 5
    sandbox.faults.clear()


async def test_placing_an_order_may_take_longer_than_a_read(
    sandbox: Sandbox, tonight: SandboxEvent
) -> None:
    sandbox.faults.set("hang", path="ping/")
    placing = sandbox.faults.set("hang-after", path="orders/")
    limits = Limits(read=0.02, total=0.02)
    async with Ticketbutler(sandbox.url, SecretStr(sandbox.token), limits=limits) as client:
        ask = writes(client, tonight, sandbox.examples()["plain"].order)["POST orders/"]
        placed = asyncio.ensure_future(ask())
        await until(lambda: sandbox.log.count("POST", applied=True) == 1)
        with pytest.raises(NoAnswer):  # which takes as long as a read may
            await client.ping()
        sandbox.faults.clear(placing)
        assert isinstance(await placed, OrderDetails)
    sandbox.faults.clear()


async def test_nothing_is_placed_where_nothing_listens(
    client: Ticketbutler, sandbox: Sandbox, tonight: SandboxEvent
) -> None:
    await client.ping()
    await sandbox.stop()
    with pytest.raises(TicketbutlerError):
        await client.ping()
    order = sandbox.examples()["plain"].order
    for ask in writes(client, tonight, order).values():
        with pytest.raises(Unreachable) as caught:
            await ask()
        assert not caught.value.maybe_applied


@both_dialects
@pytest.mark.parametrize("fault", ["520", "522", "524", "502", "drop", "truncated", "cut"])
async def test_the_heavy_list_is_asked_once(
    client: Ticketbutler, sandbox: Sandbox, tonight: SandboxEvent, fault: str
) -> None:
    sandbox.faults.set(fault, path="events/*/orders/")
    with pytest.raises(TicketbutlerError):
        await client.orders.list(tonight.uuid)
    assert sandbox.log.count("GET", "events/*/orders/") == 1


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("html", CaptivePortal),
        ("deep=10", Unreadable),
        ("huge=21", Unreadable),
        ("truncated", Unreadable),
        ("500", ServerFault),
    ],
)
async def test_a_pdf_that_is_none(
    client: Ticketbutler, sandbox: Sandbox, fault: str, kind: type[TicketbutlerError]
) -> None:
    order: Order = await client.orders.get(sandbox.examples()["plain"].order.uuid)
    sandbox.faults.set(fault, path="/da/purchase/*/tickets-as-pdf/")
    with pytest.raises(kind):
        await client.orders.pdf(order)
