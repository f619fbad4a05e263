"""The tables of journal.db."""

import sqlite3
from pathlib import Path

from boxoffice.store.open_db import open_file

APPLICATION = 0x626F786A
"""`boxj`"""

STEPS = (
    (
        """
        CREATE TABLE journal (
            id INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            lane TEXT NOT NULL,
            operator TEXT NOT NULL,
            kind TEXT NOT NULL,
            event TEXT,
            ticket TEXT,
            code TEXT,
            verdict TEXT,
            confirmed INTEGER,
            reason TEXT NOT NULL,
            data TEXT
        )
        """,
        """
        CREATE TRIGGER journal_keeps_what_it_says BEFORE UPDATE ON journal
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
        """,
        """
        CREATE TRIGGER journal_keeps_its_rows BEFORE DELETE ON journal
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
        """,
        """
        CREATE TRIGGER journal_takes_no_replacement BEFORE INSERT ON journal
        WHEN EXISTS (SELECT 1 FROM journal WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
        """,
        # journal: the row that made the admission. confirmed: the row by which the server has it.
        """
        CREATE TABLE admission (
            ticket TEXT PRIMARY KEY,
            event TEXT NOT NULL,
            at TEXT NOT NULL,
            lane TEXT NOT NULL,
            operator TEXT NOT NULL,
            confirmed INTEGER,
            journal INTEGER NOT NULL
        ) WITHOUT ROWID
        """,
        # id: that of the journal's row that queued it, so it is never used twice.
        # body: JSON; pairs of question and answer, or a name. due: empty where it is due at once.
        """
        CREATE TABLE queue (
            id INTEGER PRIMARY KEY,
            kind TEXT NOT NULL,
            state TEXT NOT NULL,
            ticket TEXT NOT NULL,
            event TEXT NOT NULL,
            at TEXT NOT NULL,
            lane TEXT NOT NULL,
            operator TEXT NOT NULL,
            body TEXT,
            read_first INTEGER NOT NULL,
            attempted INTEGER NOT NULL DEFAULT 0,
            tries INTEGER NOT NULL DEFAULT 0,
            due TEXT NOT NULL DEFAULT '',
            network INTEGER NOT NULL DEFAULT 0,
            reason TEXT NOT NULL DEFAULT ''
        )
        """,
        # Rows at the head of their ticket's line: what waits or is being sent holds up the rest.
        """
        CREATE VIEW head AS SELECT * FROM queue AS mine WHERE state = 'waiting' AND NOT EXISTS (
            SELECT 1 FROM queue AS other
            WHERE other.ticket = mine.ticket AND other.id < mine.id
            AND other.state IN ('waiting', 'sending')
        )
        """,
        "CREATE INDEX queue_ticket ON queue (ticket)",
        "CREATE INDEX queue_due ON queue (state, due, id, event)",
        "CREATE INDEX queue_network ON queue (id) WHERE network",
    ),
    (
        # id: that of the journal's row that began it. mark: the lane, as it stands in the mark on
        # the order; case does not tell two of them apart. cart, tickets: JSON. Moments are empty
        # where there is none.
        """
        CREATE TABLE sale (
            id INTEGER PRIMARY KEY,
            mark TEXT NOT NULL COLLATE NOCASE,
            number INTEGER NOT NULL,
            event TEXT NOT NULL,
            state TEXT NOT NULL,
            cart TEXT NOT NULL,
            at TEXT NOT NULL,
            lane TEXT NOT NULL,
            operator TEXT NOT NULL,
            booked INTEGER NOT NULL,
            unattended INTEGER NOT NULL,
            after_number INTEGER,
            posted_at TEXT NOT NULL,
            since TEXT NOT NULL,
            "order" TEXT UNIQUE,
            order_id TEXT NOT NULL DEFAULT '',
            tickets TEXT NOT NULL DEFAULT '[]',
            checked_in INTEGER NOT NULL DEFAULT 0,
            lost INTEGER NOT NULL DEFAULT 0,
            tries INTEGER NOT NULL DEFAULT 0,
            due TEXT NOT NULL DEFAULT '',
            reason TEXT NOT NULL DEFAULT '',
            UNIQUE (mark, number)
        )
        """,
        "CREATE INDEX sale_state ON sale (state, event)",
        # id: that of the journal's row that booked it. amount: a decimal number as text.
        """
        CREATE TABLE taking (
            id INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            lane TEXT NOT NULL,
            operator TEXT NOT NULL,
            event TEXT NOT NULL,
            kind TEXT NOT NULL,
            paid TEXT NOT NULL,
            amount TEXT NOT NULL,
            currency TEXT NOT NULL,
            sale INTEGER,
            "order" TEXT
        )
        """,
        # Money comes in once for a sale, and goes back once.
        """
        CREATE UNIQUE INDEX taking_of_sale ON taking (sale, kind)
        WHERE kind IN ('sale', 'reversal')
        """,
        """CREATE UNIQUE INDEX taking_of_order ON taking ("order") WHERE kind = 'refund'""",
        """
        CREATE TRIGGER taking_keeps_what_it_says BEFORE UPDATE ON taking
        BEGIN SELECT RAISE(ABORT, 'takings are append-only'); END
        """,
        """
        CREATE TRIGGER taking_keeps_its_rows BEFORE DELETE ON taking
        BEGIN SELECT RAISE(ABORT, 'takings are append-only'); END
        """,
        """
        CREATE TRIGGER taking_takes_no_replacement BEFORE INSERT ON taking
        WHEN EXISTS (SELECT 1 FROM taking WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'takings are append-only'); END
        """,
        # id and closed: those of the journal's rows of its opening and its closing.
        """
        CREATE TABLE shift (
            id INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            lane TEXT NOT NULL,
            operator TEXT NOT NULL,
            opening TEXT NOT NULL,
            currency TEXT NOT NULL,
            closed INTEGER,
            closed_at TEXT,
            counted TEXT
        )
        """,
        "CREATE UNIQUE INDEX shift_open ON shift (lane) WHERE closed IS NULL",
        "CREATE TABLE memo (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    ),
    (
        # said_out: reads in a row by which the server, which had confirmed it, has it no longer.
        "ALTER TABLE admission ADD COLUMN said_out INTEGER NOT NULL DEFAULT 0",
        # Undone at the server: until its reads have caught up, they may still say it is in.
        """
        CREATE INDEX journal_undone ON journal (ticket, id)
        WHERE kind = 'undo' AND confirmed IS 1
        """,
    ),
    (
        # A person's word on whose a code is. journal: the row that says so.
        """
        CREATE TABLE code_tie (
            code TEXT NOT NULL,
            event TEXT NOT NULL,
            ticket TEXT NOT NULL,
            at TEXT NOT NULL,
            lane TEXT NOT NULL,
            operator TEXT NOT NULL,
            journal INTEGER NOT NULL,
            PRIMARY KEY (event, code)
        ) WITHOUT ROWID
        """,
        # rule: JSON. journal: the row of the newest decision.
        """
        CREATE TABLE code_rule (
            rule TEXT PRIMARY KEY,
            state TEXT NOT NULL,
            journal INTEGER NOT NULL
        ) WITHOUT ROWID
        """,
    ),
    (
        # What the computer's own clock showed, where `at` is by another; else NULL.
        "ALTER TABLE journal ADD COLUMN own TEXT",
    ),
    (
        # Those of a lane with the same one were admitted in one go, and are undone together.
        "ALTER TABLE admission ADD COLUMN party TEXT NOT NULL DEFAULT ''",
        """
        UPDATE admission SET party = (
            SELECT json_extract(data, '$.party') FROM journal WHERE id = admission.journal
        )
        WHERE EXISTS (
            SELECT 1 FROM journal WHERE id = admission.journal AND data LIKE '{"party": "%'
        )
        """,
        "CREATE INDEX admission_party ON admission (party) WHERE party <> ''",
    ),
)


def connect(path: Path) -> sqlite3.Connection:
    """A connection to journal.db at `path`. Raises StoreError."""
    return open_file(path, steps=STEPS, application=APPLICATION, synchronous="FULL")
