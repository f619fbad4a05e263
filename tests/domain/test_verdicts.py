"""The verdict: every row of the table, and whose day it is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from boxoffice.domain.admission_rules import MAY_BE_OLD, DoorPolicy, Facts, decide
from boxoffice.domain.models import (
    KEPT_SAYING,
    LAG,
    Admission,
    CheckInWindow,
    Event,
    Order,
    Question,
    Ticket,
)
from boxoffice.domain.verdicts import VerdictCode
from tests.support import table

EVENT = Event("e" * 32, "Winter Ball", timezone="Europe/Copenhagen")
OTHER = "f" * 32
TICKET = Ticket("a" * 32, EVENT.uuid, False, full_name="Søren Ågård", ticket_type="Standard")
NOW = datetime(2026, 11, 23, 18, 10, tzinfo=UTC)
"""Monday 19:10 at the event."""
DIET = Question("d" * 32, "Diet", required=True)
OURS = Admission(
    TICKET.uuid, EVENT.uuid, datetime(2026, 11, 23, 18, 2, tzinfo=UTC), "A", "Anna", True
)
DOUBTED = OURS._replace(said_out=1)
BACK = OURS._replace(said_out=KEPT_SAYING)
FACTS = Facts(ticket=TICKET, event=EVENT, now=NOW, confirmed=True, list_age=timedelta(minutes=3))


def facts(**changes: Any) -> Facts:
    """Of a ticket that may enter, but for `changes`: of facts, of policy, else of the ticket."""
    of_facts, of_policy = (
        {name: changes.pop(name) for name in kind._fields if name in changes}
        for kind in (Facts, DoorPolicy)
    )
    policy = DoorPolicy()._replace(**of_policy)
    return FACTS._replace(ticket=TICKET._replace(**changes), policy=policy, **of_facts)


def order(**values: Any) -> Order:
    return Order("0" * 32, **values)


def at(hour: int, minute: int, day: int = 23) -> datetime:
    """A moment given as the event's own clocks show it."""
    return datetime(2026, 11, day, hour, minute, tzinfo=EVENT.zone)


@table(
    ("changes", "code", "reason"),
    [
        ({}, "admitted", "Valid, and not in before"),
        ({"confirmed": False}, "admitted", "By the list of 3 min ago"),
        ({"confirmed": False, "list_age": None}, "admitted", "By what this computer has"),
        (
            {"confirmed": False, "has_required": True},
            "admitted",
            "By the list of 3 min ago; questions not checked",
        ),
        ({"has_required": True, "unanswered": ()}, "admitted", "Valid, and not in before"),
        ({"order": order(order_id="dZy1", state="PAID")}, "admitted", "Valid, and not in before"),
        ({"order": order(order_id="dZy1", state="")}, "admitted", "Valid, and not in before"),
        # Checked in already
        ({"admission": OURS}, "already_in", "Checked in here at 19:02 by Anna"),
        (
            {"admission": OURS, "checked_in": True, "confirmed": False},
            "already_in",
            "Checked in here at 19:02 by Anna",
        ),
        (
            {"admission": OURS._replace(operator="", at=at(23, 50, day=22))},
            "already_in",
            "Checked in here at 23:50 on Sun 22 Nov",
        ),
        (
            {"checked_in": True, "seen_in": CheckInWindow(at(19, 2), at(19, 4))},
            "already_in",
            "Checked in at another door between 19:02 and 19:04",
        ),
        (
            {
                "checked_in": True,
                "reports_out": True,
                "seen_in": CheckInWindow(at(19, 8), at(19, 9)),
            },
            "already_in",
            f"Checked in at another door between 19:08 and 19:09; {MAY_BE_OLD}",
        ),
        (
            {"checked_in": True, "seen_in": CheckInWindow(at(19, 4), at(19, 4))},
            "already_in",
            "Checked in at another door at 19:04",
        ),
        (
            {"checked_in": True, "seen_in": CheckInWindow(None, at(18, 40))},
            "already_in",
            "Checked in before this list was first read at 18:40",
        ),
        ({"checked_in": True}, "already_in", "Checked in at another door, when is not known"),
        # Checked in here a moment ago
        (
            {"admission": OURS._replace(at=NOW - timedelta(seconds=4, milliseconds=900))},
            "already_in",
            "Checked in here 4 s ago",
        ),
        ({"admission": OURS._replace(at=NOW)}, "already_in", "Checked in here 0 s ago"),
        (
            {"admission": OURS._replace(at=NOW - timedelta(seconds=119))},
            "already_in",
            "Checked in here 119 s ago",
        ),
        (
            {"admission": OURS._replace(at=NOW - timedelta(seconds=120))},
            "already_in",
            "Checked in here at 19:08 by Anna",
        ),
        (
            {"admission": OURS._replace(at=NOW + timedelta(minutes=1))},
            "already_in",
            "Checked in here at 19:11 by Anna",
        ),
        # The site took it back, or keeps saying so
        ({"admission": DOUBTED}, "already_in", "Checked in here at 19:02 by Anna"),
        (
            {"admission": BACK},
            "already_in",
            "Checked in here at 19:02; the site says that it was taken back since",
        ),
        (
            {"admission": BACK, "overridden": frozenset({VerdictCode.ALREADY_IN})},
            "admitted",
            "Valid; already in overridden",
        ),
        (
            {
                "admission": BACK,
                "confirmed": False,
                "overridden": frozenset({VerdictCode.ALREADY_IN}),
            },
            "admitted",
            "By the list of 3 min ago; already in overridden",
        ),
        # Undone here, and the site may lag behind that
        (
            {"checked_in": True, "undone_at": NOW - timedelta(seconds=4)},
            "already_in",
            "Undone here 4 s ago; the site still says that it is in",
        ),
        (
            {"checked_in": True, "undone_at": NOW - LAG},
            "already_in",
            "Undone here at 19:07; the site still says that it is in",
        ),
        (
            {"checked_in": True, "undone_at": NOW - LAG - timedelta(seconds=1)},
            "already_in",
            "Checked in at another door, when is not known",
        ),
        (
            {
                "checked_in": True,
                "confirmed": False,
                "undone_at": at(18, 0),
                "seen_in": CheckInWindow(at(18, 0), at(18, 1)),
            },
            "already_in",
            "Undone here at 18:00; the site still says that it is in",
        ),
        (
            {
                "checked_in": True,
                "confirmed": False,
                "undone_at": at(18, 0),
                "seen_in": CheckInWindow(at(18, 4), at(18, 5)),
            },
            "already_in",
            "Checked in at another door between 18:04 and 18:05",
        ),
        ({"undone_at": NOW}, "admitted", "Valid, and not in before"),
        # Another door let the person out of the list again
        ({"seen_in": CheckInWindow(None, at(18, 40))}, "admitted", "Valid, and not in before"),
        # Questions
        ({"unanswered": (DIET,)}, "answers_needed", "1 required question without an answer"),
        (
            {"unanswered": (DIET, replace(DIET, uuid="1" * 32)), "confirmed": False},
            "answers_needed",
            "2 required questions without an answer",
        ),
        ({"unanswered": (replace(DIET, required=False),)}, "admitted", "Valid, and not in before"),
        ({"unanswered": (replace(DIET, active=False),)}, "admitted", "Valid, and not in before"),
        # Not valid
        ({"refunded": True}, "refunded", "This ticket was refunded"),
        (
            {"order": order(order_id="dZy1", state="REFUND")},
            "refunded",
            "Order dZy1 was refunded",
        ),
        ({"order": order(state="PAID", refunded=True)}, "refunded", "Its order was refunded"),
        (
            {"order": order(order_id="dZy1", state="CANCELLED")},
            "refunded",
            "Order dZy1 was cancelled",
        ),
        ({"order": order(state="CANCELED")}, "refunded", "Its order was cancelled"),
        (
            {"order": order(order_id="dZy1", state="NEW")},
            "not_paid",
            "Order dZy1 is not paid: send to the ticket desk",
        ),
        ({"event": Event(OTHER, "Gala")}, "wrong_event", "This ticket is for another event"),
        (
            {"event": Event(OTHER, "Gala"), "event_titles": {EVENT.uuid: "Winter Ball"}},
            "wrong_event",
            "This ticket is for Winter Ball",
        ),
        (
            {"date": "2026-11-28T20:00:00+01:00"},
            "wrong_day",
            "Valid on Sat 28 Nov, today is Mon 23 Nov",
        ),
        ({"date": "2027-11-23"}, "wrong_day", "Valid on Tue 23 Nov 2027, today is Mon 23 Nov"),
        ({"doors": frozenset({"vip"})}, "wrong_door", "Standard is not admitted at this door"),
        (
            {"doors": frozenset({"vip"}), "ticket_type": ""},
            "wrong_door",
            "Its type is not known, and this door admits only some",
        ),
        ({"doors": frozenset({"vip", "standard"})}, "admitted", "Valid, and not in before"),
        # Set aside by a person
        (
            {
                "date": "2026-11-28T20:00:00+01:00",
                "doors": frozenset({"vip"}),
                "overridden": frozenset({VerdictCode.WRONG_DOOR, VerdictCode.WRONG_DAY}),
            },
            "admitted",
            "Valid, and not in before; wrong day overridden; wrong door overridden",
        ),
    ],
)
def test_verdict_and_reason(changes: dict[str, Any], code: str, reason: str) -> None:
    asked = facts(**changes)
    verdict = decide(asked)
    assert (verdict.code.value, verdict.reason) == (code, reason)
    assert verdict.ticket is not None
    assert verdict.confirmed is asked.confirmed


@table(
    ("list_age", "reason"),
    [
        (timedelta(hours=3), "; the list is 3 h old"),
        (timedelta(), "; the list is 0 s old"),
        (None, ""),
    ],
)
def test_a_ticket_of_an_unknown_event_is_not_judged(
    list_age: timedelta | None, reason: str
) -> None:
    unknown = FACTS._replace(ticket=TICKET._replace(event=""), list_age=list_age)
    verdict = decide(unknown)
    assert verdict.code is VerdictCode.CANNOT_TELL
    assert verdict.reason == f"It is not known which event this ticket is for{reason}"
    assert (
        decide(unknown._replace(ticket=unknown.ticket._replace(refunded=True))).code == "refunded"
    )


@table(
    ("changes", "code"),
    [
        ({"order": order(event=EVENT.uuid, state="PAID")}, "admitted"),
        ({"order": order(event=OTHER, state="PAID")}, "wrong_event"),
        ({"admission": OURS}, "already_in"),
    ],
)
def test_an_order_or_our_admission_tells_the_event(changes: dict[str, Any], code: str) -> None:
    assert decide(FACTS._replace(ticket=TICKET._replace(event=""), **changes)).code == code


@table(
    ("date", "code"),
    [
        ("2026-11-23T00:00:00+01:00", "admitted"),
        ("2026-11-23T20:00", "admitted"),
        ("2026-11-23", "admitted"),
        ("2026-11-22T23:30:00Z", "admitted"),  # Monday 00:30 at the event
        ("2026-11-23T23:30:00Z", "wrong_day"),  # Tuesday 00:30 at the event
        ("2026-11-23T08:30+13:00", "wrong_day"),  # Sunday evening at the event
    ],
)
def test_the_day_is_that_of_the_event(date: str, code: str) -> None:
    assert decide(facts(date=date)).code == code


def test_today_is_not_the_computers() -> None:
    late = facts(date="2026-11-24")._replace(now=datetime(2026, 11, 23, 23, 15, tzinfo=UTC))
    assert decide(late).code == "admitted"


@table(
    "date", ["soon", "2026-13-45", "9999-12-31T23:59:59-23:00", "0001-01-01T00:00:00+14:00", "☃"]
)
def test_a_date_that_cannot_be_read_holds_nobody_up(date: str) -> None:
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        verdict = decide(facts(date=date)._replace(event=replace(EVENT, timezone=zone)))
        assert verdict.code in ("admitted", "wrong_day")
    assert decide(facts(date="soon")).reason == "Valid, and not in before; its date cannot be read"


SHIRT = {"extras": frozenset({"t-shirt"}), "ticket_type": "T-Shirt"}


@table(
    ("changes", "code", "reason"),
    [
        ({}, "handed_out", "Valid, and not handed out before"),
        ({"confirmed": False}, "handed_out", "By the list of 3 min ago"),
        ({"extras": frozenset()}, "admitted", "Valid, and not in before"),
        ({"ticket_type": ""}, "admitted", "Valid, and not in before"),
        ({"admission": OURS}, "already_in", "Handed out here at 19:02 by Anna"),
        ({"admission": BACK}, "already_in", "Handed out here at 19:02; the site says"),
        ({"checked_in": True}, "already_in", "Handed out at another door, when is not known"),
        ({"refunded": True}, "refunded", "This ticket was refunded"),
        ({"unanswered": (DIET,)}, "answers_needed", "1 required question"),
        ({"doors": frozenset({"standard"})}, "wrong_door", "T-Shirt is not admitted at this door"),
    ],
)
def test_merchandise_is_handed_out(changes: dict[str, Any], code: str, reason: str) -> None:
    verdict = decide(facts(**(SHIRT | changes)))
    assert verdict.code == code
    assert verdict.reason.startswith(reason)
    unsure = verdict.code.is_green and changes.get("confirmed") is False
    assert verdict.word.endswith("· not confirmed") == unsure


def test_a_green_says_where_nobody_could_check_the_payment() -> None:
    on_order = FACTS._replace(ticket=TICKET._replace(order="0" * 32))
    assert decide(on_order).reason == "Valid, and not in before; payment not checked"
    assert decide(on_order._replace(order=order(state="PAID"))).reason == "Valid, and not in before"
    assert decide(on_order._replace(confirmed=False)).reason == "By the list of 3 min ago"
