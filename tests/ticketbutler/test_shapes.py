"""Events, ticket types, questions and answers, as documented and as seen."""

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from boxoffice.domain.models import Answer, Choice, Event, Question, TicketType
from boxoffice.ticketbutler.resources import (
    answers,
    event_models,
    order_models,
    questions,
    ticket_types,
)
from boxoffice.ticketbutler.wire import WrongShape
from tests.support import table
from tests.ticketbutler.test_parsers import json_values

HEX = "887d9eb1bd1d400490deead624269c13"
DASHED = "887d9eb1-bd1d-4004-90de-ead624269c13"
OTHER = "5025811e9d8346379d1db8a527909d0b"
SUMMER = timezone(timedelta(hours=2))


def door_event(value: object) -> Event:
    return event_models.read_event(value).as_event()


def door_events(value: object) -> list[Event]:
    return [each.as_event() for each in event_models.read_events(value)]


def door_types(value: object) -> list[TicketType]:
    return [each.as_ticket_type() for each in ticket_types.read_some_types(value)]


def door_questions(value: object) -> list[Question]:
    return [each.as_question() for each in questions.read_questions(value)]


def door_collections(value: object) -> list[Question]:
    return [each for part in questions.read_collections(value) for each in part.as_questions()]


def door_answers(value: object) -> Sequence[Answer]:
    return answers.read_answers(OTHER, "ticket")(value)


@table(
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
    assert door_event(answer) == event


@table("name", ["Nowhere/Land", "Europe", "../../etc/passwd", "x" * 300, "", 7])
def test_a_time_zone_that_is_none_is_left_out(name: object) -> None:
    assert door_event({"uuid": HEX, "timezone": name}).timezone is None


def test_deleted_events_are_not_listed() -> None:
    rows = [{"uuid": HEX}, {"uuid": OTHER, "is_deleted": True}]
    assert [event.uuid for event in door_events(rows)] == [HEX]


@table(
    ("row", "told"),
    [
        ({"pk": 18, "amount": 100, "price": 0}, {"pk": 18, "left": 100, "price": Decimal("0.00")}),
        ({"id": 18, "uuid": DASHED, "amount_left": 9, "amount": 7}, {"pk": 18, "left": 9}),
        ({"price": "295.5", "amount": -2}, {"price": Decimal("295.50"), "left": 0}),
        ({"price": 12.25, "amount": None}, {"price": Decimal("12.25")}),
        ({"price": "-1.00", "amount": "many"}, {}),
        ({"price": "1.234,50"}, {}),
        ({"active": False, "is_members_only": True}, {"active": False, "members_only": True}),
        ({"sold_out": True}, {"sold_out": True}),
        ({"is_temporarily_sold_out": True, "is_on_sale": 0}, {"sold_out": True, "on_sale": False}),
        ({"is_on_sale": True}, {"on_sale": True}),
        (
            {"sales_start_date": "2026-05-01T10:00+02:00", "sales_end_date": "2026-05-08T22:00"},
            {
                "sales_start": datetime(2026, 5, 1, 10, tzinfo=SUMMER),
                "sales_end": datetime(2026, 5, 8, 22, tzinfo=UTC),
            },
        ),
    ],
)
def test_ticket_type(row: dict[str, Any], told: dict[str, Any]) -> None:
    read = door_types([{"uuid": HEX, "title": "Free  ticket"} | row])
    assert read == [TicketType(HEX, "Free ticket", **told)]


@table(
    ("answer", "currency", "limit"),
    [
        (
            {"currency": "dkk", "eventsettings": {"ticket_limit": 9, "order_ticket_limit": 0}},
            "DKK",
            9,
        ),
        ({"currency": "Kr.", "eventsettings": {"ticket_limit": None}}, "", None),
        ({"currency": None, "eventsettings": [9]}, "", None),
        ({"eventsettings": {"ticket_limit": 0}}, "", 0),
        ({"eventsettings": {"ticket_limit": -1}}, "", 0),
    ],
)
def test_what_an_event_says_of_sales(
    answer: dict[str, Any], currency: str, limit: int | None
) -> None:
    event = door_event({"uuid": HEX} | answer)
    assert (event.currency, event.ticket_limit) == (currency, limit)


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
    assert door_questions([QUESTION, first]) == [
        Question(OTHER, "Name", "NAME_FIRST_LAST"),
        READ,
    ]


@table(
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
    assert door_collections(answer) == questions


@table(
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
    assert door_answers({"ticket": OTHER, "answers": [row]}) == [answer]


@table("answers", [[], None])
def test_no_answers(answers: object) -> None:
    assert door_answers({"ticket": OTHER, "answers": answers}) == []


READERS: list[Callable[[object], object]] = [
    door_events,
    door_event,
    door_types,
    door_questions,
    door_collections,
    door_answers,
    lambda value: order_models.read_order(value).as_order(),
    lambda value: order_models.read_refund(value).as_order(),
    lambda value: order_models.read_event_orders(value, lambda each: each.as_event_order(HEX)),
]
ids = [read.__name__ for read in READERS]


@table("read", READERS)
@table(
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
        {"purchase": None, "is_refunded": True},
        {"orders": [{"uuid": 7}]},
    ],
)
def test_another_shape(read: Callable[[object], object], odd: object) -> None:
    with pytest.raises(WrongShape):
        read(odd)


def test_what_cannot_be_read_is_counted_in_the_log_without_its_content(
    caplog: pytest.LogCaptureFixture,
) -> None:
    rows = [{"uuid": HEX}, {"uuid": "secret name"}, 7]
    with caplog.at_level(logging.WARNING):
        assert len(door_types(rows)) == 1
    assert "2 of 3 ticket types could not be read" in caplog.text
    assert "secret name" not in caplog.text


@table("read", READERS)
@given(value=json_values)
def test_rubbish(read: Callable[[object], object], value: object) -> None:
    for odd in (
        value,
        [value],
        {
            "uuid": HEX,
            "questions": [value],
            "answers": [value],
            "orders": [value],
            "purchase": value,
        },
    ):
        try:
            read(odd)
        except WrongShape as error:
            assert error.args


FULL: list[dict[str, Any]] = [
    {"uuid": HEX, "title": "", "start_date": "", "timezone": "", "address": {"venue": ""}},
    {"uuid": HEX, "order_id": "", "state": "", "event": "", "refunded": "", "email": "", "pk": ""},
    QUESTION,
    {"uuid": HEX, "created": "", "date": "", "total_and_all_fees_decimal": "", "order_lines": ""},
    {"uuid": HEX, "tickets": "", "ticket_pdf_url": "", "external_order_id": "", "currency": ""},
    {"uuid": HEX, "price": "", "amount": "", "amount_left": "", "is_on_sale": "", "active": ""},
    {"uuid": HEX, "sales_start_date": "", "sold_out": "", "eventsettings": "", "purchase": ""},
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
