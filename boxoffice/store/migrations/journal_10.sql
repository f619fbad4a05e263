-- Seats of a ticket type that this computer holds in escrow, to sell them while the site cannot be
-- reached, among the tills of a venue. serial: counts the changes of the escrow that it told the
-- hub, or is about to. seats: those that are not sold yet. pending: what the change with that
-- serial adds or has taken away, as long as the hub is not known to have it; 0: it has. since: the
-- serial that the hub's escrow had before that. pool: as the hub had it when it was last asked, in
-- JSON.
CREATE TABLE seats (
    event TEXT NOT NULL,
    kind TEXT NOT NULL,
    serial INTEGER NOT NULL,
    seats INTEGER NOT NULL CHECK (seats >= 0),
    pending INTEGER NOT NULL,
    since INTEGER NOT NULL,
    pool TEXT NOT NULL,
    PRIMARY KEY (event, kind)
) WITHOUT ROWID;
