/** Some of several files could not be saved: a folder takes one at a time, and its rules must be sound after each. */

import { Dialog } from '../ui';
import { words } from '../words';
import { FindingList } from './finding_list';
import { leftToRight } from './isolated';
import type { Problem } from './saving';

interface Props extends Extract<Problem, { kind: 'partly' }> {
  onClose: () => void;
}

export function PartlySaved({ saved, left, onClose }: Props) {
  const { edit: text } = words();
  return (
    <Dialog title={text.partly} width={640} onClose={onClose}>
      <div class="stack">
        {saved.length > 0 && <p>{text.partlySaved(saved.map(leftToRight))}</p>}
        <p>{text.partlyWhy}</p>
        {left.map(({ name, error }) => (
          <section key={name} class="stack gap-s" aria-label={name}>
            <h3 class="mono ltr">{name}</h3>
            {error.findings.length === 0 && <p dir="auto">{error.message}</p>}
            <FindingList findings={error.findings} />
          </section>
        ))}
      </div>
    </Dialog>
  );
}
