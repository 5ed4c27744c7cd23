/** Short messages at the edge of the page, which go by themselves. */

import { signal } from '@preact/signals';
import { ApiError, isAbort } from '../api';
import { words } from '../words';
import { IconButton } from './button';

interface Toast {
  id: number;
  text: string;
  isError: boolean;
}

const MILLISECONDS = 6_000;
const toasts = signal<Toast[]>([]);
let last = 0;

export function toast(text: string, isError = false) {
  last += 1;
  const id = last;
  toasts.value = [...toasts.value.slice(-2), { id, text, isError }];
  setTimeout(() => dismiss(id), isError ? 2 * MILLISECONDS : MILLISECONDS);
}

/** Says why something that somebody wanted could not be done. */
export function toastError(error: unknown) {
  if (isAbort(error)) return;
  // The dialog that asks for the token says it.
  if (error instanceof ApiError && error.status === 401) return;
  toast(reason(error), true);
}

/** Why it failed. Only what is read is asked for again by itself (`isRead`). */
export function reason(error: unknown, isRead = false): string {
  const { state } = words();
  if (error instanceof ApiError && error.isUncertain) return state.uncertain;
  if (error instanceof ApiError && error.code === 'offline') return isRead ? state.offline : state.offlineNow;
  return error instanceof Error ? error.message : String(error);
}

function dismiss(id: number) {
  toasts.value = toasts.value.filter((shown) => shown.id !== id);
}

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map(({ id, text, isError }) => (
        <div key={id} class={isError ? 'toast danger' : 'toast'}>
          <span class="grow">{text}</span>
          <IconButton small icon="close" label={words().common.dismiss} onClick={() => dismiss(id)} />
        </div>
      ))}
    </div>
  );
}
