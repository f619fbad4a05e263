"""Words and colours of verdicts, codes without one ticket, and the line of `scan --json`."""

import unicodedata
from datetime import UTC, datetime, timedelta

from boxoffice.domain.admission_rules import Facts, decide
from boxoffice.domain.codes import read_code
from boxoffice.domain.models import Event, Ticket
from boxoffice.domain.verdicts import (
    BY_NUMBER,
    Scan,
    Tone,
    Verdict,
    VerdictCode,
    by_number,
    is_repeated,
    missing,
    which,
)
from tests.support import table

EVENT = Event("e" * 32, "Winter Ball", timezone="Europe/Copenhagen")
TICKET = Ticket("a" * 32, EVENT.uuid, False, full_name="Søren Ågård", ticket_type="Standard")
NOW = datetime(2026, 11, 23, 18, 10, tzinfo=UTC)


@table(
    ("code", "word", "tone"),
    [
        ("admitted", "ADMITTED", "green"),
        ("already_in", "ALREADY IN", "yellow"),
        ("answers_needed", "ANSWERS NEEDED", "blue"),
        ("refunded", "REFUNDED", "red"),
        ("not_paid", "NOT PAID", "red"),
        ("wrong_event", "WRONG EVENT", "red"),
        ("wrong_day", "WRONG DAY", "red"),
        ("wrong_door", "WRONG DOOR", "red"),
        ("ambiguous", "WHICH ONE?", "blue"),
        ("unknown", "UNKNOWN", "red"),
        ("cannot_tell", "CAN'T TELL", "blue"),
        ("not_a_ticket", "NOT A TICKET", "red"),
    ],
)
def test_words_and_colours(code: str, word: str, tone: str) -> None:
    verdict = VerdictCode(code)
    assert (verdict.word, verdict.tone) == (word, tone)


def test_every_tone_has_a_sign_of_its_own() -> None:
    signs = {code.tone: code.symbol for code in VerdictCode}
    assert set(signs) == set(Tone)
    assert len(set(signs.values())) == len(Tone)
    assert all(unicodedata.east_asian_width(sign) in "NNaA" for sign in signs.values())


@table(
    ("text", "asked", "list_age", "code", "reason"),
    [
        ("", False, None, "not_a_ticket", "The scan was empty: scan again, or search by name"),
        (
            "https://example.com/",
            True,
            None,
            "not_a_ticket",
            "This web link is no ticket's: scan the ticket's own code",
        ),
        (
            "a shopping list",
            True,
            None,
            "not_a_ticket",
            "This is not a ticket's code: scan again, or search by name",
        ),
        (
            "a" * 32 + "b" * 32,
            True,
            None,
            "not_a_ticket",
            "Two codes in one: scan them one after another",
        ),
        ("a" * 32, True, timedelta(), "unknown", "The site knows no such ticket"),
        ("dZy1", True, timedelta(), "unknown", "No ticket here has this code"),
        (
            "a" * 32,
            False,
            timedelta(minutes=42),
            "cannot_tell",
            "Not in the list of 42 min ago, and the site cannot be asked for it",
        ),
        (
            "a" * 32,
            False,
            timedelta(),
            "cannot_tell",
            "Not in the list of 0 s ago, and the site cannot be asked for it",
        ),
        (
            "dZy1",
            False,
            None,
            "cannot_tell",
            "No list was read yet, and the site cannot be asked for it",
        ),
    ],
)
def test_a_code_without_a_ticket(
    text: str, asked: bool, list_age: timedelta | None, code: str, reason: str
) -> None:
    verdict = missing(read_code(text), asked=asked, list_age=list_age)
    assert (verdict.code.value, verdict.reason) == (code, reason)
    assert verdict.confirmed is (code == "unknown")


def test_a_code_of_several_tickets() -> None:
    family = [TICKET._replace(uuid=char * 32, order="0" * 32) for char in "abc"]
    verdict = which(read_code("dZy1"), family)
    assert verdict.code is VerdictCode.AMBIGUOUS
    assert verdict.candidates == tuple(family)
    assert verdict.reason == "3 tickets on one order: choose in the list"
    strangers = which(read_code("1068"), [TICKET, TICKET._replace(uuid="b" * 32)])
    assert strangers.reason == "2 tickets have “1068”: choose in the list"


def test_a_line_of_scan_json() -> None:
    scan = Scan(
        7, "1068", decide(Facts(TICKET, EVENT, NOW, confirmed=True)), NOW.astimezone(EVENT.zone)
    )
    assert scan.as_json() == {
        "code": "1068",
        "verdict": "admitted",
        "confirmed": True,
        "claimed": False,
        "ticket": TICKET.uuid,
        "name": "Søren Ågård",
        "ticket_type": "Standard",
        "reason": "Valid, and not in before",
        "at": "2026-11-23T19:10:00.000+01:00",
    }
    nobody = Scan(8, "x", Verdict(VerdictCode.UNKNOWN, "no"), NOW).as_json()
    assert nobody["ticket"] is None
    assert (nobody["name"], nobody["ticket_type"]) == ("", "")


@table(
    ("before", "now", "repeated"),
    [
        ("admitted", "already_in", True),
        ("handed_out", "already_in", True),
        ("already_in", "already_in", True),
        ("refunded", "refunded", True),
        ("refunded", "already_in", False),
        ("admitted", "refunded", False),
        ("check_name", "admitted", False),
        ("admitted", "admitted", False),
    ],
)
def test_a_ticket_read_twice_in_a_moment(before: str, now: str, repeated: bool) -> None:
    """Not told apart, a green turns yellow in the steward's hand, or a red is passed over."""
    first = Scan(1, "a", Verdict(VerdictCode(before), "", ticket=TICKET), NOW)
    again = Verdict(VerdictCode(now), "", ticket=TICKET)
    assert is_repeated(again, "another spelling", first) is repeated
    assert not is_repeated(again._replace(ticket=TICKET._replace(uuid="b" * 32)), "a", first)
    assert not is_repeated(again._replace(ticket=None), "a", first)


@table(
    ("text", "now", "repeated"),
    [("a", "unknown", True), ("b", "unknown", False), ("a", "not_a_ticket", False)],
)
def test_a_code_without_a_ticket_read_twice(text: str, now: str, repeated: bool) -> None:
    first = Scan(1, "a", Verdict(VerdictCode.UNKNOWN, ""), NOW)
    assert is_repeated(Verdict(VerdictCode(now), ""), text, first) is repeated


def test_a_ticket_that_only_the_list_has_is_shown_with_the_age_of_the_list() -> None:
    code, age = read_code("a" * 32), timedelta(minutes=5)
    verdict = missing(code, asked=True, list_age=age, listed=TICKET)
    assert (verdict.code, verdict.ticket, verdict.confirmed) == (VerdictCode.UNKNOWN, TICKET, True)
    assert verdict.reason == "The site no longer has it; it was in the list of 5 min ago"


@table(
    ("list_age", "looked"),
    [(None, "No list was read yet"), (timedelta(minutes=5), "Not in the list of 5 min ago")],
)
def test_a_code_is_not_unknown_while_tickets_may_carry_it(
    list_age: timedelta | None, looked: str
) -> None:
    """Red, a guest whose ticket was not read yet is sent away."""
    verdict = missing(read_code("X7K-42"), asked=True, list_age=list_age, unread=3, total=1200)
    assert verdict.code is VerdictCode.CANNOT_TELL
    assert verdict.reason == f"{looked}; not read yet: 3 of 1,200; search the name"


@table(
    ("code", "now"),
    [
        ("admitted", "check_name"),
        ("handed_out", "check_name"),
        ("answers_needed", "check_name"),
        ("already_in", "already_in"),
        ("refunded", "refunded"),
    ],
)
def test_a_number_alone_lets_nobody_in_and_hides_no_refusal(code: str, now: str) -> None:
    """The neighbours' numbers are one more and one less (CONTRIBUTING.md, promise 10)."""
    verdict = Verdict(VerdictCode(code), "Why", ticket=TICKET)
    number, coded = read_code("104123"), read_code("a" * 32)
    assert number.number is not None
    assert by_number(verdict, number).code == now
    assert by_number(verdict, number).reason == (BY_NUMBER if code != now else "Why")
    assert by_number(verdict, coded) == verdict
