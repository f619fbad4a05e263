"""Webhooks for a lane: where they are received, and whether the site is told to send them."""

import asyncio
import logging
import re
import secrets
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from boxoffice.clock import Clock
from boxoffice.config import Settings
from boxoffice.hooks.address import LOOPBACK, Address, read_address
from boxoffice.hooks.receiver import PortError, Receiver
from boxoffice.hooks.registration import EVERYTHING, Registration
from boxoffice.log import hide
from boxoffice.organiser import Hook
from boxoffice.paths import HOOKS, write_private
from boxoffice.ticketbutler import Ticketbutler, TicketbutlerError

log = logging.getLogger(__name__)

AGAIN = 30.0
"""Seconds until the site is told again, where that failed."""
LEAVE = 5.0
"""Seconds that the end waits for the site to forget the webhook."""
NO_WAY_HERE = (
    "The site cannot reach this computer at that address: give the one that leads here with "
    "--hooks-public https://…"
)
_PATH = re.compile(r"/hooks/[A-Za-z0-9_-]{24}")


class Live:
    """What the program does about webhooks, from `open` to `close`."""

    def __init__(
        self,
        settings: Settings,
        folder: Path,
        *,
        site: str,
        client: Callable[[], Awaitable[Ticketbutler]],
        clock: Clock,
        deliver: Callable[[Hook], None],
        refused: Callable[[str], None] = lambda _: None,
    ) -> None:
        """`folder`: where what is of the site is kept. `client` is asked where it is needed."""
        self.failed = ""
        """Why nothing is received, for people; empty: it is."""
        self.url = ""
        """What the site is told. Who knows it may send."""
        self._path = secret_path(folder)
        self._settings = settings
        self._site = site
        self._client = client
        self._clock = clock
        self._receiver = Receiver(self._path, deliver, clock=clock, refused=refused)
        self._registration: Registration | None = None
        self._trouble = ""
        self._keeping: asyncio.Task[None] | None = None

    @property
    def registered(self) -> bool:
        return self._registration is not None and bool(self._registration.uuid)

    @property
    def sentence(self) -> str:
        """How it stands, with the secret address, for people."""
        if self.failed:
            return self.failed
        told = "the site is not told to send them"
        if self.registered:
            told = "the site sends them"
        elif self._keeping is not None and not self._keeping.done() and not self._trouble:
            told = "the site is being told to send them"
        came, not_taken = self._receiver.came, self._receiver.turned_away
        return (
            f"Webhooks are received at {self.url} and {told}. {came} came, {not_taken} "
            f"{'was' if not_taken == 1 else 'were'} turned away. {self._trouble}"
        ).strip()

    async def open(self) -> None:
        """Receive from now on, or know in `failed` why not."""
        wanted = read_address(self._settings.hooks) if self._settings.hooks else Address()
        try:
            found = await self._receiver.open(wanted)
        except PortError as error:
            log.warning("%s", error)
            self.failed = error.sentence
            return
        here = found if found.is_loopback else found._replace(host=LOOPBACK)
        self.url = f"{self._settings.hooks_public or f'http://{here}'}{self._path}"

    def keep_registered(self) -> None:
        """Tell the site now, or as soon as that works."""
        if not self.failed and self._keeping is None:
            self._keeping = asyncio.create_task(self._keep())

    async def _keep(self) -> None:
        while True:
            await self.register()
            if not self._trouble or not self._reachable:
                return
            await self._clock.sleep(AGAIN)

    async def register(self, action: str = EVERYTHING) -> str:
        """Have the site send webhooks, until `close`; what came of it, for people."""
        if self.failed:
            return self.failed
        if not self._reachable:
            self._trouble = NO_WAY_HERE
            return self._trouble
        try:
            if self._registration is None:
                self._registration = Registration(await self._client(), self.url)
            await self._registration.make(action)
        except TicketbutlerError as error:
            log.warning("webhook not registered: %s", error)
            self._trouble = f"The site sends no webhooks: {error.sentence}"
            return self._trouble
        self._trouble = ""
        return "The site sends webhooks here until boxoffice ends."

    @property
    def trouble(self) -> str:
        """Why the site does not send, where it should; empty: it does, or was not asked."""
        return self.failed or self._trouble

    async def unregister(self) -> str:
        """Have the site forget the webhook; what came of it, for people."""
        await self._stop_keeping()
        if self._registration is not None:
            try:
                await self._registration.remove()
            except TicketbutlerError as error:
                log.warning("webhook not removed: %s", error)
                return f"The site still has the webhook: {error.sentence}"
        self._trouble = ""
        return "The site sends no more webhooks here."

    async def close(self) -> None:
        """Have the site forget the webhook, and close the port."""
        await self._stop_keeping()
        if self._registration is not None and self._registration.may_stand:
            with suppress(TimeoutError):
                async with asyncio.timeout(LEAVE):
                    await self.unregister()
            if self.registered:
                # The next run finds it by its address, takes it up, and removes it.
                print("The webhook could not be removed at the site.", file=sys.stderr)
        await self._receiver.close()

    @property
    def _reachable(self) -> bool:
        """Whether the site can reach the address that it is told."""
        return bool(self._settings.hooks_public) or urlsplit(self._site).scheme == "http"

    async def _stop_keeping(self) -> None:
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
            self._keeping = None


def secret_path(folder: Path) -> str:
    """The path of a site's webhooks: made once, so that the same webhook serves again.

    Raises ProblemError.
    """
    file = folder / HOOKS
    try:
        path = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        path = ""
    if not _PATH.fullmatch(path):
        path = f"/hooks/{secrets.token_urlsafe(18)}"
        write_private(file, path)
    hide(SecretStr(path))
    return path
