/** The place of the code editor, which is loaded when the view is there. */

import { useEffect, useRef, useState } from 'preact/hooks';
import { replaceQuery, route } from '../router';
import { can } from '../session';
import { Icon, toastError } from '../ui';
import { words } from '../words';
import type { CodeEditor, Note } from './code_editor';
import { type Draft, textOf } from './draft';
import type { Start } from './read';

export function EditorPane({
  file,
  draft,
  notes,
  start,
  revision,
  onText,
}: {
  file: string;
  draft: Draft;
  notes: Note[] | null;
  start: Start;
  revision: number;
  onText: (file: string, text: string) => void;
}) {
  const { edit: text } = words();
  const editor = useRef<CodeEditor>(null);
  const parent = useRef<HTMLDivElement>(null);
  const [isReady, setReady] = useState(false);
  const report = useRef(onText);
  report.current = onText;
  const now = textOf(draft, file) ?? '';
  const line = Number(route.value.query.line);
  useEffect(() => {
    let isOver = false;
    import('./code_editor').then(({ createCodeEditor }) => {
      if (isOver || !parent.current) return;
      editor.current = createCodeEditor({
        parent: parent.current,
        words: start.words,
        isReadOnly: !can('rules'),
        labelOf: text.editorLabel,
        phrases: text.phrases,
        onText: (name, changed) => report.current(name, changed),
      });
      setReady(true);
    }, toastError);
    return () => {
      isOver = true;
      editor.current?.destroy();
      editor.current = null;
    };
  }, []);
  useEffect(() => {
    if (isReady && file) editor.current?.open(file, now);
  }, [isReady, file, revision]);
  useEffect(() => {
    if (isReady && notes) editor.current?.setNotes(notes);
  }, [isReady, notes]);
  useEffect(() => {
    if (!isReady || !Number.isInteger(line) || line < 1) return;
    const before = now.split('\n', line - 1);
    editor.current?.goTo(before.reduce((sum, each) => sum + each.length + 1, 0));
    replaceQuery({});
  }, [isReady, file, line]);
  return (
    <div class="editor" dir="ltr" ref={parent} data-ready={isReady}>
      {!isReady && <Icon name="file" />}
    </div>
  );
}
