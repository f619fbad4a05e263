"""The body of an event's ticket list, kept encoded, since at 100,000 rows it is asked often."""

from boxoffice.sandbox.models import Event, Ticket
from boxoffice.sandbox.shapes import encode
from boxoffice.sandbox.shapes_orders import DocsShapes
from boxoffice.sandbox.state import State

_BLOCK = 1000


class TicketLists:
    """The ticket lists of all events. The newest ticket comes first, as in the document."""

    def __init__(self, state: State, shapes: DocsShapes) -> None:
        self._state = state
        self._shapes = shapes
        self._lists: dict[str, _TicketList] = {}

    def body(self, event: Event) -> bytes:
        """The list as it is now."""
        kept = self._lists.get(event.uuid)
        if kept is None:
            kept = self._lists[event.uuid] = _TicketList(event, self._shapes)
        return kept.body(self._state.touched[event.uuid])

    def bodies(self) -> dict[str, bytes]:
        """All lists by their paths below `/api/v3/`."""
        events = list(self._state.events.values())
        return {f"events/{event.uuid}/tickets/": self.body(event) for event in events}


class _TicketList:
    """One event's list: rows joined in blocks, of which only the changed ones are made anew."""

    def __init__(self, event: Event, shapes: DocsShapes) -> None:
        self._event = event
        self._shapes = shapes
        self._rows: list[bytes] = []
        self._places: dict[str, int] = {}
        self._blocks: list[bytes] = []
        self._body = b"[]"

    def body(self, touched: set[Ticket]) -> bytes:
        """The list with what is in `touched`, which is emptied, and what was sold since."""
        stale: set[int] = set()
        while touched:
            ticket = touched.pop()
            place = self._places.get(ticket.uuid)
            if place is not None:
                self._rows[place] = self._row(ticket)
                stale.add(place // _BLOCK)
        for place, ticket in enumerate(self._event.tickets[len(self._rows) :], len(self._rows)):
            self._rows.append(self._row(ticket))
            self._places[ticket.uuid] = place
            stale.add(place // _BLOCK)
        if not stale:
            return self._body
        for block in sorted(stale):
            rows = self._rows[block * _BLOCK : (block + 1) * _BLOCK]
            self._blocks[block : block + 1] = [b",".join(reversed(rows))]
        blocks = self._blocks[::-1]
        blocks[0] = b"[" + blocks[0]
        blocks[-1] += b"]"
        self._body = b",".join(blocks)  # the one copy of the whole
        return self._body

    def _row(self, ticket: Ticket) -> bytes:
        return encode(self._shapes.list_row(ticket)).encode()
