/** The parts of the views of rules that need no browser. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConditionPart, Counts, Finding, FlowFact, OptionCase, Options } from '../src/api';
import {
  afterSave,
  changedFiles,
  draftOf,
  fileNames,
  isChanged,
  nameFault,
  onTopOf,
  othersChanges,
  reverted,
  textOf,
  toSave,
  withFiles,
  withText,
} from '../src/edit/draft';
import { notesOf, textFix } from '../src/edit/notes';
import {
  canHaveOwner,
  CASES,
  defaultOptions,
  exampleUsers,
  insertPlaceholder,
  isSame,
  preview,
  withGroup,
  withOwner,
  withReply,
} from '../src/options/form';
import { mergeOptions } from '../src/options/merge';
import { clockOf, conditionLines, countsOf, dayRuns, weekState } from '../src/policy/read';
import { durationWords } from '../src/words';

// ---------------------------------------------------------------- the form

const GROUPS = [
  { name: 'Support', members: ['bob'] },
  { name: 'Sales', members: ['alice'] },
];
const TEXTS = { welcome: 'Welcome', closed: 'Closed', away: 'Away' };

test('a new form is one that the host takes, whatever groups there are', () => {
  assert.equal(defaultOptions([], TEXTS), null);
  for (const groups of [GROUPS, GROUPS.slice(0, 1), [{ name: 'مبيعات', members: [] }]]) {
    const options = defaultOptions(groups, TEXTS)!;
    const names = groups.map(({ name }) => name);
    for (const name of CASES) assertValid(name, options[name], names);
    assert.ok(options.new_group === null || names.includes(options.new_group));
  }
  assert.equal(defaultOptions(GROUPS, TEXTS)?.new_online.group, 'Sales');
  assert.equal(defaultOptions(GROUPS, TEXTS)?.owner_not_online.group, 'Support');
});

function assertValid(name: (typeof CASES)[number], of: OptionCase, groups: string[]) {
  assert.ok(of.owner || of.group !== null, `${name} goes to somebody`);
  assert.equal(of.by !== null, of.group !== null, `${name} has an algorithm exactly if it has a group`);
  assert.ok(of.group === null || groups.includes(of.group));
  assert.ok(!of.owner || canHaveOwner(name), `${name} has an owner`);
  assert.notEqual(of.reply, '');
}

test('a card stays valid, whatever is pressed in it', () => {
  let of: OptionCase = { owner: false, group: 'Sales', by: 'random', reply: null };
  const presses: ((of: OptionCase) => OptionCase)[] = [
    (of) => withOwner(of, true, null),
    (of) => withGroup(of, null),
    (of) => withReply(of, ''),
    (of) => withOwner(of, false, 'Support'),
    (of) => withReply(of, 'Hi'),
    (of) => withGroup(of, 'Sales'),
  ];
  for (const press of presses) {
    of = press(of);
    assertValid('all_offline', of, ['Sales', 'Support']);
  }
  assert.deepEqual(of, { owner: false, group: 'Sales', by: 'least_chats', reply: 'Hi' });
});

test('forms are compared by what they say', () => {
  const options = defaultOptions(GROUPS, TEXTS)!;
  const turned = Object.fromEntries(Object.entries(options).reverse()) as unknown as Options;
  assert.ok(isSame(options, turned));
  assert.ok(!isSame(options, { ...options, new_online: withReply(options.new_online, 'Hi') }));
  assert.ok(!isSame(options, { ...options, unowned: 'owner_not_online' }));
  assert.ok(!isSame(options, null));
});

test('placeholders are inserted and shown as the customer reads them', () => {
  assert.deepEqual(insertPlaceholder('Hello !', 6, 6, 'user.name'), {
    text: 'Hello {user.name}!',
    cursor: 17,
  });
  assert.deepEqual(insertPlaceholder('abc', 0, 3, 'group'), { text: '{group}', cursor: 7 });
  const values = { 'customer.name': 'منى', group: '' };
  assert.equal(
    preview('Hi {customer.name}, {{x}} {group or Sales} {customer.city or there}{number}', values),
    'Hi منى, {x} Sales there',
  );
  assert.equal(preview('{customer.name or } {unclosed', values), 'منى {unclosed');
});

test('a form on top of what others have saved keeps what they changed', () => {
  const start = defaultOptions(GROUPS, TEXTS)!;
  const mine: Options = {
    ...start,
    new_online: { ...start.new_online, group: 'Support', reply: 'Mine' },
    all_offline: withReply(start.all_offline, 'The same'),
    new_group: null,
  };
  const theirs: Options = {
    ...start,
    new_online: withReply(start.new_online, 'Theirs'),
    owner_not_online: { ...start.owner_not_online, by: 'random' },
    all_offline: withReply(start.all_offline, 'The same'),
    unowned: 'owner_not_online',
  };
  assert.deepEqual(mergeOptions(start, mine, theirs), {
    options: {
      ...start,
      new_online: { ...start.new_online, group: 'Support', reply: 'Mine' },
      owner_not_online: { ...start.owner_not_online, by: 'random' },
      all_offline: withReply(start.all_offline, 'The same'),
      new_group: null,
      unowned: 'owner_not_online',
    },
    both: ['new_online.reply'],
  });
  assert.deepEqual(mergeOptions(start, start, theirs), { options: theirs, both: [] });
  assert.deepEqual(mergeOptions(start, mine, start), { options: mine, both: [] });
  assert.deepEqual(mergeOptions(start, mine, null), { options: mine, both: [] });
});

test('a group of one side never meets the algorithm of the other', () => {
  const start = defaultOptions(GROUPS, TEXTS)!;
  const mine = { ...start, all_offline: { ...start.all_offline, by: 'random' } };
  const theirs = { ...start, all_offline: withGroup(start.all_offline, null) };
  const { options, both } = mergeOptions(start, mine, theirs);
  assertValid('all_offline', options.all_offline, ['Sales', 'Support']);
  assert.deepEqual([options.all_offline.by, both], ['random', ['all_offline.who']]);
});

test('an example has two users if there are two', () => {
  const users = [{ id: 'alice', name: 'Alice' }, { id: 'bob', name: 'Bob' }, { id: 'carol', name: 'Carol' }];
  const ids = (known: typeof users, members: string[]) => {
    const { user, owner } = exampleUsers(known, members);
    return [user?.id, owner?.id];
  };
  assert.deepEqual(ids(users, ['bob', 'alice']), ['bob', 'carol']);
  assert.deepEqual(ids(users, ['alice', 'bob', 'carol']), ['alice', 'bob']);
  assert.deepEqual(ids(users, []), ['alice', 'bob']);
  assert.deepEqual(ids(users.slice(0, 1), ['alice']), ['alice', 'alice']);
  assert.deepEqual(ids([], []), [undefined, undefined]);
});

// ---------------------------------------------------------------- the policy

test('decisions are counted by rule and alternative', () => {
  const rule = { name: 'a', file: 'x.rules', line: 1 };
  const unnamed = { name: null, file: 'x.rules', line: 9 };
  const current = true;
  const counts: Counts = {
    day_from: '',
    week_from: '',
    rules: [
      { number: '+1', rule, current, alternative: 0, day: 1, week: 5 },
      { number: '+1', rule, current, alternative: 1, day: 1, week: 2 },
      { number: '+1', rule: unnamed, current, alternative: null, day: 0, week: 4 },
      { number: '+1', rule: unnamed, current: false, alternative: null, day: 50, week: 50 },
      { number: '+1', rule: null, current, alternative: null, day: 7, week: 8 },
      { number: '+2', rule, current, alternative: 0, day: 100, week: 100 },
    ],
  };
  const of = countsOf(counts, '+1');
  assert.deepEqual([of.get('a')?.day, of.get('a')?.week], [2, 7]);
  assert.deepEqual(of.get('a')?.alternatives.get(1), { day: 1, week: 2 });
  assert.equal(of.get('x.rules:9')?.week, 4, 'what stood on that line before is not counted');
  assert.equal(of.get(null)?.day, 7);
});

const NOTHING = { name: null, test: null, values: [], seconds: null, hours: null };
const fact = (text: string): FlowFact => ({ ...NOTHING, text, sentence: text, negation: `no ${text}`, subject: text });
const named = (name: string): FlowFact => ({ ...fact(name), subject: 'definition', name });

test('a condition is lines that can be read aloud', () => {
  const shown = (parts: ConditionPart) =>
    conditionLines(parts, {}).map(({ depth, join, isNegated, head, fact }) =>
      [depth, join, isNegated, head ?? fact?.text].join(' '),
    );
  assert.deepEqual(shown({ all: [fact('a'), { any: [fact('b'), { not: { all: [fact('c'), fact('d')] } }] }] }), [
    '0  false a',
    '0 and false any',
    '1  false b',
    '1 or true all',
    '2  false c',
    '2 and false d',
  ]);
  assert.deepEqual(shown({ not: { not: fact('a') } }), ['0  false a']);
  assert.deepEqual(conditionLines({ all: [] }, {}), []);
  assert.deepEqual(conditionLines(null, {}), []);
});

test('what a name stands for is said once', () => {
  const dates = { sentence: 'on 1 January', open: [], except: [], names: [] };
  const definitions = {
    vip: { text: '', parts: { any: [fact('a'), named('loyal')] }, hours: null },
    loyal: { text: '', parts: fact('b'), hours: null },
    office: { text: '', parts: null, hours: { ...dates, sentence: 'on Mondays', names: ['holidays'] } },
    holidays: { text: '', parts: null, hours: dates },
  };
  const office: FlowFact = { ...fact('during office'), subject: 'during', name: 'office' };
  const lines = conditionLines({ all: [{ not: named('vip') }, { any: [office, named('vip'), office] }] }, definitions);
  assert.deepEqual(
    lines.map(({ depth, fact, head, hours, name, isExplained }) =>
      [depth, fact?.text ?? head ?? hours?.sentence, name, isExplained].join(' '),
    ),
    [
      '0 vip  true',
      '1 any  ',
      '2 a  false',
      '2 loyal  true',
      '3 b  false',
      '0 any  ',
      '1 during office  true',
      '2 on Mondays  ',
      '3 on 1 January holidays ',
      '1 vip  false',
      '1 during office  false',
    ],
  );
});

test('times that a rule names are exact, ages are not', () => {
  assert.deepEqual([durationWords(5_400, true), durationWords(5_400)], ['90 minutes', '1 hr']);
  assert.deepEqual([durationWords(86_400, true), durationWords(90, true)], ['1 day', '90 seconds']);
});

test('a week is told in days with the same hours', () => {
  assert.deepEqual(weekState(null), { kind: 'unknown' });
  assert.deepEqual(weekState([]), { kind: 'never' });
  assert.deepEqual(weekState([[0, 10_080]]), { kind: 'always' });
  assert.deepEqual(
    weekState([
      [0, 5_000],
      [5_000, 10_080],
    ]),
    { kind: 'always' },
  );
  const office = [0, 1, 2, 4].map((day): [number, number] => [day * 1_440 + 540, day * 1_440 + 1_020]);
  assert.deepEqual(weekState(office), {
    kind: 'hours',
    groups: [{ days: [0, 1, 2, 4], ranges: [[540, 1_020]] }],
  });
  assert.deepEqual(weekState([[1_320, 1_800]]), {
    kind: 'hours',
    groups: [
      { days: [0], ranges: [[1_320, 1_440]] },
      { days: [1], ranges: [[0, 360]] },
    ],
  });
  assert.deepEqual(dayRuns([0, 1, 2, 4]), [
    [0, 2],
    [4, 4],
  ]);
  assert.deepEqual([clockOf(0), clockOf(545), clockOf(1_440)], ['00:00', '09:05', '24:00']);
});

// ---------------------------------------------------------------- the draft

const SAVED = { 'inbox.toml': 'a\n', '+1.rules': 'b\r\nc\r\n', 'x.rules': 'd\n' };

test('a draft knows what differs, and saves Windows lines as they were', () => {
  const draft = draftOf('1', SAVED);
  assert.deepEqual(fileNames(draft), ['inbox.toml', '+1.rules', 'x.rules']);
  assert.equal(textOf(draft, '+1.rules'), 'b\nc\n');
  const changed = withText(withText(draft, '+1.rules', 'b\nB\n'), 'x.rules', null);
  assert.deepEqual(changedFiles(changed), ['+1.rules', 'x.rules']);
  assert.deepEqual(fileNames(changed), ['inbox.toml', '+1.rules']);
  assert.deepEqual(toSave(changed), { base: '1', files: { '+1.rules': 'b\r\nB\r\n', 'x.rules': null } });
  assert.deepEqual(toSave(changed, ['x.rules']).files, { 'x.rules': null });
  const back = reverted(withText(changed, '+1.rules', 'b\nc\n'), 'x.rules');
  assert.ok(!isChanged(back));
});

test('what is typed while it is saved is still edited', () => {
  const draft = withText(draftOf('1', SAVED), '+1.rules', 'sent\n');
  const sent = toSave(draft);
  const typed = withText(draft, '+1.rules', 'sent and more\n');
  const after = afterSave(typed, '2', sent.files);
  assert.equal(after.base, '2');
  assert.equal(after.saved['+1.rules'], 'sent\n');
  assert.deepEqual(after.edits, { '+1.rules': 'sent and more\n' });
  assert.ok(!isChanged(afterSave(draft, '2', sent.files)));
  const gone = afterSave(withText(draft, 'x.rules', null), '2', { 'x.rules': null });
  assert.deepEqual(fileNames(gone), ['inbox.toml', '+1.rules']);
});

test('an older set is loaded as edits', () => {
  const draft = withText(draftOf('1', SAVED), 'inbox.toml', 'changed');
  const restored = withFiles(draft, { 'inbox.toml': 'a\r\n', 'old.rules': 'o\n' });
  assert.deepEqual(restored.edits, { '+1.rules': null, 'x.rules': null, 'old.rules': 'o\n' });
});

test('edits go on top of what others saved', () => {
  const mine = withText(withText(draftOf('1', SAVED), 'inbox.toml', 'mine'), 'x.rules', 'mine');
  const now = draftOf('2', { 'inbox.toml': 'theirs', 'x.rules': 'd\n', 'new.rules': 'n' });
  assert.deepEqual(othersChanges(mine, now), [
    { name: 'inbox.toml', before: 'a\n', theirs: 'theirs', mine: 'mine' },
    { name: '+1.rules', before: 'b\nc\n', theirs: undefined, mine: undefined },
    { name: 'new.rules', before: undefined, theirs: 'n', mine: undefined },
  ]);
  assert.deepEqual(onTopOf(mine, now, new Set()).edits, { 'inbox.toml': 'mine', 'x.rules': 'mine' });
  assert.deepEqual(onTopOf(mine, now, new Set(['inbox.toml'])).edits, { 'x.rules': 'mine' });
  assert.equal(onTopOf(mine, now, new Set()).base, '2');
});

test('names of new files', () => {
  const draft = draftOf('1', SAVED);
  const faults = ['', 'a', 'A.rules', '../a.rules', '+12.rules', 'x.rules', '+15550100.rules', 'a_b-1.rules'];
  assert.deepEqual(
    faults.map((name) => nameFault(draft, name)),
    ['empty', 'form', 'form', 'form', 'form', 'exists', null, null],
  );
});

// ---------------------------------------------------------------- findings

function finding(text: string, part: string, fix: string): Finding {
  const byte = Buffer.byteLength(text.slice(0, text.indexOf(part)));
  const end = byte + Buffer.byteLength(part);
  const position = (at: number) => ({ line: 1, column: 1, byte: at });
  return {
    code: 'unknown-group',
    level: 'error',
    file: 'rules/a.rules',
    start: position(byte),
    end: position(end),
    message: 'no group is called `Slaes`',
    help: 'did you mean `Sales`?',
    related: [],
    situation: null,
    fix: { title: 'write `Sales`', edits: [{ start: byte, end, text: fix }] },
  };
}

test('findings and their fixes are at the right place behind Arabic and emoji', () => {
  const text = '# أهلا 👋\nreply "😀", group "Slaes"\n';
  const found = [finding(text, '"Slaes"', '"Sales"'), finding(text, '😀', '🙂')];
  const notes = notesOf(text, found, []);
  assert.deepEqual(
    notes.map(({ from, to, fix }) => [
      text.slice(from, to),
      fix?.edits.map((edit) => text.slice(edit.from, edit.to)),
    ]),
    [
      ['😀', ['😀']],
      ['"Slaes"', ['"Slaes"']],
    ],
  );
  assert.equal(textFix(text, found[0]!), text.replace('Slaes', 'Sales'));
  assert.equal(textFix(text, found[1]!), text.replace('😀', '🙂'));
});

test('failed tests are told at their lines', () => {
  const failure = { line: 2, expected: 'rule "a"', got: 'rule "b"', help: null };
  const test = {
    name: 't',
    file: 'a.rules',
    line: 1,
    passed: false,
    failures: [failure, { ...failure, line: 99 }],
    why: [],
  };
  const notes = notesOf('one\ntwo\nthree', [], [test]);
  assert.deepEqual(
    notes.map(({ from, to }) => 'one\ntwo\nthree'.slice(from, to)),
    ['two', 'three'],
  );
});
