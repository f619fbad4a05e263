BEGIN TRANSACTION;
CREATE TABLE admission (
            ticket TEXT PRIMARY KEY,
            event TEXT NOT NULL,
            at TEXT NOT NULL,
            lane TEXT NOT NULL,
            operator TEXT NOT NULL,
            confirmed INTEGER,
            journal INTEGER NOT NULL
        , said_out INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID
        ;
INSERT INTO "admission" VALUES('00000000000000000000000000000001','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','2026-05-08T16:30:00.000000+00:00','North','Bo',3,1,0);
INSERT INTO "admission" VALUES('00000000000000000000000000000002','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','2026-05-08T16:30:01.000000+00:00','North','Bo',NULL,4,0);
INSERT INTO "admission" VALUES('00000000000000000000000000000003','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','2026-05-08T16:30:02.000000+00:00','North','Bo',NULL,5,0);
INSERT INTO "admission" VALUES('00000000000000000000000000000005','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','2026-05-08T16:30:04.000000+00:00','South','Åse',NULL,7,0);
INSERT INTO "admission" VALUES('00000000000000000000000000000006','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','2026-05-08T16:30:05.000000+00:00','South','Åse',NULL,8,0);
INSERT INTO "admission" VALUES('00000000000000000000000000000007','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','2026-05-08T16:30:06.000000+00:00','South','Åse',NULL,10,0);
INSERT INTO "admission" VALUES('00000000000000000000000000000008','ffffffffffffffffffffffffffffffff','2026-05-08T16:30:07.000000+00:00','North','Bo',NULL,11,0);
INSERT INTO "admission" VALUES('0000000000000000000000000000000a','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','2026-05-08T16:30:09.000000+00:00','North','Bo',NULL,18,0);
INSERT INTO "admission" VALUES('0000000000000000000000000000000b','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','2026-05-08T16:30:10.000000+00:00','North','Bo',NULL,20,0);
INSERT INTO "admission" VALUES('0000000000000000000000000000000c','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','2026-05-08T16:30:11.000000+00:00','North','Bo',NULL,22,0);
INSERT INTO "admission" VALUES('0000000000000000000000000000000d','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','2026-05-08T16:30:12.000000+00:00','North','Bo',NULL,24,0);
INSERT INTO "admission" VALUES('0000000000000000000000000000000e','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','2026-05-08T16:30:13.000000+00:00','North','Bo',NULL,27,0);
INSERT INTO "admission" VALUES('00000000000000000000000000000010','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','2026-05-08T16:30:14.000000+00:00','North','Bo',34,32,0);
INSERT INTO "admission" VALUES('00000000000000000000000000000011','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','2026-05-08T16:50:17.000000+00:00','North','Bo',NULL,43,0);
INSERT INTO "admission" VALUES('00000000000000000000000000000012','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','2026-05-08T16:40:16.000000+00:00','North','Bo',41,39,2);
INSERT INTO "admission" VALUES('00000000000000000000000000000013','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','2026-05-08T14:30:01.100000+00:00','West','',NULL,45,0);
CREATE TABLE code_rule (
            rule TEXT PRIMARY KEY,
            state TEXT NOT NULL,
            journal INTEGER NOT NULL
        ) WITHOUT ROWID
        ;
INSERT INTO "code_rule" VALUES('{"field": "number", "letters": "same", "prefix": "N-", "suffix": "", "width": 5}','accepted',80);
CREATE TABLE code_tie (
            code TEXT NOT NULL,
            event TEXT NOT NULL,
            ticket TEXT NOT NULL,
            at TEXT NOT NULL,
            lane TEXT NOT NULL,
            operator TEXT NOT NULL,
            journal INTEGER NOT NULL,
            PRIMARY KEY (event, code)
        ) WITHOUT ROWID
        ;
INSERT INTO "code_tie" VALUES('ABC-1','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','00000000000000000000000000000002','2026-05-08T16:50:18.000000+00:00','North','Bo',76);
INSERT INTO "code_tie" VALUES('XYZ','ffffffffffffffffffffffffffffffff','00000000000000000000000000000008','2026-05-08T16:50:18.000000+00:00','South','Åse',79);
CREATE TABLE journal (
            id INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            lane TEXT NOT NULL,
            operator TEXT NOT NULL,
            kind TEXT NOT NULL,
            event TEXT,
            ticket TEXT,
            code TEXT,
            verdict TEXT,
            confirmed INTEGER,
            reason TEXT NOT NULL,
            data TEXT
        , own TEXT);
INSERT INTO "journal" VALUES(1,'2026-05-08T16:30:00.000000+00:00','North','Bo','scan','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','00000000000000000000000000000001','00000000000000000000000000000001','admitted',1,'',NULL,'2026-05-08T16:30:00.000000+00:00');
INSERT INTO "journal" VALUES(2,'2026-05-08T16:30:01.000000+00:00','North','Bo','sent','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','00000000000000000000000000000001',NULL,NULL,NULL,'','{"row": 1, "kind": "check_in", "tries": 0}','2026-05-08T16:30:01.000000+00:00');
INSERT INTO "journal" VALUES(3,'2026-05-08T16:30:01.000000+00:00','North','Bo','outcome','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','00000000000000000000000000000001',NULL,NULL,NULL,'the server has it',NULL,'2026-05-08T16:30:01.000000+00:00');
INSERT INTO "journal" VALUES(4,'2026-05-08T16:30:01.000000+00:00','North','Bo','scan','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','00000000000000000000000000000002','00000000000000000000000000000002','admitted',1,'','{"party": "ab12"}','2026-05-08T16:30:01.000000+00:00');
INSERT INTO "journal" VALUES(5,'2026-05-08T16:30:02.000000+00:00','North','Bo','scan','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','00000000000000000000000000000003','00000000000000000000000000000003','admitted',0,'','{"party": "ab12"}','2026-05-08T16:30:02.000000+00:00');
INSERT INTO "journal" VALUES(6,'2026-05-08T16:30:03.000000+00:00','North','Bo','scan','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','00000000000000000000000000000004','00000000000000000000000000000004','admitted',1,'','{"party": "ab12"}','2026-05-08T16:30:03.000000+00:00');
INSERT INTO "journal" VALUES(7,'2026-05-08T16:30:04.000000+00:00','South','Åse','scan','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','00000000000000000000000000000005','00000000000000000000000000000005','admitted',1,'','{"party": "cd34"}','2026-05-08T16:30:04.000000+00:00');
INSERT INTO "journal" VALUES(8,'2026-05-08T16:30:05.000000+00:00','South','Åse','scan','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','00000000000000000000000000000006','00000000000000000000000000000006','admitted',1,'','{"party": "cd34"}','2026-05-08T16:30:05.000000+00:00');
INSERT INTO "journal" VALUES(9,'2026-05-08T16:30:06.000000+00:00','South','Åse','answers','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','00000000000000000000000000000007',NULL,NULL,NULL,'','{"questions": ["00000000000000000000000000000385", "00000000000000000000000000000386"]}','2026-05-08T16:30:06.000000+00:00');
INSERT INTO "journal" VALUES(10,'2026-05-08T16:30:06.000000+00:00','South','Åse','scan','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','00000000000000000000000000000007','00000000000000000000000000000007','admitted',1,'',NULL,'2026-05-08T16:30:06.000000+00:00');
INSERT INTO "journal" VALUES(11,'2026-05-08T16:30:07.000000+00:00','North','Bo','scan','ffffffffffffffffffffffffffffffff','00000000000000000000000000000008','00000000000000000000000000000008','admitted',1,'',NULL,'2026-05-08T16:30:07.000000+00:00');
INSERT INTO "journal" VALUES(12,'2026-05-08T16:30:08.000000+00:00','North','Bo','scan','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','00000000000000000000000000000001','00000000000000000000000000000001','already_in',0,'checked in here at 19:00',NULL,'2026-05-08T16:30:08.000000+00:00');
INSERT INTO "journal" VALUES(13,'2026-05-08T16:30:08.000000+00:00','North','Bo','undo','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','00000000000000000000000000000004',NULL,NULL,NULL,'',NULL,'2026-05-08T16:30:08.000000+00:00');
INSERT INTO "journal" VALUES(14,'2026-05-08T16:30:08.000000+00:00','North','Bo','scan','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','00000000000000000000000000000009','00000000000000000000000000000009','admitted',1,'',NULL,'2026-05-08T16:30:08.000000+00:00');
INSERT INTO "journal" VALUES(15,'2026-05-08T16:30:09.000000+00:00','North','Bo','sent','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','00000000000000000000000000000009',NULL,NULL,NULL,'','{"row": 14, "kind": "check_in", "tries": 0}','2026-05-08T16:30:09.000000+00:00');
INSERT INTO "journal" VALUES(16,'2026-05-08T16:30:09.000000+00:00','North','Bo','outcome','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','00000000000000000000000000000009',NULL,NULL,NULL,'',NULL,'2026-05-08T16:30:09.000000+00:00');
INSERT INTO "journal" VALUES(17,'2026-05-08T16:30:09.000000+00:00','North','Bo','undo','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','00000000000000000000000000000009',NULL,NULL,1,'',NULL,'2026-05-08T16:30:09.000000+00:00');
INSERT INTO "journal" VALUES(18,'2026-05-08T16:30:09.000000+00:00','North','Bo','scan','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','0000000000000000000000000000000a','0000000000000000000000000000000a','admitted',1,'',NULL,'2026-05-08T16:30:09.000000+00:00');
INSERT INTO "journal" VALUES(19,'2026-05-08T16:30:10.000000+00:00','North','Bo','failed','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','0000000000000000000000000000000a',NULL,NULL,NULL,'no such ticket','{"row": 18, "kind": "check_in", "tries": 0}','2026-05-08T16:30:10.000000+00:00');
INSERT INTO "journal" VALUES(20,'2026-05-08T16:30:10.000000+00:00','North','Bo','scan','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','0000000000000000000000000000000b','0000000000000000000000000000000b','admitted',1,'',NULL,'2026-05-08T16:30:10.000000+00:00');
INSERT INTO "journal" VALUES(21,'2026-05-08T16:30:11.000000+00:00','North','Bo','conflict','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','0000000000000000000000000000000b',NULL,NULL,NULL,'in already','{"row": 20, "kind": "check_in", "tries": 0}','2026-05-08T16:30:11.000000+00:00');
INSERT INTO "journal" VALUES(22,'2026-05-08T16:30:11.000000+00:00','North','Bo','scan','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','0000000000000000000000000000000c','0000000000000000000000000000000c','admitted',1,'',NULL,'2026-05-08T16:30:11.000000+00:00');
INSERT INTO "journal" VALUES(23,'2026-05-08T16:30:12.000000+00:00','North','Bo','postponed','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','0000000000000000000000000000000c',NULL,NULL,NULL,'no network','{"row": 22, "kind": "check_in", "tries": 1}','2026-05-08T16:30:12.000000+00:00');
INSERT INTO "journal" VALUES(24,'2026-05-08T16:30:12.000000+00:00','North','Bo','scan','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','0000000000000000000000000000000d','0000000000000000000000000000000d','admitted',1,'',NULL,'2026-05-08T16:30:12.000000+00:00');
INSERT INTO "journal" VALUES(25,'2026-05-08T16:30:13.000000+00:00','North','Bo','sent','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','0000000000000000000000000000000d',NULL,NULL,NULL,'','{"row": 24, "kind": "check_in", "tries": 0}','2026-05-08T16:30:13.000000+00:00');
INSERT INTO "journal" VALUES(26,'2026-05-08T16:30:13.000000+00:00','North','Bo','postponed','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','0000000000000000000000000000000d',NULL,NULL,NULL,'the answer was lost','{"row": 24, "kind": "check_in", "tries": 1}','2026-05-08T16:30:13.000000+00:00');
INSERT INTO "journal" VALUES(27,'2026-05-08T16:30:13.000000+00:00','North','Bo','scan','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','0000000000000000000000000000000e','0000000000000000000000000000000e','admitted',1,'',NULL,'2026-05-08T16:30:13.000000+00:00');
INSERT INTO "journal" VALUES(28,'2026-05-08T16:30:14.000000+00:00','North','Bo','sent','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','0000000000000000000000000000000e',NULL,NULL,NULL,'','{"row": 27, "kind": "check_in", "tries": 0}','2026-05-08T16:30:14.000000+00:00');
INSERT INTO "journal" VALUES(29,'2026-05-08T16:30:14.000000+00:00','North','Bo','name','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','0000000000000000000000000000000f',NULL,NULL,NULL,'',NULL,'2026-05-08T16:30:14.000000+00:00');
INSERT INTO "journal" VALUES(30,'2026-05-08T16:30:14.000000+00:00','North','Bo','answers','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','0000000000000000000000000000000f',NULL,NULL,NULL,'','{"questions": ["00000000000000000000000000000385", "00000000000000000000000000000386"]}','2026-05-08T16:30:14.000000+00:00');
INSERT INTO "journal" VALUES(31,'2026-05-08T16:30:14.000000+00:00','North','Bo','failed','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','0000000000000000000000000000000f',NULL,NULL,NULL,'the site refuses it','{"row": 30, "kind": "answers", "tries": 0}','2026-05-08T16:30:14.000000+00:00');
INSERT INTO "journal" VALUES(32,'2026-05-08T16:30:14.000000+00:00','North','Bo','scan','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','00000000000000000000000000000010','00000000000000000000000000000010','admitted',1,'',NULL,'2026-05-08T16:30:14.000000+00:00');
INSERT INTO "journal" VALUES(33,'2026-05-08T16:30:15.000000+00:00','North','Bo','conflict','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','00000000000000000000000000000010',NULL,NULL,NULL,'in already','{"row": 32, "kind": "check_in", "tries": 0}','2026-05-08T16:30:15.000000+00:00');
INSERT INTO "journal" VALUES(34,'2026-05-08T16:30:15.000000+00:00','North','Bo','dismissed','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','00000000000000000000000000000010',NULL,NULL,NULL,'seen the ticket','{"row": 32, "kind": "check_in", "tries": 0}','2026-05-08T16:30:15.000000+00:00');
INSERT INTO "journal" VALUES(35,'2026-05-08T16:30:15.000000+00:00','North','Bo','scan','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','00000000000000000000000000000011','00000000000000000000000000000011','admitted',1,'',NULL,'2026-05-08T16:30:15.000000+00:00');
INSERT INTO "journal" VALUES(36,'2026-05-08T16:30:16.000000+00:00','North','Bo','sent','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','00000000000000000000000000000011',NULL,NULL,NULL,'','{"row": 35, "kind": "check_in", "tries": 0}','2026-05-08T16:30:16.000000+00:00');
INSERT INTO "journal" VALUES(37,'2026-05-08T16:30:16.000000+00:00','North','Bo','outcome','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','00000000000000000000000000000011',NULL,NULL,NULL,'',NULL,'2026-05-08T16:30:16.000000+00:00');
INSERT INTO "journal" VALUES(38,'2026-05-08T16:36:56.000000+00:00','North','Bo','taken_back','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','00000000000000000000000000000011',NULL,NULL,NULL,'the server says that it is not in, though it had confirmed the check-in',NULL,'2026-05-08T16:36:56.000000+00:00');
INSERT INTO "journal" VALUES(39,'2026-05-08T16:40:16.000000+00:00','North','Bo','scan','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','00000000000000000000000000000012','00000000000000000000000000000012','admitted',1,'',NULL,'2026-05-08T16:40:16.000000+00:00');
INSERT INTO "journal" VALUES(40,'2026-05-08T16:40:17.000000+00:00','North','Bo','sent','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','00000000000000000000000000000012',NULL,NULL,NULL,'','{"row": 39, "kind": "check_in", "tries": 0}','2026-05-08T16:40:17.000000+00:00');
INSERT INTO "journal" VALUES(41,'2026-05-08T16:40:17.000000+00:00','North','Bo','outcome','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','00000000000000000000000000000012',NULL,NULL,NULL,'',NULL,'2026-05-08T16:40:17.000000+00:00');
INSERT INTO "journal" VALUES(42,'2026-05-08T16:46:57.000000+00:00','North','Bo','taken_back','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','00000000000000000000000000000012',NULL,NULL,NULL,'the server says that it is not in, though it had confirmed the check-in',NULL,'2026-05-08T16:46:57.000000+00:00');
INSERT INTO "journal" VALUES(43,'2026-05-08T16:50:17.000000+00:00','North','Bo','scan','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','00000000000000000000000000000011','00000000000000000000000000000011','admitted',1,'','{"instead_of": 35}','2026-05-08T16:50:17.000000+00:00');
INSERT INTO "journal" VALUES(44,'2026-05-08T16:50:17.000000+00:00','North','Bo','released','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','00000000000000000000000000000012',NULL,NULL,NULL,'the server says that it is not in',NULL,'2026-05-08T16:50:17.000000+00:00');
INSERT INTO "journal" VALUES(45,'2026-05-08T14:30:01.100000+00:00','West','','scan','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','00000000000000000000000000000013','00000000000000000000000000000013','admitted',1,'',NULL,'2026-05-08T16:50:17.000000+00:00');
INSERT INTO "journal" VALUES(46,'2026-05-08T16:50:18.000000+00:00','North','Bo','shift_open',NULL,NULL,NULL,NULL,NULL,'','{"opening": "500.00", "currency": "DKK"}','2026-05-08T16:50:18.000000+00:00');
INSERT INTO "journal" VALUES(47,'2026-05-08T16:50:18.000000+00:00','North','Bo','sale','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',NULL,NULL,NULL,NULL,'','{"number": 1, "external_order_id": "BX-North-1", "state": "queued", "lines": [["00000000000000000000000000000032", "[b]Standard[/b]", "150.00", 2], ["00000000000000000000000000000033", "Student \udcff", "1E+2", 1]], "total": "400.00", "currency": "DKK", "paid": "cash", "booked": true, "unattended": false}','2026-05-08T16:50:18.000000+00:00');
INSERT INTO "journal" VALUES(48,'2026-05-08T16:50:18.000000+00:00','North','Bo','sale','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',NULL,NULL,NULL,NULL,'','{"number": 2, "external_order_id": "BX-North-2", "state": "queued", "lines": [["00000000000000000000000000000032", "Standard", "150.00", 2]], "total": "300.00", "currency": "DKK", "paid": "cash", "booked": true, "unattended": false}','2026-05-08T16:50:18.000000+00:00');
INSERT INTO "journal" VALUES(49,'2026-05-08T16:50:18.000000+00:00','North','Bo','sale','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',NULL,NULL,NULL,NULL,'','{"number": 3, "external_order_id": "BX-North-3", "state": "sending", "lines": [["00000000000000000000000000000032", "Standard", "150.00", 2]], "total": "300.00", "currency": "DKK", "paid": "cash", "booked": false, "unattended": false}','2026-05-08T16:50:18.000000+00:00');
INSERT INTO "journal" VALUES(50,'2026-05-08T16:50:18.000000+00:00','North','Bo','sale','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',NULL,NULL,NULL,NULL,'','{"number": 4, "external_order_id": "BX-North-4", "state": "sending", "lines": [["00000000000000000000000000000032", "Standard", "150.00", 2]], "total": "300.00", "currency": "DKK", "paid": "cash", "booked": false, "unattended": false}','2026-05-08T16:50:18.000000+00:00');
INSERT INTO "journal" VALUES(51,'2026-05-08T16:50:18.000000+00:00','North','Bo','sale_unknown','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',NULL,NULL,NULL,NULL,'','{"sale": 50, "external_order_id": "BX-North-4", "order": null, "order_id": "", "tickets": [], "checked_in": false, "booked": false, "tries": 0}','2026-05-08T16:50:18.000000+00:00');
INSERT INTO "journal" VALUES(52,'2026-05-08T16:50:18.000000+00:00','North','Bo','sale','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',NULL,NULL,NULL,NULL,'','{"number": 5, "external_order_id": "BX-North-5", "state": "sending", "lines": [["00000000000000000000000000000032", "Standard", "150.00", 2]], "total": "300.00", "currency": "DKK", "paid": "cash", "booked": false, "unattended": false}','2026-05-08T16:50:18.000000+00:00');
INSERT INTO "journal" VALUES(53,'2026-05-08T16:50:18.000000+00:00','North','Bo','sale_not_placed','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',NULL,NULL,NULL,NULL,'','{"sale": 52, "external_order_id": "BX-North-5", "order": null, "order_id": "", "tickets": [], "checked_in": false, "booked": false, "tries": 0}','2026-05-08T16:50:18.000000+00:00');
INSERT INTO "journal" VALUES(54,'2026-05-08T16:50:18.000000+00:00','North','Bo','sale','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',NULL,NULL,NULL,NULL,'','{"number": 6, "external_order_id": "BX-North-6", "state": "sending", "lines": [["00000000000000000000000000000032", "Standard", "150.00", 2]], "total": "300.00", "currency": "DKK", "paid": "cash", "booked": false, "unattended": false}','2026-05-08T16:50:18.000000+00:00');
INSERT INTO "journal" VALUES(55,'2026-05-08T16:50:18.000000+00:00','North','Bo','sale_unknown','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',NULL,NULL,NULL,NULL,'','{"sale": 54, "external_order_id": "BX-North-6", "order": null, "order_id": "", "tickets": [], "checked_in": false, "booked": false, "tries": 0}','2026-05-08T16:50:18.000000+00:00');
INSERT INTO "journal" VALUES(56,'2026-05-08T16:50:18.000000+00:00','North','Bo','sale_unsure','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',NULL,NULL,NULL,NULL,'','{"sale": 54, "external_order_id": "BX-North-6", "order": null, "order_id": "", "tickets": [], "checked_in": false, "booked": false, "tries": 0}','2026-05-08T16:50:18.000000+00:00');
INSERT INTO "journal" VALUES(57,'2026-05-08T16:50:18.000000+00:00','North','Bo','sale','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',NULL,NULL,NULL,NULL,'','{"number": 7, "external_order_id": "BX-North-7", "state": "sending", "lines": [["00000000000000000000000000000032", "Standard", "150.00", 2]], "total": "300.00", "currency": "DKK", "paid": "cash", "booked": false, "unattended": false}','2026-05-08T16:50:18.000000+00:00');
INSERT INTO "journal" VALUES(58,'2026-05-08T16:50:18.000000+00:00','North','Bo','sale_failed','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',NULL,NULL,NULL,NULL,'','{"sale": 57, "external_order_id": "BX-North-7", "order": null, "order_id": "", "tickets": [], "checked_in": false, "booked": false, "tries": 0}','2026-05-08T16:50:18.000000+00:00');
INSERT INTO "journal" VALUES(59,'2026-05-08T16:50:18.000000+00:00','North','Bo','sale','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',NULL,NULL,NULL,NULL,'','{"number": 8, "external_order_id": "BX-North-8", "state": "sending", "lines": [["00000000000000000000000000000032", "Standard", "150.00", 2]], "total": "300.00", "currency": "DKK", "paid": "card", "booked": false, "unattended": false}','2026-05-08T16:50:18.000000+00:00');
INSERT INTO "journal" VALUES(60,'2026-05-08T16:50:18.000000+00:00','North','Bo','sale_sold','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',NULL,NULL,NULL,NULL,'','{"sale": 59, "external_order_id": "BX-North-8", "order": null, "order_id": "", "tickets": [], "checked_in": false, "booked": true, "tries": 0}','2026-05-08T16:50:18.000000+00:00');
INSERT INTO "journal" VALUES(61,'2026-05-08T16:50:18.000000+00:00','North','Bo','sale','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',NULL,NULL,NULL,NULL,'','{"number": 9, "external_order_id": "BX-North-9", "state": "sending", "lines": [["00000000000000000000000000000032", "Standard", "150.00", 2]], "total": "300.00", "currency": "DKK", "paid": "cash", "booked": false, "unattended": false}','2026-05-08T16:50:18.000000+00:00');
INSERT INTO "journal" VALUES(62,'2026-05-08T16:50:18.000000+00:00','North','Bo','sale_sold','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',NULL,NULL,NULL,NULL,'','{"sale": 61, "external_order_id": "BX-North-9", "order": null, "order_id": "", "tickets": [], "checked_in": false, "booked": true, "tries": 0}','2026-05-08T16:50:18.000000+00:00');
INSERT INTO "journal" VALUES(63,'2026-05-08T16:50:18.000000+00:00','North','Bo','sale_done','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',NULL,NULL,NULL,NULL,'','{"sale": 61, "external_order_id": "BX-North-9", "order": null, "order_id": "", "tickets": [], "checked_in": false, "booked": true, "tries": 0}','2026-05-08T16:50:18.000000+00:00');
INSERT INTO "journal" VALUES(64,'2026-05-08T16:50:18.000000+00:00','North','Bo','sale','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',NULL,NULL,NULL,NULL,'','{"number": 10, "external_order_id": "BX-North-10", "state": "sending", "lines": [["00000000000000000000000000000032", "Standard", "150.00", 2]], "total": "300.00", "currency": "DKK", "paid": "cash", "booked": false, "unattended": false}','2026-05-08T16:50:18.000000+00:00');
INSERT INTO "journal" VALUES(65,'2026-05-08T16:50:18.000000+00:00','North','Bo','sale_refused','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',NULL,NULL,NULL,NULL,'','{"sale": 64, "external_order_id": "BX-North-10", "order": null, "order_id": "", "tickets": [], "checked_in": false, "booked": false, "tries": 0}','2026-05-08T16:50:18.000000+00:00');
INSERT INTO "journal" VALUES(66,'2026-05-08T16:50:18.000000+00:00','North','Bo','sale','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',NULL,NULL,NULL,NULL,'','{"number": 11, "external_order_id": "BX-North-11", "state": "queued", "lines": [["00000000000000000000000000000032", "Standard", "150.00", 2]], "total": "300.00", "currency": "DKK", "paid": "cash", "booked": true, "unattended": false}','2026-05-08T16:50:18.000000+00:00');
INSERT INTO "journal" VALUES(67,'2026-05-08T16:50:18.000000+00:00','North','Bo','sale_dropped','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',NULL,NULL,NULL,NULL,'','{"sale": 66, "external_order_id": "BX-North-11", "order": null, "order_id": "", "tickets": [], "checked_in": false, "booked": false, "tries": 0}','2026-05-08T16:50:18.000000+00:00');
INSERT INTO "journal" VALUES(68,'2026-05-08T16:50:18.000000+00:00','South','Åse','sale','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',NULL,NULL,NULL,NULL,'','{"number": 1, "external_order_id": "BX-South-1", "state": "sending", "lines": [["00000000000000000000000000000032", "Standard", "150.00", 1]], "total": "150.00", "currency": "DKK", "paid": "mobilepay", "booked": false, "unattended": false}','2026-05-08T16:50:18.000000+00:00');
INSERT INTO "journal" VALUES(69,'2026-05-08T16:50:18.000000+00:00','South','Åse','sale_sold','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',NULL,NULL,NULL,NULL,'','{"sale": 68, "external_order_id": "BX-South-1", "order": null, "order_id": "", "tickets": [], "checked_in": false, "booked": true, "tries": 0}','2026-05-08T16:50:18.000000+00:00');
INSERT INTO "journal" VALUES(70,'2026-05-08T16:50:18.000000+00:00','South','Åse','sale_done','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',NULL,NULL,NULL,NULL,'','{"sale": 68, "external_order_id": "BX-South-1", "order": "000000000000000000000000000002bc", "order_id": "dZy1", "tickets": ["00000000000000000000000000000014"], "checked_in": true, "booked": true, "tries": 0}','2026-05-08T16:50:18.000000+00:00');
INSERT INTO "journal" VALUES(71,'2026-05-08T16:50:18.000000+00:00','South','Åse','refund','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',NULL,NULL,NULL,NULL,'ill','{"order": "000000000000000000000000000002bc", "sale": 68, "paid": "mobilepay", "amount": "150.00", "currency": "DKK"}','2026-05-08T16:50:18.000000+00:00');
INSERT INTO "journal" VALUES(72,'2026-05-08T16:50:18.000000+00:00','South','Åse','refund_asked','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',NULL,NULL,NULL,NULL,'rain','{"order": "000000000000000000000000000002bd", "paid": "cash", "amount": "75.50"}','2026-05-08T16:50:18.000000+00:00');
INSERT INTO "journal" VALUES(73,'2026-05-08T16:50:18.000000+00:00','North','Bo','shift_close',NULL,NULL,NULL,NULL,NULL,'','{"shift": 46, "opening": "500.00", "taken": "1000.00", "counted": "800.00", "currency": "DKK"}','2026-05-08T16:50:18.000000+00:00');
INSERT INTO "journal" VALUES(74,'2026-05-08T16:50:18.000000+00:00','North','Bo','shift_open',NULL,NULL,NULL,NULL,NULL,'','{"opening": "100.00", "currency": "DKK"}','2026-05-08T16:50:18.000000+00:00');
INSERT INTO "journal" VALUES(75,'2026-05-08T16:50:18.000000+00:00','North','Bo','tie','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','00000000000000000000000000000001','ABC-1',NULL,NULL,'',NULL,'2026-05-08T16:50:18.000000+00:00');
INSERT INTO "journal" VALUES(76,'2026-05-08T16:50:18.000000+00:00','North','Bo','tie','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','00000000000000000000000000000002','ABC-1',NULL,NULL,'','{"instead_of": "00000000000000000000000000000001"}','2026-05-08T16:50:18.000000+00:00');
INSERT INTO "journal" VALUES(77,'2026-05-08T16:50:18.000000+00:00','South','Åse','tie','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','00000000000000000000000000000003','ABC-3',NULL,NULL,'',NULL,'2026-05-08T16:50:18.000000+00:00');
INSERT INTO "journal" VALUES(78,'2026-05-08T16:50:18.000000+00:00','South','Åse','untie','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','00000000000000000000000000000003','ABC-3',NULL,NULL,'',NULL,'2026-05-08T16:50:18.000000+00:00');
INSERT INTO "journal" VALUES(79,'2026-05-08T16:50:18.000000+00:00','South','Åse','tie','ffffffffffffffffffffffffffffffff','00000000000000000000000000000008','XYZ',NULL,NULL,'',NULL,'2026-05-08T16:50:18.000000+00:00');
INSERT INTO "journal" VALUES(80,'2026-05-08T16:50:18.000000+00:00','North','Bo','rule_accepted','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',NULL,NULL,NULL,NULL,'A code is the ticket''s number in 5 digits behind “N-”.','{"rule": "{\"field\": \"number\", \"letters\": \"same\", \"prefix\": \"N-\", \"suffix\": \"\", \"width\": 5}"}','2026-05-08T16:50:18.000000+00:00');
CREATE TABLE memo (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO "memo" VALUES('house email','house@example.com');
CREATE TABLE queue (
            id INTEGER PRIMARY KEY,
            kind TEXT NOT NULL,
            state TEXT NOT NULL,
            ticket TEXT NOT NULL,
            event TEXT NOT NULL,
            at TEXT NOT NULL,
            lane TEXT NOT NULL,
            operator TEXT NOT NULL,
            body TEXT,
            read_first INTEGER NOT NULL,
            attempted INTEGER NOT NULL DEFAULT 0,
            tries INTEGER NOT NULL DEFAULT 0,
            due TEXT NOT NULL DEFAULT '',
            network INTEGER NOT NULL DEFAULT 0,
            reason TEXT NOT NULL DEFAULT ''
        );
INSERT INTO "queue" VALUES(4,'check_in','waiting','00000000000000000000000000000002','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','2026-05-08T16:30:01.000000+00:00','North','Bo',NULL,0,0,0,'',0,'');
INSERT INTO "queue" VALUES(5,'check_in','waiting','00000000000000000000000000000003','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','2026-05-08T16:30:02.000000+00:00','North','Bo',NULL,1,0,0,'',0,'');
INSERT INTO "queue" VALUES(7,'check_in','waiting','00000000000000000000000000000005','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','2026-05-08T16:30:04.000000+00:00','South','Åse',NULL,0,0,0,'',0,'');
INSERT INTO "queue" VALUES(8,'check_in','waiting','00000000000000000000000000000006','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','2026-05-08T16:30:05.000000+00:00','South','Åse',NULL,0,0,0,'',0,'');
INSERT INTO "queue" VALUES(9,'answers','waiting','00000000000000000000000000000007','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','2026-05-08T16:30:06.000000+00:00','South','Åse','[["00000000000000000000000000000385", "vegetarian"], ["00000000000000000000000000000386", ["00000000000000000000000000000001", "00000000000000000000000000000002"]]]',0,0,0,'',0,'');
INSERT INTO "queue" VALUES(10,'check_in','waiting','00000000000000000000000000000007','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','2026-05-08T16:30:06.000000+00:00','South','Åse',NULL,1,0,0,'',0,'');
INSERT INTO "queue" VALUES(11,'check_in','waiting','00000000000000000000000000000008','ffffffffffffffffffffffffffffffff','2026-05-08T16:30:07.000000+00:00','North','Bo',NULL,0,0,0,'',0,'');
INSERT INTO "queue" VALUES(18,'check_in','failed','0000000000000000000000000000000a','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','2026-05-08T16:30:09.000000+00:00','North','Bo',NULL,0,0,0,'',0,'no such ticket');
INSERT INTO "queue" VALUES(20,'check_in','conflict','0000000000000000000000000000000b','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','2026-05-08T16:30:10.000000+00:00','North','Bo',NULL,1,0,0,'',0,'in already');
INSERT INTO "queue" VALUES(22,'check_in','waiting','0000000000000000000000000000000c','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','2026-05-08T16:30:11.000000+00:00','North','Bo',NULL,0,0,1,'2026-05-08T16:32:12.000000+00:00',1,'no network');
INSERT INTO "queue" VALUES(24,'check_in','waiting','0000000000000000000000000000000d','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','2026-05-08T16:30:12.000000+00:00','North','Bo',NULL,0,1,1,'2026-05-08T16:31:13.000000+00:00',0,'the answer was lost');
INSERT INTO "queue" VALUES(27,'check_in','sending','0000000000000000000000000000000e','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','2026-05-08T16:30:13.000000+00:00','North','Bo',NULL,0,0,0,'',0,'');
INSERT INTO "queue" VALUES(29,'name','waiting','0000000000000000000000000000000f','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','2026-05-08T16:30:14.000000+00:00','North','Bo','"S\u00f8ren \u00c6"',0,0,0,'',0,'');
INSERT INTO "queue" VALUES(30,'answers','failed','0000000000000000000000000000000f','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','2026-05-08T16:30:14.000000+00:00','North','Bo','[["00000000000000000000000000000385", "vegetarian"], ["00000000000000000000000000000386", ["00000000000000000000000000000001", "00000000000000000000000000000002"]]]',0,0,0,'',0,'the site refuses it');
INSERT INTO "queue" VALUES(43,'check_in','waiting','00000000000000000000000000000011','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','2026-05-08T16:50:17.000000+00:00','North','Bo',NULL,0,0,0,'',0,'');
INSERT INTO "queue" VALUES(45,'check_in','waiting','00000000000000000000000000000013','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','2026-05-08T14:30:01.100000+00:00','West','',NULL,0,0,0,'',0,'');
CREATE TABLE sale (
            id INTEGER PRIMARY KEY,
            mark TEXT NOT NULL COLLATE NOCASE,
            number INTEGER NOT NULL,
            event TEXT NOT NULL,
            state TEXT NOT NULL,
            cart TEXT NOT NULL,
            at TEXT NOT NULL,
            lane TEXT NOT NULL,
            operator TEXT NOT NULL,
            booked INTEGER NOT NULL,
            unattended INTEGER NOT NULL,
            after_number INTEGER,
            posted_at TEXT NOT NULL,
            since TEXT NOT NULL,
            "order" TEXT UNIQUE,
            order_id TEXT NOT NULL DEFAULT '',
            tickets TEXT NOT NULL DEFAULT '[]',
            checked_in INTEGER NOT NULL DEFAULT 0,
            lost INTEGER NOT NULL DEFAULT 0,
            tries INTEGER NOT NULL DEFAULT 0,
            due TEXT NOT NULL DEFAULT '',
            reason TEXT NOT NULL DEFAULT '',
            UNIQUE (mark, number)
        );
INSERT INTO "sale" VALUES(47,'North',1,'eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','queued','{"event": "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee", "currency": "DKK", "lines": [["00000000000000000000000000000032", "[b]Standard[/b]", "150.00", 2], ["00000000000000000000000000000033", "Student \udcff", "1E+2", 1]], "buyer": {"first_name": "\u00c5se", "last_name": "\u001b[31m\u00d8", "email": "house@example.com", "phone": "+45 12", "house": true}, "paid": "cash", "given": "500.000", "answers": [["00000000000000000000000000000385", "veg\nan"], ["00000000000000000000000000000386", ["00000000000000000000000000000001", "00000000000000000000000000000002"]], ["q", []]], "asked": [["00000000000000000000000000000032", [["00000000000000000000000000000387", "L"]]], ["00000000000000000000000000000033", []]], "check_in": false, "elsewhere": []}','2026-05-08T16:50:18.000000+00:00','North','Bo',1,0,NULL,'','2026-05-08T16:50:18.000000+00:00',NULL,'','[]',0,0,0,'','');
INSERT INTO "sale" VALUES(48,'North',2,'eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','queued','{"event": "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee", "currency": "DKK", "lines": [["00000000000000000000000000000032", "Standard", "150.00", 2]], "buyer": {"first_name": "\u00c5se", "last_name": "\u00d8", "email": "aase@example.com", "phone": "", "house": false}, "paid": "cash", "given": null, "answers": [], "asked": [], "check_in": true, "elsewhere": []}','2026-05-08T16:50:18.000000+00:00','North','Bo',1,0,NULL,'','2026-05-08T16:50:18.000000+00:00',NULL,'','[]',0,0,0,'','');
INSERT INTO "sale" VALUES(49,'North',3,'eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','sending','{"event": "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee", "currency": "DKK", "lines": [["00000000000000000000000000000032", "Standard", "150.00", 2]], "buyer": {"first_name": "\u00c5se", "last_name": "\u00d8", "email": "aase@example.com", "phone": "", "house": false}, "paid": "cash", "given": null, "answers": [], "asked": [], "check_in": true, "elsewhere": []}','2026-05-08T16:50:18.000000+00:00','North','Bo',0,0,NULL,'2026-05-08T16:50:18.000000+00:00','2026-05-08T16:50:18.000000+00:00',NULL,'','[]',0,0,0,'','');
INSERT INTO "sale" VALUES(50,'North',4,'eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','unknown','{"event": "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee", "currency": "DKK", "lines": [["00000000000000000000000000000032", "Standard", "150.00", 2]], "buyer": {"first_name": "\u00c5se", "last_name": "\u00d8", "email": "aase@example.com", "phone": "", "house": false}, "paid": "cash", "given": null, "answers": [], "asked": [], "check_in": true, "elsewhere": []}','2026-05-08T16:50:18.000000+00:00','North','Bo',0,0,NULL,'2026-05-08T16:50:18.000000+00:00','2026-05-08T16:50:18.000000+00:00',NULL,'','[]',0,1,0,'','');
INSERT INTO "sale" VALUES(52,'North',5,'eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','not_placed','{"event": "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee", "currency": "DKK", "lines": [["00000000000000000000000000000032", "Standard", "150.00", 2]], "buyer": {"first_name": "\u00c5se", "last_name": "\u00d8", "email": "aase@example.com", "phone": "", "house": false}, "paid": "cash", "given": null, "answers": [], "asked": [], "check_in": true, "elsewhere": []}','2026-05-08T16:50:18.000000+00:00','North','Bo',0,0,NULL,'2026-05-08T16:50:18.000000+00:00','2026-05-08T16:50:18.000000+00:00',NULL,'','[]',0,0,0,'','');
INSERT INTO "sale" VALUES(54,'North',6,'eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','unsure','{"event": "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee", "currency": "DKK", "lines": [["00000000000000000000000000000032", "Standard", "150.00", 2]], "buyer": {"first_name": "\u00c5se", "last_name": "\u00d8", "email": "aase@example.com", "phone": "", "house": false}, "paid": "cash", "given": null, "answers": [], "asked": [], "check_in": true, "elsewhere": []}','2026-05-08T16:50:18.000000+00:00','North','Bo',0,0,NULL,'2026-05-08T16:50:18.000000+00:00','2026-05-08T16:50:18.000000+00:00',NULL,'','[]',0,1,0,'','');
INSERT INTO "sale" VALUES(57,'North',7,'eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','failed','{"event": "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee", "currency": "DKK", "lines": [["00000000000000000000000000000032", "Standard", "150.00", 2]], "buyer": {"first_name": "\u00c5se", "last_name": "\u00d8", "email": "aase@example.com", "phone": "", "house": false}, "paid": "cash", "given": null, "answers": [], "asked": [], "check_in": true, "elsewhere": []}','2026-05-08T16:50:18.000000+00:00','North','Bo',0,0,NULL,'2026-05-08T16:50:18.000000+00:00','2026-05-08T16:50:18.000000+00:00',NULL,'','[]',0,0,0,'','');
INSERT INTO "sale" VALUES(59,'North',8,'eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','sold','{"event": "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee", "currency": "DKK", "lines": [["00000000000000000000000000000032", "Standard", "150.00", 2]], "buyer": {"first_name": "\u00c5se", "last_name": "\u00d8", "email": "aase@example.com", "phone": "", "house": false}, "paid": "card", "given": null, "answers": [], "asked": [], "check_in": true, "elsewhere": []}','2026-05-08T16:50:18.000000+00:00','North','Bo',1,0,NULL,'2026-05-08T16:50:18.000000+00:00','2026-05-08T16:50:18.000000+00:00',NULL,'','[]',0,0,0,'','');
INSERT INTO "sale" VALUES(61,'North',9,'eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','done','{"event": "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee", "currency": "DKK", "lines": [["00000000000000000000000000000032", "Standard", "150.00", 2]], "buyer": {"first_name": "\u00c5se", "last_name": "\u00d8", "email": "aase@example.com", "phone": "", "house": false}, "paid": "cash", "given": null, "answers": [], "asked": [], "check_in": true, "elsewhere": []}','2026-05-08T16:50:18.000000+00:00','North','Bo',1,0,NULL,'2026-05-08T16:50:18.000000+00:00','2026-05-08T16:50:18.000000+00:00',NULL,'','[]',0,0,0,'','');
INSERT INTO "sale" VALUES(64,'North',10,'eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','refused','{"event": "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee", "currency": "DKK", "lines": [["00000000000000000000000000000032", "Standard", "150.00", 2]], "buyer": {"first_name": "\u00c5se", "last_name": "\u00d8", "email": "aase@example.com", "phone": "", "house": false}, "paid": "cash", "given": null, "answers": [], "asked": [], "check_in": true, "elsewhere": []}','2026-05-08T16:50:18.000000+00:00','North','Bo',0,0,NULL,'2026-05-08T16:50:18.000000+00:00','2026-05-08T16:50:18.000000+00:00',NULL,'','[]',0,0,0,'','');
INSERT INTO "sale" VALUES(66,'North',11,'eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','dropped','{"event": "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee", "currency": "DKK", "lines": [["00000000000000000000000000000032", "Standard", "150.00", 2]], "buyer": {"first_name": "\u00c5se", "last_name": "\u00d8", "email": "aase@example.com", "phone": "", "house": false}, "paid": "cash", "given": null, "answers": [], "asked": [], "check_in": true, "elsewhere": []}','2026-05-08T16:50:18.000000+00:00','North','Bo',0,0,NULL,'','2026-05-08T16:50:18.000000+00:00',NULL,'','[]',0,0,0,'','');
INSERT INTO "sale" VALUES(68,'South',1,'eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','done','{"event": "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee", "currency": "DKK", "lines": [["00000000000000000000000000000032", "Standard", "150.00", 1]], "buyer": {"first_name": "\u00c5se", "last_name": "\u00d8", "email": "aase@example.com", "phone": "", "house": false}, "paid": "mobilepay", "given": null, "answers": [], "asked": [], "check_in": true, "elsewhere": []}','2026-05-08T16:50:18.000000+00:00','South','Åse',1,0,NULL,'2026-05-08T16:50:18.000000+00:00','2026-05-08T16:50:18.000000+00:00','000000000000000000000000000002bc','dZy1','["00000000000000000000000000000014"]',1,0,0,'','');
CREATE TABLE shift (
            id INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            lane TEXT NOT NULL,
            operator TEXT NOT NULL,
            opening TEXT NOT NULL,
            currency TEXT NOT NULL,
            closed INTEGER,
            closed_at TEXT,
            counted TEXT
        );
INSERT INTO "shift" VALUES(46,'2026-05-08T16:50:18.000000+00:00','North','Bo','500.00','DKK',73,'2026-05-08T16:50:18.000000+00:00','800.00');
INSERT INTO "shift" VALUES(74,'2026-05-08T16:50:18.000000+00:00','North','Bo','100.00','DKK',NULL,NULL,NULL);
CREATE TABLE taking (
            id INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            lane TEXT NOT NULL,
            operator TEXT NOT NULL,
            event TEXT NOT NULL,
            kind TEXT NOT NULL,
            paid TEXT NOT NULL,
            amount TEXT NOT NULL,
            currency TEXT NOT NULL,
            sale INTEGER,
            "order" TEXT
        );
INSERT INTO "taking" VALUES(47,'2026-05-08T16:50:18.000000+00:00','North','Bo','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','sale','cash','400.00','DKK',47,NULL);
INSERT INTO "taking" VALUES(48,'2026-05-08T16:50:18.000000+00:00','North','Bo','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','sale','cash','300.00','DKK',48,NULL);
INSERT INTO "taking" VALUES(60,'2026-05-08T16:50:18.000000+00:00','North','Bo','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','sale','card','300.00','DKK',59,NULL);
INSERT INTO "taking" VALUES(62,'2026-05-08T16:50:18.000000+00:00','North','Bo','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','sale','cash','300.00','DKK',61,NULL);
INSERT INTO "taking" VALUES(66,'2026-05-08T16:50:18.000000+00:00','North','Bo','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','sale','cash','300.00','DKK',66,NULL);
INSERT INTO "taking" VALUES(67,'2026-05-08T16:50:18.000000+00:00','North','Bo','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','reversal','cash','-300.00','DKK',66,NULL);
INSERT INTO "taking" VALUES(69,'2026-05-08T16:50:18.000000+00:00','South','Åse','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','sale','mobilepay','150.00','DKK',68,NULL);
INSERT INTO "taking" VALUES(71,'2026-05-08T16:50:18.000000+00:00','South','Åse','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','refund','mobilepay','-150.00','DKK',68,'000000000000000000000000000002bc');
CREATE TRIGGER journal_keeps_what_it_says BEFORE UPDATE ON journal
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_keeps_its_rows BEFORE DELETE ON journal
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_takes_no_replacement BEFORE INSERT ON journal
        WHEN EXISTS (SELECT 1 FROM journal WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE VIEW head AS SELECT * FROM queue AS mine WHERE state = 'waiting' AND NOT EXISTS (
            SELECT 1 FROM queue AS other
            WHERE other.ticket = mine.ticket AND other.id < mine.id
            AND other.state IN ('waiting', 'sending')
        );
CREATE INDEX queue_ticket ON queue (ticket);
CREATE INDEX queue_due ON queue (state, due, id, event);
CREATE INDEX queue_network ON queue (id) WHERE network;
CREATE INDEX sale_state ON sale (state, event);
CREATE UNIQUE INDEX taking_of_sale ON taking (sale, kind)
        WHERE kind IN ('sale', 'reversal')
        ;
CREATE UNIQUE INDEX taking_of_order ON taking ("order") WHERE kind = 'refund';
CREATE TRIGGER taking_keeps_what_it_says BEFORE UPDATE ON taking
        BEGIN SELECT RAISE(ABORT, 'takings are append-only'); END;
CREATE TRIGGER taking_keeps_its_rows BEFORE DELETE ON taking
        BEGIN SELECT RAISE(ABORT, 'takings are append-only'); END;
CREATE TRIGGER taking_takes_no_replacement BEFORE INSERT ON taking
        WHEN EXISTS (SELECT 1 FROM taking WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'takings are append-only'); END;
CREATE UNIQUE INDEX shift_open ON shift (lane) WHERE closed IS NULL;
CREATE INDEX journal_undone ON journal (ticket, id)
        WHERE kind = 'undo' AND confirmed IS 1
        ;
COMMIT;
PRAGMA application_id = 1651472490;
PRAGMA user_version = 5;
