/** What was decided, in a few words and in a sentence. */

import type { Decision } from '../api';
import { isolated, leftToRight } from '../edit/isolated';
import type { Tone } from '../ui';
import { words } from '../words';

export interface Outcome {
  tone: Tone;
  text: string;
}

/** For a row of a list: `to Alice`. */
export function outcomeWords(decision: Decision, userName: (id: string) => string): Outcome {
  const { decisions: say } = words();
  const { assign } = decision;
  if (assign === null) return { tone: 'warn', text: say.none };
  switch (assign.to) {
    case 'user':
      return { tone: 'ok', text: say.toUser(userName(assign.user)) };
    case 'queue':
      return { tone: 'warn', text: assign.group ? say.queue(assign.group) : say.queueNoGroup };
    case 'nobody':
      return { tone: 'plain', text: say.nobody };
    case 'kept':
      return { tone: 'plain', text: assign.user ? say.kept(userName(assign.user)) : say.keptWaiting };
  }
}

/** `Alice was given the chat, from Sales: the fewest chats.` */
export function outcomeSentence(decision: Decision, userName: (id: string) => string): string {
  const { why: say, algorithms } = words();
  const { assign, moved } = decision;
  if (assign === null) return say.none;
  const name = (id: string) => isolated(userName(id));
  switch (assign.to) {
    case 'user': {
      const user = name(assign.user);
      if (assign.group === null) return say.toUser(user);
      return say.toUserBy(user, isolated(assign.group), algorithms[assign.by ?? ''] ?? assign.by ?? '');
    }
    case 'queue': {
      const reason = leftToRight(assign.reason);
      return assign.group ? say.queue(isolated(assign.group), reason) : say.queueNoGroup(reason);
    }
    case 'nobody':
      return moved ? say.closed : say.nobody;
    case 'kept':
      return assign.user ? say.kept(name(assign.user)) : say.keptWaiting;
  }
}

/** Where the chat was before, if a rule has moved it. */
export function movedSentence(decision: Decision, userName: (id: string) => string): string | null {
  const { why: say } = words();
  const { moved } = decision;
  if (!moved) return null;
  if (moved.user) return say.movedFrom(isolated(userName(moved.user)));
  return moved.group ? say.movedFromQueue(isolated(moved.group)) : say.movedFromNowhere;
}
