/** Asks before what is not saved is left. */

import { useEffect } from 'preact/hooks';
import { guardLeaving } from './router';

/** Before the page is closed or loaded again. */
export function useWarningBeforeClose(isWanted: boolean) {
  useEffect(() => {
    if (!isWanted) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [isWanted]);
}

/** Before another view is opened, too. */
export function useQuestionBeforeLeaving(isWanted: boolean, question: string) {
  useWarningBeforeClose(isWanted);
  useEffect(() => {
    if (!isWanted) return;
    guardLeaving(() => confirm(question));
    return () => guardLeaving(null);
  }, [isWanted, question]);
}
