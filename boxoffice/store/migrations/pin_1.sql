-- One row once a PIN was ever set; without a hash it was taken away again.
CREATE TABLE pin (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    salt BLOB,
    hash BLOB,
    n INTEGER,
    r INTEGER,
    p INTEGER,
    wrong INTEGER NOT NULL DEFAULT 0,
    tried_at REAL NOT NULL DEFAULT 0
);
