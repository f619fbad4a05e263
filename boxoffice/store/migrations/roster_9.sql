-- Who was let in at two doors of the venue, as its feed told it. round, first, first_at: of the claim
-- that was first; empty: not known. device, lane, at: of the second door.
CREATE TABLE claim_clash (
    ticket TEXT NOT NULL,
    event TEXT NOT NULL,
    round INTEGER NOT NULL,
    first TEXT NOT NULL,
    first_at TEXT,
    device TEXT NOT NULL,
    lane TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (ticket, device, at)
) WITHOUT ROWID;
