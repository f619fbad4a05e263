"""The record of one event at one hub: what it has stored of it, and what a door may add.

A ticket's rounds follow each other without a gap: a round is claimed only by who has read the one
before it, or claims the first. So a ticket's last message is its highest round.

The answer to a claim can be lost, and the claim itself can arrive later. It carries no mark of the
request: the stored claim says whose it is, and asking once more is safe as long as that is there.
"""

import asyncio
import base64
import binascii
import json
import logging
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any, NamedTuple, Self

from boxoffice.domain.invitation import read_address
from boxoffice.domain.venue import FIRST, Claim, Outcome, Taken
from boxoffice.venue import HubAwayError, protocol
from boxoffice.venue.connection import (
    Connection,
    HubRefusedError,
    NoStoreError,
    TroubleError,
)

log = logging.getLogger(__name__)

USED = frozenset({10077, 10071, 10164})
"""The engine's errors where a subject has its message."""
NOT_FOUND = 404
NO_TICKET = "0" * 32
"""In place of a uuid, to ask for."""
LOOK = 0.01
"""Seconds until the hub is asked again for what it must have, and does not find yet."""


class Stored(NamedTuple):
    subject: str
    body: bytes
    number: int


class Author(NamedTuple):
    """Whose claims are made here."""

    device: str
    lane: str


class Record:
    """One event's record, as it was when it was opened; to be made by `open`."""

    def __init__(
        self, connection: Connection, event: str, answer: dict[str, Any], stream: dict[str, Any]
    ) -> None:
        """`answer`: the hub's answer, which may be empty; `stream`: the engine's, about its stream.

        Raises HubAwayError where these are no such answers.
        """
        self.connection = connection
        self.event = event
        self.stream = protocol.stream(event)
        try:
            metadata = stream["config"]["metadata"] | answer
            self.hub = str(metadata[protocol.HUB])
            self.epoch = int(metadata[protocol.EPOCH])
            self.version = int(metadata.get("version", protocol.VERSION))
            self.addresses = [read_address(str(at)) for at in answer.get(protocol.ADDRESSES, ())]
            """Where the hub says that it is, and a spare would be."""
            self.time = datetime.fromisoformat(stream["ts"])
            """The hub's."""
            self.id = f"{self.hub} {stream['created']}"
            """Another one where the hub has lost what it had stored."""
        except (KeyError, TypeError, ValueError) as error:
            raise HubAwayError(f"{self.stream} is no stream of a hub") from error

    @classmethod
    async def open(cls, connection: Connection, event: str) -> Self:
        """Have the hub make it where there is none yet. Raises HubAwayError, as `open_at_hub` does.

        The engine has it also while the hub's own program does not answer. One of three computers
        whose others are gone still tells of it, and reads and stores nothing.
        """
        answer = await open_at_hub(connection, event)
        stream = await connection.ask(f"$JS.API.STREAM.INFO.{protocol.stream(event)}")
        record = cls(connection, event, answer, stream)
        await record.look()
        return record

    async def look(self) -> None:
        """Have something read that is not there. Raises HubAwayError where nothing is."""
        await self.last(protocol.claim_subject(self.event, NO_TICKET, "*"))

    # Any message

    async def last(self, subject: str) -> Stored | None:
        """The last one of a subject, which may hold `*`. Raises HubAwayError."""
        wanted = json.dumps({"last_by_subj": subject}).encode()
        answer = await self.connection.ask(f"$JS.API.STREAM.MSG.GET.{self.stream}", wanted)
        try:
            if "error" in answer:
                if answer["error"]["code"] == NOT_FOUND:
                    return None
                raise HubAwayError(f"{subject}: {answer['error']['description']}")
            found = answer["message"]
            body = base64.b64decode(found.get("data", ""))
            return Stored(str(found["subject"]), body, int(found["seq"]))
        except (KeyError, TypeError, ValueError, binascii.Error) as error:
            raise HubAwayError(f"{subject}: the answer cannot be read") from error

    async def add(self, subject: str, body: bytes) -> int | None:
        """Its number; None where the subject has its one message. Raises HubAwayError.

        Where that is raised it may be stored all the same, also later.
        """
        answer = await self.connection.ask(subject, body)
        try:
            if "error" not in answer:
                return int(answer["seq"])
            if answer["error"]["err_code"] in USED:
                return None
            raise HubAwayError(f"{subject}: {answer['error']['description']}")
        except (KeyError, TypeError, ValueError) as error:
            raise HubAwayError(f"{subject}: the answer cannot be read") from error

    # Claims

    async def take(self, ticket: str, round_: int, author: Author, at: datetime) -> Taken:
        """See `boxoffice.venue.Venue.take`. Raises HubAwayError where the outcome is unknown."""
        last = await self._last_claim(ticket) if round_ != FIRST else None
        while last is None or not last.is_in:
            round_ = FIRST if last is None else last.round + 1
            if (claim := await self._claim(ticket, round_, author, at)) is not None:
                return Taken(Outcome.WON, claim)
            last = await self._last_claim(ticket, round_)
        return Taken(Outcome.WON if last.device == author.device else Outcome.LOST, last)

    async def release(self, ticket: str, round_: int, author: Author, at: datetime) -> Taken:
        """See `boxoffice.venue.Venue.release`. Raises HubAwayError where the outcome is unknown.

        A claim whose answer was lost may still be on its way here: a round that is not there yet is
        claimed first, or it would arrive after this, and what comes next would have its number.
        `at`: when it was undone; what this device has claimed since, in another round, stays.
        """
        last = await self._last_claim(ticket)
        while True:
            if last is None:
                wanted = FIRST
            elif last.is_in and last.device != author.device:
                return Taken(Outcome.LOST if last.round <= round_ else Outcome.WON, last)
            elif last.round > round_ and not last.is_in:
                return Taken(Outcome.WON, last)
            elif last.round != round_ and last.is_in and last.at > at:
                return Taken(Outcome.WON, last)  # somebody was let in since
            else:
                wanted = last.round + 1  # by whatever round: that of a lost answer is not known
            last = await self._claim(ticket, wanted, author, at)
            if last is None:
                last = await self._last_claim(ticket, wanted)

    async def put_out(self, claim: Claim) -> bool:
        """Store that a ticket is out, as the site says, whoever has it in. Raises HubAwayError.

        True also where it went out already. False: the hub does not have it in by that round.
        """
        last = await self._last_claim(claim.ticket)
        if last is None or last.round < claim.round - 1:
            return False
        if last.round == claim.round - 1:
            await self.add(protocol.subject(claim), protocol.body(claim))
        return True

    async def _claim(self, ticket: str, round_: int, author: Author, at: datetime) -> Claim | None:
        """Ours; None where the round is used. Raises HubAwayError."""
        claim = Claim(self.event, ticket, round_, *author, at)
        number = await self.add(protocol.subject(claim), protocol.body(claim))
        return None if number is None else claim._replace(number=number)

    async def _last_claim(self, ticket: str, least: int = FIRST - 1) -> Claim | None:
        """The ticket's highest round. Raises HubAwayError.

        `least`: a round that is known to be used. A hub of several computers may not find it at
        once, and is asked again until the deadline of whoever asks.
        """
        while True:
            found = await self.last(protocol.claim_subject(self.event, ticket, "*"))
            claim = None
            if found is not None:
                claim = _read_claim(found) or await self._last_readable(ticket)
            if least < FIRST or (claim is not None and claim.round >= least):
                return claim
            await asyncio.sleep(LOOK)

    async def _last_readable(self, ticket: str) -> Claim | None:
        """The same by what can be read, where the last is not; in a round after all that is stored.

        So there may be a gap of one after what cannot be read. Raises HubAwayError.
        """
        claim, used, round_ = None, FIRST - 1, FIRST
        while round_ <= used + 2:
            found = await self.last(protocol.claim_subject(self.event, ticket, round_))
            if found is not None:
                claim, used = _read_claim(found) or claim, round_
            round_ += 1
        if used < FIRST:
            return None
        claim = claim or Claim(self.event, ticket, FIRST + 1, "", "", self.time)
        return claim._replace(round=used if used % 2 == claim.round % 2 else used + 1)


async def open_at_hub(connection: Connection, event: str) -> dict[str, Any]:
    """What the hub's own program answers, once it has the event's record; empty: it is silent.

    Raises HubAwayError where the connection is lost; TroubleError where nothing can be stored.
    """
    try:
        answer = await connection.ask(f"{protocol.OPEN}.{event}")
    except HubAwayError:
        if connection.lost_by is not None:
            raise
        return {}
    if (trouble := protocol.read_trouble(answer)) is not None:
        raise TroubleError(trouble)
    return answer


class Session:
    """One connection, and what was opened over it."""

    def __init__(self, connection: Connection, check: Callable[[Record], None]) -> None:
        self.connection = connection
        self.tasks = asyncio.TaskGroup()
        self.doubted: set[str] = set()
        """Events of which something was not answered: it is being looked whether anything is."""
        self._check = check
        self._records: dict[str, Record] = {}
        self._opening = asyncio.Lock()

    async def record(self, event: str) -> Record:
        """The event's record, of a hub that is to be trusted. Raises HubAwayError."""
        if (known := self._records.get(event)) is not None:  # another one may be long in opening
            return known
        async with self._opening:
            if event not in self._records:
                record = await Record.open(self.connection, event)
                try:
                    self._check(record)
                except HubRefusedError as error:
                    self.connection.lose(error)
                    raise
                self._records[event] = record
            return self._records[event]

    async def look(self, event: str) -> None:
        """Raises HubAwayError where nothing is answered about an event."""
        if (record := self._records.get(event)) is not None:  # without the hub's own program
            await record.look()
        else:
            await Record.open(self.connection, event)

    def close_record(self, event: str) -> None:
        """Have a record opened anew at its next use: the hub does not know it any more."""
        self._records.pop(event, None)

    async def open_all(self, events: Collection[str]) -> None:
        """Look before anything is claimed whether the hub is to be trusted.

        Raises HubAwayError; NoStoreError where none of the events can be opened.
        """
        errors: dict[str, HubAwayError] = {}
        for event in events:
            try:
                await self.record(event)
            except HubAwayError as error:
                if self.connection.lost_by is not None or isinstance(error, NoStoreError):
                    raise
                errors[event] = error
        if errors and len(errors) == len(events):
            raise NoStoreError(str(next(iter(errors.values()))))
        for event, away in errors.items():
            log.warning("event %s is not open at the hub: %s", event, away)


def _read_claim(stored: Stored) -> Claim | None:
    """None: no door of ours wrote it, so that it says nothing."""
    try:
        message = protocol.read_message(*stored)
    except protocol.ProtocolError as error:
        log.warning("passed over: %s", error)
        return None
    return message if isinstance(message, Claim) else None
