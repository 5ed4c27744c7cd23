/** Who writes, and to which number. */

import type { InboxNumber } from '../api';
import { useInbox } from '../inbox';
import { can } from '../session';
import { Avatar, CheckField, Clipped, SelectField, TextField } from '../ui';
import { words } from '../words';
import { changePlayer, type Conversation, conversations, currentId } from './store';

export function Person({ conversation, numbers }: { conversation: Conversation; numbers: InboxNumber[] }) {
  const { play: say } = words();
  const { users } = useInbox();
  const { player, lines } = conversation;
  const hasBegun = lines.length > 0;
  const set = (edit: Partial<typeof player>) => changePlayer(player.id, edit);
  return (
    <div class="card-body stack">
      {conversations.value.length > 1 && <Others current={player.id} />}
      <SelectField
        label={say.number}
        value={player.number}
        choices={numbers.map(({ number, name }) => ({ value: number, text: name ? `${name} (${number})` : number }))}
        onValue={(number) => set({ number })}
      />
      <div class="pair">
        <TextField label={say.name} value={player.name} onValue={(name) => set({ name })} />
        <SelectField
          label={say.language}
          value={player.language}
          choices={[
            { value: '', text: say.noLanguage },
            ...Object.entries(say.languageNames).map(([value, text]) => ({ value, text })),
          ]}
          onValue={(language) => set({ language })}
        />
      </div>
      <TextField
        label={say.phoneNumber}
        value={player.phone}
        onValue={(phone) => set({ phone })}
        input={{ dir: 'ltr', inputMode: 'tel', disabled: hasBegun }}
      />
      {can('customers') && (
        <>
          <CheckField
            label={say.returningCustomer}
            value={player.returning || player.owner !== ''}
            disabled={hasBegun}
            onValue={(returning) => set({ returning, ...(!returning && { owner: '' }) })}
          />
          <SelectField
            label={say.owner}
            hint={say.ownerHint}
            value={player.owner}
            choices={[
              { value: '', text: say.noOwner },
              ...(users.data.value ?? []).map(({ id, name }) => ({ value: id, text: name })),
            ]}
            onValue={(owner) => set({ owner, ...(owner && { returning: true }) })}
          />
        </>
      )}
    </div>
  );
}

/** The customers who have been played already. */
function Others({ current }: { current: string }) {
  return (
    <ul class="players">
      {conversations.value.map(({ player }) => (
        <li key={player.id}>
          <button
            type="button"
            class="player"
            aria-pressed={player.id === current}
            onClick={() => {
              currentId.value = player.id;
            }}
          >
            <Avatar small name={player.name || '?'} />
            <Clipped>{player.name || player.phone}</Clipped>
          </button>
        </li>
      ))}
    </ul>
  );
}
