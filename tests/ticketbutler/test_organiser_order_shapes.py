"""Orders in full: as the document shows them, and as the live service tells them."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from boxoffice.organiser import FullOrder, OrderLine
from boxoffice.ticketbutler import NotFound, Unreadable
from boxoffice.ticketbutler.organiser import Organiser
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


def told_of_it(order: FullOrder) -> None:
    assert (order.uuid, order.order_id, order.number) == (ORDER, "dZy3", 3)
    assert (order.event, order.event_title) == (EVENT, "custom ticket")
    assert order.event_start == datetime(2019, 6, 30, 13, 45, tzinfo=SUMMER)
    assert (order.state, order.state_verbose, order.refunded) == ("REFUND", "REFUNDED", True)
    assert (order.full_name, order.address.last_name) == ("First Last", "Last")
    assert (order.fee_amount, order.fee_percentage) == (Decimal(0), Decimal("3.90"))
    assert (order.fee_total, order.fee_total_vat) == (Decimal("11.51"), Decimal("2.30"))
    assert (order.total, order.vat_total) == (Decimal("306.51"), Decimal("59.00"))
    assert (order.ticket_count, order.free, order.pay_by_invoice) == (3, True, False)
    assert (order.organizer_absorbs_fees, order.send_sms_tickets) == (False, False)
    assert (order.fee_per_sms, order.discount_code, order.customer_id) == (Decimal(5), "", "")
    assert order.refund_date == datetime(2019, 10, 14, 15, 2, 23, tzinfo=SUMMER)
    assert order.refund_email_sent == order.refund_date
    assert order.earliest == datetime(2019, 10, 21, 8, 45, tzinfo=UTC)
    assert order.pdf_url == LONG["ticket_pdf_absolute_url"]
    assert order.download_url == LONG["ticket_download_absolute_url"]
    assert (order.receipt_url, order.refund_url) == (
        LONG["receipt_as_web_url"],
        LONG["refund_url"],
    )
    assert order.raw["user"] == LONG["user"]


async def test_all_of_an_order(organiser: Organiser, script: ScriptedServer) -> None:
    script.answers = {
        f"GET {PATH}": LONG,
        f"PATCH {PATH}": LONG,
        f"DELETE {PATH}": {"purchase": LONG, "is_refunded": True},
        "POST orders/": LONG | {"external_order_id": "BX-1"},
    }
    told_of_it(await organiser.order(ORDER))
    told_of_it(await organiser.update_order(ORDER, city="Aarhus"))
    script.answers[f"GET {PATH}"] = LONG | {"state": "PAID", "refunded": False}
    told_of_it(await organiser.refund_order(ORDER))
    placed = await organiser.create_order(
        EVENT,
        address=(await organiser.order(ORDER)).address,
        amounts=[(TYPE, 3)],
        external_order_id="BX-1",
    )
    told_of_it(placed)
    assert placed.external_order_id == "BX-1"


async def test_a_refund_that_tells_the_order_as_it_was(
    organiser: Organiser, script: ScriptedServer
) -> None:
    before = LONG | {"state": "PAID", "refunded": False, "refund_date": None}
    script.answers = {
        f"GET {PATH}": before,
        f"DELETE {PATH}": {"purchase": before, "is_refunded": True},
    }
    told = await organiser.refund_order(ORDER)
    assert (told.refunded, told.state, told.refund_date) == (True, "REFUND", None)


@pytest.mark.parametrize("rate", ["25", 0.25, 25.0])
async def test_orders_of_an_event(
    organiser: Organiser, script: ScriptedServer, rate: object
) -> None:
    script.answers[LIST] = {"uuid": EVENT, "orders": [ROW | {"vat_rate": rate}, {"id": 7}]}
    (order,) = await organiser.event_orders(EVENT)
    assert (order.event, order.currency, order.total) == (EVENT, "DKK", Decimal(0))
    assert (order.vat_rate, order.vat_exempt) == (Decimal(25), False)
    assert order.created == datetime(2019, 10, 14, 8, 25, 8, tzinfo=UTC)
    free = Decimal("0.00")
    assert order.lines == (OrderLine(OTHER, "Free tickets", 3, free, free, kind="ticket"),)
    assert [(each.uuid, each.event) for each in order.tickets] == [(TYPE, EVENT)]
    assert (order.fee_total, order.pay_by_invoice, order.pdf_url) == (None, None, "")


async def test_odd_values_are_not_told(organiser: Organiser, script: ScriptedServer) -> None:
    lines = [{"quantity": -1, "total": "much", "discount_total": "-5.00"}, 7]
    odd = {"discount_code": {"code": "SOMMER"}, "customer_id": 71, "fee_total": [], "event": EVENT}
    dated = {"has_ticket_type_date": True, "ticket_type_date": "2019-10-21T08:45"}
    script.answers[f"GET {PATH}"] = LONG | odd | {"order_lines": [*lines, dated]}
    order = await organiser.order(ORDER)
    assert (order.discount_code, order.customer_id, order.fee_total) == ("SOMMER", "71", None)
    assert order.lines == (
        OrderLine(quantity=0, discount=Decimal("-5.00")),
        OrderLine(),
        OrderLine(date=datetime(2019, 10, 21, 8, 45, tzinfo=UTC)),
    )
    assert (order.event, order.event_title) == (EVENT, "")


async def test_what_is_no_order(organiser: Organiser, script: ScriptedServer) -> None:
    script.answers |= {f"GET {PATH}": LONG | {"uuid": OTHER}, LIST: {"orders": [{"id": 7}]}}
    with pytest.raises(Unreadable):
        await organiser.order(ORDER)
    with pytest.raises(Unreadable):
        await organiser.event_orders(EVENT)
    with pytest.raises(NotFound):
        await organiser.order(OTHER)
