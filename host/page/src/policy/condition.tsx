/** A condition as lines of sentences, each beside what is written in the rule. */

import type { Flow, FlowFact, FlowRule } from '../api';
import { Code, Said } from '../decisions/said';
import { policyWords } from './words';
import { hoursWords, partWords } from './hours';
import { conditionLines, type ConditionLine } from './read';

interface ConditionProps {
  parts: FlowRule['parts'];
  definitions: Flow['definitions'];
}

export function Condition({ parts, definitions }: ConditionProps) {
  const lines = conditionLines(parts, definitions);
  if (lines.length === 0) return null;
  return (
    <ul class="condition">
      {lines.map((line, at) => (
        <li key={at} data-depth={Math.min(line.depth, 6)}>
          <Line line={line} />
        </li>
      ))}
    </ul>
  );
}

function Line({ line }: { line: ConditionLine }) {
  const { inWords, joins, not, heads, that, quoted } = policyWords();
  const { join, isNegated, head, fact, hours, name } = line;
  // In English a fact has a sentence of its own for what holds if it does not.
  const isPrefixed = isNegated && (inWords !== null || !fact);
  const before = [join && joins[join], isPrefixed && not].filter(Boolean).join(' ');
  return (
    <>
      {before && <span class="join">{before} </span>}
      {head && heads[head]}
      {fact && <Sentence fact={fact} isNegated={isNegated} />}
      {fact && line.isExplained && that}
      {fact && ' '}
      {fact && <Code text={fact.text} />}
      {hours && <span class="muted">{(name ? `${quoted(name)}: ` : '') + hoursWords(hours)}</span>}
    </>
  );
}

function Sentence({ fact, isNegated }: { fact: FlowFact; isNegated: boolean }) {
  const { inWords } = policyWords();
  const said = inWords?.said(fact);
  if (said) return fact.hours ? `${said} ${partWords(fact.hours)}` : said;
  return <Said text={isNegated && inWords === null ? fact.negation : fact.sentence} />;
}
