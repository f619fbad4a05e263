"""What doors and hub say to each other is read back as it was meant, and nothing else is."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from boxoffice.domain.seats import Escrow, Pool
from boxoffice.domain.venue import (
    Attempt,
    Claim,
    Clash,
    Finding,
    Found,
    Message,
    Post,
    Presence,
    Sent,
)
from boxoffice.venue.protocol import (
    ProtocolError,
    body,
    presence_body,
    presence_subject,
    read_message,
    read_presence,
    read_seats,
    seats_body,
    seats_subject,
    stored_subjects,
    subject,
)
from tests.support import EVENING

EVENT, TICKET, DEVICE = "e" * 32, "a" * 32, "0123456789abcdef"
MESSAGES: list[Message] = [
    Claim(EVENT, TICKET, 0, DEVICE, "North", EVENING, 7),
    Sent(EVENT, TICKET, 2, DEVICE, EVENING, 8, "South"),
    Clash(EVENT, TICKET, 0, DEVICE, "Søndre dør", EVENING + timedelta(seconds=1), 9),
    Post(EVENT, TICKET, 2, DEVICE, "North", EVENING, True, 10),
    Attempt(EVENT, TICKET, 2, DEVICE, "South", EVENING, 3, 11),
    Found(EVENT, TICKET, 2, DEVICE, "South", EVENING, Finding.GONE, 12),
    Claim(
        EVENT, TICKET, 0, DEVICE, "A door without a battery", datetime(1970, 1, 1, tzinfo=UTC), 7
    ),
    Claim(EVENT, TICKET, 0, DEVICE, "A door of the future", datetime(2170, 1, 1, tzinfo=UTC), 7),
]


def claimed(**fields: object) -> bytes:
    """The body of a claim in which a door has written something else."""
    said: dict[str, object] = json.loads(body(MESSAGES[0]))
    return json.dumps(said | fields).encode()


@pytest.mark.parametrize("message", MESSAGES)
def test_a_message_is_read_back_as_it_was_put(message: Message) -> None:
    assert read_message(subject(message), body(message), message.number) == message
    kind = subject(message).split(".")[1]
    assert sum(f".{kind}." in taken for taken in stored_subjects(EVENT)) == 1


@pytest.mark.parametrize("message", MESSAGES)
@pytest.mark.parametrize("field", ["device", "at", "lane", "attempted", "why"])
def test_a_message_that_lacks_a_field_is_none(message: Message, field: str) -> None:
    said = json.loads(body(message))
    if field not in said:
        return
    del said[field]
    with pytest.raises(ProtocolError):
        read_message(subject(message), json.dumps(said).encode(), 1)


@pytest.mark.parametrize(
    ("subject_", "body_"),
    [
        (f"bo.claim.{EVENT}.{TICKET}", body(MESSAGES[0])),
        (f"bo.claim.{EVENT}.{TICKET}.x", body(MESSAGES[0])),
        (f"bo.claim.{EVENT}.{TICKET}.0.{DEVICE}", body(MESSAGES[0])),
        (f"bo.clash.{EVENT}.{TICKET}.0.{DEVICE[::-1]}", body(MESSAGES[2])),
        (f"bo.clash.{EVENT}.{TICKET}.0", body(MESSAGES[2])),
        (f"bo.seats.{EVENT}.{TICKET}.0", body(MESSAGES[0])),
        (f"bo.post.{EVENT}.{TICKET}.0.1", body(MESSAGES[3])),
        (f"bo.courier.{EVENT}.{TICKET}.0", body(MESSAGES[4])),
        (f"bo.courier.{EVENT}.{TICKET}.0.x", body(MESSAGES[4])),
        (subject(MESSAGES[5]), body(MESSAGES[5]).replace(b"gone", b"lost")),
        (subject(MESSAGES[0]), b"[1]"),
        (subject(MESSAGES[0]), b"\xff"),
        (subject(MESSAGES[0]), b"[" * 100_000),
        (subject(MESSAGES[0]), body(MESSAGES[0]).replace(b"+00:00", b"").replace(b"+02:00", b"")),
        (f"bo.claim.{EVENT}.{TICKET}.{10**30}", body(MESSAGES[0])),
        (f"bo.claim.{EVENT}.{TICKET}.-1", body(MESSAGES[0])),
        (f"bo.claim.{EVENT}.{TICKET}.00", body(MESSAGES[0])),
        (f"bo.claim.{EVENT}.{TICKET}.\u0660", body(MESSAGES[0])),
        (f"bo.claim.{EVENT}.\x1b[31m.0", body(MESSAGES[0])),
        (f"bo.courier.{EVENT}.{TICKET}.0.{10**30}", body(MESSAGES[4])),
        (subject(MESSAGES[0]), claimed(device="\ud800")),
        (subject(MESSAGES[0]), claimed(device=DEVICE * 1000)),
        (subject(MESSAGES[0]), claimed(device=[DEVICE])),
        (subject(MESSAGES[0]), claimed(at="0001-01-01T00:00:00+14:00")),
        (subject(MESSAGES[0]), claimed(at="9999-12-31T23:59:59-14:00")),
    ],
)
def test_what_is_none_of_these_words_is_refused(subject_: str, body_: bytes) -> None:
    with pytest.raises(ProtocolError):
        read_message(subject_, body_, 1)


def test_seats_are_read_back_with_their_number() -> None:
    pool = Pool(12, {DEVICE: Escrow(3, 10, 4), "f" * 16: Escrow(1, 10, 8)})
    stored = seats_body(DEVICE, pool)
    assert read_seats(seats_subject(EVENT, TICKET, 7), stored) == (7, pool)
    assert stored != seats_body("f" * 16, pool)
    for subject_, body_ in ((f"bo.seats.{EVENT}.{TICKET}.x", stored), (f"{TICKET}.7", b"{}")):
        with pytest.raises(ProtocolError):
            read_seats(subject_, body_)


@pytest.mark.parametrize(
    ("device", "fields"),
    [
        (DEVICE, {"waiting": 10**400}),
        (DEVICE, {"rate": -1}),
        (DEVICE, {"conflicts": "many"}),
        (DEVICE, {"at": "0001-01-01T00:00:00+14:00"}),
        (DEVICE, {"at": EVENING.replace(tzinfo=None).isoformat()}),
        ("\x1b[31m", {}),
    ],
)
def test_a_presence_that_no_screen_could_show_is_none(
    device: str, fields: dict[str, object]
) -> None:
    whole = Presence(EVENT, DEVICE, "d0", "North", EVENING, "0123")
    said: dict[str, object] = json.loads(presence_body(whole))
    assert read_presence(presence_subject(EVENT, DEVICE), json.dumps(said).encode()) == whole
    with pytest.raises(ProtocolError):
        read_presence(presence_subject(EVENT, device), json.dumps(said | fields).encode())
