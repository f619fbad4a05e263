"""Between store and site: how the link does, the list that comes in, the queue that goes out."""

from boxoffice.sync.claim_sync import ClaimSync
from boxoffice.sync.claims import Claims
from boxoffice.sync.code_reader import CodeReader
from boxoffice.sync.context import RateLimit, SyncContext, SyncPart, TaskSupervisor
from boxoffice.sync.link import Link
from boxoffice.sync.puller import Puller
from boxoffice.sync.sender import Drained, Sender

__all__ = [
    "ClaimSync",
    "Claims",
    "CodeReader",
    "Drained",
    "Link",
    "Puller",
    "RateLimit",
    "Sender",
    "SyncContext",
    "SyncPart",
    "TaskSupervisor",
]
