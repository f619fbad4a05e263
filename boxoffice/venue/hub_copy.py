"""What a spare has of its hub: `hub-copy.json` in its data folder, of mode 0600.

Every door says where it would be the hub. The hub sends its first two what they need for that, and
whenever that has changed; only who takes over reads it, in `boxoffice.venue.spares`.
"""

import json
import logging
from contextlib import suppress
from pathlib import Path

from nats.aio.msg import Msg

from boxoffice import ProblemError
from boxoffice.domain.invitation import Address
from boxoffice.language import _
from boxoffice.paths import write_whole
from boxoffice.venue import HubAwayError, membership, protocol
from boxoffice.venue.connection import Connection
from boxoffice.venue.local_network import own_hosts
from boxoffice.venue.membership import COPY, Membership

log = logging.getLogger(__name__)


async def receive_copies(connection: Connection, own: Membership, data: Path | None) -> None:
    """Have what the hub sends to this computer, should it be a spare. Raises HubAwayError.

    `data`: its data folder; None: it is to be none.
    """
    if data is None:
        return

    def save(message: Msg) -> None:
        try:
            save_copy(data, message.data)
        except (OSError, ProblemError) as error:  # a full disk keeps no door from the hub
            log.warning("this computer could not be the hub: %s", error)

    await connection.listen(protocol.copy_subject(own.user), save)
    port = own.addresses[0].port  # it would be the hub at the same one
    addresses = [Address(host, port) for host in own_hosts()]
    subject = protocol.copy_request_subject(own.user)
    with suppress(HubAwayError):  # it is sent when the hub is back
        await connection.ask(subject, protocol.copy_request(addresses))


async def fetch_copy(own: Membership, data: Path) -> None:
    """Be sent once what a spare needs, where this computer is one. Raises HubAwayError."""
    connection = await Connection.open(own.addresses[0], own)
    try:
        await receive_copies(connection, own, data)
    finally:
        await connection.close()


def save_copy(data: Path, content: bytes) -> None:
    """Have the data folder keep what its hub has sent. Raises ProblemError.

    Of another venue, or older than what is known, it is passed over.
    """
    try:
        settings = json.loads(content)["settings"]
        hub, epoch = str(settings["hub"]), int(settings["epoch"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ProblemError(_("What the hub has sent for a spare cannot be read.")) from error
    own, file = membership.load(data), data / COPY
    if own is None or own.hub != hub or own.epoch > epoch:
        log.info("passed over a copy of hub %s", hub)
    elif not file.exists() or file.read_bytes() != content:
        write_whole(file, content)
