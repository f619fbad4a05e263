"""What may be shown of a text from outside, and what counts as a uuid."""

import unicodedata
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boxoffice.domain.text import clean, hex_uuid
from tests.support import table


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ada Lovelace", "Ada Lovelace"),
        ("Søren Ågård", "Søren Ågård"),
        ("", ""),
        (None, ""),
        (True, ""),
        ({"a": 1}, ""),
        (25, "25"),
        (2.5, "2.5"),
        pytest.param(10**5000, "", id="unwritable"),
        ("  two   words \n", "two words"),
        ("tab\tand\u00a0hard\u3000space", "tab and hard space"),
        ("\x1b[31mred\x1b]0;title\x07", "[31mred]0;title"),
        ("a\x00b\x9bc\x7f", "abc"),
        ("\u202eevil\u202c \u2066x\u2069\u200f", "evil x"),
        ("ze\u200bro\u200d\u2060\ufeff", "zero"),
        ("half \ud83d pair", "half pair"),
        ("A\u030age", "Åge"),
        ("hidden\u3164\ufe0f\U000e0041", "hidden"),
        ("\u2800", ""),
        ("private \ue000use", "private use"),
        ("Z" + "\u0332" * 50 + "algo", "Z" + "\u0332" * 4 + "algo"),
        ("Nguyễn Thị Ánh", "Nguyễn Thị Ánh"),
        ("שלום กิ๊ก 山田", "שלום กิ๊ก 山田"),
        ("[@click=app.quit]x[/]", "[@click=app.quit]x[/]"),
    ],
)
def test_clean(text: object, shown: str) -> None:
    assert clean(text) == shown


def test_clean_cuts_at_the_limit() -> None:
    assert clean("abcdef", 6) == "abcdef"
    assert clean("abcdefg", 6) == "abcde…"
    assert clean("abcd efg", 6) == "abcd…"
    assert len(clean("x" * 10_000_000)) == 200


def test_clean_marks_as_cut_what_it_did_not_look_at() -> None:
    assert clean(" " * 100 + "name", 6) == "…"


def test_clean_keeps_lines_where_asked() -> None:
    assert clean(" one \r\n\r\n two\u2028three\x85", lines=True) == "one\n\ntwo\nthree"
    assert clean("one\ntwo") == "one two"
    assert clean("one\ntwo three", 9, lines=True) == "one\ntwo…"


@given(st.text(st.characters(), max_size=300), st.integers(1, 50), st.booleans())
def test_clean_leaves_nothing_dangerous_and_is_stable(text: str, limit: int, lines: bool) -> None:
    cleaned = clean(text, limit, lines=lines)
    assert len(cleaned) <= limit
    assert all(line.isprintable() for line in cleaned.split("\n" if lines else "\0"))
    assert unicodedata.is_normalized("NFC", cleaned)
    assert clean(cleaned, limit, lines=lines) == cleaned


@given(st.uuids())
def test_hex_uuid_reads_every_spelling(uuid: UUID) -> None:
    spellings = [uuid.hex, str(uuid), uuid.urn, f"{{{uuid}}}", f" {uuid.hex.upper()}\n"]
    assert {hex_uuid(spelling) for spelling in spellings} == {uuid.hex}


@table(
    "text",
    [
        None,
        12,
        "",
        "957e996e16d94aff959800a03bf8c72",
        "957e996e16d94aff959800a03bf8c7266",
        "957e996e-16d9-4aff-9598-00a03bf8c72g",
        "957e996e-16d94aff-9598-00a03bf8c726",
        "{957e996e16d94aff959800a03bf8c726",
        "９57e996e16d94aff959800a03bf8c726",
    ],
)
def test_hex_uuid_refuses_the_rest(text: object) -> None:
    assert hex_uuid(text) is None


@given(st.text())
def test_hex_uuid_never_fails(text: str) -> None:
    assert hex_uuid(text) is None or len(text) >= 32
