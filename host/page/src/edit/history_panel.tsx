/** The rules as they once were: what is different now, and the way back. */

import { useState } from 'preact/hooks';
import { useResource } from '../resource';
import { api } from '../session';
import { Ago, Badge, Bone, Button, Loaded } from '../ui';
import { words } from '../words';
import { CodeChanges } from './code_view';
import { byName, type Draft, fileNames, type Files, plain, textOf } from './draft';
import type { WordKinds } from './tokens';

interface Props {
  draft: Draft;
  kinds: WordKinds;
  onRestore: (files: Files) => void;
}

export function HistoryPanel({ draft, kinds, onRestore }: Props) {
  const { edit: text, common } = words();
  const calls = api.value;
  const [shown, setShown] = useState<string | null>(null);
  const [limit, setLimit] = useState(20);
  const sets = useResource((signal) => calls.ruleSets({ limit }, signal), [calls, limit], ['rules']);
  return (
    <Loaded of={sets} bones={<Bone height={240} />}>
      {({ items, next }) => (
        <div class="stack">
          <p class="muted small">{text.historyLead}</p>
          <ol class="history">
            {items.map((set) => (
              <li key={set.digest} class="card">
                <div class="row wrap history-row">
                  <span class="grow">
                    <Ago at={set.at} />{' '}
                    <span class="muted">{set.by === 'folder' ? text.byFolder : text.by(set.by)}</span>
                  </span>
                  {set.digest === draft.base ? (
                    <Badge tone="ok">{text.isActive}</Badge>
                  ) : (
                    <Button
                      small
                      look="quiet"
                      aria-expanded={shown === set.digest}
                      onClick={() => setShown(shown === set.digest ? null : set.digest)}
                    >
                      {text.showSet}
                    </Button>
                  )}
                </div>
                {shown === set.digest && (
                  <StoredSet digest={set.digest} draft={draft} kinds={kinds} onRestore={onRestore} />
                )}
              </li>
            ))}
          </ol>
          {next !== null && (
            <Button small look="quiet" onClick={() => setLimit(limit + 50)}>
              {common.more}
            </Button>
          )}
        </div>
      )}
    </Loaded>
  );
}

function StoredSet({ digest, draft, kinds, onRestore }: Props & { digest: string }) {
  const { edit: text } = words();
  const calls = api.value;
  const set = useResource((signal) => calls.ruleSet(digest, signal), [calls, digest]);
  return (
    <div class="card-body stack">
      <Loaded of={set} bones={<Bone height={120} />}>
        {({ files }) => {
          const names = [...new Set([...Object.keys(files), ...fileNames(draft)])].sort(byName);
          const different = names.filter((name) => plain(files[name] ?? '') !== (textOf(draft, name) ?? ''));
          return (
            <>
              {different.length === 0 && <p class="muted">{text.sameTexts}</p>}
              {different.map((name) => (
                <div key={name} class="stack gap-s">
                  <p class="mono small ltr">{name}</p>
                  <CodeChanges
                    file={name}
                    before={textOf(draft, name) ?? ''}
                    text={plain(files[name] ?? '')}
                    kinds={kinds}
                    label={text.changesOf(name)}
                  />
                </div>
              ))}
              {different.length > 0 && (
                <div class="row wrap">
                  <Button icon="undo" onClick={() => onRestore(files)}>
                    {text.restore}
                  </Button>
                  <span class="muted small grow">{text.restoreHint}</span>
                </div>
              )}
            </>
          );
        }}
      </Loaded>
    </div>
  );
}
