"""Which tickets a text names, by what is known: the same in memory and on disk."""

from collections.abc import Callable, Iterable, Sequence
from enum import Enum, auto
from typing import Generic, NamedTuple, TypeAlias, TypeVar

from boxoffice.domain.code_parts import TWO_CODES
from boxoffice.domain.codes import (
    NO_FRAMING,
    Code,
    Framing,
    Reading,
    foreign_readings,
    layout_advice,
    likeliest,
    plain_readings,
    resembled,
)

T = TypeVar("T")


class Name(Enum):
    """By what a code may name tickets."""

    UUID = auto()
    URL = auto()
    """The last part of a short URL."""
    ORDER = auto()
    """The uuid of the order."""
    EXTERNAL_HEX = auto()
    """The hex digits of an external uuid that is a uuid, however it is written."""
    EXTERNAL = auto()
    NUMBER = auto()
    ORDER_ID = auto()


KnownTickets: TypeAlias = Callable[[Name, str | int], Iterable[T]]
"""Answers the tickets that are known by a name."""


class Match(NamedTuple, Generic[T]):
    code: Code
    """The reading that counts."""
    tickets: tuple[T, ...]
    """Several: the code names them all, or may mean any one of them."""
    foreign: tuple[Reading, ...] = ()
    """The readings of Caps Lock or of other layouts that count, where the plain ones do not."""
    unread: tuple[Code, ...] = ()
    """Where nothing counts: all that it may mean, of which a ticket not known here may have one."""

    @property
    def layouts(self) -> frozenset[str]:
        """The layouts that explain the text, to one of which the scanner should be set."""
        return frozenset(reading.layout for reading in self.foreign if reading.layout)

    @property
    def layout_advice(self) -> str:
        """What to set the scanner to, where only another layout explains the text; else empty."""
        return layout_advice(self.foreign)


def match(text: str, known: KnownTickets[T], framing: Framing = NO_FRAMING) -> Match[T]:
    """What `text` names by the most trusted of its readings that names any ticket.

    Caps Lock and other layouts are tried where `text` as it is names nothing known, layouts only
    where it holds no whole uuid and is no short link either. They count where they name a known
    ticket, or hold a whole uuid that the site can be asked for. Where two of them name different
    tickets, both are offered.
    """
    plain = plain_readings(text, framing)
    if found := _by_plain(plain, known, framing):
        return found
    best = likeliest(plain, ())
    if best.code.flaw == TWO_CODES:
        return Match(best.code, ())
    foreign = [
        alike
        for alike in foreign_readings(text, framing)
        if not best.code.is_certain or alike[0].layout is None
    ]
    tickets: dict[T, None] = {}
    naming: list[Reading] = []
    for alike in foreign:
        for reading in alike:
            if by_reading := named(reading.code, known):
                tickets.update(dict.fromkeys(by_reading))
                naming.append(reading)
                break
    if naming:
        return Match(naming[0].code, tuple(tickets), tuple(naming))
    as_it_came, best = best.code, likeliest(plain, foreign)
    if best.layout is not None:
        return Match(best.code, (), (best,))
    if as_it_came.uuids:
        return Match(best.code, ())
    maybe = [as_it_came] if as_it_came.is_ticket_like and as_it_came.is_coded else []
    if not maybe:
        maybe = [reading.code for reading in resembled(as_it_came, foreign)]
    maybe += [alike[0].code for alike in foreign if alike[0].layout is None and maybe]
    return Match(best.code, (), unread=tuple(dict.fromkeys(maybe)))


def named(code: Code, known: KnownTickets[T]) -> list[T]:
    """The tickets that `code` names, by the most certain of its names that any ticket has."""
    uuids = code.uuids
    for names in (
        [*((Name.UUID, uuid) for uuid in uuids), (Name.URL, code.slug)],
        [(Name.ORDER, uuid) for uuid in uuids],
        [(Name.EXTERNAL_HEX, uuid) for uuid in uuids],
        [(Name.EXTERNAL, code.exact)],
        [(Name.NUMBER, code.number)],
        [(Name.ORDER_ID, code.order_id)],
    ):
        known_by = ((name, value) for name, value in names if value is not None)
        if found := dict.fromkeys(ticket for name in known_by for ticket in known(*name)):
            return list(found)
    return []


def _by_plain(
    plain: Sequence[Reading], known: KnownTickets[T], framing: Framing
) -> Match[T] | None:
    """What the first of the plain readings that names any ticket names; None: none does.

    Digits that are set as a prefix make another number of a number: then both are offered.
    """
    tickets: dict[T, None] = {}
    first: Code | None = None
    for reading in plain:
        if by_reading := named(reading.code, known):
            tickets.update(dict.fromkeys(by_reading))
            first = first or reading.code
            if not (framing and first.number is not None):
                break
    return Match(first, tuple(tickets)) if first else None
