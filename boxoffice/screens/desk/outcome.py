"""What the site gave when it was asked for something: rows to look at, or a file to keep."""

import asyncio
import os
from collections.abc import Iterator, Sequence
from datetime import tzinfo
from pathlib import Path
from typing import Any

from textual.content import Content

from boxoffice.commands import Place, bindings
from boxoffice.manage import FieldInfo, Kind, field_info
from boxoffice.screens.desk.filling import Manners
from boxoffice.screens.desk.list_base import MOVES, ListBase
from boxoffice.screens.desk.sheet import Sheet

EMPTY = "The site has none of these. Esc goes back."


class CannotKeep(OSError):
    """The file was not written."""

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(str(error))
        self.sentence = f"{path} cannot be written: {error.strerror or error}."


class RowsScreen(ListBase[None]):
    """Rows of any model, to be looked at."""

    place = Place.DESK
    BINDINGS = [*bindings(place), *MOVES]

    def __init__(self, title: str, found: Sequence[Any], zone: tzinfo | None, locale: str) -> None:
        super().__init__()
        self._heading = title
        self._found = found
        self._columns: tuple[FieldInfo, ...] = ()
        if found:
            told = field_info(type(found[0]))
            self._columns = tuple(each for each in told if each.kind is not Kind.UUID)
        self._manners = Manners(zone, locale)

    def heading(self) -> Content:
        return Content(f"{self._heading} · {len(self._found):,}" if self._found else self._heading)

    def on_mount(self) -> None:
        self.work(self._list(), "list what the site gave")

    async def _list(self) -> None:
        self.put(await Sheet.made(self._found, self._columns, lambda _row: self._manners))
        if not self._found:
            self.say(EMPTY, calm=True)


async def keep(content: bytes, suggested: str) -> Path:
    """Write a file into the person's home, readable by nobody else; never over another.

    Raises CannotKeep.
    """
    return await asyncio.to_thread(_keep, content, Path.home(), Path(suggested).name or "export")


def _keep(content: bytes, folder: Path, name: str) -> Path:
    for path in _names(folder, name):
        try:
            with open(path, "xb", opener=_private) as file:
                file.write(content)
        except FileExistsError:
            continue
        except OSError as error:
            raise CannotKeep(path, error) from error
        return path
    raise AssertionError("names never end")


def _names(folder: Path, name: str) -> Iterator[Path]:
    yield folder / name
    stem, suffix = Path(name).stem, Path(name).suffix
    number = 2
    while True:
        yield folder / f"{stem}-{number}{suffix}"
        number += 1


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
