/** What may stand in the way when edited rules are saved. */

import { Conflict } from './conflict';
import type { Draft } from './draft';
import { PartlySaved } from './partly_saved';
import { Gate, Refused, type Save } from './save';
import { Held } from './undecided';
import type { WordKinds } from './tokens';

interface Props {
  save: Save;
  draft: Draft;
  kinds: WordKinds;
  onDraft: (draft: Draft) => void;
}

export function SaveProblem({ save, draft, kinds, onDraft }: Props) {
  const { problem } = save;
  switch (problem?.kind) {
    case 'gate':
      return <Gate save={save} problem={problem} />;
    case 'findings':
      return <Refused save={save} error={problem.error} />;
    case 'partly':
      return <PartlySaved {...problem} onClose={save.dismiss} />;
    case 'held':
      return <Held onClose={save.dismiss} />;
    case 'changed':
      return (
        <Conflict
          mine={draft}
          status={problem.status}
          kinds={kinds}
          onClose={save.dismiss}
          onDraft={(next) => {
            onDraft(next);
            save.dismiss();
          }}
        />
      );
    default:
      return null;
  }
}
