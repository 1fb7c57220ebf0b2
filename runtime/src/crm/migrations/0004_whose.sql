-- Whose records these are.

-- From the first time that a playbook which names its client writes here.
ALTER TABLE client ADD COLUMN name TEXT CONSTRAINT "a client has a name" CHECK (name <> '');
