/** A label with its control, a hint and what is wrong. */

import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { writtenDirection } from './parts';

interface Described {
  id: string;
  'aria-describedby'?: string | undefined;
  'aria-invalid'?: 'true' | undefined;
}

interface FieldProps {
  label: string;
  hint?: ComponentChildren;
  error?: ComponentChildren;
  /** The label is only read aloud. */
  quiet?: boolean;
  class?: string;
  children: (described: Described) => ComponentChildren;
}

export function Field({ label, hint, error, quiet, class: more, children }: FieldProps) {
  const id = useId();
  const ids = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div class={more ? `field ${more}` : 'field'}>
      <label for={id} class={quiet ? 'visually-hidden' : undefined}>
        {label}
      </label>
      {children({ id, 'aria-describedby': ids || undefined, 'aria-invalid': error ? 'true' : undefined })}
      {hint && (
        <div class="hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
      {error && (
        <div class="error" id={`${id}-error`} role="alert">
          {error}
        </div>
      )}
    </div>
  );
}

type Common = Pick<FieldProps, 'label' | 'hint' | 'error' | 'quiet' | 'class'>;

interface TextFieldProps extends Common {
  value: string;
  onValue: (value: string) => void;
  /** Several lines. */
  lines?: boolean;
  /** Further attributes of the element. */
  input?: Record<string, unknown>;
}

export function TextField({ value, onValue, lines, input, ...field }: TextFieldProps) {
  const onInput = (event: Event) => onValue((event.target as HTMLInputElement).value);
  return (
    <Field {...field}>
      {(described) =>
        lines ? (
          <textarea dir={writtenDirection(value)} {...input} {...described} class="input" value={value} onInput={onInput} />
        ) : (
          <input dir={writtenDirection(value)} {...input} {...described} class="input" value={value} onInput={onInput} />
        )
      }
    </Field>
  );
}

export interface Choice<T extends string> {
  value: T;
  text: string;
  disabled?: boolean;
}

interface SelectFieldProps<T extends string> extends Common {
  value: T;
  choices: readonly Choice<T>[];
  onValue: (value: T) => void;
  disabled?: boolean;
}

export function SelectField<T extends string>({ value, choices, onValue, disabled, ...field }: SelectFieldProps<T>) {
  return (
    <Field {...field}>
      {(described) => (
        <select
          {...described}
          class="input"
          value={value}
          disabled={disabled}
          onChange={(event) => onValue(event.currentTarget.value as T)}
        >
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value} disabled={choice.disabled}>
              {choice.text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export function CheckField({
  label,
  value,
  onValue,
  hint,
  disabled,
}: {
  label: ComponentChildren;
  value: boolean;
  onValue: (value: boolean) => void;
  hint?: ComponentChildren;
  disabled?: boolean;
}) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={value}
        disabled={disabled}
        onChange={(event) => onValue(event.currentTarget.checked)}
      />
      <span>
        {label}
        {hint && <span class="muted small"> {hint}</span>}
      </span>
    </label>
  );
}
