-- A person's word on whose a code is. journal: the row that says so.
CREATE TABLE code_tie (
    code TEXT NOT NULL,
    event TEXT NOT NULL,
    ticket TEXT NOT NULL,
    at TEXT NOT NULL,
    lane TEXT NOT NULL,
    operator TEXT NOT NULL,
    journal INTEGER NOT NULL,
    PRIMARY KEY (event, code)
) WITHOUT ROWID;

-- rule: JSON. journal: the row of the newest decision.
CREATE TABLE code_rule (
    rule TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    journal INTEGER NOT NULL
) WITHOUT ROWID;
