"""Which guest's a code is, by a person's word, and the rules that people accepted for codes.

Both hold for all lanes of the data folder: another process finds them with its next look.
"""

import sqlite3
from datetime import datetime
from typing import NamedTuple

from boxoffice.domain.code_ties import CodeRule, CodeTie, RuleState, read_rule
from boxoffice.domain.journal import Entry, JournalKind
from boxoffice.store.database import from_row
from boxoffice.store.journal_db import Transaction, record

NEWEST = 1_000
"""Ties that are looked through for a rule."""


class CodeDecisions(NamedTuple):
    tie: CodeTie | None
    rules: tuple[CodeRule, ...]
    """Those in force; not looked for where there is a tie."""


def decisions(connection: sqlite3.Connection, code: str, event: str) -> CodeDecisions:
    """What holds for `code`, as `tied_text` writes it, at `event`."""
    if (tied := get(connection, code, event)) is not None:
        return CodeDecisions(tied, ())
    in_force = [rule for rule, state in rules(connection).items() if state is RuleState.ACCEPTED]
    return CodeDecisions(None, tuple(in_force))


def get(connection: sqlite3.Connection, code: str | None, event: str) -> CodeTie | None:
    """The tie of `code`, as `tied_text` writes it; None: there is none."""
    row = connection.execute(
        "SELECT * FROM code_tie WHERE event = ? AND code = ?", (event, code)
    ).fetchone()
    return from_row(CodeTie, row) if row else None


def newest(connection: sqlite3.Connection) -> list[CodeTie]:
    """The ties of all events, the newest first, as many as are looked through."""
    rows = connection.execute("SELECT * FROM code_tie ORDER BY journal DESC LIMIT ?", (NEWEST,))
    return [from_row(CodeTie, row) for row in rows]


def last(connection: sqlite3.Connection, event: str, lane: str) -> CodeTie | None:
    """The newest at `event` of `lane`."""
    row = connection.execute(
        "SELECT * FROM code_tie WHERE event = ? AND lane = ? ORDER BY journal DESC LIMIT 1",
        (event, lane),
    ).fetchone()
    return from_row(CodeTie, row) if row else None


def tie(
    tx: Transaction, code: str, event: str, ticket: str, *, instead_of: CodeTie | None = None
) -> tuple[CodeTie, bool]:
    """Tie `code` to `ticket`: (the tie, True).

    Only in place of `instead_of`, which None says there is none of: where the code is tied
    otherwise by now, that tie and False, and nothing is changed.
    """
    before = get(tx.connection, code, event)
    if before is not None and before != instead_of:
        return before, False
    data = {"instead_of": before.ticket} if before else None
    row = record(tx, Entry(JournalKind.TIE, event, ticket, code=code, data=data))
    tx.execute(
        "INSERT OR REPLACE INTO code_tie (code, event, ticket, at, lane, operator, journal)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (code, event, ticket, *tx.signed, row),
    )
    at = datetime.fromisoformat(tx.at)
    return CodeTie(code, event, ticket, at, tx.lane, tx.operator, row), True


def untie(tx: Transaction, tie: CodeTie) -> bool:
    """Take a tie back. False: it was taken back or replaced meanwhile."""
    gone = tx.execute(
        "DELETE FROM code_tie WHERE event = ? AND code = ? AND journal = ?",
        (tie.event, tie.code, tie.journal),
    )
    if not gone.rowcount:
        return False
    record(tx, Entry(JournalKind.UNTIE, tie.event, tie.ticket, code=tie.code))
    return True


def rules(connection: sqlite3.Connection) -> dict[CodeRule, RuleState]:
    """What was decided about each rule last, the oldest decision first."""
    rows = connection.execute("SELECT rule, state FROM code_rule ORDER BY journal")
    known = [(read_rule(row["rule"]), RuleState(row["state"])) for row in rows]
    return {rule: state for rule, state in known if rule is not None}


def decide(tx: Transaction, rule: CodeRule, state: RuleState, event: str, reason: str = "") -> None:
    """Keep what is decided about `rule`, for all events of the site."""
    text, kind = rule.as_text(), JournalKind(f"rule_{state}")
    entry = Entry(kind, event, reason=reason or rule.sentence, data={"rule": text})
    row = record(tx, entry)
    tx.execute(
        "INSERT OR REPLACE INTO code_rule (rule, state, journal) VALUES (?, ?, ?)",
        (text, state, row),
    )
