"""Rows of the journal: what happened at the door; and of the queue: what must reach the site.

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
"""Characters of what is kept of a reason."""


class JournalKind(StrEnum):
    SCAN = "scan"
    READ_TWICE = "read_twice"
    OVERRIDE = "override"
    UNDO = "undo"
    TAKEN_BACK = "taken_back"
    """The site keeps saying that a check-in which it had confirmed is undone."""
    IN_AGAIN = "in_again"
    """It says again that the ticket is in, maybe by another door."""
    RELEASED = "released"
    """Written by an earlier boxoffice, which undid a check-in where the site said it was undone."""

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
    """The doors of the venue that reach the site were asked to send it."""
    UNPOSTED = "unposted"
    """None of them had begun, and none will: it is undone, or sent from here."""
    DELIVERING = "delivering"
    """Another door's check-in is about to be sent."""
    DELIVERED = "delivered"
    """The site has it, on proof."""
    UNDELIVERED = "undelivered"

    TIE = "tie"
    UNTIE = "untie"
    RULE_ACCEPTED = "rule_accepted"
    RULE_DECLINED = "rule_declined"
    RULE_REVOKED = "rule_revoked"
    NUMBERS_ADMIT = "numbers_admit"
    NUMBERS_ASK = "numbers_ask"
    OPERATOR = "operator"
    """Another person is at the door, whom the row names as all rows do from then on."""

    SALE = "sale"
    """A sale was begun. The others name the state that it came to."""
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
    """Something was found out of a sale that stays where it stands."""

    REFUND = "refund"
    REFUND_ASKED = "refund_asked"
    """The site is about to be asked for it."""
    REFUND_REFUSED = "refund_refused"
    """It is surely not done."""
    REFUND_UNSEEN = "refund_unseen"
    """It was not seen to be done, though it may be yet."""
    PAYMENT = "payment"
    """An order of the site's was paid here, which has it as not paid."""
    PAYMENT_BACK = "payment_back"
    """That was handed back."""
    ORDER_CORRECTED = "order_corrected"
    ORDER_ANSWERS = "order_answers"

    SHIFT_OPEN = "shift_open"
    SHIFT_CLOSE = "shift_close"
    SHIFT_REOPEN = "shift_reopen"

    FORGOTTEN = "forgotten"
    """What was about people at the event is erased."""

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
    """Uuids, counts, money, what is for sale. It outlives `code` and `reason`, which are erased
    when the event is forgotten: nothing of a person."""


class LogRow(NamedTuple):
    id: int
    at: datetime
    lane: str
    operator: str
    entry: Entry
    own: datetime | None = None
    """What the computer's own clock showed; None: not known, or as `at`."""


def pending_refunds(log: Iterable[LogRow]) -> dict[str, LogRow]:
    """Of `log`, oldest first: what the site was asked to refund, by the order's uuid.

    Without what it refused, and what is noted as refunded. The newest row of each, REFUND_ASKED or
    REFUND_UNSEEN.
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
    """Something the server has still to be told, or that a person has to look at."""

    id: int
    kind: QueueKind
    state: QueueState
    ticket: str
    event: str
    at: datetime
    lane: str
    operator: str
    given: tuple[AnswerInput, ...] = ()
    """What to answer, for `QueueKind.ANSWERS`."""
    full_name: str = ""
    """What to write, for `QueueKind.NAME`."""
    read_first: bool = False
    """Decided without the server: it must be read before it is written."""
    attempted: bool = False
    """A write has left before, and what became of it is not known."""
    tries: int = 0
    due: datetime | None = None
    reason: str = ""


LOST_IS_NEWS = timedelta(hours=12)
"""For so long the door and each command say that the journal was lost; its report always does."""


def describe_lost(at: datetime) -> str:
    """Of a journal that was not there `at` that time, in a sentence for a steward."""
    return _(
        "The journal of this computer was gone or empty on {day} at {time}, and was begun anew: "
        "it does not know who was let in before, what was sold, and what was still to be sent. "
        "What is left of the old file gives that with boxoffice queue export --from FILE."
    ).format(day=format_day(at.date(), at.date()), time=f"{at:%H:%M}")


class Counts(NamedTuple):
    """How many rows of the queue, and sales, stand where."""

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
        """What the server has not been told yet, or has not answered."""
        return self.waiting + self.sending + self.sales_open

    @property
    def attention(self) -> int:
        """Rows and sales that need a person."""
        return self.failed + self.conflicts + self.sales_stuck


def left_undone(scans: int, counts: Counts, *, sale: bool = False, hub: bool = False) -> str:
    """What quitting now would leave, in sentences.

    `scans`: so many are not answered yet. `sale`: one was begun, and is only in memory. `hub`: this
    computer is it.
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
