/** What may be written at a place in a rule file. */

import type { Words } from '../api';

export interface Suggestion {
  label: string;
  /** What it means, in a few words. */
  detail?: string;
  kind: 'word' | 'name' | 'text';
}

export interface Suggestions {
  /** Where what is being written begins, as an offset in `before`. */
  from: number;
  items: Suggestion[];
}

/** What may follow `before`, the text of the file up to the cursor. `file` is the whole text, for the names in it. */
export function suggestionsAt(before: string, file: string, words: Words): Suggestions | null {
  const line = before.slice(before.lastIndexOf('\n') + 1);
  const place = placeIn(before);
  if (place.kind === 'comment') return null;
  if (place.kind === 'text') return inText(before, place, file, words);
  const from = before.length - /[\w]*$/.exec(line)![0].length;
  const item = place.item.slice(0, place.item.length - (before.length - from));
  const found = afterWords(item, file, words);
  return found.length ? { from, items: found } : null;
}

type Place =
  | { kind: 'comment' }
  | { kind: 'code'; item: string }
  /** `start`: where the text begins, after its quotation mark. `item`: the item before that. */
  | { kind: 'text'; start: number; item: string };

const ITEM_START = /^[ \t]*(?:also|move|rule|when|otherwise|let|hours|dates|use|test|timezone)\b/;

/** Whether the end of `before` is inside a text or a comment; and the item up to there. */
function placeIn(before: string): Place {
  let [at, item, text] = [0, 0, -1];
  let isBlock = false;
  for (const line of before.split('\n')) {
    const end = at + line.length;
    if (text >= 0 && isBlock) {
      const close = /^\s*"""/.exec(line);
      if (close) [text, isBlock] = [-1, false];
    } else {
      text = -1;
      if (ITEM_START.test(line)) item = at;
      for (let i = 0; i < line.length; i++) {
        if (text < 0 && line[i] === '#') {
          if (end >= before.length) return { kind: 'comment' };
          break;
        }
        if (text >= 0 && line[i] === '\\') i++;
        else if (line[i] === '"') {
          if (text >= 0) text = -1;
          else if (/^"""\s*$/.test(line.slice(i)) && end < before.length) {
            [text, isBlock] = [at + i + 3, true];
            break;
          } else text = at + i + 1;
        }
      }
    }
    at = end + 1;
  }
  if (text < 0) return { kind: 'code', item: before.slice(item) };
  return { kind: 'text', start: text, item: before.slice(item, text).replace(/"+$/, '') };
}

function inText(
  before: string,
  place: Place & { kind: 'text' },
  file: string,
  words: Words,
): Suggestions | null {
  const { start, item } = place;
  const written = before.slice(start);
  const braces = /(?<!\{)\{([\w.]*)$/.exec(written);
  if (braces && /\breply\s*$/.test(item)) {
    const items = words.placeholders.map((label): Suggestion => ({ label, kind: 'text' }));
    return { from: before.length - braces[1]!.length, items };
  }
  const items = namesAfter(item, file, words);
  return items.length ? { from: start, items } : null;
}

/** The names that a text may be, from what stands before its quotation mark. */
function namesAfter(item: string, file: string, words: Words): Suggestion[] {
  // Inside a list, what counts stands before `any [`; between names joined by `and`, before the first of them.
  const head = item.replace(/\bany\s*\[[^\]]*$/, '').replace(/(?:"(?:\\.|[^"\\])*"\s*(?:and|,)\s*)+$/, '');
  const last = head.trimEnd();
  const groups = () => words.groups.map((group) => name(group.name, group.members.join(', ')));
  const users = () => words.users.map((user) => name(user.id, user.name === user.id ? undefined : user.name));
  if (/\b(?:given|expect)\b[^\n]*\b(?:also|not)?\s*\brule$/.test(last)) return ruleNames(file);
  if (/\b(?:group|in|turn)$/.test(last)) return groups();
  if (/\b(?:user|owner)$/.test(last) || /\bchat\s+with$/.test(last)) return users();
  if (/\bgiven\s+(?:online|away|offline)\b[^\n]*$/.test(last) && !/\b(?:with|idle)$/.test(last))
    return users();
  if (/\bexcept\b[^,:]*\b(?:except|and)$/.test(last)) return users();
  if (/\bskill\b[^,:]*$/.test(last)) return words.skills.map((skill) => name(skill));
  if (/^[ \t]*use$/m.test(last))
    return words.files.filter((file) => file.endsWith('.rules')).map((file) => name(file));
  const attribute = /\b(customer|message)\.(\w+)\s+is(?:\s+not)?$/.exec(last);
  if (attribute) {
    const known = attribute[1] === 'customer' ? words.customer_attributes : words.message_attributes;
    return (known.find(({ name }) => name === attribute[2])?.values ?? []).map((value) => name(value));
  }
  if (/\btag$/.test(last)) return tags(file);
  return [];
}

function name(label: string, detail?: string): Suggestion {
  return detail ? { label, detail, kind: 'text' } : { label, kind: 'text' };
}

function ruleNames(file: string): Suggestion[] {
  const found = [...file.matchAll(/^[ \t]*(?:also[ \t]+|move[ \t]+)?rule[ \t]+"((?:\\.|[^"\\\n])*)"/gm)];
  return unique(found.map((match) => match[1]!)).map((label) => name(label));
}

function tags(file: string): Suggestion[] {
  return unique([...file.matchAll(/\btag\s+"((?:\\.|[^"\\\n])*)"/g)].map((match) => match[1]!)).map((label) =>
    name(label),
  );
}

/** Names that the file defines by `let`, `hours` or `dates`. */
function defined(file: string, by: string): Suggestion[] {
  const found = [...file.matchAll(new RegExp(`^[ \\t]*(?:${by})[ \\t]+([a-z][a-z0-9_]*)`, 'gm'))];
  return unique(found.map((match) => match[1]!)).map((label): Suggestion => ({ label, kind: 'name' }));
}

function unique(names: string[]): string[] {
  return [...new Set(names)].filter(Boolean);
}

/** The words that may follow an item so far. */
function afterWords(item: string, file: string, words: Words): Suggestion[] {
  const of = (...classes: string[]) => ofClass(words, classes);
  const attributes = (list: Words['customer_attributes']) =>
    list.map(({ name, values }): Suggestion => ({ label: name, kind: 'name', detail: values?.join(', ') }));
  if (/\bcustomer\.$/.test(item)) return attributes(words.customer_attributes);
  if (/\bmessage\.$/.test(item)) return attributes(words.message_attributes);
  if (/\bchat\.$/.test(item))
    return of('attribute').filter(({ label }) => label.endsWith('_for') && label !== 'silent_for');
  if (/[\w.]\.$/.test(item)) return [];
  const last = item.trimEnd();
  if (/(?:^|\n)[ \t]*$/.test(item) && !/^[ \t]+$/.test(item.slice(item.lastIndexOf('\n') + 1))) {
    return [...of('item'), ...(/^[ \t]*test\b/.test(item) ? of('test_line') : [])];
  }
  if (/\bby$/.test(last)) return of('algorithm');
  if (/\bamong$/.test(last)) return of('eligibility');
  if (/\bpriority$/.test(last)) return of('priority');
  if (/\bmessage\s+is(?:\s+not)?(?:\s+any\s*\[[^\]]*)?$/.test(last)) return of('kind');
  if (/^[ \t]*(?:hours|dates)\b/.test(item)) return [...of('day', 'month'), ...defined(file, 'dates')];
  if (/\bduring(?:\s+[a-z]+)?$/.test(last)) return [...defined(file, 'hours|dates'), ...of('day', 'month')];
  if (/^[ \t]*test\b/.test(item)) return inTest(item, of);
  if (/\b(?:assign|else)$/.test(last)) return of('target');
  if (/\bexcept\b[^,:]*\b(?:except|and)$/.test(last))
    return of('target').filter(({ label }) => label !== 'nobody' && label !== 'group');
  if (/^[ \t]*let\s+\w+\s*=$/.test(last) || /(?:\b(?:when|and|or|not)|\()$/.test(last)) {
    return [...of('fact', 'count', 'operand'), ...defined(file, 'let')];
  }
  const actions = afterColon(item);
  if (actions === undefined) return of('condition', 'value_test');
  return /(?:^|,)\s*$/.test(actions) ? of('action') : of('action_part');
}

/** What stands after the colon of a rule, without its texts; nothing before the colon. */
function afterColon(item: string): string | undefined {
  const plain = item.replace(
    /"""\s*\n[\s\S]*?\n\s*"""|"(?:\\.|[^"\\\n])*"|\/(?:\\.|[^/\\\n])+\/|\d\d:\d\d/g,
    '""',
  );
  const colon = plain.indexOf(':');
  return colon < 0 ? undefined : plain.slice(colon + 1);
}

function inTest(item: string, of: (...classes: string[]) => Suggestion[]): Suggestion[] {
  const line = item.slice(item.lastIndexOf('\n') + 1);
  if (/^\s*$/.test(line)) return of('test_line');
  if (/\bgiven\s*$/.test(line)) {
    const subjects = ['customer', 'message', 'chat', 'waiting', 'turn', 'number', 'at'];
    return unique([...subjects, ...of('presence').map(({ label }) => label)]).map((label) => ({
      label,
      kind: 'word',
    }));
  }
  if (/\bexpect\s*$/.test(line)) {
    const expected = [
      'rule',
      'assign',
      'reply',
      'tag',
      'priority',
      'waiting',
      'kept',
      'also rule',
      'no reply',
      'not rule',
      'after',
    ];
    return expected.map((label) => ({ label, kind: 'word' }));
  }
  if (/\bassign\s*$/.test(line)) return of('target').filter(({ label }) => label !== 'owner');
  return [...of('test_part'), ...(/\bmessage\s*$/.test(line) ? of('kind') : [])];
}

function ofClass(words: Words, classes: string[]): Suggestion[] {
  const seen = new Set<string>();
  const found: Suggestion[] = [];
  for (const { word, class: of, meaning } of words.words) {
    if (!classes.includes(of) || seen.has(word)) continue;
    seen.add(word);
    found.push({ label: word, detail: meaning, kind: 'word' });
  }
  return found;
}
