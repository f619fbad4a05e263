"""Webhooks for a lane: where they are received, and whether the site has one to send them by."""

import asyncio
import logging
import re
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from boxoffice import ProblemError
from boxoffice.clock import Clock, LateError, within
from boxoffice.domain.invitation import Address
from boxoffice.domain.secret_text import SecretStr
from boxoffice.hooks import NOWHERE_ELSE, PortError, is_loopback
from boxoffice.hooks.receiver import Receiver
from boxoffice.hooks.registration import EVERYTHING, Registration, remove_left
from boxoffice.language import N_, _, ngettext
from boxoffice.log import hide
from boxoffice.paths import write_whole
from boxoffice.ticketbutler import Ticketbutler, TicketbutlerError
from boxoffice.ticketbutler.resources.webhooks import Hook

log = logging.getLogger(__name__)

AGAIN = 30.0
"""Seconds until the site is told again, where that failed."""
LEAVE = 5.0
"""Seconds that the end waits for the site to forget the webhook."""
SENT = N_("The site sends webhooks here until boxoffice ends.")
NO_WAY_HERE = N_(
    "The site cannot reach this computer at that address: give the one that leads here with "
    "--hooks-public https://…"
)
STANDS = N_(
    "The webhook could not be removed at the site: the next start that receives webhooks removes "
    "it."
)
MAY_COME = N_(
    "It is not known whether the site makes the webhook: the next start that receives webhooks "
    "removes it."
)
_PATH = re.compile(r"/hooks/[A-Za-z0-9_-]{24}")


class HookListener:
    """What the program does about webhooks, from `start` to `close`.

    Nothing of it raises, or holds up who does not wait for it: what does not work is a sentence.
    """

    def __init__(
        self,
        address: Address,
        public: str,
        *,
        site: str,
        folder: Path,
        client: Callable[[], Awaitable[Ticketbutler]],
        clock: Clock,
        deliver: Callable[[Hook], None],
        refused: Callable[[str], None],
    ) -> None:
        """`public`: what leads to `address` from `site`; empty: the same. `folder`: of the site."""
        self.trouble = ""
        """What does not work, for people, as far as it is known; empty: nothing."""
        self.url = ""
        """Where hooks are received; empty: nowhere. Who knows it may send."""
        self._wanted = address
        self._public = public
        self._reachable = bool(public) or site.startswith("http://")  # that is on this computer
        self._folder = folder
        self._client = client
        self._clock = clock
        self._deliver = deliver
        self._refused = refused
        self._receiver: Receiver | None = None
        self._registration: Registration | None = None
        self._asking = False
        self._turn = asyncio.Lock()
        self._beside: asyncio.Task[None] | None = None
        self._known = asyncio.Event()

    @property
    def registered(self) -> bool:
        return self._registration is not None and bool(self._registration.uuid)

    @property
    def sentence(self) -> str:
        """How it stands, with the secret address, for people."""
        if self._receiver is None or not self.url:
            yet = _("Webhooks are not received yet: {address} is being opened.")
            return self.trouble or yet.format(address=self._wanted)
        if self.registered:
            here = _("Webhooks are received at {url} and the site sends them.")
        elif self._asking:
            here = _("Webhooks are received at {url} and the site is being told to send them.")
        else:
            here = _("Webhooks are received at {url} and the site is not told to send them.")
        came, not_taken = self._receiver.came, self._receiver.turned_away
        counts = ngettext(
            "{came} came, {refused} was turned away.",
            "{came} came, {refused} were turned away.",
            not_taken,
        ).format(came=came, refused=not_taken)
        return f"{here.format(url=self.url)} {counts} {self.trouble}".strip()

    def start(self, *, register: bool, action: str = EVERYTHING) -> None:
        """Receive from now on, beside all else; with `register` have the site send them.

        What an earlier run has left at the site is removed.
        """
        if self._beside is None:
            self._beside = asyncio.create_task(self._run(action if register else None))
            self._beside.add_done_callback(self._ended)

    async def ready(self) -> None:
        """Return once it is known what came of `start`."""
        await self._known.wait()

    async def open(self) -> None:
        """Receive from now on, or know in `trouble` why not."""
        async with self._turn:
            if self.url:
                return
            try:
                path = secret_path(self._folder)
                hide(SecretStr(path))
                self._receiver = Receiver(
                    path, self._deliver, clock=self._clock, refused=self._refused
                )
                found = await self._receiver.open(self._wanted)
            except (PortError, ProblemError) as error:
                log.warning("%s", error)
                no_port = isinstance(error, PortError)
                unreceived = _("No webhooks are received: {reason}").format(reason=error)
                self.trouble = error.sentence if no_port else unreceived
                return
            here = found if is_loopback(found.host) else found._replace(host=NOWHERE_ELSE.host)
            self.trouble = ""
            self.url = f"{self._public or f'http://{here}'}{path}"

    async def register(self, action: str = EVERYTHING) -> str:
        """Have the site send webhooks, until `close`; what came of it, for people."""
        await self.open()
        if not self.url:
            return self.trouble
        if not self._reachable:
            self.trouble = _(NO_WAY_HERE)
            return self.trouble
        self._asking = not self.trouble
        try:
            if self._registration is None:
                self._registration = Registration(await self._client(), self.url, self._folder)
            await self._registration.add(action)
        except (TicketbutlerError, ProblemError) as error:
            log.warning("webhook not registered: %s", error)
            self.trouble = _("The site sends no webhooks: {reason}").format(reason=error.sentence)
            return self.trouble
        finally:
            self._asking = False
        self.trouble = ""
        return _(SENT)

    async def unregister(self) -> str:
        """Have the site forget the webhook; what came of it, for people."""
        await self._stop()
        if self._registration is not None:
            try:
                await self._registration.remove()
            except TicketbutlerError as error:
                log.warning("webhook not removed: %s", error)
                return _("The site still has the webhook: {reason}").format(reason=error.sentence)
        self.trouble = ""
        if self._registration is not None and self._registration.may_exist:
            return _(MAY_COME)
        return _("The site sends no more webhooks here.")

    async def close(self) -> str:
        """Have the site forget the webhook, and close the port.

        Answers what is left at the site, for people; empty: nothing.
        """
        await self._stop()
        left = ""
        if self._registration is not None:
            if self._registration.may_exist:
                with suppress(LateError):
                    await within(LEAVE, self.unregister(), self._clock)
            if self._registration.may_exist:
                left = _(STANDS if self._registration.uuid else MAY_COME)
            await self._registration.close()
        if self._receiver is not None:
            await self._receiver.close()
        return left

    async def _run(self, action: str | None) -> None:
        await self.open()
        while action is not None and self.url:
            await self.register(action)
            if not self.trouble:
                break
            self._known.set()
            if not self._reachable:
                break
            await self._clock.sleep(AGAIN)
        self._known.set()
        if self.url and not self.registered:
            await self._remove_left()

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("webhooks ended", exc_info=error)
            self.trouble = (
                _("The site sends no webhooks: boxoffice has written the reason to its log.")
                if self.url
                else _("No webhooks are received: boxoffice has written the reason to its log.")
            )
        self._known.set()

    async def _remove_left(self) -> None:
        """Remove what was left at the site; where that fails, it is for the next start."""
        try:
            await remove_left(await self._client(), self.url, self._folder)
        except (TicketbutlerError, ProblemError) as error:
            log.warning("webhooks left behind are not removed: %s", error)

    async def _stop(self) -> None:
        """End what `start` began."""
        if self._beside is not None:
            self._beside.cancel()
            await asyncio.gather(self._beside, return_exceptions=True)


def secret_path(folder: Path) -> str:
    """The path of a site's webhooks: made once, so that what a person had sent there still comes.

    Raises ProblemError.
    """
    file = folder / "hooks.path"
    try:
        path = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        path = ""
    if not _PATH.fullmatch(path):
        path = f"/hooks/{secrets.token_urlsafe(18)}"
        write_whole(file, path.encode())
    return path
