"""What a door knows of its hub: which one it is, and where it answers.

Its certificate proves that a computer has, or had, the hub's files; the epoch, which of several
that have them is the hub of now.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence

from boxoffice import ProblemError
from boxoffice.domain.invitation import Address
from boxoffice.language import N_, _
from boxoffice.venue import HubAwayError, protocol
from boxoffice.venue.client import read_info
from boxoffice.venue.connection import Connection, HubRefusedError
from boxoffice.venue.membership import Membership
from boxoffice.venue.record import Record

log = logging.getLogger(__name__)

HEAD_START = 0.25
"""Seconds that one address has before the next one is tried too."""
FIND_EVERY = 10.0
"""Seconds between two searches for its address, as long as it is away."""

OLDER = N_("{venue} answers, but as an older hub: ignored.")
TWO = N_("Two computers are the hub of {venue}: stop one, and take over on the other.")
NEWER = N_("{venue} has a newer boxoffice: update this computer's.")

Find = Callable[[], Awaitable[Sequence[Address]]]
"""Looks for the hub's addresses on the network."""
Remember = Callable[[Membership], None]
"""Stores a membership that has changed: another epoch, or another address. Raises ProblemError."""


class KnownHub:
    """To be used on the venue's loop."""

    def __init__(
        self, membership: Membership, remember: Remember | None = None, find: Find | None = None
    ) -> None:
        self.membership = membership
        """As it is now."""
        self._remember = remember
        self._find = find
        self._finding: asyncio.Task[None] | None = None
        self._found: Sequence[Address] = ()
        self._address: Address | None = None
        """Where the connection of now goes."""
        self._avoided: dict[Address, HubAwayError] = {}
        """Where one answers that is not to be used, until all others were tried."""

    async def connect(self) -> Connection:
        """Over the first address that answers. Raises HubAwayError.

        Each is tried a moment after the one before: one that is silent holds up no other.
        """
        self._address = None
        addresses = dict.fromkeys((*self.membership.addresses, *self._found))
        untried = [address for address in addresses if address not in self._avoided]
        trying: dict[asyncio.Task[Connection], Address] = {}
        refused: HubAwayError | None = None
        try:
            while untried or trying:
                if untried:
                    address = untried.pop(0)
                    trying[asyncio.create_task(Connection.open(address, self.membership))] = address
                done, _ = await asyncio.wait(
                    trying,
                    timeout=HEAD_START if untried else None,
                    return_when=asyncio.FIRST_COMPLETED,
                )
                for task in done:
                    try:
                        connection = task.result()
                    except HubRefusedError as error:
                        refused = refused or error
                    except HubAwayError as error:
                        log.debug("%s", error)
                    else:
                        self._address = trying.pop(task)
                        return connection
                    del trying[task]
        finally:
            await _give_up(trying)
        refused = next(iter(self._avoided.values()), refused)
        self._avoided.clear()
        self._look()
        raise refused or HubAwayError("it answers at none of its addresses")

    def avoid(self, error: HubAwayError) -> bool:
        """Try every other address before the one of the connection that was given up for it.

        False: there was none.
        """
        if self._address is None:
            return False
        self._avoided[self._address] = error
        return True

    async def check_is_latest(self) -> None:
        """Look whether a later hub is at another address, while one of them is connected.

        Raises HubRefusedError; then that one is tried before any other.
        """
        own = self.membership
        for address in own.addresses:
            if address == self._address:
                continue
            info = await read_info(address, own.certificate)
            if info is not None and info.epoch > own.epoch:
                log.warning("another computer is the hub since, at %s", address)
                error = HubRefusedError(_(OLDER).format(venue=own.venue))
                self._avoided = {other: error for other in own.addresses if other != address}
                raise error

    def check(self, record: Record) -> None:
        """Take up which hub it is. Raises HubRefusedError where it must not be used."""
        known = self.membership
        if record.version > protocol.VERSION:
            raise HubRefusedError(_(NEWER).format(venue=known.venue))
        if record.epoch < known.epoch:
            raise HubRefusedError(_(OLDER).format(venue=known.venue))
        if record.epoch == known.epoch and record.hub != known.hub:
            raise HubRefusedError(_(TWO).format(venue=known.venue))
        if self._address is not None:
            known = known.reached_at(self._address)
        self._avoided.clear()
        self._replace(known.at_hub(record.hub, record.epoch, record.addresses))

    def _look(self) -> None:
        """Have its address looked for, while those that are known are tried on."""

        async def find(find: Find) -> None:
            try:
                self._found = await find()
            except Exception:
                log.exception("the hub's address cannot be looked for")
            await asyncio.sleep(FIND_EVERY)

        if self._find is not None and (self._finding is None or self._finding.done()):
            self._finding = asyncio.create_task(find(self._find))

    def _replace(self, membership: Membership) -> None:
        if membership == self.membership:
            return
        self.membership = membership
        if self._remember is not None:
            try:
                self._remember(membership)
            except ProblemError as problem:
                log.warning("where the hub is will not be known at the next start: %s", problem)


async def _give_up(trying: Iterable[asyncio.Task[Connection]]) -> None:
    """Close what they have connected, or just will have."""
    for task in trying:
        task.cancel()
    for end in await asyncio.gather(*trying, return_exceptions=True):
        if isinstance(end, Connection):
            await end.close()
