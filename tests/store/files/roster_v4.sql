BEGIN TRANSACTION;
CREATE TABLE codes_read (subject TEXT PRIMARY KEY) WITHOUT ROWID;
INSERT INTO "codes_read" VALUES('00000000000000000000000000000001');
INSERT INTO "codes_read" VALUES('00000000000000000000000000000002');
INSERT INTO "codes_read" VALUES('00000000000000000000000000000003');
CREATE TABLE document (
            topic TEXT,
            subject TEXT,
            data TEXT NOT NULL,
            PRIMARY KEY (topic, subject)
        ) WITHOUT ROWID
        ;
INSERT INTO "document" VALUES('answers','00000000000000000000000000000001','[{"question": "00000000000000000000000000000384", "heading": "Menu?", "value": "", "choices": ["00000000000000000000000000000001"]}]');
INSERT INTO "document" VALUES('event','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','[{"uuid": "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee", "title": "Spring Ball", "start": "2026-05-08T16:30:00+00:00", "end": "2026-05-08T22:30:00+00:00", "timezone": "Europe/Copenhagen", "venue": "Hall", "expired": false, "currency": "DKK", "ticket_limit": 10}]');
INSERT INTO "document" VALUES('event','ffffffffffffffffffffffffffffffff','[{"uuid": "ffffffffffffffffffffffffffffffff", "title": "Autumn Ball", "start": null, "end": null, "timezone": null, "venue": "", "expired": false, "currency": "", "ticket_limit": null}]');
INSERT INTO "document" VALUES('purchase_questions','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','[{"uuid": "00000000000000000000000000000385", "heading": "Phone?", "variation": "TEXT", "required": false, "active": true, "choices": [], "ticket_type": null}]');
INSERT INTO "document" VALUES('questions','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','[{"uuid": "00000000000000000000000000000384", "heading": "Menu?", "variation": "SELECT", "required": true, "active": true, "choices": [{"uuid": "00000000000000000000000000000001", "label": "Fish"}, {"uuid": "00000000000000000000000000000002", "label": "Veg"}], "ticket_type": "Standard"}]');
INSERT INTO "document" VALUES('ticket_types','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','[{"uuid": "00000000000000000000000000000032", "title": "Standard", "pk": 3, "price": "150.00", "left": 12, "active": true, "members_only": false, "sold_out": false, "on_sale": null, "sales_start": null, "sales_end": "2026-05-08T16:30:00+00:00"}, {"uuid": "00000000000000000000000000000033", "title": "Student", "pk": null, "price": null, "left": null, "active": true, "members_only": false, "sold_out": false, "on_sale": null, "sales_start": null, "sales_end": null}]');
INSERT INTO "document" VALUES('unanswered','00000000000000000000000000000001','[{"uuid": "00000000000000000000000000000384", "heading": "Menu?", "variation": "SELECT", "required": true, "active": true, "choices": [{"uuid": "00000000000000000000000000000001", "label": "Fish"}, {"uuid": "00000000000000000000000000000002", "label": "Veg"}], "ticket_type": "Standard"}]');
INSERT INTO "document" VALUES('unanswered','00000000000000000000000000000002','[]');
CREATE TABLE orders (
            uuid TEXT PRIMARY KEY,
            event TEXT,
            order_id TEXT NOT NULL,
            state TEXT NOT NULL,
            refunded INTEGER NOT NULL,
            full_name TEXT NOT NULL,
            email TEXT NOT NULL
        , external_order_id TEXT, address TEXT, created TEXT, pdf_url TEXT NOT NULL DEFAULT '', total TEXT, party TEXT, partly INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID
        ;
INSERT INTO "orders" VALUES('000000000000000000000000000002bc','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','dZy1','PAID',0,'Åse Ø','aase@example.com','BX-North-1','{"first_name": "\u00c5se", "last_name": "\u00d8", "email": "aase@example.com", "phone": "+45 1", "title": "", "venue": "", "business_name": "", "cvr": "", "street": "", "street_2": "", "city": "", "postcode": "", "country": ""}','2026-05-08T16:30:00.000000+00:00','https://example.com/o.pdf','300.00','["00000000000000000000000000000001", "00000000000000000000000000000002"]',1);
INSERT INTO "orders" VALUES('000000000000000000000000000002bd','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','dZy2','REFUND',1,'','',NULL,NULL,NULL,'',NULL,NULL,0);
CREATE TABLE orders_asked (event TEXT PRIMARY KEY, at TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO "orders_asked" VALUES('eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','2026-05-08T16:30:00.000000+00:00');
CREATE TABLE pulled (
            event TEXT PRIMARY KEY,
            first_at TEXT NOT NULL,
            at TEXT NOT NULL,
            fingerprint TEXT NOT NULL,
            tickets INTEGER NOT NULL
        ) WITHOUT ROWID
        ;
INSERT INTO "pulled" VALUES('eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','2026-05-08T16:30:00.000000+00:00','2026-05-08T16:35:00.000000+00:00','1',7);
INSERT INTO "pulled" VALUES('ffffffffffffffffffffffffffffffff','2026-05-08T16:30:00.000000+00:00','2026-05-08T16:30:00.000000+00:00','1',1);
CREATE TABLE seen_in (
            ticket TEXT PRIMARY KEY,
            after TEXT,
            before TEXT NOT NULL
        ) WITHOUT ROWID
        ;
CREATE TABLE ticket (
            uuid TEXT PRIMARY KEY,
            event TEXT NOT NULL,
            checked_in INTEGER NOT NULL,
            refunded INTEGER NOT NULL,
            full_name TEXT NOT NULL,
            email TEXT NOT NULL,
            number INTEGER,
            ticket_type TEXT NOT NULL,
            ticket_type_pk INTEGER,
            date TEXT,
            "order" TEXT,
            external_uuid TEXT,
            url TEXT,
            seat TEXT NOT NULL,
            raw_name TEXT
        );
INSERT INTO "ticket" VALUES('00000000000000000000000000000001','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',0,1,'Åse Ø','aase@example.com',17,'Student',3,'2026-05-08T19:00:00+02:00','000000000000000000000000000002bc','EXT-1','nz9lb','B 12','Åse‮ Ø');
INSERT INTO "ticket" VALUES('00000000000000000000000000000002','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',1,0,'Person 2','p2@example.com',22,'',NULL,NULL,'000000000000000000000000000002bc',NULL,'nz9lc','',NULL);
INSERT INTO "ticket" VALUES('00000000000000000000000000000003','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',0,0,'Person 3','p0@example.com',23,'',NULL,NULL,NULL,NULL,NULL,'',NULL);
INSERT INTO "ticket" VALUES('00000000000000000000000000000004','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',0,0,'Person 4','p1@example.com',24,'',NULL,NULL,NULL,NULL,NULL,'',NULL);
INSERT INTO "ticket" VALUES('00000000000000000000000000000005','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',0,0,'Person 5','p2@example.com',25,'',NULL,NULL,NULL,NULL,NULL,'',NULL);
INSERT INTO "ticket" VALUES('00000000000000000000000000000006','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',1,0,'Person 6','p0@example.com',26,'',NULL,NULL,NULL,NULL,NULL,'',NULL);
INSERT INTO "ticket" VALUES('00000000000000000000000000000007','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',0,0,'Person 7','p1@example.com',27,'',NULL,NULL,NULL,NULL,NULL,'',NULL);
INSERT INTO "ticket" VALUES('0000000000000000000000000000001e','ffffffffffffffffffffffffffffffff',1,0,'Elsewhere','',NULL,'',NULL,NULL,NULL,NULL,NULL,'',NULL);
CREATE INDEX orders_order_id ON orders (order_id);
CREATE INDEX ticket_event ON ticket (event);
CREATE INDEX ticket_number ON ticket (number);
CREATE INDEX ticket_order ON ticket ("order") WHERE "order" IS NOT NULL;
CREATE INDEX ticket_external ON ticket (external_uuid) WHERE external_uuid IS NOT NULL;
CREATE INDEX ticket_external_hex ON ticket (lower(replace(external_uuid, '-', ''))) WHERE external_uuid IS NOT NULL;
CREATE INDEX ticket_url ON ticket (url) WHERE url IS NOT NULL;
COMMIT;
PRAGMA application_id = 1651472498;
PRAGMA user_version = 4;
