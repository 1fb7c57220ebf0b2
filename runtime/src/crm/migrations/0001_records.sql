-- Records and what happens to them. Standard columns are those of stdlib/crm.playbook; a test compares the two.
-- A constraint's name is what a reader is told when a row breaks it.

CREATE TABLE import (
  id        INTEGER PRIMARY KEY,
  source    TEXT NOT NULL,
  file      TEXT NOT NULL,
  file_hash TEXT NOT NULL CONSTRAINT "a file's hash has 64 digits" CHECK (length(file_hash) = 64),
  started   INTEGER NOT NULL,
  finished  INTEGER,
  created   INTEGER NOT NULL DEFAULT 0,
  updated   INTEGER NOT NULL DEFAULT 0,
  unchanged INTEGER NOT NULL DEFAULT 0,
  rejected  INTEGER NOT NULL DEFAULT 0,
  dangling  INTEGER NOT NULL DEFAULT 0,
  undone_at INTEGER
) STRICT;

CREATE TABLE user (
  id          INTEGER PRIMARY KEY,
  import_id   INTEGER REFERENCES import (id),
  external_id TEXT,
  name        TEXT,
  first_name  TEXT,
  last_name   TEXT,
  email       TEXT CONSTRAINT "an e-mail address is in lower case" CHECK (email = lower(email)),
  active      INTEGER CONSTRAINT "active is yes or no" CHECK (active IN (0, 1)),
  created     INTEGER,
  updated     INTEGER
) STRICT;

CREATE TABLE company (
  id             INTEGER PRIMARY KEY,
  import_id      INTEGER REFERENCES import (id),
  external_id    TEXT,
  name           TEXT,
  domain         TEXT CONSTRAINT "a domain is in lower case" CHECK (domain = lower(domain)),
  website        TEXT,
  -- Its words are the standard library's to extend, so the column does not list them.
  industry       TEXT,
  employees      ANY CONSTRAINT "employees is a number" CHECK (typeof(employees) IN ('integer', 'real', 'null')),
  annual_revenue TEXT CONSTRAINT "annual_revenue is money" CHECK (annual_revenue NOT GLOB '*[^0-9.-]*'),
  phone          TEXT,
  street         TEXT,
  city           TEXT,
  region         TEXT,
  postal_code    TEXT,
  country        TEXT,
  linkedin       TEXT,
  description    TEXT,
  owner_id       INTEGER REFERENCES user (id),
  created        INTEGER,
  updated        INTEGER
) STRICT;

CREATE TABLE contact (
  id              INTEGER PRIMARY KEY,
  import_id       INTEGER REFERENCES import (id),
  external_id     TEXT,
  first_name      TEXT,
  last_name       TEXT,
  email           TEXT CONSTRAINT "an e-mail address is in lower case" CHECK (email = lower(email)),
  phone           TEXT,
  mobile          TEXT,
  job_title       TEXT,
  department      TEXT,
  street          TEXT,
  city            TEXT,
  region          TEXT,
  postal_code     TEXT,
  country         TEXT,
  timezone        TEXT,
  linkedin        TEXT,
  lifecycle_stage TEXT,
  lead_status     TEXT,
  lead_source     TEXT,
  description     TEXT,
  owner_id        INTEGER REFERENCES user (id),
  company_id      INTEGER REFERENCES company (id),
  consent_email   INTEGER CONSTRAINT "consent.email is yes or no" CHECK (consent_email IN (0, 1)),
  consent_phone   INTEGER CONSTRAINT "consent.phone is yes or no" CHECK (consent_phone IN (0, 1)),
  consent_sms     INTEGER CONSTRAINT "consent.sms is yes or no" CHECK (consent_sms IN (0, 1)),
  needs_stated    TEXT CONSTRAINT "needs.stated is a list"
                  CHECK (json_valid(needs_stated) AND json_type(needs_stated) = 'array'),
  needs_actual    TEXT CONSTRAINT "needs.actual is a list"
                  CHECK (json_valid(needs_actual) AND json_type(needs_actual) = 'array'),
  objections_open TEXT CONSTRAINT "objections.open is a list"
                  CHECK (json_valid(objections_open) AND json_type(objections_open) = 'array'),
  last_activity   INTEGER,
  created         INTEGER,
  updated         INTEGER
) STRICT;
CREATE INDEX contact_company ON contact (company_id) WHERE company_id IS NOT NULL;

CREATE TABLE deal (
  id          INTEGER PRIMARY KEY,
  import_id   INTEGER REFERENCES import (id),
  external_id TEXT,
  name        TEXT,
  pipeline    TEXT,
  stage       TEXT,
  status      TEXT CONSTRAINT "a deal is open, won or lost" CHECK (status IN ('open', 'won', 'lost')),
  value       TEXT CONSTRAINT "a deal's value is money" CHECK (value NOT GLOB '*[^0-9.-]*'),
  probability ANY CONSTRAINT "a deal's probability is from 0 to 100"
              CHECK (probability IS NULL OR (typeof(probability) IN ('integer', 'real') AND probability BETWEEN 0 AND 100)),
  close_date  TEXT CONSTRAINT "close_date is a date" CHECK (close_date IS date(close_date)),
  won_date    TEXT CONSTRAINT "won_date is a date" CHECK (won_date IS date(won_date)),
  lost_date   TEXT CONSTRAINT "lost_date is a date" CHECK (lost_date IS date(lost_date)),
  lost_reason TEXT,
  next_step   TEXT,
  description TEXT,
  contact_id  INTEGER REFERENCES contact (id),
  company_id  INTEGER REFERENCES company (id),
  owner_id    INTEGER REFERENCES user (id),
  created     INTEGER,
  updated     INTEGER,
  CONSTRAINT "a deal is won or lost, not both" CHECK (
    NOT (won_date IS NOT NULL AND lost_date IS NOT NULL)
    AND NOT (status IS 'won' AND lost_date IS NOT NULL)
    AND NOT (status IS 'lost' AND won_date IS NOT NULL)
  )
) STRICT;
CREATE INDEX deal_contact ON deal (contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX deal_company ON deal (company_id) WHERE company_id IS NOT NULL;

CREATE TABLE activity (
  id          INTEGER PRIMARY KEY,
  import_id   INTEGER REFERENCES import (id),
  external_id TEXT,
  kind        TEXT NOT NULL CONSTRAINT "an activity is an email, call, meeting, note, message or task"
              CHECK (kind IN ('email', 'call', 'meeting', 'note', 'message', 'task')),
  direction   TEXT CONSTRAINT "an activity's direction is inbound or outbound" CHECK (direction IN ('inbound', 'outbound')),
  subject     TEXT,
  body        TEXT,
  at          INTEGER NOT NULL,
  contact_id  INTEGER REFERENCES contact (id),
  company_id  INTEGER REFERENCES company (id),
  deal_id     INTEGER REFERENCES deal (id),
  owner_id    INTEGER REFERENCES user (id),
  created     INTEGER,
  updated     INTEGER
) STRICT;
CREATE INDEX activity_contact ON activity (contact_id, at) WHERE contact_id IS NOT NULL;
CREATE INDEX activity_company ON activity (company_id) WHERE company_id IS NOT NULL;
CREATE INDEX activity_deal ON activity (deal_id) WHERE deal_id IS NOT NULL;

CREATE TABLE task (
  id             INTEGER PRIMARY KEY,
  import_id      INTEGER REFERENCES import (id),
  external_id    TEXT,
  title          TEXT,
  description    TEXT,
  status         TEXT CONSTRAINT "a task is in the backlog, to do, in progress, done or canceled"
                 CHECK (status IN ('backlog', 'to_do', 'in_progress', 'done', 'canceled')),
  priority       TEXT CONSTRAINT "a task's priority is low, medium or high" CHECK (priority IN ('low', 'medium', 'high')),
  due            INTEGER,
  assigned_to_id INTEGER REFERENCES user (id),
  contact_id     INTEGER REFERENCES contact (id),
  company_id     INTEGER REFERENCES company (id),
  deal_id        INTEGER REFERENCES deal (id),
  created        INTEGER,
  updated        INTEGER
) STRICT;
CREATE INDEX task_contact ON task (contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX task_company ON task (company_id) WHERE company_id IS NOT NULL;
CREATE INDEX task_deal ON task (deal_id) WHERE deal_id IS NOT NULL;

CREATE TABLE event_kind (
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

-- Stored in the order in which it is scored: one contact after the other, each from the oldest to the newest.
CREATE TABLE event (
  contact_id  INTEGER NOT NULL REFERENCES contact (id),
  at          INTEGER NOT NULL,
  id          INTEGER NOT NULL,
  kind        INTEGER NOT NULL REFERENCES event_kind (id),
  facts       TEXT CONSTRAINT "an event's facts are an object" CHECK (json_valid(facts) AND json_type(facts) = 'object'),
  external_id TEXT,
  import_id   INTEGER REFERENCES import (id),
  PRIMARY KEY (contact_id, at, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX event_external ON event (kind, external_id) WHERE external_id IS NOT NULL;

-- One row: what the next event is called.
CREATE TABLE next_event (
  only INTEGER PRIMARY KEY CONSTRAINT "there is one row" CHECK (only = 1),
  id   INTEGER NOT NULL
) STRICT;
INSERT INTO next_event (only, id) VALUES (1, 1);

-- The client's own columns, and what they were declared as.
CREATE TABLE extension (
  entity      TEXT NOT NULL,
  column_name TEXT NOT NULL,
  field       TEXT NOT NULL,
  type        TEXT NOT NULL,
  PRIMARY KEY (entity, column_name)
) STRICT, WITHOUT ROWID;
