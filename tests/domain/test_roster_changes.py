"""A roster that is changed equals one that is built anew, and finds the same."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from boxoffice.domain import row_index
from boxoffice.domain.models import Ticket
from boxoffice.domain.roster import Filter, LocalStatus, Roster
from boxoffice.domain.search_texts import NO_ORDER, OrderTexts
from boxoffice.domain.text import fold, spell, spelled_words
from tests.domain.conftest import EVENT, NOON, OURS, ticket, uuid

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
