"""The language of what people read: how it is found, and what is translated."""

import sys

import pytest
from babel.messages.catalog import Message

from boxoffice import language
from boxoffice.cli import main
from boxoffice.config import read_settings
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.widgets.big_text import HIGH, glyph, large
from tests import catalogue

VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


@pytest.mark.parametrize(
    ("variables", "found"),
    [
        ({}, "en"),
        ({"LANG": "da_DK.UTF-8"}, "da"),
        ({"LANG": "da_DK.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "da"}, "da"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "sv:da:en"}, "da"),
        ({"LANG": "sv_SE.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8", "LANGUAGE": "da"}, "en"),
        ({"LC_ALL": "POSIX", "LANG": "da_DK"}, "en"),
    ],
)
def test_the_system_s_language(
    variables: dict[str, str], found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert language.of_system() == found


def test_the_setting_goes_before_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.setenv("BOXOFFICE_LANGUAGE", "da-DK")
    assert read_settings({}).language == "da"


def test_a_language_that_there_is_not(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BOXOFFICE_LANGUAGE", "tlh")
    assert main(["events"]) == 2
    assert capsys.readouterr().err == ("BOXOFFICE_LANGUAGE: there is no tlh; known are en, da.\n")


@pytest.mark.parametrize("code", sorted(set(language.available()) - {language.ENGLISH}))
def test_catalogue(code: str) -> None:
    """Where this fails: `python -m tests.catalogue extract`, and write what is missing."""
    assert list(catalogue.problems(code, catalogue.marked())) == []


def test_what_is_drawn_is_marked() -> None:
    files = catalogue.sources()
    assert len(files) > 100
    assert [line for file in files for line in catalogue.unmarked(file)] == []


def test_every_language_has_its_catalogue() -> None:
    assert {*catalogue.languages(), language.ENGLISH} == set(language.available())


@pytest.mark.parametrize(
    ("original", "translation", "wrong"),
    [
        ("In at {time}", "Inde {time}", False),
        ("In at {time}", "Inde kl.", True),
        ("In at {time}", "Inde {tid}", True),
        (("{n} ticket", "{n} tickets"), ("{n} billet", "{n} billetter"), False),
        (("{n} ticket", "{n} tickets"), ("en billet", "{n} billetter"), False),
        (("{n} ticket", "{n} tickets"), ("{n} billet", "billetter"), True),
    ],
)
def test_placeholders(
    original: str | tuple[str, str], translation: str | tuple[str, str], wrong: bool
) -> None:
    message = Message(original, translation)
    assert catalogue.wrong_placeholders(message) is wrong


def test_plurals_and_context_without_a_catalogue() -> None:
    assert [language.ngettext("{n} ticket", "{n} tickets", n) for n in (0, 1)] == [
        "{n} tickets",
        "{n} ticket",
    ]
    assert language.pgettext("of a till", "Open") == "Open"
    assert language._("") == ""


@pytest.mark.parametrize("code", language.available())
def test_every_verdict_fits_the_band_of_eighty_columns_in_large_letters(code: str) -> None:
    language.use(code)
    words = [verdict.word for verdict in VerdictCode]
    assert [word for word in words if not large(word, 76, HIGH)] == []


def test_the_large_letters_have_the_capitals_of_europe() -> None:
    drawn = {letter: glyph(letter) for letter in map(chr, range(0xC0, 0x180)) if letter.isupper()}
    assert "".join(letter for letter, rows in drawn.items() if rows is None) == "ĲĿ"
    assert {len(rows) for rows in drawn.values() if rows} == {2 * HIGH}
    assert all(len(set(map(len, rows))) == 1 for rows in drawn.values() if rows)
    assert large("Ø", 76, HIGH) != large("O", 76, HIGH)
