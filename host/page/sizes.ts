/** Prints how large the page is, compressed, and fails if that is too much. */

import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const FIRST_VIEW_BYTES = 40_000;
const ALL_BYTES = 200_000;

const dist = new URL('./dist/', import.meta.url);
const files = ['index.html', 'favicon.svg', ...readdirSync(new URL('assets/', dist)).map((name) => `assets/${name}`)];
const sizes = new Map(files.map((name) => [name, gzipSync(readFileSync(new URL(name, dist)), { level: 9 }).length]));

/** What the browser needs before it shows the first view in English. */
const index = readFileSync(new URL('index.html', dist), 'utf8');
const first = files.filter((name) => name === 'index.html' || index.includes(`/${name}`));
const sum = (names: string[]) => names.reduce((bytes, name) => bytes + (sizes.get(name) ?? 0), 0);

for (const name of files) {
  console.log(`${String(sizes.get(name)).padStart(8)}  ${name}${first.includes(name) ? '  (first view)' : ''}`);
}
console.log(`${String(sum(first)).padStart(8)}  first view, of at most ${FIRST_VIEW_BYTES}`);
console.log(`${String(sum(files)).padStart(8)}  all, of at most ${ALL_BYTES}`);
if (sum(first) > FIRST_VIEW_BYTES || sum(files) > ALL_BYTES) {
  console.error('✗ the page is too large');
  process.exit(1);
}
