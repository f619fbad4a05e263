"""Rows of any model as lines of a table, with as many columns as there is room for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal

from rich.cells import cell_len
from textual.content import Content

from boxoffice.door.money import format_money
from boxoffice.door.text import clean
from boxoffice.organiser import About, Kind
from boxoffice.organiser.forms import shown
from boxoffice.widgets.line import fit

WIDEST, NARROWEST = 44, 12
"""Cells of a column of text, at most and at least."""
NAME = 26
"""Cells of the first column, where it needs them: others are left out before."""
GAP = 2
"""Cells between columns."""
RIGHT = (Kind.WHOLE, Kind.MONEY)
"""What stands at the right of its column."""
WHOLE = (*RIGHT, Kind.MOMENT, Kind.YES)
"""What means nothing when it is cut."""


@dataclass(frozen=True, slots=True)
class Table:
    """Lines as they are drawn, all of one width."""

    header: str
    lines: tuple[Content, ...]


def cell(about: About, value: object, zone: tzinfo | None, locale: str = "") -> str:
    """A value in one line, as people of the place write it."""
    if isinstance(value, datetime):
        return f"{value.astimezone(zone) if zone else value:%a %d %b %Y %H:%M}"
    if isinstance(value, Decimal) and about.kind is Kind.MONEY:
        return format_money(value, "", locale)
    return clean(shown(about, value))


def cells(
    row: object, columns: Sequence[About], zone: tzinfo | None, locale: str = ""
) -> tuple[str, ...]:
    return tuple(cell(each, getattr(row, each.name, None), zone, locale) for each in columns)


def table(columns: Sequence[About], texts: Sequence[tuple[str, ...]], width: int) -> Table:
    """`texts`: the cells of each row. The first column is the name: the last go before it does."""
    natural = [
        min(max([cell_len(about.label), *(cell_len(row[at]) for row in texts)]), WIDEST)
        for at, about in enumerate(columns)
    ]
    widths: list[int] = []
    for count in range(len(columns), 0, -1):
        widths = natural[:count]
        if _fits(columns, widths, width):
            break
    else:
        widths = [min(each, width) for each in widths]
    first, rest = columns[:1], columns[1 : len(widths)]
    return Table(
        _line([about.label for about in columns[: len(widths)]], (*first, *rest), widths),
        tuple(
            Content.assemble(
                Content.styled(_line(row[:1], first, widths[:1]), "bold"),
                " " * GAP if rest else "",
                _line(row[1 : len(widths)], rest, widths[1:]),
            )
            for row in texts
        ),
    )


def _fits(columns: Sequence[About], widths: list[int], width: int) -> bool:
    """Make columns of text narrower, the widest first; False: it does not help."""
    least = [NAME, *(NARROWEST for _ in widths[1:])]
    while _total(widths) > width:
        texts = [
            at
            for at, each in enumerate(widths)
            if columns[at].kind not in WHOLE and each > least[at]
        ]
        if not texts:
            return False
        widths[max(texts, key=lambda at: widths[at])] -= 1
    return True


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + GAP * max(len(widths) - 1, 0)


def _line(texts: Sequence[str], columns: Sequence[About], widths: Sequence[int]) -> str:
    parts = zip(texts, columns, widths, strict=True)
    return (" " * GAP).join(_placed(text, about, width) for text, about, width in parts)


def _placed(text: str, about: About, width: int) -> str:
    if about.kind in RIGHT and cell_len(text) < width:
        return " " * (width - cell_len(text)) + text
    return fit(text, width)
