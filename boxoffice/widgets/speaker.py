"""The loudspeaker: one sound at a time and none that is late, and the terminal's bell without one.

Needs the extra `boxoffice[sound]`. Nothing that plays is ever waited for: a thread of its own opens
the device and writes to it.
"""

import logging
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import closing
from io import BytesIO
from typing import NamedTuple, Protocol

from boxoffice.clock import Clock
from boxoffice.domain.sounds import LOUDNESS, RATE, Sound, seconds_of, waveform

log = logging.getLogger(__name__)

LATEST = 0.3
"""Seconds after its answer in which a sound may begin; later it would be taken for the next one."""
BUFFER = 40
"""Milliseconds that the device is ahead by."""
TAIL = 0.15
"""Seconds that the device goes on for, once it was given the end of a sound."""
END = 0.5
"""Seconds that the end of the app waits for the device."""


class Output(Protocol):
    """What plays. Errors are `OSError`."""

    def play(self, samples: bytes) -> None:
        """Play this from now on, in place of what is playing."""

    def stop(self) -> None:
        """Play nothing more."""

    def close(self) -> None:
        """Give the device back."""


class _Request(NamedTuple):
    sound: Sound
    setting: str
    at: float
    """Of the clock that is given."""


class Speaker:
    """Plays the newest sound that was asked for.

    Until the device is open, and where there is none, the terminal's bell is rung instead: it has
    one tone for everything, and so is silent for what asks nothing of anybody.
    """

    def __init__(
        self,
        clock: Clock,
        bell: Callable[[], None],
        setting: Callable[[], str],
        open_output: "Callable[[], Output] | None" = None,
    ) -> None:
        """`bell`: rings it, from any thread. `setting`: a key of `LOUDNESS`, else it is silent.

        `open_output` raises OSError or ImportError where there is nothing that plays.
        """
        self._clock, self._bell, self._setting = clock, bell, setting
        self._open_output = open_output or Device
        self._next: _Request | None = None
        self.is_open = self._is_closing = False
        self.is_idle = True
        """Whatever was asked for is playing, or was dropped."""
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def open(self) -> None:
        """Have the device opened, unless it is or nothing is to be heard."""
        if self._thread is None and (setting := self._setting()) in LOUDNESS:
            self._thread = threading.Thread(
                target=self._run, args=(setting,), name="speaker", daemon=True
            )
            self._thread.start()

    def play(self, sound: Sound) -> None:
        """Have it played at once, in place of any other."""
        setting = self._setting()
        if setting not in LOUDNESS:
            return
        self.open()
        with self._changed:
            if self.is_open:
                self._next = _Request(sound, setting, self._clock.monotonic())
                self.is_idle = False
                self._changed.notify_all()
                return
        self._ring(sound)

    def close(self) -> None:
        """To be called: a device that plays while the interpreter ends would hang it for ever."""
        with self._changed:
            self._is_closing = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(END)

    def _ring(self, sound: Sound) -> None:
        if sound is not Sound.IN:
            self._bell()

    def _run(self, setting: str) -> None:
        try:
            output = self._open_output()
        except (ImportError, OSError) as error:
            log.info("The terminal's bell is rung, as nothing plays sounds: %s", error)
            return
        with closing(output):
            for sound in Sound:  # beforehand: each takes some milliseconds
                waveform(sound, setting)
            self.is_open = True
            try:
                self._play_loop(output)
            except OSError as error:
                log.warning("The loudspeaker is gone: %s", error)
            self.is_open = False

    def _play_loop(self, output: Output) -> None:
        rest: float | None = None
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._next or self._is_closing, rest)
                request, self._next = self._next, None
                if self._is_closing:
                    return
            if request is None:
                output.stop()
                rest = None
            elif self._clock.monotonic() - request.at <= LATEST:
                try:
                    output.play(waveform(request.sound, request.setting))
                except OSError:
                    self._ring(request.sound)
                    raise
                rest = seconds_of(request.sound) + TAIL
            with self._changed:
                self.is_idle = self._next is None


BACKENDS = {"win32": ("WASAPI", "DSOUND"), "darwin": ("COREAUDIO",)}


class Device:
    """The system's own: WASAPI, Core Audio, or PulseAudio and what speaks as it does (PipeWire).

    Not ALSA: it writes to the terminal what it does not find.
    """

    def __init__(self, *backends: str) -> None:
        """`backends`: names of `miniaudio.Backend`; none: those of this system.

        Raises ImportError without the extra, OSError where no device can be opened.
        """
        import miniaudio  # noqa: PLC0415  # an extra, and not needed to start

        names = backends or BACKENDS.get(sys.platform, ("PULSEAUDIO",))
        self._sound = BytesIO()
        self._error = miniaudio.MiniaudioError
        try:
            self._device = miniaudio.PlaybackDevice(
                miniaudio.SampleFormat.SIGNED16,
                nchannels=1,
                sample_rate=RATE,
                buffersize_msec=BUFFER,
                backends=[miniaudio.Backend[name] for name in names],
                app_name="boxoffice",
            )
        except self._error as error:
            raise OSError(str(error)) from error

    def play(self, samples: bytes) -> None:
        self._sound = BytesIO(samples)
        if self._device.running:  # it takes up the new one: to stop and start takes long
            return
        feed = self._feed()
        next(feed)
        try:
            self._device.start(feed)
        except self._error as error:
            raise OSError(str(error)) from error

    def stop(self) -> None:
        try:
            self._device.stop()
        except self._error as error:
            raise OSError(str(error)) from error

    def close(self) -> None:
        self._device.close()

    def _feed(self) -> Generator[bytes, int, None]:
        """Give so many frames as are asked for, and none where there are no more: silence."""
        frames = yield b""
        while True:
            frames = yield self._sound.read(2 * frames)
