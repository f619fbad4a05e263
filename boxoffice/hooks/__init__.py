"""Webhooks at this end: where they are received, and how the site is told of it.

Whatever comes may come from anybody: it is bounded in every way, and only a hint of what to read.
Here is the address alone, as people write it. `listener` brings a web server along, and is imported
only where webhooks are asked for.
"""

from ipaddress import ip_address

from boxoffice.domain import invitation
from boxoffice.domain.invitation import Address
from boxoffice.language import N_, _
from boxoffice.paths import reason_of

NOWHERE_ELSE = Address("127.0.0.1", 8801)
"""Where hooks are received, unless something else is set: from this computer alone."""
HOW = N_("write it like 127.0.0.1:8801")


def is_loopback(host: str) -> bool:
    """Whether only this computer reaches it."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def read_address(text: str) -> Address:
    """The address in `HOST:PORT`, or in a port alone: that is on this computer only.

    Port 0: any that is free. Raises ValueError, which says how it is written.
    """
    host, _colon, port = text.strip().rpartition(":")
    is_port = port.isascii() and port.isdigit() and int(port) < 65_536
    if not is_port or (":" in host and not host.startswith("[")):
        raise ValueError(_(HOW))
    try:
        return invitation.read_address(host or NOWHERE_ELSE.host)._replace(port=int(port))
    except ValueError:
        raise ValueError(_(HOW)) from None


class PortError(Exception):
    def __init__(self, address: Address, error: OSError | UnicodeError) -> None:
        if isinstance(error, OSError):
            reason = reason_of(error)
        else:
            reason = _("that is no name of a computer")
        self.sentence = _(
            "Webhooks cannot be received at {address}: {reason}. "
            "Give another address with --hooks HOST:PORT."
        ).format(address=address, reason=reason)
        super().__init__(self.sentence)


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
