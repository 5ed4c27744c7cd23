/** Rules that have no form: why, what they do, and a file of its own for a number that shares them. */

import { useMemo, useState } from 'preact/hooks';
import { FindingList, Message } from '../edit/finding_list';
import { wordKinds } from '../edit/tokens';
import { FlowOfNumber } from '../policy/flow';
import { href } from '../router';
import { Icon } from '../ui';
import { words } from '../words';
import { useOptionsDraft } from './draft';
import { RuleText, Shared } from './rule_text';
import { SaveProblem } from './save';
import { SaveBar, sentence } from './save_bar';
import type { ShownProps } from './view';

export function OtherShape(props: ShownProps) {
  const { number, start, onReload } = props;
  const { options: text } = words();
  const [own, setOwn] = useState(false);
  const [updateTests, setUpdateTests] = useState(false);
  const draft = useOptionsDraft(props, own ? { options: null, own, updateTests } : null, own);
  const kinds = useMemo(() => wordKinds(start.words.words), [start]);
  const { answer, asked, errors } = draft;
  return (
    <>
      <div class="stack">
        <div class="notice" role="note">
          <Icon name="info" />
          <div class="stack gap-s">
            <p class="strong">{text.noForm}</p>
            <p dir="auto">
              <Message text={sentence(start.answer.why_not ?? '')} />
            </p>
            <p>
              <a href={href('edit', start.answer.file)}>{text.editInstead}</a>
            </p>
          </div>
        </div>
        <Shared start={start} own={own} onOwn={setOwn} />
        {own && answer ? (
          <>
            <RuleText start={start} answer={answer} kinds={kinds} isBusy={asked.isAsking} isWholeFirst />
            <FindingList findings={errors} />
          </>
        ) : (
          <FlowOfNumber number={number} />
        )}
      </div>
      {own && (
        <SaveBar
          start={start}
          draft={draft}
          isChanged
          updateTests={updateTests}
          onUpdateTests={setUpdateTests}
          onDiscard={() => setOwn(false)}
        />
      )}
      <SaveProblem
        save={draft.save}
        number={number}
        first={null}
        mine={null}
        own={own}
        updateTests={updateTests}
        start={start}
        kinds={kinds}
        onTheirs={() => void onReload()}
      />
    </>
  );
}
