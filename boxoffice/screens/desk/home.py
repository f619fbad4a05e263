"""The organiser's desk: what there is to keep, of one event and of the whole site."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Label
from textual.widgets.option_list import Option

from boxoffice.commands import Place
from boxoffice.domain.models import Event
from boxoffice.language import N_, _
from boxoffice.screens.base import BaseScreen
from boxoffice.screens.desk.context import Context
from boxoffice.screens.desk.resource_list import ListScreen
from boxoffice.widgets.option_lists import KeyedList, heading

if TYPE_CHECKING:
    from boxoffice.manage import Desk, Resource

WHOLE_SITE = N_("The whole site")
NO_EVENT = N_("No event is chosen: open the events, and “Actions” there leads to the desk of one.")
ADMINS = N_("for the key of an administrator")
LOOK_ONLY = N_("With this key all of the event can be looked at, and nothing changed.")
WIDTH = 34
"""Cells of the names."""


class DeskScreen(BaseScreen[None]):
    """The first screen of the desk: Enter opens a list."""

    place = Place.DESK
    sheets = "form desk"

    def __init__(self, desk: "Desk", event: Event | None, *, locale: str = "") -> None:
        """`event`: whose desk it is; None: only what is the whole site's can be opened."""
        super().__init__()
        self._desk = desk
        self._event = event
        self._contexts: dict[str, Context] = {}
        self._locale = locale

    def body(self) -> Iterable[Widget]:
        yield Label(_("The organiser's desk"), classes="screen-title", markup=False)
        yield KeyedList()
        note = Label(_(NO_EVENT) if self._event is None else "", id="desk-note", markup=False)
        yield note.add_class("-calm")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action == "desk_open" if action.startswith("desk_") else action != "refresh"

    def on_mount(self) -> None:
        listed = self.query_one(KeyedList)
        listed.focus()
        listed.put(self._options())
        listed.action_first()
        if self._event is not None:
            self.work(self._read_rights(self._event), "ask what the key may do", group="rights")

    async def _read_rights(self, event: Event) -> None:
        await self._desk.read_rights(event.uuid)
        rights = self._desk.rights(event.uuid)
        if rights.admin and rights.organiser:
            return
        self.query_one(KeyedList).put(self._options())
        if not rights.organiser:
            self.write("#desk-note", _(LOOK_ONLY))

    def _options(self) -> list[Option]:
        kinds, event, listed = self._desk.resources.values(), self._event, list[Option]()
        if event is not None:
            listed.append(heading(event.title or _("An event without a title")))
            listed += [self._option(kind, event) for kind in kinds if kind.of_event]
        listed.append(heading(_(WHOLE_SITE)))
        listed += [self._option(kind, None) for kind in kinds if not kind.of_event]
        listed += [self._option(kind, None) for kind in kinds if kind.generic]
        return listed

    def _option(self, resource: "Resource", event: Event | None) -> Option:
        key = f"{resource.name}-{'event' if event else 'site'}"
        context = Context(self._desk, resource, event=event, home=self._event, locale=self._locale)
        self._contexts[key] = context
        title = _(resource.title)
        if resource.of_event and event is None:
            title = _("{title} for all events").format(title=title)
        closed = context.for_admins and not context.may_change
        return Option(
            Content.assemble(
                Content.styled(f"  {title:<{WIDTH}}", "bold"),
                Content.styled(_(ADMINS if closed else resource.hint), "dim"),
            ),
            id=key,
            disabled=closed,
        )

    @on(KeyedList.OptionSelected)
    def _open(self, event: KeyedList.OptionSelected) -> None:
        context = self._contexts.get(event.option_id or "")
        if context is not None:
            self.app.push_screen(ListScreen(context, self._go))

    def _go(self, event: Event) -> None:
        self.app.push_screen(DeskScreen(self._desk, event, locale=self._locale))
