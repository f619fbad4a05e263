"""Whether a laptop is ready for a door: what each thing that was measured means, in a sentence.

Thresholds are where a queue of people would notice, or where a promise is in danger. "fail" keeps
people out or loses what was shown; "warn" is worth a look before doors.
"""

from collections.abc import Iterable, Mapping, Sequence
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
from boxoffice.domain.humanize import (
    describe_clock_offset,
    format_decimal,
    format_duration,
    format_number,
)
from boxoffice.domain.journal import Counts
from boxoffice.domain.key_pace import FAST
from boxoffice.domain.models import CodesKnown
from boxoffice.domain.notices import FULL, LITTLE, MEGABYTE
from boxoffice.language import N_, _, ngettext


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

    @property
    def title(self) -> str:
        return _(self.check)


TITLES = (
    *(N_("site"), N_("key"), N_("rights"), N_("latency"), N_("disk"), N_("folder")),
    *(N_("clock"), N_("time zone"), N_("event"), N_("list"), N_("codes"), N_("queue")),
    *(N_("guests"), N_("lane"), N_("terminal"), N_("scanner"), N_("hub"), N_("hub's clock")),
    *(N_("doors"), N_("printer"), N_("till"), N_("locale"), N_("versions")),
    N_("settings"),
)
"""Of the checks there are."""


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
    if failed:
        line = ngettext(
            "NO-GO: {failed} of {n} check failed",
            "NO-GO: {failed} of {n} checks failed",
            len(checks),
        ).format(failed=failed, n=len(checks))
    else:
        line = _("GO")
    look = ngettext("{n} thing to look at", "{n} things to look at", looks).format(n=looks)
    return f"{line}, {look}" if looks else line


def of_latency(seconds: Sequence[float], deadline: float) -> Check:
    """`seconds`: of a few answers; `deadline`: for how long a scan waits for one."""
    usual = median(seconds)
    state = WARN if usual > deadline / 2 else OK
    if usual > deadline:
        why = _(
            "The site answers in {ms} ms: scans wait {deadline} s and are decided from this "
            "computer's list."
        )
    elif state is WARN:
        why = _("The site answers in {ms} ms, which scans wait for.")
    else:
        why = _("The site answers in {ms} ms.")
    return Check("latency", state, why.format(ms=f"{usual * 1000:.0f}", deadline=f"{deadline:g}"))


def of_disk(free: int, sync: float) -> Check:
    """`free`: bytes; `sync`: seconds of a write that is surely on the disk."""
    if free < FULL:
        state, why = (
            FAIL,
            _(
                "Only {mb} MB are free, and a write takes {ms} ms: make room, or nobody can be "
                "admitted."
            ),
        )
    elif free < LITTLE:
        state, why = WARN, _("Only {mb} MB are free, and a write takes {ms} ms: make room.")
    elif sync > SLOW_DISK:
        state, why = (
            WARN,
            _(
                "{gb} GB are free, and a write takes {ms} ms: each scan waits for one. Is it a "
                "memory card?"
            ),
        )
    else:
        state, why = OK, _("{gb} GB are free, and a write takes {ms} ms.")
    mb, gb = free // MEGABYTE, format_decimal(free / MEGABYTE / 1000)
    return Check("disk", state, why.format(mb=mb, gb=gb, ms=f"{sync * 1000:.0f}"))


def of_folder(path: str, *, owned: bool, mode: int | None, system: str) -> Check:
    """`mode`: its permissions, None: there are none here. `system`: of its files, where known."""
    text = path.lower()
    synced = next((name for name in SYNCED if name in text), "")
    if not owned:
        state, why = FAIL, _("{path} belongs to another user: choose another --data-dir.")
    elif system in REMOTE:
        state, why = (
            FAIL,
            _("{path} is on another computer ({system}): choose one on this computer's own disk."),
        )
    elif synced:
        state, why = (
            FAIL,
            _("{path} is copied to a cloud ({cloud}), which breaks open files: choose another."),
        )
    elif mode is not None and mode & 0o022:
        state, why = FAIL, _("Others may write to {path}: chmod 700 it.")
    elif "pythonsoftwarefoundation" in text:
        state, why = (
            WARN,
            _("{path} is a folder of the Store's Python, and goes with it: set --data-dir."),
        )
    elif mode is not None and mode & 0o055:
        state, why = WARN, _("Others may look into {path}: chmod 700 it.")
    else:
        state, why = OK, _("{path} is yours alone, on this computer.")
    return Check("folder", state, why.format(path=path, system=system, cloud=synced))


def of_clock(ahead: timedelta | None) -> Check:
    """`ahead`: of the site's time; None: that is not known."""
    if ahead is None:
        return Check("clock", WARN, _("Not compared with the site's: it was not reached."))
    if sentence := describe_clock_offset(ahead):
        return Check("clock", WARN, sentence)
    return Check("clock", OK, _("It agrees with the site's."))


def of_zone(here: timedelta, there: timedelta | None, zone: str) -> Check:
    """Offsets of this computer, and of the event whose `zone` it is; None: of no event."""
    if there is None:
        return Check("time zone", WARN, _("No event is known to compare it with."))
    if here != there:
        why = _("The event's times are shown, of {zone}; this computer shows others elsewhere.")
        return Check("time zone", WARN, why.format(zone=zone))
    return Check("time zone", OK, _("The computer's is the event's ({zone}).").format(zone=zone))


def of_list(tickets: int | None, age: timedelta = timedelta()) -> Check:
    """`tickets`: in the copy on this disk, None: there is none. `age`: of the copy."""
    if tickets is None:
        return Check("list", FAIL, _("There is no list on this disk: run boxoffice sync once."))
    if not tickets:
        state, why = WARN, _("The event has no tickets, by a list that is {age} old.")
    elif age > OLD_LIST:
        state, why = (
            WARN,
            ngettext(
                "{n} ticket, {age} old: run boxoffice sync.",
                "{n} tickets, {age} old: run boxoffice sync.",
                tickets,
            ),
        )
    else:
        state, why = OK, ngettext("{n} ticket, {age} old.", "{n} tickets, {age} old.", tickets)
    return Check("list", state, why.format(n=tickets, age=format_duration(age)))


def of_codes(known: CodesKnown) -> Check:
    """How far what the list does not hold was read."""
    if known.complete:
        return Check("codes", OK, _("All codes of all tickets are known here."))
    why = _(
        "Of {total} tickets, short links and external ids are known of {read}, order ids of "
        "{ordered}: boxoffice sync --details reads the rest."
    )
    total, read, ordered = map(format_number, (known.total, known.read, known.ordered))
    return Check("codes", WARN, why.format(total=total, read=read, ordered=ordered))


def of_queue(counts: Counts) -> Check:
    if counts.attention:
        why = _("{n} in the queue need a person: see F6.").format(n=counts.attention)
        return Check("queue", WARN, why)
    if counts.unsent:
        why = _("{n} still to be sent: run boxoffice sync.").format(n=counts.unsent)
        return Check("queue", WARN, why)
    return Check("queue", OK, _("Nothing waits to be sent."))


def of_guests(events: int, days: int) -> Check:
    """`events`: that ended more than `days` days ago, and of whose guests something is here."""
    if events:
        why = ngettext(
            "What is about guests of {n} event is still here, more than {days} days after: close "
            "other boxoffices, then run boxoffice forget --older-than {days}.",
            "What is about guests of {n} events is still here, more than {days} days after: close "
            "other boxoffices, then run boxoffice forget --older-than {days}.",
            events,
        )
        return Check("guests", WARN, why.format(n=events, days=days))
    why = _("What is about them goes {days} days after their event's end.")
    return Check("guests", OK, why.format(days=days))


def of_lane(name: str, *, busy: bool, others: int = 0) -> Check:
    """`busy`: another boxoffice is at work in the data folder.

    `others`: orders that are known here with this lane's mark, and were not sold here.
    """
    if others:
        why = ngettext(
            "Another computer sold as “{name}” ({n} order): give it another name.",
            "Another computer sold as “{name}” ({n} orders): give it another name.",
            others,
        )
    elif name.lower() in SHARED_NAMES:
        why = _("It is called “{name}”, as others may be: give each its own --lane.")
    elif busy:
        why = _(
            "“{name}”. Another boxoffice is at work in this data folder: see that it is not too."
        )
    else:
        ok = _("“{name}”; give no other computer that name.")
        return Check("lane", OK, ok.format(name=name))
    return Check("lane", WARN, why.format(name=name, n=others))


def of_terminal(
    size: tuple[int, int], encoding: str, term: str, colours: str, *, kitty: bool | None = None
) -> Check:
    """`term`, `colours`: the variables TERM and COLORTERM.

    `kitty`: it tells keys apart by kitty's protocol; None: it was not asked.
    """
    columns, rows = size
    deep = (
        _("all colours")
        if colours in ("truecolor", "24bit")
        else _("{term} colours").format(term=term or _("unknown"))
    )
    if not columns or not rows:
        return Check("terminal", WARN, _("It does not tell how large it is."))
    state = WARN
    if columns < SMALLEST[0] or rows < SMALLEST[1]:
        state, why = FAIL, _("{size}, {colours}: too small, make it {usual}.")
    elif "utf" not in encoding.lower():
        why = _("{size}, {colours}: it shows no Unicode ({encoding}).")
    elif columns < USUAL[0] or rows < USUAL[1]:
        why = _("{size}, {colours}: make it {usual}.")
    elif term in ("", "dumb", "linux"):
        why = _("{size}, {colours}: it has no mouse and few signs; use another.")
    else:
        state, why = OK, _("{size}, {colours}, Unicode, a mouse.")
        if kitty is not None:
            why = (
                _("{size}, {colours}, Unicode, a mouse, with kitty's keys.")
                if kitty
                else _("{size}, {colours}, Unicode, a mouse, without kitty's keys.")
            )
    usual, shown = f"{USUAL[0]}x{USUAL[1]}", f"{columns}x{rows}"
    why = why.format(size=shown, colours=deep, usual=usual, encoding=encoding)
    return Check("terminal", state, why)


def of_scanner(text: str, seconds: float, framing: Framing = NO_FRAMING) -> Check:
    """`text`: what it sent, with its end; `seconds`: from the first character to the last."""
    code = text.rstrip("\r\n\t")
    if not code:
        return Check("scanner", WARN, _("No code was scanned."))
    end = text[len(code) :]
    ends = {"": _("nothing"), "\r": "CR", "\n": "LF", "\r\n": "CRLF", "\t": "Tab"}
    gap = seconds / max(len(text) - 1, 1)
    speed = _("{n} characters, {ms} ms apart, ended by {end}").format(
        n=len(code), ms=f"{gap * 1000:.1f}", end=ends.get(end, _("others"))
    )
    if gap > FAST:
        why = _("{speed}: that is a person's pace. Set it to send as fast as it can.")
        return Check("scanner", WARN, why.format(speed=speed))
    way = likeliest(plain_readings(code, framing), foreign_readings(code, framing))
    if way.layout is not None:
        return Check("scanner", WARN, f"{speed}. {layout_advice([way])}.")
    if way.code.flaw or not way.code.is_coded:
        flaw = _(way.code.flaw) or _("It is no code of this system.")
        return Check("scanner", WARN, f"{speed}. {flaw}")
    if way.code.uuids:
        why = _("{speed}, read as a ticket's uuid.")
    elif way.code.is_url:
        why = _("{speed}, read as a link.")
    else:
        why = _("{speed}, read as a code.")
    return Check("scanner", OK, why.format(speed=speed))


def of_names(missing: Mapping[str, Sequence[str]]) -> Check:
    """`missing`: by the setting, what it names of the event, and the event does not have."""
    named = [f"{setting}: {', '.join(names)}" for setting, names in missing.items() if names]
    if not named:
        return Check("settings", OK, _("All questions and ticket types they name are the event's."))
    why = _("The event has no such question or ticket type ({names}): correct the settings.")
    return Check("settings", WARN, why.format(names="; ".join(named)))
