"""Spares: computers that can be the hub in its place, since they have all its files but the claims.

The hub sends a `HubCopy` to each of them whenever it has changed: see `boxoffice.venue.hub_copy`.
No computer is the hub by itself: a person says so, at a spare. Claims need no copy: every door has
its own, and claims them anew.
"""

import json
import logging
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from boxoffice import ProblemError
from boxoffice.domain.invitation import Address, read_address
from boxoffice.language import N_, _
from boxoffice.paths import HUB, NOT_READ, NOT_REMOVED, explained, prepare, write_whole
from boxoffice.venue import membership
from boxoffice.venue.client import read_info
from boxoffice.venue.hub_folder import FILE, RANKS, HubFolder, HubSettings, put_aside

log = logging.getLogger(__name__)

NO_FILES = N_(
    "This computer has no files of the hub and cannot take over: run boxoffice hub, and have each "
    "door join anew. No admission is lost by that."
)


class HubCopy(BaseModel):
    """All that another computer needs to go on as the hub."""

    model_config = ConfigDict(frozen=True)

    settings: HubSettings
    certificate: str
    """As PEM, as the key is."""
    key: str


def make_copy(folder: HubFolder) -> bytes:
    """What a spare is sent."""
    copy = HubCopy(settings=folder.settings, certificate=folder.certificate, key=folder.key)
    return copy.model_dump_json().encode()


def read_copy(data: Path) -> HubCopy | None:
    """The data folder's; None: it is no spare's. Raises ProblemError."""
    file = data / membership.COPY
    try:
        with explained(NOT_READ, file), suppress(FileNotFoundError):
            return HubCopy.model_validate_json(file.read_bytes())
    except ValidationError as error:
        raise ProblemError(
            _("{path} is damaged: remove it, and reach the hub once more.").format(path=file)
        ) from error
    return None


def take_over(data: Path) -> HubFolder:
    """Have this computer be the hub alone, in an epoch higher than any before, which no other has.

    From its copy of the hub's files, or those of the hub that it was once; what is claimed in them
    is put aside. Raises ProblemError.
    """
    folder, own = adopt_copy(data), membership.load(data)
    if folder is None:
        raise ProblemError(_(NO_FILES))
    settings = folder.settings
    known = own.epoch if own is not None and own.hub == settings.hub else 0
    epoch = 1 + max(settings.epoch, known)
    epoch += (settings.rank - epoch) % RANKS
    folder.put_store_aside()
    folder.change(lambda _: {"epoch": epoch, "others": []})
    return folder


def adopt_copy(data: Path) -> HubFolder | None:
    """The hub's files in this data folder, from the copy that it was sent as a spare if it was.

    None: there are none. Those of another hub are put aside. Raises ProblemError.
    """
    path, copy, own = data / HUB, read_copy(data), membership.load(data)
    before = HubFolder(path) if (path / FILE).exists() else None
    if copy is None or own is None or own.hub != copy.settings.hub:
        return before
    settings, port = copy.settings, copy.settings.port
    rank = settings.doors[own.user].rank if own.user in settings.doors else None
    if rank is None:
        return before
    if before is not None and before.settings.hub == settings.hub:
        if before.settings.epoch > settings.epoch:
            return before
        port = before.settings.port
    settings = settings.model_copy(update={"rank": rank, "port": port})
    put_aside(path)
    prepare(path)
    write_whole(path / "key.pem", copy.key.encode())
    write_whole(path / "cert.pem", copy.certificate.encode())
    write_whole(path / FILE, settings.model_dump_json(indent=1).encode())
    with explained(NOT_REMOVED, file := data / membership.COPY):
        file.unlink()
    return HubFolder(path)


def take_request(folder: HubFolder, user: str, body: bytes) -> None:
    """A door says where it would be the hub. Raises ProblemError."""
    try:
        fields = json.loads(body)
        addresses = [str(read_address(text)) for text in fields["addresses"]]
        folder.set_addresses(user, addresses[: membership.MOST_ADDRESSES])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        log.info("passed over who asks for a copy: %s", error)


def spare_addresses(folder: HubFolder) -> list[Address]:
    """Where a spare would be the hub."""
    return [read_address(text) for door in folder.spares.values() for text in door.addresses]


def engine_name(settings: HubSettings) -> str:
    """What the hub's engine tells anybody it is called, by which a later hub is known.

    `EngineInfo.epoch` reads it.
    """
    return f"{settings.hub}-{settings.epoch}-{settings.rank}"


async def check_is_latest(folder: HubFolder, data: Path) -> None:
    """Raises ProblemError where a spare has taken over; this computer is a door of it then."""
    settings = folder.settings
    for address in spare_addresses(folder):
        info = await read_info(address, folder.certificate)
        epoch = info.epoch if info else 0
        if epoch > settings.epoch:
            own = membership.load(data)
            if own is not None and own.hub == settings.hub:
                membership.save(replace(own, epoch=epoch).reached_at(address), data)
            raise ProblemError(
                _(
                    "Another computer has taken over as the hub of {name}, at {address}: "
                    "this one is a door of it now. To be the hub again, run boxoffice hub "
                    "take-over."
                ).format(name=settings.name, address=address)
            )
