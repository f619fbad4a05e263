"""A webhook at the site, made for as long as this program runs. API document: "Webhooks"."""

import asyncio
import logging
from dataclasses import replace

from boxoffice.hooks.marks import Held, Mark, Marks
from boxoffice.organiser import NewWebhook, Webhook
from boxoffice.ticketbutler import NotFound, Ticketbutler, TicketbutlerError

log = logging.getLogger(__name__)

EVERYTHING = "all"


class Registration:
    """Has the site tell `url` of what happens, until it is taken back.

    What others had the site send, even to the same address, is left alone.
    """

    def __init__(self, client: Ticketbutler, url: str, marks: Marks) -> None:
        self._client = client
        self._url = url
        self._marks = marks
        self._turn = asyncio.Lock()
        self._held: Held | None = None
        self.uuid = ""
        """Of the webhook at the site; empty: there is none of ours."""

    @property
    def may_stand(self) -> bool:
        """The site has our webhook, or may have it: its making was cut off."""
        return self._held is not None

    async def make(self, action: str = EVERYTHING) -> None:
        """Make the webhook. One that a broken-off run has left is taken instead.

        `action`: one of what the site offers. Raises TicketbutlerError or MarkError.
        """
        async with self._turn:
            if self.uuid:
                return
            there = await self._there()
            wanted = Mark(self._url, action)
            others = tuple(each.uuid for each in there if wanted.goes_to(each))
            wanted = replace(wanted, others=others)
            if self._held is None:
                self._held = self._marks.claim(wanted)
            held = self._held
            if await self._take_up(held, there):
                return
            held.write(wanted)
            try:
                made = await self._client.organiser.create_webhook(NewWebhook(self._url, action))
            except TicketbutlerError as error:
                if error.maybe_applied and await self._take_up(held, await self._there()):
                    return
                self._forget(held)
                raise
            self.uuid = made.uuid
            held.write(replace(wanted, uuid=made.uuid))

    async def remove(self) -> None:
        """Remove it for good, where there is one. Raises TicketbutlerError or MarkError."""
        async with self._turn:
            if self._held is None:
                return
            if self.uuid:
                await _remove(self._client, self.uuid)
            else:
                await _remove_all(self._client, self._held, await self._there())
            self.uuid = ""
            self._forget(self._held)

    def close(self) -> None:
        """Leave the webhook as it stands: the next start takes it up, or removes it."""
        if self._held is not None:
            self._held.let_go()
            self._held = None

    async def _there(self) -> list[Webhook]:
        return await self._client.organiser.webhooks()

    async def _take_up(self, held: Held, there: list[Webhook]) -> bool:
        """Take ours among those that are `there`, and switch it on; False: there is none."""
        mark = held.mark
        for webhook in there:
            if mark is not None and mark.names(webhook):
                if not webhook.active:
                    await self._client.organiser.update_webhook(webhook.uuid, active=True)
                self.uuid = webhook.uuid
                held.write(replace(mark, uuid=webhook.uuid))
                return True
        return False

    def _forget(self, held: Held) -> None:
        try:
            held.write(None)
        finally:
            held.let_go()
            self._held = None


async def tidy(client: Ticketbutler, marks: Marks) -> None:
    """Remove what programs that run no more have left at the site, and nothing else.

    Raises TicketbutlerError or MarkError; what is still there then is left to the next start.
    """
    left = marks.left()
    try:
        there = await client.organiser.webhooks() if left else []
        for held in left:
            await _remove_all(client, held, there)
            held.write(None)
    finally:
        for held in left:
            held.let_go()


async def _remove_all(client: Ticketbutler, held: Held, there: list[Webhook]) -> None:
    """Remove what is ours among those that are `there`."""
    for webhook in there:
        if held.mark is not None and held.mark.names(webhook):
            await _remove(client, webhook.uuid)


async def _remove(client: Ticketbutler, uuid: str) -> None:
    try:
        await client.organiser.delete_webhook(uuid)
    except NotFound:
        log.info("webhook %s was gone already", uuid)
