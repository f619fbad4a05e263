"""What makes a computer the hub, on its disk: `<data folder>/hub`, of mode 0700.

hub.json             the venue's name, the hub's id, epoch, port, and whom it has paired
cert.pem  key.pem    the certificate that doors have pinned
store/  engine.*     the engine's: see `boxoffice.venue.engine`

Of a door's password a hash is kept.
"""

import logging
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

from filelock import FileLock, Timeout
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from boxoffice import ProblemError
from boxoffice.domain.invitation import Address, read_address
from boxoffice.language import N_, _
from boxoffice.paths import (
    HUB,
    NOT_READ,
    NOT_REMOVED,
    explained,
    prepare,
    reason_of,
    take_lock,
    write_whole,
)
from boxoffice.venue import protocol
from boxoffice.venue.engine_config import (
    DAMAGED,
    hash_password,
    is_password,
    make_certificate,
    read_pem,
)
from boxoffice.venue.membership import Membership

log = logging.getLogger(__name__)

FILE = "hub.json"
LOCK = "hub.lock"
"""Taken while it serves."""
RANKS = 3
"""Computers that can be the hub: the first one, and two spares."""
WAITS = 5.0
"""Seconds for another process that is changing the settings."""


Written = Annotated[str, AfterValidator(lambda text: str(read_address(text)))]
"""An address."""


class PairedDoor(BaseModel):
    model_config = ConfigDict(frozen=True)

    name: str
    """Its lane's, at that time."""
    password_hash: str
    rank: int | None = None
    """Below `RANKS`, of a computer that can be the hub; no two have the same."""
    addresses: list[Written] = []
    """Where it would be the hub."""


class HubSettings(BaseModel):
    """`hub.json`."""

    model_config = ConfigDict(frozen=True)

    hub: str
    """Its own id: 16 hex digits. A spare that takes over goes on with it."""
    name: str
    """The venue's."""
    epoch: int
    """Divided by `RANKS` it leaves the rank of the computer that began it: of two that take over
    without knowing of each other, one has the higher epoch."""
    rank: int = 1
    """This computer's."""
    port: int = Field(ge=1, le=65_535)
    others: list[Written] = []
    """Addresses of the other two, where three computers are the hub."""
    removed: list[str] = []
    """Users of doors that were paired once: no other of three computers brings them back."""
    doors: dict[str, PairedDoor]
    """By their users."""
    forgotten: list[str] = []
    """Events whose claims the running hub has still to drop."""


class HubFolder:
    """The files of one hub. Another process may change them too: `boxoffice hub remove`."""

    def __init__(self, path: Path) -> None:
        """Raises ProblemError."""
        self.path = path
        self.settings = self.read()

    @classmethod
    def open(cls, data: Path, *, name: str, port: int) -> "HubFolder":
        """The data folder's, made at the first time with that name and port.

        Raises ProblemError.
        """
        path = prepare(data / HUB)
        file = path / FILE
        if not file.exists():
            certificate, key = make_certificate()
            write_whole(path / "key.pem", key)
            write_whole(path / "cert.pem", certificate)
            hub = secrets.token_hex(8)
            settings = HubSettings(hub=hub, name=name, epoch=1, port=port, doors={})
            write_whole(file, settings.model_dump_json(indent=1).encode())
        return cls(path)

    @property
    def spares(self) -> dict[str, PairedDoor]:
        """By their users."""
        own = self.settings.rank
        doors = self.settings.doors.items()
        return {user: door for user, door in doors if door.rank is not None and door.rank != own}

    @property
    def certificate(self) -> str:
        """As PEM. Raises ProblemError."""
        return read_pem(self.path / "cert.pem")

    @property
    def key(self) -> str:
        """The certificate's, as PEM. Raises ProblemError."""
        return read_pem(self.path / "key.pem")

    @property
    def hashes(self) -> dict[str, str]:
        """Of the doors' passwords, by their users."""
        return {user: door.password_hash for user, door in self.settings.doors.items()}

    def read(self) -> HubSettings:
        """Have the settings that are on disk now. Raises ProblemError."""
        file = self.path / FILE
        try:
            with explained(NOT_READ, file):
                self.settings = HubSettings.model_validate_json(file.read_bytes())
        except ValidationError as error:
            problem = _(DAMAGED).format(path=file, folder=self.path)
            raise ProblemError(problem) from error
        return self.settings

    def change(self, change: Callable[[HubSettings], dict[str, object]]) -> None:
        """Save other values for some of the settings. Raises ProblemError; all is as before then.

        One process at a time: none loses what another has just changed.
        """
        file = self.path / FILE
        try:
            with FileLock(f"{file}.lock", timeout=WAITS, mode=0o600):
                settings = self.read()
                settings = settings.model_copy(update=change(settings))
                write_whole(file, settings.model_dump_json(indent=1).encode())
        except (Timeout, OSError) as error:
            raise ProblemError(
                _("{path} cannot be changed: {error}.").format(path=file, error=error)
            ) from error
        self.settings = settings

    def add_door(
        self, name: str, before: Membership | None = None, *, own: bool = False
    ) -> tuple[str, str]:
        """A new user and its password. Raises ProblemError.

        The first ones are spares; `before`: what the computer was here; `own`: this computer's.
        """
        user, password = f"d{secrets.token_hex(6)}", secrets.token_urlsafe(16)
        password_hash = hash_password(password)

        def add(settings: HubSettings) -> dict[str, object]:
            own_rank, doors = settings.rank, dict(settings.doors)
            taken = {own_rank} | {door.rank for door in settings.doors.values()}
            ranks = ((own_rank + n) % RANKS for n in range(RANKS))
            rank = own_rank if own else next((free for free in ranks if free not in taken), None)
            if before is not None and _is_door(before, settings):
                known = doors[before.user]
                doors[before.user] = known.model_copy(update={"rank": None})
                rank = rank if known.rank is None else known.rank
            doors[user] = PairedDoor(name=name, password_hash=password_hash, rank=rank)
            return {"doors": doors}

        self.change(add)
        return user, password

    @property
    def others(self) -> list[Address]:
        """Where doors reach the other two, where three computers are the hub."""
        return list(map(read_address, self.settings.others))

    def put_store_aside(self) -> None:
        """Begin with no claims, and keep those that there are. Raises ProblemError."""
        put_aside(self.path / "store")

    def merge(self, content: bytes) -> tuple[bool, bool]:
        """Take up the doors that another of three computers has paired or removed.

        Answers whether there were any, and whether it does not know all of ours. Raises
        ProblemError.
        """
        try:
            other = HubSettings.model_validate_json(content)
        except ValidationError as error:
            log.warning("what came as another's settings are none: %s", error)
            return False, False
        before = self.read()
        if other.hub != before.hub:
            return False, False

        def merged(own: HubSettings) -> dict[str, object]:
            removed = sorted({*own.removed, *other.removed})
            doors = sorted((other.doors | own.doors).items())
            left = {user: door for user, door in doors if user not in removed}
            return {"doors": left, "removed": removed}

        is_changed = not _same_doors(before.model_copy(update=merged(before)), before)
        if is_changed:
            self.change(merged)
        return is_changed, not _same_doors(self.settings, other)

    def set_addresses(self, user: str, addresses: list[str]) -> None:
        """Where a spare would be the hub; of another door it is of no use. Raises ProblemError."""
        known = self.settings.doors.get(user)
        if known is None or known.rank is None or known.addresses == addresses:
            return

        def add(settings: HubSettings) -> dict[str, object]:
            door = settings.doors.get(user)
            if door is None:  # another process has just removed it
                return {}
            changed = door.model_copy(update={"addresses": addresses})
            return {"doors": {**settings.doors, user: changed}}

        self.change(add)

    def remove_doors(self, *, name: str = "", user: str = "") -> None:
        """Remove the doors of that name, or that user. Raises ProblemError."""
        paired = self.read().doors.items()
        gone = [key for key, door in paired if key == user or door.name == name]
        if not gone:
            raise ProblemError(
                _("No door called {door} was paired with this hub.").format(door=name or user)
            )
        self.change(
            lambda settings: {
                "doors": {key: door for key, door in settings.doors.items() if key not in gone},
                "removed": sorted({*settings.removed, *gone}),
            }
        )

    def forget(self, event: str) -> None:
        """Drop what was claimed at an event; the hub does so itself where it is running.

        Raises ProblemError.
        """
        lock = take_lock(self.path / LOCK)
        if lock is None:
            self.change(lambda settings: {"forgotten": [*settings.forgotten, event]})
            return
        streams = f"store*/jetstream/*/streams/{protocol.stream(event)}"
        try:
            for path in (self.path, *self.path.parent.glob(f"{self.path.name}.*")):  # put aside
                for stream in path.glob(streams):
                    shutil.rmtree(stream)
        except OSError as error:
            problem = _(NOT_REMOVED).format(file=error.filename, reason=reason_of(error))
            raise ProblemError(problem) from error
        finally:
            lock.release()


def _same_doors(one: HubSettings, other: HubSettings) -> bool:
    """Whether both know, and have removed, the same ones."""
    return one.doors.keys() == other.doors.keys() and one.removed == other.removed


def _is_door(membership: Membership, settings: HubSettings) -> bool:
    """Whether it is that of a door here, by its password."""
    door = settings.doors.get(membership.user)
    password = membership.password.get_secret_value()
    return door is not None and is_password(password, door.password_hash)


def put_aside(path: Path) -> None:
    """Give it another name, where it is there. Raises ProblemError."""
    with explained(N_("{file} cannot be renamed: {reason}."), path):
        if path.exists():
            path.rename(path.with_name(f"{path.name}.{secrets.token_hex(4)}"))
