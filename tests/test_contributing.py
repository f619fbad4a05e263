"""What the pages for people name is there, and comments point at nothing outside the repository."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = ("CONTRIBUTING.md", "README.md")
QUOTED = re.compile(r"`([^`\n]+)`")
NAMES_PATH = re.compile(
    r"(boxoffice|tests|styles|\.ci)/[\w./]*\w|\w+\.(py|md)|pyproject.toml|requirements.lock"
)
PLACED = re.compile(r"`(?:\w+\.)*(\w+)`(?: in | of | \()`(boxoffice/[\w/]+\.py|tests/[\w/]+\.py)`")
CLASS = re.compile(r"([A-Z][a-z]+[A-Za-z]*)(\.\w+)?")
NOT_OURS = {"Content", "Date"}
POSIX = re.compile(
    r"^(import|from) (fcntl|grp|pty|pwd|resource|termios|tty)\b"
    r"|^@.*\bsignal\.SIG(ALRM|CONT|HUP|KILL|PIPE|STOP|TSTP|USR1|USR2|WINCH)\b",
    re.MULTILINE,
)
PROMISE = re.compile(r"CONTRIBUTING\.md, promises? (\d+)(?: and (\d+))?")
OUTSIDE = re.compile(r"(DESIGN|NAMES|VENUE|EXAMPLES|FIELD-NOTES)(\.md\b|, section)|\(promise \d")


def quoted(page: str) -> list[str]:
    return QUOTED.findall((ROOT / page).read_text(encoding="utf-8"))


def sources() -> Iterator[Path]:
    for folder in ("boxoffice", "tests"):
        yield from (ROOT / folder).rglob("*.py")


@pytest.mark.parametrize("page", PAGES)
def test_every_path_that_a_page_names_is_there(page: str) -> None:
    named = {text for text in quoted(page) if NAMES_PATH.fullmatch(text)}
    places = [ROOT, ROOT / "boxoffice"]
    assert named
    assert [each for each in named if not any((at / each).exists() for at in places)] == []


def test_pictures_of_the_readme_are_there_and_need_nothing_else() -> None:
    """Nor does one lie there that is not shown; a phone loads all of them in a moment."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = dict(re.findall(r'<img src="([^"]+)" width="\d+" alt="([^"]{40,})">', text))
    files = (ROOT / "tests" / "pictures").glob("*.svg")
    assert set(shown) == {file.relative_to(ROOT).as_posix() for file in files}
    assert len(shown) == text.count("<img")
    for name in shown:
        svg = (ROOT / name).read_text(encoding="utf-8")
        assert len(svg) < 300_000, name
        assert re.findall(r"https?:[^\"]*", svg) == ["http://www.w3.org/2000/svg"], name
        assert not re.search("<script|<image|<foreignObject|@font-face|@import|url\\(", svg), name


def test_every_class_that_it_names_is_there() -> None:
    named = {found[1] for text in quoted("CONTRIBUTING.md") if (found := CLASS.fullmatch(text))}
    defined = {
        name
        for file in sources()
        for name in re.findall(r"^class (\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert named - NOT_OURS <= defined
    assert named > NOT_OURS


def test_what_it_says_is_in_a_file_is_in_it() -> None:
    placed = PLACED.findall((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    assert len(placed) > 10
    for name, file in placed:
        content = (ROOT / file).read_text(encoding="utf-8")
        assert re.search(rf"(class|def) {name}\b|^{name}\b.* = ", content, re.MULTILINE), name


def test_the_map_is_of_this_tree() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    drawn = {name.rstrip("/") for name in re.findall(r"^  (\w+/)  ", text, re.MULTILINE)}
    drawn |= {name.rstrip("/") for name in re.findall(r" (commands/|widgets/) ", text)}
    folders = {path.parent.name for path in (ROOT / "boxoffice").glob("*/__init__.py")}
    assert drawn == folders


def test_comments_point_at_what_is_here() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    promises = set(re.findall(r"^(\d+)\. \*\*", text, re.MULTILINE))
    for file in sources():
        if file == Path(__file__):
            continue
        content = file.read_text(encoding="utf-8")
        assert not OUTSIDE.search(content), file
        pointed = {number for found in PROMISE.findall(content) for number in found if number}
        assert pointed <= promises, file


def test_no_test_needs_a_posix_system_to_be_collected() -> None:
    """One that needs its modules or signals to run is skipped elsewhere, and says why."""
    for file in sources():
        content = file.read_text(encoding="utf-8")
        assert not POSIX.search(content) or "benchmarks" in file.parts, file


def test_lines_for_windows_are_such_that_powershell_5_takes() -> None:
    """It has no `&&`, no `||` and no `<`, and its paths have backslashes."""
    pages = (ROOT / "README.md", *(ROOT / "boxoffice" / "help").glob("*.md"))
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    lines = re.findall(r"^    (?:py |\$|Get-Content ).*$", text, re.MULTILINE)
    assert len(lines) == 4
    assert [line for line in lines if re.search(r"&&|\|\||<|/bin/|python3", line)] == []
