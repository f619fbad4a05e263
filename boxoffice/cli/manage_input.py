"""What goes into `manage`: JSON from a file or a pipe, fields on the command line, a name typed."""

import json as encoding
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from boxoffice.cli.manage_output import print_differences
from boxoffice.manage import Resource
from boxoffice.manage.edit_input import more
from boxoffice.problem import ProblemError
from boxoffice.ticketbutler.changes import Difference
from boxoffice.ticketbutler.parsers import Kind
from boxoffice.ticketbutler.resources.record import FieldInfo, Record, default, field_info

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
    names = [each.name for each in field_info(model) if each.editable]
    for each in sets:
        name = each.partition("=")[0].partition(".")[0].strip()
        if name not in names:
            raise ProblemError(
                f"--set {name[:40]}: there is no such field to set; there are {', '.join(names)}.",
                status=2,
            )
    told: Any = {}
    if source and source != "-":
        told = _read_file(Path(source))
    elif source == "-" or (not sets and sys.stdin is not None and not sys.stdin.isatty()):
        told = _read(sys.stdin, "what is piped in")
    if told is None:
        if any(needed(model, each) for each in field_info(model)):
            raise ProblemError("Nothing is given: say it with --set, --from or a pipe.", status=2)
        told = {}
    listed = isinstance(told, list)
    rows = told if listed else [told]
    if not all(isinstance(row, dict) for row in rows):
        raise ProblemError("Give a JSON object, or a list of them.", status=2)
    for each in sets:
        for row in rows:
            _put(row, each, model, anew=anew)
    return rows, listed


def needed(model: type[Record], field: FieldInfo) -> bool:
    """A new one cannot do without that field."""
    return field.required and not default(model, field.name)


def _read_file(path: Path) -> Any:
    try:
        with path.open(encoding="utf-8") as file:
            return _read(file, str(path))
    except OSError as error:
        raise ProblemError(f"{path} cannot be read: {error.strerror}.", status=2) from error


def _read(file: TextIO, called: str) -> Any:
    """JSON; None where there is nothing."""
    try:
        text = file.read(MOST + 1).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise ProblemError(f"{called}: this is no text in UTF-8.", status=2) from error
    if len(text) > MOST:
        raise ProblemError(f"{called}: more than {MOST} characters.", status=2)
    if not text.strip():
        return None
    try:
        # An amount stays as it is written: 0.1 is no float here.
        return encoding.loads(text, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise ProblemError(f"{called} is not JSON: {str(error)[:100]}.", status=2) from error


def _put(row: dict[str, Any], text: str, model: type[Record], *, anew: bool) -> None:
    """One `--set`: `name=value`, `part.name=value`, or `name=[…]` and `name={…}` as JSON."""
    name, equals, value = text.partition("=")
    *parts, last = (each.strip() for each in name.split("."))
    if not equals or not all((*parts, last)):
        raise ProblemError(f"--set {text[:80]}: write it as FIELD=VALUE.", status=2)
    known = _fields(model)
    for part in parts:
        inner = row.setdefault(part, {})
        row[part] = dict(inner) if isinstance(inner, Mapping) else {}
        row, known = row[part], _fields(known[part].model if part in known else None)
    match known[last].kind if last in known else Kind.TEXT:
        case Kind.PART | Kind.PARTS if not parts:  # a title may begin with a bracket too
            row[last] = _json(value, last)
        case Kind.WHOLE if anew:
            row[last] = more(value, row.get(last))
        case _:
            row[last] = value


def _fields(model: type[Record] | None) -> dict[str, FieldInfo]:
    return {each.name: each for each in field_info(model)} if model is not None else {}


def _json(value: str, name: str) -> Any:
    try:
        return encoding.loads(value, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        problem = f"--set {name}: give JSON; {str(error)[:100]}."
        raise ProblemError(problem, status=2) from error


def confirm(
    resource: Resource,
    row: Any,
    doing: str,
    yes: str | None,
    different: Sequence[Difference] = (),
) -> None:
    """Go on only where the thing's name was given, or is typed now at a terminal.

    `doing`: what is done, such as `delete the event`; `different`: what a person is told before
    that. Raises ProblemError.
    """
    name = resource.name_of(row)
    if yes is not None:
        if not resource.confirms(row, yes):
            raise ProblemError(f"It is called “{name}”, not “{yes[:80]}”: nothing was done.")
        return
    if not (_at_terminal(sys.stdin) and _at_terminal(sys.stderr)):
        raise ProblemError(f"To {doing} “{name}”, say --yes with that name.", status=2)
    print_differences(different, sys.stderr)
    print(f"To {doing} “{name}”, type that name: ", end="", file=sys.stderr, flush=True)
    if not resource.confirms(row, sys.stdin.readline()):
        raise ProblemError("That is not its name: nothing was done.")


def _at_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()
