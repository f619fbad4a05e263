"""A form made from a model: what may be changed as fields, the rest as facts, parts as lists."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from rich.table import Table
from textual import on
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import DescendantFocus
from textual.widget import Widget
from textual.widgets import Button, Input, Label, Static

from boxoffice.commands import Place, bindings
from boxoffice.manage import FieldInfo, Kind, PendingChange, Record, default
from boxoffice.screens.base import BaseScreen
from boxoffice.screens.desk.change import ChangeScreen
from boxoffice.screens.desk.filling import (
    Entry,
    Filled,
    Manners,
    Offered,
    changed_parts,
    entries,
    facts,
    filled,
    parts,
)
from boxoffice.screens.desk.rows import cell
from boxoffice.screens.desk.spot import Sent
from boxoffice.widgets.buttons import put_label
from boxoffice.widgets.choices import Choices
from boxoffice.widgets.facts import grid
from boxoffice.widgets.key_labels import key_of
from boxoffice.widgets.questions import QuestionField
from boxoffice.widgets.themes import stylesheet
from boxoffice.widgets.ticket_form import TicketForm

READING = "Asking the site for it…"
HINT = "Enter or Tab: next · Space: pick · {}: {}"
LOOK, TAKE = "look at what will be different", "take it"
LOOK_ONLY = "This can only be looked at. Esc goes back."
NOTHING_NEW = "Nothing was changed."
UNSAVED = "What you changed is not sent. Esc once more leaves it."
EMPTY = "{}: at least one is needed."
MOMENT = "Such as 2026-05-08 19:00, by the clocks of the place."
MOMENT_ANYWHERE = "Such as 2026-05-08 19:00+02:00."
MORE = "“+50” adds 50."


_NUMBERS = (Kind.WHOLE, Kind.MONEY)


class FormScreen(BaseScreen[Any]):
    """Fills a model in. Answers `Sent` where a change was, the values where none is to be made."""

    place = Place.DESK_FORM
    BINDINGS = [
        *bindings(place),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
    ]
    CSS_PATH = [stylesheet("form"), stylesheet("ticket"), stylesheet("desk")]
    AUTO_FOCUS = ""  # not a button, before there are fields
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]

    def __init__(
        self,
        heading: str,
        model: type[Record],
        *,
        read: Callable[[], Awaitable[object]] | None = None,
        change: Callable[[Mapping[str, Any], Any], PendingChange[Any]] | None = None,
        manners: Callable[[object], Manners] = lambda _row: Manners(),
        offered: Callable[[], Awaitable[Offered]] | None = None,
        editable: bool = True,
        start: tuple[str, ...] = (),
        button: str = "Look at it",
        hide: frozenset[str] = frozenset(),
        confirms: Callable[[str], bool] | None = None,
        name: str = "",
    ) -> None:
        """`read` gives what there is; None: a new one is begun.

        `change` makes a change of the values, and of what there was when the form was opened;
        None: the values are the answer. `offered`: what may
        be picked in fields that name something else. `start`: the fields of which the first that
        is there has the cursor. `hide`: fields that have a list elsewhere. `confirms`, `name`: as
        of `ChangeScreen`.
        """
        super().__init__()
        self._heading = heading
        self._model = model
        self._read = read
        self._change = change
        self._manners_of = manners
        self._offered = offered
        self._editable = editable
        self._start = start
        self._button = button
        self._hide = hide
        self._confirms = confirms
        self._typed_name = name
        self._row: object = None
        self._manners = Manners()
        self._entries: tuple[Entry, ...] = ()
        self._parts: dict[str, tuple[Any, ...]] = {}
        self._ready = False
        self._warned = False

    def body(self) -> Iterable[Widget]:
        yield Label(self._heading, id="desk-title", markup=False)
        with Vertical(id="form-body"):
            yield TicketForm({})
            yield Static("", id="form-facts", markup=False)
        yield Label(READING, id="desk-note", classes="-calm", markup=False)
        with Horizontal(classes="buttons"):
            yield Button(Content(self._button), id="save", variant="primary", compact=True)
            for each in self._listed():
                button = Button("", id=f"part-{each.name}", classes="part", compact=True)
                yield button
            yield Button("Back", id="close", compact=True)

    def on_mount(self) -> None:
        self.query_one("#save").display = self._editable
        for each in self._listed():
            self._show_count(each)
        self.work(self._load(), "read what is to be changed", group="read")

    def _listed(self) -> tuple[FieldInfo, ...]:
        if not self._editable:
            return ()
        return tuple(each for each in parts(self._model) if each.name not in self._hide)

    async def _load(self) -> None:
        self._row = await self._read() if self._read is not None else None
        offered = await self._offered() if self._offered is not None else {}
        self._manners = self._manners_of(self._row)
        self._entries = entries(self._model, self._row, manners=self._manners, offered=offered)
        self.query_one("#form-facts", Static).update(self._facts())
        for each in self._listed():
            self._parts[each.name] = self._known(each)
            self._show_count(each)
        form = self.query_one(TicketForm)
        if self._editable:
            await form.show([entry.field for entry in self._entries])
            self._focus_start()
        self._ready = True
        self._say("")

    def _focus_start(self) -> None:
        form = self.query_one(TicketForm)
        for listed in form.query(Choices):
            taken = [at for at, (uuid, _) in enumerate(listed.offered) if uuid in listed.taken]
            listed.highlighted = taken[0] if taken else None  # to be seen where the list is long
        told = {entry.name for entry in self._entries if entry.value is not None}
        needed = [entry.name for entry in self._entries if entry.about.required]
        start = next((name for name in self._start if name in told), "") or next(iter(needed), "")
        for field in form.query(QuestionField):
            if field.field.question.uuid == start and field.focus_first():
                if start in self._start:
                    field.query_one(Input).select_all()
                return
        form.focus_first()

    def _known(self, each: FieldInfo) -> tuple[Any, ...]:
        """The parts that there are."""
        if self._row is None:
            known = default(self._model, each.name)
        else:
            known = getattr(self._row, each.name)
        return known if isinstance(known, tuple) else ()

    def _facts(self) -> Table:
        if self._row is None:
            return grid([])
        shown = facts(self._model)
        if not self._editable:
            shown = (*(entry.about for entry in self._entries if len(entry.path) == 1), *shown)
        zone, locale = self._manners.zone, self._manners.locale
        rows = [
            (each.label, cell(each, getattr(self._row, each.name), zone, locale)) for each in shown
        ]
        return grid([row for row in rows if row[1]])

    # What is filled in

    def _look_through(self) -> Filled:
        form = self.query_one(TicketForm)
        told = filled(
            self._model, self._entries, form.drafts, before=self._row, manners=self._manners
        )
        focused = False
        for field in form.query(QuestionField):
            field.problem = told.problems.get(field.field.question.uuid, "")
            if field.problem and not focused:
                focused = field.focus_first()
        return told

    def _changed_parts(self) -> dict[str, Any]:
        different = {
            each.name: (self._known(each), self._parts[each.name])
            for each in self._listed()
            if self._parts[each.name] != self._known(each)
        }
        return {
            name: after if self._row is None else changed_parts(before, after)
            for name, (before, after) in different.items()
        }

    @on(Button.Pressed, "#save")
    def action_desk_save(self) -> None:
        if not self._ready or not self._editable:
            return
        told = self._look_through()
        if told.problems:
            count = len(told.problems)
            self._say("One field needs a look." if count == 1 else f"{count} fields need a look.")
            return
        for each in self._listed():
            if each.required and not self._parts[each.name]:
                self._say(EMPTY.format(each.label))
                self.query_one(f"#part-{each.name}").focus()
                return
        values = {**told.values, **self._changed_parts()}
        if self._row is not None and not values:
            self._say(NOTHING_NEW)
        elif self._change is None:
            self.dismiss(values)
        else:
            screen = ChangeScreen(
                self._change(values, self._row),
                self._heading,
                name=self._typed_name,
                confirms=self._confirms,
            )
            self.app.push_screen(screen, self._looked)

    def _looked(self, sent: Sent | None) -> None:
        if sent is not None:
            self.dismiss(sent)

    @on(Button.Pressed, ".part")
    def _open_parts(self, event: Button.Pressed) -> None:
        if not self._ready:
            return
        from boxoffice.screens.desk.parts import PartsScreen  # noqa: PLC0415  # made of forms

        name = (event.button.id or "").removeprefix("part-")
        (each,) = (each for each in self._listed() if each.name == name)

        def put(rows: tuple[Any, ...] | None) -> None:
            if rows is not None:
                self._parts[name] = rows
                self._show_count(each)

        self.app.push_screen(
            PartsScreen(
                f"{each.label} · {self._heading}",
                each,
                self._parts[name],
                self._manners,
                self._offered,
            ),
            put,
        )

    def _show_count(self, each: FieldInfo) -> None:
        count = len(self._parts.get(each.name, ()))
        put_label(self.query_one(f"#part-{each.name}", Button), f"{each.label} ({count})…")

    # Around it

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "desk_save" or self._editable

    @on(Button.Pressed, "#close")
    def action_back(self) -> None:
        changed = self._ready and (self.query_one(TicketForm).drafts or self._changed_parts())
        if changed and not self._warned:
            self._warned = True
            self._say(UNSAVED)
        else:
            self.dismiss(None)

    @on(QuestionField.Changed)
    def _typed(self) -> None:
        if self._warned:
            self._warned = False
            self._say("")

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Say what the field is about, where its label does not say it all."""
        fields = [each for each in event.widget.ancestors if isinstance(each, QuestionField)]
        if not self._ready:
            return
        name = fields[0].field.question.uuid if fields else ""
        entry = next((entry for entry in self._entries if entry.name == name), None)
        if entry is not None and isinstance(event.widget, Input) and entry.about.kind in _NUMBERS:
            event.widget.select_all()  # what is typed goes in the place of what stands there
        if not self._warned:
            self._say("", self._help(entry) if entry is not None else "")

    def _help(self, entry: Entry) -> str:
        """What a field is about, and how it is written where that is not plain."""
        how = ""
        if entry.about.kind is Kind.MOMENT:
            how = MOMENT if self._manners.zone is not None else MOMENT_ANYWHERE
        elif entry.about.kind is Kind.WHOLE and entry.value is not None and self._row is not None:
            how = MORE
        return " ".join(text for text in (entry.about.help, how) if text)

    def action_page(self, by: int) -> None:
        for part in (self.query_one("#form-body"), self.query_one(TicketForm)):
            part.scroll_relative(y=by * part.size.height, animate=False)

    def failed(self, group: str, sentence: str) -> None:
        self._say(sentence)

    def _say(self, sentence: str, help: str = "") -> None:  # noqa: A002 - of a field
        note = self.query_one("#desk-note", Label)
        how = TAKE if self._change is None else LOOK
        hint = HINT.format(key_of(self, "desk_save"), how) if self._editable else LOOK_ONLY
        calm = help or hint
        note.update(Content(sentence or calm))
        note.set_class(not sentence, "-calm")
