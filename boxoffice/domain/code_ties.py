"""Codes that a person tied to a guest: which can be, what is said of it, and the rules they show.

A tie holds for one text, exactly. A rule says which part of a code is which field of the ticket, so
that codes of the same form are read without a tie of their own.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from boxoffice.domain.code_parts import TWO_CODES
from boxoffice.domain.codes import Code, read_code
from boxoffice.domain.humanize import format_time
from boxoffice.domain.models import Event, Ticket
from boxoffice.domain.text import clean
from boxoffice.domain.verdicts import BROKEN_OFF, Verdict, VerdictCode
from boxoffice.language import _

LONGEST = 200
"""Characters of a code that can be tied; a longer one would be known by its beginning alone."""
SHORTEST = 4
"""Characters; anything shorter may be the end of a scan that broke off."""

UNREAD = frozenset({VerdictCode.UNKNOWN, VerdictCode.CANNOT_TELL})
"""What is said of a code that may be a ticket's, and names none."""

_OTHERS = re.compile(r"(?:wifi|mailto|tel|sms(?:to)?|geo|mecard|begin|matmsg):", re.IGNORECASE)
"""How the codes of others begin, that are on no ticket."""

SHORTEST_PART = 6
"""Hex digits of a uuid that say enough to tell one ticket from the others."""
SHORTEST_NAME = 3
"""Characters of an external id or a short link that are no accident in a code."""
TELLING = 4
"""Characters of a value from which two ties are evidence enough; with less, it takes three."""

_HEX = re.compile(r"[0-9a-f]+")
_DIGITS = re.compile(r"[0-9]{1,18}")


class CodeTie(NamedTuple):
    """A person's word that a code is a guest's."""

    code: str
    """As `tied_text` writes it."""
    event: str
    ticket: str
    at: datetime
    lane: str
    operator: str
    journal: int
    """Its row in the journal."""


def tied_text(text: str) -> str | None:
    """What a code is tied and found by: its text, cleaned; None: too short or too long for it."""
    key = clean(text, LONGEST)
    was_cut = len(key) == LONGEST and key.endswith("…")
    return key if len(key) >= SHORTEST and not was_cut else None


def can_be_tied(code: str, verdict: Verdict) -> bool:
    """Whether a person may say whose `code` is, after this verdict on it.

    Of what is no code of the site's, only that which may be the organiser's own: no word and no
    name, since these can be typed, and nothing of another trade. Never half a code.
    """
    if tied_text(code) is None or verdict == BROKEN_OFF:
        return False
    if verdict.code in UNREAD:  # with a ticket: one that is gone, by its own code or by a tie
        return verdict.ticket is None or not read_code(code).names(verdict.ticket)
    return (
        verdict.code is VerdictCode.NOT_A_TICKET
        and verdict.ticket is None
        and any(map(str.isdecimal, code))
        and read_code(code).flaw != TWO_CODES
        and _OTHERS.match(code) is None
    )


def tied_by(tie: CodeTie, event: Event, now: datetime) -> str:
    """Who tied it, and when: `tied here by Anna at 19:02`."""
    tied = _("tied here by {operator} at {time}") if tie.operator else _("tied here at {time}")
    return tied.format(operator=tie.operator, time=format_time(tie.at, event, now))


def noted(verdict: Verdict, tie: CodeTie, event: Event, now: datetime) -> Verdict:
    """The verdict on the ticket of a tie, with a note of whose word that rests on."""
    return verdict._replace(reason=f"{verdict.reason}; {tied_by(tie, event, now)}")


# Rules


class Field(StrEnum):
    """A field that names a ticket, as a rule finds it in a code. The surest comes first."""

    EXTERNAL_ID = "external_id"
    SHORT_LINK = "short_link"
    UUID_START = "uuid_start"
    UUID_END = "uuid_end"
    NUMBER = "number"


class Letters(StrEnum):
    """How a code writes the letters of the field."""

    SAME = "same"
    UPPER = "upper"
    """In capitals, whatever the field's own are; the field's are all small."""
    LOWER = "lower"

    def write(self, value: str) -> str:
        """The field's value as a code writes it."""
        match self:
            case Letters.SAME:
                return value
            case Letters.UPPER:
                return value.upper()
            case Letters.LOWER:
                return value.lower()

    def read(self, part: str) -> str | None:
        """The field's value by what a code writes; None: it is written otherwise."""
        if part != self.write(part):
            return None
        return part if self is Letters.SAME else part.swapcase()


class RuleState(StrEnum):
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REVOKED = "revoked"


class CodeRule(NamedTuple):
    """A form of code: one field of the ticket between two texts that are always the same."""

    field: Field
    prefix: str = ""
    suffix: str = ""
    width: int = 0
    """Characters of the field's part, a number's with its leading zeros; 0: any number of them,
    and a number without."""
    letters: Letters = Letters.SAME

    def value(self, code: str) -> str | None:
        """The value of the field in `code`; None: the code is of another form."""
        room = len(code) - len(self.prefix) - len(self.suffix)
        framed = code.startswith(self.prefix) and code.endswith(self.suffix)
        if not framed or room <= 0 or self.width not in (0, room):
            return None
        part = code[len(self.prefix) :][:room]
        match self.field:
            case Field.NUMBER:
                fits = _DIGITS.fullmatch(part) and (self.width or not part.startswith("0"))
                return str(int(part)) if fits else None
            case Field.UUID_START | Field.UUID_END:
                part = part.lower()
                return part if room >= SHORTEST_PART and _HEX.fullmatch(part) else None
            case Field.EXTERNAL_ID | Field.SHORT_LINK:
                return self.letters.read(part) if room >= SHORTEST_NAME else None

    def value_of(self, ticket: Ticket) -> str | None:
        """The value of the field that `ticket` has; None: it has none, or none is known."""
        match self.field:
            case Field.NUMBER:
                return None if ticket.number is None else str(ticket.number)
            case Field.EXTERNAL_ID:
                return ticket.external_uuid
            case Field.SHORT_LINK:
                return ticket.url
            case Field.UUID_START:
                return ticket.uuid[: self.width]
            case Field.UUID_END:
                return ticket.uuid[-self.width :]

    def contradicts(self, code: str, ticket: Ticket) -> bool:
        """Whether it reads another ticket out of `code` than that whose code it is."""
        read, has = self.value(code), self.value_of(ticket)
        return read is not None and has is not None and read != has

    def reading(self, code: str) -> Code | None:
        """What could name the ticket of `code`; None: of another form, or by a part of a uuid.

        A number that stands in a code proves no more than one that stands alone.
        """
        value = self.value(code)
        if value is None or self.field in (Field.UUID_START, Field.UUID_END):
            return None
        return Code(
            code,
            number=int(value) if self.field is Field.NUMBER else None,
            exact=value if self.field is Field.EXTERNAL_ID else None,
            slug=value if self.field is Field.SHORT_LINK else None,
        )

    @property
    def sentence(self) -> str:
        """Which codes it reads, and how."""
        part = {
            Field.NUMBER: _("the ticket's number"),
            Field.EXTERNAL_ID: _("the ticket's external id"),
            Field.SHORT_LINK: _("the end of the ticket's short link"),
            Field.UUID_START: _("the first {n} characters of the ticket's uuid"),
            Field.UUID_END: _("the last {n} characters of the ticket's uuid"),
        }[self.field].format(n=self.width)
        if self.field is Field.NUMBER and self.width:
            part = _("the ticket's number in {n} digits").format(n=self.width)
        if self.letters is Letters.UPPER:
            part = _("{part} in capitals").format(part=part)
        elif self.letters is Letters.LOWER:
            part = _("{part} in small letters").format(part=part)
        match bool(self.prefix), bool(self.suffix):
            case True, True:
                rule = _("A code is {part} behind “{prefix}” and before “{suffix}”.")
            case True, False:
                rule = _("A code is {part} behind “{prefix}”.")
            case False, True:
                rule = _("A code is {part} before “{suffix}”.")
            case _neither:
                rule = _("A code is {part}.")
        return rule.format(part=part, prefix=self.prefix, suffix=self.suffix)

    def as_text(self) -> str:
        """As it is kept; the same for the same rule."""
        return json.dumps(self._asdict(), sort_keys=True)


def read_rule(text: str) -> CodeRule | None:
    """The rule that `as_text` wrote; None: a later boxoffice wrote one that is not known here."""
    try:
        fields = json.loads(text)
        return CodeRule(
            Field(fields["field"]),
            str(fields["prefix"]),
            str(fields["suffix"]),
            int(fields["width"]),
            Letters(fields["letters"]),
        )
    except (ValueError, KeyError, TypeError):
        return None


def find_rules(tied: Sequence[tuple[str, Ticket]]) -> list[CodeRule]:
    """The rules that ties show, the best first.

    `tied`: codes with the tickets they were tied to. A rule is shown by two tickets whose codes it
    explains, by three where their values are short, and by none where a single code of its form is
    another ticket's, or where two of the tickets are the same to it.
    """
    shown_by: dict[CodeRule, dict[str, str]] = {}
    """The codes that a rule explains, with their tickets."""
    for code, ticket in tied:
        for rule in _explaining(code, ticket):
            shown_by.setdefault(rule, {})[code] = ticket.uuid
    tickets = list({ticket.uuid: ticket for _, ticket in tied}.values())
    good = [
        rule
        for rule, shown in shown_by.items()
        if _is_evidence(rule, shown)
        and _distinguishes(rule, tickets)
        and not any(rule.contradicts(code, ticket) for code, ticket in tied)
    ]
    found: list[CodeRule] = []
    for rule in sorted(good, key=lambda rule: (-len(shown_by[rule]), *_rank(rule))):
        # What explains no more codes than a better one is the same rule, said otherwise.
        if not any(shown_by[rule].keys() <= shown_by[better].keys() for better in found):
            found.append(rule)
    return found


def _is_evidence(rule: CodeRule, shown: Mapping[str, str]) -> bool:
    shortest = min(len(rule.value(code) or "") for code in shown)
    return len(set(shown.values())) >= (2 if shortest >= TELLING else 3)


def _rank(rule: CodeRule) -> tuple[object, ...]:
    """The better, the shorter the frame: zeros before a number are likelier its own."""
    order = list(Field).index(rule.field), len(rule.prefix) + len(rule.suffix)
    return (*order, list(Letters).index(rule.letters), rule.width, rule.prefix)


def _distinguishes(rule: CodeRule, tickets: Iterable[Ticket]) -> bool:
    values = [value for ticket in tickets if (value := rule.value_of(ticket)) is not None]
    return len(set(values)) == len(values)


def _explaining(code: str, ticket: Ticket) -> Iterator[CodeRule]:
    """Every rule that reads `ticket` out of `code`; none where it is read without one."""
    if read_code(code).names(ticket):
        return
    for rule in (*_by_number(code, ticket), *_by_uuid(code, ticket), *_by_name(code, ticket)):
        if rule.value(code) == rule.value_of(ticket):
            yield rule


def _by_number(code: str, ticket: Ticket) -> Iterator[CodeRule]:
    if ticket.number is None or ticket.number <= 0:
        return
    digits = str(ticket.number)
    for at in _places(code, digits):
        end = at + len(digits)
        suffix = code[end:]
        # Behind a digit, or nothing, the end of a scan that broke off would be another's number.
        if at > 0 and not code[at - 1].isdecimal():
            yield CodeRule(Field.NUMBER, code[:at], suffix)
        begin = at
        while True:
            yield CodeRule(Field.NUMBER, code[:begin], suffix, end - begin)
            if begin == 0 or code[begin - 1] != "0":
                break
            begin -= 1


def _by_uuid(code: str, ticket: Ticket) -> Iterator[CodeRule]:
    low = code.lower()
    if len(low) != len(code):  # some letters are two in lower case
        return
    for width in range(SHORTEST_PART, len(ticket.uuid) + 1):
        for field, part in (
            (Field.UUID_START, ticket.uuid[:width]),
            (Field.UUID_END, ticket.uuid[-width:]),
        ):
            for at in _places(low, part):
                yield CodeRule(field, code[:at], code[at + width :], width)


def _by_name(code: str, ticket: Ticket) -> Iterator[CodeRule]:
    for field, value in (
        (Field.EXTERNAL_ID, ticket.external_uuid or ""),
        (Field.SHORT_LINK, ticket.url or ""),
    ):
        if len(value) < SHORTEST_NAME:
            continue
        for letters in Letters:
            written = letters.write(value)
            for at in _places(code, written):
                yield CodeRule(field, code[:at], code[at + len(written) :], 0, letters)


def _places(text: str, part: str) -> Iterator[int]:
    """Where `part` stands in `text`, also where it overlaps itself."""
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)
