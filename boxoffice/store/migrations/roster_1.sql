-- The columns of a ticket stand in the order of the fields of `Ticket`.
CREATE TABLE ticket (
    uuid TEXT PRIMARY KEY,
    event TEXT NOT NULL,
    checked_in INTEGER NOT NULL,
    refunded INTEGER NOT NULL,
    full_name TEXT NOT NULL,
    email TEXT NOT NULL,
    number INTEGER,
    ticket_type TEXT NOT NULL,
    ticket_type_pk INTEGER,
    date TEXT,
    "order" TEXT,
    external_uuid TEXT,
    url TEXT,
    seat TEXT NOT NULL,
    raw_name TEXT
);

-- after: NULL where the ticket was in at the first look.
CREATE TABLE seen_in (
    ticket TEXT PRIMARY KEY,
    after TEXT,
    before TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE pulled (
    event TEXT PRIMARY KEY,
    first_at TEXT NOT NULL,
    at TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    tickets INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE orders (
    uuid TEXT PRIMARY KEY,
    event TEXT,
    order_id TEXT NOT NULL,
    state TEXT NOT NULL,
    refunded INTEGER NOT NULL,
    full_name TEXT NOT NULL,
    email TEXT NOT NULL
) WITHOUT ROWID;

CREATE INDEX orders_order_id ON orders (order_id);

-- subject: the uuid of an event or a ticket. data: JSON.
CREATE TABLE document (
    topic TEXT,
    subject TEXT,
    data TEXT NOT NULL,
    PRIMARY KEY (topic, subject)
) WITHOUT ROWID;
