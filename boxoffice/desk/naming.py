"""How what a person typed is matched with what things are called."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from boxoffice.domain.fold import fold
from boxoffice.domain.text import clean, hex_uuid
from boxoffice.ticketbutler.changes import refuse

T = TypeVar("T")


def plain(text: str) -> str:
    """A name as it is compared: cleaned, folded, its words with one space between."""
    return " ".join(fold(clean(text)).split())


def only(
    among: Sequence[T], wanted: str, name: Callable[[T], str], *, none: str, several: str
) -> T:
    """The one that `named` finds. Raises Refused with one of the two sentences."""
    found = named(among, wanted, name)
    if len(found) != 1:
        raise refuse("not one by that name", several if found else none)
    return found[0]


def named(among: Sequence[T], wanted: str, name: Callable[[T], str]) -> list[T]:
    """Those whose `uuid` is `wanted`, else those with that name."""
    uuid, text = hex_uuid(wanted), plain(wanted)
    found = [each for each in among if uuid is not None and getattr(each, "uuid", "") == uuid]
    return found or [each for each in among if text and plain(name(each)) == text]
