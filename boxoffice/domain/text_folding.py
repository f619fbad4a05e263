"""Folding of text for search and for sorting: what people leave out when they type.

Case, accents and other alphabets go (`Łukasz` is `lukasz`). `spell` writes the letters that have
two spellings in the long one: `å` is `aa`, `ø` and `ö` are `oe`, `æ` and `ä` are `ae`, `ü` is `ue`.
`fold` takes their second letter away too, so that who leaves the accent out finds the name as well:
`Åkjær` is found by `aakjaer` and by `akjar`. The beginning of a text is the beginning of either, so
that prefixes can be compared.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain
from typing import Protocol, TypeVar
from unicodedata import normalize

from anyascii import anyascii

_SECOND_LETTER = re.compile(r"(?<=a)[ae]+|(?<=[ou])e+")
_LONG = str.maketrans(
    {"å": "aa", "ä": "ae", "æ": "ae", "ø": "oe", "ö": "oe", "ü": "ue"}
    | {"Å": "aa", "Ä": "ae", "Æ": "ae", "Ø": "oe", "Ö": "oe", "Ü": "ue"}
)
_WORD = re.compile(r"[0-9a-z]+")
_LONGEST_QUERY = 200
"""Characters; nobody types more to find a person."""


def fold(text: str) -> str:
    """`text` in plain lower-case letters, one spelling for each sound. Not for showing."""
    text = spell(text)
    if "aa" in text or "ae" in text or "oe" in text or "ue" in text:
        return _SECOND_LETTER.sub("", text)
    return text


def spell(text: str) -> str:
    """`text` in plain lower-case letters, `å` as `aa` and the like. `fold` of it folds `text`."""
    return (text if text.isascii() else anyascii(normalize("NFC", text).translate(_LONG))).lower()


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
    """The words by which a person's name is found."""
    return chain.from_iterable(map(chunk_words, name.split()))


def mail_words(email: str) -> list[str]:
    """The words by which an e-mail address is found: its parts between signs."""
    return index_words(word for side in email.split("@") for word in spelled_words(side))


def query_words(query: str) -> list[str]:
    """The words that a person searches for, as they are spelled, each of them once."""
    return list(dict.fromkeys(spelled_words(query[:_LONGEST_QUERY])))


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
