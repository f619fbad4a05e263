"""The keyboard of a Windows console as Textual reads it, going on where that gives up.

The console hands a character beyond U+FFFF over in two halves. Where only one has come, as the
other is still to be typed, Textual's thread ends on it, and no key is read any more.
"""

import logging
from typing import Any

log = logging.getLogger(__name__)

PAUSE = 0.05
"""Seconds until it is tried anew; a console that is gone fails each time."""


def restarting(monitor: Any) -> Any:
    """The class `monitor`, which is `textual.drivers.win32.EventMonitor`, reading until its end.

    Its `run` returns on what it cannot read, with `exit_event` not set. The keys that came along
    with that are lost, and no others.
    """

    class RestartingMonitor(monitor):  # type: ignore[misc]  # it is there on Windows alone
        def run(self) -> None:
            super().run()
            while not self.exit_event.wait(PAUSE):
                log.warning("the keyboard was not read: reading it anew")
                super().run()

    return RestartingMonitor
