-- What the engine decided and did, once and for all; and what follows from it, kept ready to be asked.

-- Append-only and hash-chained: runtime/src/crm/log/chain.rs says over which bytes. Entries hold no personal data.
CREATE TABLE log (
  number   INTEGER PRIMARY KEY,
  at       INTEGER NOT NULL,
  -- What the clock said, where it had been set back; `at` is then that of the entry before.
  clock    INTEGER CONSTRAINT "a clock that was set back said less" CHECK (clock < at),
  entity   TEXT,
  record   INTEGER,
  entry    TEXT NOT NULL CONSTRAINT "an entry is an object" CHECK (json_valid(entry) AND json_type(entry) = 'object'),
  seal     BLOB CONSTRAINT "a seal's hash has 32 bytes" CHECK (length(seal) = 32),
  previous BLOB NOT NULL CONSTRAINT "the hash before has 32 bytes" CHECK (length(previous) = 32),
  hash     BLOB NOT NULL CONSTRAINT "a hash has 32 bytes" CHECK (length(hash) = 32),
  CONSTRAINT "a case has entity and record" CHECK ((entity IS NULL) = (record IS NULL))
) STRICT;
CREATE INDEX log_case ON log (entity, record) WHERE entity IS NOT NULL;

CREATE TRIGGER log_is_consecutive BEFORE INSERT ON log
WHEN NEW.number IS NOT (SELECT ifnull(max(number), 0) + 1 FROM log)
BEGIN SELECT RAISE(ABORT, 'the log has no gaps, and nothing in it is replaced'); END;
CREATE TRIGGER log_is_not_changed BEFORE UPDATE ON log
BEGIN SELECT RAISE(ABORT, 'the log is not changed'); END;
CREATE TRIGGER log_is_not_shortened BEFORE DELETE ON log
BEGIN SELECT RAISE(ABORT, 'nothing is taken from the log'); END;

-- One row: the last entry, so that its loss is noticed too.
CREATE TABLE log_head (
  only   INTEGER PRIMARY KEY CONSTRAINT "there is one row" CHECK (only = 1),
  number INTEGER NOT NULL,
  at     INTEGER NOT NULL,
  hash   BLOB NOT NULL CONSTRAINT "a hash has 32 bytes" CHECK (length(hash) = 32)
) STRICT;
INSERT INTO log_head (only, number, at, hash) VALUES (1, 0, -377705023201000000, zeroblob(32));

-- What an entry says of a person. Erasing takes the row; the log keeps its salted hash.
CREATE TABLE seal (
  number INTEGER PRIMARY KEY REFERENCES log (number),
  salt   BLOB NOT NULL CONSTRAINT "a salt has 32 bytes" CHECK (length(salt) = 32),
  body   TEXT NOT NULL
) STRICT;
CREATE TRIGGER seal_is_not_changed BEFORE UPDATE ON seal
BEGIN SELECT RAISE(ABORT, 'what is sealed is not changed'); END;

-- The fold of a case's entries.
CREATE TABLE case_file (
  entity   TEXT NOT NULL,
  record   INTEGER NOT NULL,
  revision INTEGER NOT NULL CONSTRAINT "revisions are counted from 1" CHECK (revision > 0),
  paused   INTEGER NOT NULL CONSTRAINT "paused is yes or no" CHECK (paused IN (0, 1)),
  wake_at  INTEGER,
  body     TEXT NOT NULL,
  PRIMARY KEY (entity, record)
) STRICT;
CREATE INDEX case_wake ON case_file (wake_at, entity, record) WHERE wake_at IS NOT NULL;

CREATE TABLE run (
  number      INTEGER PRIMARY KEY REFERENCES log (number),
  workflow    TEXT NOT NULL,
  entity      TEXT NOT NULL,
  record      INTEGER NOT NULL,
  case_entity TEXT NOT NULL,
  case_record INTEGER NOT NULL,
  "trigger"   TEXT NOT NULL CONSTRAINT "a run has a trigger" CHECK ("trigger" <> ''),
  version     TEXT NOT NULL,
  stage       TEXT,
  entered     INTEGER,
  paused      TEXT,
  ended       INTEGER,
  outcome     TEXT,
  CONSTRAINT "a stage was entered at some time" CHECK ((stage IS NULL) = (entered IS NULL)),
  CONSTRAINT "a run that ended has an outcome" CHECK ((ended IS NULL) = (outcome IS NULL))
) STRICT;
CREATE UNIQUE INDEX run_starts_once ON run (workflow, "trigger", entity, record);
CREATE UNIQUE INDEX run_is_alone ON run (workflow, entity, record) WHERE ended IS NULL;
CREATE INDEX run_case ON run (case_entity, case_record);

-- One row a transition.
CREATE TABLE metric (
  number     INTEGER PRIMARY KEY REFERENCES log (number),
  run        INTEGER NOT NULL,
  workflow   TEXT NOT NULL,
  from_stage TEXT,
  to_stage   TEXT NOT NULL,
  agent      TEXT NOT NULL,
  entered    INTEGER,
  left       INTEGER NOT NULL,
  seconds    INTEGER NOT NULL CONSTRAINT "no stage takes less than no time" CHECK (seconds >= 0),
  week       TEXT NOT NULL CONSTRAINT "a week is written as 2026-W48" CHECK (week GLOB '[0-9][0-9][0-9][0-9]-W[0-9][0-9]'),
  CONSTRAINT "a stage that was left was entered before" CHECK ((from_stage IS NULL) = (entered IS NULL) AND ifnull(entered <= left, 1))
) STRICT;

-- What is new since a cursor.
CREATE UNIQUE INDEX event_number ON event (id);
