"""Who is with whom, and who is to be asked for: the rules behind a party."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boxoffice import language
from boxoffice.domain.models import Order, Ticket
from boxoffice.domain.party import (
    NAMESAKES,
    SPAN,
    Party,
    PartyTicks,
    describe_status,
    members,
    surname,
    to_ask,
    void_word,
)
from boxoffice.domain.roster import LocalStatus, Row

OURS, THEIRS = "0" * 32, "1" * 32


def ticket(
    number: int, *, order: str | None = None, email: str = "", name: str = "", is_in: bool = False
) -> Ticket:
    return Ticket(
        uuid=f"{number:032x}",
        event="e" * 32,
        checked_in=is_in,
        full_name=name or f"Guest N{number}",
        email=email,
        number=number,
        order=order,
    )


def ask(mine: Ticket, *others: Ticket, asked: tuple[int, ...] = ()) -> list[int]:
    kin = {other.uuid: other for other in others}
    found = to_ask(mine, kin, [f"{number:032x}" for number in asked])
    return [int(uuid, 16) for uuid in found]


MINE = ticket(100, order=OURS, email="a@example.com", name="Minh Nguyễn")


def test_the_same_address_is_asked_first_the_nearest_before_others() -> None:
    far, near = ticket(900, email="A@example.com"), ticket(102, email="a@example.com")
    assert ask(MINE, far, near, ticket(101)) == [102, 900]


def test_neighbours_are_asked_on_both_sides() -> None:
    assert ask(MINE, *(ticket(number) for number in (97, 98, 99, 101, 102, 103))) == [
        99,
        98,
        101,
        102,
    ]


def test_behind_the_orders_own_tickets_it_goes_on() -> None:
    assert ask(MINE, ticket(101, order=OURS), ticket(102, order=OURS), ticket(103)) == [103]


@pytest.mark.parametrize(("strangers", "goes_on"), [(1, True), (2, False)])
def test_some_strangers_end_it(strangers: int, goes_on: bool) -> None:
    others = [ticket(100 + step, order=THEIRS) for step in range(1, strangers + 1)]
    assert bool(ask(MINE, *others, ticket(104))) is goes_on


def test_too_far_a_number_is_no_neighbour() -> None:
    assert ask(MINE, ticket(100 + SPAN + 1)) == []
    assert ask(MINE, ticket(100 + SPAN)) == [100 + SPAN]


def test_one_that_would_not_tell_counts_as_a_stranger() -> None:
    assert ask(MINE, ticket(101), ticket(102), ticket(103), asked=(101, 102)) == []


def test_the_same_surname_comes_last_and_only_the_nearest() -> None:
    namesakes = [ticket(1000 + step, name=f"X{step} Nguyen") for step in range(NAMESAKES + 3)]
    assert ask(MINE, *namesakes) == [1000 + step for step in range(NAMESAKES)]
    assert ask(MINE, *namesakes, ticket(101)) == [101]


def test_without_a_known_order_nobody_can_be_compared() -> None:
    assert ask(MINE._replace(order=None), ticket(101, email="a@example.com")) == []


def test_without_numbers_only_address_and_name_are_left() -> None:
    mine = MINE._replace(number=None)
    assert ask(mine, ticket(101)) == []
    assert ask(mine, ticket(101, email="a@example.com")) == [101]


@pytest.mark.parametrize(
    ("mine", "theirs", "together"),
    [
        (OURS, OURS, True),
        (OURS, None, True),
        (None, THEIRS, True),
        (None, None, True),
        (OURS, THEIRS, False),
    ],
)
def test_an_address_is_a_guess_only_while_an_order_is_unknown(
    mine: str | None, theirs: str | None, together: bool
) -> None:
    other = ticket(101, order=theirs, email="a@example.com")
    assert (other in members(MINE._replace(order=mine), [other])) is together


def test_no_address_is_nobodys() -> None:
    assert members(ticket(1), [ticket(2)]) == [ticket(1)]


def test_surnames_are_compared_folded() -> None:
    assert surname("Minh Nguyễn") == surname("lan NGUYEN") == "nguyen"
    assert surname("") == ""


def party(*tickets: Ticket, order: str | None = OURS) -> Party:
    rows = tuple(Row(each, LocalStatus()) for each in tickets)
    return Party(MINE.uuid, Order(order) if order else None, rows, complete=True)


def test_those_who_are_in_or_refunded_are_not_wanted() -> None:
    inside = ticket(101, order=OURS, is_in=True)
    refunded = ticket(102, order=OURS)._replace(refunded=True)
    assert party(MINE, inside, refunded).wanted == {MINE.uuid}


@pytest.mark.parametrize("people", [2, 13])
def test_of_a_guess_only_the_one_in_hand_is_wanted(people: int) -> None:
    others = [ticket(200 + step, email=MINE.email) for step in range(people - 1)]
    guess = party(MINE._replace(order=None), *others, order=None)
    assert guess.guess
    assert guess.wanted == {MINE.uuid}
    known = party(MINE, *(other._replace(order=OURS) for other in others))
    assert not known.guess
    assert len(known.wanted) == people


def ticks(*tickets: Ticket, from_start: bool = True) -> PartyTicks:
    found = PartyTicks(from_start=from_start)
    found.party = party(*tickets)
    return found


LAN, IN = ticket(101, order=OURS), ticket(102, order=OURS, is_in=True)


def test_who_surely_is_with_it_is_ticked_unless_the_code_named_the_whole_order() -> None:
    assert ticks(MINE, LAN, IN).ticked == [MINE.uuid, LAN.uuid]
    assert ticks(MINE, LAN, IN, from_start=False).ticked == []
    assert PartyTicks(from_start=True).ticked == []


def test_a_person_ticks_and_unticks() -> None:
    ours = ticks(MINE, LAN, IN)
    assert ours.toggle(LAN.uuid)
    assert ours.ticked == [MINE.uuid]
    assert ours.toggle(LAN.uuid)
    assert ours.ticked == [MINE.uuid, LAN.uuid]
    assert not ours.toggle(IN.uuid)
    assert not ours.toggle("f" * 32)


def test_all_or_none_are_ticked() -> None:
    ours = ticks(MINE, LAN, IN)
    assert ours.toggle_all()
    assert ours.ticked == []
    assert ours.toggle_all()
    assert ours.ticked == [MINE.uuid, LAN.uuid]
    assert not ticks(IN).toggle_all()


def test_ticks_stay_while_the_rows_change() -> None:
    ours = ticks(MINE, LAN)
    ours.toggle(LAN.uuid)
    now = {MINE.uuid: Row(MINE._replace(checked_in=True), LocalStatus())}
    assert not ours.update(now.get, {IN.uuid})
    assert ours.update(now.get, {MINE.uuid})
    assert ours.ticked == []
    assert ours.able == [LAN.uuid]
    assert ours.update(now.get, None)
    ours.untick([LAN.uuid])
    assert ours.ticked == []
    assert not PartyTicks(from_start=True).update(now.get, None)


def test_where_a_ticket_stands() -> None:
    at = datetime(2026, 5, 8, 16, 30, tzinfo=UTC)
    assert describe_status(Row(MINE, LocalStatus()), UTC) == "not in"
    assert describe_status(Row(MINE, LocalStatus(admitted_at=at)), UTC) == "in since 16:30"
    assert describe_status(Row(MINE, LocalStatus(admitted_at=at, waiting=True)), UTC).endswith(
        "to be sent"
    )
    south = LocalStatus(let_in_at=at, let_in_by="South")
    assert describe_status(Row(MINE, south), UTC) == "in since 16:30 at South"
    assert Row(MINE, south).is_in
    assert describe_status(Row(MINE._replace(checked_in=True), LocalStatus()), UTC) == "in"
    assert (
        describe_status(Row(MINE._replace(refunded=True), LocalStatus(admitted_at=at)), UTC)
        == "refunded"
    )


_ANY = st.builds(
    ticket,
    st.integers(0, 200),
    order=st.sampled_from([None, OURS, THEIRS]),
    email=st.sampled_from(["", "a@example.com", "b@example.com"]),
    name=st.sampled_from(["", "A Nguyễn", "B C"]),
)


@given(st.lists(_ANY, max_size=30))
def test_asking_ends_and_asks_nobody_twice(others: list[Ticket]) -> None:
    kin = {other.uuid: other for other in others if other.uuid != MINE.uuid}
    asked = {MINE.uuid}
    while turn := to_ask(MINE, kin, asked):
        assert not asked & set(turn)
        assert all(kin[uuid].order is None for uuid in turn)
        asked.update(turn)


def test_why_an_order_lets_nobody_in_is_a_word_of_the_language() -> None:
    states = ("PAID", "", "NEW", "REFUND", "CANCELLED")
    orders = [None, *(Order("o" * 32, state=state) for state in states)]
    assert [void_word(order) for order in orders] == [
        "",
        "",
        "",
        "NOT PAID",
        "REFUNDED",
        "CANCELLED",
    ]
    language.use("da")
    try:
        assert void_word(orders[3]) == "IKKE BETALT"
    finally:
        language.use("en")
