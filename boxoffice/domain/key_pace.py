"""The pace of keys, by which `boxoffice.domain.scan_input` tells a scanner from a person.

All times are in seconds.
"""

from dataclasses import dataclass, replace

from boxoffice.domain.codes import read_code
from boxoffice.domain.key_decisions import Front

SURE = 0.008
"""No two fingers can press keys within so few seconds."""
STEADY = 0.035
"""If most gaps between keys are at most this long, a machine typed the whole run."""
FAST = 0.078
"""A gap up to this long may be a machine's. Scanners on a cable need 1 to 10 ms a key, by radio up
to 60. The fastest typists are as fast now and then, but not on the whole."""
OWN = 0.085
"""A gap that is longer than this is at a person's pace."""
PACED = 3
"""So many gaps at a person's pace show that a person types, and as many more for each short gap: a
scan may have a pause or two, and a busy computer makes a few."""
SILENCE = 0.3
"""Without a key for so long, a run is over. A stall of the computer or the radio is shorter."""
BESIDE = 0.05
"""After a scan has ended, no person presses a key of their own for at least so long."""
LONG = 5
"""So many short gaps are a slow scanner's, as nobody keeps that pace up, if there are as many more
for each gap at a person's pace. Among digits so many are enough: nobody types those that fast."""
SHORTEST = 4
"""Characters of the shortest code, such as `dZy1`, that is known without the scanner's end."""


@dataclass(slots=True)
class Run:
    """The characters since the last silence, and the pace of the keys among which they came."""

    front: Front
    last: float
    text: str = ""
    shown: int = 0
    """How many of its characters stand on the door's line; the others are held back."""
    follows: bool = False
    """It came right after something that a person typed."""
    lasted: float = 0.0
    """Seconds from its first key to its last."""
    gaps: int = 0
    steady: int = 0
    fast: int = 0
    own: int = 0
    """Numbers of its gaps: all of them, those up to `STEADY`, up to `FAST`, and above `OWN`."""
    least: float = SILENCE
    """The shortest of its gaps."""
    pasted: bool = False
    torn: bool = False
    """One of its characters is lost: it came as part of a control key."""

    def step(self, at: float) -> None:
        """Count another key, which came at that moment."""
        gap = at - self.last
        self.last = at
        self.lasted += gap
        self.gaps += 1
        self.steady += gap <= STEADY
        self.fast += gap <= FAST
        self.own += gap > OWN
        self.least = min(self.least, gap)

    def ends_at(self, at: float) -> bool:
        """Whether a scanner typed the run, and an end that comes at that moment is the scanner's.

        After a gap of a person's length it is that only if the run is certain: then the computer
        had stalled before the end.
        """
        if at - self.last > OWN:
            return self.is_certain
        ended = replace(self)
        ended.step(at)
        return ended.is_fast

    @property
    def is_whole(self) -> bool:
        """Whether it is a code from its beginning: what a person typed before is no part of it."""
        return not self.follows or read_code(self.text).is_certain

    @property
    def is_fast(self) -> bool:
        """Whether a scanner types it, by what has come so far."""
        return self.fast > self.own or (0 < self.fast == self.own and self.least <= SURE)

    @property
    def is_typed(self) -> bool:
        """Whether a person types it, by what has come so far."""
        if self.follows:
            return not self.is_fast
        return self.own >= PACED * (1 + self.fast)

    def is_own_at(self, at: float) -> bool:
        """Whether a command that comes at that moment fits the pace of a person typing."""
        fast = self.fast + (at - self.last <= FAST)
        return not fast or self.own + (at - self.last > OWN) > fast

    @property
    def is_steady(self) -> bool:
        """Whether it is long and fast enough to be the scan of a scanner that sends no end.

        A few quick bursts by a person are not enough for that.
        """
        if not self.is_fast or self.pasted or (len(self.text) < SHORTEST and self.least > SURE):
            return False
        if 2 * self.steady >= self.gaps or self.fast >= LONG * (1 + self.own):
            return True
        return self.fast >= LONG and any(map(str.isdecimal, self.text))

    @property
    def is_certain(self) -> bool:
        """Whether surely no person typed it, even if it has come to a halt."""
        return self.is_fast and (self.least <= SURE or self.is_steady)

    def goes_on_at(self, at: float) -> bool:
        """Whether a key at that moment comes in the middle of it, if it is a scanner's."""
        pause = SILENCE if self.is_certain else FAST
        return at - self.last <= pause and (self.is_fast or not self.gaps)

    @property
    def beside(self) -> float:
        """Seconds after its end, for which keys still count as the scanner's."""
        return BESIDE if 2 * self.steady >= self.gaps else BESIDE + FAST
