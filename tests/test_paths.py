"""What the system says when a file or a port fails, in the language that is in use."""

import errno
import os

import pytest

from boxoffice import language
from boxoffice.paths import reason_of


@pytest.mark.parametrize("number", [errno.EACCES, errno.ENOSPC, errno.EADDRNOTAVAIL])
def test_reason(number: int) -> None:
    error = OSError(number, os.strerror(number), "journal.db")
    assert reason_of(error) == os.strerror(number)
    language.use("da")
    assert reason_of(error) not in ("", os.strerror(number))


def test_reason_of_what_is_rare() -> None:
    assert reason_of(OSError(errno.EXDEV, "Across devices")) == "Across devices"
    assert reason_of(OSError("no number")) == "no number"
