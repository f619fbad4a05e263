"""What the hub stores of an event, in the order of its numbers.

Pulled, and not pushed: no more than two batches are ever under way, however far behind a door is
and however long its lane takes over one.
"""

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable
from typing import NamedTuple, Self

from nats.aio.msg import Msg
from nats.errors import NotJSMessageError
from nats.js.api import Header

from boxoffice.venue import HubAwayError
from boxoffice.venue.connection import Connection
from boxoffice.venue.record import Record, Stored

BATCH = 250
"""Messages at a time: what a lane stores without being felt."""
HEARTBEAT, SILENT = 1.0, 3.5
"""Seconds between two signs of life of an idle feed, and without one until it is given up."""
TOGETHER = 0.03
"""Seconds for which what comes waits for more: a lane takes up a rush in one go, and what it has
claimed itself once it has shown that."""
EXPIRES = 30.0
"""Seconds that the hub holds a request for more."""
IDLE, EXPIRED = "100", "408"
"""Statuses of the engine."""


class Batch(NamedTuple):
    messages: list[Stored]
    left: int
    """How many there are after these."""


class Feed:
    """Reads the messages of an event, a batch at a time. To be made by `open`."""

    def __init__(self, connection: Connection, inbox: str, more: str, left: int) -> None:
        """`more`: subject that asks for more; `left`: how many messages there are."""
        self.left = left
        self._connection = connection
        self._inbox = inbox
        self._more = more
        self._position = 0
        self._wanted = 0
        """Of those that were asked for, how many have not come."""
        self._arrived: list[Msg] = []
        self._bell = asyncio.Event()
        self._end: Callable[[], Awaitable[None]] | None = None

    @classmethod
    async def open(cls, record: Record, subjects: list[str], after: int) -> Self:
        """A feed of the messages after that number. Raises HubAwayError."""
        connection, name = record.connection, secrets.token_hex(8)
        wanted = {
            "stream_name": record.stream,
            "action": "create",
            "config": {
                "name": name,
                "filter_subjects": subjects,
                "deliver_policy": "by_start_sequence",
                "opt_start_seq": after + 1,
                "ack_policy": "none",
                "mem_storage": True,
                "num_replicas": 1,
                "inactive_threshold": _nanoseconds(EXPIRES),
            },
        }
        answer = await connection.ask(
            f"$JS.API.CONSUMER.CREATE.{record.stream}.{name}", json.dumps(wanted).encode()
        )
        if "error" in answer or not isinstance(answer.get("num_pending"), int):
            raise HubAwayError(f"{record.stream}: no feed: {answer.get('error')}")
        more = f"$JS.API.CONSUMER.MSG.NEXT.{record.stream}.{name}"
        feed = cls(connection, connection.new_inbox(), more, answer["num_pending"])
        feed._end = await connection.listen(feed._inbox, feed._take_in)
        return feed

    async def read(self) -> Batch:
        """The next messages, as soon as there is one. Raises HubAwayError."""
        while True:
            if not self._wanted:
                await self._ask_for_more()
            await self._connection.within(SILENT, self._bell.wait())
            self._bell.clear()
            arrived, self._arrived = self._arrived, []
            messages = [stored for message in arrived if (stored := self._read(message))]
            if messages:
                if not self._wanted:  # they come while these are taken up
                    await self._ask_for_more()
                return Batch(messages, self.left)

    async def close(self) -> None:
        """Raises HubAwayError."""
        if self._end is not None:
            await self._end()

    def _take_in(self, message: Msg) -> None:
        self._arrived.append(message)
        if len(self._arrived) >= self._wanted:
            self._bell.set()
        elif len(self._arrived) == 1:
            asyncio.get_running_loop().call_later(TOGETHER, self._bell.set)

    async def _ask_for_more(self) -> None:
        self._wanted = BATCH
        request = {
            "batch": BATCH,
            "expires": _nanoseconds(EXPIRES),
            "idle_heartbeat": _nanoseconds(HEARTBEAT),
        }
        await self._connection.publish(self._more, json.dumps(request).encode(), self._inbox)

    def _read(self, message: Msg) -> Stored | None:
        """What is stored, as a message brings it; None: the engine's own. Raises HubAwayError."""
        status = (message.headers or {}).get(Header.STATUS)
        if status == EXPIRED:
            self._wanted = 0
        elif status not in (None, IDLE):
            raise HubAwayError(f"{self._more}: status {status}")
        if status is not None:
            return None
        try:
            place = message.metadata
        except NotJSMessageError as error:
            raise HubAwayError(f"{message.subject}: not stored") from error
        self._position += 1
        if place.sequence.consumer != self._position:
            raise HubAwayError(f"{self._more}: message {self._position} did not come")
        self._wanted -= 1
        self.left = place.num_pending
        return Stored(message.subject, message.data, place.sequence.stream)


def _nanoseconds(seconds: float) -> int:
    return int(seconds * 1e9)
