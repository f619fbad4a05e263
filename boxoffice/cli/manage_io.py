"""What goes into `manage`, and what comes out: JSON, fields, tables, files, a name typed."""

import json as encoding
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

from boxoffice import ProblemError
from boxoffice.cli.output import aligned, terminal, write_file
from boxoffice.domain.text import clean
from boxoffice.language import _
from boxoffice.manage import Outcome, Resource
from boxoffice.manage.edit_input import put_setting
from boxoffice.paths import NOT_READ, explained
from boxoffice.ticketbutler.changes import PreparedChange
from boxoffice.ticketbutler.edits import Difference
from boxoffice.ticketbutler.fields import LONGEST, Kind
from boxoffice.ticketbutler.record import (
    FieldInfo,
    Record,
    as_json,
    default,
    field_info,
    shown,
)

MOST = 10_000_000
"""Characters of JSON."""


def given(
    model: type[Record], sets: Sequence[str], source: str, *, anew: bool
) -> tuple[list[dict[str, Any]], bool]:
    """The objects that were given, and whether they came as a list.

    What is piped in is read where nothing else is given. Of JSON, fields that are only for showing
    may stay, as a list has them; what is said on purpose must be a field of `model` that can be
    set. `anew`: of what is made, “+5” is five more than what was piped in; of what there is, it is
    five more than the site has. Raises ProblemError.
    """
    names = [info.name for info in field_info(model) if info.editable]
    for item in sets:
        name = item.partition("=")[0].partition(".")[0].strip()
        if name not in names:
            raise ProblemError(
                _("--set {name}: there is no such field to set; there are {fields}.").format(
                    name=name[:40], fields=", ".join(names)
                ),
                status=2,
            )
    content: Any = {}
    if source and source != "-":
        content = _read_file(Path(source))
    elif source == "-" or (not sets and sys.stdin is not None and not sys.stdin.isatty()):
        content = _read(sys.stdin, _("what is piped in"))
    if content is None:
        if any(needed(model, about) for about in field_info(model)):
            raise ProblemError(
                _("Nothing is given: say it with --set, --from or a pipe."), status=2
            )
        content = {}
    listed = isinstance(content, list)
    rows = content if listed else [content]
    if not all(isinstance(row, dict) for row in rows):
        raise ProblemError(_("Give a JSON object, or a list of them."), status=2)
    for setting in sets:
        for row in rows:
            put_setting(row, setting, model, anew=anew)
    return rows, listed


def needed(model: type[Record], field: FieldInfo) -> bool:
    """A new one cannot do without that field."""
    return field.required and not default(model, field.name)


def _read_file(path: Path) -> Any:
    with explained(NOT_READ, path, status=2), path.open(encoding="utf-8") as file:
        return _read(file, str(path))


def _read(file: TextIO, called: str) -> Any:
    """JSON; None where there is nothing."""
    try:
        text = file.read(MOST + 1).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        problem = _("{called}: this is no text in UTF-8.").format(called=called)
        raise ProblemError(problem, status=2) from error
    if len(text) > MOST:
        problem = _("{called}: more than {n} characters.").format(called=called, n=MOST)
        raise ProblemError(problem, status=2)
    if not text.strip():
        return None
    try:
        # An amount stays as it is written: 0.1 is no float here.
        return encoding.loads(text, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        problem = _("{called} is not JSON: {error}.").format(called=called, error=str(error)[:100])
        raise ProblemError(problem, status=2) from error


def confirm(
    resource: Resource,
    row: Any,
    doing: str,
    yes: str | None,
    different: Sequence[Difference] = (),
) -> bool:
    """Go on only where the thing's name was given, or is typed now at a terminal: then True.

    `doing`: what is done, such as `delete the event`; `different`: what a person is told before
    that. Raises ProblemError.
    """
    name = resource.name_of(row)
    if yes is not None:
        if not resource.confirms(row, yes):
            raise ProblemError(
                _("It is called “{name}”, not “{typed}”: nothing was done.").format(
                    name=name, typed=yes[:80]
                )
            )
        return False
    if not (_at_terminal(sys.stdin) and _at_terminal(sys.stderr)):
        wanted = _("To {doing} “{name}”, say --yes with that name.")
        raise ProblemError(wanted.format(doing=doing, name=name), status=2)
    print_differences(different, sys.stderr)
    asked = _("To {doing} “{name}”, type that name:").format(doing=doing, name=name)
    print(asked, end=" ", file=sys.stderr, flush=True)
    if not resource.confirms(row, sys.stdin.readline()):
        raise ProblemError(_("That is not its name: nothing was done."))
    return True


def _at_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()


def print_json(value: object) -> None:
    print(encoding.dumps(as_json(value), indent=1))


def print_rows(resource: Resource, rows: Sequence[Any]) -> None:
    """A list, and beside each row what the other commands know it by."""
    if rows:
        heads = [heading.upper() for heading in resource.headings()]
        lines = [(resource.key(row), *resource.cells(row)) for row in rows]
        named = all(row[0] in row[1:] for row in lines)
        print(aligned([row[named:] for row in [("ID", *heads), *lines]], terminal()))
    else:
        print(_("There are none."), file=sys.stderr)


def print_models(rows: Sequence[Any]) -> None:
    """A list of what no other command knows."""
    if not rows:
        print(_("There are none."), file=sys.stderr)
        return
    fields = field_info(type(rows[0]))
    lines = [tuple(shown(item, getattr(row, item.name)) for item in fields) for row in rows]
    print(aligned([[part.label.upper() for part in fields], *lines], terminal()))


def print_row(row: Any) -> None:
    print("\n".join(_lines(row, "")))


def _lines(row: Any, indent: str) -> Iterator[str]:
    for info in field_info(type(row)):
        value = getattr(row, info.name)
        if info.kind is Kind.PARTS and isinstance(value, tuple):
            for at, part in enumerate(value, start=1):
                yield f"{indent}{info.label} {at}:"
                yield from _lines(part, f"{indent}  ")
        elif isinstance(value, Record):
            inner = list(_lines(value, f"{indent}  "))
            yield from (f"{indent}{info.label}:", *inner) if inner else ()
        elif text := shown(info, value):
            first, *rest = text.split("\n")
            yield f"{indent}{info.label}: {first}"
            yield from (f"{indent}  {line}" for line in rest)


def print_made(
    resource: Resource, made: Sequence[Any], *, of: int, listed: bool, json: bool
) -> None:
    """What was made, `of` so many; `listed`: they were given as a list."""
    if json:
        if made or listed:
            print_json(made if listed else made[0])
        return
    for row in made:
        name, key = resource.name_of(row), resource.key(row)
        print(_("Made: {name}  {key}").format(name=name, key=key))
    if len(made) < of and made:
        print(_("{n} of {of} were made.").format(n=len(made), of=of))


def print_result(
    resource: Resource, result: Any, differences: Sequence[Difference], *, json: bool
) -> None:
    """What a change brought: a sentence, the row as it is now, or several parts of it."""
    if json:
        print_json({"sentence": result} if isinstance(result, str) else result)
    elif isinstance(result, str):
        print(result)
    else:
        if not isinstance(result, tuple):
            print(_("Changed: {name}").format(name=resource.name_of(result)))
        print_differences(differences)


def print_requests(prepared: Sequence[PreparedChange[Any]], *, listed: bool, json: bool) -> None:
    """What would be sent; `listed`: what it is made of was given as a list."""
    if json:
        result = [request_json(change) for change in prepared]
        print_json(result if listed else result[0] if result else None)
        return
    for change in prepared:
        print(f"{change.call.method} {clean(change.call.target, 2000)}")
        if change.call.body is not None:
            for line in encoding.dumps(change.call.body, indent=1, ensure_ascii=False).split("\n"):
                text = line.lstrip(" ")
                print(" " * (len(line) - len(text)) + clean(text, LONGEST))
        print_differences(change.differences)
    print(_("Nothing was sent."))


def print_differences(differences: Sequence[Difference], file: TextIO | None = None) -> None:
    for difference in differences:
        before, after = (text.replace("\n", "↵") or _("nothing") for text in difference.excerpts())
        print(f"{clean(difference.label)}: {before} → {after}", file=file)


def request_json(change: PreparedChange[Any]) -> dict[str, object]:
    """These names are a public interface."""
    return {
        "method": change.call.method,
        "path": change.call.target,
        "body": change.call.body,
        "differences": as_json(change.differences),
    }


def print_outcome(outcome: Outcome, to: str, folder: Path, *, json: bool) -> int:
    """What an action brought; a file goes into `folder` where it is not named.

    Raises ProblemError where it cannot be written.
    """
    if outcome.rows is not None:
        print_json(outcome.rows) if json else print_models(outcome.rows)
    elif outcome.file:
        where = _write(outcome, to, folder)
        written = {"file": where, "bytes": len(outcome.file)}
        if where != "-":
            print_json(written) if json else print(_("Written to {path}.").format(path=where))
        return 0
    else:
        print_json({"sentence": outcome.sentence}) if json else print(outcome.sentence)
    if to:
        print(_("The site gave no file: none was written."), file=sys.stderr)
        return 1
    return 0


def _write(outcome: Outcome, to: str, folder: Path) -> str:
    """Write the file; one that is there is replaced only where it was named."""
    if to == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(outcome.file)
        return to
    path = Path(to) if to else folder / outcome.suggested
    write_file(path, outcome.file, over=bool(to))
    return str(path)
