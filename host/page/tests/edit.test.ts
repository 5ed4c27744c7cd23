/** The editor: findings while one types, completion, tests, trying, comparing, saving, and the way back. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import {
  ARABIC,
  assertAccessible,
  assertNoOverflow,
  assertNoProblems,
  at,
  eventually,
  type Host,
  isSaved,
  LOOKS,
  open,
  saveButton,
  startHost,
  STORE,
  WIDE,
} from './harness';

const FILE = `${STORE}.rules`;
const path = (file = FILE) => at('edit', file);
const content = (page: Page) => page.locator('.cm-content');
const tab = (page: Page, name: string) => page.getByRole('tab', { name }).click();

/** Types at the end of the file. */
async function typeAtEnd(page: Page, text: string) {
  await content(page).click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(text);
}

/** Replaces the file as pasting would. Chromium styles what takes the place of coloured text, which the page forbids. */
async function fill(page: Page, text: string) {
  await content(page).click();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(text);
}

/** Lets the checker and the tests come to an end: axe fails on elements that go while it looks at them. */
async function settle(page: Page) {
  await page.keyboard.press('Escape');
  await page.waitForTimeout(1_500);
  await page.locator('.panel [aria-busy="true"]').waitFor({ state: 'detached' });
}

let host: Host;
test.before(async () => {
  host = await startHost();
});

for (const look of LOOKS) {
  test(`a text with its findings, ${look.width} ${look.theme}`, async () => {
    const shown = await open(host, look, path());
    const { page, context } = shown;
    await content(page).getByText('# The main store').first().waitFor();
    await page.getByText('The checker finds nothing wrong.').waitFor();
    await typeAtEnd(page, '\nrule "x" # أهلا 👋\nwhen new_customer: assign group "Slaes" by random\n');
    const panel = page.getByRole('tabpanel');
    await panel.getByText('Slaes').first().waitFor();
    await page.locator('.cm-lintRange-error').first().waitFor();
    const wrong = await page.locator('.cm-lintRange-error').allTextContents();
    assert.ok(wrong.includes('"Slaes"'), wrong.join());
    await settle(page);
    await assertAccessible(page, 'the editor');
    await assertNoOverflow(page, 'the editor');
    await panel.getByRole('button', { name: 'write Sales' }).click();
    await content(page).getByText('"Slaes"').waitFor({ state: 'detached' });
    await tab(page, 'Changes');
    await assertAccessible(page, 'changes');
    await tab(page, 'Try');
    await assertAccessible(page, 'try');
    await tab(page, 'History');
    await page.getByText('decides now').waitFor();
    await assertAccessible(page, 'history');
    await assertNoOverflow(page, 'history');
    assertNoProblems(shown);
    await context.close();
  });
}

test('a fix, a completion and the way out of the editor, by keyboard', async () => {
  const shown = await open(host, WIDE, path());
  const { page, context } = shown;
  await content(page).waitFor();
  await typeAtEnd(page, '\nrule "x"\nwhen any_online in "');
  await page.locator('.cm-tooltip-autocomplete').getByText('Support').waitFor();
  await page.keyboard.type('Sal');
  await page.keyboard.press('Enter');
  await page.keyboard.type('": assign group "Slaes" by lea');
  await page.locator('.cm-tooltip-autocomplete').getByText('least_load').waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.type('st_load');
  await page.locator('.cm-lintRange-error').first().waitFor();
  for (let at = 0; at < 'by least_load'.length + 3; at++) await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Control+.');
  await content(page).getByText('"Slaes"').waitFor({ state: 'detached' });
  await page.keyboard.press('Tab');
  await eventually(() => page.evaluate(() => document.activeElement?.closest('.editor') === null), true, 'Tab leaves the editor');
  assertNoProblems(shown);
  await context.close();
});

test('what is typed fast is never lost', async () => {
  const { page, context } = await open(host, WIDE, path());
  await content(page).waitFor();
  const line = '# abcdefghijklmnopqrstuvwxyz 0123456789 ';
  await typeAtEnd(page, `\n${line.repeat(4)}`);
  await content(page).getByText(line.repeat(4).trim()).waitFor();
  await context.close();
});

test('tests run beside, and a failed one is told at its line', async () => {
  const { page, context } = await open(host, WIDE, path());
  await content(page).waitFor();
  await typeAtEnd(
    page,
    '\ntest "wrong":\n    given customer new\n    expect rule "closed"\n    expect no reply\n',
  );
  await page.getByRole('tab', { name: /^Tests.*1/ }).click();
  await page.getByRole('tabpanel').getByText('wrong').waitFor();
  await page.locator('.cm-lintRange-warning').first().waitFor();
  await settle(page);
  await assertAccessible(page, 'tests');
  await context.close();
});

test('a message is tried by the edited rules, with the reasons', async () => {
  const { page, context } = await open(host, WIDE, path());
  await content(page).waitFor();
  await fill(page, 'otherwise:\n    assign user "carol",\n    reply "Tried {customer.name or again}"\n');
  await tab(page, 'Try');
  await page.getByRole('button', { name: 'Decide it' }).click();
  await page.getByText('Tried again').first().waitFor();
  await page.getByText(/carol/i).first().waitFor();
  await assertAccessible(page, 'a message that was tried');
  const { items } = await host.api('GET', '/v1/inboxes/main/decisions');
  assert.deepEqual(items, [], 'nothing is kept');
  await context.close();
});

test('what would change is proved, and told of the last messages', async () => {
  const own = await startHost();
  await own.setPresence('alice', 'online');
  await own.message('hello', { phone: '+201001234567', name: 'Mona' });
  const { page, context } = await open(own, WIDE, path());
  await content(page).waitFor();
  await fill(
    page,
    (await own.ruleFile(FILE)).replace(
      'We\'ll be with you in a moment."\n\nrule',
      'Hi!"\n\nrule',
    ),
  );
  await tab(page, 'Changes');
  await page.getByRole('button', { name: 'Compare' }).click();
  await page.locator('.difference').getByText('Hi!').first().waitFor();
  await page.getByText('An example').first().click();
  await page.locator('.given').getByText('given ').first().waitFor();
  await page.getByRole('button', { name: 'Decide them again' }).click();
  await page.getByText('1 of 1 would be decided differently.').waitFor();
  await assertAccessible(page, 'what would change');
  await context.close();
  await own.stop();
});

test('rules are saved, refused, and set back', async () => {
  const own = await startHost();
  const before = await own.ruleFile(FILE);
  const { page, context } = await open(own, WIDE, path());
  await content(page).waitFor();
  await typeAtEnd(page, '\nrule "x" when new_customer: assign group "Slaes" by random\n');
  await saveButton(page).click();
  const refused = page.getByRole('dialog', { name: 'The rules were not saved' });
  await refused.getByText('Slaes').first().waitFor();
  await page.keyboard.press('Escape');
  await fill(page, `${before}\n# a comment\n`);
  await saveButton(page).click();
  await isSaved(page);
  assert.match(await own.ruleFile(FILE), /# a comment\n$/);
  await tab(page, 'History');
  await page.getByRole('button', { name: 'What differs from now' }).last().click();
  await page.locator('.history .removed').getByText('# a comment').waitFor();
  await page.getByRole('button', { name: 'Load into the editor' }).click();
  await page.getByText('1 file is not saved yet').waitFor();
  await saveButton(page).click();
  await page.getByText('Nothing has been changed.').waitFor();
  assert.equal(await own.ruleFile(FILE), before);
  await context.close();
  await own.stop();
});

test('in a folder, several files are saved one after another, in an order in which they are sound', async () => {
  const own = await startHost();
  const before = await own.ruleFile(FILE);
  const { page, context } = await open(own, WIDE, path());
  await content(page).getByText('# The main store').first().waitFor();
  // This file is tried first, and needs the other.
  await fill(page, `use "notes.rules"\n\n${before}`);
  await newFile(page, 'notes.rules');
  await typeAtEnd(page, 'let loyal = customer has tag "vip"\n');
  await page.getByText('2 files are not saved yet').waitFor();
  await saveButton(page).click();
  await isSaved(page);
  await page.getByText('Nothing has been changed.').waitFor();
  assert.match(await own.ruleFile(FILE), /^use "notes.rules"/);
  assert.match(await own.ruleFile('notes.rules'), /^let loyal/);

  // What is not sound as a whole is not begun.
  await typeAtEnd(page, '# one\n');
  await page.getByRole('button', { name: 'common.rules' }).click();
  await content(page).getByText('came_late').waitFor();
  await typeAtEnd(page, 'let wrong = nowhere\n');
  await saveButton(page).click();
  await page.getByRole('dialog', { name: 'The rules were not saved' }).getByText('nowhere').first().waitFor();
  await page.keyboard.press('Escape');
  await page.getByText('2 files are not saved yet').waitFor();
  assert.doesNotMatch(await own.ruleFile('notes.rules'), /# one/);
  await context.close();
  await own.stop();
});

test('in a folder, what was saved and what was not is told when no order is sound', async () => {
  const notes = 'let loyal = customer has tag "vip"\n';
  const rules = 'use "notes.rules"\n\nwhen loyal: assign group "Sales" by hand\n\notherwise: assign group "Sales" by hand\n';
  const own = await startHost({ files: { 'notes.rules': notes, 'default.rules': rules } });
  const { page, context } = await open(own, WIDE, path('notes.rules'));
  await content(page).getByText('loyal').waitFor();
  // A name changes in two files at once; a third has nothing to do with it.
  await fill(page, notes.replace('loyal', 'dear'));
  await page.getByRole('button', { name: 'default.rules', exact: true }).click();
  await content(page).getByText('loyal').waitFor();
  await fill(page, rules.replace('loyal', 'dear'));
  await page.getByRole('button', { name: FILE, exact: true }).click();
  await content(page).getByText('# The main store').first().waitFor();
  await typeAtEnd(page, '\n# one');
  await saveButton(page).click();
  const dialog = page.getByRole('dialog', { name: 'Not all files were saved' });
  await dialog.getByText(`Saved, and deciding from now on: \u2066${FILE}\u2069.`).waitFor();
  await dialog.getByRole('region', { name: 'default.rules' }).getByText('dear').first().waitFor();
  await dialog.getByRole('region', { name: 'notes.rules' }).getByText('loyal').first().waitFor();
  await assertAccessible(page, 'some files were not saved');
  await page.keyboard.press('Escape');
  await page.getByText('2 files are not saved yet').waitFor();
  await context.close();
  await own.stop();
});

test('in a folder with a gate, the files after the one that was accepted are saved, too', async () => {
  const own = await startHost({ settings: 'gate = "diff"' });
  const { page, context } = await open(own, WIDE, path());
  await content(page).getByText('# The main store').first().waitFor();
  const before = await own.ruleFile(FILE);
  await fill(page, before.replace('We\'ll be with you in a moment."\n\nrule', 'Hi!"\n\nrule'));
  await page.getByRole('button', { name: 'common.rules' }).click();
  await content(page).getByText('came_late').waitFor();
  await typeAtEnd(page, '\n# more');
  await saveButton(page).click();
  await page.getByRole('button', { name: 'Accept and use' }).click();
  await isSaved(page);
  await page.getByText('Nothing has been changed.').waitFor();
  assert.match(await own.ruleFile(FILE), /Hi!/);
  assert.match(await own.ruleFile('common.rules'), /# more$/);
  await context.close();
  await own.stop();
});

/** Adds a file, and waits until it is open. */
async function newFile(page: Page, name: string) {
  await page.getByRole('button', { name: 'New file' }).click();
  await page.getByLabel('Name of the file').fill(name);
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: `Text of ${name}` }).waitFor();
}

test("another's change stands beside mine, and either can be taken", async () => {
  const own = await startHost();
  const before = await own.ruleFile(FILE);
  const { page, context } = await open(own, WIDE, path());
  await content(page).waitFor();
  await typeAtEnd(page, '\n# mine');
  await own.putRules({ [FILE]: `${before}\n# theirs\n` });
  await saveButton(page).click();
  const dialog = page.getByRole('dialog', { name: 'Somebody has changed the rules meanwhile' });
  await dialog.locator('.removed').getByText('# theirs').waitFor();
  await dialog.locator('.added').getByText('# mine').waitFor();
  await assertAccessible(page, 'side by side');
  await dialog.getByRole('radio', { name: 'Take theirs' }).click();
  await dialog.getByRole('button', { name: 'Go on editing' }).click();
  await page.getByText('Nothing has been changed.').waitFor();
  await content(page).getByText('# theirs').waitFor();
  await context.close();
  await own.stop();
});

test('what is not saved outlives a reload and a lost connection', async () => {
  const own = await startHost();
  const { page, context } = await open(own, WIDE, path());
  await content(page).waitFor();
  await typeAtEnd(page, '\n# kept');
  await page.getByText('1 file is not saved yet').waitFor();
  page.on('dialog', (dialog) => void dialog.accept());
  await page.reload();
  await page.getByText('1 file is not saved yet').waitFor();
  // The editor itself is loaded when it is opened.
  await content(page).waitFor();
  await own.stop();
  await typeAtEnd(page, ' and more');
  await page.getByText('The connection is lost.').waitFor();
  await own.restart();
  await page.getByText('The connection is lost.').waitFor({ state: 'detached' });
  await content(page).getByText('# kept and more').waitFor();
  await saveButton(page).click();
  await isSaved(page);
  await context.close();
  await own.stop();
});

test('files are made and deleted', async () => {
  const own = await startHost();
  const { page, context } = await open(own, WIDE, path());
  await page.getByRole('button', { name: 'New file' }).click();
  await page.getByLabel('Name of the file').fill('notes');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByText('ends in .rules').waitFor();
  await page.getByLabel('Name of the file').fill('notes.rules');
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: 'Text of notes.rules' }).waitFor();
  await typeAtEnd(page, 'let loyal = customer has tag "vip"\n');
  await saveButton(page).click();
  await isSaved(page);
  assert.equal(
    await own.ruleFile('notes.rules'),
    'let loyal = customer has tag "vip"\n',
  );
  await page.getByRole('button', { name: 'Delete notes.rules' }).click();
  await page.getByRole('button', { name: 'Bring notes.rules back' }).waitFor();
  await saveButton(page).click();
  await page.getByText('Nothing has been changed.').waitFor();
  await context.close();
  await own.stop();
});

test('a token that may only read cannot write', async () => {
  const own = await startHost();
  const token = await own.tokenFor(['read']);
  await own.restart();
  const shown = await open(own, WIDE, path(), token);
  const { page, context } = shown;
  await page.getByText('You may read the rules, and not change them.').waitFor();
  await content(page).getByText('# The main store').first().waitFor();
  await typeAtEnd(page, 'x');
  assert.equal(await saveButton(page).count(), 0);
  assert.equal(await page.getByText('not saved yet').count(), 0);
  await assertAccessible(page, 'read only');
  assertNoProblems(shown);
  await context.close();
  await own.stop();
});

test('in Arabic the text stays from left to right', async () => {
  const { page, context } = await open(host, ARABIC, path('+201000000001.rules'));
  await content(page).getByText('appointment', { exact: true }).first().waitFor();
  const direction = (selector: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((element) => getComputedStyle(element).direction);
  assert.equal(await direction('.cm-content'), 'ltr');
  assert.equal(await direction('.panels'), 'rtl');
  await assertAccessible(page, 'the editor in Arabic');
  await assertNoOverflow(page, 'the editor in Arabic');
  await context.close();
});
