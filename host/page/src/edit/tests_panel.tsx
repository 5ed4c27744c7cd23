/** The tests of the rules, run with what is edited. */

import type { ApiError, TestsReport } from '../api';
import { Icon, reason } from '../ui';
import { words } from '../words';
import { FailedTests } from './failed_tests';

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
      <FailedTests tests={failed} onOpen={onOpen} />
    </div>
  );
}
