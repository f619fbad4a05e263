"""The speaker: the newest sound alone, none that is late, and the bell where nothing plays.

Computers that run tests have no loudspeaker: what plays is miniaudio's device that gives the
samples to nobody, or a list.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from boxoffice.cli.app_context import AppContext
from boxoffice.domain.journal import Counts
from boxoffice.domain.sounds import Sound, waveform
from boxoffice.sandbox import Sandbox
from boxoffice.widgets import verdict
from boxoffice.widgets.scan_band import ScanBand
from boxoffice.widgets.speaker import LATEST, Device, Output, Speaker
from tests.app.stage import app_of, lane_of, open_app, scan
from tests.support import FakeClock, until


class Tape:
    """Notes what is played; holds up whoever plays while `is_free` is not set."""

    def __init__(self) -> None:
        self.played: list[bytes] = []
        self.is_free = threading.Event()
        self.is_free.set()
        self.fails = False

    def play(self, samples: bytes) -> None:
        if self.fails:
            raise OSError("unplugged")
        self.played.append(samples)
        self.is_free.wait()

    def stop(self) -> None:
        pass

    def close(self) -> None:
        pass


def nothing_there() -> Output:
    raise OSError("no device")


def no_extra() -> Output:
    raise ImportError("no module")


@contextmanager
def speaking(
    clock: FakeClock, open_output: Callable[[], Output], setting: str = "on"
) -> Iterator[tuple[Speaker, list[bool]]]:
    """A speaker, and how often the bell was rung."""
    rung: list[bool] = []
    speaker = Speaker(clock, lambda: rung.append(True), lambda: setting, open_output)
    speaker.open()
    try:
        yield speaker, rung
    finally:
        speaker.close()


async def test_a_newer_sound_takes_the_place_of_an_older(clock: FakeClock) -> None:
    tape = Tape()
    with speaking(clock, lambda: tape) as (speaker, rung):
        await until(lambda: speaker.is_open, "a device")
        tape.is_free.clear()
        speaker.play(Sound.IN)
        await until(lambda: len(tape.played) == 1, "the first")
        speaker.play(Sound.NEEDS_YOU)
        speaker.play(Sound.REFUSED)
        tape.is_free.set()
        expected = [waveform(Sound.IN, "on"), waveform(Sound.REFUSED, "on")]
        await until(lambda: tape.played == expected, "the last, and none between")
    assert not rung


async def test_what_is_late_is_not_played(clock: FakeClock) -> None:
    tape = Tape()
    with speaking(clock, lambda: tape, "quiet") as (speaker, rung):
        await until(lambda: speaker.is_open, "a device")
        tape.is_free.clear()
        speaker.play(Sound.IN)
        await until(lambda: len(tape.played) == 1, "the first")
        speaker.play(Sound.CONFLICT)
        await clock.advance(LATEST + 0.01)
        tape.is_free.set()
        await until(lambda: speaker.is_idle, "the late one dropped")
        speaker.play(Sound.REFUSED)
        expected = [waveform(Sound.IN, "quiet"), waveform(Sound.REFUSED, "quiet")]
        await until(lambda: tape.played == expected, "what is not late")
    assert not rung


@pytest.mark.parametrize("open_output", [nothing_there, no_extra])
async def test_without_a_device_the_bell_is_rung_for_what_needs_somebody(
    clock: FakeClock, open_output: Callable[[], Output]
) -> None:
    with speaking(clock, open_output) as (speaker, rung):
        for sound in Sound:
            speaker.play(sound)
        assert len(rung) == len(Sound) - 1, "once each, and not for who is in"
        assert not speaker.is_open


async def test_a_device_that_goes_is_followed_by_the_bell(clock: FakeClock) -> None:
    tape = Tape()
    tape.fails = True
    with speaking(clock, lambda: tape) as (speaker, rung):
        await until(lambda: speaker.is_open, "a device")
        speaker.play(Sound.REFUSED)
        await until(lambda: len(rung) == 1 and not speaker.is_open, "the bell for the same one")
        speaker.play(Sound.NEEDS_YOU)
        assert len(rung) == 2


def test_off_opens_nothing_and_rings_nothing(clock: FakeClock) -> None:
    opened: list[Output] = []

    def open_output() -> Output:
        opened.append(Tape())
        return opened[-1]

    with speaking(clock, open_output, "off") as (speaker, rung):
        speaker.play(Sound.CONFLICT)
    assert not rung
    assert not opened, "and no thread is there to open it later"
    assert speaker._thread is None


async def test_the_library_plays_one_after_another(clock: FakeClock) -> None:
    with speaking(clock, lambda: Device("NULL")) as (speaker, rung):
        await until(lambda: speaker.is_open, "miniaudio's device")
        for sound in Sound:
            speaker.play(sound)
            await until(lambda: speaker.is_idle, "it is playing")
        assert speaker.is_open
    assert not rung


# At the door


async def test_each_answer_is_heard_and_refusals_flash(
    context: AppContext, sandbox: Sandbox, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verdict, "FLASH", 3_600)  # long enough to be seen by this test
    tape, examples = Tape(), sandbox.examples()
    async with open_app(context) as pilot:
        app_of(pilot).animation_level = "full"
        door = app_of(pilot).door
        band = door.query_one(ScanBand)
        with speaking(clock, lambda: tape) as (speaker, _):
            await until(lambda: speaker.is_open, "a device")
            door.speaker, door.flashes = speaker, True

            async def heard(sound: Sound) -> None:
                expected = waveform(sound, "on")
                await until(lambda: tape.played[-1:] == [expected], sound)

            await scan(pilot, examples["refunded_ticket"].uuid)
            await heard(Sound.REFUSED)
            assert band.is_flashing
            await scan(pilot, examples["plain"].uuid)
            await heard(Sound.IN)
            assert not band.is_flashing
            await scan(pilot, str(examples["party"].number))
            await heard(Sound.NEEDS_YOU)
            assert not band.is_flashing
            status = lane_of(pilot).status
            door._look_for_conflicts(status._replace(counts=Counts(conflicts=1)))
            await heard(Sound.CONFLICT)
            assert band.is_flashing
            app_of(pilot).animation_level = "none"
            await scan(pilot, examples["already_in"].uuid)
            await heard(Sound.REFUSED)
            assert not band.is_flashing, "motion is reduced"
            door.speaker = None


async def test_a_flash_ends(context: AppContext) -> None:
    async with open_app(context) as pilot:
        app_of(pilot).animation_level = "full"
        band = app_of(pilot).door.query_one(ScanBand)
        band.flash()
        assert band.is_flashing
        await until(lambda: not band.is_flashing, "its end")
