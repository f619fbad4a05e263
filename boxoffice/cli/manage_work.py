"""One command of `manage` at work: what it was given, what it asks, sends and prints."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from cyclopts import Parameter

from boxoffice import ProblemError
from boxoffice.cli.commands import NONE, Common, Json, no_option
from boxoffice.cli.manage_io import (
    confirm,
    given,
    print_json,
    print_made,
    print_outcome,
    print_requests,
    print_result,
    print_row,
    print_rows,
)
from boxoffice.language import N_, _
from boxoffice.manage import Resource, Verb, for_create, for_input, for_update
from boxoffice.ticketbutler.changes import PendingChange, PreparedChange
from boxoffice.ticketbutler.errors import TicketbutlerError
from boxoffice.ticketbutler.fields import EntryError
from boxoffice.ticketbutler.record import Record, field_info
from boxoffice.ticketbutler.session import reading_once

if TYPE_CHECKING:
    from boxoffice.cli.app_context import AppContext

T = TypeVar("T")

_FILE = N_("Where to write a file; else it is under the data folder. “-”: to the output.")
_SET = N_(
    "A field, and its value: FIELD=VALUE. A part’s: PART.FIELD=VALUE. A list: as JSON. "
    "Of a number also +5 or -5."
)
_SOURCE = N_("A file with JSON. “-”, or without it and without --set: what is piped in.")
_WHY = N_("Why: it is written to everybody with a ticket. Needed.")


@dataclass(frozen=True)
class Arguments:
    """What the command line gives: the options of all the commands here; each takes some."""

    key: Annotated[
        str, Parameter(name="ID", help=N_("Its id, or its name where no other has that."))
    ]
    find: Annotated[str, Parameter(help=N_("Only those with these words in them."))] = ""
    reason: Annotated[str, Parameter(help=_WHY)] = ""
    sets: Annotated[tuple[str, ...], Parameter(name="--set", help=_SET)] = ()
    source: Annotated[
        str,
        Parameter(name="--from", help=_SOURCE, allow_leading_hyphen=True, validator=no_option),
    ] = ""
    generic: Annotated[bool, Parameter(help=N_("Those for all events, not those of one."))] = False
    to: Annotated[str, Parameter(help=_FILE, allow_leading_hyphen=True, validator=no_option)] = ""
    yes: Annotated[str | None, Parameter(help=N_("Its name: nothing else is meant."))] = None
    dry_run: Annotated[bool, Parameter(help=N_("Say what would be sent; send nothing."))] = False
    json: Json = False
    options: Common = NONE


def work(kind: type[Resource], verb: str, arguments: Arguments) -> int:
    """Do what one command asks; its exit status. Raises ProblemError."""
    from boxoffice.cli.run_app import run
    from boxoffice.cli.select_event import select_event

    settings = arguments.options.settings()
    if verb == Verb.DELETE and kind.needs_reason and not arguments.reason:
        raise ProblemError(
            _("Say why with --reason: everybody who has a ticket reads it."), status=2
        )
    # Before anything is asked of the site: what is wrong in it is known at once.
    model, rows, listed = input_model(kind, verb), list[dict[str, Any]](), False
    if model is not None:
        anew = verb != Verb.UPDATE
        rows, listed = given(model, arguments.sets, arguments.source, anew=anew)
    if listed and verb != Verb.CREATE:
        raise ProblemError(_("Give one JSON object, not a list."), status=2)

    async def opened(context: "AppContext") -> int:
        desk = await context.desk()
        resource = desk.resources[kind.name]
        of_site = not kind.of_event or arguments.generic
        with reading_once():
            if of_site or (kind.needs_no_event and resource.as_key(arguments.key) is not None):
                uuid, zone = None, None
            else:
                event = await select_event(context)
                uuid, zone = event.uuid, event.zone
            try:
                files = desk.exports(uuid)
                return await _Work(resource, uuid, zone, files, verb, arguments, rows, listed).run()
            except EntryError as error:
                raise ProblemError(error.sentence, status=2) from error

    return run(settings, opened)


@dataclass(frozen=True, slots=True)
class _Work:
    """One command under way."""

    _resource: Resource
    _event: str | None
    _zone: tzinfo | None
    """Of moments that are given without an offset."""
    _files: Path
    """The folder of files that are not named."""
    _verb: str
    _arguments: Arguments
    _rows: list[dict[str, Any]]
    _listed: bool
    """The rows were given as a list."""

    async def run(self) -> int:
        match self._verb:
            case Verb.LIST:
                return await self._list()
            case Verb.SHOW:
                row = await self._resource.find(self._event, self._arguments.key)
                print_json(row) if self._arguments.json else print_row(row)
                return 0
            case Verb.CREATE:
                return await self._create()
            case Verb.UPDATE:
                return await self._update()
            case Verb.DELETE:
                return await self._delete()
            case _:
                return await self._act()

    async def _list(self) -> int:
        resource, text = self._resource, self._arguments.find
        rows = await resource.list(self._event)
        found = [row for row in rows if not text or resource.matches(row, text)]
        print_json(found) if self._arguments.json else print_rows(resource, found)
        return 0

    async def _create(self) -> int:
        resource, json = self._resource, self._arguments.json
        changes: list[PendingChange[Any]] = []
        # All of them, before the first is made.
        for at, row in enumerate(self._rows):
            with self._row(at):
                changes.append(resource.create(self._event, for_create(resource, row, self._zone)))
                if self._listed:
                    await changes[at].prepare()
        if self._arguments.dry_run:
            return await self._show(changes)
        made: list[Any] = []
        try:
            for at, change in enumerate(changes):
                with self._row(at):
                    made.append(await _sent(await change.prepare()))
        finally:
            print_made(resource, made, of=len(changes), listed=self._listed, json=json)
        return 0

    @contextmanager
    def _row(self, at: int) -> Iterator[None]:
        """What is wrong is said of that row, where there are several."""
        try:
            yield
        except (EntryError, ProblemError, TicketbutlerError) as error:
            problem = error.sentence
            if self._listed:
                problem = _("Row {n} of {of}: {problem}").format(
                    n=at + 1, of=len(self._rows), problem=problem
                )
            status = 2 if isinstance(error, EntryError) else 1
            raise ProblemError(problem, status=status) from error

    async def _update(self) -> int:
        resource = self._resource
        row = await resource.find(self._event, self._arguments.key)
        zone = resource.zone(row) or self._zone
        self._emptied(row)
        values = for_update(resource, row, self._rows[0], zone)
        if not values:
            raise ProblemError(_("Nothing is different: nothing was sent."))
        change = resource.update(self._event, resource.key(row), values)
        if self._arguments.dry_run:
            return await self._show([change])
        return await self._send(await change.prepare())

    def _emptied(self, row: Any) -> None:
        """Raise where a field is to be emptied of which the site does not tell what it has."""
        sets = (setting.partition("=") for setting in self._arguments.sets)
        empty = {name.strip() for name, _equals, value in sets if not value.strip()}
        for info in field_info(type(row)):
            if info.name in empty & self._resource.write_only and not getattr(row, info.name):
                raise ProblemError(
                    _(
                        "{label}: the site does not tell it, so that it cannot be seen to be "
                        "emptied; nothing was sent."
                    ).format(label=info.label)
                )

    async def _delete(self) -> int:
        resource, arguments = self._resource, self._arguments
        row = await resource.find(self._event, arguments.key)
        change = resource.delete(self._event, resource.key(row), arguments.reason)
        if arguments.dry_run:
            return await self._show([change])
        prepared = await self._confirmed(
            change, row, _("delete the {one}").format(one=_(resource.one))
        )
        await _sent(prepared)
        key, name = resource.key(row), resource.name_of(row)
        if arguments.json:
            print_json({"deleted": key, "name": name})
        else:
            print(_("Deleted: {name}").format(name=name))
        return 0

    async def _act(self) -> int:
        resource, arguments = self._resource, self._arguments
        action = resource.actions[self._verb]
        row = await resource.find(self._event, arguments.key) if action.of_row else None
        values: Mapping[str, Any] = {}
        if action.model is not None:
            values = for_input(action.model, self._rows[0], self._zone)
        doing = resource.act(
            self._verb, self._event, resource.key(row) if row is not None else "", values
        )
        if not action.changes:
            outcome: Any = await doing
            return print_outcome(outcome, arguments.to, self._files, json=arguments.json)
        change: Any = doing
        if arguments.dry_run:
            return await self._show([change])
        if action.destructive:
            return await self._send(await self._confirmed(change, row, _(action.doing)))
        return await self._send(await change.prepare())

    async def _confirmed(
        self, change: PendingChange[Any], row: Any, doing: str
    ) -> PreparedChange[Any]:
        """The change, once a person has seen what it makes different and has named the row."""
        shown = await change.prepare()  # what is refused at once is refused before a name is typed
        typed = confirm(self._resource, row, doing, self._arguments.yes, shown.differences)
        return await change.confirmed(shown) if typed else shown

    async def _send(self, prepared: PreparedChange[Any]) -> int:
        result = await _sent(prepared)
        print_result(self._resource, result, prepared.differences, json=self._arguments.json)
        return 0

    async def _show(self, changes: list[PendingChange[Any]]) -> int:
        """Say what would be sent, and send nothing."""
        prepared = [await change.prepare() for change in changes]
        print_requests(prepared, listed=self._listed, json=self._arguments.json)
        return 0


async def _sent(prepared: PreparedChange[T]) -> T:
    """Send it. Raises ProblemError where it may have been done although an error came back."""
    try:
        return await prepared.send()
    except TicketbutlerError as error:
        if error.maybe_applied:
            raise ProblemError(error.of_a_write) from error
        raise


def input_model(kind: type[Resource], verb: str) -> type[Record] | None:
    """The model whose fields a command has to be told; None: it has none."""
    if (action := kind.actions.get(verb)) is not None:
        return action.model
    return {Verb.CREATE: kind.new, Verb.UPDATE: kind.model}.get(Verb(verb))
