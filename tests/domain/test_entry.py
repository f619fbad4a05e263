"""One input for scanners and people: who typed, and that nothing is lost."""

from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boxoffice.domain.entry import BOUNCE, GAP, PAIR, SHORTEST, Bounce, Burst, Heard

CODE = "957e996e16d94aff959800a03bf8c726"
DASHED = "957e996e-16d9-4aff-9598-00a03bf8c726"
SLOW = 0.066
"""Seconds between the keys of the fastest of typists."""


class Form:
    """Holds keys and gives them back, as the app does over a form."""

    def __init__(self) -> None:
        self.burst = Burst()
        self.held: list[str] = []
        self.scans: list[str] = []
        self.typed: list[str] = []
        self.now = 100.0

    def key(self, key: str, after: float = 0.005, *, timer: bool = True) -> None:
        """Press a key `after` seconds. `timer`: the caller's timer was in time meanwhile."""
        if timer and self.held and self.burst.left(self.now + after) < 0:
            self.wait()
        self.now += after
        self.held.append(key)
        heard = self.burst.form(key, self.now)
        assert not heard.burst
        if heard.scan is not None:
            assert "".join(self.held[:-1]) == heard.scan
            self.held.clear()
            self.scans.append(heard.scan)
        elif heard.swallow:
            self.held.pop()
        else:
            self._give_back(heard.back)

    def keys(self, text: str, after: float = 0.005, end: str = "enter") -> None:
        """Press the keys of `text`, some time after whatever was pressed before."""
        for place, char in enumerate(text):
            self.key(char, after if place else max(after, 0.2))
        if end:
            self.key(end, after)

    def wait(self) -> None:
        """Let the timer of the held keys run out."""
        self._give_back(self.burst.give_back())
        assert not self.held

    def _give_back(self, count: int) -> None:
        self.typed += self.held[:count]
        del self.held[:count]


@pytest.mark.parametrize("after", [0.0, 0.001, 0.005, 0.010, GAP - 1e-9])
@pytest.mark.parametrize("end", ["enter", "lf", "tab"])
@pytest.mark.parametrize("code", [CODE, DASHED.upper(), "dZy1", "1068", "https://x.io/t/nz9lb/"])
def test_a_scan_over_a_form(code: str, end: str, after: float) -> None:
    form = Form()
    form.keys(code, after, end)
    assert form.scans == [code]
    assert form.typed == []
    form.wait()
    assert form.typed == []


@pytest.mark.parametrize("end", ["enter", "lf", "tab"])
@pytest.mark.parametrize("text", [CODE, "dZy1", "1068", "anna"])
def test_a_person_over_a_form(text: str, end: str) -> None:
    form = Form()
    form.keys(text, SLOW, end)
    form.wait()
    assert form.scans == []
    assert form.typed == [*text, end]


@pytest.mark.parametrize(
    "text",
    ["Vegetarian", "no nuts, please", "anna@b.dk", "+4512345678", "a1", "123", "Åse", "-" * 30, ""],
)
def test_words_that_come_fast_stay_in_the_form(text: str) -> None:
    """A slow machine hands over what was typed meanwhile all at once."""
    form = Form()
    form.keys(text, 0.0)
    assert form.scans == []
    assert form.typed == [*text, "enter"]


def test_a_half_typed_field_survives_scans() -> None:
    form = Form()
    form.keys("Veg", 0.12, end="")
    form.keys(CODE)
    form.keys("eta", 0.12, end="")
    form.keys(DASHED, 0.0)
    form.keys("r", 0.12)
    form.wait()
    assert form.scans == [CODE, DASHED]
    assert form.typed == [*"Vegetar", "enter"]


def test_scans_one_after_the_other_in_one_read() -> None:
    form = Form()
    for number in range(10):
        for key in [*f"{number}{CODE[1:]}", "enter"]:
            form.key(key, 0.0)
    assert form.scans == [f"{number}{CODE[1:]}" for number in range(10)]
    assert form.typed == []


def test_a_code_that_stops_midway_is_typed() -> None:
    form = Form()
    form.keys(CODE[:20], end="")
    form.key("enter", GAP * 2)
    assert form.typed == [*CODE[:20], "enter"]
    form.keys(CODE[:20], end="")
    form.key("left")
    form.keys(CODE[20:26])
    assert form.typed == [*CODE[:20], "enter", *CODE[:20], "left"]
    assert form.scans == [CODE[20:26]]


@pytest.mark.parametrize("pair", [("enter", "lf"), ("lf", "enter"), ("enter", "enter")])
def test_carriage_return_and_line_feed_are_one_enter(pair: tuple[str, str]) -> None:
    form = Form()
    form.keys(CODE, end=pair[0])
    form.key(pair[1], 0.001)
    form.key(pair[1], 0.001)
    assert form.scans == [CODE]
    assert form.typed == [pair[1]]
    form.keys(CODE, end=pair[0])
    form.key("enter", PAIR + 0.01)
    assert form.typed == [pair[1], "enter"]


def test_keys_wait_for_one_gap_only() -> None:
    burst = Burst()
    burst.form("1", 5.0)
    assert burst.left(5.0) == pytest.approx(GAP)
    burst.form("2", 5.02)
    assert burst.left(5.05) == pytest.approx(0.005)
    assert burst.give_back() == 2
    assert burst.give_back() == 0


scans = st.sampled_from([CODE, DASHED, "1068", "dZy1", "https://x.io/t/nz9lb/", "ABC-12"])
fast = st.floats(0, 0.010)
slow = st.floats(GAP + 0.002, 0.5)
words = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=9)
people = st.tuples(st.just("person"), words, st.sampled_from(["", "enter", "tab", "left"]))
scanners = st.tuples(st.just("scanner"), scans, st.sampled_from(["enter", "lf", "tab", "crlf"]))


@given(st.lists(people | scanners, max_size=8), st.data())
def test_every_scan_is_answered_once_and_no_text_is_lost(
    turns: list[tuple[str, str, str]], data: st.DataObject
) -> None:
    form = Form()
    expected_scans, expected_keys = [], []
    for who, text, end in turns:
        ends = ["enter", "lf"] if end == "crlf" else [end] if end else []
        pause = slow if who == "person" else fast
        for place, key in enumerate([*text, *ends]):
            after = data.draw(slow if place == 0 else pause)
            form.key(key, after, timer=data.draw(st.booleans()))
        if who == "scanner":
            expected_scans.append(text)
        else:
            expected_keys += [*text, *ends]
    form.wait()
    assert form.scans == expected_scans
    assert form.typed == expected_keys


@given(
    st.lists(
        st.tuples(
            st.sampled_from([*"ab1- ", "enter", "lf", "tab", "left", "backspace"]),
            st.floats(0, 0.1),
            st.booleans(),
        )
    )
)
def test_any_keys_at_any_times_are_kept_in_order(keys: list[tuple[str, float, bool]]) -> None:
    """What was not a scan, nor the second half of one's Enter, comes back unchanged."""
    form = Form()
    pressed = []
    for key, after, timer in keys:
        form.key(key, after, timer=timer)
        pressed.append(key)
    form.wait()
    rest = iter(pressed)
    assert all(key in rest for key in form.typed), "in order"
    scanned = sum(len(scan) + 1 for scan in form.scans)
    lost = len(pressed) - len(form.typed) - scanned
    assert 0 <= lost <= len(form.scans)
    times = list(accumulate(after for _, after, _ in keys))
    if all(later - earlier > GAP for earlier, later in pairwise(times)):
        assert form.typed == pressed


# At the door


def at_door(text: str, after: float, end: str = "enter", end_after: float | None = None) -> Heard:
    burst, now = Burst(), 7.0
    for char in text:
        now += after
        assert burst.door(char, now) == Heard()
    return burst.door(end, now + (after if end_after is None else end_after))


def test_the_door_hears_what_came_fast() -> None:
    assert at_door(CODE, 0.005).burst == CODE
    assert at_door("sorensen", 0.0).burst == "sorensen"
    assert at_door(CODE, SLOW).burst == ""
    assert at_door(CODE, 0.005, end_after=0.1).burst == ""
    assert at_door(CODE, 0.005, end="tab").burst == CODE
    assert at_door("sorensen", 0.005, end="tab").burst == ""
    assert at_door("", 0.005).burst == ""


def test_the_door_hears_a_scan_behind_typing() -> None:
    burst = Burst()
    for place, char in enumerate("anna"):
        burst.door(char, place * 0.1)
    for place, char in enumerate(CODE):
        burst.door(char, 1 + place * 0.004)
    assert burst.door("enter", 1.13).burst == CODE
    assert burst.door("lf", 1.131).swallow
    assert not burst.door("enter", 1.132).swallow


def test_an_edited_line_is_typed() -> None:
    burst = Burst()
    for place, key in enumerate([*"1068", "backspace", "9", "enter"]):
        heard = burst.door(key, place * 0.001)
    assert heard.burst == "9"


def test_a_form_that_closed_gives_back_before_the_door_takes() -> None:
    burst = Burst()
    burst.form("a", 1.0)
    burst.form("b", 1.01)
    assert burst.door("c", 1.2) == Heard(back=2)


# Paste


@pytest.mark.parametrize(
    ("text", "door", "form"),
    [
        (CODE, [CODE], [CODE]),
        (f" {DASHED}\r\n", [DASHED], [DASHED]),
        (f"{CODE}\n{DASHED}\n\n", [CODE, DASHED], [CODE, DASHED]),
        ("1068\r", ["1068"], ["1068"]),
        ("https://x.io/t/nz9lb/", ["https://x.io/t/nz9lb/"], ["https://x.io/t/nz9lb/"]),
        # A person's own number, link or word
        ("1068", ["1068"], []),
        ("https://example.com/me", ["https://example.com/me"], []),
        ("Hans Jensen", [], []),
        ("Hans Jensen\n", [], []),
        (f"{CODE}\nHans Jensen\n", [], []),
        ("", [], []),
        ("\n\n", [], []),
        ("1068\n" * 51, [], []),
        ("x" * 10_000, [], []),
    ],
)
def test_paste(text: str, door: list[str], form: list[str]) -> None:
    assert Burst().paste(text, form=False) == door
    assert Burst().paste(text, form=True) == form


# Bounce


def test_a_bouncing_scanner() -> None:
    bounce = Bounce()
    heard = [(CODE, 0.0), (CODE, 0.1), (f"{CODE}\n", 0.5), (CODE, 1.0), (CODE, 1.51)]
    assert [bounce.again(code, at) for code, at in heard] == [False, True, True, True, False]


def test_codes_in_turn_are_no_bounce() -> None:
    bounce = Bounce()
    heard = [(CODE, 0.0), (DASHED, 0.1), (CODE, 0.2), (CODE, 0.2 + BOUNCE + 0.01)]
    assert not any(bounce.again(code, at) for code, at in heard)


def test_the_shortest_codes_are_long_enough() -> None:
    assert len("dZy1") == SHORTEST
