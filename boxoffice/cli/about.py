"""`about`: all that is kept of one person here, in words."""

import sys
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from cyclopts import Parameter

from boxoffice import ProblemError
from boxoffice.cli.commands import Context, Json
from boxoffice.cli.output import aligned, folded, print_json
from boxoffice.domain.journal import JournalKind, QueueKind, QueueState
from boxoffice.domain.models import Event
from boxoffice.domain.money import local_amount
from boxoffice.domain.sale import SaleState
from boxoffice.domain.text import clean
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.language import N_, _

LONGEST = 10_000
"""Characters of what is shown of one thing, as a list of answers may be."""
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
    "currency": N_("currency"),
    "lines": N_("lines"),
    "buyer": N_("buyer"),
    "first_name": N_("first name"),
    "last_name": N_("last name"),
    "phone": N_("phone"),
    "house": N_("the house's e-mail"),
    "paid": N_("paid by"),
    "given": N_("given"),
    "rounding": N_("rounding"),
    "discount": N_("discount"),
    "answers": N_("answers"),
    "asked": N_("answers of tickets"),
    "check_in": N_("checks in"),
    "elsewhere": N_("types of other doors"),
}
"""What people call the columns of both databases, and what is in a cart."""
MONEY = frozenset({"total", "given", "rounding", "discount"})
MOMENTS = frozenset({"at", "own", "created", "due", "posted_at", "since"})
YES_OR_NO = frozenset(
    {
        *("checked_in", "refunded", "partly", "confirmed", "read_first", "attempted", "network"),
        *("booked", "unattended", "lost"),
    }
)
KINDS: Mapping[str, str] = {
    JournalKind.SCAN: N_("scan"),
    JournalKind.READ_TWICE: N_("read twice"),
    JournalKind.OVERRIDE: N_("override"),
    JournalKind.UNDO: N_("undo"),
    JournalKind.TAKEN_BACK: N_("taken back by the site"),
    JournalKind.IN_AGAIN: N_("in again, says the site"),
    JournalKind.RELEASED: N_("undone as at the site"),
    JournalKind.ANSWERS: N_("answers"),
    JournalKind.NAME: N_("name"),
    JournalKind.SENT: N_("being sent"),
    JournalKind.OUTCOME: N_("the site took it"),
    JournalKind.POSTPONED: N_("to be tried again"),
    JournalKind.FAILED: N_("refused by the site"),
    JournalKind.CONFLICT: N_("conflict"),
    JournalKind.RETRY: N_("sent again by a person"),
    JournalKind.RETIRED: N_("not to be sent any more"),
    JournalKind.DISMISSED: N_("dealt with"),
    JournalKind.RECOVERED: N_("found after a crash"),
    JournalKind.POSTED: N_("another door was asked to send it"),
    JournalKind.UNPOSTED: N_("no other door sends it"),
    JournalKind.DELIVERING: N_("being sent for another door"),
    JournalKind.DELIVERED: N_("sent for another door"),
    JournalKind.UNDELIVERED: N_("not sent for another door"),
    JournalKind.TIE: N_("code tied to a guest"),
    JournalKind.UNTIE: N_("code untied"),
    JournalKind.RULE_ACCEPTED: N_("rule for codes accepted"),
    JournalKind.RULE_DECLINED: N_("rule for codes declined"),
    JournalKind.RULE_REVOKED: N_("rule for codes revoked"),
    JournalKind.NUMBERS_ADMIT: N_("numbers admit"),
    JournalKind.NUMBERS_ASK: N_("numbers ask for the name"),
    JournalKind.OPERATOR: N_("another person at the door"),
    JournalKind.SALE: N_("sale begun"),
    JournalKind.SALE_QUEUED: N_("sale: not yet issued"),
    JournalKind.SALE_SENDING: N_("sale: being placed"),
    JournalKind.SALE_UNKNOWN: N_("sale: not known yet"),
    JournalKind.SALE_NOT_PLACED: N_("sale: not placed"),
    JournalKind.SALE_UNSURE: N_("sale: cannot tell"),
    JournalKind.SALE_FAILED: N_("sale: refused, money taken"),
    JournalKind.SALE_SOLD: N_("sale: tickets being found"),
    JournalKind.SALE_DONE: N_("sale: sold"),
    JournalKind.SALE_REFUSED: N_("sale: refused"),
    JournalKind.SALE_DROPPED: N_("sale: given up"),
    JournalKind.SALE_NOTE: N_("sale: note"),
    JournalKind.REFUND: N_("refund"),
    JournalKind.REFUND_ASKED: N_("refund asked for"),
    JournalKind.REFUND_REFUSED: N_("refund refused"),
    JournalKind.REFUND_UNSEEN: N_("refund not seen to be done"),
    JournalKind.PAYMENT: N_("paid at the door"),
    JournalKind.PAYMENT_BACK: N_("handed back"),
    JournalKind.ORDER_CORRECTED: N_("order corrected"),
    JournalKind.ORDER_ANSWERS: N_("answers of the order"),
    JournalKind.SHIFT_OPEN: N_("till opened"),
    JournalKind.SHIFT_CLOSE: N_("till closed"),
    JournalKind.SHIFT_REOPEN: N_("till reopened"),
    JournalKind.FORGOTTEN: N_("forgotten"),
    JournalKind.PIN_SET: N_("PIN set"),
    JournalKind.PIN_REMOVED: N_("PIN removed"),
    JournalKind.UNLOCKED: N_("PIN given"),
    JournalKind.PIN_WRONG: N_("wrong PIN"),
}
VALUES: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("journal", "kind"): KINDS,
    ("queue", "kind"): {
        QueueKind.CHECK_IN: N_("check-in"),
        QueueKind.ANSWERS: N_("answers"),
        QueueKind.NAME: N_("name"),
    },
    ("queue", "state"): {
        QueueState.WAITING: N_("waiting"),
        QueueState.SENDING: N_("being sent"),
        QueueState.FAILED: N_("refused by the site"),
        QueueState.CONFLICT: N_("conflict"),
    },
    ("sales", "state"): {
        SaleState.QUEUED: N_("not yet issued"),
        SaleState.SENDING: N_("being placed"),
        SaleState.UNKNOWN: N_("not known yet"),
        SaleState.NOT_PLACED: N_("not placed"),
        SaleState.UNSURE: N_("cannot tell"),
        SaleState.FAILED: N_("refused, money taken"),
        SaleState.SOLD: N_("tickets being found"),
        SaleState.DONE: N_("sold"),
        SaleState.REFUSED: N_("refused"),
        SaleState.DROPPED: N_("given up"),
    },
}
"""What people call the values, by section and column."""
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
    events = {event.uuid: event for event in await context.stored()}
    for title, rows in found.items():
        if rows:
            words = SectionTexts(title, events)
            shown = _lines(rows, words) if title == "journal" else _facts(rows, words)
            print(f"{_(title.capitalize())}\n{folded(shown, sys.stdout, indent=4)}\n")
    if paths:
        print("\n".join([_("Files"), *(f"  {clean(path, LONGEST)}" for path in paths)]))


class SectionTexts:
    """Writes the values of one section as people read them."""

    def __init__(self, section: str, events: Mapping[str, Event]) -> None:
        """`events`: those that are known here, by uuid; times are in their zones."""
        self._section = section
        self._events = events

    def of(self, row: Mapping[str, Any], name: str) -> str:
        """The value of a column; empty: there is none."""
        value, event = row[name], self._events.get(str(row.get("event")))
        match value:
            case None | "" | []:
                return ""
            case 0 | 1 if name in YES_OR_NO:
                return _("yes") if value else _("no")
            case str() if name in MOMENTS:
                return _moment(value, event)
            case str() if name in MONEY:
                return _amount(value, str(row.get("currency") or ""))
            case str() if name == "verdict":
                return VerdictCode(value).word if value in set(VerdictCode) else value
            case str() if name == "event" and event is not None:
                return event.title or value
            case str() if (self._section, name) == ("orders", "state"):
                return _(value.lower())
            case str() if name == "reason":  # may be a sentence of ours, which is kept in English
                return _(value)
            case str():
                ours = VALUES.get((self._section, name), {}).get(value)
                return _(ours) if ours else value
        return _joined(value)


def _moment(text: str, event: Event | None) -> str:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{at.astimezone(event.zone if event else None):%Y-%m-%d %H:%M:%S}"


def _amount(text: str, currency: str) -> str:
    try:
        return local_amount(Decimal(text), currency)
    except InvalidOperation:
        return text


def _joined(value: object, between: str = "; ") -> str:
    """A list or a record without what is empty; an answer behind its question.

    `between`: what stands between its parts; within a part it is a comma.
    """
    match value:
        case {"heading": str(heading), "value": said, "headings": list(picked)} if heading:
            return f"{heading}: {said or ', '.join(map(str, picked))}"
        case list():
            return between.join(_joined(one, ", ") for one in value)
        case dict() if all(isinstance(one, str) for one in value.values()):
            return ", ".join(filter(None, value.values()))
        case dict():
            return between.join(
                f"{_(FIELDS.get(name, str(name)))}: {_joined(one, ', ')}"
                for name, one in value.items()
                if one not in (None, "", [])
            )
        case bool():
            return _("yes") if value else _("no")
    return str(value)


def _lines(rows: list[dict[str, Any]], words: SectionTexts) -> str:
    named = tuple(_(FIELDS[name]) for name in LINES)
    cells = [named, *(tuple(words.of(row, name) for name in LINES) for row in rows)]
    return "\n".join(f"  {line}" for line in aligned(cells).splitlines())


def _facts(rows: list[dict[str, Any]], words: SectionTexts) -> str:
    """Each row as a block of what it says."""
    blocks = (
        aligned(
            [
                (_(FIELDS.get(name, name)), clean(text, LONGEST))
                for name in row
                if (text := words.of(row, name))
            ]
        )
        for row in rows
    )
    return "\n\n".join("\n".join(f"  {line}" for line in block.splitlines()) for block in blocks)
