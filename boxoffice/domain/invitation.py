"""What a person carries from the hub's screen to another computer: address, code, or both as a QR.

The text of the QR holds digits and capitals only, so that a ticket scanner types it the same
through any keyboard layout:

    BOXOFFICEHUB <host, 8 or 32 hex digits> <port, 5 digits> <code, 8 digits>     without spaces
"""

import ipaddress
import re
from typing import NamedTuple

from boxoffice.language import N_, _

PORT = 4715
"""Of a hub, where nothing says otherwise."""
DIGITS = 8
"""Of a code."""
HOW = N_("write HOST:PORT, such as 192.168.1.20:4715")

_MARK = "BOXOFFICEHUB"
_QR = re.compile(rf"{_MARK}([0-9A-F]{{8}}|[0-9A-F]{{32}})([0-9]{{5}})([0-9]{{{DIGITS}}})").fullmatch
_CODE = re.compile(rf"[0-9]{{{DIGITS}}}").fullmatch
_ADDRESS = re.compile(r"(?:\[([^\]]+)\]|([0-9A-Za-z_.-]{1,253}))(?::([0-9]{1,5}))?").fullmatch


class Address(NamedTuple):
    host: str
    port: int = PORT

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class Invitation(NamedTuple):
    """A hub's address and the code that it shows."""

    address: Address
    code: str
    """Its digits alone."""

    @property
    def qr(self) -> str:
        """What the QR holds. Raises ValueError where the host is a name."""
        packed = ipaddress.ip_address(self.address.host).packed
        return f"{_MARK}{packed.hex().upper()}{self.address.port:05}{self.code}"


class Hosting(NamedTuple):
    name: str
    """The venue's."""
    invitation: Invitation | None = None
    """For the next computer; None: it is starting."""


def read_invitation(scanned: str) -> Invitation | None:
    """What the text of a hub's QR says; None: it is another text. Case does not count."""
    found = _QR(scanned.strip().upper())
    if found is None or int(found[2]) > 65_535:
        return None
    host = ipaddress.ip_address(bytes.fromhex(found[1]))
    return Invitation(Address(host.compressed, int(found[2])), found[3])


def format_code(code: str) -> str:
    """`4711-0815`."""
    return f"{code[:4]}-{code[4:]}"


def read_code(typed: str) -> str | None:
    """The digits of a code, with or without a dash or spaces in it; None: it is no code."""
    digits = re.sub(r"[\s–-]", "", typed)
    return digits if _CODE(digits) else None


def read_address(text: str) -> Address:
    """`HOST:PORT`, `[IPV6]:PORT`, or a host alone. Raises ValueError, which says how."""
    bare = text.strip()
    is_v6 = bare.count(":") > 1 and not bare.startswith("[")
    found = _ADDRESS(f"[{bare}]" if is_v6 else bare)
    if found is None:
        raise ValueError(_(HOW))
    v6, host, port = found.groups(default="")
    try:
        host = ipaddress.IPv6Address(v6).compressed if v6 else host
    except ValueError as error:
        raise ValueError(_(HOW)) from error
    number = int(port or PORT)
    if not 0 < number < 65_536:
        raise ValueError(_(HOW))
    return Address(host, number)
