"""What makes a computer a member of its venue: one file in the data folder, of mode 0600.

<data folder>/venue.json      where there is none, nothing of the venue is loaded
<data folder>/hub-copy.json   of a spare: see `boxoffice.venue.spares`
<data folder>/hub/            of the computer that is the hub: see `boxoffice.venue.hub`

It is the whole folder's, whatever the site, and the same bytes are what pairing hands over.
"""

import json
import os
import ssl
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from boxoffice import ProblemError
from boxoffice.domain.invitation import Address, read_address
from boxoffice.domain.secret_text import SecretStr
from boxoffice.domain.text import clean
from boxoffice.language import _
from boxoffice.log import hide
from boxoffice.paths import MEMBERSHIP, NOT_READ, NOT_REMOVED, explained, write_whole

COPY = "hub-copy.json"
NAME_LIMIT = 40
"""Characters of a venue's name."""
MOST_ADDRESSES = 8
LONGEST = 16_384
"""Bytes of a membership."""


@dataclass(frozen=True, slots=True)
class Membership:
    """How a door reaches its venue's hub, and proves that it may."""

    venue: str
    """Its name, for people."""
    hub: str
    """The hub's own id: 16 hex digits. A spare that takes over goes on with it."""
    epoch: int
    """The highest that was seen; a hub that says less is an older one, and ignored."""
    addresses: tuple[Address, ...]
    """Where it was reached, the last one first."""
    user: str
    password: SecretStr
    certificate: str
    """The hub's, as PEM: no other is trusted."""

    def to_json(self) -> bytes:
        """With the password in it: for the file, and for what pairing seals."""
        return json.dumps(
            {
                "venue": self.venue,
                "hub": self.hub,
                "epoch": self.epoch,
                "addresses": [str(address) for address in self.addresses],
                "user": self.user,
                "password": self.password.get_secret_value(),
                "certificate": self.certificate,
            },
            indent=1,
        ).encode()

    def reached_at(self, address: Address) -> "Membership":
        """The same, with the address tried first from now on."""
        others = (other for other in self.addresses if other != address)
        return replace(self, addresses=(address, *others)[:MOST_ADDRESSES])

    def at_hub(self, hub: str, epoch: int, addresses: Iterable[Address]) -> "Membership":
        """Of the same venue with the hub of now, which is or would be at these addresses too."""
        known = dict.fromkeys((*self.addresses[:1], *addresses, *self.addresses))
        return replace(self, hub=hub, epoch=epoch, addresses=tuple(known)[:MOST_ADDRESSES])


def read_membership(content: bytes) -> Membership:
    """What `to_json` wrote. Raises ValueError for anything else."""
    if len(content) > LONGEST:
        raise ValueError("it is too long")
    try:
        fields: dict[str, Any] = json.loads(content)
        certificate, password = str(fields["certificate"]), SecretStr(str(fields["password"]))
        ssl.PEM_cert_to_DER_cert(certificate)
        hub, user, epoch = str(fields["hub"]), str(fields["user"]), fields["epoch"]
        if not (hub.isalnum() and user.isalnum() and type(epoch) is int and epoch >= 0):
            raise ValueError("not of a hub")
        membership = Membership(
            clean(fields["venue"], NAME_LIMIT),
            hub,
            epoch,
            tuple(map(read_address, fields["addresses"][:MOST_ADDRESSES])),
            user,
            password,
            certificate,
        )
    except (TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError("it is no membership") from error
    hide(password)
    return membership


class DamagedError(ProblemError):
    """What is in the file is no membership; the sentence says so."""


def load(data: Path) -> Membership | None:
    """The data folder's membership; None: it never joined.

    Raises ProblemError; DamagedError where it can be read and is none.
    """
    file = data / MEMBERSHIP
    try:
        with explained(NOT_READ, file), suppress(FileNotFoundError):
            if os.name == "posix":
                file.chmod(0o600)  # in case it was copied here from elsewhere
            return read_membership(file.read_bytes())
    except ValueError as error:
        raise DamagedError(
            _("{path} is damaged: run boxoffice leave, then join again.").format(path=file)
        ) from error
    return None


def set_aside(data: Path) -> Path:
    """Give the membership another name, so that this computer never joined; which. Raises OSError.

    One that was set aside before is replaced.
    """
    file = data / MEMBERSHIP
    return file.replace(file.with_name(f"{file.name}.damaged"))


def save(membership: Membership, data: Path) -> None:
    """Make it the data folder's. Raises ProblemError."""
    write_whole(data / MEMBERSHIP, membership.to_json())


def update(membership: Membership, data: Path) -> None:
    """Save what has changed of the data folder's, unless that has left meanwhile, or joined anew.

    Raises ProblemError.
    """
    own = load(data)
    if own is not None and own.user == membership.user:
        save(membership, data)


def leave(data: Path) -> bool:
    """Remove the membership, damaged or not; False: there was none. Raises ProblemError.

    What this computer was sent as a spare is removed with it.
    """
    file = data / MEMBERSHIP
    with explained(NOT_REMOVED, file), suppress(FileNotFoundError):
        (data / COPY).unlink(missing_ok=True)
        file.unlink()
        return True
    return False
