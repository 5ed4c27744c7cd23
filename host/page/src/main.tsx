/** The page. */

import { render } from 'preact';
import { App } from './app';
import { followEvents } from './events';
import { applyPreferences } from './preferences';
import { followRules } from './rules_status';
import { readSession } from './session';

const root = document.getElementById('app');
if (root) {
  await Promise.all([applyPreferences(), readSession()]);
  render(<App />, root);
  followEvents();
  followRules();
}
