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
  eventually,
  type Host,
  LOOKS,
  NARROW,
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
    await eventually(() => page.locator('.case').count(), 5);
    await eventually(() => card(page, 'new_online').getByLabel('Group', { exact: true }).inputValue(), 'Sales');
    await eventually(() => card(page, 'new_online').getByLabel('Who in the group').inputValue(), 'least_chats');
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
  await eventually(() => reply.inputValue(), 'Half a sen');

  page.once('dialog', (dialog) => void dialog.dismiss());
  await page.getByRole('link', { name: 'Decisions' }).click();
  await page.waitForURL(/options/);
  await eventually(() => reply.inputValue(), 'Half a sen');
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

for (const look of [WIDE, NARROW, { ...NARROW, theme: 'dark', language: 'ar' } as const]) {
  test(`tests that a choice breaks are named, ${look.width} ${look.language}`, async () => {
    const { page, context } = await open(host, look, path(STORE));
    await card(page, 'new_online').locator('select').nth(1).selectOption('random');
    const tests = page.locator('.broken-tests');
    await tests.locator('summary').first().click();
    await tests.getByText('a new customer goes to whoever has the fewest chats').waitFor();
    await tests.getByText('assign user "bob"').first().waitFor();
    await eventually(() => page.locator('.save-bar .primary').isDisabled(), true);
    await assertAccessible(page, 'broken tests');
    await assertNoOverflow(page, 'broken tests');
    await context.close();
  });
}

test('tests that chance would decide are changed with the form, if somebody chooses so', async () => {
  const own = await startHost();
  const { page, context } = await open(own, WIDE, path(STORE));
  const before = await readFile(join(own.rules, `${STORE}.rules`), 'utf8');
  await card(page, 'new_online').getByLabel('Who in the group').selectOption('random');
  await page.getByText('Before you save, choose what becomes of the tests.').waitFor();
  await eventually(() => save(page).isDisabled(), true);
  await page.getByRole('button', { name: 'Change what they expect' }).click();
  await page.locator('.options-rules .added').getByText('expect assign user any ["alice", "bob"]').first().waitFor();
  await page.getByText('What these tests expect is changed').waitFor();
  await page.getByRole('button', { name: 'The whole file' }).waitFor();
  await page.getByRole('button', { name: 'Leave the tests as they are' }).click();
  await page.locator('.options-rules .added').getByText('any ["alice", "bob"]').first().waitFor({ state: 'detached' });
  await eventually(() => save(page).isDisabled(), true);
  await page.getByRole('button', { name: 'Change what they expect' }).click();
  await page.getByText('Not saved yet.').waitFor();
  await save(page).click();
  await page.getByText('Saved. The new rules decide from now on.').waitFor();
  const text = await readFile(join(own.rules, `${STORE}.rules`), 'utf8');
  const lines = (of: string) => of.split('\n').filter((line) => !/assign (user|group "Sales" by)/.test(line));
  assert.deepEqual(lines(text), lines(before), 'only who is assigned has changed');
  const { failed } = await own.api('POST', '/v1/inboxes/main/rules/test', { files: {} });
  assert.equal(failed, 0);
  await context.close();
  await own.stop();
});

test('the form goes on in the editor, with its text as what is not saved', async () => {
  const { page, context } = await open(host, WIDE, path(STORE));
  await card(page, 'owner_online').getByLabel('Message after assigning').fill('Hello again');
  await page.locator('.broken-tests summary').first().click();
  await page.locator('.broken-tests').getByRole('button', { name: /:\d+$/ }).first().click();
  await page.waitForURL(/edit/);
  await page.getByText('1 file is not saved yet').waitFor();
  await page.locator('.cm-activeLine').getByText('expect no reply').waitFor();
  await page.goto(`/${path(STORE)}`);
  await card(page, 'owner_online').getByLabel('Message after assigning').fill('Something else');
  let asked = '';
  page.once('dialog', (dialog) => ((asked = dialog.message()), void dialog.dismiss()));
  await page.getByRole('button', { name: 'Go on in the editor' }).click();
  await page.waitForTimeout(200);
  assert.match(asked, /not saved/);
  assert.match(page.url(), /options/);
  await context.close();
});

test('what is wrong with a reply stands below it', async () => {
  const { page, context } = await open(host, WIDE, path(STORE));
  const of = card(page, 'owner_online');
  const reply = of.getByLabel('Message after assigning');
  await reply.fill('Dear {customer.nme}');
  await of.getByRole('alert').getByText('customer.nme').waitFor();
  await eventually(() => reply.getAttribute('aria-invalid'), 'true');
  await reply.fill('x'.repeat(4_097));
  await of.getByRole('alert').getByText('4097 characters').waitFor();
  await eventually(() => save(page).isDisabled(), true);
  await assertAccessible(page, 'an error of a reply');
  await reply.fill('Dear {customer.name or you}');
  await of.getByRole('alert').waitFor({ state: 'detached' });
  await context.close();
});

const OWN = '+4930123456';
const TWO = `rule "all" when new_customer: assign group "Sales" by in_order

otherwise: assign owner else group "Support" by in_order
`;

test('a number that shares a form gets one of its own, and the others keep theirs', async () => {
  const own = await startHost({ files: { 'default.rules': TWO } });
  const { page, context } = await open(own, WIDE, path(OWN));
  await page.getByText('This number follows default.rules').waitFor();
  await card(page, 'new_online').getByLabel('Message after assigning').fill('Hello');
  await page.locator('.options-rules').getByText('default.rules').waitFor();
  await page.getByLabel('Give this number a file of its own').check();
  await page.locator('.options-rules').getByText(`${OWN}.rules`).waitFor();
  await assertAccessible(page, 'a shared form');
  await save(page).click();
  await page.getByText('Saved. The new rules decide from now on.').waitFor();
  await page.getByText('This number follows default.rules').waitFor({ state: 'detached' });
  assert.equal(await readFile(join(own.rules, 'default.rules'), 'utf8'), TWO);
  assert.match(await readFile(join(own.rules, `${OWN}.rules`), 'utf8'), /reply "Hello"/);
  await context.close();
  await own.stop();
});

test('rules of another shape that are shared are told so, and copied for a number of its own', async () => {
  const own = await startHost();
  const { page, context } = await open(own, WIDE, path(OWN));
  await page.getByText('These rules say more than the form can show.').waitFor();
  await page.getByText('This number follows default.rules').waitFor();
  await page.locator('.flow').waitFor();
  await page.getByLabel('Give this number a file of its own').check();
  await page.getByText('new file').waitFor();
  await assertAccessible(page, 'a copy');
  await save(page).click();
  await page.getByText('Saved. The new rules decide from now on.').waitFor();
  await page.getByText('This number follows default.rules').waitFor({ state: 'detached' });
  const [copy, first] = await Promise.all(
    [`${OWN}.rules`, 'default.rules'].map((name) => readFile(join(own.rules, name), 'utf8')),
  );
  assert.equal(copy, first);
  await context.close();
  await own.stop();
});

test('what others save is shown, whether or not it has a form', async () => {
  const own = await startHost();
  const { page, context } = await open(own, WIDE, path(STORE));
  await card(page, 'new_online').getByLabel('Group', { exact: true }).waitFor();
  const put = async (change: (text: string) => string) => {
    const { digest } = await own.api('GET', '/v1/inboxes/main/rules');
    const text = change(await readFile(join(own.rules, `${STORE}.rules`), 'utf8'));
    await own.api('PUT', '/v1/inboxes/main/rules', { base: digest, files: { [`${STORE}.rules`]: text } });
  };
  await put((text) => text.replace('otherwise:', 'also when new_customer: tag "x"\n\notherwise:'));
  await page.getByText('These rules say more than the form can show.').waitFor();
  await put((text) => text.replace('also when new_customer: tag "x"\n\n', ''));
  await card(page, 'new_online').getByLabel('Group', { exact: true }).waitFor();
  await context.close();
  await own.stop();
});

test('by keyboard alone', async () => {
  const { page, context } = await open(host, WIDE, path(STORE));
  await card(page, 'owner_not_online').getByLabel('A group takes it').focus();
  await page.keyboard.press('ArrowUp');
  await eventually(() => card(page, 'owner_not_online').getByLabel('The owner keeps it').isChecked(), true);
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
  await eventually(() => card(shown.page, 'new_online').getByLabel('Group', { exact: true }).isDisabled(), true);
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
