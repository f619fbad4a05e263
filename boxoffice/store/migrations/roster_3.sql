-- subject: the uuid of a ticket that was read by itself since its row last changed; or of an
-- order, where the site has none such, so that it is not asked for again.
CREATE TABLE codes_read (subject TEXT PRIMARY KEY) WITHOUT ROWID;

INSERT INTO codes_read SELECT uuid FROM ticket WHERE url IS NOT NULL;

-- A JSON list of everyone on it; NULL: its answer did not name them.
ALTER TABLE orders ADD COLUMN party TEXT;

-- When the heavy list of an event's orders was last asked for.
CREATE TABLE orders_asked (event TEXT PRIMARY KEY, at TEXT NOT NULL) WITHOUT ROWID;
