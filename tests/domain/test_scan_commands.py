"""Keys that are commands: in a scan, beside one, and over a form."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from boxoffice.domain.key_decisions import HARMLESS, MOUSE, Front
from boxoffice.domain.key_pace import FAST, SILENCE
from boxoffice.domain.scan_input import HOLD
from tests.domain.hands import CODE, DASHED, FRONTS, PERSON, RADIO, TERMINATORS, WEDGE, Hands
from tests.support import table

COMMANDS = [
    *("ctrl+q", "ctrl+z", "ctrl+p", "ctrl+n", "ctrl+o", "ctrl+c", "ctrl+w", "ctrl+u", "escape"),
    *("f1", "f4", "f9", "f10", "up", "down", "pagedown", "home", "shift+tab", "delete", MOUSE),
    *("ctrl+b", "ctrl+right_square_bracket"),
]


@table("front", FRONTS)
@table("gap", [WEDGE, 0.01, 0.05, RADIO])
@table("command", COMMANDS)
def test_commands_in_and_beside_a_scan_are_nobody_s(command: str, gap: float, front: Front) -> None:
    for place in (0, 1, 5, len(CODE)):
        for after_end in (False, True):
            hands = Hands(front)
            text = [*CODE[:place], command, *CODE[place:], "enter"]
            hands.scan([*text, command] if after_end else text, gap, end=[])
            hands.settle()
            assert hands.commands == [], (place, after_end)
            assert hands.scans == [CODE]


@table("front", FRONTS)
@table("gap", [WEDGE, 0.01, 0.05, RADIO])
@table("pause", [0.08, 0.12, 0.25])
@table("command", [*COMMANDS, "enter", "tab", "backspace"])
def test_a_command_that_a_scan_begins_with_is_nobody_s_also_before_a_pause(
    command: str, pause: float, gap: float, front: Front
) -> None:
    """On the door what moves, clears or admits waits for no pause, and can be taken back."""
    for text, end in product((CODE, "jensen", "1068"), TERMINATORS.values()):
        hands = Hands(front)
        hands.press(command, 1.0)
        hands.scan(text, gap, end, first=pause)
        hands.settle()
        prompt = command == MOUSE or (front is Front.DOOR and command in HARMLESS)
        assert hands.commands == ([command] if prompt else [])
        assert (hands.scans, hands.line, hands.form) == ([text], "", [])


@table("front", FRONTS)
@table("pause", [0.08, 0.12, 0.25])
@table("at", [2, 3, 4, 5])
def test_a_pause_among_a_machine_s_commands_makes_none_a_person_s(
    at: int, pause: float, front: Front
) -> None:
    hands = Hands(front)
    for place, name in enumerate(("pagedown", "ctrl+s", "f9", "down", "escape", "enter")):
        hands.press(name, 1.0 if not place else pause if place == at else 0.01)
    hands.settle()
    assert hands.commands == []


def test_what_is_typed_behind_a_command_that_waits_follows_it() -> None:
    for front in FRONTS:
        hands = Hands(front)
        hands.press("ctrl+s", 1.0)
        hands.type("bo", 0.15, first=0.15)
        assert (hands.commands, hands.line, hands.form) == ([], "", [])
        hands.settle()
        assert (hands.commands, hands.line or "".join(hands.form)) == (["ctrl+s"], "bo")


BUSY = {
    "log in": [0.053, 0.084, 0.054, 0.070, 0.074, 0.124],
    "standard": [0.081, 0.095, 0.060, 0.066, 0.054, 0.079, 0.064, 0.077],
    "443884919": [0.058, 0.067, 0.094, 0.072, 0.060, 0.101, 0.067, 0.063, 0.093],
    "Aksel Nielsen": [
        *(0.066, 0.064, 0.086, 0.084, 0.091, 0.103, 0.070, 0.081, 0.064, 0.038, 0.065, 0.064),
        0.052,
    ],
    "57ff76e1879e4995b": [
        *(0.093, 0.079, 0.100, 0.054, 0.106, 0.069, 0.103, 0.052, 0.062, 0.090, 0.070, 0.057),
        *(0.056, 0.060, 0.060, 0.139, 0.102),
    ],
}
"""What a machine with too much work makes of a radio's 60 ms: seconds before each key but the
first, and before the end."""


@table("end", ["enter", "ctrl+j", "f2", "ctrl+s", "tab"])
@table("text", BUSY)
def test_a_busy_machine_s_scan_over_a_form_presses_nothing(text: str, end: str) -> None:
    hands = Hands(Front.OTHER)
    for name, gap in zip(text, [1.0, *BUSY[text]], strict=False):
        hands.press(name, gap)
    hands.press(end, BUSY[text][-1])
    for _ in range(2):
        hands.press("enter", RADIO)
    hands.settle()
    assert hands.commands == []


@table("text", ["443884919", "Aksel Nielsen", "57ff76e1879e4995b"])
def test_a_busy_machine_s_scan_over_a_form_is_a_scan(text: str) -> None:
    hands = Hands(Front.OTHER)
    for name, gap in zip([*text, "enter"], [1.0, *BUSY[text]], strict=True):
        hands.press(name, gap)
    hands.settle()
    assert (hands.scans, hands.form, hands.commands) == ([text], [], [])


@given(st.data())
def test_whatever_the_gaps_a_scan_over_a_form_presses_nothing(data: st.DataObject) -> None:
    """At least as many of them a scanner's as a person's, and none a silence."""
    text = data.draw(st.text("abc12", min_size=1, max_size=12))
    scanner = st.floats(0.0, FAST - 0.001)
    slow = st.floats(FAST + 0.001, SILENCE - 0.01)
    keys = [*text, data.draw(st.sampled_from(["enter", "ctrl+j"]))]
    number = data.draw(st.integers(0, (len(keys) - 1) // 2))
    gaps = [data.draw(slow if at < number else scanner) for at in range(len(keys) - 1)]
    hands = Hands(Front.OTHER)
    for name, gap in zip(keys, [1.0, *data.draw(st.permutations(gaps))], strict=True):
        hands.press(name, gap)
    hands.settle()
    assert hands.commands == []
    assert "".join((*hands.form, *hands.scans, *hands.broken)) == text


@table("front", FRONTS)
@table("key", ["alt+a", "alt+shift+g", "ctrl+left", "ctrl+right"])
@table("place", [0, 1, 16, 31])
def test_an_escape_that_takes_a_character_with_it_breaks_the_scan(
    place: int, key: str, front: Front
) -> None:
    """Of a person who presses it just before somebody scans, too: the tail is no code."""
    for pause in (WEDGE, 0.12) if not place else (WEDGE,):
        hands = Hands(front)
        hands.scan([*CODE[:place], key], end=[])
        hands.scan(CODE[place:], first=pause)
        hands.settle()
        assert (hands.scans, hands.broken, hands.commands) == ([], [CODE], [])


def test_a_command_before_a_paste_is_nobody_s() -> None:
    for front in FRONTS:
        hands = Hands(front)
        hands.press("f9", 1.0)
        hands.input_paste_after(0.001, CODE)
        assert (hands.scans, hands.commands) == ([CODE], [])


def test_a_machine_s_enter_after_a_paste_presses_nothing() -> None:
    hands = Hands(Front.OTHER)
    hands.paste("kwame@example.com")
    hands.press("enter", 0.03)
    hands.settle()
    assert (hands.form, hands.commands) == (["kwame@example.com"], [])
    hands.paste("quit\r")
    assert (hands.form, hands.broken) == (["kwame@example.com"], ["quit"])


def test_what_a_person_types_goes_where_they_are() -> None:
    hands = Hands()
    hands.type("an")
    hands.press("f4", PERSON)
    hands.wait(HOLD + 0.01)
    hands.front = Front.OTHER
    hands.type("12", first=0.1)
    hands.settle()
    assert (hands.line, hands.form) == ("an", ["1", "2"])


@table("gap", [WEDGE, 0.01, 0.05, RADIO])
@table(
    "keys",
    [
        *(pair for pair in product(["ctrl+q", "f9", "tab", "down", MOUSE], ["enter", "tab", "f4"])),
        ("enter", "enter"),
        ("f9", "f9"),
        ("ctrl+p", *"undo", "enter"),
        ("down", "down", "enter"),
    ],
)
def test_commands_at_a_scanner_s_speed_are_nobody_s(keys: tuple[str, ...], gap: float) -> None:
    for front in FRONTS:
        hands = Hands(front)
        hands.scan(keys, gap, end=[])
        hands.settle()
        assert "enter" not in hands.commands
        assert not {"ctrl+q", "f9", "f4", "ctrl+p"} & set(hands.commands) or len(set(keys)) == 1


@table("front", FRONTS)
@table("modifier", ["left_shift", "right_alt", "ctrl+@", "caps_lock"])
def test_modifiers_end_nothing(modifier: str, front: Front) -> None:
    hands = Hands(front)
    keys = [each for char in DASHED for each in (modifier, char)]
    hands.scan([*keys, modifier], 0.003)
    hands.settle()
    assert (hands.scans, hands.commands, hands.line, hands.form) == ([DASHED], [], "", [])
