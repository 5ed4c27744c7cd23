/** What a view shows when it has nothing to show. */

import type { ComponentChildren } from 'preact';
import type { ApiError, Right } from '../api';
import { isConnected, retryNow } from '../connection';
import type { Resource } from '../resource';
import { can } from '../session';
import { words } from '../words';
import { Button } from './button';
import { Icon, type IconName } from './icon';

interface StateProps {
  icon: IconName;
  title: string;
  children?: ComponentChildren;
  /** Buttons or links. */
  act?: ComponentChildren;
  /** It stands alone in the view. */
  page?: boolean;
}

export function State({ icon, title, children, act, page }: StateProps) {
  return (
    <div class={page ? 'state page' : 'state'}>
      <Icon name={icon} size={32} />
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {act}
    </div>
  );
}

export function Empty({ title, children, act }: { title?: string; children?: ComponentChildren; act?: ComponentChildren }) {
  return (
    <State icon="empty" title={title ?? words().state.nothing} act={act}>
      {children}
    </State>
  );
}

export function NoRight({ right }: { right: Right }) {
  const { state } = words();
  return (
    <State page icon="lock" title={state.noRightTitle}>
      {state.noRight(right)}
    </State>
  );
}

export function Failed({ error, onRetry }: { error: ApiError; onRetry: () => void }) {
  const { state, common } = words();
  const isOffline = error.code === 'offline' || !isConnected.value;
  const retry = () => {
    retryNow();
    onRetry();
  };
  return (
    <State
      icon={isOffline ? 'plug' : 'warning'}
      title={state.cannotLoad}
      act={
        <Button onClick={retry}>{common.retry}</Button>
      }
    >
      {isOffline ? state.offline : error.message}
    </State>
  );
}

/** What the view needs a right for. */
export function Needs({ right, children }: { right: Right; children: ComponentChildren }) {
  return can(right) ? <>{children}</> : <NoRight right={right} />;
}

/** Draws what was read; until then `bones`, of the same size; why it could not be read, if there is nothing yet. */
export function Loaded<T>({
  of,
  bones,
  wait,
  children,
}: {
  of: Resource<T>;
  bones: ComponentChildren;
  /** Other things are to appear together with it. */
  wait?: boolean;
  children: (data: T) => ComponentChildren;
}) {
  const data = of.data.value;
  if (data !== undefined && !wait) return <>{children(data)}</>;
  const error = of.error.value;
  if (error && !wait) return <Failed error={error} onRetry={() => void of.reload()} />;
  return (
    <div aria-busy="true">
      <span class="visually-hidden" role="status">
        {words().common.loading}
      </span>
      <div aria-hidden="true">{bones}</div>
    </div>
  );
}

export function Bone({ width = '100%', height = 14 }: { width?: string | number; height?: number }) {
  return <span class="bone" style={{ inlineSize: typeof width === 'number' ? `${width}px` : width, blockSize: `${height}px` }} />;
}
