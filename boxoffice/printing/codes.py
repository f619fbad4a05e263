"""The codes that a ticket is scanned by, as plain modules: QR for screen and paper, Code 128.

Both hold the ticket's uuid as 32 hex digits, which every scanner and phone at a door reads back.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

QUIET = 4
"""Modules of white around a QR code."""
QR_SIDE = 37
"""Modules of the QR code of a uuid, with the white around it."""
_VERSION = 3
"""The smallest that holds 32 characters and bears a quarter of it to be unreadable."""
_HOLDS = 32
_QUIET_128 = 10
"""Modules of white at each end of a Code 128."""

Matrix = tuple[tuple[bool, ...], ...]
"""Rows of modules; True is black."""


class Run(NamedTuple):
    """Black modules side by side."""

    row: int
    start: int
    length: int


@lru_cache(maxsize=32)
def qr(data: str) -> Matrix:
    """The QR code of `data` with its quiet zone, square; `QR_SIDE` modules for a uuid.

    Of one size for all that is up to 32 bytes long. Raises ValueError for what no QR code holds.
    """
    import segno  # noqa: PLC0415  # not needed to start

    version = _VERSION if len(data.encode()) <= _HOLDS else None
    code = segno.make(data, error="m", version=version, micro=False)
    return tuple(tuple(map(bool, row)) for row in code.matrix_iter(border=QUIET))


@lru_cache(maxsize=32)
def code128(data: str) -> tuple[bool, ...]:
    """The modules of `data` in Code 128 with the quiet zones; True is a bar.

    About 390 for a uuid: at least 100 mm of paper.
    """
    from barcode.codex import Code128  # noqa: PLC0415  # not needed to start

    code = Code128(data)
    if data.startswith("99"):
        # It takes these two digits for the switch of the same number, and drops them: one uuid of
        # 256 would be read back as another text. Without its last step it keeps them.
        code._try_to_optimize = list
    (modules,) = code.build()
    quiet = (False,) * _QUIET_128
    return (*quiet, *(module == "1" for module in modules), *quiet)


def runs(rows: Sequence[Sequence[bool]]) -> Iterator[Run]:
    """The black modules of `rows`, those side by side as one."""
    for number, row in enumerate(rows):
        start = 0
        for black, modules in groupby(row):
            length = len(list(modules))
            if black:
                yield Run(number, start, length)
            start += length
