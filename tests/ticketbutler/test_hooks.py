"""What webhooks bring: the document's samples, and whatever else somebody may send."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boxoffice.ticketbutler import Unreadable
from boxoffice.ticketbutler.resources.event_models import Address
from boxoffice.ticketbutler.resources.webhooks import LARGEST, Hook, read_hook, read_purchase

UPDATED = {
    "id": "28fc84c2-0420-4d26-b805-a18163740bd0",
    "uuid": "28fc84c2-0420-4d26-b805-a18163740bd0",
    "scope": "team",
    "action": "event.updated",
    "live": True,
    "whitelabel": "Ticketbutler",
    "data": {
        "uuid": "316225ff-074c-41f6-8f22-6e85d37672e3",
        "title": "Testing",
        "summary": "",
        "description": "",
    },
}
NEWSLETTER = {
    "uuid": "e2a31221-2761-48db-8a1f-f8f1af919f2q",
    "scope": "whitelabel",
    "action": "purchase.newsletter",
    "live": True,
    "whitelabel": "Ticketbutler",
    "data": {"Tickets": [{"Ordre ID": "UWb116798", "Billet ID": n} for n in (123527, 123528)]},
}
PERSON = {"first_name": "John", "full_name": "John Doe", "last_name": "Doe", "phone": "+4589801280"}
PAID: dict[str, Any] = {
    "uuid": "07fe6740-d598-477f-a718-c9fd87539e62",
    "scope": "team",
    "action": "purchase.paid",
    "live": True,
    "team": "dinner-party",
    "data": {
        "address": PERSON
        | {"venue": None, "language": "en", "additional_info": "By the back door"},
        "custom_questions": None,
        "event": {
            "address": {"venue": "The Event Hub", "cvr": "12345678", "language": "en"},
            "description": "",
            "end_date": None,
            "event_full_url": "https://example.com/en/e/zapier-integration/",
            "image": {"main": False},
            "start_date": "2022-07-05T12:15:00+02:00",
            "summary": "",
            "tags": [{"uuid": "b067c8ff071e42aab702f71408965553", "name": "Dinner Party"}],
            "team": {
                "slug": "dinner-party",
                "uuid": "83a0ecfa-142c-47e4-abe9-2b0ee4846453",
                "name": "Dinner Party",
            },
            "title": "Zapier integration",
            "uuid": "49c45738-afe5-4015-9552-eb230f4e7df3",
        },
        "external_order_id": None,
        "is_tickets_send": False,
        "is_cancelled": False,
        "order_id": "UWb127908",
        "state": "PAID",
        "ticket_count": 1,
        "tickets": [
            {
                "attribute_selected": None,
                "checked_in": False,
                "company_name": "Ticketbutler",
                "custom_questions": {
                    "uuid": "6e5d867cc4a94190bf4b8b63156e85a5",
                    "answers": [
                        {
                            "uuid": "gggb227e68573h2jg12h3be70d356821",
                            "answer_collection": 15874,
                            "question": 1188,
                            "variation": "TEXT",
                            "question_heading": "Job Title",
                            "answer_value": "CFO",
                            "answered_choices": [],
                        },
                        {
                            "question": 1189,
                            "variation": "SELECT",
                            "question_heading": "Menu",
                            "answer_value": "",
                            "answered_choices": [{"uuid": "x", "choice_heading": "Fish"}],
                        },
                    ],
                },
                "email": "john@example.com",
                "external_uuid": None,
                "full_name": "John\u202e Doe",
                "purchase_uuid": "79e84df7-08c0-4532-b20c-f7f9898413d4",
                "ticket_download_absolute_url": "https://example.com/en/purchase/8/",
                "ticket_paid": False,
                "ticket_refund": False,
                "ticket_type": {
                    "active": True,
                    "amount_total": 100,
                    "description": None,
                    "price": "10.00",
                    "sales_end_date": None,
                    "sales_start_date": None,
                    "start_date": None,
                    "title": "Admission",
                    "uuid": "d9c396b9-99e1-4250-9f96-f6f5d1c25aef",
                },
                "uuid": "9f242508-2918-442c-a7e4-73121eaf153d",
            }
        ],
        "uuid": "79e84df7-08c0-4532-b20c-f7f9898413d4",
    },
}
TICKET = "9f2425082918442ca7e473121eaf153d"
ORDER = "79e84df708c04532b20cf7f9898413d4"


def hook(value: object) -> Hook:
    return read_hook(json.dumps(value).encode())


def test_an_event() -> None:
    assert hook(UPDATED) == Hook(
        uuid="28fc84c204204d26b805a18163740bd0",
        scope="team",
        action="event.updated",
        live=True,
        whitelabel="Ticketbutler",
        event="316225ff074c41f68f226e85d37672e3",
    )
    assert hook(UPDATED).data == UPDATED["data"]


def test_a_newsletter_names_its_tickets_by_number() -> None:
    told = hook(NEWSLETTER)
    assert told.uuid == "e2a31221-2761-48db-8a1f-f8f1af919f2q"
    assert told.numbers == (123527, 123528)
    assert (told.tickets, told.order, told.event) == ((), "", "")


def test_a_purchase() -> None:
    told = hook(PAID)
    assert (told.team, told.order, told.tickets) == ("dinner-party", ORDER, (TICKET,))
    assert told.event == "49c45738afe540159552eb230f4e7df3"
    purchase = read_purchase(told)
    assert (purchase.uuid, purchase.order_id, purchase.state) == (ORDER, "UWb127908", "PAID")
    assert purchase.address == Address(first_name="John", last_name="Doe", phone="+4589801280")
    assert (purchase.buyer, purchase.tickets, purchase.answers) == ("John Doe", 1, ())
    assert (purchase.event_uuid, purchase.event) == (told.event, "Zapier integration")
    (ticket,) = purchase.people
    assert (ticket.uuid, ticket.full_name, ticket.ticket_type) == (TICKET, "John Doe", "Admission")
    assert ticket.company_name == "Ticketbutler"
    assert [(each.question_heading, each.shown) for each in ticket.answers] == [
        ("Job Title", "CFO"),
        ("Menu", "Fish"),
    ]


def test_the_buyers_answers() -> None:
    asked = PAID["data"]["tickets"][0]["custom_questions"]
    purchase = read_purchase(hook(PAID | {"data": PAID["data"] | {"custom_questions": asked}}))
    assert [each.value for each in purchase.answers] == ["CFO", ""]


@pytest.mark.parametrize(
    "data",
    [
        {"uuid": TICKET.upper()},
        {"ticket": TICKET},
        {"ticket": {"uuid": TICKET}},
        {"tickets": [{"uuid": TICKET}, 7, {"uuid": "x"}, {"uuid": TICKET}]},
        {"uuid": TICKET, "purchase_uuid": ORDER},
    ],
)
def test_a_ticket_in_any_of_the_shapes_it_may_have(data: object) -> None:
    told = hook({"uuid": "1", "action": "ticket.checkin", "data": data})
    assert told.tickets == (TICKET,)
    assert told.order in {"", ORDER}


@pytest.mark.parametrize("data", [{"event": TICKET}, {"event": {"uuid": TICKET}}])
def test_an_event_beside_a_ticket(data: object) -> None:
    assert hook({"action": "ticket.paid", "data": data}).event == TICKET


def test_a_hook_that_names_very_many() -> None:
    tickets = [{"uuid": f"{at:032x}"} for at in range(1000)]
    assert len(hook({"action": "purchase.paid", "data": {"tickets": tickets}}).tickets) == 100


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"uuid": "1"}',
        b"<html>",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"action": "all", "data": ' + b'{"a":' * 20_000,
        json.dumps(UPDATED).encode() + b" " * LARGEST,
        b'{"action": "all", "uuid": ' + b"9" * 5000 + b"}",
    ],
)
def test_what_is_no_hook(content: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        read_hook(content)
    assert caught.value.sentence.endswith(".")


def test_what_is_no_purchase() -> None:
    for value in (UPDATED | {"data": {}}, UPDATED | {"data": [1]}, NEWSLETTER):
        with pytest.raises(Unreadable):
            read_purchase(hook(value))


NAMES = [
    *("uuid", "id", "action", "data", "tickets", "Tickets", "ticket", "event", "purchase", "order"),
    *("team", "answers", "address", "custom_questions", "ticket_type", "answered_choices", "tags"),
    *("image", "question", "price", "Billet ID", "purchase_uuid", "checked_in"),
]
ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=20)
    | st.just(TICKET),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(NAMES),
            inner,
            max_size=8,
        )
    ),
    max_leaves=30,
)


@given(ANY, st.sampled_from(["all", "ticket.checkin", "event.added", "purchase.paid", "\x00"]))
def test_any_hook_is_read_or_refused(value: object, action: str) -> None:
    shown = {"uuid": TICKET, "action": action, "data": value}
    for each in (value, shown):
        try:
            told = hook(each)
            purchase = read_purchase(told)
        except Unreadable:
            continue
        assert len(purchase.uuid) == 32
        assert all(len(uuid) == 32 for uuid in told.tickets)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        read_hook(content)
    except Unreadable as error:
        assert error.sentence
