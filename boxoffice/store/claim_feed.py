"""What the hub of a venue holds of all its doors, as its feed told it: in roster.db."""

import json
import sqlite3
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from boxoffice.domain.courier import Delivery
from boxoffice.domain.venue import (
    Attempt,
    Claim,
    Clash,
    Finding,
    Found,
    LetInTwice,
    Message,
    Post,
    Sent,
)
from boxoffice.store.database import from_row, utc_text

_CLAIM = "SELECT event, ticket, round, device, lane, at, number FROM claim"
_DELIVERY = """
    SELECT post.*, claim_sent.at IS NOT NULL AS is_sent, coalesce(claim_sent.lane, '') AS sent_by
    FROM post LEFT JOIN claim_sent USING (ticket, round)
"""


class FeedPosition(NamedTuple):
    """How far a feed was taken up, and of which of the hub's records."""

    record: str = ""
    epoch: int = 0
    number: int = 0


class NewestClaim(NamedTuple):
    """What is known of a ticket by what the doors say."""

    claim: Claim | None = None
    """Its newest."""
    sent_at: datetime | None = None
    """When the site had the check-in of that round; None: not known to have it."""
    position: FeedPosition = FeedPosition()

    @property
    def round(self) -> int | None:
        """The highest that this hub's record is known to hold; None: none."""
        return self.claim.round if self.claim is not None and self.claim.number else None


def position(connection: sqlite3.Connection, event: str) -> FeedPosition:
    row = connection.execute("SELECT * FROM feed WHERE event = ?", (event,)).fetchone()
    return from_row(FeedPosition, row) if row else FeedPosition()


def newest(connection: sqlite3.Connection, ticket: str, event: str) -> NewestClaim:
    """What the feed has told of `ticket`; `event`: whose feed."""
    row = connection.execute(f"{_CLAIM} WHERE ticket = ?", (ticket,)).fetchone()
    if row is None:
        return NewestClaim(position=position(connection, event))
    sent = connection.execute(
        "SELECT at FROM claim_sent WHERE ticket = ? AND round = ?", (ticket, row["round"])
    ).fetchone()
    return NewestClaim(
        from_row(Claim, row),
        datetime.fromisoformat(sent["at"]) if sent else None,
        position(connection, event),
    )


def claims_of(
    connection: sqlite3.Connection, event: str, device: str, after: datetime, until: datetime
) -> list[Claim]:
    """The claims of tickets at `event` that `device` let in in that time, at this hub."""
    rows = connection.execute(
        f"{_CLAIM} WHERE event = ? AND device = ? AND round % 2 = 0 AND number > 0"
        " AND at > ? AND at <= ?",
        (event, device, utc_text(after), utc_text(until)),
    )
    return [from_row(Claim, row) for row in rows]


def in_by_others(
    connection: sqlite3.Connection,
    event: str,
    device: str,
    tickets: Collection[str] | None = None,
) -> list[Claim]:
    """The claims by which other doors than `device` have tickets in; `tickets`: None: all."""
    some = "" if tickets is None else " AND ticket IN (SELECT value FROM json_each(?))"
    named = () if tickets is None else (json.dumps([*tickets]),)
    rows = connection.execute(
        f"{_CLAIM} WHERE event = ? AND device <> ? AND round % 2 = 0{some}",
        (event, device, *named),
    )
    return [from_row(Claim, row) for row in rows]


def take_up(
    connection: sqlite3.Connection, event: str, at: FeedPosition, messages: Sequence[Message]
) -> bool:
    """Store what the feed brought; `at`: the newest of it. False: a newer hub is followed by now.

    What another hub held is kept for whom it lets in, and gives way to whatever this one says.
    """
    before = position(connection, event)
    if at.epoch < before.epoch:
        return False
    if before[:2] != at[:2]:
        connection.execute("UPDATE claim SET number = 0 WHERE event = ?", (event,))
        for table in ("claim_sent", "post"):
            connection.execute(f"DELETE FROM {table} WHERE event = ?", (event,))  # noqa: S608
        before = FeedPosition()
    for message in messages:
        match message:
            case Claim():
                record_claim(connection, message)
                if not message.is_in:
                    _drop_clashes(connection, message)
            case Sent():
                connection.execute(
                    "INSERT INTO claim_sent (ticket, event, round, at, lane) VALUES (?, ?, ?, ?, ?)"
                    " ON CONFLICT (ticket) DO UPDATE SET round = excluded.round, at = excluded.at,"
                    " lane = excluded.lane WHERE excluded.round > round",
                    (message.ticket, event, message.round, utc_text(message.at), message.lane),
                )
                _settle_posts(connection, message)
            case Post() | Attempt() | Found():
                record_post(connection, message)
            case Clash():
                _add_clash(connection, message)
    connection.execute(
        "INSERT OR REPLACE INTO feed (event, record, epoch, number) VALUES (?, ?, ?, ?)",
        (event, at.record, at.epoch, max(before.number, at.number)),
    )
    return True


def record_claim(connection: sqlite3.Connection, claim: Claim) -> None:
    """Store a claim that the hub holds, unless a newer one of its ticket is known."""
    connection.execute(
        "INSERT INTO claim (ticket, event, round, device, lane, at, number)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (ticket) DO UPDATE SET event = excluded.event,"
        " round = excluded.round, device = excluded.device, lane = excluded.lane,"
        " at = excluded.at, number = excluded.number"
        " WHERE claim.number = 0 OR excluded.round > claim.round",
        (
            *(claim.ticket, claim.event, claim.round, claim.device, claim.lane),
            *(utc_text(claim.at), claim.number),
        ),
    )


def deliveries(
    connection: sqlite3.Connection, event: str, tickets: Collection[str]
) -> list[Delivery]:
    """How the posted check-ins of `tickets` stand."""
    rows = connection.execute(
        f"{_DELIVERY} WHERE post.event = ? AND post.device <> ''"  # noqa: S608 - a constant
        " AND post.ticket IN (SELECT value FROM json_each(?))",
        (event, json.dumps([*tickets])),
    )
    return list(map(_row_to_delivery, rows))


def open_deliveries(connection: sqlite3.Connection, event: str) -> list[Delivery]:
    """Posted check-ins that were neither sent nor undone, and can still be sent."""
    rows = connection.execute(
        f"{_DELIVERY} JOIN claim ON claim.ticket = post.ticket AND claim.round = post.round"
        " WHERE post.event = ? AND post.device <> '' AND NOT post.settled",
        (event,),
    )
    return list(map(_row_to_delivery, rows))


def _row_to_delivery(row: sqlite3.Row) -> Delivery:
    why = None if row["why"] is None else Finding(row["why"])
    return from_row(Delivery, row, why=why)


def record_post(connection: sqlite3.Connection, message: Post | Attempt | Found) -> None:
    """Store what the hub holds of a posted check-in, in whatever order it comes."""
    about = (message.ticket, message.round)
    connection.execute(
        "INSERT INTO post (ticket, round, event) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        (*about, message.event),
    )
    match message:
        case Post():
            connection.execute(
                "UPDATE post SET device = ?, lane = ?, at = ?, attempted = ?, settled = settled OR"
                " EXISTS (SELECT 1 FROM claim_sent AS sent WHERE sent.ticket = post.ticket"
                " AND sent.round >= post.round) WHERE ticket = ? AND round = ?",
                (message.device, message.lane, utc_text(message.at), message.attempted, *about),
            )
        case Attempt():
            connection.execute(
                "UPDATE post SET turn = ?1, courier = ?2, courier_at = ?3"
                " WHERE ticket = ?4 AND round = ?5 AND turn < ?1",
                (message.turn, message.device, utc_text(message.at), *about),
            )
        case Found():
            connection.execute(
                "UPDATE post SET why = ?, settled = 1 WHERE ticket = ? AND round = ?",
                (message.why, *about),
            )


def _settle_posts(connection: sqlite3.Connection, sent: Sent) -> None:
    connection.execute(
        "UPDATE post SET settled = 1 WHERE ticket = ? AND round <= ?", (sent.ticket, sent.round)
    )


def forget(connection: sqlite3.Connection, event: str) -> None:
    """Drop what the feed of `event` told."""
    for table in ("claim", "claim_sent", "claim_clash", "post", "feed"):
        connection.execute(f"DELETE FROM {table} WHERE event = ?", (event,))  # noqa: S608 - of ours


# Who was let in at two doors, whichever they are; `venue` has those of this computer


def let_in_twice(connection: sqlite3.Connection, event: str) -> list[LetInTwice]:
    """All pairs of doors that let the same ticket in, the oldest first; each once."""
    rows = connection.execute(
        "SELECT ticket, first, first_at, lane AS second, at AS second_at FROM claim_clash"
        " WHERE event = ? ORDER BY at, ticket",
        (event,),
    )
    return [from_row(LetInTwice, row) for row in rows]


def _add_clash(connection: sqlite3.Connection, clash: Clash) -> None:
    """Store a pair, unless who was first was out by the time that the second door let it in."""
    row = connection.execute(
        "SELECT round, lane, at FROM claim WHERE ticket = ?", (clash.ticket,)
    ).fetchone()
    newest = row["round"] if row else None
    if newest == clash.round + 1 and datetime.fromisoformat(row["at"]) <= clash.at:
        return
    first, first_at = (row["lane"], row["at"]) if newest == clash.round else ("", None)
    connection.execute(
        "INSERT OR IGNORE INTO claim_clash"
        " (ticket, event, round, first, first_at, device, lane, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(clash.ticket, clash.event, clash.round, first, first_at),
            *(clash.device, clash.lane, utc_text(clash.at)),
        ),
    )


def _drop_clashes(connection: sqlite3.Connection, out: Claim) -> None:
    """Take back the pairs of which the first was out by the time that the second was let in."""
    connection.execute(
        "DELETE FROM claim_clash WHERE ticket = ? AND round = ? AND at >= ?",
        (out.ticket, out.round - 1, utc_text(out.at)),
    )
