"""What is remembered of webhooks, by programs that run beside and after one another."""

import json
import os
from pathlib import Path

import pytest

from boxoffice.hooks.marks import Mark, MarkError, Marks
from boxoffice.organiser import Webhook

HERE, THERE = "http://127.0.0.1:1/hooks/x", "http://127.0.0.1:2/hooks/x"


@pytest.fixture
def marks(tmp_path: Path) -> Marks:
    return Marks(tmp_path / "hooks")


def left(marks: Marks) -> list[Mark | None]:
    held = marks.left()
    for each in held:
        each.let_go()
    return [each.mark for each in held]


def test_what_a_running_program_holds_is_not_left_behind(marks: Marks) -> None:
    held, other = marks.claim(Mark(HERE, "all")), marks.claim(Mark(THERE, "all"))
    assert left(marks) == []
    held.let_go()
    assert left(marks) == [Mark(HERE, "all")]
    other.let_go()
    assert left(marks) == [Mark(HERE, "all"), Mark(THERE, "all")]


def test_files_are_used_again(marks: Marks, tmp_path: Path) -> None:
    for _ in range(3):
        held = marks.claim(Mark(HERE, "all"))
        held.write(None)
        held.let_go()
    assert [file.name for file in (tmp_path / "hooks").glob("*.json")] == ["00.json"]
    assert left(marks) == []


def test_the_same_webhook_is_taken_up_and_another_left_alone(marks: Marks) -> None:
    for url, action in ((HERE, "all"), (HERE, "ticket.checkin")):
        held = marks.claim(Mark(url, action))
        held.write(Mark(url, action, uuid=action))
        held.let_go()
    held = marks.claim(Mark(HERE, "ticket.checkin"))
    assert held.mark == Mark(HERE, "ticket.checkin", "ticket.checkin")
    assert left(marks) == [Mark(HERE, "all", "all")]


def test_two_programs_share_no_address(marks: Marks) -> None:
    held = marks.claim(Mark(HERE, "all"))
    for action in ("all", "ticket.checkin"):
        with pytest.raises(MarkError) as caught:
            marks.claim(Mark(HERE, action))
        assert "--hooks-public" in caught.value.sentence
        assert HERE not in caught.value.sentence
    held.let_go()
    marks.claim(Mark(HERE, "all")).let_go()


def test_whose_a_webhook_is() -> None:
    ours = Webhook(uuid="a", url=HERE, action="all")
    assert Mark(HERE, "all").names(ours)
    assert Mark(HERE, "all", "a").names(ours)
    assert not Mark(HERE, "all", "b").names(ours)
    assert not Mark(HERE, "all", others=("a",)).names(ours)
    assert not Mark(HERE, "ticket.checkin").names(ours)
    assert not Mark(THERE, "all", "a").names(ours), "somebody has sent it elsewhere"


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff", b"[]", b"7", b'{"url": 1}', b"[" * 100_000, b'{"url": "x"}']
)
def test_a_damaged_file_names_nothing(marks: Marks, tmp_path: Path, content: bytes) -> None:
    marks.claim(Mark(HERE, "all")).let_go()
    (tmp_path / "hooks" / "00.json").write_bytes(content)
    assert left(marks) == []
    held = marks.claim(Mark(HERE, "all"))
    held.write(Mark(HERE, "all", "a", ("b",)))
    told = json.loads((tmp_path / "hooks" / "00.json").read_text())
    assert told == {"url": HERE, "action": "all", "uuid": "a", "others": ["b"]}


@pytest.mark.skipif(os.name != "posix", reason="other systems have no modes")
def test_nobody_else_reads_them(marks: Marks, tmp_path: Path) -> None:
    held = marks.claim(Mark(HERE, "all"))
    assert held.mark == Mark(HERE, "all")
    assert (tmp_path / "hooks").stat().st_mode & 0o077 == 0
    assert all(file.stat().st_mode & 0o077 == 0 for file in (tmp_path / "hooks").iterdir())


def test_a_disk_that_says_no(tmp_path: Path) -> None:
    (tmp_path / "hooks").write_text("no folder")
    with pytest.raises(MarkError, match="cannot be kept"):
        Marks(tmp_path / "hooks").claim(Mark(HERE, "all"))
    assert Marks(tmp_path / "hooks").left() == []
