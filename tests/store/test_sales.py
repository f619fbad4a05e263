"""Sales of the box office: numbered and marked, moved along their table and no other way."""

from datetime import timedelta
from pathlib import Path

import pytest

from boxoffice.domain.journal import Counts, JournalKind
from boxoffice.domain.sale import AFTER, Sale, SaleState, SaleUpdate
from boxoffice.store import ClaimedError, Journal, admissions, journal_db, sales, takings
from boxoffice.store.journal_db import recall, remember
from boxoffice.store.sales import CUT_OFF, mark
from tests.store.sale_support import (
    BEGINNINGS,
    STANDARD,
    STUDENT,
    begin,
    bring,
    cart,
    moved,
    way_to,
)
from tests.store.support import EVENT, OTHER_EVENT, position, scan, uuid
from tests.support import EVENING, FakeClock

S = SaleState
ORDER = uuid(700)


async def only(journal: Journal) -> Sale:
    (sale,) = await journal.read_all(sales.in_states)
    return sale


# Beginning


@pytest.mark.parametrize("state", BEGINNINGS)
async def test_a_sale_begins(journal: Journal, state: SaleState) -> None:
    sale = await journal.write(sales.begin, cart(), state=state, unattended=True, after_number=17)
    queued = state is S.QUEUED
    assert sale == Sale(
        id=1,
        number=1,
        external_order_id="BX-North-1",
        state=state,
        cart=cart(),
        at=EVENING,
        lane="North",
        operator="Bo",
        booked=queued,
        unattended=True,
        after_number=17,
        posted_at=None if queued else EVENING,
        since=EVENING,
    )
    assert await only(journal) == await journal.read(sales.get, 1) == sale
    (row,) = await journal.read_all(journal_db.log, EVENT)
    assert (row.id, row.entry.kind, row.lane, row.operator) == (1, "sale", "North", "Bo")
    assert row.entry.data is not None
    assert row.entry.data["external_order_id"] == "BX-North-1"


@pytest.mark.parametrize("state", sorted(set(S) - set(BEGINNINGS)))
async def test_a_sale_begins_in_no_other_state(journal: Journal, state: SaleState) -> None:
    with pytest.raises(ValueError, match=f"does not begin as {state}"):
        await begin(journal, state)
    assert await journal.read_all(journal_db.log) == []


async def test_a_number_beyond_all_numbers_is_one_that_is_not_known(journal: Journal) -> None:
    sale = await journal.write(
        sales.begin, cart(), state=S.SENDING, unattended=False, after_number=2**63
    )
    assert sale.after_number is None


async def test_each_lane_counts_its_own(journal: Journal, south: Journal) -> None:
    lanes = [journal, south, journal, journal, south]
    marks = [(await begin(lane)).external_order_id for lane in lanes]
    assert marks == ["BX-North-1", "BX-South-1", "BX-North-2", "BX-North-3", "BX-South-2"]


@pytest.mark.parametrize(
    ("lane", "expected"),
    [
        ("North", "North"),
        ("Nørreport 1", "Norreport-1"),
        ("  main/door #2!", "main-door-2"),
        ("Вход", "Vkhod"),
        ("\U0001f3aa\u200d", "circus-tent"),
        ("", "door"),
        ("---", "door"),
        ("\udcff\x00", "door"),
        ("a" * 19 + " b", "a" * 19),
        ("x" * 300, "x" * 20),
        ("ﷺ" * 50, None),
    ],
)
def test_what_a_lane_is_called_on_an_order(lane: str, expected: str | None) -> None:
    found = mark(lane)
    assert expected is None or found == expected
    assert 1 <= len(found) <= 20
    assert found.isascii()
    assert found.replace("-", "").isalnum()
    assert not found.startswith("-") and not found.endswith("-")


async def test_lanes_of_one_mark_count_together(journal: Journal, path: Path) -> None:
    await begin(journal)
    other = await Journal.open(path, lane="«NORTH»", operator="", clock=FakeClock())
    sale = await begin(other)
    assert (sale.number, sale.external_order_id, sale.lane) == (2, "BX-NORTH-2", "«NORTH»")
    await other.close()


# The table


@pytest.mark.parametrize("state", S)
async def test_a_sale_moves_along_the_table_only(
    journal: Journal, state: SaleState, clock: FakeClock
) -> None:
    for to in S:
        before = await bring(journal, state)
        newest = await journal.read(position)
        clock.jump(timedelta(seconds=1))
        after = await journal.write(
            sales.advance, before.id, to, SaleUpdate(reason="why", order_id="dZy1")
        )
        if to in AFTER[state]:
            assert after is not None
            assert (after.state, after.reason, after.order_id) == (to, "why", "dZy1")
            assert after.since == clock.now()
            (*_, row) = await journal.read_all(journal_db.log)
            assert (row.id, row.at) == (newest + 1, clock.now())
            assert (row.entry.kind, row.entry.event) == (f"sale_{to}", EVENT)
            assert row.entry.reason == "why"
            assert row.entry.data is not None
            assert row.entry.data["sale"] == before.id
        else:
            assert after is None, f"{state} turned into {to}"
            assert await journal.read(position) == newest
        assert await journal.read(sales.get, before.id) == (after or before)


async def test_a_sale_that_never_was(journal: Journal) -> None:
    assert await journal.read(sales.get, 1) is None
    assert await journal.write(sales.advance, 1, S.SOLD) is None
    assert await journal.write(sales.note, 1, S.SOLD, SaleUpdate()) is None
    assert await journal.read_all(journal_db.log) == []


async def test_the_second_of_two_that_move_it_comes_too_late(
    journal: Journal, south: Journal
) -> None:
    sale = await bring(journal, S.NOT_PLACED)
    assert await journal.write(sales.advance, sale.id, S.DROPPED) is not None
    assert await south.write(sales.advance, sale.id, S.SENDING) is None


async def test_what_is_left_out_stays(journal: Journal) -> None:
    sale = await begin(journal)
    sold = await journal.write(
        sales.advance,
        sale.id,
        S.SOLD,
        SaleUpdate(
            reason="a\nb",
            order=ORDER,
            order_id="dZy1\x1b",
            tickets=[uuid(1), uuid(2)],
            after_number=99,
            unattended=True,
        ),
    )
    assert sold is not None
    assert sold.reason == "a b"
    done = await journal.write(sales.advance, sale.id, S.DONE, SaleUpdate(checked_in=True))
    assert done == sold._replace(state=S.DONE, reason="", checked_in=True)
    assert (done.order, done.order_id, done.tickets) == (ORDER, "dZy1", (uuid(1), uuid(2)))
    assert (done.after_number, done.unattended) == (99, True)


async def test_posting_again(journal: Journal, clock: FakeClock) -> None:
    sale = await begin(journal, S.QUEUED)
    due = EVENING + timedelta(seconds=30)
    for tries in (1, 2, 3):
        clock.jump(timedelta(minutes=1))
        posted = await journal.write(
            sales.advance, sale.id, S.SENDING, SaleUpdate(due=due, after_number=tries)
        )
        assert posted is not None
        assert (posted.posted_at, posted.due, posted.tries) == (clock.now(), None, tries - 1)
        assert posted.after_number == tries
        back = await journal.write(sales.advance, sale.id, S.QUEUED, SaleUpdate(due=due))
        assert back is not None
        assert (back.due, back.tries, back.lost) == (due, tries, 0)
        assert back.posted_at == posted.posted_at
    await moved(journal, sale, S.SENDING)
    unknown = await journal.write(sales.advance, sale.id, S.UNKNOWN, SaleUpdate(due=due))
    assert unknown is not None
    assert (unknown.tries, unknown.lost) == (1, 1)
    queued = await moved(journal, sale, S.QUEUED)
    assert (queued.tries, queued.due, queued.lost) == (0, None, 1)


# Notes


async def test_a_note(journal: Journal, clock: FakeClock) -> None:
    sale = await bring(journal, S.UNKNOWN)
    due = EVENING + timedelta(seconds=4)
    clock.jump(timedelta(seconds=9))
    noted = await journal.write(
        sales.note, sale.id, S.UNKNOWN, SaleUpdate(reason="looked", due=due)
    )
    assert noted == sale._replace(reason="looked", due=due, tries=1)
    assert noted.since == EVENING
    again = await journal.write(
        sales.note, sale.id, S.UNKNOWN, SaleUpdate(tickets=[uuid(1)], order_id="dZy1")
    )
    assert again == noted._replace(tickets=(uuid(1),), order_id="dZy1")
    assert await only(journal) == again
    assert [row.entry.kind for row in await journal.read_all(journal_db.log)][-2:] == [
        "sale_note",
        "sale_note",
    ]


async def test_a_note_about_a_sale_that_moved_on(journal: Journal) -> None:
    sale = await bring(journal, S.SOLD)
    newest = await journal.read(position)
    assert await journal.write(sales.note, sale.id, S.UNKNOWN, SaleUpdate(due=EVENING)) is None
    assert await journal.read(sales.get, sale.id) == sale
    assert await journal.read(position) == newest


# Orders


async def test_an_order_belongs_to_one_sale(journal: Journal, south: Journal) -> None:
    first = await bring(journal, S.UNKNOWN)
    second = await bring(south, S.UNKNOWN)
    assert await journal.read(sales.of_order, ORDER) is None
    mine = await journal.write(sales.advance, first.id, S.SOLD, SaleUpdate(order=ORDER))
    newest = await journal.read(position)
    with pytest.raises(ClaimedError, match="BX-North-1 already") as caught:
        await south.write(sales.advance, second.id, S.SOLD, SaleUpdate(order=ORDER))
    assert "BX-South-1" in caught.value.sentence
    with pytest.raises(ClaimedError):
        await south.write(sales.note, second.id, S.UNKNOWN, SaleUpdate(order=ORDER))
    assert await south.read(sales.get, second.id) == second
    assert await journal.read(position) == newest
    assert len(await journal.read_all(takings.of_event)) == 1
    assert await south.read(sales.of_order, ORDER) == mine
    assert await journal.write(sales.note, first.id, S.SOLD, SaleUpdate(order=ORDER)) == mine, (
        "its own"
    )


# A process that died


async def test_what_was_being_sent_is_unknown(journal: Journal, clock: FakeClock) -> None:
    kept = [await bring(journal, state) for state in S if state is not S.SENDING]
    fresh = await begin(journal)
    queued = await moved(journal, await begin(journal, S.QUEUED), S.SENDING)
    clock.jump(timedelta(minutes=3))
    assert await journal.write(sales.recover) == 2
    for sale in (fresh, queued):
        found = await journal.read(sales.get, sale.id)
        assert found == sale._replace(
            state=S.UNKNOWN, reason=CUT_OFF, since=clock.now(), lost=sale.lost + 1
        )
        assert found.posted_at == EVENING
    for sale in kept:
        assert await journal.read(sales.get, sale.id) == sale
    assert [row.entry.kind for row in await journal.read_all(journal_db.log)][-2:] == [
        "sale_unknown"
    ] * 2
    assert await journal.write(sales.recover) == 0


@pytest.mark.parametrize(("state", "again"), [(S.SENDING, False), (S.QUEUED, True)])
async def test_only_a_sale_that_was_shown_is_placed_again_by_itself(
    journal: Journal, state: SaleState, again: bool
) -> None:
    sale = await journal.write(sales.begin, cart(), state=state, unattended=True, after_number=None)
    if state is S.QUEUED:
        await moved(journal, sale, S.SENDING)
    assert await journal.write(sales.recover) == 1
    found = await only(journal)
    assert (found.state, found.unattended) == (S.UNKNOWN, again)


# Reading


async def test_sales_by_event_and_state(journal: Journal) -> None:
    here = [await bring(journal, state) for state in S]
    there = await begin(journal, what=cart(event=OTHER_EVENT))
    till = journal
    assert await till.read_all(sales.in_states) == [*here, there]
    assert await till.read_all(sales.in_states, OTHER_EVENT) == [there]
    assert await till.read_all(sales.in_states, EVENT, [S.UNSURE, S.QUEUED]) == [
        sale for sale in here if sale.state in (S.UNSURE, S.QUEUED)
    ]
    assert await till.read_all(sales.in_states, states=[]) == []
    assert await till.read(sales.counts) == {state: 1 + (state is S.SENDING) for state in S}
    assert await till.read(sales.counts, OTHER_EVENT) == {S.SENDING: 1}
    stuck = {S.NOT_PLACED, S.UNSURE, S.FAILED}
    going_on = {S.QUEUED, S.SENDING, S.UNKNOWN, S.SOLD}
    unsent = Counts(sales_open=len(going_on) + 1, sales_stuck=len(stuck))
    assert await till.read(sales.queue_counts) == unsent
    assert await till.read(sales.queue_counts, OTHER_EVENT) == Counts(sales_open=1)


@pytest.mark.parametrize("queued", [False, True])
@pytest.mark.parametrize("state", S)
async def test_what_is_sold_from_the_reserve(
    journal: Journal, south: Journal, state: SaleState, queued: bool
) -> None:
    way = way_to(state)
    if queued and way[0] is S.SENDING:
        way = [S.QUEUED, *way]
    sale = await begin(journal, way[0], cart(3))
    for to in way[1:]:
        await moved(journal, sale, to)
    await begin(south, S.QUEUED)
    await begin(journal, S.QUEUED, cart(event=OTHER_EVENT))
    await begin(journal, S.QUEUED, cart(1, kind=STUDENT))
    settled = state in (S.SOLD, S.DONE, S.DROPPED, S.REFUSED)
    expected = {STANDARD: 3} if S.QUEUED in way and not settled else {}
    assert await journal.read(sales.sold_offline, EVENT, journal.lane) == {STUDENT: 1, **expected}
    assert await south.read(sales.sold_offline, EVENT, south.lane) == {STANDARD: 2}


# Beside the sales


async def test_what_is_remembered(journal: Journal, south: Journal) -> None:
    assert await journal.read(recall, "email") == ""
    await journal.write(remember, "email", "a@example.com")
    await journal.write(remember, "paid", "cash")
    await journal.write(remember, "email", "house\udcff@example.com\n")
    assert await south.read(recall, "email") == "house@example.com"
    assert await south.read(recall, "paid") == "cash"


async def test_an_admission_says_which_sale_or_party_it_was_part_of(journal: Journal) -> None:
    entry = scan(uuid(1))
    told = type(entry)(
        JournalKind.SCAN, EVENT, uuid(1), data={"sale": 7, "party": [uuid(1), uuid(2)]}
    )
    _, new, _ = await journal.write(admissions.admit, told, read_first=False)
    _, again, _ = await journal.write(admissions.admit, told, read_first=False)
    assert (new, again) == (True, False)
    first, second = await journal.read_all(journal_db.log)
    assert first.entry == told
    assert second.entry.verdict == "already_in"
    assert second.entry.data == told.data
