"""Letters that the shipped font lacks, drawn by fonts of the computer."""

from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from boxoffice.printing.a4 import ticket_pdf
from boxoffice.printing.pages import Pages
from boxoffice.printing.typefaces import Typefaces, folders
from tests.printing.eyes import places_of, text_of
from tests.printing.samples import paper

JOINED = """
languagesystem DFLT dflt;
languagesystem arab dflt;
feature init { sub uni0645 by joined; } init;
"""
"""م is narrower where another letter follows."""


def make_font(file: Path, letters: str, features: str = "") -> Path:
    """A font that has `letters`, all of them squares."""
    names = {f"uni{ord(letter):04X}": ord(letter) for letter in letters}
    glyphs = [".notdef", "space", "joined", *names]
    pen = TTGlyphPen(None)
    pen.moveTo((50, 0))
    for corner in ((50, 500), (450, 500), (450, 0)):
        pen.lineTo(corner)
    pen.closePath()
    square = pen.glyph()
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder(glyphs)
    font.setupCharacterMap({code: name for name, code in names.items()} | {32: "space"})
    font.setupGlyf(dict.fromkeys(glyphs, square))
    font.setupHorizontalMetrics(dict.fromkeys(glyphs, (600, 50)) | {"joined": (300, 50)})
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupNameTable({"familyName": file.stem, "styleName": "Regular"})
    font.setupOS2()
    font.setupPost()
    if features:
        font.addOpenTypeFeatures(features)
    file.parent.mkdir(parents=True, exist_ok=True)
    font.save(file)
    return file


@pytest.mark.parametrize("name", ["李小龙", "Anna 李小龙 Ærø", "김민준"])
def test_a_name_is_printed_in_its_own_letters(fonts: Path, name: str) -> None:
    make_font(fonts / "deep" / "down" / "Han.ttf", "李小龙")
    make_font(fonts / "Hangul.ttf", "김민준")
    text = text_of(ticket_pdf([paper(name=name)]))
    assert name in text
    assert "Sommerfest på Havnen" in text


def test_what_no_font_has_is_spelt_beside_what_one_has(fonts: Path) -> None:
    make_font(fonts / "Han.ttf", "李小")
    assert "李小Long" in text_of(ticket_pdf([paper(name="李小龙")]))


def test_a_sign_is_spelt_whatever_fonts_there_are(fonts: Path) -> None:
    make_font(fonts / "Signs.ttf", "🎉")
    assert "Zoë :tada:" in text_of(ticket_pdf([paper(name="Zoë 🎉")]))


def test_what_is_no_font_is_passed_over(fonts: Path) -> None:
    whole = make_font(fonts / "b.ttf", "李").read_bytes()
    for name, content in (
        ("sans-1.ttf", b""),
        ("sans-2.otf", b"no font at all"),
        ("sans-3.ttf", whole[: len(whole) // 2]),
        ("sans-4.ttc", b"ttcf" + bytes(40)),
    ):
        (fonts / name).write_bytes(content)
    assert "李" in text_of(ticket_pdf([paper(name="李")]))


def test_the_likeliest_font_is_taken_and_others_are_not_read(fonts: Path) -> None:
    for name in ("A-Bold.ttf", "B.ttf", "C-Sans-Regular.ttf"):
        make_font(fonts / name, "李")
    typefaces = Typefaces([fonts])
    found = typefaces.having(ord("李"))
    assert found is not None
    assert found.file.name == "C-Sans-Regular.ttf"
    typefaces.drop(found)
    second = typefaces.having(ord("李"))
    assert second is not None
    assert second.file.name == "B.ttf"
    assert typefaces.having(ord("小")) is None


def test_letters_that_join_are_joined_from_the_right(fonts: Path) -> None:
    pytest.importorskip("uharfbuzz")
    make_font(fonts / "Arabic.ttf", "محد", JOINED)
    pages = Pages(25.4, "")
    alone, joined = pages.width("م", 10), pages.width("محد", 10)
    assert joined == pytest.approx(alone * 2.5)
    pages.page(210, 297)
    pages.text("Anna محد", 10, 10, 100, 10)
    places = places_of(pages.pdf())
    assert places["A"] < places["د"] < places["ح"]


def test_letters_that_stack_are_spelt_where_nothing_stacks_them(
    fonts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_font(fonts / "Devanagari.ttf", "परियश")
    monkeypatch.setattr("boxoffice.printing.pages.find_spec", lambda _: None)
    assert "priys" in text_of(ticket_pdf([paper(name="परियश")]))


def test_this_system_has_places_for_fonts() -> None:
    assert all(folder.is_absolute() for folder in folders())
