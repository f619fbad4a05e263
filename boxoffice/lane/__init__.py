"""One lane at one door: the only thing that screens and commands talk to."""

from boxoffice.lane.changes import Change, RosterChanged, ScanCompleted, Status, StatusChanged
from boxoffice.lane.deps import EventCache, LaneDeps, SalesPolicy
from boxoffice.lane.lane import Lane
from boxoffice.store.updates import SaleUpdated

__all__ = [
    "Change",
    "EventCache",
    "Lane",
    "LaneDeps",
    "RosterChanged",
    "SaleUpdated",
    "SalesPolicy",
    "ScanCompleted",
    "Status",
    "StatusChanged",
]
