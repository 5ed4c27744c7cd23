/** What WhatsApp says about the numbers: bans, quality, names … */

import type { Notice } from '../api';
import { useNumberName } from '../inbox';
import { type Resource, useResource } from '../resource';
import { api } from '../session';
import { Ago, Bone, Clipped, Loaded, Written } from '../ui';
import { words } from '../words';
import { CardHead } from './card_head';

const SHOWN = 10;

export function useNotices(): Resource<Notice[]> {
  const calls = api.value;
  return useResource(
    async (signal) => (await calls.notices({ newest: true, limit: SHOWN }, signal)).items,
    [calls],
    ['message'],
  );
}

export function Notices({ notices, wait }: { notices: Resource<Notice[]>; wait: boolean }) {
  const { now: say } = words();
  return (
    <section class="card now-notices" aria-labelledby="now-notices">
      <CardHead id="now-notices" title={say.notices} />
      <Loaded of={notices} wait={wait} bones={<Bones />}>
        {(items) =>
          items.length === 0 ? (
            <p class="muted small card-body">{say.noNotices}</p>
          ) : (
            <ul class="groups">
              {items.map((notice) => (
                <NoticeRow key={notice.seq} notice={notice} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}

function NoticeRow({ notice }: { notice: Notice }) {
  const numberName = useNumberName();
  return (
    <li class="notice-row">
      <div class="row gap-s spread">
        <span class="strong">
          <code class="ltr">{notice.kind}</code>
        </span>
        <span class="muted small">
          <Ago at={notice.at} />
        </span>
      </div>
      <Clipped class="small muted">
        {notice.number && <Written>{numberName(notice.number)} · </Written>}
        <bdi class="ltr">{summary(notice.body)}</bdi>
      </Clipped>
    </li>
  );
}

/** The plain values of what WhatsApp sent. */
function summary(body: unknown): string {
  if (typeof body !== 'object' || body === null) return String(body ?? '');
  return Object.entries(body)
    .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join(', ');
}

function Bones() {
  return (
    <div class="card-body">
      <Bone width="70%" />
    </div>
  );
}
