"""What a scanner types over a form or a dialog does nothing to it: it stays, with what is in it.

`BOXOFFICE_BURSTS` says how many each test sends.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from boxoffice.domain.key_pace import SHORTEST, STEADY
from tests.hands.burst import MADE_UP, SITE, Burst, Person
from tests.hands.door import MOST_TRIES, PALETTE, Door
from tests.hands.judging import SEED, all_right, bursts, tickets
from tests.hands.outcome import Outcome
from tests.hands.terminal import Terminal

HALF = "Half filled"
WIRED = 0.01
"""Seconds between the keys of a scanner on a wire, at the most."""
SENT = 6
"""Bursts over each screen."""
LOOKED_UP = "Jens"
"""What a person pastes into a form of theirs."""
KINDS = (
    *("word", "keys in text", "palette", "name", "Tab and Enter", "number", "changed uuid"),
    *("keys alone", "e-mail", "keys beside a code", "letter", "escape sequence"),
    *("keys in a code", "glued codes", "part of a uuid", "digits", "two codes"),
)


@dataclass(frozen=True)
class Stage:
    """A screen as a person has opened it, and what must still be seen of it."""

    open: Callable[[Door], None]
    seen: tuple[str, ...] = ()
    """Patterns, each of a whole line."""
    event: int = 0
    half: str = ""
    """What was typed into it."""
    remembers: bool = False
    """What was typed into it is there again when it is opened the next time."""


def _help(door: Door) -> None:
    door.terminal.press("f1")


def _ticket(door: Door) -> None:
    terminal = door.terminal
    terminal.person("Åse Ågård")
    terminal.shows("1 found")
    terminal.press("down", "f2")
    terminal.shows("As the site has it now", "What shall we call you?")
    click_under(terminal, "What shall we call you?")
    terminal.person(HALF)


def _sale(door: Door) -> None:
    door.terminal.press("f4")
    door.terminal.shows("First name", "63 left")
    click_under(door.terminal, "First name")
    door.terminal.person(HALF)


def _queue(door: Door) -> None:
    door.terminal.press("f6")


def _palette(door: Door) -> None:
    door.terminal.press("ctrl+p")
    door.terminal.shows(PALETTE)
    door.terminal.person("arrivals")


def _quit(door: Door) -> None:
    door.terminal.press("ctrl+q")


def _reason(door: Door) -> None:
    ticket = door.server.examples()["yesterday"]
    door.scan(ticket.uuid)
    door.terminal.shows(ticket.full_name, "^O")
    door.terminal.rest(0.5)
    door.terminal.press("ctrl+o")
    door.terminal.shows("Reason")
    door.terminal.person(HALF)


def _events(door: Door) -> None:
    door.terminal.press("f10")
    door.terminal.shows("Which event?")
    door.terminal.person("Jazz")


STAGES = {
    "help": Stage(_help, (r"Help · The door",)),
    "ticket": Stage(_ticket, (r"▌? *What shall we call you\?", rf"▌? *{HALF}"), 0, HALF, True),
    "sale": Stage(
        _sale, (r"Sale · .*", rf"▌? *{HALF}( .*)?", r".*Sell for DKK 0\.00.*"), 0, HALF, True
    ),
    "queue": Stage(_queue, (r"Queue .*for a person.*",)),
    "palette": Stage(_palette, (rf"{PALETTE} arrivals",), half="arrivals"),
    "quit": Stage(_quit, (r".*┃ +Quit\? +┃.*",)),
    "reason": Stage(
        _reason, (r".*┃ +Admit .* all the same\? +┃.*", rf".*┃ *▌? *{HALF} +┃.*"), 2, HALF
    ),
    "events": Stage(_events, (r"Which event\?", r"▌? *Jazz( .*)?"), half="Jazz"),
}


def click_under(terminal: Terminal, label: str) -> None:
    """Click on the field that has this label above it."""
    (row,) = [at for at, line in enumerate(terminal.lines) if label in line]
    terminal.click(terminal.lines[row].index(label) + 1, row + 1)


def told_apart(burst: Burst) -> Burst:
    """A burst that is no person's by its pace: else its letters may be the field's.

    A few letters at a radio's 60 ms, with nothing at their end, are a fast typist's; and so is one
    with its end after a pause. One letter and its end have a single gap: a busy computer that reads
    it late makes a person's of a radio's.
    """
    typed = burst.kind in MADE_UP["text"] and burst.gap > STEADY
    if burst.end == "none" and (typed or len(burst.keys) < SHORTEST):
        burst = replace(burst, end="CR")
    return burst if len(burst.keys) > 1 else replace(burst, stall=None, gap=min(burst.gap, WIRED))


class Opened:
    """A screen that a person has opened at a door, and must find again as it was left."""

    def __init__(self, door: Door, stage: Stage) -> None:
        self.door, self._stage = door, stage
        self.open()

    def open(self) -> None:
        self._stage.open(self.door)
        for pattern in self._stage.seen:
            self.door.terminal.shows_line(pattern)

    def missing(self) -> str:
        lines = [line.strip() for line in self.door.terminal.lines]
        for pattern in self._stage.seen:
            if not any(re.fullmatch(pattern, line) for line in lines):
                return f"no line is {pattern!r}, and {self.door.in_front or 'nothing'} is in front"
        return ""

    def tried(self, bursts: Iterable[Burst]) -> Iterator[Outcome]:
        """What each did, sent over it.

        One that a busy machine has slowed down is no scan, and is sent again twice as fast.
        """
        for burst in bursts:
            for twice in range(MOST_TRIES):
                sent = replace(burst, gap=burst.gap / 2**twice)
                outcome = self.door.judge(self.door.send(sent), self.missing)
                if not outcome.effects:
                    break
                self.door.restart()  # a form may keep what was typed into it
                self.open()
                if not outcome.slow:
                    break
            yield outcome


@pytest.fixture
def stage_door(
    name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[tuple[Stage, Door]]:
    """The screen of this name, and a door at its event."""
    stage = STAGES[name]
    if not stage.event:
        door: Door = request.getfixturevalue("tall_door")
        if stage.remembers:
            door.restart()
        yield stage, door
        return
    count = tickets(bursts(SENT))
    with Door(tmp_path / "d", event=stage.event, tickets=count, size=(90, 50)) as door:
        yield stage, door


@pytest.mark.parametrize("name", STAGES)
def test_it_stays_as_it_is(stage_door: tuple[Stage, Door], name: str) -> None:
    """By default some kinds over each screen, and all of them over some."""
    (stage, door), first = stage_door, SENT * list(STAGES).index(name) % len(KINDS)
    made = door.bursts(SEED).hostile(bursts(SENT), KINDS[first:] + KINDS[:first])
    all_right(
        Opened(door, stage).tried(replace(burst, upon=None) for burst in map(told_apart, made))
    )


@pytest.mark.parametrize("name", STAGES)
def test_a_paste_of_codes_is_answered_above_it(stage_door: tuple[Stage, Door], name: str) -> None:
    stage, door = stage_door
    opened, made = Opened(door, stage), door.bursts(SEED)

    def pasted(text: str, *people: Person) -> Burst:
        names = frozenset(person.uuid for person in people)
        return Burst("pasted", (f"paste:{text}",), names=names, admits=bool(names))

    a, b, c, d, e = (person for _ in range(5) if (person := made.next_fresh()))
    all_right(
        opened.tried(
            (
                pasted(a.uuid, a),
                pasted(f"{b.uuid}\r", b),
                pasted(f"{SITE}/da/tickets/{c.uuid}/\n", c),
                pasted(f"{d.uuid}\r\n{e.uuid}\r\n", d, e),
                pasted(f"{e.name}\r"),
                pasted("quit\r"),
                pasted(f"{e.uuid[:-1]}\n"),
            )
        )
    )
    door.terminal.paste(LOOKED_UP)
    door.fence()
    if stage.half:
        door.terminal.shows(f"{stage.half}{LOOKED_UP}")
    else:
        assert not opened.missing()
    assert len(door.writes()) == 5
