"""The client: what a door asks of a Ticketbutler site, as one class."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from pydantic import SecretStr

from boxoffice.clock import Clock, SystemClock
from boxoffice.door.models import Answer, Event, Given, Order, Question, Ticket, TicketType
from boxoffice.door.text import hex_uuid
from boxoffice.ticketbutler import calls
from boxoffice.ticketbutler.errors import KeyRefused, TicketbutlerError, Unreachable
from boxoffice.ticketbutler.models import Exchange, Limits, TicketList
from boxoffice.ticketbutler.rows import read_list
from boxoffice.ticketbutler.site import read_site
from boxoffice.ticketbutler.wire import Call, Reply, WrongShape, check, not_json, pong, result

if TYPE_CHECKING:
    import httpx

    from boxoffice.ticketbutler.transport import Transport

log = logging.getLogger(__name__)

T = TypeVar("T")

_LONG = 64 * 1024
"""Bytes of an answer that is decoded in a thread."""


class Ticketbutler:
    """One site, asked with one key. To be used as an async context manager, on one event loop.

    Every method asks once (`ping`, `update_ticket`, `answer`) or, for reads, twice more where the
    connection fails, and returns the door's own values or raises a `TicketbutlerError`. Ids are
    taken in any spelling. Names of tickets' fields are those of `boxoffice.door.models`;
    `Ticket.event` is not in the API's answers: in a list it is the event asked for, else empty.
    """

    def __init__(
        self,
        site: str,
        token: SecretStr,
        *,
        clock: Clock | None = None,
        observe: Callable[[Exchange], None] | None = None,
        limits: Limits | None = None,
        transport: "httpx.AsyncBaseTransport | None" = None,
    ) -> None:
        """Prepare for `site` (see `read_site`) and its key; nothing is sent yet.

        `observe` is told of every request that is over. `transport` takes the network's place.

        Raises:
            SiteError: the address cannot be used.
            KeyRefused: the key holds what no key holds.

        """
        self.site = read_site(site)
        self._key = _read_key(token)
        self._clock = clock or SystemClock()
        self._observe = observe
        self._limits = limits or Limits()
        self._given = transport
        self._transport: Transport | None = None
        self._opening = asyncio.Lock()
        self._slots = asyncio.Semaphore(self._limits.at_once)

    def __repr__(self) -> str:
        return f"<Ticketbutler {self.site}>"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        if self._transport is not None:
            await self._transport.close()

    async def ping(self) -> None:
        """Ask whether the site answers and takes the key."""
        await self._ask(calls.ping(), pong)

    async def events(self, *, old: bool = False) -> list[Event]:
        """The organiser's events; with `old`, expired ones too."""
        return await self._ask(calls.events(old=old))

    async def event(self, event: str) -> Event:
        return await self._ask(calls.event(event))

    async def ticket_types(self, event: str) -> list[TicketType]:
        return await self._ask(calls.ticket_types(event))

    async def ticket_list(self, event: str, *, unless: str | None = None) -> TicketList | None:
        """All tickets of the event; None when the answer is the one with the fingerprint `unless`.

        May take minutes and holds every ticket of the event. A large list is read in a thread.
        """
        call = calls.ticket_list(event)

        async def read(call: Call[None], reply: Reply) -> TicketList | None:
            if reply.fingerprint == unless:
                return None
            uuid = hex_uuid(event) or ""
            try:
                tickets, unread = await asyncio.to_thread(read_list, reply.chunks, uuid)
            except WrongShape as error:
                problem = str(error)
            else:
                if unread:
                    log.warning("%d of %d tickets could not be read", unread, unread + len(tickets))
                return TicketList(reply.fingerprint, tickets, unread)
            raise not_json(reply, f"{call}: {reply.status}: {problem}")

        return await self._tell(call, read)

    async def ticket(self, ticket: str, *, retry: bool = True) -> Ticket:
        return await self._ask(calls.ticket(ticket, retry=retry))

    async def update_ticket(
        self,
        ticket: str,
        *,
        checked_in: bool | None = None,
        full_name: str | None = None,
    ) -> Ticket:
        """Change what is given, and return the ticket as the site then has it.

        It is the answer's own fields that prove the change. A site answers the same to a check-in
        that was there before.
        """
        return await self._ask(
            calls.update_ticket(ticket, checked_in=checked_in, full_name=full_name)
        )

    async def ticket_type_questions(self, event: str) -> list[Question]:
        """What is asked of attendees, by ticket type."""
        return await self._ask(calls.ticket_type_questions(event))

    async def purchase_questions(self, event: str) -> list[Question]:
        """What is asked of buyers."""
        return await self._ask(calls.purchase_questions(event))

    async def answers(self, ticket: str) -> list[Answer]:
        return await self._ask(calls.answers(ticket))

    async def questions(self, ticket: str) -> list[Question]:
        """Every question of the ticket, answered or not."""
        return await self._ask(calls.questions(ticket))

    async def unanswered(self, ticket: str, *, retry: bool = True) -> list[Question]:
        return await self._ask(calls.unanswered(ticket, retry=retry))

    async def answer(self, ticket: str, given: Sequence[Given]) -> list[Answer]:
        """Store answers; those not given stay as they are. Returns all that are then stored."""
        return await self._ask(calls.answer(ticket, given))

    async def order(self, order: str, *, retry: bool = True) -> Order:
        return await self._ask(calls.order(order, retry=retry))

    async def _ask(self, call: Call[T], read: Callable[[Call[T], Reply], T] = result) -> T:
        async def read_small(call: Call[T], reply: Reply) -> T:
            if reply.size > _LONG:
                return await asyncio.to_thread(read, call, reply)
            return read(call, reply)

        return await self._tell(call, read_small)

    async def _tell(self, call: Call[Any], read: Callable[[Call[Any], Reply], Awaitable[T]]) -> T:
        """Send, read, and tell the observer how it went."""
        began = ended = self._clock.monotonic()
        try:
            async with self._slots:
                began = self._clock.monotonic()
                try:
                    reply = await (await self._open()).send(call)
                finally:
                    ended = self._clock.monotonic()
            now = self._clock.now()
            check(call, reply, site=self.site, now=now, redact=self._without_key)
            value = await read(call, reply)
        except TicketbutlerError as error:
            self._told(call, ended - began, error)
            raise
        self._told(call, ended - began, None)
        return value

    def _told(self, call: Call[Any], seconds: float, error: TicketbutlerError | None) -> None:
        if error is not None:
            log.info("%s", error)
        if self._observe is not None:
            self._observe(Exchange(call.method, call.path, seconds, error))

    def _without_key(self, text: str) -> str:
        return text.replace(self._key.get_secret_value(), "…")

    async def _open(self) -> "Transport":
        """The transport, made in a thread at the first request.

        Importing httpx and reading the certificates takes longer than the start of a screen.
        """
        async with self._opening:
            if self._transport is None:
                try:
                    self._transport = await asyncio.to_thread(self._make_transport)
                except OSError as error:
                    raise Unreachable(
                        f"no certificates: {error}",
                        "This computer's list of certificates cannot be read: check SSL_CERT_FILE.",
                    ) from error
            return self._transport

    def _make_transport(self) -> "Transport":
        from boxoffice.ticketbutler.transport import Transport  # noqa: PLC0415 - see `_open`

        return Transport(self.site, self._key, self._limits, self._given)


def _read_key(token: SecretStr) -> SecretStr:
    """The key as a header can hold it, without what was copied along with it."""
    key = token.get_secret_value().strip()
    if key.split()[:1] == ["Token"]:
        key = key.removeprefix("Token").lstrip()
    if not key or " " in key or not key.isascii() or not key.isprintable():
        raise KeyRefused(
            "not a key",
            "This is not a key: copy it from “General settings > API access” of the site.",
        )
    return SecretStr(key)
