-- What ports were paid: a row for each entry that says so, so that what was spent on a day is known without reading the log.
CREATE TABLE spend (
  number INTEGER PRIMARY KEY REFERENCES log (number),
  at     INTEGER NOT NULL,
  agent  TEXT NOT NULL,
  action TEXT NOT NULL,
  -- A decimal number in the client's currency, to the last digit.
  amount TEXT NOT NULL CONSTRAINT "what was spent is an amount" CHECK (amount GLOB '[0-9]*' AND amount NOT GLOB '*[^0-9.]*')
) STRICT;
CREATE INDEX spend_at ON spend (at);
