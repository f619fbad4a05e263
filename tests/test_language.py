"""The language of what people read: how it is found, and what is translated."""

import ast
import re
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from boxoffice import language
from boxoffice.cli import main
from boxoffice.config import read_settings
from boxoffice.domain.sale import SaleState
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.screens.sale_texts import face_of
from boxoffice.widgets.big_text import HIGH, glyph, large
from tests import catalogue
from tests.printing.samples import AT, sale

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


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('TABLE = {1: "A table has sentences too"}', ["not marked"]),
        ('TABLE = {1: N_("A table has sentences too")}', []),
        ('Content("What is drawn as content")', ["not marked"]),
        ('Content.assemble(("In parts", "dim"))', ["not marked"]),
        ('screen.border_title = f"Set for {n} doors"', ["not marked"]),
        ('BINDINGS = [Binding("x", "go", "Go on")]', ["not marked"]),
        ('help = Parameter(help="How many there are")', ["not marked"]),
        ('print(f"{n} doors are open.")', ["not marked"]),
        ('Label(CLOSES)\nCLOSES = N_("closes")', ["not translated"]),
        (
            'class A:\n    word = N_("closes")\n    def b(self):\n        Label(self.word)',
            ["not translated"],
        ),
        ('log.info("A sentence of the log is English")', []),
        ('raise ValueError("none of the program is read by people")', []),
        ('"""A docstring is no such sentence."""', []),
    ],
)
def test_a_sentence_is_found_wherever_it_stands(line: str, found: list[str]) -> None:
    assert [why for _, why in catalogue.faults(ast.parse(line))] == found


def test_what_lacks_its_translation_and_what_is_stale_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "da" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    text = 'msgid ""\nmsgstr ""\n\nmsgid "In"\nmsgstr "Inde"\n'
    (folder / "boxoffice.po").write_text(text, encoding="utf-8")
    monkeypatch.setattr(catalogue, "FOLDER", tmp_path)
    (folder / "boxoffice.mo").write_bytes(catalogue.compiled("da"))
    template = catalogue.Sentences()
    template.add("In")
    assert list(catalogue.problems("da", template)) == []
    template.add("Out")
    assert list(catalogue.problems("da", template)) == ["da: no translation: 'Out'"]
    (folder / "boxoffice.po").write_text(text.replace("Inde", "Ind"), encoding="utf-8")
    assert "da: boxoffice.mo is not what boxoffice.po comes to" in catalogue.broken("da")


def test_docstrings_that_become_help_are_sentences() -> None:
    tree = ast.parse('@app.command\ndef go() -> None:\n    """Go.\n\n    Far away.\n    """\n')
    assert list(catalogue.help_texts(tree)) == ["Go.", "Far away."]


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
def test_every_answer_fits_the_band_of_eighty_columns_in_large_letters(code: str) -> None:
    language.use(code)
    sold = [face_of(sale(state), AT, "").word for state in SaleState]
    words = [*(verdict.word for verdict in VerdictCode), *map(language._, sold)]
    assert [word for word in words if not large(word, 76, HIGH)] == []


def test_the_names_of_days_and_months_are_written_in_one_place() -> None:
    """Python's own are English everywhere."""
    names = re.compile(r"%[aAbB]\b")
    files = [file for file in catalogue.PACKAGE.rglob("*.py") if "sandbox" not in file.parts]
    found = [file.name for file in files if names.search(file.read_text(encoding="utf-8"))]
    assert sorted(found) == ["events_queue.py", "humanize.py"]  # the first in English alone


def test_the_large_letters_have_the_capitals_of_europe() -> None:
    drawn = {letter: glyph(letter) for letter in map(chr, range(0xC0, 0x180)) if letter.isupper()}
    assert "".join(letter for letter, rows in drawn.items() if rows is None) == "ĲĿ"
    assert {len(rows) for rows in drawn.values() if rows} == {2 * HIGH}
    assert all(len(set(map(len, rows))) == 1 for rows in drawn.values() if rows)
    assert large("Ø", 76, HIGH) != large("O", 76, HIGH)
