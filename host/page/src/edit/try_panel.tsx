/** How a message would be decided now, by the edited rules on the live roster, and why. Nothing is kept. */

import { useState } from 'preact/hooks';
import { ApiError, type Decision, type InboxNumber, type NewMessage } from '../api';
import { Why } from '../decisions/why';
import { api } from '../session';
import { Button, SelectField, TextField, toastError } from '../ui';
import { words } from '../words';
import { type Draft, toJudge } from './draft';
import { FindingList } from './finding_list';
import { leftToRight } from './isolated';
import type { Start } from './read';

type Who = 'new' | 'returning' | 'known';

/** What a customer who is not in the inbox is called by. */
const EXAMPLE_PHONE = '+201000000000';

export function TryPanel({ draft, start }: { draft: Draft; start: Start }) {
  const { edit: text, common } = words();
  const calls = api.value;
  const [number, setNumber] = useState(start.numbers[0]?.number ?? '');
  const [message, setMessage] = useState('hello');
  const [kind, setKind] = useState('text');
  const [who, setWho] = useState<Who>('new');
  const [customer, setCustomer] = useState('');
  const [owner, setOwner] = useState('');
  const [isAsking, setAsking] = useState(false);
  const [decision, setDecision] = useState<Decision | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const userName = (id: string) => start.words.users.find((user) => user.id === id)?.name ?? id;
  const kinds = start.words.words.filter((word) => word.class === 'kind');

  const ask = async (event: Event) => {
    event.preventDefault();
    setAsking(true);
    setError(null);
    try {
      const asked = { number, message: { kind, text: message || null }, customer: customerOf(who, customer) };
      // Only a trial can say this of a customer.
      const returning = who === 'returning' && { returning: true, ...(owner && { owner }) };
      setDecision(await calls.tryMessage({ ...asked, ...returning, ...toJudge(draft) }));
    } catch (caught) {
      if (caught instanceof ApiError && caught.status !== 0) setError(caught);
      else toastError(caught);
    } finally {
      setAsking(false);
    }
  };

  return (
    <div class="stack">
      <form class="stack" onSubmit={ask}>
        <div class="pair">
          <SelectField
            label={text.number}
            value={number}
            choices={start.numbers.map((one) => ({
              value: one.number,
              text: numberText(one),
            }))}
            onValue={setNumber}
          />
          <SelectField
            label={text.kind}
            value={kind}
            choices={kinds.map(({ word, meaning }) => ({ value: word, text: text.kinds[word] ?? meaning }))}
            onValue={setKind}
          />
        </div>
        <TextField label={text.message} value={message} onValue={setMessage} lines />
        <div class="pair">
          <SelectField
            label={text.customer}
            value={who}
            choices={(['new', 'returning', 'known'] as const).map((one) => ({
              value: one,
              text: text.who[one],
            }))}
            onValue={setWho}
          />
          {who === 'known' && (
            <TextField
              label={text.phone}
              value={customer}
              onValue={setCustomer}
              input={{ dir: 'ltr', required: true, placeholder: EXAMPLE_PHONE }}
            />
          )}
          {who === 'returning' && (
            <SelectField
              label={text.owner}
              value={owner}
              choices={[
                { value: '', text: common.none },
                ...start.words.users.map(({ id, name }) => ({ value: id, text: name })),
              ]}
              onValue={setOwner}
            />
          )}
        </div>
        <div>
          <Button look="primary" type="submit" busy={isAsking} icon="play">
            {text.tryIt}
          </Button>
        </div>
      </form>
      <div role="status" class="stack">
        {error && (
          <>
            <p dir="auto">{error.message}</p>
            <FindingList findings={error.findings} />
          </>
        )}
        {decision && !error && <Why decision={decision} userName={userName} />}
      </div>
    </div>
  );
}

function numberText({ name, number }: InboxNumber): string {
  return name ?? leftToRight(number);
}

function customerOf(who: Who, customer: string): NewMessage['customer'] {
  if (who === 'known') return /^\+?\d+$/.test(customer) ? { phone: customer } : { user_id: customer };
  return { phone: EXAMPLE_PHONE };
}
