"""The site's list of tickets, which one door of a venue reads for all. Pure.

Each reading is sent to the other doors as what is different since the one before, or as a whole to
who asks for that, in compressed parts. With each goes how old it is, as clocks differ, and a digest
of the whole list, by which a door knows whether it has all of it. The parts hold what the list
does, names too: they pass through the hub's memory, encrypted on the way, and are stored nowhere.
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
"""What is sent of these kinds is a part, and the wish for a whole list."""
ENTRIES = 1000
"""Rows, or uuids of those that are gone: of a part, at most."""
PACKED, INFLATED = 56_000, 1 << 20
"""Characters of a part as it is sent, and bytes of what is in it, at most."""
MOST_PARTS, MOST_TICKETS, MOST_BYTES = 1000, 250_000, 64 << 20
"""Of one list; bytes are those that all its parts inflate to."""
MOST_WAITING = 32 << 20
"""Characters of parts that wait for the rest of theirs, of all doors together."""
LONGEST_INTERVAL = 60.0
"""Seconds that a door may say to take between two readings: who waits for it waits three times."""
OLDEST = 7 * 86_400.0
"""Seconds; a list that is older is of no use at a door."""
TEXT, EMAIL = 200, 320
"""Characters, as the site's own list is read."""
_LARGEST = 2**63
_HEX = re.compile(r"[0-9a-f]+").fullmatch


def site_mark(site: str) -> str:
    """What tells doors of one site from those of another, and does not name it."""
    return hashlib.sha256(site.encode()).hexdigest()[:16]


def elect(doors: Iterable[Presence], site: str) -> str:
    """The device of the door that reads the list for all of a site; empty: none can.

    `site`: its mark. The hub's host is the first choice, then the lowest device.
    """
    can_read = [(not door.is_hub, door.device) for door in doors if site and door.site == site]
    return min(can_read)[1] if can_read else ""


class ListChange(NamedTuple):
    rows: list[Ticket]
    """New ones, and those that are otherwise."""
    gone: list[str]
    """Uuids."""


class KnownList:
    """The rows of the list as the site last told them, whichever door has read it."""

    def __init__(self) -> None:
        self.rows: Mapping[str, Ticket] = {}
        """By uuid; another object after a change."""
        self._sum = 0

    @property
    def digest(self) -> str:
        return _digest(self._sum)

    def change_to(self, listed: Mapping[str, Ticket]) -> ListChange:
        """What turns it into `listed`, which is by uuid too."""
        rows = [ticket for ticket in listed.values() if self.lacks(ticket)]
        return ListChange(rows, [uuid for uuid in self.rows if uuid not in listed])

    def lacks(self, ticket: Ticket) -> bool:
        """Whether its row is another, or not there."""
        known = self.rows.get(ticket.uuid)
        return known is not ticket and known != ticket

    def changed_by(self, change: ListChange) -> "KnownList":
        """It, with a change taken up."""
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
    """32 hex digits, of this sending alone."""
    parts: int
    age: float
    """Seconds since the site was asked for it, as it is sent."""
    every: float
    """Seconds until it is read again, about."""
    digest: str
    """Of the whole list."""
    tickets: int
    """Tickets in the whole list."""
    unread: int
    """Rows of the site's that could not be read: a ticket that is missing may be among them."""
    is_whole: bool
    doubted: int | None = None
    """So many tickets the site lists by now, which is not believed: this list is kept instead."""
    taken: int | None = None
    """So many a person has taken, though there were more: see `ListDoubt`."""


class Part(NamedTuple):
    """One of the messages that a list is sent in."""

    head: ListHead
    number: int
    """From 0."""
    packed: str


def pack(change: ListChange) -> list[str]:
    """The parts of a change, one at least."""
    entries: list[object] = [*map(_row, change.rows), *change.gone]
    starts = range(0, max(len(entries), 1), ENTRIES)
    return [part for start in starts for part in _pack(entries[start : start + ENTRIES])]


def _pack(entries: list[object]) -> list[str]:
    """The parts of a change, split in halves where one would be too large."""
    text = json.dumps(entries, ensure_ascii=False, separators=(",", ":")).encode()
    packed = base64.b85encode(zlib.compress(text)).decode()
    if len(entries) < 2 or (len(packed) <= PACKED and len(text) <= INFLATED):
        return [packed]
    half = len(entries) // 2
    return [*_pack(entries[:half]), *_pack(entries[half:])]


def part_fields(part: Part) -> dict[str, Any]:
    """As it is sent."""
    return {**part.head._asdict(), "number": part.number, "packed": part.packed}


def read_part(fields: Mapping[str, Any]) -> Part:
    """What another door has sent. Raises ValueError, which tells nothing of it."""
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
    """What is in each of the parts of a change, of `event`. Raises ValueError, as `read_part`."""
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
    """A list of which parts have come."""

    head: ListHead
    """As it came with the first one."""
    asked_at: float
    """When the site was asked for it, on this computer's steady clock."""
    parts: list[str] = field(default_factory=list)
    size: int = 0
    """Characters."""

    def add(self, part: Part) -> bool:
        """Take up the next part. False: it is another one."""
        is_next = (part.head.id, part.number) == (self.head.id, len(self.parts))
        self.parts.append(part.packed)
        self.size += len(part.packed)
        return is_next

    @property
    def is_complete(self) -> bool:
        return len(self.parts) == self.head.parts

    def join(self, known: KnownList, event: str) -> KnownList | None:
        """The list that `known` becomes; None: what it is based on is another one.

        A whole list may be based on none. Raises ValueError, as `read_part`.
        """
        change, uuids = ListChange([], []), set[str]()
        for part in unpack(self.parts, event):  # what is known already is let go at once
            change.rows.extend(ticket for ticket in part.rows if known.lacks(ticket))
            change.gone.extend(part.gone)
            uuids.update(ticket.uuid for ticket in part.rows)
        if self.head.is_whole:
            change.gone[:] = [uuid for uuid in known.rows if uuid not in uuids]
        joined = known.changed_by(change)
        fits = (joined.digest, len(joined.rows)) == (self.head.digest, self.head.tickets)
        return joined if fits else None


class Inbox:
    """Puts lists together, as their parts come from several doors."""

    def __init__(self) -> None:
        self._sent: dict[str, ListSent] = {}
        """By device, the one that began last at the end."""

    def add(self, device: str, part: Part, came_at: float) -> ListSent | None:
        """The list, where this was its last part; one that lacks a part is dropped."""
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
    """The site's mark, and how old the list is that a door has; inf: none. Raises ValueError."""
    try:
        age = fields["age"]
        return _hex(fields["site"], 16), math.inf if age is None else _seconds(age, math.inf)
    except (TypeError, KeyError, OverflowError) as error:
        raise ValueError(type(error).__name__) from None


def _row(ticket: Ticket) -> list[object]:
    """A ticket as it is sent: all but its event."""
    uuid, _, *rest = ticket
    return [uuid, *rest]


def _ticket(row: list[Any], event: str, titles: dict[str, str]) -> Ticket:
    """Raises ValueError or TypeError. `titles`: texts that many rows share."""
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
    """Raises ValueError where it would be too much, or is no whole stream."""
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
    """0 for none, so that the sum of a list's is the same in any order."""
    if ticket is None:
        return 0
    text = json.dumps(_row(ticket)).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=16).digest())


def _digest(sum_: int) -> str:
    return f"{sum_ % (1 << 128):032x}"


def believe(ticket: Ticket, known: Ticket | None) -> Ticket:
    """What is taken of another door's row: a known refund is undone by the site alone."""
    if known is not None and known.refunded and not ticket.refunded:
        return ticket._replace(refunded=True)
    return ticket
