"""What a scanner set to US types into a computer that is set to another keyboard layout."""

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
