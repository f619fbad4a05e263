"""The rule of the door: from what is known to the verdict, the same online and offline.

`decide` judges a ticket by the facts it is given. CONTRIBUTING.md, promises 3 and 10.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from boxoffice.domain.badges import NO_BADGES, BadgePolicy
from boxoffice.domain.codes import NO_FRAMING, Framing
from boxoffice.domain.highlights import NO_HIGHLIGHTS, HighlightPolicy
from boxoffice.domain.humanize import format_day, format_duration, format_time
from boxoffice.domain.models import (
    Admission,
    CheckInWindow,
    Event,
    Order,
    OrderStatus,
    Question,
    Ticket,
    may_lag,
)
from boxoffice.domain.questions import still_open
from boxoffice.domain.venue import Claim
from boxoffice.domain.verdicts import ALWAYS_OVERRIDABLE, Verdict, VerdictCode
from boxoffice.language import N_, _, ngettext

TAKEN_BACK = N_("the site says that it was taken back since")
MAY_BE_OLD = N_("the site's answer says that it is not in, but may be older: scan again in a while")
SHOWN_IN_SECONDS = 120
"""Up to here a check-in of ours is said in seconds: a ticket handed back over the rope."""


class DoorPolicy(NamedTuple):
    """What the organiser has settled for a door. Titles of ticket types are case-folded."""

    doors: frozenset[str] = frozenset()
    """Titles of the ticket types that are admitted; empty: all."""
    extras: frozenset[str] = frozenset()
    """Titles of the ticket types that are merchandise: handed out, and no admission."""
    may_override: frozenset[VerdictCode] = ALWAYS_OVERRIDABLE
    """What a person may set aside."""
    paid_states: frozenset[str] = frozenset()
    """States of an order, in upper case, that admit beside those that always do."""
    numbers_admit: bool = False
    """A ticket's bare number admits when it is scanned, without CHECK THE NAME."""
    framing: Framing = NO_FRAMING
    """What the scanners are set to put around a code."""
    highlights: HighlightPolicy = NO_HIGHLIGHTS
    """What is to be seen of a guest beside the verdict."""
    badges: BadgePolicy = NO_BADGES
    """What is printed for a guest to wear."""
    pay_at_door: bool = False
    """An order that is not paid can be paid here."""
    alone_asks: bool = False
    """While the venue's hub cannot be reached, a person has to say why somebody is let in."""

    @property
    def answers_used(self) -> HighlightPolicy:
        """All answers that are needed here, on the band or on badges."""
        return self.highlights._replace(show=self.highlights.show + self.badges.show)


class Facts(NamedTuple):
    ticket: Ticket
    event: Event
    """The event of this door."""
    now: datetime
    confirmed: bool
    """The server was read just before; else this is what the computer's own list says."""
    reports_out: bool = False
    """The server's read says that it is not in, though the list has just seen it in."""
    admission: Admission | None = None
    """Ours, from the journal."""
    undone_at: datetime | None = None
    """When we undid our own check-in of it at the server, and made none since."""
    claim: Claim | None = None
    """Another door's of the venue, by which the ticket is in."""
    seen_in: CheckInWindow | None = None
    order: Order | None = None
    unanswered: tuple[Question, ...] | None = None
    """Required questions without an answer; None: not checked."""
    has_required: bool = False
    """The event asks required questions of this ticket."""
    policy: DoorPolicy = DoorPolicy()
    paid_here: str = ""
    """How its order was paid at this computer, whatever the site says; empty: it was not."""
    overridden: frozenset[VerdictCode] = frozenset()
    """What a person has set aside for this ticket."""
    event_titles: Mapping[str, str] = {}
    """Titles of the organiser's events by uuid."""
    list_age: timedelta | None = None
    """Age of the computer's own list; None: there is none."""

    @property
    def is_extra(self) -> bool:
        return self.ticket.ticket_type.casefold() in self.policy.extras

    @property
    def set_aside(self) -> frozenset[VerdictCode]:
        """What does not keep this ticket out any more."""
        return self.overridden & self.overridable

    @property
    def overridable(self) -> frozenset[VerdictCode]:
        """What a person at this lane may set aside for this ticket.

        ALREADY IN only where what the site says speaks against it: it took our check-in back, or
        another door's, it may only lag behind our undo, or its read and its list do not agree.
        """
        ours = self.admission
        hidden = self.reports_out and (self.ticket.checked_in or self.claim is not None)
        in_doubt = ours.taken_back if ours is not None else hidden or _may_be_undone_here(self)
        if in_doubt:
            return self.policy.may_override | {VerdictCode.ALREADY_IN}
        return self.policy.may_override - {VerdictCode.ALREADY_IN}


def decide(facts: Facts) -> Verdict:
    """Judge one ticket: its validity first, then whether it is in, then its questions."""
    open_questions = still_open(facts.unanswered or (), ())
    for check in _CHECKS:
        found = check(facts)
        if found is None or found[0] in facts.set_aside:
            continue
        code, reason = found
        return Verdict(
            code,
            reason,
            confirmed=facts.confirmed,
            ticket=facts.ticket,
            questions=open_questions if code is VerdictCode.ANSWERS_NEEDED else (),
            can_override=code in facts.overridable,
            can_pay=code is VerdictCode.NOT_PAID and facts.policy.pay_at_door,
        )
    return Verdict(
        VerdictCode.HANDED_OUT if facts.is_extra else VerdictCode.ADMITTED,
        _why_green(facts),
        confirmed=facts.confirmed,
        ticket=facts.ticket,
        instead_of=facts.admission.journal if facts.admission else None,
        rests_on=_rests_on(facts),
        list_age=facts.list_age,
    )


ALL_BUT_IN = frozenset(VerdictCode) - {VerdictCode.ALREADY_IN}


def already_in(facts: Facts) -> Verdict:
    """The verdict on a ticket that somebody else has admitted in this very moment.

    `facts`: with the admission or the claim that says so; nothing else counts.
    """
    policy = facts.policy._replace(may_override=ALL_BUT_IN)
    return decide(facts._replace(confirmed=False, policy=policy, overridden=ALL_BUT_IN))


_Found = tuple[VerdictCode, str] | None


def _event_of(facts: Facts) -> str:
    """The ticket's event; a single ticket comes without one, its order or our admission has it."""
    return (
        facts.ticket.event
        or (facts.order.event if facts.order else None)
        or (facts.admission.event if facts.admission else "")
    )


def _wrong_event(facts: Facts) -> _Found:
    event = _event_of(facts)
    if event in ("", facts.event.uuid):
        return None
    title = facts.event_titles.get(event)
    reason = (
        _("This ticket is for {event}").format(event=title)
        if title
        else _("This ticket is for another event")
    )
    return VerdictCode.WRONG_EVENT, reason


def _refunded(facts: Facts) -> _Found:
    if facts.ticket.refunded:
        return VerdictCode.REFUNDED, _("This ticket was refunded")
    order = facts.order
    if order is None:
        return None
    if order.status is OrderStatus.REFUNDED and not order.partly:
        return VerdictCode.REFUNDED, _("{order} was refunded").format(order=_order(order))
    if order.status is OrderStatus.CANCELLED:
        return VerdictCode.REFUNDED, _("{order} was cancelled").format(order=_order(order))
    return None


def _not_paid(facts: Facts) -> _Found:
    order, policy = facts.order, facts.policy
    if order is None or facts.paid_here:
        return None
    if order.by(policy.paid_states).status is not OrderStatus.UNPAID:
        return None
    if order.is_new:
        reason = _("{order} is not paid: send to the ticket desk")
        if policy.pay_at_door:
            reason = _("{order} is not paid: it can be paid here")
    else:
        reason = _("{order} is not paid (the site says {state}): send to the ticket desk")
        if policy.pay_at_door:
            reason = _("{order} is not paid (the site says {state}): it can be paid here")
    return VerdictCode.NOT_PAID, reason.format(order=_order(order), state=order.state)


def _no_event(facts: Facts) -> _Found:
    if _event_of(facts):
        return None
    if facts.list_age is None:
        return VerdictCode.CANNOT_TELL, _("It is not known which event this ticket is for")
    reason = _("It is not known which event this ticket is for; the list is {age} old")
    return VerdictCode.CANNOT_TELL, reason.format(age=format_duration(facts.list_age))


def _wrong_day(facts: Facts) -> _Found:
    valid, event, now = _valid_on(facts), facts.event, facts.now
    if valid is None or event.days.is_on(valid, now):
        return None
    today = event.today(now)
    reason = (
        _("Valid on {day}: the night of {today} still lasts")
        if valid > today and valid == now.astimezone(event.zone).date()
        else _("Valid on {day}, today is {today}")
    )
    day, night = format_day(valid, today), format_day(today, today)
    return VerdictCode.WRONG_DAY, reason.format(day=day, today=night)


def _wrong_door(facts: Facts) -> _Found:
    kind = facts.ticket.ticket_type
    if not facts.policy.doors or kind.casefold() in facts.policy.doors:
        return None
    if not kind:
        return VerdictCode.WRONG_DOOR, _("Its type is not known, and this door admits only some")
    return VerdictCode.WRONG_DOOR, _("{kind} is not admitted at this door").format(kind=kind)


def _already_in(facts: Facts) -> _Found:
    ours = facts.admission
    if ours is not None:
        return VerdictCode.ALREADY_IN, _checked_in_here(facts, ours)
    if facts.claim is not None:
        return VerdictCode.ALREADY_IN, _checked_in_at(facts, facts.claim)
    if not facts.ticket.checked_in:
        return None
    if facts.undone_at is not None and _may_be_undone_here(facts):
        seconds = _seconds_ago(facts, facts.undone_at)
        reason = (
            _("Undone here at {time}; the site still says that it is in")
            if seconds is None
            else _("Undone here {n} s ago; the site still says that it is in")
        )
        return VerdictCode.ALREADY_IN, reason.format(n=seconds, time=_time(facts, facts.undone_at))
    return VerdictCode.ALREADY_IN, _checked_in_elsewhere(facts) + (
        f"; {_(MAY_BE_OLD)}" if facts.reports_out else ""
    )


def _checked_in_at(facts: Facts, claim: Claim) -> str:
    reason = (
        _("{done} at {lane} at {time}") if claim.lane else _("{done} at another door at {time}")
    ).format(done=_done(facts), lane=claim.lane, time=_time(facts, claim.at))
    return f"{reason}; {_(TAKEN_BACK)}" if facts.reports_out else reason


def _checked_in_elsewhere(facts: Facts) -> str:
    seen, done = facts.seen_in, _done(facts)
    if seen is None:
        return _("{done} at another door, when is not known").format(done=done)
    before = format_time(seen.before, facts.event, facts.now)
    if seen.after is None:
        reason = _("{done} before this list was first read at {time}")
        return reason.format(done=done, time=before)
    after = format_time(seen.after, facts.event, facts.now)
    if after == before:
        return _("{done} at another door at {time}").format(done=done, time=before)
    reason = _("{done} at another door between {after} and {before}")
    return reason.format(done=done, after=after, before=before)


def _checked_in_here(facts: Facts, ours: Admission) -> str:
    done, time = _done(facts), _time(facts, ours.at)
    at = _("{done} here at {time}").format(done=done, time=time)
    if ours.taken_back:
        return f"{at}; {_(TAKEN_BACK)}"
    if (seconds := _seconds_ago(facts, ours.at)) is not None:
        return _("{done} here {n} s ago").format(done=done, n=seconds)
    if not ours.operator:
        return at
    reason = _("{done} here at {time} by {operator}")
    return reason.format(done=done, time=time, operator=ours.operator)


def _done(facts: Facts) -> str:
    return _("Handed out") if facts.is_extra else _("Checked in")


def _may_be_undone_here(facts: Facts) -> bool:
    """Whether “in” may be our own check-in, which was undone, and not another door's."""
    if facts.undone_at is None or not facts.ticket.checked_in:
        return False
    looked = facts.now if facts.confirmed or facts.seen_in is None else facts.seen_in.before
    return may_lag(facts.undone_at, looked)


def _time(facts: Facts, moment: datetime) -> str:
    return format_time(moment, facts.event, facts.now)


def _seconds_ago(facts: Facts, moment: datetime) -> int | None:
    """None: longer ago than is said in seconds, or the clock was set back."""
    seconds = int((facts.now - moment).total_seconds())
    return seconds if moment <= facts.now and seconds < SHOWN_IN_SECONDS else None


def _answers_needed(facts: Facts) -> _Found:
    needed = still_open(facts.unanswered or (), ())
    if not needed:
        return None
    reason = ngettext(
        "{n} required question without an answer",
        "{n} required questions without an answer",
        len(needed),
    )
    return VerdictCode.ANSWERS_NEEDED, reason.format(n=len(needed))


_CHECKS = (
    _wrong_event,
    _refunded,
    _not_paid,
    _no_event,
    _wrong_day,
    _wrong_door,
    _already_in,
    _answers_needed,
)
"""In the order in which they count: validity, then already in, then questions."""


def _rests_on(facts: Facts) -> str:
    if facts.confirmed and VerdictCode.ALREADY_IN in facts.set_aside:
        return _("Valid")
    if facts.confirmed and facts.is_extra:
        return _("Valid, and not handed out before")
    if facts.confirmed:
        return _("Valid, and not in before")
    if facts.list_age is None:
        return _("By what this computer has")
    return _("By the list of {age} ago").format(age=format_duration(facts.list_age))


def _why_green(facts: Facts) -> str:
    notes = [_rests_on(facts)]
    if facts.has_required and facts.unanswered is None:
        notes.append(_("questions not checked"))
    if facts.confirmed and facts.ticket.order and facts.order is None:
        notes.append(_("payment not checked"))
    if facts.paid_here:
        notes.append(facts.paid_here)
        if facts.order and facts.order.by(facts.policy.paid_states).status is OrderStatus.PAID:
            notes.append(_("but the site has it as paid by now: give the money back, by the order"))
    if facts.ticket.date and _valid_on(facts) is None:
        notes.append(_("its date cannot be read"))
    notes.extend(
        _("{verdict} overridden").format(verdict=code.word.lower())
        for code in sorted(facts.set_aside, key=list(VerdictCode).index)
    )
    return "; ".join(notes)


def _valid_on(facts: Facts) -> date | None:
    """The one day the ticket is valid on; None: any, or its date cannot be read."""
    if not facts.ticket.date:
        return None
    try:
        return facts.event.days.day_of(datetime.fromisoformat(facts.ticket.date.strip()))
    except (ValueError, OverflowError):
        return None


def _order(order: Order) -> str:
    if not order.order_id:
        return _("Its order")
    return _("Order {number}").format(number=order.order_id)
