"""The garbage collector, paused while much is made that will live long, and the memory after it.

It would walk the growing heap again and again, though rows and tickets can hold no cycle.
"""

import _thread
import gc
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

MANY = 5_000
"""Objects."""
FEW = 500
"""Things that are freed at once: as many orders of the desk take 10 ms."""
LARGE = 128 * 1024
"""Bytes; the GNU C library's own bound, until it has freed a larger block."""
AT_ONCE, BETWEEN = 0.0002, 0.001
"""Seconds for which things are freed in one go, and between two of these."""
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""As its `malloc.h` has them."""


class _PausedCollector:
    """Off while entered. Several may be inside at once, in any threads: the last one out ends it.

    A collector that was off before stays off.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._was_on = False
        self._is_frozen = False

    def freeze(self) -> None:
        """Collect nothing of what is there now, which stays."""
        self._is_frozen = True
        gc.freeze()

    def __enter__(self) -> None:
        with self._lock:
            if self._inside == 0:
                self._was_on = gc.isenabled()
                gc.disable()
            self._inside += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0 and self._was_on:
                # From the count is taken what was freed meanwhile, older things, too.
                if gc.get_count()[0] > MANY or len(gc.get_objects(0)) > MANY:
                    # What was made will live long. Made old like this it is not walked over at
                    # once, which would hold the interpreter for 30 ms. Garbage of that moment
                    # stays for good where much is frozen already: not for a few rows.
                    gc.freeze()
                    if not self._is_frozen:  # to count what is would take as long
                        gc.unfreeze()
                gc.enable()


collector_paused = _PausedCollector()
"""For whatever makes many objects."""


def paused_for(things: int) -> AbstractContextManager[None]:
    """Pause it where so many are handed around: it would walk over each copy of a long list."""
    return collector_paused if things > MANY else nullcontext()


_emptying = _thread.allocate_lock()


def free_in_steps(*containers: list[Any] | dict[Any, Any]) -> None:
    """Empty containers that nobody else holds, in a thread, a few elements at a time.

    A hundred thousand tickets that go at once hold the interpreter for as much as 0.1 s, whichever
    thread it is in which they do. Each thread that is busy makes the event loop wait for its turn:
    this one hardly is, and there is one of them at a time.
    """
    if sum(map(len, containers)) > FEW and not sys.is_finalizing():
        # Asked for also by what goes, within anything: a `Thread` takes locks to start.
        _thread.start_new_thread(_empty, containers)


def let_go_in_steps(*mappings: Mapping[Any, Any]) -> None:
    """As `free_in_steps`, for mappings that others may still read, and that nobody changes."""
    if sum(map(len, mappings)) > FEW and not sys.is_finalizing():
        _thread.start_new_thread(_let_go, ([*mappings],))


def _let_go(mappings: list[Mapping[Any, Any]]) -> None:
    values: list[Any] = []
    while mappings:
        for number, value in enumerate(mappings.pop().values(), 1):
            values.append(value)  # in one call it would hold the interpreter
            if number % FEW == 0:
                time.sleep(BETWEEN)
    _empty(values)


def _empty(*containers: list[Any] | dict[Any, Any]) -> None:
    with _emptying:
        for container in containers:
            take = container.popitem if isinstance(container, dict) else container.pop
            while container:
                until = time.perf_counter() + AT_ONCE
                while container and time.perf_counter() < until:
                    take()
                time.sleep(BETWEEN)


def return_freed_memory() -> None:
    """Have what is freed from now on go back to the system, also after large blocks were freed.

    The GNU C library would raise its bound to their size, and keep as much as a list is long.
    Elsewhere there is nothing to be done. Not for the event loop: loads a library.
    """
    if sys.platform != "linux":
        return
    import ctypes  # noqa: PLC0415 - not needed to start

    set_option = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none
    if set_option is not None:
        set_option(_TRIM_THRESHOLD, LARGE)
        set_option(_MMAP_THRESHOLD, LARGE)
