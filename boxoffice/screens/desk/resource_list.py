"""All things of one kind: searched, opened, made, removed, and whatever else they can do."""

import asyncio
from bisect import bisect_left
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input
from textual.worker import Worker

from boxoffice.domain.humanize import format_number
from boxoffice.domain.models import Event
from boxoffice.language import N_, _
from boxoffice.manage import SHORTEST_REASON, Action, Outcome, PendingChange, Verb
from boxoffice.paths import write_beside
from boxoffice.screens.desk.change import ChangeScreen
from boxoffice.screens.desk.context import Context, Sent
from boxoffice.screens.desk.form import FormScreen
from boxoffice.screens.desk.lists import ListBase, RowList, RowsScreen
from boxoffice.screens.desk.table_model import TableModel
from boxoffice.screens.dialogs import ChoiceDialog, ReasonDialog
from boxoffice.widgets.footer import key_of
from boxoffice.widgets.long_list import SearchInput

ASKING = N_("Asking the site…")
SLOW = N_("Asking the site for every one of them: this may take minutes.")
NONE_YET_MAKE = N_("There are none yet. {key} makes one.")
NONE_YET_ASK = N_("There are none yet. {key} asks the site again.")
NONE_FOUND = N_("None has all of these words. Esc clears them.")
DONE = N_("The site took it.")
WHY = N_("It is written to everybody who has a ticket.")
NO_REASON = N_("Write a reason, in a few words: everybody who has a ticket reads it.")
CHANGES = {"desk_new", "desk_delete"}
KEY_LOOKS = N_("With this key these can be looked at, and not changed.")
MENU_HINT = N_("Enter does what is highlighted. Esc goes back.")
ITS_DESK = "its-desk"


class ListScreen(ListBase[None]):
    """Type to search, arrows to choose, Enter to open."""

    def __init__(self, context: Context, go: Callable[[Event], None]) -> None:
        """`go` opens the desk of another event."""
        super().__init__()
        self._desk_context = context
        self._resource = context.resource
        self._go = go
        self._listed = ""
        """What was searched for in the rows that are shown."""
        self._finding: Worker[None] | None = None
        verbs = self._resource.verbs
        self.can = frozenset(
            {"refresh", "desk_open", "desk_more"}
            | ({"desk_new"} if Verb.CREATE in verbs else set())
            | ({"desk_delete"} if Verb.DELETE in verbs else set())
        )

    def refusal(self, command: str) -> str | None:
        if command == "desk_more":
            return None if self._choices(self.row) else ""
        if command in self.can & CHANGES and not self._desk_context.may_change:
            return _(KEY_LOOKS)
        return super().refusal(command)

    # The rows, and what is searched for

    def heading(self) -> Content:
        heading = [_(self._resource.title)]
        if self.table is not None:
            shown, every = len(self.rows.keys), len(self.table.rows)
            counted = format_number(every)
            if shown != every:
                counted = _("{n} of {of}").format(n=format_number(shown), of=counted)
            heading.append(counted)
        return Content.assemble(
            " · ".join(heading), Content.styled(f" · {self._desk_context.scope}", "not bold")
        )

    def before_rows(self) -> Iterable[Widget]:
        yield SearchInput(placeholder=_("Type to search"), compact=True)

    def on_mount(self) -> None:
        field = self.query_one(Input)
        # In the frame of the key itself; what a message asks for would have the one after it.
        self.watch(field, "value", self._search, init=False)
        field.focus()
        self.action_refresh()

    def action_refresh(self) -> None:
        self.show_note(_(SLOW if self._resource.heavy else ASKING), calm=True)
        self.reread(self._read, "read a list of the desk", group="list")

    async def _read(self) -> None:
        resource = self._resource
        table = await TableModel.build(
            await resource.list(self._desk_context.event_uuid),
            resource.column_fields,
            self._desk_context.format_options,
            searched=resource.searched,
            key=resource.key,
        )
        self.work(table.texts(), "gather the texts of a list", group="texts")
        query = self.wanted
        found = await table.find(query)
        old, highlighted, place = self.table, self.rows.key, None
        while old is not None and highlighted is not None:
            place = await table.place(old.key(highlighted), highlighted)
            if highlighted == self.rows.key:
                break
            highlighted = self.rows.key  # moved meanwhile
        self._list(table, found, query, place, self.rows.cursor or 0)
        self._search()

    @property
    def wanted(self) -> str:
        """What is searched for."""
        return self.query_one(Input).value

    @property
    def row(self) -> Any:
        """The highlighted row; None: there is none."""
        at = self.rows.key if self.table is not None else None
        return self.table.rows[at] if at is not None and self.table is not None else None

    def shows(self, query: str) -> bool:
        """Whether what is listed is what has the words of `query`."""
        return self.table is not None and self._listed == query

    def _search(self) -> None:
        if self._finding is None or self._finding.is_finished:
            self._finding = self.work(self._find(), "search a list", group="search")

    async def _find(self) -> None:
        """Show what was typed last, and then nothing else was typed."""
        while (table := self.table) is not None and not self.shows(query := self.wanted):
            narrower = bool(self._listed) and query.startswith(self._listed)
            found = await table.find(query, self.rows.keys if narrower else None)
            if table is self.table:
                self._list(table, found, query)

    def _list(
        self,
        table: TableModel,
        found: Sequence[int],
        query: str,
        place: int | None = None,
        near: int = 0,
    ) -> None:
        """Show what was found; `place` is of the row to be highlighted, else the one `near`."""
        if place is not None and (at := bisect_left(found, place)) < len(found):
            near = at
        self._listed = query
        self.put(table, found, near)
        self.write("#desk-title", self.heading())
        if found:
            self.show_note("")
        else:
            self.show_note(_(NONE_FOUND) if table.rows else self._none(), calm=not table.rows)

    def _none(self) -> str:
        if "desk_new" in self.can:
            return _(NONE_YET_MAKE).format(key=key_of(self, "desk_new"))
        return _(NONE_YET_ASK).format(key=key_of(self, "refresh"))

    async def _row(self) -> Any:
        """The highlighted row, once what was typed has been searched for."""
        await self._find()
        return self.row

    def failed(self, group: str, sentence: str) -> None:
        again = _("{key} asks again.").format(key=key_of(self, "refresh"))
        self.show_note(f"{sentence} {again}" if group == "list" else sentence)

    def action_back(self) -> None:
        search = self.query_one(Input)
        if search.value:
            search.value = ""
        else:
            self.dismiss(None)

    # What is done with them

    @on(Input.Submitted)
    @on(RowList.Chosen)
    async def action_desk_open(self) -> None:
        row = await self._row()
        if row is None:
            return
        if not self._resource.verbs & {Verb.SHOW, Verb.UPDATE}:
            await self.action_desk_more()
            return
        resource, context = self._resource, self._desk_context
        key = resource.key(row)
        update = Verb.UPDATE in resource.verbs and context.may_change

        async def read() -> object:
            return await resource.get(context.event_uuid, key)

        screen = FormScreen(
            _first_up(context.describe(row)),
            resource.model,
            context,
            row=row,
            read=None if resource.lists_all_fields else read,
            change=lambda values, opened: resource.update(context.event_uuid, key, values, opened),
            may_edit=lambda row: update and (row is None or resource.may_change(row)),
            start=resource.begins,
            hide=resource.apart,
        )
        self.app.push_screen(screen, self._sent)

    def action_desk_new(self) -> None:
        resource, context = self._resource, self._desk_context
        if resource.new is None:
            return
        screen = FormScreen(
            _("New {one} · {where}").format(one=_(resource.one), where=context.scope),
            resource.new,
            context,
            change=lambda values, _opened: resource.create(context.event_uuid, values),
        )
        self.app.push_screen(screen, self._sent)

    async def action_desk_delete(self) -> None:
        row = await self._row()
        if row is None:
            return

        def because(reason: str | None) -> None:
            if reason is not None:
                key = self._resource.key(row)
                change = self._resource.delete(self._desk_context.event_uuid, key, reason)
                self._ask(change, row, N_("Delete"))

        if self._resource.needs_reason:
            called = self._desk_context.describe(row)
            dialog = ReasonDialog(
                _("Delete {called}?").format(called=called),
                _(WHY),
                _("Go on"),
                check=lambda reason: "" if len(reason) >= SHORTEST_REASON else _(NO_REASON),
            )
            self.app.push_screen(dialog, because)
        else:
            because("")

    def _ask(
        self, change: PendingChange[Any], row: Any, word: str, *, for_good: bool = True
    ) -> None:
        """Show what a change of a row does; what is for good needs its name."""
        screen = ChangeScreen(
            change,
            f"{_(word)} · {self._desk_context.describe(row)}" if row is not None else _(word),
            button=word if for_good else N_("Send"),
            confirmation=self._desk_context.confirmation(row) if for_good else None,
        )
        self.app.push_screen(screen, self._sent)

    async def action_desk_more(self) -> None:
        row = await self._row()
        choices = self._choices(row)
        if not choices:
            return

        def chosen(name: str | None) -> None:
            event = self._resource.event_of(row) if name == ITS_DESK else None
            if event is not None:
                self._go(event)
            elif name is not None:
                self._act(name, self._resource.actions[name], row)

        heading = _(self._resource.title)
        if row is not None:
            heading = _first_up(self._desk_context.describe(row))
        self.app.push_screen(ChoiceDialog(heading, _(MENU_HINT), [*choices.items()]), chosen)

    def _choices(self, row: Any) -> dict[str, str]:
        """What else can be done with a row, or with none: titles, by name."""
        resource = self._resource
        may_change = self._desk_context.may_change
        actions = resource.actions if row is None else resource.actions_of(row)
        its_desk = row is not None and resource.event_of(row) is not None
        return ({ITS_DESK: _("Its desk: ticket types, questions, orders")} if its_desk else {}) | {
            name: _(item.title)
            for name, item in actions.items()
            if (row is not None or not item.of_row) and (may_change or not item.changes)
        }

    def _act(self, name: str, action: Action, row: Any) -> None:
        resource, context = self._resource, self._desk_context
        row = row if action.of_row else None
        key = resource.key(row) if row is not None else ""
        title = _(action.title)

        def act(values: Mapping[str, Any]) -> Any:
            return resource.act(name, context.event_uuid, key, values)

        if action.model is not None:
            screen = FormScreen(
                title if row is None else f"{title} · {context.describe(row)}",
                action.model,
                context,
                change=(lambda values, _opened: act(values)) if action.changes else None,
                confirmation=context.confirmation(row) if action.destructive else None,
            )
            self.app.push_screen(
                screen, self._sent if action.changes else self._filled(action, act)
            )
        elif action.changes:
            self._ask(act({}), row, action.title, for_good=action.destructive)
        else:
            self._await(act({}), action)

    def _filled(
        self, action: Action, act: Callable[[Mapping[str, Any]], Any]
    ) -> Callable[[Mapping[str, Any] | None], None]:
        def go_on(values: Mapping[str, Any] | None) -> None:
            if values is not None:
                self._await(act(values), action)

        return go_on

    def _await(self, outcome: Awaitable[Outcome], action: Action) -> None:
        async def wait() -> None:
            await self._show(await outcome, _(action.title))

        self.show_note(_(ASKING), calm=True)
        self.work(wait(), "ask the site for something", group="outcome")

    async def _show(self, outcome: Outcome, title: str) -> None:
        self.show_note("")
        if outcome.rows is not None:
            rows, context = outcome.rows, self._desk_context
            self.app.push_screen(RowsScreen(title, rows, context.zone(), context.locale))
        elif outcome.file:
            home = self._desk_context.home
            folder = self._desk_context.desk.exports(home.uuid if home else None)
            path = await asyncio.to_thread(write_beside, folder, outcome.file, outcome.suggested)
            self.show_note(_("Written to {path}").format(path=path), calm=True)
        else:
            self.show_note(outcome.sentence or _(DONE))

    def _sent(self, sent: Sent | None) -> None:
        """A change came back: say so, and read the list as it is now."""
        if sent is None:
            return
        self.action_refresh()
        self.announce(sent.result if isinstance(sent.result, str) and sent.result else _(DONE))


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]
