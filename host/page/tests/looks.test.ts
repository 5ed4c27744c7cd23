/** How the views look to everybody: in the system's colours, in Arabic, and with what seldom happens. */

import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import {
  ARABIC,
  assertAccessible,
  assertNoOverflow,
  assertNoProblems,
  at,
  BY_HAND,
  CLINIC,
  type Host,
  NARROW,
  open,
  SHOP,
  startHost,
  STORE,
  WIDE,
} from './harness';

/** WhatsApp lets nothing be sent from any number: the account has not been paid. */
const UNPAID = 131042;
let graph: Server;
let host: Host;

test.before(async () => {
  graph = createServer((request, response) => {
    request.resume();
    response.writeHead(400, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: { code: UNPAID, message: 'Business eligibility payment issue' } }));
  });
  await new Promise<void>((resolve) => graph.listen(0, '127.0.0.1', resolve));
  const { port } = graph.address() as AddressInfo;
  host = await startHost({ files: BY_HAND, graph: `http://127.0.0.1:${port}` });
  await host.setPresence('alice', 'online');
  await host.setPresence('bob', 'away');
  await host.message('أريد استرداد المبلغ', { phone: '+201001234567', name: 'كريم' });
  await host.message('hello', { phone: '+201001234568' });
  await host.message('hello', { phone: '+61491570150', name: 'Vera' }, { number: SHOP });
});
test.after(() => graph.close());

test('a number that is paused is told at the top of Now, and at the number', async () => {
  await host.message('hello', { phone: '+393401234567', name: 'Sofia' }, { send: true });
  const { page, context } = await open(host, WIDE, at('now'));
  await page.getByText(`Main store is paused: WhatsApp lets nothing be sent (code ${UNPAID}).`).waitFor();
  await assertAccessible(page, 'a paused number');
  await page.goto(`/${at('numbers')}`);
  const card = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'Main store' }) });
  await card.getByText('paused', { exact: true }).waitFor();
  await card.getByText(`(code ${UNPAID})`).waitFor();
  await assertAccessible(page, 'the numbers with a paused one');
  await context.close();
});

test('what WhatsApp says about the account is listed', async () => {
  await host.webhook({
    field: 'account_update',
    value: { phone_number: '15550100', event: 'ACCOUNT_RESTRICTION', ban_info: { waba_ban_state: 'REINSTATE' } },
  });
  const { page, context } = await open(host, NARROW, at('now'));
  const notices = page.locator('.now-notices');
  await notices.getByText('account_update').waitFor();
  await notices.getByText('ACCOUNT_RESTRICTION').waitFor();
  await assertAccessible(page, 'notices');
  await assertNoOverflow(page, 'notices');
  await context.close();
});

const VIEWS: [name: string, path: string, prepare?: (page: Page) => Promise<unknown>][] = [
  ['now', at('now')],
  ['a chat', at('now'), (page) => page.locator('.now-open .chat-link').first().click()],
  ['decisions', at('decisions')],
  ['a decision', at('decisions'), (page) => page.locator('.decision-row').last().click()],
  ['numbers', at('numbers')],
  ['options', at('options', STORE)],
  ['options of another shape', at('options', SHOP)],
  ['policy', at('policy', SHOP)],
  ['week', at('policy', CLINIC), (page) => page.getByRole('tab').last().click()],
  ['edit', at('edit', `${STORE}.rules`)],
  ['try', at('edit', `${STORE}.rules`), (page) => page.getByRole('tab').nth(2).click()],
  ['history', at('edit', `${STORE}.rules`), (page) => page.getByRole('tab').last().click()],
  ['play', at('play')],
];

/** Texts that do not fit into their boxes, but for those that are cut off with three dots or can be scrolled. */
function cutTexts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const isMeant = (element: Element) => {
      const style = getComputedStyle(element);
      const isClipped = style.overflowX === 'hidden' || style.overflowX === 'clip';
      return isClipped && style.textOverflow !== 'ellipsis' && !element.closest('.visually-hidden, .editor, .code');
    };
    const cut = [...document.querySelectorAll<HTMLElement>('main *, nav *, dialog *')].filter(
      (element) => isMeant(element) && element.scrollWidth > element.clientWidth + 1,
    );
    const stuck = [...document.querySelectorAll<HTMLElement>('button, .badge, .segments > *')].filter(
      (element) => element.offsetParent !== null && element.scrollWidth > element.clientWidth + 1,
    );
    return [...cut, ...stuck].map((element) => `${element.className}: ${element.textContent}`);
  });
}

for (const look of [{ ...ARABIC, theme: 'dark' as const }, { ...NARROW, language: 'ar' as const }]) {
  test(`every view in Arabic, ${look.width} ${look.theme}`, { timeout: 300_000 }, async () => {
    for (const [name, path, prepare] of VIEWS) {
      const shown = await open(host, look, path);
      const { page, context } = shown;
      await page.locator('.view h1').first().waitFor();
      await page.waitForLoadState('networkidle');
      await prepare?.(page);
      await page.waitForTimeout(300);
      await assertNoOverflow(page, name);
      assert.deepEqual(await cutTexts(page), [], name);
      await assertAccessible(page, name);
      assertNoProblems(shown);
      await context.close();
    }
  });
}

test('every view shows all of its texts at both widths', { timeout: 300_000 }, async () => {
  for (const look of [WIDE, NARROW]) {
    for (const [name, path, prepare] of VIEWS) {
      const { page, context } = await open(host, look, path);
      await page.locator('.view h1').first().waitFor();
      await page.waitForLoadState('networkidle');
      await prepare?.(page);
      await page.waitForTimeout(300);
      await assertNoOverflow(page, `${name} ${look.width}`);
      assert.deepEqual(await cutTexts(page), [], `${name} ${look.width}`);
      await context.close();
    }
  }
});

test("in the system's colours, what has the focus, what is chosen and bars are seen", async () => {
  const { page, context } = await open(host, WIDE, at('now'));
  await page.emulateMedia({ forcedColors: 'active' });
  const style = (selector: string, name: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), name);
  await page.locator('.now-open .chat-link').first().waitFor();
  const [surface, bar] = [await style('body', 'background-color'), await style('.meter > span', 'background-color')];
  assert.notEqual(bar, await style('.card', 'background-color'), `${surface} ${bar}`);
  assert.equal(await style('.meter', 'border-top-style'), 'solid');
  assert.notEqual(await style('.avatar .presence.online', 'background-color'), await style('.card', 'background-color'));
  const chosen = ['.nav a[aria-current]', 'outline-style'] as const;
  assert.equal(await style(...chosen), 'solid');
  await page.locator('.nav a[aria-current]').focus();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Tab');
  assert.equal(await style(...chosen), 'double', 'the focus on what is chosen');
  await page.goto(`/${at('decisions')}`);
  await page.locator('.decision-row').first().click();
  await page.locator('.decision-row[aria-current]').waitFor();
  await page.locator('.detail').getByRole('button', { name: 'Close' }).focus();
  assert.equal(await style('.decision-row[aria-current]', 'outline-style'), 'solid');
  await context.close();
});
