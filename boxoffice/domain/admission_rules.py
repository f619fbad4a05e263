"""The rules of the door: `decide` turns the facts about a ticket into a verdict.

It is a pure function, and the same one online and offline. CONTRIBUTING.md, promises 3 and 10.
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
"""A check-in of ours that is younger is given in seconds, as in “checked in here 4 s ago”: it may
be the same ticket, handed back over the rope to the next person."""


class DoorPolicy(NamedTuple):
    """The organiser's settings for a door. Titles of ticket types are case-folded."""

    doors: frozenset[str] = frozenset()
    """Titles of the ticket types that this door admits; empty: all."""
    extras: frozenset[str] = frozenset()
    """Titles of the ticket types that are merchandise, which is handed out and admits nobody."""
    may_override: frozenset[VerdictCode] = ALWAYS_OVERRIDABLE
    """The verdicts that a person may set aside."""
    paid_states: frozenset[str] = frozenset()
    """States of an order, in upper case, that count as paid here, besides those that always do."""
    numbers_admit: bool = False
    """A ticket's bare number admits when it is scanned, without CHECK THE NAME."""
    framing: Framing = NO_FRAMING
    """The prefix and suffix that the scanners are set to put around a code."""
    highlights: HighlightPolicy = NO_HIGHLIGHTS
    """What the band shows of a guest beside the verdict."""
    badges: BadgePolicy = NO_BADGES
    """What is printed for a guest to wear."""
    pay_at_door: bool = False
    """An order that is not paid can be paid here."""
    alone_asks: bool = False
    """While the venue's hub cannot be reached, a person has to give a reason to admit anybody."""

    @property
    def answers_used(self) -> HighlightPolicy:
        """The answers that this door needs, for the band or for badges."""
        return self.highlights._replace(show=self.highlights.show + self.badges.show)


class Facts(NamedTuple):
    """What is known about one ticket at the moment it is judged."""

    ticket: Ticket
    event: Event
    """The event of this door."""
    now: datetime
    confirmed: bool
    """The server was read just before; otherwise the facts are from this computer's own list."""
    reports_out: bool = False
    """The server has just answered “not checked in”, whatever the list or another door says."""
    admission: Admission | None = None
    """This computer's own admission of the ticket, from the journal."""
    undone_at: datetime | None = None
    """When this computer undid its check-in at the server; None: never, or it made a new one."""
    claim: Claim | None = None
    """Another door of the venue has the ticket in by this claim."""
    seen_in: CheckInWindow | None = None
    """Between which readings of the list it came in at another door."""
    order: Order | None = None
    unanswered: tuple[Question, ...] | None = None
    """Required questions without an answer; None: not checked."""
    has_required: bool = False
    """The event asks required questions of this ticket."""
    policy: DoorPolicy = DoorPolicy()
    paid_here: str = ""
    """A sentence: how its order was paid at this computer, whatever the site says; empty: not."""
    overridden: frozenset[VerdictCode] = frozenset()
    """The verdicts that a person has set aside for this ticket."""
    event_titles: Mapping[str, str] = {}
    """Titles of the organiser's events by uuid."""
    list_age: timedelta | None = None
    """Age of the computer's own list; None: there is none."""

    @property
    def is_extra(self) -> bool:
        return self.ticket.ticket_type.casefold() in self.policy.extras

    @property
    def set_aside(self) -> frozenset[VerdictCode]:
        """The verdicts that no longer keep this ticket out."""
        return self.overridden & self.overridable

    @property
    def overridable(self) -> frozenset[VerdictCode]:
        """The verdicts that a person at this lane may set aside for this ticket.

        ALREADY IN only where that is in doubt: the site took back our check-in, or another door's,
        its answer may be older than our undo, or its list and its answer disagree.
        """
        ours = self.admission
        hidden = self.reports_out and (self.ticket.checked_in or self.claim is not None)
        in_doubt = ours.taken_back if ours is not None else hidden or _may_be_undone_here(self)
        if in_doubt:
            return self.policy.may_override | {VerdictCode.ALREADY_IN}
        return self.policy.may_override - {VerdictCode.ALREADY_IN}


def decide(facts: Facts) -> Verdict:
    """Judge one ticket: is it valid, then is it already in, then are its questions answered."""
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
            questions=_open_questions(facts) if code is VerdictCode.ANSWERS_NEEDED else (),
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


def already_in(facts: Facts) -> Verdict:
    """The verdict on a ticket that somebody else admitted while we were judging it.

    `facts` hold their admission or claim. Whatever else they say is set aside, since that was
    judged before.
    """
    all_but_in = frozenset(VerdictCode) - {VerdictCode.ALREADY_IN}
    policy = facts.policy._replace(may_override=all_but_in)
    return decide(facts._replace(confirmed=False, policy=policy, overridden=all_but_in))


_Found = tuple[VerdictCode, str] | None


def _event_of(facts: Facts) -> str:
    """The ticket's event, else (the API leaves it out of single tickets) its order's or ours."""
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
    """Whether “checked in” may still be our own check-in, which we have undone since."""
    if facts.undone_at is None or not facts.ticket.checked_in:
        return False
    looked = facts.now if facts.confirmed or facts.seen_in is None else facts.seen_in.before
    return may_lag(facts.undone_at, looked)


def _time(facts: Facts, moment: datetime) -> str:
    return format_time(moment, facts.event, facts.now)


def _seconds_ago(facts: Facts, moment: datetime) -> int | None:
    """Seconds since `moment`; None: SHOWN_IN_SECONDS or more, or the clock was set back."""
    seconds = int((facts.now - moment).total_seconds())
    return seconds if moment <= facts.now and seconds < SHOWN_IN_SECONDS else None


def _open_questions(facts: Facts) -> tuple[Question, ...]:
    return still_open(facts.unanswered or (), ())


def _answers_needed(facts: Facts) -> _Found:
    needed = _open_questions(facts)
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
"""The first that finds something decides: validity, then already in, then questions."""


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
    """The one day the ticket is valid on; None: any day, or its date cannot be read."""
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
