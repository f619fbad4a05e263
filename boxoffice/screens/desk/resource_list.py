"""All things of one kind: searched, opened, made, removed, and whatever else they can do."""

import asyncio
import os
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from boxoffice.commands import Place, bindings
from boxoffice.domain.models import Event
from boxoffice.manage import (
    SHORTEST_REASON,
    Action,
    Outcome,
    PendingChange,
    Verb,
    field_info,
)
from boxoffice.screens.desk.change import ChangeScreen
from boxoffice.screens.desk.context import Context, Sent
from boxoffice.screens.desk.form import FormScreen
from boxoffice.screens.desk.form_model import Offered
from boxoffice.screens.desk.lists import ASKING, MOVES, RowList, RowsScreen, SearchableList
from boxoffice.screens.dialogs import Dialog, ReasonDialog
from boxoffice.widgets.themes import stylesheet

HINT = "Enter does what is highlighted. Esc goes back."
DONE = "The site took it."
WHY = "It is written to everybody who has a ticket."
NO_REASON = "Write a reason, in a few words: everybody who has a ticket reads it."
CHANGES = {"desk_new", "desk_delete"}
KEY_LOOKS = "With this key these can be looked at, and not changed."
ITS_DESK = "its-desk"

NAMES_OF = {"ticket_type_uuid": "ticket-types"}
"""Fields that name a thing of another kind by its key."""
TITLES_OF = {"ticket_type": "ticket-types"}
"""Fields that name it as people do."""


class MenuItem(NamedTuple):
    name: str
    title: str


class MenuDialog(Dialog[str]):
    """Answers the name of what was picked."""

    CSS_PATH = [stylesheet("form"), stylesheet("dialog"), stylesheet("desk")]

    def __init__(self, heading: str, choices: Sequence[MenuItem]) -> None:
        super().__init__(heading, HINT)
        self._choices = tuple(choices)

    def fields(self) -> Iterable[Widget]:
        titles = (Option(Content(choice.title)) for choice in self._choices)
        yield OptionList(*titles, markup=False, compact=True)

    def on_mount(self) -> None:
        listed = self.query_one(OptionList)
        listed.focus()
        listed.highlighted = 0

    @on(OptionList.OptionSelected)
    def _pick(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._choices[event.option_index].name)


class CannotSave(OSError):
    """The file was not written."""

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(str(error))
        self.sentence = f"{path} cannot be written: {error.strerror or error}."


async def save(content: bytes, suggested: str) -> Path:
    """Write a file into the person's home, readable by nobody else; never over another.

    Raises CannotSave.
    """
    return await asyncio.to_thread(_save, content, Path.home(), Path(suggested).name or "export")


def _save(content: bytes, folder: Path, name: str) -> Path:
    for path in _names(folder, name):
        try:
            with open(path, "xb", opener=_private) as file:
                file.write(content)
        except FileExistsError:
            continue
        except OSError as error:
            raise CannotSave(path, error) from error
        return path
    raise AssertionError("names never end")


def _names(folder: Path, name: str) -> Iterator[Path]:
    yield folder / name
    stem, suffix = Path(name).stem, Path(name).suffix
    number = 2
    while True:
        yield folder / f"{stem}-{number}{suffix}"
        number += 1


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


class ListScreen(SearchableList):
    """Type to search, arrows to choose, Enter to open."""

    place = Place.DESK
    BINDINGS = [*bindings(place), *MOVES]

    def __init__(self, context: Context, go: Callable[[Event], None]) -> None:
        """`go` opens the desk of another event."""
        super().__init__(context)
        self._go = go
        verbs = self._resource.verbs
        self.can = frozenset(
            {"refresh", "desk_open", "desk_more"}
            | ({"desk_new"} if Verb.CREATE in verbs else set())
            | ({"desk_delete"} if Verb.DELETE in verbs else set())
        )

    def refusal(self, command: str) -> str | None:
        if command == "desk_more":
            return None if self._choices(self.row) else ""
        if command in self.can & CHANGES and not self._where.may_change:
            return KEY_LOOKS
        return super().refusal(command)

    @on(Input.Submitted)
    @on(RowList.Chosen)
    async def action_desk_open(self) -> None:
        row = await self._row()
        if row is None:
            return
        if not self._resource.verbs & {Verb.SHOW, Verb.UPDATE}:
            await self.action_desk_more()
            return
        resource, context = self._resource, self._where
        key = resource.key(row)
        update = Verb.UPDATE in resource.verbs and context.may_change
        screen = FormScreen(
            _first_up(context.called(row)),
            resource.model,
            read=lambda: resource.get(context.of, key),
            change=lambda values, opened: resource.update(context.of, key, values, opened),
            format_options=context.format_options,
            offered=self._offered,
            may_edit=lambda row: update and (row is None or resource.may_change(row)),
            start=resource.begins,
            hide=resource.apart,
        )
        self.app.push_screen(screen, self._sent)

    def action_desk_new(self) -> None:
        resource, context = self._resource, self._where
        if resource.new is None:
            return
        screen = FormScreen(
            f"New {resource.one} · {context.where}",
            resource.new,
            change=lambda values, _opened: resource.create(context.of, values),
            format_options=lambda _row: context.format_options(),
            offered=self._offered,
        )
        self.app.push_screen(screen, self._sent)

    async def action_desk_delete(self) -> None:
        row = await self._row()
        if row is None:
            return

        def because(reason: str | None) -> None:
            if reason is not None:
                key = self._resource.key(row)
                change = self._resource.delete(self._where.of, key, reason)
                self._ask(change, row, "Delete")

        if self._resource.needs_reason:
            called = self._where.called(row)
            dialog = ReasonDialog(
                f"Delete {called}?", WHY, "Go on", empty=NO_REASON, shortest=SHORTEST_REASON
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
            f"{word} · {self._where.called(row)}" if row is not None else word,
            button=word if for_good else "Send",
            confirmation=self._where.confirmation(row) if for_good else None,
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

        heading = _first_up(self._where.called(row)) if row is not None else self._where.title
        self.app.push_screen(MenuDialog(heading, choices), chosen)

    def _choices(self, row: Any) -> list[MenuItem]:
        """What else can be done with a row, or with none."""
        resource = self._resource
        may_change = self._where.may_change
        actions = resource.actions if row is None else resource.actions_of(row)
        told = [
            MenuItem(name, each.title)
            for name, each in actions.items()
            if (row is not None or not each.of_row) and (may_change or not each.changes)
        ]
        if row is None:
            return told
        if resource.event_of(row) is not None:
            told.insert(0, MenuItem(ITS_DESK, "Its desk: ticket types, questions, orders"))
        return told

    def _act(self, name: str, action: Action, row: Any) -> None:
        resource, context = self._resource, self._where
        row = row if action.of_row else None
        key = resource.key(row) if row is not None else ""

        def act(values: Mapping[str, Any]) -> Any:
            return resource.act(name, context.of, key, values)

        if action.model is not None:
            screen = FormScreen(
                action.title if row is None else f"{action.title} · {context.called(row)}",
                action.model,
                change=(lambda values, _opened: act(values)) if action.changes else None,
                format_options=lambda _row: context.format_options(),
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
            await self._show(await outcome, action.title)

        self.show_note(ASKING, calm=True)
        self.work(wait(), "ask the site for something", group="outcome")

    async def _show(self, outcome: Outcome, title: str) -> None:
        self.show_note("")
        if outcome.rows is not None:
            rows, context = outcome.rows, self._where
            self.app.push_screen(RowsScreen(title, rows, context.zone(), context.locale))
        elif outcome.file:
            self.show_note(f"Written to {await save(outcome.file, outcome.suggested)}", calm=True)
        else:
            self.show_note(outcome.sentence or DONE)

    def _sent(self, sent: Sent | None) -> None:
        """A change came back: say so, and read the list as it is now."""
        if sent is None:
            return
        self.action_refresh()
        self.announce(sent.result if isinstance(sent.result, str) and sent.result else DONE)

    async def _offered(self) -> Offered:
        """What may be picked in fields that name a thing of another kind."""
        models = [self._resource.model, self._resource.new]
        fields = [each for model in models if model for each in field_info(model) if each.editable]
        fields += [part for each in fields if each.model for part in field_info(each.model)]
        names = {each.name for each in fields}
        found: dict[str, Sequence[tuple[str, str]]] = {}
        for field, kind in {**NAMES_OF, **TITLES_OF}.items():
            if field not in names:
                continue
            resource = self._where.desk.resources[kind]
            rows = await resource.list(self._where.of) if self._where.of else ()
            titles = Counter(resource.name_of(row) for row in rows)
            found[field] = [
                (title if field in TITLES_OF and titles[title] == 1 else resource.key(row), title)
                for row in rows
                for title in [resource.name_of(row)]
            ]
        return found


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]
