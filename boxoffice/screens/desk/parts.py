"""The parts of something, such as the choices of a question: added and changed, then given back."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from textual import on
from textual.binding import Binding
from textual.content import Content

from boxoffice.commands import Place, bindings
from boxoffice.manage import FieldInfo, Kind, field_info
from boxoffice.manage.editing import apply_edit
from boxoffice.screens.desk.filling import Manners, Offered
from boxoffice.screens.desk.form import FormScreen
from boxoffice.screens.desk.list_base import MOVES, ListBase
from boxoffice.screens.desk.row_list import RowList
from boxoffice.screens.desk.sheet import Sheet
from boxoffice.widgets.key_labels import key_of

HINT = "{} adds one, Enter changes one, Esc goes back to the form."
STAYS = "The site has this one already: “Actions” in the list before removes it."
NONE = "There is none yet. {} adds one."


class PartsScreen(ListBase[tuple[Any, ...] | None]):
    """Answers the parts as they are now; nothing is sent from here."""

    place = Place.DESK
    BINDINGS = [
        *bindings(place),
        *MOVES,
        Binding("enter", "desk_open", show=False),
    ]
    can = frozenset({"desk_open", "desk_new", "desk_delete"})

    def __init__(
        self,
        heading: str,
        field: FieldInfo,
        parts: Sequence[Any],
        manners: Manners,
        offered: Callable[[], Awaitable[Offered]] | None = None,
    ) -> None:
        """`offered`: as of `FormScreen`."""
        super().__init__()
        self._offered = offered
        if field.model is None:
            raise TypeError(f"{field.name} has no model")
        self._heading = heading
        self._model = field.model
        self._parts = list(parts)
        self._manners = manners
        hidden = (Kind.UUID, Kind.PARTS, Kind.PART)
        told = [
            each for each in field_info(field.model) if each.kind not in hidden and each.editable
        ]
        # The name before its place.
        self._columns = tuple(sorted(told, key=lambda each: not each.required))

    def heading(self) -> Content:
        return Content(self._heading)

    def on_mount(self) -> None:
        self._list()

    def _list(self, at: int = 0) -> None:
        """List the parts as they are now, with the one at `at` highlighted."""
        self.put(Sheet(tuple(self._parts), self._columns, lambda _part: self._manners), at=at)
        self.say((HINT if self._parts else NONE).format(key_of(self, "desk_new")), calm=True)

    def action_desk_new(self) -> None:
        self._form(None)

    @on(RowList.Chosen)
    def action_desk_open(self) -> None:
        at = self.rows.key
        if at is not None:
            self._form(at)

    def _form(self, at: int | None) -> None:
        before = None if at is None else self._parts[at]

        async def read() -> object:
            return before

        def put(values: dict[str, Any] | None) -> None:
            if values is None:
                return
            if at is None:
                self._parts.append(self._model(**values))
            else:
                self._parts[at] = apply_edit(self._parts[at], values)
            self._list(len(self._parts) - 1 if at is None else at)

        screen = FormScreen(
            self._heading,
            self._model,
            offered=self._offered,
            read=read if before is not None else None,
            manners=lambda _row: self._manners,
            button="Take it",
        )
        self.app.push_screen(screen, put)

    def action_desk_delete(self) -> None:
        at = self.rows.key
        if at is None:
            return
        if getattr(self._parts[at], "uuid", ""):
            self.say(STAYS)
        else:
            del self._parts[at]
            self._list(at)

    def action_back(self) -> None:
        self.dismiss(tuple(self._parts))
