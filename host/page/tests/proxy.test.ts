/** The page behind a proxy: one that logs people in, and one that asks for a password. */

import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import type { Page } from 'playwright-core';
import { ARABIC, assertAccessible, assertNoOverflow, assertNoProblems, type Host, NARROW, open, startHost, WIDE } from './harness';

const SECRET = 'a secret that only the proxy knows';
process.env.PROXY_SECRET = SECRET;
const SETTINGS = `[proxy]
user_header = "X-Forwarded-User"
secrets = [{ env = "PROXY_SECRET" }]
log_out = "/oauth2/sign_out"
[[proxy.grants]]
user = "mona@example.com"
can = ["read", "users"]
`;

let host: Host;
const servers: ReturnType<typeof createServer>[] = [];
test.before(async () => {
  host = await startHost({ settings: SETTINGS });
});
after(() => {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
});

/** Answers by itself, or says with which headers a request goes on. */
type Gate = (request: IncomingMessage, response: ServerResponse) => Record<string, string> | null;

/** The host as it is reached through a proxy. */
async function behind(host: Host, gate: Gate): Promise<Host> {
  const server = createServer((incoming, response) => {
    const more = gate(incoming, response);
    if (more === null) return;
    const { method, headers, url } = incoming;
    const passed = request(`${host.url}${url}`, { method, headers: { ...headers, ...more } }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.on('error', () => response.destroy());
    response.on('close', () => passed.destroy());
    incoming.pipe(passed);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { ...host, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** A proxy that logs people in, and out, and says of others that they must. */
function loginGate() {
  const state: { user: string | null; refusal: 401 | 302 } = { user: 'mona@example.com', refusal: 302 };
  const gate: Gate = ({ url }, response) => {
    const isPage = !url?.startsWith('/v1/');
    if (url === '/oauth2/sign_out' || (state.user === null && isPage)) {
      if (url === '/oauth2/sign_out') state.user = null;
      response.writeHead(200, { 'content-type': 'text/html' }).end('<title>Login of the company</title>');
      return null;
    }
    if (state.user === null) {
      response.writeHead(state.refusal, { location: 'https://login.example.com/' }).end('log in');
      return null;
    }
    return { 'x-forwarded-user': state.user, 'x-proxy-secret': SECRET };
  };
  return { state, gate };
}

const openSettings = (page: Page, name = 'Settings') => page.getByRole('button', { name }).click();

test('whoever the proxy has logged in sees no form', async () => {
  const { gate } = loginGate();
  const shown = await open(await behind(host, gate), WIDE, '#/main/now', null);
  const { page, context } = shown;
  await page.getByRole('heading', { name: 'Users' }).waitFor();
  await page.locator('.account').getByText('mona@example.com').waitFor();
  // By a grant.
  await page.getByLabel(/Presence of Alice/).first().waitFor();
  assert.equal(await page.getByRole('link', { name: 'Try it out' }).count(), 0);
  await page.evaluate(() => sessionStorage.setItem('rules of main', '{}'));
  await openSettings(page);
  await page.getByText('Logged in as mona@example.com').waitFor();
  await assertAccessible(page, 'settings');
  assertNoProblems(shown);
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.waitForURL('**/oauth2/sign_out');
  assert.equal(await page.title(), 'Login of the company');
  await page.goto('/');
  assert.equal(await page.title(), 'Login of the company');
  await context.close();
});

for (const refusal of [302, 401] as const) {
  test(`the view stays when the proxy answers ${refusal}, until the page is loaded again`, async () => {
    const { state, gate } = loginGate();
    const { page, context } = await open(await behind(host, gate), NARROW, '#/main/numbers', null);
    await page.locator('[data-view="numbers"] h1').waitFor();
    Object.assign(state, { user: null, refusal });
    await page.goto('/#/main/now');
    const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
    await dialog.waitFor();
    await assertAccessible(page, 'log in again');
    await assertNoOverflow(page, 'log in again');
    assert.equal(await page.getByLabel('Token', { exact: true }).count(), 0);
    state.user = 'ali';
    await page.getByRole('button', { name: 'Load the page again' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.locator('[data-view="now"] h1').waitFor();
    await context.close();
  });
}

test('where the proxy logs out is not known', async () => {
  const other = await startHost({ settings: SETTINGS.replace(/log_out.*\n/, '') });
  const { gate } = loginGate();
  const { page, context } = await open(await behind(other, gate), ARABIC, '#/main/now', null);
  await page.locator('[data-view="now"] h1').waitFor();
  await openSettings(page, 'الإعدادات');
  await page.getByText('سجّل الخروج من حيث سجّلت الدخول').waitFor();
  assert.equal(await page.getByRole('button', { name: 'تسجيل الخروج' }).count(), 0);
  await assertAccessible(page, 'settings');
  await context.close();
});

test('what is not as the proxy does it is told', async () => {
  const gate: Gate = () => ({ 'x-forwarded-user': 'mona@example.com', 'x-proxy-secret': 'wrong' });
  const { page, context } = await open(await behind(host, gate), WIDE, '#/main/now', null);
  await page.getByLabel('Token', { exact: true }).fill(host.token);
  await page.keyboard.press('Enter');
  await page.getByText('does not come from the proxy of `host.toml`').waitFor();
  await context.close();
});

test('behind a proxy that asks for a password, the page logs in by a token', async () => {
  const password = `Basic ${Buffer.from('mona:hush').toString('base64')}`;
  const asked: (string | undefined)[] = [];
  const gate: Gate = ({ headers, url }, response) => {
    if (headers.authorization === password) return {};
    asked.push(url);
    response.writeHead(401, { 'www-authenticate': 'Basic realm="inbox"' }).end();
    return null;
  };
  const proxied = await behind(host, gate);
  const httpCredentials = { username: 'mona', password: 'hush' };
  const shown = await open(proxied, WIDE, '#/main/now', null, { httpCredentials });
  const { page, context } = shown;
  await page.getByLabel('Token', { exact: true }).fill(host.token);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Users' }).waitFor();
  await page.goto('/#/main/decisions');
  await page.locator('[data-view="decisions"] h1').waitFor();
  await page.getByRole('link', { name: 'Try it out' }).click();
  await page.getByLabel('Name', { exact: true }).waitFor();
  await context.clearCookies();
  await page.getByRole('link', { name: 'Now' }).click();
  await page.getByRole('dialog', { name: 'Your session has ended' }).waitFor();
  await page.keyboard.type(host.token);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Users' }).waitFor();
  // The browser has asked for the password once.
  assert.deepEqual(asked, ['/']);
  assertNoProblems(shown);
  await context.close();
});
