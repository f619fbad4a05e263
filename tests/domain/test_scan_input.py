"""Whose each key is: a table of hands, and a machine that mixes them."""

from collections.abc import Iterable
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from boxoffice.domain.codes import read_code
from boxoffice.domain.key_decisions import (
    HARMLESS,
    MOUSE,
    Command,
    Dropped,
    Front,
    Key,
    PastedText,
    Text,
    WholeScan,
)
from boxoffice.domain.key_pace import BESIDE, FAST, PACED, SILENCE
from boxoffice.domain.models import Ticket
from boxoffice.domain.roster import Roster
from boxoffice.domain.scan_input import HOLD, UNREAD, ScanInput
from boxoffice.domain.selection import Chosen, select
from tests.support import table

CODE = "957e996e16d94aff959800a03bf8c726"
DASHED = "957e996e-16d9-4aff-9598-00a03bf8c726"
PERSON = 0.11
"""Seconds between the keys of a quick typist."""
WEDGE, RADIO = 0.001, 0.06
STALL = 0.25
TERMINATORS = {"CR": ["enter"], "LF": ["ctrl+j"], "CRLF": ["enter", "ctrl+j"], "Tab": ["tab"]}
TERMINATORS["Tab CR"] = ["tab", "enter"]


class Hands:
    """Drives the machine, and carries out what it decides on a line, a form and a door."""

    def __init__(self, front: Front = Front.DOOR) -> None:
        self.input = ScanInput()
        self.front = front
        self.now = 100.0
        self.line = ""
        self.scanned = 0
        """Characters on the line that are known for a scanner's as they come."""
        self.form: list[str] = []
        self.commands: list[str] = []
        self.scans: list[str] = []
        self.broken: list[str] = []
        self.dropped: list[str] = []

    def press(self, name: str, after: float) -> None:
        """Press a key some time after what was pressed before."""
        self.wait(after)
        character = name if len(name) == 1 else " " if name == "space" else ""
        key = Key(name, character, self.now, source=self.front)
        self._carry_out(self.input.key(key, self.front, line=self.line))

    def wait(self, seconds: float) -> None:
        """Let time pass, with a look at every moment that is due."""
        end = self.now + seconds
        while (due := self.input.due) is not None and due < end:
            self.now = max(due, self.now)
            self._carry_out(self.input.moment(self.now))
        self.now = end

    def type(self, text: Iterable[str], gap: float = PERSON, first: float = 1.0) -> None:
        """Press keys with the same time between them."""
        for at, name in enumerate(text):
            self.press(name, gap if at else first)

    def scan(
        self,
        text: Iterable[str],
        gap: float = WEDGE,
        end: Iterable[str] = ("enter",),
        stall_at: int | None = None,
        first: float = 1.0,
    ) -> None:
        """Press keys as a scanner does. `stall_at`: the computer stands still before this one."""
        for at, name in enumerate([*text, *end]):
            self.press(name, first if not at else STALL if at == stall_at else gap)

    def paste(self, text: str) -> None:
        self.wait(1.0)
        self._carry_out(self.input.paste(text, self.now, self.front))

    def input_paste_after(self, seconds: float, text: str) -> None:
        self.wait(seconds)
        self._carry_out(self.input.paste(text, self.now, self.front))
        self.settle()

    def settle(self) -> None:
        self.wait(2.0)

    def _carry_out(self, decisions: Iterable[object]) -> None:
        for decision in decisions:
            match decision:
                case Text(key, on_line=True, scanned=scanned):
                    self.scanned += scanned
                    self.line += key.character
                case Text(key) | Command(key) if key.source is not self.front:
                    continue  # the screen for which it was pressed is gone
                case Text(key) if self.front is Front.DOOR:
                    self.line += key.character
                case Text(key):
                    self.form.append(key.name)
                case PastedText(text) if self.front is Front.DOOR:
                    self.line += text
                case PastedText(text):
                    self.form.append(text)
                case Command(key):
                    self.command(key.name)
                case WholeScan(text, on_line, broken):
                    assert not on_line or self.line.endswith(text[-on_line:])
                    self.line = self.line[: len(self.line) - on_line]
                    (self.broken if broken else self.scans).append(text)
                case Dropped(keys):
                    self.dropped += [key.name for key in keys]

    def command(self, name: str) -> None:
        self.commands.append(name)
        if name == "backspace":
            self.line = self.line[:-1]


FRONTS = (Front.DOOR, Front.OTHER)


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


@table("place", [1, 16, 31])
def test_an_escape_that_takes_a_character_with_it_breaks_the_scan(place: int) -> None:
    hands = Hands()
    hands.scan([*CODE[:place], "alt+a", *CODE[place:]])
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


NAMES = ["Anna Holm", "Bo Holm", "Hans Jensen", "Karl Jensen", "Odd Berg", "Zoe Quist"]
ROSTER = Roster(
    Ticket(f"{at:032x}", "e" * 32, checked_in=False, full_name=name, number=1068 + at)
    for at, name in enumerate(NAMES)
)
WORDS = [
    "odd berg",
    "zoe",
    "quist",
    "anna",
    "karl j",
    "berg",
    "jensen",
    "1072",
    "dZy1",
    CODE,
    DASHED,
]
WORDS += [CODE[:20], CODE[20:], f"{CODE}{CODE}", "https://x.io/t/nz9lb/", "sdd berg", "ab", "+-/!"]


class Mixed(RuleBasedStateMachine):
    """A person and scanners at one keyboard, with a form that opens and closes."""

    def __init__(self) -> None:
        super().__init__()
        self.hands = Hands()
        self.hands.command = self._command  # type: ignore[method-assign]
        self.typed = ""
        """What a person typed on the line, with whatever is there."""
        self.by_person = 0
        self.pressed: list[str] = []
        self.scanned: list[str] = []
        self.admitted: list[str] = []

    def _command(self, name: str) -> None:
        self.hands.commands.append(name)
        if self.hands.front is not Front.DOOR:
            return
        if name == "escape":
            self.hands.line = ""
        if name == "enter":
            chosen = select(self.hands.line, roster=ROSTER, doubtful=self.hands.input.doubtful)
            if isinstance(chosen, Chosen):
                assert self.by_person, f"admitted by {self.hands.line!r}, which nobody typed"
                self.admitted.append(chosen.ticket)
                self.hands.line = ""

    @rule(
        text=st.sampled_from(WORDS),
        gap=st.sampled_from([0.0, WEDGE, 0.01, 0.05, RADIO]),
        end=st.sampled_from([*TERMINATORS.values(), []]),
        before=st.sampled_from([[], ["ctrl+b"], ["f9"], ["down"], ["ctrl+q", "ctrl+p"]]),
        stall=st.booleans(),
        data=st.data(),
    )
    def scan(
        self,
        text: str,
        gap: float,
        end: list[str],
        before: list[str],
        stall: bool,
        data: st.DataObject,
    ) -> None:
        keys = [*before, *text]
        stall_at = None
        if stall and len(text) > 6:
            stall_at = data.draw(st.integers(len(before) + 1, len(keys) + len(end) - 1))
        if not self.hands.line:
            self.by_person = 0
        self.hands.scan(keys, gap, end, stall_at)
        self.scanned.append(text)
        self.hands.wait(1.5)

    @rule(text=st.sampled_from(WORDS[:7]), gap=st.sampled_from([0.09, PERSON, 0.2]))
    def type(self, text: str, gap: float) -> None:
        self.hands.type(text, gap)
        if self.hands.front is Front.DOOR:
            self.by_person = max(self.by_person, len(text))

    @rule(name=st.sampled_from(["enter", "enter", "escape", "down", "f9", "tab"]))
    def press(self, name: str) -> None:
        self.pressed.append(name)
        self.hands.press(name, 0.4)
        self.hands.wait(0.4)
        if not self.hands.line:
            self.by_person = 0

    @rule(text=st.sampled_from(WORDS), end=st.sampled_from(["", "\r"]))
    def paste(self, text: str, end: str) -> None:
        self.scanned.append(text)
        self.hands.paste(text + end)
        self.hands.wait(0.5)

    @precondition(lambda self: self.hands.front is Front.DOOR)
    @rule()
    def open_form(self) -> None:
        self.hands.front = Front.OTHER

    @precondition(lambda self: self.hands.front is Front.OTHER)
    @rule()
    def close_form(self) -> None:
        self.hands.front = Front.DOOR

    @invariant()
    def only_whole_scans_are_answered(self) -> None:
        assert set(self.hands.scans) <= set(self.scanned)

    @invariant()
    def only_a_person_s_commands_are_done(self) -> None:
        assert self.hands.commands == [
            name for name in self.pressed if name in self.hands.commands
        ] or len(self.hands.commands) <= len(self.pressed)
        for name in set(self.hands.commands):
            assert self.hands.commands.count(name) <= self.pressed.count(name)


Mixed.TestCase.settings = settings(max_examples=75, stateful_step_count=25, deadline=None)
test_mixed_hands = Mixed.TestCase
assert FAST < PERSON
