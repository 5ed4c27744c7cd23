/** Where the page is: `#/INBOX/VIEW[/ARGUMENT][?FILTER=…]`. The host knows only `/`. */

import { computed, signal } from '@preact/signals';

export const VIEWS = ['now', 'decisions', 'numbers', 'options', 'policy', 'edit', 'play'] as const;
export type View = (typeof VIEWS)[number];

export interface Route {
  inbox: string | null;
  view: View;
  /** A number, the `seq` of a decision, a file … */
  argument: string | null;
  query: Record<string, string>;
}

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [inbox, view, ...rest] = path.split('/').map(decode);
  const argument = rest.join('/');
  return {
    inbox: inbox || null,
    view: VIEWS.find((known) => known === view) ?? 'now',
    argument: argument || null,
    query: Object.fromEntries(new URLSearchParams(query)),
  };
}

export function formatRoute({ inbox, view, argument, query }: Route): string {
  const path = [inbox ?? '', view, ...(argument ? [argument] : [])].map(encodeURIComponent).join('/');
  const parameters = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''));
  const text = parameters.toString();
  return `#/${path}${text && `?${text}`}`;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const current = signal<Route>(parseRoute(location.hash));
addEventListener('hashchange', () => {
  const next = parseRoute(location.hash);
  if (!mayLeave(next)) return;
  current.value = next;
});

export const route = computed(() => current.value);
export const view = computed(() => current.value.view);

/** The address of a view in the present inbox. */
export function href(to: View, argument: string | null = null, query: Record<string, string> = {}): string {
  return formatRoute({ inbox: current.value.inbox, view: to, argument, query });
}

export function go(to: View, argument: string | null = null, query: Record<string, string> = {}) {
  location.hash = href(to, argument, query);
}

export function goToInbox(inbox: string) {
  location.hash = formatRoute({ inbox, view: current.value.view, argument: null, query: {} });
}

/** Changes filters without a step in the browser's history. */
export function replaceQuery(query: Record<string, string>) {
  replaceRoute({ ...current.value, query });
}

export function replaceRoute(next: Route) {
  current.value = next;
  history.replaceState(null, '', formatRoute(next));
}

/** What must agree before something else is opened, such as a form with changes that are not saved. */
let guard: ((next: Route) => boolean) | null = null;

export function guardLeaving(ask: ((next: Route) => boolean) | null) {
  guard = ask;
}

function mayLeave(next: Route): boolean {
  const now = current.value;
  const stays = next.inbox === now.inbox && next.view === now.view && next.argument === now.argument;
  if (stays || guard === null || guard(next)) return true;
  // Also what shows the address, such as the choice of the inbox, is as it was.
  replaceRoute({ ...now });
  return false;
}
