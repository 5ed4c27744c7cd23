/** A form on top of what others have saved meanwhile. */

import type { OptionCase, Options } from '../api';
import type { CaseName } from './form';

export type Field = 'new_group' | 'returning_group' | 'unowned' | `${CaseName}.${'who' | 'reply'}`;

/** Each field is taken from whoever changed it since `start`. What both have changed stays as in `mine`, and is in `both`.
 *  Who gets the chat is one field: a group of one side and an algorithm of the other might not fit together. */
export function mergeOptions(start: Options | null, mine: Options, theirs: Options | null) {
  const both: Field[] = [];
  if (theirs === null) return { options: mine, both };
  const pick = <T>(field: Field, of: (options: Options) => T): T => {
    const [before, here, there] = [start, mine, theirs].map((form) => form && JSON.stringify(of(form)));
    if (here === before) return of(theirs);
    if (there !== before && there !== here) both.push(field);
    return of(mine);
  };
  const caseOf = (name: CaseName): OptionCase => ({
    ...pick(`${name}.who`, ({ [name]: { owner, group, by } }) => ({ owner, group, by })),
    ...pick(`${name}.reply`, ({ [name]: { reply } }) => ({ reply })),
  });
  const options: Options = {
    new_group: pick('new_group', (form) => form.new_group),
    new_online: caseOf('new_online'),
    new_offline: caseOf('new_offline'),
    returning_group: pick('returning_group', (form) => form.returning_group),
    owner_online: caseOf('owner_online'),
    owner_not_online: caseOf('owner_not_online'),
    all_offline: caseOf('all_offline'),
    unowned: pick('unowned', (form) => form.unowned),
  };
  return { options, both };
}
