"""What a text could name: every form a ticket's code was seen in, and rubbish."""

from urllib.parse import quote
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from boxoffice.domain.codes import Code, Framing, layout_advice, plain_readings, read_code
from boxoffice.domain.invitation import Address, Invitation
from boxoffice.domain.keyboard_layouts import LAYOUTS as KEYBOARDS
from tests.keyboards import readings
from tests.keyboards import typed as typed_on
from tests.support import table

TICKET = "957e996e16d94aff959800a03bf8c726"
DASHED = str(UUID(TICKET))
ORDER = "729706a9e909485c8055867f251e6239"
SITE = "https://test.ticketbutler.io"
HUBS = Invitation(Address("192.168.1.20"), "47110815").qr
HUBS_V6 = Invitation(Address("fd00::1"), "47110815").qr


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


@table(
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
    assert code.is_no_query
    assert code.is_coded
    assert code.is_ticket_like


@table(
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


@table(
    "text",
    [
        f"{SITE}/t/nz9lb/",
        f"{SITE}/t/nz9lb",
        f"{SITE}/t/nz9lb/?utm=mail",
        f"{SITE}/da/t/nz9lb/#top",
        "http://localhost:8000/t/nz9lb/",
        "test.ticketbutler.io/t/nz9lb/",
        "localhost.example:8000/t/nz9lb",
    ],
)
def test_a_short_url(text: str) -> None:
    code = read_code(text)
    assert code.slug == "nz9lb"
    assert code.is_no_query
    assert code.is_coded
    assert code.exact is None


@table(
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
        ("hans jensen", Code("hans jensen", exact="hans jensen")),
        ("", Code("")),
        ("\x00\x1b\x7f", Code("")),
        (" \u200b\n", Code("")),
    ],
)
def test_what_else_may_be_a_code(text: str, code: Code) -> None:
    assert read_code(text) == code


@table(
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


SHORT = f"{SITE}/t/nz9lb/"
LONG = f"{SITE}/tickets/{DASHED}/"


@table(
    "text",
    [
        *(TICKET + ORDER, f"{TICKET} {ORDER}", f"{TICKET},{ORDER}", f"{DASHED}{UUID(ORDER)}"),
        *(f"{TICKET}\x1d{ORDER}", f"{TICKET}\n{ORDER}", f"ticket:{TICKET} order:{ORDER}"),
        *(f"{TICKET}xx{TICKET}", f"{TICKET} and again {TICKET}"),
        *(f"{SHORT}{SITE}/t/abcde/", f"{SHORT} {SITE}/t/abcde/", f"{SHORT[:-1]}{SITE}/t/abcde"),
        *(f"{LONG} {ORDER}", f"{LONG}{SITE}/tickets/{ORDER}/", f"{SITE}/tickets/{TICKET}{ORDER}/"),
        *(f"{SHORT}?next={quote(SITE + '/t/abcde/', safe='')}", f"]Q1{TICKET + ORDER}"),
        *(typed_on(f"{TICKET},{ORDER}", layout) for layout in KEYBOARDS),
    ],
)
def test_two_codes_in_one_name_nobody(text: str) -> None:
    code = read_code(text)
    assert not code.uuids
    assert code.slug is None
    assert not code.is_ticket_like
    assert code.flaw == "Two codes in one: scan them one after another"


@table(
    "text",
    [
        *(TICKET * 2, TICKET * 3, DASHED * 2, f"{TICKET} {DASHED}", f"{TICKET},{TICKET}"),
        *(f"{TICKET}\x1d{TICKET}", LONG * 2, f"{LONG} {LONG}", f"{LONG}?id={TICKET}"),
    ],
)
def test_the_same_code_twice_is_one_code(text: str) -> None:
    assert read_code(text).uuids == (TICKET,)


def test_the_same_short_link_twice_is_one() -> None:
    for text in (SHORT * 2, f"{SHORT} {SHORT}", SHORT[:-1] * 2):
        assert read_code(text).slug == "nz9lb"


@table(
    "text",
    [
        *(TICKET + "0", "a" + TICKET, TICKET[:31], TICKET[:20], TICKET + TICKET[:8]),
        *(DASHED[:-1], DASHED[1:], f"{DASHED}-957e", f"957e-{DASHED}", f"{TICKET}-957e996e"),
        *(DASHED[9:], f"957e 957e996e{DASHED[8:]}", f"957e;{TICKET}", f"{'0' * 24}{DASHED}"),
        *(
            f"{SITE}/tickets/{TICKET}0/",
            f"{SITE}/tickets/{DASHED}-957e/",
            f"{SITE}/t/{DASHED[:-1]}/",
        ),
    ],
)
def test_a_part_of_a_code_names_nobody(text: str) -> None:
    for reading in readings(text):
        assert reading.code.uuids == ()
        assert reading.code.slug is None
        assert reading.code.number is None


@table("digits", ["1068", "0001068"])
@table(
    ("before", "behind"),
    [
        *(("", ""), ("]C1", ""), ("]E0", ""), ("]d2", ""), ("]Q1]C1", ""), ("\\000026", "")),
        *(("]Q1\\000026", ""), ("#", ""), ("*", "*"), ('"', '"'), ("“", "”"), ("(", ")")),
        *(("\x02", "\x03"), ("\x1d", "\x04\x00"), (" ", "\r\n"), ("]C1\x1d", ""), ("]A0*", "*")),
    ],
)
def test_a_number_in_a_frame_is_a_bare_number(before: str, behind: str, digits: str) -> None:
    code = read_code(before + digits + behind)
    assert code.number == 1068
    assert code.number is not None


@table(
    "text", ["ABC1068", "1068x", "10 68", "1068\x1d1069", "-1068", "1068.0", "]C11068x", "1" * 19]
)
def test_digits_in_something_longer_are_no_number(text: str) -> None:
    assert not any(each.code.number is not None for each in plain_readings(text))


def test_a_frame_is_tried_as_it_is_first() -> None:
    exact = [each.code.exact for each in plain_readings("]Q1#*MEM-1*")]
    assert exact == ["]Q1#*MEM-1*", "#*MEM-1*", "*MEM-1*", "MEM-1"]


def test_what_scanners_are_set_to_put_around_a_code() -> None:
    framing = Framing(("TB", "TB:"), (";", "END"))
    for text in (f"TB{TICKET}END", f"]Q1TB{TICKET};", f"TB]Q1{TICKET}", TICKET):
        assert read_code(text, framing).uuids == (TICKET,)
    assert [each.code.exact for each in plain_readings("TBTB1;", framing)] == [
        "TBTB1;",
        "TB1;",
        "TB1",
    ]
    assert read_code("TB1068;", framing).number == 1068
    assert read_code("TB1068;").number is None


@table(
    ("text", "flaw"),
    [
        ("https://www.coca-cola.com/", "This web link is no ticket's: scan the ticket's own code"),
        ("WIFI:T:WPA;S:Guests;;", "This is a Wi-Fi code: scan the ticket's own code"),
        (HUBS, "This is a hub's code: press Ctrl+P, choose “Venue”, and scan it there"),
        (HUBS_V6.lower(), "This is a hub's code: press Ctrl+P, choose “Venue”, and scan it there"),
        ("tel:+4512345678", "This is a telephone number: scan the ticket's own code"),
        ("x" * 3_000, "Too long for a ticket's code: scan again, or search by name"),
        (DASHED[:-1], "A part of a code, or more than one: scan again"),
        (
            "httpsÆ--x.io-t-nz9lb-",
            "It looks like a code, but mistyped. "
            "The scanner types as if on a US keyboard: set it to Danish",
        ),
        (
            "MEM+001000",
            "It looks like a code, but mistyped. "
            "The scanner types as if on a US keyboard: set it to Danish, Norwegian or Swedish",
        ),
    ],
)
def test_why_it_is_no_ticket(text: str, flaw: str) -> None:
    code = read_code(text)
    assert code.flaw == flaw
    assert not code.is_ticket_like


@table("word", ["jensen", "Jensen", "JENSEN", "Anna", "Åse", "Quiz"])
def test_a_word_is_no_mistyped_code(word: str) -> None:
    """Caps Lock, or an AZERTY keyboard, would make the letters of a code of it."""
    assert read_code(word).flaw == ""


def test_advice_names_what_the_scanner_should_be_set_to() -> None:
    plain, *_ = readings(TICKET)
    assert layout_advice([plain]) == layout_advice([]) == ""
    danish = next(each for each in readings("MEM+1") if each.layout == "Danish")
    assert layout_advice([danish]).endswith("US keyboard: set it to Danish")
    assert layout_advice([danish, plain]) == ""


@table(
    "text",
    ["anna", "Anna", "ANNA", "Ågård", "李小龙", "hans jensen", "O'Brien", "anna@b.dk", "+4512"],
)
def test_what_people_type_is_no_code(text: str) -> None:
    code = read_code(text)
    assert not code.is_no_query
    assert not code.is_coded


@table("text", ["dZy1", "dZyx", "1068", "ABC-998-XYZ", "K7", "gate:12/b"])
def test_what_has_the_look_of_a_code(text: str) -> None:
    assert read_code(text).is_coded
    assert not read_code(text).is_no_query


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
