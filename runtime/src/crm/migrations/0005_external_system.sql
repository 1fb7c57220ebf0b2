-- Whose numbers external ids are: HubSpot's 17 is not Pipedrive's 17.
--
-- A source belongs to the system before the dot in its name, hubspot.contacts to hubspot; one without a dot to '', the client's own.

ALTER TABLE user     ADD COLUMN external_system TEXT NOT NULL DEFAULT '';
ALTER TABLE company  ADD COLUMN external_system TEXT NOT NULL DEFAULT '';
ALTER TABLE contact  ADD COLUMN external_system TEXT NOT NULL DEFAULT '';
ALTER TABLE deal     ADD COLUMN external_system TEXT NOT NULL DEFAULT '';
ALTER TABLE activity ADD COLUMN external_system TEXT NOT NULL DEFAULT '';
ALTER TABLE task     ADD COLUMN external_system TEXT NOT NULL DEFAULT '';
ALTER TABLE event    ADD COLUMN external_system TEXT NOT NULL DEFAULT '';

-- Which import gave a record its external id: the last one before which it had another or none, or else the one that made it.
CREATE TEMP VIEW given (import_id, system) AS
  SELECT id, iif(instr(source, '.') > 0, substr(source, 1, instr(source, '.') - 1), '') FROM main.import;
CREATE TEMP VIEW had (entity, record, import_id, external_id) AS
  SELECT entity, record, import_id, json_extract(before, '$.external_id') FROM main.import_change;

UPDATE import_change SET before = json_set(before, '$.external_system', ifnull((
  SELECT system FROM temp.given AS g WHERE g.import_id = coalesce(
    (SELECT max(h.import_id) FROM temp.had AS h
     WHERE h.entity = import_change.entity AND h.record = import_change.record AND h.import_id < import_change.import_id
       AND h.external_id IS NOT json_extract(import_change.before, '$.external_id')),
    json_extract(import_change.before, '$.import_id'))
  AND json_extract(import_change.before, '$.external_id') IS NOT NULL
), ''));

UPDATE "user" SET external_system = ifnull((SELECT system FROM temp.given AS g WHERE g.import_id = coalesce(
  (SELECT max(h.import_id) FROM temp.had AS h
   WHERE h.entity = 'user' AND h.record = "user".id AND h.external_id IS NOT "user".external_id),
  "user".import_id)), '') WHERE external_id IS NOT NULL;
UPDATE "company" SET external_system = ifnull((SELECT system FROM temp.given AS g WHERE g.import_id = coalesce(
  (SELECT max(h.import_id) FROM temp.had AS h
   WHERE h.entity = 'company' AND h.record = "company".id AND h.external_id IS NOT "company".external_id),
  "company".import_id)), '') WHERE external_id IS NOT NULL;
UPDATE "contact" SET external_system = ifnull((SELECT system FROM temp.given AS g WHERE g.import_id = coalesce(
  (SELECT max(h.import_id) FROM temp.had AS h
   WHERE h.entity = 'contact' AND h.record = "contact".id AND h.external_id IS NOT "contact".external_id),
  "contact".import_id)), '') WHERE external_id IS NOT NULL;
UPDATE "deal" SET external_system = ifnull((SELECT system FROM temp.given AS g WHERE g.import_id = coalesce(
  (SELECT max(h.import_id) FROM temp.had AS h
   WHERE h.entity = 'deal' AND h.record = "deal".id AND h.external_id IS NOT "deal".external_id),
  "deal".import_id)), '') WHERE external_id IS NOT NULL;
UPDATE "activity" SET external_system = ifnull((SELECT system FROM temp.given AS g WHERE g.import_id = coalesce(
  (SELECT max(h.import_id) FROM temp.had AS h
   WHERE h.entity = 'activity' AND h.record = "activity".id AND h.external_id IS NOT "activity".external_id),
  "activity".import_id)), '') WHERE external_id IS NOT NULL;
UPDATE "task" SET external_system = ifnull((SELECT system FROM temp.given AS g WHERE g.import_id = coalesce(
  (SELECT max(h.import_id) FROM temp.had AS h
   WHERE h.entity = 'task' AND h.record = "task".id AND h.external_id IS NOT "task".external_id),
  "task".import_id)), '') WHERE external_id IS NOT NULL;

UPDATE event SET external_system = ifnull((SELECT system FROM temp.given AS g WHERE g.import_id = event.import_id), '')
  WHERE external_id IS NOT NULL;

DROP VIEW temp.had;
DROP VIEW temp.given;

-- Imports make the others again, over both columns.
DROP INDEX IF EXISTS user_external_id_key;
DROP INDEX IF EXISTS company_external_id_key;
DROP INDEX IF EXISTS contact_external_id_key;
DROP INDEX IF EXISTS deal_external_id_key;
DROP INDEX IF EXISTS activity_external_id_key;
DROP INDEX IF EXISTS task_external_id_key;
DROP INDEX event_external;
CREATE UNIQUE INDEX event_external ON event (kind, external_id, external_system) WHERE external_id IS NOT NULL;
