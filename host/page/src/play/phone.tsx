/** The phone of the customer. */

import { useEffect, useRef, useState } from 'preact/hooks';
import { useNumberName, useUserName } from '../inbox';
import { Avatar, Badge, Clipped, IconButton, Phone as Number, toastError, Written, writtenDirection } from '../ui';
import { clock, words } from '../words';
import { sendMessage, useSameId } from './acts';
import type { Conversation, Line } from './store';

const KINDS = ['text', 'image', 'audio', 'document', 'location', 'sticker', 'contact', 'video', 'order'] as const;
/** These carry no text. */
const WITHOUT_TEXT = ['audio', 'sticker', 'location', 'contact'];

export function Phone({ conversation }: { conversation: Conversation }) {
  const { play: say, kinds } = words();
  const numberName = useNumberName();
  const [text, setText] = useState('');
  const [kind, setKind] = useState<(typeof KINDS)[number]>('text');
  const [isBusy, setBusy] = useState(false);
  const withId = useSameId();
  const end = useRef<HTMLDivElement>(null);
  const { lines, player } = conversation;
  const takesText = !WITHOUT_TEXT.includes(kind);
  useEffect(() => {
    end.current?.parentElement?.scrollTo({ top: end.current.offsetTop });
  }, [lines.length]);

  const send = async (written: string) => {
    const body = takesText ? written.trim() : '';
    if (isBusy || (kind === 'text' && body === '')) return;
    setBusy(true);
    setText('');
    try {
      await withId(`${kind} ${body}`, (id) => sendMessage(conversation, id, kind, body));
      setKind('text');
    } catch (error) {
      setText(written);
      toastError(error);
    }
    setBusy(false);
  };

  return (
    <section class="phone" aria-label={say.phone}>
      <header class="phone-head">
        <Avatar name={numberName(player.number)} />
        <div class="grow">
          <Clipped class="strong">{numberName(player.number)}</Clipped>
          <div class="small">
            <Number number={player.number} />
          </div>
        </div>
      </header>
      <div class="phone-screen" tabIndex={0} role="log" aria-label={say.phone}>
        {lines.length === 0 && (
          <div class="phone-empty">
            <p class="muted">{say.emptyPhone}</p>
            <div class="row wrap gap-s">
              {say.samples.map((sample) => (
                <button key={sample} type="button" class="sample" onClick={() => void send(sample)}>
                  <Written>{sample}</Written>
                </button>
              ))}
            </div>
          </div>
        )}
        {lines.map((line) => (
          <Bubble key={line.key} line={line} />
        ))}
        <div ref={end} />
      </div>
      <form
        class="phone-foot"
        onSubmit={(event) => {
          event.preventDefault();
          void send(text);
        }}
      >
        <select
          class="input"
          aria-label={say.kind}
          value={kind}
          onChange={(event) => setKind(event.currentTarget.value as typeof kind)}
        >
          {KINDS.map((value) => (
            <option key={value} value={value}>
              {kinds[value]}
            </option>
          ))}
        </select>
        <input
          class="input grow"
          dir={writtenDirection(text)}
          aria-label={kind === 'text' ? say.write : say.caption}
          placeholder={kind === 'text' ? say.placeholder : takesText ? say.caption : ''}
          disabled={!takesText}
          value={takesText ? text : ''}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <IconButton type="submit" look="primary" icon="send" label={say.send} busy={isBusy} />
      </form>
    </section>
  );
}

function Bubble({ line }: { line: Line }) {
  const { kinds, now } = words();
  const userName = useUserName();
  const isOwn = line.from === 'customer';
  return (
    <div class={isOwn ? 'bubble answer' : 'bubble customer'}>
      {line.kind !== null && line.kind !== 'text' && <Badge>{kinds[line.kind] ?? line.kind}</Badge>}
      {line.text && <p dir="auto">{line.text}</p>}
      <span class="bubble-foot muted">
        {!isOwn && <>{line.user ? <Written>{userName(line.user)}</Written> : now.from[line.from]} · </>}
        {clock(line.at)}
      </span>
    </div>
  );
}
