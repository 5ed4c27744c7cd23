/** The parts of the editor that need no browser. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suggestionsAt } from '../src/edit/completion';
import { excerpt, lineChanges } from '../src/edit/differences';
import { draftOf, nameFault } from '../src/edit/draft';
import { utf16Offsets } from '../src/edit/positions';
import { tokenizer, tokensOf, wordKinds } from '../src/edit/tokens';
import type { Words } from '../src/api';

/** Numbers that are the same in each run. */
function dice(seed: number): (sides: number) => number {
  return (sides) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed % sides;
  };
}

test('bytes become code units in Arabic and with emoji', () => {
  const text = 'reply "أهلا 👋🏽"\n# é\n';
  const bytes = (part: string) => Buffer.byteLength(text.slice(0, text.indexOf(part)));
  const parts = ['أ', 'ه', '👋', '"\n', 'é', '\n# é'];
  assert.deepEqual(
    utf16Offsets(text, parts.map(bytes)),
    parts.map((part) => text.indexOf(part)),
  );
  assert.deepEqual(
    utf16Offsets('👋a', [0, 1, 2, 3, 4, 5, 99]),
    [0, 0, 0, 0, 2, 3, 3],
    'inside and past the end',
  );
  assert.deepEqual(utf16Offsets('', [0, 7]), [0, 0]);
});

test('bytes become code units as a plain count says', () => {
  const alphabet = ['a', 'é', 'ش', '漢', '😀', '\n', '\u{10FFFF}', '\u0301'];
  for (let seed = 0; seed < 300; seed++) {
    const roll = dice(seed);
    const characters = Array.from({ length: roll(30) }, () => alphabet[roll(alphabet.length)]!);
    const starts: [number, number][] = [[0, 0]];
    for (const character of characters) {
      const [byte, unit] = starts.at(-1)!;
      starts.push([byte + Buffer.byteLength(character), unit + character.length]);
    }
    const asked = Array.from({ length: 10 }, () => starts[roll(starts.length)]!);
    assert.deepEqual(
      utf16Offsets(
        characters.join(''),
        asked.map(([byte]) => byte),
      ),
      asked.map(([, unit]) => unit),
    );
  }
});

/** The length of the longest common subsequence, by the plain table. */
function commonLines(a: string[], b: string[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const line of a) {
    const next = [0];
    b.forEach((other, j) => next.push(line === other ? row[j]! + 1 : Math.max(row[j + 1]!, next[j]!)));
    row = next;
  }
  return row.at(-1)!;
}

test('line changes lead from one text to the other, and are as few as can be', () => {
  for (let seed = 0; seed < 500; seed++) {
    const roll = dice(seed);
    const make = () => Array.from({ length: roll(14) }, () => 'abcd'[roll(4)]!);
    const [a, b] = [make(), make()];
    const changes = lineChanges(a.map((line) => `${line}\n`).join(''), b.join('\n'));
    const of = (kind: string) => changes.filter((change) => change.kind !== kind).map(({ text }) => text);
    assert.deepEqual(of('added'), a, `old lines, seed ${seed}`);
    assert.deepEqual(of('removed'), b, `new lines, seed ${seed}`);
    assert.equal(changes.filter(({ kind }) => kind === 'same').length, commonLines(a, b), `seed ${seed}`);
    for (const { old, new: now, text } of changes) {
      if (old !== undefined) assert.equal(a[old - 1], text);
      if (now !== undefined) assert.equal(b[now - 1], text);
    }
  }
});

test('wholly different texts of many lines are compared at once', () => {
  const text = (letter: string) => Array.from({ length: 20_000 }, (_, i) => `${letter}${i}`).join('\n');
  const started = performance.now();
  const changes = lineChanges(`same\n${text('a')}`, `same\n${text('b')}`);
  assert.equal(changes.length, 40_001);
  assert.ok(performance.now() - started < 3_000);
});

test('an excerpt leaves out what is far from a change', () => {
  const old = Array.from({ length: 20 }, (_, i) => `${i}`);
  const now = old.with(10, 'ten');
  const shown = excerpt(lineChanges(old.join('\n'), now.join('\n')), 1);
  assert.deepEqual(
    shown.map((change) => change?.text ?? '…'),
    ['…', '9', '10', 'ten', '11', '…'],
  );
  assert.deepEqual(excerpt(lineChanges('a', 'a')), [null]);
});

const KINDS = wordKinds([
  { word: 'rule', class: 'item' },
  { word: 'when', class: 'item' },
  { word: 'new_customer', class: 'fact' },
  { word: 'assign', class: 'action' },
  { word: 'group', class: 'target' },
  { word: 'by', class: 'action_part' },
  { word: 'random', class: 'algorithm' },
  { word: 'dec', class: 'month' },
]);

function shown(file: string, text: string): string[] {
  return tokensOf(text, tokenizer(file, KINDS)).flatMap((tokens, line) =>
    tokens
      .filter(({ kind }) => kind !== null)
      .map(({ start, end, kind }) => `${kind} ${text.split('\n')[line]!.slice(start, end)}`),
  );
}

test('the tokens of rules', () => {
  assert.deepEqual(shown('a.rules', 'rule "a\\"{b}" # "c'), [
    'item rule',
    'text "',
    'text a\\"',
    'placeholder {b}',
    'text "',
    'comment # "c',
  ]);
  assert.deepEqual(shown('a.rules', 'when customer.rule: assign group "x\nby random'), [
    'item when',
    'name customer',
    'sign .',
    'name rule',
    'sign :',
    'action assign',
    'action group',
    'text "',
    'text x',
    'action by',
    'choice random',
  ]);
  assert.deepEqual(shown('a.rules', '"""\n rule {{ "x"\n """ 5m 09:00 2026-01-02 dec 25..dec 26 -1.5'), [
    'text """',
    'text  rule ',
    'placeholder {{',
    'text  ',
    'text "',
    'text x',
    'text "',
    'text  """',
    'number 5m',
    'number 09:00',
    'number 2026-01-02',
    'number dec',
    'number 25',
    'sign .',
    'sign .',
    'number dec',
    'number 26',
    'number -1.5',
  ]);
  assert.deepEqual(shown('a.rules', 'matches /a\\/"b/ /'), ['name matches', 'pattern /a\\/"b/', 'sign /']);
});

test('the tokens of inbox.toml', () => {
  assert.deepEqual(shown('inbox.toml', '[users.bob]\ncapacity = 5 # "x"\nskills = ["en"]'), [
    'sign [',
    'item users',
    'sign .',
    'item bob',
    'sign ]',
    'fact capacity',
    'sign =',
    'number 5',
    'comment # "x"',
    'fact skills',
    'sign =',
    'sign [',
    'text "en"',
    'sign ]',
  ]);
});

test('tokens cover every text, and never stand still', () => {
  const pieces = [
    '"',
    '"""',
    '\n',
    '{',
    '}',
    '#',
    '/',
    'matches ',
    'rule',
    '.',
    'ش',
    '😀',
    '\\',
    ' ',
    '5m',
    '[',
    "'",
  ];
  for (let seed = 0; seed < 2_000; seed++) {
    const roll = dice(seed);
    const text = Array.from({ length: roll(25) }, () => pieces[roll(pieces.length)]!).join('');
    for (const file of ['a.rules', 'inbox.toml']) {
      const lines = text.split('\n');
      tokensOf(text, tokenizer(file, KINDS)).forEach((tokens, line) => {
        let at = 0;
        for (const { start, end } of tokens) {
          assert.equal(start, at);
          assert.ok(end > start);
          at = end;
        }
        assert.equal(at, lines[line]!.length);
      });
    }
  }
});

const WORDS: Words = {
  words: [
    ['rule', 'item'],
    ['when', 'item'],
    ['given', 'test_line'],
    ['expect', 'test_line'],
    ['new_customer', 'fact'],
    ['customer', 'operand'],
    ['and', 'condition'],
    ['is', 'value_test'],
    ['assign', 'action'],
    ['reply', 'action'],
    ['owner', 'target'],
    ['group', 'target'],
    ['nobody', 'target'],
    ['by', 'action_part'],
    ['random', 'algorithm'],
    ['online', 'eligibility'],
    ['high', 'priority'],
    ['image', 'kind'],
    ['mon', 'day'],
    ['dec', 'month'],
    ['online', 'presence'],
    ['idle', 'test_part'],
    ['open_for', 'attribute'],
  ].map(([word, of]) => ({ word: word!, class: of!, form: word!, meaning: `means ${word}` })),
  groups: [{ name: 'Sales', members: ['alice'] }],
  users: [{ id: 'alice', name: 'Alice' }],
  customer_attributes: [{ name: 'tier', values: ['gold'] }],
  message_attributes: [{ name: 'campaign', values: ['spring'] }],
  skills: ['fr'],
  placeholders: ['customer.name', 'user.name'],
  files: ['common.rules', 'inbox.toml'],
};

function offered(text: string, file = text): string {
  const found = suggestionsAt(text, file, WORDS);
  return found ? `${text.slice(found.from)}|${found.items.map(({ label }) => label).join(' ')}` : '-';
}

test('completion knows where it is', () => {
  const rule = 'rule "a"\nwhen new_customer:\n    ';
  const cases: [string, string][] = [
    ['', '|rule when'],
    ['ru', 'ru|rule when'],
    [`${rule}`, '|assign reply'],
    [`${rule}assign `, '|owner group nobody'],
    [`${rule}assign gro`, 'gro|owner group nobody'],
    [`${rule}assign group "`, '|Sales'],
    [`${rule}assign group "Sa`, 'Sa|Sales'],
    [`${rule}assign group "Sales" by `, '|random'],
    [`${rule}assign group "Sales" by random among `, '|online'],
    [`${rule}assign group "Sales" by random, priority h`, 'h|high'],
    [`${rule}assign user "`, '|alice'],
    [`${rule}assign group "Travel" with skill "`, '|fr'],
    [`${rule}assign group "Sales" except owner and user "`, '|alice'],
    [`${rule}reply "Hello {`, '|customer.name user.name'],
    [`${rule}reply """\n    Hello {user.`, 'user.|customer.name user.name'],
    [`${rule}reply "Hello {{`, '-'],
    ['rule "a"\nwhen ', '|new_customer customer'],
    ['rule "a"\nwhen not (n', 'n|new_customer customer'],
    ['rule "a"\nwhen any_online in "', '|Sales'],
    ['rule "a"\nwhen customer.', '|tier'],
    ['rule "a"\nwhen customer.tier is "', '|gold'],
    ['rule "a"\nwhen customer.tier is any ["x", "', '|gold'],
    ['rule "a"\nwhen message.campaign is "', '|spring'],
    ['rule "a"\nwhen message is im', 'im|image'],
    ['rule "a"\nwhen chat.', '|open_for'],
    ['rule "a"\nwhen new_customer ', '|and is'],
    ['use "', '|common.rules'],
    ['# any ', '-'],
    ['rule "a # ', '-'],
    ['test "x":\n    given online "', '|alice'],
    ['test "x":\n    given online "alice" with 3 chats, "', '|alice'],
    ['test "x":\n    given turn "', '|Sales'],
    ['test "x":\n    ', '|given expect'],
  ];
  for (const [text, expected] of cases) assert.equal(offered(text), expected, text);
  const file = 'rule "welcome"\nlet vip = new_customer\nhours office = mon\n';
  assert.equal(offered(`${file}test "x":\n    expect rule "`, file), '|welcome');
  assert.equal(offered(`${file}rule "a"\nwhen v`, file), 'v|new_customer customer vip');
  assert.equal(offered(`${file}rule "a"\nwhen during `, file), '|office mon dec');
});

test('completion of a long file takes no time', () => {
  const long = 'rule "a"\nwhen new_customer:\n    assign group "Sales" by random\n'.repeat(20_000);
  const started = performance.now();
  assert.equal(offered(`${long}use "`), '|common.rules');
  assert.ok(performance.now() - started < 1_000);
});

test('the name of a new file is one that the host takes', () => {
  const draft = draftOf('', { 'common.rules': '' });
  const faults = {
    '': 'empty',
    'common.rules': 'exists',
    'night_shift-2.rules': null,
    '+1234567.rules': null,
    '+123456789012345.rules': null,
    '+123456.rules': 'form',
    '+1234567890123456.rules': 'form',
    '+0123456789.rules': 'form',
    'Common.rules': 'form',
    'common.txt': 'form',
  };
  for (const [name, fault] of Object.entries(faults)) assert.equal(nameFault(draft, name), fault, name);
});
