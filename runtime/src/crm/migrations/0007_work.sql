-- What waits for people, agents, channels and time; whom nobody may write to.

CREATE TABLE question (
  number     INTEGER PRIMARY KEY REFERENCES log (number),
  run        INTEGER REFERENCES run (number),
  entity     TEXT,
  record     INTEGER,
  about      TEXT NOT NULL CONSTRAINT "what a question is about is JSON" CHECK (json_valid(about)),
  whom       TEXT,
  options    TEXT NOT NULL CONSTRAINT "options are a list" CHECK (json_valid(options) AND json_type(options) = 'array'),
  words      TEXT NOT NULL,
  notes      TEXT NOT NULL CONSTRAINT "notes are a list" CHECK (json_valid(notes) AND json_type(notes) = 'array'),
  asked      INTEGER NOT NULL,
  due        INTEGER,
  remind     INTEGER,
  reminded   INTEGER NOT NULL DEFAULT 0,
  settled    INTEGER REFERENCES log (number),
  settled_at INTEGER,
  how        TEXT CONSTRAINT "a question is approved, changed, rejected or expired"
             CHECK (how IN ('approved', 'changed', 'rejected', 'expired')),
  who        TEXT,
  CONSTRAINT "a case has entity and record" CHECK ((entity IS NULL) = (record IS NULL)),
  CONSTRAINT "what is settled was settled at some time" CHECK ((settled IS NULL) = (settled_at IS NULL)),
  CONSTRAINT "an open question has no answer" CHECK (settled IS NOT NULL OR (how IS NULL AND who IS NULL)),
  CONSTRAINT "a settled question is not reminded of" CHECK (settled IS NULL OR remind IS NULL)
) STRICT;
CREATE INDEX question_open ON question (asked) WHERE settled IS NULL;
CREATE INDEX question_case ON question (entity, record) WHERE entity IS NOT NULL;

CREATE TABLE message (
  number   INTEGER PRIMARY KEY REFERENCES log (number),
  run      INTEGER NOT NULL REFERENCES run (number),
  channel  TEXT NOT NULL,
  template TEXT NOT NULL,
  hash     TEXT NOT NULL CONSTRAINT "a message has a hash" CHECK (hash <> ''),
  version  INTEGER NOT NULL CONSTRAINT "versions are counted from 1" CHECK (version > 0),
  -- The entry under whose number the text as it stands is sealed.
  text     INTEGER NOT NULL REFERENCES log (number),
  sent     INTEGER REFERENCES log (number)
) STRICT;
CREATE INDEX message_run ON message (run);

CREATE TABLE outbox (
  number     INTEGER PRIMARY KEY REFERENCES log (number),
  kind       TEXT NOT NULL CONSTRAINT "what leaves is work or a send" CHECK (kind IN ('work', 'send')),
  run        INTEGER NOT NULL REFERENCES run (number),
  entity     TEXT NOT NULL,
  record     INTEGER NOT NULL,
  agent      TEXT NOT NULL,
  channel    TEXT,
  message    INTEGER REFERENCES message (number),
  -- Where somebody is asked to take a handoff.
  offer      INTEGER REFERENCES log (number),
  state      TEXT NOT NULL CONSTRAINT "an effect waits, is claimed, done, dead, uncertain or void"
             CHECK (state IN ('waiting', 'claimed', 'done', 'dead', 'uncertain', 'void')),
  -- From when on somebody may take it: it is due, or whoever claimed it is taken for dead.
  ready      INTEGER,
  holder     TEXT,
  attempts   INTEGER NOT NULL DEFAULT 0,
  last_error TEXT,
  CONSTRAINT "a send has a message and a channel" CHECK (kind = 'work' OR (message IS NOT NULL AND channel IS NOT NULL)),
  CONSTRAINT "work has no message" CHECK (kind = 'send' OR message IS NULL),
  CONSTRAINT "what is open can be taken at some time" CHECK ((state IN ('waiting', 'claimed')) = (ready IS NOT NULL)),
  CONSTRAINT "what is claimed has a holder" CHECK ((state = 'claimed') = (holder IS NOT NULL)),
  CONSTRAINT "what failed has an error" CHECK (state NOT IN ('dead', 'uncertain') OR last_error IS NOT NULL)
) STRICT;
CREATE INDEX outbox_ready ON outbox (ready, number) WHERE ready IS NOT NULL;
CREATE INDEX outbox_failed ON outbox (number) WHERE state IN ('dead', 'uncertain');
CREATE INDEX outbox_case ON outbox (entity, record);
CREATE INDEX outbox_open ON outbox (run) WHERE ready IS NOT NULL;
CREATE INDEX outbox_offer ON outbox (offer) WHERE offer IS NOT NULL;

-- Which agent works on a record; over when its time passes.
CREATE TABLE lease (
  entity TEXT NOT NULL,
  record INTEGER NOT NULL,
  agent  TEXT NOT NULL,
  holder TEXT NOT NULL,
  until  INTEGER NOT NULL,
  PRIMARY KEY (entity, record)
) STRICT, WITHOUT ROWID;

CREATE TABLE schedule (
  workflow TEXT NOT NULL,
  start    INTEGER NOT NULL,
  slot     INTEGER NOT NULL,
  PRIMARY KEY (workflow, start)
) STRICT, WITHOUT ROWID;

-- Up to which row something has been looked at.
CREATE TABLE cursor (
  name TEXT PRIMARY KEY,
  seen INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What is paused: `agent LeadGen`, `workflow LeadGeneration`, `everything`.
CREATE TABLE switch (
  what  TEXT PRIMARY KEY,
  entry INTEGER NOT NULL REFERENCES log (number),
  at    INTEGER NOT NULL,
  who   TEXT NOT NULL,
  why   TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE consent (
  id           INTEGER PRIMARY KEY,
  contact_id   INTEGER NOT NULL REFERENCES contact (id),
  channel      TEXT NOT NULL CONSTRAINT "consent is for a channel" CHECK (channel <> ''),
  basis        TEXT NOT NULL CONSTRAINT "consent has a basis" CHECK (basis <> ''),
  -- None once the person was erased.
  proof        TEXT,
  given_at     INTEGER NOT NULL,
  withdrawn_at INTEGER CONSTRAINT "consent is withdrawn after it was given" CHECK (withdrawn_at >= given_at)
) STRICT;
CREATE INDEX consent_contact ON consent (contact_id);

-- One row: what addresses are hashed with, so that nobody can try them out without this file.
CREATE TABLE suppression_salt (
  only INTEGER PRIMARY KEY CONSTRAINT "there is one row" CHECK (only = 1),
  salt BLOB NOT NULL CONSTRAINT "a salt has 32 bytes" CHECK (length(salt) = 32)
) STRICT;

-- Addresses that nobody may write to, as salted hashes: they outlive the person's data.
CREATE TABLE suppression (
  hash   BLOB NOT NULL CONSTRAINT "a hash has 32 bytes" CHECK (length(hash) = 32),
  -- `email`; `*` for each of them.
  channel TEXT NOT NULL CONSTRAINT "suppression is for a channel" CHECK (channel <> ''),
  reason TEXT NOT NULL,
  at     INTEGER NOT NULL,
  PRIMARY KEY (hash, channel)
) STRICT, WITHOUT ROWID;
