"""Orders in full: as the document shows them, and as the live service tells them."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from boxoffice.ticketbutler import NotFound, Ticketbutler, Unreadable
from boxoffice.ticketbutler.resources.order_models import OrderDetails, OrderLine
from tests.ticketbutler.scripted import EVENT, OTHER, TYPE, ScriptedServer

ORDER = "9572227c20e14c7a9e15c778cfeb3e9a"
PATH, LIST = f"orders/{ORDER}/", f"GET events/{EVENT}/orders/"
SUMMER = timezone(timedelta(hours=2))
PURCHASE = f"/da/purchase/{ORDER}"
LONG: dict[str, Any] = {
    "address": {"first_name": "First", "last_name": "Last", "email": "first@example.com"},
    "uuid": ORDER,
    "user": {"email": "first@example.com"},
    "id": 3,
    "identifier": 3,
    "email": "first@example.com",
    "state": "REFUND",
    "created": "2019-10-14T15:02:03.308296+02:00",
    "full_name": "First Last",
    "purchase_is_free": True,
    "organizer_absorb_fees": False,
    "fee_amount": 0,
    "fee_percentage": "3.90",
    "fee_total": "11.51",
    "first_name": "First",
    "order_id": "dZy3",
    "external_order_id": None,
    "total_and_all_fees_decimal": 306.51,
    "total_amount": 3,
    "vat_total": "59.00",
    "fee_total_vat": "2.30",
    "send_sms_tickets": False,
    "fee_per_sms": 5,
    "discount_code": None,
    "refund_date": "2019-10-14T15:02:23+02:00",
    "refund_email_send": "2019-10-14T15:02:23+02:00",
    "refund_url": f"/api/purchases/{ORDER}/refund/",
    "refunded": True,
    "event": {"uuid": EVENT, "title": "custom ticket", "start_date": "2019-06-30T13:45:00+02:00"},
    "ticket_download_url": f"{PURCHASE}/tickets-download/",
    "ticket_download_absolute_url": f"http://localhost:8000{PURCHASE}/tickets-download/",
    "ticket_pdf_url": f"{PURCHASE}/tickets-as-pdf/",
    "ticket_pdf_absolute_url": f"http://localhost:8000{PURCHASE}/tickets-as-pdf/",
    "receipt_as_web_url": f"{PURCHASE}/reciept-as-web/",
    "earliest_date": "2019-10-21T08:45:00Z",
    "customer_id": None,
    "payment_method_id": None,
    "pay_by_invoice": False,
    "state_verbose": "REFUNDED",
}
ROW: dict[str, Any] = {
    "uuid": ORDER,
    "order_id": "dZy1",
    "currency": "DKK",
    "order_lines": [
        {
            "uuid": OTHER,
            "discount_total": None,
            "has_ticket_type_date": False,
            "ticket_type_date": "2019-10-21T08:45:00Z",
            "quantity": 3,
            "title": "Free  tickets\u200b",
            "price": "0.00",
            "total": "0.00",
            "type": "ticket",
        }
    ],
    "state": "PAID",
    "date": "2019-10-14T08:25:08Z",
    "vat_exempt": False,
    "vat_rate": "25",
    "address": {"first_name": "First"},
    "tickets": [{"uuid": TYPE, "checked_in": False}, {"id": 7}],
}


def told_of_it(order: OrderDetails) -> None:
    assert (order.uuid, order.order_id) == (ORDER, "dZy3")
    assert (order.event_uuid, order.event) == (EVENT, "custom ticket")
    assert (order.state, order.refunded) == ("REFUND", True)
    assert (order.buyer, order.last_name) == ("First Last", "Last")
    assert (order.fees, order.total) == (Decimal("11.51"), Decimal("306.51"))
    assert order.tickets == 3
    assert order.discount_code == ""
    assert order.pdf == LONG["ticket_pdf_absolute_url"]
    assert order.raw["user"] == LONG["user"]


async def test_all_of_an_order(organiser: Ticketbutler, script: ScriptedServer) -> None:
    script.answers = {
        f"GET {PATH}": LONG,
        f"PATCH {PATH}": LONG,
        f"DELETE {PATH}": {"purchase": LONG, "is_refunded": True},
        "POST orders/": LONG | {"external_order_id": "BX-1"},
    }
    told_of_it(await organiser.orders.get_details(ORDER))
    told_of_it(await organiser.orders.update(ORDER, city="Aarhus"))
    script.answers[f"GET {PATH}"] = LONG | {"state": "PAID", "refunded": False}
    told_of_it(await organiser.orders.refund(ORDER))
    placed = await organiser.orders.create(
        EVENT,
        address=(await organiser.orders.get_details(ORDER)).address,
        amounts=[(TYPE, 3)],
        external_order_id="BX-1",
    )
    told_of_it(placed)
    assert placed.external_order_id == "BX-1"


async def test_a_refund_that_tells_the_order_as_it_was(
    organiser: Ticketbutler, script: ScriptedServer
) -> None:
    before = LONG | {"state": "PAID", "refunded": False, "refund_date": None}
    script.answers = {
        f"GET {PATH}": before,
        f"DELETE {PATH}": {"purchase": before, "is_refunded": True},
    }
    told = await organiser.orders.refund(ORDER)
    assert (told.refunded, told.state) == (True, "REFUND")


async def test_orders_of_an_event(organiser: Ticketbutler, script: ScriptedServer) -> None:
    script.answers[LIST] = {"uuid": EVENT, "orders": [ROW, {"id": 7}]}
    (order,) = await organiser.orders.list_details(EVENT)
    assert (order.event_uuid, order.currency, order.total) == (EVENT, "DKK", Decimal(0))
    assert order.created == datetime(2019, 10, 14, 8, 25, 8, tzinfo=UTC)
    free = Decimal("0.00")
    assert order.lines == (
        OrderLine(
            uuid=OTHER, title="Free tickets", quantity=3, price=free, total=free, kind="ticket"
        ),
    )
    assert [each.uuid for each in order.people] == [TYPE, ""]
    assert (order.fees, order.pdf) == (None, "")


async def test_odd_values_are_not_told(organiser: Ticketbutler, script: ScriptedServer) -> None:
    lines = [{"quantity": -1, "total": "much", "discount_total": "-5.00"}, 7]
    odd = {"discount_code": {"code": "SOMMER"}, "customer_id": 71, "fee_total": [], "event": EVENT}
    dated = {"has_ticket_type_date": True, "ticket_type_date": "2019-10-21T08:45"}
    script.answers[f"GET {PATH}"] = LONG | odd | {"order_lines": [*lines, dated]}
    order = await organiser.orders.get_details(ORDER)
    assert (order.discount_code, order.fees) == ("SOMMER", None)
    assert order.lines == (
        OrderLine(quantity=0, discount=Decimal("-5.00")),
        OrderLine(date=datetime(2019, 10, 21, 8, 45, tzinfo=UTC)),
    )
    assert (order.event_uuid, order.event) == (EVENT, "")


async def test_what_is_no_order(organiser: Ticketbutler, script: ScriptedServer) -> None:
    script.answers |= {f"GET {PATH}": LONG | {"uuid": OTHER}, LIST: {"orders": [{"id": 7}]}}
    with pytest.raises(Unreadable):
        await organiser.orders.get_details(ORDER)
    with pytest.raises(Unreadable):
        await organiser.orders.list_details(EVENT)
    with pytest.raises(NotFound):
        await organiser.orders.get_details(OTHER)
