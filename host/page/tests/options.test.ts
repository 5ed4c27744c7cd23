/** Routing options: the form of the five cases, the rules that it writes, and what may stand in the way. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
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
const path = (number: string) => `#/main/options/${encodeURIComponent(number)}`;
const card = (page: Page, name: string) => page.locator(`[data-case="${name}"]`);
const save = (page: Page) => page.getByRole('button', { name: 'Save', exact: true });

let host: Host;
test.before(async () => {
  host = await startHost();
});

for (const look of LOOKS) {
  test(`five cases beside their rules, ${look.width} ${look.theme}`, async () => {
    const shown = await open(host, look, path(STORE));
    const { page, context } = shown;
    await page.getByRole('heading', { name: 'A new customer writes while somebody is online' }).waitFor();
    assert.equal(await page.locator('.case').count(), 5);
    assert.equal(await card(page, 'new_online').getByLabel('Group', { exact: true }).inputValue(), 'Sales');
    assert.equal(await card(page, 'new_online').getByLabel('Who in the group').inputValue(), 'least_chats');
    await card(page, 'owner_not_online').getByText('Alice is away, Bob will help you.').waitFor();
    await assertAccessible(page, 'the form');
    await assertNoOverflow(page, 'the form');
    if (look.width === 390) await page.getByRole('tab', { name: 'Rules' }).click();
    await page.locator('.options-rules .code').getByText('least_chats', { exact: true }).first().waitFor();
    await assertAccessible(page, 'the rules');
    await assertNoOverflow(page, 'the rules');
    assertNoProblems(shown);
    await context.close();
  });
}

test('a change shows the new rules at once, and decides once it is saved', async () => {
  const own = await startHost();
  const { page, context } = await open(own, WIDE, path(STORE));
  const first = card(page, 'new_online');
  await first.getByLabel('Who in the group').selectOption('in_order');
  await first.getByLabel('Message after assigning').fill('Hello, ');
  await first.getByRole('button', { name: 'customer’s name' }).click();
  await first.getByText('Hello, Mona').waitFor();
  const added = page.locator('.options-rules .added');
  await added.getByText('reply "Hello, {customer.name}"').waitFor();
  await page.getByRole('button', { name: 'Only what changes' }).click();
  await save(page).click();
  await page.getByText('Saved. The new rules decide from now on.').waitFor();
  const text = await readFile(join(own.rules, `${STORE}.rules`), 'utf8');
  assert.match(text, /assign group "Sales" by in_order,\s+reply "Hello, \{customer\.name\}"/);
  assert.match(text, /^# The main store/, 'comments stay');
  await own.api('PATCH', '/v1/inboxes/main/users/alice', { presence: 'online' });
  const { decision } = await own.message('hi', { phone: '+201001234567', name: 'Nour' });
  assert.deepEqual([decision.assign.by, decision.replies[0].text], ['in_order', 'Hello, Nour']);
  await context.close();
  await own.stop();
});

test('rules of another shape are shown as a flow, with the reason', async () => {
  const shown = await open(host, WIDE, path(SHOP));
  const { page, context } = shown;
  await page.getByText('These rules say more than the form can show.').waitFor();
  await page.locator('.flow').getByRole('heading', { name: 'vip, to their own contact' }).waitFor();
  await assertAccessible(page, 'no form');
  await page.getByRole('link', { name: 'Change them in the editor' }).click();
  await page.waitForURL(/edit/);
  assertNoProblems(shown);
  await context.close();
});

test('a number without rules begins with a form that can be saved', async () => {
  const own = await startHost();
  const number = '+4930123456';
  await removeDefault(own);
  const { page, context } = await open(own, WIDE, path(number));
  await page.getByText('This number has no rules yet.').waitFor();
  await page.locator('.options-rules').getByText('new file').waitFor();
  await save(page).click();
  await page.getByText('Saved. The new rules decide from now on.').waitFor();
  await own.api('PATCH', '/v1/inboxes/main/users/alice', { presence: 'online' });
  const { decision } = await own.message('hi', { phone: '+201001234567' }, { number });
  assert.equal(decision.assign.user, 'alice');
  await context.close();
  await own.stop();
});

test('what was typed for a new number stays when others save, and is not left without a question', async () => {
  const own = await startHost();
  await removeDefault(own);
  const { page, context } = await open(own, WIDE, path('+4930123456'));
  const reply = card(page, 'new_online').getByLabel('Message after assigning');
  await reply.fill('Half a sen');
  const { digest } = await own.api('GET', '/v1/inboxes/main/rules');
  const text = await readFile(join(own.rules, `${STORE}.rules`), 'utf8');
  await own.api('PUT', '/v1/inboxes/main/rules', { base: digest, files: { [`${STORE}.rules`]: `# more\n${text}` } });
  await page.waitForTimeout(1_500);
  assert.equal(await reply.inputValue(), 'Half a sen');

  page.once('dialog', (dialog) => void dialog.dismiss());
  await page.getByRole('link', { name: 'Decisions' }).click();
  await page.waitForURL(/options/);
  assert.equal(await reply.inputValue(), 'Half a sen');
  page.once('dialog', (dialog) => void dialog.accept());
  await page.getByRole('link', { name: 'Decisions' }).click();
  await page.getByRole('heading', { name: 'Decisions', exact: true }).waitFor();
  await context.close();
  await own.stop();
});

/** So that a number without a file has no rules. */
async function removeDefault(own: Host) {
  const { digest } = await own.api('GET', '/v1/inboxes/main/rules');
  await own.api('PUT', '/v1/inboxes/main/rules', { base: digest, files: { 'default.rules': null } });
}

test('when others have changed the rules, the form can be applied on top', async () => {
  const own = await startHost();
  const { page, context } = await open(own, WIDE, path(STORE));
  const first = card(page, 'new_online');
  await first.getByLabel('Who in the group').selectOption('in_order');
  await page.locator('.options-rules .added').first().waitFor();
  const { digest } = await own.api('GET', '/v1/inboxes/main/rules');
  const before = await readFile(join(own.rules, `${STORE}.rules`), 'utf8');
  const files = { [`${STORE}.rules`]: before.replace('We are out of office hours', 'We are closed') };
  const others = before.includes('expect reply contains "out of office hours"')
    ? {
        [`${STORE}.rules`]: files[`${STORE}.rules`]!.replace(
          'expect reply contains "out of office hours"',
          'expect reply contains "closed"',
        ),
      }
    : files;
  await own.api('PUT', '/v1/inboxes/main/rules', { base: digest, files: others });
  await save(page).click();
  const dialog = page.getByRole('dialog', { name: 'Somebody has changed the rules meanwhile' });
  await dialog.locator('.added').getByText('We are closed').first().waitFor();
  await assertAccessible(page, 'the change of others');
  await dialog.getByRole('button', { name: 'Apply mine on top' }).click();
  await page.getByText('Saved. The new rules decide from now on.').waitFor();
  const text = await readFile(join(own.rules, `${STORE}.rules`), 'utf8');
  assert.match(
    text,
    /when new_customer and any_online in "Sales":\s+assign group "Sales" by in_order,/,
    'mine',
  );
  assert.match(text, /We are closed/, 'theirs');
  await context.close();
  await own.stop();
});

test('the gate says what would change, and lets it through', async () => {
  const own = await startHost({ settings: 'gate = "diff"' });
  const { page, context } = await open(own, WIDE, path(STORE));
  await card(page, 'new_online').getByLabel('Message after assigning').fill('Good day');
  await page.locator('.options-rules .added').getByText('Good day').waitFor();
  await save(page).click();
  const dialog = page.getByRole('dialog', { name: 'Should this decide from now on?' });
  await dialog.getByText('Good day').first().waitFor();
  await assertAccessible(page, 'the gate');
  await dialog.getByRole('button', { name: 'Accept and use' }).click();
  await page.getByText('Saved. The new rules decide from now on.').waitFor();
  const { waiting } = await own.api('GET', '/v1/inboxes/main/rules');
  assert.equal(waiting, null);
  await context.close();
  await own.stop();
});

test('only the rules that were just saved are accepted at the gate', async () => {
  const { page, context } = await open(host, WIDE, path(STORE));
  await page.route(/\/rules$/, (route) => {
    if (route.request().method() !== 'PUT') return route.continue();
    const error = { code: 'gate', message: 'they wait', place: null, waiting: { digest: 'sha256:mine', differences: 1 } };
    return route.fulfill({ status: 409, json: { error } });
  });
  const accepted = page.waitForRequest(/\/rules\/accept$/);
  await card(page, 'new_online').getByLabel('Message after assigning').fill('Good day');
  await page.locator('.options-rules .added').getByText('Good day').waitFor();
  await save(page).click();
  const dialog = page.getByRole('dialog', { name: 'Should this decide from now on?' });
  await dialog.getByRole('button', { name: 'Accept and use' }).click();
  assert.deepEqual((await accepted).postDataJSON(), { digest: 'sha256:mine' });
  await page.getByText('What waits now was saved by somebody else.').waitFor();
  await context.close();
});

test('what the checker has against a choice is told before it is saved', async () => {
  const { page, context } = await open(host, WIDE, path(STORE));
  await card(page, 'new_online').getByLabel('Who in the group').selectOption('random');
  await page.locator('.options-rules .finding').getByText('a test cannot expect one of them').first().waitFor();
  await page.getByText('shown below').waitFor();
  await assertAccessible(page, 'an error of the form');
  await assertNoOverflow(page, 'an error of the form');
  await context.close();
});

test('by keyboard alone', async () => {
  const { page, context } = await open(host, WIDE, path(STORE));
  await card(page, 'owner_not_online').getByLabel('A group takes it').focus();
  await page.keyboard.press('ArrowUp');
  assert.ok(await card(page, 'owner_not_online').getByLabel('The owner keeps it').isChecked());
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.getByText('Not saved yet.').waitFor();
  await page.getByRole('button', { name: 'Discard' }).press('Enter');
  await page.getByText('Nothing has been changed.').waitFor();
  await context.close();
});

test('a token that may only read sees the form, and changes nothing', async () => {
  const own = await startHost();
  const token = await own.tokenFor(['read']);
  await own.restart();
  const shown = await open(own, WIDE, path(STORE), token);
  await card(shown.page, 'new_online').waitFor();
  assert.ok(await card(shown.page, 'new_online').getByLabel('Group', { exact: true }).isDisabled());
  assert.equal(await save(shown.page).count(), 0);
  assertNoProblems(shown);
  await shown.context.close();
  await own.stop();
});

test('in Arabic the page is read from right to left, and the rules are not', async () => {
  const { page, context } = await open(host, ARABIC, path(STORE));
  await page.getByRole('heading', { name: 'يكتب عميل جديد وهناك أحد متصل' }).waitFor();
  const direction = (selector: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((element) => getComputedStyle(element).direction);
  assert.equal(await direction('.case'), 'rtl');
  assert.equal(await direction('.options-rules .code'), 'ltr');
  await assertAccessible(page, 'in Arabic');
  await assertNoOverflow(page, 'in Arabic');
  await context.close();
});

test('without a number the views of a number ask for one, and call nothing', async () => {
  for (const view of ['options', 'policy']) {
    const shown = await open(host, WIDE, `#/main/${view}`);
    const refused: string[] = [];
    shown.page.on('response', (response) => response.status() === 400 && refused.push(response.url()));
    await shown.page.getByRole('heading', { name: 'Choose a number' }).waitFor();
    assert.deepEqual(refused, []);
    assertNoProblems(shown);
    await shown.context.close();
  }
});
