"""`about` and `forget`: what is kept here of one person, and the end of it."""

import json as encoding
import sys
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from boxoffice import ProblemError
from boxoffice.cli.commands import Context, Json, whole_number
from boxoffice.cli.output import aligned, print_json
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

SECTIONS = (
    *(N_("Tickets"), N_("Orders"), N_("Answers"), N_("Journal"), N_("Queue"), N_("Sales")),
    *(N_("Codes"), N_("Settings")),
)
"""What is shown of a person, each called as in `--json`."""
LINES = ("at", "lane", "operator", "kind", "verdict", "code", "reason")
"""Columns of the journal, which is a line a row."""
FIELDS = {
    "id": N_("row"),
    "uuid": N_("uuid"),
    "event": N_("event"),
    "full_name": N_("name"),
    "raw_name": N_("name as it came"),
    "company_name": N_("company"),
    "email": N_("e-mail"),
    "address": N_("address"),
    "number": N_("no."),
    "ticket": N_("ticket"),
    "tickets": N_("tickets"),
    "ticket_type": N_("ticket type"),
    "ticket_type_pk": N_("no. of the type"),
    "checked_in": N_("checked in"),
    "refunded": N_("refunded"),
    "date": N_("valid on"),
    "seat": N_("seat"),
    "url": N_("short URL"),
    "external_uuid": N_("other code"),
    "order": N_("order"),
    "order_id": N_("order number"),
    "external_order_id": N_("external id"),
    "created": N_("bought"),
    "pdf_url": N_("address of the PDF"),
    "total": N_("total"),
    "party": N_("party"),
    "partly": N_("partly read"),
    "subject": N_("whose"),
    "data": N_("content"),
    "at": N_("at"),
    "own": N_("this computer's clock"),
    "lane": N_("lane"),
    "operator": N_("operator"),
    "kind": N_("kind"),
    "state": N_("state"),
    "verdict": N_("verdict"),
    "confirmed": N_("confirmed"),
    "code": N_("code"),
    "reason": N_("reason"),
    "body": N_("what is sent"),
    "read_first": N_("reads first"),
    "attempted": N_("tried"),
    "tries": N_("tries"),
    "due": N_("next try"),
    "network": N_("waits for the network"),
    "mark": N_("mark"),
    "cart": N_("cart"),
    "booked": N_("in the takings"),
    "unattended": N_("nobody there"),
    "after_number": N_("number before"),
    "posted_at": N_("posted"),
    "since": N_("looked for since"),
    "lost": N_("answer lost"),
    "journal": N_("journal row"),
    "key": N_("setting"),
    "value": N_("value"),
}
"""What people call the columns of both databases."""
Who = Annotated[str, Parameter(help=N_("A name, an e-mail address or a phone number."))]


async def about(*name: Who, json: Json = False, context: Context) -> None:
    """Show all that is kept of one person here: as a guest, as a buyer, or as an operator.

    Tickets, orders, answers, journal, queue, sales and codes, and the names of papers, exports and
    other files. Where several people have that name, what is kept of all of them.
    """
    who = " ".join(name)
    if not who.strip():
        raise ProblemError(_("Say of whom: a name, an e-mail address or a phone number."), status=2)
    from boxoffice.store import person

    files, names = await context.files(), person.names(who)
    found = await files.store.read_all(person.in_roster, names)
    found |= await files.journal.read_all(person.in_journal, names, person.uuids(found))
    paths = person.in_files(context.folder, context.data, names, found)
    if json:
        print_json({"person": who, **found, "files": paths})
        return
    if not paths and not any(found.values()):
        print(
            _("Nothing of “{who}” is kept on this computer for {origin}.").format(
                who=clean(who), origin=context.origin
            )
        )
    for title, rows in found.items():
        if rows:
            shown = _lines(rows) if title == "journal" else _facts(rows)
            print(f"{_(title.capitalize())}\n{shown}\n")
    if paths:
        print("\n".join([_("Files"), *(f"  {clean(path, LONGEST)}" for path in paths)]))


def _lines(rows: list[dict[str, Any]]) -> str:
    named = tuple(_(FIELDS[name]) for name in LINES)
    cells = [named, *(tuple(str(row[name] or "") for name in LINES) for row in rows)]
    return "\n".join(f"  {line}" for line in aligned(cells).splitlines())


def _facts(rows: list[dict[str, Any]]) -> str:
    """Each row as a block of what it says."""
    blocks = (
        aligned(
            [
                (_(FIELDS.get(name, name)), _text(value))
                for name, value in row.items()
                if value not in (None, "", [])
            ]
        )
        for row in rows
    )
    return "\n\n".join("\n".join(f"  {line}" for line in block.splitlines()) for block in blocks)


def _text(value: object) -> str:
    text = value if isinstance(value, str) else encoding.dumps(value, ensure_ascii=False)
    return clean(text, LONGEST)


LONGEST = 10_000
"""Characters of what is shown of one thing, as a list of answers may be."""
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
        print(_sentence(f"“{target.title}”" if target.title else target.uuid, result))
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
