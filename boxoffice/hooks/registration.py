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
        self._asked = ""
        """For what a webhook was asked, as long as it is not known what came of that."""

    @property
    def may_stand(self) -> bool:
        """The site has our webhook, or may have it: its making was cut off."""
        return bool(self.uuid or self._asked)

    async def make(self, action: str = EVERYTHING) -> None:
        """Make the webhook. One that a broken-off run has left is taken instead.

        `action`: one of what the site offers. Raises TicketbutlerError.
        """
        async with self._turn:
            if self.uuid or await self._found(action):
                return
            self._asked = action
            try:
                made = await self._client.organiser.create_webhook(NewWebhook(self._url, action))
            except TicketbutlerError as error:
                found = error.maybe_applied and await self._found(action)
                self._asked = ""
                if not found:
                    raise
            else:
                self.uuid, self._asked = made.uuid, ""

    async def remove(self) -> None:
        """Remove it for good; nothing where there is none. Raises TicketbutlerError."""
        async with self._turn:
            if self._asked and not self.uuid:
                await self._found(self._asked)
            self._asked = ""
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
