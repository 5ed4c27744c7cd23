'use strict';

// `npm run build`: compiles the addon with cargo, and puts it beside index.js as inbox_rules.node.

const { execFileSync } = require('node:child_process');
const { copyFileSync, renameSync } = require('node:fs');
const path = require('node:path');

const options = ['--locked', '--release', '--package', 'inbox_rules_node', '--message-format=json-render-diagnostics'];
const output = execFileSync('cargo', ['build', ...options], {
  cwd: __dirname,
  encoding: 'utf8',
  maxBuffer: 256 * 1024 * 1024,
  stdio: ['ignore', 'pipe', 'inherit'],
});
const built = output
  .split('\n')
  .filter((line) => line.startsWith('{'))
  .map((line) => JSON.parse(line))
  .find((message) => message.reason === 'compiler-artifact' && message.target.name === 'inbox_rules_node');
const library = built.filenames.find((name) => /\.(so|dylib|dll)$/.test(name));
const addon = path.join(__dirname, 'inbox_rules.node');
// A process may have loaded the old one.
copyFileSync(library, `${addon}.new`);
renameSync(`${addon}.new`, addon);
