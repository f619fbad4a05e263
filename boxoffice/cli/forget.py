"""`forget`: what is about people at an event, once it is no longer needed."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from boxoffice import ProblemError
from boxoffice.cli.commands import Context
from boxoffice.cli.select_event import choices
from boxoffice.domain.humanize import count
from boxoffice.domain.models import Event
from boxoffice.domain.pin import Act
from boxoffice.domain.text import hex_uuid, titled

if TYPE_CHECKING:
    from boxoffice.cli.app_context import AppContext
    from boxoffice.store.erasure import Erased, Unsent

WAITS = 3
"""Exit status: something is unsent."""
HOW = "Say which event to forget: its uuid, or a part of its title that no other has"
Which = Annotated[str, Parameter(help="Its uuid or title; default: the one of --event.")]
OlderThan = Annotated[
    int | None, Parameter(help="All events that ended more than so many days ago.")
]


async def forget(*event: Which, older_than: OlderThan = None, context: Context) -> int:
    """Erase names, e-mails, phones, answers, carts, papers and exports of an event, and the log.

    On this computer, for good; the site keeps what it has. The journal keeps uuids, verdicts,
    times, lanes and money, so that the report still adds up. Exit status 3: something of it is
    still to be sent, and nothing of it was erased. No other boxoffice may be open meanwhile.
    """
    if event and older_than is not None:
        raise ProblemError("Name an event, or give --older-than, not both.", status=2)
    if older_than is not None and older_than < 0:
        raise ProblemError("--older-than: write a number of days, 0 or more.", status=2)
    from boxoffice.store import erasure

    files = await context.files()
    if older_than is None:
        chosen = [await _chosen(context, " ".join(event) or context.settings.event)]
    else:
        before = context.clock.now() - timedelta(days=older_than)
        titles = {stored.uuid: stored for stored in await context.stored()}
        ended = await files.ended(before)
        chosen = [titles.get(uuid, Event(uuid, "")) for uuid in ended]
        if not chosen:
            print(f"Nothing is here of events that ended more than {older_than} days ago.")
    if chosen:
        await context.pin.permit(Act.FORGET)  # who did what is erased with it
    status = 0
    for each in chosen:
        result = await files.forget(each.uuid)
        print(_sentence(f"“{each.title}”" if each.title else each.uuid, result))
        status = WAITS if isinstance(result, erasure.Unsent) else status
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
        raise ProblemError("No event is known here: name one by its uuid.", status=2)
    if not wanted.strip():
        raise choices(HOW, known, context.clock.now())
    which = "Several events have" if found else "No event here has"
    raise choices(f"{which} “{wanted}” in its title", found or known, context.clock.now())


def _sentence(title: str, result: "Erased | Unsent") -> str:
    from boxoffice.store.erasure import Unsent

    if isinstance(result, Unsent):
        parts = ((result.rows, "queue row"), (result.sales, "sale"))
        waiting = " and ".join(count(number, thing) for number, thing in parts if number)
        return (
            f"{title}: nothing was erased. Still to be sent, or in need of a person: {waiting}. "
            "Run boxoffice sync, and see boxoffice queue."
        )
    things = {
        "ticket": result.tickets,
        "order": result.orders,
        "answer sheet": result.answers,
        "sale": result.sales,
        "journal note": result.notes,
        "file": result.files,
    }
    listed = ", ".join(count(number, thing) for thing, number in things.items() if number)
    return f"{title}: erased what was about people ({listed or 'nothing was left'}), and the log."
