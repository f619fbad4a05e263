"""What a person at a door has to know or to do: shown until it is settled, the gravest first."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import NamedTuple

from boxoffice.domain.humanize import describe_clock_offset, format_number
from boxoffice.domain.journal import Counts
from boxoffice.domain.models import LinkState
from boxoffice.domain.venue import HubState, VenueStatus
from boxoffice.language import N_, _, ngettext

MEGABYTE = 1_000_000
LITTLE, FULL = 1000 * MEGABYTE, 100 * MEGABYTE
"""Bytes that are free on a disk."""
_BARRED = {LinkState.REFUSED: "login", LinkState.CAPTIVE: ""}
"""States of the link that no waiting mends, and the command that does."""
DISK_FULL = N_("Only {number} MB are free on this disk: make room, or nobody can be admitted.")
DISK_LITTLE = N_("Only {number} MB are free on this disk: make room.")
HALF_DONE = N_("A sale is half-done: go on with it, or discard it.")
HUB_AWAY = N_("The hub cannot be reached: other doors may let the same ticket in.")


class Notice(NamedTuple):
    sentence: str
    command: str = ""
    """Id of the command that leads to where it is settled; empty: none does."""


def notices(
    *,
    counts: Counts,
    link: LinkState,
    sentence: str,
    faults: Iterable[str],
    venue: VenueStatus,
    webhooks: str,
    clock_off: timedelta,
    free: int | None,
    half_done_sale: bool,
    listed: int | None,
) -> list[Notice]:
    """All that there is, by weight.

    What keeps people out or may lose something comes first, then what waits for a person; a site
    that is away comes last, as the door goes on by itself and the header says it too.
    `sentence`: what is wrong with the link. `faults`: parts that do not work. `webhooks`: why
    none come. `clock_off`: so much this computer's clock is ahead. `free`: bytes on its disk; None:
    not known. `listed`: so few tickets the site lists, which is not believed; None: that is not so.
    """
    of_link = [Notice(_(sentence), _BARRED.get(link, ""))] if sentence else []
    clock = describe_clock_offset(clock_off)
    is_full = free is not None and free < FULL
    return [
        *(_of_disk(free, DISK_FULL) if is_full else ()),
        *map(Notice, faults),
        *(of_link if link in _BARRED else ()),
        *_of_queue(counts),
        *_of_hub(venue),
        *((Notice(describe_doubt(listed), "refresh"),) if listed is not None else ()),
        *((Notice(_(HALF_DONE), "sale"),) if half_done_sale else ()),
        *((Notice(webhooks, "hooks"),) if webhooks else ()),
        *((Notice(clock),) if clock else ()),
        *(() if is_full else _of_disk(free, DISK_LITTLE)),
        *(of_link if link not in _BARRED else ()),
    ]


def describe_doubt(listed: int, *, believed: bool = False) -> str:
    """Say that a list of so few tickets is not believed, and what a person may do.

    `believed`: that it is, since a person has asked for it.
    """
    if believed:
        sentence = ngettext(
            "The site lists only {n} ticket now: that is the list here, too.",
            "The site lists only {n} tickets now: that is the list here, too.",
            listed,
        )
    else:
        sentence = ngettext(
            "The site lists only {n} ticket now: the list here is kept until you refresh it.",
            "The site lists only {n} tickets now: the list here is kept until you refresh it.",
            listed,
        )
    return sentence.format(n=format_number(listed))


def _of_disk(free: int | None, sentence: str) -> Iterator[Notice]:
    if free is not None and free < LITTLE:
        yield Notice(_(sentence).format(number=free // MEGABYTE), "readiness")


def _of_queue(counts: Counts) -> Iterator[Notice]:
    if number := counts.conflicts:
        sentence = ngettext(
            "{number} ticket may have let two people in: look for both.",
            "{number} tickets may have let two people in each: look for them.",
            number,
        )
        yield Notice(sentence.format(number=number), "queue")
    if number := counts.failed:
        sentence = ngettext(
            "The site refused {number} change that was made here: see what to do.",
            "The site refused {number} changes that were made here: see what to do.",
            number,
        )
        yield Notice(sentence.format(number=number), "queue")
    if number := counts.sales_stuck:
        sentence = ngettext(
            "{number} sale needs a person.", "{number} sales need a person.", number
        )
        yield Notice(sentence.format(number=number), "queue")


def _of_hub(venue: VenueStatus) -> Iterator[Notice]:
    if venue.sentence or venue.state in (HubState.ALONE, HubState.REFUSED):
        yield Notice(_(venue.sentence or HUB_AWAY), "venue")
