"""Where webhooks are received, as people write it."""

import re
from ipaddress import ip_address
from typing import NamedTuple

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
    host, _, port = text.strip().rpartition(":")
    if host.startswith("[") and host.endswith("]"):
        host = _v6(host[1:-1])
    elif host and not _HOST.fullmatch(host):
        raise ValueError(_HOW)
    if not (port.isascii() and port.isdigit() and int(port) < 65_536):
        raise ValueError(_HOW)
    return Address(host or LOOPBACK, int(port))


def read_public(text: str) -> str:
    """The address by which a site reaches this computer, without a slash at its end.

    Raises ValueError, which says how it is written.
    """
    given = text.strip().rstrip("/")
    name = given.removeprefix("https://").removeprefix("http://")
    plain = given.isascii() and given.isprintable() and not set(given) & set(' ?#@"<>\\')
    if name == given or not name or name.startswith("/") or not plain or len(given) > 800:
        raise ValueError("write it like https://door.example.com")
    return given


_HOW = "write it like 127.0.0.1:8801"


def _v6(host: str) -> str:
    try:
        return ip_address(host).compressed
    except ValueError:
        raise ValueError(_HOW) from None
