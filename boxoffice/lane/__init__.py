"""One lane at one door: the only thing that screens and commands talk to."""

from boxoffice.lane.lane import Lane
from boxoffice.lane.status import (
    Change,
    Details,
    QueueView,
    RosterChanged,
    Status,
    StatusChanged,
    Undone,
)

__all__ = [
    "Change",
    "Details",
    "Lane",
    "QueueView",
    "RosterChanged",
    "Status",
    "StatusChanged",
    "Undone",
]
