"""Whose each key is: scans whole, halved and late, pastes, and what is close behind them."""

from itertools import product

from boxoffice.domain.codes import read_code
from boxoffice.domain.key_decisions import Front
from boxoffice.domain.key_pace import FAST, SILENCE
from boxoffice.domain.scan_input import HOLD, UNREAD
from tests.domain.hands import CODE, DASHED, FRONTS, PERSON, RADIO, STALL, TERMINATORS, WEDGE, Hands
from tests.support import table


@table("front", FRONTS)
@table("end", TERMINATORS.values())
@table("gap", [0.0, WEDGE, 0.01, 0.03, 0.05, RADIO])
@table("text", [CODE, DASHED, "dZy1", "1068", "jensen", "a", "ab", "https://x.io/t/n9/"])
def test_a_scan_is_one_scan(text: str, gap: float, end: list[str], front: Front) -> None:
    hands = Hands(front)
    hands.scan(text, gap, end)
    assert hands.scans == [text]
    hands.settle()
    assert (hands.scans, hands.line, hands.form, hands.commands) == ([text], "", [], [])


@table(("gap", "scanned"), [(0.0, 31), (WEDGE, 31), (0.03, 29), (0.045, 0), (PERSON, 0)])
def test_what_may_be_drawn_later_is_surely_a_scanner_s(gap: float, scanned: int) -> None:
    hands = Hands()
    hands.type(CODE, gap)
    assert hands.scanned == scanned


@table("front", FRONTS)
@table("end", [["enter"], ["enter", "ctrl+j"], ["tab"], []])
@table("gap", [WEDGE, 0.01, 0.05])
def test_a_stall_anywhere_makes_no_other_code(gap: float, end: list[str], front: Front) -> None:
    for stall_at in range(1, len(DASHED) + len(end)):
        hands = Hands(front)
        hands.scan(DASHED, gap, end, stall_at)
        hands.settle()
        assert hands.scans == [DASHED], stall_at
        assert hands.commands == []
        assert hands.line == ""


@table("front", FRONTS)
@table("slip", [0.08, 0.1, 0.14])
@table("text", [DASHED, "https://x.io/t/n9/", "jensen hansen"])
def test_a_radio_that_now_and_then_loses_its_pace_is_no_person(
    text: str, slip: float, front: Front
) -> None:
    for slips_at, stall_at in product(range(1, 6), (None, 6, 7, 9, len(text))):
        hands = Hands(front)
        for at, name in enumerate([*text, "enter"]):
            gap = STALL if at == stall_at else slip if at == slips_at else RADIO
            hands.press(name, gap if at else 1.0)
        assert (hands.scans, hands.form) == ([text], []), (slips_at, stall_at)
        hands.settle()
        assert (hands.line, hands.form, hands.commands) == ("", [], [])


@table("silence", [0.35, 0.6, 0.9])
@table("code", ["12345678", "https://x.io/t/nz9lb/", "https://x.io/t/aa-1068"])
def test_halves_of_a_scan_that_broke_off_name_nobody(code: str, silence: float) -> None:
    for at in range(4, len(code) - 1):
        hands = Hands()
        hands.scan(code[:at], end=[])
        hands.scan(code[at:], first=silence)
        hands.settle()
        names = {read_code(text).slug or text for text in hands.scans}
        head = {code[:at], read_code(code[:at]).slug}
        assert names <= {*head, code, read_code(code).slug}, at


@table("at", range(4, 33, 4))
def test_halves_of_a_uuid_are_joined(at: int) -> None:
    hands = Hands()
    hands.scan(CODE[:at], end=[])
    hands.scan(CODE[at:], first=0.6)
    assert hands.scans[-1:] == [CODE] or hands.broken


@table("front", FRONTS)
@table("gap", [WEDGE, 0.03, RADIO])
def test_a_whole_code_without_an_end_is_a_scan_after_a_silence(gap: float, front: Front) -> None:
    hands = Hands(front)
    hands.scan(CODE, gap, end=[])
    assert hands.scans == []
    hands.wait(SILENCE + 0.001)
    assert (hands.scans, hands.line, hands.form) == ([CODE], "", [])


SHORT = ["1068", "https://x.io/t/nz", "aa-1068"]


@table("front", FRONTS)
@table("code", SHORT)
def test_half_of_a_code_is_not_answered_where_codes_have_ends(code: str, front: Front) -> None:
    hands = Hands(front)
    hands.scan(CODE)
    hands.scan(code, end=[])
    hands.wait(SILENCE + 0.001)
    assert (hands.scans, hands.broken) == ([CODE], [code])
    hands.scan("lb9", first=0.1)
    hands.settle()
    assert (hands.scans, hands.broken) == ([CODE], [code, "lb9"])


@table("pause", [SILENCE + 0.1, 2.0])
@table("code", SHORT)
def test_a_code_without_an_end_is_whole_where_it_comes_again(code: str, pause: float) -> None:
    hands = Hands()
    hands.scan(CODE)
    for _ in range(3):
        hands.scan(code, end=[], first=pause)
    hands.settle()
    assert (hands.scans, hands.broken) == ([CODE, code, code], [code])
    hands.scan(CODE[::-1], end=[])
    hands.scan(code, end=[])
    hands.settle()
    assert hands.scans[-2:] == [CODE[::-1], code]


@table("front", FRONTS)
def test_what_is_no_code_and_has_no_end_broke_off(front: Front) -> None:
    hands = Hands(front)
    hands.scan("jensen hansen", end=[])
    hands.settle()
    assert hands.broken == ["jensen hansen"]
    assert (hands.scans, hands.line, hands.form) == ([], "", [])


@table("end", TERMINATORS.values())
def test_two_scanners_one_after_the_other(end: list[str]) -> None:
    hands = Hands()
    hands.scan(CODE, end=end)
    hands.scan("dZy1", end=end, first=WEDGE)
    hands.settle()
    assert hands.scans == [CODE, "dZy1"]


def test_two_scanners_in_one_another_name_nobody() -> None:
    hands = Hands()
    hands.scan([each for pair in zip(CODE, reversed(CODE), strict=True) for each in pair])
    (read,) = hands.scans
    assert not read_code(read).uuids


@table("front", FRONTS)
@table("gap", [WEDGE, 0.03, RADIO])
@table("pause", [0.08, 0.12, 0.25])
@table("text", ["bisgaard", "1068", "undo"])
def test_a_scan_close_behind_a_person_presses_nothing(
    text: str, pause: float, gap: float, front: Front
) -> None:
    hands = Hands(front)
    hands.type("half filled")
    hands.scan(text, gap, first=pause)
    hands.settle()
    assert (hands.broken, hands.scans, hands.commands) == ([text], [], [])
    assert (hands.line or "".join("" if key == " " else key for key in hands.form)) in (
        "half filled",
        "halffilled",
    )


@table("front", FRONTS)
@table("gap", [WEDGE, 0.03, RADIO])
@table("pause", [0.12, 0.2, 0.25])
@table("text", ["HTTPS://X.IO/T/nz9lb/", DASHED.upper()])
def test_a_scan_with_modifiers_close_behind_a_person_types_nothing(
    text: str, pause: float, gap: float, front: Front
) -> None:
    hands = Hands(front)
    hands.type("anders", 0.15)
    keys = [key for char in text for key in (["left_shift"] * char.isupper() + [char])]
    hands.scan(keys, gap, first=pause)
    hands.settle()
    assert (hands.scans, hands.broken, hands.commands) == ([text], [], [])
    assert hands.line or "".join(hands.form) == "anders"


@table("pause", [0.08, 0.12, 0.25])
def test_a_whole_code_close_behind_a_person_is_a_scan(pause: float) -> None:
    hands = Hands()
    hands.type("half filled")
    hands.scan(CODE, first=pause)
    assert hands.scans in ([CODE], [f"half filled{CODE}"])
    hands.type("half filled and more than a code has characters at all")
    hands.scan(CODE, first=pause)
    assert hands.scans[-1] == CODE


def test_a_scan_straight_behind_a_person_s_key_is_read_whole() -> None:
    hands = Hands()
    hands.type("a")
    hands.scan(CODE, first=0.15)
    hands.settle()
    assert hands.scans == [f"a{CODE}"]
    assert not read_code(f"a{CODE}").uuids


@table("end", ["", "\r", "\n", "\r\n"])
@table("text", [CODE, "https://x.io/t/nz9lb/", f"{CODE}\r{DASHED}"])
def test_a_paste_of_codes_is_scans(text: str, end: str) -> None:
    for front in FRONTS:
        hands = Hands(front)
        hands.paste(text + end)
        hands.press("enter", 0.005)
        hands.settle()
        assert hands.scans == text.split("\r")
        assert (hands.commands, hands.line) == ([], "")


def test_a_paste_of_a_name_searches_and_chooses_nobody() -> None:
    hands = Hands()
    hands.paste("  Jens\u202e \tHansen ")
    hands.press("enter", 1.0)
    hands.settle()
    assert (hands.line, hands.commands, hands.scans) == ("Jens Hansen", ["enter"], [])
    assert hands.input.doubtful


@table("after", [0.0, 0.005, 0.06])
def test_a_paste_of_a_name_and_enter_by_a_machine_is_no_ticket(after: float) -> None:
    hands = Hands()
    hands.paste("Jens Hansen")
    hands.press("enter", after)
    assert (hands.scans, hands.line) == (["Jens Hansen"], "")
    hands.paste("Jens Hansen\r")
    hands.press("ctrl+j", after)
    hands.settle()
    assert (hands.broken, hands.commands, hands.line) == (["Jens Hansen"], [], "")


@table("after", [0.1, 0.2, 0.29])
def test_a_person_s_enter_after_a_paste_chooses_nobody(after: float) -> None:
    hands = Hands()
    hands.paste("Jens Hansen")
    hands.press("enter", after)
    hands.wait(HOLD + 0.01)
    assert (hands.line, hands.commands, hands.scans) == ("Jens Hansen", ["enter"], [])
    assert hands.input.doubtful


def test_a_paste_into_a_form_is_the_form_s() -> None:
    hands = Hands(Front.OTHER)
    hands.paste("Jens\nHansen\n")
    hands.paste("1068")
    hands.settle()
    assert (hands.form, hands.scans) == (["Jens\nHansen\n", "1068"], [])


def test_at_the_log_in_everything_is_let_through() -> None:
    hands = Hands(Front.OPEN)
    hands.scan("secret", end=["tab", "enter"])
    hands.paste("f" * 40)
    assert (hands.form, hands.commands) == ([*"secret", "f" * 40], ["tab", "enter"])


def test_ten_thousand_keys_take_no_longer_each() -> None:
    hands = Hands(Front.OTHER)
    hands.scan("x" * 10_000)
    assert hands.scans == ["x" * 10_000]


@table("front", FRONTS)
@table("pauses", [(0.12,), (0.2,), (0.3,), (0.06,) * 8, (0.25, 0.25)])
@table("end", ["enter", "ctrl+j", "tab"])
def test_an_end_behind_the_end_of_a_scan_is_no_consent(
    end: str, pauses: tuple[float, ...], front: Front
) -> None:
    hands = Hands(front)
    hands.scan("1068", RADIO)
    for pause in pauses:
        hands.press(end, pause)
    hands.settle()
    assert (hands.scans, hands.commands) == (["1068"], [])
    hands.press("enter", UNREAD + 0.01)
    hands.settle()
    assert hands.commands == ["enter"]


def test_the_end_of_a_code_that_came_too_late_is_no_consent() -> None:
    for text in ("1068", "jensen hansen"):
        hands = Hands()
        hands.scan(text, end=[])
        hands.press("enter", SILENCE + 0.1)
        hands.settle()
        assert hands.commands == []


assert FAST < PERSON
