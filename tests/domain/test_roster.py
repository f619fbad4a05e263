"""The list in memory: what it finds, what its filters show, and that changes leave it true."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from boxoffice.domain import row_index
from boxoffice.domain.highlights import HighlightPolicy
from boxoffice.domain.models import Ticket
from boxoffice.domain.roster import Filter, LocalStatus, Roster, Row
from boxoffice.domain.search_texts import NO_ORDER, OrderTexts
from boxoffice.domain.text import fold, spell, spelled_words
from boxoffice.language import use

EVENT = "e" * 32
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
OURS = LocalStatus(admitted_at=NOON, waiting=True)


def uuid(number: int) -> str:
    return f"{number:032x}"


def ticket(which: int, name: str = "", **values: Any) -> Ticket:
    made = Ticket(uuid(which), EVENT, False, full_name=name, number=1000 + which)
    return made._replace(**values)


PEOPLE = [
    ticket(1, "Søren Sørensen", email="ss@firma.dk"),
    ticket(2, "Anna Ågård", email="familie.holm@gmail.com", order=uuid(90)),
    ticket(3, "Bo Holm", email="familie.holm@gmail.com", order=uuid(90)),
    ticket(4, "Anne-Marie O'Brien", email="amob@example.com", external_uuid="EXT-77"),
    ticket(5, "Jürgen Müller", number=204, url="nz9lb"),
    ticket(6, "Åse Strauß", number=None, order=uuid(91)),
    ticket(7, "", email="nobody@example.com", number=1),
    ticket(8, "Hans Jensen", number=1040),
    ticket(9, "Hans Jensen", number=1039),
]
DANISH = [
    *("Zoe Ærø", "Abe", "Álvarez", "Andersen", "Müller", "Munk", "Zoe", "Ähler", "Ørsted"),
    *("Øst", "Aage", "Ågård", "😀"),
]
ORDERS = {uuid(90): OrderTexts("dZy1"), uuid(91): OrderTexts("DZY1")}


@pytest.fixture
def roster() -> Roster:
    return Roster(PEOPLE, orders=ORDERS)


def numbers(uuids: Iterable[str]) -> list[int]:
    return [int(found, 16) for found in uuids]


def test_sorted_by_folded_name_then_number_the_nameless_last(roster: Roster) -> None:
    assert numbers(roster.rows()) == [2, 4, 6, 3, 9, 8, 5, 1, 7]
    assert len(roster) == 9


def test_sorted_by_the_alphabet_of_the_language_it_is_built_in() -> None:
    use("da")
    people = [ticket(at, name) for at, name in enumerate(DANISH)]
    roster = Roster(reversed(people[1:]))
    roster.update(people[:1])
    assert numbers(roster.rows()) == [*range(1, 7), 0, *range(7, len(DANISH))]
    assert roster.is_sorted
    use("en")
    assert not roster.is_sorted
    renamed = people[1]._replace(full_name="Ødis")
    roster.update([renamed])
    assert numbers(roster.rows())[-7:] == [7, 1, *range(8, 13)], "each list keeps its alphabet"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("sorensen", [1]),
        ("soerensen", [1]),
        ("SØREN", [1]),
        ("søren sør", [1]),
        ("aagaard", [2]),
        ("agard", [2]),
        ("ågård anna", [2]),
        ("muller", [5]),
        ("mueller", [5]),
        ("strauss", [6]),
        ("ase", [6]),
        ("obrien", [4]),
        ("o'brien", [4]),
        ("brien", [4]),
        ("annemarie", [4]),
        ("anne marie", [4]),
        ("marie-a", [4]),
        ("hans", [9, 8]),
        ("jensen 1040", [8]),
        ("104", [8]),
        ("familie.holm@gmail.com", [2, 3]),
        ("gmail", [2, 3]),
        ("ss@firma", [1]),
        ("dzy", [2, 6, 3]),
        ("dZy1 anna", [2]),
        # By the name before by the rest
        ("holm", [3, 2]),
        ("nobody", [7]),
        ("???", []),
        ("   ", [2, 4, 6, 3, 9, 8, 5, 1, 7]),
        ("", [2, 4, 6, 3, 9, 8, 5, 1, 7]),
    ],
)
def test_search(roster: Roster, query: str, found: list[int]) -> None:
    result = roster.find(query)
    assert numbers(result.uuids) == found
    assert not result.near
    assert result.hidden == 0


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("jensne", [9, 8]),
        ("jenssen", [9, 8]),
        ("hnas", [9, 8]),
        ("hans jensne", [9, 8]),
        ("sornsen", [1]),
        ("mullr", [5]),
        ("soransan", [1]),
        ("bx", []),
        ("hx", []),
        ("xxxxxxx", []),
        # A digit is never a typing error
        ("1047", []),
        ("hans 1047", []),
        ("dzy2", []),
    ],
)
def test_near_misses(roster: Roster, query: str, found: list[int]) -> None:
    result = roster.find(query)
    assert numbers(result.uuids) == found
    assert result.near is bool(found)


WORDS = st.text("abens", min_size=1, max_size=8)


@given(st.lists(st.tuples(WORDS, WORDS), max_size=14), WORDS.filter(lambda word: len(word) > 2))
def test_near_misses_are_what_a_plain_look_finds(rows: list[tuple[str, str]], typed: str) -> None:
    index = row_index.NameIndex(([old], row) for row, (old, _) in enumerate(rows))
    for row, (old, new) in enumerate(rows):
        index.replace(row, [old], [new])
    for errors, found in enumerate(index.near(typed), 1):
        most = errors if len(typed) > 5 else 1
        near = [row for row, (_, new) in enumerate(rows) if OSA.distance(typed, new) <= most]
        assert row_index.rows_of(found) == near


def test_a_company_is_searched_as_it_is_known_now() -> None:
    roster = Roster(
        [ticket(1, "Anna", company_name="Ågård & Søn"), ticket(2, "Bo"), ticket(3, "Søn")]
    )
    assert numbers(roster.find("agard").uuids) == [1]
    assert numbers(roster.find("søn").uuids) == [3, 1], "names before companies"
    roster.update([ticket(2, "Bo", company_name="Aagaard ApS")])
    roster.update([ticket(1, "Anna", company_name="Holm")])
    assert numbers(roster.find("aagaard").uuids) == [2]
    assert numbers(roster.find("holm anna").uuids) == [1]


def test_the_very_name_stands_before_one_that_begins_with_it() -> None:
    names = ["Aksel Nielsen", "Niels Christensen", "Bo Berg", "Niels Ågård Nielsen"]
    people = [ticket(at, name, email="niels@example.com") for at, name in enumerate(names, 1)]
    roster = Roster(people)
    assert numbers(roster.find("niels").uuids) == [4, 2, 1, 3]
    assert numbers(roster.find("nielse").uuids) == [1, 4]
    assert numbers(roster.find("niels nielsen").uuids) == [4, 1]
    found = roster.find("niels").uuids
    assert [found.index(each) for each in found] == [0, 1, 2, 3]


def test_one_error_before_two() -> None:
    roster = Roster([ticket(1, "Jensen"), ticket(2, "Hansen")])
    assert numbers(roster.find("jensin").uuids) == [1]
    assert numbers(roster.find("jansin").uuids) == [2, 1]


ACCENTS = {
    1: "Aksel Hansen",
    2: "Aksel Åkjær",
    3: "Axel Aakjaer",
    4: "Soren Orsted",
    5: "Søren Ørum",
    6: "Joel Moe",
    7: "Johan Mohr",
    8: "Bo A. Ase",
}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("aksel åk", [2]),
        ("aksel aak", [2]),
        ("åk", [2, 3]),
        ("Aakj", [2, 3]),
        ("akjar", [2, 3]),
        ("å", [2, 3]),
        ("aksel å", [2]),
        ("soren", [4, 5]),
        ("søren", [4, 5]),
        ("sö", [5]),
        ("soer", [5]),
        ("ørsted", [4]),
        ("joe", [6]),
        ("moe", [6]),
        ("mo", [6, 7]),
        ("åse", [8]),
        ("aksel å h", []),
    ],
)
def test_an_accent_that_was_typed_counts(query: str, found: list[int]) -> None:
    """Who leaves one out finds both; who types one means no other letter."""
    result = Roster(ticket(number, name) for number, name in ACCENTS.items()).find(query)
    assert not result.near and sorted(numbers(result.uuids)) == found


@pytest.mark.parametrize(("query", "near"), [("ørs", [4]), ("aksel åk", []), ("søran", [4, 5])])
def test_a_beginning_without_its_accent_is_only_near(query: str, near: list[int]) -> None:
    people = [ticket(number, ACCENTS[number]) for number in (1, 4, 5)]
    result = Roster(people).find(query)
    assert (result.near, numbers(result.uuids)) == (bool(near), near)


def test_search_under_a_filter_tells_what_it_hides(roster: Roster) -> None:
    roster.set_status(uuid(8), OURS)
    found = roster.find("hans", Filter.NOT_IN)
    assert (numbers(found.uuids), found.near, found.hidden) == ([9], False, 1)
    found = roster.find("hans", Filter.IN)
    assert (numbers(found.uuids), found.hidden) == ([8], 1)
    # Nobody of that name is near by: somebody of that name is just not shown.
    found = roster.find("anna", Filter.IN)
    assert (numbers(found.uuids), found.near, found.hidden) == ([], False, 1)
    found = roster.find("jensne", Filter.IN)
    assert (numbers(found.uuids), found.near, found.hidden) == ([8], True, 1)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("1001", [1]),
        ("204", [5]),
        ("20", []),
        ("dZy1", [2, 3]),
        ("DZY1", [6]),
        ("dzy1", [6]),  # with Caps Lock; as it is written it names nobody
        ("Dzy1", []),
        ("EXT-77", [4]),
        ("ext-77", [4]),
        ("Ext-77", []),
        ("https://test.ticketbutler.io/t/nz9lb/", [5]),
        (uuid(3), [3]),
        (uuid(90), [2, 3]),
        (f"https://x.io/orders/{uuid(91)}/tickets/{uuid(6)}/", [6]),
        ("hans", []),
        ("", []),
        ("x" * 10_000, []),
    ],
)
def test_what_a_text_names_exactly(roster: Roster, text: str, named: list[int]) -> None:
    assert numbers(roster.names(text)) == named


def test_an_external_uuid_is_found_in_any_dress() -> None:
    dashed = "957e996e-16d9-4aff-9598-00a03bf8c726"
    roster = Roster([ticket(1, external_uuid=dashed)])
    for text in (dashed, dashed.upper(), dashed.replace("-", "")):
        assert numbers(roster.names(text)) == [1]


def test_filters_and_counts() -> None:
    roster = Roster(
        [
            ticket(1, "Anna", checked_in=True),
            ticket(2, "Bo"),
            ticket(3, "Carl", refunded=True),
            ticket(4, "Dan", refunded=True, checked_in=True),
            ticket(5, "Eva"),
        ],
        {uuid(2): OURS, uuid(5): LocalStatus(attention="not paid"), uuid(99): OURS},
    )
    assert numbers(roster.rows(Filter.IN)) == [1, 2, 4]
    assert numbers(roster.rows(Filter.NOT_IN)) == [3, 5]
    assert numbers(roster.rows(Filter.ATTENTION)) == [5]
    assert (roster.checked_in, roster.total) == (2, 3)
    roster.set_status(uuid(5), LocalStatus(admitted_at=NOON, attention="conflict"))
    assert numbers(roster.rows(Filter.IN)) == [1, 2, 4, 5]
    assert roster.checked_in == 3
    roster.set_status(uuid(2), LocalStatus())
    assert numbers(roster.rows(Filter.NOT_IN)) == [2, 3]
    assert (roster.checked_in, roster.total) == (2, 3)


def test_attention_is_trouble_first_and_then_the_vips_who_are_still_to_come() -> None:
    policy = HighlightPolicy(attention=frozenset({"vip"}))
    guests = [
        ticket(1, "Anna", ticket_type="VIP"),
        ticket(2, "Bo", ticket_type="Vip!", checked_in=True),
        ticket(3, "Carl", ticket_type="Standard"),
        ticket(4, "Dan", ticket_type="VIP"),
        ticket(5, "Eva", ticket_type="Non-VIP"),
    ]
    roster = Roster(guests, {uuid(3): LocalStatus(attention="failed")}, highlights=policy)
    assert numbers(roster.rows(Filter.ATTENTION)) == [3, 1, 4]
    assert [row.is_vip for at in (1, 2, 3) if (row := roster.get(uuid(at)))] == [True, True, False]
    roster.set_status(uuid(1), OURS)
    assert numbers(roster.rows(Filter.ATTENTION)) == [3, 4]
    roster.set_status(uuid(1), OURS._replace(attention="conflict"))
    assert numbers(roster.rows(Filter.ATTENTION)) == [1, 3, 4]
    roster.update([guests[3]._replace(ticket_type="Standard")])
    assert numbers(roster.rows(Filter.ATTENTION)) == [1, 3]
    roster.update([guests[4]._replace(ticket_type="vip")])
    assert set(numbers(roster.rows(Filter.ATTENTION))) == {1, 3, 5}
    roster.update([], [uuid(5)])
    assert numbers(roster.rows(Filter.ATTENTION)) == [1, 3]


def test_a_row_holds_the_ticket_and_its_mark(roster: Roster) -> None:
    assert roster.get(uuid(1)) == Row(PEOPLE[0], LocalStatus())
    roster.set_status(uuid(1), OURS)
    row = roster.get(uuid(1))
    assert row == Row(PEOPLE[0], OURS)
    assert row is not None
    assert row.is_in
    assert roster.get(uuid(50)) is None


def test_a_mark_waits_for_its_ticket(roster: Roster) -> None:
    roster.set_status(uuid(50), OURS)
    assert roster.checked_in == 0
    roster.update([ticket(50, "Late Comer")])
    assert roster.checked_in == 1
    assert numbers(roster.rows(Filter.IN)) == [50]


def test_a_listing_stays_as_it_was(roster: Roster) -> None:
    before, found = roster.rows(), roster.find("hans").uuids
    roster.update(
        [ticket(10, "Aaa"), PEOPLE[7]._replace(full_name="Zenia"), PEOPLE[3]._replace(email="")],
        [uuid(1)],
    )
    assert numbers(before) == [2, 4, 6, 3, 9, 8, 5, 1, 7]
    assert numbers(found) == [9, 8]
    assert numbers(roster.rows()) == [10, 2, 4, 6, 3, 9, 5, 8, 7]
    assert before.index(uuid(3)) == 3
    assert uuid(10) not in before


TOGETHER = [
    ticket(1, "Maria De La Cruz"),
    ticket(2, "Anne Marie Holm"),
    ticket(3, "Annemarie Bang"),
    ticket(4, "Søren Å Dahl"),
    ticket(5, "Anne Lund"),
]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("delacruz", [1]),
        ("DeLaCru", [1]),
        ("mariadelacruz", [1]),
        ("delac", []),
        ("annemarie", [3, 2]),
        ("annemarie holm", [2]),
        ("anne marie", [2, 3]),
        ("sørendahl", [4]),
        ("sorendahl", [4]),
        ("annel", []),
        ("annelun", [5]),
    ],
)
def test_names_are_found_however_they_are_parted(query: str, found: list[int]) -> None:
    listed = Roster(TOGETHER).find(query)
    assert ([] if listed.near else numbers(listed.uuids)) == found


OF_ORDER = OrderTexts("dZy1", "BX-North-12", "Åge Buyer", "pay@acme.dk", "+45 12 34-56 78", "Acme")
OTHERS = OrderTexts("kLm2", phone="0046 70 123 45 67")


@pytest.fixture
def guests() -> Roster:
    """Two on one order, one on another, one of which nothing is known."""
    return Roster(
        [
            ticket(1, "Ida", order=uuid(90), ticket_type="VIP balcony"),
            ticket(2, "Bo", order=uuid(90), ticket_type="Standard", email="vip@x.dk"),
            ticket(3, "Stan", order=uuid(91), ticket_type="Standard", company_name="Øst ApS"),
            ticket(4, "Eva", ticket_type="Standard", number=30012),
        ],
        orders={uuid(90): OF_ORDER, uuid(91): OTHERS},
        answers={uuid(3): ("Vegan", "Øl & vin", "+45 98 76 54 32"), uuid(77): ("Vegan",)},
    )


@pytest.mark.parametrize(
    ("query", "found", "why"),
    [
        ("12345678", [2, 1], "+45 12 34-56 78"),
        ("1234 5", [2, 1], "+45 12 34-56 78"),
        ("+45 12 34 56 78", [2, 1], "+45 12 34-56 78"),
        ("004512345678", [2, 1], "+45 12 34-56 78"),
        ("(+45) 12 34", [2, 1], "+45 12 34-56 78"),
        ("+46701234567", [3], "0046 70 123 45 67"),
        ("070-123 45 67", [3], "0046 70 123 45 67"),
        ("45678", [], ""),
        ("+45 30012", [], ""),
        ("bx-north-12", [2, 1], "order BX-North-12"),
        ("dzy", [2, 1], "order dZy1"),
        ("buyer", [2, 1], "bought by Åge Buyer"),
        ("age bu", [2, 1], "bought by Åge Buyer"),
        ("pay@acme", [2, 1], "Acme"),
        ("ost", [3], "Øst ApS"),
        ("30012", [4], "30012"),
        ("vip", [2, 1], ""),
        ("vip ida", [1], ""),
        ("balc", [1], ""),
        ("stan", [3], ""),
        ("standa", [2, 4, 3], ""),
        ("standard acme", [2], "Acme"),
        ("vegan", [3], "Vegan"),
        ("veg", [3], "Vegan"),
        ("vin stan", [3], "Øl & vin"),
        ("98765432", [3], "+45 98 76 54 32"),
    ],
)
def test_what_is_found_beside_the_name_and_why(
    guests: Roster, query: str, found: list[int], why: str
) -> None:
    listed = guests.find(query)
    assert ([] if listed.near else numbers(listed.uuids)) == found
    assert [guests.why(uuid(one), query) for one in found][-1:] == ([why] if found else [])


def test_a_type_is_nobodys_name(guests: Roster) -> None:
    assert guests.find("balcony").by_kind
    assert guests.find("vegan").by_kind
    assert not guests.find("vip").by_kind  # one has it as an address
    assert not guests.find("ida").by_kind


def test_an_order_learnt_later_is_found(roster: Roster) -> None:
    roster.name_order(uuid(90), OrderTexts("Qqq7"))
    assert numbers(roster.find("qqq").uuids) == [2, 3]
    assert numbers(roster.names("Qqq7")) == [2, 3]
    assert numbers(roster.names("dZy1")) == []
    roster.update([PEOPLE[0]._replace(order=uuid(90))])
    assert numbers(roster.names("Qqq7")) == [2, 3, 1]


def test_what_it_is_made_of_is_freed_once_nobody_has_it() -> None:
    freed: list[object] = []
    guest, orders = ticket(1, order=uuid(9)), {uuid(9): OrderTexts(order_id="dZy1")}
    roster = Roster([guest], orders=orders)
    roster.free_by(lambda *containers: freed.extend(containers))
    listing, found = roster.rows(), roster.find("guest")
    assert not freed
    del roster
    assert orders in freed
    assert [guest] not in freed  # it is still shown
    del listing
    assert [guest] not in freed
    del found
    assert [guest] in freed
    assert {guest.uuid: 0} in freed


def test_of_two_with_one_uuid_the_later_counts() -> None:
    roster = Roster([ticket(1, "Anna"), ticket(1, "Bo")])
    assert len(roster) == 1
    assert numbers(roster.find("anna").uuids) == []
    assert numbers(roster.find("bo").uuids) == [1]


def test_an_empty_roster() -> None:
    roster = Roster()
    assert len(roster) == roster.total == roster.checked_in == 0
    assert list(roster.rows()) == list(roster.find("anna").uuids) == []
    assert roster.names("1068") == []
    roster.update([], [uuid(1)])
    roster.update([ticket(1, "Anna")])
    assert numbers(roster.find("an").uuids) == [1]


NAMES = [
    "",
    "Anna",
    "Anna Holm",
    "Ane Holm",
    "Åse",
    "Bo",
    "Bo Aas",
    "Søren",
    "Soren B",
    "—",
    "Ånna",
]
tickets = st.builds(
    Ticket,
    uuid=st.integers(1, 14).map(uuid),
    event=st.just(EVENT),
    checked_in=st.booleans(),
    refunded=st.booleans(),
    full_name=st.sampled_from(NAMES),
    email=st.sampled_from(["", "anna.holm@x.dk", "bo@x.dk"]),
    number=st.sampled_from([None, 7, 70, 71, 700]),
    order=st.sampled_from([None, uuid(90), uuid(91)]),
    external_uuid=st.sampled_from([None, "70", "X-1", uuid(77)]),
    url=st.sampled_from([None, "70", "nz9lb"]),
    company_name=st.sampled_from([None, "Holm & Søn ApS", "70"]),
    ticket_type=st.sampled_from(["", "VIP balcony", "Anna"]),
)
marks = st.sampled_from(
    [LocalStatus(), OURS, LocalStatus(attention="failed"), LocalStatus(NOON, False, "conflict")]
)
order_texts = st.builds(
    OrderTexts,
    order_id=st.sampled_from([*"aAbB7", ""]),
    buyer=st.sampled_from(["", "Anna Holm", "Åse"]),
    phone=st.sampled_from(["", "0045 7070 7070"]),
)
changes = st.lists(
    st.one_of(
        st.tuples(st.just("update"), st.lists(tickets, max_size=4), st.sets(st.integers(1, 14))),
        st.tuples(st.just("mark"), st.integers(1, 14), marks),
        st.tuples(
            st.just("answers"),
            st.integers(1, 14),
            st.sampled_from([(), ("Anna",), ("VIP", "70 70 70 70")]),
        ),
        st.tuples(st.just("name"), st.sampled_from([uuid(90), uuid(91)]), order_texts),
    ),
    max_size=8,
)
LINK = "https://test.ticketbutler.io/t/nz9lb/"
QUERIES = [
    *("", "a", "an", "ana", "holm", "7", "70", "b", "anna holm", "anne", "søren", "hlom", "x"),
    *("å", "aa", "ås", "bo å", "sø", "soeren", "aan", "ånna"),
    *("vip", "vi", "vip anna", "annaholm", "annehol", "boannaholm", "aneåse"),
]


def shown(roster: Roster) -> list[object]:
    seen: list[object] = [len(roster), roster.checked_in, roster.total]
    for only in Filter:
        rows = roster.rows(only)
        seen.append([roster.get(found) for found in rows])
        assert [rows.index(found) for found in rows] == list(range(len(rows)))
        for query in QUERIES:
            found = roster.find(query, only)
            seen.append((list(found.uuids), found.near, found.hidden))
            assert len(found.uuids) == len(list(found.uuids))
            assert [found.uuids.index(one) for one in found.uuids] == list(range(len(found.uuids)))
    seen.extend(list(roster.find(text).uuids) for text in ("12 34 56 78", "+45 7070", "70707070"))
    seen.extend(
        roster.names(text) for text in ("7", "70", "a", "b", "X-1", uuid(77), uuid(90), LINK)
    )
    return seen


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(tickets, max_size=10), changes)
def test_a_changed_roster_equals_one_built_anew(first: list[Ticket], changes: list[Any]) -> None:
    orders = {uuid(90): OrderTexts("a1", phone="+45 12 34 56 78")}
    roster = Roster(first, orders=orders)
    current = {one.uuid: one for one in first}
    known: dict[str, LocalStatus] = {}
    answers: dict[str, tuple[str, ...]] = {}
    for kind, one, other in changes:
        if kind == "answers":
            answers[uuid(one)] = other
            roster.note_answers(uuid(one), other)
        elif kind == "update":
            for gone in other:
                current.pop(uuid(gone), None)
            current |= {changed.uuid: changed for changed in one}
            roster.update(one, map(uuid, other))
        elif kind == "mark":
            known[uuid(one)] = other
            roster.set_status(uuid(one), other)
        else:
            orders = {**orders, one: other.completed(orders.get(one, NO_ORDER))}
            roster.name_order(one, other)
    anew = Roster(current.values(), known, orders, answers=answers)
    assert shown(roster) == shown(anew)
    assert [roster.why(one, "anna 7") for one in current] == [
        anew.why(one, "anna 7") for one in current
    ]


def is_together(want: str, names: set[str], parts: int = 4) -> bool:
    """Whether `want` is names without the spaces between them, the last of them begun."""
    return parts > 1 and any(
        want[:end] in names
        and (
            any(name.startswith(want[end:]) for name in names)
            or is_together(want[end:], names, parts - 1)
        )
        for end in range(2, len(want) - 2)
    )


def slow_find(people: list[Ticket], query: str) -> list[str]:
    """The same search without an index."""
    found: dict[bool, list[str]] = {False: [], True: []}
    """By whole words of types; by their beginnings too, which count where there is nothing else."""
    for one in people:
        whole = [spell(chunk).replace("-", "") for chunk in one.full_name.split()]
        names = {*spelled_words(one.full_name), *whole}
        company = one.company_name or ""
        words = {*names, *spelled_words(one.email), *spelled_words(company), str(one.number)}
        folded = {fold(word) for word in names}
        wanted = spelled_words(query)

        begun = {*words, *map(fold, words)}

        def has(want: str, begun: set[str] = begun, folded: set[str] = folded) -> bool:
            plain = fold(want)
            alike = plain != want and len(plain) > 2 and plain in folded
            return alike or any(word.startswith(want) for word in begun)

        both = names | folded
        kinds = [fold(word) for word in spelled_words(one.ticket_type)]
        joined = len(wanted) > 1 and any(name.startswith("".join(wanted)) for name in both)
        held = [want for want in wanted if has(want) or is_together(want, both)]
        for partly, rows in found.items():
            of_kind = (
                {*kinds} if not partly else {kind[:end] for kind in kinds for end in range(99)}
            )
            if joined or all(want in held or want in of_kind for want in wanted):
                rows.append(one.uuid)
    return sorted(found[not found[False]])


@given(st.lists(tickets, max_size=14, unique_by=lambda one: one.uuid), st.sampled_from(QUERIES[1:]))
def test_the_index_finds_what_a_plain_look_finds(people: list[Ticket], query: str) -> None:
    people = [one._replace(number=one.number or 0) for one in people]
    found = Roster(people).find(query)
    assert found.near or sorted(found.uuids) == slow_find(people, query)


def test_finds_that_are_kept_change_with_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_index, "MANY_ROWS", 1)
    monkeypatch.setattr(row_index, "_MOST_CACHED", 12)
    names = [f"{first}{second}ba" for first in "abcdefgh" for second in "ijklm"]
    people = [ticket(at, f"{name} {names[-at]}") for at, name in enumerate(names)]
    roster = Roster(people)
    for round_ in range(3):
        people = [*people[1:], ticket(100 + round_, "Aiba Aj")]
        roster.update(people[-1:], [uuid(round_)])
        for start in (name[:size] for name in names for size in (1, 2, 3, 4)):
            assert list(roster.find(start).uuids) == list(Roster(people).find(start).uuids)


def test_a_long_text_is_no_search_for_mistyped_names(roster: Roster) -> None:
    assert not roster.find("hans jensne of the old road by the sea").near


def test_many_rows() -> None:
    """More than one block of a listing, and more than a list of rows is kept for."""
    people = [ticket(number, f"{'ABC'[number % 3]}nna {number:05}") for number in range(5_000)]
    roster = Roster(people)
    roster.update([ticket(6_000 + number, f"Anna {number:05}x") for number in range(0, 3_000, 7)])
    everyone = sorted(
        people + [ticket(6_000 + number, f"Anna {number:05}x") for number in range(0, 3_000, 7)],
        key=lambda one: (one.full_name.lower(), one.number),
    )
    rows = roster.rows()
    assert list(rows) == [one.uuid for one in everyone]
    assert rows[1_200:1_300] == [one.uuid for one in everyone[1_200:1_300]]
    assert rows[-1] == everyone[-1].uuid
    assert all(rows.index(one.uuid) == at for at, one in enumerate(everyone))
    found = roster.find("anna").uuids
    assert list(found) == [one.uuid for one in everyone if one.full_name.startswith("Anna")]
    with pytest.raises(IndexError):
        rows[len(rows)]
    with pytest.raises(ValueError, match="not listed"):
        rows.index("nobody")


def test_merchandise_is_listed_and_not_counted() -> None:
    shirt = ticket(3, "Bo Holm", ticket_type="T-Shirt")
    people = [ticket(1, "Anna"), ticket(2, "Åse", checked_in=True)]
    roster = Roster([*people, shirt], extras=frozenset({"t-shirt"}))
    roster.set_status(shirt.uuid, OURS)
    assert (len(roster), roster.total, roster.checked_in) == (3, 2, 1)
    assert sorted(numbers(roster.rows(Filter.IN))) == [2, 3]
    roster.update([ticket(4, "Bo Holm", ticket_type="T-shirt", checked_in=True), ticket(5, "Eve")])
    assert (roster.total, roster.checked_in) == (3, 1)
    roster.update([], [shirt.uuid, uuid(1)])
    assert (len(roster), roster.total, roster.checked_in) == (3, 2, 1)
