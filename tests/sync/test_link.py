"""How the link reads what becomes of requests."""

import itertools

import pytest

from boxoffice.domain.models import LinkState
from boxoffice.sync.link import (
    CAPTIVE,
    GO_ON,
    KEY,
    LOST,
    SILENT,
    SLOW,
    WRITES,
    Link,
    Request,
    kind_of,
)
from boxoffice.ticketbutler import (
    CaptivePortal,
    Exchange,
    Forbidden,
    KeyMissing,
    KeyRefused,
    NoAnswer,
    NotFound,
    Refused,
    ServerFault,
    TicketbutlerError,
    TooMany,
    Unreachable,
    Unreadable,
)
from tests.support import FakeClock

EVENT, TICKET = "e" * 32, "a" * 32
PING = ("GET", "ping/")
LIST = ("GET", f"events/{EVENT}/tickets/")
READ = ("GET", f"tickets/{TICKET}/")
WRITE = ("PATCH", f"tickets/{TICKET}/")
POST = ("POST", f"tickets/{TICKET}/questions/")
REQUESTS = [PING, LIST, READ, WRITE, POST]
LATER = itertools.count(1000.0)
"""Seconds on the monotonic clock, each after the one before."""


@pytest.fixture
def link(clock: FakeClock) -> Link:
    return Link()


def hear(
    link: Link,
    request: tuple[str, str],
    error: TicketbutlerError | None = None,
    seconds: float = 0.1,
    ended: float | None = None,
) -> None:
    """Tell the link of an exchange, which ended after all others if nothing else is said."""
    ended = next(LATER) if ended is None else ended
    link.observe(Exchange(*request, seconds, ended, error))


def test_kinds_of_request() -> None:
    assert [kind_of(*request) for request in REQUESTS] == [
        Request.PING,
        Request.LIST,
        Request.READ,
        Request.WRITE,
        Request.WRITE,
    ]
    assert kind_of("GET", "events/") is Request.READ
    assert kind_of("GET", f"tickets/{TICKET}/questions/unanswered/") is Request.READ


ASIDE = [
    ("POST", "orders/"),
    ("PATCH", f"orders/{TICKET}/"),
    ("DELETE", f"orders/{TICKET}/"),
    ("POST", f"orders/{TICKET}/questions/"),
    ("GET", f"events/{EVENT}/orders/"),
    ("GET", f"/da/purchase/{TICKET}/tickets-as-pdf/"),
]


@pytest.mark.parametrize("request_", ASIDE)
def test_what_becomes_of_an_order_says_nothing_of_the_door(
    link: Link, request_: tuple[str, str]
) -> None:
    assert kind_of(*request_) is Request.ASIDE
    for error in (Forbidden(), KeyRefused(), NoAnswer(), CaptivePortal(), ServerFault(), None):
        hear(link, request_, error)
        assert (link.state, link.sentence, link.writes_refused) == (LinkState.ONLINE, "", False)
    hear(link, WRITE, Forbidden())
    hear(link, request_)
    assert link.writes_refused, "an order that is placed says nothing of check-ins"
    hear(link, request_, Unreachable())
    assert link.state is LinkState.OFFLINE


def test_reading_an_order_is_a_read_like_any() -> None:
    assert kind_of("GET", f"orders/{TICKET}/") is Request.READ
    assert kind_of("GET", f"orders/{TICKET}/questions/") is Request.READ


def test_all_is_well_until_something_is_heard(link: Link) -> None:
    assert (link.state, link.sentence, link.waits, link.sends) == (
        LinkState.ONLINE,
        "",
        True,
        True,
    )


@pytest.mark.parametrize("request_", REQUESTS)
def test_no_connection_is_offline_at_once_and_any_answer_ends_it(
    link: Link, request_: tuple[str, str]
) -> None:
    hear(link, request_, Unreachable())
    assert (link.state, link.sentence) == (LinkState.OFFLINE, LOST)
    assert not link.waits
    assert not link.sends
    hear(link, request_)
    assert (link.state, link.sentence) == (LinkState.ONLINE, "")


@pytest.mark.parametrize("error", [Unreachable(), NoAnswer(), CaptivePortal()])
def test_an_older_answer_that_took_long_to_decode_does_not_bring_the_site_back(
    link: Link, error: TicketbutlerError
) -> None:
    hear(link, PING, error, ended=20.0)
    lost = link.state
    hear(link, LIST, ended=19.0)
    assert link.state is lost
    assert not link.sends
    hear(link, LIST, ended=21.0)
    assert link.state is LinkState.ONLINE


def test_a_missing_answer_is_offline_only_if_the_heartbeat_says_so(link: Link) -> None:
    hear(link, READ, NoAnswer())
    assert (link.state, link.waits) == (LinkState.ONLINE, True)
    hear(link, PING, NoAnswer())
    assert (link.state, link.sentence) == (LinkState.OFFLINE, SILENT)
    hear(link, READ, NoAnswer())
    assert (link.state, link.sentence) == (LinkState.OFFLINE, SILENT)
    hear(link, PING)
    assert (link.state, link.sentence) == (LinkState.ONLINE, "")


@pytest.mark.parametrize("request_", REQUESTS)
def test_a_web_page_in_the_sites_place_is_captive(link: Link, request_: tuple[str, str]) -> None:
    hear(link, request_, CaptivePortal())
    assert (link.state, link.sentence) == (LinkState.CAPTIVE, CAPTIVE)
    assert not link.sends
    hear(link, request_, Unreachable())
    assert (link.state, link.sentence) == (LinkState.OFFLINE, LOST)
    hear(link, PING)
    assert (link.state, link.sentence) == (LinkState.ONLINE, "")


class TestKey:
    @pytest.mark.parametrize("request_", [PING, READ])
    def test_refused_for_a_read_stops_sending_until_a_ping_works(
        self, link: Link, request_: tuple[str, str]
    ) -> None:
        hear(link, request_, KeyRefused())
        assert (link.state, link.sentence, link.sends) == (LinkState.REFUSED, KEY, False)
        hear(link, PING, KeyRefused())
        assert not link.sends
        hear(link, PING)
        assert (link.state, link.sends) == (LinkState.ONLINE, True)

    def test_the_list_alone_may_be_forbidden(self, link: Link) -> None:
        hear(link, LIST, Forbidden())
        hear(link, PING)
        assert (link.state, link.sends) == (LinkState.REFUSED, True)
        hear(link, LIST)
        assert link.state is LinkState.ONLINE

    def test_writing_alone_may_be_forbidden(self, link: Link) -> None:
        hear(link, WRITE, Forbidden())
        hear(link, PING)
        hear(link, READ)
        assert (link.state, link.sentence) == (LinkState.REFUSED, WRITES)
        assert link.writes_refused
        hear(link, POST)
        assert (link.state, link.writes_refused) == (LinkState.ONLINE, False)

    def test_one_forbidden_ticket_says_nothing_of_the_key(self, link: Link) -> None:
        hear(link, READ, Forbidden())
        assert link.state is LinkState.ONLINE

    def test_a_key_that_works_again_may_do_everything_again(self, link: Link) -> None:
        for request in (WRITE, LIST, PING):
            hear(link, request, KeyRefused())
        hear(link, PING)
        assert (link.state, link.writes_refused) == (LinkState.ONLINE, False)

    @pytest.mark.parametrize("request_", [*REQUESTS, ASIDE[0]])
    def test_without_one_nothing_is_sent_until_there_is_one(
        self, link: Link, request_: tuple[str, str]
    ) -> None:
        hear(link, request_, KeyMissing("", "Log in."))
        assert (link.state, link.shown_state) == (LinkState.REFUSED, LinkState.REFUSED)
        assert (link.sentence, link.sends, link.reaches) == ("Log in.", False, False)
        hear(link, PING)
        assert (link.state, link.sentence, link.sends) == (LinkState.ONLINE, "", True)

    def test_it_stays_refused_over_a_lost_connection(self, link: Link) -> None:
        hear(link, PING, KeyRefused())
        hear(link, PING, Unreachable())
        assert link.sentence == LOST
        hear(link, PING, KeyRefused())
        assert link.sentence == KEY


class TestIll:
    """The site is there, but something of it fails."""

    @pytest.mark.parametrize(
        "error", [ServerFault(), NoAnswer(), Unreadable(), TooMany(), NotFound(), Refused()]
    )
    def test_a_list_that_fails_is_said_until_a_list_works(
        self, link: Link, error: TicketbutlerError
    ) -> None:
        hear(link, LIST, error)
        for request in (PING, READ, WRITE):
            hear(link, request)
        assert link.state is LinkState.ONLINE
        advises = isinstance(error, ServerFault | NoAnswer | Unreadable | TooMany)
        assert link.sentence == (f"{error.happened} {GO_ON}" if advises else error.sentence)
        assert "again in a minute" not in link.sentence
        assert link.cause == (error.happened if advises else error.sentence)
        assert link.waits
        hear(link, LIST)
        assert link.sentence == ""

    @pytest.mark.parametrize("request_", [READ, WRITE])
    def test_a_fault_of_one_request_is_said_until_a_ping_works(
        self, link: Link, request_: tuple[str, str]
    ) -> None:
        hear(link, request_, ServerFault())
        assert link.sentence == f"{ServerFault.happened} {GO_ON}"
        hear(link, PING)
        assert link.sentence == ""

    @pytest.mark.parametrize("request_", [READ, WRITE])
    @pytest.mark.parametrize("error", [NotFound(), Refused()])
    def test_no_to_one_ticket_is_an_answer_like_any(
        self, link: Link, request_: tuple[str, str], error: TicketbutlerError
    ) -> None:
        hear(link, request_, error)
        assert (link.state, link.sentence) == (LinkState.ONLINE, "")

    def test_a_site_that_does_not_know_ping_is_said(self, link: Link) -> None:
        hear(link, PING, NotFound("", "No Ticketbutler here."))
        assert link.sentence == "No Ticketbutler here."


class TestSlow:
    def test_two_of_five_reads_missed(self, link: Link) -> None:
        link.record_read(in_time=False)
        for _ in range(3):
            link.record_read(in_time=True)
        assert link.waits
        link.record_read(in_time=False)
        assert (link.state, link.sentence) == (LinkState.SLOW, SLOW)
        assert not link.waits
        assert link.sends

    def test_misses_far_apart_are_none_the_worse(self, link: Link) -> None:
        for _ in range(3):
            link.record_read(in_time=False)
            for _ in range(4):
                link.record_read(in_time=True)
        assert link.state is LinkState.ONLINE

    def test_it_recovers_by_reads_nobody_waited_for(self, link: Link) -> None:
        link.record_read(in_time=False)
        link.record_read(in_time=False)
        for _ in range(3):
            link.record_read(in_time=True)
        assert link.state is LinkState.SLOW
        link.record_read(in_time=True)
        assert link.waits

    def test_it_recovers_by_the_heartbeat(self, link: Link) -> None:
        link.record_read(in_time=False)
        link.record_read(in_time=False)
        hear(link, PING, seconds=1.6)
        for _ in range(4):
            hear(link, PING, seconds=1.4)
        assert link.state is LinkState.ONLINE

    def test_the_heartbeat_alone_does_not_make_it_slow(self, link: Link) -> None:
        for _ in range(5):
            hear(link, PING, seconds=2.5)
        assert link.state is LinkState.ONLINE

    def test_what_was_before_a_lost_connection_is_forgotten(self, link: Link) -> None:
        link.record_read(in_time=False)
        link.record_read(in_time=False)
        hear(link, PING, Unreachable())
        hear(link, PING)
        assert link.state is LinkState.ONLINE

    def test_the_fault_is_said_rather_than_the_slowness(self, link: Link) -> None:
        link.record_read(in_time=False)
        link.record_read(in_time=False)
        hear(link, LIST, ServerFault())
        assert (link.state, link.sentence) == (LinkState.SLOW, f"{ServerFault.happened} {GO_ON}")


def test_watchers_are_told_of_changes_only(link: Link) -> None:
    told: list[tuple[LinkState, str]] = []
    link.watch(lambda: told.append((link.state, link.sentence)))
    for error in (None, None, Unreachable(), Unreachable(), NoAnswer(), None, None):
        hear(link, PING, error)
    hear(link, LIST, ServerFault("", "Ill."))
    hear(link, LIST, ServerFault("", "Ill."))
    hear(link, LIST)
    assert told == [
        (LinkState.ONLINE, ""),
        (LinkState.OFFLINE, LOST),
        (LinkState.ONLINE, ""),
        (LinkState.ONLINE, "Ill."),
        (LinkState.ONLINE, ""),
    ]


def test_nothing_is_called_online_before_it_has_answered(link: Link) -> None:
    assert (link.shown_state, link.waits, link.sends) == (LinkState.ASKING, True, True)
    hear(link, READ, NoAnswer())
    assert link.shown_state.value == "asking"
    hear(link, PING)
    assert link.shown_state.value == "online"


def test_when_the_site_last_answered(link: Link) -> None:
    hear(link, PING, Unreachable())
    hear(link, LIST, NoAnswer())
    hear(link, PING, CaptivePortal())
    assert link.answered_at is None
    hear(link, READ, NotFound(), ended=2000.5)
    assert link.answered_at == 2000.5
