"""What an event is, sells and asks: small answers that change seldom."""

import asyncio
import logging
from collections.abc import Awaitable
from typing import TypeVar

from boxoffice.domain.models import Event
from boxoffice.store import RosterStore, json_docs
from boxoffice.ticketbutler import Ticketbutler, TicketbutlerError

log = logging.getLogger(__name__)

T = TypeVar("T")


async def pull_event_metadata(
    event: str, client: Ticketbutler, store: RosterStore
) -> tuple[int, int]:
    """Read the event, its ticket types, and what it asks of attendees and of buyers; store them.

    Answers how many of these were read and how many were not: one that fails leaves the others.
    Raises StoreError.
    """
    unknown = not any(
        known.currency for known in await store.read(json_docs.get_events) if known.uuid == event
    )
    # Side by side, since each may take as long as the client waits, and the list comes after them.
    types, questions, purchase_questions, itself, listed = await asyncio.gather(
        _or_none(client.ticket_types(event)),
        _or_none(client.ticket_type_questions(event)),
        _or_none(client.purchase_questions(event)),
        _or_none(client.event(event)),
        # Only the list of events tells the currency.
        _or_none(client.events(old=True)) if unknown else _nothing(),
    )
    if types is not None:
        await store.write(json_docs.save, json_docs.TICKET_TYPES, event, types)
    if questions is not None:
        await store.write(json_docs.save, json_docs.QUESTIONS, event, questions)
    if purchase_questions is not None:
        await store.write(json_docs.save, json_docs.PURCHASE_QUESTIONS, event, purchase_questions)
    if listed is not None:
        await store.write(json_docs.save_events, [known for known in listed if known.uuid == event])
    if itself is not None:
        await store.write(json_docs.save_events, [itself])
    asked = [types, questions, purchase_questions, itself, *([listed] if unknown else [])]
    failed = asked.count(None)
    return len(asked) - failed, failed


async def _nothing() -> list[Event]:
    return []


async def _or_none(asked: Awaitable[T]) -> T | None:
    try:
        return await asked
    except TicketbutlerError as error:
        log.info("not read: %s", error)
        return None
