"""What the desk tells of one order."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from boxoffice.cli.manage_io import print_row
from boxoffice.domain.secret_text import SecretStr
from boxoffice.manage import Desk, for_update
from boxoffice.manage.questions import AskedQuestion
from boxoffice.screens.desk.form_model import facts, parts
from boxoffice.ticketbutler import Ticketbutler
from boxoffice.ticketbutler.record import as_json
from boxoffice.ticketbutler.resources.order_models import OrderDetails
from tests.manage.stage import not_here
from tests.support import FakeClock
from tests.ticketbutler.raw import KEY
from tests.ticketbutler.recorded import LISTED_ORDER, PAID_BY_A_CODE, QUESTIONS
from tests.ticketbutler.scripted import EVENT, OTHER, ScriptedServer

TOLD = {
    "uuid": EVENT,
    "order_id": "dZy1",
    "state": "PAID",
    "address": {"first_name": "Anna", "last_name": "Berg", "email": "anna@example.com"},
    "total_and_all_fees_decimal": 606.51,
    "fee_total": "16.51",
    "total_amount": 2,
    "order_lines": [
        {
            "uuid": OTHER,
            "title": "Standard\x1b[31m",
            "quantity": 2,
            "price": "295.00",
            "total": "590.00",
        },
        {"title": "SOMMER", "total": "-20.00", "type": "discount"},
    ],
}


@pytest.fixture
async def site() -> AsyncIterator[ScriptedServer]:
    scripted = ScriptedServer()
    listener = await asyncio.start_server(scripted.serve, "127.0.0.1", 0)
    scripted.url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    scripted.answers[f"GET orders/{EVENT}/"] = TOLD
    yield scripted
    scripted.release()
    listener.close()
    await listener.wait_closed()


async def test_an_order_is_shown_with_what_it_is_made_of(
    site: ScriptedServer, clock: FakeClock, capsys: pytest.CaptureFixture[str]
) -> None:
    async with Ticketbutler(site.url, SecretStr(KEY), clock=clock) as client:
        orders = Desk(client, not_here).resources["orders"]
        told = await orders.get(None, EVENT)
    assert isinstance(told, OrderDetails)
    assert (told.tickets, told.total, told.fees) == (2, Decimal("606.51"), Decimal("16.51"))
    assert [(each.quantity, each.total) for each in told.lines] == [
        (2, Decimal("590.00")),
        (None, Decimal("-20.00")),
    ]
    print_row(told)
    out = capsys.readouterr().out
    assert "Total: 606.51\nFees in that: 16.51\n" in out
    assert out.endswith(
        f"Line 1:\n  Id: {OTHER}\n  What: Standard[31m\n  How many: 2\n"
        "  Price of one: 295.00\n  Total: 590.00\n"
        "Line 2:\n  What: SOMMER\n  Total: -20.00\n  Kind: discount\n"
    )
    # What was shown can be given back: the lines are passed over.
    assert for_update(orders, told, as_json(told) | {"city": "Aarhus"}) == {"city": "Aarhus"}


def test_lines_of_an_order_do_not_crowd_its_form() -> None:
    assert "fees" in {each.name for each in facts(OrderDetails)}
    assert not {"lines"} & {each.name for each in (*facts(OrderDetails), *parts(OrderDetails))}


async def test_what_a_collection_that_is_off_asks_is_shown_as_off(
    site: ScriptedServer, clock: FakeClock
) -> None:
    site.answers[f"GET events/{EVENT}/ticket-type-questions/"] = QUESTIONS
    site.answers[f"GET events/{EVENT}/purchase-questions/"] = {}
    async with Ticketbutler(site.url, SecretStr(KEY), clock=clock) as client:
        (row,) = await Desk(client, not_here).resources["questions"].list(EVENT)
    assert isinstance(row, AskedQuestion)
    assert (row.heading, row.active, row.ticket_type) == ("Size?", False, "41")


async def test_the_list_has_what_was_paid_and_with_what(
    site: ScriptedServer, clock: FakeClock
) -> None:
    site.answers[f"GET events/{EVENT}/orders/"] = {"orders": [LISTED_ORDER, PAID_BY_A_CODE]}
    async with Ticketbutler(site.url, SecretStr(KEY), clock=clock) as client:
        rows = await Desk(client, not_here).resources["orders"].list(EVENT)
    one, free = [each for each in rows if isinstance(each, OrderDetails)]
    assert (one.tickets, one.total, free.total) == (2, Decimal("342.50"), Decimal("0.00"))
    assert (one.discount_code, one.payment_method) == ("EARLY", "STRIPE_CONNECT")
    assert [(each.full_name, each.paid) for each in one.people] == [
        ("Anna Kjær", Decimal("171.25")),
        ("Bo Kjær", Decimal("171.25")),
    ]
