"""Tickets and receipts on paper, and the codes of both paper and screen."""
