"""What is kept whole as the site has it: events, orders, ticket types, questions, answers."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest

from boxoffice.domain.models import Address, Answer, Choice, Event, Order, Question, TicketType
from boxoffice.store import RosterStore, StoreError, json_docs, orders
from boxoffice.store.db_file import migrations, open_file, private_folder
from boxoffice.store.roster import APPLICATION
from tests.store.support import EVENT, ORDER, OTHER_EVENT, execute, uuid

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
    assert await store.read(json_docs.get_events) == []
    await store.write(json_docs.save_events, EVENTS)
    await store.write(json_docs.save_events, [EVENTS[0]])
    assert await store.read(json_docs.get_events) == [EVENTS[1], EVENTS[0]]
    await store.write(json_docs.save_events, [Event(EVENT, "Cider")])
    assert [event.title for event in await store.read(json_docs.get_events)] == ["Ale", "Cider"]


async def test_what_only_one_answer_tells_of_an_event_stays(store: RosterStore) -> None:
    listed = Event(EVENT, "Ale", currency="DKK")
    alone = Event(EVENT, "Ale", venue="Pakhus 11", ticket_limit=9)
    start = datetime(2026, 5, 8, 22, tzinfo=UTC)
    alone = replace(
        alone, start=start, end=start + timedelta(hours=7), timezone="Europe/Copenhagen"
    )
    for first, second in ((listed, alone), (alone, listed)):
        await store.write(json_docs.save_events, [first])
        await store.write(json_docs.save_events, [second])
        assert await store.read(json_docs.get_events) == [replace(alone, currency="DKK")]
    new = replace(alone, currency="EUR", ticket_limit=0, timezone="Europe/London", venue="Loft")
    await store.write(json_docs.save_events, [new])
    assert await store.read(json_docs.get_events) == [new]


@pytest.mark.parametrize("field", [each.name for each in fields(Event)])
async def test_a_row_that_does_not_tell_a_field_does_not_erase_it(
    store: RosterStore, field: str
) -> None:
    start = datetime(2026, 5, 8, 22, tzinfo=UTC)
    told = Event(
        EVENT, "Ale", start, start, "Europe/Copenhagen", "Pakhus 11", True, "DKK", ticket_limit=9
    )
    await store.write(json_docs.save_events, [told])
    await store.write(json_docs.save_events, [Event(EVENT, "", expired=True)])
    (known,) = await store.read(json_docs.get_events)
    assert getattr(known, field) == getattr(told, field)


async def test_what_is_sold_is_kept_to_the_last_digit(store: RosterStore) -> None:
    start = datetime(2026, 5, 1, 8, tzinfo=timezone(timedelta(hours=2)))
    types = [
        TicketType(
            uuid(5),
            "Student",
            3,
            price=Decimal("195.00"),
            left=12,
            active=False,
            members_only=True,
            sold_out=True,
            on_sale=False,
            sales_start=start,
            sales_end=start + timedelta(days=7),
        ),
        TicketType(uuid(6), "Free", price=Decimal("0.1000")),
    ]
    await store.write(json_docs.save, json_docs.TICKET_TYPES, EVENT, types)
    kept = await store.read(json_docs.get_list, json_docs.TICKET_TYPES, EVENT)
    assert kept == types
    assert [str(each.price) for each in kept] == ["195.00", "0.1000"]
    assert kept[0].sales_start is not None
    assert kept[0].sales_start.utcoffset() == timedelta(hours=2)


async def test_purchase_questions_are_apart_from_those_of_attendees(store: RosterStore) -> None:
    assert await store.read(json_docs.get, json_docs.PURCHASE_QUESTIONS, EVENT) is None
    await store.write(json_docs.save, json_docs.QUESTIONS, EVENT, [Question(uuid(901), "Name?")])
    await store.write(json_docs.save, json_docs.PURCHASE_QUESTIONS, EVENT, [DIET])
    assert await store.read(json_docs.get, json_docs.PURCHASE_QUESTIONS, EVENT) == (DIET,)
    assert await store.read(json_docs.get, json_docs.QUESTIONS, EVENT) == (
        Question(uuid(901), "Name?"),
    )
    await store.write(json_docs.save, json_docs.PURCHASE_QUESTIONS, EVENT, [])
    assert await store.read(json_docs.get, json_docs.PURCHASE_QUESTIONS, EVENT) == ()


ALL_OF_IT = Order(
    ORDER,
    EVENT,
    "dZy1",
    "PAID",
    False,
    "Åse Ø",
    "aase@example.com",
    "BX-door-7",
    Address("Åse", "Ø", "aase@example.com", street="Havnen 1", postcode="2300"),
    datetime(2026, 5, 1, 10, 0, 0, 5, tzinfo=UTC),
    "https://a.example/da/purchase/1/tickets-as-pdf/",
    Decimal("885.00"),
)


async def test_an_order_is_kept_whole(store: RosterStore) -> None:
    await store.write(orders.save, ALL_OF_IT)
    kept = await store.read(orders.get, ORDER)
    assert kept == ALL_OF_IT
    assert kept.refunded is False
    assert str(kept.total) == "885.00"


async def test_what_another_answer_leaves_out_of_an_order_stays(store: RosterStore) -> None:
    await store.write(orders.save, ALL_OF_IT)
    await store.write(
        orders.save, Order(ORDER, None, "dZy1", "REFUND", True, "Åse Å", "a@example.com")
    )
    assert await store.read(orders.get, ORDER) == ALL_OF_IT._replace(
        state="REFUND", refunded=True, full_name="Åse Å", email="a@example.com"
    )
    changed = ALL_OF_IT._replace(
        external_order_id="BX-door-8",
        address=Address("Åse", "Å"),
        created=datetime(2026, 5, 2, tzinfo=UTC),
        pdf_url="/pdf/",
        total=Decimal("0.00"),
    )
    await store.write(orders.save, changed)
    assert await store.read(orders.get, ORDER) == changed


async def test_a_list_of_before_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "old" / "roster.db"
    private_folder(path.parent)
    open_file(
        path,
        steps=migrations("roster")[:1],
        application=APPLICATION,
        synchronous="NORMAL",
        check_pages=False,
    ).close()
    execute(path, f"INSERT INTO orders VALUES ('{ORDER}', NULL, 'dZy1', 'PAID', 0, 'Bo', 'b@b.dk')")
    old = '[{"uuid": "u", "title": "Student", "pk": 3}]'
    execute(path, f"INSERT INTO document VALUES ('ticket_types', '{EVENT}', '{old}')")
    event = f'[{{"uuid": "{EVENT}", "title": "Ale", "start": null, "end": null}}]'
    execute(path, f"INSERT INTO document VALUES ('event', '{EVENT}', '{event}')")
    store = await RosterStore.open(path)
    assert await store.read(orders.get, ORDER) == Order(
        ORDER, None, "dZy1", "PAID", False, "Bo", "b@b.dk"
    )
    assert await store.read(json_docs.get_list, json_docs.TICKET_TYPES, EVENT) == []
    assert await store.read(json_docs.get_events) == [Event(EVENT, "Ale")]
    await store.close()


async def test_ticket_types_and_questions_are_replaced_whole(store: RosterStore) -> None:
    assert await store.read(json_docs.get_list, json_docs.TICKET_TYPES, EVENT) == []
    assert await store.read(json_docs.get, json_docs.QUESTIONS, EVENT) is None
    types = [TicketType(uuid(5), "Student", 3), TicketType(uuid(6), "Free")]
    await store.write(json_docs.save, json_docs.TICKET_TYPES, EVENT, types)
    await store.write(
        json_docs.save, json_docs.QUESTIONS, EVENT, [DIET, Question(uuid(901), "Name?")]
    )
    assert await store.read(json_docs.get_list, json_docs.TICKET_TYPES, EVENT) == types
    assert await store.read(json_docs.get, json_docs.QUESTIONS, EVENT) == (
        DIET,
        Question(uuid(901), "Name?"),
    )
    await store.write(json_docs.save, json_docs.TICKET_TYPES, EVENT, types[:1])
    await store.write(json_docs.save, json_docs.QUESTIONS, EVENT, [])
    assert await store.read(json_docs.get_list, json_docs.TICKET_TYPES, EVENT) == types[:1]
    assert await store.read(json_docs.get, json_docs.QUESTIONS, EVENT) == ()
    assert await store.read(json_docs.get, json_docs.QUESTIONS, OTHER_EVENT) is None


async def test_no_question_open_is_not_the_same_as_not_known(store: RosterStore) -> None:
    assert await store.read(json_docs.get, json_docs.UNANSWERED, uuid(1)) is None
    await store.write(json_docs.save, json_docs.UNANSWERED, uuid(1), [DIET])
    assert await store.read(json_docs.get, json_docs.UNANSWERED, uuid(1)) == (DIET,)
    await store.write(json_docs.save, json_docs.UNANSWERED, uuid(1), [])
    assert await store.read(json_docs.get, json_docs.UNANSWERED, uuid(1)) == ()


async def test_answers_are_kept_for_the_form(store: RosterStore) -> None:
    assert await store.read(json_docs.get_list, json_docs.ANSWERS, uuid(1)) == []
    answers = [Answer(uuid(900), "Diet?", choices=(uuid(2),)), Answer(uuid(901), "Name?", "Bo")]
    await store.write(json_docs.save, json_docs.ANSWERS, uuid(1), answers)
    assert await store.read(json_docs.get_list, json_docs.ANSWERS, uuid(1)) == answers


async def test_the_reader_cannot_write(store: RosterStore) -> None:
    with pytest.raises(StoreError, match="readonly"):
        await store._reader.run(lambda connection: connection.execute("DELETE FROM ticket"))
