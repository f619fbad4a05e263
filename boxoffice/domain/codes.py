"""What a scanned or typed text could name. Never an error, whatever the text.

The API document does not say what a ticket's code holds, so everything that tickets were seen to
carry is read. A scanner set to another keyboard layout than the computer turns `-`, `/` and `:`
into other characters, so a uuid is known by its hex digits and a URL by its letters.
"""

import re
from dataclasses import dataclass

from boxoffice.domain.models import Ticket
from boxoffice.domain.text import clean

SHOWN = 200
"""Characters of a code that are kept for showing."""
_LONGEST_CODE = 100
_LONGEST_URL = 2_000
"""Nothing longer is printed on a ticket."""
_MOST_UUIDS = 4
"""A URL names a ticket, its order and its event at most; each one may cost a question."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_UUID = re.compile(
    r"(?<![0-9a-f])(?:[0-9a-f]{32}"
    # The dashes, whatever they became: the same sign or two between all groups.
    r"|[0-9a-f]{8}([^0-9a-z]{1,2})[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{12}"
    r")(?![0-9a-f])",
    re.IGNORECASE | re.ASCII,
)
_OWNER = re.compile(r"ticket|order|purchase|event", re.IGNORECASE)
_URL = re.compile(r"https?(?![0-9a-z]{2})|www\.", re.IGNORECASE | re.ASCII)
_HOST = re.compile(r"[0-9a-z-]+(?:\.[0-9a-z-]+)+(?::[0-9]+)?", re.IGNORECASE | re.ASCII)
_SHORT_URL = re.compile(
    # `…/t/nz9lb/`, whatever the slashes became.
    r"([^0-9a-z.])t\1([0-9a-z]{2,31})(?:\1|[?#]|$)",
    re.IGNORECASE | re.ASCII,
)
_FOREIGN = re.compile(r"wifi:|mailto:|tel:|sms(to)?:|geo:|mecard:|begin:", re.IGNORECASE)
"""What the codes of others begin with."""
_NUMBER = re.compile(r"[0-9]{1,18}")
_ORDER_ID = re.compile(r"[0-9A-Za-z]{2,20}")
_PLAIN = re.compile(r"(?=.*[0-9])[0-9A-Za-z][0-9A-Za-z_.:/-]*")


@dataclass(frozen=True, slots=True)
class Code:
    """Everything that one text could name."""

    text: str
    """The text, cleaned, for showing."""
    uuids: tuple[str, ...] = ()
    """Of a ticket, of its order or of its event: the likeliest ticket first."""
    number: int | None = None
    """A ticket's number."""
    slug: str | None = None
    """The last part of a ticket's short URL."""
    exact: str | None = None
    """An external uuid."""
    order_id: str | None = None
    is_url: bool = False
    """A URL, or what else only machines write: of a ticket or of something quite different."""
    unsearchable: bool = False
    """Too long, or without a letter or digit: nobody searches for it."""

    @property
    def is_ticket_like(self) -> bool:
        """Whether any ticket could carry this code."""
        named = (self.slug, self.exact, self.order_id)
        return bool(self.uuids) or self.number is not None or any(named)

    @property
    def certain(self) -> bool:
        """Whether this is a code, or nothing, but surely no text that a person searches for."""
        return bool(self.uuids) or self.is_url or self.unsearchable

    @property
    def is_coded(self) -> bool:
        """Whether it has the look of a code rather than of something a person would write."""
        if self.uuids or self.is_url or self.number is not None:
            return True
        return self.exact is not None and (
            _PLAIN.fullmatch(self.exact) is not None
            or (self.order_id is not None and not _is_word(self.order_id))
        )


def read_code(text: str) -> Code:
    """All that `text` could name."""
    if len(text) > _LONGEST_URL:
        return Code(clean(text, SHOWN), unsearchable=True)
    # What scanners frame or part a code with is no space, as `clean` would have it.
    bare = clean(_CONTROL.sub("", text), _LONGEST_URL)
    shown = clean(bare, SHOWN)
    if not any(map(str.isalnum, bare)):
        return Code(shown, unsearchable=bool(bare))
    uuids = _uuids(bare)
    short = None if uuids else _SHORT_URL.search(bare)
    if _URL.match(bare) or (short and _HOST.fullmatch(bare, 0, short.start())):
        return Code(shown, uuids, slug=short.group(2) if short else None, is_url=True)
    if _FOREIGN.match(bare):
        return Code(shown, uuids, is_url=True)
    if len(bare) > _LONGEST_CODE or any(map(str.isspace, bare)):
        return Code(shown, uuids, unsearchable=len(bare) > SHOWN)
    return Code(
        shown,
        uuids,
        number=int(bare) if _NUMBER.fullmatch(bare) else None,
        exact=bare,
        order_id=bare if _ORDER_ID.fullmatch(bare) else None,
    )


def _uuids(text: str) -> tuple[str, ...]:
    """The uuids in `text`, first those that are not said to be an order's or an event's."""
    found: list[tuple[bool, int, str]] = []
    label = 0
    for match in _UUID.finditer(text):
        owners = _OWNER.findall(text, label, match.start())
        label = match.end()
        other = bool(owners) and owners[-1].lower() != "ticket"
        # A path goes from the whole to the part: of two alike, the ticket is the later one.
        found.append((other, -label, re.sub(r"[^0-9a-f]", "", match.group().lower())))
    return tuple(dict.fromkeys(uuid for _, _, uuid in sorted(found)))[:_MOST_UUIDS]


def _is_word(text: str) -> bool:
    """Whether it is letters as a person types them: `anna`, `Anna` or `ANNA`, not `dZyx`."""
    return text.isalpha() and (text in (text.lower(), text.upper()) or text[1:].islower())


def names_order(code: Code, ticket: Ticket) -> bool:
    """Whether `code`, by which `ticket` was found, names its order and not the ticket itself."""
    own = {*code.uuids, code.slug, code.exact, code.number} - {None}
    return own.isdisjoint({ticket.uuid, ticket.url, ticket.external_uuid, ticket.number})
