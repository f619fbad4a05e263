"""The border that text from outside crosses: `clean` for what is shown, `hex_uuid` for names.

Names, titles, answers, scans and error bodies are hostile until they have been here.

For search and for sorting it is folded, by what people leave out when they type: case, accents and
other alphabets go (`Łukasz` is `lukasz`). `spell` writes the letters that have two spellings in the
long one: `å` is `aa`, `ø` and `ö` are `oe`, `æ` and `ä` are `ae`, `ü` is `ue`. `fold` takes their
second letter away too, so that who leaves the accent out finds the name as well: `Åkjær` is found
by `aakjaer` and by `akjar`. The beginning of a text is the beginning of either, so that prefixes
can be compared.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import chain
from typing import Protocol, TypeAlias, TypeVar

_MARKS_IN_A_ROW = 4
"""More combining marks than any living script stacks on one letter would paint over other rows."""

_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]"
)
"""Default-ignorable characters that Python calls printable: fillers, variation selectors."""

_LINE_ENDS = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")

_FORMULA = re.compile(r"^(?=[=+\-@\t\r])|(?<=[,;\t])(?=[=+\-@])")
"""Before what makes a spreadsheet take a cell for a formula.

Also behind a comma or semicolon: one set up for another country may part cells there.
"""

_HEX = re.compile("[0-9a-f]{32}").fullmatch
_DASHED = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}").fullmatch
_ADORNED = re.compile(r"(?:urn:uuid:(.*)|\{(.*)\})").fullmatch

_SECOND_LETTER = re.compile(r"(?<=a)[ae]+|(?<=[ou])e+")
_LONG = str.maketrans(
    {"å": "aa", "ä": "ae", "æ": "ae", "ø": "oe", "ö": "oe", "ü": "ue"}
    | {"Å": "aa", "Ä": "ae", "Æ": "ae", "Ø": "oe", "Ö": "oe", "Ü": "ue"}
)
_WORD = re.compile(r"[0-9a-z]+")
_LONGEST_QUERY = 200
"""Characters; nobody types more to find a person."""


def clean(text: object, limit: int = 200, *, lines: bool = False) -> str:
    """`text` as it may be shown: one line of visible characters, at most `limit` long.

    Control, bidirectional, zero-width, unassigned and surrogate characters go, runs of white
    space become one space, the rest is in NFC; what is longer is cut, with `…` as its last
    character. With `lines`, line ends stay, as line feeds. A number is written out; `None` and
    anything that is not a text are the empty string.
    """
    if not isinstance(text, str):
        text = _written(text)
    # Nearly every text there is needs nothing. Below U+0300 nothing composes, combines or hides.
    if (
        len(text) <= limit
        and text.isprintable()
        and "  " not in text
        and text.strip() == text
        and (text.isascii() or max(text) < "\u0300")
    ):
        return text
    # A bound on the work: what stands behind 16 limits' worth of characters is never shown.
    head = text[: limit * 16]
    if lines:
        cleaned = "\n".join(_line(part) for part in _LINE_ENDS.split(head)).strip("\n")
    else:
        cleaned = _line(head)
    if len(cleaned) > limit or len(head) < len(text):
        return cleaned[: max(limit - 1, 0)].rstrip() + "…"
    return cleaned


def guarded(cell: str) -> str:
    """`cell` as a spreadsheet takes it for a text, whatever it begins with."""
    return _FORMULA.sub("'", cell)


def hex_uuid(text: object) -> str | None:
    """The uuid that `text` is, as 32 lower-case hex digits; None when it is not one.

    Dashed or not, in any case, also in braces or as `urn:uuid:…`.
    """
    if not isinstance(text, str):
        return None
    if _HEX(text):
        return text
    if _DASHED(text):
        return text.replace("-", "")
    bare = text.strip().lower()
    if adorned := _ADORNED(bare):
        bare = adorned[1] or adorned[2] or ""
    if _HEX(bare) or _DASHED(bare):
        return bare.replace("-", "")
    return None


def _written(value: object) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        # An integer of thousands of digits cannot be written, and nobody could read it.
        return str(value) if not isinstance(value, int) or value.bit_length() < 256 else ""
    return ""


def _line(text: str) -> str:
    """One line, cleaned but not cut."""
    text = text.replace("\u2800", " ")  # a blank that calls itself a symbol
    text = "".join(char for char in text if char.isprintable() or char.isspace())
    text = unicodedata.normalize("NFC", " ".join(_INVISIBLE.sub("", text).split()))
    return text if text.isascii() else _without_towers(text)


def _without_towers(text: str) -> str:
    chars: list[str] = []
    marks = 0
    for char in text:
        marks = marks + 1 if unicodedata.category(char).startswith("M") else 0
        if marks <= _MARKS_IN_A_ROW:
            chars.append(char)
    return "".join(chars)


# Folded


def fold(text: str) -> str:
    """`text` in plain lower-case letters, one spelling for each sound. Not for showing."""
    text = spell(text)
    if "aa" in text or "ae" in text or "oe" in text or "ue" in text:
        return _SECOND_LETTER.sub("", text)
    return text


def spell(text: str) -> str:
    """`text` in plain lower-case letters, `å` as `aa` and the like. `fold` of it folds `text`."""
    if text.isascii():
        return text.lower()
    from anyascii import anyascii  # noqa: PLC0415  # not needed to start

    return anyascii(unicodedata.normalize("NFC", text).translate(_LONG)).lower()


_AFTER_Z = str.maketrans("æäøöåÆÄØÖÅ", "{{||}{{||}")
"""The three letters after z of Danish, as the signs after z of ASCII; `aa` is one of them too."""


def _danish(text: str) -> str:
    text = spell(text if text.isascii() else text.translate(_AFTER_Z))
    return text.replace("aa", "}") if "aa" in text else text


Alphabet: TypeAlias = Callable[[str], str]
"""Makes of a text what it is sorted by."""
_ALPHABETS: dict[str, Alphabet] = {"da": _danish}


def alphabet(language: str) -> Alphabet:
    """That of a language by its code; letters that it does not have stand by how they sound."""
    return _ALPHABETS.get(language, fold)


def spelled_words(text: str) -> list[str]:
    """The words between anything that is not a letter or a digit, as `spell` has them."""
    spelled = spell(text)
    return [spelled] if spelled.isalnum() else _WORD.findall(spelled)


def index_words(words: Iterable[str]) -> list[str]:
    """What spelled `words` are found by: each folded, and as it is spelled where that is more."""
    found: list[str] = []
    for word in words:
        folded = fold(word)
        found += (folded,) if folded == word else (folded, word)
    return found


@lru_cache(maxsize=1 << 14)
def chunk_words(chunk: str) -> tuple[str, ...]:
    """What a text without spaces is found by: the whole of it, then its parts if it has several.

    `O'Brien` can be found as `obrien`, `o` and `brien`. Without a letter or digit: nothing.
    """
    parts = spelled_words(chunk)
    return tuple(index_words(parts if len(parts) < 2 else ("".join(parts), *parts)))


def name_words(name: str) -> Iterable[str]:
    return chain.from_iterable(map(chunk_words, name.split()))


def mail_words(email: str) -> list[str]:
    """The words by which an e-mail address is found: its parts between signs."""
    return index_words(word for side in email.split("@") for word in spelled_words(side))


def query_words(query: str) -> list[str]:
    """The words that a person searches for, as they are spelled, each of them once."""
    return list(dict.fromkeys(spelled_words(query[:_LONGEST_QUERY])))


@lru_cache(maxsize=1 << 10)
def title_key(title: str) -> str:
    """A title as people write it by heart: without case, accents and signs."""
    return " ".join(map(fold, spelled_words(title)))


class Titled(Protocol):
    """An event, a ticket type: what people call by its title."""

    @property
    def title(self) -> str: ...


T = TypeVar("T", bound=Titled)


def titled(wanted: str, things: Sequence[T]) -> list[T]:
    """Those with `wanted` as their title, else those with it in their title."""
    text = fold(wanted)
    whole = [thing for thing in things if fold(thing.title) == text]
    return whole or [thing for thing in things if text and text in fold(thing.title)]
