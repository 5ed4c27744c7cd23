// What the command `rules.runTests` of the language server answers, in words.

/** The report of tests; `rules test --format json` prints the same. */
export interface TestReport {
  passed: number;
  failed: number;
  tests: {
    name: string;
    file: string;
    line: number;
    passed: boolean;
    failures: { line: number; expected: string; got: string; help: string | null }[];
    why: string[];
  }[];
}

/** A line for each test, and below each that failed, why. */
export function lines(report: TestReport): string[] {
  return report.tests.flatMap((test) => {
    const name = `${test.file}:${test.line}: ${test.name}`;
    if (test.passed) return [`passed  ${name}`];
    const failures = test.failures.flatMap((failure) => [
      `        line ${failure.line}: expected ${failure.expected}, but got ${failure.got}`,
      ...(failure.help === null ? [] : [`        ${failure.help}`]),
    ]);
    return [`failed  ${name}`, ...failures, ...test.why.map((reason) => `        ${reason}`)];
  });
}
