"""What a scanner's keys become on another layout, and back: every key, every layout, Caps Lock."""

import string
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from boxoffice.domain.codes import read_code
from boxoffice.domain.keyboard_layouts import (
    LAYOUTS,
    US,
    CapsLock,
    KeyboardLayout,
    originals,
    swap_case,
)
from tests.keyboards import readings, typed
from tests.support import table

TICKET = "957e996e16d94aff959800a03bf8c726"
DASHED = str(UUID(TICKET))
SITE = "https://test.ticketbutler.io"
PRINTABLE = string.ascii_letters + string.digits + string.punctuation
BY_NAME = {layout.name: layout for layout in LAYOUTS}
EVERY_WAY = [(layout, caps) for layout in LAYOUTS for caps in layout.caps_locks]
every_way = table(("layout", "caps"), EVERY_WAY)


def meant(text: str, layout: KeyboardLayout) -> set[str]:
    """What may have been scanned where `text` arrived on a computer with `layout`; also itself."""
    found = {
        each.text for alike in originals(text) for each in alike if each.computer == layout.name
    }
    return found | {text}


@table(
    ("name", "scanned", "arrives"),
    [
        ("Danish", "-/:;'", "+-Ææø"),
        ("Danish", "#&?=1", "#/_´1"),
        ("Norwegian", "-/:;'\\", "+-Øøæ'"),
        ("Swedish", "-/:;'", "+-Ööä"),
        ("German", "-/:yzYZ#", "ß-ÖzyZY§"),
        ("French", "0123456789", "à&é\"'(-è_ç"),
        ("French", "-/:.aqwzm", ")!M:qazw,"),
        ("Belgian", "0123456789", "à&é\"'(§è!ç"),
        ("Belgian", "-/:.=", ")=M:-"),
        ("British", '#"@~|\\', '£@"¬~#'),
    ],
)
def test_what_arrives(name: str, scanned: str, arrives: str) -> None:
    assert typed(scanned, BY_NAME[name]) == arrives


@table(
    ("scanned", "windows", "x11"),
    [
        ("=e", "é", "é"),
        ("=9", "´9", ""),
        ("]E0", "Ë0", "Ë0"),
        ("]Q1", "¨Q1", "1"),
        ("]]a", "¨¨a", "¨a"),
        ("= ", "´", "´"),
        ("a=", "a´", "a´"),
    ],
)
def test_dead_keys(scanned: str, windows: str, x11: str) -> None:
    assert typed(scanned, BY_NAME["Danish"]) == windows
    assert typed(scanned, BY_NAME["Danish"], lossy=True) == x11


@table("layout", LAYOUTS)
def test_every_layout_has_every_key_once(layout: KeyboardLayout) -> None:
    given = layout.keys + layout.shifted
    assert len(layout.keys) == len(layout.shifted) == 47
    assert len(set(given)) == len(given)
    assert set(layout.dead) <= set(given)


@every_way
def test_every_character_comes_back(layout: KeyboardLayout, caps: CapsLock) -> None:
    for char in PRINTABLE:
        assert char in meant(typed(char, layout, caps), layout)


@every_way
def test_a_dead_key_and_a_letter_come_back(layout: KeyboardLayout, caps: CapsLock) -> None:
    for dead in PRINTABLE:
        if typed(dead, layout) in layout.dead:
            for char in string.ascii_letters:
                assert f"x{dead}{char}" in meant(typed(f"x{dead}{char}", layout, caps), layout)


def test_two_keys_that_give_the_same_are_both_tried() -> None:
    assert typed("]a", BY_NAME["Swedish"]) == typed("'", BY_NAME["Swedish"]) == "ä"
    assert {"x]a", "x'"} <= meant("xä", BY_NAME["Swedish"])


def test_what_a_layout_cannot_have_typed_is_not_read_by_it() -> None:
    assert meant("æ1", BY_NAME["German"]) == {"æ1"}
    assert list(originals("漢字")) == []


def test_a_scanner_set_to_another_layout_on_a_us_computer() -> None:
    # Its `-` is where a US keyboard has `/`, its `/` is Shift and 7.
    found = {each for alike in originals("https>&&x.io&t&nz9lb&") for each in alike}
    assert any(
        (each.text, each.scanner, each.computer) == ("https://x.io/t/nz9lb/", "Danish", US)
        for each in found
    )


@every_way
@table("text", [TICKET, DASHED, TICKET.upper(), DASHED.upper()])
def test_a_whole_uuid_through_each_layout(
    layout: KeyboardLayout, caps: CapsLock, text: str
) -> None:
    assert read_code(typed(text, layout, caps)).uuids == (TICKET,)


@every_way
@table(
    "text",
    [
        f"{SITE}/tickets/{DASHED}/",
        f"{SITE}/check?lang=da&ticket={TICKET}",
        f"\\000026{DASHED}",
        f"#{TICKET}",
        f"*{DASHED}*",
        f"]Q1{TICKET}",
    ],
)
def test_a_uuid_in_a_link_or_a_frame_through_each_layout(
    layout: KeyboardLayout, caps: CapsLock, text: str
) -> None:
    assert any(TICKET in each.code.uuids for each in readings(typed(text, layout, caps)))


@every_way
@table("slug", ["nz9lb", "aQwZy0m"])
def test_a_short_link_through_each_layout(
    layout: KeyboardLayout, caps: CapsLock, slug: str
) -> None:
    arrived = typed(f"{SITE}/t/{slug}/", layout, caps)
    assert any(each.code.slug == slug for each in readings(arrived))


@given(st.uuids(), st.sampled_from(EVERY_WAY), st.booleans())
def test_any_uuid_through_any_layout(
    uuid: UUID, way: tuple[KeyboardLayout, CapsLock], dashed: bool
) -> None:
    assert read_code(typed(str(uuid) if dashed else uuid.hex, *way)).uuids == (uuid.hex,)


@given(st.text(max_size=80))
def test_swapping_the_case_twice_changes_nothing_of_ascii(text: str) -> None:
    ascii_only = text.encode("ascii", "ignore").decode()
    assert swap_case(swap_case(ascii_only)) == ascii_only
    assert len(swap_case(text)) == len(text)
