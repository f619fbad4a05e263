"""What a person types, fast or slow, and how it stays theirs."""

from boxoffice.domain.key_decisions import Front
from boxoffice.domain.key_pace import BESIDE, PACED, SILENCE
from boxoffice.domain.scan_input import HOLD
from tests.domain.hands import CODE, FRONTS, PERSON, RADIO, Hands
from tests.support import table


@table("front", FRONTS)
@table("gap", [0.08, PERSON, 0.2, 0.29, 0.5])
def test_a_person_types(gap: float, front: Front) -> None:
    hands = Hands(front)
    hands.type([*"anna b", "down", "enter"], gap)
    hands.settle()
    assert (hands.line or "".join(hands.form)) == "anna b"
    assert (hands.commands, hands.scans, hands.broken) == (["down", "enter"], [], [])
    assert not hands.input.doubtful


@table("gap", [0.08, 0.09, PERSON, 0.2, 0.29, 0.5])
def test_a_person_sells_by_the_keypad(gap: float) -> None:
    hands = Hands(Front.OTHER)
    hands.type(["1", "enter", *"500", "enter"], gap)
    hands.settle()
    assert (hands.form, hands.commands, hands.scans) == ([*"1500"], ["enter", "enter"], [])


@table("gap", [0.09, PERSON, 0.2, 0.29, 0.5])
def test_what_a_person_types_into_a_form_is_soon_seen(gap: float) -> None:
    hands = Hands(Front.OTHER)
    for at, name in enumerate("kongens"):
        hands.press(name, gap if at else 1.0)
        assert len(hands.form) >= at - PACED
    hands.wait(SILENCE + 0.01)
    assert "".join(hands.form) == "kongens"


@table("front", FRONTS)
def test_a_person_s_escape_after_keys_that_a_stall_brought_in_pairs_is_theirs(front: Front) -> None:
    hands = Hands(front)
    for name, gap in zip("sorensen", [1.0, *[0.077, 0.163] * 4], strict=False):
        hands.press(name, gap)
    hands.press("escape", 0.12)
    hands.settle()
    assert (hands.commands, hands.scans, hands.broken) == (["escape"], [], [])


@table("front", FRONTS)
def test_a_fast_pair_of_keys_is_still_a_person_s(front: Front) -> None:
    hands = Hands(front)
    for name, gap in zip("jensen", (1.0, 0.12, 0.03, 0.15, 0.06, 0.11), strict=True):
        hands.press(name, gap)
    hands.press("enter", 0.1)
    hands.settle()
    assert (hands.line or "".join(hands.form)) == "jensen"
    assert (hands.commands, hands.scans) == (["enter"], [])


def test_a_person_s_commands_wait_for_a_moment_and_keep_their_order() -> None:
    hands = Hands()
    hands.type(["down", "down", "f9"], 0.08)
    assert hands.commands == ["down", "down"]
    hands.wait(HOLD + 0.001)
    assert hands.commands == ["down", "down", "f9"]


def test_a_key_that_is_held_down_repeats() -> None:
    hands = Hands()
    hands.type(["down"] * 20, 0.03)
    hands.settle()
    assert hands.commands == ["down"] * 20


def test_backspace_waits_for_nobody() -> None:
    hands = Hands()
    hands.type([*"anx", "backspace", "n", "a"])
    assert (hands.line, hands.commands) == ("anna", ["backspace"])


def test_a_person_s_text_before_a_scan_stays() -> None:
    hands = Hands()
    hands.type("jen")
    hands.scan(CODE)
    hands.settle()
    assert (hands.line, hands.scans) == ("jen", [CODE])


def test_the_line_may_be_a_scanner_s_until_a_person_has_typed() -> None:
    hands = Hands()
    hands.scan("jo", RADIO, end=[])
    hands.settle()
    assert (hands.line, hands.input.doubtful) == ("jo", True)
    hands.type("hann")
    assert not hands.input.doubtful


@table("pause", [BESIDE + 0.02, 0.2, 1.0])
def test_a_person_s_key_after_a_scan_is_theirs(pause: float) -> None:
    hands = Hands()
    hands.scan(CODE)
    hands.press("f9", pause)
    hands.press("enter", 0.5)
    hands.settle()
    assert hands.commands == ["f9", "enter"]


BURSTS = {
    "a short name": ("per", [0.06, 0.07]),
    "four keys": ("jens", [0.05, 0.07, 0.06]),
    "two bursts": ("marianne", [0.06, 0.07, 0.06, 0.12, 0.06, 0.07, 0.065]),
    "many": ("kongens nytorv", [0.05, 0.07, 0.06, 0.13, 0.04, 0.07, 0.05, 0.15, *[0.06] * 4, 0.1]),
}


@table("front", FRONTS)
@table("after", [0.09, 0.12, 0.2, 0.29, 0.5])
@table("key", ["enter", "tab", "down", "f2", "ctrl+s"])
@table("name", BURSTS)
def test_a_fast_typist_loses_no_letter(name: str, key: str, after: float, front: Front) -> None:
    text, gaps = BURSTS[name]
    hands = Hands(front)
    for _ in range(3):
        for character, gap in zip(text, [1.0, *gaps], strict=True):
            hands.press(character, gap)
        hands.press(key, after)
        hands.wait(HOLD + 0.01)
        assert key not in ("enter", "tab") or hands.input.doubtful is (front is Front.DOOR)
        hands.type("bo", first=0.07)
    hands.settle()
    assert (hands.line or "".join(hands.form)) == f"{text}bo" * 3
    pressed = 0 if front is Front.OTHER and key == "enter" and after < SILENCE else 3
    assert (hands.commands, hands.scans, hands.broken) == ([key] * pressed, [], [])


@table("front", FRONTS)
@table("gap", [0.05, RADIO])
def test_a_modifier_of_its_own_is_part_of_its_character(gap: float, front: Front) -> None:
    hands = Hands(front)
    pressed = [[char] if char.islower() else ["left_shift", char] for char in "aBCDe-FGHIJKL"]
    hands.scan([key for keys in pressed for key in keys], gap)
    hands.settle()
    assert (hands.scans, hands.line, hands.form) == (["aBCDe-FGHIJKL"], "", [])
