"""The requests, as they go out."""

from collections.abc import Callable
from typing import Any

import pytest

from boxoffice.domain.models import Given
from boxoffice.ticketbutler import NotFound, calls
from boxoffice.ticketbutler.wire import Call, WrongShape

HEX = "887d9eb1bd1d400490deead624269c13"
DASHED = "887D9EB1-bd1d-4004-90de-ead624269c13"
OTHER = "5025811e9d8346379d1db8a527909d0b"


@pytest.mark.parametrize(
    ("call", "line"),
    [
        (calls.ping(), "GET ping/"),
        (calls.events(old=False), "GET events/"),
        (calls.event(DASHED), f"GET events/{HEX}/"),
        (calls.ticket_types(DASHED), f"GET events/{HEX}/ticket-types/"),
        (calls.ticket_type_questions(DASHED), f"GET events/{HEX}/ticket-type-questions/"),
        (calls.purchase_questions(DASHED), f"GET events/{HEX}/purchase-questions/"),
        (calls.ticket_list(DASHED), f"GET events/{HEX}/tickets/"),
        (calls.ticket(DASHED, retry=True), f"GET tickets/{HEX}/"),
        (calls.answers(DASHED), f"GET tickets/{HEX}/questions/"),
        (calls.questions(DASHED), f"GET tickets/{HEX}/questions/all/"),
        (calls.unanswered(DASHED, retry=True), f"GET tickets/{HEX}/questions/unanswered/"),
        (calls.order(DASHED, retry=True), f"GET orders/{HEX}/"),
    ],
    ids=lambda value: str(value).replace(HEX, "…"),
)
def test_reads(call: Call[Any], line: str) -> None:
    assert str(call) == line
    assert call.body is None
    assert call.path.endswith("/")


def test_old_events_are_asked_for_by_a_parameter() -> None:
    assert calls.events(old=True).query == "old=true"
    assert not calls.events(old=False).query


def test_only_what_is_given_is_written() -> None:
    call = calls.update_ticket(DASHED, checked_in=True, full_name=None)
    assert (str(call), call.body) == (f"PATCH tickets/{HEX}/", {"checked_in": True})
    call = calls.update_ticket(DASHED, checked_in=None, full_name=" raw\x07 ")
    assert call.body == {"full_name": " raw\x07 "}
    call = calls.update_ticket(DASHED, checked_in=False, full_name="")
    assert call.body == {"checked_in": False, "full_name": ""}
    with pytest.raises(ValueError, match="nothing"):
        calls.update_ticket(DASHED, checked_in=None, full_name=None)


def test_answers_are_written_as_documented() -> None:
    given = [Given(HEX, "7"), Given(OTHER, (HEX,)), Given(HEX, HEX)]
    call = calls.answer(DASHED, given)
    assert str(call) == f"POST tickets/{HEX}/questions/"
    assert call.body == [
        {"uuid": HEX, "value": "7"},
        {"uuid": OTHER, "value": [HEX]},
        {"uuid": HEX, "value": HEX},
    ]


ASKING: list[tuple[Callable[[str], Call[Any]], str]] = [
    (calls.event, "event"),
    (calls.ticket_types, "event"),
    (calls.ticket_type_questions, "event"),
    (calls.purchase_questions, "event"),
    (calls.ticket_list, "event"),
    (lambda text: calls.ticket(text, retry=True), "ticket"),
    (lambda text: calls.update_ticket(text, checked_in=True, full_name=None), "ticket"),
    (calls.answers, "ticket"),
    (calls.questions, "ticket"),
    (lambda text: calls.unanswered(text, retry=True), "ticket"),
    (lambda text: calls.answer(text, []), "ticket"),
    (lambda text: calls.order(text, retry=True), "order"),
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
        calls.event(HEX),
        calls.order(HEX, retry=True),
        calls.ticket(HEX, retry=True),
        calls.update_ticket(HEX, checked_in=True, full_name=None),
        calls.answers(HEX),
        calls.answer(HEX, []),
    ]
    for call in about_other:
        with pytest.raises(WrongShape):
            call.read(other)


def test_answers_may_leave_out_whose_they_are() -> None:
    assert calls.answers(HEX).read({"answers": []}) == []
    assert calls.answers(HEX).read({"ticket": 1068, "answers": []}) == []


def test_a_ticket_alone_does_not_tell_its_event() -> None:
    row = {"uuid": DASHED, "checked_in": True}
    assert calls.ticket(HEX, retry=True).read(row).event == ""
