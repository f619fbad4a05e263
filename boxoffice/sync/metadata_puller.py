"""Keeps what this computer knows of an event beside its tickets in step with the server."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from boxoffice.domain.models import Event
from boxoffice.store import json_docs
from boxoffice.store.updates import EventMetadataStored
from boxoffice.sync.context import SyncContext, SyncPart
from boxoffice.ticketbutler import TicketbutlerError

log = logging.getLogger(__name__)

T = TypeVar("T")
Pulled = Awaitable[bool]

EVERY = 300.0
"""Seconds between two looks."""
AGAIN = 30.0
"""Seconds until the next look, where one failed."""


class MetadataPuller(SyncPart):
    """Reads the event itself, its ticket types, and what it asks."""

    def __init__(self, event: str, context: SyncContext) -> None:
        """`event`: its uuid."""
        super().__init__(context)
        self._event = event
        self._due_at = 0.0
        self._is_wanted = False

    @property
    def is_due(self) -> bool:
        return self._is_wanted or self._clock.monotonic() >= self._due_at

    def want(self) -> None:
        """Have it be due at once."""
        self._is_wanted = True

    async def pull(self) -> None:
        """Read all of it; what fails is due again sooner."""
        client, write, event = self._client, self._store.write, self._event

        def document(ask: Callable[[str], Awaitable[Any]], topic: json_docs.Topic[Any]) -> Pulled:
            return _pulled(lambda: ask(event), lambda it: write(json_docs.save, topic, event, it))

        def save_events(read: Sequence[Event]) -> Awaitable[None]:
            return write(json_docs.save_events, [one for one in read if one.uuid == event])

        self._is_wanted = False  # who wants it from here on wants it once more
        known = await self._store.read(json_docs.get_event, event)
        pulls = [
            document(client.ticket_types.list, json_docs.TICKET_TYPES),
            document(client.questions.list, json_docs.QUESTIONS),
            document(client.questions.list_for_buyers, json_docs.PURCHASE_QUESTIONS),
            _pulled(lambda: client.events.get(event), lambda read: save_events([read])),
        ]
        if known is None or not known.currency:
            pulls.append(_pulled(lambda: client.events.list(old=True), save_events))
        # Side by side, since each may take as long as the client waits, and the list comes after.
        pulled = await asyncio.gather(*pulls)
        self._due_at = self._clock.monotonic() + (EVERY if all(pulled) else AGAIN)
        if any(pulled):
            await self._updates.publish(EventMetadataStored(event))


async def _pulled(ask: Callable[[], Awaitable[T]], save: Callable[[T], Awaitable[object]]) -> bool:
    """Whether something could be read; then it is saved."""
    try:
        read = await ask()
    except TicketbutlerError as error:
        log.info("not read: %s", error)
        return False
    await save(read)
    return True
