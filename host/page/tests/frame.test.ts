/** Logging in, the session, the languages, the themes, and a connection that is lost. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import {
  ARABIC,
  assertAccessible,
  assertNoOverflow,
  assertNoProblems,
  eventually,
  type Host,
  layoutShift,
  LOOKS,
  NARROW,
  open,
  startHost,
  WIDE,
} from './harness';

let host: Host;
test.before(async () => {
  host = await startHost();
});

const VIEWS = ['now', 'decisions', 'numbers', 'play'] as const;

for (const look of [...LOOKS, ARABIC, { ...NARROW, language: 'ar' as const }]) {
  const name = `${look.width} ${look.theme} ${look.language}`;
  test(`log in by keyboard, ${name}`, async () => {
    const shown = await open(host, look, '#/main/numbers', null);
    const { page, context } = shown;
    await page.locator('h1').waitFor();
    await assertAccessible(page, 'log in');
    await assertNoOverflow(page, 'log in');
    await eventually(() => page.evaluate(() => document.activeElement?.getAttribute('name')), 'password');
    await page.keyboard.type(host.token);
    await page.keyboard.press('Enter');
    await page.locator('[data-view="numbers"] h1').waitFor();
    assert.match(page.url(), /#\/main\/numbers$/);
    assert.ok(!page.url().includes(host.token));
    assertNoProblems(shown);
    await context.close();
  });

  test(`every view is accessible while it has nothing to show, ${name}`, async () => {
    const shown = await open(host, look);
    const { page, context } = shown;
    for (const view of VIEWS) {
      await page.goto(`/#/main/${view}`);
      await page.locator(`[data-view="${view}"] h1`).waitFor();
      await page.waitForLoadState('networkidle');
      await assertAccessible(page, view);
      await assertNoOverflow(page, view);
    }
    assertNoProblems(shown);
    await context.close();
  });
}

test('a wrong token is refused in words, and what was typed stays', async () => {
  const { page, context } = await open(host, WIDE, '#/main/now', null);
  await page.getByLabel('Token', { exact: true }).fill('not a token');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByText('No such token is known').waitFor();
  await eventually(() => page.getByLabel('Token', { exact: true }).inputValue(), 'not a token');
  await assertAccessible(page, 'a wrong token');
  await context.close();
});

test('logging out ends the session', async () => {
  const { page, context } = await open(host, WIDE);
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.evaluate(() => sessionStorage.setItem('rules of main', '{}'));
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByRole('heading', { name: 'Log in' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Log in' }).waitFor();
  await eventually(() => page.evaluate(() => sessionStorage.length), 0);
  await context.close();
});

test('a session that has ended asks for the token over the view, which stays', async () => {
  const { page, context } = await open(host, WIDE, '#/main/play');
  const name = page.getByLabel('Name', { exact: true });
  await name.fill('Somebody');
  await context.clearCookies();
  await page.getByLabel('Message', { exact: true }).fill('hello');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
  await dialog.waitFor();
  assert.equal(await page.locator('.toast').count(), 0);
  await assertAccessible(page, 'log in again');
  await page.keyboard.type(host.token);
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  await eventually(() => name.inputValue(), 'Somebody');
  await eventually(() => page.getByLabel('Message', { exact: true }).inputValue(), 'hello');
  await context.close();
});

test('what the token may not do is not there', async () => {
  const reader = await host.tokenFor(['read']);
  await host.restart();
  const shown = await open(host, WIDE, '#/main/now', reader);
  const { page, context } = shown;
  await page.getByRole('heading', { name: 'Users' }).waitFor();
  assert.equal(await page.getByRole('link', { name: 'Try it out' }).count(), 0);
  assert.equal(await page.getByLabel(/Presence of/).count(), 0);
  await page.goto('/#/main/play');
  await page.getByText('You may not do that').waitFor();
  await assertAccessible(page, 'no right');
  assertNoProblems(shown);
  await context.close();
});

test('a token without `read` sees which right is missing', async () => {
  const writer = await host.tokenFor(['messages']);
  await host.restart();
  const { page, context } = await open(host, WIDE, '#/main/now', writer);
  await page.getByText('the right “read”').waitFor();
  await context.close();
});

test('an inbox that the token is not for', async () => {
  const { page, context } = await open(host, WIDE, '#/other/now');
  await page.getByRole('link', { name: 'Now' }).waitFor();
  assert.match(page.url(), /#\/main\/now$/);
  await context.close();
});

test('language and theme can be chosen, and stay', async () => {
  const { page, context } = await open(host, WIDE);
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('radio', { name: 'العربية' }).click();
  await page.locator('html[dir="rtl"][lang="ar"]').waitFor();
  await page.getByRole('radio', { name: 'داكن' }).click();
  await assertAccessible(page, 'settings');
  await page.reload();
  await page.getByRole('heading', { name: 'الآن' }).waitFor();
  await eventually(() => page.evaluate(() => document.documentElement.dataset.theme), 'dark');
  await eventually(() => page.evaluate(() => getComputedStyle(document.documentElement).direction), 'rtl');
  await context.close();
});

test('a lost connection says so, keeps what is shown, and mends itself', async () => {
  const { page, context } = await open(host, WIDE);
  await page.getByText('Alice', { exact: true }).first().waitFor();
  await host.stop();
  await page.getByText('The connection is lost').waitFor();
  await eventually(() => page.getByText('Alice', { exact: true }).first().isVisible(), true);
  await assertAccessible(page, 'offline');
  await host.restart();
  await page.getByText('The connection is lost').waitFor({ state: 'detached', timeout: 20_000 });
  // The stream of events is there again, too.
  await host.setPresence('alice', 'away');
  await page.waitForFunction(
    () => document.querySelector<HTMLSelectElement>('[aria-label="Presence of Alice"]')?.value === 'away',
  );
  await context.close();
});

test('a page that is opened while the host is away opens by itself later', async () => {
  const { page, context } = await open(host, WIDE);
  await page.getByRole('heading', { name: 'Now', exact: true }).waitFor();
  const isCall = (url: URL) => url.pathname.startsWith('/v1/') || url.pathname === '/readyz';
  await page.route(isCall, (route) => route.abort());
  await page.reload();
  await page.getByText('The inbox cannot be reached').waitFor();
  await page.unroute(isCall);
  await page.getByRole('heading', { name: 'Now', exact: true }).waitFor({ timeout: 20_000 });
  await context.close();
});

test('a view that is opened without a connection is shown once it is back', async () => {
  const { page, context } = await open(host, WIDE);
  await page.getByRole('heading', { name: 'Now', exact: true }).waitFor();
  await context.setOffline(true);
  await page.evaluate(() => {
    location.hash = '#/main/decisions';
  });
  await page.getByText('The inbox cannot be reached').or(page.getByText('The connection is lost')).first().waitFor();
  await context.setOffline(false);
  await page.getByRole('heading', { name: 'Decisions', exact: true }).waitFor({ timeout: 20_000 });
  await context.close();
});

const presence = (page: Page) => page.getByLabel('Presence of Alice');
const setPresence = (presence: string) => host.setPresence('alice', presence);

test('a stream of events that is refused is asked for ever more seldom, and goes on where it was', async () => {
  await setPresence('online');
  const { page, context } = await open(host, WIDE);
  let streams = 0;
  const isStream = (url: URL) => url.pathname.endsWith('/events');
  await page.route(isStream, (route) => {
    streams += 1;
    return route.fulfill({ status: 503, body: '' });
  });
  await page.reload();
  await presence(page).waitFor();
  await page.waitForTimeout(4_000);
  assert.ok(streams >= 2 && streams <= 4, `${streams} streams in 4 s`);
  await setPresence('away');
  await page.unroute(isStream);
  await page.waitForFunction(
    () => document.querySelector<HTMLSelectElement>('[aria-label="Presence of Alice"]')?.value === 'away',
  );
  await context.close();
});

test('trying again while the host is away asks once, and then ever more seldom', async () => {
  const { page, context } = await open(host, WIDE);
  await presence(page).waitFor();
  let asked = 0;
  const isCall = (url: URL) => url.pathname.startsWith('/v1/') || url.pathname === '/readyz';
  await page.route(isCall, (route) => {
    if (route.request().url().endsWith('/readyz')) asked += 1;
    return route.abort();
  });
  await presence(page).selectOption('away');
  await page.getByText('The connection is lost').waitFor();
  asked = 0;
  await page.locator('.connection').getByRole('button', { name: 'Try again' }).click();
  await page.waitForTimeout(3_000);
  assert.ok(asked >= 2 && asked <= 5, `${asked} calls in 3 s`);
  await context.close();
});

test('a view is up to date although events come faster than it can be read', async () => {
  await setPresence('offline');
  const { page, context } = await open(host, WIDE);
  await presence(page).waitFor();
  await page.route(/\/users(\?|$)/, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await route.continue().catch(() => {});
  });
  let isShown = false;
  for (let at = 0; at < 12 && !isShown; at += 1) {
    await setPresence(at % 2 === 0 ? 'online' : 'away');
    await page.waitForTimeout(500);
    isShown = (await presence(page).inputValue()) !== 'offline';
  }
  assert.ok(isShown);
  await context.close();
});

test('a change that the host perhaps made is not asked for again', async () => {
  const { page, context } = await open(host, WIDE);
  await presence(page).waitFor();
  let changes = 0;
  await page.route(/\/users\/alice$/, (route) => {
    changes += 1;
    const error = { code: 'store-away', message: 'the store is away', place: null };
    return route.fulfill({ status: 503, headers: { 'retry-after': '1' }, json: { error } });
  });
  const again = page.waitForRequest((request) => /\/users(\?|$)/.test(request.url()));
  await presence(page).selectOption('away');
  await page.getByText('It is not known whether this was done.').waitFor();
  await again;
  await page.waitForTimeout(1_500);
  assert.equal(changes, 1);
  await context.close();
});

test('a log out that failed says so, and the session goes on', async () => {
  const { page, context } = await open(host, WIDE);
  await page.route('**/v1/session', (route) =>
    route.request().method() === 'DELETE' ? route.abort() : route.continue(),
  );
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByText('The inbox cannot be reached. Try again once the connection is back.').waitFor();
  assert.equal(await page.getByRole('heading', { name: 'Log in' }).count(), 0);
  await context.close();
});

test('without HTTPS the log in says what is missing', async () => {
  const { page, context } = await open(host, WIDE, '#/main/now', null);
  await page.getByRole('heading', { name: 'Log in' }).waitFor();
  assert.equal(await page.getByText('needs HTTPS').count(), 0);
  await page.addInitScript(() => Object.defineProperty(globalThis, 'isSecureContext', { value: false }));
  await page.reload();
  await page.getByText('needs HTTPS').waitFor();
  await assertAccessible(page, 'without HTTPS');
  await context.close();
});

test('nothing moves while a view loads', async () => {
  const { page, context } = await open(host, WIDE);
  for (const view of VIEWS) {
    await page.goto('about:blank');
    await page.goto(`/#/main/${view}`);
    await page.waitForLoadState('networkidle');
    const shift = await layoutShift(page);
    assert.ok(shift < 0.02, `${view}: ${shift}`);
  }
  await context.close();
});

test('all views by keyboard alone', async () => {
  const { page, context } = await open(host, WIDE);
  await page.getByRole('heading', { name: 'Now', exact: true }).waitFor();
  await page.keyboard.press('Tab');
  await eventually(() => page.evaluate(() => document.activeElement?.textContent), 'Skip to the content');
  for (const name of ['Decisions', 'Numbers', 'Rules', 'Try it out', 'Now']) {
    await page.getByRole('link', { name, exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.locator(`nav a[aria-current="page"]`, { hasText: name }).waitFor();
    await eventually(() => page.evaluate(() => document.activeElement?.id), 'main');
  }
  await context.close();
});
