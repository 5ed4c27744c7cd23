/** What is edited, for as long as the view is there, and in the tab until it is saved. */

import { useEffect, useRef, useState } from 'preact/hooks';
import type { RulesStatus } from '../api';
import { onEvents } from '../events';
import { api, session } from '../session';
import { type Draft, draftOf, isChanged, keep } from './draft';
import { readFiles } from './read';

/** The editor has the truth about its text, and only follows what is changed elsewhere, such as by a fix in a list:
 *  then `revision` grows. */
export function useDraft(first: Draft) {
  const [draft, setDraft] = useState(first);
  const [revision, setRevision] = useState(0);
  const replace = (next: Draft) => {
    setDraft(next);
    setRevision((before) => before + 1);
  };
  return { draft, revision, replace, update: setDraft };
}

const KEEP_MILLISECONDS = 400;

export function useKept(inbox: string, draft: Draft) {
  useEffect(() => {
    const write = () => keepUnlessLoggedOut(inbox, draft);
    const timer = setTimeout(write, KEEP_MILLISECONDS);
    addEventListener('pagehide', write);
    return () => {
      clearTimeout(timer);
      removeEventListener('pagehide', write);
    };
  }, [inbox, draft]);
  const last = useRef(draft);
  last.current = draft;
  useEffect(() => () => keepUnlessLoggedOut(inbox, last.current), [inbox]);
}

/** Logging out has cleared the tab, and only then takes the editor away. */
function keepUnlessLoggedOut(inbox: string, draft: Draft) {
  if (session.peek() !== null) keep(inbox, draft);
}

/** What decides now, if others have changed it; what is not edited here is read again without a word. */
export function useOthersChanges(
  draft: Draft,
  isSaving: boolean,
  onRead: (draft: Draft) => void,
): RulesStatus | null {
  const calls = api.value;
  const [others, setOthers] = useState<RulesStatus | null>(null);
  const now = useRef({ draft, isSaving });
  now.current = { draft, isSaving };
  useEffect(() => {
    const look = async () => {
      const status = await calls.rules();
      if (now.current.isSaving || status.digest === now.current.draft.base) return;
      setOthers(status);
      if (isChanged(now.current.draft)) return;
      const files = await readFiles(calls, status);
      if (!now.current.isSaving && !isChanged(now.current.draft)) onRead(draftOf(status.digest, files));
    };
    return onEvents(['rules'], () => void look().catch(() => {}));
  }, [calls]);
  return others?.digest === draft.base ? null : others;
}
