"""What is printed is scanned back into a real lane."""

from tests.lane.conftest import lane, open_lane

__all__ = ["lane", "open_lane"]
