"""The fonts of this computer, for the letters of names that the shipped font lacks."""

import logging
import os
import struct
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont, TTLibError

log = logging.getLogger(__name__)

KINDS = frozenset({".ttf", ".ttc", ".otf", ".otc"})
PLAIN = ("sans", "regular", "arial", "gothic", "fallback", "nirmala", "yahei", "leelawad")
"""In the names of fonts that are tried first: those are easily read, and have many letters."""
SLANTED = ("bold", "italic", "oblique", "light", "thin", "black", "serif", "mono", "emoji")
"""And of those that are tried last."""
MOST = 2000
"""Files that are looked into."""

UNREADABLE = (OSError, TTLibError, LookupError, ValueError, AssertionError, struct.error)
"""What comes of a file that is no whole font."""


class Typeface:
    """A font of this computer that can be put into a PDF."""

    def __init__(self, file: Path, characters: frozenset[int]) -> None:
        self.file = file
        self.characters = characters


def folders() -> list[Path]:
    """Where fonts are on this system, a person's own first."""
    home = Path.home()
    if sys.platform == "win32":
        own = Path(os.environ.get("LOCALAPPDATA", home)) / "Microsoft" / "Windows" / "Fonts"
        return [own, Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "Fonts"]
    if sys.platform == "darwin":
        return [home / "Library/Fonts", Path("/Library/Fonts"), Path("/System/Library/Fonts")]
    own = Path(os.environ.get("XDG_DATA_HOME") or home / ".local/share")
    shared = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    data = [own, *map(Path, shared.split(":"))]
    return [home / ".fonts", *(folder / "fonts" for folder in data)]


class Typefaces:
    """Finds a font for a letter. Each file is read at most once, and only as it is needed."""

    def __init__(self, places: list[Path]) -> None:
        """`places`: folders, as deep as they are."""
        self._found: list[Typeface] = []
        self._unread = _ranked(places)
        self._lacking: set[int] = set()

    def having(self, code: int) -> Typeface | None:
        """A font with the letter of this code point; None: there is none."""
        if code in self._lacking:
            return None
        for typeface in self._found:
            if code in typeface.characters:
                return typeface
        for file in self._unread:
            characters = _characters(file)
            if characters:
                self._found.append(typeface := Typeface(file, characters))
                if code in characters:
                    return typeface
        self._lacking.add(code)
        return None

    def drop(self, typeface: Typeface) -> None:
        """Find a font no more, which cannot be used."""
        self._found.remove(typeface)


@cache
def of_system() -> Typefaces:
    return Typefaces(folders())


def _ranked(places: list[Path]) -> Iterator[Path]:
    """The files, the likeliest first."""

    def rank(file: Path) -> tuple[bool, bool, str]:
        name = file.name.lower()
        return any(map(name.__contains__, SLANTED)), not any(map(name.__contains__, PLAIN)), name

    files = [
        Path(parent) / name
        for place in places
        for parent, _, names in os.walk(place)
        for name in names
        if Path(name).suffix.lower() in KINDS
    ]
    yield from sorted(files, key=rank)[:MOST]


def _characters(file: Path) -> frozenset[int]:
    """What is in a font; nothing where it is none that fpdf2 puts into a PDF whole."""
    try:
        with file.open("rb") as opened, TTFont(opened, fontNumber=0, lazy=True) as font:
            if "glyf" not in font and not _by_number(font):
                return frozenset()
            return frozenset(font.getBestCmap() or ())
    except UNREADABLE as error:
        log.info("the font %s is passed over: %s", file.name, error)
        return frozenset()


def _by_number(font: TTFont) -> bool:
    """Whether it is one of those of PostScript's kind whose letters are numbered, as Noto CJK."""
    return "CFF " in font and hasattr(font["CFF "].cff.topDictIndex[0], "ROS")
