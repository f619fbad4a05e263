"""The till of a lane, from its float to its count."""

from decimal import Decimal

from boxoffice.door.models import Event
from boxoffice.door.sale import Shift
from boxoffice.store import Journal, RosterStore, ShiftError

NO_CURRENCY = "The event's currency is not known yet: connect to the site once, then open the till."


class Shifts:
    """Opens and closes this lane's till."""

    def __init__(self, event: Event, *, journal: Journal, store: RosterStore) -> None:
        self._event = event
        self._journal = journal
        self._store = store

    async def current(self) -> Shift | None:
        """The open one, with the cash taken so far; None: the till is closed."""
        return await self._journal.till.shift()

    async def open(self, opening: Decimal) -> Shift:
        """Begin with so much in the till, in the event's currency.

        Raises ShiftError where a shift is open, or the currency is not known.
        """
        currency = await self._currency()
        if not currency:
            raise ShiftError(NO_CURRENCY)
        return await self._journal.till.open_shift(opening, currency)

    async def close(self, counted: Decimal) -> Shift:
        """End with so much in the till. Raises ShiftError where no shift is open."""
        return await self._journal.till.close_shift(counted)

    async def _currency(self) -> str:
        """It may have been learnt since the event was opened."""
        for event in await self._store.events():
            if event.uuid == self._event.uuid and event.currency:
                return event.currency
        return self._event.currency
