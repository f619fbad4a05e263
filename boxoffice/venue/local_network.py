"""Where a program on this computer can be reached: its addresses and ports."""

import socket
import sys
from contextlib import suppress

import ifaddr

from boxoffice.domain.invitation import PORT


def own_hosts() -> list[str]:
    """IPv4 addresses of this computer, that of the default route first; else 127.0.0.1 alone.

    Nothing is sent.
    """
    hosts = [
        str(ip.ip)
        for adapter in ifaddr.get_adapters()
        for ip in adapter.ips
        if ip.is_IPv4 and not str(ip.ip).startswith(("127.", "169.254."))
    ]
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # of no network: what is asked is the way there
        default = probe.getsockname()[0]
        hosts = [default, *(host for host in hosts if host != default)]
    return hosts or ["127.0.0.1"]


def first_port(port: int | None) -> int:
    """The one that is given, or the usual one, or where that is taken another one that is free."""
    if port is not None or is_free(PORT):
        return port or PORT
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("0.0.0.0", 0))  # noqa: S104 - as the engine will
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Whether a program may listen there, on all interfaces."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if sys.platform != "win32":  # what the last one's connections leave behind is no matter
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))  # noqa: S104 - as the engine will
            probe.listen(1)
        except OSError:
            return False
    return True
