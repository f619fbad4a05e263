"""What a steward is told of an order that the site refused."""

import json
from typing import Any

import pytest

from boxoffice.ticketbutler.errors import (
    MAYBE,
    Forbidden,
    NoAnswer,
    Refused,
    ServerFault,
    TicketbutlerError,
    Unreadable,
)
from boxoffice.ticketbutler.wire import Call, Reply, check
from tests.support import EVENING
from tests.ticketbutler.calls import call_of

HEX = "887d9eb1bd1d400490deead624269c13"
REFUND = call_of(lambda client: client.orders.refund(HEX))
OTHERS = call_of(lambda client: client.orders.answers(HEX))


def error_of(call: Call[Any], status: int, body: object) -> TicketbutlerError:
    content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    with pytest.raises(TicketbutlerError) as caught:
        check(call, Reply(status, [content]), site="https://a.example", now=EVENING)
    return caught.value


TOO_FEW = "Not enough tickets are left: choose fewer, or tickets of another type."
NO_VOUCHER = "Not enough vouchers are left to pay this order: ask the organiser for more of them."
REFUNDED = "This order has already been refunded."
OVER = "The event is over for the site: it sells no more tickets for it."


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"detail": "Insufficient tickets available"}, TOO_FEW),
        (["INSUFFICIENT TICKETS AVAILABLE."], TOO_FEW),
        ("Insufficient tickets available", TOO_FEW),
        ({"ticket_types": ["Insufficient tickets available"]}, TOO_FEW),
        ({"error": "Insufficient vouchers available"}, NO_VOUCHER),
        ({"non_field_errors": ["Event expired"]}, OVER),
        (
            {"detail": "Order details insufficient", "address": {"email": ["Is required."]}},
            "The site does not take the order's details: email: Is required.",
        ),
        (
            {"detail": "Order details insufficient: email"},
            "The site does not take the order's details: email.",
        ),
        (
            {"detail": "Order details insufficient."},
            "The site lacks details of the order: check name, e-mail and tickets.",
        ),
        (
            {"detail": "The order has already been refunded."},
            REFUNDED,
        ),
        ({"detail": "Already refunded"}, REFUNDED),
        ({"detail": "Computer says \x1b[31mno"}, "The site refused this: Computer says [31mno."),
        ({"phone": ["Too long."]}, "The site refused this: phone: Too long."),
        ({"detail": "No.", "code": "x"}, "The site refused this: No."),
        ("", "The site refused this: 400, check what was entered."),
        ("<html>", "The site refused this: 400, check what was entered."),
    ],
)
def test_the_table(body: object, sentence: str) -> None:
    error = error_of(OTHERS, 400, body)
    assert type(error) is Refused
    assert error.sentence == sentence
    assert not error.maybe_applied


@pytest.mark.parametrize("body", ["", "<html>", "null"])
def test_a_refund_refused_without_a_word(body: str) -> None:
    assert error_of(REFUND, 400, body).sentence == REFUNDED


def test_a_refund_refused_for_another_reason() -> None:
    error = error_of(REFUND, 400, {"detail": "Too late."})
    assert error.sentence == "The site refused this: Too late."


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_may_not_refund(status: int) -> None:
    error = error_of(REFUND, status, {"detail": "No."})
    assert type(error) is Forbidden
    assert error.sentence.startswith("The key may not refund orders: ")
    assert error_of(OTHERS, status, {"detail": "No."}).sentence != error.sentence


@pytest.mark.parametrize("status", [500, 503, 524])
def test_what_may_have_been_done_is_not_just_tried_again(status: int) -> None:
    said = error_of(REFUND, status, "").of_a_write
    assert f"({status}). {MAYBE}" in said
    assert "try again in a minute" not in said


@pytest.mark.parametrize("error", [NoAnswer(), ServerFault(), Unreadable()])
def test_without_a_number_too(error: TicketbutlerError) -> None:
    assert error.of_a_write == f"{error.default.partition(':')[0]}. {MAYBE}"
