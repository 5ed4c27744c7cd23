import type { ButtonHTMLAttributes, ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon';

type Look = 'primary' | 'quiet' | 'danger' | 'plain';

interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'icon' | 'class'> {
  look?: Look;
  small?: boolean;
  icon?: IconName;
  /** It is at work: a second press does nothing. */
  busy?: boolean;
  class?: string;
  children?: ComponentChildren;
}

export function Button({ look = 'plain', small, icon, busy, class: more, children, ...rest }: ButtonProps) {
  const name = ['button', look, small && 'small', more].filter(Boolean).join(' ');
  const stop = (event: Event) => event.preventDefault();
  return (
    <button type="button" {...rest} {...(busy && { onClick: stop })} class={name} aria-busy={busy ? 'true' : undefined}>
      {icon && <Icon name={icon} size={small ? 16 : 18} />}
      {children}
    </button>
  );
}

/** A button that is only a picture; `label` is read aloud and shown as a tip. */
export function IconButton({
  icon,
  label,
  class: more,
  ...rest
}: Omit<ButtonProps, 'children' | 'icon'> & { icon: IconName; label: string }) {
  return (
    <Button look="quiet" {...rest} class={['icon', more].filter(Boolean).join(' ')} aria-label={label} title={label}>
      <Icon name={icon} size={rest.small ? 16 : 18} />
    </Button>
  );
}
