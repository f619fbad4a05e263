"""What a code names, and the small things that are kept whole: events, questions, answers."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from boxoffice.domain.codes import NO_FRAMING, Code, Framing, read_code
from boxoffice.domain.keyboard_layouts import LAYOUTS
from boxoffice.domain.models import (
    Address,
    Answer,
    Choice,
    Event,
    Order,
    Question,
    Ticket,
    TicketType,
)
from boxoffice.domain.roster import Roster
from boxoffice.domain.search_texts import OrderTexts
from boxoffice.store import RosterStore, StoreError, json_docs, orders, tickets
from boxoffice.store.db_file import migrations, open_file, private_folder
from boxoffice.store.roster import APPLICATION
from tests.keyboards import typed
from tests.store.support import EVENT, FULL, ORDER, OTHER_EVENT, execute, pull, ticket, uuid

# What a code names


@pytest.fixture
async def filled(store: RosterStore) -> RosterStore:
    sister = ticket(2)._replace(order=ORDER)
    stranger = ticket(3, event=OTHER_EVENT)._replace(
        number=17, external_uuid="EXT-1", url="nz9lb", order=uuid(800)
    )
    await pull(store, FULL, sister, ticket(4))
    await pull(store, stranger, event=OTHER_EVENT)
    await store.write(orders.save, Order(ORDER, EVENT, "dZy1"))
    await store.write(orders.save, Order(uuid(800), OTHER_EVENT, "dZy2"))
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
    found = await filled.read(tickets.named, read_code(text), EVENT)
    assert [row.uuid for row in found] == [uuid(number) for number in named]


async def test_the_most_certain_reading_counts(filled: RosterStore) -> None:
    await pull(filled, ticket(17)._replace(external_uuid="4"))
    assert [row.uuid for row in await filled.read(tickets.named, read_code("4"), EVENT)] == [
        uuid(17)
    ]


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1])
async def test_a_number_beyond_all_numbers_names_nothing(filled: RosterStore, number: int) -> None:
    assert await filled.read(tickets.named, Code("", number=number), EVENT) == []


# The list on disk and the list in memory

FORMS = (
    *("{}", "]C1{}", "#{}", '"{}"', " {}\r\n", "\x02{}\x03", "TB{}", "{}0", "{0}{0}", "{} x"),
    *(
        "https://x.io/t/{}/",
        "https://x.io/tickets/{}/",
        "https://x.io/?u=https%3A%2F%2Fx.io%2Ft%2F{}",
    ),
    *(
        "HTTPS://X.IO/T/{}",
        f"https://x.io/o/{ORDER}/{{}}",
        f"{{}} {uuid(2)}",
        "https://x.io/t/nz9lb/?t={}",
    ),
)
NAMES = (
    *(uuid(1), uuid(2), uuid(99), str(UUID(uuid(2))), ORDER, uuid(701), "17", "4", "0017", "70"),
    *(
        "EXT-1",
        "ext-1",
        "eXt",
        "#17",
        "a b",
        "nz9lb",
        "Nz9lB",
        "ny9lb",
        "dZy1",
        "DzY1",
        "dYz1",
        "a",
    ),
    *(EXTERNAL := "ABCDEF00-0000-4000-8000-00000000000A", EXTERNAL.lower().replace("-", "")),
)
listed = st.builds(
    Ticket,
    uuid=st.sampled_from([uuid(number) for number in range(1, 9)]),
    event=st.just(EVENT),
    checked_in=st.just(False),
    number=st.sampled_from([None, 17, 4, 70, 1]),
    order=st.sampled_from([None, ORDER, uuid(701), uuid(1)]),
    external_uuid=st.sampled_from(
        [None, "EXT-1", "eXt", "#17", "17", "a b", "dZy1", EXTERNAL, EXTERNAL.lower(), uuid(2)]
    ),
    url=st.sampled_from([None, "nz9lb", "Nz9lB", "ny9lb", "a"]),
)
arrived = st.one_of(
    st.just(lambda text: text),
    st.just(str.swapcase),
    st.sampled_from(LAYOUTS).map(lambda layout: lambda text: typed(text, layout)),
)


@given(
    st.lists(listed, max_size=8, unique_by=lambda ticket: ticket.uuid),
    st.lists(
        st.tuples(st.sampled_from(FORMS), st.sampled_from(NAMES), arrived), min_size=1, max_size=12
    ),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
async def test_disk_and_memory_name_the_same(
    store: RosterStore,
    guests: list[Ticket],
    scans: list[tuple[str, str, Callable[[str], str]]],
) -> None:
    order_ids = {ORDER: "dZy1", uuid(701): "DzY1", uuid(1): "dYz1"}
    for order, order_id in order_ids.items():
        await store.write(orders.save, Order(order, EVENT, order_id))
    old = {ticket.uuid for ticket in await store.read_all(tickets.load, EVENT)}
    await pull(store, removed=list(old))
    await pull(store, *guests)
    told = await store.read_all(orders.texts, EVENT)
    assert told == {order: OrderTexts(order_id) for order, order_id in order_ids.items()}
    roster = Roster(guests, orders=told)
    for form, name, through in scans:
        text = through(form.format(name))
        for framing in (NO_FRAMING, Framing(("TB", "1"), ("0",))):
            found = await store.read(tickets.match, text, framing, EVENT)
            assert {ticket.uuid for ticket in found.tickets} == set(roster.names(text, framing))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("https://x.io/t/nZ9lb/", [2]),
        ("https://x.io/t/nz9lb/", [1]),
        ("HTTPS://X.IO/T/NZ9LB/", [1]),
        ("#17", [3]),
        ("#4", [4]),
        ("MEM-1", []),
        (f"https://x.io/r?a={uuid(1)}&b={uuid(2)}", [1, 2]),
        (f"https://x.io/r?order={ORDER}&b={uuid(2)}", [2]),
        (f"https://x.io/t/nz9lb/?u=https%3A%2F%2Fx.io%2Ftickets%2F{uuid(2)}", [1, 2]),
        (f"{uuid(1)}{uuid(2)}", []),
        (f"{uuid(1)} {uuid(2)}", []),
        (typed("MEM-9", LAYOUTS[0]), [5]),
        (typed("https://x.io/t/zyx/", LAYOUTS[3]), [6]),
        ("https://x.io/t/yzx/", []),
        ("https%3A%2F%2Fx.io%2Ft%2Fyzx%2F", []),  # a German computer types it like `zyx`
        (f"https://x.io/r?a={ORDER}&b={uuid(701)}", [1, 2, 7]),
    ],
)
async def test_no_code_names_another_than_its_own(
    store: RosterStore, text: str, named: list[int]
) -> None:
    await pull(
        store,
        ticket(1)._replace(url="nz9lb", order=ORDER),
        ticket(2)._replace(url="nZ9lb", order=ORDER),
        ticket(3)._replace(external_uuid="#17"),
        ticket(4),
        ticket(5)._replace(external_uuid="MEM-9"),
        ticket(6)._replace(url="zyx"),
        ticket(7)._replace(order=uuid(701)),
        ticket(17),
    )
    found = await store.read(tickets.match, text, NO_FRAMING, EVENT)
    assert sorted(one.uuid for one in found.tickets) == [uuid(number) for number in named]


async def test_layouts_that_mean_different_tickets_leave_it_to_a_person(store: RosterStore) -> None:
    await pull(store, ticket(1)._replace(url="yz"), ticket(2)._replace(url="zy"))
    text = typed("https://x.io/t/yz/", next(each for each in LAYOUTS if each.name == "Swedish"))
    found = await store.read(tickets.match, text, NO_FRAMING, EVENT)
    assert {one.uuid for one in found.tickets} == {uuid(1), uuid(2)}
    assert found.layout_advice.endswith("set it to Swedish or German")


async def test_digits_set_as_a_prefix_may_be_part_of_a_number(store: RosterStore) -> None:
    await pull(store, ticket(17), ticket(917), ticket(18))
    framing = Framing(("9",))
    both = await store.read(tickets.match, "917", framing, EVENT)
    assert {one.uuid for one in both.tickets} == {uuid(17), uuid(917)}
    (alone,) = (await store.read(tickets.match, "918", framing, EVENT)).tickets
    assert alone.uuid == uuid(18)


async def test_an_external_uuid_that_is_a_uuid_is_named_in_any_dress(store: RosterStore) -> None:
    external = "957E996E-16d9-4aff-9598-00a03bf8c726"
    await pull(store, ticket(1)._replace(external_uuid=external))
    for text in (external, external.lower(), external.replace("-", ""), f"{{{external}}}"):
        found = await store.read(tickets.match, text, NO_FRAMING, EVENT)
        assert [one.uuid for one in found.tickets] == [uuid(1)]
        assert found.code.names(found.tickets[0])


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
