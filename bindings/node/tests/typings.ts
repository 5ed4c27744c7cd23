// What the types refuse. It is compiled, and never run.
import { RuleSet, type Decision, type Situation } from 'inbox-rules';

// @ts-expect-error no such field
export const misspelt: Situation = { mesage: { text: 'hello' } };
// @ts-expect-error no such presence
export const wrong: Situation = { users: { bob: { presence: 'busy' } } };
// @ts-expect-error a rule set comes from a folder
export const made = new RuleSet();

/** Who takes the chat, if anybody does: the word `to` tells the shapes of an assignment apart. */
export function user({ assign, why }: Decision): string | null {
  // @ts-expect-error `why` may be missing
  why.rules;
  // @ts-expect-error `nobody` has no user
  assign?.user;
  return assign?.to === 'user' ? assign.user : null;
}
