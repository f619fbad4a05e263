"""The body of an event's ticket list, kept encoded, since at 100,000 rows it is asked often."""

from boxoffice.sandbox.models import Event
from boxoffice.sandbox.shapes import encode
from boxoffice.sandbox.shapes_orders import DocsShapes
from boxoffice.sandbox.state import State


class TicketLists:
    """The ticket lists of all events. The newest ticket comes first, as in the document."""

    def __init__(self, state: State, shapes: DocsShapes) -> None:
        self._state = state
        self._shapes = shapes
        self._rows: dict[str, dict[str, bytes]] = {}
        """By event and ticket; the oldest first."""
        self._bodies: dict[str, bytes] = {}

    def body(self, event: Event) -> bytes:
        """The list as it is now; only the rows that changed are made anew."""
        rows = self._rows.setdefault(event.uuid, {})
        new = event.tickets[len(rows) :]
        touched = self._state.touched[event.uuid]
        if not new and not touched and event.uuid in self._bodies:
            return self._bodies[event.uuid]
        for ticket in new:
            rows[ticket.uuid] = encode(self._shapes.list_row(ticket)).encode()
        while touched:
            ticket = touched.pop()
            rows[ticket.uuid] = encode(self._shapes.list_row(ticket)).encode()
        body = self._bodies[event.uuid] = b"[%s]" % b",".join(reversed(rows.values()))
        return body

    def bodies(self) -> dict[str, bytes]:
        """All lists by their paths below `/api/v3/`."""
        events = list(self._state.events.values())
        return {f"events/{event.uuid}/tickets/": self.body(event) for event in events}
