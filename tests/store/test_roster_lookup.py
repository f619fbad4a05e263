"""What a code names, on disk and in memory, and that no code names another than its own."""

from collections.abc import Callable
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from boxoffice.domain.codes import NO_FRAMING, Code, Framing, read_code
from boxoffice.domain.keyboard_layouts import LAYOUTS
from boxoffice.domain.models import Order, Ticket
from boxoffice.domain.roster import Roster
from boxoffice.domain.search_texts import OrderTexts
from boxoffice.store import RosterStore, orders, tickets
from tests.keyboards import typed
from tests.store.support import EVENT, FULL, ORDER, OTHER_EVENT, pull, ticket, uuid

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
