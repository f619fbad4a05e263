"""Discount codes against the sandbox, and webhooks as it delivers them."""

import asyncio
from decimal import Decimal

import pytest

from boxoffice.domain.models import Address
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import Event as SandboxEvent
from boxoffice.ticketbutler import (
    NotFound,
    Ticketbutler,
)
from boxoffice.ticketbutler.resources.discounts import NewDiscountCode
from boxoffice.ticketbutler.resources.webhooks import NewWebhook, read_hook, read_purchase
from tests.support import both_dialects, until

CODE = NewDiscountCode(code="SOMMER", amount=Decimal("50.00"), usage_tickets_limit=3)


@both_dialects
@pytest.mark.parametrize("generic", [True, False])
async def test_a_code_that_was_used_cannot_be_deleted(
    client: Ticketbutler, sandbox: Sandbox, tonight: SandboxEvent, generic: bool
) -> None:
    event = None if generic else tonight.uuid
    (code,) = await client.discounts.create(event, [CODE])
    sandbox.state.use_discount("SOMMER")
    (told,) = [e for e in await client.discounts.list(event) if e.id == code.id]
    assert told.amount_times_applied == 1
    with pytest.raises(NotFound) as caught:
        await client.discounts.delete(event, code.id)
    assert "it has been used" in caught.value.sentence
    off = await client.discounts.toggle(event, code.id)
    assert not off.active


@pytest.mark.parametrize("dialect", ["live"])
async def test_codes_are_looked_for_in_every_place_that_is_known(
    client: Ticketbutler, sandbox: Sandbox, tonight: SandboxEvent
) -> None:
    await client.discounts.create(tonight.uuid, [CODE])
    sandbox.log.clear()
    sandbox.faults.set("404", path="events/*/discount-code/**")
    sandbox.faults.set("404", path="*/discount-code/")
    for _ in range(2):
        (told,) = await client.discounts.list(tonight.uuid)
        assert told.code == "SOMMER"
    paths = [each.path.replace(tonight.uuid, "…") for each in sandbox.log]
    assert paths == [
        "events/…/discount-code/",
        "…/discount-code/",
        "events/…/discount-codes/",
        "events/…/discount-codes/",
    ]


@both_dialects
async def test_no_such_event_is_no_empty_list_of_codes(client: Ticketbutler) -> None:
    with pytest.raises(NotFound) as caught:
        await client.discounts.list("0" * 32)
    assert caught.value.sentence == "The site has no such event: refresh the list."


@both_dialects
async def test_a_webhook_is_delivered_and_read(client: Ticketbutler, tonight: SandboxEvent) -> None:
    bodies: list[bytes] = []

    async def receive(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        lines = head.lower().split(b"\r\n")
        length = next(int(line[15:]) for line in lines if line[:15] == b"content-length:")
        bodies.append(await reader.readexactly(length))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    listener = await asyncio.start_server(receive, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    wanted = NewWebhook(url=f"http://127.0.0.1:{port}/secret", action="all")
    made = await client.webhooks.create(wanted)
    ticket = next(e for e in tonight.tickets if not (e.checked_in or e.refunded))
    await client.tickets.patch(ticket.uuid, checked_in=True)
    await until(lambda: any(read_hook(each).action == "ticket.checkin" for each in bodies))
    told = next(hook for each in bodies if (hook := read_hook(each)).action == "ticket.checkin")
    assert (told.tickets, told.order, told.live) == ((ticket.uuid,), ticket.order.uuid, True)
    await client.events.update(tonight.uuid, title="Told")
    await until(lambda: any(read_hook(each).action == "event.updated" for each in bodies))
    assert read_hook(bodies[-1]).event == tonight.uuid
    sold = await client.orders.create(
        tonight.uuid,
        address=Address("Anna", "Kjær", "anna@example.com"),
        amounts=[(tonight.ticket_types[0].uuid, 2)],
        external_order_id="BX-1",
    )
    await until(lambda: any(read_hook(each).action == "purchase.paid" for each in bodies))
    paid = next(hook for each in bodies if (hook := read_hook(each)).action == "purchase.paid")
    purchase = read_purchase(paid)
    assert (paid.order, paid.event) == (sold.uuid, tonight.uuid)
    assert (purchase.uuid, purchase.order_id, purchase.state) == (sold.uuid, sold.order_id, "PAID")
    assert purchase.tickets == len(purchase.people) == len(paid.tickets) == 2
    assert purchase.external_order_id == "BX-1"
    assert purchase.event == "Told"
    assert purchase.people[0].ticket_type == tonight.ticket_types[0].title
    await client.webhooks.delete(made.uuid)
    listener.close()
    await listener.wait_closed()
