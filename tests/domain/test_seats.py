"""No plan of a till gives out more seats than are left, and what is short is divided alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boxoffice.domain.seats import Escrow, Holding, Pool, read_pool

FEW = st.integers(0, 30)
ESCROWS = st.builds(Escrow, serial=FEW, wanted=FEW, seats=FEW)
TILLS = st.dictionaries(st.sampled_from("abcdef"), ESCROWS)
POOLS = st.builds(Pool, left=st.none() | st.integers(0, 60), tills=TILLS)
OWN = st.builds(Holding, serial=FEW, seats=FEW, pending=st.integers(-10, 10), since=FEW, sold=FEW)


@given(POOLS, OWN, FEW, st.booleans())
def test_more_is_taken_only_of_what_nobody_holds(
    pool: Pool, own: Holding, at_hand: int, fresh: bool
) -> None:
    plan = pool.plan("a", own, at_hand, fresh=fresh)
    others = pool.in_escrow - pool.escrow("a").seats
    escrow = plan.escrow(own.serial + 1, plan.by)
    if plan.by > 0 and pool.left is not None:
        assert others + escrow.seats <= pool.left
    assert own.seats + plan.by <= at_hand or plan.by <= 0
    assert own.seats + plan.by >= 0
    assert escrow.seats >= own.seats + own.sold + plan.by  # the hub never has less than we do
    if not fresh and plan.by >= 0:
        assert escrow.seats >= pool.escrow("a").seats + own.lacking(pool.escrow("a"))


@given(st.integers(0, 60), st.dictionaries(st.sampled_from("abcdef"), FEW, min_size=1))
def test_each_till_in_its_turn_comes_to_its_share(left: int, wants: dict[str, int]) -> None:
    """Whoever held all before: the most that anybody holds is one more than who wants more has."""
    pool = Pool(left, {"a": Escrow(1, 60, 60)} if "a" in wants else {})
    for _ in range(3):
        for till, at_hand in wants.items():
            own = Holding(seats=pool.escrow(till).seats)
            plan = pool.plan(till, own, at_hand, fresh=True)
            pool = pool.with_escrow(till, plan.escrow(own.serial + 1, plan.by))
    assert pool.in_escrow == min(left, sum(wants.values()))
    most = max(escrow.seats for escrow in pool.tills.values())
    for till, at_hand in wants.items():
        assert min(at_hand, most - 1) <= pool.escrow(till).seats <= at_hand


@pytest.mark.parametrize(
    ("left", "held", "due"),
    [(None, 0, 10), (100, 0, 10), (7, 0, 7), (7, 4, 3), (7, 7, 0), (7, 9, 0), (0, 0, 0)],
)
def test_what_a_till_may_take(left: int | None, held: int, due: int) -> None:
    pool = Pool(left, {"b": Escrow(1, 0, held)})
    assert pool.plan("a", Holding(), 10, fresh=True).by == due


def test_what_was_sold_stays_in_escrow_until_the_site_is_read() -> None:
    """It may be placed by now, and what is left in the pool counts it still."""
    pool, placed = Pool(10, {"a": Escrow(3, 5, 10)}), Holding(serial=3, seats=4)
    assert pool.plan("a", placed, 4, fresh=False).escrow(4, 0) == Escrow(4, 10, 10)
    assert pool.plan("a", placed, 4, fresh=True).escrow(4, 0) == Escrow(4, 4, 4)


def test_what_was_given_back_is_taken_off_until_the_hub_has_it() -> None:
    """Once: by which of several messages it has it does not matter."""
    pool, own = Pool(10, {"a": Escrow(3, 5, 10)}), Holding(5, seats=4, pending=-2, since=3)
    assert pool.plan("a", own, 4, fresh=False).escrow(6, 0) == Escrow(6, 8, 8)
    arrived = pool.with_escrow("a", Escrow(4, 5, 8))
    assert arrived.plan("a", own, 4, fresh=False).escrow(6, 0) == Escrow(6, 8, 8)


def test_what_is_left_is_read_where_that_may_change_something() -> None:
    pool, own = Pool(10, {"a": Escrow(3, 4, 4)}), Holding(serial=3, seats=4)
    assert not pool.is_worth_a_read("a", own, 4, 10)
    assert not pool.is_worth_a_read("a", own, 4, 12)
    assert pool.is_worth_a_read("a", own, 4, 9)
    assert pool.is_worth_a_read("a", own, 5, 10)
    assert pool._replace(left=4).is_worth_a_read("a", own, 5, 6)
    assert pool.is_worth_a_read("a", own._replace(seats=3), 4, 10)


def test_of_two_pools_the_newer_of_each_escrow_counts() -> None:
    known = Pool(9, {"a": Escrow(2, 5, 5), "b": Escrow(1, 5, 5)})
    stored = Pool(8, {"a": Escrow(3, 5, 1), "c": Escrow(1, 2, 2)})
    assert stored.completed(known) == Pool(
        8, {"a": Escrow(3, 5, 1), "b": Escrow(1, 5, 5), "c": Escrow(1, 2, 2)}
    )


@given(POOLS)
def test_a_pool_is_read_back(pool: Pool) -> None:
    assert read_pool(pool.to_json()) == pool


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "[" * 100_000,
        '{"left": 1}',
        '{"left": -1, "tills": {}}',
        '{"left": "1", "tills": {}}',
        '{"left": 1, "tills": []}',
        '{"left": 1, "tills": {"a": 1}}',
        '{"left": 1, "tills": {"a": [1, 2, 3, 4]}}',
        '{"left": 1, "tills": {"a": [1, 2, 1e3]}}',
    ],
)
def test_what_is_no_pool_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_pool(text)
