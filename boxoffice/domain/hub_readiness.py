"""Whether a laptop is ready for the other doors: how the hub of its venue can be reached."""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from math import ceil
from statistics import median

from boxoffice.domain.humanize import format_duration
from boxoffice.domain.readiness import FAIL, OK, WARN, Check
from boxoffice.domain.venue import DEADLINE
from boxoffice.language import N_, _, ngettext

WHY_SILENT = N_(
    "is its computer on, and on this network? Its port may be blocked: allow nats-server in the "
    "firewall, or use your own router (guest Wi-Fi often keeps computers apart)."
)
BLOCKED = N_(
    "{venue} is on this network, at {address}, but its port is blocked: allow nats-server in the "
    "firewall, or use your own router (guest Wi-Fi often keeps computers apart)."
)
HANGS = N_(
    "{venue} takes connections at {address}, and does not answer: end boxoffice hub on its "
    "computer, and start it again."
)
HUB_CLOCK_OFF = timedelta(minutes=2)
SLOW_HUB = 0.1
OLDEST_ENGINE = (2, 12)
"""Before it, claims were answered that were not always kept."""


class PortState(StrEnum):
    """What the port of a hub does that cannot be reached."""

    REFUSES = "refuses"
    """The computer answers that no program is there."""
    SILENT = "silent"
    ACCEPTS = "accepts"
    """It takes the connection, and says nothing."""


def of_hub_away(venue: str, address: str, port: PortState, *, announced: bool = False) -> Check:
    """`announced`: its computer tells the network that the hub is there."""
    if port is PortState.ACCEPTS:
        why = _(HANGS)
    elif announced:
        why = _(BLOCKED)
    elif port is PortState.REFUSES:
        why = _("Nothing listens at {address}: is boxoffice hub running on {venue}’s computer?")
    else:
        why = _("{venue} does not answer at {address}: {why}")
    shown = why.format(address=address, venue=venue, why=_(WHY_SILENT))
    return Check("hub", FAIL, shown)


def of_hub(venue: str, seconds: Sequence[float], engine: tuple[int, int]) -> Check:
    """`seconds`: of a few answers; `engine`: its version."""
    if engine < OLDEST_ENGINE:
        shown, oldest = (".".join(map(str, version)) for version in (engine, OLDEST_ENGINE))
        why = _("The engine of {venue} is version {shown}, which loses claims: it needs {oldest}.")
        return Check("hub", FAIL, why.format(venue=venue, shown=shown, oldest=oldest))
    usual = median(seconds)
    state = WARN if usual > SLOW_HUB else OK
    if usual > DEADLINE:
        why = _("{venue} answers in {ms} ms: scans wait {deadline} s, and show “not confirmed”.")
    elif state is WARN:
        why = _("{venue} answers in {ms} ms, which scans wait for.")
    else:
        why = _("{venue} answers in {ms} ms.")
    ms, deadline = ceil(usual * 1000), f"{DEADLINE:g}"
    return Check("hub", state, why.format(venue=venue, ms=ms, deadline=deadline))


def of_hub_clock(ahead: timedelta) -> Check:
    """`ahead`: of the hub's time, where that is known."""
    if abs(ahead) > HUB_CLOCK_OFF:
        why = _("This computer's clock is {span} off the hub's.")
        return Check("hub's clock", WARN, why.format(span=format_duration(abs(ahead))))
    return Check("hub's clock", OK, _("It agrees with this computer's."))


def of_doors(lane: str, others: Sequence[str]) -> Check:
    """`others`: lanes of other computers that are at the event now."""
    if lane.casefold() in (other.casefold() for other in others):
        why = _("Another computer is called {lane}: choose another lane.")
        return Check("doors", WARN, why.format(lane=lane))
    why = ngettext(
        "{n} other door at the event now.", "{n} other doors at the event now.", len(others)
    )
    return Check("doors", OK, why.format(n=len(others)))
