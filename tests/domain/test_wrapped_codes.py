"""Links as mail programs wrap them, and texts that are made to be hard to read."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any
from urllib.parse import quote

from hypothesis import given
from hypothesis import strategies as st

from boxoffice.domain.codes import read_code
from tests.domain.test_codes import DASHED, LONG, ORDER, SHORT, SITE, TICKET
from tests.keyboards import readings
from tests.support import table


def encoded(text: str, times: int) -> str:
    return encoded(quote(text, safe=""), times - 1) if times else text


def proofpoint_2(link: str) -> str:
    signs = "".join(c if c.isalnum() or c in "./" else f"-{ord(c):02X}" for c in link)
    return f"https://urldefense.proofpoint.com/v2/url?u={signs.replace('/', '_')}&d=DwMFaQ&c=euGZ"


MAIL = f"{'ab12' * 8}%7C{'cd34' * 8}"
"""What Outlook says of the mail: ids of 32 hex digits, of no ticket."""
WRAPPED: list[Callable[[str], str]] = [
    lambda link: link,
    lambda link: encoded(link, 1),
    lambda link: encoded(link, 2),
    lambda link: encoded(link, 3),
    lambda link: (
        f"https://eur01.safelinks.protection.outlook.com/?url={encoded(link, 1)}"
        f"&data=05%7C02%7Canna%40example.com%7C{MAIL}%7C1%7C0&sdata=x%3D&reserved=0"
    ),
    lambda link: f"https://eur01.safelinks.protection.outlook.com/?url={encoded(link, 2)}&data=x",
    proofpoint_2,
    lambda link: f"https://urldefense.com/v3/__{link}__;!!Abc!def$",
    lambda link: f"https://linkprotect.cudasvc.com/url?a={encoded(link, 1)}&c=E,1,xyz&typo=1",
    lambda link: f"https://www.google.com/url?q={link}&sa=D&usg=AOvVaw",
    lambda link: f"https://secure-web.cisco.com/1abc/{encoded(link, 1)}",
    lambda link: f"https://l.example.com/l.php?u={encoded(link, 3)}&h=AT0",
    lambda link: f"https://l.example.com/#goto={encoded(link, 1)}",
    lambda link: f"URL:{link}",
]


@table("wrap", WRAPPED)
def test_a_link_however_it_is_wrapped(wrap: Callable[[str], str]) -> None:
    assert read_code(wrap(SHORT)).slug == "nz9lb"
    assert not read_code(wrap(SHORT)).uuids
    assert read_code(wrap(LONG)).uuids == (TICKET,)
    both = read_code(wrap(f"{SITE}/check?order={ORDER}&ticket={TICKET}"))
    assert both.uuids == (TICKET, ORDER)


def test_a_link_in_base64_and_one_with_hidden_signs() -> None:
    sophos = "https://eu.protection.sophos.com/?d=x.io&u=aHR0cHM6Ly94LmlvL3QvbnozOWxiLw==&i=a"
    assert read_code(sophos).slug == "nz39lb"
    assert (
        read_code("https://urldefense.com/v3/__https://x.io/*/t/nz9lb/__;Iw!!a!b$").slug == "nz9lb"
    )


def test_a_short_link_keeps_its_case_and_its_order() -> None:
    assert read_code(f"{SITE}/t/nZ9Lb/").slug == "nZ9Lb"
    code = read_code(f"{SITE}/t/nz9lb/?order={ORDER}")
    assert (code.slug, code.uuids) == ("nz9lb", (ORDER,))


def test_caps_lock_is_the_whole_text_in_the_other_case() -> None:
    assert [each.code.exact for each in readings("DzY1") if each.layout is None] == ["DzY1", "dZy1"]
    slugs = [each.code.slug for each in readings("HTTPS://X.IO/T/NZ9LB/") if each.layout is None]
    assert slugs == ["NZ9LB", "nz9lb"]


@table("wrap", WRAPPED)
def test_a_link_in_small_letters_was_not_swapped(wrap: Callable[[str], str]) -> None:
    """Two links that differ in case are two tickets."""
    found = readings(wrap(f"{SITE}/t/nZ9Lb/"))
    assert {each.code.slug for each in found if each.layout is None} == {"nZ9Lb"}


HOSTILE = [
    *("&" * 2_000, "https://" * 250, "a1%25" * 400, ("ab12" * 8 + "-") * 60, "a.b" * 600),
    *("#" * 2_000, "]Q1" * 600, "/t/ab" * 400, "https://x/?" + "a=https%3A%2F%2Fx%2F&" * 80),
    *("1" * 2_000, "ab " * 600, "957e996e-16d9-" * 140, "%" * 2_000, "/__http" * 280),
    *("&é" * 290, "httpsÆ--" * 70, "ab12" * 150, "?u=aHR0c" * 240, "__;" * 600),
]


def steps(work: Callable[[], object]) -> int:
    """How many lines of Python `work` runs through."""
    count = 0

    def count_lines(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal count
        count += event == "line"
        return count_lines

    before = sys.gettrace()
    sys.settrace(count_lines)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


@table("text", HOSTILE)
def test_the_work_for_a_hostile_text_is_bounded(text: str) -> None:
    list(readings(TICKET))  # the tables of the layouts are made once
    assert steps(lambda: list(readings(text))) < 400_000
    assert len(list(readings(text))) <= 9 * 50


@given(
    st.lists(
        st.sampled_from(
            [
                *("https://", "x.io", "/t/", "nz9lb", "?u=", "%2F", "%253A", TICKET, DASHED, "]Q1"),
                *(
                    "#",
                    "*",
                    '"',
                    "\\000026",
                    "\x1d",
                    " ",
                    "&é",
                    "Æ--",
                    "aHR0c",
                    "__;",
                    "-",
                    "\udcff",
                ),
            ]
        ),
        max_size=40,
    ).map("".join)
)
def test_no_mixture_of_forms_is_an_error(text: str) -> None:
    for reading in readings(text):
        assert reading.code.text.isprintable()
        assert len(reading.code.uuids) <= 4
        assert not (reading.code.flaw and reading.code.is_ticket_like)
    assert read_code(text) == read_code(text)
