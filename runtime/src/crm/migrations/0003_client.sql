-- What amounts are in, and how many rows an import read.

-- One row, from the first time that a playbook is opened with the CRM.
CREATE TABLE client (
  only     INTEGER PRIMARY KEY CONSTRAINT "there is one row" CHECK (only = 1),
  currency TEXT NOT NULL
) STRICT;

-- Older imports did not note it; rows that were left out or repeated are not in the sum.
ALTER TABLE import ADD COLUMN rows INTEGER NOT NULL DEFAULT 0;
UPDATE import SET rows = created + updated + unchanged + rejected;
