/** What the checker found, as a list. */

import './findings.css';
import type { Finding } from '../api';
import { Button, English, Icon } from '../ui';
import { words } from '../words';
import { shortName } from './names';

interface Props {
  findings: readonly Finding[];
  /** Goes to the place in the file. */
  onOpen?: (finding: Finding) => void;
  onFix?: ((finding: Finding) => void) | undefined;
}

/** Those that matter most first, in the order of the file. */
const LEVELS = ['error', 'warning', 'note'];

export function FindingList({ findings, onOpen, onFix }: Props) {
  const sorted = [...findings].sort(
    (a, b) =>
      LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) ||
      a.file.localeCompare(b.file) ||
      a.start.byte - b.start.byte,
  );
  return (
    <ul class="findings">
      {sorted.map((finding) => (
        <FindingRow
          key={`${finding.file} ${finding.code} ${finding.start.byte} ${finding.message}`}
          finding={finding}
          onOpen={onOpen}
          onFix={onFix}
        />
      ))}
    </ul>
  );
}

function FindingRow({ finding, onOpen, onFix }: { finding: Finding } & Pick<Props, 'onOpen' | 'onFix'>) {
  const { edit } = words();
  const place = `${shortName(finding.file)}:${finding.start.line}`;
  return (
    <li class={`finding ${finding.level}`}>
      <Icon name={finding.level === 'error' ? 'warning' : 'info'} size={18} />
      <div class="stack gap-s grow">
        <p>
          <span class="visually-hidden">{edit.levels[finding.level] ?? finding.level}: </span>
          <Says text={finding.message} />
        </p>
        {finding.help && (
          <p class="muted small">
            <Says text={finding.help} />
          </p>
        )}
        {finding.related.map((related) => (
          <p key={related.start.byte} class="muted small">
            {edit.line(related.start.line)}: <Says text={related.message} />
          </p>
        ))}
        <div class="row wrap gap-s small">
          {onOpen ? (
            <button type="button" class="link mono ltr" onClick={() => onOpen(finding)}>
              {place}
            </button>
          ) : (
            <span class="mono ltr muted">{place}</span>
          )}
          <span class="mono muted ltr">{finding.code}</span>
          {finding.fix && onFix && (
            <Button small onClick={() => onFix(finding)}>
              <Icon name="check" size={14} />
              <Says text={finding.fix.title} />
            </Button>
          )}
        </div>
      </div>
    </li>
  );
}

/** What the checker says, at the side where the page begins. */
function Says({ text }: { text: string }) {
  return (
    <English>
      <Message text={text} />
    </English>
  );
}

/** A sentence in which what stands between backticks is code. */
export function Message({ text }: { text: string }) {
  const parts = text.split(/`([^`]*)`/);
  return <>{parts.map((part, at) => (at % 2 ? <code key={at}>{part}</code> : part))}</>;
}
