"""Reads what a scanned or typed text could name. No text is an error.

The API document does not say what a ticket's code holds. So every form that tickets were seen to
carry is read, and a text is read in several ways, the most trusted first: as it is; without what a
scanner puts around it; as if Caps Lock or another keyboard layout had changed it. Which reading
counts depends on the tickets that are known: `boxoffice.domain.code_matching`.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from boxoffice.domain.code_parts import (
    NO_WHOLE_CODE,
    SHORTEST_UUID,
    TWO_CODES,
    external_hex,
    holds_long_hex,
    read_links,
    uuid_alone,
    uuids_in_link,
)
from boxoffice.domain.humanize import format_list
from boxoffice.domain.keyboard_layouts import US, originals, swap_case
from boxoffice.domain.models import Ticket
from boxoffice.domain.text import clean
from boxoffice.language import N_, _

SHOWN = 200
"""Characters kept for showing."""
_HUB = "BOXOFFICEHUB"
_OF_A_HUB = N_("This is a hub's code: press Ctrl+P, choose “Venue”, and scan it there")
_NO_TICKET_LINK = N_("This web link is no ticket's: scan the ticket's own code")
_TOO_LONG = N_("Too long for a ticket's code: scan again, or search by name")
_LONGEST_CODE = 100
_LONGEST_URL = 2_000
"""Nothing longer is printed on a ticket."""
_LONGEST_TYPED = 600
"""Longer texts are not read by other keyboard layouts: each of these takes as long as the text."""
_MOST_UUIDS = 4
"""A URL names a ticket, its order and its event at most; for each uuid the site may be asked."""
_MOST_FRAMES = 8
_SHORTEST_FOREIGN = 4
"""A text needs so many characters to be taken for a code that another layout has changed."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_URL = re.compile(r"https?(?![0-9a-z]{2})|www\.", re.IGNORECASE | re.ASCII)
_SCHEME = re.compile(r"(?:url(?:to)?:)?(?:https?|www\.)", re.IGNORECASE)
_HOST = re.compile(r"[0-9a-z-]+(?:\.[0-9a-z-]+)+(?::[0-9]+)?", re.IGNORECASE | re.ASCII)
_SHORT_URL = re.compile(r"/t/([0-9a-z]{2,31})(?=[/?#&]|$)", re.IGNORECASE | re.ASCII)
_FOREIGN = {
    "wifi:": N_("This is a Wi-Fi code: scan the ticket's own code"),
    "mailto:": N_("This is an e-mail address: scan the ticket's own code"),
    "tel:": N_("This is a telephone number: scan the ticket's own code"),
    "geo:": N_("This is a place on the map: scan the ticket's own code"),
    "mecard:": N_("This is a business card: scan the ticket's own code"),
    "begin:": N_("This is a business card or a calendar entry: scan the ticket's own code"),
}
"""The beginnings of codes that are no tickets'."""
_SYMBOLOGY = re.compile(r"\][A-Za-z][0-9A-Z]")
"""AIM's name of the kind of code, as `]Q1` for a QR code."""
_ECI = re.compile(r"\\[0-9]{6}")
_PAIRS = ("**", '""', "''", "“”", "„“", "””", "«»", "»«", "‘’", "()", "[]", "{}", "<>")
_NUMBER = re.compile(r"[0-9]{1,18}")
_ORDER_ID = re.compile(r"[0-9A-Za-z]{2,20}")
_PLAIN = re.compile(r"(?=.*[0-9])[0-9A-Za-z][0-9A-Za-z_.:/-]*")


class Framing(NamedTuple):
    """The prefixes and suffixes that scanners are set to put around each code."""

    prefixes: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.prefixes or self.suffixes)


NO_FRAMING = Framing()


class Code(NamedTuple):
    """Everything that a text could name, by one way to read it."""

    text: str
    """As it was scanned, cleaned, for showing."""
    uuids: tuple[str, ...] = ()
    """Uuids of a ticket, its order or its event; the one that is most likely a ticket's first."""
    number: int | None = None
    """A ticket's number; the text holds nothing else."""
    slug: str | None = None
    """The last part of a ticket's short URL, in its case."""
    exact: str | None = None
    """An external uuid."""
    order_id: str | None = None
    is_url: bool = False
    """A URL, or another text that only machines write, of a ticket or of anything else."""
    unsearchable: bool = False
    """Too long, or without a letter or digit, so that nobody searches for it."""
    flaw: str = ""
    """Why it is no ticket's code, in a line for the steward; counts only if no ticket has it."""

    @property
    def is_ticket_like(self) -> bool:
        """Whether any ticket could carry this code."""
        if self.flaw:
            return False
        named = (self.slug, self.exact and " " not in self.exact, self.order_id)
        return bool(self.uuids) or self.number is not None or any(named)

    @property
    def is_no_query(self) -> bool:
        """Whether surely nobody types this to search for it: it is a code, or nothing at all."""
        return bool(self.uuids) or self.is_url or self.unsearchable or self.flaw == TWO_CODES

    @property
    def is_coded(self) -> bool:
        """Whether it looks like a code, rather than like something that a person would type."""
        if self.uuids or self.is_url or self.number is not None or self.flaw == TWO_CODES:
            return True
        return self.exact is not None and (
            _PLAIN.fullmatch(self.exact) is not None
            or (self.order_id is not None and not _is_word(self.order_id))
        )

    @property
    def is_certain(self) -> bool:
        """Whether it is surely a code: a number, or a word, could be something else."""
        return bool(self.uuids or self.slug)

    def names(self, ticket: Ticket) -> bool:
        """Whether it names `ticket` itself, and not only its order."""
        own = {*self.uuids, self.slug, self.exact, self.number} - {None}
        external = ticket.external_uuid
        by_external = {external, external and external_hex(external)}
        return not own.isdisjoint({ticket.uuid, ticket.url, ticket.number, *by_external})


class Reading(NamedTuple):
    """One way to read a text."""

    code: Code
    layout: str | None = None
    """The keyboard layout that the scanner should be set to; None: it is set right."""
    scanner: str = US
    """The layout that the scanner is set to now, if it should be set to `layout`."""


def read_code(text: str, framing: Framing = NO_FRAMING) -> Code:
    """What `text` could name, by its likeliest reading, whatever tickets are known.

    Another keyboard layout counts only if it turns a text without a uuid into a whole one.
    """
    return likeliest(plain_readings(text, framing), foreign_readings(text, framing)).code


def plain_readings(text: str, framing: Framing = NO_FRAMING) -> list[Reading]:
    """The readings of `text` as it is, then without one frame after the other. Never empty."""
    bare = _bare(text)
    if bare is None:
        return [Reading(Code(clean(text, SHOWN), unsearchable=True, flaw=_TOO_LONG))]
    shown = clean(bare, SHOWN)
    # Digits on two sides of a control character may be two numbers.
    return [Reading(_read(form, shown, whole=form in text)) for form in _unframed(bare, framing)]


def foreign_readings(text: str, framing: Framing = NO_FRAMING) -> Iterator[list[Reading]]:
    """The readings of `text` if Caps Lock or a keyboard layout has changed it, a list for each.

    Each list begins with the text without a frame taken off, as `plain_readings` does.
    """
    bare = _bare(text)
    if bare is None or len(bare) > _LONGEST_TYPED:
        return
    shown, whole = clean(bare, SHOWN), bare in text

    def read(original: str, *, caps: bool) -> Iterator[Code]:
        for form in _unframed(original, framing):
            if not (caps and _is_in_capitals(form)):
                yield _read(form, shown, whole=whole)

    if (swapped := swap_case(bare)) != bare and (codes := list(read(swapped, caps=True))):
        yield list(map(Reading, codes))
    for alike in originals(bare):
        group = [
            Reading(code, original.computer, original.scanner)
            for original in alike
            for code in read(original.text, caps=original.caps)
        ]
        if group:
            yield group


def likeliest(plain: list[Reading], foreign: Iterable[list[Reading]]) -> Reading:
    """The reading that counts if none of them names a known ticket."""
    best = next((way for way in plain if way.code.is_certain), None)
    if best is None:
        coded = [way for way in plain if way.code.is_coded]
        best = coded[-1] if coded else plain[0]
    code = best.code
    is_code = code.is_ticket_like and code.is_coded
    decided = code.uuids or code.flaw in (TWO_CODES, _TOO_LONG)
    if decided or (is_code and len(code.text) < SHORTEST_UUID):
        return best
    groups = list(foreign)
    for reading in chain.from_iterable(groups):
        if reading.layout is not None and reading.code.uuids:
            return reading
    resembling = resembled(code, groups)
    if resembling and not is_code:
        flaw = resembling[0].code.flaw
        if flaw != TWO_CODES:
            mistyped = _("It looks like a code, but mistyped. {advice}")
            flaw = mistyped.format(advice=layout_advice(resembling))
        return best._replace(code=code._replace(flaw=flaw))
    return best


def resembled(plain: Code, foreign: Iterable[list[Reading]]) -> list[Reading]:
    """Readings by other layouts that look like a code, of a text that is none as it came."""
    readings = chain.from_iterable(foreign)
    return [way for way in readings if way.layout is not None and _resembles(way, plain)]


def layout_advice(explained: Iterable[Reading]) -> str:
    """Which layout to set the scanner to, in a sentence without its full stop.

    Empty if one of the readings needs no other layout.
    """
    ways = [(reading.scanner, reading.layout) for reading in explained]
    if not ways or any(layout is None for _, layout in ways):
        return ""
    scanner = ways[0][0]
    names = list(dict.fromkeys(layout for typed_as, layout in ways if typed_as == scanner))
    layouts = format_list([_(str(name)) for name in names], any_of=True)
    advice = _("The scanner types as if on a {scanner} keyboard: set it to {layouts}")
    return advice.format(scanner=_(str(scanner)), layouts=layouts)


def _bare(text: str) -> str | None:
    """`text` as one line of visible characters; None: it is too long for any code."""
    if len(text) > _LONGEST_URL:
        return None
    # Control characters come from scanners: `clean` would turn them into spaces.
    return clean(_CONTROL.sub("", text), _LONGEST_URL)


def _is_in_capitals(text: str) -> bool:
    """Whether `text`, with Caps Lock taken back, is a link in capitals: no ticket's link is.

    Otherwise a ticket's link would be read as another ticket's, which differs only in its case.
    """
    begins = _SCHEME.match(text)
    short = None if begins else _SHORT_URL.search(text)
    return any(map(str.isupper, begins[0] if begins else text[: short.start() if short else 0]))


def _unframed(text: str, framing: Framing) -> list[str]:
    """`text` as it is, then without one frame after the other."""
    forms = [text]
    prefixes, suffixes = list(framing.prefixes), list(framing.suffixes)
    while len(forms) <= _MOST_FRAMES:
        prefix = next(filter(text.startswith, prefixes), None)
        suffix = next(filter(text.endswith, suffixes), None)
        if prefix is not None:
            prefixes.clear()
            text = text.removeprefix(prefix)
        elif suffix is not None:
            suffixes.clear()
            text = text.removesuffix(suffix)
        elif named := _SYMBOLOGY.match(text) or _ECI.match(text):
            text = text[named.end() :]
        elif text[:1] == "#":
            text = text[1:]
        elif len(text) > 2 and text[0] + text[-1] in _PAIRS:
            text = text[1:-1]
        else:
            break
        text = text.strip()
        if not text:
            break
        forms.append(text)
    return forms


def _read(bare: str, shown: str, *, whole: bool) -> Code:
    """What one form of a text could name. `whole`: these characters were scanned in one piece."""
    if not any(map(str.isalnum, bare)):
        return Code(shown, unsearchable=bool(bare))
    if bare[: len(_HUB)].upper() == _HUB:  # see `boxoffice.domain.invitation`
        return Code(shown, is_url=True, flaw=_OF_A_HUB)
    if read_links(bare):
        return _read_links(bare, shown)
    short = _SHORT_URL.search(bare)
    if short and _HOST.fullmatch(bare, 0, short.start()):
        return Code(shown, slug=short[1], is_url=True)
    if _URL.match(bare):  # it is no proper link, but a single uuid in it can be read all the same
        uuids, _ = uuids_in_link(bare)
        uuids = uuids if len(uuids) == 1 else ()
        return Code(shown, uuids, is_url=True, flaw="" if uuids else _NO_TICKET_LINK)
    uuids, flaw = uuid_alone(bare)
    kind, colon, _ = bare.lower().partition(":")
    if foreign := _FOREIGN.get(kind + colon):
        return Code(shown, uuids, is_url=True, flaw="" if uuids else flaw or foreign)
    if len(bare) > SHOWN:
        return Code(shown, uuids, unsearchable=True, flaw="" if uuids else flaw or _TOO_LONG)
    if len(bare) > _LONGEST_CODE:
        return Code(shown, uuids, flaw=flaw)
    return Code(
        shown,
        uuids,
        number=int(bare) if whole and _NUMBER.fullmatch(bare) else None,
        exact=bare,
        order_id=bare if _ORDER_ID.fullmatch(bare) else None,
        flaw=flaw,
    )


def _read_links(bare: str, shown: str) -> Code:
    """Read a link, or the same link several times. Two that differ name nobody."""
    named: set[tuple[tuple[str, ...], tuple[str, ...]]] = set()
    two = False
    for word in bare.split(" "):
        for parts in read_links(word) or [[word]]:
            found = [uuids_in_link(part) for part in parts]
            uuids = tuple(dict.fromkeys(uuid for uuids, _ in found for uuid in uuids))
            slugs = tuple(dict.fromkeys(m[1] for part in parts for m in _SHORT_URL.finditer(part)))
            two = two or len(slugs) > 1 or any(glued for _, glued in found)
            if uuids or slugs:
                named.add((uuids, slugs))
    if two or len(named) > 1:
        return Code(shown, is_url=True, flaw=TWO_CODES)
    for uuids, slugs in named:
        return Code(shown, uuids[:_MOST_UUIDS], slug=slugs[0] if slugs else None, is_url=True)
    flaw = NO_WHOLE_CODE if holds_long_hex(bare) else _NO_TICKET_LINK
    return Code(shown, is_url=True, flaw=flaw)


def _resembles(reading: Reading, plain: Code) -> bool:
    """Whether another layout's reading looks so much like a code that the layout is named."""
    code = reading.code
    if code.slug is not None or code.flaw == TWO_CODES:
        return True
    like = code.is_ticket_like and code.is_coded and len(code.text) >= _SHORTEST_FOREIGN
    return like and not plain.flaw and not _is_word(plain.text) and reading.scanner == US


def _is_word(text: str) -> bool:
    """Whether these are letters as a person types them: `anna`, `Anna` or `ANNA`, not `dZyx`."""
    return text.isalpha() and (text in (text.lower(), text.upper()) or text[1:].islower())
