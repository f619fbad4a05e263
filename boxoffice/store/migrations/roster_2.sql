-- The columns of an order stand in the order of the fields of `Order`. address: JSON.
-- total: digits, never a number of SQLite's.
ALTER TABLE orders ADD COLUMN external_order_id TEXT;

ALTER TABLE orders ADD COLUMN address TEXT;

ALTER TABLE orders ADD COLUMN created TEXT;

ALTER TABLE orders ADD COLUMN pdf_url TEXT NOT NULL DEFAULT '';

ALTER TABLE orders ADD COLUMN total TEXT;

-- Read anew within minutes, with prices.
DELETE FROM document WHERE topic = 'ticket_types';
