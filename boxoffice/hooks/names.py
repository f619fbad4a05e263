"""The addresses behind the name of a host, looked up where nothing waits for it.

The resolver cannot be called off. In the loop's own threads a slow one would hold up the end of
the program; a daemon's is left to itself.
"""

import asyncio
import socket
import threading
from contextlib import suppress
from ipaddress import ip_address

LOOK_UP = 10.0
"""Seconds that a look-up may take."""


async def look_up(host: str) -> list[str]:
    """The addresses of `host`, which may be one itself.

    Raises OSError, or UnicodeError for what is no name.
    """
    with suppress(ValueError):
        return [ip_address(host).compressed]
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[str]] = loop.create_future()

    def tell(found: list[str], error: OSError | UnicodeError | None) -> None:
        if answer.done():
            return
        if error is None:
            answer.set_result(found)
        else:
            answer.set_exception(error)

    def ask() -> None:
        found, failure = [], None
        try:
            found = [
                str(address[0])
                for *_, address in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
            ]
        except (OSError, UnicodeError) as error:
            failure = error
        with suppress(RuntimeError):  # the loop may be closed by now
            loop.call_soon_threadsafe(tell, found, failure)

    threading.Thread(target=ask, name="look-up", daemon=True).start()
    try:
        async with asyncio.timeout(LOOK_UP):
            return list(dict.fromkeys(await answer))
    except TimeoutError:
        raise TimeoutError(f"its name is not found within {LOOK_UP:.0f} seconds") from None
