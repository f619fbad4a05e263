"""What an answer means: each status, each way to say an error, and every kind of rubbish."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boxoffice.ticketbutler.errors import (
    CaptivePortal,
    Forbidden,
    Gone,
    KeyRefused,
    NoAnswer,
    NoPage,
    NotAllowed,
    NotFound,
    Refused,
    ServerFault,
    TicketbutlerError,
    TooMany,
    Unreachable,
    Unreadable,
)
from boxoffice.ticketbutler.wire import (
    Call,
    Reply,
    WrongShape,
    check,
    pong,
    read_date,
    result,
    seconds_to_wait,
    site_words,
)
from tests.support import table
from tests.ticketbutler.test_parsers import json_values

NOW = datetime(2026, 5, 8, 16, 30, tzinfo=UTC)
SITE = "https://test.ticketbutler.io"
KEY = "0123456789abcdefKEY"


def same(value: object) -> object:
    return value


def redact(text: str) -> str:
    return text.replace(KEY, "…")


def refuse(_value: object) -> object:
    raise WrongShape("odd")


GET: Call[object] = Call("GET", "tickets/abc/", same, "ticket")
PAGE = b"<!DOCTYPE html><html><body>Log in</body></html>"


def error_of(reply: Reply) -> TicketbutlerError:
    with pytest.raises(TicketbutlerError) as caught:
        check(GET, reply, site=SITE, now=NOW, redact=redact)
    return caught.value


@table(
    ("status", "kind", "maybe_applied"),
    [
        (400, Refused, False),
        (401, KeyRefused, False),
        (402, Refused, False),
        (403, Forbidden, False),
        (404, NotFound, False),
        (405, NotAllowed, False),
        (406, Refused, False),
        (407, CaptivePortal, False),
        (408, NoAnswer, True),
        (409, Refused, False),
        (410, Gone, False),
        (422, Refused, False),
        (429, TooMany, False),
        (500, ServerFault, True),
        (501, ServerFault, True),
        (502, ServerFault, True),
        (503, ServerFault, True),
        (504, ServerFault, True),
        (511, CaptivePortal, False),
        (520, NoAnswer, True),
        (521, NoAnswer, True),
        (522, NoAnswer, True),
        (523, NoAnswer, True),
        (524, NoAnswer, True),
        (525, ServerFault, True),
        (304, Unreadable, False),
        (101, Unreadable, True),
        (999, Unreadable, True),
    ],
)
def test_status(status: int, kind: type[TicketbutlerError], maybe_applied: bool) -> None:
    error = error_of(Reply(status, [b'{"detail": "Because."}']))
    assert type(error) is kind
    assert error.maybe_applied is maybe_applied
    assert error.sentence.endswith(".")
    assert str(error).startswith(f"GET tickets/abc/: {status}")


@table("status", [200, 201, 202, 204])
def test_success_is_no_error(status: int) -> None:
    check(GET, Reply(status), site=SITE, now=NOW)


def test_forbidden_and_gone_are_kinds_of_what_they_mean() -> None:
    assert issubclass(Forbidden, KeyRefused)
    assert issubclass(Gone, NotFound)


def test_the_key_sentence_says_what_to_do() -> None:
    error = error_of(Reply(401, [b'{"detail":"Invalid token."}']))
    assert error.sentence == "The site refused the key: check it, and log in again."


@table(
    ("status", "kind"),
    [(403, Forbidden), (404, NoPage), (410, NoPage), (500, ServerFault), (524, NoAnswer)],
)
def test_a_page_is_never_the_site_saying_that_a_ticket_is_unknown(
    status: int, kind: type[TicketbutlerError]
) -> None:
    error = error_of(Reply(status, [PAGE], "text/html"))
    assert type(error) is kind
    assert "Log in<" not in error.sentence


@table(
    ("location", "kind", "host"),
    [
        ("http://login.guest-wifi.example/?u=1", CaptivePortal, "login.guest-wifi.example"),
        ("//login.guest-wifi.example/", CaptivePortal, "login.guest-wifi.example"),
        ("http://test.ticketbutler.io/api/v3/", CaptivePortal, "test.ticketbutler.io"),
        ("https://test.ticketbutler.io/login/", Unreadable, ""),
        ("https://TEST.ticketbutler.io/login/", Unreadable, ""),
        ("/login/", Unreadable, ""),
        ("", Unreadable, ""),
        ("https://[broken", Unreadable, ""),
    ],
)
@table("status", [301, 302, 303, 307, 308])
def test_redirect(status: int, location: str, kind: type[TicketbutlerError], host: str) -> None:
    error = error_of(Reply(status, location=location))
    assert type(error) is kind
    assert host in error.sentence


@table(
    ("body", "words"),
    [
        (b'{"detail": "Not found."}', "Not found."),
        (b'{"detail": "Throttled", "code": "x"}', "Throttled"),
        (b'{"full_name": ["Too long.", "Too odd."]}', "full_name: Too long. full_name: Too odd."),
        (b'{"non_field_errors": ["No."]}', "No."),
        (b'["one", "two"]', "one two"),
        (b'[{"value": ["Not a uuid."]}, {}]', "value: Not a uuid."),
        (b'{"detail": {"uuid": ["Wrong."]}}', "uuid: Wrong."),
        (b'"Event expired"', "Event expired"),
        (b"Event\x1b[31m expired\n", "Event[31m expired"),
        (b'{"detail": "\\u202e\\u001b[2J!"}', "[2J!"),
        (PAGE, ""),
        (b"\xff\xfe\x00", ""),
        (b"", ""),
        (b"null", ""),
        (b"[" * 100_000, "[" * 159 + "…"),
        (b'{"detail": "' + b"x" * 1000 + b'"}', "x" * 159 + "…"),
        (f'{{"detail": "no {KEY}!"}}'.encode(), "no …!"),
        (f"no {KEY}!".encode(), "no …!"),
    ],
)
def test_the_sites_own_words(body: bytes, words: str) -> None:
    assert site_words(Reply(400, [body]), redact) == words


def test_a_refusal_repeats_the_words_for_the_steward_alone() -> None:
    error = error_of(Reply(400, [b'{"full_name": ["Ada is too long."]}']))
    assert error.sentence == "The site refused this: full_name: Ada is too long."
    assert "Ada" not in str(error)


@table(
    ("header", "seconds"),
    [
        ("5", 5.0),
        (" 0 ", 0.0),
        ("Fri, 08 May 2026 16:31:00 GMT", 60.0),
        ("Fri, 08 May 2026 16:31:00 -0000", 60.0),
        ("Fri, 08 May 2026 16:00:00 GMT", 0.0),
        ("999999999999999999999", 3600.0),
        ("Fri, 08 May 2099 16:00:00 GMT", 3600.0),
        ("-1", None),
        ("1.5", None),
        ("nan", None),
        ("soon", None),
        ("", None),
        ("٣", None),
        ("Fri, 99 May 2026 99:99:99 GMT", None),
        ("Fri, 08 May 99999999999999999999 16:31:00 GMT", None),
        ("Fri, 08 May 2026 99999999999999999999:31:00 GMT", None),
        ("Fri, 08 May 2026 16:31:00 +99999999999999999999", None),
    ],
)
def test_retry_after(header: str, seconds: float | None) -> None:
    assert seconds_to_wait(header, NOW) == seconds


@given(st.text())
def test_retry_after_takes_any_text(header: str) -> None:
    wait = seconds_to_wait(header, NOW)
    assert wait is None or 0 <= wait <= 3600


def test_the_wait_is_kept_and_said() -> None:
    error = error_of(Reply(429, retry_after="5"))
    assert error.retry_after == 5.0
    assert "5 s" in error.sentence
    assert error_of(Reply(429)).retry_after is None
    assert error_of(Reply(503, retry_after="30")).retry_after == 30.0


@table("kind", ["application/json", "text/html", "text/plain", ""])
def test_json_is_taken_under_any_name(kind: str) -> None:
    assert result(GET, Reply(200, [b'{"a": ', b"1}"], kind)) == {"a": 1}
    assert result(GET, Reply(201, [b"\xef\xbb\xbf[1]"], kind)) == [1]


@table(
    ("reply", "kind"),
    [
        (Reply(200, [PAGE], "text/html"), CaptivePortal),
        (Reply(200, [PAGE], "application/json"), CaptivePortal),
        (Reply(200, [b"  \n<?xml version='1.0'?><a/>"]), CaptivePortal),
        (Reply(200, [], "text/html"), CaptivePortal),
        (Reply(200, [b"Email will be sent"], "text/html; charset=utf-8"), CaptivePortal),
        (Reply(200, [b"OK"], "text/plain"), Unreadable),
        (Reply(204), Unreadable),
        (Reply(200, [b""]), Unreadable),
        (Reply(200, [b'{"uuid": "95']), Unreadable),
        (Reply(200, [b"{} {}"]), Unreadable),
        (Reply(200, [b'{"a": "\xff"}']), Unreadable),
        (Reply(200, ["{}".encode("utf-16")]), Unreadable),
        (Reply(200, [b"[" * 100_000]), Unreadable),
        (Reply(200, [b"[" * 100_000 + b"]" * 100_000]), Unreadable),
        (Reply(200, [b"9" * 10_000]), Unreadable),
    ],
)
def test_what_is_no_answer(reply: Reply, kind: type[TicketbutlerError]) -> None:
    with pytest.raises(TicketbutlerError) as caught:
        result(GET, reply)
    assert type(caught.value) is kind
    assert caught.value.maybe_applied
    assert caught.value.sentence.endswith(".")


def test_another_shape_is_unreadable_and_not_success() -> None:
    with pytest.raises(Unreadable, match="GET tickets/abc/: 200: odd") as caught:
        result(Call("GET", "tickets/abc/", refuse), Reply(200, [b"{}"]))
    assert caught.value.maybe_applied


@table("body", [b"", b"null", b"{}", b'"pong"', b"pong", b"OK\n", b'{"ping": 1}'])
def test_a_pong(body: bytes) -> None:
    pong(GET, Reply(200, [body]))


@table("body", [PAGE, b'{"ping', b"x" * 200, b'"pong'])
def test_no_pong(body: bytes) -> None:
    with pytest.raises(TicketbutlerError):
        pong(GET, Reply(200, [body]))


@given(
    st.integers(100, 999),
    st.binary(max_size=200) | json_values.map(lambda value: json.dumps(value).encode()),
    st.text(max_size=30),
    st.text(max_size=30),
    st.text(max_size=30),
)
def test_rubbish(status: int, body: bytes, kind: str, location: str, retry_after: str) -> None:
    reply = Reply(status, [body], kind, location, retry_after)
    for read in (result, pong):
        try:
            check(GET, reply, site=SITE, now=NOW)
            read(GET, reply)
        except TicketbutlerError as error:
            assert error.sentence.isprintable()
            assert error.sentence.endswith(".")


@table("kind", [Unreachable, NoAnswer, CaptivePortal, Unreadable, ServerFault, TooMany, KeyRefused])
def test_every_error_has_a_sentence_of_its_own_accord(kind: type[TicketbutlerError]) -> None:
    assert kind().sentence.endswith(".")
    assert kind("technical", "For people.").sentence == "For people."


@table(
    ("date", "body", "made"),
    [
        ("Fri, 08 May 2026 16:30:00 GMT", b"{}", datetime(2026, 5, 8, 16, 30, tzinfo=UTC)),
        ("Fri, 08 May 2026 18:30:00 +0200", b"", datetime(2026, 5, 8, 16, 30, tzinfo=UTC)),
        ("Fri, 08 May 2026 16:30:00 -0000", b"{}", datetime(2026, 5, 8, 16, 30, tzinfo=UTC)),
        ("Fri, 08 May 2026 16:30:00 GMT", b"<html>", None),
        ("", b"{}", None),
        ("tomorrow", b"{}", None),
        ("Fri, 99 May 2026 16:30:00 GMT", b"{}", None),
        ("Fri, 08 May 99999999999999999999 16:30:00 GMT", b"{}", None),
        ("Fri, 08 May 2026 16:30:00 +99999999999999999999", b"{}", None),
    ],
)
def test_when_an_answer_was_made(date: str, body: bytes, made: datetime | None) -> None:
    assert read_date(Reply(200, [body], date=date)) == made


@given(st.text())
def test_any_text_may_stand_for_a_date(date: str) -> None:
    made = read_date(Reply(200, [], date=date))
    assert made is None or made.tzinfo is not None
