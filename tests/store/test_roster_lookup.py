"""What a code names, and the small things that are kept whole: events, questions, answers."""

from datetime import UTC, datetime

import pytest

from boxoffice.door.code import Code, read_code
from boxoffice.door.models import Answer, Choice, Event, Order, Question, TicketType
from boxoffice.store import RosterStore, StoreError
from tests.store.support import EVENT, FULL, ORDER, OTHER_EVENT, pull, ticket, uuid

# What a code names


@pytest.fixture
async def filled(store: RosterStore) -> RosterStore:
    sister = ticket(2)._replace(order=ORDER)
    stranger = ticket(3, event=OTHER_EVENT)._replace(
        number=17, external_uuid="EXT-1", url="nz9lb", order=uuid(800)
    )
    await pull(store, FULL, sister, ticket(4), first=True)
    await pull(store, stranger, first=True, event=OTHER_EVENT)
    await store.learn_order(Order(ORDER, EVENT, "dZy1"))
    await store.learn_order(Order(uuid(800), OTHER_EVENT, "dZy2"))
    return store


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (uuid(1), [1]),
        (uuid(1).upper(), [1]),
        ("00000000-0000-0000-0000-000000000001", [1]),
        (f"https://site/orders/{ORDER}/tickets/{uuid(2)}/", [2]),
        (ORDER, [2, 1]),
        (uuid(3), [3]),
        (uuid(800), [3]),
        ("https://site/t/nz9lb/", [1]),
        ("https://site/t/zzzzz/", []),
        ("EXT-1", [1]),
        ("17", [1]),
        ("4", [4]),
        ("3", []),
        ("dZy1", [2, 1]),
        ("dZy2", []),
        ("DZY1", []),
        (uuid(99), []),
        ("9" * 18, []),
        ("9" * 10_000, []),
        ("\udcff", []),
        ("", []),
    ],
)
async def test_what_a_code_names(filled: RosterStore, text: str, named: list[int]) -> None:
    found = await filled.named(read_code(text), EVENT)
    assert [row.uuid for row in found] == [uuid(number) for number in named]


async def test_the_most_certain_reading_counts(filled: RosterStore) -> None:
    await pull(filled, ticket(17)._replace(external_uuid="4"))
    assert [row.uuid for row in await filled.named(read_code("4"), EVENT)] == [uuid(17)]


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1])
async def test_a_number_beyond_all_numbers_names_nothing(filled: RosterStore, number: int) -> None:
    assert await filled.named(Code("", number=number), EVENT) == []


# Events, ticket types, questions, answers

EVENTS = [
    Event(
        EVENT, "Beer", datetime(2026, 5, 8, 19, 0, tzinfo=UTC), None, "Europe/Copenhagen", "Hall"
    ),
    Event(OTHER_EVENT, "Ale", expired=True),
]
DIET = Question(
    uuid(900),
    "Diet?",
    "SELECT",
    required=True,
    active=False,
    choices=(Choice(uuid(1), "All"), Choice(uuid(2), "None \ud800")),
    ticket_type="Student",
)


async def test_events_stay_though_the_site_no_longer_lists_them(store: RosterStore) -> None:
    assert await store.events() == []
    await store.save_events(EVENTS)
    await store.save_events([EVENTS[0]])
    assert await store.events() == [EVENTS[1], EVENTS[0]]
    await store.save_events([Event(EVENT, "Cider")])
    assert [event.title for event in await store.events()] == ["Ale", "Cider"]


async def test_ticket_types_and_questions_are_replaced_whole(store: RosterStore) -> None:
    assert await store.ticket_types(EVENT) == []
    assert await store.questions(EVENT) is None
    types = [TicketType(uuid(5), "Student", 3), TicketType(uuid(6), "Free")]
    await store.save_ticket_types(EVENT, types)
    await store.save_questions(EVENT, [DIET, Question(uuid(901), "Name?")])
    assert await store.ticket_types(EVENT) == types
    assert await store.questions(EVENT) == (DIET, Question(uuid(901), "Name?"))
    await store.save_ticket_types(EVENT, types[:1])
    await store.save_questions(EVENT, [])
    assert await store.ticket_types(EVENT) == types[:1]
    assert await store.questions(EVENT) == ()
    assert await store.questions(OTHER_EVENT) is None


async def test_no_question_open_is_not_the_same_as_not_known(store: RosterStore) -> None:
    assert await store.unanswered(uuid(1)) is None
    await store.save_unanswered(uuid(1), [DIET])
    assert await store.unanswered(uuid(1)) == (DIET,)
    await store.save_unanswered(uuid(1), [])
    assert await store.unanswered(uuid(1)) == ()


async def test_answers_are_kept_for_the_form(store: RosterStore) -> None:
    assert await store.answers(uuid(1)) == []
    answers = [Answer(uuid(900), "Diet?", choices=(uuid(2),)), Answer(uuid(901), "Name?", "Bo")]
    await store.save_answers(uuid(1), answers)
    assert await store.answers(uuid(1)) == answers


async def test_the_reader_cannot_write(store: RosterStore) -> None:
    with pytest.raises(StoreError, match="readonly"):
        await store._reader.run(lambda connection: connection.execute("DELETE FROM ticket"))
