"""Tickets and receipts on paper, and the codes of both paper and screen."""

from boxoffice.printing.papers import (
    Paper,
    Receipt,
    Sheet,
    SheetEntry,
    paper_of,
    receipt_of,
    when,
)

__all__ = [
    "Paper",
    "Receipt",
    "Sheet",
    "SheetEntry",
    "paper_of",
    "receipt_of",
    "when",
]
