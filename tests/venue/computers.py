"""Computers that are a hub, its spares, or doors of it, each with a data folder of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from boxoffice.domain.invitation import Address
from boxoffice.venue import membership
from boxoffice.venue.connection import Connection
from boxoffice.venue.hub import Hub
from boxoffice.venue.hub_copy import receive_copies
from boxoffice.venue.membership import Membership
from boxoffice.venue.spares import read_copy
from tests.venue.engines import free_port


class Computer:
    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = free_port()
        """Where it would be the hub."""
        data.mkdir()

    async def join(self, hub: Hub, *, own: bool = False) -> None:
        membership.save(await hub.admit(self.data.name, own=own), self.data)

    @property
    def membership(self) -> Membership:
        found = membership.load(self.data)
        assert found is not None
        return found

    @property
    def copied(self) -> list[str]:
        """Names of the doors that it has a copy of."""
        copy = read_copy(self.data)
        return [] if copy is None else [door.name for door in copy.settings.doors.values()]

    @asynccontextmanager
    async def connected(
        self, port: int, own: Membership | None = None
    ) -> AsyncIterator[Connection]:
        """To the hub at that port, as a door that may be a spare; `own`: as another door."""
        own = own or self.membership
        connection = await Connection.open(Address("127.0.0.1", port), own)
        try:
            would_be = replace(own, addresses=(Address("127.0.0.1", self.port),))
            await receive_copies(connection, would_be, self.data)
            yield connection
        finally:
            await connection.close()
