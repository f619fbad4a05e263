"""A form made from a model: what may be changed as fields, the rest as facts, parts as lists."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import DescendantFocus
from textual.widget import Widget
from textual.widgets import Button, Label, Static

from boxoffice.commands import Command, Place
from boxoffice.language import N_, _
from boxoffice.manage import FieldInfo, Kind, PendingChange, Record, apply_edit, field_info
from boxoffice.screens.base import ARROWS, PAGES, BaseScreen
from boxoffice.screens.desk.change import ChangeScreen
from boxoffice.screens.desk.context import Confirmation, Context, FormatOptions, Sent
from boxoffice.screens.desk.form_model import FormModel, parts
from boxoffice.screens.desk.lists import ListBase, RowList
from boxoffice.screens.desk.table_model import TableModel
from boxoffice.screens.record import grid
from boxoffice.widgets.footer import CommandFooter, key_of, put_label
from boxoffice.widgets.form import Item, QuestionField, TicketForm, need_a_look
from boxoffice.widgets.option_lists import Choices

READING = N_("Asking the site for it…")
HINT_LOOK = N_("Enter or Tab: next · Space: pick · {key}: look at what will be different")
HINT_TAKE = N_("Enter or Tab: next · Space: pick · {key}: take it")
LOOK_ONLY = N_("This can only be looked at. Esc goes back.")
NOTHING_NEW = N_("Nothing was changed.")
UNSAVED = N_("What you changed is not sent. Esc once more leaves it.")
EMPTY = N_("{label}: at least one is needed.")


class FormScreen(BaseScreen[Any]):
    """Fills a model in. Answers `Sent` where a change was, the values where none is to be made."""

    place = Place.DESK_FORM
    BINDINGS = [*ARROWS, *PAGES]
    sheets = "form ticket desk"
    scrolled = "#form-body, TicketForm"
    AUTO_FOCUS = ""  # not a button, before there are fields

    def __init__(
        self,
        heading: str,
        model: type[Record],
        context: Context,
        *,
        row: object = None,
        read: Callable[[], Awaitable[object]] | None = None,
        change: Callable[[Mapping[str, Any], Any], PendingChange[Any]] | None = None,
        format_options: FormatOptions | None = None,
        may_edit: Callable[[object], bool] = lambda _row: True,
        start: tuple[str, ...] = (),
        button: str = N_("Look at it"),
        hide: frozenset[str] = frozenset(),
        confirmation: Confirmation | None = None,
    ) -> None:
        """`row`: what there is; None: a new one is begun. `read`: tells more of it.

        `change` makes a change of the values, and of what there was when the form was opened;
        None: the values are the answer. `format_options`: those of a row of `context`, if it is
        none. `may_edit` is asked of what is there, and before that of None. `start`: the fields of
        which the first that is there has the cursor. `hide`: fields that have a list elsewhere.
        `confirmation`: as of `ChangeScreen`.
        """
        super().__init__()
        self._heading = heading
        self._model = model
        self._desk_context = context
        self._row = row
        self._format_options = format_options
        self._read = read
        self._change = change
        self._may_edit = may_edit
        self._editable = may_edit(None)
        self._start = start
        self._button = button
        self._hide = hide
        self._confirmation = confirmation
        self._form: FormModel | None = None
        """None: it is not known yet what there is."""
        self._warned = False
        self._needs_a_look = False
        self._said = ""

    def body(self) -> Iterable[Widget]:
        yield Label(self._heading, classes="screen-title", markup=False)
        with Vertical(id="form-body"):
            yield TicketForm({})
            yield Static("", id="form-facts", markup=False)
        yield Label(_(READING), id="desk-note", classes="-calm", markup=False)
        with Horizontal(classes="buttons"):
            yield Button(Content(_(self._button)), id="save", variant="primary", compact=True)
            for info in self._listed():
                yield Button("", id=f"part-{info.name}", classes="part", compact=True)
            yield Button(_("Back"), id="close", compact=True)

    def on_mount(self) -> None:
        self.query_one("#save").display = self._editable
        for info in self._listed():
            self._show_count(info, 0)
        self.work(self._load(), "read what is to be changed", group="read")

    def _listed(self) -> tuple[FieldInfo, ...]:
        if not self._editable:
            return ()
        return tuple(info for info in parts(self._model) if info.name not in self._hide)

    async def _load(self) -> None:
        row = await self._read() if self._read is not None else self._row
        if self._editable and not self._may_edit(row):
            self._editable = False
            self.query("#save, .part").set(display=False)
            self.query_one(CommandFooter).refresh()
        options = self._format_options or self._desk_context.format_options(row)
        form = FormModel(self._model, row, options, await self._desk_context.offered(self._model))
        facts = form.facts(editable=self._editable)
        self.query_one("#form-facts", Static).update(grid(facts))
        self.query_one("#form-facts").display = bool(facts)  # else the fields have its room
        for info in self._listed():
            self._show_count(info, len(form.parts[info.name]))
        if self._editable:
            await self.query_one(TicketForm).show([entry.field for entry in form.entries])
            self._focus_start(form)
        self._form = form
        self._show_note("")

    def _focus_start(self, form: FormModel) -> None:
        shown = self.query_one(TicketForm)
        for listed in shown.query(Choices):
            taken = [at for at, (uuid, _) in enumerate(listed.offered) if uuid in listed.taken]
            listed.highlighted = taken[0] if taken else None  # to be seen where the list is long
        known = {entry.name for entry in form.entries if entry.value is not None}
        needed = [entry.name for entry in form.entries if entry.about.required]
        start = next((name for name in self._start if name in known), "") or next(iter(needed), "")
        for field in shown.query(QuestionField):
            if field.field.question.uuid == start and field.focus_first():
                return
        shown.focus_first()

    @on(Button.Pressed, "#save")
    def action_desk_save(self) -> None:
        if (form := self._form) is None or not self._editable:
            return
        shown = self.query_one(TicketForm)
        result = form.read(shown.drafts)
        shown.show_problems(result.problems)
        self._needs_a_look = bool(result.problems)
        if result.problems:
            self._show_note(need_a_look(result.problems, Item.FIELD))
            return
        for info in self._listed():
            if info.required and not form.parts[info.name]:
                self._show_note(_(EMPTY).format(label=info.label))
                self.query_one(f"#part-{info.name}").focus()
                return
        if form.row is not None and not result.values:
            self._show_note(_(NOTHING_NEW))
        elif self._change is None:
            self.dismiss(result.values)
        else:
            change = self._change(result.values, form.row)
            screen = ChangeScreen(
                change, self._heading, confirmation=self._confirmation, offered=form.offered
            )
            self.app.push_screen(screen, self._finish)

    def _finish(self, sent: Sent | None) -> None:
        if sent is not None:
            self.dismiss(sent)

    @on(Button.Pressed, ".part")
    def _open_parts(self, event: Button.Pressed) -> None:
        if (form := self._form) is None:
            return
        name = (event.button.id or "").removeprefix("part-")
        (field,) = (info for info in self._listed() if info.name == name)

        def put(rows: tuple[Any, ...] | None) -> None:
            if rows is not None:
                form.parts[name] = rows
                self._show_count(field, len(rows))

        heading = f"{field.label} · {self._heading}"
        screen = PartsScreen(heading, field, form.parts[name], form.options, self._desk_context)
        self.app.push_screen(screen, put)

    def _show_count(self, field: FieldInfo, count: int) -> None:
        put_label(self.query_one(f"#part-{field.name}", Button), f"{field.label} ({count})…")

    # Around it

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "desk_save" or self._editable

    def label_of(self, command: Command) -> str:
        """Where no change is looked at, the values are taken as they are."""
        takes = command.id == "desk_save" and self._change is None
        return _(self._button) if takes else super().label_of(command)

    @on(Button.Pressed, "#close")
    def action_back(self) -> None:
        form = self._form
        changed = form and (self.query_one(TicketForm).drafts or form.changed_parts())
        if changed and not self._warned:
            self._warned = True
            self._show_note(_(UNSAVED))
        else:
            self.dismiss(None)

    @on(QuestionField.Changed)
    def _typed(self) -> None:
        problems = self.query_one(TicketForm).problems
        if self._warned or (self._needs_a_look and not problems):
            self._warned = self._needs_a_look = False
            self._show_note("")
        elif self._needs_a_look:
            self._show_note(need_a_look(problems, Item.FIELD))

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Say what the field is about, where its label does not say it all."""
        if self._form is None:
            return
        fields = [item for item in event.widget.ancestors if isinstance(item, QuestionField)]
        name = fields[0].field.question.uuid if fields else ""
        entry = next((entry for entry in self._form.entries if entry.name == name), None)
        # What was said stays where it led to a button: fields say themselves what is wrong.
        if not self._warned and (fields or not self._said):
            self._show_note("", self._form.help_of(entry) if entry else "")

    def failed(self, group: str, sentence: str) -> None:
        self._show_note(sentence)

    def _show_note(self, sentence: str, help: str = "") -> None:  # noqa: A002 - of a field
        hint = (HINT_TAKE if self._change is None else HINT_LOOK) if self._editable else LOOK_ONLY
        hint = _(hint).format(key=key_of(self, "desk_save"))
        self._said = sentence
        self.write("#desk-note", sentence or help or hint).set_class(not sentence, "-calm")


PARTS_HINT = N_("{key} adds one, Enter changes one, Esc goes back to the form.")
STAYS = N_("The site has this one already: “Actions” in the list before removes it.")
NO_PARTS = N_("There is none yet. {key} adds one.")


class PartsScreen(ListBase[tuple[Any, ...] | None]):
    """Answers the parts as they are now; nothing is sent from here."""

    place = Place.DESK
    BINDINGS = [Binding("enter", "desk_open", show=False)]
    can = frozenset({"desk_open", "desk_new", "desk_delete"})

    def __init__(
        self,
        heading: str,
        field: FieldInfo,
        parts: Sequence[Any],
        format_options: FormatOptions,
        context: Context,
    ) -> None:
        super().__init__()
        self._desk_context = context
        if field.model is None:
            raise TypeError(f"{field.name} has no model")
        self._heading = heading
        self._model = field.model
        self._parts = list(parts)
        self._format_options = format_options
        hidden = (Kind.UUID, Kind.PARTS, Kind.PART)
        known = [info for info in field_info(field.model) if info.kind not in hidden]
        # The name before its place.
        known.sort(key=lambda info: not info.required)
        self._columns = tuple(item for item in known if item.editable)

    def heading(self) -> Content:
        return Content(self._heading)

    def on_mount(self) -> None:
        self._list()

    def _list(self, at: int = 0) -> None:
        """List the parts as they are now, with the one at `at` highlighted."""
        rows, options = tuple(self._parts), self._format_options
        self.put(TableModel(rows, self._columns, lambda _part: options), at=at)
        self.show_note(
            _(PARTS_HINT if self._parts else NO_PARTS).format(key=key_of(self, "desk_new")),
            calm=True,
        )

    def action_desk_new(self) -> None:
        self._form(None)

    @on(RowList.Chosen)
    def action_desk_open(self) -> None:
        if (at := self.rows.key) is not None:
            self._form(at)

    def _form(self, at: int | None) -> None:
        before = None if at is None else self._parts[at]

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
            self._desk_context,
            row=before,
            format_options=self._format_options,
            button=N_("Take it"),
        )
        self.app.push_screen(screen, put)

    def action_desk_delete(self) -> None:
        at = self.rows.key
        if at is None:
            return
        if getattr(self._parts[at], "uuid", ""):
            self.show_note(_(STAYS))
        else:
            del self._parts[at]
            self._list(at)

    def action_back(self) -> None:
        self.dismiss(tuple(self._parts))
