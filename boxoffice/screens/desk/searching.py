"""All things of one kind at the site, searched as one types."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Label
from textual.worker import Worker

from boxoffice.commands import Place, bindings
from boxoffice.screens.desk.list_base import MOVES, ListBase
from boxoffice.screens.desk.sheet import Sheet
from boxoffice.screens.desk.spot import Spot
from boxoffice.widgets.key_labels import key_of

ASKING = "Asking the site…"
SLOW = "Asking the site for every one of them: this may take minutes."
NOTHING = "There are no {} yet. {}"
MAKES, ASKS = "{} makes one.", "{} asks the site again."
NONE_FOUND = "None has all of these words. Esc clears them."


class SearchedList(ListBase[None]):
    """Reads its rows from the site; `spot` says which."""

    place = Place.DESK
    BINDINGS = [*bindings(place), *MOVES]

    def __init__(self, spot: Spot) -> None:
        super().__init__()
        self._spot = spot
        self._resource = spot.resource
        self._listed = ""
        """What was searched for in the rows that are shown."""
        self._finding: Worker[None] | None = None

    def heading(self) -> Content:
        told = [self._spot.title]
        if self.sheet is not None:
            shown, every = len(self.rows.keys), len(self.sheet.rows)
            told.append(f"{every:,}" if shown == every else f"{shown:,} of {every:,}")
        return Content.assemble(
            " · ".join(told), Content.styled(f" · {self._spot.where}", "not bold")
        )

    def before_rows(self) -> Iterable[Widget]:
        yield Input(placeholder="Type to search", compact=True)

    def on_mount(self) -> None:
        self.query_one(Input).focus()
        self.action_refresh()

    def action_refresh(self) -> None:
        self.say(SLOW if self._resource.heavy else ASKING, calm=True)
        self.reread(self._read, "read a list of the desk", group="list")

    async def _read(self) -> None:
        resource = self._resource
        rows = await resource.list(self._spot.of)
        sheet = await Sheet.made(
            rows,
            self._resource.column_fields,
            self._spot.manners,
            searched=resource.searched,
            key=resource.key,
        )
        self.work(sheet.texts(), "gather the texts of a list", group="texts")
        query, found = "", None
        while found is None:
            query = self.wanted
            found = await sheet.find(query, wanted=partial(self._wants, query))
        old, kept, place = self.sheet, self.rows.key, None
        while old is not None and kept is not None:
            place = await sheet.place(old.key(kept), kept)
            if kept == self.rows.key:
                break
            kept = self.rows.key  # moved meanwhile
        self._list(sheet, found, query, place, self.rows.cursor or 0)
        self._search()

    @property
    def wanted(self) -> str:
        """What is searched for."""
        return self.query_one(Input).value

    @property
    def row(self) -> Any:
        """The highlighted row; None: there is none."""
        at = self.rows.key if self.sheet is not None else None
        return self.sheet.rows[at] if at is not None and self.sheet is not None else None

    def shows(self, query: str) -> bool:
        """Whether what is listed is what has the words of `query`."""
        return self.sheet is not None and self._listed == query

    def _wants(self, query: str) -> bool:
        return query == self.wanted

    @on(Input.Changed)
    def _search(self) -> None:
        if self._finding is None or self._finding.is_finished:
            self._finding = self.work(self._find(), "search a list", group="search")

    async def _find(self) -> None:
        """Show what was typed last, and then nothing else was typed."""
        while (sheet := self.sheet) is not None and not self.shows(query := self.wanted):
            narrower = bool(self._listed) and query.startswith(self._listed)
            among = self.rows.keys if narrower else None
            found = await sheet.find(query, among, partial(self._wants, query))
            if found is not None and sheet is self.sheet:
                self._list(sheet, found, query)

    def _list(
        self,
        sheet: Sheet,
        found: Sequence[int],
        query: str,
        place: int | None = None,
        near: int = 0,
    ) -> None:
        """Show what was found; `place` is of the row to be highlighted, else the one `near`."""
        if place is not None and (at := bisect_left(found, place)) < len(found):
            near = at
        self._listed = query
        self.put(sheet, found, near)
        self.query_one("#desk-title", Label).update(self.heading())
        if found:
            self.say("")
        else:
            self.say(NONE_FOUND if sheet.rows else self._none(), calm=not sheet.rows)

    def _none(self) -> str:
        makes = "desk_new" in self.can
        todo = MAKES if makes else ASKS
        key = key_of(self, "desk_new" if makes else "refresh")
        return NOTHING.format(self._resource.title.lower(), todo.format(key))

    async def _row(self) -> Any:
        """The highlighted row, once what was typed has been searched for."""
        await self._find()
        return self.row

    def failed(self, group: str, sentence: str) -> None:
        again = f" {key_of(self, 'refresh')} asks again." if group == "list" else ""
        self.say(f"{sentence}{again}")

    def action_back(self) -> None:
        search = self.query_one(Input)
        if search.value:
            search.value = ""
        else:
            self.dismiss(None)
