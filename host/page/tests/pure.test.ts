/** Parts that need no browser. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Route } from '../src/router';

Object.assign(globalThis, { location: { hash: '' }, addEventListener() {}, history: { replaceState() {} } });
const { formatRoute, parseRoute } = await import('../src/router');
const { rowsBefore, rowsInSight } = await import('../src/ui/rows');
const { pluralsOf } = await import('../src/words/plural');
const { en } = await import('../src/words/en');
const { ar } = await import('../src/words/ar');

test('an address is read as it was written', () => {
  const routes: Route[] = [
    { inbox: 'main', view: 'now', argument: null, query: {} },
    { inbox: 'main', view: 'options', argument: '+15550100', query: {} },
    { inbox: 'a/b', view: 'edit', argument: 'x y.rules', query: { line: '12' } },
    { inbox: 'صندوق', view: 'decisions', argument: '412', query: { rule: 'a & b = "c"?', number: '+1' } },
  ];
  for (const route of routes) assert.deepEqual(parseRoute(formatRoute(route)), route);
});

test('an address that nobody wrote leads somewhere', () => {
  for (const hash of ['', '#', '#/', '#/main', '#/main/nowhere', '#/%E0%A4%A', '#/main/now/%', '#?x', '#/a/b/c/d/e?f=g?h']) {
    assert.equal(typeof parseRoute(hash).view, 'string');
  }
});

test('the rows in sight, and some more', () => {
  assert.deepEqual(rowsInSight(0, 600, 60, 10_000), [0, 20]);
  assert.deepEqual(rowsInSight(6_000, 600, 60, 10_000), [90, 120]);
  assert.deepEqual(rowsInSight(599_400, 600, 60, 10_000), [9_980, 10_000]);
  assert.deepEqual(rowsInSight(0, 600, 60, 0), [0, 0]);
  assert.deepEqual(rowsInSight(9_999_999, 600, 60, 5), [5, 5]);
});

test('how many rows have come in above', () => {
  const key = (item: number) => item;
  assert.equal(rowsBefore([5, 4, 3], key, 3), 2);
  assert.equal(rowsBefore([5, 4, 3], key, 5), 0);
  assert.equal(rowsBefore([5, 4, 3], key, 9), 0);
  assert.equal(rowsBefore([5], key, null), 0);
});

test('plural forms of English and Arabic', () => {
  assert.equal(en.common.chats(1), '1 chat');
  assert.equal(en.common.chats(1_234), '1,234 chats');
  assert.deepEqual(
    [0, 1, 2, 3, 11, 100].map((count) => ar.common.chats(count)),
    ['لا محادثات', 'محادثة واحدة', 'محادثتان', '٣ محادثات', '١١ محادثة', '١٠٠ محادثة'],
  );
  assert.equal(pluralsOf('en-GB')(5, { other: '#/#' }), '5/5');
});

test('every language has every word', () => {
  const names = (words: object, path = ''): string[] =>
    Object.entries(words).flatMap(([name, value]) =>
      typeof value === 'object' && !Array.isArray(value) ? names(value as object, `${path}.${name}`) : [`${path}.${name}`],
    );
  const known = new Set(names(ar));
  assert.deepEqual(
    names(en).filter((name) => !known.has(name)),
    [],
  );
});
