"""The streams at the hub, one for each event: made when a door asks for it, and forgotten."""

import asyncio
import logging
from contextlib import suppress

from nats.js import JetStreamContext
from nats.js.api import StreamConfig
from nats.js.errors import APIError, NotFoundError

from boxoffice import ProblemError
from boxoffice.language import _
from boxoffice.venue import protocol
from boxoffice.venue.client import ANSWERS_WITHIN, CLIENT_ERRORS
from boxoffice.venue.engine import Engine
from boxoffice.venue.engine_config import stream_config
from boxoffice.venue.hub_folder import HubFolder

log = logging.getLogger(__name__)


class EventStreams:
    """Of one engine."""

    def __init__(self, engine: Engine, folder: HubFolder, replicas: int) -> None:
        """`replicas`: on how many computers each has to be."""
        self._engine = engine
        self._folder = folder
        self._replicas = replicas
        self._opened: set[str] = set()
        """Events whose streams are there."""
        self._changing = asyncio.Lock()

    def reset(self) -> None:
        """Look again what there is: the engine is another one."""
        self._opened.clear()

    async def open(self, event: str) -> None:
        """Have the event's stream, made or found. Raises what is in CLIENT_ERRORS."""
        async with self._changing, asyncio.timeout(ANSWERS_WITHIN):
            if event not in self._opened and await self._open(event) == self._replicas:
                self._opened.add(event)

    async def _open(self, event: str) -> int:
        """Make or find an event's stream; answers on how many computers it is."""
        js = self._engine.client.jetstream(timeout=ANSWERS_WITHIN)
        settings = self._folder.settings
        own = {protocol.HUB: settings.hub, protocol.EPOCH: str(settings.epoch)}
        name = protocol.stream(event)
        try:
            found = (await js.stream_info(name)).config
            if _update_config(found, own, protocol.stored_subjects(event)):
                await js.update_stream(found)
            replicas = found.num_replicas or 1
        except NotFoundError:
            found = stream_config(name, protocol.stored_subjects(event), metadata=own)
            replicas = await self._add(js, found)
            log.info("opened event %s", event)
        if replicas < self._replicas:  # one of the three was not there when it was made
            found.num_replicas = self._replicas
            with suppress(APIError):  # nor is it now
                replicas = (await js.update_stream(found)).config.num_replicas or replicas
        return replicas

    async def _add(self, js: JetStreamContext, config: StreamConfig) -> int:
        """Make a stream; answers on how many computers: on two where the third is away.

        Raises what is in CLIENT_ERRORS.
        """
        for replicas in range(self._replicas, 1, -1):
            config.num_replicas = replicas
            try:
                await js.add_stream(config)
            except APIError as error:
                log.warning("%s is not on %d computers: %s", config.name, replicas, error)
            else:
                return replicas
        config.num_replicas = 1
        await js.add_stream(config)
        return 1

    async def forget(self) -> None:
        """Drop what was claimed at events that `HubFolder.forget` names. Raises ProblemError."""
        if not (events := self._folder.settings.forgotten):
            return
        js = self._engine.client.jetstream(timeout=ANSWERS_WITHIN)
        try:
            async with self._changing, asyncio.timeout(ANSWERS_WITHIN):
                for event in events:
                    with suppress(NotFoundError):
                        await js.delete_stream(protocol.stream(event))
                    self._opened.discard(event)
        except CLIENT_ERRORS as error:
            raise ProblemError(
                _("The hub's engine does not answer: {error}.").format(error=error)
            ) from error
        log.info("forgot %d events", len(events))
        self._folder.change(
            lambda settings: {"forgotten": [e for e in settings.forgotten if e not in events]}
        )


def _update_config(found: StreamConfig, own: dict[str, str], subjects: list[str]) -> bool:
    """Whether it was made by an older boxoffice, or before a take-over; then change it.

    What it takes besides, which a newer one may have added, stays.
    """
    before, taken = found.metadata or {}, found.subjects or []
    found.metadata = before | own
    found.subjects = list(dict.fromkeys((*taken, *subjects)))
    return found.metadata != before or found.subjects != taken
