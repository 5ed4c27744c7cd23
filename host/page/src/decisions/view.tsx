/** What is decided, as it is decided. */

import './view.css';
import { useRef, useState } from 'preact/hooks';
import type { Routed } from '../api';
import { customerName, ruleName, useInbox, useNumberName, useUserName } from '../inbox';
import { go, href, route } from '../router';
import { api, can } from '../session';
import { Ago, Badge, Bone, Button, Clipped, Empty, Failed } from '../ui';
import { WindowList } from '../ui/window_list';
import { words } from '../words';
import { DecisionDetail } from './detail';
import { Filters, filterOf } from './filters';
import { useDecisions } from './loading';
import { outcomeWords } from './outcome';

const ROW_HEIGHT = 68;

export default function DecisionsView() {
  const { decisions: say, frame } = words();
  const { argument, query } = route.value;
  const filter = filterOf(query);
  const list = useDecisions(api.value, filter);
  const selected = argument === null ? null : Number(argument);
  const box = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState(0);
  const [isTop, setTop] = useState(true);
  const items = list.items.value;
  const newest = items?.[0]?.seq ?? 0;
  if (isTop && seen !== newest) setSeen(newest);
  const fresh = isTop || !items ? 0 : items.findIndex((item) => item.seq <= seen);
  return (
    <>
      <div class="view-head">
        <div>
          <h1>{frame.views.decisions}</h1>
          <p class="small">{say.lead}</p>
        </div>
        <Filters seenRules={rulesOf(items ?? [])} />
      </div>
      <div class={selected === null ? 'decisions' : 'decisions with-detail'} ref={box}>
        <div class="card decisions-list">
          {fresh > 0 && (
            <Button
              small
              look="primary"
              class="fresh"
              icon="up"
              onClick={() => box.current?.querySelector('.window-list')?.scrollTo({ top: 0 })}
            >
              {say.fresh(fresh)}
            </Button>
          )}
          <List list={list} selected={selected} onTop={setTop} isFiltered={Object.keys(filter).length > 0} />
        </div>
        <div class="card decisions-detail" data-open={selected !== null}>
          {selected === null ? (
            <p class="state muted">{say.choose}</p>
          ) : (
            <DecisionDetail
              key={selected}
              seq={selected}
              known={items?.find((item) => item.seq === selected)}
              newer={neighbour(items, selected, -1)}
              older={neighbour(items, selected, 1)}
            />
          )}
        </div>
      </div>
    </>
  );
}

function neighbour(items: Routed[] | undefined, seq: number, step: number): number | null {
  const index = items?.findIndex((item) => item.seq === seq) ?? -1;
  return index < 0 ? null : (items?.[index + step]?.seq ?? null);
}

function rulesOf(items: Routed[]): string[] {
  return [...new Set(items.flatMap(({ decision }) => decision.rule?.name ?? []))].sort();
}

function List({
  list,
  selected,
  onTop,
  isFiltered,
}: {
  list: ReturnType<typeof useDecisions>;
  selected: number | null;
  onTop: (isTop: boolean) => void;
  isFiltered: boolean;
}) {
  const { decisions: say, common } = words();
  const { query } = route.value;
  const items = list.items.value;
  if (items === undefined) {
    if (list.error.value) return <Failed error={list.error.value} onRetry={() => void list.begin()} />;
    return (
      <div class="decision-bones" aria-busy="true">
        <span class="visually-hidden" role="status">
          {common.loading}
        </span>
        {Array.from({ length: 12 }, (_, index) => (
          <div key={index} class="decision-row" aria-hidden="true">
            <Bone width={`${40 + ((index * 17) % 30)}%`} />
            <Bone width={`${25 + ((index * 23) % 30)}%`} height={20} />
          </div>
        ))}
      </div>
    );
  }
  if (items.length === 0) {
    return isFiltered ? (
      <Empty title={say.emptyFiltered} act={<Button onClick={() => go('decisions')}>{say.clear}</Button>} />
    ) : (
      <Empty
        title={say.emptyTitle}
        act={
          can('messages') && (
            <a class="button primary" href={href('play')}>
              {say.play}
            </a>
          )
        }
      >
        {say.empty}
      </Empty>
    );
  }
  return (
    <WindowList
      label={say.list}
      items={items}
      rowHeight={ROW_HEIGHT}
      keyOf={(item) => item.seq}
      current={selected}
      onNearEnd={() => list.older()}
      onTop={onTop}
      foot={<p class="decisions-end small muted">{list.hasMore.value ? say.older : say.end}</p>}
    >
      {(item, tabIndex) => <Row item={item} tabIndex={tabIndex} isSelected={item.seq === selected} query={query} />}
    </WindowList>
  );
}

function Row({
  item,
  tabIndex,
  isSelected,
  query,
}: {
  item: Routed;
  tabIndex: number;
  isSelected: boolean;
  query: Record<string, string>;
}) {
  const userName = useUserName();
  const numberName = useNumberName();
  const { numbers } = useInbox();
  const { kinds } = words();
  const outcome = outcomeWords(item.decision, userName);
  const hasSeveralNumbers = (numbers.data.value?.length ?? 0) > 1;
  return (
    <a
      class="decision-row"
      href={href('decisions', String(item.seq), query)}
      tabIndex={tabIndex}
      aria-current={isSelected ? 'true' : undefined}
    >
      <span class="row gap-s">
        <Clipped class="strong decision-who">{customerName(item)}</Clipped>
        <Clipped class="grow muted">{item.text ?? (item.kind && item.kind !== 'text' ? `(${kinds[item.kind] ?? item.kind})` : '')}</Clipped>
        <span class="muted small">
          <Ago at={item.at} />
        </span>
      </span>
      <span class="row gap-s small">
        <Badge tone={outcome.tone}>{outcome.text}</Badge>
        {item.decision.rule && (
          <Clipped>{ruleName(item.decision.rule)}</Clipped>
        )}
        {hasSeveralNumbers && (
          <span class="muted decision-number">
            <Clipped>{numberName(item.decision.number)}</Clipped>
          </span>
        )}
      </span>
    </a>
  );
}
