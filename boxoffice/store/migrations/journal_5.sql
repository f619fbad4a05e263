-- What the computer's own clock showed, where `at` is by another; else NULL.
ALTER TABLE journal ADD COLUMN own TEXT;
