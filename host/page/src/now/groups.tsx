/** Whose turn it is in each group. */

import type { Group } from '../api';
import { useUserName } from '../inbox';
import { type Resource, useResource } from '../resource';
import { api } from '../session';
import { Avatar, Badge, Bone, Clipped, Empty, Loaded, Written } from '../ui';
import { words } from '../words';
import { CardHead } from './card_head';

const EVENTS = ['assigned', 'waiting', 'closed', 'presence', 'capacity', 'rules'] as const;

export function useGroups(): Resource<Group[]> {
  const calls = api.value;
  return useResource(async (signal) => (await calls.groups(signal)).items, [calls], EVENTS);
}

export function Groups({ groups, wait }: { groups: Resource<Group[]>; wait: boolean }) {
  const { now: say } = words();
  const userName = useUserName();
  return (
    <section class="card now-groups" aria-labelledby="now-groups">
      <CardHead id="now-groups" title={say.groups} />
      <Loaded of={groups} wait={wait} bones={<GroupBones />}>
        {(items) =>
          items.length === 0 ? (
            <Empty>{say.noGroups}</Empty>
          ) : (
            <ul class="groups">
              {items.map(({ name, next, waiting }) => (
                <li key={name} class="group">
                  <Clipped class="strong grow">{name}</Clipped>
                  {waiting > 0 && <Badge tone="warn">{say.waitingIn(waiting)}</Badge>}
                  {next === null ? (
                    <span class="muted small">{say.nobodysTurn}</span>
                  ) : (
                    <span class="row gap-s small nowrap" title={say.turn(userName(next))}>
                      <Avatar small name={userName(next)} />
                      <Written>{userName(next)}</Written>
                    </span>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}

function GroupBones() {
  return (
    <ul class="groups">
      {[0, 1, 2, 3].map((index) => (
        <li key={index} class="group">
          <Bone width="60%" />
        </li>
      ))}
    </ul>
  );
}
