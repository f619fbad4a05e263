-- How the check-in of a claim was given to the other doors to be sent: `PostState`.
ALTER TABLE venue ADD COLUMN post TEXT NOT NULL DEFAULT '';
