"""Bodies in pieces: bounded after decompression, and named by a hash of what was said."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boxoffice.ticketbutler.transport import BoundedBody
from boxoffice.ticketbutler.wire import WrongShape


def take(parts: list[bytes], encoding: str = "", bound: int = 1000) -> tuple[bytes, str]:
    body = BoundedBody(encoding, bound)
    for part in parts:
        body.add(part)
    fingerprint = body.end()
    return b"".join(body.chunks), fingerprint


@given(st.binary(max_size=500), st.integers(1, 50))
def test_compressed_or_not_and_however_cut_it_is_the_same(data: bytes, size: int) -> None:
    packed = gzip.compress(data)
    parts = [packed[at : at + size] for at in range(0, len(packed), size)]
    plain = take([data])
    assert plain[0] == data
    assert take(parts, "gzip") == plain
    assert take([packed], " X-GZIP ") == plain


def test_other_bytes_have_another_fingerprint() -> None:
    assert take([b"a"])[1] != take([b"b"])[1]


def test_the_bound_counts_what_comes_out() -> None:
    assert take([b"x" * 1000])[0]
    with pytest.raises(WrongShape):
        take([b"x" * 1001])
    assert take([gzip.compress(b"x" * 1000)], "gzip")[0]
    with pytest.raises(WrongShape):
        take([gzip.compress(b"x" * 1001)], "gzip")


def test_a_bomb_is_not_unpacked() -> None:
    bomb = gzip.compress(bytes(200_000_000), 1)
    body = BoundedBody("gzip", 3_000_000)
    with pytest.raises(WrongShape):
        body.add(bomb)
    assert sum(map(len, body.chunks)) <= 3_000_000


@pytest.mark.parametrize(
    ("encoding", "parts"),
    [
        ("gzip", [b"no gzip"]),
        ("gzip", []),
        ("gzip", [gzip.compress(b"cut off")[:-4]]),
        ("gzip", [gzip.compress(b"broken")[:-8] + b"12345678"]),
        ("br", [b"x"]),
        ("gzip, gzip", [b"x"]),
        ("deflate", [b"x"]),
    ],
)
def test_what_cannot_be_unpacked(encoding: str, parts: list[bytes]) -> None:
    with pytest.raises(WrongShape):
        take(parts, encoding)
