/** Which view is shown. All but the first are loaded when they are opened. */

import type { ComponentType } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from '../api';
import { isConnected, reconnections, reloadPage } from '../connection';
import { InboxProvider } from '../inbox';
import { toApiError } from '../resource';
import { route, type View } from '../router';
import { Bone, Failed, Needs } from '../ui';
import NowView from '../now/view';
import { NumberHead } from './number_head';

type Loader = () => Promise<{ default: ComponentType }>;

const LAZY: Partial<Record<View, Loader>> = {
  decisions: () => import('../decisions/view'),
  numbers: () => import('../numbers/view'),
  options: () => import('../options/view'),
  policy: () => import('../policy/view'),
  edit: () => import('../edit/view'),
  play: () => import('../play/view'),
};

const loaded = new Map<View, ComponentType>([['now', NowView]]);

export function CurrentView() {
  const { view, argument } = route.value;
  const ofNumber = view === 'options' || view === 'policy';
  return (
    <Needs right="read">
      <InboxProvider>
        <div class="view" data-view={view}>
          {ofNumber && <NumberHead />}
          <Lazy key={ofNumber ? `${view} ${argument}` : view} view={view} />
        </div>
      </InboxProvider>
    </Needs>
  );
}

const RELOAD_PAUSE_MILLISECONDS = 60_000;

/** A newer program has other files, which a page that is loaded again knows; but not again and again. */
function mayReload(): boolean {
  try {
    const last = Number(sessionStorage.getItem('reloaded'));
    if (Date.now() - last < RELOAD_PAUSE_MILLISECONDS) return false;
    sessionStorage.setItem('reloaded', String(Date.now()));
    return true;
  } catch {
    return false;
  }
}

function Lazy({ view }: { view: View }) {
  const [Shown, setShown] = useState<ComponentType | undefined>(() => loaded.get(view));
  const [error, setError] = useState<ApiError | null>(null);
  const again = reconnections.value;
  const failedAt = useRef<number | null>(null);
  useEffect(() => {
    if (Shown) return;
    let isOver = false;
    setError(null);
    LAZY[view]?.().then(
      (module) => {
        loaded.set(view, module.default);
        if (!isOver) setShown(() => module.default);
      },
      (caught) => {
        failedAt.current = again;
        if (isOver) return;
        setError(new ApiError(0, 'offline', toApiError(caught).message));
        if (isConnected.value && mayReload()) void reloadPage();
      },
    );
    return () => {
      isOver = true;
    };
  }, [view]);
  useEffect(() => {
    // A browser remembers that a file could not be loaded until the page is loaded again.
    if (failedAt.current !== null && failedAt.current !== again) void reloadPage();
  }, [again]);
  if (Shown) return <Shown />;
  if (error) return <Failed error={error} onRetry={() => void reloadPage()} />;
  return (
    <div class="view-head" aria-busy="true">
      <Bone width={180} height={24} />
    </div>
  );
}
