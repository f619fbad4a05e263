"""`Resource`: what each kind of thing on the desk can do, for lists, forms and commands alike.

    desk = Desk(client, sale_of)
    types = desk.resources["ticket-types"]
    for row in await types.list(event):
        print(types.key(row), types.name_of(row))
    change = types.update(event, types.key(row), {"amount_total": 250})
    prepared = await change.prepare()
    print(prepared.differences)     # nothing is sent yet
    row = await prepared.send()     # now it is; `await change` does both

All methods raise the errors of `boxoffice.ticketbutler.errors` as they are.
"""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from boxoffice.domain.models import Event
from boxoffice.domain.sale import Sale
from boxoffice.domain.text import fold, hex_uuid
from boxoffice.language import _
from boxoffice.manage.change_helpers import changed_since, plain
from boxoffice.ticketbutler.changes import PendingChange, PreparedChange, pending
from boxoffice.ticketbutler.errors import NotFound, Refused
from boxoffice.ticketbutler.record import FieldInfo, Record, field_info, shown, written

if TYPE_CHECKING:
    from boxoffice.ticketbutler import Ticketbutler

Values: TypeAlias = Mapping[str, Any]
"""New values for editable fields of a model, by the field's name. A value is one that the model
holds, or an `Increment`, a `NestedEdit` or a `ListEdit` (`boxoffice/ticketbutler/edits.py`)."""

Row: TypeAlias = Record

SaleOf: TypeAlias = Callable[[str], Awaitable[Sale | None]]
"""The sale at this computer that placed an order, by the order's uuid."""


class Verb(StrEnum):
    LIST = "list"
    SHOW = "show"
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of an action that changes nothing: rows, a file or a sentence, but only one."""

    rows: tuple[Any, ...] | None = None
    file: bytes = field(default=b"", repr=False)
    sentence: str = ""
    suggested: str = ""
    """A name to save the file under."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something that only things of one kind can do; `Resource.act` does it."""

    title: str
    run: Callable[[Any, str | None, str, Values], "PendingChange[Any] | Awaitable[Outcome]"]
    of_row: bool = True
    """It is done to one row; otherwise the key is empty."""
    model: type[Record] | None = None
    """The fields that a person has to fill in for it; None: none."""
    changes: bool = True
    """`run` returns a `PendingChange`; otherwise it awaits an `Outcome`."""
    destructive: bool = False
    """A person must type the row's name first."""
    doing: str = ""
    """Its name in a sentence, as `refund the order`."""


class Resource(ABC):
    """One kind of thing. The class attributes need no client: the commands are made from them."""

    name: ClassVar[str]
    """Its name in a command: `ticket-types`."""
    title: ClassVar[str]
    """The title of its list, for people."""
    one: ClassVar[str]
    """What one of them is called in a sentence: `ticket type`."""
    name_field: ClassVar[str] = "title"
    """The field that holds the name people know it by; it may be empty."""
    hint: ClassVar[str]
    """What there is to do with them, in a few words."""
    model: ClassVar[type[Record]]
    """The model of a row; its editable fields are what `update` takes."""
    new: ClassVar[type[Record] | None] = None
    """The model of what `create` takes."""
    columns: ClassVar[tuple[str, ...]]
    """The fields that a list shows, the most telling first."""
    heavy: ClassVar[bool] = False
    """A site may need minutes for the list."""
    begins: ClassVar[tuple[str, ...]] = ()
    """A form sets the cursor in the first of these fields that it has."""
    apart: ClassVar[frozenset[str]] = frozenset()
    """Fields whose parts are a resource of their own, with its own list."""
    of_event: ClassVar[bool] = True
    generic: ClassVar[bool] = False
    """Some of them belong to no event (None)."""
    needs_no_event: ClassVar[bool] = False
    """One is found by its key alone; `event` may then be None."""
    verbs: ClassVar[frozenset[Verb]] = frozenset(Verb)
    any_case: ClassVar[bool] = True
    """Names that differ only in case or accents are the same to people."""
    write_only: ClassVar[frozenset[str]] = frozenset()
    """Fields that the site may store although its answers do not show them."""
    needs_admin: ClassVar[bool] = False
    """A site shows them only to the key of an administrator."""
    needs_reason: ClassVar[bool] = False
    """To remove one, a reason is needed."""
    actions: ClassVar[Mapping[str, Action]] = {}
    examples: ClassVar[Mapping[str, str]] = {}
    """For the help of a command, by verb: what follows the verb."""

    def __init__(self, client: "Ticketbutler", sale_of: SaleOf) -> None:
        self._client = client
        self._sale_of = sale_of

    @abstractmethod
    async def list(self, event: str | None = None) -> Sequence[Row]:
        """All of them; if they belong to events, those of one event."""

    @property
    def lists_all_fields(self) -> bool:
        """Whether a row of the list has all the fields that `get` returns."""
        return type(self).get is Resource.get

    async def listed(self, event: str | None, key: str) -> Any:
        """The row with this key, as the list has it now; None: there is none."""
        return next((row for row in await self.list(event) if self.key(row) == key), None)

    async def get(self, event: str | None, key: str) -> Any:
        """One of them. Raises NotFound."""
        if (row := await self.listed(event, key)) is None:
            raise self._none(key)
        return row

    def create(self, event: str | None, values: Values) -> PendingChange[Any]:
        """Create one; the change returns the row. `values`: fields of `new`."""
        raise self._cannot(Verb.CREATE)

    def update(
        self, event: str | None, key: str, values: Values, opened: Row | None = None
    ) -> PendingChange[Any]:
        """Change fields of one; the change returns the row. What is left out stays as it is.

        `values`: as `apply_edit` takes them. `opened`: the row that a person began with. If others
        have changed these fields since, the notes say so.
        """
        return self._noted(self.edit(event, key, values), values, opened)

    def edit(self, event: str | None, key: str, values: Values) -> PendingChange[Any]:
        """`update`, without its notes."""
        raise self._cannot(Verb.UPDATE)

    @pending
    async def _noted(
        self, change: PendingChange[Any], values: Values, opened: Row | None
    ) -> PreparedChange[Any]:
        prepared = await change.prepare()
        if opened is None or prepared.edit is None:
            return prepared
        notes = changed_since(opened, prepared.edit, values, self.write_only)
        return replace(prepared, notes=tuple(notes))

    def delete(self, event: str | None, key: str, reason: str = "") -> PendingChange[None]:
        """Remove one. `reason`: if `needs_reason`."""
        raise self._cannot(Verb.DELETE)

    def act(
        self, name: str, event: str | None = None, key: str = "", values: Values | None = None
    ) -> "PendingChange[Any] | Awaitable[Outcome]":
        """Do one of `actions`. Returns a change to look at and send, or an outcome to await."""
        return self.actions[name].run(self, event, key, values or {})

    def actions_of(self, row: Any) -> Mapping[str, Action]:
        return self.actions

    @classmethod
    def meant(cls, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """Of the fields of a row listed earlier, those that do not just follow from the others."""
        return given

    def may_change(self, row: Any) -> bool:
        """Whether this key may change the row, as far as the row says."""
        return True

    def event_of(self, row: Any) -> Event | None:
        """The event, if the row is one: it has a desk of its own."""
        return None

    def key(self, row: Any) -> str:
        """The key by which the other methods know the row."""
        return str(row.uuid)

    def name_of(self, row: Any) -> str:
        """The name that people know it by, and type before it is removed; never empty."""
        return " ".join(getattr(row, self.name_field).split()) or self.key(row)

    def names(self, row: Any) -> tuple[str, ...]:
        """The names that a row can be asked for by, besides its key. Others may have the same."""
        return (self.name_of(row),)

    def confirms(self, row: Any, typed: str) -> bool:
        """Whether what a person typed is the name of this row."""
        name, text = self.name_of(row), " ".join(typed.split())
        return text == name or (self.any_case and text.casefold() == name.casefold())

    def zone(self, row: Any) -> tzinfo | None:
        """The time zone of moments that are entered without an offset; None: they need one."""
        try:
            return ZoneInfo(row.timezone) if "timezone" in type(row).model_fields else None
        except (ZoneInfoNotFoundError, ValueError):
            return None

    @cached_property
    def column_fields(self) -> tuple[FieldInfo, ...]:
        known = {info.name: info for info in field_info(self.model)}
        return tuple(known[name] for name in self.columns)

    def cells(self, row: Any) -> tuple[str, ...]:
        return tuple(shown(info, getattr(row, info.name)) for info in self.column_fields)

    def headings(self) -> tuple[str, ...]:
        return tuple(info.label for info in self.column_fields)

    def searched(self, row: Any) -> str:
        """The text that a row is searched in: its columns, name and key, folded."""
        api = [
            written(info, getattr(row, info.name)) for info in self.column_fields if info.choices
        ]
        return fold(" ".join((*self.cells(row), *api, self.name_of(row), self.key(row))))

    def matches(self, row: Any, text: str) -> bool:
        """Whether every word of `text` is somewhere in what the row is searched in."""
        searched = self.searched(row)
        return all(word in searched for word in fold(text).split())

    async def find(self, event: str | None, wanted: str) -> Any:
        """The one with this key, or the only one with this name, with all its fields.

        A part of a name finds nothing, as the next step may be to change what was found. Raises
        NotFound if there is none, and Refused if there are several.
        """
        if (key := self.as_key(wanted)) is not None:
            return await self.get(event, key)
        text = wanted.strip()
        rows = await self.list(event)
        found = [row for row in rows if text in (*self.names(row), self.key(row))]
        if not found and self.any_case:
            found = [
                row for row in rows if plain(text) and plain(text) in map(plain, self.names(row))
            ]
        if len(found) > 1:
            keys = ", ".join(f"{self.name_of(row)} ({self.key(row)})" for row in found[:5])
            raise Refused(
                "several",
                _("Several are “{wanted}”: {keys}. Say which by its id.").format(
                    wanted=wanted, keys=keys
                ),
            )
        if not found:
            detail = f"no {self.one} {wanted[:80]}"
            raise NotFound(
                detail,
                _("There is no such {one}: give its whole name as it stands, or its id.").format(
                    one=_(self.one)
                ),
            )
        if Verb.SHOW not in self.verbs or self.lists_all_fields:
            return found[0]
        return await self.get(event, self.key(found[0]))

    def as_key(self, wanted: str) -> str | None:
        """`wanted` as a key, if it can be nothing else; else None."""
        return hex_uuid(wanted)

    def _none(self, wanted: str) -> NotFound:
        sentence = _("The site has this {one} no more: refresh the list.").format(one=_(self.one))
        return NotFound(f"no {self.one} {wanted[:80]}", sentence)

    def _cannot(self, verb: Verb) -> Exception:
        return Refused(f"{self.name}: {verb}", _("The site has no way to do that."))
