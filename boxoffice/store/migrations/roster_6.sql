-- A name as the site holds it, uncleaned, was read by nobody. The column stays: SQLite of Red Hat
-- Enterprise Linux 9, which its Python 3.11 has, cannot drop one.
UPDATE ticket SET raw_name = NULL WHERE raw_name IS NOT NULL;
