"""All rows of a list, at any number: their columns, and which rows have the words typed.

What may take longer than a frame is done in a thread.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Self
from weakref import finalize

from rich.cells import cell_len

from boxoffice.collector import free_in_steps
from boxoffice.domain.humanize import format_moment
from boxoffice.domain.money import format_money
from boxoffice.domain.text import clean, fold
from boxoffice.manage import FieldInfo, Kind, shown
from boxoffice.screens.desk.context import FormatOptions
from boxoffice.widgets.line_widget import fit

NAME, LEAST = 26, 20
"""Cells that the first column, and any other column of text, keep where they need them."""
GAP = " " * 2
"""Between columns."""
RIGHT = (Kind.WHOLE, Kind.MONEY, Kind.PARTS)
"""What stands at the right of its column."""
WHOLE = (*RIGHT, Kind.MOMENT, Kind.YES)
"""What means nothing when it is cut."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns that are shown, and how wide each of them is."""

    places: tuple[int, ...] = ()
    """Where the cells of these columns are among those of all."""
    columns: tuple[FieldInfo, ...] = ()
    widths: tuple[int, ...] = ()

    @property
    def header(self) -> str:
        return GAP.join(self._placed([info.label for info in self.columns]))

    def line(self, texts: Sequence[str]) -> tuple[str, str]:
        """The first column of a row, and the rest of its line; `texts`: the cells of all."""
        first, *rest = self._placed([texts[place] for place in self.places]) or ("",)
        return first, "".join(f"{GAP}{item}" for item in rest)

    def _placed(self, texts: Sequence[str]) -> list[str]:
        placed = zip(texts, self.columns, self.widths, strict=True)
        return [_placed(text, about, width) for text, about, width in placed]


def cell(about: FieldInfo, value: object, options: FormatOptions) -> str:
    """A value in one line, as people of the place write it."""
    zone = options.zone
    if isinstance(value, datetime):
        return format_moment(value.astimezone(zone) if zone else value)
    if isinstance(value, Decimal) and about.kind is Kind.MONEY:
        return format_money(value, "", options.locale)
    return clean(shown(about, value))


def cells(row: object, columns: Sequence[FieldInfo], options: FormatOptions) -> tuple[str, ...]:
    return tuple(cell(info, getattr(row, info.name, None), options) for info in columns)


def naturals(
    rows: Sequence[object], columns: Sequence[FieldInfo], write: Callable[[FieldInfo, object], str]
) -> tuple[int, ...]:
    """What the widest cell of each column needs; 0: there is nothing in any of them.

    `write` makes the text of a value. It is asked for every text once, and of other values, which
    look alike, for one of each length or hour.
    """
    return tuple(
        max(map(cell_len, _texts((getattr(row, info.name, None) for row in rows), info, write)))
        if rows
        else 0
        for info in columns
    )


def _texts(
    values: Iterable[object], about: FieldInfo, write: Callable[[FieldInfo, object], str]
) -> Iterable[str]:
    texts: set[str] = set()
    others: dict[tuple[type, object], object] = {}
    for value in values:
        if isinstance(value, str):
            texts.add(value)
        else:
            others.setdefault((type(value), _look(value)), value)
    for item in (*texts, *others.values()):
        yield write(about, item)


def _look(value: object) -> object:
    """What is the same of values that are as wide: days have longer and shorter names."""
    if isinstance(value, datetime):
        return value.replace(minute=0, second=0, microsecond=0)
    return len(value) if isinstance(value, tuple) else len(str(value))


def layout(columns: Sequence[FieldInfo], natural: Sequence[int], width: int) -> Layout:
    """As many columns as fit into `width` cells, those that stand first before the others.

    `natural`: see `naturals`. A column of text may be cut, down to a length that still tells
    something; a number, a moment, a yes or a no is there whole or not at all. What is empty in
    every row takes no room.
    """
    needs = [max(most, cell_len(about.label)) for about, most in zip(columns, natural, strict=True)]
    empty = any(natural)
    chosen: list[int] = []
    least: list[int] = []
    for at, about in enumerate(columns):
        bound = needs[at] if about.kind in WHOLE else min(needs[at], LEAST if chosen else NAME)
        if not chosen:
            bound = min(bound, width)
        elif (empty and not natural[at]) or _total([*least, bound]) > width:
            continue
        chosen.append(at)
        least.append(bound)
    widths = [max(needs[at], bound) for at, bound in zip(chosen, least, strict=True)]
    while _total(widths) > width:
        wider = [at for at, item in enumerate(widths) if item > least[at]]
        widths[max(wider, key=lambda at: widths[at])] -= 1
    return Layout(tuple(chosen), tuple(columns[at] for at in chosen), tuple(widths))


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + len(GAP) * max(len(widths) - 1, 0)


def _placed(text: str, about: FieldInfo, width: int) -> str:
    if about.kind in RIGHT and cell_len(text) < width:
        return " " * (width - cell_len(text)) + text
    return fit(text, width)


class TableModel:
    """Rows of one model. They do not change; another list is another table."""

    def __init__(
        self,
        rows: Sequence[Any],
        columns: Sequence[FieldInfo],
        format_options: Callable[[Any], FormatOptions],
        *,
        searched: Callable[[Any], str] = str,
        key: Callable[[Any], str] = str,
    ) -> None:
        """May take long: see `build`.

        `searched` gives the text in which a row is searched, `key` what it is known by in another
        table, and `format_options` how its values are written.
        """
        self.rows = rows
        self.columns = columns
        self._format_options = format_options
        self._searched = searched
        self._own = [info for info in columns if info.kind in (Kind.MOMENT, Kind.MONEY)]
        self._key = key
        self._texts: list[str] | None = None
        self._gathering = asyncio.Lock()
        self.natural: tuple[int, ...] = (0,) * len(columns)
        """Cells that each column needs."""
        if rows:
            options = format_options(rows[0])
            self.natural = naturals(rows, columns, lambda about, value: cell(about, value, options))

    @classmethod
    async def build(
        cls,
        rows: Sequence[Any],
        columns: Sequence[FieldInfo],
        format_options: Callable[[Any], FormatOptions],
        **asked: Callable[[Any], str],
    ) -> Self:
        """A table that is made while others run, and whose rows go while others run.

        An order with all that a site tells of it takes 20 µs to be freed.
        """
        own = await asyncio.to_thread(list, rows)
        table = await asyncio.to_thread(lambda: cls(own, columns, format_options, **asked))
        finalize(table, free_in_steps, own).atexit = False
        return table

    def cells(self, at: int) -> tuple[str, ...]:
        return cells(self.rows[at], self.columns, self._format_options(self.rows[at]))

    def key(self, at: int) -> str:
        return self._key(self.rows[at])

    async def texts(self) -> list[str]:
        """What every row is searched in. The first time it takes long."""
        async with self._gathering:
            if self._texts is None:
                self._texts = await asyncio.to_thread(lambda: [*map(self._text, self.rows)])
            return self._texts

    def _text(self, row: Any) -> str:
        """What a row is searched in: also moments and amounts as they are written here."""
        if not self._own:
            return self._searched(row)
        shown = cells(row, self._own, self._format_options(row))
        return f"{self._searched(row)} {fold(' '.join(shown))}"

    async def find(self, query: str, among: Sequence[int] | None = None) -> Sequence[int]:
        """Places of the rows that have every word.

        `among`: those that may have them; what has the words of a longer text has those of its
        beginning.
        """
        places = range(len(self.rows)) if among is None else among
        words = fold(query).split()
        if not words:
            return places
        return await asyncio.to_thread(_having, words, await self.texts(), places)

    async def place(self, key: str, near: int) -> int | None:
        """Where the row with this key is; `near` is tried first."""
        if near < len(self.rows) and self.key(near) == key:
            return near
        return await asyncio.to_thread(lambda: self._place(key))

    def _place(self, key: str) -> int | None:
        return next((at for at in range(len(self.rows)) if self.key(at) == key), None)


def _having(words: Sequence[str], texts: Sequence[str], places: Sequence[int]) -> Sequence[int]:
    for word in sorted(words, key=len, reverse=True):  # the fewest rows have the longest
        places = [at for at in places if word in texts[at]]
    return places
