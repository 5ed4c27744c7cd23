/** A real `inbox-host` on a database of its own, and a browser that shows its page. */

import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import AxeBuilder from '@axe-core/playwright';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const ROOT = new URL('../../../', import.meta.url).pathname;
const PROGRAM = process.env.INBOX_HOST_PROGRAM ?? join(ROOT, 'target/debug/inbox-host');
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** What is ended with the tests of a file. */
const endings: (() => Promise<unknown>)[] = [];
/** What the security policy of the page did not allow, in whatever test. */
const violations: string[] = [];
after(async () => {
  for (const end of endings) await end();
  assert.deepEqual(violations, []);
});

export type Right = 'read' | 'messages' | 'users' | 'chats' | 'customers' | 'rules';
const ALL_RIGHTS: Right[] = ['read', 'messages', 'users', 'chats', 'customers', 'rules'];

export interface Host {
  url: string;
  /** A token that may do everything. */
  token: string;
  /** The folder of the rules. */
  rules: string;
  /** Makes a token with these rights; it counts after a restart. */
  tokenFor(rights: Right[]): Promise<string>;
  /** Calls the API; throws on an error. */
  api<T = any>(method: string, path: string, body?: unknown, token?: string): Promise<T>;
  /** A message of a customer. */
  message(text: string, customer: object, more?: object): Promise<any>;
  /** What WhatsApp sends about the account, signed. */
  webhook(...changes: { field: string; value: object }[]): Promise<void>;
  setPresence(user: string, presence: string): Promise<any>;
  /** Changes files of the rules by a call; `null` deletes one. */
  putRules(files: Record<string, string | null>): Promise<any>;
  /** The text of a file in the folder of the rules. */
  ruleFile(name: string): Promise<string>;
  /** Writes a file into the folder of the rules, as somebody beside the host would. */
  writeRuleFile(name: string, text: string): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** A number that is answered by the five cases of the routing options. */
export const STORE = '+15550100';
/** A number with rules by the hour. */
export const CLINIC = '+201000000001';
/** At any time of the day, members of Counter take the chats of the shop by hand. */
export const SHOP = '+61491570156';
export const BY_HAND = {
  [`${SHOP}.rules`]: 'when customer.tier is "gold":\n    assign group "Counter" by hand,\n    priority urgent\n\notherwise: assign group "Counter" by hand\n',
};

interface HostOptions {
  /** The folder that the rules are copied from. */
  rules?: string;
  /** Files of rules that are others than there. */
  files?: Record<string, string>;
  /** Lines at the start of `host.toml`. */
  settings?: string;
  /** A WhatsApp account, with the address of the Graph API. */
  graph?: string;
  /** How many further tokens there are, for many calls a second. */
  more?: number;
}

const SECRET = 'secret';
const account = (graph: string) => `[whatsapp.main]
app_secrets = [{ env = "APP_SECRET" }]
verify_token = { env = "APP_SECRET" }
access_token = { env = "APP_SECRET" }
base_url = "${graph}"
`;

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

export async function startHost(options: HostOptions = {}): Promise<Host & { tokens: string[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'inbox-page-'));
  const rules = join(folder, 'rules');
  await cp(options.rules ?? join(ROOT, 'rules'), rules, { recursive: true });
  for (const [name, text] of Object.entries(options.files ?? {})) await writeFile(join(rules, name), text);
  const tokens: { name: string; token: string; can: Right[] }[] = [];
  const addToken = (name: string, can: Right[]) => {
    const token = randomBytes(32).toString('base64url');
    tokens.push({ name, token, can });
    return token;
  };
  const token = addToken('lead', ALL_RIGHTS);
  const more = Array.from({ length: options.more ?? 0 }, (_, index) => addToken(`load${index}`, ALL_RIGHTS));
  const writeSettings = () =>
    writeFile(
      join(folder, 'host.toml'),
      [
        options.settings ?? '',
        options.graph ? account(options.graph) : '',
        ...tokens.map(
          ({ name, token, can }) =>
            `[[tokens]]\nname = "${name}"\nsha256 = "${sha256(token)}"\ninbox = "*"\ncan = ${JSON.stringify(can)}\n`,
        ),
      ].join('\n'),
    );
  let child: ChildProcess | undefined;
  let address = '127.0.0.1:0';
  const start = async () => {
    await writeSettings();
    const flags = ['--config', join(folder, 'host.toml'), '--store', `sqlite:${join(folder, 'inbox.db')}`];
    child = spawn(PROGRAM, [rules, ...flags, '--listen', address, '--admin', '127.0.0.1:0'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', process.env.HOST_LOG ? 'inherit' : 'ignore'],
      env: { ...process.env, INBOX_CONFIG: '', INBOX_LISTEN: '', INBOX_STORE: '', INBOX_ADMIN: '', APP_SECRET: SECRET },
    });
    const [line] = await firstLine(child);
    address = JSON.parse(line ?? '{}').address;
  };
  await start();
  const stopProcess = async () => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const over = new Promise((resolve) => child?.once('exit', resolve));
    child.kill('SIGKILL');
    await over;
  };
  const host = {
    url: `http://${address}`,
    token,
    tokens: more,
    rules,
    async tokenFor(rights: Right[]) {
      return addToken(rights.join('-') || 'nothing', rights);
    },
    async api<T>(method: string, path: string, body?: unknown, by = token): Promise<T> {
      const call = () =>
        fetch(`${host.url}${path}`, {
          method,
          headers: { authorization: `Bearer ${by}`, 'content-type': 'application/json' },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        });
      let response = await call();
      // A fast machine makes more calls than a token may.
      while (response.status === 429) {
        await sleep(1000 * Number(response.headers.get('retry-after')));
        response = await call();
      }
      const text = await response.text();
      assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
      return (text === '' ? undefined : JSON.parse(text)) as T;
    },
    message(text: string, customer: object, extra: object = {}) {
      return host.api('POST', '/v1/inboxes/main/messages', {
        number: STORE,
        message: { id: randomBytes(8).toString('hex'), text },
        customer,
        ...extra,
      });
    },
    async webhook(...changes: { field: string; value: object }[]) {
      const body = JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: '1', changes }] });
      const signature = createHmac('sha256', SECRET).update(body).digest('hex');
      const headers = { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` };
      const response = await fetch(`${host.url}/webhooks/whatsapp/main`, { method: 'POST', headers, body });
      assert.equal(response.status, 200, await response.text());
    },
    setPresence: (user: string, presence: string) =>
      host.api('PATCH', `/v1/inboxes/main/users/${user}`, { presence }),
    async putRules(files: Record<string, string | null>) {
      const { digest } = await host.api<{ digest: string }>('GET', '/v1/inboxes/main/rules');
      return host.api('PUT', '/v1/inboxes/main/rules', { base: digest, files });
    },
    ruleFile: (name: string) => readFile(join(rules, name), 'utf8'),
    writeRuleFile: (name: string, text: string) => writeFile(join(rules, name), text),
    async restart() {
      await stopProcess();
      await start();
    },
    stop: stopProcess,
  };
  endings.push(stopProcess, () => rm(folder, { recursive: true, force: true }));
  return host;
}

async function firstLine(child: ChildProcess): Promise<string[]> {
  assert.ok(child.stdout);
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) {
    child.stdout.resume();
    return [line];
  }
  throw new Error('inbox-host ended before it listened');
}

export type Theme = 'light' | 'dark';
export type Width = 390 | 1440;
export interface Look {
  theme: Theme;
  width: Width;
  language: 'en' | 'ar';
}

/** Each theme at each width. */
export const LOOKS: readonly Look[] = (['light', 'dark'] as const).flatMap((theme) =>
  ([1440, 390] as const).map((width) => ({ theme, width, language: 'en' as const })),
);
export const WIDE: Look = { theme: 'light', width: 1440, language: 'en' };
export const NARROW: Look = { theme: 'light', width: 390, language: 'en' };
export const ARABIC: Look = { theme: 'light', width: 1440, language: 'ar' };

let browser: Promise<Browser> | undefined;

function theBrowser(): Promise<Browser> {
  if (browser === undefined) {
    browser = chromium.launch({
      executablePath: CHROMIUM,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
    endings.push(async () => (await browser)?.close());
  }
  return browser;
}

export interface Shown {
  page: Page;
  context: BrowserContext;
  /** What must not happen: errors of the console, breaches of the security policy, calls to other hosts. */
  problems: string[];
}

/** Opens the page; with a token, logged in. */
export async function open(
  host: Host,
  look: Look,
  path = '#/main/now',
  token: string | null = host.token,
  more: BrowserContextOptions = {},
): Promise<Shown> {
  const context = await (await theBrowser()).newContext({
    ...more,
    baseURL: host.url,
    viewport: { width: look.width, height: look.width === 390 ? 844 : 900 },
    colorScheme: look.theme,
    locale: look.language === 'ar' ? 'ar-EG' : 'en-GB',
    timezoneId: 'Africa/Cairo',
    reducedMotion: 'reduce',
  });
  const problems: string[] = [];
  // The compiler of the tests names functions by this, also in those that the page evaluates.
  await context.addInitScript('globalThis.__name ??= (named) => named');
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`security policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
    });
  });
  if (token !== null) await logInByCall(context, host, token);
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (/^security policy:|security policy directive|permissions-policy/i.test(message.text())) violations.push(message.text());
    const isRefusal = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !isRefusal) problems.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith('http') && url.origin !== host.url) problems.push(`a call to ${request.url()}`);
  });
  await page.goto(`/${path}`);
  return { page, context, problems };
}

/** A session by the same call that the form makes. */
async function logInByCall(context: BrowserContext, host: Host, token: string) {
  const response = await fetch(`${host.url}/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
    body: JSON.stringify({ token }),
  });
  assert.equal(response.status, 200, await response.text());
  const cookie = /^__Host-session=([^;]+)/.exec(response.headers.getSetCookie()[0] ?? '')?.[1];
  assert.ok(cookie, 'the session has a cookie');
  await context.addCookies([
    { name: '__Host-session', value: cookie, domain: '127.0.0.1', path: '/', httpOnly: true, secure: true, sameSite: 'Strict' },
  ]);
}

/** The address of a view, also of one of its numbers or files. */
export const at = (view: string, argument = '') => `#/main/${view}${argument && `/${encodeURIComponent(argument)}`}`;

export const saveButton = (page: Page) => page.getByRole('button', { name: 'Save', exact: true });
export const isSaved = (page: Page) => page.getByText('Saved. The new rules decide from now on.').waitFor();

/** What axe finds. It fails on elements that go while it looks at them, and then looks again. */
async function analyze(page: Page, attempts = 4) {
  const axe = new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']);
  try {
    return await axe.analyze();
  } catch (problem) {
    if (attempts === 1) throw problem;
    await page.waitForTimeout(500);
    return analyze(page, attempts - 1);
  }
}

/** Waits until what is read is what is expected; fails with what was read last. */
export async function eventually<T>(read: () => Promise<T>, expected: T, what?: string) {
  const end = Date.now() + 10_000;
  let last = await read();
  while (!isDeepStrictEqual(last, expected) && Date.now() < end) {
    await sleep(20);
    last = await read();
  }
  assert.deepEqual(last, expected, what);
}

/** Finds nothing that keeps somebody from using the page. */
export async function assertAccessible(page: Page, what: string) {
  const { violations } = await analyze(page);
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html}\n  ${failureSummary}`).join('\n  ')}`,
  );
  assert.deepEqual(found, [], what);
}

/** Nothing sticks out of the page. */
export async function assertNoOverflow(page: Page, what: string) {
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok((content ?? 0) <= (window ?? 0), `${what}: the page is ${content} wide in a window of ${window}`);
}

export function assertNoProblems({ problems }: Shown) {
  assert.deepEqual(problems, []);
}

/** How much moved while the view was loading, by the browser's own measure. */
export async function layoutShift(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let sum = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) {
            const shift = entry as PerformanceEntry & { value: number; hadRecentInput: boolean };
            if (!shift.hadRecentInput) sum += shift.value;
          }
        }).observe({ type: 'layout-shift', buffered: true });
        setTimeout(() => resolve(sum), 300);
      }),
  );
}
