"""Tickets, read from an answer: one, or a hundred thousand without holding the event loop up.

API document: "Get event tickets", "Get specific ticket". The list is decoded piece by piece, so
that no single call into the C decoder, which holds the interpreter, takes longer than a few
milliseconds; it is meant for a worker thread.
"""

import codecs
from collections.abc import Iterable, Iterator, Sequence

from boxoffice.collector import collector_paused
from boxoffice.door.models import Ticket
from boxoffice.door.text import clean, hex_uuid
from boxoffice.ticketbutler.fields import flag, last_part, raw, refunded, title, valid_on, whole
from boxoffice.ticketbutler.wire import DECODER, WrongShape

_PIECE = 256 * 1024
"""Characters decoded in one go: one or two milliseconds."""

_LARGEST_ROW = 1024 * 1024
"""Characters of one row; a larger one is no ticket."""


def read_ticket(row: object, event: str) -> Ticket | None:
    """The ticket in a row of either dialect; None when it names no ticket or not its check-in.

    Runs a hundred thousand times a list: what is absent or needs nothing costs no call.
    """
    if not isinstance(row, dict):
        return None
    get = row.get
    uuid = hex_uuid(get("uuid"))
    checked_in = get("checked_in")
    if checked_in is not True and checked_in is not False:
        checked_in = flag(checked_in)
    if uuid is None or checked_in is None:
        return None
    name, number, kind = get("full_name"), get("id"), get("ticket_type_name")
    full_name = clean(name)
    return Ticket(
        uuid,
        event,
        checked_in,
        refunded(refund) if (refund := get("ticket_refund")) else False,
        full_name,
        clean(email, 320) if (email := get("email")) else "",
        whole(number) if number is not None else None,
        title(kind) if isinstance(kind, str) else "",
        whole(pk) if (pk := get("ticket_type_pk")) is not None else None,
        valid_on(get("ticket_type_date")) if get("has_ticket_type_date") else None,
        hex_uuid(order) if (order := get("purchase_uuid")) else None,
        (clean(external) or None) if (external := get("external_uuid")) else None,
        last_part(url) if (url := get("url")) else None,
        clean(seat) if (seat := get("seat")) else "",
        None if name is full_name else raw(name, full_name),
    )


def read_list(chunks: Sequence[bytes], event: str) -> tuple[list[Ticket], int]:
    """The tickets in the bytes of a list, and how many of its rows could not be read.

    Of two rows for one ticket the later counts.

    Raises:
        WrongShape: no list, or nothing in it is a ticket.

    """
    found: dict[str, Ticket] = {}
    unread = 0
    with collector_paused:
        for piece in _pieces(chunks):
            for row in piece:
                if (ticket := read_ticket(row, event)) is None:
                    unread += 1
                else:
                    found[ticket[0]] = ticket
    if unread and not found:
        raise WrongShape(f"none of {unread} rows is a ticket")
    return list(found.values()), unread


def _pieces(chunks: Sequence[bytes]) -> Iterator[list[object]]:
    """The elements of the JSON array in `chunks`, some at a time."""
    source = _Source(chunks)
    if source.sign() != "[":
        raise WrongShape("not a list")
    source.at += 1
    if source.sign() == "]":
        source.at += 1
    else:
        ended = False
        while not ended:
            yield source.many()
            row, ended = source.one()
            yield [row]
    if source.sign():
        raise WrongShape("more after the end of the list")


def elements(chunks: Iterable[bytes], name: str) -> Iterator[object]:
    """The elements of the JSON array that an object has under a name, each decoded alone.

    Raises:
        WrongShape: it has none, or breaks off, which may show only at the end.

    """
    source, found = _Source(chunks), False
    source.take("{")
    while True:
        key = source.value()
        source.take(":")
        if key == name and not found:
            source.take("[")
            found = True
            yield from source.rest()
        else:
            source.value()
        if source.sign() == "}":
            break
        source.take(",")
    source.take("}")
    if source.sign() or not found:
        raise WrongShape(f"not one object with {name}")


class _Source:
    """The text of an array, decoded as it is needed, and the place up to which it has been read."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self.at = 0
        self._text = ""
        self._chunks = iter(chunks)
        # A name with broken bytes in it shall not cost the whole list.
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._by_glance = True

    def sign(self) -> str:
        """The character that stands here, past white space; empty at the end."""
        while True:
            while self.at < len(self._text):
                sign = self._text[self.at]
                if sign not in " \t\r\n":
                    return sign
                self.at += 1
            if not self._more():
                return ""

    def many(self) -> list[object]:
        """The whole rows that stand here, where a glance can tell them: in a compact list.

        The cut is made between what looks like two rows. Where it is inside a text or inside a row
        instead, what stands before it cannot be decoded, and the rest is left to `one`.
        """
        if not self._by_glance:
            return []
        if len(self._text) - self.at < _PIECE and not self._more():
            return []
        cut = self._text.rfind("},{", self.at, self.at + _PIECE)
        try:
            rows = DECODER.decode(f"[{self._text[self.at : cut + 1]}]") if cut > 0 else None
        except (ValueError, RecursionError):
            rows = None
        if not isinstance(rows, list):
            self._by_glance = False
            return []
        self.at = cut + 2
        return rows

    def one(self) -> tuple[object, bool]:
        """The row that stands here, and whether it is the last."""
        row = self.value()
        sign = self.sign()
        if sign not in {",", "]"}:
            raise WrongShape("no comma after a row, or cut off")
        self.at += 1
        return row, sign == "]"

    def rest(self) -> Iterator[object]:
        """The rows that stand here, to the end of the array."""
        ended = self.sign() == "]"
        self.at += ended
        while not ended:
            row, ended = self.one()
            yield row

    def take(self, sign: str) -> None:
        """Go past a character that has to stand here."""
        if self.sign() != sign:
            raise WrongShape(f"no {sign} where it has to be")
        self.at += 1

    def value(self) -> object:
        """Whatever stands here."""
        self.sign()
        while True:
            try:
                value, self.at = DECODER.raw_decode(self._text, self.at)
            except ValueError as error:
                left = len(self._text) - self.at
                if left > _LARGEST_ROW or not self._more():
                    raise WrongShape(f"a row that is no JSON, or cut off ({error})") from None
            except RecursionError:
                raise WrongShape("a row nested too deep") from None
            else:
                return value

    def _more(self) -> bool:
        """Add as much text as is left, or a piece; False when there is no more."""
        left = self._text[self.at :]
        wanted = max(len(left), _PIECE)
        parts = [left]
        self.at = 0
        for chunk in self._chunks:
            parts.append(self._decoder.decode(chunk))
            wanted -= len(parts[-1])
            if wanted <= 0:
                break
        else:
            parts.append(self._decoder.decode(b"", final=True))
        self._text = "".join(parts)
        return len(self._text) > len(left)
