-- Moments are microseconds since 1970-01-01 in UTC. A column `id` that is not said to be something else is the number of the
-- inbox in its upper 24 bits and a position within the inbox in the lower 40: one integer is the whole key of the row, and the
-- rows of an inbox lie together. A column `customer` is such an id, too, of the number in the name `c17`.

-- waiting: the digest of the rules that wait to be accepted.
CREATE TABLE inboxes (
  inbox       INTEGER PRIMARY KEY,
  name        TEXT    NOT NULL UNIQUE,
  seq         INTEGER NOT NULL DEFAULT 0,
  stamp       INTEGER NOT NULL DEFAULT 0,
  unlogged    INTEGER NOT NULL DEFAULT 0,
  rules       TEXT,
  rules_since INTEGER,
  waiting     TEXT,
  differences INTEGER,
  notices     INTEGER NOT NULL DEFAULT 0
) STRICT;

-- customer, rule and message are set in the entries of messages, customer also in those of names. rule and message are the first 8 bytes of the SHA-256 of the name.
CREATE TABLE events (
  id       INTEGER PRIMARY KEY,
  at       INTEGER NOT NULL,
  customer INTEGER,
  rule     INTEGER,
  message  INTEGER,
  body     TEXT    NOT NULL,
  routed   TEXT
) STRICT;
CREATE INDEX events_customer ON events (customer) WHERE customer IS NOT NULL;
CREATE INDEX events_rule     ON events (rule)     WHERE rule IS NOT NULL;
CREATE INDEX events_message  ON events (message)  WHERE message IS NOT NULL;

-- The customer of a text is the one of its entry in the log.
CREATE TABLE texts (
  id    INTEGER PRIMARY KEY,
  text  TEXT,
  facts TEXT NOT NULL
) STRICT;

-- The day comes first, so that what is too old is one piece.
CREATE TABLE messages (
  day   INTEGER NOT NULL,
  inbox INTEGER NOT NULL,
  hash  BLOB    NOT NULL,
  seq   INTEGER NOT NULL,
  held  INTEGER NOT NULL,
  PRIMARY KEY (day, inbox, hash)
) STRICT, WITHOUT ROWID;

-- names is a JSON array: the rows of `names` in their order.
CREATE TABLE customers (
  id         INTEGER PRIMARY KEY,
  names      TEXT    NOT NULL,
  name       TEXT,
  language   TEXT,
  country    TEXT,
  tags       TEXT,
  attributes TEXT,
  owner      TEXT,
  is_returning INTEGER NOT NULL,
  first_at   INTEGER,
  last_at    INTEGER
) STRICT;
CREATE TABLE names (
  inbox    INTEGER NOT NULL,
  name     TEXT    NOT NULL,
  customer INTEGER NOT NULL,
  PRIMARY KEY (inbox, name)
) STRICT, WITHOUT ROWID;

-- Customers who were merged into another, who is never one of these.
CREATE TABLE former_customers (
  id       INTEGER PRIMARY KEY,
  customer INTEGER NOT NULL
) STRICT;
CREATE INDEX former_customers_customer ON former_customers (customer);

-- Open chats. rank: 0 for the most urgent. since: when the chat last began to wait, kept when a user has it, so that a list of those that wait can go on after it.
CREATE TABLE chats (
  id        INTEGER PRIMARY KEY,
  customer  INTEGER NOT NULL,
  number    TEXT    NOT NULL,
  inbox     INTEGER NOT NULL,
  user      TEXT,
  grp       TEXT,
  rank      INTEGER NOT NULL,
  since     INTEGER NOT NULL,
  by_caller INTEGER NOT NULL,
  resume_at INTEGER,
  body      TEXT    NOT NULL
) STRICT;
CREATE INDEX chats_customer ON chats (customer);
CREATE INDEX chats_user     ON chats (inbox, user)            WHERE user IS NOT NULL;
CREATE INDEX chats_waiting  ON chats (inbox, rank, since, id) WHERE user IS NULL;

-- rank, since: the place that the chat had among those that wait.
CREATE TABLE closed_chats (
  id        INTEGER PRIMARY KEY,
  customer  INTEGER NOT NULL,
  number    TEXT    NOT NULL,
  by_caller INTEGER NOT NULL,
  closed_at INTEGER NOT NULL,
  resume_at INTEGER,
  body      TEXT    NOT NULL,
  rank      INTEGER,
  since     INTEGER
) STRICT;
CREATE INDEX closed_chats_customer ON closed_chats (customer);

CREATE TABLE users (
  inbox    INTEGER NOT NULL,
  user     TEXT    NOT NULL,
  presence TEXT    NOT NULL,
  until    INTEGER,
  chats    INTEGER NOT NULL,
  last_at  INTEGER,
  capacity INTEGER,
  PRIMARY KEY (inbox, user)
) STRICT, WITHOUT ROWID;

CREATE TABLE turns (
  inbox INTEGER NOT NULL,
  grp   TEXT    NOT NULL,
  user  TEXT    NOT NULL,
  PRIMARY KEY (inbox, grp)
) STRICT, WITHOUT ROWID;

CREATE TABLE once (
  customer INTEGER NOT NULL,
  key      TEXT    NOT NULL,
  at       INTEGER NOT NULL,
  PRIMARY KEY (customer, key)
) STRICT, WITHOUT ROWID;

-- subject: the chat's number, the user's name, or the hash of a held message.
CREATE TABLE timers (
  inbox    INTEGER NOT NULL,
  subject  ANY     NOT NULL,
  kind     INTEGER NOT NULL,
  seq      INTEGER NOT NULL,
  position INTEGER NOT NULL,
  due      INTEGER NOT NULL,
  body     TEXT    NOT NULL,
  PRIMARY KEY (inbox, subject, kind, seq, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX timers_due ON timers (inbox, due);

-- id counts all replies of the store. settled: nothing is to be sent any more. first: the first of its customer and number that
-- is not settled.
CREATE TABLE outbox (
  id        INTEGER PRIMARY KEY,
  inbox     INTEGER NOT NULL,
  number    TEXT    NOT NULL,
  customer  INTEGER NOT NULL,
  settled   INTEGER NOT NULL,
  first     INTEGER NOT NULL,
  state     INTEGER NOT NULL,
  chat      INTEGER,
  seq       INTEGER,
  caller_id TEXT,
  recipient TEXT    NOT NULL,
  text      TEXT    NOT NULL,
  due       INTEGER NOT NULL,
  lease     INTEGER,
  tries     INTEGER NOT NULL,
  wamid     TEXT,
  code      INTEGER,
  expires   INTEGER NOT NULL,
  at        INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_first    ON outbox (inbox, number, due)    WHERE first = 1;
CREATE INDEX outbox_customer ON outbox (customer, number, settled);
CREATE INDEX outbox_state    ON outbox (inbox, state);
CREATE INDEX outbox_seq      ON outbox (inbox, seq)             WHERE seq IS NOT NULL;
CREATE INDEX outbox_wamid    ON outbox (inbox, wamid)           WHERE wamid IS NOT NULL;
CREATE INDEX outbox_caller   ON outbox (inbox, chat, caller_id) WHERE caller_id IS NOT NULL;

-- How many replies are in each state, and the id of the last one in the row of inbox 0.
CREATE TABLE outbox_counts (
  inbox INTEGER NOT NULL,
  state INTEGER NOT NULL,
  n     INTEGER NOT NULL,
  PRIMARY KEY (inbox, state)
) STRICT, WITHOUT ROWID;

CREATE TABLE notices (
  id       INTEGER PRIMARY KEY,
  at       INTEGER NOT NULL,
  kind     TEXT    NOT NULL,
  number   TEXT,
  customer INTEGER,
  body     TEXT    NOT NULL
) STRICT;
CREATE INDEX notices_customer ON notices (customer) WHERE customer IS NOT NULL;

-- seq: the greatest is that of the set that became active last; NULL: it never was, and waits to be accepted.
CREATE TABLE rule_sets (
  inbox  INTEGER NOT NULL,
  digest TEXT    NOT NULL,
  files  TEXT    NOT NULL,
  at     INTEGER NOT NULL,
  source TEXT    NOT NULL,
  seq    INTEGER,
  PRIMARY KEY (inbox, digest)
) STRICT;
CREATE INDEX rule_sets_seq ON rule_sets (inbox, seq);

-- Sessions of the page. hash: of what its cookie holds. token: the hash of the token that it was begun with.
CREATE TABLE sessions (
  hash    BLOB    PRIMARY KEY,
  token   BLOB    NOT NULL,
  created INTEGER NOT NULL,
  expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_expires ON sessions (expires);

CREATE TABLE snapshots (
  id   INTEGER PRIMARY KEY,
  body TEXT    NOT NULL
) STRICT;
