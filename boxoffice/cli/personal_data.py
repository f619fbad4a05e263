"""`forget`: the end of what is kept here of people."""

import sys
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from boxoffice import ProblemError
from boxoffice.cli.commands import Context, whole_number
from boxoffice.cli.output import folded
from boxoffice.cli.select_event import SEVERAL, choices
from boxoffice.domain.events import days_before
from boxoffice.domain.humanize import format_list
from boxoffice.domain.models import Event
from boxoffice.domain.pin import Act
from boxoffice.domain.text import clean, hex_uuid, titled
from boxoffice.language import N_, _, ngettext
from boxoffice.paths import unknown_files

if TYPE_CHECKING:
    from boxoffice.cli.app_context import AppContext
    from boxoffice.store.erasure import Erased, Unsent

LONGEST = 10_000
"""Characters of a path."""
LEFT = N_("Not erased, since boxoffice did not make them: see what they hold, then delete them.")
WAITS = 3
"""Exit status: something is unsent."""
HOW = N_(
    "Say which event to forget: its uuid, or a part of its title that no other has. There are:"
)
Which = Annotated[str, Parameter(help=N_("Its uuid or title; default: the one of --event."))]
OlderThan = Annotated[
    int | None,
    Parameter(help=N_("All events that ended more than so many days ago."), converter=whole_number),
]


async def forget(*event: Which, older_than: OlderThan = None, context: Context) -> int:
    """Erase names, e-mails, phones, answers, carts, papers and exports of an event, and the log.

    On this computer, for good; the site keeps what it has. The journal keeps uuids, verdicts,
    times, lanes and money, so that the report still adds up. Exit status 3: something of it is
    still to be sent, and nothing of it was erased. No other boxoffice may be open meanwhile.
    """
    if event and older_than is not None:
        raise ProblemError(_("Name an event, or give --older-than, not both."), status=2)
    if older_than is not None and older_than < 0:
        raise ProblemError(_("--older-than: write a number of days, 0 or more."), status=2)
    from boxoffice.store import erasure

    files = await context.files()
    if older_than is None:
        chosen = [await _chosen(context, " ".join(event) or context.settings.event)]
    else:
        before = days_before(context.clock.now(), older_than)
        titles = {stored.uuid: stored for stored in await context.stored()}
        ended = await files.ended(before)
        chosen = [titles.get(uuid, Event(uuid, "")) for uuid in ended]
        if not chosen:
            print(
                _("Nothing is here of events that ended more than {older_than} days ago.").format(
                    older_than=older_than
                )
            )
    if chosen:
        await context.pin.permit(Act.FORGET)  # who did what is erased with it
    status = 0
    for target in chosen:
        result = await files.forget(target.uuid)
        sentence = _sentence(f"“{target.title}”" if target.title else target.uuid, result)
        print(folded(sentence, sys.stdout))
        status = WAITS if isinstance(result, erasure.Unsent) else status
    if chosen and (left := unknown_files(context.data, context.folder)):
        listed = "\n".join(f"  {clean(str(path), LONGEST)}" for path in left)
        print(f"{_(LEFT)}\n{listed}", file=sys.stderr)
    return status


async def _chosen(context: "AppContext", wanted: str) -> Event:
    """By uuid, or by title among those that are known here; nothing is asked of the site.

    Raises ProblemError with the choices.
    """
    known = await context.stored()
    uuid = hex_uuid(wanted)
    if uuid is not None:
        return next((event for event in known if event.uuid == uuid), Event(uuid, ""))
    found = titled(wanted, known)
    if len(found) == 1:
        return found[0]
    if not known:
        raise ProblemError(_("No event is known here: name one by its uuid."), status=2)
    if not wanted.strip():
        raise choices(_(HOW), known, context.clock.now())
    sentence = _(SEVERAL) if found else _("No event here has “{wanted}” in its title. There are:")
    raise choices(sentence.format(wanted=wanted), found or known, context.clock.now())


def _sentence(title: str, result: "Erased | Unsent") -> str:
    from boxoffice.store.erasure import Unsent

    if isinstance(result, Unsent):
        rows = ngettext("{n} queue row", "{n} queue rows", result.rows).format(n=result.rows)
        sales = ngettext("{n} sale", "{n} sales", result.sales).format(n=result.sales)
        parts = ((result.rows, rows), (result.sales, sales))
        waiting = format_list([text for number, text in parts if number])
        return _(
            "{title}: nothing was erased. Still to be sent, or in need of a person: "
            "{waiting}. Run boxoffice sync, and see boxoffice queue."
        ).format(title=title, waiting=waiting)
    counted = (
        (result.tickets, ngettext("{n} ticket", "{n} tickets", result.tickets)),
        (result.orders, ngettext("{n} order", "{n} orders", result.orders)),
        (result.answers, ngettext("{n} answer sheet", "{n} answer sheets", result.answers)),
        (result.sales, ngettext("{n} sale", "{n} sales", result.sales)),
        (result.notes, ngettext("{n} journal note", "{n} journal notes", result.notes)),
        (result.files, ngettext("{n} file", "{n} files", result.files)),
    )
    listed = ", ".join(text.format(n=number) for number, text in counted if number)
    erased = _("{title}: erased what was about people ({things}), and the log.")
    return erased.format(title=title, things=listed or _("nothing was left"))
