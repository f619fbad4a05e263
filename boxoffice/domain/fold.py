"""Folding of text for search and for sorting: what people leave out when they type.

Case, accents and other alphabets go (`Łukasz` is `lukasz`), and so does the difference between
the spellings of one letter: `å`, `aa` and `a`; `ø`, `ö`, `oe` and `o`; `æ`, `ä`, `ae` and `a`;
`ü`, `ue` and `u`. The beginning of a text folds to the beginning of the folded text, so that
prefixes can be compared.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain

from anyascii import anyascii

_SECOND_LETTER = re.compile(r"(?<=a)[ae]+|(?<=[ou])e+")
_WORD = re.compile(r"[0-9a-z]+")
_LONGEST_QUERY = 200
"""Characters; nobody types more to find a person."""


def fold(text: str) -> str:
    """`text` in plain lower-case letters, one spelling for each sound. Not for showing."""
    text = (text if text.isascii() else anyascii(text)).lower()
    if "aa" in text or "ae" in text or "oe" in text or "ue" in text:
        return _SECOND_LETTER.sub("", text)
    return text


def plain_words(text: str) -> list[str]:
    """The words between anything that is not a letter or a digit."""
    folded = fold(text)
    return [folded] if folded.isalnum() else _WORD.findall(folded)


@lru_cache(maxsize=1 << 14)
def chunk_words(chunk: str) -> tuple[str, ...]:
    """The words of a text without spaces: the whole of it, then its parts where it has several.

    `O'Brien` can be found as `obrien`, `o` and `brien`. Without a letter or digit: nothing.
    """
    parts = plain_words(chunk)
    return tuple(parts) if len(parts) < 2 else (fold("".join(parts)), *parts)


def name_words(name: str) -> Iterable[str]:
    """The words by which a person's name is found."""
    return chain.from_iterable(map(chunk_words, name.split()))


def mail_words(email: str) -> list[str]:
    """The words by which an e-mail address is found: its parts between signs."""
    return [word for side in email.split("@") for word in plain_words(side)]


def query_words(query: str) -> list[str]:
    """The words that a person searches for, each of them once."""
    return list(dict.fromkeys(plain_words(query[:_LONGEST_QUERY])))
