-- said_out: reads in a row by which the server, which had confirmed it, has it no longer.
ALTER TABLE admission ADD COLUMN said_out INTEGER NOT NULL DEFAULT 0;

-- Undone at the server: until its reads have caught up, they may still say it is in.
CREATE INDEX journal_undone ON journal (ticket, id)
WHERE kind = 'undo' AND confirmed IS 1;
