"""What holds of every verdict: the order of the tests, who is let in, and what can be set aside."""

from datetime import UTC, timedelta, timezone
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from boxoffice.domain.admission_rules import DoorPolicy, Facts, decide
from boxoffice.domain.models import CheckInWindow, Event, Order, Ticket
from boxoffice.domain.verdicts import ALWAYS_OVERRIDABLE, MAY_BE_OVERRIDABLE, VerdictCode
from tests.domain.test_verdicts import (
    BACK,
    DIET,
    DOUBTED,
    EVENT,
    FACTS,
    NOW,
    OTHER,
    OURS,
    TICKET,
    at,
    facts,
    order,
)
from tests.support import table

# In the order in which they are tested; each row holds with all rows below it.
LADDER: list[tuple[str, dict[str, Any]]] = [
    ("wrong_event", {"event": Event(OTHER, "Gala")}),
    ("refunded", {"ticket": {"refunded": True}}),
    ("not_paid", {"order": order(state="NEW")}),
    ("wrong_day", {"ticket": {"date": "2026-11-28"}}),
    ("wrong_door", {"policy": DoorPolicy(doors=frozenset({"vip"}))}),
    ("already_in", {"ticket": {"checked_in": True}}),
    ("answers_needed", {"unanswered": (DIET,)}),
    ("admitted", {}),
]


@table("step", range(len(LADDER)))
@table("confirmed", [True, False])
def test_order_of_the_tests(step: int, confirmed: bool) -> None:
    ticket: dict[str, Any] = {}
    rest: dict[str, Any] = {}
    for _, changes in LADDER[step:]:
        ticket |= changes.get("ticket", {})
        rest |= {name: value for name, value in changes.items() if name != "ticket"}
    judged = FACTS._replace(ticket=TICKET._replace(**ticket), confirmed=confirmed, **rest)
    assert decide(judged).code == LADDER[step][0]


def test_only_day_and_door_can_be_set_aside() -> None:
    ladder = [(code, changes.get("ticket", {}), changes) for code, changes in LADDER]
    assert {
        str(verdict.code)
        for _, ticket, changes in ladder
        if (
            verdict := decide(
                FACTS._replace(
                    ticket=TICKET._replace(**ticket),
                    **{name: value for name, value in changes.items() if name != "ticket"},
                )
            )
        ).can_override
    } == {"wrong_day", "wrong_door"}
    everything = frozenset(VerdictCode)
    assert decide(facts(refunded=True, overridden=everything)).code == "refunded"
    for ours in (OURS, DOUBTED):
        assert decide(facts(admission=ours, overridden=everything)).code == "already_in"
    assert decide(facts(checked_in=True, overridden=everything)).code == "already_in"
    assert decide(facts(unanswered=(DIET,), overridden=everything)).code == "answers_needed"


@table(
    "state",
    [
        "PAID",
        "FREE",
        "COMPLETED",
        "INVOICED",
        "PAID_OFFLINE",
        "ORDER-PAID",
        "PREPAID",
        "INVOICE PAID",
    ],
)
def test_states_that_admit(state: str) -> None:
    assert decide(facts(order=order(state=state))).code == "admitted"


@table(
    "state",
    [
        "NEW", "PENDING", "UNPAID", "NOT_PAID", "NOT PAID", "PARTIALLY_PAID", "TO_BE_PAID",
        "INCOMPLETE", "INVOICE", "REPAID", "POSTPAID", "PAYMENT", "PAID_DISPUTED", "PAID LATER",
        "FREEZE", "NOT_COMPLETED",
    ],
)  # fmt: skip
def test_states_that_do_not(state: str) -> None:
    unpaid = facts(order=order(state=state, order_id="dZy1"))
    verdict = decide(unpaid)
    assert verdict.code == "not_paid"
    said = "" if state in ("NEW", "UNPAID") else f" (the site says {state})"
    assert verdict.reason == f"Order dZy1 is not paid{said}: send to the ticket desk"
    for taken_as_paid, code in ((state, "admitted"), ("OTHER", "not_paid")):
        policy = DoorPolicy(paid_states=frozenset({taken_as_paid}))
        assert decide(unpaid._replace(policy=policy)).code == code


@table("state", ["REFUND", "REFUNDED", "CANCELLED"])
def test_what_was_paid_back_is_never_taken_as_paid(state: str) -> None:
    taken = facts(order=order(state=state), paid_states=frozenset({state}))
    assert decide(taken).code == "refunded"


@table(
    ("changes", "refunded", "code"),
    [
        ({"state": "REFUND", "partly": True}, False, "admitted"),
        ({"state": "REFUND", "partly": True}, True, "refunded"),
        ({"state": "PAID", "refunded": True, "partly": True}, False, "admitted"),
        ({"state": "REFUND"}, False, "refunded"),
        ({"state": "CANCELLED", "partly": True}, False, "refunded"),
    ],
)
def test_of_an_order_refunded_in_part_the_ticket_tells(
    changes: dict[str, Any], refunded: bool, code: str
) -> None:
    assert decide(facts(refunded=refunded)._replace(order=order(**changes))).code == code


def test_what_a_setting_names_can_be_set_aside_too() -> None:
    named = frozenset({*ALWAYS_OVERRIDABLE, *MAY_BE_OVERRIDABLE})
    asked = facts(unanswered=(DIET,), has_required=True, may_override=named)
    assert decide(asked).can_override
    aside = decide(asked._replace(overridden=frozenset({VerdictCode.ANSWERS_NEEDED})))
    assert (aside.code, aside.reason) == (
        VerdictCode.ADMITTED,
        "Valid, and not in before; answers needed overridden",
    )
    unpaid = asked._replace(order=order(state="NEW"))
    assert decide(unpaid).can_override
    one = unpaid._replace(overridden=frozenset({VerdictCode.NOT_PAID}))
    assert decide(one).code == "answers_needed"
    both = unpaid._replace(overridden=MAY_BE_OVERRIDABLE)
    assert decide(both).reason.endswith("not paid overridden; answers needed overridden") or (
        decide(both).reason.endswith("answers needed overridden; not paid overridden")
    )


moments = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-7))]))
all_facts = st.builds(
    FACTS._replace,
    ticket=st.builds(
        Ticket,
        uuid=st.just(TICKET.uuid),
        event=st.sampled_from(["", EVENT.uuid, OTHER, "another"]),
        checked_in=st.booleans(),
        refunded=st.booleans(),
        ticket_type=st.sampled_from(["", "Standard", "VIP"]),
        date=st.none() | st.sampled_from(["2026-11-23", "2026-11-28T20:00Z", "x"]) | st.text(),
    ),
    event=st.just(EVENT),
    now=st.just(NOW),
    confirmed=st.booleans(),
    admission=st.none() | st.just(OURS),
    seen_in=st.none() | st.builds(CheckInWindow, st.none() | moments, moments),
    order=st.none()
    | st.builds(
        Order,
        uuid=st.just("0" * 32),
        order_id=st.sampled_from(["", "dZy1"]),
        event=st.sampled_from([None, EVENT.uuid, OTHER]),
        state=st.sampled_from(["", "PAID", "NEW", "REFUND", "REFUNDED", "CANCELLED", "PENDING"]),
        refunded=st.booleans(),
    ),
    unanswered=st.none() | st.lists(st.just(DIET), max_size=2).map(tuple),
    has_required=st.booleans(),
    policy=st.builds(
        DoorPolicy()._replace,
        doors=st.sampled_from([frozenset[str](), frozenset({"vip"})]),
        extras=st.sampled_from([frozenset[str](), frozenset({"vip"})]),
        may_override=st.just(ALWAYS_OVERRIDABLE),
    ),
    overridden=st.frozensets(st.sampled_from(VerdictCode)),
    list_age=st.none() | st.timedeltas(timedelta(), timedelta(days=30)),
)


@given(all_facts)
def test_never_green_without_reason(facts: Facts) -> None:
    verdict = decide(facts)
    if verdict.code.is_green:
        assert (verdict.code is VerdictCode.HANDED_OUT) is facts.is_extra
        assert not facts.ticket.refunded
        assert not facts.ticket.checked_in
        assert facts.admission is None
        assert not facts.unanswered
        order = facts.order
        assert order is None or order.partly or order.state in ("", "PAID")
        assert order is None or order.partly or not order.refunded
        assert EVENT.uuid in (facts.ticket.event, facts.order.event if facts.order else None)
        assert verdict.confirmed is facts.confirmed
        assert ("not confirmed" in verdict.word) is not facts.confirmed
        if facts.has_required and facts.unanswered is None:
            assert "questions not checked" in verdict.reason
    assert verdict.reason
    assert "\n" not in verdict.reason


@given(all_facts)
def test_online_and_offline_judge_alike(facts: Facts) -> None:
    online = decide(facts._replace(confirmed=True))
    offline = decide(facts._replace(confirmed=False))
    assert online.code is offline.code
    assert online.questions == offline.questions


@table(
    "changes", [{"admission": BACK}, {"checked_in": True, "undone_at": NOW - timedelta(seconds=4)}]
)
def test_already_in_can_be_set_aside_where_the_site_speaks_against_it(
    changes: dict[str, Any],
) -> None:
    assert decide(facts(**changes)).can_override
    aside = frozenset({VerdictCode.ALREADY_IN})
    verdict = decide(facts(**changes, overridden=aside))
    assert verdict.code == "admitted"
    assert verdict.instead_of == (BACK.journal if "admission" in changes else None)
    refunded = decide(facts(**changes, overridden=aside, refunded=True))
    assert refunded.code == "refunded"
    set_aside_by_config = decide(facts(admission=OURS, may_override=aside))
    assert not set_aside_by_config.can_override, "no setting lets in twice"


def test_a_read_that_hides_a_check_in_elsewhere_can_be_overridden() -> None:
    """It may have been undone there; the list alone, or a read that agrees, leaves no doubt."""
    seen = CheckInWindow(at(19, 8), at(19, 9))
    doubted = facts(checked_in=True, reports_out=True, seen_in=seen)
    assert decide(doubted).can_override
    overridden = decide(doubted._replace(overridden=frozenset({VerdictCode.ALREADY_IN})))
    assert overridden.code is VerdictCode.ADMITTED
    assert not decide(doubted._replace(reports_out=False)).can_override
