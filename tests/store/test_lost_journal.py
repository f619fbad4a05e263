"""A journal that was lost or damaged: it is noticed, its marks go on, and its rows come out."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from boxoffice.domain.models import Order
from boxoffice.domain.sale import SaleState
from boxoffice.store import Journal, RosterStore, StoreError, journal_db, orders, sales
from boxoffice.store.salvage import salvage
from tests.store.sale_support import begin
from tests.store.support import EVENT, admit, pull, ticket, uuid
from tests.support import EVENING, FakeClock

PAGE = 4096
LEAF = 0x0D
"""What a page of a table's rows begins with."""


@pytest.fixture(autouse=True)
def tags() -> None:
    """Marks as they are: not as other tests have them."""


async def reopened(path: Path, clock: FakeClock) -> Journal:
    return await Journal.open(path, lane="North", operator="Bo", clock=clock)


async def settled(journal: Journal, store: RosterStore) -> None:
    """Close the files of an evening, all of it in the main file."""
    await journal.close()
    await store.close()


def lose(path: Path, *, emptied: bool = False) -> None:
    path.unlink()
    if emptied:
        path.touch()


def damage_queue(path: Path, *, cut: bool) -> bytes:
    """Break a page in the middle of its rows, or have the file end there; answers what is left."""
    content = bytearray(path.read_bytes())
    pages = [start for start in range(0, len(content), PAGE) if content[start] == LEAF]
    of_queue = [start for start in pages if b"check_in" in content[start : start + PAGE]]
    middle = of_queue[len(of_queue) // 2]
    if cut:
        del content[middle:]
    else:
        content[middle : middle + PAGE] = b"\xa5" * PAGE
    path.write_bytes(content)
    return bytes(content)


def damage_texts(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"North", b"\xf5orth"))


def content_of(path: Path) -> bytes:
    return path.read_bytes()


# Noticed


async def test_a_first_start_lost_nothing(journal: Journal, path: Path, clock: FakeClock) -> None:
    assert await journal.read(journal_db.lost_at) is None
    again = await reopened(path, clock)
    assert await again.read(journal_db.lost_at) is None
    await again.close()


async def test_files_that_stayed_lost_nothing(
    journal: Journal, store: RosterStore, path: Path, clock: FakeClock
) -> None:
    await settled(journal, store)
    again = await reopened(path, clock)
    assert await again.read(journal_db.lost_at) is None
    await again.close()


@pytest.mark.parametrize("emptied", [False, True])
async def test_a_journal_that_is_gone_beside_a_list_is_noted(
    journal: Journal, store: RosterStore, path: Path, clock: FakeClock, emptied: bool
) -> None:
    await settled(journal, store)
    lose(path, emptied=emptied)
    for _ in range(2):  # also later
        again = await reopened(path, clock)
        assert await again.read(journal_db.lost_at) == EVENING
        await again.close()


# Marks


async def test_marks_do_not_begin_again(
    journal: Journal, store: RosterStore, path: Path, clock: FakeClock
) -> None:
    first = [(await begin(journal)).external_order_id for _ in range(2)]
    parts = [re.fullmatch(r"BX-North_([2-9a-z]{4})-(\d)", mark) for mark in first]
    assert [part and part[2] for part in parts] == ["1", "2"]
    assert len({part and part[1] for part in parts}) == 1
    await settled(journal, store)
    lose(path)
    again = await reopened(path, clock)
    assert (await begin(again)).external_order_id not in first
    await again.close()


async def test_older_marks_are_of_the_lane_too(
    journal: Journal, store: RosterStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sales, "tagged", lambda _, name: name)
        old = (await begin(journal)).external_order_id
    new = (await begin(journal)).external_order_id
    assert old == "BX-North-1"
    assert await journal.read(sales.sold_as, "North") == {old, new}
    others = ("BX-North-7", "BX-North_z9z9-7", "BX-North-door-1", "BX-North-2_abcd-1")
    for number, mark in enumerate((old, new, *others)):
        await store.write(orders.save, Order(uuid(800 + number), EVENT, external_order_id=mark))
    sold = await store.read(orders.sold_as, "North")
    assert sold == {old, new, "BX-North-7", "BX-North_z9z9-7"}


# What can be read


async def test_a_whole_journal_gives_all_that_is_not_sent(
    journal: Journal, store: RosterStore, path: Path
) -> None:
    await pull(store, ticket(1), ticket(2))
    await admit(journal, uuid(1), uuid(2), uuid(3))
    sale = await begin(journal, SaleState.QUEUED)
    found = salvage(path)
    assert [row.ticket for row in found.rows] == [uuid(1), uuid(2), uuid(3)]
    assert found.sales == [sale]
    assert found.names == {uuid(1): "Person 1", uuid(2): "Person 2"}
    assert found.is_whole


@pytest.mark.parametrize("cut", [False, True])
async def test_a_damaged_journal_gives_what_is_around_the_damage(
    journal: Journal, store: RosterStore, path: Path, cut: bool
) -> None:
    count = 400
    await admit(journal, *map(uuid, range(count)))
    await settled(journal, store)
    content = damage_queue(path, cut=cut)
    with pytest.raises(StoreError) as refused:
        await reopened(path, FakeClock())
    assert "boxoffice queue export --from" in refused.value.sentence
    found = salvage(path)
    assert not found.is_whole
    assert 0 < len(found.rows) < count
    assert content_of(path) == content


async def test_a_text_that_is_broken_hides_no_row(
    journal: Journal, store: RosterStore, path: Path
) -> None:
    await pull(store, ticket(1))
    await admit(journal, uuid(1), uuid(2), uuid(3))
    await begin(journal, SaleState.QUEUED)
    await settled(journal, store)
    damage_texts(path)
    found = salvage(path)
    assert [row.ticket for row in found.rows] == [uuid(1), uuid(2), uuid(3)]
    assert [sale.lane for sale in found.sales] == ["\ufffdorth"]


async def test_a_sale_that_makes_no_sense_hides_no_other(
    journal: Journal, store: RosterStore, path: Path
) -> None:
    sold = [await begin(journal, SaleState.QUEUED) for _ in range(3)]
    await settled(journal, store)
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        (cart,) = file.execute("SELECT cart FROM sale WHERE id = ?", (sold[1].id,)).fetchone()
        senseless = re.sub(r'"[0-9]+(\.[0-9]+)?"', '"2x"', cart)
        file.execute("UPDATE sale SET cart = ? WHERE id = ?", (senseless, sold[1].id))
    found = salvage(path)
    assert senseless != cart
    assert [sale.id for sale in found.sales] == [sold[0].id, sold[2].id]
    assert not found.is_whole


@pytest.mark.parametrize("content", [b"", b"no database", b"\0" * 2 * PAGE])
def test_what_is_no_journal_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "journal.db"
    file.write_bytes(content)
    with pytest.raises(StoreError, match=r"journal\.db"):
        salvage(file)
    assert file.read_bytes() == content


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="Nothing of"):
        salvage(tmp_path / "journal.db")
    assert not (tmp_path / "journal.db").exists()
