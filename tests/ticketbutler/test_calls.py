"""The requests, as they go out."""

from collections.abc import Awaitable, Callable

import pytest

from boxoffice.domain.models import AnswerInput
from boxoffice.ticketbutler import NotFound, Ticketbutler
from boxoffice.ticketbutler.resources.questions import Asked
from boxoffice.ticketbutler.wire import WrongShape
from tests.support import table
from tests.ticketbutler.calls import Ask, call_of

HEX = "887d9eb1bd1d400490deead624269c13"
DASHED = "887D9EB1-bd1d-4004-90de-ead624269c13"
OTHER = "5025811e9d8346379d1db8a527909d0b"


@table(
    ("ask", "line"),
    [
        (lambda client: client.events.list(), "GET events/"),
        (lambda client: client.events.get(DASHED), f"GET events/{HEX}/"),
        (lambda client: client.ticket_types.list(DASHED), f"GET events/{HEX}/ticket-types/"),
        (lambda client: client.questions.list(DASHED), f"GET events/{HEX}/ticket-type-questions/"),
        (
            lambda client: client.questions.list_for_buyers(DASHED),
            f"GET events/{HEX}/purchase-questions/",
        ),
        (lambda client: client.tickets.list(DASHED), f"GET events/{HEX}/tickets/"),
        (lambda client: client.tickets.get(DASHED), f"GET tickets/{HEX}/"),
        (lambda client: client.tickets.answers(DASHED), f"GET tickets/{HEX}/questions/"),
        (lambda client: client.tickets.questions(DASHED), f"GET tickets/{HEX}/questions/all/"),
        (
            lambda client: client.tickets.unanswered(DASHED),
            f"GET tickets/{HEX}/questions/unanswered/",
        ),
        (lambda client: client.orders.get(DASHED), f"GET orders/{HEX}/"),
    ],
)
def test_reads(ask: Ask, line: str) -> None:
    call = call_of(ask)
    assert str(call) == line
    assert call.body is None
    assert call.path.endswith("/")


def test_old_events_are_asked_for_by_a_parameter() -> None:
    assert call_of(lambda client: client.events.list(old=True)).query == "old=true"
    assert not call_of(lambda client: client.events.list()).query


def test_only_what_is_given_is_written() -> None:
    call = call_of(lambda client: client.tickets.patch(DASHED, checked_in=True))
    assert (str(call), call.body) == (f"PATCH tickets/{HEX}/", {"checked_in": True})
    call = call_of(lambda client: client.tickets.patch(DASHED, full_name=" raw\x07 "))
    assert call.body == {"full_name": " raw\x07 "}
    call = call_of(lambda client: client.tickets.patch(DASHED, checked_in=False, full_name=""))
    assert call.body == {"checked_in": False, "full_name": ""}
    with pytest.raises(ValueError, match="nothing"):
        call_of(lambda client: client.tickets.patch(DASHED))


def test_answers_are_written_as_documented() -> None:
    given = [AnswerInput(HEX, "7"), AnswerInput(OTHER, (HEX,)), AnswerInput(HEX, HEX)]
    call = call_of(lambda client: client.tickets.answer(DASHED, given))
    assert str(call) == f"POST tickets/{HEX}/questions/"
    assert call.body == [
        {"uuid": HEX, "value": "7"},
        {"uuid": OTHER, "value": [HEX]},
        {"uuid": HEX, "value": HEX},
    ]


ASKING: list[tuple[Callable[[Ticketbutler, str], Awaitable[object]], str]] = [
    (lambda client, text: client.events.get(text), "event"),
    (lambda client, text: client.ticket_types.list(text), "event"),
    (lambda client, text: client.questions.list_details(text, Asked.ATTENDEES), "event"),
    (lambda client, text: client.questions.list_details(text, Asked.BUYERS), "event"),
    (lambda client, text: client.tickets.list(text), "event"),
    (lambda client, text: client.tickets.get(text), "ticket"),
    (lambda client, text: client.tickets.patch(text, checked_in=True), "ticket"),
    (lambda client, text: client.tickets.answers(text), "ticket"),
    (lambda client, text: client.tickets.questions(text), "ticket"),
    (lambda client, text: client.tickets.unanswered(text), "ticket"),
    (lambda client, text: client.tickets.answer(text, []), "ticket"),
    (lambda client, text: client.orders.get(text), "order"),
]


@table(("ask", "what"), ASKING)
@table("text", ["", "abc", "../ping", f"{HEX}/../x", f"{HEX}?a=1", "\x00"])
def test_what_is_no_uuid_never_gets_into_a_path(
    ask: Callable[[Ticketbutler, str], Awaitable[object]], what: str, text: str
) -> None:
    with pytest.raises(NotFound) as caught:
        call_of(lambda client: ask(client, text))
    assert caught.value.sentence == f"The site has no such {what}."


def test_an_answer_about_something_else_is_not_taken() -> None:
    other = {"uuid": OTHER, "checked_in": True, "ticket": OTHER, "answers": []}
    about_other: list[Ask] = [
        lambda client: client.events.get(HEX),
        lambda client: client.orders.get(HEX),
        lambda client: client.tickets.get(HEX),
        lambda client: client.tickets.get_details(HEX),
        lambda client: client.tickets.patch(HEX, checked_in=True),
        lambda client: client.tickets.answers(HEX),
        lambda client: client.tickets.answer(HEX, []),
    ]
    for ask in about_other:
        with pytest.raises(WrongShape):
            call_of(ask).read(other)


def test_answers_may_leave_out_whose_they_are() -> None:
    call = call_of(lambda client: client.tickets.answers(HEX))
    assert call.read({"answers": []}) == []
    assert call.read({"ticket": 1068, "answers": []}) == []


def test_a_ticket_alone_does_not_tell_its_event() -> None:
    row = {"uuid": DASHED, "checked_in": True}
    assert call_of(lambda client: client.tickets.get(HEX)).read(row).event == ""
