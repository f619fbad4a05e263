-- A name as the site holds it, uncleaned, was read by nobody.
ALTER TABLE ticket DROP COLUMN raw_name;
