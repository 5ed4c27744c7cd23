/** What is above the views of one number: its name, and the way between them. */

import { useInbox } from '../inbox';
import { href, route } from '../router';
import { Bone, Icon, Phone } from '../ui';
import { words } from '../words';

const VIEWS = ['options', 'policy'] as const;

export function NumberHead() {
  const { frame } = words();
  const { argument, view } = route.value;
  const numbers = useInbox().numbers.data.value;
  const number = numbers?.find((known) => known.number === argument);
  return (
    <div class="stack">
      <div class="row wrap">
        <a class="row gap-s small" href={href('numbers')}>
          <Icon name="back" size={16} />
          {frame.views.numbers}
        </a>
      </div>
      <div class="view-head">
        <h1 class="row wrap">
          {number?.name ?? (numbers ? null : <Bone width={120} height={22} />)}
          {argument && <Phone number={argument} />}
        </h1>
        <nav class="segments" aria-label={argument ?? ''}>
          {VIEWS.map((to) => (
            <a key={to} href={href(to, argument)} aria-current={to === view ? 'page' : undefined}>
              <Icon name={to} size={16} />
              {frame.views[to]}
            </a>
          ))}
        </nav>
      </div>
    </div>
  );
}
