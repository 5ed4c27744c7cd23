/** The editor with its files, and the panels beside it. */

import { useMemo, useState } from 'preact/hooks';
import type { Finding, RulesStatus } from '../api';
import { useWarningBeforeClose } from '../leaving';
import { href, route } from '../router';
import { api, can } from '../session';
import { Button, Icon } from '../ui';
import { words } from '../words';
import { Conflict } from './conflict';
import {
  afterSave,
  changedFiles,
  type Draft,
  fileNames,
  isChanged,
  textOf,
  toJudge,
  toSave,
  withFiles,
  withText,
} from './draft';
import { EditorPane } from './editor_pane';
import { FileBar } from './file_bar';
import { useLater } from './later';
import { shortName } from './names';
import { judgedNotes, textFix } from './notes';
import { Panels } from './panels';
import type { Start } from './read';
import { type Save, useSave } from './save';
import { SaveProblem } from './save_problem';
import { wordKinds } from './tokens';
import { Undecided } from './undecided';
import { useDraft, useKept, useOthersChanges } from './use_draft';

/** Tests are run when somebody pauses. */
const TEST_WAIT_MILLISECONDS = 600;

export function Workbench({ start: read }: { start: Start }) {
  const { edit: text } = words();
  const calls = api.value;
  const mayChange = can('rules');
  const [start] = useState(read);
  const { draft, revision, replace, update } = useDraft(start.draft);
  // Whose rules are compared with which edits, until somebody has chosen.
  const [compared, setCompared] = useState<{ mine: Draft; status: RulesStatus } | null>(
    start.older && { mine: start.older, status: start.status },
  );
  const kinds = useMemo(() => wordKinds(start.words.words), [start]);
  const names = fileNames(draft);
  const asked = route.value.argument;
  const file =
    asked !== null && names.includes(asked)
      ? asked
      : (names.find((name) => name !== 'inbox.toml') ?? names[0] ?? '');

  useKept(calls.inbox, compared?.mine ?? draft);
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
    update((now) => afterSave(now, status.digest, edit.files));
  });
  const others = useOthersChanges(draft, save.isSaving, replace);
  const close = (mine: Draft) => {
    // Edits that were kept in the tab are nowhere else.
    if (mine === draft || confirm(text.discardAll)) setCompared(null);
  };
  const open = (name: string, line?: number) => {
    location.hash = href('edit', name, line === undefined ? {} : { line: String(line) });
  };
  const fix = (finding: Finding) => {
    const name = shortName(finding.file);
    const now = textOf(draft, name);
    // A fix is of the text that was judged.
    if (now === undefined || check.answer?.draft !== draft) return;
    replace(withText(draft, name, textFix(now, finding)));
  };

  return (
    <>
      <Head
        draft={draft}
        mayChange={mayChange}
        save={save}
        onDiscard={() => replace({ ...draft, edits: {} })}
      />
      <Undecided
        onTexts={
          mayChange
            ? (files) => (!isChanged(draft) || confirm(text.discardAll)) && replace(withFiles(draft, files))
            : undefined
        }
      />
      {others && isChanged(draft) && (
        <div class="notice warn" role="status">
          <Icon name="warning" />
          <p class="grow">{text.othersChanged}</p>
          <Button small onClick={() => setCompared({ mine: draft, status: others })}>
            {text.compareWithTheirs}
          </Button>
        </div>
      )}
      <div class="workbench">
        <FileBar
          draft={draft}
          file={file}
          findings={check.answer?.report.findings ?? []}
          mayChange={mayChange}
          onOpen={open}
          onDraft={replace}
        />
        <EditorPane
          key={mayChange ? 'write' : 'read'}
          file={file}
          draft={draft}
          notes={notes}
          start={start}
          revision={revision}
          onText={(name, now) => update((before) => withText(before, name, now))}
        />
        {mayChange && (
          <Panels
            draft={draft}
            start={start}
            kinds={kinds}
            check={check}
            tests={tests}
            onOpen={open}
            onFinding={(finding) => open(shortName(finding.file), finding.start.line)}
            onFix={fix}
            onRestore={(files) => replace(withFiles(draft, files))}
          />
        )}
      </div>
      <SaveProblem save={save} draft={draft} kinds={kinds} onDraft={replace} />
      {compared && (
        <Conflict
          {...compared}
          kinds={kinds}
          onClose={() => close(compared.mine)}
          onDraft={(next) => {
            replace(next);
            setCompared(null);
          }}
        />
      )}
    </>
  );
}

function Head({
  draft,
  mayChange,
  save,
  onDiscard,
}: {
  draft: Draft;
  mayChange: boolean;
  save: Save;
  onDiscard: () => void;
}) {
  const { edit: text, common } = words();
  const changed = changedFiles(draft);
  return (
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
            <Button look="quiet" icon="undo" onClick={() => confirm(text.discardAll) && onDiscard()}>
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
  );
}
