"""A webhook at the site, made for as long as this program runs. API document: "Webhooks"."""

import asyncio
import logging

from boxoffice.organiser import NewWebhook
from boxoffice.ticketbutler import NotFound, Ticketbutler, TicketbutlerError

log = logging.getLogger(__name__)

EVERYTHING = "all"


class Registration:
    """Has the site tell `url` of what happens, until it is taken back."""

    def __init__(self, client: Ticketbutler, url: str) -> None:
        self._client = client
        self._url = url
        self._turn = asyncio.Lock()
        self.uuid = ""
        """Of the webhook at the site; empty: there is none of ours."""

    async def make(self, action: str = EVERYTHING) -> None:
        """Make the webhook. One that a broken-off run has left is taken instead.

        `action`: one of what the site offers. Raises TicketbutlerError.
        """
        async with self._turn:
            if self.uuid or await self._found(action):
                return
            try:
                made = await self._client.organiser.create_webhook(NewWebhook(self._url, action))
            except TicketbutlerError as error:
                if not error.maybe_applied or not await self._found(action):
                    raise
            else:
                self.uuid = made.uuid

    async def remove(self) -> None:
        """Remove it for good; nothing where there is none. Raises TicketbutlerError."""
        async with self._turn:
            if not self.uuid:
                return
            try:
                await self._client.organiser.delete_webhook(self.uuid)
            except NotFound:
                log.info("webhook %s was gone already", self.uuid)
            self.uuid = ""

    async def _found(self, action: str) -> bool:
        """Take up a webhook to the same address, and switch it on."""
        organiser = self._client.organiser
        for webhook in await organiser.webhooks():
            if webhook.url == self._url and webhook.action == action:
                if not webhook.active:
                    await organiser.update_webhook(webhook.uuid, active=True)
                self.uuid = webhook.uuid
                return True
        return False
