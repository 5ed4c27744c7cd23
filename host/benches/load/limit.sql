-- What the host writes for so many messages of returning customers in a transaction, without deciding anything. pgbench runs it.
\set inbox random(1, :inboxes)
\set from random(1, 200)
BEGIN;
SELECT seq, day FROM inboxes WHERE inbox = :inbox::integer FOR UPDATE \gset
SELECT c.* FROM names n JOIN customers c ON c.inbox = n.inbox AND c.id = n.customer
    WHERE n.inbox = :inbox::integer ORDER BY n.name LIMIT :batch::bigint;
SELECT c.* FROM chats c WHERE c.inbox = :inbox::integer AND c.closed_at IS NULL ORDER BY c.id LIMIT :batch::bigint;
INSERT INTO events SELECT :inbox::integer, :seq::bigint + n, :day::integer, 1, n, 1, n, repeat('b', 250), repeat('r', 450) FROM generate_series(1, :batch::integer) n;
INSERT INTO texts SELECT :inbox::integer, :seq::bigint + n, :day::integer, 'Hello, is it still there?', repeat('f', 500) FROM generate_series(1, :batch::integer) n;
INSERT INTO messages SELECT :inbox::integer, :day::integer, decode(md5(random()::text), 'hex'), :seq::bigint + n, false FROM generate_series(1, :batch::integer) n;
INSERT INTO customers SELECT * FROM customers WHERE inbox = :inbox::integer AND id >= :from::bigint ORDER BY id LIMIT :batch::bigint
    ON CONFLICT (inbox, id) DO UPDATE SET names = excluded.names, name = excluded.name, last_at = excluded.last_at + 1;
INSERT INTO chats SELECT * FROM chats WHERE inbox = :inbox::integer AND id >= :from::bigint ORDER BY id LIMIT :batch::bigint
    ON CONFLICT (inbox, id) DO UPDATE SET body = excluded.body, resume_at = excluded.resume_at;
UPDATE users SET last_at = last_at + 1 WHERE inbox = :inbox::integer;
UPDATE inboxes SET seq = :seq::bigint + :batch::bigint, stamp = (random() * 1e18)::bigint WHERE inbox = :inbox::integer;
COMMIT;
