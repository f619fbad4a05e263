-- Whom its holder comes for; NULL: not told.
ALTER TABLE ticket ADD COLUMN company_name TEXT;
