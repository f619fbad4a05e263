-- Those of a lane with the same one were admitted in one go, and are undone together.
ALTER TABLE admission ADD COLUMN party TEXT NOT NULL DEFAULT '';

UPDATE admission SET party = (
    SELECT json_extract(data, '$.party') FROM journal WHERE id = admission.journal
)
WHERE EXISTS (
    SELECT 1 FROM journal WHERE id = admission.journal AND data LIKE '{"party": "%'
);

CREATE INDEX admission_party ON admission (party) WHERE party <> '';
