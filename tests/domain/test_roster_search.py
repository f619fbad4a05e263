"""Whom a search finds, in which order, and by what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from boxoffice.domain import row_index
from boxoffice.domain.roster import Roster
from boxoffice.domain.search_texts import OrderTexts
from tests.domain.conftest import PEOPLE, numbers, ticket, uuid


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
