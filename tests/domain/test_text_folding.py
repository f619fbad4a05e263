"""Folding: spellings of one name meet, and beginnings stay beginnings."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from boxoffice.domain.text import (
    chunk_words,
    fold,
    mail_words,
    name_words,
    query_words,
    spell,
)


@pytest.mark.parametrize(
    "spellings",
    [
        ("Sørensen", "SORENSEN", "soerensen", "Sörensen", "Soerensen"),
        ("Ågård", "Aagaard", "agard", "AAGÅRD", "ÅGAARD"),
        ("Müller", "Mueller", "muller"),
        ("Kjær", "kjaer", "Kjär"),
        ("Jürgen", "Juergen", "jurgen"),
        ("Strauß", "strauss", "STRAUSS"),
        ("Łukasz", "lukasz"),
        ("José", "jose", "Jose\u0301"),
        ("Þór", "thor"),
        ("Юлия", "yuliya"),
        ("Ｊｅｎｓ", "jens"),
        ("Søe", "soe", "soee", "so"),
    ],
)
def test_spellings_of_one_name(spellings: tuple[str, ...]) -> None:
    assert len({fold(name) for name in spellings}) == 1


def test_the_rest_stays() -> None:
    assert fold("Hans 2. Jensen-Holm") == "hans 2. jensen-holm"
    assert fold("") == ""


@given(st.text(alphabet="aeouxAEÅøæ", max_size=12), st.integers(0, 12))
def test_a_beginning_folds_to_a_beginning(text: str, end: int) -> None:
    assert fold(text).startswith(fold(text[:end]))


@given(st.text(alphabet="aeouxAEÅøæ", max_size=12), st.integers(0, 12))
def test_a_beginning_is_spelled_as_a_beginning(text: str, end: int) -> None:
    assert spell(text).startswith(spell(text[:end]))


@example("\u0387")  # its composed form is another character, which is spelled otherwise
@example("\u0958")
@given(st.text())
def test_what_is_spelled_folds_to_the_same(text: str) -> None:
    assert fold(spell(text)) == fold(text)


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(text).isascii()


@pytest.mark.parametrize(
    ("chunk", "words"),
    [
        ("Jensen", ("jensen",)),
        ("O'Brien", ("obrien", "o", "brien")),
        ("O’Brien", ("obrien", "o", "brien")),
        ("Anne-Marie", ("annemarie", "anne", "marie")),
        ("(Holm)", ("holm",)),
        ("—", ()),
    ],
)
def test_words_of_a_chunk(chunk: str, words: tuple[str, ...]) -> None:
    assert chunk_words(chunk) == words


def test_words_of_names_addresses_and_queries() -> None:
    assert list(name_words("Anne-Marie Ågård")) == [
        *("annemarie", "anne", "marie"),
        *("agard", "aagaard"),
    ]
    assert mail_words("hans.jensen@firma.dk") == ["hans", "jensen", "firma", "dk"]
    assert mail_words("hans@localhost") == ["hans", "localhost"]
    assert mail_words("") == []
    assert query_words("  Jensen, HANS jensen ") == ["jensen", "hans"]
    assert query_words("hans.jensen@f") == ["hans", "jensen", "f"]
    assert query_words("???") == []
    assert len(query_words("a b " * 5_000)) == 2
