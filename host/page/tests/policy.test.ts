/** The policy of a number: what can be read aloud, what was counted, and the week. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  ARABIC,
  assertAccessible,
  assertNoOverflow,
  assertNoProblems,
  eventually,
  type Host,
  LOOKS,
  open,
  startHost,
  WIDE,
} from './harness';

const STORE = '+15550100';
const SHOP = '+61491570156';
const CLINIC = '+201000000001';
/** It follows `default.rules`. */
const OTHER = '+4930123456';
const path = (number: string) => `#/main/policy/${encodeURIComponent(number)}`;

let host: Host;
test.before(async () => {
  host = await startHost();
  await host.api('PATCH', '/v1/inboxes/main/users/alice', { presence: 'online' });
  await host.message('Hello, are you open?', { phone: '+201001234567', name: 'Mona' });
  await host.message('hello', { phone: '+201001234568', name: 'Karim' });
});

async function put(own: Host, name: string, text: string) {
  const { digest } = await own.api('GET', '/v1/inboxes/main/rules');
  await own.api('PUT', '/v1/inboxes/main/rules', { base: digest, files: { [name]: text } });
}

for (const look of LOOKS) {
  test(`rules in order with their counts, ${look.width} ${look.theme}`, async () => {
    const shown = await open(host, look, path(STORE));
    const { page, context } = shown;
    const welcome = page.locator('.rule', { has: page.getByRole('heading', { name: 'welcome' }) });
    await welcome.getByText('new_customer', { exact: true }).waitFor();
    await welcome.getByText('somebody in “Sales” is online').waitFor();
    await welcome.getByText('One of \u2068Sales\u2069').waitFor();
    await welcome
      .getByText('Decisions: 2 in the last 24 hours, 2 in the last 7 days')
      .waitFor({ state: 'attached' });
    await eventually(() => page.locator('.rule').count(), 5);
    await assertAccessible(page, 'the flow');
    await assertNoOverflow(page, 'the flow');
    await page.getByRole('tab', { name: 'The week' }).click();
    await page.locator('.week').getByText('welcome').waitFor();
    await assertAccessible(page, 'the week');
    await assertNoOverflow(page, 'the week');
    assertNoProblems(shown);
    await context.close();
  });
}

test('a rule opens with its last messages, which lead to the decision', async () => {
  const { page, context } = await open(host, WIDE, path(STORE));
  const welcome = page.locator('.rule', { has: page.getByRole('heading', { name: 'welcome' }) });
  await welcome.getByRole('button', { name: 'Last messages' }).press('Enter');
  await welcome.getByText('Hello, are you open?').waitFor();
  await assertAccessible(page, 'last messages');
  await welcome.getByRole('link', { name: /Hello, are you open\?/ }).click();
  await page.waitForURL(/decisions\/\d+/);
  await context.close();
});

test('conditions, alternatives, replies and tags of a long policy', async () => {
  const shown = await open(host, WIDE, path(SHOP));
  const { page, context } = shown;
  const rule = (name: string) =>
    page.locator('.rule', { has: page.getByRole('heading', { name, exact: true }) });
  await rule('long queue').getByText('added to any rule').waitFor();
  await rule('a human, please').getByText('in an open chat').waitFor();
  await rule('vip').getByText('else', { exact: true }).first().waitFor();
  await eventually(() => rule('vip').locator('.steps > li').count(), 3);
  await rule('from an advertisement').locator('.join', { hasText: 'or' }).waitFor();
  await rule('refund').getByText('priority high').waitFor();
  await assertAccessible(page, 'a long policy');
  assertNoProblems(shown);
  await context.close();
});

test('a rule that nothing reaches is dimmed, and says so', async () => {
  const own = await startHost();
  // Such a rule is an error, unless the inbox says that it is not.
  const inbox = await readFile(join(own.rules, 'inbox.toml'), 'utf8');
  await put(own, 'inbox.toml', inbox.replace('[lints]\n', '[lints]\nunreachable-rule = "warn"\n'));
  const rules = [
    'rule "all"\nwhen new_customer or returning_customer:\n    assign group "Sales" by hand\n',
    'rule "none"\nwhen new_customer:\n    assign group "Sales" by random\n',
  ];
  await put(own, 'default.rules', rules.join('\n'));
  const { page, context } = await open(own, WIDE, path(OTHER));
  const rule = page.locator('.rule', { has: page.getByRole('heading', { name: 'none' }) });
  await rule.getByText('never reached').waitFor();
  await rule.getByText('no message reaches this rule').waitFor();
  await assertAccessible(page, 'an unreached rule');
  await context.close();
  await own.stop();
});

test('the week is drawn and said, in Arabic too', async () => {
  const { page, context } = await open(host, ARABIC, path(CLINIC));
  await page.getByRole('tab', { name: 'الأسبوع' }).click();
  await page.locator('.week').getByText('emergency', { exact: true }).waitFor();
  await page.locator('.week').getByText('في أي وقت').first().waitFor();
  await assertAccessible(page, 'the week in Arabic');
  await assertNoOverflow(page, 'the week in Arabic');
  await context.close();
});

/** Each form that the language says a condition has, and those that only the inbox knows. */
async function everyCondition(own: Host): Promise<string[]> {
  const { words } = await own.api('GET', '/v1/inboxes/main/rules/words');
  const forms: string[] = words
    .filter((word: { class: string }) => ['fact', 'count', 'kind', 'attribute', 'value_test'].includes(word.class))
    .map((word: { form: string }) => word.form.replace('GROUP', 'Sales').replace('NUMBER', '2'));
  const optional = / \[(in "Sales")\]/;
  return [
    ...forms.flatMap((form) => (optional.test(form) ? [form.replace(optional, ''), form.replace(optional, ' $1')] : [form])),
    'message is not any [image, video]',
    'message.campaign is not "spring"',
    'message has ad',
    'customer.blocked',
    'customer.orders >= 20',
    'customer has city',
    'customer has tag any ["vip", "press"]',
    'chat with "alice"',
    'chat in "Sales"',
    'chat has tag "refund"',
    'during mon-fri 09:00-12:30 13:30-18:00',
    'during office',
    'loyal',
  ];
}

test('each condition of the language is a sentence, in Arabic too', async () => {
  const own = await startHost();
  const conditions = await everyCondition(own);
  assert.ok(conditions.length > 60, conditions.join('\n'));
  const names = 'dates holidays = jan 1, dec 25..dec 26\nhours office = sun-thu 09:00-17:00 except holidays\nlet loyal = customer.orders > 5\n';
  const rules = conditions.map((condition) => `also when ${condition}: tag "t"\n`).join('');
  await put(own, 'default.rules', `${names}${rules}otherwise: assign nobody\n`);
  for (const look of [WIDE, ARABIC, { ...ARABIC, width: 390 } as const]) {
    const { page, context } = await open(own, look, path(OTHER));
    const lines = page.locator('.rule .condition > li');
    await lines.first().waitFor();
    const texts = await lines.allInnerTexts();
    // What stands for a name is below it.
    assert.equal(texts.length, conditions.length + 3);
    const english = await page.locator('.rule .condition [lang="en"]').allInnerTexts();
    if (look.language === 'ar') assert.deepEqual(english, [], 'these have no words in Arabic');
    else assert.equal(english.length, conditions.length + 1);
    await assertNoOverflow(page, `many conditions, ${look.width} ${look.language}`);
    await context.close();
  }
  await own.stop();
});

test('texts in Arabic stay where they are in a rule', async () => {
  const own = await startHost();
  const condition = 'message contains part any ["استرجاع", "إلغاء", "refund"]';
  await put(own, 'default.rules', `when ${condition}: assign nobody, reply """\n    أهلا!\n    Hello!\n    """\notherwise: assign nobody\n`);
  const { page, context } = await open(own, WIDE, path(OTHER));
  const line = page.locator('.condition > li').first();
  await line.waitFor();
  for (const part of [line.locator('[lang="en"]'), line.locator('code')]) {
    const places = await part.locator('bdi').evaluateAll((all) => all.map((text) => text.getBoundingClientRect()));
    const order = [...places].sort((one, other) => one.top - other.top || one.left - other.left);
    assert.equal(places.length, 3);
    assert.deepEqual(order, places, 'from left to right, line by line');
  }
  const [arabic, english] = await page.locator('.flow-reply .written').evaluate((reply) => {
    const lines = reply.firstChild as Text;
    const box = (from: number, to: number) => {
      const range = document.createRange();
      range.setStart(lines, from);
      range.setEnd(lines, to);
      return range.getBoundingClientRect();
    };
    const end = lines.data.indexOf('\n');
    // What is after the last letter is on the other side of it.
    return [box(end - 1, end).left - box(0, 1).left, box(lines.length - 1, lines.length).left - box(end + 1, end + 2).left];
  });
  assert.ok((arabic ?? 0) < 0 && (english ?? 0) > 0, 'each line of a reply has its own direction');
  await context.close();
  await own.stop();
});

test('a rule without a name keeps its messages when it moves to another line', async () => {
  const own = await startHost();
  const refund = 'when message contains "refund": assign nobody\n';
  await put(own, 'default.rules', `${refund}otherwise: assign nobody\n`);
  await own.message('I want a refund', { phone: '+201001234567' }, { number: OTHER });
  await put(own, 'default.rules', `when message contains "order": assign nobody\n${refund}otherwise: assign nobody\n`);
  const { page, context } = await open(own, WIDE, path(OTHER));
  const rule = (at: number) => page.locator('.rule').nth(at);
  await rule(1).getByText('Decisions: 1 in the last 24 hours').waitFor({ state: 'attached' });
  await rule(0).getByText('Decisions: 0 in the last 24 hours').waitFor({ state: 'attached' });
  await rule(1).getByRole('button', { name: 'Last messages' }).click();
  await rule(1).getByText('I want a refund').waitFor();
  await context.close();
  await own.stop();
});
