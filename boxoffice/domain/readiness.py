"""Whether a laptop is ready for a door: what each thing that was measured means, in a sentence.

Thresholds are where a queue of people would notice, or where a promise is in danger. "fail" keeps
people out or loses what was shown; "warn" is worth a look before doors.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from enum import StrEnum
from statistics import median
from typing import NamedTuple

from boxoffice.domain import signs
from boxoffice.domain.codes import (
    NO_FRAMING,
    Framing,
    foreign_readings,
    layout_advice,
    likeliest,
    plain_readings,
)
from boxoffice.domain.humanize import count, describe_clock_offset, format_duration
from boxoffice.domain.journal import Counts
from boxoffice.domain.models import CodesKnown
from boxoffice.domain.notices import FULL, LITTLE, MEGABYTE
from boxoffice.domain.scan_input import FAST
from boxoffice.language import _


class CheckState(StrEnum):
    """What became of a check, as `doctor --json` has it."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


class Check(NamedTuple):
    """One thing that was looked at. Its sentence names no guest and no key."""

    check: str
    state: CheckState
    sentence: str


OK, WARN, FAIL = CheckState
SYMBOLS = {OK: signs.YES, WARN: "!", FAIL: signs.NO}

SLOW_DISK = 0.05
"""Seconds of a write that is surely on the disk; each green waits for one."""
OLD_LIST = timedelta(hours=1)
SMALLEST, USUAL = (60, 18), (80, 24)
"""Columns and lines of a terminal: what the door can be drawn on, and what it is made for."""
SYNCED = ("onedrive", "dropbox", "icloud", "mobile documents", "google drive", "googledrive")
"""In the name of a folder that another program copies away, and back."""
REMOTE = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "afpfs", "9p", "fuse.sshfs", "webdav"})
"""File systems of other computers."""
SHARED_NAMES = frozenset({"", "door", "localhost", "raspberrypi", "ubuntu", "debian", "vm"})
"""What computers are called that nobody gave a name."""


def is_go(checks: Iterable[Check]) -> bool:
    return all(check.state is not FAIL for check in checks)


def by_urgency(checks: Iterable[Check]) -> list[Check]:
    """What failed first, then what is worth a look."""
    return sorted(checks, key=lambda check: (FAIL, WARN, OK).index(check.state))


def headline(checks: Sequence[Check]) -> str:
    """`GO`, or why not, in a line."""
    failed = sum(check.state is FAIL for check in checks)
    looks = sum(check.state is WARN for check in checks)
    look = f", {count(looks, 'thing')} to look at" if looks else ""
    return (
        f"NO-GO: {failed} of {count(len(checks), 'check')} failed{look}" if failed else f"GO{look}"
    )


def of_latency(seconds: Sequence[float], deadline: float) -> Check:
    """`seconds`: of a few answers; `deadline`: for how long a scan waits for one."""
    usual = median(seconds)
    said = f"The site answers in {usual * 1000:.0f} ms"
    if usual > deadline:
        why = f"{said}: scans wait {deadline:g} s and are decided from this computer's list."
        return Check("latency", WARN, why)
    state = WARN if usual > deadline / 2 else OK
    return Check("latency", state, f"{said}." if state is OK else f"{said}, which scans wait for.")


def of_disk(free: int, sync: float) -> Check:
    """`free`: bytes; `sync`: seconds of a write that is surely on the disk."""
    room = (
        f"{free / MEGABYTE / 1000:.1f} GB are free"
        if free > LITTLE
        else (f"Only {free // MEGABYTE} MB are free")
    )
    said = f"{room}, and a write takes {sync * 1000:.0f} ms"
    if free < FULL:
        return Check("disk", FAIL, f"{said}: make room, or nobody can be admitted.")
    if free < LITTLE:
        return Check("disk", WARN, f"{said}: make room.")
    if sync > SLOW_DISK:
        return Check("disk", WARN, f"{said}: each scan waits for one. Is it a memory card?")
    return Check("disk", OK, f"{said}.")


def of_folder(path: str, *, owned: bool, mode: int | None, system: str) -> Check:
    """`mode`: its permissions, None: there are none here. `system`: of its files, where known."""
    text = path.lower()
    synced = next((name for name in SYNCED if name in text), "")
    if not owned:
        return Check("folder", FAIL, f"{path} belongs to another user: choose another --data-dir.")
    if system in REMOTE:
        why = f"{path} is on another computer ({system}): choose one on this computer's own disk."
        return Check("folder", FAIL, why)
    if synced:
        why = f"{path} is copied to a cloud ({synced}), which breaks open files: choose another."
        return Check("folder", FAIL, why)
    if mode is not None and mode & 0o022:
        return Check("folder", FAIL, f"Others may write to {path}: chmod 700 it.")
    if "pythonsoftwarefoundation" in text:
        why = f"{path} is a folder of the Store's Python, and goes with it: set --data-dir."
        return Check("folder", WARN, why)
    if mode is not None and mode & 0o055:
        return Check("folder", WARN, f"Others may look into {path}: chmod 700 it.")
    return Check("folder", OK, f"{path} is yours alone, on this computer.")


def of_clock(ahead: timedelta | None) -> Check:
    """`ahead`: of the site's time; None: that is not known."""
    if ahead is None:
        return Check("clock", WARN, "Not compared with the site's: it was not reached.")
    if sentence := describe_clock_offset(ahead):
        return Check("clock", WARN, sentence)
    return Check("clock", OK, "It agrees with the site's.")


def of_zone(here: timedelta, there: timedelta | None, zone: str) -> Check:
    """Offsets of this computer, and of the event whose `zone` it is; None: of no event."""
    if there is None:
        return Check("time zone", WARN, "No event is known to compare it with.")
    if here != there:
        why = f"The event's times are shown, of {zone}; this computer shows others elsewhere."
        return Check("time zone", WARN, why)
    return Check("time zone", OK, f"The computer's is the event's ({zone}).")


def of_list(tickets: int | None, age: timedelta = timedelta()) -> Check:
    """`tickets`: in the copy on this disk, None: there is none. `age`: of the copy."""
    if tickets is None:
        return Check("list", FAIL, "There is no list on this disk: run boxoffice sync once.")
    said = f"{count(tickets, 'ticket')}, {format_duration(age)} old"
    if not tickets:
        return Check("list", WARN, f"The event has no tickets, by the list of {said[3:]}.")
    if age > OLD_LIST:
        return Check("list", WARN, f"{said}: run boxoffice sync.")
    return Check("list", OK, f"{said}.")


def of_codes(known: CodesKnown) -> Check:
    """How far what the list does not hold was read."""
    if known.complete:
        return Check("codes", OK, "All codes of all tickets are known here.")
    why = (
        f"Of {known.total:,} tickets, short links and external ids are known of {known.read:,}, "
        f"order ids of {known.ordered:,}: boxoffice sync --details reads the rest."
    )
    return Check("codes", WARN, why)


def of_queue(counts: Counts) -> Check:
    if counts.attention:
        return Check("queue", WARN, f"{counts.attention} in the queue need a person: see F6.")
    if counts.unsent:
        return Check("queue", WARN, f"{counts.unsent} still to be sent: run boxoffice sync.")
    return Check("queue", OK, "Nothing waits to be sent.")


def of_guests(events: int, days: int) -> Check:
    """`events`: that ended more than `days` days ago, and of whose guests something is here."""
    if events:
        why = (
            f"What is about guests of {count(events, 'event')} is still here, more than {days} days"
            f" after: close other boxoffices, then run boxoffice forget --older-than {days}."
        )
        return Check("guests", WARN, why)
    return Check("guests", OK, f"What is about them goes {days} days after their event's end.")


def of_lane(name: str, *, busy: bool, others: int = 0) -> Check:
    """`busy`: another boxoffice is at work in the data folder.

    `others`: orders that are known here with this lane's mark, and were not sold here.
    """
    if others:
        why = f"Another computer sold as “{name}” ({count(others, 'order')}): give it another name."
        return Check("lane", WARN, why)
    if name.lower() in SHARED_NAMES:
        why = f"It is called “{name}”, as others may be: give each its own --lane."
        return Check("lane", WARN, why)
    if busy:
        why = f"“{name}”. Another boxoffice is at work in this data folder: see that it is not too."
        return Check("lane", WARN, why)
    return Check("lane", OK, f"“{name}”; give no other computer that name.")


def of_terminal(
    size: tuple[int, int], encoding: str, term: str, colours: str, *, kitty: bool | None = None
) -> Check:
    """`term`, `colours`: the variables TERM and COLORTERM.

    `kitty`: it tells keys apart by kitty's protocol; None: it was not asked.
    """
    columns, rows = size
    deep = "all colours" if colours in ("truecolor", "24bit") else f"{term or 'unknown'} colours"
    if not columns or not rows:
        return Check("terminal", WARN, "It does not tell how large it is.")
    said = f"{columns}x{rows}, {deep}"
    if columns < SMALLEST[0] or rows < SMALLEST[1]:
        return Check("terminal", FAIL, f"{said}: too small, make it {USUAL[0]}x{USUAL[1]}.")
    if "utf" not in encoding.lower():
        return Check("terminal", WARN, f"{said}: it shows no Unicode ({encoding}).")
    if columns < USUAL[0] or rows < USUAL[1]:
        return Check("terminal", WARN, f"{said}: make it {USUAL[0]}x{USUAL[1]}.")
    if term in ("", "dumb", "linux"):
        return Check("terminal", WARN, f"{said}: it has no mouse and few signs; use another.")
    keys = "" if kitty is None else f", {'with' if kitty else 'without'} kitty's keys"
    return Check("terminal", OK, f"{said}, Unicode, a mouse{keys}.")


def of_scanner(text: str, seconds: float, framing: Framing = NO_FRAMING) -> Check:
    """`text`: what it sent, with its end; `seconds`: from the first character to the last."""
    code = text.rstrip("\r\n\t")
    if not code:
        return Check("scanner", WARN, "No code was scanned.")
    end = text[len(code) :]
    ends = {"": "nothing", "\r": "CR", "\n": "LF", "\r\n": "CRLF", "\t": "Tab"}.get(end, "others")
    gap = seconds / max(len(text) - 1, 1)
    speed = f"{len(code)} characters, {gap * 1000:.1f} ms apart, ended by {ends}"
    if gap > FAST:
        why = f"{speed}: that is a person's pace. Set it to send as fast as it can."
        return Check("scanner", WARN, why)
    way = likeliest(plain_readings(code, framing), foreign_readings(code, framing))
    if way.layout is not None:
        return Check("scanner", WARN, f"{speed}. {layout_advice([way])}.")
    if way.code.flaw or not way.code.is_coded:
        return Check(
            "scanner", WARN, f"{speed}. {_(way.code.flaw) or 'It is no code of this system.'}"
        )
    what = "a ticket's uuid" if way.code.uuids else "a link" if way.code.is_url else "a code"
    return Check("scanner", OK, f"{speed}, read as {what}.")


# The venue's hub, where this computer has joined one

WHY_SILENT = (
    "is its computer on, and on this network? Its port may be blocked: allow nats-server in the "
    "firewall, or use your own router (guest Wi-Fi often keeps computers apart)."
)
HUB_CLOCK_OFF = timedelta(minutes=2)
HUB_DEADLINE = 0.35
"""Seconds that a scan waits for it."""
SLOW_HUB = 0.1
OLDEST_ENGINE = (2, 12)
"""Before it, claims were answered that were not always kept."""


def of_hub_away(venue: str, address: str, *, refuses: bool) -> Check:
    """`refuses`: the computer at `address` answers, and no program there."""
    if refuses:
        why = f"Nothing listens at {address}: is boxoffice hub running on {venue}’s computer?"
        return Check("hub", FAIL, why)
    return Check("hub", FAIL, f"{venue} does not answer at {address}: {WHY_SILENT}")


def of_hub(venue: str, seconds: Sequence[float], engine: tuple[int, int]) -> Check:
    """`seconds`: of a few answers; `engine`: its version."""
    if engine < OLDEST_ENGINE:
        shown, oldest = (".".join(map(str, version)) for version in (engine, OLDEST_ENGINE))
        why = f"The engine of {venue} is version {shown}, which loses claims: it needs {oldest}."
        return Check("hub", FAIL, why)
    usual = median(seconds)
    said = f"{venue} answers in {usual * 1000:.0f} ms"
    if usual > HUB_DEADLINE:
        why = f"{said}: scans wait {HUB_DEADLINE:g} s, and show “not confirmed”."
        return Check("hub", WARN, why)
    if usual > SLOW_HUB:
        return Check("hub", WARN, f"{said}, which scans wait for.")
    return Check("hub", OK, f"{said}.")


def of_hub_clock(ahead: timedelta) -> Check:
    """`ahead`: of the hub's time, where that is known."""
    if abs(ahead) > HUB_CLOCK_OFF:
        why = f"This computer's clock is {format_duration(abs(ahead))} off the hub's."
        return Check("hub's clock", WARN, why)
    return Check("hub's clock", OK, "It agrees with this computer's.")


def of_doors(lane: str, others: Sequence[str]) -> Check:
    """`others`: lanes of other computers that are at the event now."""
    if lane.casefold() in (other.casefold() for other in others):
        why = f"Another computer is called {lane}: choose another lane."
        return Check("doors", WARN, why)
    return Check("doors", OK, f"{count(len(others), 'other door')} at the event now.")
