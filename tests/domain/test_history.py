"""What past scans are found by."""

from datetime import UTC, datetime

import pytest

from boxoffice.domain.history import PastScan, PastScans, Since
from boxoffice.domain.models import Ticket
from boxoffice.domain.verdicts import Scan, Verdict, VerdictCode

AT = datetime(2026, 11, 28, 19, 2, 5, tzinfo=UTC)


def past(
    number: int, verdict: VerdictCode, since: Since | None, name: str = "", kind: str = "Standard"
) -> PastScan:
    ticket = Ticket("a" * 32, "e" * 32, False, full_name=name, ticket_type=kind) if name else None
    scan = Scan(number, "Abc9", Verdict(verdict, "", confirmed=True, ticket=ticket), AT)
    return PastScan(scan, ticket and ticket.uuid, "North", "Anna", since)


SCANS = [
    past(4, VerdictCode.UNKNOWN, None),
    past(3, VerdictCode.ADMITTED, Since.CONFLICT, "Søren O'Brien", "VIP"),
    past(2, VerdictCode.ADMITTED, Since.WAITING, "Åse Ågård"),
    past(1, VerdictCode.ALREADY_IN, None, "Åse Sørensen"),
]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [4, 3, 2, 1]),
        ("  ", [4, 3, 2, 1]),
        ("soren", [3, 1]),
        ("sør", [3, 1]),
        ("obrien", [3]),
        ("aase", [2, 1]),
        ("vip", [3]),
        ("conflict", [3]),
        ("not confirmed", [2]),
        ("already åse", [1]),
        ("unknown", [4]),
        ("abc9", [4, 3, 2, 1]),
        ("anna", [4, 3, 2, 1]),
        ("nobody", []),
        ("rien", []),
    ],
)
def test_find(query: str, found: list[int]) -> None:
    assert [*PastScans(SCANS).find(query)] == found
