/** CodeMirror for rule files: colours, completion, findings and their fixes. It stands in a shadow root, where it
 *  writes its styles into a style sheet of the script; the content security policy allows no style elements. */

import { autocompletion, type CompletionContext, completionKeymap } from '@codemirror/autocomplete';
import { history, historyKeymap, standardKeymap, toggleComment } from '@codemirror/commands';
import { type Diagnostic, forEachDiagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { EditorState, type Extension } from '@codemirror/state';
import {
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import type { Words } from '../api';
import { colours } from './colours';
import { suggestionsAt } from './completion';
import { tokenizer, wordKinds } from './tokens';

export interface Note {
  from: number;
  to: number;
  level: 'error' | 'warning' | 'info';
  message: string;
  fix?: { title: string; edits: { from: number; to: number; text: string }[] };
}

export interface CodeEditor {
  /** Shows this file, with its own history of changes. */
  open(file: string, text: string): void;
  setNotes(notes: readonly Note[]): void;
  goTo(from: number, to?: number): void;
  destroy(): void;
}

interface Options {
  parent: HTMLElement;
  words: Words;
  isReadOnly: boolean;
  /** The name of a file as it is read aloud. */
  labelOf: (file: string) => string;
  phrases: Record<string, string>;
  onText: (file: string, text: string) => void;
}

export function createCodeEditor(options: Options): CodeEditor {
  const root = options.parent.shadowRoot ?? options.parent.attachShadow({ mode: 'open' });
  root.replaceChildren();
  const states = new Map<string, EditorState>();
  let shown = '';
  const view = new EditorView({ root, parent: root });
  // A fix is of the text that was judged.
  let judged = view.state.doc;

  const stateOf = (file: string, text: string) =>
    EditorState.create({
      doc: text,
      extensions: [
        ...extensions(file, options),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) options.onText(file, update.state.doc.toString());
        }),
      ],
    });
  const replaceText = (text: string) => {
    const { doc } = view.state;
    if (doc.toString() === text) return;
    view.dispatch({ changes: { from: 0, to: doc.length, insert: text } });
  };

  return {
    open(file, text) {
      if (shown === file) return replaceText(text);
      if (shown) states.set(shown, view.state);
      shown = file;
      view.setState(states.get(file) ?? stateOf(file, text));
      replaceText(text);
    },
    setNotes(notes) {
      const { length } = view.state.doc;
      const inside = notes.filter(({ to }) => to <= length);
      judged = view.state.doc;
      view.dispatch(
        setDiagnostics(
          view.state,
          inside.map((note) => diagnosticOf(note, () => view.state.doc.eq(judged))),
        ),
      );
    },
    goTo(from, to = from) {
      const { length } = view.state.doc;
      const selection = { anchor: Math.min(from, length), head: Math.min(to, length) };
      view.dispatch({ selection, effects: EditorView.scrollIntoView(selection.anchor, { y: 'center' }) });
      view.focus();
    },
    destroy: () => view.destroy(),
  };
}

function extensions(file: string, { words, isReadOnly, labelOf, phrases }: Options): Extension[] {
  const isRules = file.endsWith('.rules');
  return [
    lineNumbers(),
    highlightActiveLineGutter(),
    history(),
    highlightActiveLine(),
    EditorView.lineWrapping,
    EditorState.tabSize.of(4),
    EditorState.phrases.of(phrases),
    EditorState.readOnly.of(isReadOnly),
    EditorView.contentAttributes.of({ 'aria-label': labelOf(file), dir: 'ltr', spellcheck: 'false', tabindex: '0' }),
    colours(tokenizer(file, wordKinds(words.words))),
    EditorState.languageData.of(() => [{ commentTokens: { line: '#' } }]),
    lintGutter(),
    isRules && !isReadOnly ? autocompletion({ override: [(context) => complete(context, words)] }) : [],
    // Tab leaves the editor, as everywhere on the page.
    keymap.of([
      { key: 'Mod-.', run: applyFix },
      { key: 'Mod-/', run: toggleComment },
      ...completionKeymap,
      ...lintKeymap,
      ...historyKeymap,
      ...standardKeymap,
    ]),
    THEME,
  ];
}

/** Longer texts are looked at from here on: an item that long is none that somebody writes. */
const LOOK_BACK = 200_000;

function complete(context: CompletionContext, words: Words) {
  const { state, pos, explicit } = context;
  const start = state.doc.lineAt(Math.max(0, pos - LOOK_BACK)).from;
  const before = state.sliceDoc(start, pos);
  const found = suggestionsAt(before, state.doc.toString(), words);
  if (found === null) return null;
  const isTyping = found.from < before.length || /["{.]$/.test(before);
  if (!explicit && !isTyping) return null;
  return {
    from: start + found.from,
    options: found.items.map(({ label, detail, kind }) => ({
      label,
      type: kind,
      ...(detail && { detail }),
    })),
    validFor: /^[\w +.-]*$/u,
  };
}

function diagnosticOf({ from, to, level, message, fix }: Note, isAsJudged: () => boolean): Diagnostic {
  const actions = fix && [
    {
      name: fix.title,
      apply(view: EditorView) {
        if (!isAsJudged()) return;
        view.dispatch({
          changes: fix.edits.map((edit) => ({ from: edit.from, to: edit.to, insert: edit.text })),
          userEvent: 'input.fix',
        });
        view.focus();
      },
    },
  ];
  return { from, to, severity: level, message, ...(actions && { actions }) };
}

/** Applies the fix of what was found at the cursor. */
function applyFix(view: EditorView): boolean {
  const { head } = view.state.selection.main;
  let isDone = false;
  forEachDiagnostic(view.state, (diagnostic, from, to) => {
    const action = diagnostic.actions?.[0];
    if (isDone || !action || head < from || head > to) return;
    isDone = true;
    action.apply(view, from, to);
  });
  return isDone;
}

const THEME = EditorView.theme({
  '&': {
    height: '100%',
    color: 'var(--text)',
    backgroundColor: 'var(--surface)',
    fontSize: 'var(--code-size)',
    direction: 'ltr',
  },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.6' },
  '.cm-content': { padding: '8px 0', caretColor: 'var(--text)' },
  '.cm-line': { padding: '0 12px 0 6px' },
  '.cm-gutters': { backgroundColor: 'var(--surface)', color: 'var(--text-2)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': {
    backgroundColor: 'color-mix(in srgb, var(--surface-3) 45%, transparent)',
  },
  '.cm-activeLineGutter': { color: 'var(--text)' },
  '.cm-content ::selection': { backgroundColor: 'var(--code-selection)' },
  '.t-comment': { color: 'var(--code-comment)' },
  '.t-item': { color: 'var(--code-item)', fontWeight: '600' },
  '.t-action': { color: 'var(--code-action)' },
  '.t-condition': { color: 'var(--code-condition)' },
  '.t-fact': { color: 'var(--code-fact)' },
  '.t-choice': { color: 'var(--code-choice)' },
  '.t-text, .t-pattern': { color: 'var(--code-text)' },
  '.t-placeholder': { color: 'var(--code-placeholder)' },
  '.t-number': { color: 'var(--code-number)' },
  '.cm-tooltip': {
    border: '1px solid var(--line-strong)',
    borderRadius: '6px',
    backgroundColor: 'var(--surface)',
    color: 'var(--text)',
    boxShadow: 'var(--shadow-high)',
    overflow: 'hidden',
    maxWidth: 'min(560px, 90vw)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', maxHeight: '240px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 8px', lineHeight: '1.5' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--accent-soft)',
    color: 'var(--text)',
  },
  '.cm-completionIcon': { display: 'none' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.cm-completionDetail': {
    fontFamily: 'var(--font)',
    fontStyle: 'normal',
    color: 'var(--text-2)',
    marginLeft: '12px',
  },
  '.cm-diagnostic': { padding: '6px 10px', fontFamily: 'var(--font)', whiteSpace: 'pre-wrap' },
  '.cm-diagnosticAction': {
    backgroundColor: 'var(--accent)',
    color: 'var(--on-accent)',
    borderRadius: '4px',
    padding: '3px 8px',
    font: 'inherit',
  },
  '.cm-diagnostic-error': { borderLeft: '4px solid var(--danger)' },
  '.cm-diagnostic-warning': { borderLeft: '4px solid var(--warn)' },
  '.cm-diagnostic-info': { borderLeft: '4px solid var(--info)' },
  '.cm-lintRange-error': wave('var(--danger)'),
  '.cm-lintRange-warning': wave('var(--warn)'),
  '.cm-lintRange-info': wave('var(--info)'),
  '.cm-lintRange-active': { backgroundColor: 'var(--warn-soft)' },
  '.cm-lint-marker': { width: '10px', height: '10px', borderRadius: '50%', margin: '0.4em 1px' },
  '.cm-lint-marker-error': { content: 'normal', backgroundColor: 'var(--danger)' },
  '.cm-lint-marker-warning': { content: 'normal', backgroundColor: 'var(--warn)' },
  '.cm-lint-marker-info': { content: 'normal', backgroundColor: 'var(--info)' },
  '.cm-gutter-lint': { width: '14px' },
  '.cm-panels': { backgroundColor: 'var(--surface-2)', color: 'var(--text)', fontFamily: 'var(--font)' },
});

/** Drawn without a picture. */
function wave(colour: string) {
  return {
    backgroundImage: 'none',
    textDecoration: `underline wavy ${colour}`,
    textDecorationThickness: '1px',
    textUnderlineOffset: '3px',
  };
}
