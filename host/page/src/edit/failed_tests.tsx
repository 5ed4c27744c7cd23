/** Tests that do not hold: what each expects, and what happens instead. */

import './findings.css';
import type { TestOutcome } from '../api';
import { Icon } from '../ui';
import { words } from '../words';
import { Message } from './finding_list';
import { shortName } from './names';

interface Props {
  tests: readonly TestOutcome[];
  onOpen: (file: string, line: number) => void;
}

export function FailedTests({ tests, onOpen }: Props) {
  const { edit: text } = words();
  return (
    <ul class="findings">
      {tests.map((test) => (
        <li key={`${test.file}:${test.line}`} class="finding error">
          <Icon name="warning" size={18} />
          <div class="stack gap-s grow">
            <p class="strong" dir="auto">
              {test.name}
            </p>
            {test.failures.map((failure) => (
              <div key={failure.line} class="small stack gap-s">
                <p>
                  <span class="muted">{text.expected}</span>{' '}
                  <bdi dir="ltr">
                    <Message text={failure.expected} />
                  </bdi>
                </p>
                <p>
                  <span class="muted">{text.got}</span>{' '}
                  <bdi dir="ltr">
                    <Message text={failure.got} />
                  </bdi>
                </p>
                {failure.help && (
                  <p class="muted" dir="auto">
                    <Message text={failure.help} />
                  </p>
                )}
                <button
                  type="button"
                  class="link mono ltr"
                  onClick={() => onOpen(shortName(test.file), failure.line)}
                >
                  {shortName(test.file)}:{failure.line}
                </button>
              </div>
            ))}
            {test.why.length > 0 && (
              <details class="small">
                <summary>{text.why}</summary>
                {test.why.map((sentence) => (
                  <p key={sentence} dir="auto">
                    <Message text={sentence} />
                  </p>
                ))}
              </details>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}
