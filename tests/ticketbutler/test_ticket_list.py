"""A list that is read again and again: only rows with other bytes are decoded, with one result."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boxoffice.domain.models import Ticket
from boxoffice.ticketbutler import KnownRows, TicketList
from boxoffice.ticketbutler.json_stream import RawRows, decoded
from boxoffice.ticketbutler.resources import tickets
from boxoffice.ticketbutler.resources.tickets import read_list
from boxoffice.ticketbutler.ticket_list import NO_HASHES, RowHashes
from boxoffice.ticketbutler.wire import WrongShape

EVENT = "5cfec30f741045e884000469431dca50"
UUIDS = [f"{number:032x}" for number in range(6)]
NAMES = [
    '"Anna"',
    '"Bj\\u00f8rn"',
    '"Bjørn 😀"',
    '"a },{ b"',
    '"\\"},{\\"uuid\\":\\""',
    '"\\\\"',
    '"]"',
    "null",
    "7",
    "9" * 5000,
    "1e999",
    "NaN",
    '"\n"',
    "[[{}]]",
    '[{"uuid":1},{"uuid":2}]',
    '{"uuid":"x"}',
]
BORDERS = [",", ", ", " , ", ",\n  ", ","]


def row_of(uuid: str, name: str, checked_in: str, twist: str) -> str:
    match twist:
        case "other first name":
            return f'{{"full_name":{name},"uuid":"{uuid}","checked_in":{checked_in}}}'
        case "spaces":
            return f'{{ "uuid" : "{uuid}" , "full_name" : {name} , "checked_in" : {checked_in} }}'
        case "name twice":
            return f'{{"uuid":"{UUIDS[0]}","uuid":"{uuid}","full_name":{name},"checked_in":true}}'
        case "escaped name":
            return f'{{"uu\\u0069d":"{uuid}","full_name":{name},"checked_in":{checked_in}}}'
        case "no object":
            return name
    return f'{{"uuid":"{uuid}","checked_in":{checked_in},"full_name":{name}}}'


plain_rows = st.builds(
    row_of,
    st.sampled_from(UUIDS),
    st.sampled_from(NAMES),
    st.sampled_from(["true", "false", "null"]),
    st.sampled_from(["", "", "", "", "", "name twice"]),
)
odd_rows = st.builds(
    row_of,
    st.sampled_from(UUIDS),
    st.sampled_from(NAMES),
    st.sampled_from(["true", "false"]),
    st.sampled_from(["", "other first name", "spaces", "escaped name", "no object"]),
)


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    rows = draw(st.lists(draw(st.sampled_from([plain_rows, plain_rows, odd_rows])), max_size=7))
    borders = st.just(draw(st.sampled_from(BORDERS)))
    if draw(st.integers(0, 9)) == 0:
        borders = st.sampled_from(BORDERS)
    text = "".join(f"{draw(borders) if at else ''}{row}" for at, row in enumerate(rows))
    opening, end = draw(st.sampled_from([("[", "]"), (" [ ", " ]\n")]))
    body = f"{opening}{text}{end}"
    if draw(st.integers(0, 19)) == 0:
        body = body[: draw(st.integers(0, len(body)))]
    return draw(st.sampled_from([b"", b"", b"\xef\xbb\xbf"])) + body.encode()


def cut(body: bytes, size: int) -> list[bytes]:
    return [body[at : at + size] for at in range(0, len(body), size)]


def anew(body: bytes) -> TicketList | None:
    try:
        return read_list([body], EVENT)
    except WrongShape:
        return None


def told(body: bytes) -> tuple[dict[str, Ticket], int]:
    """By the standard library, of a body that is JSON."""
    rows = json.loads(body.decode("utf-8-sig"), strict=False, parse_constant=lambda _: None)
    read = [tickets.read_ticket(row, EVENT) for row in rows]
    return {one.uuid: one for one in read if one is not None}, read.count(None)


@given(st.lists(bodies(), min_size=1, max_size=4), st.sampled_from([1, 7, 90, 10_000]))
def test_list_upon_list_is_what_each_is_alone(answers: list[bytes], size: int) -> None:
    before: dict[str, Ticket] = {}
    hashes = NO_HASHES
    for body in answers:
        whole = anew(body)
        if whole is None:
            with pytest.raises(WrongShape):
                read_list(cut(body, size), EVENT, hashes)
            continue
        listed = read_list(cut(body, size), EVENT, hashes)
        now = dict(listed.completed(before))
        assert (now, listed.unread) == told(body)
        assert (sorted(now), listed.unread) == (sorted(whole.uuids), whole.unread)
        assert now.keys() >= {*listed.hashes.uuids.values()}
        before, hashes = now, listed.hashes


@pytest.mark.parametrize("indent", [None, 1])
def test_only_rows_with_other_bytes_are_decoded(
    monkeypatch: pytest.MonkeyPatch, indent: int | None
) -> None:
    rows = [{"uuid": f"{n:032x}", "checked_in": False, "full_name": "},{"} for n in range(3000)]
    first = read_list(cut(json.dumps(rows, indent=indent).encode(), 65_536), EVENT)
    rows[1700]["checked_in"] = True
    del rows[3]
    seen: list[object] = []
    read_ticket = tickets.read_ticket

    def counted(row: object, event: str) -> Ticket | None:
        seen.append(row)
        return read_ticket(row, event)

    monkeypatch.setattr(tickets, "read_ticket", counted)
    body = json.dumps(rows[::-1], indent=indent).encode()
    second = read_list(cut(body, 65_536), EVENT, first.hashes)
    changed = f"{1700:032x}"
    assert [ticket.uuid for ticket in second.tickets] == [changed]
    assert len(seen) == 1
    assert {*second.uuids} == {*first.uuids} - {f"{3:032x}"}
    new = second.hashes.uuids.items() - first.hashes.uuids.items()
    assert [uuid for _, uuid in new] == [changed]


def test_rows_that_begin_with_another_name_are_other_rows() -> None:
    def listed(name: str, known: RowHashes) -> TicketList:
        rows = [f'{{"{name}":"Anna","checked_in":false,"uuid":"{uuid}"}}' for uuid in UUIDS]
        return read_list([f"[{','.join(rows)}]".encode()], EVENT, known)

    first = listed("full_name", NO_HASHES)
    assert [ticket.full_name for ticket in first.tickets] == ["Anna"] * len(UUIDS)
    assert listed("full_name", first.hashes).tickets == []
    assert [t.full_name for t in listed("surname", first.hashes).tickets] == [""] * len(UUIDS)


@pytest.mark.parametrize(
    ("order", "changed"),
    [("NOB", []), ("ONB", ["N"]), ("ONOB", []), ("NONB", ["N"]), ("ONNB", ["N"]), ("OOB", [])],
)
def test_of_a_known_row_and_a_new_one_for_one_ticket_the_later_counts(
    order: str, changed: list[str]
) -> None:
    def body(rows: str) -> list[bytes]:
        listed = [
            {"uuid": UUIDS[row == "B"], "checked_in": False, "full_name": row} for row in rows
        ]
        return [json.dumps(listed).encode()]

    known = read_list(body("OB"), EVENT).hashes
    listed = read_list(body(order), EVENT, known)
    assert [ticket.full_name for ticket in listed.tickets] == changed
    assert (sorted(listed.uuids), listed.hashes) == (sorted(UUIDS[:2]), NO_HASHES)


@pytest.mark.parametrize("first_name", ["uuid", "full_name"])  # cut into rows, or read by element
def test_what_a_ticket_in_memory_has_too_is_there_once(first_name: str) -> None:
    def rows(name: str) -> bytes:
        listed = [{"uuid": uuid, "checked_in": False, "full_name": name} for uuid in UUIDS]
        listed[0] = {first_name: listed[0][first_name]} | listed[0]
        return json.dumps([*listed[:-1], listed[-1] | {"full_name": "Bo"}]).encode()

    before = {ticket.uuid: ticket for ticket in read_list([rows("Anna")], EVENT).tickets}
    same, other = (
        {ticket.uuid: ticket for ticket in read_list([body], EVENT, before=before).tickets}
        for body in (rows("Anna"), rows("Åse"))
    )
    assert all(same[uuid] is before[uuid] for uuid in UUIDS)
    assert [other[uuid].full_name for uuid in UUIDS] == [*["Åse"] * 5, "Bo"]
    assert all(other[uuid].uuid is before[uuid].uuid for uuid in UUIDS)


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"[{}]",
        b'[{"a":1}]',
        b'[{"a b":1},{"a b":2}]',
        b'[{"a":1},{"b":2}]',
        b'[{"a":1},{"a":2},{"a":3},{"b":4},{"a":5} , {"a":6}]',
        b'[{"a":"},{"},{"a":"}"},{"a":["},{\\"a\\":",{"a":0},{"a":0}]}]',
    ],
    ids=lambda body: body[:40].decode(),
)
@pytest.mark.parametrize("size", [1, 65_536])
def test_rows_that_cannot_be_told_apart_are_read_one_by_one(body: bytes, size: int) -> None:
    assert values(cut(body, size)) == json.loads(body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b'[{"a":1},{"a":2}',
        b'[{"a":1},{"a":2}]x',
        b'[{"a":1},{"a":2}]]',
        b'[{"a":1},{"a":2},]',
        b'[{"a":1},{"a":2},{"a":}]',
        b'{"a":[{"a":1},{"a":2}]}',
        b'[{"a":1},{"a":"' + b"x" * 3_000_000 + b'"}]',
    ],
    ids=lambda body: body[:24].decode(),
)
def test_what_is_no_array_of_rows(body: bytes) -> None:
    with pytest.raises(WrongShape):
        values(cut(body, 65_536))


def values(chunks: list[bytes]) -> list[object]:
    raw, read = RawRows(chunks), list[object]()
    for piece in raw.pieces():
        for number, row in enumerate(piece):
            try:
                read.append(decoded(raw.first + row + b"}"))
            except ValueError:
                return [*read, *raw.elements(piece[number:])]
    return [*read, *raw.elements()]


@pytest.mark.parametrize("space", ["", " ", "\n  "])
def test_rows_are_cut_where_one_ends(space: str) -> None:
    rows = [f'{{{space}"a":"{n}"}}' for n in range(4)]
    body = f"{space}[{space}{f',{space}'.join(rows)}{space}]{space}".encode()
    raw = RawRows(cut(body, 5))
    cut_off = [raw.first + row + b"}" for piece in raw.pieces() for row in piece]
    assert cut_off == [row.encode() for row in rows]
    assert not [*raw.elements()]


def rows(tickets: str) -> RowHashes:
    return RowHashes(b"{", {ord(uuid): uuid for uuid in tickets})


def listed(tickets: str) -> TicketList:
    return TicketList("print", [], 0, tickets, rows(tickets))


def test_what_is_dropped_while_a_list_is_read_is_read_in_the_next() -> None:
    known = KnownRows()
    known.begin()
    known.renew(listed("abcd"), "d", is_whole=False)
    assert (known.begin(), known.fingerprint) == (rows("abc"), "")
    known.drop("a")
    known.renew(listed("abc"), (), is_whole=True)
    assert known.dropped == {"a"}
    assert (known.begin(), known.fingerprint) == (rows("bc"), "print")
    known.drop("c")
    assert known.begin() == rows("b")


def test_once_all_is_dropped_a_list_that_is_under_way_does_not_count() -> None:
    known = KnownRows()
    known.begin()
    known.drop_all()
    known.renew(listed("a"), (), is_whole=True)
    assert (known.begin(), known.fingerprint) == (NO_HASHES, "")
    known.renew(listed("a"), (), is_whole=True)
    assert (known.begin(), known.fingerprint) == (rows("a"), "print")
