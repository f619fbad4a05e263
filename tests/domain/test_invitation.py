"""What is carried from the hub's screen: read back whole, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boxoffice.domain.invitation import (
    Address,
    Invitation,
    format_code,
    read_address,
    read_code,
    read_invitation,
)

HOSTS = st.ip_addresses().map(lambda address: address.compressed)
PORTS = st.integers(1, 65_535)
CODES = st.from_regex("[0-9]{8}", fullmatch=True)


@given(HOSTS, PORTS, CODES)
def test_what_the_qr_says_is_read_back(host: str, port: int, code: str) -> None:
    invitation = Invitation(Address(host, port), code)
    assert read_invitation(invitation.qr) == invitation
    assert read_invitation(invitation.qr.lower()) == invitation  # with Caps Lock on
    assert set(invitation.qr) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "BOXOFFICEHUB",
        "BOXOFFICEHUBC0A80114047154711081",  # a digit too few
        "BOXOFFICEHUBC0A8011404715471108155",
        "BOXOFFICEHUBC0A801149999947110815",  # no such port
        "XBOXOFFICEHUBC0A801140471547110815",
        "f0" * 16,
    ],
)
def test_another_text_is_no_invitation(text: str) -> None:
    assert read_invitation(text) is None


def test_a_name_of_a_computer_does_not_go_into_a_qr() -> None:
    with pytest.raises(ValueError, match="hall"):
        _ = Invitation(Address("hall.local"), "47110815").qr


@pytest.mark.parametrize(
    "typed", ["4711-0815", "47110815", " 4711 0815 ", "4711–0815", "47-11-08-15"]
)
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert read_code(typed) == "47110815"
    assert format_code("47110815") == "4711-0815"


@pytest.mark.parametrize("typed", ["", "4711", "4711-081", "4711-08155", "4711-081x", "٤٧١١٠٨١٥"])
def test_what_has_other_than_eight_digits_is_no_code(typed: str) -> None:
    assert read_code(typed) is None


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.168.1.20:4715", Address("192.168.1.20", 4715)),
        ("192.168.1.20", Address("192.168.1.20")),
        (" hall.local:80 ", Address("hall.local", 80)),
        ("[fe80::1]:9", Address("fe80::1", 9)),
        ("[fe80::1]", Address("fe80::1")),
        ("fe80:0::1", Address("fe80::1")),
    ],
)
def test_an_address_is_read(text: str, address: Address) -> None:
    assert read_address(text) == address
    assert read_address(str(address)) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":4715",
        "host:",
        "host:x",
        "host:0",
        "host:65536",
        "host:٤",
        "a b:1",
        "[::1",
        "[::1]x",
        "[x]:1",
        "http://host:1",
        "1::2::3",
    ],
)
def test_what_is_no_address_says_how_one_is_written(text: str) -> None:
    with pytest.raises(ValueError, match="HOST:PORT"):
        read_address(text)
