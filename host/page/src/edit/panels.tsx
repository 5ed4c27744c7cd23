/** What stands beside the text: findings, tests, a trial, what would change, and the history. */

import { useState } from 'preact/hooks';
import type { CheckReport, Finding, TestsReport } from '../api';
import { Badge, Icon, reason, Tabs } from '../ui';
import { count, words } from '../words';
import { ChangesPanel } from './changes_panel';
import { type Draft, type Files } from './draft';
import { FindingList } from './finding_list';
import { HistoryPanel } from './history_panel';
import type { Later } from './later';
import type { Judged } from './notes';
import type { Start } from './read';
import { TestsPanel } from './tests_panel';
import type { WordKinds } from './tokens';
import { TryPanel } from './try_panel';

type Panel = 'findings' | 'tests' | 'try' | 'changes' | 'history';

interface Props {
  draft: Draft;
  start: Start;
  kinds: WordKinds;
  check: Later<Judged<CheckReport>>;
  tests: Later<Judged<TestsReport>>;
  onOpen: (file: string, line?: number) => void;
  onFinding: (finding: Finding) => void;
  onFix: (finding: Finding) => void;
  onRestore: (files: Files) => void;
}

export function Panels({ draft, start, kinds, check, tests, onOpen, onFinding, onFix, onRestore }: Props) {
  const { edit: text } = words();
  const [panel, setPanel] = useState<Panel>('findings');
  const findings = check.answer?.report.findings ?? [];
  const hasErrors = findings.some(({ level }) => level === 'error');
  const failed = tests.answer?.report.failed ?? 0;
  const restore = (files: Files) => {
    onRestore(files);
    setPanel('findings');
  };
  return (
    <section class="panels" aria-label={text.panels}>
      <Tabs
        label={text.panels}
        items={[
          {
            value: 'findings',
            text: <Counted text={text.findingsTab} number={findings.length} isBad={hasErrors} />,
          },
          { value: 'tests', text: <Counted text={text.testsTab} number={failed} isBad /> },
          { value: 'try', text: text.tryTab },
          { value: 'changes', text: text.changesTab },
          { value: 'history', text: text.historyTab },
        ]}
        value={panel}
        onValue={setPanel}
      >
        <div class="panel">
          {panel === 'findings' && <FindingsPanel check={check} onOpen={onFinding} onFix={onFix} />}
          {panel === 'tests' && (
            <TestsPanel
              report={tests.answer?.report}
              error={tests.error}
              isAsking={tests.isAsking}
              onOpen={onOpen}
            />
          )}
          {panel === 'try' && <TryPanel draft={draft} start={start} />}
          {panel === 'changes' && <ChangesPanel draft={draft} kinds={kinds} />}
          {panel === 'history' && <HistoryPanel draft={draft} kinds={kinds} onRestore={restore} />}
        </div>
      </Tabs>
    </section>
  );
}

function Counted({ text, number, isBad }: { text: string; number: number; isBad: boolean }) {
  return (
    <>
      {text}
      {number > 0 && <Badge tone={isBad ? 'danger' : 'warn'}>{count(number)}</Badge>}
    </>
  );
}

function FindingsPanel({
  check,
  onOpen,
  onFix,
}: {
  check: Later<Judged<CheckReport>>;
  onOpen: (finding: Finding) => void;
  onFix: (finding: Finding) => void;
}) {
  const { edit: text } = words();
  if (check.error) return <p dir="auto">{reason(check.error, true)}</p>;
  if (!check.answer) return <p class="muted">{text.checking}</p>;
  const { findings, left_out: leftOut } = check.answer.report;
  return (
    <div aria-busy={check.isAsking}>
      {findings.length === 0 && (
        <p class="row gap-s">
          <Icon name="check" />
          {text.noFindings}
        </p>
      )}
      <FindingList findings={findings} onOpen={onOpen} onFix={onFix} />
      {leftOut > 0 && <p class="muted small">{text.leftOut(leftOut)}</p>}
    </div>
  );
}
