/** A rule text that is only shown: coloured, with the lines that changed marked. */

import './code.css';
import { useMemo } from 'preact/hooks';
import { words } from '../words';
import { excerpt, type LineChange, lineChanges } from './differences';
import { type Token, tokenizer, tokensOf, type WordKinds } from './tokens';

interface CodeProps {
  /** By its name the language is known. */
  file: string;
  text: string;
  kinds: WordKinds;
  /** What the text was before; the lines that are not in it are marked. */
  before?: string | undefined;
  label: string;
}

/** The whole text. */
export function CodeView({ file, text, kinds, before, label }: CodeProps) {
  const lines = useMemo(() => tokensOf(text, tokenizer(file, kinds)), [file, text, kinds]);
  const changes = useMemo(() => lineChanges(before ?? text, text), [before, text]);
  return (
    <div class="code ltr" dir="ltr" role="region" aria-label={label} tabIndex={0}>
      <ol>
        {changes.map((change, at) => (
          <Line key={at} change={change} tokens={change.new === undefined ? null : lines[change.new - 1]!} />
        ))}
      </ol>
    </div>
  );
}

/** Only what differs between two texts, with a few lines around it. */
export function CodeChanges({ file, text, kinds, before, label }: CodeProps) {
  const lines = useMemo(() => tokensOf(text, tokenizer(file, kinds)), [file, text, kinds]);
  const shown = useMemo(() => excerpt(lineChanges(before ?? '', text)), [before, text]);
  return (
    <div class="code ltr" dir="ltr" role="region" aria-label={label} tabIndex={0}>
      <ol>
        {shown.map((change, at) =>
          change === null ? (
            <li key={at} class="gap" aria-hidden="true">
              ⋯
            </li>
          ) : (
            <Line
              key={at}
              change={change}
              tokens={change.new === undefined ? null : lines[change.new - 1]!}
            />
          ),
        )}
      </ol>
    </div>
  );
}

function Line({ change, tokens }: { change: LineChange; tokens: Token[] | null }) {
  const { kind, text } = change;
  const { edit } = words();
  return (
    <li class={kind}>
      <span class="line-number" aria-hidden="true">
        {change.new ?? ''}
      </span>
      <span class="mark" aria-hidden="true">
        {kind === 'added' ? '+' : kind === 'removed' ? '−' : ''}
      </span>
      {kind !== 'same' && <span class="visually-hidden">{edit.lineKinds[kind]} </span>}
      <code>{tokens ? <Coloured text={text} tokens={tokens} /> : text}</code>
    </li>
  );
}

function Coloured({ text, tokens }: { text: string; tokens: Token[] }) {
  return (
    <>
      {tokens.map(({ start, end, kind }) => {
        const part = text.slice(start, end);
        return kind ? <span class={`t-${kind}`}>{part}</span> : part;
      })}
    </>
  );
}
