"""The rows of the journal (what happened at the door) and of the queue (what must reach the site).

CONTRIBUTING.md, promises 2 and 9.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from boxoffice.domain.humanize import format_day
from boxoffice.domain.models import AnswerInput
from boxoffice.language import _, ngettext

REASON_LIMIT = 500
"""Characters of a reason that are stored."""


class JournalKind(StrEnum):
    SCAN = "scan"
    READ_TWICE = "read_twice"
    OVERRIDE = "override"
    UNDO = "undo"
    TAKEN_BACK = "taken_back"
    """The site keeps saying that a ticket is not in, though it had confirmed the check-in."""
    IN_AGAIN = "in_again"
    """The site says again that the ticket is in, maybe by another door."""
    RELEASED = "released"
    """Only in old files: earlier versions undid a check-in when the site said it was undone."""

    ANSWERS = "answers"
    NAME = "name"

    SENT = "sent"
    OUTCOME = "outcome"
    POSTPONED = "postponed"
    FAILED = "failed"
    CONFLICT = "conflict"
    RETRY = "retry"
    RETIRED = "retired"
    DISMISSED = "dismissed"
    RECOVERED = "recovered"

    POSTED = "posted"
    """The doors of the venue that reach the site were asked to send the check-in."""
    UNPOSTED = "unposted"
    """The check-in is undone, or sent from here: no other door had begun, and none will."""
    DELIVERING = "delivering"
    """Another door's check-in is about to be sent."""
    DELIVERED = "delivered"
    """There is proof that the site has it."""
    UNDELIVERED = "undelivered"

    TIE = "tie"
    UNTIE = "untie"
    RULE_ACCEPTED = "rule_accepted"
    RULE_DECLINED = "rule_declined"
    RULE_REVOKED = "rule_revoked"
    NUMBERS_ADMIT = "numbers_admit"
    NUMBERS_ASK = "numbers_ask"
    OPERATOR = "operator"
    """Another person is at the door, named on this row and all that follow."""

    SALE = "sale"
    """A sale was begun. The kinds that follow name the state that it is in."""
    SALE_QUEUED = "sale_queued"
    SALE_SENDING = "sale_sending"
    SALE_UNKNOWN = "sale_unknown"
    SALE_NOT_PLACED = "sale_not_placed"
    SALE_UNSURE = "sale_unsure"
    SALE_FAILED = "sale_failed"
    SALE_SOLD = "sale_sold"
    SALE_DONE = "sale_done"
    SALE_REFUSED = "sale_refused"
    SALE_DROPPED = "sale_dropped"
    SALE_NOTE = "sale_note"
    """Something was found out about a sale, whose state stays the same."""

    REFUND = "refund"
    REFUND_ASKED = "refund_asked"
    """The site is about to be asked for it."""
    REFUND_REFUSED = "refund_refused"
    """It surely was not done."""
    REFUND_UNSEEN = "refund_unseen"
    """The site was seen without it, though it may still be done."""
    PAYMENT = "payment"
    """An order that the site has as not paid was paid here."""
    PAYMENT_BACK = "payment_back"
    """Such a payment was handed back."""
    ORDER_CORRECTED = "order_corrected"
    ORDER_ANSWERS = "order_answers"

    SHIFT_OPEN = "shift_open"
    SHIFT_CLOSE = "shift_close"
    SHIFT_REOPEN = "shift_reopen"

    FORGOTTEN = "forgotten"
    """What was stored about people at the event is erased."""

    PIN_SET = "pin_set"
    PIN_REMOVED = "pin_removed"
    UNLOCKED = "unlocked"
    """The PIN was given, for the act in `data`."""
    PIN_WRONG = "pin_wrong"


class Entry(NamedTuple):
    """Something that happened. The journal adds the time, the lane and the operator."""

    kind: JournalKind
    event: str | None = None
    ticket: str | None = None
    code: str | None = None
    """What was scanned."""
    verdict: str | None = None
    confirmed: bool | None = None
    """The server was asked for the verdict, or has done the undo."""
    reason: str = ""
    data: Mapping[str, object] | None = None
    """Uuids, counts, money, what is for sale; nothing about a person. It stays when the event is
    forgotten, while `code` and `reason` are erased."""


class LogRow(NamedTuple):
    id: int
    at: datetime
    lane: str
    operator: str
    entry: Entry
    own: datetime | None = None
    """The time by the computer's own clock; None: not known, or the same as `at`."""


def pending_refunds(log: Iterable[LogRow]) -> dict[str, LogRow]:
    """By the order's uuid: refunds that were asked for, and are neither refused nor booked.

    `log`: oldest first. Returns the newest row of each, REFUND_ASKED or REFUND_UNSEEN.
    """
    asked: dict[str, LogRow] = {}
    for row in log:
        order = str((row.entry.data or {}).get("order"))
        if row.entry.kind in (JournalKind.REFUND_ASKED, JournalKind.REFUND_UNSEEN):
            asked[order] = row
        elif row.entry.kind in (JournalKind.REFUND_REFUSED, JournalKind.REFUND):
            asked.pop(order, None)
    return asked


# The queue


class QueueKind(StrEnum):
    CHECK_IN = "check_in"
    ANSWERS = "answers"
    NAME = "name"


class QueueState(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"
    FAILED = "failed"
    CONFLICT = "conflict"


class QueueRow(NamedTuple):
    """Something that still has to be sent to the server, or that a person has to look at."""

    id: int
    kind: QueueKind
    state: QueueState
    ticket: str
    event: str
    at: datetime
    lane: str
    operator: str
    given: tuple[AnswerInput, ...] = ()
    """The answers, for `QueueKind.ANSWERS`."""
    full_name: str = ""
    """The name, for `QueueKind.NAME`."""
    read_first: bool = False
    """It was decided without the server, so the ticket must be read before it is written."""
    attempted: bool = False
    """It was sent before, and it is not known what became of that."""
    tries: int = 0
    due: datetime | None = None
    reason: str = ""


LOST_IS_NEWS = timedelta(hours=12)
"""For so long the door and each command say that the journal was lost; its report always does."""


def describe_lost(at: datetime) -> str:
    """A sentence for a steward about a journal that was found to be lost, `at` that time."""
    return _(
        "The journal of this computer was gone or empty on {day} at {time}, and was begun anew: "
        "it does not know who was let in before, what was sold, and what was still to be sent. "
        "What is left of the old file gives that with boxoffice queue export --from FILE."
    ).format(day=format_day(at.date(), at.date()), time=f"{at:%H:%M}")


class Counts(NamedTuple):
    """How many rows of the queue, and sales, are in each state."""

    waiting: int = 0
    sending: int = 0
    failed: int = 0
    conflicts: int = 0
    sales_open: int = 0
    """Sales that are not settled, and need nobody so far."""
    sales_stuck: int = 0
    """Sales that need a person."""

    @property
    def unsent(self) -> int:
        """How much was not sent to the server yet, or not answered by it."""
        return self.waiting + self.sending + self.sales_open

    @property
    def attention(self) -> int:
        """Rows and sales that need a person."""
        return self.failed + self.conflicts + self.sales_stuck


def left_undone(scans: int, counts: Counts, *, sale: bool = False, hub: bool = False) -> str:
    """What quitting now would leave undone, in sentences; empty: nothing.

    `scans`: how many are not answered yet. `sale`: a sale was begun and is only in memory. `hub`:
    this computer is the hub.
    """
    left = [_("This computer is the hub: without it the other doors go on alone.")] if hub else []
    if scans:
        unanswered = ngettext(
            "{n} scan is not answered yet.", "{n} scans are not answered yet.", scans
        )
        left.append(unanswered.format(n=scans))
    if unsent := counts.unsent:
        to_send = ngettext(
            "{n} change made here is not at the site yet. Nothing is lost: it is sent when "
            "boxoffice runs again on this computer.",
            "{n} changes made here are not at the site yet. Nothing is lost: they are sent when "
            "boxoffice runs again on this computer.",
            unsent,
        )
        left.append(to_send.format(n=unsent))
    if stuck := counts.attention:
        to_settle = ngettext(
            "{n} in the queue (F6) needs a person.", "{n} in the queue (F6) need a person.", stuck
        )
        left.append(to_settle.format(n=stuck))
    if sale:
        left.append(_("The half-done sale will be lost."))
    return " ".join(left)
