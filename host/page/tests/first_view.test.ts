/** How soon the first view is there, on a computer that is four times as slow. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Host, NARROW, open, startHost } from './harness';

const SLOWER = 4;
const MILLISECONDS = 5_000;

let host: Host;
test.before(async () => {
  host = await startHost();
  for (let index = 0; index < 20; index += 1) await host.message('hello', { phone: `+2010012345${index + 10}` });
});

test('the first view', async () => {
  const { page, context } = await open(host, NARROW, 'favicon.svg');
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  await page.goto('/#/main/now');
  await page.locator('.now-open .chat-link').first().waitFor();
  const [painted, shown] = await page.evaluate(() => [
    performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
    performance.now(),
  ]);
  const sent = await page.evaluate(() =>
    performance.getEntriesByType('resource').map((entry) => (entry as PerformanceResourceTiming).encodedBodySize),
  );
  const bytes = sent.reduce((sum, size) => sum + size, 0);
  console.log(
    `${SLOWER} times slower: painted after ${painted?.toFixed(0)} ms, all chats after ${shown?.toFixed(0)} ms, ${bytes} bytes`,
  );
  assert.ok((shown ?? 0) < MILLISECONDS, `the first view takes ${shown} ms`);
  await context.close();
});
