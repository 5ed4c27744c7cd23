/** Pictures of 20 by 20, drawn in the colour of the text. */

const PATHS = {
  now: 'M10 3v7l4.2 2.4M10 17.5a7.5 7.5 0 1 1 0-15 7.5 7.5 0 0 1 0 15',
  decisions: 'M3 5h6.5M3 10h4M3 15h6.5M11.5 10h5.5M13.8 6.8 17 10l-3.2 3.2',
  numbers: 'M6.5 2.5h7a1.5 1.5 0 0 1 1.5 1.5v12a1.5 1.5 0 0 1-1.5 1.5h-7A1.5 1.5 0 0 1 5 16V4a1.5 1.5 0 0 1 1.5-1.5M9 14.8h2',
  edit: 'M7 6 3 10l4 4M13 6l4 4-4 4M11.3 4.5 8.7 15.5',
  play: 'M4 3.5h12A1.5 1.5 0 0 1 17.5 5v7.5a1.5 1.5 0 0 1-1.5 1.5H9l-4 3.5V14H4a1.5 1.5 0 0 1-1.5-1.5V5A1.5 1.5 0 0 1 4 3.5M8.5 6.5v4.5l3.8-2.250z',
  options: 'M3 6h8M15 6h2M3 14h2M9 14h8M13 4v4M7 12v4',
  policy: 'M5 3v10.5a2 2 0 0 0 2 2h2M5 7h4M11 5h6v4h-6zM11 13h6v4h-6z',
  settings: 'M10 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5M10 2.5v2M10 15.5v2M2.5 10h2M15.5 10h2M4.7 4.7l1.4 1.4M13.9 13.9l1.4 1.4M4.7 15.3l1.4-1.4M13.9 6.1l1.4-1.4',
  close: 'M5 5l10 10M15 5 5 15',
  check: 'M4 10.5 8 14.5 16 6',
  warning: 'M10 3 18 16.5H2zM10 8v4M10 14.3v.2',
  info: 'M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15M10 9v5M10 6.2v.2',
  lock: 'M5.5 9h9v7.5h-9zM7.2 9V6.5a2.8 2.8 0 0 1 5.6 0V9',
  plug: 'M7 2.5v4M13 2.5v4M5 6.5h10v3a5 5 0 0 1-10 0zM10 14.5v3M3 3l14 14',
  empty: 'M3 11 5 4h10l2 7v5H3zM3 11h4l1 2h4l1-2h4',
  down: 'M5 8l5 5 5-5',
  up: 'M5 12l5-5 5 5',
  back: 'M12 5l-5 5 5 5',
  plus: 'M10 4v12M4 10h12',
  send: 'M3 10 17 3.5 13 17l-3-5.5zM10 11.5 17 3.5',
  user: 'M10 10a3.3 3.3 0 1 0 0-6.6A3.3 3.3 0 0 0 10 10M3.5 17a6.5 5.5 0 0 1 13 0',
  transfer: 'M3 7h12M12 4l3 3-3 3M17 13H5M8 10l-3 3 3 3',
  take: 'M10 3v9M6.5 8.5 10 12l3.5-3.5M4 16h12',
  filter: 'M3 5h14M6 10h8M8.5 15h3',
  trash: 'M4 6h12M8 6V4h4v2M5.5 6l.8 10.5h7.4L14.5 6',
  undo: 'M7 5 3.5 8.5 7 12M3.5 8.5H12a4.5 4.5 0 0 1 0 9H9',
  file: 'M5.5 2.5h6L15 6v11.5H5.5zM11.5 2.5V6H15',
  logout: 'M8 3H4v14h4M12 6l4 4-4 4M16 10H8',
} as const;

export type IconName = keyof typeof PATHS;

/** These point in the direction of reading. */
const TURNED: readonly IconName[] = ['back', 'send', 'decisions', 'undo', 'logout', 'policy'];

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg
      class={TURNED.includes(name) ? 'icon turned' : 'icon'}
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      stroke-width="1.6"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
