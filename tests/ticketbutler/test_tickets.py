"""Tickets out of the bytes of an answer: both dialects, odd rows, any cut, rubbish."""

import gc
import json
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boxoffice.domain.admission_rules import Facts, decide
from boxoffice.domain.models import Event, Ticket
from boxoffice.ticketbutler.resources.tickets import read_list, read_ticket
from boxoffice.ticketbutler.wire import WrongShape
from tests.ticketbutler.test_parsers import json_values

EVENT = "5cfec30f741045e884000469431dca50"
UUID = "957e996e16d94aff959800a03bf8c726"
DASHED = "957e996e-16d9-4aff-9598-00a03bf8c726"

DOCUMENTED: dict[str, Any] = {
    "id": 1068,
    "uuid": UUID,
    "external_uuid": None,
    "checked_in": False,
    "ticket_refund": False,
    "full_name": "John Doe",
    "ticket_type_pk": 40,
    "ticket_type_name": "Other ticket",
    "has_ticket_type_date": False,
    "ticket_type_date": "2019-10-20T14:00:00Z",
    "purchase_uuid": "729706a9e909485c8055867f251e6239",
    "email": "john@example.com",
    "url": "http://localhost:8000/t/nz9lb/",
    "lead_tracking_reference": None,
}
SEEN: dict[str, Any] = {
    "email": "john@example.com",
    "full_name": "John Doe",
    "id": 1068,
    "ticket_refund": False,
    "uuid": DASHED,
    "ticket_type_name": "Other ticket",
    "anonymised": False,
    "attribute": None,
    "seat": "B 12",
    "checked_in": True,
}


def row(number: int, **fields: object) -> dict[str, object]:
    return SEEN | {"uuid": f"{number:032x}", "id": number} | fields


def encoded(rows: object, **options: Any) -> bytes:
    return json.dumps(rows, **({"separators": (",", ":")} | options)).encode()


def read(chunks: list[bytes], event: str) -> tuple[list[Ticket], int]:
    listed = read_list(chunks, event)
    assert sorted(listed.uuids) == sorted(ticket.uuid for ticket in listed.tickets)
    return listed.tickets, listed.unread


def test_a_documented_row() -> None:
    assert read_ticket(DOCUMENTED, EVENT) == Ticket(
        uuid=UUID,
        event=EVENT,
        checked_in=False,
        full_name="John Doe",
        email="john@example.com",
        number=1068,
        ticket_type="Other ticket",
        ticket_type_pk=40,
        date="",
        order="729706a9e909485c8055867f251e6239",
        url="nz9lb",
    )


def test_a_row_as_seen() -> None:
    assert read_ticket(SEEN, EVENT) == Ticket(
        uuid=UUID,
        event=EVENT,
        checked_in=True,
        full_name="John Doe",
        email="john@example.com",
        number=1068,
        ticket_type="Other ticket",
        seat="B 12",
    )


def test_uuid_and_check_in_are_enough() -> None:
    assert read_ticket({"uuid": DASHED, "checked_in": 1}, "") == Ticket(UUID, "", checked_in=True)


@pytest.mark.parametrize(
    ("given", "date"),
    [
        ({"has_ticket_type_date": True}, "2019-10-20T14:00:00+00:00"),
        (
            {"has_ticket_type_date": True, "ticket_type_date": "2024-08-22T08:30+02:00"},
            "2024-08-22T08:30:00+02:00",
        ),
        (
            {"has_ticket_type_date": True, "ticket_type_date": "2024-08-22T08:30"},
            "2024-08-22T08:30:00",
        ),
        ({"has_ticket_type_date": True, "ticket_type_date": "08.05.2026"}, "08.05.2026"),
        ({"has_ticket_type_date": True, "ticket_type_date": None}, "unknown"),
        ({"has_ticket_type_date": False}, ""),
        ({"has_ticket_type_date": None}, None),
    ],
)
def test_the_date(given: dict[str, object], date: str | None) -> None:
    ticket = read_ticket(DOCUMENTED | given, EVENT)
    assert ticket is not None
    assert ticket.date == date


@pytest.mark.parametrize(
    ("date", "zone", "now", "verdict", "note"),
    [
        ("2026-05-08T23:30:00", "Europe/Copenhagen", "2026-05-08T21:45:00Z", "admitted", False),
        ("2026-05-08T23:30:00", "Europe/Copenhagen", "2026-05-09T03:59:00Z", "admitted", False),
        ("2026-05-08T23:30:00", "Europe/Copenhagen", "2026-05-09T04:00:00Z", "wrong_day", False),
        ("2026-05-08", "America/New_York", "2026-05-08T23:00:00Z", "admitted", False),
        ("2026-05-08", "America/New_York", "2026-05-07T23:00:00Z", "wrong_day", False),
        ("2026-05-08T23:30:00Z", "Europe/Copenhagen", "2026-05-08T22:15:00Z", "admitted", False),
        ("08.05.2026", "Europe/Copenhagen", "2026-05-12T18:00:00Z", "admitted", True),
        (None, "Europe/Copenhagen", "2026-05-12T18:00:00Z", "admitted", True),
    ],
)
def test_the_date_as_people_at_the_event_read_it(
    date: str | None, zone: str, now: str, verdict: str, note: bool
) -> None:
    ticket = read_ticket(
        DOCUMENTED | {"has_ticket_type_date": True, "ticket_type_date": date}, EVENT
    )
    assert ticket is not None
    decided = decide(
        Facts(
            ticket=ticket,
            event=Event(EVENT, "Spring Ball", timezone=zone),
            now=datetime.fromisoformat(now),
            confirmed=True,
        )
    )
    assert decided.code == verdict
    assert ("its date cannot be read" in decided.reason) is note


@pytest.mark.parametrize(
    ("value", "refunded"),
    [(True, True), (False, False), (None, False), ("false", False), ("2024-01-01", True)],
)
def test_a_refund_is_anything_but_a_clear_no(value: object, refunded: bool) -> None:
    ticket = read_ticket(DOCUMENTED | {"ticket_refund": value}, EVENT)
    assert ticket is not None
    assert ticket.refunded is refunded


def test_texts_are_cleaned() -> None:
    hostile = "[@click=app.quit]Bob\x1b]0;x\x07 \u202e"
    ticket = read_ticket(DOCUMENTED | {"full_name": hostile, "external_uuid": " EXT-1\n"}, EVENT)
    assert ticket is not None
    assert ticket.full_name == "[@click=app.quit]Bob]0;x"
    assert ticket.external_uuid == "EXT-1"


@pytest.mark.parametrize(
    "odd",
    [
        None,
        7,
        "x",
        [],
        {},
        {"uuid": UUID},
        {"checked_in": True},
        {"uuid": 7, "checked_in": True},
        {"uuid": UUID, "checked_in": None},
        {"uuid": UUID, "checked_in": "perhaps"},
    ],
)
def test_a_row_that_is_no_ticket_is_left_out_and_counted(odd: object) -> None:
    listed = read_list([encoded([row(1), odd, row(2)])], EVENT)
    assert [ticket.number for ticket in listed.tickets] == [1, 2]
    assert (listed.unread, listed.rows) == (1, 3)


def test_of_two_rows_for_one_ticket_the_later_counts() -> None:
    tickets, unread = read([encoded([row(1, checked_in=False), row(1), row(2)])], EVENT)
    assert [(ticket.number, ticket.checked_in) for ticket in tickets] == [(1, True), (2, True)]
    assert unread == 0


def test_no_tickets() -> None:
    assert read([b" [ ]\n"], EVENT) == ([], 0)


def test_a_byte_order_mark_and_broken_bytes_do_not_cost_the_list() -> None:
    body = b"\xef\xbb\xbf" + encoded([row(1, full_name="Bj#rn"), row(2)]).replace(b"#", b"\xf8")
    tickets, _ = read([body], EVENT)
    assert [ticket.full_name for ticket in tickets] == ["Bj\ufffdrn", "John Doe"]


def test_nan_and_control_characters_in_a_row_do_no_harm() -> None:
    body = b'[{"uuid":"%s","checked_in":true,"x":NaN,"full_name":"A\nB"}]' % UUID.encode()
    assert read([body], EVENT)[0][0].full_name == "A B"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"  ",
        b"null",
        b"{}",
        b'{"results": [{"uuid": "957e996e16d94aff959800a03bf8c726", "checked_in": true}]}',
        b"<html>",
        b"[",
        b"[,]",
        b"[1",
        b"[1,]",
        b"[]x",
        b"[] []",
        b'["a" "b"]',
        b"[{}]",
        b"[null, 7]",
        b"\x00\x01\x02",
        b"\xff\xfe[\x00]\x00",
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'[{"a":' * 50_000,
        b"[" + b"9" * 10_000 + b"]",
    ],
    ids=lambda body: body[:12].decode("latin-1"),
)
def test_what_is_no_list_of_tickets(body: bytes) -> None:
    with pytest.raises(WrongShape):
        read_list([body], EVENT)


def test_a_list_that_is_cut_off_anywhere_is_no_list() -> None:
    body = encoded([row(1), row(2)])
    for end in range(len(body)):
        with pytest.raises(WrongShape):
            read_list([body[:end]], EVENT)


def test_a_row_without_end_is_given_up() -> None:
    with pytest.raises(WrongShape):
        read_list([b'[{"a":"', *[b"x" * 65_536] * 100], EVENT)


ODD_PARTS: list[tuple[str, object]] = [
    ("a },{ b", None),
    ('"},{"uuid":"', None),
    ("æøå 😀 \\", [{"a": 1}, {"b": [{}, {}]}]),
    ("]", {"c": {}}),
    ("\ud83d", []),
]
HOSTILE_ROWS = [
    row(n, full_name=name, attribute=attribute) for n, (name, attribute) in enumerate(ODD_PARTS * 3)
]


@given(
    st.sampled_from([{"separators": (",", ":")}, {"indent": 2}, {}]),
    st.booleans(),
    st.lists(st.integers(1, 4000), max_size=8),
)
def test_how_the_bytes_arrive_makes_no_difference(
    options: dict[str, Any], ascii_only: bool, cuts: list[int]
) -> None:
    text = json.dumps(HOSTILE_ROWS, ensure_ascii=ascii_only, **options)
    body = text.encode(errors="replace")
    chunks, at = [], 0
    for cut in cuts:
        chunks.append(body[at : at + cut])
        at += cut
    tickets, unread = read([*chunks, body[at:]], EVENT)
    whole = [read_ticket(each, EVENT) for each in json.loads(body)]
    assert tickets == whole
    assert unread == 0


@pytest.mark.parametrize("attribute", [None, [{"a": 1}, {"b": 2}]])
def test_a_long_list_is_read_in_pieces(attribute: object) -> None:
    rows = [row(number, attribute=attribute) for number in range(5000)]
    rows[3210]["full_name"] = '"}},{"{'
    body = encoded(rows)
    tickets, unread = read([body[i : i + 65_536] for i in range(0, len(body), 65_536)], EVENT)
    assert tickets == [read_ticket(each, EVENT) for each in rows]
    assert unread == 0


@pytest.mark.parametrize("body", [encoded([row(1)]), b"rubbish"])
@pytest.mark.parametrize("was_on", [True, False])
def test_the_garbage_collector_is_as_before(body: bytes, was_on: bool) -> None:
    gc.unfreeze()
    (gc.enable if was_on else gc.disable)()
    try:
        read_list([body], EVENT)
    except WrongShape:
        assert body == b"rubbish"
    finally:
        is_on = gc.isenabled()
        gc.enable()
    assert is_on is was_on
    frozen = gc.get_freeze_count()
    gc.freeze()  # as it was for the other tests
    assert frozen == 0


@given(st.binary(max_size=300), st.booleans())
def test_rubbish_bytes(rubbish: bytes, as_row: bool) -> None:
    body = b"[" + encoded(row(1)) + b"," + rubbish + b"]" if as_row else rubbish
    try:
        tickets, _ = read([body], EVENT)
    except WrongShape:
        return
    assert as_row or not tickets


@given(json_values)
def test_rubbish_values(value: object) -> None:
    assert read_ticket(value, EVENT) is None
    for name in DOCUMENTED:
        ticket = read_ticket(DOCUMENTED | {name: value}, EVENT)
        if ticket is not None:
            repr(ticket).encode()
            assert all(text.isprintable() for text in ticket[4:6])
            assert ticket.number is None or abs(ticket.number) < 2**63
