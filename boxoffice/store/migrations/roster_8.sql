-- Check-ins that a door without a site has posted, by what the hub's feed told. device, lane, at: of
-- that door, empty until its own message is read. turn, courier, courier_at: the last turn that was
-- taken at it; -1: none. why: it cannot be sent. settled: it is sent, or cannot be.
CREATE TABLE post (
    ticket TEXT NOT NULL,
    round INTEGER NOT NULL,
    event TEXT NOT NULL,
    device TEXT NOT NULL DEFAULT '',
    lane TEXT NOT NULL DEFAULT '',
    at TEXT NOT NULL DEFAULT '',
    attempted INTEGER NOT NULL DEFAULT 0,
    turn INTEGER NOT NULL DEFAULT -1,
    courier TEXT NOT NULL DEFAULT '',
    courier_at TEXT,
    why TEXT,
    settled INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (ticket, round)
) WITHOUT ROWID;

CREATE INDEX post_open ON post (event) WHERE NOT settled;

ALTER TABLE claim_sent ADD COLUMN lane TEXT NOT NULL DEFAULT '';
