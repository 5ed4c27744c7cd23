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
  type Host,
  LOOKS,
  open,
  startHost,
  WIDE,
} from './harness';

const STORE = '+15550100';
const SHOP = '+61491570156';
const CLINIC = '+201000000001';
const path = (number: string) => `#/main/policy/${encodeURIComponent(number)}`;

let host: Host;
test.before(async () => {
  host = await startHost();
  await host.api('PATCH', '/v1/inboxes/main/users/alice', { presence: 'online' });
  await host.message('Hello, are you open?', { phone: '+201001234567', name: 'Mona' });
  await host.message('hello', { phone: '+201001234568', name: 'Karim' });
});

for (const look of LOOKS) {
  test(`rules in order with their counts, ${look.width} ${look.theme}`, async () => {
    const shown = await open(host, look, path(STORE));
    const { page, context } = shown;
    const welcome = page.locator('.rule', { has: page.getByRole('heading', { name: 'welcome' }) });
    await welcome.getByText('new_customer', { exact: true }).waitFor();
    await welcome.getByText('One of Sales').waitFor();
    await welcome
      .getByText('2 decisions in the last 24 hours, 2 in the last 7 days')
      .waitFor({ state: 'attached' });
    assert.equal(await page.locator('.rule').count(), 5);
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
  assert.equal(await rule('vip').locator('.steps > li').count(), 3);
  await rule('from an advertisement').locator('.join', { hasText: 'or' }).waitFor();
  await rule('refund').getByText('priority high').waitFor();
  await assertAccessible(page, 'a long policy');
  assertNoProblems(shown);
  await context.close();
});

test('a rule that nothing reaches is dimmed, and says so', async () => {
  const own = await startHost();
  const put = async (name: string, text: string) => {
    const { digest } = await own.api('GET', '/v1/inboxes/main/rules');
    await own.api('PUT', '/v1/inboxes/main/rules', { base: digest, files: { [name]: text } });
  };
  // Such a rule is an error, unless the inbox says that it is not.
  const inbox = await readFile(join(own.rules, 'inbox.toml'), 'utf8');
  await put('inbox.toml', inbox.replace('[lints]\n', '[lints]\nunreachable-rule = "warn"\n'));
  const rules = [
    'rule "all"\nwhen new_customer or returning_customer:\n    assign group "Sales" by hand\n',
    'rule "none"\nwhen new_customer:\n    assign group "Sales" by random\n',
  ];
  await put('default.rules', rules.join('\n'));
  const { page, context } = await open(own, WIDE, path('+4930123456'));
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
