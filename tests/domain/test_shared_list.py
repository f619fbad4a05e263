"""The list that one door reads for all: which door, and what of its parts is taken for true."""

import base64
import json
import math
import random
import tracemalloc
import zlib
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boxoffice.domain.models import Ticket
from boxoffice.domain.shared_list import (
    ENTRIES,
    INFLATED,
    LONGEST_INTERVAL,
    MOST_BYTES,
    MOST_WAITING,
    PACKED,
    Inbox,
    KnownList,
    ListChange,
    ListHead,
    ListSent,
    Part,
    elect,
    pack,
    part_fields,
    read_part,
    read_wanted,
    site_mark,
    unpack,
)
from boxoffice.domain.venue import Presence
from tests.support import EVENING, table

EVENT = "e" * 32
SITE, OTHER = site_mark("https://one.example"), site_mark("https://two.example")


def door(device: str, site: str = SITE, *, is_hub: bool = False) -> Presence:
    return Presence(EVENT, device, "d1", "North", EVENING, "", site=site, is_hub=is_hub)


@table(
    ("doors", "elected"),
    [
        ([], ""),
        ([door("b"), door("a"), door("c")], "a"),
        ([door("b"), door("a"), door("c", is_hub=True)], "c"),
        ([door("b"), door("a"), door("c", "", is_hub=True)], "a"),
        ([door("b"), door("a", ""), door("c", "", is_hub=True)], "b"),
        ([door("b"), door("a", OTHER)], "b"),
        ([door("b", ""), door("a", OTHER, is_hub=True)], ""),
        ([door("b", is_hub=True), door("a", is_hub=True)], "a"),
    ],
)
def test_the_hubs_host_reads_the_list_else_the_lowest_device_that_can(
    doors: list[Presence], elected: str
) -> None:
    assert elect(doors, SITE) == elected
    assert elect(doors[::-1], SITE) == elected
    assert elect(doors, "") == ""


# What is sent


def ticket(number: int, *, is_in: bool = False, name: str = "Anna Bæk") -> Ticket:
    return Ticket(f"{number:032x}", EVENT, is_in, full_name=name, number=number, ticket_type="Day")


def list_of(*tickets: Ticket) -> KnownList:
    return KnownList().changed_by(ListChange([*tickets], []))


def sent(
    change: ListChange, now: KnownList, *, is_whole: bool = False, **fields: Any
) -> list[dict[str, Any]]:
    """What a door sends that has `now`."""
    packed = pack(change)
    head = ListHead(
        *(SITE, "1" * 32, len(packed), 3.0, 7.0, now.digest, len(now.rows), 0, is_whole)
    )
    parts = [part_fields(Part(head, number, text)) for number, text in enumerate(packed)]
    return [json.loads(json.dumps(part)) | fields for part in parts]


def received(parts: list[dict[str, Any]]) -> ListSent | None:
    inbox, came = Inbox(), None
    for part in parts:
        came = inbox.add("a", read_part(part), 100.0)
    return came


people = st.builds(
    ticket,
    st.integers(0, 30),
    is_in=st.booleans(),
    name=st.sampled_from(["", "Anna", "Bæk \U0001f600"]),
)
lists = st.lists(people, max_size=10, unique_by=lambda ticket: ticket.uuid)


@given(lists, lists)
def test_a_change_turns_one_list_into_another(before: list[Ticket], after: list[Ticket]) -> None:
    known, wanted = list_of(*before), list_of(*after)
    change = known.change_to(wanted.rows)
    came = received(sent(change, wanted))
    assert came is not None
    joined = came.join(known, EVENT)
    assert joined is not None
    assert (joined.rows, joined.digest) == (wanted.rows, wanted.digest)
    whole = received(sent(ListChange(after, []), wanted, is_whole=True))
    assert whole is not None
    joined = whole.join(known, EVENT)
    assert joined is not None
    assert joined.rows == wanted.rows


def test_a_change_of_another_list_is_not_taken() -> None:
    before, after = list_of(ticket(1)), list_of(ticket(1), ticket(2))
    came = received(sent(before.change_to(after.rows), after))
    assert came is not None
    assert came.join(list_of(ticket(3)), EVENT) is None
    assert came.join(before, EVENT) is not None
    assert came.asked_at == 97.0


def test_a_list_of_many_parts_is_put_together_and_each_part_is_small() -> None:
    chosen = random.Random(1)
    names = ("".join(chr(chosen.randrange(0x4E00, 0x9FFF)) for _ in range(200)) for _ in range(500))
    people = [ticket(number, name=next(names, "Anna")) for number in range(2 * ENTRIES + 1)]
    now = list_of(*people)
    parts = sent(ListChange(people, []), now, is_whole=True)
    assert len(parts) > 3
    assert all(len(part["packed"]) <= PACKED for part in parts)
    came = received(parts)
    assert came is not None
    joined = came.join(KnownList(), EVENT)
    assert joined is not None
    assert joined.rows == now.rows
    assert received(parts[:-1]) is None
    assert received(parts[1:]) is None
    assert received([parts[0], parts[2], parts[1]]) is None
    assert received([parts[0], parts[0] | {"id": "2" * 32}, *parts[1:]]) is None


def test_parts_that_wait_for_more_are_bounded_whoever_sends_them() -> None:
    most = MOST_WAITING // PACKED
    inbox, packed = Inbox(), "x" * PACKED

    def begin(device: str, count: int) -> Part:
        """All parts but the last, which is given."""
        head = ListHead(SITE, device * 32, count, 0.0, 7.0, "d" * 32, 1, 0, is_whole=True)
        for number in range(count - 1):
            assert inbox.add(device, Part(head, number, packed), 0.0) is None
        return Part(head, count - 1, packed)

    first, second, third = (begin(device, most // 2) for device in "abc")
    assert inbox.add("a", first, 0.0) is None
    assert inbox.add("b", second, 0.0) is not None
    assert inbox.add("c", third, 0.0) is not None
    assert inbox.add("d", begin("d", most + 2), 0.0) is None


def read(fields: Mapping[str, Any]) -> ListChange:
    (change,) = unpack([read_part(fields).packed], EVENT)
    return change


def pack_text(text: bytes) -> str:
    return base64.b85encode(zlib.compress(text)).decode()


def row(**fields: Any) -> list[object]:
    """Of a good ticket, but for these fields."""
    values = ticket(1)._asdict() | fields
    del values["event"]
    return [*values.values()]


def packed(*entries: object) -> dict[str, object]:
    return {"packed": pack_text(json.dumps(entries).encode())}


@table(
    "fields",
    [
        {"packed": "ÆØÅ"},
        {"packed": 5},
        {"packed": pack_text(b"")[:-3]},
        {"packed": pack_text(b"{")},
        {"packed": pack_text(b"\xff")},
        {"packed": pack_text(b'{"rows": 1}')},
        {"packed": pack_text(b"[" * 100_000)},
        {"packed": pack_text(b" " * (INFLATED + 1))},
        {"packed": "0" * (PACKED + 1)},
        packed(*["a" * 32] * (ENTRIES + 1)),
        packed("Anna"),
        packed(5),
        packed([]),
        packed(row()[:-1]),
        packed([*row(), 1]),
        packed(row(uuid="../../etc")),
        packed(row(uuid=None)),
        packed(row(checked_in=1)),
        packed(row(refunded="no")),
        packed(row(full_name=None)),
        packed(row(full_name=["Anna"])),
        packed(row(number=2**63)),
        packed(row(number=1.5)),
        packed(row(number=True)),
        packed(row(ticket_type_pk="1")),
        packed(row(date=5)),
        {"site": "nobody"},
        {"site": None},
        {"id": "x" * 32},
        {"parts": 0},
        {"parts": 10**6},
        {"parts": True},
        {"number": 1},
        {"number": -1},
        {"age": -1},
        {"age": math.nan},
        {"age": math.inf},
        {"age": "young"},
        {"age": 10**400},
        {"every": None},
        {"digest": "0"},
        {"tickets": 10**9},
        {"tickets": -1},
        {"unread": 0.5},
    ],
)
def test_what_is_no_part_is_refused_and_nothing_of_it_repeated(fields: dict[str, object]) -> None:
    now = list_of(ticket(1))
    (good,) = sent(ListChange([ticket(1)], []), now)
    assert read(good).rows == [ticket(1)]
    with pytest.raises(ValueError, match=r"^[A-Za-z]+$"):
        read(good | fields)


@table("missing", ["site", "id", "parts", "number", "packed", "age", "digest"])
def test_what_lacks_a_field_is_no_part(missing: str) -> None:
    (good,) = sent(ListChange([ticket(1)], []), list_of(ticket(1)))
    del good[missing]
    with pytest.raises(ValueError, match="KeyError"):
        read_part(good)


def test_many_parts_do_not_unpack_to_very_much_either() -> None:
    part = pack_text(b"[" + b" " * (INFLATED - 2) + b"]")
    most = MOST_BYTES // INFLATED
    assert [*unpack([part] * most, EVENT)] == [ListChange([], [])] * most
    with pytest.raises(ValueError, match="ValueError"):
        list(unpack([part] * (most + 1), EVENT))


def test_what_would_unpack_to_very_much_takes_little_memory() -> None:
    (good,) = sent(ListChange([ticket(1)], []), list_of(ticket(1)))
    bomb = good | {"packed": pack_text(b" " * (40 << 20))}
    assert len(bomb["packed"]) <= PACKED
    tracemalloc.start()
    with pytest.raises(ValueError, match="ValueError"):
        read(bomb)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * INFLATED


Change = Callable[[dict[str, Any]], dict[str, Any]]


@table(
    "change",
    [
        lambda part: part | {"digest": "0" * 32},
        lambda part: part | {"tickets": 2},
        lambda part: part | packed(row(checked_in=True)),
        lambda part: part | packed(row(full_name="Anna")),
        lambda part: part | packed(),
    ],
)
def test_a_list_that_is_not_what_it_says_is_not_taken(change: Change) -> None:
    (good,) = sent(ListChange([ticket(1)], []), list_of(ticket(1)), is_whole=True)
    came = received([good])
    assert came is not None
    assert came.join(KnownList(), EVENT) is not None
    came = received([change(good)])
    assert came is not None
    assert came.join(KnownList(), EVENT) is None


def test_texts_are_cleaned_and_no_door_says_to_take_hours() -> None:
    (part,) = sent(ListChange([], []), KnownList(), every=1e9)
    (cleaned,) = read(part | packed(row(full_name="A\x1b[2J"))).rows
    assert cleaned.full_name == "A[2J"
    assert read_part(part).head.every == LONGEST_INTERVAL


@table(
    ("fields", "wanted"),
    [
        ({"site": SITE, "age": None}, (SITE, math.inf)),
        ({"site": SITE, "age": 12}, (SITE, 12.0)),
        ({"site": SITE, "age": 1e300}, (SITE, 1e300)),
        ({"site": SITE}, None),
        ({"site": 5, "age": 1}, None),
        ({"site": SITE, "age": "old"}, None),
        ({"site": SITE, "age": 10**400}, None),
    ],
)
def test_who_wants_the_list_says_how_old_its_own_is(
    fields: dict[str, object], wanted: tuple[str, float] | None
) -> None:
    if wanted is None:
        with pytest.raises(ValueError, match=r"Error|^$"):
            read_wanted(fields)
    else:
        assert read_wanted(fields) == wanted
