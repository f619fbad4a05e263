"""Which codes can be tied, and which rules several ties show."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boxoffice.domain.code_ties import (
    LONGEST,
    CodeRule,
    CodeTie,
    Field,
    Letters,
    can_be_tied,
    find_rules,
    noted,
    read_rule,
    tied_text,
)
from boxoffice.domain.models import Event, Ticket
from boxoffice.domain.verdicts import BROKEN_OFF, Verdict, VerdictCode
from tests.support import EVENING, table

EVENT = "e" * 32
UNKNOWN = Verdict(VerdictCode.UNKNOWN, "No ticket here has this code")
CANNOT_TELL = Verdict(VerdictCode.CANNOT_TELL, "Not in the list")
NOT_A_TICKET = Verdict(VerdictCode.NOT_A_TICKET, "This is not a ticket's code")

UUIDS = (
    "0f3a9c1e5b7d42688a1c2e3f40516273",
    "9b1de8f27c3a4410b5d6e7f8091a2b3c",
    "c47a11b0d9e84f2ea3b4c5d6e7f80912",
)


def ticket(
    which: int = 0, number: int | None = None, external: str | None = None, url: str | None = None
) -> Ticket:
    return Ticket(UUIDS[which], EVENT, False, number=number, external_uuid=external, url=url)


# Which


@table(
    ("text", "key"),
    [
        ("GUEST-0815-X", "GUEST-0815-X"),
        ("guest-0815-x", "guest-0815-x"),
        ("  GUEST-0815-X\r\n", "GUEST-0815-X"),
        ("A\u202eB\x1b[31m1", "AB[31m1"),
        ("[@click=app.quit]1[/]", "[@click=app.quit]1[/]"),
        ("æ12ø", "æ12ø"),
        ("x" * LONGEST, "x" * LONGEST),
        ("x" * (LONGEST + 1), None),
        ("x" * 5_000, None),
        ("123", None),
        ("", None),
        ("\x00\x1b \u200b", None),
    ],
)
def test_a_code_is_tied_by_its_cleaned_text(text: str, key: str | None) -> None:
    assert tied_text(text) == key
    if key is not None:
        assert tied_text(key) == key


@table("verdict", [UNKNOWN, CANNOT_TELL])
@table("code", ["GUEST-0815-X", "dZyx", "f" * 32, "https://x.test/t/ab1/", "4711"])
def test_what_names_nobody_can_be_tied(code: str, verdict: Verdict) -> None:
    assert can_be_tied(code, verdict)


@table(
    ("code", "can"),
    [
        ("https://guests.example/c?id=77", True),
        ("TB 000 123", True),
        ("Jensen", False),
        ("Anna Jensen", False),
        ("#!;;#", False),
        ("12", False),
        ("WIFI:S:venue2;T:WPA;P:secret12;;", False),
        ("BEGIN:VCARD VERSION:3.0", False),
        ("mailto:anna1@example.com", False),
        ("tel:+4512345678", False),
    ],
)
def test_of_what_is_no_ticket_only_a_code_of_ones_own_can(code: str, can: bool) -> None:
    assert can_be_tied(code, NOT_A_TICKET) is can


@table("code", [UUIDS[0], "4711", "ext-77", "https://x.test/t/nz9lb/"])
@table("verdict", list(VerdictCode))
def test_a_code_that_names_a_ticket_cannot_be_tied(code: str, verdict: VerdictCode) -> None:
    named = ticket(0, 4711, "ext-77", "nz9lb")
    assert not can_be_tied(code, Verdict(verdict, "", ticket=named))


@table("code", ["GUEST-0815-X", "4711", "f" * 32])
def test_half_of_a_code_cannot_be_tied(code: str) -> None:
    assert not can_be_tied(code, BROKEN_OFF)


def test_a_code_whose_tied_ticket_is_gone_can_be_tied_anew() -> None:
    gone = Verdict(VerdictCode.UNKNOWN, "The site no longer has it", ticket=ticket())
    assert can_be_tied("GUEST-0815-X", gone)


def test_a_green_or_an_order_is_no_unknown_code() -> None:
    for code in set(VerdictCode) - {
        VerdictCode.UNKNOWN,
        VerdictCode.CANNOT_TELL,
        VerdictCode.NOT_A_TICKET,
    }:
        assert not can_be_tied("GUEST-0815-X", Verdict(code, ""))


@table(
    ("operator", "ago", "note"),
    [
        ("Anna", timedelta(minutes=3), "tied here by Anna at 18:27"),
        ("", timedelta(days=1), "tied here at 18:30 on Thu 7 May"),
    ],
)
def test_the_verdict_says_whose_word_it_rests_on(operator: str, ago: timedelta, note: str) -> None:
    start = datetime(2026, 5, 8, 19, tzinfo=timezone(timedelta(hours=2)))
    event = Event(EVENT, "Sommerfest", start)
    tie = CodeTie("GUEST-1", EVENT, UUIDS[0], EVENING - ago, "North", operator, 7)
    green = Verdict(VerdictCode.ADMITTED, "Valid, and not in before", confirmed=True)
    said = noted(green, tie, event, EVENING)
    assert said.reason == f"Valid, and not in before; {note}"
    assert said._replace(reason=green.reason) == green


# Rules


def best(*tied: tuple[str, Ticket]) -> CodeRule | None:
    rules = find_rules(tied)
    return rules[0] if rules else None


SHOWN = [
    pytest.param(
        [("TB-001234", ticket(0, 1234)), ("TB-005678", ticket(1, 5678))],
        CodeRule(Field.NUMBER, "TB-", "", 6),
        {"TB-000099": "99", "TB-123456": "123456", "TB-1234": None, "XB-001234": None},
        id="number behind a prefix, with zeros",
    ),
    pytest.param(
        [("TB-1234", ticket(0, 1234)), ("TB-56789", ticket(1, 56789))],
        CodeRule(Field.NUMBER, "TB-"),
        {"TB-99": "99", "TB-0099": None, "TB-": None, "TB-9x": None, "tb-99": None},
        id="number behind a prefix, as long as it is",
    ),
    pytest.param(
        [("12345/26", ticket(0, 12345)), ("12346/26", ticket(1, 12346))],
        CodeRule(Field.NUMBER, "", "/26", 5),
        {"54321/26": "54321", "54321/27": None, "2345/26": None, "/26": None},
        id="constant suffix",
    ),
    pytest.param(
        [("912345/26", ticket(0, 12345)), ("91234/26", ticket(1, 1234))],
        None,
        {},
        id="a number of any length behind a digit",
    ),
    pytest.param(
        [("2026001234", ticket(0, 1234)), ("2026004321", ticket(1, 4321))],
        CodeRule(Field.NUMBER, "2026", "", 6),
        {"2026000001": "1", "20260000011": None, "2025000001": None},
        id="digits before the number",
    ),
    pytest.param(
        [
            ("X:ext-77-a", ticket(0, external="ext-77-a")),
            ("X:ext-79-c", ticket(1, external="q9z")),
            ("X:ext-78-b", ticket(2, external="ext-78-b")),
        ],
        None,
        {},
        id="one of the same form that says otherwise",
    ),
    pytest.param(
        [("X:ext-77-a", ticket(0, external="ext-77-a")), ("X:ab12", ticket(1, external="ab12"))],
        CodeRule(Field.EXTERNAL_ID, "X:"),
        {"X:Q": None, "X:Qrs": "Qrs", "x:qrs": None},
        id="external id behind a prefix",
    ),
    pytest.param(
        [("EXT-77", ticket(0, external="ext-77")), ("EXT-79A", ticket(1, external="ext-79a"))],
        CodeRule(Field.EXTERNAL_ID, letters=Letters.UPPER),
        {"ABC-1": "abc-1", "Abc-1": None},
        id="external id in capitals",
    ),
    pytest.param(
        [("org.test/nz9lb!", ticket(0, url="nz9lb")), ("org.test/q8wx!", ticket(1, url="q8wx"))],
        CodeRule(Field.SHORT_LINK, "org.test/", "!"),
        {"org.test/zzz!": "zzz", "org.test/zzz": None},
        id="short link in another site's address",
    ),
    pytest.param(
        [("W-0F3A9C1E", ticket(0)), ("W-9B1DE8F2", ticket(1))],
        CodeRule(Field.UUID_START, "W-", "", 8),
        {"W-C47A11B0": "c47a11b0", "W-C47A11B": None, "W-C47A11BZ": None},
        id="beginning of the uuid",
    ),
    pytest.param(
        [("40516273", ticket(0)), ("091a2b3c", ticket(1))],
        CodeRule(Field.UUID_END, "", "", 8),
        {"e7f80912": "e7f80912", "e7f8091": None},
        id="end of the uuid",
    ),
    pytest.param([("TB-001234", ticket(0, 1234))], None, {}, id="one tie is none"),
    pytest.param(
        [("TB-001234", ticket(0, 1234)), ("TC-001234", ticket(0, 1234))],
        None,
        {},
        id="two of one guest are one",
    ),
    pytest.param(
        [("A-7", ticket(0, 7)), ("A-8", ticket(1, 8))], None, {}, id="two short ones are accident"
    ),
    pytest.param(
        [("A-7", ticket(0, 7)), ("A-8", ticket(1, 8)), ("A-9", ticket(2, 9))],
        CodeRule(Field.NUMBER, "A-"),
        {"A-12": "12"},
        id="three short ones are not",
    ),
    pytest.param(
        [("TB-1234", ticket(0, 1234)), ("TB-5678", ticket(1, 5678)), ("TB-9999", ticket(2, 31))],
        None,
        {},
        id="a third that is another ticket",
    ),
    pytest.param(
        [("TB-1234", ticket(0, 1234)), ("TB-5678", ticket(1, 5678)), ("P. Olsen 1", ticket(2, 31))],
        CodeRule(Field.NUMBER, "TB-"),
        {},
        id="a third of quite another form",
    ),
    pytest.param(
        [("AB-1234-x", ticket(0, 1234)), ("CD-5678-y", ticket(1, 5678))],
        None,
        {},
        id="nothing is the same in both",
    ),
    pytest.param(
        [("0001234", ticket(0, 1234)), ("0005678", ticket(1, 5678))],
        None,
        {},
        id="a number that is read without a rule",
    ),
]


@pytest.mark.parametrize(("tied", "rule", "reads"), SHOWN)
def test_the_rule_that_ties_show(
    tied: list[tuple[str, Ticket]], rule: CodeRule | None, reads: dict[str, str | None]
) -> None:
    assert best(*tied) == rule
    if rule is not None:
        assert {code: rule.value(code) for code in reads} == reads
        assert best(*reversed(tied)) == rule


def test_the_rule_that_most_ties_show_comes_first() -> None:
    tied = [
        ("TB-1234", ticket(0, 1234)),
        ("TB-5678", ticket(1, 5678)),
        ("W-0F3A9C1E", ticket(0, 1234)),
        ("W-9B1DE8F2", ticket(1, 5678)),
        ("W-C47A11B0", ticket(2, 9012)),
    ]
    first, second = find_rules(tied)
    assert first == CodeRule(Field.UUID_START, "W-", "", 8)
    assert second == CodeRule(Field.NUMBER, "TB-")


def test_a_part_that_two_of_the_guests_share_is_no_rule() -> None:
    twins = [ticket(0)._replace(uuid=UUIDS[0][:8] + tail * 24) for tail in "ab"]
    codes = [f"W-{UUIDS[0][:8]}", f"W-{UUIDS[0][:8]}"]
    assert find_rules(list(zip(codes, twins, strict=True))) == []


@table("rule", [param.values[1] for param in SHOWN if param.values[1]])
def test_a_rule_is_kept_as_text_and_said_in_a_sentence(rule: CodeRule) -> None:
    assert read_rule(rule.as_text()) == rule
    assert rule.sentence.startswith("A code is the ")
    for frame in (rule.prefix, rule.suffix):
        assert frame in rule.sentence


@table("text", ["", "{}", "[]", "null", "7", '{"field": "colour"}', '"x"'])
def test_a_rule_of_a_later_version_is_passed_over(text: str) -> None:
    assert read_rule(text) is None


def test_a_number_in_a_code_is_read_as_a_number() -> None:
    reading = CodeRule(Field.NUMBER, "TB-", "", 6).reading("TB-000123")
    assert reading is not None
    assert (reading.number, reading.exact, reading.uuids) == (123, None, ())
    assert CodeRule(Field.UUID_START, "", "", 8).reading("0f3a9c1e") is None


# Whatever is tied

tickets = st.builds(
    Ticket,
    uuid=st.uuids().map(lambda uuid: uuid.hex),
    event=st.just(EVENT),
    checked_in=st.just(False),
    number=st.none() | st.integers(0, 10**7),
    external_uuid=st.none() | st.text("abAB12-", min_size=1, max_size=8),
    url=st.none() | st.text("abz09", min_size=2, max_size=6),
)
frames = st.text("TB-0127/ ", max_size=5)


@st.composite
def ties(draw: st.DrawFn) -> list[tuple[str, Ticket]]:
    """Codes made by one way or another out of tickets, with some that were made by none."""
    made: list[tuple[str, Ticket]] = []
    prefix, suffix = draw(frames), draw(frames)
    for known in draw(st.lists(tickets, min_size=1, max_size=5, unique_by=lambda t: t.uuid)):
        part = draw(
            st.sampled_from(
                [
                    str(known.number),
                    f"{known.number or 0:06}",
                    known.uuid[:8],
                    known.uuid[-8:].upper(),
                    known.external_uuid or "none",
                    (known.external_uuid or "none").upper(),
                    known.url or "none",
                ]
            )
        )
        own = draw(st.booleans())
        made.append((f"{prefix}{part}{suffix}" if own else draw(st.text(min_size=1)), known))
    return made


@given(ties())
def test_a_rule_never_contradicts_a_tie_and_never_names_two(
    tied: list[tuple[str, Ticket]],
) -> None:
    for rule in find_rules(tied):
        shown = {known.uuid for code, known in tied if rule.value(code) == rule.value_of(known)}
        assert len(shown) >= 2
        for code, known in tied:
            value = rule.value(code)
            assert not rule.contradicts(code, known)
            named = {other.uuid for _, other in tied if rule.value_of(other) == value}
            assert value is None or named in (set(), {known.uuid})


@given(
    st.lists(st.integers(1_000, 10**7), min_size=2, max_size=3, unique=True),
    st.text("TB-0127/ ", max_size=4),
    st.text("TB-0127/ ", max_size=4),
)
def test_a_number_in_a_frame_is_always_found(numbers: list[int], prefix: str, suffix: str) -> None:
    known = [ticket(which, number) for which, number in enumerate(numbers)]
    tied = [
        (f"T{prefix}{number:08}{suffix}", each) for number, each in zip(numbers, known, strict=True)
    ]
    rule = find_rules(tied)[0]
    assert all(rule.value(code) == rule.value_of(each) for code, each in tied)


@given(st.text(), st.sampled_from([param.values[1] for param in SHOWN if param.values[1]]))
def test_no_text_upsets_a_rule(text: str, rule: CodeRule) -> None:
    value = rule.value(text)
    assert value is None or value.strip() or value == text
