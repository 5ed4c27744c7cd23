/** What would change: the texts, what is proved of the decisions, and how the last messages would go. */

import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ApiError, type ReplayReport } from '../api';
import { toApiError } from '../resource';
import { href } from '../router';
import { api } from '../session';
import { Button, Icon, reason } from '../ui';
import { words } from '../words';
import { CodeChanges } from './code_view';
import { type Differences, DifferenceBones, DifferenceList, SideOf } from './differences_view';
import { changedFiles, type Draft, isChanged, textOf, toJudge } from './draft';
import { FindingList } from './finding_list';
import type { WordKinds } from './tokens';

export function ChangesPanel({ draft, kinds }: { draft: Draft; kinds: WordKinds }) {
  const { edit: text } = words();
  const calls = api.value;
  if (!isChanged(draft)) return <p class="muted">{text.nothingChanged}</p>;
  return (
    <div class="stack">
      <section class="stack">
        <h2>{text.decisions}</h2>
        <Asked
          draft={draft}
          button={text.compare}
          hint={text.compareHint}
          ask={(signal) => calls.diffRules(toJudge(draft), signal) as Promise<Differences>}
        >
          {(found) => <DifferenceList found={found} />}
        </Asked>
      </section>
      <section class="stack">
        <h2>{text.lastMessages}</h2>
        <Asked
          draft={draft}
          button={text.replay}
          hint={text.replayHint}
          ask={(signal) => calls.replayRules(toJudge(draft), signal)}
        >
          {(report) => <Replay report={report} />}
        </Asked>
      </section>
      <section class="stack">
        <h2>{text.texts}</h2>
        {changedFiles(draft).map((name) => (
          <div key={name} class="stack gap-s">
            <p class="mono small ltr">{name}</p>
            <CodeChanges
              file={name}
              before={draft.saved[name] ?? ''}
              text={textOf(draft, name) ?? ''}
              kinds={kinds}
              label={text.changesOf(name)}
            />
          </div>
        ))}
      </section>
    </div>
  );
}

/** Something that takes the host a while, and is only asked for when somebody wants it. */
function Asked<T>({
  draft,
  button,
  hint,
  ask,
  children,
}: {
  draft: Draft;
  button: string;
  hint: string;
  ask: (signal: AbortSignal) => Promise<T>;
  children: (answer: T) => ComponentChildren;
}) {
  const [isAsking, setAsking] = useState<AbortController | null>(null);
  const [answer, setAnswer] = useState<T | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  // An answer about an older text is none.
  useEffect(() => {
    setAnswer(null);
    setError(null);
    return () =>
      setAsking((running) => {
        running?.abort();
        return null;
      });
  }, [draft]);
  const start = async () => {
    const mine = new AbortController();
    setAsking(mine);
    setError(null);
    try {
      const found = await ask(mine.signal);
      if (!mine.signal.aborted) setAnswer(found);
    } catch (caught) {
      if (!mine.signal.aborted) setError(toApiError(caught));
    } finally {
      setAsking((running) => (running === mine ? null : running));
    }
  };
  return (
    <div class="stack" role="status">
      {answer === null && (
        <div class="row wrap">
          <Button busy={isAsking !== null} onClick={() => void start()}>
            {button}
          </Button>
          <span class="muted small grow">{hint}</span>
        </div>
      )}
      {isAsking && <DifferenceBones />}
      {error && (
        <>
          <p dir="auto">{reason(error)}</p>
          <FindingList findings={error.findings} />
        </>
      )}
      {answer !== null && children(answer)}
    </div>
  );
}

function Replay({ report }: { report: ReplayReport }) {
  const { edit: text } = words();
  return (
    <div class="stack">
      <p class="row gap-s strong">
        <Icon name={report.different ? 'info' : 'check'} />
        {text.replayed(report.different, report.decisions)}
      </p>
      {report.unknown > 0 && <p class="muted small">{text.replayUnknown(report.unknown)}</p>}
      <ul class="differences">
        {report.differences.map(({ seq, before, after }) => (
          <li key={seq} class="difference">
            <a class="small" href={href('decisions', String(seq))}>
              {text.decision(seq)}
            </a>
            <div class="sides">
              <SideOf title={text.diff.before} rule={before.rule} decision={before} />
              <SideOf title={text.diff.after} rule={after.rule} decision={after} />
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}
