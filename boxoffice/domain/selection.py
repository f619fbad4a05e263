"""Whom a person's Enter means: the one who is left, or the row that was chosen. Never a guess."""

from typing import NamedTuple, TypeAlias

from boxoffice.domain.codes import read_code
from boxoffice.domain.roster import Filter, Roster, Row, SearchResult
from boxoffice.language import N_, _, ngettext


class TypedCode(NamedTuple):
    text: str


class Chosen(NamedTuple):
    ticket: str
    note: str = ""
    """What the line says of the others."""


class Nobody(NamedTuple):
    """Nobody is meant yet."""

    note: str = ""
    """What the line says: how to choose."""


Selection: TypeAlias = TypedCode | Chosen | Nobody

TOO_FAST = N_("too fast to be typed: ↓ chooses")
NEAREST = N_("nearest names: ↓ chooses")
NOBODY = N_("nobody found: correct the name, or Esc")
NOT_TYPED = N_("type a name, or ↓ chooses")
GONE = N_("no longer listed: ↓ chooses")


def select(
    text: str,
    *,
    roster: Roster | None,
    only: Filter = Filter.ALL,
    highlighted: str | None = None,
    doubtful: bool = False,
) -> Selection:
    """Whom Enter means with `text` on the line.

    `highlighted`: the row that a person put the highlight on. `doubtful`: a scanner may have
    written the text, so that it chooses nobody by itself, unless it holds a whole uuid.
    """
    line = text.strip()
    if not line:
        return Chosen(highlighted) if highlighted else Nobody(_(NOT_TYPED))
    found = roster.find(line, only) if roster is not None else SearchResult(())
    if highlighted is not None:
        return Chosen(highlighted) if highlighted in found.uuids else Nobody(_(GONE))
    code = read_code(line)
    if doubtful:  # a whole uuid names its ticket, whoever wrote it
        return TypedCode(line) if code.uuids else Nobody(_(TOO_FAST))
    if code.is_no_query or roster is None:
        return TypedCode(line)
    named = roster.names(line)
    hits = len(found.uuids) + found.hidden
    if (not hits or named) and code.is_coded:
        return TypedCode(line)
    if not hits and not named:
        return Nobody(_(NOBODY))
    if found.near:
        return TypedCode(line) if named else Nobody(_(NEAREST) if found.uuids else _how_many(found))
    if hits <= len(named) and set(named).issuperset(roster.find(line).uuids):
        return TypedCode(line)  # the search says the same, and the code may ask WHICH ONE?
    if found.by_kind:
        return Nobody(_how_many(found))
    if len(found.uuids) == 1:
        return Chosen(found.uuids[0])
    return _same(roster, found) or Nobody(_how_many(found))


def _how_many(found: SearchResult) -> str:
    if not found.uuids:
        hidden = ngettext(
            "{n} more under all: Tab shows it",
            "{n} more under all: Tab shows them",
            found.hidden,
        )
        return hidden.format(n=found.hidden)
    return _("{n} found: ↓ chooses").format(n=len(found.uuids) + found.hidden)


MOST_ON_ORDER = 50
"""Tickets of one name on one order; more are no friends of one person."""


def _same(roster: Roster, found: SearchResult) -> Chosen | None:
    """The first ticket that is not in, where all that is found is one name on one order."""
    if found.hidden or len(found.uuids) > MOST_ON_ORDER:
        return None
    rows = [row for uuid in found.uuids if (row := roster.get(uuid)) is not None]
    if len({_whose(row) for row in rows}) != 1 or rows[0].ticket.order is None:
        return None
    out = [row for row in rows if not row.is_in]
    left = len(out) - 1
    note = _("{left} left of {n} with this name").format(left=left, n=len(rows))
    return Chosen((out or rows)[0].ticket.uuid, note if left > 0 else "")


def _whose(row: Row) -> tuple[str, str | None]:
    return row.ticket.full_name.casefold(), row.ticket.order
