"""`about`: all that is kept of one person on this computer, for who asks by right."""

import json as encoding
from typing import Annotated, Any

from cyclopts import Parameter

from boxoffice import ProblemError
from boxoffice.cli.commands import Context, Json
from boxoffice.cli.output import aligned, print_json

LINES = ("at", "lane", "operator", "kind", "verdict", "code", "reason")
"""Columns of the journal, which is a line a row."""
Who = Annotated[str, Parameter(help="A name, or an e-mail address.")]


async def about(*name: Who, json: Json = False, context: Context) -> None:
    """Show all that is kept of one person here: as a guest, as a buyer, or as an operator.

    Tickets, orders, answers, journal, queue, sales and codes, and the names of papers, exports and
    other files. Where several people have that name, what is kept of all of them.
    """
    who = " ".join(name)
    if not who.strip():
        raise ProblemError("Say of whom: a name, or an e-mail address.", status=2)
    from boxoffice.store import person

    files, names = await context.files(), person.names(who)
    found = await files.store.read_all(person.in_roster, names)
    found |= await files.journal.read_all(person.in_journal, names, person.uuids(found))
    paths = person.in_files(context.folder, context.data, names, found)
    if json:
        print_json({"person": who, **found, "files": paths})
        return
    if not paths and not any(found.values()):
        print(f"Nothing of “{who}” is kept on this computer for {context.origin}.")
    for title, rows in found.items():
        if rows:
            print(f"{title.capitalize()}\n{_lines(rows) if title == 'journal' else _facts(rows)}\n")
    if paths:
        print("\n".join(["Files", *(f"  {path}" for path in paths)]))


def _lines(rows: list[dict[str, Any]]) -> str:
    cells = [LINES, *(tuple(str(row[name] or "") for name in LINES) for row in rows)]
    return "\n".join(f"  {line}" for line in aligned(cells).splitlines())


def _facts(rows: list[dict[str, Any]]) -> str:
    """Each row as a block of what it says."""
    blocks = (
        aligned(
            [(name, _text(value)) for name, value in row.items() if value not in (None, "", [])]
        )
        for row in rows
    )
    return "\n\n".join("\n".join(f"  {line}" for line in block.splitlines()) for block in blocks)


def _text(value: object) -> str:
    return value if isinstance(value, str) else encoding.dumps(value, ensure_ascii=False)
