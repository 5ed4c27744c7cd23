/** Rules that somebody has brought and that do not decide: they wait to be accepted, or the folder has what was refused. */

import { useState } from 'preact/hooks';
import type { RulesStatus } from '../api';
import { useResource } from '../resource';
import { href } from '../router';
import { readRulesStatus, rulesStatus, undecided } from '../rules_status';
import { api, can } from '../session';
import { Ago, Button, Dialog, English, Icon, Loaded, toast, toastError } from '../ui';
import { words } from '../words';
import { DifferenceBones, DifferencesOf } from './differences_view';
import { byName, type Files } from './draft';
import { FindingList } from './finding_list';
import { shortName } from './names';
import { readFiles } from './read';
import { GateDialog, toastAccept } from './save';
import { saveRules } from './saving';

/** So many errors of a change are shown. */
const SHOWN = 3;

interface Props {
  /** Where the texts that were refused can be edited. */
  onTexts?: ((files: Files) => void) | undefined;
}

export function Undecided({ onTexts }: Props) {
  const status = rulesStatus.value;
  if (status === null || undecided.value === null) return null;
  return undecided.value === 'waiting' ? <Waiting status={status} /> : <RefusedChange status={status} onTexts={onTexts} />;
}

/** Why nothing can be saved as long as the folder has something else. */
export function Held({ onClose }: { onClose: () => void }) {
  const { edit: text } = words();
  return (
    <Dialog title={text.held} width={640} onClose={onClose}>
      <div class="stack">
        <p>{text.heldWhy}</p>
        <Undecided />
      </div>
    </Dialog>
  );
}

function Waiting({ status }: { status: RulesStatus }) {
  const { edit: text } = words();
  const [isOpen, setOpen] = useState(false);
  const { digest, differences } = status.waiting ?? { digest: '', differences: 0 };
  return (
    <div class="notice warn" role="status">
      <Icon name="warning" />
      <div class="stack gap-s grow">
        <p>{text.waits(differences)}</p>
        {can('rules') && (
          <div class="row wrap gap-s">
            <Button small onClick={() => setOpen(true)}>
              {text.look}
            </Button>
            <PutBack status={status} digest={digest} />
          </div>
        )}
      </div>
      {isOpen && <Accept key={digest} status={status} digest={digest} onClose={() => setOpen(false)} />}
    </div>
  );
}

function Accept({ status, digest, onClose }: { status: RulesStatus; digest: string; onClose: () => void }) {
  const calls = api.value;
  const [isBusy, setBusy] = useState(false);
  const set = useResource(
    async (signal) => {
      const { files } = await calls.ruleSet(digest, signal);
      return { ...Object.fromEntries(status.files.map(({ name }) => [name, null])), ...files };
    },
    [calls, digest],
  );
  const accept = async () => {
    setBusy(true);
    try {
      await calls.acceptRules(digest);
      toast(words().edit.saved);
      onClose();
    } catch (error) {
      toastAccept(error);
    }
    setBusy(false);
    void readRulesStatus();
  };
  const differences = (
    <Loaded of={set} bones={<DifferenceBones />}>
      {(files) => <DifferencesOf files={files} />}
    </Loaded>
  );
  return <GateDialog {...{ differences, isBusy, onClose }} onAccept={() => void accept()} />;
}

function RefusedChange({ status: { last, ...status }, onTexts }: { status: RulesStatus } & Props) {
  const { edit: text } = words();
  const calls = api.value;
  const errors = last.findings.filter(({ level }) => level === 'error');
  const load = async () => onTexts?.((await calls.ruleSet(last.digest)).files);
  const open = async (file: string, line: number) => {
    await load();
    location.hash = href('edit', file, { line: String(line) });
  };
  return (
    <div class="notice danger" role="status">
      <Icon name="warning" />
      <div class="stack gap-s grow">
        <p>
          {text.folderRefused} <Ago at={last.at} />
        </p>
        {errors.length === 0 && last.refusal !== null && <English>{last.refusal}</English>}
        <FindingList
          findings={errors.slice(0, SHOWN)}
          onOpen={({ file, start }) => void open(shortName(file), start.line).catch(toastError)}
        />
        {errors.length > SHOWN && <p class="small">{text.leftOut(errors.length - SHOWN)}</p>}
        <div class="row wrap gap-s">
          {onTexts && (
            <Button small onClick={() => void load().catch(toastError)}>
              {text.restore}
            </Button>
          )}
          {can('rules') && <PutBack status={{ last, ...status }} digest={last.digest} />}
        </div>
      </div>
    </div>
  );
}

/** The texts that decide take the place of those that do not. */
function PutBack({ status, digest }: { status: RulesStatus; digest: string }) {
  const { edit: text } = words();
  const calls = api.value;
  const [isBusy, setBusy] = useState(false);
  const putBack = async () => {
    const [{ files: theirs }, now] = await Promise.all([calls.ruleSet(digest), readFiles(calls, status)]);
    const names = Object.keys({ ...theirs, ...now }).filter((name) => theirs[name] !== now[name]);
    const files = names.sort(byName).map((name) => [name, now[name] ?? null]);
    if (!confirm(text.putBackSure(names))) return;
    const problem = await saveRules(calls, { base: status.digest, files: Object.fromEntries(files) }, () => {});
    if (problem) toast(text.putBackFailed, true);
  };
  const start = async () => {
    setBusy(true);
    await putBack().catch(toastError);
    setBusy(false);
    void readRulesStatus();
  };
  return (
    <Button small look="quiet" icon="undo" busy={isBusy} onClick={() => void start()}>
      {text.putBack}
    </Button>
  );
}
