"""What comes out of `manage`: tables and fields for people, JSON for programs, files."""

import json as encoding
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from boxoffice.cli.output import aligned, terminal
from boxoffice.domain.text import clean
from boxoffice.manage import Outcome, Resource
from boxoffice.problem import ProblemError
from boxoffice.ticketbutler.parsers import LONGEST, Kind
from boxoffice.ticketbutler.resources.record import Record, as_json, field_info, shown

if TYPE_CHECKING:
    from boxoffice.ticketbutler import Request
    from boxoffice.ticketbutler.changes import Difference


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
        print(f"There are no {resource.title.lower()}.", file=sys.stderr)


def print_models(rows: Sequence[Any]) -> None:
    """A list of what no other command knows."""
    if not rows:
        print("There are none.", file=sys.stderr)
        return
    fields = field_info(type(rows[0]))
    lines = [tuple(shown(each, getattr(row, each.name)) for each in fields) for row in rows]
    print(aligned([[each.label.upper() for each in fields], *lines], terminal()))


def print_row(row: Any) -> None:
    print("\n".join(_lines(row, "")))


def _lines(row: Any, indent: str) -> Iterator[str]:
    for each in field_info(type(row)):
        value = getattr(row, each.name)
        if each.kind is Kind.PARTS and isinstance(value, tuple):
            for at, part in enumerate(value, start=1):
                yield f"{indent}{each.label} {at}:"
                yield from _lines(part, f"{indent}  ")
        elif isinstance(value, Record):
            inner = list(_lines(value, f"{indent}  "))
            yield from (f"{indent}{each.label}:", *inner) if inner else ()
        elif text := shown(each, value):
            first, *rest = text.split("\n")
            yield f"{indent}{each.label}: {first}"
            yield from (f"{indent}  {line}" for line in rest)


def print_request(request: "Request") -> None:
    """What would be sent, for people."""
    print(f"{request.method} {clean(request.path, 2000)}")
    if request.body is not None:
        for line in encoding.dumps(request.body, indent=1, ensure_ascii=False).split("\n"):
            text = line.lstrip(" ")
            print(" " * (len(line) - len(text)) + clean(text, LONGEST))
    print_differences(request.differences)


def print_differences(differences: Sequence["Difference"], file: TextIO | None = None) -> None:
    for each in differences:
        before, after = (text.replace("\n", "↵") or "nothing" for text in each.excerpts())
        print(f"{clean(each.label)}: {before} → {after}", file=file)


def request_json(request: "Request") -> dict[str, object]:
    """These names are a public interface."""
    return {
        "method": request.method,
        "path": request.path,
        "body": request.body,
        "differences": as_json(request.differences),
    }


def print_outcome(outcome: Outcome, to: str, *, json: bool) -> int:
    """What an action brought. Raises ProblemError where a file cannot be written."""
    if outcome.rows is not None:
        print_json(outcome.rows) if json else print_models(outcome.rows)
    elif outcome.file:
        where = _write(outcome, to)
        said = {"file": where, "bytes": len(outcome.file)}
        if where != "-":
            print_json(said) if json else print(f"Written to {where}.")
        return 0
    else:
        print_json({"sentence": outcome.sentence}) if json else print(outcome.sentence)
    if to:
        print("The site gave no file: none was written.", file=sys.stderr)
        return 1
    return 0


def _write(outcome: Outcome, to: str) -> str:
    """Write the file; one that is there is replaced only where it was named."""
    if to == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(outcome.file)
        return to
    path = Path(to or outcome.suggested)
    try:
        flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if to else os.O_EXCL)
        flags |= getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
            file.write(outcome.file)
    except FileExistsError as error:
        raise ProblemError(f"{path} is there already: say --to to write elsewhere.") from error
    except OSError as error:
        raise ProblemError(f"{path} cannot be written: {error.strerror}.") from error
    return str(path)
