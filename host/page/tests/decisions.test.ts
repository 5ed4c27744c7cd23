/** Decisions as they come, filters, reasons, and a list of 10,000. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible, assertNoOverflow, assertNoProblems, eventually, type Host, LOOKS, NARROW, open, startHost, WIDE } from './harness';

let host: Host & { tokens: string[] };
/** 10,000 need as many calls, of which a token may make 50 a second. */
const MANY = Number(process.env.PAGE_DECISIONS ?? 10_000);
const TOKENS = 24;

test.before(async () => {
  host = await startHost({ more: TOKENS });
  for (const user of ['alice', 'bob']) await host.setPresence(user, 'online');
  await host.message('أريد استرداد المبلغ', { phone: '+201001234567', name: 'كريم' });
  await host.message('hello', { phone: '+393401234567', name: 'Sofia' });
  await host.message('hello', { phone: '+393401234568', name: 'Jonas' }, { number: '+201000000001' });
});

for (const look of LOOKS) {
  test(`a decision and why, ${look.width} ${look.theme}`, async () => {
    const shown = await open(host, look, '#/main/decisions');
    const { page, context } = shown;
    await page.getByText('أريد استرداد المبلغ').waitFor();
    await assertAccessible(page, 'decisions');
    await assertNoOverflow(page, 'decisions');
    await page.getByRole('link', { name: /كريم/ }).click();
    const detail = page.locator('.detail');
    await detail.getByText('\u2068Alice\u2069 was given the chat, chosen from \u2068Sales\u2069: the fewest chats.').waitFor();
    await detail.getByText('applies', { exact: true }).waitFor();
    await detail.getByRole('cell', { name: 'chosen' }).waitFor();
    assert.match((await detail.textContent()) ?? '', /is a new customer/);
    await assertAccessible(page, 'why');
    await assertNoOverflow(page, 'why');
    assertNoProblems(shown);
    await context.close();
  });
}

test('why not the other rules', async () => {
  const routed = await host.message('again', { phone: '+201001234567' });
  assert.equal(routed.decision.assign.to, 'kept');
  await host.api('POST', `/v1/inboxes/main/chats/${routed.chat}/close`);
  const { seq } = await host.message('once more', { phone: '+201001234567' });
  const { page, context } = await open(host, WIDE, `#/main/decisions/${seq}`);
  const detail = page.locator('.detail');
  await detail.getByText('does not apply').first().waitFor();
  await detail.getByText('new_customer').first().waitFor();
  await detail.getByRole('link', { name: 'back to the owner' }).waitFor();
  await context.close();
});

test('new decisions come by themselves', async () => {
  const { page, context } = await open(host, WIDE, '#/main/decisions');
  await page.getByText('Sofia').first().waitFor();
  await host.message('just now', { phone: '+4915112345678', name: 'Nadia' });
  await page.getByRole('link', { name: /Nadia/ }).waitFor({ timeout: 3_000 });
  await context.close();
});

test('filters by number, rule, user and customer, kept in the address', async () => {
  const { page, context } = await open(host, WIDE, '#/main/decisions');
  const rows = page.locator('.window-list .decision-row');
  await page.getByText('Sofia').first().waitFor();
  await page.getByLabel('Number', { exact: true }).selectOption('+201000000001');
  await page.waitForFunction(() => document.querySelectorAll('.window-list .decision-row').length === 1);
  assert.match(page.url(), /number=%2B201000000001/);
  await page.reload();
  await page.waitForFunction(() => document.querySelectorAll('.window-list .decision-row').length === 1);
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.getByLabel('User', { exact: true }).selectOption('bob');
  await page.getByText('Sofia').first().waitFor();
  await page.waitForFunction(() => !document.body.textContent?.includes('Jonas'));
  await page.getByRole('button', { name: 'Clear' }).click();
  for (const typed of ['+393401234567', 'sofi', '0039 340 123-4567', '340123 4567']) {
    await page.getByLabel('Customer', { exact: true }).fill('nobody');
    await page.keyboard.press('Enter');
    await page.getByText('No decision fits these filters.').waitFor();
    await page.getByLabel('Customer', { exact: true }).fill(typed);
    await page.keyboard.press('Enter');
    await page.locator('.window-list').getByText('Sofia').waitFor();
    await eventually(() => rows.count(), 1, typed);
  }
  await page.getByLabel('Customer', { exact: true }).fill('');
  await page.getByLabel('Rule', { exact: true }).fill('welcome');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => {
    const shown = [...document.querySelectorAll('.window-list .decision-row')];
    return shown.length > 0 && shown.every((row) => row.textContent?.includes('welcome'));
  });
  assert.ok((await rows.count()) > 0);
  await page.getByLabel('Rule', { exact: true }).fill('there is none');
  await page.keyboard.press('Enter');
  await page.getByText('No decision fits these filters.').waitFor();
  await context.close();
});

test('what is half typed into a filter outlives decisions that come meanwhile', async () => {
  const { page, context } = await open(host, WIDE, '#/main/decisions');
  const customer = page.getByLabel('Customer', { exact: true });
  await customer.fill('nad');
  await host.message('meanwhile', { phone: '+4915112345699', name: 'Omar' });
  await page.getByRole('link', { name: /Omar/ }).waitFor();
  await eventually(() => customer.inputValue(), 'nad');
  await context.close();
});

test('who has no name is called by the phone number', async () => {
  const { seq, chat } = await host.message('no name', { phone: '+4915112345670' });
  const { page, context } = await open(host, WIDE, `#/main/decisions/${seq}`);
  await page.locator('.window-list').getByText('+4915112345670').waitFor();
  await page.locator('.detail').getByRole('link', { name: 'All of this customer' }).click();
  await page.waitForURL(/customer=%2B4915112345670/);
  await page.waitForFunction(() => document.querySelectorAll('.window-list .decision-row').length === 1);
  await page.goto(`/#/main/now/${chat}`);
  await page.getByRole('dialog', { name: '+4915112345670' }).waitFor();
  await context.close();
});

test('filters on a small screen', async () => {
  const { page, context } = await open(host, NARROW, '#/main/decisions');
  await page.getByRole('button', { name: 'Filters' }).click();
  await page.getByRole('dialog').getByLabel('Number', { exact: true }).selectOption('+201000000001');
  await assertAccessible(page, 'filters');
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
  await page.getByRole('button', { name: 'Filters (1)' }).waitFor();
  await context.close();
});

test('a decision that is not there', async () => {
  const { page, context } = await open(host, WIDE, '#/main/decisions/999999');
  await page.getByText('This inbox has no such decision.').waitFor();
  await context.close();
});

test('a list of 10,000 scrolls smoothly, and by keyboard', { timeout: 300_000 }, async () => {
  await Promise.all(
    host.tokens.map(async (token, worker) => {
      for (let index = worker; index < MANY; index += TOKENS) {
        const message = { id: `many${index}`, text: `message ${index}` };
        const customer = { phone: `+2011${String(index % 500).padStart(8, '0')}` };
        await host.api('POST', '/v1/inboxes/main/messages', { number: '+15550100', message, customer }, token);
      }
    }),
  );
  const { page, context } = await open(host, WIDE, '#/main/decisions');
  await page.locator('.window-list .decision-row').first().waitFor();
  const result = await page.evaluate(async (wanted) => {
    const box = document.querySelector('.window-list') as HTMLElement;
    const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
    const pauses: number[] = [];
    let last = await frame();
    const start = last;
    while (Number(box.querySelector('li')?.getAttribute('aria-setsize')) < wanted && last - start < 90_000) {
      box.scrollTop += 900;
      const now = await frame();
      pauses.push(now - last);
      last = now;
    }
    // All are there: from one end to the other and back.
    for (let step = 0; step < 300; step += 1) {
      box.scrollTop = Math.abs(150 - step) * (box.scrollHeight / 150);
      const now = await frame();
      pauses.push(now - last);
      last = now;
    }
    pauses.sort((a, b) => a - b);
    return {
      rows: box.querySelectorAll('li').length,
      all: Number(box.querySelector('li')?.getAttribute('aria-setsize')),
      median: pauses[Math.floor(pauses.length / 2)] ?? 0,
      p95: pauses[Math.floor(pauses.length * 0.95)] ?? 0,
    };
  }, MANY);
  console.log(`a list of ${result.all}: ${result.rows} rows drawn, frames of ${result.median.toFixed(1)} ms (median), ${result.p95.toFixed(1)} ms (95 %)`);
  assert.ok(result.all >= MANY, `${result.all} are in the list`);
  assert.ok(result.rows < 60, `${result.rows} rows are drawn`);
  assert.ok(result.median < 34, `a frame takes ${result.median} ms`);
  assert.ok(result.p95 < 100, `the slowest frames take ${result.p95} ms`);

  await page.evaluate(() => document.querySelector('.window-list')?.scrollTo({ top: 0 }));
  await page.locator('.window-list a[tabindex="0"]').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  const index = () => page.evaluate(() => Number(document.activeElement?.parentElement?.getAttribute('data-row')));
  await page.waitForFunction(() => document.activeElement?.parentElement?.getAttribute('data-row') === '2');
  await page.keyboard.press('End');
  await page.waitForFunction((all) => document.activeElement?.parentElement?.getAttribute('data-row') === String(all - 1), result.all);
  await page.keyboard.press('Home');
  await page.waitForFunction(() => document.activeElement?.parentElement?.getAttribute('data-row') === '0');
  await page.keyboard.press('PageDown');
  await page.waitForFunction(() => Number(document.activeElement?.parentElement?.getAttribute('data-row')) > 3);
  assert.ok((await index()) > 3);
  await page.keyboard.press('Enter');
  await page.locator('.detail').getByText('Why', { exact: true }).or(page.locator('.why-outcome')).first().waitFor();
  await context.close();
});
