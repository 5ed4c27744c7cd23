/** Routing options of a number: five cases in plain words, and the rules that they are. */

import './options.css';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { InboxApi, OptionsAnswer, Words } from '../api';
import { onEvents } from '../events';
import { useResource } from '../resource';
import { href, route } from '../router';
import { api } from '../session';
import { Bone, Empty, Loaded } from '../ui';
import { words } from '../words';
import { OptionsForm } from './form_view';
import { OtherShape } from './other_shape';

/** What the form begins with. */
export interface Start {
  answer: OptionsAnswer;
  words: Words;
}

export interface ShownProps {
  number: string;
  start: Start;
  /** Whether something is being changed here, so that it must not be replaced by what others have saved. */
  busy: { current: boolean };
  onReload: () => Promise<void>;
}

export default function OptionsView() {
  const number = route.value.argument;
  if (number !== null) return <OptionsOf key={number} number={number} />;
  const { numbers, frame } = words();
  return <Empty title={numbers.choose} act={<a href={href('numbers')}>{frame.views.numbers}</a>} />;
}

function OptionsOf({ number }: { number: string }) {
  const calls = api.value;
  const start = useResource((signal) => readStart(calls, number, signal), [calls, number]);
  // What was read again because a connection was back must not replace what somebody is changing.
  const [generation, setGeneration] = useState(0);
  const busy = useRef(false);
  const begin = async () => {
    await start.reload();
    setGeneration((before) => before + 1);
  };
  const follow = async () => {
    if (busy.current) return;
    await start.reload();
    // Somebody may have begun to type meanwhile.
    if (!busy.current) setGeneration((before) => before + 1);
  };
  useEffect(() => onEvents(['rules'], () => void follow()), [start]);
  return (
    <Loaded of={start} bones={<Bones />}>
      {(read) => <Shown key={generation} number={number} start={read} busy={busy} onReload={begin} />}
    </Loaded>
  );
}

async function readStart(calls: InboxApi, number: string, signal: AbortSignal): Promise<Start> {
  const [answer, known] = await Promise.all([calls.options({ number }, signal), calls.words(signal)]);
  return { answer, words: known };
}

function Bones() {
  return (
    <div class="options">
      <div class="stack">
        {[180, 260, 260, 180, 260].map((height, at) => (
          <Bone key={at} height={height} />
        ))}
      </div>
      <Bone height={480} />
    </div>
  );
}

function Shown({ start: read, ...props }: ShownProps) {
  const [start] = useState(read);
  const View = start.answer.why_not === null ? OptionsForm : OtherShape;
  return <View {...props} start={start} />;
}
