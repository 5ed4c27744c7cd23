-- Moments are microseconds since 1970-01-01 in UTC, and days are days since then. A customer is the number in the name `c17`.
-- A text has no U+0000: it is written as U+0001 and `0`, and U+0001 itself as U+0001 and `1`.
--
-- All rows of an inbox begin with its number, in every key, so that the tables can be spread over machines by it. Only
-- `inbox_keys`, `nodes` and `sessions` are to be the same on all.

CREATE TABLE inbox_keys (
  name  text COLLATE "C" PRIMARY KEY,
  inbox integer NOT NULL GENERATED ALWAYS AS IDENTITY
);

-- The row is the lock of the inbox. customers, chats, replies and notices: the last number that was given. day: that of the
-- last entry of the log; day_first: since which entry it is. due: when its first timer fires. waiting: the digest of the rules
-- that wait to be accepted.
CREATE TABLE inboxes (
  inbox       integer PRIMARY KEY,
  name        text    NOT NULL COLLATE "C",
  seq         bigint  NOT NULL DEFAULT 0,
  stamp       bigint  NOT NULL DEFAULT 0,
  unlogged    bigint  NOT NULL DEFAULT 0,
  rules       text,
  rules_since bigint,
  waiting     text,
  differences bigint,
  customers   bigint  NOT NULL DEFAULT 0,
  chats       bigint  NOT NULL DEFAULT 0,
  replies     bigint  NOT NULL DEFAULT 0,
  notices     bigint  NOT NULL DEFAULT 0,
  day         integer,
  day_first   bigint,
  due         bigint
) WITH (fillfactor = 50);
CREATE INDEX inboxes_due ON inboxes (due) WHERE due IS NOT NULL;

-- On which day an entry of the log is: that of the greatest `first` up to its position.
CREATE TABLE log_days (
  inbox integer NOT NULL,
  first bigint  NOT NULL,
  day   integer NOT NULL,
  PRIMARY KEY (inbox, first)
);
CREATE INDEX log_days_day ON log_days (day);

-- customer, rule and message are set in the entries of messages, customer also in those of names. rule and message are the
-- first 8 bytes of the SHA-256 of the name.
CREATE TABLE events (
  inbox    integer NOT NULL,
  seq      bigint  NOT NULL,
  day      integer NOT NULL,
  at       bigint  NOT NULL,
  customer bigint,
  rule     bigint,
  message  bigint,
  body     text    NOT NULL,
  routed   text,
  PRIMARY KEY (inbox, seq, day)
) PARTITION BY RANGE (day);
CREATE INDEX events_customer ON events (inbox, customer, seq) WHERE customer IS NOT NULL;
CREATE INDEX events_rule     ON events (inbox, rule, seq)     WHERE rule IS NOT NULL;
CREATE INDEX events_message  ON events (inbox, message, seq)  WHERE message IS NOT NULL;

-- The customer of a text is the one of its entry in the log, and so is the day.
CREATE TABLE texts (
  inbox integer NOT NULL,
  seq   bigint  NOT NULL,
  day   integer NOT NULL,
  text  text,
  facts text    NOT NULL,
  PRIMARY KEY (inbox, seq, day)
) PARTITION BY RANGE (day);

-- The day is the one of the message's own time, which may be any.
CREATE TABLE messages (
  inbox integer NOT NULL,
  day   integer NOT NULL,
  hash  bytea   NOT NULL,
  seq   bigint  NOT NULL,
  held  boolean NOT NULL,
  PRIMARY KEY (inbox, hash, day)
) PARTITION BY RANGE (day);
CREATE TABLE messages_other PARTITION OF messages DEFAULT;
-- An expression, so that it is never taken to find a message.
CREATE INDEX messages_other_day ON messages_other ((day / 1));

-- names is a JSON array: the rows of `names` in their order.
CREATE TABLE customers (
  inbox        integer NOT NULL,
  id           bigint  NOT NULL,
  names        text    NOT NULL,
  name         text,
  language     text,
  country      text,
  tags         text,
  attributes   text,
  owner        text,
  is_returning boolean NOT NULL,
  first_at     bigint,
  last_at      bigint,
  PRIMARY KEY (inbox, id)
) WITH (fillfactor = 80);
CREATE TABLE names (
  inbox    integer NOT NULL,
  name     text    NOT NULL COLLATE "C",
  customer bigint  NOT NULL,
  PRIMARY KEY (inbox, name)
);

-- Customers who were merged into another, who is never one of these.
CREATE TABLE former_customers (
  inbox    integer NOT NULL,
  id       bigint  NOT NULL,
  customer bigint  NOT NULL,
  PRIMARY KEY (inbox, id)
);
CREATE INDEX former_customers_customer ON former_customers (inbox, customer);

-- rank: 0 for the most urgent. since: when the chat last began to wait, kept when a user has it or it is
-- closed, so that a list of those that wait can go on after it.
CREATE TABLE chats (
  inbox     integer  NOT NULL,
  id        bigint   NOT NULL,
  customer  bigint   NOT NULL,
  number    text     NOT NULL,
  "user"    text     COLLATE "C",
  grp       text     COLLATE "C",
  rank      smallint NOT NULL,
  since     bigint   NOT NULL,
  by_caller boolean  NOT NULL,
  resume_at bigint,
  closed_at bigint,
  body      text     NOT NULL,
  PRIMARY KEY (inbox, id)
) WITH (fillfactor = 80);
CREATE INDEX chats_customer ON chats (inbox, customer);
CREATE INDEX chats_user     ON chats (inbox, "user", id)      WHERE closed_at IS NULL AND "user" IS NOT NULL;
CREATE INDEX chats_waiting  ON chats (inbox, rank, since, id) WHERE closed_at IS NULL AND "user" IS NULL;
CREATE INDEX chats_closed   ON chats (inbox, closed_at)       WHERE closed_at IS NOT NULL;

CREATE TABLE users (
  inbox    integer NOT NULL,
  "user"   text    NOT NULL COLLATE "C",
  presence text    NOT NULL,
  until    bigint,
  chats    bigint  NOT NULL,
  last_at  bigint,
  capacity bigint,
  PRIMARY KEY (inbox, "user")
) WITH (fillfactor = 50);

CREATE TABLE turns (
  inbox  integer NOT NULL,
  grp    text    NOT NULL COLLATE "C",
  "user" text    NOT NULL,
  PRIMARY KEY (inbox, grp)
) WITH (fillfactor = 50);

CREATE TABLE once (
  inbox    integer NOT NULL,
  customer bigint  NOT NULL,
  key      text    NOT NULL COLLATE "C",
  at       bigint  NOT NULL,
  PRIMARY KEY (inbox, customer, key)
);

-- chat: its number, or -1. subject: the user's name, the hash of a held message, or empty.
CREATE TABLE timers (
  inbox    integer  NOT NULL,
  chat     bigint   NOT NULL,
  subject  bytea    NOT NULL,
  kind     smallint NOT NULL,
  seq      bigint   NOT NULL,
  position bigint   NOT NULL,
  due      bigint   NOT NULL,
  body     text     NOT NULL,
  PRIMARY KEY (inbox, chat, kind, subject, seq, position)
) WITH (fillfactor = 80);
CREATE INDEX timers_due ON timers (inbox, due);

-- id: the number of the inbox less one in the upper 24 bits, and a number within it. settled: nothing is to be sent any more.
-- first: the first of its customer and number that is not settled.
CREATE TABLE outbox (
  inbox     integer  NOT NULL,
  id        bigint   NOT NULL,
  number    text     NOT NULL COLLATE "C",
  customer  bigint   NOT NULL,
  settled   boolean  NOT NULL,
  first     boolean  NOT NULL,
  state     smallint NOT NULL,
  chat      bigint,
  seq       bigint,
  caller_id text     COLLATE "C",
  recipient text     NOT NULL,
  text      text     NOT NULL,
  due       bigint   NOT NULL,
  lease     bigint,
  tries     bigint   NOT NULL,
  wamid     text     COLLATE "C",
  code      bigint,
  expires   bigint   NOT NULL,
  at        bigint   NOT NULL,
  PRIMARY KEY (inbox, id)
) WITH (fillfactor = 80);
-- An index row has a greatest size, and an id of somebody else may be longer.
CREATE INDEX outbox_first    ON outbox (inbox, number, due, id) WHERE first;
CREATE INDEX outbox_customer ON outbox (inbox, customer, number, settled, id);
CREATE INDEX outbox_state    ON outbox (inbox, state, id);
CREATE INDEX outbox_seq      ON outbox (inbox, seq, id) WHERE seq IS NOT NULL;
CREATE INDEX outbox_wamid    ON outbox (inbox, left(wamid, 128)) WHERE wamid IS NOT NULL;
CREATE INDEX outbox_caller   ON outbox (inbox, chat, left(caller_id, 128)) WHERE caller_id IS NOT NULL;

-- How many replies are in each state.
CREATE TABLE outbox_counts (
  inbox integer  NOT NULL,
  state smallint NOT NULL,
  n     bigint   NOT NULL,
  PRIMARY KEY (inbox, state)
) WITH (fillfactor = 50);

CREATE TABLE notices (
  inbox    integer NOT NULL,
  seq      bigint  NOT NULL,
  at       bigint  NOT NULL,
  kind     text    NOT NULL,
  number   text,
  customer bigint,
  body     text    NOT NULL,
  PRIMARY KEY (inbox, seq)
);
CREATE INDEX notices_customer ON notices (inbox, customer) WHERE customer IS NOT NULL;

-- seq: the greatest is that of the set that became active last; NULL: it never was, and waits to be accepted.
CREATE TABLE rule_sets (
  inbox  integer NOT NULL,
  digest text    NOT NULL COLLATE "C",
  files  text    NOT NULL,
  at     bigint  NOT NULL,
  source text    NOT NULL,
  seq    bigint,
  PRIMARY KEY (inbox, digest)
);
CREATE INDEX rule_sets_seq ON rule_sets (inbox, seq);

-- Sessions of the page. hash: of what its cookie holds. token: the hash of the token that it was begun with.
CREATE TABLE sessions (
  hash    bytea  PRIMARY KEY,
  token   bytea  NOT NULL,
  created bigint NOT NULL,
  expires bigint NOT NULL
);
CREATE INDEX sessions_expires ON sessions (expires);

-- When a node last said that it is alive.
CREATE TABLE nodes (
  node bigint PRIMARY KEY,
  seen bigint NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE snapshots (
  inbox integer NOT NULL,
  seq   bigint  NOT NULL,
  body  text    NOT NULL,
  PRIMARY KEY (inbox, seq)
);

-- Statistics, before there are rows: without them the planner takes any index that begins with the inbox. So few are gone again
-- without a vacuum.
INSERT INTO customers (inbox, id, names, is_returning) SELECT -1, n, '', false FROM generate_series(1, 40) n;
INSERT INTO names (inbox, name, customer) SELECT -1, n, n FROM generate_series(1, 40) n;
INSERT INTO once (inbox, customer, key, at) SELECT -1, n, n, n FROM generate_series(1, 40) n;
INSERT INTO former_customers (inbox, id, customer) SELECT -1, n, n FROM generate_series(1, 40) n;
INSERT INTO chats (inbox, id, customer, number, "user", grp, rank, since, by_caller, closed_at, body)
  SELECT -1, n, n, 1, nullif(n % 3, 0), n % 3, 2, n, false, CASE WHEN n % 2 = 0 THEN n END, '' FROM generate_series(1, 40) n;
INSERT INTO timers (inbox, chat, subject, kind, seq, position, due, body)
  SELECT -1, n, '', 0, 0, 0, n, '' FROM generate_series(1, 40) n;
INSERT INTO outbox (inbox, id, number, customer, settled, first, state, chat, seq, caller_id, recipient, text, due, tries, wamid,
    expires, at)
  SELECT -1, n, 1, n, n % 2 = 0, n % 4 = 1, n % 2, n, n, n, '', '', n, 0, n, n, n FROM generate_series(1, 40) n;
INSERT INTO notices (inbox, seq, at, kind, customer, body) SELECT -1, n, n, '', n, '' FROM generate_series(1, 40) n;
INSERT INTO log_days (inbox, first, day) SELECT -1, n, n FROM generate_series(1, 40) n;
INSERT INTO messages (inbox, hash, day, seq, held)
  SELECT -1, decode(md5(n::text), 'hex'), n, n, false FROM generate_series(1, 40) n;
ANALYZE customers, names, once, former_customers, chats, timers, outbox, notices, log_days, messages;
DELETE FROM customers;
DELETE FROM names;
DELETE FROM once;
DELETE FROM former_customers;
DELETE FROM chats;
DELETE FROM timers;
DELETE FROM outbox;
DELETE FROM notices;
DELETE FROM log_days;
DELETE FROM messages;
