-- What the hub holds, as its feed told it. Of each ticket the newest claim; number: of the hub's
-- message; 0: another hub's, or one that was emptied since.
CREATE TABLE claim (
    ticket TEXT PRIMARY KEY,
    event TEXT NOT NULL,
    round INTEGER NOT NULL,
    device TEXT NOT NULL,
    lane TEXT NOT NULL,
    at TEXT NOT NULL,
    number INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX claim_device ON claim (event, device);

-- The newest round of each ticket whose check-in is at the site by a door of the venue.
CREATE TABLE claim_sent (
    ticket TEXT PRIMARY KEY,
    event TEXT NOT NULL,
    round INTEGER NOT NULL,
    at TEXT NOT NULL
) WITHOUT ROWID;

-- number: of the last message that was taken up.
CREATE TABLE feed (
    event TEXT PRIMARY KEY,
    record TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    number INTEGER NOT NULL
) WITHOUT ROWID;
