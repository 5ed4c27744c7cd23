import { words } from '../words';

export default function View() {
  return <h1>{words().frame.views.play}</h1>;
}
