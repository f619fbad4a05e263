-- Claims of this computer's, that a ticket is in; one row a round. admission: the journal's row
-- that let its holder in; 0: none did, it is only to be released. at: when it went in. out_at: when
-- that was undone. record, epoch: of the hub that it was won at. owner, owner_at: the lane that
-- had it first, where it is lost. announced: the hub knows that the site has it, or, where it is
-- lost, that this computer let it in too.
CREATE TABLE venue (
    ticket TEXT NOT NULL,
    round INTEGER NOT NULL,
    event TEXT NOT NULL,
    admission INTEGER NOT NULL,
    at TEXT NOT NULL,
    out_at TEXT,
    state TEXT NOT NULL,
    record TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    owner TEXT NOT NULL DEFAULT '',
    owner_at TEXT,
    announced INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (ticket, round)
) WITHOUT ROWID;

CREATE INDEX venue_admission ON venue (admission);

CREATE INDEX venue_open ON venue (event, state) WHERE state IN ('pending', 'releasing');

CREATE INDEX venue_unannounced ON venue (event) WHERE NOT announced;

-- Who else let a ticket in that was let in here. queue: the row that a person is to look at.
CREATE TABLE clash (
    ticket TEXT NOT NULL,
    device TEXT NOT NULL,
    at TEXT NOT NULL,
    event TEXT NOT NULL,
    lane TEXT NOT NULL,
    queue INTEGER NOT NULL,
    PRIMARY KEY (ticket, device, at)
) WITHOUT ROWID;

CREATE INDEX clash_queue ON clash (queue);
