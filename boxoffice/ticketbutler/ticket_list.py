"""The list of an event's tickets as it is read again and again: what of it is new."""

from collections.abc import Collection, Iterable, Mapping, Set
from types import MappingProxyType
from typing import NamedTuple

from boxoffice.domain.models import Ticket

NO_TICKETS: Mapping[str, Ticket] = MappingProxyType({})


class RowHashes(NamedTuple):
    """The rows of a list, each known by the hash of its bytes."""

    first: bytes = b""
    """What all rows begin with; the hashes are of the rest."""
    uuids: Mapping[int, str] = MappingProxyType({})
    """Whose rows they are, by the hashes."""


NO_HASHES = RowHashes()


class TicketList(NamedTuple):
    """The tickets of an event, as one answer held them, or those of them that are new."""

    fingerprint: str
    """Names the exact bytes."""
    tickets: list[Ticket]
    """Those whose rows were not among the `KnownRows` that it was read by: else all."""
    unread: int
    """Rows that could not be read. With any, a ticket that is missing may still be there."""
    uuids: Collection[str]
    """Of all its tickets, each once."""
    hashes: RowHashes = NO_HASHES
    """Of the tickets' rows; none, where rows could not be told apart."""

    @property
    def rows(self) -> int:
        """How many there are, read or not."""
        return len(self.uuids) + self.unread

    def completed(self, before: Mapping[str, Ticket]) -> Mapping[str, Ticket]:
        """All its tickets by uuid; `before`: those of the list whose rows were known.

        Raises KeyError where that is another list.
        """
        new = {ticket.uuid: ticket for ticket in self.tickets}
        return {uuid: new.get(uuid) or before[uuid] for uuid in self.uuids}


class KnownRows:
    """The rows of a list that whoever reads it is in step with: the next time only others count.

    A row is known by Python's own hash of its bytes: 64 bits with a key of this process. That two
    rows of a night agree in it happens in one of a billion nights.
    """

    def __init__(self, tickets: Mapping[str, Ticket] = NO_TICKETS) -> None:
        """`tickets`: those that its reader has, by uuid; shared with it, who changes them."""
        self.tickets = tickets
        self.fingerprint = ""
        """Of the list, where its reader is in step with all of it."""
        self._hashes = NO_HASHES
        """Never changed in place: whoever reads a list has the same."""
        self._dropped: set[str] = set()
        self.drop = self._dropped.add
        """Reads a ticket's row in the next list, even if it is the same, unless the whole is."""
        self._is_void = False

    @property
    def dropped(self) -> Set[str]:
        """Tickets that were dropped since the list that is being read was begun."""
        return self._dropped

    def begin(self) -> RowHashes:
        """Of the rows that are known to the list that is being read from now on."""
        if self._dropped:
            first, known = self._hashes
            uuids = dict(known)
            for hashed in [hashed for hashed, uuid in known.items() if uuid in self._dropped]:
                del uuids[hashed]
            self._hashes = RowHashes(first, uuids)
            self._dropped.clear()
        self._is_void = False
        return self._hashes

    def renew(self, listed: TicketList, lacking: Iterable[str], *, is_whole: bool) -> None:
        """Be in step with `listed`, but for the tickets that `lacking` names.

        And for those that were dropped since it was begun; `is_whole`: there are none.
        """
        if self._is_void:
            return
        self._hashes = listed.hashes
        self.fingerprint = listed.fingerprint if is_whole else ""
        self._dropped.update(lacking)

    def drop_all(self) -> None:
        """Read the next list anew, all of it."""
        self._hashes, self.fingerprint, self._is_void = NO_HASHES, "", True
