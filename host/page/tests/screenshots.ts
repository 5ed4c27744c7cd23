/** Takes a picture of every view, in both themes, at both widths, in both languages, into `screenshots/`; some of them are
 *  those of `docs/page.md`. `npm run screenshots -- NAME` takes only those whose name contains NAME, and
 *  `docs` only those of the manual. */

import { mkdir, stat } from 'node:fs/promises';
import { test } from 'node:test';
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { ARABIC, BY_HAND, type Host, LOOKS, type Look, NARROW, open, SHOP, startHost } from './harness';

interface View {
  name: string;
  path: string;
  /** What is done before the picture is taken. */
  prepare?: (page: Page, host: Host) => Promise<unknown>;
  /** Without a session. */
  loggedOut?: boolean;
  /** It is also one of `docs/page.md`. */
  inDocs?: boolean;
}

const VIEWS: View[] = [
  { name: 'log-in', path: '#/main/now', loggedOut: true },
  { name: 'now', path: '#/main/now', inDocs: true },
  {
    name: 'chat',
    path: '#/main/now',
    prepare: (page) => page.locator('.now-open .chat-link').last().click(),
  },
  { name: 'transfer', path: '#/main/now', prepare: (page) => page.locator('.now-open .chat-actions button').first().click() },
  { name: 'decisions', path: '#/main/decisions' },
  {
    name: 'decision',
    path: '#/main/decisions',
    inDocs: true,
    prepare: (page) => page.locator('.decision-row', { hasText: 'Sofia' }).last().click(),
  },
  { name: 'numbers', path: '#/main/numbers', inDocs: true },
  {
    name: 'options',
    path: '#/main/options/%2B15550100',
    inDocs: true,
    prepare: async (page) => {
      await page.locator('[data-case="new_online"] select').last().selectOption('in_order');
      await page.locator('.options-rules .added').first().waitFor({ state: 'attached' });
    },
  },
  { name: 'options-other-shape', path: '#/main/options/%2B61491570156' },
  { name: 'policy', path: '#/main/policy/%2B15550100', inDocs: true },
  { name: 'policy-long', path: '#/main/policy/%2B61491570156' },
  { name: 'week', path: '#/main/policy/%2B201000000001', prepare: (page) => page.getByRole('tab').last().click() },
  { name: 'edit', path: '#/main/edit/%2B15550100.rules', inDocs: true, prepare: mistake },
  { name: 'edit-try', path: '#/main/edit/%2B15550100.rules', prepare: tryOut },
  { name: 'edit-changes', path: '#/main/edit/%2B15550100.rules', prepare: compare },
  { name: 'edit-history', path: '#/main/edit/%2B15550100.rules', prepare: (page) => page.getByRole('tab').last().click() },
  { name: 'play', path: '#/main/play', inDocs: true, prepare: play },
  { name: 'settings', path: '#/main/numbers', prepare: (page) => page.locator('button:visible:has(svg)').last().click() },
];

const LOOKS_OF_ALL: Look[] = [...LOOKS, ARABIC, { ...NARROW, language: 'ar' }, { ...ARABIC, theme: 'dark' }];
const DOCS_WIDTH = 1280;
const DOCS_BYTES = 150_000;
const OUT = new URL('../screenshots/', import.meta.url).pathname;
const DOCS = new URL('../../../docs/page/', import.meta.url).pathname;
const only = process.argv[2] ?? '';
const DOCS_ONLY = 'docs';

async function play(page: Page) {
  await page.locator('.sample').first().click();
  await page.locator('.why-outcome').waitFor();
}

async function type(page: Page, text: string) {
  await page.locator('.cm-content').click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type(text);
}

async function mistake(page: Page) {
  await type(page, 'rule "refund"\nwhen message contains "refund" and any_online in "Suport":\n    assign group "Support" by least_chats\n\n');
  await page.locator('.finding').first().waitFor();
}

async function tryOut(page: Page) {
  await page.getByRole('tab').nth(2).click();
  await page.locator('.panel button[type="submit"]').click();
  await page.locator('.why-outcome').waitFor();
}

async function compare(page: Page) {
  await type(page, 'rule "refund"\nwhen message contains "refund":\n    assign group "Support" by least_chats\n\n');
  await page.getByRole('tab').nth(3).click();
  await page.locator('.panel button').nth(0).click();
  await page.locator('.difference').first().waitFor();
  await page.locator('.panel button').nth(0).click();
}

const PEOPLE = [
  ['Mona Farouk', '+201001234567', 'Hello, do you have this in blue?'],
  ['كريم عبد الله', '+201001234568', 'أريد استرداد المبلغ من فضلك'],
  ['Sofia Ricci', '+393401234567', 'Ciao! Do you ship to Italy?'],
  ['Jonas Weber', '+4915112345678', 'I want a refund'],
  ['ليلى حسن', '+201001234570', 'متى يصل طلبي رقم 5512؟'],
  ['Amara Okafor', '+2348012345678', 'Is the shop open on Sunday? I would come with my sister and her three children.'],
] as const;

/** Some people who write, and some users who answer. */
async function fill(host: Host) {
  for (const user of ['alice', 'bob', 'hala', 'emma']) {
    await host.setPresence(user, 'online');
  }
  await host.setPresence('carol', 'away');
  for (const [name, phone, text] of PEOPLE) await host.message(text, { phone, name });
  for (const [name, phone, text] of PEOPLE.slice(0, 3)) {
    await host.message(text, { phone, name }, { number: SHOP });
  }
  await host.message('Please help, it is urgent', { phone: '+61491570157', name: 'Vera Lang', attributes: { tier: 'gold' } }, { number: SHOP });
  const { items } = await host.api('GET', '/v1/inboxes/main/chats?state=open');
  const [first, second] = items;
  await host.api('POST', `/v1/inboxes/main/chats/${first.id}/messages`, { id: 'a1', user: first.user, text: 'Yes, in all sizes.' });
  await host.api('POST', `/v1/inboxes/main/chats/${second.id}/close`);
  await host.message('شكرا!', { phone: PEOPLE[1][1] });
}

test('screenshots', { timeout: 600_000 }, async () => {
  await mkdir(OUT, { recursive: true });
  await mkdir(DOCS, { recursive: true });
  const host = await startHost({ files: BY_HAND });
  await fill(host);
  for (const view of VIEWS) {
    for (const look of LOOKS_OF_ALL) {
      const name = `${view.name}-${look.width}-${look.theme}-${look.language}`;
      if (only !== DOCS_ONLY && name.includes(only)) await take(host, view, look, `${OUT}${name}.png`);
    }
    if (view.inDocs && (only === DOCS_ONLY || view.name.includes(only))) {
      const path = `${DOCS}${view.name}.png`;
      await take(host, view, { theme: 'light', width: 1440, language: 'en' }, path, DOCS_WIDTH);
      assert.ok((await stat(path)).size <= DOCS_BYTES, `${path} is too large`);
    }
  }
});

async function take(host: Host, view: View, look: Look, path: string, width: number = look.width) {
  const { page, context } = await open(host, look, view.path, view.loggedOut ? null : host.token);
  if (width !== look.width) await page.setViewportSize({ width, height: 700 });
  await page.locator('h1').first().waitFor();
  await page.waitForTimeout(600);
  await view.prepare?.(page, host);
  await page.waitForTimeout(600);
  await page.screenshot({ path });
  await context.close();
}

