"""What a scanned or typed text could name. Never an error, whatever the text.

The API document does not say what a ticket's code holds, so everything that tickets were seen to
carry is read, in every way and in order of trust: as it is, without what a scanner puts around it,
as Caps Lock or another keyboard layout has changed it. Which of them counts is decided by what is
known: `boxoffice.domain.code_matching`.
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
"""No scanner types more into the wrong layout: every layout costs as much as the text itself."""
_MOST_UUIDS = 4
"""A URL names a ticket, its order and its event at most; each one may cost a question."""
_MOST_FRAMES = 8
_SHORTEST_FOREIGN = 4
"""Characters of what may look like a code of another layout."""

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
"""What the codes of others begin with."""
_SYMBOLOGY = re.compile(r"\][A-Za-z][0-9A-Z]")
"""AIM's name of the kind of code, as `]Q1` for a QR code."""
_ECI = re.compile(r"\\[0-9]{6}")
_PAIRS = ("**", '""', "''", "“”", "„“", "””", "«»", "»«", "‘’", "()", "[]", "{}", "<>")
_NUMBER = re.compile(r"[0-9]{1,18}")
_ORDER_ID = re.compile(r"[0-9A-Za-z]{2,20}")
_PLAIN = re.compile(r"(?=.*[0-9])[0-9A-Za-z][0-9A-Za-z_.:/-]*")


class Framing(NamedTuple):
    """What scanners are set to put around each code."""

    prefixes: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.prefixes or self.suffixes)


NO_FRAMING = Framing()


class Code(NamedTuple):
    """Everything that one text could name."""

    text: str
    """As it was scanned, cleaned, for showing."""
    uuids: tuple[str, ...] = ()
    """Of a ticket, of its order or of its event: the likeliest ticket first."""
    number: int | None = None
    """A ticket's number, and nothing else."""
    slug: str | None = None
    """The last part of a ticket's short URL, in its case."""
    exact: str | None = None
    """An external uuid."""
    order_id: str | None = None
    is_url: bool = False
    """A URL, or what else only machines write: of a ticket or of something quite different."""
    unsearchable: bool = False
    """Too long, or without a letter or digit: nobody searches for it."""
    flaw: str = ""
    """Why it is no ticket's code, where nothing known has it: one line for the steward."""

    @property
    def is_ticket_like(self) -> bool:
        """Whether any ticket could carry this code."""
        if self.flaw:
            return False
        named = (self.slug, self.exact and " " not in self.exact, self.order_id)
        return bool(self.uuids) or self.number is not None or any(named)

    @property
    def certain(self) -> bool:
        """Whether this is a code, or nothing, but surely no text that a person searches for."""
        return bool(self.uuids) or self.is_url or self.unsearchable or self.flaw == TWO_CODES

    @property
    def is_coded(self) -> bool:
        """Whether it has the look of a code rather than of something a person would write."""
        if self.uuids or self.is_url or self.number is not None or self.flaw == TWO_CODES:
            return True
        return self.exact is not None and (
            _PLAIN.fullmatch(self.exact) is not None
            or (self.order_id is not None and not _is_word(self.order_id))
        )

    @property
    def is_certain(self) -> bool:
        """Whether it can be nothing but a code, as a number or a word can."""
        return bool(self.uuids or self.slug)

    def names(self, ticket: Ticket) -> bool:
        """Whether it names `ticket` itself, and not only its order."""
        own = {*self.uuids, self.slug, self.exact, self.number} - {None}
        external = ticket.external_uuid
        by_external = {external, external and external_hex(external)}
        return not own.isdisjoint({ticket.uuid, ticket.url, ticket.number, *by_external})


class Reading(NamedTuple):
    code: Code
    layout: str | None = None
    """The keyboard layout to which the scanner should be set; None: it needs no other."""
    scanner: str = US
    """The layout the scanner types as if on, where `layout` explains it."""


def read_code(text: str, framing: Framing = NO_FRAMING) -> Code:
    """What `text` names by itself, whatever is known: the likeliest of its readings.

    Another keyboard layout counts only where it makes a whole uuid of what holds none.
    """
    return likeliest(plain_readings(text, framing), foreign_readings(text, framing)).code


def plain_readings(text: str, framing: Framing = NO_FRAMING) -> list[Reading]:
    """`text` as it is, then without one frame after another. Never empty."""
    bare = _bare(text)
    if bare is None:
        return [Reading(Code(clean(text, SHOWN), unsearchable=True, flaw=_TOO_LONG))]
    shown = clean(bare, SHOWN)
    # Digits on two sides of a control character may be two numbers.
    return [Reading(_read(form, shown, whole=form in text)) for form in _unframed(bare, framing)]


def foreign_readings(text: str, framing: Framing = NO_FRAMING) -> Iterator[list[Reading]]:
    """`text` as Caps Lock or another keyboard layout may have changed it: a list for each of them.

    Each list begins with what may have been typed as it is, as `plain_readings` does.
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
    """The reading that counts where none names anything known."""
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
    """What other layouts make of a text that is no code as it came, where that looks like one."""
    readings = chain.from_iterable(foreign)
    return [way for way in readings if way.layout is not None and _resembles(way, plain)]


def layout_advice(explained: Iterable[Reading]) -> str:
    """What to set the scanner to, in a sentence without its full stop.

    Empty where one of the readings needs no other layout.
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
    """`text` in one line of visible characters; None: it is too long for any code."""
    if len(text) > _LONGEST_URL:
        return None
    # What scanners frame or part a code with is no space, as `clean` would have it.
    return clean(_CONTROL.sub("", text), _LONGEST_URL)


def _is_in_capitals(text: str) -> bool:
    """Whether `text` is a link that begins in capitals, which Caps Lock makes of no ticket's link.

    Else the link of one ticket would be read as that of another, whose letters are in other cases.
    """
    begins = _SCHEME.match(text)
    short = None if begins else _SHORT_URL.search(text)
    return any(map(str.isupper, begins[0] if begins else text[: short.start() if short else 0]))


def _unframed(text: str, framing: Framing) -> list[str]:
    """`text` as it is, then without one frame after another."""
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
    """What one form of a text could name; `whole`: it was scanned in one piece."""
    if not any(map(str.isalnum, bare)):
        return Code(shown, unsearchable=bool(bare))
    if bare[: len(_HUB)].upper() == _HUB:  # see `boxoffice.domain.invitation`
        return Code(shown, is_url=True, flaw=_OF_A_HUB)
    if read_links(bare):
        return _read_links(bare, shown)
    short = _SHORT_URL.search(bare)
    if short and _HOST.fullmatch(bare, 0, short.start()):
        return Code(shown, slug=short[1], is_url=True)
    if _URL.match(bare):  # its signs are not a link's: one uuid can be read all the same
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
    """A link, or the same one several times, names a ticket; two that differ name nobody."""
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
    """Whether another layout's reading is so like a code that the layout is worth a word."""
    code = reading.code
    if code.slug is not None or code.flaw == TWO_CODES:
        return True
    like = code.is_ticket_like and code.is_coded and len(code.text) >= _SHORTEST_FOREIGN
    return like and not plain.flaw and not _is_word(plain.text) and reading.scanner == US


def _is_word(text: str) -> bool:
    """Whether it is letters as a person types them: `anna`, `Anna` or `ANNA`, not `dZyx`."""
    return text.isalpha() and (text in (text.lower(), text.upper()) or text[1:].islower())
