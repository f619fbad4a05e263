"""The list in memory: its order, what its filters show, and what a text names exactly."""

import pytest

from boxoffice.domain.highlights import HighlightPolicy
from boxoffice.domain.roster import Filter, LocalStatus, Roster, Row
from boxoffice.domain.search_texts import OrderTexts
from boxoffice.language import use
from tests.domain.conftest import DANISH, NOON, OURS, PEOPLE, numbers, ticket, uuid


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
