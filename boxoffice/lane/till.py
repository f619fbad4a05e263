"""The till of a lane: a drawer of cash from its float to its count."""

from decimal import Decimal

from boxoffice.domain.sale import Shift
from boxoffice.lane.deps import EventCache
from boxoffice.store import Journal, ShiftError, takings

NO_CURRENCY = "The event's currency is not known yet: connect to the site once, then open the till."


class Till:
    """Opens and closes this lane's till."""

    def __init__(self, journal: Journal, event_cache: EventCache) -> None:
        self._journal = journal
        self._event_cache = event_cache

    async def current(self) -> Shift | None:
        """The open one, with the cash taken so far; None: the till is closed."""
        return await self._journal.read(takings.current_shift, self._journal.lane)

    async def open(self, opening: Decimal) -> Shift:
        """Begin with so much in the till, in the event's currency.

        Raises ShiftError where it is open already, or the currency is not known.
        """
        currency = (await self._event_cache.latest()).currency
        if not currency:
            raise ShiftError(NO_CURRENCY)
        return await self._journal.write(takings.open_shift, opening, currency)

    async def close(self, counted: Decimal) -> Shift:
        """End with so much in the till. Raises ShiftError where it is not open."""
        return await self._journal.write(takings.close_shift, counted)
