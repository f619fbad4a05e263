"""What a list of tickets shows, and the words beside it and in its place."""

import asyncio

import pytest

from boxoffice.domain.models import Ticket
from boxoffice.domain.roster import Filter, Roster
from boxoffice.lane import RosterChanged
from boxoffice.screens.list_search import (
    LOADING,
    NO_LIST,
    NO_TICKETS,
    NOBODY,
    NOBODY_HERE,
    NOT_OPEN,
    ListQuery,
    ListSearch,
    QueryResult,
)

ANNA = Ticket("a" * 32, "e" * 32, checked_in=False, full_name="Anna Holm", number=1)
BO = ANNA._replace(uuid="b" * 32, full_name="Bo Holm", checked_in=True, number=2)
ROSTER = Roster([ANNA, BO])
GONE = ANNA._replace(uuid="c" * 32, full_name="Cy, not in the list")


def find(query: ListQuery, roster: Roster | None = ROSTER) -> QueryResult:
    return query.find(roster, loading=False, was_read=True)


@pytest.mark.parametrize(
    ("roster", "loading", "empty"),
    [(None, True, NOT_OPEN), (Roster([]), True, LOADING), (Roster([]), False, NO_LIST)],
)
def test_without_a_list_the_words_say_why(roster: Roster | None, loading: bool, empty: str) -> None:
    assert ListQuery().find(roster, loading=loading, was_read=False).empty == empty


def test_a_list_of_nobody_is_a_list() -> None:
    found = find(ListQuery(), Roster([]))
    assert (found.words, found.empty) == ("no tickets", NO_TICKETS)


def test_nothing_typed_lists_all_of_the_filter() -> None:
    query = ListQuery()
    assert query.is_whole
    assert (tuple(find(query).uuids), find(query).words) == ((ANNA.uuid, BO.uuid), "2 tickets")
    query.set_filter("IN")
    assert not query.is_whole
    assert (tuple(find(query).uuids), find(query).words) == ((BO.uuid,), "1 ticket")
    assert not find(query).alone, "nobody was typed"
    query.set_filter(1)
    assert query.filter is Filter.ATTENTION
    assert find(query).empty == NOBODY_HERE
    query.set_filter(1)
    assert query.filter is Filter.ALL


def test_one_that_is_left_is_alone() -> None:
    query = ListQuery()
    query.type("holm")
    assert (find(query).alone, find(query).words) == (False, "2 found")
    query.type("anna")
    assert (find(query).alone, find(query).words) == (True, "1 found")
    query.type("xqzxqz")
    assert find(query).empty == NOBODY


def test_a_nearest_name_is_never_alone() -> None:
    query = ListQuery()
    query.type("annna holmm")
    found = find(query)
    assert found.near
    assert found.words == "nearest names"
    assert not found.alone


def test_who_is_under_another_filter_is_counted() -> None:
    query = ListQuery()
    query.set_filter("IN")
    query.type("anna")
    found = find(query)
    assert not found.uuids
    assert found.words == "0 found"
    assert "Tab" in found.empty


def test_candidates_come_first_and_typing_puts_them_away() -> None:
    query = ListQuery(candidates={GONE.uuid: GONE})
    query.note = "2 left"
    assert (find(query).uuids, find(query).words) == ((GONE.uuid,), "1 to choose from")
    row = query.row(ROSTER, GONE.uuid)
    assert row is not None
    assert row.ticket is GONE
    query.type("a")
    assert query.row(ROSTER, GONE.uuid) is None
    assert not query.note


def test_edits_are_taken_back_one_by_one() -> None:
    query = ListQuery()
    for text in ("a", "an", "an", "ann"):
        query.type(text)
    seen = []
    while query.text:
        query.undo_edit()
        seen.append(query.text)
    assert seen == ["an", "a", ""]
    query.undo_edit()
    assert query.text == ""


async def test_that_nobody_was_found_is_not_said_of_a_list_that_came_since(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn: list[QueryResult] = []
    roster = Roster([])
    monkeypatch.setattr(ListSearch, "_roster", property(lambda _: roster))
    search = ListSearch(lambda: None, drawn.append)
    search.put("holm")
    search.note("nobody found")
    roster = ROSTER
    search.apply(RosterChanged())
    search.draw()
    assert (drawn[-1].words, search.query.note) == ("2 found", "")
    search.note("2 found: ↓ chooses")
    assert search.query.note


async def test_what_a_scanner_writes_is_drawn_with_the_answer_or_soon() -> None:
    drawn: list[QueryResult] = []
    due = asyncio.Event()
    search = ListSearch(due.set, drawn.append)
    search.put("an")
    search.put_scanned("an0")
    search.draw()
    assert not drawn, "the first key's frame would come before the answer's"
    search.put_with_answer("")
    search.mark(None)
    assert len(drawn) == 1
    due.clear()
    search.put_scanned("b")
    search.draw()
    assert len(drawn) == 1
    await due.wait()
    search.draw()
    assert len(drawn) == 2, "a slow site's scan is seen to be taken"
