"""A webhook at the site, made for as long as this program runs. API document: "Webhooks"."""

import asyncio
import logging
from dataclasses import replace

from boxoffice.clock import Clock
from boxoffice.hooks.traces import Held, Trace, TraceError, Traces
from boxoffice.organiser import NewWebhook, Webhook
from boxoffice.ticketbutler import NotFound, Ticketbutler, TicketbutlerError

log = logging.getLogger(__name__)

EVERYTHING = "all"


class Registration:
    """Has the site tell `url` of what happens, until it is taken back.

    What others had the site send, even to the same address, is left alone.
    """

    def __init__(self, client: Ticketbutler, url: str, traces: Traces, clock: Clock) -> None:
        self._client = client
        self._url = url
        self._traces = traces
        self._clock = clock
        self._turn = asyncio.Lock()
        self._held: Held | None = None
        self._asking: asyncio.Task[None] | None = None
        self.uuid = ""
        """Of the webhook at the site; empty: there is none of ours."""

    @property
    def may_stand(self) -> bool:
        """The site has our webhook, or may have it or make it yet: its making was cut off."""
        return self._held is not None

    async def make(self, action: str = EVERYTHING) -> None:
        """Make the webhook. One that a broken-off run has left is taken instead.

        Called off while the site makes it, that goes on: `remove` waits for it. `action`: one of
        what the site offers. Raises TicketbutlerError or TraceError.
        """
        async with self._turn:
            await self._asked_before()
            if self.uuid:
                return
            there = await self._there()
            wanted = Trace(self._url, action)
            others = tuple(each.uuid for each in there if wanted.goes_to(each))
            wanted = replace(wanted, others=others)
            if self._held is None:
                self._held = self._traces.claim(wanted)
            held = self._held
            if await self._take_up(held, there):
                return
            earlier = held.trace.asked if held.trace else ()
            held.write(replace(wanted, asked=(*earlier, self._now())))
            self._asking = asyncio.create_task(self._ask(held, replace(wanted, asked=earlier)))
            await self._asked()

    async def remove(self) -> None:
        """Remove it for good, where there is one. Raises TicketbutlerError or TraceError.

        What the site was asked for and has not made yet is left to the next start.
        """
        async with self._turn:
            await self._asked_before()
            if self._held is None:
                return
            trace = self._held.trace
            if trace is not None and trace.uuid:
                await _remove(self._client, trace.uuid)
            self.uuid = ""
            there = await self._there() if trace is not None and trace.asked else []
            await _clear(self._client, self._held, there, self._now())
            if self._held.trace is None:
                self._let_go(self._held)

    async def close(self) -> None:
        """Leave the webhook as it stands: the next start takes it up, or removes it."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)
            self._asking = None
        if self._held is not None:
            self._let_go(self._held)

    async def _ask(self, held: Held, known: Trace) -> None:
        """Have the site make it. `known`: what is known apart from that."""
        try:
            made = await self._client.organiser.create_webhook(NewWebhook(known.url, known.action))
        except TicketbutlerError as error:
            if error.maybe_applied:
                if await self._take_up(held, await self._there()):
                    return
            else:
                held.write(known if known.asked else None)
                if held.trace is None:
                    self._let_go(held)
            raise
        self.uuid = made.uuid
        held.write(replace(known, uuid=made.uuid))

    async def _asked(self) -> None:
        """Wait for what the site is asked, which goes on where the waiting is called off.

        Raises what came of it: TicketbutlerError or TraceError.
        """
        if self._asking is not None:
            await asyncio.wait((self._asking,))
            asking, self._asking = self._asking, None
            await asking

    async def _asked_before(self) -> None:
        """Wait for what was asked when the waiting was called off."""
        try:
            await self._asked()
        except (TicketbutlerError, TraceError) as error:
            log.warning("webhook not made: %s", error)

    async def _there(self) -> list[Webhook]:
        return await self._client.organiser.webhooks()

    async def _take_up(self, held: Held, there: list[Webhook]) -> bool:
        """Take one of ours among those that are `there`, switched on; the rest are removed.

        False: none of ours is sent to the address.
        """
        if (trace := held.trace) is None:
            return False
        ours = [webhook for webhook in there if trace.is_ours(webhook)]
        taken = next((webhook for webhook in ours if trace.goes_to(webhook)), None)
        for webhook in ours:
            if webhook is not taken:
                await _remove(self._client, webhook.uuid)
        if taken is not None and not taken.active:
            await self._client.organiser.update_webhook(taken.uuid, active=True)
        uuid = "" if taken is None else taken.uuid
        known = replace(trace, uuid=uuid, asked=trace.awaited(ours, self._now()))
        if known != trace:
            held.write(known)
        self.uuid = uuid
        return taken is not None

    def _now(self) -> float:
        return self._clock.now().timestamp()

    def _let_go(self, held: Held) -> None:
        held.let_go()
        self._held = None


async def tidy(client: Ticketbutler, traces: Traces, clock: Clock) -> None:
    """Remove what programs that run no more have left at the site, and nothing else.

    Raises TicketbutlerError or TraceError. What is still there then, or may be made yet, is left
    to the next start.
    """
    left = traces.left()
    try:
        there = await client.organiser.webhooks() if left else []
        for held in left:
            await _clear(client, held, there, clock.now().timestamp())
    finally:
        for held in left:
            held.let_go()


async def _clear(client: Ticketbutler, held: Held, there: list[Webhook], now: float) -> None:
    """Remove what is ours among those that are `there`, and keep what may come yet."""
    if (trace := held.trace) is None:
        return
    ours = [webhook for webhook in there if trace.is_ours(webhook)]
    for webhook in ours:
        await _remove(client, webhook.uuid)
    awaited = trace.awaited(ours, now)
    held.write(replace(trace, uuid="", asked=awaited) if awaited else None)


async def _remove(client: Ticketbutler, uuid: str) -> None:
    try:
        await client.organiser.delete_webhook(uuid)
    except NotFound:
        log.info("webhook %s was gone already", uuid)
