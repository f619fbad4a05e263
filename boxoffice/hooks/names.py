"""The addresses behind the name of a host, looked up where nothing waits for it.

The resolver cannot be called off. In the loop's own threads a slow one would hold up the end of
the program; a daemon's is left to itself.
"""

import asyncio
import socket
import threading
from concurrent.futures import Future
from contextlib import suppress
from ipaddress import ip_address
from typing import Any

LOOK_UP = 10.0
"""Seconds that a look-up may take."""


async def look_up(host: str) -> list[str]:
    """The addresses of `host`, which may be one itself.

    Raises OSError, or UnicodeError for what is no name.
    """
    with suppress(ValueError):
        return [ip_address(host).compressed]
    answer: Future[list[tuple[Any, ...]]] = Future()
    answer.set_running_or_notify_cancel()  # it is left alone, never called off

    def ask() -> None:
        try:
            answer.set_result(socket.getaddrinfo(host, None, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            answer.set_exception(error)

    threading.Thread(target=ask, name="look-up", daemon=True).start()
    try:
        async with asyncio.timeout(LOOK_UP):
            found = await asyncio.wrap_future(answer)
    except TimeoutError:
        raise TimeoutError(f"its name is not found within {LOOK_UP:.0f} seconds") from None
    return list(dict.fromkeys(str(address[0]) for *_, address in found))
