/** The rules as texts: written, checked, tested, tried, compared, saved and set back. */

import './edit.css';
import { useResource } from '../resource';
import { route } from '../router';
import { api } from '../session';
import { Bone, Loaded } from '../ui';
import { readStart } from './read';
import { Workbench } from './workbench';

export default function EditView() {
  const calls = api.value;
  const start = useResource((signal) => readStart(calls, signal), [calls]);
  return (
    <Loaded of={start} bones={<Bones />}>
      {(read) => <Workbench key={route.value.inbox} start={read} />}
    </Loaded>
  );
}

function Bones() {
  return (
    <div class="stack">
      <Bone width={180} height={28} />
      <Bone height={560} />
    </div>
  );
}
