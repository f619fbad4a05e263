"""Webhooks at this end: where they are received, and how the site is told of it.

Whatever comes may come from anybody: it is bounded in every way, and only a hint of what to read.
Here is the address alone, as people write it. `listener` brings a web server along, and is imported
only where webhooks are asked for.
"""

import asyncio
import os
import re
import socket
from contextlib import suppress
from ipaddress import ip_address
from typing import NamedTuple

from boxoffice.clock import in_detached_thread
from boxoffice.language import N_, _

LOOK_UP = 10.0
"""Seconds that the look-up of a name may take."""
LOOPBACK = "127.0.0.1"
PORT = 8801
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")


class Address(NamedTuple):
    """A host without brackets, and a port; 0: any that is free."""

    host: str = LOOPBACK
    port: int = PORT

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        """Whether only this computer reaches it."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host.lower() == "localhost"


def read_address(text: str) -> Address:
    """The address in `HOST:PORT`, or in a port alone: that is on this computer only.

    Raises ValueError, which says how it is written.
    """
    host, _colon, port = text.strip().rpartition(":")
    if host.startswith("[") and host.endswith("]"):
        host = _v6(host[1:-1])
    elif host and not _HOST.fullmatch(host):
        raise ValueError(_(_HOW))
    if not (port.isascii() and port.isdigit() and int(port) < 65_536):
        raise ValueError(_(_HOW))
    return Address(host or LOOPBACK, int(port))


class PortError(Exception):
    def __init__(self, address: Address, error: OSError | UnicodeError) -> None:
        number = error.errno if isinstance(error, OSError) else None
        plain = os.strerror(number) if number and number > 0 else _words_of(error)
        self.sentence = _(
            "Webhooks cannot be received at {address}: {reason}. "
            "Give another address with --hooks HOST:PORT."
        ).format(address=address, reason=plain)
        super().__init__(self.sentence)


def _words_of(error: OSError | UnicodeError) -> str:
    if isinstance(error, OSError):
        return error.strerror or str(error)
    return _("that is no name of a computer")


async def look_up(host: str) -> list[str]:
    """The addresses of `host`, which may be one itself.

    In the loop's own threads a slow resolver would hold up the end of the program. Raises OSError,
    or UnicodeError for what is no name.
    """
    with suppress(ValueError):
        return [ip_address(host).compressed]
    try:
        async with asyncio.timeout(LOOK_UP):
            found = await in_detached_thread(
                lambda: socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
            )
    except TimeoutError:
        raise TimeoutError(
            _("its name is not found within {seconds} seconds").format(seconds=round(LOOK_UP))
        ) from None
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def read_public(text: str) -> str:
    """The address by which a site reaches this computer, without a slash at its end.

    Raises ValueError, which says how it is written.
    """
    given = text.strip().rstrip("/")
    name = given.removeprefix("https://").removeprefix("http://")
    plain = given.isascii() and given.isprintable() and not set(given) & set(' ?#@"<>\\')
    if name == given or not name or name.startswith("/") or not plain or len(given) > 800:
        raise ValueError(_("write it like https://door.example.com"))
    return given


_HOW = N_("write it like 127.0.0.1:8801")


def _v6(host: str) -> str:
    try:
        return ip_address(host).compressed
    except ValueError:
        raise ValueError(_(_HOW)) from None
