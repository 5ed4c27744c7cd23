/** A customer to play. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible, assertNoOverflow, assertNoProblems, eventually, type Host, LOOKS, open, startHost, WIDE } from './harness';

let host: Host;
test.before(async () => {
  host = await startHost();
});

for (const look of LOOKS) {
  test(`the first run needs nothing else, ${look.width} ${look.theme}`, async () => {
    const shown = await open(host, look, '#/main/play');
    const { page, context } = shown;
    if (look.width === 390) {
      // Who writes stands above the phone, closed.
      await page.locator('.play-more').click();
      await page.getByLabel('Writes to').waitFor();
      await assertNoOverflow(page, 'who writes');
      await page.locator('.play-more').click();
    }
    await page.getByLabel('Presence of Alice').selectOption('online');
    await page.getByRole('button', { name: 'Hello!' }).click();
    await page.locator('.phone').getByText("Welcome to my store. We'll be with you in a moment.").waitFor();
    await page.locator('.play-desk').getByText('The chat is with Alice.').waitFor();
    await page.locator('.play-desk').getByText(/is a new customer/).waitFor();
    await assertAccessible(page, 'play');
    await assertNoOverflow(page, 'play');

    await page.getByRole('textbox', { name: 'Answer as Alice' }).fill('How can I help you?');
    await page.keyboard.press('Enter');
    await page.locator('.phone').getByText('How can I help you?').waitFor();
    await page.locator('.play-desk').getByRole('button', { name: 'Close the chat' }).click();
    await page.getByText('The chat is closed.').waitFor();

    await page.getByRole('textbox', { name: 'Message' }).fill('مرحبا');
    await page.keyboard.press('Enter');
    await page.locator('.play-desk').getByText(/returning customer/).first().waitFor();
    await page.locator('.play-desk').getByRole('link', { name: 'back to the owner' }).waitFor();
    await assertAccessible(page, 'a returning customer');
    assertNoProblems(shown);
    await context.close();
  });
}

test('a returning customer with an owner, and another kind of message', async () => {
  const { page, context } = await open(host, WIDE, '#/main/play');
  await page.getByLabel('Owner').selectOption('carol');
  await eventually(() => page.getByLabel('Returning customer').isChecked(), true);
  await page.getByLabel('Presence of Carol').selectOption('online');
  await page.getByLabel('Kind of message').selectOption('image');
  await page.getByLabel('Caption').fill('this one');
  await page.keyboard.press('Enter');
  await page.locator('.play-desk').getByText('The chat is with Carol.').waitFor();
  await page.locator('.phone .badge', { hasText: 'picture' }).waitFor();
  await context.close();
});

test('a message whose answer is lost is sent again as the same', async () => {
  const { page, context } = await open(host, WIDE, '#/main/play');
  const ids: string[] = [];
  await page.route(/\/messages$/, async (route) => {
    ids.push(route.request().postDataJSON().message.id);
    if (ids.length > 1) return route.continue();
    await route.fetch();
    return route.abort();
  });
  await page.getByRole('textbox', { name: 'Message' }).fill('only once');
  await page.keyboard.press('Enter');
  await page.getByText('Try again once the connection is back.').waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.why-outcome').waitFor();
  assert.equal(new Set(ids).size, 1);
  const { items } = await host.api('GET', '/v1/inboxes/main/decisions?newest=true&limit=5');
  assert.equal(items.filter(({ text }: { text: string }) => text === 'only once').length, 1);
  await context.close();
});

test('several customers, who stay while other views are open', async () => {
  const { page, context } = await open(host, WIDE, '#/main/play');
  await page.getByLabel('Name', { exact: true }).fill('First');
  await page.getByRole('button', { name: 'Hello!' }).click();
  await page.locator('.why-outcome').waitFor();
  await page.getByRole('button', { name: 'New customer' }).click();
  await page.getByText('Write something, as a customer would.').waitFor();
  await page.goto('/#/main/now');
  await page.getByRole('heading', { name: 'Now', exact: true }).waitFor();
  await page.goto('/#/main/play');
  await page.getByRole('button', { name: 'First' }).click();
  await page.locator('.phone .bubble').first().waitFor();
  await assertAccessible(page, 'several customers');
  await context.close();
});

test('a reply that comes after a while is shown, also in a second chat', async () => {
  const { page, context } = await open(host, WIDE, '#/main/play');
  await page.getByLabel('Presence of Alice').selectOption('online');
  const desk = page.locator('.play-desk');
  await page.getByLabel('Name', { exact: true }).fill('Nour');
  await page.getByRole('button', { name: 'Hello!' }).click();
  await desk.getByText('The chat is with Alice.').waitFor();
  await desk.getByRole('button', { name: 'Close the chat' }).click();
  await page.getByText('The chat is closed.').waitFor();
  await page.getByRole('textbox', { name: 'Message' }).fill('one more thing');
  await page.keyboard.press('Enter');
  await desk.getByText('The chat is with Alice.').waitFor();
  const { items } = await host.api('GET', '/v1/inboxes/main/chats?state=open&user=alice');
  const id = Math.max(...items.map((chat: { id: number }) => chat.id));
  await page.route(/\/texts$/, async (route) => {
    const texts = await (await route.fetch()).json();
    const later = { at: new Date().toISOString(), seq: id, from: 'rules', kind: null, text: 'Still there?', state: 'sent' };
    await route.fulfill({ json: { ...texts, items: [...texts.items, later] } });
  });
  await host.api('POST', `/v1/inboxes/main/chats/${id}/answered`, { user: 'alice' });
  await page.locator('.phone').getByText('Still there?').waitFor();
  const bubbles = await page.locator('.phone .bubble p:first-child').allTextContents();
  assert.equal(new Set(bubbles).size, bubbles.length, `nothing twice: ${bubbles}`);
  await context.close();
});
