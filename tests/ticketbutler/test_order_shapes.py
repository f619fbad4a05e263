"""Orders, as documented and as seen: short, refunded, and in the list of an event's orders."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from boxoffice.domain.models import Address, Order, OrderTicket
from boxoffice.ticketbutler.resources.order_models import read_event_orders, read_order, read_refund

HEX = "887d9eb1bd1d400490deead624269c13"
DASHED = "887d9eb1-bd1d-4004-90de-ead624269c13"
OTHER = "5025811e9d8346379d1db8a527909d0b"
SUMMER = timezone(timedelta(hours=2))


@pytest.mark.parametrize(
    ("answer", "order"),
    [
        (
            {
                "uuid": DASHED,
                "order_id": "Jca161",
                "email": "john@example.com",
                "address": {"first_name": "John", "last_name": "Doe"},
                "state": "PAID",
                "refunded": False,
                "event": {"uuid": OTHER, "title": "custom ticket"},
            },
            Order(
                HEX,
                OTHER,
                "Jca161",
                "PAID",
                False,
                "John Doe",
                "john@example.com",
                address=Address("John", "Doe"),
            ),
        ),
        (
            {
                "uuid": HEX,
                "event": OTHER,
                "state": "refund",
                "refunded": True,
                "full_name": "John D",
                "address": {"email": "john@example.com", "first_name": "X"},
            },
            Order(
                HEX,
                OTHER,
                "",
                "REFUND",
                True,
                "John D",
                "john@example.com",
                address=Address("X", email="john@example.com"),
            ),
        ),
        (
            {
                "uuid": HEX,
                "state": "Refund",
                "external_order_id": " BX-door-7 ",
                "created": "2019-06-03T01:09:45.615201+02:00",
                "ticket_pdf_url": "/da/purchase/1/tickets-as-pdf/",
                "total_and_all_fees_decimal": 12.5,
                "order_lines": [{"total": "7.00"}],
                "address": {"postcode": 2000, "cvr": "123", "street_2": None, "phone": "4\x1b2"},
            },
            Order(
                HEX,
                state="REFUND",
                refunded=True,
                external_order_id="BX-door-7",
                address=Address(postcode="2000", cvr="123", phone="42"),
                created=datetime(2019, 6, 3, 1, 9, 45, 615201, tzinfo=SUMMER),
                pdf_url="/da/purchase/1/tickets-as-pdf/",
                total=Decimal("12.50"),
            ),
        ),
        (
            {"uuid": HEX, "order_lines": [{"total": "7.00"}, {"total": -2}], "created": "soon"},
            Order(HEX, total=Decimal("5.00")),
        ),
        ({"uuid": HEX, "order_lines": [{"total": "7.00"}, {}]}, Order(HEX)),
        ({"uuid": HEX, "order_lines": [], "ticket_pdf_absolute_url": "a b"}, Order(HEX)),
        ({"uuid": HEX}, Order(HEX)),
    ],
)
def test_order(answer: dict[str, Any], order: Order) -> None:
    assert read_order(answer).as_order() == order


A, B = "a" * 32, "b" * 32


@pytest.mark.parametrize(
    ("rows", "party"),
    [
        ([{"amount": 2, "tickets": [{"uuid": A}, {"uuid": B}]}], (A, B)),
        ([{"amount": "1", "tickets": [{"uuid": A}]}, {"tickets": [{"uuid": B}]}], (A, B)),
        ([{"uuid": A}, {"uuid": B}, {"uuid": A}], (A, B)),
        ([{"amount": 3, "tickets": [{"uuid": A}, {"uuid": B}]}], None),
        ([{"amount": 2, "tickets": [{"uuid": A}, {"full_name": "Bo"}]}], None),
        ([{"uuid": A}, 7], None),
        ([{"amount": 0, "tickets": []}], None),
        ([], None),
        (None, None),
    ],
)
def test_those_on_an_order(rows: object, party: tuple[str, ...] | None) -> None:
    """A party that lacks somebody is none."""
    read = read_order({"uuid": HEX, "tickets": rows}).as_order().party
    assert (None if read is None else tuple(each.uuid for each in read)) == party


def test_codes_that_an_order_tells_of_its_tickets() -> None:
    row = {
        "uuid": A,
        "external_uuid": "MEM-1",
        "url": "https://test.example/t/nz9lb/",
        "company_name": "Acme\u202e ApS",
    }
    read = read_order({"uuid": HEX, "tickets": [{"tickets": [row]}]}).as_order()
    assert read.party == (OrderTicket(A, "MEM-1", "nz9lb", "Acme ApS"),)


@pytest.mark.parametrize(
    ("answer", "refunded"),
    [
        (
            {"purchase": {"uuid": HEX, "state": "PAID", "refunded": False}, "is_refunded": True},
            True,
        ),
        ({"purchase": {"uuid": HEX, "state": "REFUND"}}, True),
        ({"purchase": {"uuid": HEX, "refunded": True}, "is_refunded": None}, True),
        ({"uuid": HEX, "state": "REFUND"}, True),
        ({"purchase": {"uuid": HEX, "state": "PAID"}, "is_refunded": False}, False),
        ({"purchase": {"uuid": HEX, "state": "PAID"}, "is_refunded": "soon"}, False),
    ],
)
def test_refund(answer: dict[str, Any], refunded: bool) -> None:
    order = read_refund(answer).as_order()
    assert (order.uuid, order.refunded, order.state == "REFUND") == (HEX, refunded, refunded)


def test_orders_of_an_event() -> None:
    answer = {
        "uuid": OTHER,
        "orders": [
            {
                "uuid": DASHED,
                "order_id": "dZy1",
                "currency": "DKK",
                "state": "PAID",
                "date": "2019-10-14T08:25:08Z",
                "order_lines": [{"price": "295.00", "quantity": 3, "total": 885.0}],
                "tickets": [{"uuid": HEX, "checked_in": False, "purchase_uuid": HEX}, {"id": 7}],
            },
            {"order_id": "no uuid"},
        ],
    }
    (told,) = read_event_orders(answer, lambda each: each.as_event_order(OTHER))
    assert told.order == Order(
        HEX,
        OTHER,
        "dZy1",
        "PAID",
        created=datetime(2019, 10, 14, 8, 25, 8, tzinfo=UTC),
        total=Decimal("885.00"),
    )
    assert told.currency == "DKK"
    assert [(each.uuid, each.event, each.order) for each in told.tickets] == [(HEX, OTHER, HEX)]
    assert read_event_orders({"orders": []}, lambda each: each.as_event_order(OTHER)) == []


@pytest.mark.parametrize(
    ("told", "partly"),
    [
        ({"amount_of_refunded_tickets": 1, "tickets": [{"amount": 3, "tickets": []}]}, True),
        ({"amount_of_refunded_tickets": 3, "tickets": [{"amount": 3, "tickets": []}]}, False),
        (
            {
                "amount_of_refunded_tickets": 2,
                "tickets": [{"uuid": ("d" * 32)}, {"uuid": ("d" * 32)}, {}],
            },
            True,
        ),
        ({"amount_of_refunded_tickets": 0, "tickets": [{"amount": 3}]}, False),
        ({"amount_of_refunded_tickets": 1, "order_lines": [{"quantity": 2}]}, True),
        (
            {
                "amount_of_refunded_tickets": 1,
                "order_lines": [{"quantity": 1}, {"quantity": 9, "type": "fee"}],
            },
            False,
        ),
        ({"amount_of_refunded_tickets": 1}, False),
        ({"amount_of_refunded_tickets": "many", "tickets": [None, 7]}, False),
        ({"state": "PARTIALLY_REFUNDED"}, True),
    ],
)
def test_an_order_refunded_in_part(told: dict[str, object], partly: bool) -> None:
    order = read_order({"uuid": ("d" * 32), "state": "REFUND"} | told).as_order()
    assert order.refunded or "REFUND" in order.state
    assert order.partly is partly
