-- What of the journal is about people stands apart, so that it can go while each row stays.
CREATE TABLE personal (
    journal INTEGER PRIMARY KEY,
    operator TEXT NOT NULL,
    code TEXT,
    reason TEXT NOT NULL
);

CREATE TRIGGER personal_keeps_what_it_says BEFORE UPDATE ON personal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TRIGGER personal_takes_no_replacement BEFORE INSERT ON personal
WHEN EXISTS (SELECT 1 FROM personal WHERE journal = NEW.journal)
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

INSERT INTO personal SELECT id, operator, code, reason FROM journal
WHERE operator <> '' OR code IS NOT NULL OR reason <> '';

-- data: JSON, of uuids, counts, money and what is for sale; nothing of a person.
CREATE TABLE bare (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    own TEXT,
    lane TEXT NOT NULL,
    kind TEXT NOT NULL,
    event TEXT,
    ticket TEXT,
    verdict TEXT,
    confirmed INTEGER,
    data TEXT
);

INSERT INTO bare SELECT id, at, own, lane, kind, event, ticket, verdict, confirmed, data
FROM journal;

DROP TABLE journal;

ALTER TABLE bare RENAME TO journal;

CREATE TRIGGER journal_keeps_what_it_says BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TRIGGER journal_keeps_its_rows BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TRIGGER journal_takes_no_replacement BEFORE INSERT ON journal
WHEN EXISTS (SELECT 1 FROM journal WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

-- Undone at the server: until its reads have caught up, they may still say it is in.
CREATE INDEX journal_undone ON journal (ticket, id)
WHERE kind = 'undo' AND confirmed IS 1;

CREATE VIEW journal_log AS
SELECT journal.*, coalesce(operator, '') AS operator, code, coalesce(reason, '') AS reason
FROM journal LEFT JOIN personal ON personal.journal = journal.id;

-- Of who took the money only the name can go.
DROP TRIGGER taking_keeps_what_it_says;

CREATE TRIGGER taking_keeps_what_it_says BEFORE UPDATE OF
id, at, lane, event, kind, paid, amount, currency, sale, "order" ON taking
BEGIN SELECT RAISE(ABORT, 'takings are append-only'); END;

CREATE TRIGGER taking_keeps_its_operator BEFORE UPDATE OF operator ON taking
WHEN NEW.operator <> ''
BEGIN SELECT RAISE(ABORT, 'takings are append-only'); END;

-- Of a forgotten event, since its tickets are gone; else empty.
ALTER TABLE admission ADD COLUMN ticket_type TEXT NOT NULL DEFAULT '';
