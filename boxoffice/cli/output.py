"""What commands print: aligned lines for people, JSON for programs."""

import json as encoding
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from itertools import chain
from pathlib import Path
from shutil import get_terminal_size
from textwrap import wrap
from typing import TextIO

from rich.cells import cell_len

from boxoffice import ProblemError
from boxoffice.domain.money import local_amount, plain_amount
from boxoffice.language import _
from boxoffice.paths import NOT_WRITTEN, explained
from boxoffice.printing.spreadsheet import Cell, Table, plain

LEAST = 2
"""Columns that are shown however narrow a terminal is."""


SUMMARY = "summary"
"""Of a report's tables, the one whose file has the name that was given."""
TILL = "lane operator opened_at opening taken expected closed_at counted difference currency"
"""What programs are shown of a till."""


def print_json(value: object, *, indent: int | None = 1) -> None:
    """Print it for a program: money as text, moments as ISO 8601 in the zone that they are in."""
    print(encoding.dumps(value, indent=indent, default=_encoded), flush=True)


def _encoded(value: object) -> str:
    match value:
        case Decimal():
            return plain_amount(value)
        case datetime():
            return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no part of what is printed")


def write_file(path: Path, content: bytes, *, over: bool = True) -> None:
    """Write a file, for its owner alone: see `boxoffice.cli.main`. `over`: a person named it.

    Raises ProblemError, also where one is there already that nobody named.
    """
    with explained(NOT_WRITTEN, path):
        try:
            if not over:
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with path.open("wb" if over else "xb") as file:
                file.write(content)
        except FileExistsError as error:
            raise ProblemError(
                _("{path} is there already: say --to to write elsewhere.").format(path=path)
            ) from error


def fields(of: object, names: str) -> dict[str, object]:
    """What `of` has under these names, with a space between; as another name with `shown=own`."""
    get = of.__getitem__ if isinstance(of, Mapping) else partial(getattr, of)
    pairs = (name.partition("=") for name in names.split())
    return {shown: get(own or shown) for shown, _, own in pairs}


def aligned(rows: Sequence[Sequence[str]], room: int | None = None) -> str:
    """Rows as lines, each column as wide as its widest cell.

    `room`: cells of a line. Columns that do not fit are left out from the right; two always stay.
    """
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    while room is not None and len(widths) > LEAST and sum(widths) + 2 * len(widths) - 2 > room:
        widths.pop()
    lines = (
        "  ".join(
            cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=False)
        ).rstrip()
        for row in rows
    )
    return "\n".join(lines)


def terminal() -> int | None:
    """Cells of a line of the terminal that is written to; None: it is a file or a pipe."""
    return get_terminal_size().columns if sys.stdout.isatty() else None


def folded(text: str, stream: TextIO, *, indent: int = 0) -> str:
    """`text` broken between words for a terminal, which would break it anywhere.

    `indent`: cells before what does not fit its line. A file or a pipe has each line whole.
    """
    if not stream.isatty():
        return text
    room = get_terminal_size().columns
    lines = (
        wrap(line, room, subsequent_indent=" " * indent, break_on_hyphens=False) or [""]
        for line in text.splitlines()
    )
    return "\n".join(chain.from_iterable(lines))


def as_text(parts: Iterable[Table], room: int | None = None) -> list[str]:
    """A block of lines for each part but the causes, which are said on standard error.

    `room`: cells of a line. What does not fit stands below each other, row by row.
    """
    blocks = []
    for part in parts:
        if part.key == "not_balanced":
            continue
        rows = [tuple(_written(cell, part.currency) for cell in row) for row in part.rows]
        if part.key != "summary":
            rows.insert(0, part.columns)
        lines = aligned(rows).splitlines()
        if part.key != "summary" and room and max(map(cell_len, lines)) + 2 > room:
            records = [aligned([*zip(rows[0], row, strict=True)]) for row in rows[1:]]
            lines = "\n\n".join(records).splitlines()
        blocks.append("\n".join([part.title, *(f"  {line}".rstrip() for line in lines)]))
    return blocks


def _written(cell: Cell, currency: str) -> str:
    match cell:
        case datetime():
            return f"{cell:%Y-%m-%d %H:%M}"
        case Decimal():
            return local_amount(cell, currency)
    return plain(cell, currency)
