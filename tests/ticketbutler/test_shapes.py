"""Events, ticket types, questions, answers and orders, as documented and as seen."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from boxoffice.door.models import Answer, Choice, Event, Order, Question, TicketType
from boxoffice.ticketbutler import question_shapes, shapes
from boxoffice.ticketbutler.wire import WrongShape
from tests.ticketbutler.test_fields import json_values

HEX = "887d9eb1bd1d400490deead624269c13"
DASHED = "887d9eb1-bd1d-4004-90de-ead624269c13"
OTHER = "5025811e9d8346379d1db8a527909d0b"
SUMMER = timezone(timedelta(hours=2))


@pytest.mark.parametrize(
    ("answer", "event"),
    [
        (
            {
                "uuid": HEX,
                "title": "Weekend hack",
                "start_date": "2019-06-29T07:45:00+02:00",
                "address": {"venue": "The Event Hub"},
                "is_expired": False,
                "price_min": 0.0,
            },
            Event(
                HEX,
                "Weekend hack",
                datetime(2019, 6, 29, 7, 45, tzinfo=SUMMER),
                venue="The Event Hub",
            ),
        ),
        (
            {
                "uuid": DASHED,
                "title": "Weekend hack",
                "start_date": "2024-08-22T08:30+02:00",
                "end_date": "2024-08-22T18:30+02:00",
                "timezone": "Europe/Copenhagen",
                "is_deleted": False,
                "is_expired": True,
                "address": {"venue": None},
                "sales_summary": {"tickets_sold": 4},
            },
            Event(
                HEX,
                "Weekend hack",
                datetime(2024, 8, 22, 8, 30, tzinfo=SUMMER),
                datetime(2024, 8, 22, 18, 30, tzinfo=SUMMER),
                "Europe/Copenhagen",
                expired=True,
            ),
        ),
        (
            {
                "uuid": HEX,
                "timezone": "Europe/Copenhagen",
                "start_date": "2024-08-22T08:30",
                "address": 7,
            },
            Event(
                HEX,
                "",
                datetime(2024, 8, 22, 8, 30, tzinfo=ZoneInfo("Europe/Copenhagen")),
                timezone="Europe/Copenhagen",
            ),
        ),
        (
            {"uuid": HEX, "start_date": "2024-08-22T08:30", "end_date": "soon"},
            Event(HEX, "", datetime(2024, 8, 22, 8, 30, tzinfo=UTC)),
        ),
    ],
)
def test_event(answer: dict[str, Any], event: Event) -> None:
    assert shapes.read_event(answer) == event


@pytest.mark.parametrize("name", ["Nowhere/Land", "Europe", "../../etc/passwd", "x" * 300, "", 7])
def test_a_time_zone_that_is_none_is_left_out(name: object) -> None:
    assert shapes.read_event({"uuid": HEX, "timezone": name}).timezone is None


def test_deleted_events_are_not_listed() -> None:
    rows = [{"uuid": HEX}, {"uuid": OTHER, "is_deleted": True}]
    assert [event.uuid for event in shapes.read_events(rows)] == [HEX]


@pytest.mark.parametrize(
    ("row", "ticket_type"),
    [
        ({"pk": 18, "uuid": HEX, "title": "Free ticket", "amount": 100, "price": 0}, (HEX, 18)),
        ({"pk": 18, "uuid": DASHED, "title": "Free ticket", "amount_left": 9}, (HEX, 18)),
        ({"uuid": HEX, "title": "Free ticket", "price": "0.00"}, (HEX, None)),
    ],
)
def test_ticket_type(row: dict[str, Any], ticket_type: tuple[str, int | None]) -> None:
    uuid, pk = ticket_type
    assert shapes.read_ticket_types([row]) == [TicketType(uuid, "Free ticket", pk)]


QUESTION = {
    "uuid": DASHED,
    "sort_id": 1,
    "heading": "Which  menu?",
    "active": True,
    "required": True,
    "variation": "SELECT",
    "ticket_type": 40,
    "choices": [
        {"uuid": OTHER, "sort_id": 1, "label": "Fish", "description": None},
        {"uuid": DASHED, "sort_id": 0, "label": "", "label_da": "Kød", "used": 3, "limit": None},
        {"label": "no uuid"},
    ],
}
READ = Question(
    HEX, "Which menu?", "SELECT", required=True, choices=(Choice(HEX, "Kød"), Choice(OTHER, "Fish"))
)


def test_questions_are_in_their_order() -> None:
    first = {"uuid": OTHER, "sort_id": 0, "heading": "Name", "variation": "name_first_last"}
    assert question_shapes.read_questions([QUESTION, first]) == [
        Question(OTHER, "Name", "NAME_FIRST_LAST"),
        READ,
    ]


@pytest.mark.parametrize(
    ("answer", "questions"),
    [
        ({"uuid": OTHER, "active": True, "questions": [QUESTION]}, [READ]),
        ([{"questions": [QUESTION], "ticket_type_name": None}], [READ]),
        ({"questions": []}, []),
        ([], []),
        ({}, []),
        (
            [
                {"questions": [QUESTION], "ticket_type_name": "VIP", "active": False},
                {"questions": [{"uuid": OTHER, "active": False}], "ticket_type_name": "Dinner"},
            ],
            [
                Question(
                    HEX,
                    "Which menu?",
                    "SELECT",
                    required=True,
                    active=False,
                    choices=READ.choices,
                    ticket_type="VIP",
                ),
                Question(OTHER, "", active=False, ticket_type="Dinner"),
            ],
        ),
    ],
)
def test_collections(answer: object, questions: list[Question]) -> None:
    assert question_shapes.read_collections(answer) == questions


@pytest.mark.parametrize(
    ("row", "answer"),
    [
        (
            {
                "uuid": OTHER,
                "question": HEX,
                "variation": "TEXT",
                "question_heading": "Open your eyes",
                "answer_value": "Look up\nand see",
                "answered_choices": [],
            },
            Answer(HEX, "Open your eyes", "Look up and see"),
        ),
        (
            {"question": HEX, "variation": "TEXTAREA", "answer_value": "Look up\r\nand see"},
            Answer(HEX, "", "Look up\nand see"),
        ),
        (
            {
                "question": 1186,
                "question_uuid": DASHED,
                "variation": "NUMBER",
                "answer_value": 7,
                "answered_choices": None,
            },
            Answer(HEX, "", "7"),
        ),
        (
            {"question": HEX, "answer_value": "", "answered_choices": [{"uuid": OTHER}]},
            Answer(HEX, choices=(OTHER,)),
        ),
        (
            {
                "question": 1186,
                "question_uuid": DASHED,
                "answered_choices": [{"choice_uuid": OTHER, "uuid": HEX}, {}, 7],
            },
            Answer(HEX, choices=(OTHER,)),
        ),
    ],
)
def test_answer(row: dict[str, Any], answer: Answer) -> None:
    assert question_shapes.read_answers({"ticket": OTHER, "answers": [row]}) == [answer]


@pytest.mark.parametrize("answers", [[], None])
def test_no_answers(answers: object) -> None:
    assert question_shapes.read_answers({"ticket": OTHER, "answers": answers}) == []


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
            Order(HEX, OTHER, "Jca161", "PAID", False, "John Doe", "john@example.com"),
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
            Order(HEX, OTHER, "", "REFUND", True, "John D", "john@example.com"),
        ),
        ({"uuid": HEX}, Order(HEX)),
    ],
)
def test_order(answer: dict[str, Any], order: Order) -> None:
    assert shapes.read_order(answer) == order


READERS: list[Callable[[object], object]] = [
    shapes.read_events,
    shapes.read_event,
    shapes.read_ticket_types,
    question_shapes.read_questions,
    question_shapes.read_collections,
    question_shapes.read_answers,
    shapes.read_order,
]
ids = [read.__name__ for read in READERS]


@pytest.mark.parametrize("read", READERS, ids=ids)
@pytest.mark.parametrize(
    "odd",
    [
        None,
        7,
        "x",
        [None, 7, "x", {}],
        {"results": [{"uuid": HEX}]},
        {"detail": "Not found."},
        [{"questions": None}],
        {"answers": [{"question": 7}]},
        {"uuid": 7},
    ],
    ids=str,
)
def test_another_shape(read: Callable[[object], object], odd: object) -> None:
    with pytest.raises(WrongShape):
        read(odd)


def test_what_cannot_be_read_is_counted_in_the_log_without_its_content(
    caplog: pytest.LogCaptureFixture,
) -> None:
    rows = [{"uuid": HEX}, {"uuid": "secret name"}, 7]
    with caplog.at_level(logging.WARNING):
        assert len(shapes.read_ticket_types(rows)) == 1
    assert "2 of 3 ticket types could not be read" in caplog.text
    assert "secret name" not in caplog.text


@pytest.mark.parametrize("read", READERS, ids=ids)
@given(value=json_values)
def test_rubbish(read: Callable[[object], object], value: object) -> None:
    for odd in (value, [value], {"uuid": HEX, "questions": [value], "answers": [value]}):
        try:
            read(odd)
        except WrongShape as error:
            assert error.args


FULL: list[dict[str, Any]] = [
    {"uuid": HEX, "title": "", "start_date": "", "timezone": "", "address": {"venue": ""}},
    {"uuid": HEX, "order_id": "", "state": "", "event": "", "refunded": "", "email": "", "pk": ""},
    QUESTION,
    {"questions": [QUESTION], "active": True, "ticket_type_name": ""},
    {"answers": [{"question": HEX, "answer_value": "", "answered_choices": [], "variation": ""}]},
]


@pytest.mark.parametrize("full", FULL, ids=str)
@given(value=json_values)
def test_rubbish_in_one_field(full: dict[str, Any], value: object) -> None:
    for name in full:
        for read in READERS:
            try:
                read(full | {name: value})
                read([full | {name: value}])
            except WrongShape as error:
                assert error.args
