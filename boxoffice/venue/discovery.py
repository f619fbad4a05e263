"""Hubs on the local network, found by what they announce: DNS-SD over multicast DNS (RFC 6763).

What is found this way proves nothing: a door trusts the certificate that it pinned, a newcomer the
code. It only saves people from typing addresses.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from zeroconf import Error, InterfaceChoice, IPVersion, ServiceStateChange
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from boxoffice import ProblemError
from boxoffice.clock import Clock
from boxoffice.domain.invitation import Address, read_address
from boxoffice.domain.text import clean
from boxoffice.language import N_, _
from boxoffice.venue.membership import NAME_LIMIT
from boxoffice.venue.protocol import SERVICE, VERSION

log = logging.getLogger(__name__)

ANSWERS_WITHIN = 3.0
"""Seconds in which a hub that is there has been found."""
ONE_ANSWERS_WITHIN = 1000.0
"""Milliseconds for the particulars of one."""
AT_ONCE = 20
"""Names that are asked for theirs at the same time: anybody may announce some and not answer."""
LOOK_EVERY = 10.0
"""Seconds between two looks at this computer's addresses."""

NONE_FOUND = N_(
    "No hub was found on this network: is boxoffice hub running there? Guest Wi-Fi often keeps "
    "computers apart. With the address that it shows: boxoffice join HOST:PORT CODE."
)

Interfaces = Sequence[str] | InterfaceChoice


class FoundHub(NamedTuple):
    name: str
    """The venue's."""
    hub: str
    """Its id."""
    epoch: int
    addresses: tuple[Address, ...]

    def __str__(self) -> str:
        return _("{name} at {address}").format(name=self.name, address=self.addresses[0])


async def find_only_hub(hub: str, how: str) -> Address:
    """Where it is: at the address `hub`, or the only one on the network where that is none.

    Raises ProblemError, with `how` to name one of several.
    """
    if hub not in ("auto", "off"):
        return read_address(hub)
    found = await find_hubs()
    if not found:
        raise ProblemError(_(NONE_FOUND))
    if len(found) > 1:
        hubs = ", ".join(map(str, found))
        raise ProblemError(
            _("Several hubs are here: {hubs}. {advice}").format(hubs=hubs, advice=how)
        )
    return found[0].addresses[0]


async def announce(
    name: str,
    hub: str,
    epoch: int,
    addresses: Callable[[], Sequence[Address]],
    clock: Clock,
    *,
    interfaces: Interfaces = InterfaceChoice.All,
) -> None:
    """Announce a hub until cancelled, at whatever `addresses` this computer has then.

    Where that cannot be, as without a network, it is tried again: doors join by its address
    meanwhile.
    """
    properties = {"id": hub, "name": name, "epoch": str(epoch), "v": str(VERSION)}
    announced: Sequence[Address] = ()
    zeroconf: AsyncZeroconf | None = None
    try:
        while True:
            if (now := addresses()) != announced:
                await _close(zeroconf)
                zeroconf = None
                info = AsyncServiceInfo(
                    SERVICE,
                    f"{hub}.{SERVICE}",
                    port=now[0].port,
                    properties=properties,
                    server=f"{hub}.local.",
                    parsed_addresses=[address.host for address in now],
                )
                try:
                    zeroconf = _open(interfaces)
                    await zeroconf.async_register_service(info, allow_name_change=True)
                    announced = now
                except (OSError, Error) as error:
                    log.warning("the hub is not announced: %s", error)
            await clock.sleep(LOOK_EVERY)
    finally:
        await _close(zeroconf)


async def find_hubs(
    within: float = ANSWERS_WITHIN,
    hub: str | None = None,
    *,
    interfaces: Interfaces = InterfaceChoice.All,
) -> list[FoundHub]:
    """The hubs that are found in `within` seconds, none twice; `hub`: only that one, and at once.

    None where this computer cannot look for any.
    """
    names: asyncio.Queue[str] = asyncio.Queue()
    found: dict[str, FoundHub] = {}

    def look(state_change: ServiceStateChange, name: str, **_: Any) -> None:
        if state_change is not ServiceStateChange.Removed:
            names.put_nowait(name)

    try:
        zeroconf = _open(interfaces)
    except (OSError, Error) as error:
        log.warning("no hub can be looked for: %s", error)
        return []
    browser = AsyncServiceBrowser(zeroconf.zeroconf, SERVICE, handlers=[look])

    async def ask() -> None:
        while hub not in found:
            await _ask(await names.get(), zeroconf, found)

    asking = [asyncio.create_task(ask()) for _ in range(AT_ONCE)]
    try:
        ended, _rest = await asyncio.wait(asking, timeout=within, return_when="FIRST_COMPLETED")
        for task in ended:
            task.result()
        log.debug("%d hubs found", len(found))
    finally:
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
        await browser.async_cancel()
        await zeroconf.async_close()
    return [one for one in found.values() if hub in (None, one.hub)]


async def _ask(name: str, zeroconf: AsyncZeroconf, found: dict[str, FoundHub]) -> None:
    """Take up what a name stands for. Anybody may announce one, also one that is none."""
    try:
        info = AsyncServiceInfo(SERVICE, name)
        if await info.async_request(zeroconf.zeroconf, ONE_ANSWERS_WITHIN):
            _take_up(info, found)
    except (OSError, Error) as error:
        log.info("not a hub: %r: %s", name, error)


def _take_up(info: AsyncServiceInfo, found: dict[str, FoundHub]) -> None:
    """What it says of itself, if that is a hub."""
    properties = info.decoded_properties
    hub, epoch = properties.get("id") or "", properties.get("epoch") or ""
    addresses = info.parsed_addresses(IPVersion.V4Only)
    if not (hub.isalnum() and epoch.isascii() and epoch.isdigit() and info.port and addresses):
        log.info("not a hub: %r", info.name)
        return
    known = found.get(hub, FoundHub("", hub, -1, ()))
    if int(epoch) < known.epoch:  # another computer has taken over from it
        return
    several = known.addresses if int(epoch) == known.epoch else ()  # three computers are one hub
    own = tuple(Address(address, info.port) for address in addresses)
    name = clean(properties.get("name"), NAME_LIMIT) or "?"
    found[hub] = FoundHub(name, hub, int(epoch), tuple(dict.fromkeys((*several, *own))))


async def _close(zeroconf: AsyncZeroconf | None) -> None:
    if zeroconf is not None:
        await zeroconf.async_unregister_all_services()
        await zeroconf.async_close()


def _open(interfaces: Interfaces) -> AsyncZeroconf:
    """Raises OSError where nothing can be sent."""
    try:
        return AsyncZeroconf(interfaces=interfaces, ip_version=IPVersion.V4Only)
    except RuntimeError as error:  # so it is said that there is no interface at all
        raise OSError(str(error)) from error
