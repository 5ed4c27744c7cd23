/** The files of the rules: a list, or on a small screen a choice. */

import { useState } from 'preact/hooks';
import type { Finding } from '../api';
import { Button, Dialog, IconButton, SelectField, TextField } from '../ui';
import { words } from '../words';
import { byName, changedFiles, type Draft, fileNames, nameFault, reverted, textOf, withText } from './draft';
import { shortName } from './names';
import { leftToRight } from './isolated';

interface Props {
  draft: Draft;
  file: string;
  findings: readonly Finding[];
  mayChange: boolean;
  onOpen: (file: string) => void;
  onDraft: (draft: Draft) => void;
}

export function FileBar({ draft, file, findings, mayChange, onOpen, onDraft }: Props) {
  const { edit: text } = words();
  const [isMaking, setMaking] = useState(false);
  const names = [...new Set([...fileNames(draft), ...changedFiles(draft)])].sort(byName);
  const mark = (name: string) => {
    if (draft.edits[name] === null) return text.deleted;
    if (draft.saved[name] === undefined) return text.isNew;
    return name in draft.edits ? text.isChanged : null;
  };
  const errors = (name: string) =>
    findings.filter((one) => one.level === 'error' && shortName(one.file) === name).length;
  const label = (name: string) =>
    [leftToRight(name), mark(name) && `(${mark(name)})`].filter(Boolean).join(' ');
  return (
    <nav class="files" aria-label={text.files}>
      <div class="files-choice">
        <SelectField
          label={text.files}
          quiet
          value={file}
          choices={names.map((name) => ({
            value: name,
            text: label(name),
            disabled: draft.edits[name] === null,
          }))}
          onValue={onOpen}
        />
      </div>
      <ul class="files-list">
        {names.map((name) => (
          <li key={name}>
            {draft.edits[name] === null ? (
              <span class="file gone ltr">{name}</span>
            ) : (
              <button
                type="button"
                class="file ltr"
                aria-current={name === file ? 'true' : undefined}
                onClick={() => onOpen(name)}
              >
                <span class="ellipsis">{name}</span>
              </button>
            )}
            {errors(name) > 0 && (
              <span class="dot file-errors" role="img" aria-label={text.hasErrors} title={text.hasErrors} />
            )}
            {name in draft.edits && (
              <span
                class="dot file-changed"
                role="img"
                aria-label={mark(name) ?? ''}
                title={mark(name) ?? ''}
              />
            )}
            {mayChange && draft.edits[name] === null && (
              <IconButton
                small
                icon="undo"
                label={text.bringBack(name)}
                onClick={() => onDraft(reverted(draft, name))}
              />
            )}
          </li>
        ))}
      </ul>
      {mayChange && (
        <div class="row wrap gap-s">
          <Button small icon="plus" onClick={() => setMaking(true)}>
            {text.newFile}
          </Button>
          {file !== 'inbox.toml' && textOf(draft, file) !== undefined && (
            <IconButton
              small
              icon="trash"
              label={text.deleteFile(file)}
              onClick={() => onDraft(withText(draft, file, null))}
            />
          )}
        </div>
      )}
      {isMaking && (
        <NewFile
          draft={draft}
          onClose={() => setMaking(false)}
          onName={(name) => {
            setMaking(false);
            onDraft(withText(draft, name, ''));
            onOpen(name);
          }}
        />
      )}
    </nav>
  );
}

function NewFile({
  draft,
  onClose,
  onName,
}: {
  draft: Draft;
  onClose: () => void;
  onName: (name: string) => void;
}) {
  const { edit: text, common } = words();
  const [name, setName] = useState('');
  const [isTried, setTried] = useState(false);
  const fault = nameFault(draft, name);
  const make = (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (fault === null) onName(name);
  };
  return (
    <Dialog
      title={text.newFile}
      onClose={onClose}
      foot={
        <>
          <Button look="quiet" onClick={onClose}>
            {common.cancel}
          </Button>
          <Button look="primary" type="submit" form="new-file">
            {text.make}
          </Button>
        </>
      }
    >
      <form id="new-file" onSubmit={make}>
        <TextField
          label={text.fileName}
          hint={text.fileNameHint}
          error={isTried && fault ? text.nameFaults[fault] : null}
          value={name}
          onValue={(next) => setName(next.trim())}
          input={{ dir: 'ltr', autocomplete: 'off', spellcheck: false, placeholder: '+15550100.rules' }}
        />
      </form>
    </Dialog>
  );
}
