/** The text of the rules beside the options, and whose rules they are. */

import { useState } from 'preact/hooks';
import type { OptionsAnswer } from '../api';
import { CodeChanges, CodeView } from '../edit/code_view';
import type { WordKinds } from '../edit/tokens';
import { href } from '../router';
import { can } from '../session';
import { Badge, Button, CheckField, Icon, Phone } from '../ui';
import { words } from '../words';
import type { Start } from './view';

export function RuleText({
  start,
  answer,
  kinds,
  isBusy,
  isWholeFirst,
}: {
  start: Start;
  answer: OptionsAnswer;
  kinds: WordKinds;
  isBusy: boolean;
  /** Shows the whole file until somebody chooses. */
  isWholeFirst: boolean;
}) {
  const { options: text } = words();
  const [isWhole, setWhole] = useState(isWholeFirst);
  const before = answer.file === start.answer.file ? start.answer.text : '';
  const hasChanged = before !== answer.text;
  const Code = isWhole ? CodeView : CodeChanges;
  return (
    <section class="stack gap-s" aria-label={text.ruleText} aria-busy={isBusy}>
      <div class="row spread">
        <h2 class="row gap-s">
          <Icon name="file" size={16} />
          <bdi class="mono small">{answer.file}</bdi>
        </h2>
        {hasChanged && before !== '' ? (
          <Button small look="quiet" aria-pressed={!isWhole} onClick={() => setWhole(!isWhole)}>
            {isWhole ? text.onlyChanges : text.wholeFile}
          </Button>
        ) : (
          hasChanged && <Badge tone="ok">{text.newFile}</Badge>
        )}
      </div>
      <Code
        file={answer.file}
        text={answer.text}
        before={hasChanged && before !== '' ? before : undefined}
        kinds={kinds}
        label={text.ruleText}
      />
    </section>
  );
}

/** Whose rules they are, besides this number's. */
export function Shared({ start, own, onOwn }: { start: Start; own: boolean; onOwn: (own: boolean) => void }) {
  const { options: text } = words();
  const { shared_with: others, file, options, why_not: whyNot } = start.answer;
  const isDefault = file === 'default.rules';
  if (options === null && whyNot === null) {
    return (
      <div class="notice" role="note">
        <Icon name="info" />
        <p>{text.startsHere}</p>
      </div>
    );
  }
  if (others.length === 0 && !isDefault) return null;
  return (
    <div class="notice warn" role="note">
      <Icon name="warning" />
      <div class="stack gap-s">
        <p>
          {isDefault && text.isDefault} {others.length > 0 && text.sharedWith(others.length)}{' '}
          {others.map((other) => (
            <span key={other}>
              <Phone number={other} />{' '}
            </span>
          ))}
        </p>
        {isDefault ? (
          can('rules') && <CheckField label={text.own} hint={text.ownHint} value={own} onValue={onOwn} />
        ) : (
          <p class="small">
            {text.ownByInbox(file)} <a href={href('edit', 'inbox.toml')}>inbox.toml</a>
          </p>
        )}
      </div>
    </div>
  );
}
