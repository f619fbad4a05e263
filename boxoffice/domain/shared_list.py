"""The site's list of tickets, which one door of a venue reads for all. No I/O.

After each reading, the door sends the others what has changed since the one before, in compressed
parts; a door that asks for it is sent the whole list. Each part says how old the list is, as clocks
differ, and has a digest of the whole list, by which a door knows that it has all of it. The parts
hold the list's names too. They only pass through the hub's memory, and are encrypted on the way.
"""

import base64
import hashlib
import json
import math
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from boxoffice.domain.models import Ticket
from boxoffice.domain.text import clean
from boxoffice.domain.venue import Presence

LIST, WANTED = "list", "wanted"
"""The kinds of message: a part of a list, and the wish for a whole list."""
ENTRIES = 1000
"""How many rows, and uuids of removed tickets, a part may have."""
PACKED, INFLATED = 56_000, 1 << 20
"""The most characters of a part as it is sent, and bytes once it is decompressed."""
MOST_PARTS, MOST_TICKETS, MOST_BYTES = 1000, 250_000, 64 << 20
"""The most parts and tickets of a list, and bytes of all its parts once decompressed."""
MOST_WAITING = 32 << 20
"""The most characters of parts, of all doors together, that wait for the rest of their list."""
LONGEST_INTERVAL = 60.0
"""The longest time between two readings, in seconds, that is believed of another door. It is waited
for three times as long."""
OLDEST = 7 * 86_400.0
"""Seconds. A list that is older is of no use at a door."""
TEXT, EMAIL = 200, 320
"""The most characters, as when the site's own list is read."""
_LARGEST = 2**63
_HEX = re.compile(r"[0-9a-f]+").fullmatch


def site_mark(site: str) -> str:
    """A mark that tells doors of one site from those of another, without naming the site."""
    return hashlib.sha256(site.encode()).hexdigest()[:16]


def elect(doors: Iterable[Presence], site: str) -> str:
    """The device of the door that reads the list for all doors of a site; empty: none can.

    `site`: the site's mark. The door on the hub's computer comes first, then the lowest device.
    """
    can_read = [(not door.is_hub, door.device) for door in doors if site and door.site == site]
    return min(can_read)[1] if can_read else ""


class ListChange(NamedTuple):
    rows: list[Ticket]
    """New and changed rows."""
    gone: list[str]
    """The uuids of removed tickets."""


class KnownList:
    """The rows of the site's newest list, whichever door has read it."""

    def __init__(self) -> None:
        self.rows: Mapping[str, Ticket] = {}
        """By uuid. A change replaces the object."""
        self._sum = 0

    @property
    def digest(self) -> str:
        return _digest(self._sum)

    def change_to(self, listed: Mapping[str, Ticket]) -> ListChange:
        """The change that turns it into `listed`, which is by uuid too."""
        rows = [ticket for ticket in listed.values() if self.lacks(ticket)]
        return ListChange(rows, [uuid for uuid in self.rows if uuid not in listed])

    def lacks(self, ticket: Ticket) -> bool:
        """Whether the list has another row for this ticket, or none."""
        known = self.rows.get(ticket.uuid)
        return known is not ticket and known != ticket

    def changed_by(self, change: ListChange) -> "KnownList":
        """The list after a change."""
        changed, rows = KnownList(), dict(self.rows)
        changed._sum = self._sum
        for uuid in change.gone:
            changed._sum -= _hash(rows.pop(uuid, None))
        for ticket in change.rows:
            changed._sum += _hash(ticket) - _hash(rows.get(ticket.uuid))
            rows[ticket.uuid] = ticket
        changed.rows = rows
        return changed


class ListHead(NamedTuple):
    """What is sent with each part of a list."""

    site: str
    """The mark of the site that it was read at."""
    id: str
    """32 hex digits, which all parts of this sending share."""
    parts: int
    age: float
    """Seconds from when the site was asked for it until it is sent."""
    every: float
    """About how many seconds it takes until the list is read again."""
    digest: str
    """The digest of the whole list."""
    tickets: int
    """How many tickets the whole list has."""
    unread: int
    """How many rows of the site could not be read: a ticket that is missing may be among them."""
    is_whole: bool
    """The parts make up a whole list, and not a change."""
    doubted: int | None = None
    """So many tickets the site lists by now, which is not believed: this list is kept instead."""
    taken: int | None = None
    """So many a person has taken, though there were more: see `ListDoubt`."""


class Part(NamedTuple):
    """One of the messages in which a list is sent."""

    head: ListHead
    number: int
    """From 0."""
    packed: str


def pack(change: ListChange) -> list[str]:
    """The parts of a change; at least one."""
    entries: list[object] = [*map(_row, change.rows), *change.gone]
    starts = range(0, max(len(entries), 1), ENTRIES)
    return [part for start in starts for part in _pack(entries[start : start + ENTRIES])]


def _pack(entries: list[object]) -> list[str]:
    """The parts for these entries, which are halved until no part is too large."""
    text = json.dumps(entries, ensure_ascii=False, separators=(",", ":")).encode()
    packed = base64.b85encode(zlib.compress(text)).decode()
    if len(entries) < 2 or (len(packed) <= PACKED and len(text) <= INFLATED):
        return [packed]
    half = len(entries) // 2
    return [*_pack(entries[:half]), *_pack(entries[half:])]


def part_fields(part: Part) -> dict[str, Any]:
    """The part as fields of a message."""
    return {**part.head._asdict(), "number": part.number, "packed": part.packed}


def read_part(fields: Mapping[str, Any]) -> Part:
    """The part that another door has sent. Raises ValueError, without any of its content."""
    try:
        head = ListHead(
            _hex(fields["site"], 16),
            _hex(fields["id"]),
            _whole(fields["parts"], 1, MOST_PARTS),
            _seconds(fields["age"], OLDEST),
            min(_seconds(fields["every"], math.inf), LONGEST_INTERVAL),
            _hex(fields["digest"]),
            _whole(fields["tickets"], 0, MOST_TICKETS),
            _whole(fields["unread"], 0, MOST_TICKETS),
            fields["is_whole"] is True,
            _count_or_none(fields.get("doubted")),
            _count_or_none(fields.get("taken")),
        )
        number, packed = _whole(fields["number"], 0, head.parts - 1), fields["packed"]
        if not isinstance(packed, str) or len(packed) > PACKED:
            raise ValueError
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        raise ValueError(type(error).__name__) from None
    return Part(head, number, packed)


def unpack(parts: Iterable[str], event: str) -> Iterator[ListChange]:
    """Unpack the parts of a change, one after the other. Raises ValueError, as `read_part`."""
    left = MOST_BYTES
    titles: dict[str, str] = {}
    try:
        for packed in parts:
            text = _inflate(base64.b85decode(packed))
            left -= len(text)
            entries = json.loads(text)
            if not isinstance(entries, list) or len(entries) > ENTRIES or left < 0:
                raise ValueError
            change = ListChange([], [])
            for entry in entries:
                if isinstance(entry, list):
                    change.rows.append(_ticket(entry, event, titles))
                else:
                    change.gone.append(_hex(entry))
            yield change
    except (ValueError, TypeError, RecursionError, zlib.error) as error:
        raise ValueError(type(error).__name__) from None


@dataclass(slots=True)
class ListSent:
    """A list that is being received."""

    head: ListHead
    """The head of its first part."""
    asked_at: float
    """When the site was asked for it, on this computer's steady clock."""
    parts: list[str] = field(default_factory=list)
    size: int = 0
    """Characters of the parts."""

    def add(self, part: Part) -> bool:
        """Add a part. False: it is not the next one."""
        is_next = (part.head.id, part.number) == (self.head.id, len(self.parts))
        self.parts.append(part.packed)
        self.size += len(part.packed)
        return is_next

    @property
    def is_complete(self) -> bool:
        return len(self.parts) == self.head.parts

    def join(self, known: KnownList, event: str) -> KnownList | None:
        """The list that `known` becomes; None: the change belongs to another list.

        A whole list needs no other. Raises ValueError, as `read_part`.
        """
        change, uuids = ListChange([], []), set[str]()
        for part in unpack(self.parts, event):  # rows that are known already are freed at once
            change.rows.extend(ticket for ticket in part.rows if known.lacks(ticket))
            change.gone.extend(part.gone)
            uuids.update(ticket.uuid for ticket in part.rows)
        if self.head.is_whole:
            change.gone[:] = [uuid for uuid in known.rows if uuid not in uuids]
        joined = known.changed_by(change)
        fits = (joined.digest, len(joined.rows)) == (self.head.digest, self.head.tickets)
        return joined if fits else None


class Inbox:
    """Puts lists together from parts that come from several doors."""

    def __init__(self) -> None:
        self._sent: dict[str, ListSent] = {}
        """By device; the one that sent last is at the end."""

    def add(self, device: str, part: Part, came_at: float) -> ListSent | None:
        """Add a part. Returns the list, if it was the last; one that lacks a part is dropped."""
        sent = self._sent.pop(device, None)
        if part.number == 0:
            sent = ListSent(part.head, came_at - part.head.age)
        if sent is None or not sent.add(part):
            return None
        if sent.is_complete:
            return sent
        self._sent[device] = sent
        while sum(waiting.size for waiting in self._sent.values()) > MOST_WAITING:
            del self._sent[next(iter(self._sent))]
        return None


def read_wanted(fields: Mapping[str, Any]) -> tuple[str, float]:
    """The site's mark, and the age of the list that a door has; inf: none. Raises ValueError."""
    try:
        age = fields["age"]
        return _hex(fields["site"], 16), math.inf if age is None else _seconds(age, math.inf)
    except (TypeError, KeyError, OverflowError) as error:
        raise ValueError(type(error).__name__) from None


def _row(ticket: Ticket) -> list[object]:
    """A ticket as it is sent: all fields but its event."""
    uuid, _, *rest = ticket
    return [uuid, *rest]


def _ticket(row: list[Any], event: str, titles: dict[str, str]) -> Ticket:
    """The ticket of a row. `titles`: texts that many rows share. Raises ValueError or TypeError."""
    uuid, checked_in, refunded, name, email, number, kind, pk, *rest = row
    date, order, external_uuid, url, seat, company = rest
    if type(checked_in) is not bool or type(refunded) is not bool:
        raise TypeError
    title = _text(kind)
    return Ticket(
        uuid=_hex(uuid),
        event=event,
        checked_in=checked_in,
        refunded=refunded,
        full_name=_text(name),
        email=_text(email, EMAIL),
        number=_number(number),
        ticket_type=titles.setdefault(title, title),
        ticket_type_pk=_number(pk),
        date=_text_or_none(date),
        order=_text_or_none(order),
        external_uuid=_text_or_none(external_uuid),
        url=_text_or_none(url),
        seat=_text(seat),
        company_name=_text_or_none(company),
    )


def _inflate(packed: bytes) -> bytes:
    """Decompress. Raises ValueError if it would be too much, or the stream is cut off."""
    stream = zlib.decompressobj()
    text = stream.decompress(packed, INFLATED)
    if not stream.eof:
        raise ValueError
    return text


def _hex(value: object, length: int = 32) -> str:
    if not isinstance(value, str) or len(value) != length or _HEX(value) is None:
        raise ValueError
    return value


def _whole(value: object, least: int, most: int) -> int:
    if type(value) is not int or not least <= value <= most:
        raise ValueError
    return value


def _count_or_none(value: object) -> int | None:
    return None if value is None else _whole(value, 0, MOST_TICKETS)


def _number(value: object) -> int | None:
    return None if value is None else _whole(value, -_LARGEST, _LARGEST - 1)


def _seconds(value: object, most: float) -> float:
    if type(value) not in (int, float) or not 0 <= (seconds := float(value)) <= most:  # type: ignore[arg-type]
        raise ValueError
    return seconds


def _text(value: object, limit: int = TEXT) -> str:
    if not isinstance(value, str):
        raise TypeError
    return clean(value, limit)


def _text_or_none(value: object) -> str | None:
    return None if value is None else _text(value)


def _hash(ticket: Ticket | None) -> int:
    """The hash of a ticket; of None, 0. The digest is their sum, whatever the order."""
    if ticket is None:
        return 0
    text = json.dumps(_row(ticket)).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=16).digest())


def _digest(sum_: int) -> str:
    return f"{sum_ % (1 << 128):032x}"


def believe(ticket: Ticket, known: Ticket | None) -> Ticket:
    """What is believed of another door's row: only the site itself can take back a refund."""
    if known is not None and known.refunded and not ticket.refunded:
        return ticket._replace(refunded=True)
    return ticket
