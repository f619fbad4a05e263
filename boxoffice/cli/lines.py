"""Lines of an input that is read while other work goes on."""

import asyncio
import logging
import os
import threading
from collections.abc import AsyncIterator, Iterator
from typing import IO

log = logging.getLogger(__name__)

LONGEST = 20_000
"""Bytes of a line; what stands behind them is dropped. No code is a tenth as long."""
AHEAD = 256
"""Lines read before they are asked for."""


async def lines(stream: IO[str] | None) -> AsyncIterator[str]:
    """The lines of `stream` that are not empty, without their ends, as they come in.

    Reads the descriptor itself, in a thread that may be left behind: one that waits for a terminal
    cannot be called back, and one that waits inside `sys.stdin` would keep Python from ending.
    """
    if stream is None:  # it was closed before the start
        return
    descriptor = stream.fileno()
    loop = asyncio.get_running_loop()
    arrived: asyncio.Queue[str | None] = asyncio.Queue()
    room = threading.Semaphore(AHEAD)

    def hand_over(line: str | None) -> bool:
        try:
            loop.call_soon_threadsafe(arrived.put_nowait, line)
        except RuntimeError:  # the loop has ended: nobody reads on
            return False
        return True

    def read() -> None:
        for line in _read(descriptor):
            room.acquire()
            if not hand_over(line):
                return
        hand_over(None)

    threading.Thread(target=read, name="lines", daemon=True).start()
    while (line := await arrived.get()) is not None:
        room.release()
        yield line


def _read(descriptor: int) -> Iterator[str]:
    held = b""
    while data := _chunk(descriptor):
        whole = (held + data).replace(b"\r", b"\n").split(b"\n")
        held = whole.pop()[:LONGEST]
        yield from _texts(whole)
    yield from _texts([held])


def _chunk(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65_536)
    except OSError as error:  # the terminal has gone: that is the end of the input
        log.info("input ended: %s", error)
        return b""


def _texts(found: list[bytes]) -> Iterator[str]:
    for line in found:
        text = line[:LONGEST].decode("utf-8", "replace").removeprefix("\ufeff").strip()
        if text:
            yield text
