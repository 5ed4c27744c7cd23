/** Small things that stand in rows and cards. */

import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { Presence } from '../api';
import { dateTime, durationWords, relative, words } from '../words';

export type Tone = 'plain' | 'ok' | 'warn' | 'danger' | 'info' | 'accent';

export function Badge({ tone = 'plain', children, title }: { tone?: Tone; children: ComponentChildren; title?: string }) {
  return (
    <span class={tone === 'plain' ? 'badge' : `badge ${tone}`} title={title}>
      {children}
    </span>
  );
}

/** A phone number: always from left to right. */
export function Phone({ number }: { number: string }) {
  return <bdi class="ltr num nowrap">{number}</bdi>;
}

/** Text that somebody wrote, in its own direction. */
export function Written({ children }: { children: ComponentChildren }) {
  return <bdi dir="auto">{children}</bdi>;
}

/** The same on one line, cut off where it ends; more classes may be given. */
export function Clipped({ class: more, children }: { class?: string; children: ComponentChildren }) {
  return (
    <span class={more ? `ellipsis ${more}` : 'ellipsis'} dir="auto">
      {children}
    </span>
  );
}

/** The direction of a field: that of what is in it, and that of the page while it is empty. */
export function writtenDirection(value: string): 'auto' | undefined {
  return value === '' ? undefined : 'auto';
}

/** What the host says, which is in English in every language of the page. */
export function English({ children }: { children: ComponentChildren }) {
  return (
    <bdi lang="en" dir="ltr">
      {children}
    </bdi>
  );
}

export function Avatar({ name, presence, small }: { name: string; presence?: Presence; small?: boolean }) {
  return (
    <span class={small ? 'avatar small' : 'avatar'} aria-hidden="true">
      {initials(name)}
      {presence && <span class={`dot presence ${presence}`} />}
    </span>
  );
}

function initials(name: string): string {
  const parts = name.trim().split(/\s+/);
  const letters = parts.length > 1 ? [parts[0], parts.at(-1)] : [parts[0]];
  return letters.map((part) => [...(part ?? '')][0] ?? '').join('');
}

/** The present time, in milliseconds, as it goes on. */
export const now = signal(Date.now());
setInterval(() => {
  if (!document.hidden) now.value = Date.now();
}, 1_000);
document.addEventListener('visibilitychange', () => {
  now.value = Date.now();
});

/** `3 min ago`; the tip says exactly when. */
export function Ago({ at }: { at: string }) {
  const seconds = (now.value - Date.parse(at)) / 1000;
  return (
    <time class="num nowrap" dateTime={at} title={dateTime(at)}>
      {seconds < 5 ? relative(0) : relative(seconds)}
    </time>
  );
}

/** For how long: `3 min`. */
export function Age({ since }: { since: string }) {
  const seconds = (now.value - Date.parse(since)) / 1000;
  return (
    <time class="num nowrap" dateTime={since} title={dateTime(since)}>
      {durationWords(seconds)}
    </time>
  );
}

/** The word for a presence beside its dot. */
export function PresenceWord({ presence }: { presence: Presence }) {
  return (
    <span class="row gap-s">
      <span class={`dot presence ${presence}`} />
      {words().presence[presence]}
    </span>
  );
}
