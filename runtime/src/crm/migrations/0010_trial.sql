-- Who got which arm of an experiment: a row for each entry that says so, and when they were reached by it.
CREATE TABLE trial (
  number     INTEGER PRIMARY KEY REFERENCES log (number),
  run        INTEGER NOT NULL REFERENCES run (number),
  experiment TEXT NOT NULL CONSTRAINT "an experiment has a name" CHECK (experiment <> ''),
  arm        TEXT NOT NULL,
  why        TEXT NOT NULL CONSTRAINT "an arm is drawn by lot, learned, or what it came to"
             CHECK (why IN ('held_out', 'lot', 'learned', 'settled')),
  entity     TEXT NOT NULL,
  record     INTEGER NOT NULL,
  -- When the message went out, or what else begins a trial began; none until then.
  began      INTEGER
) STRICT;
CREATE INDEX trial_experiment ON trial (experiment);
CREATE INDEX trial_to_begin ON trial (entity, record) WHERE began IS NULL;
