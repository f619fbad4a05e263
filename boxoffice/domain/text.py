"""The border that text from outside crosses: `clean` for what is shown, `hex_uuid` for names.

Names, titles, answers, scans and error bodies are hostile until they have been here.
"""

import re
import unicodedata

_MARKS_IN_A_ROW = 4
"""More combining marks than any living script stacks on one letter would paint over other rows."""

_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]"
)
"""Default-ignorable characters that Python calls printable: fillers, variation selectors."""

_LINE_ENDS = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet take a cell for a formula."""

_SHORTEST_HIDDEN = 3
"""Characters from which a secret is kept out of sentences, where it stands alone."""

_HIDDEN_INSIDE_WORDS = 8
"""Characters from which it is kept out of other words too."""

_HEX = re.compile("[0-9a-f]{32}").fullmatch
_DASHED = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}").fullmatch
_ADORNED = re.compile(r"(?:urn:uuid:(.*)|\{(.*)\})").fullmatch


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


def without(text: str, secret: str, mark: str = "…") -> str:
    """`text` with `mark` in the place of a secret.

    One of eight characters and more goes wherever it stands, also inside other words. A shorter one
    goes where it stands alone, and one or two characters stay: they keep nothing secret, and every
    sentence would be full of holes.
    """
    if secret not in text or len(secret) < _SHORTEST_HIDDEN:
        return text
    if len(secret) >= _HIDDEN_INSIDE_WORDS:
        return text.replace(secret, mark)
    return re.sub(rf"(?<![\w-]){re.escape(secret)}(?![\w-])", lambda _: mark, text)


def guarded(cell: str) -> str:
    """`cell` as a spreadsheet takes it for a text, whatever it begins with."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


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
    kept: list[str] = []
    marks = 0
    for char in text:
        marks = marks + 1 if unicodedata.category(char).startswith("M") else 0
        if marks <= _MARKS_IN_A_ROW:
            kept.append(char)
    return "".join(kept)
