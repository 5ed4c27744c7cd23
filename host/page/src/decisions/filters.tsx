/** The filters, which are kept in the address. */

import { useEffect, useId, useState } from 'preact/hooks';
import type { DecisionFilter } from '../api';
import { useInbox } from '../inbox';
import { replaceRoute, route } from '../router';
import { Button, Dialog, Field, SelectField, writtenDirection } from '../ui';
import { count, words } from '../words';

const FILTERS = ['number', 'rule', 'user', 'customer'] as const;

export function filterOf(query: Record<string, string>): DecisionFilter {
  const { customer = '', ...filter } = Object.fromEntries(
    FILTERS.flatMap((name) => (query[name] ? [[name, query[name]]] : [])),
  );
  if (customer === '') return filter;
  // An id is only in addresses; people type names and phone numbers.
  return /^c\d+$/.test(customer) ? { ...filter, customer } : { ...filter, search: customer };
}

function set(name: string, value: string) {
  const { [name]: _, ...others } = route.value.query;
  replaceRoute({ ...route.value, query: value === '' ? others : { ...others, [name]: value } });
}

function clear() {
  replaceRoute({ ...route.value, query: {} });
}

export function Filters({ seenRules }: { seenRules: string[] }) {
  const { decisions: say, common } = words();
  const [isOpen, setOpen] = useState(false);
  const active = Object.keys(filterOf(route.value.query)).length;
  return (
    <>
      <form class="filters wide" aria-label={say.filters} onSubmit={(event) => event.preventDefault()}>
        <FilterFields seenRules={seenRules} quiet />
        <Button look="quiet" onClick={clear} disabled={active === 0}>
          {common.clear}
        </Button>
      </form>
      <Button class="narrow" icon="filter" onClick={() => setOpen(true)}>
        {say.filters}
        {active > 0 && <span class="num">({count(active)})</span>}
      </Button>
      {isOpen && (
        <Dialog
          title={say.filters}
          onClose={() => setOpen(false)}
          foot={
            <>
              <Button look="quiet" onClick={clear} disabled={active === 0}>
                {say.clear}
              </Button>
              <Button look="primary" onClick={() => setOpen(false)}>
                {common.close}
              </Button>
            </>
          }
        >
          <div class="stack">
            <FilterFields seenRules={seenRules} quiet={false} />
          </div>
        </Dialog>
      )}
    </>
  );
}

function FilterFields({ seenRules, quiet }: { seenRules: string[]; quiet: boolean }) {
  const { decisions: say } = words();
  const { numbers, users } = useInbox();
  const { query } = route.value;
  const known = (value: string | undefined, values: string[]) => (value && !values.includes(value) ? [value] : []);
  const allNumbers = numbers.data.value ?? [];
  const allUsers = users.data.value ?? [];
  return (
    <>
      <SelectField
        label={say.number}
        quiet={quiet}
        value={query.number ?? ''}
        onValue={(value) => set('number', value)}
        choices={[
          { value: '', text: say.anyNumber },
          ...allNumbers.map(({ number, name }) => ({ value: number, text: name ?? number })),
          ...known(
            query.number,
            allNumbers.map(({ number }) => number),
          ).map((value) => ({ value, text: value })),
        ]}
      />
      <TypedFilter name="rule" label={say.rule} placeholder={say.anyRule} quiet={quiet} offered={seenRules} />
      <SelectField
        label={say.user}
        quiet={quiet}
        value={query.user ?? ''}
        onValue={(value) => set('user', value)}
        choices={[
          { value: '', text: say.anyUser },
          ...allUsers.map(({ id, name }) => ({ value: id, text: name })),
          ...known(
            query.user,
            allUsers.map(({ id }) => id),
          ).map((value) => ({ value, text: value })),
        ]}
      />
      <TypedFilter name="customer" label={say.customer} placeholder={say.customerHint} quiet={quiet} offered={[]} />
    </>
  );
}

/** A filter that is typed; it counts once the field is left, or after Enter. */
function TypedFilter({
  name,
  label,
  placeholder,
  quiet,
  offered,
}: {
  name: 'rule' | 'customer';
  label: string;
  placeholder: string;
  quiet: boolean;
  offered: string[];
}) {
  const list = useId();
  const value = route.value.query[name] ?? '';
  // What is half typed outlives decisions that come meanwhile.
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  return (
    <Field label={label} quiet={quiet}>
      {(described) => (
        <>
          <input
            {...described}
            class="input"
            dir={writtenDirection(typed)}
            type="search"
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
            placeholder={placeholder}
            list={offered.length > 0 ? list : undefined}
            onChange={(event) => set(name, event.currentTarget.value.trim())}
          />
          {offered.length > 0 && (
            <datalist id={list}>
              {offered.map((text) => (
                <option key={text} value={text} />
              ))}
            </datalist>
          )}
        </>
      )}
    </Field>
  );
}
