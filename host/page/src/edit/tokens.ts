/** The tokens of a rule file and of `inbox.toml`, line by line, for the editor and for texts that are only shown. */

export type TokenKind =
  | 'comment'
  | 'text'
  | 'placeholder'
  | 'pattern'
  | 'number'
  | 'item'
  | 'action'
  | 'condition'
  | 'fact'
  | 'choice'
  | 'name'
  | 'sign';

export interface Token {
  start: number;
  end: number;
  kind: TokenKind | null;
}

/** What one line leaves to the next. */
export interface LineState {
  /** Inside a text between `"""`. */
  isBlock: boolean;
  /** The word before, by which a pattern is told from a sign. */
  before: string;
}

/** The kind of each word, by the classes of the vocabulary. */
export type WordKinds = ReadonlyMap<string, TokenKind>;

const KIND_OF_CLASS: Record<string, TokenKind> = {
  item: 'item',
  test_line: 'item',
  action: 'action',
  action_part: 'action',
  target: 'action',
  operand: 'condition',
  value_test: 'condition',
  condition: 'condition',
  test_part: 'condition',
  fact: 'fact',
  count: 'fact',
  algorithm: 'choice',
  eligibility: 'choice',
  priority: 'choice',
  presence: 'choice',
  kind: 'choice',
  day: 'number',
  month: 'number',
};

/** A word of several classes looks like the first of them. */
export function wordKinds(words: readonly { word: string; class: string }[]): WordKinds {
  const kinds = new Map<string, TokenKind>();
  for (const { word, class: of } of words) {
    const kind = KIND_OF_CLASS[of];
    if (kind && !kinds.has(word)) kinds.set(word, kind);
  }
  return kinds;
}

export const startState = (): LineState => ({ isBlock: false, before: '' });

/** The token of `line` at `at`, where `at` is before its end. Changes `state`. */
export type NextToken = (line: string, at: number, state: LineState) => Token;

/** The tokenizer for a file of that name. */
export function tokenizer(file: string, kinds: WordKinds): NextToken {
  return file.endsWith('.toml') ? tomlToken : (line, at, state) => ruleToken(line, at, state, kinds);
}

/** All tokens of a text, a list for each line. */
export function tokensOf(text: string, next: NextToken): Token[][] {
  const state = startState();
  return text.split('\n').map((line) => {
    const tokens: Token[] = [];
    for (let at = 0; at < line.length;) {
      const token = next(line, at, state);
      tokens.push(token);
      at = token.end;
    }
    return tokens;
  });
}

const SPACE = /\s+/y;
const NUMBER = /-?\d[\d_]*(?:\.\d+|[smhd](?![\p{L}\p{N}_])|:\d\d|-\d\d-\d\d)?/uy;
const WORD = /[\p{L}_][\p{L}\p{M}\p{N}_]*/uy;
const PATTERN = /\/(?:\\.|[^/\\])+\/?/y;
const PLACEHOLDER = /\{\{|\}\}|\{[^{}"]*\}/y;
const IN_TEXT = /(?:\\.|[^"\\{}])+/y;
const IN_BLOCK = /[^{}"]+/y;
const BLOCK_START = /"""\s*$/y;
const BLOCK_END = /\s*"""/y;

function ruleToken(line: string, at: number, state: LineState, kinds: WordKinds): Token {
  if (state.isBlock) return blockToken(line, at, state);
  // A text between single quotation marks ends with its line.
  if (state.before === TEXT && at > 0) return textToken(line, at, state);
  const start = line[at]!;
  const match = (pattern: RegExp, kind: TokenKind | null) => matched(line, at, pattern, kind);
  if (start === '#') return { start: at, end: line.length, kind: 'comment' };
  if (start === '"') {
    const block = match(BLOCK_START, 'text');
    state.isBlock = block !== undefined;
    state.before = state.isBlock ? '' : TEXT;
    return block ?? { start: at, end: at + 1, kind: 'text' };
  }
  if (start === '/' && state.before === 'matches') {
    state.before = '';
    return match(PATTERN, 'pattern') ?? { start: at, end: at + 1, kind: 'sign' };
  }
  const plain = match(SPACE, null) ?? match(NUMBER, 'number');
  if (plain) return plain;
  const word = match(WORD, 'name');
  if (!word) return { start: at, end: at + charLength(line, at), kind: 'sign' };
  const text = line.slice(word.start, word.end);
  const isAttribute = line[at - 1] === '.' && line[at - 2] !== '.';
  state.before = text;
  return { ...word, kind: isAttribute ? 'name' : (kinds.get(text) ?? 'name') };
}

/** Stands in `before` for an open quotation mark; it is no word. */
const TEXT = '"';

function textToken(line: string, at: number, state: LineState): Token {
  if (line[at] === '"') {
    state.before = '';
    return { start: at, end: at + 1, kind: 'text' };
  }
  return (
    matched(line, at, IN_TEXT, 'text') ??
    matched(line, at, PLACEHOLDER, 'placeholder') ?? { start: at, end: at + 1, kind: 'text' }
  );
}

function blockToken(line: string, at: number, state: LineState): Token {
  if (at === 0) {
    const end = matched(line, at, BLOCK_END, 'text');
    if (end) {
      state.isBlock = false;
      return end;
    }
  }
  return (
    matched(line, at, IN_BLOCK, 'text') ??
    matched(line, at, PLACEHOLDER, 'placeholder') ?? { start: at, end: at + 1, kind: 'text' }
  );
}

const TOML_TEXT = /"(?:\\.|[^"\\])*"?|'[^']*'?/y;
const TOML_TABLE = /\s*\[/y;
const TOML_KEY = /[\p{L}\p{N}_-]+(?=\s*[.=\]])/uy;

function tomlToken(line: string, at: number, state: LineState): Token {
  if (at === 0) state.before = matched(line, at, TOML_TABLE, null) ? '[' : '';
  const match = (pattern: RegExp, kind: TokenKind | null) => matched(line, at, pattern, kind);
  if (line[at] === '#') return { start: at, end: line.length, kind: 'comment' };
  const inTable = state.before === '[';
  return (
    match(SPACE, null) ??
    match(TOML_TEXT, inTable ? 'item' : 'text') ??
    match(TOML_KEY, inTable ? 'item' : 'fact') ??
    match(NUMBER, 'number') ??
    match(WORD, 'choice') ?? { start: at, end: at + charLength(line, at), kind: 'sign' }
  );
}

function matched(line: string, at: number, pattern: RegExp, kind: TokenKind | null): Token | undefined {
  pattern.lastIndex = at;
  const found = pattern.exec(line);
  return found?.[0] ? { start: at, end: at + found[0].length, kind } : undefined;
}

function charLength(line: string, at: number): number {
  return line.codePointAt(at)! > 0xffff ? 2 : 1;
}
