"""All rows of a list, at any number: how wide their columns are, and which have the words typed.

What takes longer than a frame is done in a thread, or in slices between which others run.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Self

from boxoffice.domain.fold import fold
from boxoffice.manage import FieldInfo, Kind
from boxoffice.screens.desk.filling import Manners
from boxoffice.screens.desk.rows import cell, cells, naturals

SLICE = 4_000
"""Rows that are searched at once: about a millisecond."""


class Sheet:
    """Rows of one model. They do not change; another list is another sheet."""

    def __init__(
        self,
        rows: Sequence[Any],
        columns: Sequence[FieldInfo],
        manners: Callable[[Any], Manners],
        *,
        searched: Callable[[Any], str] = str,
        key: Callable[[Any], str] = str,
    ) -> None:
        """May take long: see `made`.

        `searched` gives the text in which a row is searched, `key` what it is known by in another
        sheet, and `manners` how its values are written.
        """
        self.rows = rows
        self.columns = columns
        self._manners = manners
        self._searched = searched
        self._own = [each for each in columns if each.kind in (Kind.MOMENT, Kind.MONEY)]
        self._key = key
        self._texts: list[str] | None = None
        self._gathering = asyncio.Lock()
        self.natural: tuple[int, ...] = (0,) * len(columns)
        """Cells that each column needs."""
        if rows:
            zone, locale = (written := manners(rows[0])).zone, written.locale
            self.natural = naturals(
                rows, columns, lambda about, value: cell(about, value, zone, locale)
            )

    @classmethod
    async def made(
        cls,
        rows: Sequence[Any],
        columns: Sequence[FieldInfo],
        manners: Callable[[Any], Manners],
        **asked: Callable[[Any], str],
    ) -> Self:
        """A sheet that is made while others run."""
        return await asyncio.to_thread(lambda: cls(rows, columns, manners, **asked))

    def cells(self, at: int) -> tuple[str, ...]:
        written = self._manners(self.rows[at])
        return cells(self.rows[at], self.columns, written.zone, written.locale)

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
        written = self._manners(row) if self._own else None
        if written is None:
            return self._searched(row)
        shown = cells(row, self._own, written.zone, written.locale)
        return f"{self._searched(row)} {fold(' '.join(shown))}"

    async def find(
        self,
        query: str,
        among: Sequence[int] | None = None,
        wanted: Callable[[], bool] = lambda: True,
    ) -> Sequence[int] | None:
        """Places of the rows that have every word. Others run meanwhile.

        `among`: those that may have them; what has the words of a longer text has those of its
        beginning. None: it is not `wanted` any more.
        """
        places = range(len(self.rows)) if among is None else among
        words = fold(query).split()
        if not words:
            return places
        texts, found = await self.texts(), list[int]()
        for start in range(0, len(places), SLICE):
            if start:
                await asyncio.sleep(0)
            if not wanted():
                return None
            found += _having(words, texts, places[start : start + SLICE])
        return found

    async def place(self, key: str, near: int) -> int | None:
        """Where the row with this key is; `near` is tried first."""
        if near < len(self.rows) and self.key(near) == key:
            return near
        return await asyncio.to_thread(lambda: self._place(key))

    def _place(self, key: str) -> int | None:
        return next((at for at in range(len(self.rows)) if self.key(at) == key), None)


def _having(words: Sequence[str], texts: Sequence[str], places: Sequence[int]) -> list[int]:
    if len(words) == 1:
        (word,) = words
        return [at for at in places if word in texts[at]]
    return [at for at in places if all(word in texts[at] for word in words)]
