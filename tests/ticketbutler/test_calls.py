"""The requests, as they go out."""

from collections.abc import Callable
from typing import Any

import pytest

from boxoffice.domain.models import AnswerInput
from boxoffice.ticketbutler import NotFound
from boxoffice.ticketbutler.resources import events, orders, ticket_types, tickets
from boxoffice.ticketbutler.resources.answers import answers_call
from boxoffice.ticketbutler.resources.questions import Asked, collections_call
from boxoffice.ticketbutler.wire import Call, WrongShape

HEX = "887d9eb1bd1d400490deead624269c13"
DASHED = "887D9EB1-bd1d-4004-90de-ead624269c13"
OTHER = "5025811e9d8346379d1db8a527909d0b"


@pytest.mark.parametrize(
    ("call", "line"),
    [
        (events.list_call(old=False), "GET events/"),
        (events.event_call(DASHED), f"GET events/{HEX}/"),
        (ticket_types.types_call(DASHED), f"GET events/{HEX}/ticket-types/"),
        (collections_call(DASHED, Asked.ATTENDEES), f"GET events/{HEX}/ticket-type-questions/"),
        (collections_call(DASHED, Asked.BUYERS), f"GET events/{HEX}/purchase-questions/"),
        (tickets.list_call(DASHED), f"GET events/{HEX}/tickets/"),
        (tickets.ticket_call(DASHED, retry=True), f"GET tickets/{HEX}/"),
        (answers_call(DASHED, "ticket"), f"GET tickets/{HEX}/questions/"),
        (tickets.questions_call(DASHED, "all"), f"GET tickets/{HEX}/questions/all/"),
        (tickets.questions_call(DASHED, "unanswered"), f"GET tickets/{HEX}/questions/unanswered/"),
        (orders.order_call(DASHED, retry=True), f"GET orders/{HEX}/"),
    ],
    ids=lambda value: str(value).replace(HEX, "…"),
)
def test_reads(call: Call[Any], line: str) -> None:
    assert str(call) == line
    assert call.body is None
    assert call.path.endswith("/")


def test_old_events_are_asked_for_by_a_parameter() -> None:
    assert events.list_call(old=True).query == "old=true"
    assert not events.list_call(old=False).query


def test_only_what_is_given_is_written() -> None:
    call = tickets.update_call(DASHED, {"checked_in": True, "full_name": None})
    assert (str(call), call.body) == (f"PATCH tickets/{HEX}/", {"checked_in": True})
    call = tickets.update_call(DASHED, {"checked_in": None, "full_name": " raw\x07 "})
    assert call.body == {"full_name": " raw\x07 "}
    call = tickets.update_call(DASHED, {"checked_in": False, "full_name": ""})
    assert call.body == {"checked_in": False, "full_name": ""}
    with pytest.raises(ValueError, match="nothing"):
        tickets.update_call(DASHED, {"checked_in": None, "full_name": None})


def test_answers_are_written_as_documented() -> None:
    given = [AnswerInput(HEX, "7"), AnswerInput(OTHER, (HEX,)), AnswerInput(HEX, HEX)]
    call = answers_call(DASHED, "ticket", given)
    assert str(call) == f"POST tickets/{HEX}/questions/"
    assert call.body == [
        {"uuid": HEX, "value": "7"},
        {"uuid": OTHER, "value": [HEX]},
        {"uuid": HEX, "value": HEX},
    ]


ASKING: list[tuple[Callable[[str], Call[Any]], str]] = [
    (events.event_call, "event"),
    (ticket_types.types_call, "event"),
    (lambda text: collections_call(text, Asked.ATTENDEES), "event"),
    (lambda text: collections_call(text, Asked.BUYERS), "event"),
    (tickets.list_call, "event"),
    (lambda text: tickets.ticket_call(text, retry=True), "ticket"),
    (lambda text: tickets.update_call(text, {"checked_in": True, "full_name": None}), "ticket"),
    (lambda text: answers_call(text, "ticket"), "ticket"),
    (lambda text: tickets.questions_call(text, "all"), "ticket"),
    (lambda text: tickets.questions_call(text, "unanswered"), "ticket"),
    (lambda text: answers_call(text, "ticket", []), "ticket"),
    (lambda text: orders.order_call(text, retry=True), "order"),
]


@pytest.mark.parametrize(("ask", "what"), ASKING)
@pytest.mark.parametrize("text", ["", "abc", "../ping", f"{HEX}/../x", f"{HEX}?a=1", "\x00"])
def test_what_is_no_uuid_never_gets_into_a_path(
    ask: Callable[[str], Call[Any]], what: str, text: str
) -> None:
    with pytest.raises(NotFound) as caught:
        ask(text)
    assert caught.value.sentence == f"The site has no such {what}."


def test_an_answer_about_something_else_is_not_taken() -> None:
    other = {"uuid": OTHER, "checked_in": True, "ticket": OTHER, "answers": []}
    about_other: list[Call[Any]] = [
        events.event_call(HEX),
        orders.order_call(HEX, retry=True),
        tickets.ticket_call(HEX, retry=True),
        tickets.update_call(HEX, {"checked_in": True, "full_name": None}),
        answers_call(HEX, "ticket"),
        answers_call(HEX, "ticket", []),
    ]
    for call in about_other:
        with pytest.raises(WrongShape):
            call.read(other)


def test_answers_may_leave_out_whose_they_are() -> None:
    assert answers_call(HEX, "ticket").read({"answers": []}) == []
    assert answers_call(HEX, "ticket").read({"ticket": 1068, "answers": []}) == []


def test_a_ticket_alone_does_not_tell_its_event() -> None:
    row = {"uuid": DASHED, "checked_in": True}
    assert tickets.ticket_call(HEX, retry=True).read(row).event == ""
