"""The requests about orders, as they go out, and which answers are taken for theirs."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from boxoffice.domain.models import Address, AnswerInput, Order
from boxoffice.ticketbutler import NotFound, Ticketbutler
from boxoffice.ticketbutler.wire import Call, WrongShape
from tests.support import table
from tests.ticketbutler.calls import SITE, Ask, call_of

HEX = "887d9eb1bd1d400490deead624269c13"
DASHED = "887D9EB1-bd1d-4004-90de-ead624269c13"
OTHER = "5025811e9d8346379d1db8a527909d0b"
ANNA = Address("Anna", "Kjær", "anna@example.com")


def place(client: Ticketbutler, event: str, address: Address, kind: str) -> Awaitable[object]:
    return client.orders.create(
        event, address=address, amounts=[(kind, 2)], external_order_id="BX-door-7"
    )


def create(address: Address = ANNA) -> Call[Any]:
    return call_of(lambda client: place(client, DASHED, address, DASHED))


def test_an_order_is_placed_as_documented() -> None:
    assert str(create()) == "POST orders/"
    assert create().body == {
        "event": HEX,
        "address": {"first_name": "Anna", "last_name": "Kjær", "email": "anna@example.com"},
        "ticket_types": [{"uuid": HEX, "amount": 2}],
        "external_order_id": "BX-door-7",
    }
    full = create(Address("Anna", "Kjær", "anna@example.com", phone="42", city="Aarhus"))
    assert isinstance(full.body, dict)
    assert (full.body["address"]["phone"], full.body["address"]["city"]) == ("42", "Aarhus")


def test_what_is_needed_is_sent_even_where_it_is_empty() -> None:
    body = create(Address()).body
    assert isinstance(body, dict)
    assert body["address"] == {"first_name": "", "last_name": "", "email": ""}


@table(
    "answer",
    [
        {"uuid": DASHED, "external_order_id": "BX-door-7", "event": {"uuid": OTHER}},
        {"uuid": DASHED, "event": {"uuid": HEX}},
        {"uuid": DASHED},
    ],
)
def test_the_order_that_was_placed(answer: dict[str, Any]) -> None:
    assert create().read(answer).uuid == HEX
    assert create().read(answer).event_uuid in {HEX, OTHER}


@table(
    "answer",
    [
        {"uuid": DASHED, "external_order_id": "BX-door-6"},
        {"uuid": DASHED, "event": {"uuid": OTHER}},
        {"order_id": "dZy1", "external_order_id": "BX-door-7"},
        [],
        "ok",
    ],
)
def test_an_order_that_is_not_ours(answer: object) -> None:
    with pytest.raises(WrongShape):
        create().read(answer)


def test_a_change_sends_the_whole_address() -> None:
    call = call_of(lambda client: client.orders.patch(DASHED, ANNA))
    assert str(call) == f"PATCH orders/{HEX}/"
    assert isinstance(call.body, dict)
    assert len(call.body["address"]) == 13
    assert call.body["address"]["first_name"] == "Anna"


def test_a_field_that_was_never_told_is_not_emptied() -> None:
    before = Address("Anne", "Kjær", "anna@example.com", city="Aarhus", street="Havnen 1")
    after = Address("Anna", "Kjær", "anna@example.com", city="", street="Havnen 2")
    call = call_of(lambda client: client.orders.patch(HEX, after, before=before))
    assert call.body == {
        "address": {
            "first_name": "Anna",
            "last_name": "Kjær",
            "email": "anna@example.com",
            "city": "",
            "street": "Havnen 2",
        }
    }


@table(
    ("ask", "line"),
    [
        (lambda client: client.orders.refund(DASHED), f"DELETE orders/{HEX}/"),
        (lambda client: client.orders.answers(DASHED), f"GET orders/{HEX}/questions/"),
        (lambda client: client.orders.answer(DASHED, []), f"POST orders/{HEX}/questions/"),
        (lambda client: client.orders.list(DASHED), f"GET events/{HEX}/orders/"),
        (lambda client: client.orders.list_details(DASHED), f"GET events/{HEX}/orders/"),
    ],
)
def test_paths(ask: Ask, line: str) -> None:
    assert str(call_of(ask)) == line


def test_a_buyers_answers_are_written_as_an_attendees() -> None:
    given = [AnswerInput(HEX, "7"), AnswerInput(OTHER, (HEX,))]
    call = call_of(lambda client: client.orders.answer(HEX, given))
    assert call.body == [{"uuid": HEX, "value": "7"}, {"uuid": OTHER, "value": [HEX]}]


@table(
    ("ask", "what"),
    [
        (lambda client, text: place(client, text, ANNA, HEX), "event"),
        (lambda client, text: place(client, HEX, ANNA, text), "ticket type"),
        (lambda client, text: client.orders.patch(text, ANNA), "order"),
        (lambda client, text: client.orders.refund(text), "order"),
        (lambda client, text: client.orders.answers(text), "order"),
        (lambda client, text: client.orders.answer(text, []), "order"),
        (lambda client, text: client.orders.list(text), "event"),
    ],
)
@table("text", ["", "dZy1", "../ping", f"{HEX}/../x", "\x00"])
def test_what_is_no_uuid_never_gets_into_a_path(
    ask: Callable[[Ticketbutler, str], Awaitable[object]], what: str, text: str
) -> None:
    with pytest.raises(NotFound) as caught:
        call_of(lambda client: ask(client, text))
    assert caught.value.sentence == f"The site has no such {what}."


@table(
    "ask",
    [
        lambda client: client.orders.patch(HEX, ANNA),
        lambda client: client.orders.refund(HEX),
        lambda client: client.orders.answers(HEX),
        lambda client: client.orders.answer(HEX, []),
    ],
)
def test_an_answer_about_something_else_is_not_taken(ask: Ask) -> None:
    call = call_of(ask)
    other = {"uuid": OTHER, "answers": [], "purchase": OTHER, "is_refunded": True}
    if call.method == "DELETE":
        other["purchase"] = {"uuid": OTHER}
    with pytest.raises(WrongShape):
        call.read(other)


@table(
    ("named", "target"),
    [
        (f"{SITE}/da/purchase/1/tickets-as-pdf/", "/da/purchase/1/tickets-as-pdf/"),
        ("http://test.ticketbutler.example:80/pdf/?a=1", "/pdf/?a=1"),
        ("/da/purchase/1/tickets-as-pdf/", "/da/purchase/1/tickets-as-pdf/"),
        ("da/pdf", "/da/pdf"),
        (f"{SITE}//evil.example/pdf", "/evil.example/pdf"),
        ("@evil.example/pdf", "/@evil.example/pdf"),
    ],
)
def test_a_pdf_is_asked_of_the_site(named: str, target: str) -> None:
    call = call_of(lambda client: client.orders.pdf(Order(HEX, pdf_url=named)))
    assert call.target == target


@table(
    "named",
    [
        "http://localhost:8000/da/purchase/1/tickets-as-pdf/",
        "https://evil.example/pdf",
        "https://test.ticketbutler.example.evil.example/pdf",
        "https://test.ticketbutler.example@evil.example/pdf",
        "//evil.example/pdf",
        "file:///etc/passwd",
        "http://[::1/pdf",
    ],
)
def test_a_pdf_elsewhere_is_named_and_not_asked_for(named: str) -> None:
    with pytest.raises(NotFound) as caught:
        call_of(lambda client: client.orders.pdf(Order(HEX, pdf_url=named)))
    assert named in caught.value.sentence


def test_an_order_without_a_pdf() -> None:
    with pytest.raises(NotFound, match="no PDF"):
        call_of(lambda client: client.orders.pdf(Order(HEX)))
