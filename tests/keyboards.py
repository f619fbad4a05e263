"""What a scanner types into a computer of another keyboard layout, and all that it may mean."""

from collections.abc import Iterator
from itertools import chain

from boxoffice.domain.codes import Reading, foreign_readings, plain_readings
from boxoffice.domain.keyboard_layouts import CapsLock, KeyboardLayout, characters_given, compose


def typed(
    text: str, layout: KeyboardLayout, caps: CapsLock = CapsLock.OFF, *, lossy: bool = False
) -> str:
    """What arrives from a scanner set to US on a computer set to `layout`.

    A dead key and a letter are one character where there is such a one. Where there is none, both
    arrive one after the other (Windows), or neither with `lossy` (X11).
    """
    given = characters_given(layout, caps)
    arrived: list[str] = []
    waiting = ""
    for char in (given.get(char, char) for char in text):
        if waiting:
            composed = waiting if char == " " else compose(waiting, char)
            if lossy and char == waiting:
                composed = waiting
            arrived.append(composed or ("" if lossy else waiting + char))
            waiting = ""
        elif char in layout.dead:
            waiting = char
        else:
            arrived.append(char)
    return "".join(arrived) + waiting


def readings(text: str) -> Iterator[Reading]:
    """Every way to read `text`, in order of trust."""
    yield from plain_readings(text)
    yield from chain.from_iterable(foreign_readings(text))
