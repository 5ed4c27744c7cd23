/** One decision with its reasons. */

import type { Routed } from '../api';
import { channelName, customerName, useNumberName, useUserName } from '../inbox';
import { useResource } from '../resource';
import { go, href, route } from '../router';
import { api } from '../session';
import { Badge, Bone, IconButton, Loaded, Phone, State, Written } from '../ui';
import { dateTime, words } from '../words';
import { Why } from './why';

interface DetailProps {
  seq: number;
  /** What the list knows already. */
  known: Routed | undefined;
  newer: number | null;
  older: number | null;
}

export function DecisionDetail({ seq, known, newer, older }: DetailProps) {
  const { decisions: say, common, why } = words();
  const calls = api.value;
  const { query } = route.value;
  const userName = useUserName();
  const numberName = useNumberName();
  const decision = useResource((signal) => calls.decision(seq, signal), [calls, seq]);
  const shown = decision.data.value ?? known;
  const phone = channelName(shown?.customer_names ?? []);
  const to = (next: number | null) => next !== null && go('decisions', String(next), query);
  return (
    <article class="detail" aria-label={say.title(seq)}>
      <header class="card-head">
        <h2 class="ellipsis">{say.title(seq)}</h2>
        <span class="row">
          <IconButton small icon="up" label={say.previous} disabled={newer === null} onClick={() => to(newer)} />
          <IconButton small icon="down" label={say.next} disabled={older === null} onClick={() => to(older)} />
          <IconButton small icon="close" label={common.close} onClick={() => go('decisions', null, query)} />
        </span>
      </header>
      <div class="detail-body">
        {decision.error.value?.status === 404 ? (
          <State icon="empty" title={say.notFound} />
        ) : (
          <>
            {shown && (
              <div class="stack">
                <p class="row wrap gap-s small muted">
                  <span class="strong">
                    <Written>{customerName(shown)}</Written>
                  </span>
                  {shown.customer_name && phone && <Written>{phone}</Written>}
                  <span>
                    <Written>{numberName(shown.decision.number)}</Written>{' '}
                    {numberName(shown.decision.number) !== shown.decision.number && (
                      <Phone number={shown.decision.number} />
                    )}
                  </span>
                  <time dateTime={shown.at}>{dateTime(shown.at)}</time>
                </p>
                <Message routed={shown} />
              </div>
            )}
            <Loaded of={decision} bones={<WhyBones />}>
              {(routed) => <Why decision={routed.decision} userName={userName} />}
            </Loaded>
            {shown && (
              <p class="row wrap">
                {shown.chat !== null && <a href={href('now', String(shown.chat))}>{why.openChat}</a>}
                <a href={href('decisions', String(seq), { customer: phone ?? shown.customer })}>{why.ofCustomer}</a>
              </p>
            )}
          </>
        )}
      </div>
    </article>
  );
}

function Message({ routed }: { routed: Routed }) {
  const { kinds } = words();
  const isOtherKind = routed.kind && routed.kind !== 'text';
  if (!routed.text && !isOtherKind) return null;
  return (
    <div class="bubble customer">
      {isOtherKind && <Badge>{kinds[routed.kind ?? ''] ?? routed.kind}</Badge>}
      {routed.text && <p dir="auto">{routed.text}</p>}
    </div>
  );
}

function WhyBones() {
  return (
    <div class="stack">
      <Bone width="70%" height={20} />
      <Bone width="30%" />
      <Bone height={120} />
      <Bone width="30%" />
      <Bone height={160} />
    </div>
  );
}
