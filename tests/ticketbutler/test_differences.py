"""What of a change is shown of texts that may be whole pages."""

import pytest

from boxoffice.ticketbutler.edits import Difference
from boxoffice.ticketbutler.fields import LONGEST

LONG = " ".join(f"word{number}" for number in range(3000))


def excerpts(before: str, after: str) -> tuple[str, str]:
    return Difference("description", "Description", before, after).excerpts()


def test_short_texts_are_shown_as_they_are() -> None:
    assert excerpts("doors at 7", "doors at 8") == ("doors at 7", "doors at 8")
    assert excerpts("", "") == ("", "")


@pytest.mark.parametrize("at", ["word0 ", "word1500 ", " word2999"])
def test_a_change_is_shown_wherever_it_is(at: str) -> None:
    before, after = excerpts(LONG, LONG.replace(at, at.replace("word", "other")))
    assert at.strip() in before
    assert at.strip().replace("word", "other") in after
    assert len(before) < 120
    assert before.startswith("…") is (at != "word0 ")
    assert before.endswith("…") is (at != " word2999")


def test_changes_far_from_each_other_are_both_shown() -> None:
    before, after = excerpts(LONG, LONG.replace("word9 ", "first ").replace("word2990", "last"))
    assert "word9 " in before
    assert "word2990" in before
    assert "first " in after
    assert "last" in after


def test_a_text_that_is_put_in_or_taken_out_is_shown_whole() -> None:
    added = LONG.replace("word7 ", f"word7 {LONG} ")
    before, after = excerpts(LONG, added)
    assert LONG in after
    assert len(before) < 120
    assert excerpts(added, LONG) == (after, before)
    assert excerpts("", LONG) == ("", LONG)
    assert excerpts("aa" * 500, "aa" * 501)[1].endswith("aa")


def test_lines_stay_and_nothing_hidden_is_drawn() -> None:
    assert excerpts("a\nb", "a\nb\x1b[2J\u202ec") == ("a\nb", "a\nb[2Jc")
    assert len(excerpts("", "x" * (LONGEST + 5))[1]) == LONGEST
