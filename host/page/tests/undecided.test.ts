/** Rules that do not decide: they wait at the gate, or a file in the folder was refused. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import {
  assertAccessible,
  assertNoOverflow,
  assertNoProblems,
  at,
  type Host,
  isSaved,
  LOOKS,
  NARROW,
  open,
  saveButton,
  startHost,
  STORE,
  WIDE,
} from './harness';

const FILE = `${STORE}.rules`;
const GATE = 'gate = "diff"';
const WAITS = /Rules wait until somebody accepts them/;
const REFUSED = /A change in the folder of the rules was refused/;
const mark = (page: Page) => page.locator('.nav .count');
const accept = (page: Page) => page.getByRole('button', { name: 'Accept and use' });

/** Another greeting, which the tests of the file do not look at. */
async function greet(host: Host, greeting: string) {
  const text = await host.ruleFile(FILE);
  await host.writeRuleFile(FILE, text.replace(/We'll be with you in a moment\."(?=\n\nrule)/, `${greeting}"`));
}

for (const source of ['folder', 'store'] as const) {
  test(`what waits at the gate shows itself, and is accepted, ${source}`, async () => {
    const host = await startHost({ settings: `${GATE}\nrules = "${source}"` });
    const shown = await open(host, WIDE, at('numbers'));
    const { page, context } = shown;
    await page.getByRole('heading', { name: 'Main store' }).waitFor();
    assert.equal(await mark(page).count(), 0);
    if (source === 'folder') {
      await greet(host, 'Hi!');
    } else {
      const text = (await host.ruleFile(FILE)).replace(/We'll be with you in a moment\."(?=\n\nrule)/, 'Hi!"');
      await assert.rejects(host.putRules({ [FILE]: text }), /gate/);
    }
    await page.getByText(WAITS).waitFor();
    await mark(page).getByText('rules wait to be accepted').waitFor({ state: 'attached' });
    await assertAccessible(page, 'what waits');
    await page.goto(`/${at('edit', FILE)}`);
    await page.getByText(WAITS).waitFor();
    await page.getByRole('button', { name: 'What would change' }).click();
    await page.locator('.difference').getByText('Hi!').first().waitFor();
    await assertAccessible(page, 'what would change');
    await accept(page).click();
    await isSaved(page);
    await page.getByText(WAITS).waitFor({ state: 'detached' });
    await mark(page).waitFor({ state: 'detached' });
    const { waiting } = await host.api('GET', '/v1/inboxes/main/rules');
    assert.equal(waiting, null);
    // The editor has what decides now.
    await page.locator('.cm-content').getByText('Hi!').first().waitFor();
    assertNoProblems(shown);
    await context.close();
    await host.stop();
  });
}

test('what waits is given up, and only seen without the right', async () => {
  const host = await startHost({ settings: GATE });
  const reader = await host.tokenFor(['read']);
  await host.restart();
  const before = await host.ruleFile(FILE);
  await greet(host, 'Hi!');
  const { page: readers, context: other } = await open(host, WIDE, at('edit', FILE), reader);
  await readers.getByText(WAITS).waitFor();
  assert.equal(await readers.getByRole('button', { name: 'What would change' }).count(), 0);
  await other.close();
  const { page, context } = await open(host, NARROW, at('edit', FILE));
  await page.getByText(WAITS).waitFor();
  await assertNoOverflow(page, 'what waits');
  page.once('dialog', (dialog) => void dialog.accept());
  await page.getByRole('button', { name: 'Put back what decides' }).click();
  await page.getByText(WAITS).waitFor({ state: 'detached' });
  assert.equal(await host.ruleFile(FILE), before);
  await context.close();
  await host.stop();
});

test('a refused file of the folder shows itself, is mended in the editor, and is gone when mended beside', async () => {
  const host = await startHost();
  const good = await host.ruleFile(FILE);
  const shown = await open(host, WIDE, at('numbers'));
  const { page, context } = shown;
  await page.getByRole('heading', { name: 'Main store' }).waitFor();
  const faulty = good.replaceAll('"Sales"', '"Slaes"');
  await host.writeRuleFile(FILE, faulty);
  const notice = page.locator('.notice', { hasText: REFUSED });
  await notice.getByText('Slaes').first().waitFor();
  await mark(page).getByText('a change was refused').waitFor({ state: 'attached' });
  await assertAccessible(page, 'a refused change');
  await host.writeRuleFile(FILE, good);
  await notice.waitFor({ state: 'detached' });

  await host.writeRuleFile(FILE, faulty);
  await notice.waitFor();
  await page.goto(`/${at('edit', 'common.rules')}`);
  const line = 1 + faulty.slice(0, faulty.indexOf('"Slaes"')).split('\n').length - 1;
  await notice.getByRole('button', { name: `${FILE}:${line}`, exact: true }).first().click();
  await page.waitForURL(new RegExp(`${encodeURIComponent(FILE)}\\?line=${line}`));
  await page.locator('.cm-content').getByText('"Slaes"').first().waitFor();
  await page.locator('.cm-content').click();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(`${good}\n# mended\n`);
  await saveButton(page).click();
  await isSaved(page);
  await notice.waitFor({ state: 'detached' });
  assert.match(await host.ruleFile(FILE), /# mended\n$/);
  assertNoProblems(shown);
  await context.close();
  await host.stop();
});

test('nothing else is saved over a change of the folder that does not decide', async () => {
  const host = await startHost();
  await host.writeRuleFile(FILE, 'otherwise: assign group "Slaes" by random\n');
  const { page, context } = await open(host, WIDE, at('edit', 'common.rules'));
  await page.getByText(REFUSED).waitFor();
  await page.locator('.cm-content').click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('# more');
  await saveButton(page).click();
  const dialog = page.getByRole('dialog', { name: 'The folder has a change that does not decide' });
  await dialog.getByText('Slaes').first().waitFor();
  await assertAccessible(page, 'a change of the folder comes first');
  assert.doesNotMatch(await host.ruleFile('common.rules'), /# more/);
  await context.close();
  await host.stop();
});

for (const look of LOOKS) {
  test(`the notices fit, ${look.width} ${look.theme}`, async () => {
    const host = await startHost();
    await host.writeRuleFile(FILE, 'otherwise: assign group "Slaes" by random\n');
    for (const view of ['numbers', 'edit']) {
      const { page, context } = await open(host, look, at(view));
      await page.getByText(REFUSED).waitFor();
      await assertNoOverflow(page, view);
      await assertAccessible(page, view);
      await context.close();
    }
    await host.stop();
  });
}
