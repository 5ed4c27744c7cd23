/** The folder of the rules is the truth: a call changes one file of it at a time. */

import { Button, Dialog } from '../ui';
import { words } from '../words';
import { changedFiles, type Draft, toSave } from './draft';
import type { Save } from './save';

export function SeveralFiles({ draft, save }: { draft: Draft; save: Save }) {
  const { edit: text } = words();
  return (
    <Dialog title={text.severalFiles} width={560} onClose={save.dismiss}>
      <div class="stack">
        <p>{text.severalFilesWhy}</p>
        <ul class="stack gap-s">
          {changedFiles(draft).map((name) => (
            <li key={name} class="row spread">
              <span class="mono ltr">{name}</span>
              <Button small busy={save.isSaving} onClick={() => void save.put(toSave(draft, [name]))}>
                {draft.edits[name] === null ? text.deleteNow : text.saveNow}
              </Button>
            </li>
          ))}
        </ul>
      </div>
    </Dialog>
  );
}
