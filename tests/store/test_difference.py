"""What a list changes in the one that was known."""

from hypothesis import given
from hypothesis import strategies as st

from boxoffice.domain.models import Ticket
from boxoffice.store.ticket_lists import compare

EVENT = "e" * 32


def ticket(
    uuid: str, *, checked_in: bool = False, order: str | None = None, pk: int | None = None
) -> Ticket:
    return Ticket(uuid, EVENT, checked_in, order=order, ticket_type_pk=pk)


def known(*tickets: Ticket) -> dict[str, Ticket]:
    return {each.uuid: each for each in tickets}


def differ(
    before: dict[str, Ticket], told: list[Ticket], ours: dict[str, bool]
) -> tuple[list[Ticket], list[str], list[str]]:
    changed, removed, doubtful = compare(before, told, ours, {row.uuid for row in told})
    assert list(changed) == [each.uuid for each in changed.values()]
    return [*changed.values()], removed, doubtful


def test_the_same_list_changes_nothing() -> None:
    before = known(ticket("a"), ticket("b", checked_in=True))
    assert differ(before, list(before.values()), {}) == ([], [], [])


def test_new_changed_and_gone() -> None:
    before = known(ticket("a"), ticket("b"), ticket("c"))
    told = [ticket("a"), ticket("b", checked_in=True), ticket("d")]
    assert differ(before, told, {}) == (told[1:], ["c"], [])


class SlowToLookIn(list[str]):
    """Goes through all of itself for each, as the values of a map do."""

    def __contains__(self, uuid: object) -> bool:
        raise AssertionError("looked through for one")


def test_what_is_gone_from_a_long_list_is_not_looked_for_one_by_one() -> None:
    before = known(ticket("a"), ticket("b"), ticket("c"))
    assert compare(before, [], {}, SlowToLookIn(["a", "c"])).removed == ["b"]


def test_what_only_a_single_read_tells_is_no_change() -> None:
    before = known(ticket("a", order="o", pk=3))
    assert differ(before, [ticket("a")], {})[0] == []


def test_a_change_keeps_what_only_a_single_read_tells() -> None:
    before = known(ticket("a", order="o", pk=3))
    ((changed,), *_) = differ(before, [ticket("a", checked_in=True, pk=4)], {})
    assert changed == ticket("a", checked_in=True, order="o", pk=4)


def test_a_confirmed_check_in_of_ours_is_not_turned_back_but_doubted() -> None:
    before = known(ticket("a", checked_in=True), ticket("b"), ticket("c", checked_in=True))
    told = [ticket("a"), ticket("b"), ticket("c")]
    ours = {"a": False, "b": False}
    assert differ(before, told, ours) == ([ticket("c")], [], ["a", "b"])


def test_what_the_site_took_back_is_doubted_where_it_is_in_again() -> None:
    before = known(ticket("a"), ticket("b", checked_in=True))
    told = [ticket("a", checked_in=True), ticket("b")]
    ours = {"a": True, "b": True}
    assert differ(before, told, ours) == ([ticket("a", checked_in=True)], [], ["a"])


def test_of_a_doubted_ticket_all_else_is_taken_over() -> None:
    before = known(ticket("a", checked_in=True))
    told = ticket("a")._replace(full_name="Åse", refunded=True)
    ((changed,), *_) = differ(before, [told], {"a": False})
    assert changed == told._replace(checked_in=True)


def test_a_new_ticket_can_be_doubted_too() -> None:
    assert differ({}, [ticket("a")], {"a": False}) == ([ticket("a")], [], ["a"])


def test_a_completed_ticket_prefers_its_own() -> None:
    assert ticket("a", order="new").completed(ticket("a", order="old")).order == "new"


tickets = st.builds(
    Ticket,
    uuid=st.sampled_from("abcdefgh"),
    event=st.just(EVENT),
    checked_in=st.booleans(),
    refunded=st.booleans(),
    order=st.sampled_from([None, "o", "p"]),
)
lists = st.lists(tickets, unique_by=lambda each: each.uuid)


@given(lists, lists, st.dictionaries(st.sampled_from("abcdefgh"), st.booleans()))
def test_applied_it_leads_to_what_was_listed(
    first: list[Ticket], second: list[Ticket], ours: dict[str, bool]
) -> None:
    before = known(*first)
    changed, removed, doubtful = differ(before, second, ours)
    after = before | known(*changed)
    for uuid in removed:
        del after[uuid]
    assert after.keys() == known(*second).keys()
    for told in second:
        assert after[told.uuid].refunded is told.refunded
        if told.uuid not in ours or told.checked_in:
            assert after[told.uuid].checked_in is told.checked_in
        elif told.uuid in before:
            assert after[told.uuid].checked_in is before[told.uuid].checked_in
    listed = {told.uuid: told.checked_in for told in second}
    assert set(doubtful) == {uuid for uuid, back in ours.items() if listed.get(uuid) is back}
    again = compare(after, second, ours, {row.uuid for row in second})
    assert (again.changed, again.removed) == ({}, [])
