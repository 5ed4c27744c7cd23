/** The users: whether they are there, and how many chats they have. */

import type { Presence, User } from '../api';
import { useInbox } from '../inbox';
import { api, can } from '../session';
import { Avatar, Bone, Clipped, Empty, Loaded, PresenceWord, toast, toastError } from '../ui';
import { clock, count, words } from '../words';
import { CardHead } from './card_head';

const ORDER: Record<Presence, number> = { online: 0, away: 1, offline: 2 };

export function Users({ wait }: { wait: boolean }) {
  const { now: say } = words();
  const { users } = useInbox();
  return (
    <section class="card now-users" aria-labelledby="now-users">
      <CardHead id="now-users" title={say.users} />
      <Loaded of={users} wait={wait} bones={<UserBones />}>
        {(items) => (items.length === 0 ? <Empty>{say.noUsers}</Empty> : <UserList users={items} />)}
      </Loaded>
    </section>
  );
}

export function UserList({ users }: { users: User[] }) {
  const sorted = [...users].sort((a, b) => ORDER[a.presence] - ORDER[b.presence] || a.name.localeCompare(b.name));
  return (
    <ul class="users">
      {sorted.map((user) => (
        <UserRow key={user.id} user={user} />
      ))}
    </ul>
  );
}

function UserRow({ user }: { user: User }) {
  const { now: say } = words();
  const isFull = user.capacity !== null && user.chats >= user.capacity;
  const load = user.capacity === null ? say.noCapacity(user.chats) : say.capacity(user.chats, user.capacity);
  return (
    <li class="user">
      <Avatar name={user.name} presence={user.presence} />
      <div class="grow">
        <div class="row gap-s">
          <Clipped class="strong">{user.name}</Clipped>
          {user.until && <span class="muted small ellipsis">{say.lentUntil(clock(user.until))}</span>}
        </div>
        <Clipped class="small muted">{user.groups.join(', ')}</Clipped>
      </div>
      <div class={isFull ? 'load full' : 'load'} title={load}>
        <span class="num small">
          <span class="visually-hidden">{load}</span>
          <bdi aria-hidden="true">
            {count(user.chats)}
            {user.capacity !== null && <span class="muted"> / {count(user.capacity)}</span>}
          </bdi>
        </span>
        {user.capacity !== null && (
          <span class="meter" aria-hidden="true">
            <span style={{ inlineSize: `${Math.min(100, (user.chats / Math.max(1, user.capacity)) * 100)}%` }} />
          </span>
        )}
      </div>
      <PresenceControl user={user} />
    </li>
  );
}

function PresenceControl({ user }: { user: User }) {
  const { now: say, presence } = words();
  const { users } = useInbox();
  if (!can('users')) return <PresenceWord presence={user.presence} />;
  const set = async (next: Presence) => {
    const show = (changed: User) =>
      users.set((all) => all?.map((known) => (known.id === changed.id ? changed : known)));
    show({ ...user, presence: next, until: null });
    try {
      show(await api.value.setUser(user.id, { presence: next }));
      toast(say.changedPresence(user.name, presence[next]));
    } catch (error) {
      show(user);
      toastError(error);
    }
  };
  return (
    <select
      class={`input presence-select ${user.presence}`}
      aria-label={say.presenceOf(user.name)}
      value={user.presence}
      onChange={(event) => void set(event.currentTarget.value as Presence)}
    >
      {(['online', 'away', 'offline'] as const).map((value) => (
        <option key={value} value={value}>
          {presence[value]}
        </option>
      ))}
    </select>
  );
}

function UserBones() {
  return (
    <ul class="users">
      {[0, 1, 2, 3, 4, 5].map((index) => (
        <li key={index} class="user">
          <Bone width={32} height={32} />
          <span class="grow">
            <Bone width="60%" />
          </span>
        </li>
      ))}
    </ul>
  );
}
