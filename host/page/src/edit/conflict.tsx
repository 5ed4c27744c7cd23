/** Others have changed the rules: their texts and the edited ones side by side, and for each file one of them. */

import { useEffect, useMemo, useState } from 'preact/hooks';
import type { RulesStatus } from '../api';
import { api } from '../session';
import { Bone, Button, Dialog, Segments, toastError } from '../ui';
import { words } from '../words';
import { CodeChanges } from './code_view';
import { type Draft, draftOf, onTopOf, type OthersChange, othersChanges } from './draft';
import { SideBySide } from './side_by_side';
import type { WordKinds } from './tokens';
import { readFiles } from './read';

interface Props {
  mine: Draft;
  /** What decides now. */
  status: RulesStatus;
  kinds: WordKinds;
  onClose: () => void;
  /** The edits, on top of what others have saved. */
  onDraft: (draft: Draft) => void;
}

export function Conflict({ mine, status, kinds, onClose, onDraft }: Props) {
  const { edit: text, common } = words();
  const calls = api.value;
  const [now, setNow] = useState<Draft | null>(null);
  const [theirs, setTheirs] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    void readFiles(calls, status).then((files) => setNow(draftOf(status.digest, files)), toastError);
  }, []);
  const changes = useMemo(() => (now ? othersChanges(mine, now) : []), [mine, now]);
  const choose = (name: string, whose: 'mine' | 'theirs') => {
    const next = new Set(theirs);
    if (whose === 'theirs') next.add(name);
    else next.delete(name);
    setTheirs(next);
  };
  return (
    <Dialog
      title={text.othersChanged}
      width={1100}
      onClose={onClose}
      foot={
        <>
          <Button look="quiet" onClick={onClose}>
            {common.back}
          </Button>
          <Button
            look="primary"
            disabled={now === null}
            onClick={() => now && onDraft(onTopOf(mine, now, theirs))}
          >
            {text.goOn}
          </Button>
        </>
      }
    >
      <div class="stack">
        <p>{text.othersChangedBy(status.by)}</p>
        {now === null && <Bone height={240} />}
        {changes.map((change) => (
          <section key={change.name} class="stack gap-s" aria-label={change.name}>
            <div class="row wrap spread">
              <h3 class="mono ltr">{change.name}</h3>
              {change.mine !== undefined && (
                <Segments
                  label={text.whose(change.name)}
                  items={[
                    { value: 'mine', text: text.keepMine },
                    { value: 'theirs', text: text.takeTheirs },
                  ]}
                  value={theirs.has(change.name) ? 'theirs' : 'mine'}
                  onValue={(whose) => choose(change.name, whose)}
                />
              )}
            </div>
            <Change change={change} kinds={kinds} />
          </section>
        ))}
      </div>
    </Dialog>
  );
}

function Change({ change, kinds }: { change: OthersChange; kinds: WordKinds }) {
  const { edit: text } = words();
  const { name, before = '', theirs = '', mine } = change;
  if (mine === undefined) {
    return (
      <>
        <p class="muted small">{text.onlyTheirs}</p>
        <CodeChanges file={name} before={before} text={theirs} kinds={kinds} label={text.changesOf(name)} />
      </>
    );
  }
  return <SideBySide left={theirs} right={mine ?? ''} leftTitle={text.theirs} rightTitle={text.mine} />;
}
