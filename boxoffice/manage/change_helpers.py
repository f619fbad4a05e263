"""What the kinds of things make their lists and changes with, and how they match names.

The document names the site's rules, but not its words for a refusal: what one comes from is found
by looking at what the site has.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from boxoffice.collector import collector_paused
from boxoffice.domain.text import clean, fold, hex_uuid
from boxoffice.language import _
from boxoffice.ticketbutler.changes import PreparedChange
from boxoffice.ticketbutler.edits import Difference, ListEdit, called_of, differences
from boxoffice.ticketbutler.errors import Refused, TicketbutlerError, Unreadable
from boxoffice.ticketbutler.record import Record, field_info
from boxoffice.ticketbutler.resources.ticket_types import TicketTypeDetails

log = logging.getLogger(__name__)

A = TypeVar("A")
B = TypeVar("B")
T = TypeVar("T")


async def rows_of(sources: list[A], read: Callable[[A], B]) -> list[B]:
    """A row of each, made in a thread. `told` is empty then: so many are not let go at once."""

    def make() -> list[B]:
        sources.reverse()
        with collector_paused:
            return [read(sources.pop()) for _ in range(len(sources))]

    return await asyncio.to_thread(make)


def created_row(found: Sequence[A]) -> A:
    """What was made, as the site's answer shows it. Raises Unreadable where it does not."""
    if not found:
        raise Unreadable(
            "what was made is not in the answer",
            _("The site took it, but does not show it: look at the list."),
        )
    return found[0]


def needed(event: str | None) -> str:
    """The event of what is of one."""
    if event is None:
        raise Refused("no event", _("Say which event it is of."))
    return event


def plain(text: str) -> str:
    """A name as it is compared: cleaned, folded, its words with one space between."""
    return " ".join(fold(clean(text)).split())


def only(
    among: Sequence[T],
    wanted: str,
    name: Callable[[T], str],
    *,
    none: str,
    several: str,
    between: str = ", ",
    **more: str,
) -> T:
    """The one that `named` finds. Raises Refused with one of the two sentences.

    In them `{wanted}` is what was asked for, `{there}` the names of all there are; `more`: others.
    """
    found = named(among, wanted, name)
    if len(found) != 1:
        there = between.join(map(name, among)) or _("none")
        sentence = (several if found else none).format(wanted=wanted, there=there, **more)
        raise Refused("not one by that name", sentence)
    return found[0]


def only_type(types: Sequence[TicketTypeDetails], wanted: str) -> TicketTypeDetails:
    return only(
        types,
        wanted,
        lambda kind: kind.title,
        none=_("The event has no ticket type “{wanted}”: there are {there}."),
        several=_("Several ticket types are called “{wanted}”: say which by its id."),
    )


def named(among: Sequence[T], wanted: str, name: Callable[[T], str]) -> list[T]:
    """Those whose `uuid` is `wanted`, else those with that name."""
    uuid, text = hex_uuid(wanted), plain(wanted)
    found = [item for item in among if uuid is not None and getattr(item, "uuid", "") == uuid]
    return found or [part for part in among if text and plain(name(part)) == text]


def explained(
    change: PreparedChange[A],
    why: Callable[[], Awaitable[str]],
    of: tuple[type[TicketbutlerError], ...] = (Refused,),
) -> PreparedChange[A]:
    """The same change, with what a refusal seems to come from before the site's own words.

    `why` looks for that; empty: nothing is known.
    """

    async def send() -> A:
        try:
            return await change.send()
        except of as error:
            try:
                sentence = await why()
            except TicketbutlerError:
                log.info("not known why: %s", error)
                sentence = ""
            if not sentence:
                raise
            if isinstance(error, Refused) and error.words:
                sentence = _("{reason} In the site's words: {words}").format(
                    reason=sentence, words=error.words
                )
            raise Refused(str(error), sentence) from error

    return replace(change, send=send)


def changed_since(
    opened: Record,
    edit: tuple[Record, Record],
    values: Mapping[str, Any],
    write_only: Collection[str],
) -> Iterator[str]:
    """What somebody else has changed, since a person opened it, of the fields that are changed.

    `edit`: what there is now, and what it becomes; `values`, `write_only`: as of `Resource`.
    """
    now, after = edit
    theirs = {difference.name: difference for difference in differences(opened, now)}
    for mine in differences(now, after):
        since = theirs.get(mine.name)
        if since is None or "[" in mine.name:  # parts are told apart by uuid, not by place
            continue
        if mine.name not in write_only or since.after:
            yield _note(mine.label, since)
    for info in field_info(type(now)):
        match values.get(info.name):
            case ListEdit() as edits:
                parts = getattr(opened, info.name, ()), getattr(now, info.name)
                yield from _parts_changed_since(info.label, edits, *parts)


def _parts_changed_since(
    label: str, edits: ListEdit, opened: Iterable[Any], now: Iterable[Any]
) -> Iterator[str]:
    """What somebody else has changed of the parts that a person changes, or has added alike."""
    before = {item.uuid: item for item in opened}
    added = {fold(called_of(one)) for one in edits.new}
    for part in now:
        called = called_of(part)
        if part.uuid in before:
            for since in differences(before[part.uuid], part):
                if since.name in edits.of.get(part.uuid, {}):
                    yield _note(f"{label} › {called}: {since.label}", since)
        elif fold(called) in added:
            yield _(
                "{label} › {called}: somebody else has added one since you opened this."
            ).format(label=label, called=called)


def _note(label: str, since: Difference) -> str:
    was, is_now = (text or _("(nothing)") for text in since.excerpts())
    return _("{label}: was {was} when you opened this, and is {is_now} now.").format(
        label=label, was=was, is_now=is_now
    )
