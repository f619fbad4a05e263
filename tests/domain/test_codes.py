"""What a text could name: every form a ticket's code was seen in, and rubbish."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boxoffice.domain.codes import Code, read_code

TICKET = "957e996e16d94aff959800a03bf8c726"
DASHED = str(UUID(TICKET))
ORDER = "729706a9e909485c8055867f251e6239"
SITE = "https://test.ticketbutler.io"


def typed(text: str, keys: str) -> str:
    """`text` as a scanner set to English types it on another layout; `keys`: what - / : become."""
    return text.translate(str.maketrans("-/:", keys))


LAYOUTS = {
    "Danish": "+-Æ",
    "German": "ß-Ö",
    "French": ")!M",
    "Spanish": "'-Ñ",
    "Swiss": "'-ü",
    "Finnish": "+-Ö",
}


@pytest.mark.parametrize(
    "text",
    [
        TICKET,
        TICKET.upper(),
        "957E996e16d94AFF959800a03bf8C726",
        DASHED,
        DASHED.upper(),
        f"{{{DASHED}}}",
        f"urn:uuid:{DASHED}",
        f"  {TICKET}\r\n",
        f"\x02{TICKET}\x03",
        f"\x1d{DASHED}",
        f"\ufeff{DASHED}",
        TICKET[:8] + "\x1d" + TICKET[8:],
        DASHED.replace("-", "--"),
        DASHED.replace("-", " "),
        f"{SITE}/tickets/{TICKET}/",
        f"{SITE}/api/v3/tickets/{DASHED.upper()}",
        f"{SITE}/check?ticket={TICKET}&lang=da",
        f"HTTP://TEST.TICKETBUTLER.IO/T/{TICKET.upper()}/",
        f"ticket:{TICKET}",
        *(typed(DASHED, keys) for keys in LAYOUTS.values()),
        *(typed(f"{SITE}/t/{DASHED}/", keys) for keys in LAYOUTS.values()),
    ],
)
def test_a_uuid_in_any_dress(text: str) -> None:
    code = read_code(text)
    assert code.uuids == (TICKET,)
    assert code.certain
    assert code.is_coded
    assert code.is_ticket_like


@pytest.mark.parametrize(
    "url",
    [
        f"{SITE}/orders/{ORDER}/tickets/{TICKET}/",
        f"{SITE}/da/purchase/{ORDER}/{TICKET}/",
        f"{SITE}/tickets/{TICKET}/?order={ORDER}",
        f"{SITE}/tickets/{TICKET}/?purchase_uuid={ORDER}",
        f"{SITE}/o?order={UUID(ORDER)}&ticket={DASHED}",
        f"{SITE}/o?order={ORDER}&ticket={TICKET}&again={TICKET}",
        typed(f"{SITE}/orders/{UUID(ORDER)}/tickets/{DASHED}/", LAYOUTS["Danish"]),
    ],
)
def test_all_uuids_are_read_the_tickets_first(url: str) -> None:
    code = read_code(url)
    assert set(code.uuids) == {TICKET, ORDER}
    if "purchase/" not in url:
        assert code.uuids == (TICKET, ORDER)


def test_one_scan_asks_few_questions() -> None:
    many = "/".join(f"{number:032x}" for number in range(20, 60))
    assert len(read_code(f"{SITE}/{many}").uuids) == 4


@pytest.mark.parametrize(
    "text",
    [
        f"{SITE}/t/nz9lb/",
        f"{SITE}/t/nz9lb",
        f"{SITE}/t/nz9lb/?utm=mail",
        f"{SITE}/da/t/nz9lb/#top",
        "http://localhost:8000/t/nz9lb/",
        "test.ticketbutler.io/t/nz9lb/",
        "localhost.example:8000/t/nz9lb",
        *(typed(f"{SITE}/t/nz9lb/", keys) for keys in LAYOUTS.values()),
    ],
)
def test_a_short_url(text: str) -> None:
    code = read_code(text)
    assert code.slug == "nz9lb"
    assert code.certain
    assert code.is_coded
    assert code.exact is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1068", Code("1068", number=1068, exact="1068", order_id="1068")),
        ("0001068", Code("0001068", number=1068, exact="0001068", order_id="0001068")),
        (" dZy1\n", Code("dZy1", exact="dZy1", order_id="dZy1")),
        ("UWb127908", Code("UWb127908", exact="UWb127908", order_id="UWb127908")),
        ("ABC-998/x", Code("ABC-998/x", exact="ABC-998/x")),
        ("anna", Code("anna", exact="anna", order_id="anna")),
        ("1" * 19, Code("1" * 19, exact="1" * 19, order_id="1" * 19)),
        ("１０６８", Code("１０６８", exact="１０６８")),
        ("١٠٦٨", Code("١٠٦٨", exact="١٠٦٨")),
        ("²", Code("²", exact="²")),
        ("+4512345678", Code("+4512345678", exact="+4512345678")),
        ("hans jensen", Code("hans jensen")),
        ("", Code("")),
        ("\x00\x1b\x7f", Code("")),
        (" \u200b\n", Code("")),
    ],
)
def test_what_else_may_be_a_code(text: str, code: Code) -> None:
    assert read_code(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "\x00\x01\x02",
        "???",
        "-" * 40,
        "https://www.coca-cola.com/",
        "www.example.com",
        f"{SITE}/events/",
        "WIFI:T:WPA;S:Guests;P:secret;;",
        "BEGIN:VCARD\nFN:Anna\nEND:VCARD",
        "mailto:anna@example.com",
        "x" * 10_000,
        TICKET * 400,
        "a b " * 60,
        "Søren Ågård",
    ],
)
def test_not_a_ticket(text: str) -> None:
    assert not read_code(text).is_ticket_like


def test_two_codes_run_together_name_nothing() -> None:
    assert read_code(TICKET + ORDER).uuids == ()
    assert read_code(TICKET + "0").uuids == ()


@pytest.mark.parametrize(
    "text",
    ["anna", "Anna", "ANNA", "Ågård", "李小龙", "hans jensen", "O'Brien", "anna@b.dk", "+4512"],
)
def test_what_people_type_is_no_code(text: str) -> None:
    code = read_code(text)
    assert not code.certain
    assert not code.is_coded


@pytest.mark.parametrize("text", ["dZy1", "dZyx", "1068", "ABC-998-XYZ", "K7", "gate:12/b"])
def test_what_has_the_look_of_a_code(text: str) -> None:
    assert read_code(text).is_coded
    assert not read_code(text).certain


def test_shown_text_is_clean_and_short() -> None:
    assert read_code("a\x1b[31m\u202eb").text == "a[31mb"
    assert len(read_code("ab1 " * 3_000).text) == 200


@given(st.text(max_size=3_000))
def test_no_text_is_an_error(text: str) -> None:
    code = read_code(text)
    assert all(len(uuid) == 32 and int(uuid, 16) >= 0 for uuid in code.uuids)
    assert code.text.isprintable()
    assert code.is_ticket_like or not code.uuids


@given(st.uuids(), st.booleans(), st.booleans(), st.text(alphabet="\r\n\t \x02\x03", max_size=4))
def test_any_uuid_is_read(uuid: UUID, dashed: bool, upper: bool, around: str) -> None:
    text = str(uuid) if dashed else uuid.hex
    text = around + (text.upper() if upper else text) + around
    assert read_code(text).uuids == (uuid.hex,)
