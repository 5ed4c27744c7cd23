/** The numbers of the inbox. */

import { test } from 'node:test';
import { assertAccessible, assertNoOverflow, assertNoProblems, eventually, type Host, LOOKS, open, startHost, WIDE } from './harness';

let host: Host;
test.before(async () => {
  host = await startHost();
  await host.setPresence('alice', 'online');
  for (let index = 0; index < 3; index += 1) await host.message('hello', { phone: `+20100123456${index}` });
});

for (const look of LOOKS) {
  test(`each number with its state and its users, ${look.width} ${look.theme}`, async () => {
    const shown = await open(host, look, '#/main/numbers');
    const { page, context } = shown;
    const card = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'Main store' }) });
    await card.getByText('live').waitFor();
    await eventually(() => card.getByTitle('3 messages').textContent(), '3');
    await card.getByText('Alice').waitFor();
    await eventually(() => page.locator('.number').count(), 4);
    await assertAccessible(page, 'numbers');
    await assertNoOverflow(page, 'numbers');
    assertNoProblems(shown);
    await context.close();
  });
}

test('from a number to its routing options, its policy, its rules and its decisions', async () => {
  const { page, context } = await open(host, WIDE, '#/main/numbers');
  const card = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'Main store' }) });
  for (const [name, hash] of [
    ['Routing options', '#/main/options/%2B15550100'],
    ['Policy', '#/main/policy/%2B15550100'],
    ['+15550100.rules', '#/main/edit/%2B15550100.rules'],
    ['3', '#/main/decisions?number=%2B15550100'],
  ] as const) {
    await card.getByRole('link', { name, exact: true }).click();
    await eventually(() => page.evaluate(() => location.hash), hash);
    await page.goBack();
    await card.waitFor();
  }
  await context.close();
});
