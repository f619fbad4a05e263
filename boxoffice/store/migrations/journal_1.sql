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
);

CREATE TRIGGER journal_keeps_what_it_says BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TRIGGER journal_keeps_its_rows BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TRIGGER journal_takes_no_replacement BEFORE INSERT ON journal
WHEN EXISTS (SELECT 1 FROM journal WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

-- journal: the row that made the admission. confirmed: the row by which the server has it.
CREATE TABLE admission (
    ticket TEXT PRIMARY KEY,
    event TEXT NOT NULL,
    at TEXT NOT NULL,
    lane TEXT NOT NULL,
    operator TEXT NOT NULL,
    confirmed INTEGER,
    journal INTEGER NOT NULL
) WITHOUT ROWID;

-- id: that of the journal's row that queued it, so it is never used twice.
-- body: JSON; pairs of question and answer, or a name. due: empty where it is due at once.
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
);

-- Rows at the head of their ticket's line: what waits or is being sent holds up the rest.
CREATE VIEW head AS SELECT * FROM queue AS mine WHERE state = 'waiting' AND NOT EXISTS (
    SELECT 1 FROM queue AS other
    WHERE other.ticket = mine.ticket AND other.id < mine.id
    AND other.state IN ('waiting', 'sending')
);

CREATE INDEX queue_ticket ON queue (ticket);

CREATE INDEX queue_due ON queue (state, due, id, event);

CREATE INDEX queue_network ON queue (id) WHERE network;
