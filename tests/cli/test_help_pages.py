"""The pages of the help: what there is, how it is shown, and that they keep to what there is."""

import re
from pathlib import Path

import pytest

from boxoffice.cli import help_pages, main
from boxoffice.cli.commands import COMMANDS
from boxoffice.cli.help_pages import PAGES, topics
from boxoffice.config import Settings

README = Path(__file__).parents[2] / "README.md"


def test_without_a_topic_the_pages_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["help"]) == 0
    listed = capsys.readouterr().out
    for topic, title in topics().items():
        assert re.search(rf"^{topic} +{re.escape(title)}$", listed, re.MULTILINE)


def test_a_page_comes_as_it_is_written_where_no_terminal_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["help", "door"]) == 0
    assert capsys.readouterr().out == (PAGES / "door.md").read_text(encoding="utf-8")


def test_a_page_comes_in_the_language_in_use(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOXOFFICE_LANGUAGE", "da")
    assert main(["help", "door"]) == main(["help"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith((PAGES / "da" / "door.md").read_text(encoding="utf-8"))
    assert re.search("^door +Ved døren$", shown, re.MULTILINE)


def test_a_page_that_a_language_lacks_comes_in_english(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "door.md").write_text("# At the door\n")
    monkeypatch.setattr(help_pages, "PAGES", tmp_path)
    monkeypatch.setenv("BOXOFFICE_LANGUAGE", "da")
    assert main(["help", "door"]) == 0
    assert capsys.readouterr().out == "# At the door\n"


def test_every_page_is_there_in_danish() -> None:
    assert {page.stem for page in PAGES.glob("da/*.md")} == topics().keys()


def test_a_page_in_another_language_names_the_same_commands_and_settings() -> None:
    translated = list(PAGES.glob("*/*.md"))
    assert translated
    for page in translated:
        assert _verbatim(page) == _verbatim(PAGES / page.name), page


def _verbatim(page: Path) -> list[str]:
    """What is typed as it stands, in any order.

    What the screen says is in its own language, and so is what stands for something: `FILE`.
    """
    marked = re.findall("`([^`]+)`", page.read_text(encoding="utf-8"))
    typed = (re.sub(r"\b[A-Z][A-Z-]+\b", "ANY", one) for one in marked)
    return sorted(" ".join(one.split()) for one in typed if one.replace("…", "").isascii())


@pytest.mark.parametrize(
    ("topic", "status", "said"),
    [
        ("report", 0, "Usage: boxoffice report"),
        ("nonsense", 2, "There is no page “nonsense”"),
        ("../README", 2, "There is no page"),
    ],
)
def test_a_command_is_a_topic_and_nothing_else_is(
    topic: str, status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["help", topic]) == status
    out, err = capsys.readouterr()
    assert said in (err if status else out)


def test_the_readme_leads_to_every_page_and_to_no_other() -> None:
    linked = re.findall(r"\]\(boxoffice/help/(\w+)\.md\)", README.read_text(encoding="utf-8"))
    assert sorted(linked) == sorted(topics())


def test_pages_name_only_pages_that_there_are() -> None:
    for page in PAGES.glob("*.md"):
        named = re.findall(r"`(?:boxoffice )?help ([a-z]\w*)`", page.read_text(encoding="utf-8"))
        assert set(named) <= topics().keys(), page.name


def test_every_command_and_every_setting_has_its_row() -> None:
    commands = (PAGES / "commands.md").read_text(encoding="utf-8")
    settings = (PAGES / "settings.md").read_text(encoding="utf-8")
    missing = {name for name in COMMANDS if f"`boxoffice {name}`" not in commands}
    assert missing <= {"logout", "leave", "demo"}  # beside login and join; a page of its own
    assert [name for name in Settings.readers() if f"`{name}`" not in settings] == []
