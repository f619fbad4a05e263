"""A machine that mixes hands: no key is lost, and none admits whom nobody chose."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from boxoffice.domain.key_decisions import Front
from boxoffice.domain.models import Ticket
from boxoffice.domain.roster import Roster
from boxoffice.domain.selection import Chosen, select
from tests.domain.hands import CODE, DASHED, PERSON, RADIO, TERMINATORS, WEDGE, Hands

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
