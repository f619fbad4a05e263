"""Keys, and the bytes by which terminals tell of them.

A key is one character, or a name: `enter`, `lf`, `tab`, `esc`, `f9`, `ctrl+q`, `down`, `gs`.
`paste:TEXT` is a bracketed paste.
"""

from collections.abc import Iterable
from enum import StrEnum


class Keyboard(StrEnum):
    """How the terminal tells of keys."""

    PLAIN = "plain"
    """As terminals always did: Shift alone is nothing."""
    KITTY = "kitty"
    """By kitty's protocol, as Textual asks for: each key is a sequence, Shift one of its own."""
    WINDOWS = "windows"
    """As through Windows' console: Shift is a NUL before the character."""


_CONTROL = {"nul": "@", "stx": "b", "etx": "c", "eot": "d", "gs": "]", "lf": "j"}
"""ASCII's control characters, and what a keyboard is pressed for them beside Ctrl."""
_ALONE = {"enter": 13, "tab": 9, "esc": 27, "backspace": 127}
_LETTERED = {
    **{"up": "A", "down": "B", "right": "C", "left": "D", "end": "F", "home": "H"},
    **{"f1": "P", "f2": "Q", "f4": "S"},
}
_NUMBERED = {
    **{"insert": 2, "delete": 3, "pageup": 5, "pagedown": 6, "f3": 13, "f5": 15, "f6": 17},
    **{"f7": 18, "f8": 19, "f9": 20, "f10": 21, "f11": 23, "f12": 24},
}
_SHIFTED = dict(zip('~!@#$%^&*()_+{}|:"<>?', "`1234567890-=[]\\;',./", strict=True))
SHIFT, CTRL = "\x1b[57441;2u", "\x1b[57442;5u"


def strokes(keys: Iterable[str], keyboard: Keyboard = Keyboard.PLAIN) -> list[bytes]:
    """What the terminal writes for each press; Shift and Ctrl may be presses of their own.

    Raises ValueError for a key that no keyboard has.
    """
    made: list[bytes] = []
    for key in keys:
        kind, colon, text = key.partition(":")
        if colon and kind == "paste":
            made.append(f"\x1b[200~{text}\x1b[201~".encode())
        elif keyboard is Keyboard.KITTY:
            made += [press.encode() for press in _kitty(key)]
        else:
            if keyboard is Keyboard.WINDOWS and len(key) == 1 and _base(key) != key:
                made.append(b"\0")
            made.append(_plain(key).encode())
    return made


def _plain(key: str) -> str:
    if len(key) == 1:
        return key
    if key == "shift+tab":
        return "\x1b[Z"
    if key in _ALONE:
        return chr(_ALONE[key])
    if key == "f3":
        return "\x1bOR"
    if key in _LETTERED:
        return f"\x1b{'O' if key[0] == 'f' else '['}{_LETTERED[key]}"
    if key in _NUMBERED:
        return f"\x1b[{_NUMBERED[key]}~"
    return chr(ord(_with_ctrl(key).upper()) & 0x1F)


def _kitty(key: str) -> list[str]:
    if len(key) == 1:
        base = _base(key)
        shifted = base != key
        told = f"\x1b[{ord(base)};{2 if shifted else 1};{ord(key)}u"
        return [SHIFT, told] if shifted else [told]
    if key == "shift+tab":
        return [SHIFT, "\x1b[9;2u"]
    if key in _ALONE:
        return [f"\x1b[{_ALONE[key]}u"]
    if key in _LETTERED:
        return [f"\x1b[{_LETTERED[key]}"]
    if key in _NUMBERED:
        return [f"\x1b[{_NUMBERED[key]}~"]
    return [CTRL, f"\x1b[{ord(_with_ctrl(key))};5u"]


def _base(character: str) -> str:
    """What the key gives without Shift, on a US keyboard."""
    lower = character.lower()
    return _SHIFTED.get(character, lower if len(lower) == 1 else character)


def _with_ctrl(key: str) -> str:
    letter = _CONTROL.get(key) or key.removeprefix("ctrl+")
    if len(letter) != 1:
        raise ValueError(f"no keyboard has a key {key!r}")
    return letter


def shown(keys: Iterable[str]) -> str:
    """Keys as a person reads them: `jensen<enter>`."""
    return "".join(key if len(key) == 1 else f"<{key}>" for key in keys)
