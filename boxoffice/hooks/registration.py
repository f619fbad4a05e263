"""A webhook at the site, there for as long as this program runs. API document: "Webhooks".

Its address shows whose it is: the secret path of this data folder, and the number of the run that
made it. A run holds a lock of its number, which the system takes away however it ends: a webhook
whose run holds none was left behind. One that a person makes at the site has no number, and stays.
"""

import asyncio
import logging
import re
from pathlib import Path
from urllib.parse import urlsplit

from filelock import FileLock

from boxoffice import ProblemError
from boxoffice.language import _
from boxoffice.paths import take_lock, take_number
from boxoffice.ticketbutler import NotFound, Ticketbutler, TicketbutlerError
from boxoffice.ticketbutler.resources.webhooks import NewWebhook, Webhook

log = logging.getLogger(__name__)

EVERYTHING = "all"
HOOKS = "hooks"
"""What the locks of runs are called."""


class Registration:
    """Has the site send what happens to `url`, until it is taken back."""

    def __init__(self, client: Ticketbutler, url: str, folder: Path) -> None:
        """`url`: its path is the secret one of `folder`, where runs hold their locks."""
        self.uuid = ""
        """Of the webhook at the site; empty: there is none of ours, as far as is known."""
        self._client = client
        self._url = url
        self._folder = folder
        self._number: int | None = None
        self._lock: FileLock | None = None
        self._unknown = False
        """The site was asked to make it, and what came of that is not known."""
        self._adding: asyncio.Task[None] | None = None

    @property
    def may_exist(self) -> bool:
        """The site has our webhook, or may have it or make it yet."""
        return bool(self.uuid) or self._unknown

    async def add(self, action: str = EVERYTHING) -> None:
        """Have the site send, and no more what earlier runs left there.

        Called off meanwhile, it goes on: `remove` waits for it. `action`: one of what the site
        offers. Raises TicketbutlerError or ProblemError.
        """
        if self._adding is None or self._adding.done():
            self._adding = asyncio.create_task(self._add(action))
        await asyncio.shield(self._adding)

    async def remove(self) -> None:
        """Have the site send no more. Raises TicketbutlerError.

        What it was asked for and has not made yet is left to the next start.
        """
        if self._adding is not None:
            await asyncio.wait((self._adding,))
        if not self.may_exist:
            return
        found = await self._made()
        for uuid in dict.fromkeys([*found, self.uuid] if self.uuid else found):
            await _remove(self._client, uuid)
        self.uuid = ""
        self._unknown = self._unknown and not found

    async def close(self) -> None:
        """Leave what stands at the site to the next start."""
        if self._adding is not None:
            self._adding.cancel()
            await asyncio.gather(self._adding, return_exceptions=True)
        if self._lock is not None:
            self._lock.release()

    async def _add(self, action: str) -> None:
        if self.uuid:
            return
        if self._lock is None:
            self._number, self._lock = _take_number(self._folder)
        await remove_left(self._client, self._url, self._folder, own=self._number)
        wanted = NewWebhook(url=f"{self._url}?run={self._number}", action=action)
        self._unknown = True
        try:
            self.uuid = (await self._client.webhooks.create(wanted)).uuid
        except TicketbutlerError as error:
            self._unknown = error.maybe_applied
            self.uuid = next(iter(await self._made()), "") if error.maybe_applied else ""
            if not self.uuid:
                raise
        self._unknown = False

    async def _made(self) -> list[str]:
        """What the site has of this run, as uuids."""
        there = await _numbered(self._client, self._url)
        return [webhook.uuid for number, webhook in there if number == self._number]


async def remove_left(
    client: Ticketbutler, url: str, folder: Path, *, own: int | None = None
) -> None:
    """Remove what runs that have ended left at the site, and nothing else.

    `own`: the number of this run, which has nothing there yet. Raises TicketbutlerError, or
    ProblemError where another run has the site send to the same address.
    """
    for number, webhook in await _numbered(client, url):
        if number == own:
            await _remove(client, webhook.uuid)
        elif (lock := take_lock(folder / f"{HOOKS}.{number}.lock")) is not None:
            with lock:
                await _remove(client, webhook.uuid)
        elif own is not None and webhook.url.startswith(url):
            raise ProblemError(
                _(
                    "Another boxoffice on this computer has webhooks sent to the same address: "
                    "give each an address of its own with --hooks-public."
                )
            )


async def _numbered(client: Ticketbutler, url: str) -> list[tuple[int, Webhook]]:
    """The webhooks that runs in this data folder have at the site, each with its run's number."""
    address = re.compile(rf".*{re.escape(urlsplit(url).path)}/?\?run=(\d{{1,3}})/?")
    there = await client.webhooks.list()
    return [(int(ours[1]), hook) for hook in there if (ours := address.fullmatch(hook.url))]


async def _remove(client: Ticketbutler, uuid: str) -> None:
    try:
        await client.webhooks.delete(uuid)
    except NotFound:
        log.info("webhook %s was gone already", uuid)


def _take_number(folder: Path) -> tuple[int, FileLock]:
    """The first number that no run has, and its lock. Raises ProblemError."""
    taken = take_number(folder, HOOKS)
    if taken is None:
        raise ProblemError(_("Too many programs on this computer have the site send webhooks."))
    return taken
