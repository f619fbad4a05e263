"""What a scanner's keys become on a computer that is set to another keyboard layout.

A scanner presses keys where its own layout has the characters, and the computer reads them by its
layout. The tables hold what each key of a US keyboard gives elsewhere, as X11's `xkb/symbols` and
Windows' `KBDxx` agree on it; the US key beside a short left Shift does not exist.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from itertools import chain
from typing import NamedTuple

from boxoffice.language import N_

US = "US"
_US_KEYS = "`1234567890-=qwertyuiop[]\\asdfghjkl;'zxcvbnm,./"
_US_SHIFTED = '~!@#$%^&*()_+QWERTYUIOP{}|ASDFGHJKL:"ZXCVBNM<>?'
_US_TYPES = frozenset(_US_KEYS + _US_SHIFTED + " ")
_COMBINING = {"´": "\u0301", "`": "\u0300", "^": "\u0302", "¨": "\u0308"}
_UPPER_SHARP_S = "ẞ"


class CapsLock(StrEnum):
    OFF = "off"
    LETTERS = "letters"
    """It changes letters only: everywhere but on Windows' German and AZERTY layouts."""
    ALL_KEYS = "all keys"
    """It is Shift, also for digits and signs."""


class KeyboardLayout(NamedTuple):
    name: str
    keys: str
    """In the order of `_US_KEYS`, without Shift."""
    shifted: str
    dead: str
    """Accents that wait for the next key."""
    caps_locks: tuple[CapsLock, ...] = (CapsLock.OFF, CapsLock.LETTERS)


_EVERY_CAPS_LOCK = tuple(CapsLock)
LAYOUTS = (
    KeyboardLayout(
        N_("Danish"),
        "½1234567890+´qwertyuiopå¨'asdfghjklæøzxcvbnm,.-",
        '§!"#¤%&/()=?`QWERTYUIOPÅ^*ASDFGHJKLÆØZXCVBNM;:_',
        "´`¨^",
    ),
    KeyboardLayout(
        N_("Norwegian"),
        "|1234567890+\\qwertyuiopå¨'asdfghjkløæzxcvbnm,.-",
        '§!"#¤%&/()=?`QWERTYUIOPÅ^*ASDFGHJKLØÆZXCVBNM;:_',
        "`¨^",
    ),
    KeyboardLayout(
        N_("Swedish"),
        "§1234567890+´qwertyuiopå¨'asdfghjklöäzxcvbnm,.-",
        '½!"#¤%&/()=?`QWERTYUIOPÅ^*ASDFGHJKLÖÄZXCVBNM;:_',
        "´`¨^",
    ),
    KeyboardLayout(
        N_("German"),
        "^1234567890ß´qwertzuiopü+#asdfghjklöäyxcvbnm,.-",
        "°!\"§$%&/()=?`QWERTZUIOPÜ*'ASDFGHJKLÖÄYXCVBNM;:_",
        "^´`",
        _EVERY_CAPS_LOCK,
    ),
    KeyboardLayout(
        N_("French"),
        "²&é\"'(-è_çà)=azertyuiop^$*qsdfghjklmùwxcvbn,;:!",
        "~1234567890°+AZERTYUIOP¨£µQSDFGHJKLM%WXCVBN?./§",
        "^¨",
        _EVERY_CAPS_LOCK,
    ),
    KeyboardLayout(
        N_("Belgian"),
        "²&é\"'(§è!çà)-azertyuiop^$µqsdfghjklmùwxcvbn,;:=",
        "³1234567890°_AZERTYUIOP¨*£QSDFGHJKLM%WXCVBN?./+",
        "^¨",
        _EVERY_CAPS_LOCK,
    ),
    KeyboardLayout(
        N_("British"),
        "`1234567890-=qwertyuiop[]#asdfghjkl;'zxcvbnm,./",
        '¬!"£$%^&*()_+QWERTYUIOP{}~ASDFGHJKL:@ZXCVBNM<>?',
        "",
    ),
)


class Original(NamedTuple):
    """What a scanner may have read, where its layout is not the computer's."""

    text: str
    scanner: str
    """The layout the scanner is set to."""
    computer: str
    """The layout the computer is set to, and the scanner should be."""
    caps: bool
    """Caps Lock is on."""


def originals(text: str) -> Iterator[list[Original]]:
    """What may have been read where `text` was typed: a list for each layout and Caps Lock.

    Each list holds one text, or two where two keys give the same. Nothing for a layout that could
    not have typed it, or that types the same as a US keyboard.
    """
    present = frozenset(text)
    for layout in LAYOUTS:
        for caps in layout.caps_locks:
            likelier, other = _back(layout, caps)
            if likelier.keys() >= set(map(ord, present)):
                texts = dict.fromkeys((text.translate(likelier), text.translate(other)))
                texts.pop(text, None)
                if texts:
                    yield [
                        Original(meant, US, layout.name, caps is not CapsLock.OFF)
                        for meant in texts
                    ]
    if present <= _US_TYPES:
        for layout in LAYOUTS:
            given = characters_given(layout, CapsLock.OFF)
            keys = {ord(us): char for us, char in given.items()}
            for caps_on, pressed in enumerate(dict.fromkeys((text, swap_case(text)))):
                there = pressed.translate(keys)
                if there != text:
                    yield [Original(there, layout.name, US, bool(caps_on))]


def swap_case(text: str) -> str:
    """`text` as Caps Lock changes it: the letters that have one other case."""
    return "".join(map(_other_case, text))


def _other_case(char: str) -> str:
    if char == "ß":
        return _UPPER_SHARP_S
    other = char.swapcase()
    return other if len(other) == 1 and other.swapcase() == char else char


@cache
def characters_given(layout: KeyboardLayout, caps: CapsLock) -> Mapping[str, str]:
    """What each character that a US scanner means gives on `layout`; a dead key its accent."""
    levels = (layout.keys, layout.shifted)
    if caps is CapsLock.ALL_KEYS:
        levels = (layout.shifted, layout.keys)
    given = dict(zip(_US_KEYS + _US_SHIFTED, "".join(levels), strict=True))
    if caps is CapsLock.LETTERS:
        given = {meant: _other_case(char) for meant, char in given.items()}
    return given | {" ": " "}


@cache
def _back(layout: KeyboardLayout, caps: CapsLock) -> tuple[Mapping[int, str], Mapping[int, str]]:
    """What each character that arrives was meant as: the likelier, and what else it may be.

    On the Swedish layout `ä` is a key, and what a dead `¨` makes of an `a`.
    """
    given = characters_given(layout, caps)
    likelier: dict[int, str] = {}
    other: dict[int, str] = {}
    dead = [(meant, char) for meant, char in given.items() if char in layout.dead]
    composed = (
        (accent_key + key, compose(accent, char))
        for accent_key, accent in dead
        for key, char in given.items()
        if char.isalpha()
    )
    for meant, char in chain(given.items(), composed):
        if len(char) == 1:
            (other if ord(char) in likelier else likelier).setdefault(ord(char), meant)
    if caps is CapsLock.LETTERS and "ß" in layout.keys:
        likelier.setdefault(ord("ß"), _US_KEYS[layout.keys.index("ß")])
    return likelier, likelier | other


def compose(accent: str, char: str) -> str:
    """The one character that a dead accent makes of the next; empty: there is none."""
    composed = unicodedata.normalize("NFC", char + _COMBINING[accent])
    return composed if len(composed) == 1 else ""
