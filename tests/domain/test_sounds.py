"""What is heard: which answers have which sound, and that the sounds are told apart."""

from itertools import groupby, pairwise

import pytest

from boxoffice.domain.sounds import LOUDNESS, NOTES, RATE, Sound, seconds_of, sound_of, waveform
from boxoffice.domain.verdicts import Scan, Verdict, VerdictCode
from tests.support import EVENING

V = VerdictCode
SOUNDS = {
    Sound.IN: {V.ADMITTED, V.HANDED_OUT},
    Sound.REFUSED: {
        V.ALREADY_IN,
        V.REFUNDED,
        V.NOT_PAID,
        V.WRONG_EVENT,
        V.WRONG_DAY,
        V.WRONG_DOOR,
        V.UNKNOWN,
        V.NOT_A_TICKET,
    },
    Sound.NEEDS_YOU: {V.ANSWERS_NEEDED, V.CHECK_NAME, V.AMBIGUOUS, V.CANNOT_TELL},
}
SILENCE = 40
"""Of 32,767: below this nothing is heard."""


def samples(sound: Sound, setting: str = "on") -> list[int]:
    return list(memoryview(waveform(sound, setting)).cast("h"))


@pytest.mark.parametrize("code", V)
def test_every_verdict_has_its_sound(code: VerdictCode) -> None:
    (sound,) = [sound for sound, codes in SOUNDS.items() if code in codes]
    scan = Scan(1, "x", Verdict(code, "why"), EVENING)
    assert sound_of(scan) is sound
    assert sound_of(scan._replace(readings=2)) is None, "it was heard a moment ago"


@pytest.mark.parametrize("sound", Sound)
def test_a_sound_is_short_and_neither_clips_nor_clicks(sound: Sound) -> None:
    heard = samples(sound)
    assert len(heard) / RATE == pytest.approx(seconds_of(sound), abs=0.001)
    assert seconds_of(sound) <= 0.7
    assert max(map(abs, heard)) == pytest.approx(32_767 * LOUDNESS["on"], rel=0.01)
    assert max(abs(heard[0]), abs(heard[-1])) < 1_500
    quiet = samples(sound, "quiet")
    assert max(map(abs, quiet)) == pytest.approx(32_767 * LOUDNESS["quiet"], rel=0.01)


def tones(sound: Sound) -> int:
    """Runs of sound with silence of a hundredth of a second or more between them."""
    runs = [
        (is_heard, sum(1 for _ in run))
        for is_heard, run in groupby(samples(sound), lambda sample: abs(sample) > SILENCE)
    ]
    return 1 + sum(length > RATE / 100 for is_heard, length in runs if not is_heard)


def test_they_differ_in_rhythm() -> None:
    assert [tones(sound) for sound in (Sound.IN, Sound.REFUSED, Sound.NEEDS_YOU)] == [1, 2, 3]
    assert tones(Sound.CONFLICT) == 1
    assert len(NOTES[Sound.CONFLICT]) == 6, "one long run of two tones in turn"


def hertz(part: list[int]) -> float:
    """The pitch, by how often the wave comes up through nothing."""
    return sum(before <= 0 < after for before, after in pairwise(part)) * RATE / len(part)


def test_they_differ_in_pitch() -> None:
    rising, low, asking = map(samples, (Sound.IN, Sound.REFUSED, Sound.NEEDS_YOU))
    third = len(rising) // 3
    assert hertz(rising[:third]) + 200 < hertz(rising[-third:]), "it rises"
    assert hertz(low[: RATE // 10]) == pytest.approx(220, abs=15)
    assert hertz(asking[: RATE // 10]) == pytest.approx(587, abs=15)
    assert hertz(asking[-RATE // 10 :]) == pytest.approx(880, abs=15)
    assert [note.begins for note in NOTES[Sound.CONFLICT]] == [988, 659] * 3
