"""What `manage` does, for whichever kind of thing: find it, look or ask first, change, print."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import tzinfo
from typing import TYPE_CHECKING, Any, TypeVar

from boxoffice.cli.manage_input import confirm, given
from boxoffice.cli.manage_output import (
    print_differences,
    print_json,
    print_outcome,
    print_request,
    print_row,
    print_rows,
    request_json,
)
from boxoffice.manage import Resource, Verb, for_create, for_input, for_update
from boxoffice.problem import ProblemError
from boxoffice.ticketbutler.errors import TicketbutlerError
from boxoffice.ticketbutler.parsers import EntryError
from boxoffice.ticketbutler.resources.record import Record, field_info

if TYPE_CHECKING:
    from boxoffice.cli.app_context import AppContext
    from boxoffice.cli.options import Options
    from boxoffice.ticketbutler import PendingChange
    from boxoffice.ticketbutler.changes import PreparedChange


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was said on the command line; each command has only some of it."""

    key: str = ""
    find: str = ""
    reason: str = ""
    sets: tuple[str, ...] = ()
    source: str = ""
    generic: bool = False
    to: str = ""
    yes: str | None = None
    dry_run: bool = False
    json: bool = False


def work(kind: type[Resource], verb: str, asked: Asked, options: "Options") -> int:
    """Do what one command asks; its exit status. Raises ProblemError."""
    from boxoffice.cli.run_app import run

    settings = options.settings()
    model = entered(kind, verb)
    if verb == Verb.DELETE and kind.needs_reason and not asked.reason:
        raise ProblemError("Say why with --reason: everybody who has a ticket reads it.", status=2)
    # Before anything is asked of the site: what is wrong in it is known at once.
    rows, listed = (
        given(model, asked.sets, asked.source, anew=verb != Verb.UPDATE)
        if model is not None
        else ([], False)
    )
    if listed and verb != Verb.CREATE:
        raise ProblemError("Give one JSON object, not a list.", status=2)

    async def opened(context: "AppContext") -> int:
        at = await _place(context, kind, asked.key, generic=asked.generic)
        try:
            return await _Work(at, verb, asked, rows, listed=listed).run()
        except EntryError as error:
            raise ProblemError(error.sentence, status=2) from error

    return run(settings, opened)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where it is done."""

    resource: Resource
    event: str | None
    zone: tzinfo | None


async def _place(context: "AppContext", kind: type[Resource], key: str, *, generic: bool) -> _Place:
    from boxoffice.cli.select_event import select_event

    resource = (await context.desk()).resources[kind.name]
    if not kind.of_event or generic or (kind.alone and resource.as_key(key) is not None):
        return _Place(resource, None, None)
    event = await select_event(context)
    return _Place(resource, event.uuid, event.zone)


class _Work:
    """One command under way."""

    def __init__(
        self, at: _Place, verb: str, asked: Asked, rows: list[dict[str, Any]], *, listed: bool
    ) -> None:
        self._resource, self._event, self._zone = at.resource, at.event, at.zone
        self._verb, self._asked, self._rows, self._listed = verb, asked, rows, listed

    async def run(self) -> int:
        match self._verb:
            case Verb.LIST:
                return await self._list()
            case Verb.SHOW:
                row = await self._resource.find(self._event, self._asked.key)
                print_json(row) if self._asked.json else print_row(row)
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
        resource, text = self._resource, self._asked.find
        rows = await resource.list(self._event)
        found = [row for row in rows if not text or resource.matches(row, text)]
        print_json(found) if self._asked.json else print_rows(resource, found)
        return 0

    async def _create(self) -> int:
        resource = self._resource
        changes: list[PendingChange[Any]] = []
        # All of them, before the first is made.
        for at, row in enumerate(self._rows):
            with self._row(at):
                changes.append(resource.create(self._event, for_create(resource, row, self._zone)))
                if self._listed:
                    await changes[at].prepare()
        if self._asked.dry_run:
            return await self._look(changes)
        made: list[Any] = []
        try:
            for at, change in enumerate(changes):
                with self._row(at):
                    made.append(await _sent(await change.prepare()))
        finally:
            self._tell_made(made, len(changes))
        return 0

    @contextmanager
    def _row(self, at: int) -> Iterator[None]:
        """What is wrong is said of that row, where there are several."""
        which = f"Row {at + 1} of {len(self._rows)}: " if self._listed else ""
        try:
            yield
        except EntryError as error:
            raise ProblemError(f"{which}{error.sentence}", status=2) from error
        except (ProblemError, TicketbutlerError) as error:
            raise ProblemError(f"{which}{error.sentence}") from error

    def _tell_made(self, made: list[Any], of: int) -> None:
        if self._asked.json:
            if made or self._listed:
                print_json(made if self._listed else made[0])
            return
        for row in made:
            print(f"Made: {self._resource.name_of(row)}  {self._resource.key(row)}")
        if len(made) < of and made:
            print(f"{len(made)} of {of} were made.")

    async def _update(self) -> int:
        resource = self._resource
        row = await resource.find(self._event, self._asked.key)
        zone = resource.zone(row) or self._zone
        self._emptied(row)
        values = for_update(resource, row, self._rows[0], zone)
        if not values:
            raise ProblemError("Nothing is different: nothing was sent.")
        change = resource.update(self._event, resource.key(row), values)
        if self._asked.dry_run:
            return await self._look([change])
        return await self._send(await change.prepare())

    def _emptied(self, row: Any) -> None:
        """Raise where a field is to be emptied of which the site does not tell what it has."""
        sets = (each.partition("=") for each in self._asked.sets)
        empty = {name.strip() for name, _, value in sets if not value.strip()}
        for each in field_info(type(row)):
            if each.name in empty & self._resource.untold and not getattr(row, each.name):
                raise ProblemError(
                    f"{each.label}: the site does not tell it, so that it cannot be seen to be "
                    "emptied; nothing was sent."
                )

    async def _delete(self) -> int:
        resource, asked = self._resource, self._asked
        row = await resource.find(self._event, asked.key)
        change = resource.delete(self._event, resource.key(row), asked.reason)
        if asked.dry_run:
            return await self._look([change])
        prepared = await self._confirmed(change, row, f"delete the {resource.one}")
        await _sent(prepared)
        gone = {"deleted": resource.key(row), "name": resource.name_of(row)}
        print_json(gone) if asked.json else print(f"Deleted: {gone['name']}")
        return 0

    async def _act(self) -> int:
        resource, asked = self._resource, self._asked
        action = resource.actions[self._verb]
        row = await resource.find(self._event, asked.key) if action.of_row else None
        values: Mapping[str, Any] = {}
        if action.model is not None:
            values = for_input(action.model, self._rows[0], self._zone)
        doing = resource.act(
            self._verb, self._event, resource.key(row) if row is not None else "", values
        )
        if not action.changes:
            outcome: Any = await doing
            return print_outcome(outcome, asked.to, json=asked.json)
        change: Any = doing
        if asked.dry_run:
            return await self._look([change])
        if action.destructive:
            return await self._send(await self._confirmed(change, row, action.doing))
        return await self._send(await change.prepare())

    async def _confirmed(
        self, change: "PendingChange[Any]", row: Any, doing: str
    ) -> "PreparedChange[Any]":
        """The change, once a person has seen what it makes different and has named the row."""
        seen = await change.request()  # what is refused at once is refused before a name is typed
        confirm(self._resource, row, doing, self._asked.yes, seen.differences)
        prepared = await change.prepare()
        if prepared.request != seen:
            raise ProblemError("The site has changed meanwhile: nothing was sent. Try again.")
        return prepared

    async def _send(self, prepared: "PreparedChange[Any]") -> int:
        told = await _sent(prepared)
        if self._asked.json:
            print_json({"sentence": told} if isinstance(told, str) else told)
        elif isinstance(told, str):
            print(told)
        elif isinstance(told, tuple):
            print_differences(prepared.differences)
        else:
            print(f"Changed: {self._resource.name_of(told)}")
            print_differences(prepared.differences)
        return 0

    async def _look(self, changes: "list[PendingChange[Any]]") -> int:
        """Say what would be sent, and send nothing."""
        requests = [await change.request() for change in changes]
        if self._asked.json:
            told = [request_json(each) for each in requests]
            print_json(told if self._listed else told[0] if told else None)
        else:
            for each in requests:
                print_request(each)
            print("Nothing was sent.")
        return 0


async def _sent(prepared: "PreparedChange[T]") -> T:
    """Send it. Raises ProblemError where it may have been done although an error came back."""
    try:
        return await prepared.send()
    except TicketbutlerError as error:
        if error.maybe_applied:
            raise ProblemError(error.of_a_write) from error
        raise


def entered(kind: type[Resource], verb: str) -> type[Record] | None:
    """The model whose fields a command has to be told; None: it has none."""
    if (action := kind.actions.get(verb)) is not None:
        return action.model
    return {Verb.CREATE: kind.new, Verb.UPDATE: kind.model}.get(Verb(verb))
