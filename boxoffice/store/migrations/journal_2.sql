-- id: that of the journal's row that began it. mark: the lane, as it stands in the mark on
-- the order; case does not tell two of them apart. cart, tickets: JSON. Moments are empty
-- where there is none.
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
);

CREATE INDEX sale_state ON sale (state, event);

-- id: that of the journal's row that booked it. amount: a decimal number as text.
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
);

-- Money comes in once for a sale, and goes back once.
CREATE UNIQUE INDEX taking_of_sale ON taking (sale, kind)
WHERE kind IN ('sale', 'reversal');

CREATE UNIQUE INDEX taking_of_order ON taking ("order") WHERE kind = 'refund';

CREATE TRIGGER taking_keeps_what_it_says BEFORE UPDATE ON taking
BEGIN SELECT RAISE(ABORT, 'takings are append-only'); END;

CREATE TRIGGER taking_keeps_its_rows BEFORE DELETE ON taking
BEGIN SELECT RAISE(ABORT, 'takings are append-only'); END;

CREATE TRIGGER taking_takes_no_replacement BEFORE INSERT ON taking
WHEN EXISTS (SELECT 1 FROM taking WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'takings are append-only'); END;

-- id and closed: those of the journal's rows of its opening and its closing.
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
);

CREATE UNIQUE INDEX shift_open ON shift (lane) WHERE closed IS NULL;

CREATE TABLE memo (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
