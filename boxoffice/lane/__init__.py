"""One lane at one door: the only thing that screens and commands talk to."""

from boxoffice.lane.box_office import BoxOffice, SalesPolicy
from boxoffice.lane.changes import Change, RosterChanged, ScanCompleted, Status, StatusChanged
from boxoffice.lane.code_ties import TieError
from boxoffice.lane.deps import EventCache, LaneDeps
from boxoffice.lane.lane import Lane
from boxoffice.lane.orders import OrderError, OrderView
from boxoffice.lane.queue import QueueView
from boxoffice.lane.ticket_details import Details
from boxoffice.lane.undo import NextUndo, Undone
from boxoffice.store.updates import SaleUpdated
from boxoffice.sync import NotForSale

__all__ = [
    "BoxOffice",
    "Change",
    "Details",
    "EventCache",
    "Lane",
    "LaneDeps",
    "NextUndo",
    "NotForSale",
    "OrderError",
    "OrderView",
    "QueueView",
    "RosterChanged",
    "SaleUpdated",
    "SalesPolicy",
    "ScanCompleted",
    "Status",
    "StatusChanged",
    "TieError",
    "Undone",
]
