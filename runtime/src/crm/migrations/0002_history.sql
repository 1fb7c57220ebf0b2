-- What an import changed, when a field was observed, and what was decided.

-- Rows as they were before an import first changed them; what an import created carries its number.
CREATE TABLE import_change (
  import_id INTEGER NOT NULL REFERENCES import (id),
  entity    TEXT NOT NULL,
  record    INTEGER NOT NULL,
  before    TEXT NOT NULL CONSTRAINT "a row before is an object" CHECK (json_valid(before) AND json_type(before) = 'object'),
  PRIMARY KEY (import_id, entity, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX import_change_record ON import_change (entity, record);

-- Only of fields that a playbook asks freshness of.
CREATE TABLE field_observation (
  entity      TEXT NOT NULL,
  column_name TEXT NOT NULL,
  record      INTEGER NOT NULL,
  import_id   INTEGER NOT NULL REFERENCES import (id),
  at          INTEGER NOT NULL,
  PRIMARY KEY (entity, column_name, record, import_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE decision (
  id         INTEGER PRIMARY KEY,
  score      TEXT NOT NULL,
  contact_id INTEGER NOT NULL REFERENCES contact (id),
  label      TEXT NOT NULL,
  at         INTEGER NOT NULL
) STRICT;
CREATE INDEX decision_score ON decision (score);
CREATE INDEX decision_contact ON decision (contact_id);
