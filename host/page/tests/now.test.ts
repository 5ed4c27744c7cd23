/** Users, waiting chats and open chats, and what is done with them. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  assertAccessible,
  assertNoOverflow,
  assertNoProblems,
  BY_HAND,
  eventually,
  type Host,
  LOOKS,
  NARROW,
  open,
  SHOP,
  startHost,
  WIDE,
} from './harness';

let host: Host;
const waiting = (name: string, phone: string) => host.message('hello', { phone, name }, { number: SHOP });

test.before(async () => {
  host = await startHost({ files: BY_HAND });
  await host.setPresence('alice', 'online');
  await host.message('أريد استرداد المبلغ', { phone: '+201001234567', name: 'كريم' });
  await waiting('Vera', '+61491570150');
});

for (const look of LOOKS) {
  test(`who is there, who waits, ${look.width} ${look.theme}`, async () => {
    const shown = await open(host, look);
    const { page, context } = shown;
    await page.locator('.now-waiting').getByText('Vera').waitFor();
    await page.locator('.now-waiting').getByText('queue of Counter').waitFor();
    await page.locator('.now-open').getByText('كريم').waitFor();
    await page.locator('.now-groups').getByText('Sales').waitFor();
    await assertAccessible(page, 'now');
    await assertNoOverflow(page, 'now');
    await page.locator('.now-open .chat-link').first().click();
    await page.getByRole('dialog').getByText('أريد استرداد المبلغ').waitFor();
    await eventually(() => page.getByText('أريد استرداد المبلغ').getAttribute('dir'), 'auto');
    await assertAccessible(page, 'a chat');
    await assertNoOverflow(page, 'a chat');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    assertNoProblems(shown);
    await context.close();
  });
}

test('a presence is changed, and what others change is shown at once', async () => {
  const { page, context } = await open(host, WIDE);
  await page.getByLabel('Presence of Bob').selectOption('online');
  await page.getByText('Bob is online now.').waitFor();
  const users = await host.api('GET', '/v1/inboxes/main/users');
  assert.equal(users.items.find((user: any) => user.id === 'bob').presence, 'online');
  await host.setPresence('carol', 'away');
  await page.waitForFunction(
    () => document.querySelector<HTMLSelectElement>('[aria-label="Presence of Carol"]')?.value === 'away',
  );
  await context.close();
});

for (const look of [WIDE, NARROW]) {
  test(`a chat is taken, transferred and closed by keyboard, ${look.width}`, async () => {
    const name = `Customer of ${look.width}`;
    const { chat } = await waiting(name, `+6149157${look.width}`);
    const { page, context } = await open(host, look);
    const row = page.locator('.chat', { hasText: name });
    const press = async (button: string) => {
      await page.getByRole('dialog').last().getByRole('button', { name: button }).last().focus();
      await page.keyboard.press('Enter');
    };
    await row.getByRole('button', { name: 'Take' }).focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('Give to').selectOption('kim');
    await assertAccessible(page, 'take');
    await press('Take');
    await page.locator('.now-open').getByText(name).waitFor();

    await row.getByRole('button', { name: 'Transfer' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('radio', { name: 'a group' }).click();
    await page.getByLabel('Group', { exact: true }).selectOption('Sales');
    await page.getByLabel('Chosen by').selectOption('in_order');
    await assertAccessible(page, 'transfer');
    await press('Transfer');
    await page.getByText(/The chat went to/).waitFor();
    assert.equal((await host.api('GET', `/v1/inboxes/main/chats/${chat}`)).group, 'Sales');

    await row.getByRole('button', { name: 'Close the chat' }).focus();
    await page.keyboard.press('Enter');
    await press('Close the chat');
    await row.waitFor({ state: 'detached' });
    assert.equal((await host.api('GET', `/v1/inboxes/main/chats/${chat}`)).state, 'closed');
    await context.close();
  });
}

test('the age of what waits goes on', async () => {
  const { page, context } = await open(host, WIDE);
  const age = page.locator('.now-waiting .chat-age time').first();
  const before = await age.textContent();
  await page.waitForFunction((text) => document.querySelector('.now-waiting .chat-age time')?.textContent !== text, before, {
    timeout: 70_000,
  });
  await context.close();
});

test('a chat that another has taken says so', async () => {
  const { chat } = await waiting('Lena', '+61491570999');
  const { page, context } = await open(host, WIDE);
  await page.locator('.chat', { hasText: 'Lena' }).getByRole('button', { name: 'Take' }).click();
  await host.api('POST', `/v1/inboxes/main/chats/${chat}/take`, { user: 'lee' });
  await page.locator('.now-open', { hasText: 'Lena' }).waitFor();
  await page.getByRole('dialog').getByLabel('Give to').selectOption('kim');
  await page.getByRole('dialog').getByRole('button', { name: 'Take' }).click();
  await page.locator('.toast.danger').waitFor();
  await context.close();
});
