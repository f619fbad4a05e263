"""What this computer has claimed of its venue's hub, and what became of that: in journal.db.

There is a row for each round of a ticket, written in the transaction of its admission. The journals
of the doors are the truth: from these rows a hub that was lost is told all of it again.
`claim_feed` has what the hub holds of all doors.
"""

import sqlite3
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from boxoffice.domain.courier import PostState
from boxoffice.domain.journal import REASON_LIMIT, Entry, JournalKind, QueueKind, QueueState
from boxoffice.domain.text import clean
from boxoffice.domain.venue import Claim, ClaimState, Clash
from boxoffice.store.claim_feed import FeedPosition
from boxoffice.store.database import from_row, utc_text
from boxoffice.store.journal_db import Transaction, recall, record, remember

DEVICE = "device"


class ClaimMade(NamedTuple):
    """How the claim of an admission stands that is about to be written."""

    round: int
    state: ClaimState
    """Won or pending."""
    position: FeedPosition
    """Of the hub's record that it was won in; of a pending one, as that is known."""


class OwnClaim(NamedTuple):
    ticket: str
    round: int
    event: str
    admission: int
    """The journal's row of who was let in; 0: nobody was."""
    at: datetime
    state: ClaimState
    out_at: datetime | None = None
    owner: str = ""
    owner_at: datetime | None = None
    record: str = ""
    epoch: int = 0
    """Of the hub that it was won at."""
    post: PostState = PostState.NONE


def device(tx: Transaction) -> str:
    """Whose the claims of this data folder are: 16 hex digits, made once.

    A journal that is lost is another device, whose claims are never silently taken for ours.
    """
    known = recall(tx.connection, DEVICE)
    if not known:
        import secrets  # noqa: PLC0415  # once in a lifetime

        known = secrets.token_hex(8)
        remember(tx, DEVICE, known)
    return known


def _select(connection: sqlite3.Connection, where: str, *values: object) -> list[OwnClaim]:
    """Our claims of which `where` holds; those of one ticket from the oldest on."""
    select = f"SELECT * FROM venue WHERE {where} ORDER BY ticket, round"  # noqa: S608 - of ours
    return [from_row(OwnClaim, row) for row in connection.execute(select, values)]


def open_claims(connection: sqlite3.Connection, event: str) -> list[OwnClaim]:
    """Our claims that the hub has still to be told of; those of one ticket from the oldest on."""
    return _select(connection, "event = ? AND state IN ('pending', 'releasing')", event)


def lost(connection: sqlite3.Connection, event: str) -> list[OwnClaim]:
    """Our claims of tickets that another door let in first."""
    return _select(connection, "event = ? AND state = 'lost'", event)


def releasing(connection: sqlite3.Connection, ticket: str) -> list[OwnClaim]:
    """Our claims of `ticket` that were undone here, of which the hub does not know yet."""
    return _select(connection, "ticket = ? AND state = 'releasing'", ticket)


def unannounced(connection: sqlite3.Connection, event: str) -> list[OwnClaim]:
    """Our claims whose check-in the site has, or that were lost, and no other door knows yet."""
    return _select(
        connection,
        "event = ? AND NOT announced AND (state = 'lost' OR state = 'won' AND admission IN"
        " (SELECT journal FROM admission"
        " WHERE admission.event = venue.event AND confirmed IS NOT NULL))",
        event,
    )


def of_admission(connection: sqlite3.Connection, row: int) -> OwnClaim | None:
    """How the claim of an admission stands; None: it was made without a venue."""
    return next(iter(_select(connection, "admission = ?", row)), None)


def is_contested(connection: sqlite3.Connection, admission: int) -> bool:
    """Whether a person has still to look at who else was let in on the ticket of an admission."""
    found = connection.execute(
        "SELECT 1 FROM venue JOIN clash USING (ticket) JOIN queue ON queue.id = clash.queue"
        " WHERE venue.admission = ?",
        (admission,),
    ).fetchone()
    return found is not None


def is_disputed(connection: sqlite3.Connection, ticket: str) -> bool:
    """Whether another door of the venue is known to have let `ticket` in, beside this one."""
    found = connection.execute("SELECT 1 FROM clash WHERE ticket = ?", (ticket,)).fetchone()
    return found is not None


def clash_rows(connection: sqlite3.Connection, event: str) -> list[int]:
    """Ids of the queue's rows that are about two doors of the venue."""
    rows = connection.execute("SELECT queue FROM clash WHERE event = ?", (event,))
    return [row["queue"] for row in rows]


def of_round(connection: sqlite3.Connection, ticket: str, round_: int) -> OwnClaim | None:
    """Our claim of a round; None: there is none."""
    return next(iter(_select(connection, "ticket = ? AND round = ?", ticket, round_)), None)


def given_back(connection: sqlite3.Connection, ticket: str) -> list[OwnClaim]:
    """Our claims of `ticket` that were undone here, whether the hub knows or not."""
    return _select(connection, "ticket = ? AND state IN ('releasing', 'released')", ticket)


def open_count(connection: sqlite3.Connection) -> int:
    """How many claims and releases the hub has still to be told of."""
    (number,) = connection.execute(
        "SELECT count(*) FROM venue WHERE state IN ('pending', 'releasing')"
    ).fetchone()
    return int(number)


def events(connection: sqlite3.Connection) -> list[str]:
    """The events at which this computer has claimed tickets."""
    return [row["event"] for row in connection.execute("SELECT DISTINCT event FROM venue")]


def make(tx: Transaction, event: str, ticket: str, admission: int, made: ClaimMade) -> None:
    """Write down the claim of an admission, in its transaction.

    A round that is being given back is not held, whatever the hub said a moment ago: then the one
    after it is claimed.
    """
    round_, state, (record_, epoch, _) = made
    given_back = tx.execute(
        "SELECT max(round) AS round FROM venue WHERE ticket = ? AND round >= ?"
        " AND state IN ('releasing', 'released')",
        (ticket, round_),
    ).fetchone()["round"]
    if given_back is not None:
        round_, state = given_back + 2, ClaimState.PENDING
    tx.execute(
        "INSERT OR REPLACE INTO venue (ticket, round, event, admission, at, state, record, epoch)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (ticket, round_, event, admission, tx.at, state, record_, epoch),
    )


def give_back(tx: Transaction, admission: int) -> None:
    """An admission is undone: its claim is to be released, unless it is another door's."""
    tx.execute(
        "UPDATE venue SET state = 'releasing', out_at = ?"
        " WHERE admission = ? AND state IN ('won', 'pending')",
        (tx.at, admission),
    )


def unused(connection: sqlite3.Connection, claims: Iterable[Claim]) -> list[Claim]:
    """Our claims, among `claims`, that let nobody in here."""
    return [
        claim
        for claim in claims
        if connection.execute(
            "SELECT 1 FROM admission WHERE ticket = ?1"
            " UNION ALL SELECT 1 FROM venue WHERE ticket = ?1 AND round >= ?2",
            (claim.ticket, claim.round),
        ).fetchone()
        is None
    ]


def give_back_unused(tx: Transaction, claims: Iterable[Claim]) -> int:
    """Have our claims that let nobody in released; answers how many.

    They are of a process that ended between the hub's answer and its own disk: out in the moment
    that they were in.
    """
    number = 0
    for claim in claims:
        number += tx.execute(
            "INSERT INTO venue (ticket, round, event, admission, at, out_at, state, record, epoch)"
            " SELECT ?1, ?2, ?3, 0, ?4, ?4, 'releasing', '', 0"
            " WHERE NOT EXISTS (SELECT 1 FROM admission WHERE ticket = ?1)"
            " AND NOT EXISTS (SELECT 1 FROM venue WHERE ticket = ?1 AND round >= ?2)",
            (claim.ticket, claim.round, claim.event, utc_text(claim.at)),
        ).rowcount
    return number


def renew(tx: Transaction, event: str, at: FeedPosition) -> None:
    """Have all claimed again that was won at another hub, or before its store was emptied.

    So is what was let in before this computer joined the venue.
    """
    other = (event, at.record, at.epoch)
    elsewhere = "event = ? AND (record, epoch) IS NOT (?, ?)"
    tx.execute(f"DELETE FROM venue WHERE state = 'released' AND {elsewhere}", other)  # noqa: S608
    tx.execute(
        "UPDATE venue SET state = 'pending', announced = 0, post = '' WHERE state = 'won'"  # noqa: S608
        f" AND {elsewhere}",
        other,
    )
    tx.execute(
        "INSERT INTO venue (ticket, round, event, admission, at, state, record, epoch)"
        " SELECT ticket, coalesce((SELECT max(round) + 2 FROM venue AS known"
        " WHERE known.ticket = admission.ticket), 0), event, journal, at, 'pending', '', 0"
        " FROM admission WHERE event = ?"
        " AND NOT EXISTS (SELECT 1 FROM venue WHERE venue.admission = admission.journal)",
        (event,),
    )


def win(tx: Transaction, own: OwnClaim, round_: int, at: FeedPosition) -> bool:
    """Note that the hub has a pending claim, in this round. False: it was undone meanwhile."""
    if not _is_pending(tx, own):
        return False
    _make_room(tx, own, round_)
    tx.execute(
        "UPDATE venue SET state = 'won', round = ?, record = ?, epoch = ?"
        " WHERE ticket = ? AND round = ?",
        (round_, at.record, at.epoch, own.ticket, own.round),
    )
    return True


def release(tx: Transaction, own: OwnClaim, at: FeedPosition) -> None:
    """Note that the hub has the ticket of a released claim as out."""
    tx.execute(
        "UPDATE venue SET state = 'released', record = ?, epoch = ?"
        " WHERE ticket = ? AND round = ? AND state = 'releasing'",
        (at.record, at.epoch, own.ticket, own.round),
    )


def lose(tx: Transaction, own: OwnClaim, first: Claim, reason: str) -> bool:
    """Note that another door was first: a pending claim is lost, and a person has to look.

    Its check-in is not sent any more. False: it was undone meanwhile, or is just being sent, so
    that it is to be tried again.
    """
    if not _is_pending(tx, own):
        return False
    queued = tx.execute("SELECT state FROM queue WHERE id = ?", (own.admission,)).fetchone()
    if queued is not None and queued["state"] == QueueState.SENDING:
        return False
    _make_room(tx, own, first.round)
    tx.execute(
        "UPDATE venue SET state = 'lost', round = ?, owner = ?, owner_at = ?, announced = 0"
        " WHERE ticket = ? AND round = ?",
        (first.round, first.lane, utc_text(first.at), own.ticket, own.round),
    )
    _add_conflict(tx, own, first, reason)
    return True


def reopen(tx: Transaction, out: Claim) -> bool:
    """Take back that a claim was lost: who was first was out again, or was never in.

    The two are then no pair. `out`: the claim by which the first is out. False: ours was not lost
    to that one, or the two were in at once.
    """
    row = tx.execute(
        "SELECT * FROM venue WHERE ticket = ?1 AND round = ?2 AND state = 'lost'"
        " AND (at >= ?3 OR owner_at >= ?3)",
        (out.ticket, out.round - 1, utc_text(out.at)),
    ).fetchone()
    if row is None:
        return False
    own = from_row(OwnClaim, row)
    first = {"ticket": own.ticket, "at": row["owner_at"], "admission": own.admission}
    tx.execute(
        "UPDATE queue SET state = 'waiting', read_first = 1, reason = ''"
        " WHERE id = :admission AND state = 'conflict'"
        " AND id IN (SELECT queue FROM clash WHERE ticket = :ticket AND at = :at)",
        first,
    )
    tx.execute(
        "DELETE FROM queue WHERE id <> :admission"
        " AND id IN (SELECT queue FROM clash WHERE ticket = :ticket AND at = :at)",
        first,
    )
    tx.execute("DELETE FROM clash WHERE ticket = :ticket AND at = :at", first)
    record(tx, Entry(JournalKind.RETRY, own.event, own.ticket, data={"row": own.admission}))
    tx.execute(
        "UPDATE venue SET state = 'pending', owner = '', owner_at = NULL"
        " WHERE ticket = ? AND round = ?",
        (own.ticket, own.round),
    )
    return True


def add_clash(tx: Transaction, clash: Clash, reason: str, *, is_ours: bool = False) -> bool:
    """Tell a person that another door let a ticket in after it was let in here.

    `is_ours`: the round is known to be ours; while it is pending it may be another door's. False:
    it is not ours, its holder was out by then, or the pair is known.
    """
    own = _select(
        tx.connection,
        "ticket = ? AND round = ? AND admission <> 0"
        " AND state <> 'lost' AND (state <> 'pending' OR ?) AND (out_at IS NULL OR out_at > ?)",
        *(clash.ticket, clash.round, is_ours, utc_text(clash.at)),
    )
    return bool(own) and _add_conflict(tx, own[0], clash, reason)


def announce(tx: Transaction, own: OwnClaim) -> None:
    """Note that the hub knows of a claim that `unannounced` named."""
    tx.execute(
        "UPDATE venue SET announced = 1 WHERE ticket = ? AND round = ? AND state = ?",
        (own.ticket, own.round, own.state),
    )


def _make_room(tx: Transaction, own: OwnClaim, round_: int) -> None:
    """Drop our claim of a round that another one turns out to be of, by a new hub's record."""
    if round_ != own.round:
        tx.execute("DELETE FROM venue WHERE ticket = ? AND round = ?", (own.ticket, round_))


def _is_pending(tx: Transaction, own: OwnClaim) -> bool:
    found = tx.execute(
        "SELECT 1 FROM venue WHERE ticket = ? AND round = ? AND admission = ?"
        " AND state = 'pending'",
        (own.ticket, own.round, own.admission),
    ).fetchone()
    return found is not None


def _add_conflict(tx: Transaction, own: OwnClaim, other: Claim | Clash, reason: str) -> bool:
    """Show a pair of doors that let the same ticket in, once; whether it is news.

    By the check-in's own row of the queue, where it is lost or in conflict already, else by a row
    of its own.
    """
    pair = (own.ticket, other.device, utc_text(other.at))
    known = tx.execute(
        "SELECT 1 FROM clash WHERE ticket = ? AND device = ? AND at = ?", pair
    ).fetchone()
    if known is not None:
        return False
    reason = clean(reason, REASON_LIMIT)
    turned = tx.execute(
        "UPDATE queue SET state = 'conflict', reason = ?, due = '', network = 0"
        " WHERE id = ? AND (state = 'conflict' OR state = 'waiting' AND ?)",
        (reason, own.admission, isinstance(other, Claim)),
    )
    data: dict[str, object] = {"kind": QueueKind.CHECK_IN, "lane": other.lane, "at": pair[2]}
    if turned.rowcount:
        data["row"] = own.admission
    entry = Entry(JournalKind.CONFLICT, own.event, own.ticket, reason=reason, data=data)
    row = record(tx, entry)
    if turned.rowcount:
        row = own.admission
    else:
        let_in = tx.execute(
            "SELECT at, lane, operator FROM admission WHERE journal = ?", (own.admission,)
        ).fetchone()
        signed = tuple(let_in) if let_in else (utc_text(own.at), tx.lane, tx.operator)
        tx.execute(
            "INSERT INTO queue (id, kind, state, ticket, event, at, lane, operator, read_first,"
            " reason) VALUES (?, ?, 'conflict', ?, ?, ?, ?, ?, 1, ?)",
            (row, QueueKind.CHECK_IN, own.ticket, own.event, *signed, reason),
        )
    tx.execute(
        "INSERT INTO clash (ticket, device, at, event, lane, queue) VALUES (?, ?, ?, ?, ?, ?)",
        (*pair, own.event, other.lane, row),
    )
    return True


def dismissed(connection: sqlite3.Connection, event: str) -> dict[str, datetime]:
    """When a person here last took a row of the queue off, by ticket."""
    rows = connection.execute(
        "SELECT ticket, max(at) AS at FROM journal"
        " WHERE event = ? AND kind = 'dismissed' GROUP BY ticket",
        (event,),
    )
    return {row["ticket"]: datetime.fromisoformat(row["at"]) for row in rows}
