/** Which rule can answer when, in an ordinary week: a bar for each rule, and a sentence that says the same. */

import './policy.css';
import type { Flow, Week } from '../api';
import { Written } from '../ui';
import { policyWords } from './words';
import { dayNames, daysWords, timesWords } from './hours';
import { DAY_MINUTES, WEEK_MINUTES, weekState, type WeekState } from './read';

export function WeekView({ week, flow }: { week: Week; flow: Flow }) {
  const policy = policyWords();
  const days = dayNames();
  return (
    <section class="stack" aria-label={policy.weekTitle}>
      <p class="muted">{policy.weekLead(week.timezone)}</p>
      <div class="card week">
        <div class="week-row week-days" aria-hidden="true">
          <span />
          <div class="week-names">
            {days.map((day) => (
              <span key={day}>{day}</span>
            ))}
          </div>
        </div>
        <ol>
          {week.rules.map((rule, at) => (
            <li key={`${rule.file} ${rule.line}`} class="week-row">
              <div class="stack">
                <span class="strong">
                  <Written>
                    {rule.name ??
                      (flow.rules[at]?.kind === 'otherwise' ? policy.otherwise : policy.ruleAt(rule.line))}
                  </Written>
                </span>
                <span class="small muted">
                  {stateWords(weekState(rule.intervals))}
                  {rule.exceptions && ` ${policy.exceptions}`}
                </span>
              </div>
              <Bar intervals={rule.intervals} />
            </li>
          ))}
        </ol>
      </div>
    </section>
  );
}

const HEIGHT = 24;

function Bar({ intervals }: { intervals: Week['rules'][number]['intervals'] }) {
  const days = [1, 2, 3, 4, 5, 6].map((day) => day * DAY_MINUTES);
  return (
    <svg
      class="week-bar"
      viewBox={`0 0 ${WEEK_MINUTES} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <rect class={intervals === null ? 'week-unknown' : 'week-back'} width={WEEK_MINUTES} height={HEIGHT} />
      {intervals?.map(([from, to]) => (
        <rect key={from} class="week-on" x={from} width={to - from} height={HEIGHT} />
      ))}
      {days.map((x) => (
        <line key={x} class="week-line" x1={x} x2={x} y1={0} y2={HEIGHT} vector-effect="non-scaling-stroke" />
      ))}
    </svg>
  );
}

function stateWords(state: WeekState): string {
  const policy = policyWords();
  if (state.kind !== 'hours') return policy.weekStates[state.kind];
  const groups = state.groups.map(({ days, ranges }) => {
    const isWhole = ranges.length === 1 && ranges[0]![0] === 0 && ranges[0]![1] === DAY_MINUTES;
    return days.length === 7 && !isWhole
      ? `${policy.everyDay} ${timesWords(ranges)}`
      : `${daysWords(days)} ${isWhole ? policy.allDay : timesWords(ranges)}`;
  });
  return groups.join(policy.semicolon);
}
