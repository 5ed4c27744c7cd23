/** Saving several files where the host takes one at a time. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError, type Edit, type InboxApi } from '../src/api';
import { acceptRules, saveRules } from '../src/edit/saving';

/** A folder that takes a file once `needs` of it are there; `gated` waits to be accepted. */
function folder(needs: Record<string, string[]>, gated?: string) {
  const taken: string[] = [];
  const calls = {
    async putRules({ base, files }: Edit) {
      const names = Object.keys(files);
      if (names.length > 1) throw new ApiError(409, 'one-file', 'one at a time');
      assert.equal(base, `after ${taken}`);
      const name = names[0]!;
      if (needs[name]?.some((other) => !taken.includes(other))) throw new ApiError(422, 'findings', `${name} is not sound`);
      if (name === gated) throw new ApiError(409, 'gate', 'they wait', null, [], { digest: name, differences: 1 });
      taken.push(name);
      return { digest: `after ${taken}` };
    },
    async acceptRules(digest: string) {
      taken.push(digest);
      return { digest: `after ${taken}` };
    },
    async checkRules() {
      return { findings: [], files: 0, left_out: 0 };
    },
  };
  return { taken, calls: calls as unknown as InboxApi };
}

const edit = (...names: string[]): Edit => ({ base: 'after ', files: Object.fromEntries(names.map((name) => [name, name])) });

test('each file after those that it needs', async () => {
  const { taken, calls } = folder({ a: ['c'], b: ['a'] });
  const saved: string[] = [];
  assert.equal(await saveRules(calls, edit('a', 'b', 'c'), (_, { files }) => void saved.push(...Object.keys(files))), null);
  assert.deepEqual([taken, saved], [['c', 'a', 'b'], ['c', 'a', 'b']]);
});

test('what needs each other is left, and told', async () => {
  const { taken, calls } = folder({ a: ['b'], b: ['a'] });
  const problem = await saveRules(calls, edit('a', 'b', 'c'), () => {});
  assert.ok(problem?.kind === 'partly');
  assert.deepEqual([taken, problem.saved], [['c'], ['c']]);
  assert.deepEqual(problem.left.map(({ name, error }) => [name, error.message]), [['a', 'a is not sound'], ['b', 'b is not sound']]);
});

test('after what the gate held back come the others', async () => {
  const { taken, calls } = folder({ c: ['b'] }, 'b');
  const gate = await saveRules(calls, edit('a', 'b', 'c'), () => {});
  assert.ok(gate?.kind === 'gate');
  assert.deepEqual([taken, gate.digest, Object.keys(gate.rest)], [['a'], 'b', ['c']]);
  assert.equal(await acceptRules(calls, gate, () => {}), null);
  assert.deepEqual(taken, ['a', 'b', 'c']);
});
