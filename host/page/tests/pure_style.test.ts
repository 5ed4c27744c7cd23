/** The style sheets: all of them stay on the page once their views have been opened. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const SRC = join(import.meta.dirname, '../src');

/** `.name {`, alone. */
function plainClasses(css: string): string[] {
  const selectors = css.replace(/\/\*[^]*?\*\//g, '').match(/[^{}]+(?=\{)/g) ?? [];
  return selectors.flatMap((list) => list.split(',')).flatMap((one) => /^\s*\.([\w-]+)\s*$/.exec(one)?.[1] ?? []);
}

/** The class attributes of the components. */
function classesIn(tsx: string): string[] {
  const attributes = tsx.match(/\bclass=(?:"[^"]*"|\{[^}]*\})/g) ?? [];
  return attributes.flatMap((attribute) => attribute.slice('class='.length).match(/(?<![.\w-])[\w-]+/g) ?? []);
}

test('the style of a view does not reach into another', () => {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).map((file) => file.replaceAll('\\', '/'));
  const folderOf = (file: string) => file.split('/')[0]!;
  const users = new Map<string, Set<string>>();
  for (const file of files.filter((name) => name.endsWith('.tsx'))) {
    for (const name of classesIn(readFileSync(join(SRC, file), 'utf8'))) {
      users.set(name, (users.get(name) ?? new Set()).add(folderOf(file)));
    }
  }
  for (const file of files.filter((name) => name.endsWith('.css'))) {
    const folder = folderOf(file);
    if (folder === 'style' || folder === 'ui') continue;
    for (const name of plainClasses(readFileSync(join(SRC, file), 'utf8'))) {
      const others = [...(users.get(name) ?? [])].filter((user) => user !== folder);
      assert.deepEqual(others, [], `.${name} of ${file} is a class in another folder, too`);
    }
  }
});
