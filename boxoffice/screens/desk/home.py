"""The organiser's desk: what there is to keep, of one event and of the whole site."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Label, OptionList
from textual.widgets.option_list import Option

from boxoffice.commands import Place, bindings
from boxoffice.domain.models import Event
from boxoffice.screens.base import BaseScreen
from boxoffice.screens.desk.context import Context
from boxoffice.screens.desk.resource_list import ListScreen
from boxoffice.widgets.themes import stylesheet

if TYPE_CHECKING:
    from boxoffice.manage import Desk

WHOLE_SITE = "The whole site"
NO_EVENT = "No event is chosen: open the events, and “Actions” there leads to the desk of one."
WIDTH = 34
"""Cells of the names."""


class DeskScreen(BaseScreen[None]):
    """The first screen of the desk: Enter opens a list."""

    place = Place.DESK
    BINDINGS = bindings(place)
    CSS_PATH = [stylesheet("form"), stylesheet("desk")]

    def __init__(self, desk: "Desk", event: Event | None, *, locale: str = "") -> None:
        """`event`: whose desk it is; None: only what is the whole site's can be opened."""
        super().__init__()
        self._desk = desk
        self._event = event
        self._contexts: dict[str, Context] = {}
        self._locale = locale

    def body(self) -> Iterable[Widget]:
        yield Label("The organiser's desk", id="desk-title", markup=False)
        yield OptionList(markup=False, compact=True)
        note = Label(NO_EVENT if self._event is None else "", id="desk-note", markup=False)
        yield note.add_class("-calm")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action == "desk_open" if action.startswith("desk_") else action != "refresh"

    def on_mount(self) -> None:
        listed = self.query_one(OptionList)
        listed.focus()
        kinds = self._desk.resources.values()
        options: list[Option] = []
        if self._event is not None:
            options.append(_part(self._event.title or "An event without a title"))
            options += [self._option(each.name, self._event) for each in kinds if each.of_event]
        options.append(_part(WHOLE_SITE))
        options += [self._option(each.name, None) for each in kinds if not each.of_event]
        options += [self._option(each.name, None) for each in kinds if each.generic]
        listed.set_options(options)
        listed.action_first()

    def _option(self, name: str, event: Event | None) -> Option:
        resource = self._desk.resources[name]
        key = f"{name}-{'event' if event else 'site'}"
        self._contexts[key] = Context(
            self._desk, resource, event=event, home=self._event, locale=self._locale
        )
        title = resource.title
        if resource.of_event and event is None:
            title = f"{title} for all events"
        return Option(
            Content.assemble(
                Content.styled(f"  {title:<{WIDTH}}", "bold"),
                Content.styled(resource.hint, "dim"),
            ),
            id=key,
        )

    @on(OptionList.OptionSelected)
    def _open(self, event: OptionList.OptionSelected) -> None:
        context = self._contexts.get(event.option_id or "")
        if context is not None:
            self.app.push_screen(ListScreen(context, self._go))

    def _go(self, event: Event) -> None:
        """Open the desk of another event."""
        self.app.push_screen(DeskScreen(self._desk, event, locale=self._locale))


def _part(title: str) -> Option:
    return Option(Content.styled(title, "bold"), disabled=True)
