-- Without a fingerprint, which nothing read. In a table of its own: SQLite drops columns from 3.35.
CREATE TABLE pulled_list (
    event TEXT PRIMARY KEY,
    first_at TEXT NOT NULL,
    at TEXT NOT NULL,
    tickets INTEGER NOT NULL
) WITHOUT ROWID;

INSERT INTO pulled_list SELECT event, first_at, at, tickets FROM pulled;

DROP TABLE pulled;

ALTER TABLE pulled_list RENAME TO pulled;
