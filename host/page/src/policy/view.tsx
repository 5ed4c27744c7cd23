/** The policy of a number: the flow of its rules, and the week. */

import './policy.css';
import { useState } from 'preact/hooks';
import { useResource } from '../resource';
import { href, route } from '../router';
import { api, can } from '../session';
import { Empty, Icon, Loaded, Phone, Tabs } from '../ui';
import { words } from '../words';
import { policyWords } from './words';
import { FlowBones, FlowList, useFlow } from './flow';
import { WeekView } from './week';

type Panel = 'flow' | 'week';

export default function PolicyView() {
  const { frame, numbers } = words();
  const number = route.value.argument;
  const [panel, setPanel] = useState<Panel>('flow');
  if (number === null) {
    return <Empty title={numbers.choose} act={<a href={href('numbers')}>{frame.views.numbers}</a>} />;
  }
  return <PolicyOf number={number} panel={panel} onPanel={setPanel} />;
}

function PolicyOf({
  number,
  panel,
  onPanel,
}: {
  number: string;
  panel: Panel;
  onPanel: (panel: Panel) => void;
}) {
  const policy = policyWords();
  const { flow: read, counts } = useFlow(number);
  return (
    <Loaded of={read} bones={<FlowBones />}>
      {(flow) =>
        flow.rules.length === 0 ? (
          <Empty title={policy.noRules} act={<a href={href('options', number)}>{policy.begin}</a>} />
        ) : (
          <>
            <div class="row wrap">
              <a class="row gap-s mono small" href={href('edit', flow.file)}>
                <Icon name={can('rules') ? 'edit' : 'file'} size={16} />
                <bdi>{flow.file}</bdi>
              </a>
              <span class="small muted ltr">{flow.timezone}</span>
              {flow.shared_with.length > 0 && (
                <span class="small muted">
                  {policy.sharedWith}{' '}
                  {flow.shared_with.map((other) => (
                    <span key={other}>
                      <Phone number={other} />{' '}
                    </span>
                  ))}
                </span>
              )}
            </div>
            <Tabs
              label={policy.title}
              items={[
                { value: 'flow', text: policy.flowTab },
                { value: 'week', text: policy.weekTab },
              ]}
              value={panel}
              onValue={onPanel}
            >
              {panel === 'flow' ? (
                <FlowList flow={flow} counts={counts} number={number} />
              ) : (
                <WeekOfNumber number={number} flow={flow} />
              )}
            </Tabs>
          </>
        )
      }
    </Loaded>
  );
}

function WeekOfNumber({ number, flow }: { number: string; flow: Parameters<typeof WeekView>[0]['flow'] }) {
  const calls = api.value;
  const week = useResource((signal) => calls.week({ number, files: {} }, signal), [calls, number], ['rules']);
  return (
    <Loaded of={week} bones={<FlowBones />}>
      {(read) => <WeekView week={read} flow={flow} />}
    </Loaded>
  );
}
