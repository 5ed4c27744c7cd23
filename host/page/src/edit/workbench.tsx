/** The editor with its files, and the panels beside it. */

import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { CheckReport, Finding, TestsReport } from '../api';
import { href, replaceQuery, route } from '../router';
import { api, can } from '../session';
import { Badge, Button, Icon, Tabs, toastError } from '../ui';
import { count, words } from '../words';
import { ChangesPanel } from './changes_panel';
import type { CodeEditor, Note } from './code_editor';
import { Conflict } from './conflict';
import {
  afterSave,
  changedFiles,
  type Draft,
  fileNames,
  isChanged,
  keep,
  textOf,
  toJudge,
  toSave,
  withFiles,
  withText,
} from './draft';
import { FileBar } from './file_bar';
import { FindingList, shortName } from './finding_list';
import { HistoryPanel } from './history_panel';
import { useLater } from './later';
import { notesOf, textFix } from './notes';
import { Gate, Refused, useSave } from './save';
import { SeveralFiles } from './several_files';
import { TestsPanel } from './tests_panel';
import { wordKinds } from './tokens';
import { TryPanel } from './try_panel';
import type { Start } from './read';

type Panel = 'findings' | 'tests' | 'try' | 'changes' | 'history';

/** Tests are run when somebody pauses. */
const TEST_WAIT_MILLISECONDS = 600;

export function Workbench({ start: read }: { start: Start }) {
  const { edit: text, common } = words();
  const calls = api.value;
  const mayChange = can('rules');
  const [start] = useState(read);
  const [draft, setDraft] = useState(start.draft);
  const [older, setOlder] = useState(start.older);
  const [panel, setPanel] = useState<Panel>('findings');
  const kinds = useMemo(() => wordKinds(start.words.words), [start]);
  const names = fileNames(draft);
  const asked = route.value.argument;
  const file =
    asked !== null && names.includes(asked)
      ? asked
      : (names.find((name) => name !== 'inbox.toml') ?? names[0] ?? '');
  const editor = useRef<CodeEditor>(null);

  useEffect(() => {
    keep(calls.inbox, draft);
  }, [draft]);
  useWarningBeforeClose(isChanged(draft));

  const check = useLater(
    mayChange ? async (signal) => ({ draft, report: await calls.checkRules(toJudge(draft), signal) }) : null,
    [draft],
  );
  const tests = useLater(
    mayChange ? async (signal) => ({ draft, report: await calls.testRules(toJudge(draft), signal) }) : null,
    [draft],
    TEST_WAIT_MILLISECONDS,
  );
  const notes = useMemo(
    () => judgedNotes(file, draft, check.answer, tests.answer),
    [file, draft, check.answer, tests.answer],
  );

  const save = useSave((status, edit) => {
    setDraft((now) => afterSave(now, status.digest, Object.keys(edit.files)));
  });
  const open = (name: string, line?: number) => {
    location.hash = href('edit', name, line === undefined ? {} : { line: String(line) });
  };
  const goTo = (finding: Finding) => open(shortName(finding.file), finding.start.line);
  const fix = (finding: Finding) => {
    const name = shortName(finding.file);
    const now = textOf(draft, name);
    // A fix is of the text that was judged.
    if (now === undefined || check.answer?.draft !== draft) return;
    setDraft(withText(draft, name, textFix(now, finding)));
  };

  const findings = check.answer?.report.findings ?? [];
  const errors = findings.filter(({ level }) => level === 'error').length;
  const failed = tests.answer?.report.failed ?? 0;
  const changed = changedFiles(draft);
  return (
    <>
      <div class="view-head">
        <div>
          <h1>{text.title}</h1>
          <p role="status">
            {!mayChange
              ? text.readOnly
              : changed.length === 0
                ? text.nothingChanged
                : text.changedFiles(changed.length)}
          </p>
        </div>
        {mayChange && (
          <div class="row gap-s">
            {changed.length > 0 && (
              <Button
                look="quiet"
                icon="undo"
                onClick={() => confirm(text.discardAll) && setDraft({ ...draft, edits: {} })}
              >
                {text.discard}
              </Button>
            )}
            <Button
              look="primary"
              busy={save.isSaving}
              disabled={changed.length === 0}
              onClick={() => void save.put(toSave(draft))}
            >
              {common.save}
            </Button>
          </div>
        )}
      </div>
      <div class="workbench">
        <FileBar
          draft={draft}
          file={file}
          findings={findings}
          mayChange={mayChange}
          onOpen={open}
          onDraft={setDraft}
        />
        <EditorPane
          key={mayChange ? 'write' : 'read'}
          editor={editor}
          file={file}
          draft={draft}
          notes={notes}
          start={start}
          onText={(name, now) => setDraft((before) => withText(before, name, now))}
        />
        {mayChange ? (
          <section class="panels" aria-label={text.panels}>
            <Tabs
              label={text.panels}
              items={[
                {
                  value: 'findings',
                  text: <Counted text={text.findingsTab} number={findings.length} isBad={errors > 0} />,
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
                {panel === 'findings' && <FindingsPanel check={check} onOpen={goTo} onFix={fix} />}
                {panel === 'tests' && (
                  <TestsPanel
                    report={tests.answer?.report}
                    error={tests.error}
                    isAsking={tests.isAsking}
                    onOpen={open}
                  />
                )}
                {panel === 'try' && <TryPanel draft={draft} start={start} />}
                {panel === 'changes' && <ChangesPanel draft={draft} kinds={kinds} />}
                {panel === 'history' && (
                  <HistoryPanel
                    draft={draft}
                    kinds={kinds}
                    onRestore={(files) => {
                      setDraft(withFiles(draft, files));
                      setPanel('findings');
                    }}
                  />
                )}
              </div>
            </Tabs>
          </section>
        ) : null}
      </div>
      {save.problem?.kind === 'gate' && (
        <Gate save={save} edit={save.problem.edit} status={save.problem.status} />
      )}
      {save.problem?.kind === 'findings' && <Refused save={save} error={save.problem.error} />}
      {save.problem?.kind === 'several-files' && <SeveralFiles draft={draft} save={save} />}
      {save.problem?.kind === 'changed' && (
        <Conflict
          mine={draft}
          status={save.problem.status}
          kinds={kinds}
          onClose={save.dismiss}
          onDraft={(next) => {
            setDraft(next);
            save.dismiss();
          }}
        />
      )}
      {older && (
        <Conflict
          mine={older}
          status={start.status}
          kinds={kinds}
          onClose={() => setOlder(null)}
          onDraft={(next) => {
            setDraft(next);
            setOlder(null);
          }}
        />
      )}
    </>
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

interface Judged<T> {
  draft: Draft;
  report: T;
}

/** What was found in the file as it is now; `null` while it is judged, when the editor moves the older ones along. */
function judgedNotes(
  file: string,
  draft: Draft,
  check: Judged<CheckReport> | undefined,
  tests: Judged<TestsReport> | undefined,
): Note[] | null {
  if (check?.draft !== draft) return null;
  const now = textOf(draft, file) ?? '';
  const of = check.report.findings.filter((finding) => shortName(finding.file) === file);
  const failures =
    tests?.draft === draft
      ? tests.report.tests.filter((test) => !test.passed && shortName(test.file) === file)
      : [];
  return notesOf(now, of, failures);
}

function EditorPane({
  editor,
  file,
  draft,
  notes,
  start,
  onText,
}: {
  editor: { current: CodeEditor | null };
  file: string;
  draft: Draft;
  notes: Note[] | null;
  start: Start;
  onText: (file: string, text: string) => void;
}) {
  const { edit: text } = words();
  const parent = useRef<HTMLDivElement>(null);
  const [isReady, setReady] = useState(false);
  const report = useRef(onText);
  report.current = onText;
  const now = textOf(draft, file) ?? '';
  const line = Number(route.value.query.line);
  useEffect(() => {
    let isOver = false;
    import('./code_editor').then(({ createCodeEditor }) => {
      if (isOver || !parent.current) return;
      editor.current = createCodeEditor({
        parent: parent.current,
        words: start.words,
        isReadOnly: !can('rules'),
        labelOf: text.editorLabel,
        phrases: text.phrases,
        onText: (name, changed) => report.current(name, changed),
      });
      setReady(true);
    }, toastError);
    return () => {
      isOver = true;
      editor.current?.destroy();
      editor.current = null;
    };
  }, []);
  useEffect(() => {
    if (isReady && file) editor.current?.open(file, now);
  }, [isReady, file, now]);
  useEffect(() => {
    if (isReady && notes) editor.current?.setNotes(notes);
  }, [isReady, notes]);
  useEffect(() => {
    if (!isReady || !Number.isInteger(line) || line < 1) return;
    const before = now.split('\n', line - 1);
    editor.current?.goTo(before.reduce((sum, each) => sum + each.length + 1, 0));
    replaceQuery({});
  }, [isReady, file, line]);
  return (
    <div class="editor" dir="ltr" ref={parent} data-ready={isReady}>
      {!isReady && <Icon name="file" />}
    </div>
  );
}

function FindingsPanel({
  check,
  onOpen,
  onFix,
}: {
  check: { answer: Judged<CheckReport> | undefined; error: Error | undefined; isAsking: boolean };
  onOpen: (finding: Finding) => void;
  onFix: (finding: Finding) => void;
}) {
  const { edit: text } = words();
  if (check.error) return <p dir="auto">{check.error.message}</p>;
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

function useWarningBeforeClose(isWanted: boolean) {
  useEffect(() => {
    if (!isWanted) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [isWanted]);
}
