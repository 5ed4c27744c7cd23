/** One call of the API: JSON in and out, errors as `ApiError`, another try when the host is busy. */

import type { Finding, RulesStatus } from './rule_types';

/** Why a call failed. `status` 0 and code `offline`: no answer came. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly place: string | null = null,
    readonly findings: Finding[] = [],
    /** The rules that the gate keeps back. */
    readonly waiting: RulesStatus['waiting'] = null,
    /** The host may have done what was asked, or may do it yet. */
    readonly isUncertain = false,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

/** Whoever wants to know how calls end: the session (401) and the state of the connection. */
export const observers: { onUncertain(): void; onOffline(): void; onNoToken(): void } = {
  onUncertain() {},
  onOffline() {},
  onNoToken() {},
};

export type Query = Record<string, string | number | boolean | null | undefined>;

export interface CallOptions {
  query?: Query;
  body?: unknown;
  signal?: AbortSignal | undefined;
  /** Making the call twice does what making it once does. */
  canRepeat?: boolean;
}

const TRIES = 4;

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

export async function call<T>(method: string, path: string, options: CallOptions = {}): Promise<T> {
  const response = await answer(method, path, options);
  if (response.status === 204) return undefined as T;
  const isJson = response.headers.get('content-type')?.includes('json');
  return (isJson ? await response.json() : await response.text()) as T;
}

async function answer(
  method: string,
  path: string,
  { query, body, signal, canRepeat = method === 'GET' }: CallOptions,
): Promise<Response> {
  // The host redirects nothing: it is a proxy in front, and where it leads somebody logs in.
  const init: RequestInit = { method, credentials: 'same-origin', redirect: 'manual', headers: {} };
  if (signal) init.signal = signal;
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { 'content-type': 'application/json' };
  }
  for (let attempt = 1; ; attempt += 1) {
    let response: Response;
    try {
      response = await fetch(path + queryText(query), init);
    } catch (error) {
      if (isAbort(error)) throw error;
      observers.onOffline();
      throw new ApiError(0, 'offline', 'the inbox cannot be reached', null, [], null, !canRepeat);
    }
    // What stands between the page and the host, such as a proxy, answers 502 and 504 while the host is away.
    const isAway = response.status === 502 || response.status === 504;
    if (response.ok) return response;
    const error = await readError(response);
    // A call that the host had to leave waiting is answered by 503, too, and may be done later.
    const isUncertain = !canRepeat && (isAway || error.code === 'store-away' || error.code === 'too-slow');
    const canWait = response.status === 429 || (response.status === 503 && !isUncertain);
    if (canWait && attempt < TRIES) {
      await wait(retryAfter(response, attempt), signal);
      continue;
    }
    if (isAway) observers.onOffline();
    if (error.status === 401 && path !== '/v1/session') observers.onNoToken();
    if (isUncertain) observers.onUncertain();
    throw isUncertain ? new ApiError(error.status, error.code, error.message, null, [], null, true) : error;
  }
}

function queryText(query: Query | undefined): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== null && value !== undefined && value !== '') parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text && `?${text}`;
}

function retryAfter(response: Response, attempt: number): number {
  const seconds = Number(response.headers.get('retry-after'));
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 10) * 1000 : 250 * 2 ** attempt;
}

function wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(new DOMException('the call is no longer wanted', 'AbortError'));
    });
  });
}

async function readError(response: Response): Promise<ApiError> {
  if (response.type === 'opaqueredirect') return new ApiError(401, 'redirected', 'load the page again to log in');
  try {
    const { error, findings } = await response.json();
    return new ApiError(
      // Behind a proxy that asks for a password, the host says it by 403.
      error.code === 'no-token' ? 401 : response.status,
      error.code,
      error.message,
      error.place ?? null,
      error.findings ?? findings ?? [],
      error.waiting ?? null,
    );
  } catch {
    return new ApiError(response.status, 'unreadable', `the answer ${response.status} cannot be read`);
  }
}
