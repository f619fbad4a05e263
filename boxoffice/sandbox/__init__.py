"""A Ticketbutler v3 server for demonstration, training and tests.

It is a reading of the API document of its own: it imports nothing of the client or of the door.
"""

from boxoffice.sandbox.faults import Fault, Kind
from boxoffice.sandbox.server import PortTakenError, Sandbox, SandboxThread
from boxoffice.sandbox.shapes import Dialect

__all__ = ["Dialect", "Fault", "Kind", "PortTakenError", "Sandbox", "SandboxThread"]
