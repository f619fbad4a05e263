"""The modules of the codes, read back as a scanner reads them."""

import string
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from boxoffice.printing.papers import QR_SIDE, QUIET, Run, code128, qr, runs
from tests.printing.eyes import CODE128, read

uuids = st.text(string.hexdigits[:16], min_size=32, max_size=32)


def picture(rows: Sequence[Sequence[bool]], wide: int, high: int) -> Image.Image:
    image = Image.new("L", (len(rows[0]) * wide, len(rows) * high), 255)
    for run in runs(rows):
        left, top = run.start * wide, run.row * high
        image.paste(0, (left, top, left + run.length * wide, top + high))
    return image


@given(uuids)
def test_a_qr_of_a_uuid_reads_back_and_is_always_of_one_size(uuid: str) -> None:
    code = qr(uuid)
    assert len(code) == QR_SIDE
    assert {len(row) for row in code} == {QR_SIDE}
    assert read(picture(code, 3, 3)) == [uuid]


@pytest.mark.parametrize("uuid", ["0" * 32, "1" * 32, "f" * 32, "e" * 31 + "0"])
def test_the_odd_uuids_too(uuid: str) -> None:
    assert len(qr(uuid)) == QR_SIDE
    assert read(picture(qr(uuid), 3, 3)) == [uuid]


def test_white_is_around_it() -> None:
    code = qr("a" * 32)
    edge = [*range(QUIET), *range(QR_SIDE - QUIET, QR_SIDE)]
    assert not any(code[y][x] or code[x][y] for y in edge for x in range(QR_SIDE))


def test_it_survives_a_stain() -> None:
    uuid = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
    image = picture(qr(uuid), 8, 8)
    image.paste(255, (150, 150, 190, 190))
    assert read(image) == [uuid]


def test_a_longer_text_has_a_larger_code() -> None:
    text = "https://test.ticketbutler.io/t/nz9lb/?from=the-door"
    assert len(qr(text)) > QR_SIDE
    assert read(picture(qr(text), 3, 3)) == [text]


def test_what_no_code_holds_is_an_error() -> None:
    with pytest.raises(ValueError, match="too large"):
        qr("x" * 5000)


@given(uuids)
def test_a_code_128_of_a_uuid_reads_back(uuid: str) -> None:
    bars = code128(uuid)
    assert len(bars) <= 407
    assert not any(bars[:10] + bars[-10:])
    assert read(picture([bars], 2, 60), CODE128) == [uuid]


@pytest.mark.parametrize("uuid", ["99" + "0" * 30, "99a" + "b" * 29, "9" * 32, "9a" * 16])
def test_a_code_128_that_begins_with_99_keeps_it(uuid: str) -> None:
    assert read(picture([code128(uuid)], 2, 60), CODE128) == [uuid]


def test_runs_are_modules_side_by_side() -> None:
    rows = [[True, True, False, True], [False] * 4, [False, True, True, True]]
    assert list(runs(rows)) == [Run(0, 0, 2), Run(0, 3, 1), Run(2, 1, 3)]
