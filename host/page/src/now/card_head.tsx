/** The title of a card, with how many there are. */

import { count } from '../words';

export function CardHead({ id, title, number }: { id: string; title: string; number?: number | undefined }) {
  return (
    <div class="card-head">
      <h2 id={id}>
        {title} {number !== undefined && <span class="muted num">{count(number)}</span>}
      </h2>
    </div>
  );
}
