"""Ends a command in order when the system tells it to, or when its terminal is closed."""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

from boxoffice.problem import ProblemError

Result = TypeVar("Result")

LEAVE = 15.0
"""Seconds that all has to close in order, once a signal has come."""


async def unless_told_to_end(work: Coroutine[Any, Any, Result]) -> Result:
    """What `work` comes to; SIGTERM and SIGHUP cancel it, as Ctrl-C does.

    Signals that come once it is over do nothing: what is open is being closed then.

    Raises:
        ProblemError: a signal came. The exit status is 128 and its number.

    """
    task = asyncio.ensure_future(work)
    told: list[signal.Signals] = []

    def end(by: signal.Signals) -> None:
        if not told and not task.cancelling() and task.cancel():
            told.append(by)
            # What was shown is on disk: what hangs while it closes, as on a terminal that is gone,
            # shall not stay behind and keep the data folder's locks.
            late = threading.Timer(LEAVE, os._exit, (128 + by,))
            late.daemon = True
            late.start()

    if sys.platform != "win32":
        for each in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(each) is not signal.SIG_IGN:  # as nohup has it
                asyncio.get_running_loop().add_signal_handler(each, end, each)
    try:
        result = await task
    except asyncio.CancelledError:
        if not told:
            raise
    else:
        if not told:
            return result
    sentence = f"boxoffice was told to end ({told[0].name})."  # also the app, which ends in order
    raise ProblemError(sentence, status=128 + told[0])
