/** Colours for what is on the screen, by the tokens of the language. */

import type { Extension, Text } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view';
import { type NextToken, startState, type TokenKind } from './tokens';

export function colours(next: NextToken): Extension {
  return ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;

      constructor(view: EditorView) {
        this.decorations = decorate(view, next);
      }

      update({ docChanged, viewportChanged, view }: ViewUpdate) {
        if (docChanged || viewportChanged) this.decorations = decorate(view, next);
      }
    },
    { decorations: ({ decorations }) => decorations },
  );
}

const marks = new Map<TokenKind, Decoration>();

function markOf(kind: TokenKind): Decoration {
  let mark = marks.get(kind);
  if (!mark) marks.set(kind, (mark = Decoration.mark({ class: `t-${kind}` })));
  return mark;
}

function decorate({ state: { doc }, visibleRanges }: EditorView, next: NextToken): DecorationSet {
  const found = visibleRanges.flatMap(({ from, to }) => {
    const state = { ...startState(), isBlock: isInBlock(doc, doc.lineAt(from).number, next) };
    const ranges = [];
    for (let line = doc.lineAt(from); ; line = doc.line(line.number + 1)) {
      for (let at = 0; at < line.length;) {
        const { start, end, kind } = next(line.text, at, state);
        if (kind) ranges.push(markOf(kind).range(line.from + start, line.from + end));
        at = end;
      }
      if (line.to >= to || line.number === doc.lines) return ranges;
    }
  });
  // A long line may be on the screen in two parts.
  return Decoration.set(found, true);
}

/** Whether that line begins inside a text between `"""`. Only lines that have them can begin or end one. */
function isInBlock(doc: Text, number: number, next: NextToken): boolean {
  const state = startState();
  for (const line of doc.iterLines(1, number)) {
    if (!line.includes('"""')) continue;
    for (let at = 0; at < line.length;) at = next(line, at, state).end;
    state.before = '';
  }
  return state.isBlock;
}
