"""Which guest's a code is, by a person's word, and the rules that people accepted for codes.

Both hold for all lanes of the data folder: another process finds them with its next look.
"""

import sqlite3
from datetime import datetime
from typing import NamedTuple

from boxoffice.domain.code_rules import CodeRule, RuleState, read_rule
from boxoffice.domain.code_ties import CodeTie
from boxoffice.store.entries import Entry, Stamp, write
from boxoffice.store.stamped import Stamped
from boxoffice.store.writer import transaction

NEWEST = 1_000
"""Ties that are looked through for a rule."""


class SaidOfCode(NamedTuple):
    """What people have said that bears on one code."""

    tie: CodeTie | None
    rules: tuple[CodeRule, ...]
    """Those in force; not looked for where there is a tie."""


class CodeTies(Stamped):
    """Ties and rules in journal.db. Each change is journalled in the same transaction.

    All methods raise StoreError where the file cannot be read or written.
    """

    async def of(self, code: str, event: str) -> SaidOfCode:
        """What holds for `code`, as `tied_text` writes it, at `event`: one look at the file."""
        return await self._database.run(_said, code, event)

    async def newest(self, event: str | None = None) -> list[CodeTie]:
        """The ties of `event`, or of all, the newest first, as many as are looked through."""
        return await self._database.run(_newest, event)

    async def last(self, event: str) -> CodeTie | None:
        """The newest at `event` of the lane that the journal was opened for."""
        return await self._database.run(_last, event, self._lane)

    async def tie(
        self, code: str, event: str, ticket: str, *, instead_of: CodeTie | None = None
    ) -> tuple[CodeTie, bool]:
        """Tie `code` to `ticket`; on disk when this returns: (the tie, True).

        Only in place of `instead_of`, which None says there is none of: where the code is tied
        otherwise by now, that tie and False, and nothing is changed.
        """
        return await self._write(_tie, code, event, ticket, instead_of)

    async def untie(self, tie: CodeTie) -> bool:
        """Take a tie back. False: it was taken back or replaced meanwhile."""
        return await self._write(_untie, tie)

    async def rules(self) -> dict[CodeRule, RuleState]:
        """What was decided about each rule last, the oldest decision first."""
        return await self._database.run(_rules)

    async def decide(self, rule: CodeRule, state: RuleState, event: str, reason: str = "") -> None:
        """Keep what is decided about `rule`, for all events of the site."""
        await self._write(_decide, rule, state, event, reason)


def _said(connection: sqlite3.Connection, code: str, event: str) -> SaidOfCode:
    if (tie := _one(connection, code, event)) is not None:
        return SaidOfCode(tie, ())
    in_force = [rule for rule, state in _rules(connection).items() if state is RuleState.ACCEPTED]
    return SaidOfCode(None, tuple(in_force))


def _one(connection: sqlite3.Connection, code: str, event: str) -> CodeTie | None:
    row = connection.execute(
        "SELECT * FROM code_tie WHERE event = ? AND code = ?", (event, code)
    ).fetchone()
    return _read_tie(*row) if row else None


def _newest(connection: sqlite3.Connection, event: str | None) -> list[CodeTie]:
    rows = connection.execute(
        "SELECT * FROM code_tie WHERE ?1 IS NULL OR event = ?1 ORDER BY journal DESC LIMIT ?2",
        (event, NEWEST),
    )
    return [_read_tie(*row) for row in rows]


def _last(connection: sqlite3.Connection, event: str, lane: str) -> CodeTie | None:
    row = connection.execute(
        "SELECT * FROM code_tie WHERE event = ? AND lane = ? ORDER BY journal DESC LIMIT 1",
        (event, lane),
    ).fetchone()
    return _read_tie(*row) if row else None


def _tie(
    connection: sqlite3.Connection,
    stamp: Stamp,
    code: str,
    event: str,
    ticket: str,
    instead_of: CodeTie | None,
) -> tuple[CodeTie, bool]:
    with transaction(connection):
        before = _one(connection, code, event)
        if before is not None and before != instead_of:
            return before, False
        data = {"instead_of": before.ticket} if before else None
        row = write(connection, stamp, Entry("tie", event, ticket, code=code, data=data))
        connection.execute(
            "INSERT OR REPLACE INTO code_tie VALUES (?, ?, ?, ?, ?, ?, ?)",
            (code, event, ticket, *stamp.signed, row),
        )
    return _read_tie(code, event, ticket, *stamp.signed, row), True


def _untie(connection: sqlite3.Connection, stamp: Stamp, tie: CodeTie) -> bool:
    with transaction(connection):
        gone = connection.execute(
            "DELETE FROM code_tie WHERE event = ? AND code = ? AND journal = ?",
            (tie.event, tie.code, tie.journal),
        )
        if not gone.rowcount:
            return False
        write(connection, stamp, Entry("untie", tie.event, tie.ticket, code=tie.code))
    return True


def _rules(connection: sqlite3.Connection) -> dict[CodeRule, RuleState]:
    rows = connection.execute("SELECT rule, state FROM code_rule ORDER BY journal")
    known = [(read_rule(rule), RuleState(state)) for rule, state in rows]
    return {rule: state for rule, state in known if rule is not None}


def _decide(
    connection: sqlite3.Connection,
    stamp: Stamp,
    rule: CodeRule,
    state: RuleState,
    event: str,
    reason: str,
) -> None:
    text = rule.as_text()
    entry = Entry(f"rule_{state}", event, reason=reason or rule.sentence, data={"rule": text})
    with transaction(connection):
        row = write(connection, stamp, entry)
        connection.execute("INSERT OR REPLACE INTO code_rule VALUES (?, ?, ?)", (text, state, row))


def _read_tie(
    code: str, event: str, ticket: str, at: str, lane: str, operator: str, journal: int
) -> CodeTie:
    return CodeTie(code, event, ticket, datetime.fromisoformat(at), lane, operator, journal)
