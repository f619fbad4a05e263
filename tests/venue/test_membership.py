"""The file of a membership: for its owner alone, whole or not at all."""

import json
import logging
import os
from dataclasses import replace
from pathlib import Path

import pytest

from boxoffice import ProblemError, paths
from boxoffice.domain.invitation import Address
from boxoffice.venue import membership
from boxoffice.venue.membership import Membership, read_membership
from tests.venue.support import MEMBERSHIP


def test_it_is_read_back_as_it_was_saved(tmp_path: Path) -> None:
    assert membership.load(tmp_path) is None
    assert not (tmp_path / paths.MEMBERSHIP).exists()
    membership.save(MEMBERSHIP, tmp_path)
    assert membership.load(tmp_path) == MEMBERSHIP
    assert (tmp_path / paths.MEMBERSHIP).exists()


@pytest.mark.skipif(os.name != "posix", reason="the system has no modes")
def test_others_cannot_read_it_even_where_it_was_copied(tmp_path: Path) -> None:
    membership.save(MEMBERSHIP, tmp_path)
    file = tmp_path / paths.MEMBERSHIP
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o644)
    membership.load(tmp_path)
    assert file.stat().st_mode & 0o777 == 0o600


def test_leaving_removes_it_once(tmp_path: Path) -> None:
    membership.save(MEMBERSHIP, tmp_path)
    assert membership.leave(tmp_path)
    assert membership.load(tmp_path) is None
    assert not membership.leave(tmp_path)


def test_what_changes_after_leaving_is_not_saved(tmp_path: Path) -> None:
    moved = replace(MEMBERSHIP, epoch=2)
    membership.update(moved, tmp_path)
    assert membership.load(tmp_path) is None
    membership.save(MEMBERSHIP, tmp_path)
    membership.update(moved, tmp_path)
    assert membership.load(tmp_path) == moved
    membership.update(replace(moved, user="d2"), tmp_path)
    assert membership.load(tmp_path) == moved


def test_the_password_stands_in_no_text_of_it(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        logging.getLogger("boxoffice").info("joined %s", MEMBERSHIP)
    assert MEMBERSHIP.password.get_secret_value() not in caplog.text


@pytest.mark.parametrize(
    "change",
    [
        {"epoch": "1"},
        {"epoch": True},
        {"epoch": -1},
        {"hub": "a.b"},
        {"hub": ""},
        {"user": "door > *"},
        {"addresses": ["host:x"]},
        {"addresses": 4},
        {"certificate": "none"},
        {"certificate": None},
    ],
)
def test_a_damaged_file_is_said_and_can_be_left(tmp_path: Path, change: dict[str, object]) -> None:
    fields = json.loads(MEMBERSHIP.to_json()) | change
    (tmp_path / paths.MEMBERSHIP).write_text(json.dumps(fields))
    with pytest.raises(ProblemError, match="is damaged: run boxoffice leave"):
        membership.load(tmp_path)
    assert membership.leave(tmp_path)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"3", b"\xff", b"[" * 9000, b" " * 20_000])
def test_what_is_no_membership_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError):
        read_membership(content)


def test_the_address_that_answered_is_tried_first(tmp_path: Path) -> None:
    here, there = MEMBERSHIP.addresses[0], Address("10.0.0.9")
    moved = MEMBERSHIP.reached_at(there)
    assert moved.addresses == (there, here)
    assert moved.reached_at(here) == MEMBERSHIP.reached_at(there).reached_at(here)
    assert moved.reached_at(here).addresses == (here, there)
    many = replace(MEMBERSHIP, addresses=())
    for number in range(20):
        many = many.reached_at(Address("10.0.0.1", 1 + number))
    assert many.addresses[0].port == 20
    assert len(many.addresses) == membership.MOST_ADDRESSES


def test_where_the_hub_says_that_it_is_comes_after_where_it_was_reached() -> None:
    reached, old, spare = MEMBERSHIP.addresses[0], Address("10.0.0.9"), Address("10.0.0.7")
    known = replace(MEMBERSHIP, addresses=(reached, old))
    moved = known.at_hub("fedcba9876543210", 5, [spare, reached])
    assert moved.addresses == (reached, spare, old)
    assert (moved.hub, moved.epoch, moved.user) == ("fedcba9876543210", 5, known.user)
    assert moved.at_hub(moved.hub, 5, [spare, reached]) == moved


def test_leaving_takes_what_a_spare_was_sent(tmp_path: Path) -> None:
    (tmp_path / membership.COPY).write_text("a copy")
    membership.save(MEMBERSHIP, tmp_path)
    assert membership.leave(tmp_path)
    assert not (tmp_path / membership.COPY).exists()


def test_a_name_from_outside_is_cleaned() -> None:
    hostile: Membership = replace(MEMBERSHIP, venue="Hall\x1b[2J\u202e" + "x" * 99)
    read = read_membership(hostile.to_json())
    assert "\x1b" not in read.venue
    assert len(read.venue) == membership.NAME_LIMIT
