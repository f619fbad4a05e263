"""The pace of keys, which tells a scanner from a person: `boxoffice.domain.scan_input` goes by it.

Times are seconds.
"""

from dataclasses import dataclass, replace

from boxoffice.domain.codes import read_code
from boxoffice.domain.key_decisions import Front

SURE = 0.008
"""Seconds between keys, of which no two fingers are capable."""
STEADY = 0.035
"""Seconds between most keys, below which a whole run surely is a machine's."""
FAST = 0.078
"""Seconds between keys up to which a machine may have typed them. Wedges need 1 to 10 ms, radio
scanners up to 60; of people, the fastest are as fast now and then, never on the whole."""
OWN = 0.085
"""Seconds between keys, above which they come at a person's pace."""
PACED = 3
"""Gaps at a person's pace that show a person, and so many more for each short one: a scan has a
pause or two, and a busy computer makes a few."""
SILENCE = 0.3
"""Seconds after which a run is over. A stall of the computer or the radio is shorter."""
BESIDE = 0.05
"""Seconds after the end of a scan in which no person presses a key of their own, at the least."""
LONG = 5
"""Short gaps from which on nobody keeps the pace of a slow scanner, and so many more for each at a
person's pace; among digits, which nobody types as fast as words, without more."""
SHORTEST = 4
"""Characters of the shortest code that a scanner may leave without an end: `dZy1`."""


@dataclass(slots=True)
class Run:
    """Characters without a silence between them, and the pace of all keys from its first on."""

    front: Front
    last: float
    text: str = ""
    shown: int = 0
    """How many of its characters stand on the door's line; the others are held."""
    follows: bool = False
    """It comes straight behind what a person typed."""
    lasted: float = 0.0
    """Seconds from its first key to its last."""
    gaps: int = 0
    steady: int = 0
    fast: int = 0
    own: int = 0
    """How many of its gaps there are: in all, up to `STEADY`, up to `FAST`, and above `OWN`."""
    least: float = SILENCE
    """The shortest of its gaps."""
    pasted: bool = False
    torn: bool = False
    """One of its characters was lost: a control character took it along."""

    def step(self, at: float) -> None:
        """Take another key of it, at that moment."""
        gap = at - self.last
        self.last = at
        self.lasted += gap
        self.gaps += 1
        self.steady += gap <= STEADY
        self.fast += gap <= FAST
        self.own += gap > OWN
        self.least = min(self.least, gap)

    def ends_at(self, at: float) -> bool:
        """Whether a scanner typed it, and at that moment its end.

        An end that comes later than a person's would is a scanner's only where the run is certain:
        there was a stall before it.
        """
        if at - self.last > OWN:
            return self.is_certain
        ended = replace(self)
        ended.step(at)
        return ended.is_fast

    @property
    def is_whole(self) -> bool:
        """What came straight before it is not its beginning."""
        return not self.follows or read_code(self.text).is_certain

    @property
    def is_fast(self) -> bool:
        """A scanner types it, as far as it has come."""
        return self.fast > self.own or (0 < self.fast == self.own and self.least <= SURE)

    @property
    def is_typed(self) -> bool:
        """A person types it, as far as it has come."""
        if self.follows:
            return not self.is_fast
        return self.own >= PACED * (1 + self.fast)

    def is_own_at(self, at: float) -> bool:
        """Whether a command at that moment is at the pace of a person who typed it."""
        fast = self.fast + (at - self.last <= FAST)
        return not fast or self.own + (at - self.last > OWN) > fast

    @property
    def is_steady(self) -> bool:
        """It is long and fast enough to be a whole scan of a scanner that sends no end.

        A person's bursts of a few keys are not, however many there are of them.
        """
        if not self.is_fast or self.pasted or (len(self.text) < SHORTEST and self.least > SURE):
            return False
        if 2 * self.steady >= self.gaps or self.fast >= LONG * (1 + self.own):
            return True
        return self.fast >= LONG and any(map(str.isdecimal, self.text))

    @property
    def is_certain(self) -> bool:
        """No person typed it, also where it has come to a halt."""
        return self.is_fast and (self.least <= SURE or self.is_steady)

    def goes_on_at(self, at: float) -> bool:
        """Whether a key at that moment comes in its midst, where it is a scanner's."""
        pause = SILENCE if self.is_certain else FAST
        return at - self.last <= pause and (self.is_fast or not self.gaps)

    @property
    def beside(self) -> float:
        """Seconds in which keys after its end still are the scanner's."""
        return BESIDE if 2 * self.steady >= self.gaps else BESIDE + FAST
