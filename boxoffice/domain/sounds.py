"""What is heard of an answer: which sound it has, and that sound's waveform, made by calculation.

Four sounds, told apart in a loud room by their rhythm as well as by their pitch, none longer than
seven tenths of a second: the next guest's answer must not be talked over.
"""

import math
from array import array
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from boxoffice.domain.verdicts import Scan, Tone


class Sound(StrEnum):
    """One for each thing that a steward does next."""

    IN = "in"
    """One short tone that rises: let them pass, and look up at no screen."""
    REFUSED = "refused"
    """Two low tones: they do not pass."""
    NEEDS_YOU = "needs_you"
    """Three tones, the last the highest, as a question ends: look at the band."""
    CONFLICT = "conflict"
    """An alarm of two tones in turn: two people may be in on one ticket."""


OF_TONE = {
    Tone.GREEN: Sound.IN,
    Tone.YELLOW: Sound.REFUSED,
    Tone.RED: Sound.REFUSED,
    Tone.BLUE: Sound.NEEDS_YOU,
}

RATE = 16_000
"""Samples a second: all that these tones hold lies below half of it."""
ATTACK, RELEASE = 0.005, 0.03
"""Seconds in which a tone swells and fades, in a straight line: cut off, it would click."""
LOUDNESS = {"on": 0.8, "quiet": 0.2}
"""Of the largest amplitude, by the setting; another value is silent."""
_OVERTONES = {1: 1.0, 3: 1 / 3, 5: 1 / 5}
"""Their amplitudes, as a square wave begins: the small loudspeaker of a laptop gives little of a
low tone, but these."""
_STEPS = 512
"""Samples of one turn of a tone, of which those of every pitch are taken."""


class Note(NamedTuple):
    """A tone, gliding from one pitch to another; a rest where they are 0."""

    seconds: float
    begins: float
    """Hz."""
    ends: float


def _tone(seconds: float, pitch: float) -> Note:
    return Note(seconds, pitch, pitch)


_REST = _tone(0.06, 0)
NOTES: dict[Sound, tuple[Note, ...]] = {
    Sound.IN: (Note(0.14, 880, 1_320),),
    Sound.REFUSED: (_tone(0.15, 220), _REST, _tone(0.2, 196)),
    Sound.NEEDS_YOU: (_tone(0.1, 587), _REST, _tone(0.1, 587), _REST, _tone(0.16, 880)),
    Sound.CONFLICT: (_tone(0.11, 988), _tone(0.11, 659)) * 3,
}


def sound_of(scan: Scan) -> Sound | None:
    """None: it is the same scan, read twice, and was heard."""
    return OF_TONE[scan.verdict.code.tone] if scan.readings == 1 else None


def seconds_of(sound: Sound) -> float:
    return sum(note.seconds for note in NOTES[sound])


@lru_cache(maxsize=len(Sound) * len(LOUDNESS))
def waveform(sound: Sound, setting: str) -> bytes:
    """Samples of 16 bits with a sign, as this computer orders bytes, of one channel, at `RATE`.

    `setting`: a key of `LOUDNESS`.
    """
    turn = _turn(LOUDNESS[setting])
    samples = array("h")
    for note in NOTES[sound]:
        count = round(note.seconds * RATE)
        step, change = (hertz * _STEPS / RATE for hertz in (note.begins, note.ends - note.begins))
        place = 0.0
        for at in range(count):
            place += step + change * at / count
            swell = min(1.0, at / (ATTACK * RATE), (count - at) / (RELEASE * RATE))
            samples.append(round(swell * turn[int(place) % _STEPS]))
    return samples.tobytes()


def _turn(loudness: float) -> list[float]:
    wave = [
        sum(share * math.sin(math.tau * n * at / _STEPS) for n, share in _OVERTONES.items())
        for at in range(_STEPS)
    ]
    top = 32_767 * loudness / max(wave)
    return [top * height for height in wave]
