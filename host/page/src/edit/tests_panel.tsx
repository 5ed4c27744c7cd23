/** The tests of the rules, run with what is edited. */

import type { ApiError, TestsReport } from '../api';
import { Icon, reason } from '../ui';
import { words } from '../words';
import { Message } from './finding_list';
import { shortName } from './names';

interface Props {
  report: TestsReport | undefined;
  error: ApiError | undefined;
  isAsking: boolean;
  onOpen: (file: string, line: number) => void;
}

export function TestsPanel({ report, error, isAsking, onOpen }: Props) {
  const { edit: text } = words();
  if (error) return <p dir="auto">{error.code === 'findings' ? text.testsNeedSoundRules : reason(error, true)}</p>;
  if (!report) return <p class="muted">{text.testing}</p>;
  const failed = report.tests.filter((test) => !test.passed);
  return (
    <div class="stack" aria-busy={isAsking}>
      <p class="row gap-s">
        <Icon name={failed.length ? 'warning' : 'check'} />
        {failed.length ? text.testsFailed(report.failed, report.passed) : text.testsPassed(report.passed)}
      </p>
      <ul class="findings">
        {failed.map((test) => (
          <li key={`${test.file}:${test.line}`} class="finding error">
            <Icon name="warning" size={18} />
            <div class="stack gap-s grow">
              <p class="strong" dir="auto">
                {test.name}
              </p>
              {test.failures.map((failure) => (
                <div key={failure.line} class="small stack gap-s">
                  <p dir="auto">
                    <span class="muted">{text.expected}</span> <Message text={failure.expected} />
                  </p>
                  <p dir="auto">
                    <span class="muted">{text.got}</span> <Message text={failure.got} />
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
    </div>
  );
}
